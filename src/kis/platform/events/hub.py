"""What every hub is, and the part all of them share: who in this process waits for which topic."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL: Final = "kis"
_NOTIFY: Final = text("SELECT pg_notify(:channel, :topic)")
LONGEST_TOPIC: Final = 200
"""Topics are a noun and an id; PostgreSQL would take 8,000 bytes."""


class Subscription:
    """One listener's place. However often its topic is announced it holds one wake-up, so it costs the same for a slow reader."""

    __slots__ = ("_woken", "topic")

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Have the waiting listener, or its next wait, return at once."""
        self._woken.set()

    async def wait(self, timeout_seconds: float) -> bool:
        """Return True as soon as the topic was announced since the last wait, False after ``timeout_seconds``."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True


class EventHub(Protocol):
    """One process's ear and voice."""

    async def announce(self, session: AsyncSession, topic: str) -> None:
        """Wake the listeners of ``topic``, in every process, once the transaction of ``session`` commits."""
        ...

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[Subscription]:
        """Give a subscription, which hears all that is committed from now on."""
        ...

    async def start(self) -> None:
        """Begin to listen and return once this process hears; raises nothing when it must try again later."""
        ...

    async def stop(self) -> None:
        """Cease to listen and wake everybody a last time."""
        ...

    @property
    def is_listening(self) -> bool:
        """Whether wake-ups arrive now; while they do not, listeners live on their waits running out."""
        ...


class Subscriptions:
    """Who in this process waits for which topic."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[Subscription]] = {}

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[Subscription]:
        """Keep a subscription for as long as the block runs."""
        subscription = Subscription(topic)
        self._by_topic.setdefault(topic, set()).add(subscription)
        try:
            yield subscription
        finally:
            waiting = self._by_topic[topic]
            waiting.discard(subscription)
            if not waiting:
                del self._by_topic[topic]

    def wake(self, topic: str) -> None:
        """Wake all who wait for ``topic``."""
        for subscription in self._by_topic.get(topic, ()):
            subscription.wake()

    def wake_all(self) -> None:
        """Wake everybody: something may have been said while nobody here could hear it."""
        for waiting in self._by_topic.values():
            for subscription in waiting:
                subscription.wake()

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._by_topic.values())


async def announce(session: AsyncSession, topic: str) -> None:
    """Do what a hub's ``announce`` does, for code that has no hub at hand: all of them start from PostgreSQL's NOTIFY."""
    if not topic or len(topic) > LONGEST_TOPIC:
        raise ValueError("a topic is a noun and an id")
    await session.execute(_NOTIFY, {"channel": CHANNEL, "topic": topic})
