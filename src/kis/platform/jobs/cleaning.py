"""Statements that remove what has been kept long enough, a bounded number of rows at a time."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kis.platform.jobs.models import ApiMetric, IdempotencyKey, Job, OutboxMessage

MOST_ROWS: Final = 5_000
"""Of one chore's transaction: what is left waits for the next time."""
DONE_DAYS: Final = 7
FAILED_DAYS: Final = 90
"""What failed is looked into by people, who have holidays."""
IDEMPOTENCY_HOURS: Final = 24
METRIC_DAYS: Final = 7


async def take_lock(session: AsyncSession, space: int, name: int) -> bool:
    """Take an advisory lock until the transaction ends; False when another has it."""
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(space, name))))


async def remove_old_jobs(session: AsyncSession) -> int:
    """Remove finished jobs."""
    old = or_(
        and_(Job.status == "done", Job.finished_at < _ago(days=DONE_DAYS)),
        and_(Job.status == "failed", Job.finished_at < _ago(days=FAILED_DAYS)),
    )
    return await _remove(session, Job, [Job.id], old)


async def remove_old_messages(session: AsyncSession) -> int:
    """Remove messages that left, and those that never could."""
    old = or_(
        OutboxMessage.sent_at < _ago(days=DONE_DAYS),
        OutboxMessage.failed_at < _ago(days=FAILED_DAYS),
    )
    return await _remove(session, OutboxMessage, [OutboxMessage.id], old)


async def remove_old_idempotency_keys(session: AsyncSession) -> int:
    """Remove answers nobody will ask for again."""
    key: list[InstrumentedAttribute[Any]] = [
        IdempotencyKey.organization_id,
        IdempotencyKey.caller,
        IdempotencyKey.key,
    ]
    return await _remove(
        session, IdempotencyKey, key, IdempotencyKey.created_at < _ago(hours=IDEMPOTENCY_HOURS)
    )


async def remove_old_metrics(session: AsyncSession) -> int:
    """Remove response times of more than a week ago: they are for percentiles of the last hours."""
    return await _remove(session, ApiMetric, [ApiMetric.id], ApiMetric.timestamp < _ago(days=METRIC_DAYS))


async def _remove(
    session: AsyncSession, table: type[Any], key: list[InstrumentedAttribute[Any]], old: ColumnElement[bool]
) -> int:
    batch = select(*key).where(old).limit(MOST_ROWS).with_for_update(skip_locked=True)
    statement = delete(table).where(tuple_(*key).in_(batch)).returning(*key)
    return len((await session.execute(statement)).all())


def _ago(*, days: int = 0, hours: int = 0) -> ColumnElement[Any]:
    return func.now() - timedelta(days=days, hours=hours)
