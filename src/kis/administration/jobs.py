"""The jobs of an organisation, for its administrators; those of the installation for its operators.

What a job was given is not shown: it may hold what its kind alone should know.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kis.administration.errors import JobCancelled, JobNotFound, JobSettled, JobStatus
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.database import Database
from kis.platform.events import announce
from kis.platform.jobs import TOPIC, Claimed, Handling, Job, JobContext, JobHandler, described, topic_of

STATUSES: Final = ("queued", "running", "done", "failed")
CANCELLABLE: Final = ("queued", "running")
RETRYABLE: Final = ("failed",)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChoice:
    """Which jobs; what is not said takes all."""

    kind: str = ""
    status: str = ""
    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job as its administrators see it."""

    id: UUID
    kind: str
    status: str
    organization_id: UUID | None
    subject_id: UUID | None
    priority: int
    attempts: int
    progress: Mapping[str, Any]
    error: Mapping[str, Any] | None
    age_seconds: float
    """Since it was asked for; of one that has ended until then."""
    trace_id: str
    created_at: datetime
    run_after: datetime
    started_at: datetime | None
    finished_at: datetime | None
    may_be_retried: bool
    may_be_cancelled: bool


class Jobs:
    """The jobs for a caller. ``handlings`` are the installation's, by kind of job."""

    def __init__(self, database: Database, handlings: Mapping[str, Handling | JobHandler]) -> None:
        self._database = database
        self._handlings = handlings

    async def page(
        self, caller: Principal, choice: JobChoice, *, offset: int, limit: int
    ) -> tuple[tuple[JobView, ...], int]:
        """Return a page of jobs, the newest first, and how many there are."""
        conditions = _conditions(choice)
        chosen = select(Job, _AGE).where(*conditions).order_by(Job.created_at.desc(), Job.id)
        async with self._reading(caller, everywhere=choice.everywhere) as session:
            rows = (await session.execute(chosen.offset(offset).limit(limit))).all()
            total = await session.scalar(select(func.count()).select_from(Job).where(*conditions))
        return tuple(self._shown(job, age) for job, age in rows), int(total or 0)

    async def get(self, caller: Principal, job_id: UUID, *, everywhere: bool = False) -> JobView:
        """Return a job. Raises JobNotFound."""
        async with self._reading(caller, everywhere=everywhere) as session:
            row = (await session.execute(select(Job, _AGE).where(Job.id == job_id))).one_or_none()
        if row is None:
            raise JobNotFound(job_id)
        return self._shown(*row)

    async def retry(self, caller: Principal, job_id: UUID, *, everywhere: bool = False) -> JobView:
        """Have a failed job tried anew, as often as a new one. Raises JobNotFound, JobStatus, JobSettled."""
        _require(caller, everywhere=everywhere)
        async with self._database.service(caller.scope) as session:
            job = await _locked(session, caller, job_id, everywhere=everywhere)
            if job.status not in RETRYABLE:
                raise JobStatus("retry", job.status, RETRYABLE)
            if not self._may_begin_again(job.kind):
                raise JobSettled(job.kind)
            values: dict[str, Any] = {
                "status": "queued",
                "attempts": 0,
                "run_after": func.now(),
                "error": None,
                "dispatched_at": None,
                "finished_at": None,
            }
            await session.execute(update(Job).where(Job.id == job_id).values(values))
            await announce(session, topic_of(job_id))
            await announce(session, TOPIC)
            await _recorded(session, caller, job, "job.retried")
        return await self.get(caller, job_id, everywhere=everywhere)

    async def cancel(self, caller: Principal, job_id: UUID, *, everywhere: bool = False) -> JobView:
        """End a job that waits or runs; what it was for is told that it failed. Who works on it finds it taken away and writes nothing more.

        Raises JobNotFound, JobStatus.
        """
        _require(caller, everywhere=everywhere)
        error = JobCancelled()
        async with self._database.service(caller.scope) as session:
            job = await _locked(session, caller, job_id, everywhere=everywhere)
            if job.status not in CANCELLABLE:
                raise JobStatus("cancel", job.status, CANCELLABLE)
            values: dict[str, Any] = {
                "status": "failed",
                "error": described(error),
                "finished_at": func.now(),
                "lease_owner": None,
                "lease_until": None,
            }
            context = JobContext(_claimed(job), self._database)
            before = job.status
            await session.execute(update(Job).where(Job.id == job_id).values(values))
            handling = self._handlings.get(job.kind)
            if isinstance(handling, Handling) and handling.on_give_up is not None:
                await handling.on_give_up(context, error, session)
            await announce(session, topic_of(job_id))
            await _recorded(session, caller, job, "job.cancelled", before=before)
        return await self.get(caller, job_id, everywhere=everywhere)

    def _reading(self, caller: Principal, *, everywhere: bool) -> AbstractAsyncContextManager[AsyncSession]:
        _require(caller, everywhere=everywhere)
        database = self._database
        return database.service(caller.scope) if everywhere else database.transaction(caller.scope)

    def _may_begin_again(self, kind: str) -> bool:
        """Tell whether a job that failed can be tried anew: not where its failure has already ended what it was for."""
        handling = self._handlings.get(kind)
        return handling is not None and not (
            isinstance(handling, Handling) and handling.on_give_up is not None
        )

    def _shown(self, job: Job, age_seconds: Any) -> JobView:
        return JobView(
            id=job.id,
            kind=job.kind,
            status=job.status,
            organization_id=job.organization_id,
            subject_id=job.subject_id,
            priority=job.priority,
            attempts=job.attempts,
            progress=job.progress,
            error=job.error,
            age_seconds=round(float(age_seconds), 3),
            trace_id=job.trace_id,
            created_at=job.created_at,
            run_after=job.run_after,
            started_at=job.started_at,
            finished_at=job.finished_at,
            may_be_retried=job.status in RETRYABLE and self._may_begin_again(job.kind),
            may_be_cancelled=job.status in CANCELLABLE,
        )


_AGE: Final = func.extract("epoch", func.coalesce(Job.finished_at, func.now()) - Job.created_at)


def _require(caller: Principal, *, everywhere: bool) -> None:
    caller.require(Permission.INSTALLATION_OPERATE if everywhere else Permission.ORGANIZATION_WRITE)


def _conditions(choice: JobChoice) -> Sequence[ColumnElement[bool]]:
    conditions = [(Job.kind, choice.kind), (Job.status, choice.status)]
    return [column == value for column, value in conditions if value]


async def _locked(session: AsyncSession, caller: Principal, job_id: UUID, *, everywhere: bool) -> Job:
    """Return a job that nobody else changes until the transaction ends. Raises JobNotFound."""
    chosen = select(Job).where(Job.id == job_id).with_for_update()
    job = (await session.scalars(chosen)).one_or_none()
    if job is None or not (everywhere or job.organization_id == caller.organization_id):
        raise JobNotFound(job_id)
    return job


def _claimed(job: Job) -> Claimed:
    """Return a job as the one who would have given it up."""
    return Claimed(
        id=job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        organization_id=job.organization_id,
        payload=job.payload,
        attempt=max(1, job.attempts),
        trace_id=job.trace_id,
        lease_owner=job.lease_owner or "",
        is_exhausted=False,
    )


async def _recorded(
    session: AsyncSession, caller: Principal, job: Job, action: str, *, before: str = ""
) -> None:
    await session.flush()
    await audit.record(
        session,
        organization_id=job.organization_id or caller.organization_id,
        actor=caller.actor,
        action=action,
        target=f"job:{job.id}",
        before={"status": before} if before else None,
        after={"kind": job.kind},
        address=caller.address,
    )
