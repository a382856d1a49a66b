"""Hearing through Redis: for many API processes, or where a pooler stands between them and PostgreSQL and cannot LISTEN.

Announcing stays PostgreSQL's NOTIFY, because only the database knows when a transaction is kept. A :class:`Bridge` (every worker runs one;
the one that holds the lock works) hears it and publishes it to Redis, where all hubs hear it. A message missed on the way (no bridge for a
moment, Redis restarted) is what it is everywhere: a wait that runs out. When a bridge begins it wakes everybody.
"""

import asyncio
import random
from contextlib import AbstractAsyncContextManager, suppress
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.events.hub import CHANNEL, Subscription, Subscriptions, announce
from kis.platform.events.listening import (
    FIRST_HEARING_SECONDS,
    FIRST_RETRY_SECONDS,
    LONGEST_RETRY_SECONDS,
    Listener,
)

if TYPE_CHECKING:
    from redis.asyncio import Redis

EVERYBODY: Final = "*"
"""The topic that wakes all: what was said a moment ago may not have been heard."""
MOST_WAITING: Final = 10_000
LEADER_LOCK: Final = 0x6B69_7301
"""Advisory lock held by the bridge that works."""

log = structlog.get_logger(__name__)


def connect(url: str) -> "Redis":
    """Return a client that reports a broken connection instead of hiding it: after one, everybody must be woken."""
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    return Redis.from_url(
        url,
        retry=Retry(NoBackoff(), 0),
        socket_connect_timeout=5,
        health_check_interval=30,
        client_name="kis-events",
    )


class RedisEventHub:
    """The hub of an installation with Redis: hears what the bridge publishes."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._subscriptions = Subscriptions()
        self._listening = asyncio.Event()
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def announce(self, session: AsyncSession, topic: str) -> None:
        """Wake the listeners of ``topic`` once the transaction of ``session`` commits and the bridge heard of it."""
        await announce(session, topic)

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[Subscription]:
        """Give a subscription."""
        return self._subscriptions.subscribe(topic)

    @property
    def is_listening(self) -> bool:
        """Whether wake-ups arrive now."""
        return self._listening.is_set()

    async def start(self) -> None:
        """Begin to listen; when Redis is away, go on trying behind the caller's back."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="events.redis")
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_HEARING_SECONDS):
                await self._tried.wait()

    async def stop(self) -> None:
        """Cease to listen and wake everybody a last time."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        self._subscriptions.wake_all()

    async def _run(self) -> None:
        from redis.exceptions import RedisError

        failures = 0
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                failures = 1 if self._listening.is_set() else failures + 1
                log.warning("events.redis_lost", error=type(error).__name__, failures=failures)
            finally:
                self._listening.clear()
                self._tried.set()
            longest = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2**failures)
            await asyncio.sleep(random.uniform(FIRST_RETRY_SECONDS, longest))  # noqa: S311 - spreads reconnections, hides nothing

    async def _listen(self) -> None:
        async with connect(self._url) as redis, redis.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            async for message in channel.listen():
                if message["type"] == "subscribe":
                    self._listening.set()
                    self._tried.set()
                    self._subscriptions.wake_all()
                else:
                    self._wake(message["data"].decode())

    def _wake(self, topic: str) -> None:
        if topic == EVERYBODY:
            self._subscriptions.wake_all()
        else:
            self._subscriptions.wake(topic)


class Bridge:
    """Carries what PostgreSQL notifies to Redis. Any number may run; one works, the others wait for its place."""

    def __init__(self, database_url: URL, redis_url: str) -> None:
        self._redis_url = redis_url
        self._waiting: set[str] = set()
        self._filled = asyncio.Event()
        self._listener = Listener(
            database_url, heard=self._take, resumed=lambda: self._take(EVERYBODY), lock=LEADER_LOCK
        )

    @property
    def is_working(self) -> bool:
        """Whether this bridge is the one that carries now."""
        return self._listener.is_listening

    async def run_forever(self) -> None:
        """Carry until cancelled."""
        from redis.exceptions import RedisError

        await self._listener.start()
        try:
            async with connect(self._redis_url) as redis:
                while True:
                    await self._filled.wait()
                    try:
                        await self._publish(redis)
                    except (RedisError, OSError) as error:
                        log.warning("events.bridge_cannot_publish", error=type(error).__name__)
                        self._take(EVERYBODY)
                        await asyncio.sleep(1)
        finally:
            await self._listener.stop()

    def _take(self, topic: str) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting = {EVERYBODY}
        self._waiting.add(topic)
        self._filled.set()

    async def _publish(self, redis: "Redis") -> None:
        topics, self._waiting = self._waiting, set()
        self._filled.clear()
        for topic in topics:
            await redis.publish(CHANNEL, topic)
