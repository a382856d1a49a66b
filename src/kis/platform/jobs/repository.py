"""Every statement about jobs. Times are the database's: the clocks of the workers need not agree.

All that changes a running job asks for its lease (owner and try), so a worker that was thought dead changes nothing when it comes back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.events import CHANNEL
from kis.platform.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job as the worker that holds it needs it."""

    id: UUID
    kind: str
    subject_id: UUID | None
    organization_id: UUID | None
    payload: dict[str, Any]
    attempt: int
    trace_id: str
    lease_owner: str
    is_exhausted: bool
    """It has been tried as often as it may: nothing is left but to give up."""


_INSERT: Final = (
    insert(cast("Table", Job.__table__))
    .on_conflict_do_nothing(index_elements=["dedup_key"])
    .returning(Job.__table__.c.id, func.pg_notify(CHANNEL, bindparam("topic")))
)
"""A job, and the word of it in the same journey."""


async def insert_job(session: AsyncSession, values: dict[str, Any], topic: str) -> bool:
    """Write a job and announce ``topic``; False, and nothing said, when its deduplication key is taken."""
    return await session.scalar(_INSERT, {**values, "topic": topic}) is not None


async def find_by_dedup_key(session: AsyncSession, dedup_key: str) -> UUID | None:
    """Return the job with that key, if the caller's role sees it."""
    return await session.scalar(select(Job.id).where(Job.dedup_key == dedup_key))


async def claim_next(
    session: AsyncSession, *, owner: str, kinds: Collection[str], lease_seconds: float, most_attempts: int
) -> Claimed | None:
    """Take the most urgent job that is due or whose worker died; two workers never take the same."""
    candidate = (
        select(Job.id)
        .where(_is_due(), Job.kind.in_(kinds))
        .order_by(Job.priority, Job.run_after, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return await _claim(session, Job.id == candidate, owner, lease_seconds, most_attempts)


async def claim(
    session: AsyncSession,
    job_id: UUID,
    *,
    owner: str,
    kinds: Collection[str],
    lease_seconds: float,
    most_attempts: int,
) -> Claimed | None:
    """Take one job, if it is due: None for one that is done, waits for its time, or is being worked on."""
    which = and_(Job.id == job_id, Job.kind.in_(kinds), _is_due())
    return await _claim(session, which, owner, lease_seconds, most_attempts)


async def _claim(
    session: AsyncSession, which: ColumnElement[bool], owner: str, lease_seconds: float, most_attempts: int
) -> Claimed | None:
    # Every try counts when it begins, so that a job that kills its worker is not tried for ever.
    statement = (
        update(Job)
        .where(which)
        .values(
            status="running",
            lease_owner=owner,
            lease_until=_in(lease_seconds),
            attempts=Job.attempts + 1,
            started_at=func.coalesce(Job.started_at, func.now()),
        )
        .returning(
            Job.id, Job.kind, Job.subject_id, Job.organization_id, Job.payload, Job.attempts, Job.trace_id
        )
        .execution_options(synchronize_session=False)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return None
    return Claimed(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        organization_id=row.organization_id,
        payload=row.payload,
        attempt=row.attempts,
        trace_id=row.trace_id,
        lease_owner=owner,
        is_exhausted=row.attempts > most_attempts,
    )


async def renew(session: AsyncSession, claimed: Claimed, lease_seconds: float) -> bool:
    """Hold the job for longer; False when it is no longer ours."""
    return await _change(session, claimed, lease_until=_in(lease_seconds))


async def set_progress(session: AsyncSession, claimed: Claimed, facts: dict[str, Any]) -> bool:
    """Say how far the work is; False when the job is no longer ours."""
    return await _change(session, claimed, progress=facts)


async def mark_done(session: AsyncSession, claimed: Claimed) -> bool:
    """End the job well; False when it is no longer ours."""
    return await _change(session, claimed, status="done", finished_at=func.now(), error=None, **_RELEASED)


async def mark_failed(
    session: AsyncSession, claimed: Claimed, error: dict[str, Any], *, attempts: int
) -> bool:
    """End the job for good; False when it is no longer ours."""
    return await _change(
        session, claimed, status="failed", finished_at=func.now(), error=error, attempts=attempts, **_RELEASED
    )


async def put_back(
    session: AsyncSession, claimed: Claimed, *, delay_seconds: float, error: dict[str, Any] | None
) -> bool:
    """Queue the job for another try; False when it is no longer ours."""
    return await _change(
        session,
        claimed,
        status="queued",
        run_after=_in(delay_seconds),
        error=error,
        dispatched_at=None,
        **_RELEASED,
    )


async def hand_back(session: AsyncSession, claimed: Claimed) -> bool:
    """Queue the job as if this worker had never taken it; False when it is no longer ours."""
    return await _change(
        session,
        claimed,
        status="queued",
        attempts=Job.attempts - 1,
        run_after=func.now(),
        dispatched_at=None,
        **_RELEASED,
    )


async def due_for_dispatch(
    session: AsyncSession, *, kinds: Collection[str], limit: int, lost_after_seconds: float | None
) -> Sequence[UUID]:
    """Return, locked, jobs to hand to the broker: those not handed over yet and those whose worker died since.

    With ``lost_after_seconds`` also those handed over before that time and still not taken up.
    """
    forgotten = Job.dispatched_at.is_(None)
    died = and_(Job.status == "running", Job.dispatched_at < Job.lease_until)
    undelivered: ColumnElement[bool] = or_(forgotten, died)
    if lost_after_seconds is not None:
        undelivered = or_(undelivered, Job.dispatched_at < _in(-lost_after_seconds))
    statement = (
        select(Job.id)
        .where(_is_due(), undelivered, Job.kind.in_(kinds))
        .order_by(Job.priority, Job.run_after, Job.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).all()


async def mark_dispatched(session: AsyncSession, jobs: Collection[UUID]) -> None:
    """Note that the broker has them."""
    await session.execute(
        update(Job)
        .where(Job.id.in_(jobs))
        .values(dispatched_at=func.clock_timestamp())
        .execution_options(synchronize_session=False)
    )


async def _change(session: AsyncSession, claimed: Claimed, **values: Any) -> bool:
    statement = (
        update(Job)
        .where(
            Job.id == claimed.id,
            Job.status == "running",
            Job.lease_owner == claimed.lease_owner,
            Job.attempts == claimed.attempt,
        )
        .values(**values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(statement)).first() is not None


def _is_due() -> ColumnElement[bool]:
    waiting = and_(Job.status == "queued", Job.run_after <= func.now())
    abandoned = and_(Job.status == "running", Job.lease_until < func.now())
    return or_(waiting, abandoned)


def _in(seconds: float) -> ColumnElement[datetime]:
    return func.now() + timedelta(seconds=seconds)


_RELEASED: dict[str, None] = {"lease_owner": None, "lease_until": None}
