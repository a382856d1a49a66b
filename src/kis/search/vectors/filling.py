"""Making the vectors that are missing: in the background, in small jobs, each going on where the one before stopped.

An item is found by its terms as soon as it is saved; its vectors follow. What a job made stays when its worker dies.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.jobs import Chore, Handling, Job, JobContext, enqueue
from kis.platform.telemetry import new_trace_id
from kis.search.vectors import store
from kis.search.vectors.embedders import Embedder
from kis.search.vectors.errors import EmbeddingsRefused
from kis.search.vectors.parts import parts_of
from kis.search.vectors.store import ItemText

FILL: Final = "vectors.fill"
EVERY_SECONDS: Final = 60.0
ITEMS_AT_ONCE: Final = 16
JOB_SECONDS: Final = 5.0
"""A worker does one job at a time: a quotation that comes in between waits no longer than this and one batch."""
PRIORITY: Final = 900
"""After everything that somebody waits for."""
PAUSE_AFTER_FAILURE: Final = timedelta(minutes=10)
PROBE: Final = "분전반"

log = structlog.get_logger(__name__)


class FillVectors:
    """The job: gives vectors to items that have none of this model, as many as fit its time, and asks for the next job where some are left."""

    def __init__(self, embedder: Embedder, *, clock_seconds: Callable[[], float] = time.monotonic) -> None:
        self._embedder = embedder
        self._clock_seconds = clock_seconds

    async def __call__(self, context: JobContext) -> None:
        """Do one job. Raises EmbeddingsUnavailable where the model does not answer: it is tried again later."""
        ends = self._clock_seconds() + JOB_SECONDS
        await self._embedder.embed(
            [PROBE], of="document"
        )  # from here on the model works: what it refuses is refused
        after, made, is_all = 0, 0, False
        while not is_all and self._clock_seconds() < ends:
            items = await self._next(context, after)
            if items:
                made += await self._give(context, items)
                after = items[-1].item_id
                await context.progress(items=made)
            is_all = len(items) < ITEMS_AT_ONCE
        async with context.finishing() as session:
            if not is_all:
                await _ask(session, context.trace_id)

    async def _next(self, context: JobContext, after: int) -> list[ItemText]:
        model, dimensions = self._embedder.name, self._embedder.dimensions
        async with context.database.service() as session:
            return await store.without_vectors(
                session, model=model, dimensions=dimensions, after=after, limit=ITEMS_AT_ONCE
            )

    async def _give(self, context: JobContext, items: Sequence[ItemText]) -> int:
        made = await self._vectors(items)  # outside of any transaction: it takes its time
        async with context.database.service() as session:
            return await store.write(session, self._embedder.name, made)

    async def _vectors(self, items: Sequence[ItemText]) -> Mapping[int, list[list[float]]]:
        """Return the vectors of items; none for an item that the model refuses. One bad text does not hold up the others."""
        parts = {item.item_id: parts_of(item.title, item.text) for item in items}
        try:
            vectors = await self._embedder.embed(
                [part for own in parts.values() for part in own], of="document"
            )
        except EmbeddingsRefused as refused:
            if len(items) == 1:
                log.warning("vectors.refused", item_id=items[0].item_id, reason=refused.reason)
                return {items[0].item_id: []}
            one_by_one = [await self._vectors([item]) for item in items]
            return {item_id: own for each in one_by_one for item_id, own in each.items()}
        rest = iter(vectors)
        return {item_id: [next(rest) for _ in own] for item_id, own in parts.items()}


def handlings(embedder: Embedder) -> Mapping[str, Handling]:
    """Return who makes vectors; nobody where there is no model."""
    return {} if embedder.dimensions == 0 else {FILL: Handling(run=FillVectors(embedder))}


def chores(embedder: Embedder) -> tuple[Chore, ...]:
    """Return what is to be done every so often: asking for vectors where they are missing, and where none are, clearing away those of other models."""

    async def tend(session: AsyncSession) -> int:
        asked = await ask_where_missing(session, embedder)
        return asked or await store.forget_other_models(session, embedder.name)

    return () if embedder.dimensions == 0 else (Chore(FILL, EVERY_SECONDS, tend),)


async def ask_where_missing(session: AsyncSession, embedder: Embedder) -> int:
    """Ask for a job where items have no vectors of this model and no job is under way, or failed a short while ago. Returns how many were asked for."""
    since = datetime.now(UTC) - PAUSE_AFTER_FAILURE
    at_it = or_(Job.status.in_(("queued", "running")), and_(Job.status == "failed", Job.finished_at > since))
    if await session.scalar(select(exists().where(Job.kind == FILL, at_it))):
        return 0
    missing = await store.without_vectors(
        session, model=embedder.name, dimensions=embedder.dimensions, limit=1
    )
    if missing:
        await _ask(session, new_trace_id())
    return len(missing)


async def _ask(session: AsyncSession, trace_id: str) -> None:
    await enqueue(
        session, kind=FILL, subject_id=None, organization_id=None, trace_id=trace_id, priority=PRIORITY
    )
