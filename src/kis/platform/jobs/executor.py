"""A worker's loop: take the most urgent job, run it, again; until asked to stop."""

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.configuration import JobSettings
from kis.platform.database import Database
from kis.platform.events import EventHub, Subscription
from kis.platform.jobs import repository
from kis.platform.jobs.backoff import Backoff
from kis.platform.jobs.handling import Handling, JobHandler
from kis.platform.jobs.queue import TOPIC
from kis.platform.jobs.repository import Claimed
from kis.platform.jobs.runner import JobRunner, Outcome

POLL_SECONDS: Final = 2.0
"""How often an idle worker looks by itself: for tries that have become due, leases that ran out, wake-ups it did not hear."""
STOP_SECONDS: Final = 20.0
LONGEST_OUTAGE_PAUSE_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class Executor:
    """Does the jobs whose kinds it knows, one at a time. Several processes make more."""

    def __init__(
        self,
        database: Database,
        hub: EventHub,
        handlers: Mapping[str, Handling | JobHandler],
        settings: JobSettings,
        *,
        backoff: Backoff | None = None,
        poll_seconds: float = POLL_SECONDS,
        stop_seconds: float = STOP_SECONDS,
        on_abandoned: Callable[[], object] | None = None,
    ) -> None:
        """``on_abandoned`` is told when a try was broken off: its thread may go on for ever, so the process should end."""
        self._database = database
        self._hub = hub
        self._settings = settings
        self._poll_seconds = poll_seconds
        self._stop_seconds = stop_seconds
        self._on_abandoned = on_abandoned
        self._handlers = {
            kind: handler if isinstance(handler, Handling) else Handling(handler)
            for kind, handler in handlers.items()
        }
        self._runner = JobRunner(database, self._handlers, settings, backoff or Backoff())
        self._stop_requested = asyncio.Event()
        self._wakeups: Subscription | None = None

    async def run_forever(self) -> None:
        """Work until :meth:`stop`; what runs then gets the rest of ``stop_seconds`` and is handed back after that."""
        async with self._hub.subscribe(TOPIC) as self._wakeups:
            outages = 0
            while not self._stop_requested.is_set():
                try:
                    claimed = await self._claim(None)
                    outages = 0
                except (SQLAlchemyError, OSError) as error:
                    outages += 1
                    log.warning("job.database_away", error=type(error).__name__, outages=outages)
                    await self._pause(min(LONGEST_OUTAGE_PAUSE_SECONDS, 0.1 * 2**outages))
                    continue
                if claimed is None:
                    await self._wakeups.wait(self._poll_seconds)
                else:
                    await self._run_until_stopped(claimed)

    def stop(self) -> None:
        """Ask the loop to take nothing more and end; may be called from a signal handler of the loop."""
        self._stop_requested.set()
        if self._wakeups is not None:
            self._wakeups.wake()

    async def run_job(self, job_id: UUID) -> Outcome | None:
        """Do that job if it is due; None, without effect, when it is done, waits for its time or is in other hands."""
        claimed = await self._claim(job_id)
        return None if claimed is None else await self._run(claimed)

    async def _claim(self, job_id: UUID | None) -> Claimed | None:
        # A new name for each lease: a process that outlived its own lease is a stranger to the next one.
        owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        async with self._database.service() as session:
            claimed = await self._claimed(session, job_id, owner)
        if claimed is not None:
            log.info("job.claimed", job_id=str(claimed.id), kind=claimed.kind, attempt=claimed.attempt)
        return claimed

    async def _claimed(self, session: AsyncSession, job_id: UUID | None, owner: str) -> Claimed | None:
        kinds = tuple(self._handlers)
        lease_seconds, most_attempts = self._settings.lease_seconds, self._settings.most_attempts
        if job_id is None:
            return await repository.claim_next(
                session, owner=owner, kinds=kinds, lease_seconds=lease_seconds, most_attempts=most_attempts
            )
        return await repository.claim(
            session,
            job_id,
            owner=owner,
            kinds=kinds,
            lease_seconds=lease_seconds,
            most_attempts=most_attempts,
        )

    async def _run(self, claimed: Claimed) -> Outcome:
        outcome = await self._runner.run(claimed)
        if outcome is Outcome.ABANDONED and self._on_abandoned is not None:
            self._on_abandoned()
        return outcome

    async def _run_until_stopped(self, claimed: Claimed) -> None:
        job = asyncio.create_task(self._run(claimed), name=f"job.{claimed.kind}")
        stopping = asyncio.create_task(self._stop_requested.wait())
        try:
            await asyncio.wait({job, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not job.done():
                await asyncio.wait({job}, timeout=self._stop_seconds)
        finally:
            stopping.cancel()
            job.cancel()
            await asyncio.wait({job, stopping})

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop_requested.wait()
        except TimeoutError:
            pass
