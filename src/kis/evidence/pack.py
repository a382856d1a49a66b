"""Making a pack: named bytes in, one signed and chained folder out, all of it or nothing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from kis.evidence import attestation, layout, sums
from kis.evidence.attestation import Statement
from kis.evidence.canonical import canonical_bytes, sha256_hex
from kis.evidence.chain import Head, Link, extending
from kis.evidence.errors import NotCanonical, PackExists, PackNotWritten, PackRefused
from kis.evidence.keys import SigningKey, installation_key
from kis.platform import durable
from kis.platform.errors import Problem
from kis.platform.messages import Message

LONGEST_ORGANISATION: Final = 200
"""Characters; the name stands in chain.json and in the signed facts."""


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
    facts = {"traceId": trace_id, "organisation": organisation, "created_at": created_at, "facts": predicate}
    problems = _problems(trace_id, files, facts)
    if problems:
        raise PackRefused(trace_id, problems)
    root = root.absolute()
    target = root / trace_id
    try:
        key = installation_key(home)
        with extending(home, organisation) as chain:
            if os.path.lexists(target):
                raise PackExists(target)
            link = chain.next_link()
            contents = _sealed(files, link, facts, key)
            digest = sha256_hex(contents[layout.SUMS])
            durable.make_directory(root)
            intent = chain.intend(root, Head(sequence=link.sequence, trace_id=trace_id, sha256=digest))
            _publish(contents, intent.partial, intent.target)
    except OSError as problem:
        raise PackNotWritten(target, problem) from problem
    return Pack(target, digest)


def _problems(trace_id: str, files: Mapping[str, bytes], facts: Mapping[str, object]) -> tuple[Problem, ...]:
    problems = list(layout.name_problems(files))
    if not layout.is_trace_id(trace_id):
        problems.append(Problem("trace_id", Message("evidence.pack.trace_id")))
    organisation = str(facts["organisation"])
    if not organisation.strip() or not organisation.isprintable() or len(organisation) > LONGEST_ORGANISATION:
        problems.append(
            Problem("organisation", Message("evidence.pack.organisation", {"limit": LONGEST_ORGANISATION}))
        )
    if not _is_instant(str(facts["created_at"])):
        problems.append(Problem("created_at", Message("evidence.pack.created_at")))
    try:
        signed_bytes = len(canonical_bytes(facts))
    except NotCanonical as problem:
        problems.append(Problem("predicate", problem.message))
    else:
        problems.extend(_size_problems(files, signed_bytes))
    return tuple(problems)


def _size_problems(files: Mapping[str, bytes], signed_bytes: int) -> list[Problem]:
    """Refuse what verification would refuse to read."""
    problems = [
        Problem(
            layout.shown(name),
            Message("evidence.verify.file_too_large", {"limit": layout.LARGEST_FILE_BYTES}),
        )
        for name, data in files.items()
        if len(data) > layout.LARGEST_FILE_BYTES
    ]
    if sum(map(len, files.values())) > layout.LARGEST_PACK_BYTES - 2 * layout.LARGEST_CONTROL_FILE_BYTES:
        problems.append(
            Problem("", Message("evidence.verify.pack_too_large", {"limit": layout.LARGEST_PACK_BYTES}))
        )
    if len(files) + len(layout.OWN_FILES) + len(layout.folders_of(files)) > layout.MOST_ENTRIES:
        problems.append(
            Problem("", Message("evidence.verify.too_many_entries", {"limit": layout.MOST_ENTRIES}))
        )
    if signed_bytes > layout.LARGEST_CONTROL_FILE_BYTES // 4:  # the rest is for the list of files, and base64
        problems.append(
            Problem(
                "predicate",
                Message("evidence.verify.file_too_large", {"limit": layout.LARGEST_CONTROL_FILE_BYTES // 4}),
            )
        )
    return problems


def _is_instant(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _sealed(
    files: Mapping[str, bytes], link: Link, facts: Mapping[str, object], key: SigningKey
) -> dict[str, bytes]:
    """Return the files with their link, the checksums over both, and the signature over everything."""
    chained = {**files, layout.CHAIN: link.to_bytes()}
    listed = {**chained, layout.SUMS: sums.written(chained)}
    statement = Statement({name: sha256_hex(data) for name, data in listed.items()}, facts)
    return {**listed, layout.ATTESTATION: attestation.signed(statement, key)}


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
