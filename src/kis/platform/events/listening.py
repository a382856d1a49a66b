"""Hearing through PostgreSQL: one connection that LISTENs, made again whenever it breaks."""

import asyncio
import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Final

import psycopg
import structlog
from psycopg.rows import TupleRow
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.events.hub import CHANNEL, Subscription, Subscriptions, announce

FIRST_RETRY_SECONDS: Final = 0.1
LONGEST_RETRY_SECONDS: Final = 5.0
ALIVE_SECONDS: Final = 30.0
"""After so long a silence the server is asked whether it is still there: a cut network says nothing of itself."""
FIRST_HEARING_SECONDS: Final = 5.0
LOCK_SECONDS: Final = 2.0

log = structlog.get_logger(__name__)


class Listener:
    """A task that hears every notification of the channel and calls ``heard`` with its topic, and ``resumed`` after each (re)connection."""

    def __init__(
        self,
        url: URL,
        *,
        heard: Callable[[str], object],
        resumed: Callable[[], object],
        lock: int | None = None,
    ) -> None:
        """Hear only while holding the advisory ``lock``, where one is named: of all processes' listeners one does."""
        self._lock = lock
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard = heard
        self._resumed = resumed
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()
        self._tried = asyncio.Event()

    @property
    def is_listening(self) -> bool:
        """Whether the connection is there now."""
        return self._listening.is_set()

    async def start(self) -> None:
        """Connect; when that does not work at once, go on trying behind the caller's back."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="events.listener")
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_HEARING_SECONDS):
                await self._tried.wait()

    async def stop(self) -> None:
        """Close the connection."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                failures = 1 if self._listening.is_set() else failures + 1
                log.warning("events.connection_lost", error=type(error).__name__, failures=failures)
            finally:
                self._listening.clear()
                self._tried.set()
            longest = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2**failures)
            await asyncio.sleep(random.uniform(FIRST_RETRY_SECONDS, longest))  # noqa: S311 - spreads reconnections, hides nothing

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, application_name="kis-events", connect_timeout=5
        )
        async with connection:
            await self._wait_for_lock(connection)
            await connection.execute(f"LISTEN {CHANNEL}")
            self._listening.set()
            self._tried.set()
            self._resumed()
            while True:
                async for notification in connection.notifies(timeout=ALIVE_SECONDS):
                    self._heard(notification.payload)
                await connection.execute("SELECT 1")

    async def _wait_for_lock(self, connection: psycopg.AsyncConnection[TupleRow]) -> None:
        # Asked again and again: a statement that waits would keep vacuum from its work for as long as the other process lives.
        while self._lock is not None:
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", [self._lock])
            row = await cursor.fetchone()
            if row is not None and row[0]:
                return
            await asyncio.sleep(LOCK_SECONDS)


class PostgresEventHub:
    """The hub of an installation that has PostgreSQL and nothing else."""

    def __init__(self, url: URL) -> None:
        self._subscriptions = Subscriptions()
        self._listener = Listener(url, heard=self._subscriptions.wake, resumed=self._subscriptions.wake_all)

    async def announce(self, session: AsyncSession, topic: str) -> None:
        """Wake the listeners of ``topic`` once the transaction of ``session`` commits."""
        await announce(session, topic)

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[Subscription]:
        """Give a subscription."""
        return self._subscriptions.subscribe(topic)

    @property
    def is_listening(self) -> bool:
        """Whether wake-ups arrive now."""
        return self._listener.is_listening

    async def start(self) -> None:
        """Begin to listen."""
        await self._listener.start()

    async def stop(self) -> None:
        """Cease to listen and wake everybody a last time."""
        await self._listener.stop()
        self._subscriptions.wake_all()
