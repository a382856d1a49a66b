"""Whether the objects of a pack are what was signed, and whether its rows say the same.

As :mod:`kis.evidence.verify` does for a folder: the public key comes from the installation, a good signature makes the statement's digests the truth,
and the objects are held against those. The rows are a third opinion, held against both.
"""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kis.evidence import attestation, layout, sums
from kis.evidence.attestation import Statement
from kis.evidence.chain import Link, read_link
from kis.evidence.findings import Finding
from kis.evidence.keys import PublicKey
from kis.evidence.store.facts import PackFacts, PackFile
from kis.evidence.verify import Verification
from kis.platform.messages import Message
from kis.platform.storage import ObjectMissing, ObjectStore

READS_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class _Read:
    """What an object turned out to be; ``data`` is kept of control files alone."""

    sha256: str
    data: bytes


async def verify_stored(storage: ObjectStore, facts: PackFacts, public_key: PublicKey) -> Verification:
    """Hold a pack's objects and rows against its checksums and its signature. Raises StorageUnavailable, and nothing for what the objects hold."""
    room = asyncio.Semaphore(READS_AT_ONCE)

    async def read(file: PackFile) -> _Read | None:
        async with room:
            return await _read(storage, file)

    found = await asyncio.gather(*(read(file) for file in facts.files))
    reads = {file.name: outcome for file, outcome in zip(facts.files, found, strict=True)}
    control = {name: _data(reads.get(name)) for name in layout.OWN_FILES}
    findings = list(_objects(facts, reads))
    listed, line_faults = sums.read(control[layout.SUMS])
    findings.extend(line_faults)
    statement = attestation.opened(control[layout.ATTESTATION], public_key)
    if not isinstance(statement, Message):
        findings.extend(_rows(facts, statement, listed))
    elif reads.get(layout.ATTESTATION):
        findings.append(Finding(layout.ATTESTATION, statement))
    if reads.get(layout.CHAIN):
        findings.extend(_place(facts, control[layout.CHAIN]))
    signed = None if isinstance(statement, Message) else statement.predicate
    return Verification(findings=tuple(findings), predicate=signed)


async def _read(storage: ObjectStore, file: PackFile) -> _Read | None:
    digest, kept = hashlib.sha256(), bytearray()
    try:
        async for piece in storage.stream(file.path):
            digest.update(piece)
            if file.name in layout.OWN_FILES and len(kept) <= layout.LARGEST_CONTROL_FILE_BYTES:
                kept += piece
    except ObjectMissing:
        return None
    return _Read(digest.hexdigest(), bytes(kept))


def _data(read: _Read | None) -> bytes:
    return read.data if read else b""


def _objects(facts: PackFacts, reads: Mapping[str, _Read | None]) -> Iterator[Finding]:
    """Name every object that is gone or is not what its row says, checksums that do not stand for the pack, and control files without a row."""
    for file in facts.files:
        read = reads[file.name]
        if read is None:
            yield Finding(file.name, Message("evidence.verify.missing"))
        elif read.sha256 != file.sha256:
            yield Finding(
                file.name, Message("evidence.verify.altered", {"expected": file.sha256, "found": read.sha256})
            )
        elif file.name == layout.SUMS and file.sha256 != facts.sha256:
            values = {"expected": facts.sha256, "found": file.sha256}
            yield Finding(layout.SUMS, Message("evidence.verify.altered", values))
    for name in sorted(layout.OWN_FILES - set(reads)):
        yield Finding(name, Message("evidence.verify.missing"))


def _rows(facts: PackFacts, statement: Statement, listed: Mapping[str, str]) -> Iterator[Finding]:
    """Name every file about which rows, checksums and signature do not say the same."""
    rows = {file.name: file.sha256 for file in facts.files if file.name != layout.ATTESTATION}
    for name in sorted({*rows, *statement.digests}):
        signed = statement.digests.get(name)
        if name not in rows:
            yield Finding(layout.shown(name), Message("evidence.verify.missing"))
        elif signed is None:
            yield Finding(layout.shown(name), Message("evidence.verify.added"))
        elif rows[name] != signed:
            yield Finding(
                layout.shown(name),
                Message("evidence.verify.altered", {"expected": signed, "found": rows[name]}),
            )
        if name != layout.SUMS and listed.get(name) != signed:
            yield Finding(layout.SUMS, Message("evidence.sums.not_signed", {"name": layout.shown(name)}))
    told = statement.predicate
    wanted = {"traceId": facts.trace_id, "organisation": str(facts.organization_id), "facts": facts.signed}
    if any(told.get(name) != value for name, value in wanted.items()):
        yield Finding(layout.ATTESTATION, Message("evidence.store.other_facts"))


def _place(facts: PackFacts, data: bytes) -> Iterator[Finding]:
    """Say when the link is not the place that the rows give the pack."""
    try:
        link: Link | None = read_link(data)
    except ValueError:
        link = None
    wanted = (str(facts.organization_id), facts.sequence, facts.previous_sha256)
    if link is None or (link.organisation, link.sequence, link.previous) != wanted:
        yield Finding(layout.CHAIN, Message("evidence.store.other_place", {"sequence": facts.sequence}))
