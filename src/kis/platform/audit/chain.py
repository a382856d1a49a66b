"""Proving that the audit log is whole: every row's digest is made again here, and every row must follow the one before it.

The digests are computed in this program and not by the database's own function, so a database that was made to lie is found out. Rows cut off at the end
leave a chain that is sound as far as it goes; who keeps the newest digest elsewhere (``kis audit verify`` prints it) finds that too.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Row, Text, cast, select

from kis.platform.audit.models import AuditLog
from kis.platform.database import Database

FIRST_PREVIOUS: Final = "0" * 64
BATCH: Final = 1000
MOST_FAULTS: Final = 100
"""Named one by one; a log with more is rotten, and the count says so."""


class Fault(StrEnum):
    """What can be wrong at a row."""

    MISSING = "missing"
    """Rows between this one and the one before are gone."""
    ALTERED = "altered"
    """The row does not tell what it told when it was written."""
    DETACHED = "detached"
    """The row does not follow the one before it: that one, or this one, was put there later."""
    CUT = "cut"
    """The row with the digest that was kept elsewhere is not there any more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at the row ``sequence``."""

    sequence: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row. Kept elsewhere, it proves later that nothing was cut off."""

    sequence: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the whole log found."""

    rows: int
    head: Head | None
    findings: tuple[Finding, ...]
    faults: int
    """Also those beyond the first ``MOST_FAULTS``."""

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.faults == 0


async def verify_chain(database: Database, *, kept: Head | None = None) -> ChainReport:
    """Check every row of the log; with ``kept``, also that this row is still there."""
    check = _Check(kept)
    async for row in _rows(database):
        check.take(row)
    return check.report()


class _Check:
    """Goes along the chain."""

    def __init__(self, kept: Head | None) -> None:
        self._kept = kept
        self._kept_seen = kept is None
        self._rows = 0
        self._head = Head(0, FIRST_PREVIOUS)
        self._findings: list[Finding] = []
        self._faults = 0

    def take(self, row: Row[AuditLog, str, str]) -> None:
        entry, before, after = row
        digest = digest_of(entry, before=before, after=after)
        if entry.sequence != self._head.sequence + 1:
            self._note(entry.sequence, Fault.MISSING)
        elif entry.previous_sha256 != self._head.sha256:
            self._note(entry.sequence, Fault.DETACHED)
        if digest != entry.sha256:
            self._note(entry.sequence, Fault.ALTERED)
        if self._kept is not None and entry.sequence == self._kept.sequence:
            self._kept_seen = entry.sha256 == self._kept.sha256
        self._rows += 1
        self._head = Head(entry.sequence, entry.sha256)

    def report(self) -> ChainReport:
        if not self._kept_seen and self._kept is not None:
            self._note(self._kept.sequence, Fault.CUT)
        head = self._head if self._rows else None
        return ChainReport(self._rows, head, tuple(self._findings), self._faults)

    def _note(self, sequence: int, fault: Fault) -> None:
        self._faults += 1
        if len(self._findings) < MOST_FAULTS:
            self._findings.append(Finding(sequence, fault))


async def _rows(database: Database) -> AsyncIterator[Row[AuditLog, str, str]]:
    """Yield every row in order, with the text PostgreSQL gives for what changed: the digest is over that."""
    after = 0
    while True:
        query = (
            select(
                AuditLog,
                cast(AuditLog.before, Text).label("before_text"),
                cast(AuditLog.after, Text).label("after_text"),
            )
            .where(AuditLog.sequence > after)
            .order_by(AuditLog.sequence)
            .limit(BATCH)
        )
        async with database.service() as session:
            rows = (await session.execute(query)).all()
        for row in rows:
            yield row
        if len(rows) < BATCH:
            return
        after = rows[-1][0].sequence


def digest_of(entry: AuditLog, *, before: str | None, after: str | None) -> str:
    """Return the digest the row must carry; the SQL function ``shared.audit_digest`` tells the form."""
    lines = (
        str(entry.sequence),
        None if entry.organization_id is None else str(entry.organization_id),
        entry.actor,
        entry.action,
        entry.target,
        before,
        after,
        entry.address,
        entry.trace_id,
        _time(entry.created_at),
        entry.previous_sha256,
    )
    digest = hashlib.sha256()
    for line in lines:
        if line is None:
            digest.update(b"-\n")
        else:
            data = line.encode()
            digest.update(b"%d:%b\n" % (len(data), data))
    return digest.hexdigest()


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
