"""Handing jobs to a broker after the transaction that wrote them.

A job's row is its own message in the outbox: ``dispatched_at`` says that the broker has it. Publishing comes before marking, so a crash
between the two publishes twice, never not at all; a worker that hears of a job a second time finds it done or in other hands.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kis.platform.crossing import crossing
from kis.platform.database import Database
from kis.platform.events import EventHub, Subscription
from kis.platform.jobs import repository
from kis.platform.jobs.queue import TOPIC

BATCH: Final = 20
POLL_SECONDS: Final = 1.0
LOST_AFTER_SECONDS: Final = 30.0
"""A job handed over so long ago, not taken up while the broker's queue is empty: the broker has lost it."""
LONGEST_OUTAGE_PAUSE_SECONDS: Final = 10.0

log = structlog.get_logger(__name__)

Publish = Callable[[UUID], Awaitable[None]]
"""Returns once the broker has confirmed that it keeps the message."""
Depth = Callable[[], Awaitable[int]]
"""How many messages wait at the broker."""


class Dispatcher:
    """Carries ids of due jobs to a broker. Any number may run: each row is carried by one of them."""

    def __init__(
        self,
        database: Database,
        hub: EventHub,
        publish: Publish,
        depth: Depth,
        *,
        kinds: Collection[str],
        lost_after_seconds: float = LOST_AFTER_SECONDS,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._database = database
        self._hub = hub
        self._publish = publish
        self._depth = depth
        self._kinds = tuple(kinds)
        self._lost_after_seconds = lost_after_seconds
        self._poll_seconds = poll_seconds
        self._is_stopping = False
        self._wakeups: Subscription | None = None

    async def run_forever(self) -> None:
        """Dispatch until :meth:`stop`, through outages of the database and the broker."""
        async with self._hub.subscribe(TOPIC) as self._wakeups:
            outages = 0
            while not self._is_stopping:
                try:
                    dispatched = await self.dispatch_due()
                    outages = 0
                except (SQLAlchemyError, OSError) as error:
                    outages += 1
                    log.warning("job.dispatch_failed", error=type(error).__name__, outages=outages)
                    await asyncio.sleep(min(LONGEST_OUTAGE_PAUSE_SECONDS, 0.2 * 2**outages))
                    continue
                if not dispatched:
                    await self._wakeups.wait(self._poll_seconds)

    def stop(self) -> None:
        """Ask the loop to end after the batch it is at."""
        self._is_stopping = True
        if self._wakeups is not None:
            self._wakeups.wake()

    async def dispatch_due(self) -> int:
        """Hand over one batch and return how many."""
        lost_after_seconds = self._lost_after_seconds if await self._depth() == 0 else None
        async with self._database.service() as session:
            jobs = await repository.due_for_dispatch(
                session, kinds=self._kinds, limit=BATCH, lost_after_seconds=lost_after_seconds
            )
            for job_id in jobs:
                await self._publish(job_id)
            if jobs:
                crossing("outbox.published.before_mark")
                await repository.mark_dispatched(session, jobs)
        return len(jobs)
