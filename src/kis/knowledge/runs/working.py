"""The job behind every run: batch after batch, each one transaction, until no row is open.

A worker may die at any moment: what it had committed stands with the outcome of its rows, the rest has no outcome and is what the next try begins
with. Two workers cannot do the same rows: the run's row is locked while a batch is written, and rows that have an outcome are not written again.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Final, Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge.means import Means
from kis.knowledge.models import ImportRun
from kis.knowledge.runs import repository
from kis.knowledge.runs.batches import settling
from kis.knowledge.runs.errors import RowsChanged
from kis.knowledge.runs.things import Outcome, Row, RunStatus, Settled, caller_of, stored_problems
from kis.platform import audit
from kis.platform.errors import KisError
from kis.platform.jobs import Handling, JobContext, LeaseLost, described

BATCH: Final = 100
TIMEOUT_SECONDS: Final = 3600.0
"""For one try of a run; the next one goes on where it was."""
SERVER_ERROR: Final = 500

log = structlog.get_logger(__name__)


class Kind(Protocol):
    """What is done with the rows of a kind of run."""

    def begin(self, principal: Principal, run: ImportRun, context: JobContext) -> Awaitable[None]:
        """Make the rows, where the run has none yet."""
        ...

    def batch(self, principal: Principal, run: ImportRun, rows: Sequence[Row]) -> Awaitable[None]:
        """Do rows and write their outcome, in one transaction. Raises RowsChanged to be asked again."""
        ...

    def trim(self, rows: Sequence[Row], limit: int) -> Sequence[Row]:
        """Return so many of the rows as belong into one batch, at least one."""
        ...

    def end(self, run: ImportRun) -> Awaitable[None]:
        """Remove what only the run needed."""
        ...


class WorkThrough:
    """The handler of the job ``knowledge.run``."""

    def __init__(self, means: Means, kinds: Mapping[str, Kind]) -> None:
        self._means = means
        self._kinds = kinds

    async def __call__(self, context: JobContext) -> None:
        """Go on with the run the job is about."""
        run = await self._begun(context)
        if run is None:
            return
        principal = caller_of(run.organization_id, run.options["caller"])
        kind = self._kinds[run.kind]
        try:
            await kind.begin(principal, run, context)
            while rows := await self._next(principal, run.id, kind):
                await self._batch(principal, run, kind, rows)
                await self._tell(context, run.id)
        except LeaseLost:
            if not await self._has_ended(run.id):
                raise
        except KisError as error:
            if error.status_code >= SERVER_ERROR:
                raise
            await self._end(context, run, kind, RunStatus.FAILED, error)
            return
        await self._end(context, run, kind, RunStatus.DONE, None)

    async def on_give_up(self, context: JobContext, error: KisError, session: AsyncSession) -> None:
        """Let the run fail when its job was tried for the last time."""
        await repository.finish(session, _run_id(context), RunStatus.FAILED, described(error))

    async def _begun(self, context: JobContext) -> ImportRun | None:
        """Return the run, which is running now; None where it has ended."""
        async with self._means.database.service(context.scope) as session:
            run = await repository.locked(session, _run_id(context))
            if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
                return None
            run.status = RunStatus.RUNNING.value
            await session.flush()
        return run

    async def _next(self, principal: Principal, run_id: UUID, kind: Kind) -> Sequence[Row]:
        async with self._means.database.transaction(principal.scope) as session:
            rows = await repository.open_rows(session, run_id, BATCH)
        return kind.trim(rows, BATCH) if rows else rows

    async def _batch(self, principal: Principal, run: ImportRun, kind: Kind, rows: Sequence[Row]) -> None:
        """Do a batch; where one of its rows makes that impossible, do each by itself, so that only this one fails."""
        try:
            await kind.batch(principal, run, rows)
        except LeaseLost:
            raise
        except KisError as error:
            if error.status_code >= SERVER_ERROR:
                raise
            parts = _parts(rows, kind)
            if len(parts) == 1 and not isinstance(error, RowsChanged):
                await self._fail(principal, run, rows, error)
                return
            if len(parts) == 1:
                await self._again(principal, run, kind, rows)
                return
            for part in parts:
                await self._batch(principal, run, kind, part)

    async def _again(self, principal: Principal, run: ImportRun, kind: Kind, rows: Sequence[Row]) -> None:
        """Do one article's rows once more: somebody had changed it meanwhile."""
        try:
            await kind.batch(principal, run, rows)
        except LeaseLost:
            raise
        except KisError as error:
            if error.status_code >= SERVER_ERROR:
                raise
            await self._fail(principal, run, rows, error)

    async def _fail(self, principal: Principal, run: ImportRun, rows: Sequence[Row], error: KisError) -> None:
        async with settling(self._means, principal, run.id, rows) as (_, settled):
            settled += [
                Settled(number=row.number, outcome=Outcome.FAILED, problems=stored_problems(row.name, error))
                for row in rows
            ]

    async def _tell(self, context: JobContext, run_id: UUID) -> None:
        async with self._means.database.service(context.scope) as session:
            run = await repository.get(session, run_id)
            facts = {"total": run.total, "done": run.done, "failed": run.failed}
        await context.progress(**facts)

    async def _has_ended(self, run_id: UUID) -> bool:
        async with self._means.database.service() as session:
            run = await repository.get(session, run_id)
            return run.status not in (RunStatus.QUEUED, RunStatus.RUNNING)

    async def _end(
        self, context: JobContext, run: ImportRun, kind: Kind, status: RunStatus, error: KisError | None
    ) -> None:
        await kind.end(run)
        async with context.finishing() as session:
            if not await repository.finish(
                session, run.id, status, None if error is None else described(error)
            ):
                return
            counts = (await repository.outcomes(session, [run.id]))[run.id]
            await audit.record(
                session,
                organization_id=run.organization_id,
                actor=run.started_by,
                action=f"knowledge.{run.kind}_{status.value}",
                target=f"run:{run.id}",
                after={**counts, "name": run.options.get("name", "")},
                address=run.options["caller"]["address"],
                trace_id=context.trace_id,
            )
        log.info("knowledge.run_ended", run_id=str(run.id), kind=run.kind, status=status.value, **counts)


def handling(means: Means, kinds: Mapping[str, Kind]) -> Handling:
    """Return what is done with the jobs of runs."""
    work = WorkThrough(means, kinds)
    return Handling(run=work, on_give_up=work.on_give_up, timeout_seconds=TIMEOUT_SECONDS)


def _parts(rows: Sequence[Row], kind: Kind) -> list[Sequence[Row]]:
    """Return the rows in the smallest parts that belong together."""
    parts: list[Sequence[Row]] = []
    rest = list(rows)
    while rest:
        part = kind.trim(rest, 1)
        parts.append(part)
        rest = rest[len(part) :]
    return parts


def _run_id(context: JobContext) -> UUID:
    assert context.subject_id is not None, "a job of this kind is about a run"
    return context.subject_id
