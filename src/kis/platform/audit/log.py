"""Writing the audit log: one row in the transaction of what it tells of, so that neither is ever there without the other."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.audit.models import AuditLog
from kis.platform.telemetry import current_trace_id

FIRST_PREVIOUS: Final = "0" * 64
_LOCK: Final = 4_112_002


async def record(  # noqa: PLR0913 - a word for each column of the log
    session: AsyncSession,
    *,
    organization_id: UUID | None,
    actor: str,
    action: str,
    target: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str = "",
    trace_id: str = "",
) -> None:
    """Append a row: who (``user:<id>``, ``key:<id>``, ``system``) did what (``noun.verb``) to what (``noun:<id>``).

    ``before`` and ``after`` hold what changed, never a secret. Rows of other transactions wait until this one ends: call it late.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    newest = (
        await session.execute(
            select(AuditLog.sequence, AuditLog.sha256).order_by(AuditLog.sequence.desc()).limit(1)
        )
    ).one_or_none()
    sequence, previous = (1, FIRST_PREVIOUS) if newest is None else (newest[0] + 1, newest[1])
    row = AuditLog(
        sequence=sequence,
        organization_id=organization_id,
        actor=actor,
        action=action,
        target=target,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
        address=address,
        trace_id=trace_id or current_trace_id(),
        created_at=datetime.now(UTC),
        previous_sha256=previous,
    )
    row.sha256 = digest_of(row)
    session.add(row)
    await session.flush()


def digest_of(row: AuditLog) -> str:
    """Return the digest over everything the row tells and the digest before it."""
    told = [
        row.sequence,
        None if row.organization_id is None else str(row.organization_id),
        row.actor,
        row.action,
        row.target,
        row.before,
        row.after,
        row.address,
        row.trace_id,
        row.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.previous_sha256,
    ]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
