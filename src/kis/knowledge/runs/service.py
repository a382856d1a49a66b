"""Runs asked for, looked at, cancelled and reported on."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge.articles import require_desk
from kis.knowledge.means import Means
from kis.knowledge.models import ImportRun
from kis.knowledge.runs import repository
from kis.knowledge.runs.errors import RunEnded, RunNotFound
from kis.knowledge.runs.report import ReportForm, reported
from kis.knowledge.runs.things import (
    EVERYWHERE,
    JOB,
    UNFINISHED,
    NewRow,
    Outcome,
    Run,
    RunStatus,
    ShownRow,
    kept,
)
from kis.platform import audit
from kis.platform.jobs import Job, enqueue
from kis.platform.telemetry import current_trace_id

PRIORITY: Final = 200
"""After quotations: somebody waits for those."""
MOST_LISTED: Final = 100


async def start(
    session: AsyncSession,
    principal: Principal,
    kind: str,
    options: Mapping[str, Any],
    *,
    rows: Sequence[NewRow] = (),
    run_id: UUID | None = None,
) -> UUID:
    """Write a run and its job in the caller's transaction; return the run's id."""
    run = ImportRun(
        id=run_id or uuid4(),
        organization_id=principal.organization_id,
        kind=kind,
        options={**options, "caller": kept(principal)},
        started_by=principal.actor,
    )
    await repository.insert_run(session, run)
    if rows:
        await repository.add_rows(session, run, rows)
    await enqueue(
        session,
        kind=JOB,
        subject_id=run.id,
        organization_id=principal.organization_id,
        trace_id=current_trace_id(),
        priority=PRIORITY,
    )
    await audit.record(
        session,
        organization_id=principal.organization_id,
        actor=principal.actor,
        action=f"knowledge.{kind}_started",
        target=f"run:{run.id}",
        after={name: value for name, value in options.items() if name != "upload"},
        address=principal.address,
    )
    return run.id


async def get(means: Means, principal: Principal, run_id: UUID) -> Run:
    """Return how far a run is. Raises RunNotFound."""
    require_desk(principal)
    async with means.database.transaction(principal.scope) as session:
        run = _seen(principal, await repository.get(session, run_id))
        counts = await repository.outcomes(session, [run_id])
    return repository.shown(run, counts[run_id])


async def page(
    means: Means, principal: Principal, *, kinds: Sequence[str] = (), offset: int = 0, limit: int = 20
) -> tuple[tuple[Run, ...], int]:
    """Return a page of runs, the newest first, and how many there are; of some kinds alone where any are named."""
    require_desk(principal)
    async with means.database.transaction(principal.scope) as session:
        runs, total = await repository.page(
            session,
            kinds=kinds,
            everywhere=principal.may(Permission.INSTALLATION_OPERATE),
            offset=offset,
            limit=min(limit, MOST_LISTED),
        )
        counts = await repository.outcomes(session, [run.id for run in runs])
    return tuple(repository.shown(run, counts[run.id]) for run in runs), total


async def rows(
    means: Means,
    principal: Principal,
    run_id: UUID,
    *,
    outcome: Outcome | None = None,
    offset: int = 0,
    limit: int = 20,
) -> tuple[tuple[ShownRow, ...], int]:
    """Return a page of what became of the rows of a run, and how many there are; of one outcome alone where it is named. Raises RunNotFound."""
    require_desk(principal)
    async with means.database.transaction(principal.scope) as session:
        run = _seen(principal, await repository.get(session, run_id))
        return await repository.rows_page(
            session,
            run_id,
            outcome,
            whole=_sees_whole(principal, run.started_by),
            offset=offset,
            limit=min(limit, MOST_LISTED),
        )


async def cancel(means: Means, principal: Principal, run_id: UUID) -> Run:
    """End a run after the batch it is at; what was done stays. Its starter and administrators of the knowledge base may. Raises RunNotFound, RunEnded."""
    require_desk(principal)
    async with means.database.transaction(principal.scope) as session:
        run = _seen(principal, await repository.locked(session, run_id))
        if run.started_by != principal.actor:
            principal.require(Permission.KNOWLEDGE_ADMIN)
        if run.status not in {one.value for one in UNFINISHED}:
            raise RunEnded(run.status)
        await repository.skip_open_rows(session, run_id)
        await repository.finish(session, run_id, RunStatus.CANCELLED)
        await audit.record(
            session,
            organization_id=principal.organization_id,
            actor=principal.actor,
            action=f"knowledge.{run.kind}_cancelled",
            target=f"run:{run_id}",
            address=principal.address,
        )
    return await get(means, principal, run_id)


async def job_of(means: Means, principal: Principal, run_id: UUID) -> UUID:
    """Return the job that works through a run. Raises RunNotFound."""
    await get(means, principal, run_id)
    async with means.database.service() as session:
        chosen = select(Job.id).where(Job.subject_id == run_id, Job.kind == JOB)
        return (await session.scalars(chosen)).one()


async def report(means: Means, principal: Principal, run_id: UUID, form: ReportForm) -> AsyncIterator[bytes]:
    """Return what became of each row of a run, as a stream. Raises RunNotFound."""
    run = await get(means, principal, run_id)
    whole = _sees_whole(principal, run.started_by)
    return reported(means.database, principal.scope, run, form, whole=whole)


def _seen(principal: Principal, run: ImportRun) -> ImportRun:
    """Return a run that the caller may know of: one over the whole installation counts what others have, and is the operators'. Raises RunNotFound."""
    if run.options.get(EVERYWHERE) and not principal.may(Permission.INSTALLATION_OPERATE):
        raise RunNotFound(run.id)
    return run


def _sees_whole(principal: Principal, started_by: str) -> bool:
    """Tell whether rows are shown whatever they are about: to who started the run, and to administrators of the knowledge base."""
    return principal.actor == started_by or principal.may(Permission.KNOWLEDGE_ADMIN)
