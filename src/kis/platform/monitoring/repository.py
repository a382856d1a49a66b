"""Queries of the watcher."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.jobs.models import ApiMetric, Job, OutboxMessage


async def database_time(session: AsyncSession) -> datetime:
    """Return the time of the database, in UTC."""
    moment: datetime = (await session.execute(select(func.now()))).scalar_one()
    return moment


async def add_samples(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store samples of answers."""
    await session.execute(insert(ApiMetric), list(rows))


async def waiting_jobs(session: AsyncSession) -> list[tuple[str, str, int, float]]:
    """Return kind, status, number and the oldest age in seconds of the jobs that wait or run."""
    age = func.extract("epoch", func.now() - func.min(Job.created_at))
    found = await session.execute(
        select(Job.kind, Job.status, func.count(), age)
        .where(Job.status.in_(("queued", "running")))
        .group_by(Job.kind, Job.status)
    )
    return [(kind, status, count, float(oldest)) for kind, status, count, oldest in found.all()]


async def waiting_messages(session: AsyncSession) -> int:
    """Return how many messages have not left yet."""
    waiting = select(func.count()).where(OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None))
    return (await session.execute(waiting)).scalar_one()
