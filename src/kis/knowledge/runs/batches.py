"""Many articles changed in one transaction: decided one by one, cut into terms all at once, written together with the outcome of their rows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge import indexing
from kis.knowledge import repository as articles_repository
from kis.knowledge.articles import Article
from kis.knowledge.changing import By, Decision, article_topic, recorded, topic
from kis.knowledge.means import Means
from kis.knowledge.models import ImportRun
from kis.knowledge.runs import repository
from kis.knowledge.runs.errors import RowsChanged
from kis.knowledge.runs.things import Row, RunStatus, Settled
from kis.platform.crossing import crossing
from kis.platform.jobs import LeaseLost
from kis.search import Document, Prepared, Source

Also = Callable[[AsyncSession], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An article and what becomes of it; without ``before`` it is new."""

    before: Article | None
    decision: Decision
    is_audited: bool = True
    """False: the line of the audit log is the run's."""

    @property
    def after(self) -> Article:
        """Return the article as it is to be."""
        return self.decision.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Changes whose texts are cut: for these articles the search is given ``prepared``."""

    planned: tuple[Planned, ...]
    found_anew: tuple[UUID, ...]
    prepared: Prepared | None


async def cut(means: Means, planned: Sequence[Planned]) -> Cut:
    """Cut the texts of all changes at once; those that are found as before are left out."""
    pairs = await asyncio.to_thread(_documents, planned)
    documents = [document for _, own in pairs for document in own]
    prepared = await means.engine.prepare(documents) if pairs else None
    return Cut(
        planned=tuple(planned),
        found_anew=tuple(article_id for article_id, _ in pairs),
        prepared=prepared,
    )


async def write(means: Means, session: AsyncSession, ready: Cut, principal: Principal) -> None:
    """Write changes. Raises RowsChanged, so that nothing is kept, where one of the articles was changed since it was read."""
    by = By.caller(principal)
    for one in ready.planned:
        if one.before is None:
            await articles_repository.add(session, one.after)
        elif await articles_repository.change(session, one.before, one.after) is None:
            raise RowsChanged
        if one.decision.also is not None:
            await one.decision.also(session)
    if ready.prepared is not None:
        await means.engine.put(session, Source.ARTICLE, ready.found_anew, ready.prepared)
    for one in ready.planned:
        if one.is_audited:
            decision = one.decision
            after = one.after if one.before is None else replace(one.after, revision=one.before.revision + 1)
            await recorded(
                session, after, by, decision.action, before=decision.told_before, after=decision.told_after
            )
        if one.before is not None:
            await means.hub.announce(session, article_topic(one.after.id))
    await means.hub.announce(session, topic(principal.organization_id))


@asynccontextmanager
async def settling(
    means: Means, principal: Principal, run_id: UUID, rows: Sequence[Row]
) -> AsyncIterator[tuple[AsyncSession, list[Settled]]]:
    """Give the one transaction in which a batch is written, and the list to put the outcome of each of its rows on.

    Raises LeaseLost, before anything is written, where the run has ended or the rows were done by another worker.
    """
    async with means.database.transaction(principal.scope) as session:
        run = await repository.locked(session, run_id)
        numbers = [row.number for row in rows]
        if run.status != RunStatus.RUNNING or not await repository.still_open(session, run_id, numbers):
            raise LeaseLost
        settled: list[Settled] = []
        yield session, settled
        await _settle(session, run, settled)
        crossing("knowledge.batch.before_commit")
    crossing("knowledge.batch.after_commit")


async def _settle(session: AsyncSession, run: ImportRun, settled: Sequence[Settled]) -> None:
    await repository.settle(session, run, settled)
    await session.flush()


def _documents(planned: Sequence[Planned]) -> list[tuple[UUID, tuple[Document, ...]]]:
    """Return what is to be found of each article that is to be found anew."""
    found = []
    for one in planned:
        before = () if one.before is None else indexing.documents_of(one.before)
        after = indexing.documents_of(one.after)
        if before != after:
            found.append((one.after.id, after))
    return found
