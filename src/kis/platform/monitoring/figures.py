"""Figures that only the database knows, brought up to date when somebody asks for the metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.database import Database
from kis.platform.monitoring import repository
from kis.platform.telemetry import metrics

Source = Callable[[AsyncSession], Awaitable[None]]
"""Reads from the database and sets gauges."""

FRESH_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 1.0
_KINDS: Final[set[str]] = set()
"""Kinds seen so far: one that waits no more is shown as 0."""
_LOG: Final = structlog.get_logger()


class Figures:
    """Brings the gauges of ``sources`` (and those of jobs and messages) up to date, at most every few seconds."""

    def __init__(self, database: Database, sources: Sequence[Source] = ()) -> None:
        self._database = database
        self._sources = (_jobs, _messages, *sources)
        self._fresh_until = 0.0
        self._task: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        """Ask the database where the figures are old; when it does not answer soon, the old ones stay."""
        self._connections()
        if monotonic() < self._fresh_until:
            return
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._ask(), name="figures")
        await asyncio.wait({self._task}, timeout=PATIENCE_SECONDS)

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(10), self._database.service() as session:
                for source in self._sources:
                    await source(session)
        except Exception as error:  # noqa: BLE001 - metrics are given without them, whatever is wrong
            _LOG.warning("figures.not_read", reason=type(error).__name__)
        self._fresh_until = monotonic() + FRESH_SECONDS

    def _connections(self) -> None:
        pool = self._database.engine.pool
        used = getattr(pool, "checkedout", lambda: 0)()
        metrics.DATABASE_CONNECTIONS.labels("used").set(used)
        metrics.DATABASE_CONNECTIONS.labels("most").set(getattr(pool, "size", lambda: 0)())


async def _jobs(session: AsyncSession) -> None:
    found = {
        (kind, status): (count, age) for kind, status, count, age in await repository.waiting_jobs(session)
    }
    _KINDS.update(kind for kind, _ in found)
    for kind in _KINDS:
        for status in ("queued", "running"):
            count, age = found.get((kind, status), (0, 0.0))
            metrics.JOBS_DEPTH.labels(metrics.KIND(kind), status).set(count)
            if status == "queued":
                metrics.JOBS_OLDEST_SECONDS.labels(metrics.KIND(kind)).set(age)


async def _messages(session: AsyncSession) -> None:
    metrics.OUTBOX_WAITING.set(await repository.waiting_messages(session))
