"""Making a pack: named bytes in, one signed and chained folder out, all of it or nothing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kis.evidence import layout
from kis.evidence.canonical import sha256_hex
from kis.evidence.chain import Head, extending
from kis.evidence.errors import PackExists, PackNotWritten
from kis.evidence.keys import installation_key
from kis.evidence.sealing import Seal, check, sealed
from kis.platform import durable


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack in its place. ``sha256`` is the digest of its SHA256SUMS, which stands for the whole pack."""

    path: Path
    sha256: str


def write_pack(
    root: Path,
    trace_id: str,
    files: Mapping[str, bytes],
    *,
    predicate: Mapping[str, object],
    organisation: str,
    created_at: str,
    home: Path,
) -> Pack:
    """Put ``files`` into ``<root>/<trace_id>/`` with their link, checksums and signature.

    ``predicate`` holds the facts to sign beside the files (versions, gates, digests of what the files were made from) and
    ``created_at`` is an RFC 3339 time with its offset. The folder appears by one rename when all of it is on the disk; a failure or
    a crash at any point leaves either the whole pack, in the chain, or no trace of it.

    Raises PackRefused, PackExists, PackNotWritten, KeyUnusable, ChainUnreadable, LockTimeout.
    """
    seal = Seal(trace_id=trace_id, organisation=organisation, created_at=created_at, predicate=predicate)
    check(seal, {name: len(data) for name, data in files.items()})
    root = root.absolute()
    target = root / trace_id
    try:
        key = installation_key(home)
        with extending(home, organisation) as chain:
            if os.path.lexists(target):
                raise PackExists(target)
            link = chain.next_link()
            own = sealed(seal, {name: sha256_hex(data) for name, data in files.items()}, link, key)
            contents = {**files, **own.files}
            digest = own.sha256
            durable.make_directory(root)
            intent = chain.intend(root, Head(sequence=link.sequence, trace_id=trace_id, sha256=digest))
            _publish(contents, intent.partial, intent.target)
    except OSError as problem:
        raise PackNotWritten(target, problem) from problem
    return Pack(target, digest)


def _publish(contents: Mapping[str, bytes], partial: Path, target: Path) -> None:
    """Build the folder aside, wait until the disk has all of it, then let it appear."""
    partial.mkdir()
    folders = [partial / folder for folder in sorted(layout.folders_of(contents))]
    for folder in folders:
        folder.mkdir()
    for name, data in contents.items():
        durable.write_new(partial / name, data)
    for folder in (*folders, partial):
        durable.sync_directory(folder)
    partial.rename(target)
    durable.sync_directory(target.parent)
