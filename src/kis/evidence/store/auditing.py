"""Whether all evidence of the installation is there and as it was: every pack, every organisation's line, every object.

Three questions. Is each pack's every object what was signed? Is each organisation's line whole, from its first pack to the head kept beside it? Is there
an object that no row names? The last is what a crashed attempt leaves, or a running one that has not committed, so it is a fault only when it has
lain there for a day.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from kis.evidence.store import repository
from kis.evidence.store.facts import PackFacts
from kis.evidence.store.models import EvidenceHead
from kis.evidence.store.service import EvidenceStore, facts_of
from kis.platform.database import Database
from kis.platform.messages import DEFAULT_LOCALE, Locale, Message
from kis.platform.storage import ObjectStore, StoredObject

EVIDENCE_FOLDER: Final = "quote"
ORPHAN_AGE: Final = timedelta(days=1)
"""Longer than any job takes, all its attempts together."""

_PACKS_AT_ONCE: Final = 50
_OBJECTS_AT_ONCE: Final = 500


class AuditKind(StrEnum):
    """What part of the evidence a finding is about."""

    PACK = "pack"
    CHAIN = "chain"
    ADDED = "added"
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """What is wrong, or (``recent``) only worth a word; ``where`` is an object's path, or a pack's trace id and file, or a place in a line."""

    kind: AuditKind
    where: str
    message: Message

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return ``where: what``."""
        return f"{self.where}: {self.message.text(locale)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What was looked at and what was found. ``removed`` counts the objects without a row that were taken away."""

    packs: int
    objects: int
    removed: int
    findings: tuple[AuditFinding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; objects that may belong to running work are not."""
        return all(finding.kind is AuditKind.RECENT for finding in self.findings)


async def audit(
    evidence: EvidenceStore,
    database: Database,
    *,
    remove_orphans: bool = False,
    tell: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005 - what it is called with
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AuditReport:
    """Look at all evidence; ``tell`` is told how many packs are done, of how many. ``remove_orphans`` removes objects of ORPHAN_AGE without a row."""
    async with database.service() as session:
        expected = await repository.count_packs(session)
        lines = await repository.lines(session)
    findings: list[AuditFinding] = []
    packs = objects = 0
    for organization_id, head, newest in lines:
        before: PackFacts | None = None
        async for facts in _packs(database, organization_id, newest):
            findings.extend([*_link_faults(before, facts), *await _pack_faults(evidence, facts)])
            before, packs, objects = facts, packs + 1, objects + len(facts.files)
            tell(packs, max(expected, packs))
        findings.extend(_head_faults(organization_id, head, before))
    added = [found async for found in _unnamed(evidence.storage, database)]
    old = [found for found in added if found.modified < now() - ORPHAN_AGE]
    if remove_orphans:
        await evidence.storage.delete(*(found.path for found in old))
    findings.extend(_added(added, old, removed=remove_orphans))
    return AuditReport(
        packs=packs, objects=objects, removed=len(old) if remove_orphans else 0, findings=tuple(findings)
    )


async def _packs(database: Database, organization_id: UUID, newest: int) -> AsyncIterator[PackFacts]:
    """Yield the packs of a line up to ``newest``; those added meanwhile are for the next audit."""
    sequence = 0
    while True:
        async with database.service() as session:
            page = await repository.packs_after(session, organization_id, sequence, most=_PACKS_AT_ONCE)
            files = await repository.files_of(session, [pack.trace_id for pack in page])
        for pack in page:
            if pack.sequence > newest:
                return
            yield facts_of(pack, [file for file in files if file.trace_id == pack.trace_id])
        if len(page) < _PACKS_AT_ONCE:
            return
        sequence = page[-1].sequence


async def _pack_faults(evidence: EvidenceStore, facts: PackFacts) -> Iterator[AuditFinding]:
    verification = await evidence.verify(facts)
    paths = {file.name: file.path for file in facts.files}
    return (
        AuditFinding(
            AuditKind.PACK,
            f"{facts.trace_id}/{finding.path}",
            _with_path(finding.message, paths.get(finding.path)),
        )
        for finding in verification.findings
    )


def _link_faults(before: PackFacts | None, facts: PackFacts) -> Iterator[AuditFinding]:
    """Say when a pack does not follow the one before it."""
    expected = before.sequence + 1 if before else 1
    if facts.sequence != expected:
        first, last = expected, facts.sequence - 1
        place = f"#{first}" if first == last else f"#{first}–#{last}"
        yield AuditFinding(
            AuditKind.CHAIN, f"{facts.organization_id} {place}", Message("evidence.chain.hole")
        )
    elif facts.previous_sha256 != (before.sha256 if before else None):
        values = {"sequence": facts.sequence - 1, "by": facts.trace_id}
        where = before.trace_id if before else str(facts.organization_id)
        yield AuditFinding(AuditKind.CHAIN, where, Message("evidence.chain.altered", values))


def _head_faults(
    organization_id: UUID, head: EvidenceHead | None, newest: PackFacts | None
) -> Iterator[AuditFinding]:
    """Say when the kept head is not the newest pack."""
    kept = (head.sequence, head.trace_id, head.sha256) if head else (0, "", "")
    there = (newest.sequence, newest.trace_id, newest.sha256) if newest else (0, "", "")
    if kept != there:
        values = {"kept": kept[0], "there": there[0]}
        yield AuditFinding(AuditKind.CHAIN, str(organization_id), Message("evidence.store.head", values))


async def _unnamed(storage: ObjectStore, database: Database) -> AsyncIterator[StoredObject]:
    """Yield the objects of quotations that no row names; the rows are asked after the listing, so committed ones are seen."""
    waiting: list[StoredObject] = []
    async for found in storage.list(EVIDENCE_FOLDER):
        waiting.append(found)
        if len(waiting) >= _OBJECTS_AT_ONCE:
            for unnamed in await _without_row(database, waiting):
                yield unnamed
            waiting = []
    for unnamed in await _without_row(database, waiting):
        yield unnamed


async def _without_row(database: Database, objects: Sequence[StoredObject]) -> list[StoredObject]:
    if not objects:
        return []
    async with database.service() as session:
        named = await repository.named_paths(session, [found.path for found in objects])
    return [found for found in objects if found.path not in named]


def _added(
    added: Sequence[StoredObject], old: Sequence[StoredObject], *, removed: bool
) -> Iterator[AuditFinding]:
    ages = {found.path for found in old}
    for found in sorted(added, key=lambda found: found.path):
        if found.path not in ages:
            yield AuditFinding(AuditKind.RECENT, found.path, Message("evidence.store.recent"))
        elif removed:
            yield AuditFinding(AuditKind.RECENT, found.path, Message("evidence.store.removed"))
        else:
            yield AuditFinding(AuditKind.ADDED, found.path, Message("evidence.store.added"))


def _with_path(message: Message, path: str | None) -> Message:
    return message if path is None else Message("evidence.store.object", {"what": message, "path": path})
