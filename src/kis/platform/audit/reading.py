"""Reading the audit log: a page of it, or all of it as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.audit.models import AuditLog
from kis.platform.spreadsheet import FORMULA_STARTS

COLUMNS: Final = (
    "sequence",
    "createdAt",
    "organizationId",
    "actor",
    "action",
    "target",
    "before",
    "after",
    "address",
    "traceId",
    "previousSha256",
    "sha256",
)
BATCH: Final = 500
_COMPUTES: Final = (*FORMULA_STARTS, "\t", "\r", "\n")
"""How a cell begins that a spreadsheet would take for more than text (OWASP, CSV injection)."""


class AuditForm(StrEnum):
    """What a file of the log may be."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """Which rows. Empty: all."""

    actor: str = ""
    action: str = ""
    target: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what must hold of a row."""
        equal = ((AuditLog.actor, self.actor), (AuditLog.action, self.action), (AuditLog.target, self.target))
        conditions = [column == value for column, value in equal if value]
        if self.since is not None:
            conditions.append(AuditLog.created_at >= self.since)
        if self.until is not None:
            conditions.append(AuditLog.created_at < self.until)
        return conditions


async def page(
    session: AsyncSession, query: AuditQuery, *, offset: int, limit: int, organization_id: UUID | None
) -> tuple[Sequence[AuditLog], int]:
    """Return one page, the newest first, and how many rows there are; of one organisation, or without it of all the session sees."""
    conditions = _conditions(query, organization_id)
    rows = select(AuditLog).where(*conditions).order_by(AuditLog.sequence.desc()).offset(offset).limit(limit)
    total = select(func.count()).select_from(AuditLog).where(*conditions)
    return (await session.execute(rows)).scalars().all(), (await session.execute(total)).scalar_one()


async def batch(
    session: AsyncSession, query: AuditQuery, *, after: int, organization_id: UUID | None
) -> Sequence[AuditLog]:
    """Return the next rows after the one numbered ``after``, the oldest first; fewer than ``BATCH`` are the last."""
    rows = (
        select(AuditLog)
        .where(AuditLog.sequence > after, *_conditions(query, organization_id))
        .order_by(AuditLog.sequence)
        .limit(BATCH)
    )
    return (await session.execute(rows)).scalars().all()


def heading(form: AuditForm) -> bytes:
    """Return how a file of this form begins."""
    if form is AuditForm.JSONL:
        return b""
    return "\ufeff".encode() + _csv(COLUMNS)  # the mark by which spreadsheets know UTF-8


def lines(rows: Sequence[AuditLog], form: AuditForm) -> bytes:
    """Return the rows as they stand in a file of this form."""
    return b"".join(_line(row, form) for row in rows)


def shape(row: AuditLog) -> dict[str, Any]:
    """Return a row by the names of the wire."""
    values = (
        row.sequence,
        row.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        None if row.organization_id is None else str(row.organization_id),
        row.actor,
        row.action,
        row.target,
        row.before,
        row.after,
        row.address,
        row.trace_id,
        row.previous_sha256,
        row.sha256,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _conditions(query: AuditQuery, organization_id: UUID | None) -> list[ColumnElement[bool]]:
    own = [] if organization_id is None else [AuditLog.organization_id == organization_id]
    return own + query.conditions()


def _line(row: AuditLog, form: AuditForm) -> bytes:
    told = shape(row)
    if form is AuditForm.JSONL:
        return orjson.dumps(told) + b"\n"
    return _csv(tuple(told[name] for name in COLUMNS))


def _csv(values: Sequence[Any]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([_cell(value) for value in values])
    return buffer.getvalue().encode()


def _cell(value: Any) -> str:
    """Return what stands in a cell; a text that a spreadsheet would compute gets a leading apostrophe."""
    if value is None:
        return ""
    text = (
        orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() if isinstance(value, dict) else str(value)
    )
    return f"'{text}" if text.startswith(_COMPUTES) else text
