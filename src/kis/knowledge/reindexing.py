"""All that is found, cut and indexed anew: after another way of cutting, for an index that is doubted, or one source of it.

A run (``knowledge.import_runs``, kind ``reindex``) keeps how far it is; jobs of a few seconds carry it on, each asking for the next, so that nothing
somebody waits for stands behind it. A batch is written together with the place it reached: whoever is killed meanwhile, the next try goes on there.
Searches go on: a thing is replaced in one transaction. What is prepared is read before that transaction and once more inside it, after the engine holds
the things; where somebody changed one of them in between, nothing is kept and the batch is done again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import indexing, repository, sources
from kis.knowledge.errors import ReindexRunning
from kis.knowledge.means import Means
from kis.knowledge.models import ImportRun
from kis.knowledge.runs import repository as runs
from kis.knowledge.runs.errors import RunNotFound
from kis.knowledge.runs.things import EVERYWHERE, UNFINISHED, Run, RunStatus
from kis.platform import audit
from kis.platform.crossing import crossing
from kis.platform.errors import Conflict, KisError
from kis.platform.jobs import Handling, JobContext, described, enqueue
from kis.platform.messages import Message
from kis.platform.telemetry import current_trace_id
from kis.search import Document, Source

REINDEX: Final = "reindex"
"""The kind of these runs."""
JOB: Final = "search.reindex"
"""The kind of the jobs that carry them on."""
PRIORITY: Final = 800
"""After everything that somebody waits for."""
BATCH: Final = 25
JOB_SECONDS: Final = 5.0
TRIES: Final = 5
FIRST: Final = UUID(int=0)
_ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('search.reindex', 0))")
_THINGS: Final[Mapping[Source, str]] = {
    Source.ARTICLE: "SELECT t.id, t.organization_id FROM knowledge.articles AS t WHERE t.deleted_at IS NULL",
    Source.QUOTATION: "SELECT t.id, t.organization_id FROM estimator.quotes AS t WHERE t.status NOT IN ('draft', 'queued', 'processing', 'failed')",
    Source.CATALOG_ITEM: "SELECT t.id, t.organization_id FROM shared.catalog_items AS t WHERE t.is_active",
}
_INDEXED: Final = (
    "SELECT i.source_id AS id, i.organization_id FROM knowledge.search_items AS i WHERE i.source = :source"
)
"""What is indexed and no longer there goes with it."""
_OWN: Final = "(CAST(:own AS uuid) IS NULL OR {0}.organization_id = :own)"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexing:
    """What is asked for: one source or, with None, all; of the caller's organisation or, by operators, of everybody."""

    source: Source | None = None
    everywhere: bool = False


async def start(means: Means, principal: Principal, asked: Reindexing) -> UUID:
    """Have the texts cut and indexed anew; return the run. Raises ReindexRunning where that is under way already."""
    principal.require(Permission.INSTALLATION_OPERATE if asked.everywhere else Permission.KNOWLEDGE_ADMIN)
    own = principal.organization_id
    async with means.database.service(principal.scope) as session:
        await session.execute(_ALONE)
        running = await _running(session, own, everywhere=asked.everywhere)
        if running is not None:
            raise ReindexRunning(running)
        chosen = list(Source) if asked.source is None else [asked.source]
        reaches = None if asked.everywhere else own
        run = ImportRun(
            id=uuid4(),
            organization_id=own,
            kind=REINDEX,
            options={
                "name": "" if asked.source is None else asked.source.value,
                EVERYWHERE: asked.everywhere,
                "sources": [source.value for source in chosen],
                "after": str(FIRST),
            },
            total=sum([await _count(session, source, reaches) for source in chosen]),
            started_by=principal.actor,
        )
        await runs.insert_run(session, run)
        await _carry_on(session, run, current_trace_id())
        await audit.record(
            session,
            organization_id=own,
            actor=principal.actor,
            action="search.reindex_started",
            target=f"run:{run.id}",
            after={"sources": [source.value for source in chosen], "everywhere": asked.everywhere},
            address=principal.address,
        )
    return run.id


async def get(means: Means, principal: Principal, run_id: UUID) -> Run:
    """Return how far it is; an operator sees what they asked for also without the rights of an administrator. Raises RunNotFound."""
    if not principal.may(Permission.INSTALLATION_OPERATE):
        principal.require(Permission.KNOWLEDGE_ADMIN)
    chosen = select(ImportRun).where(
        ImportRun.id == run_id,
        ImportRun.kind == REINDEX,
        ImportRun.organization_id == principal.organization_id,
    )
    async with means.database.service(principal.scope) as session:
        run = (await session.scalars(chosen)).one_or_none()
    if run is None:
        raise RunNotFound(run_id)
    return runs.shown(run, {})


class CarryOn:
    """The handler of the jobs ``search.reindex``: batch after batch, as many as fit its time; then it asks for the next job."""

    def __init__(self, means: Means, *, clock_seconds: Callable[[], float] = time.monotonic) -> None:
        self._means = means
        self._clock_seconds = clock_seconds

    async def __call__(self, context: JobContext) -> None:
        """Do one job. Nothing, where the run was cancelled."""
        ends = self._clock_seconds() + JOB_SECONDS
        run = await self._begun(_run_id(context))
        while run is not None and _sources(run) and self._clock_seconds() < ends:
            run = await self._batch(run)
            if run is not None:
                await context.progress(total=run.total, done=run.done, failed=run.failed)
        async with context.finishing() as session:
            if run is None:
                return
            if _sources(run):
                await _carry_on(session, run, context.trace_id)
            elif await runs.finish(session, run.id, RunStatus.DONE):
                await _recorded(session, run, "search.reindex_done", context.trace_id)

    async def on_give_up(self, context: JobContext, error: KisError, session: AsyncSession) -> None:
        """Let the run fail when its job was tried for the last time."""
        run = await runs.get(session, _run_id(context))
        if await runs.finish(session, run.id, RunStatus.FAILED, described(error)):
            await _recorded(session, run, "search.reindex_failed", context.trace_id)

    async def _begun(self, run_id: UUID) -> ImportRun | None:
        """Return the run, which is running now; None where it has ended."""
        async with self._means.database.service() as session:
            run = await runs.locked(session, run_id)
            if run.status not in UNFINISHED:
                return None
            run.status = RunStatus.RUNNING.value
            await session.flush()
        return run

    async def _batch(self, run: ImportRun) -> ImportRun | None:
        """Index a batch and return the run as it is then; None where it has ended meanwhile."""
        for _ in range(TRIES):
            try:
                return await self._tried(run)
            except _ChangedMeanwhile:
                continue
        raise Conflict(Message("knowledge.busy"))

    async def _tried(self, run: ImportRun) -> ImportRun | None:
        """Try a batch once. Raises _ChangedMeanwhile, so that nothing is kept, where one of its things was changed since it was read."""
        means, source = self._means, _sources(run)[0]
        reaches = None if run.options[EVERYWHERE] else run.organization_id
        async with means.database.service() as session:
            ids = await _next(session, source, reaches, UUID(run.options["after"]))
            documents = await _documents(session, source, ids)
        prepared = await means.engine.prepare(documents)
        async with means.database.service() as session:
            current = await runs.locked(session, run.id)
            if current.status != RunStatus.RUNNING or current.options != run.options:
                return None
            if ids:
                await means.engine.put(session, source, ids, prepared)
                _check(documents, await _documents(session, source, ids))
            current.options = _moved_on(run.options, ids)
            current.done = min(current.total, current.done + len(ids))
            await session.flush()
            crossing("search.reindex.before_commit")
        return current


class _ChangedMeanwhile(Exception):
    """Something of a batch is not any more what was cut."""


def handling(means: Means) -> Handling:
    """Return what is done with the jobs of reindexing."""
    work = CarryOn(means)
    return Handling(run=work, on_give_up=work.on_give_up)


async def _running(session: AsyncSession, own: UUID, *, everywhere: bool) -> UUID | None:
    """Return a run that does already what is asked for, or a part of it."""
    chosen = select(ImportRun.id, ImportRun.organization_id, ImportRun.options).where(
        ImportRun.kind == REINDEX, ImportRun.status.in_([status.value for status in UNFINISHED])
    )
    for row in await session.execute(chosen):
        if everywhere or row.organization_id == own or row.options[EVERYWHERE]:
            return UUID(str(row.id))
    return None


async def _carry_on(session: AsyncSession, run: ImportRun, trace_id: str) -> None:
    await enqueue(
        session,
        kind=JOB,
        subject_id=run.id,
        organization_id=run.organization_id,
        trace_id=trace_id,
        priority=PRIORITY,
    )


async def _count(session: AsyncSession, source: Source, reaches: UUID | None) -> int:
    statement = f"SELECT count(*) FROM ({_THINGS[source]} AND {_OWN.format('t')}) AS found"  # noqa: S608 - texts of this module
    return int(await session.scalar(text(statement), {"own": reaches}) or 0)


async def _next(session: AsyncSession, source: Source, reaches: UUID | None, after: UUID) -> list[UUID]:
    """Return the next things of a source, and what is indexed as such."""
    page = " AND {0} > :after ORDER BY {0} LIMIT :most"
    things = f"{_THINGS[source]} AND {_OWN.format('t')}{page.format('t.id')}"
    indexed = f"{_INDEXED} AND {_OWN.format('i')}{page.format('i.source_id')}"
    statement = f"SELECT id FROM (({things}) UNION ({indexed})) AS found GROUP BY id ORDER BY id LIMIT :most"  # noqa: S608 - texts of this module
    values = {"own": reaches, "source": source.value, "after": after, "most": BATCH}
    return list((await session.scalars(text(statement), values)).all())


async def _documents(session: AsyncSession, source: Source, ids: Sequence[UUID]) -> list[Document]:
    """Return what is to be found of things."""
    if source is not Source.ARTICLE:
        return await sources.documents_of(session, source, ids)
    documents: list[Document] = []
    for article in [await repository.find(session, article_id) for article_id in ids]:
        if article is not None:
            documents += await indexing.documents(article)
    return documents


def _check(cut: Sequence[Document], now: Sequence[Document]) -> None:
    if cut != now:
        raise _ChangedMeanwhile


def _sources(run: ImportRun) -> list[Source]:
    """Return what is still to be done; the first of it is at work."""
    return [Source(name) for name in run.options["sources"]]


def _moved_on(options: Mapping[str, Any], ids: Sequence[UUID]) -> dict[str, Any]:
    """Return how far a run is after a batch: a batch that is not full was the last of its source."""
    if len(ids) == BATCH:
        return {**options, "after": str(ids[-1])}
    return {**options, "sources": options["sources"][1:], "after": str(FIRST)}


async def _recorded(session: AsyncSession, run: ImportRun, action: str, trace_id: str) -> None:
    await audit.record(
        session,
        organization_id=run.organization_id,
        actor=run.started_by,
        action=action,
        target=f"run:{run.id}",
        after={"total": run.total, "done": run.done},
        trace_id=trace_id,
    )
    log.info("search.reindex_ended", run_id=str(run.id), action=action, total=run.total)


def _run_id(context: JobContext) -> UUID:
    assert context.subject_id is not None, "a job of this kind is about a run"
    return context.subject_id
