"""Giving messages to the handlers of their topics."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kis.platform.crossing import crossing
from kis.platform.database import Database
from kis.platform.events import EventHub, Subscription
from kis.platform.jobs.backoff import Backoff
from kis.platform.jobs.errors import Permanent
from kis.platform.outbox import repository
from kis.platform.outbox.posting import TOPIC

BATCH: Final = 20
POLL_SECONDS: Final = 2.0
SENDING_SECONDS: Final = 25.0
"""Longest time one message may take to leave."""
MARKING_SECONDS: Final = 5.0
"""So long after that, it is taken that its relay died, and another takes it up."""
MOST_ATTEMPTS: Final = 14
"""With the back-off below about two hours of a mail server's outage."""
LONGEST_OUTAGE_PAUSE_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way."""

    id: int
    topic: str
    payload: dict[str, Any]
    organization_id: UUID | None
    attempt: int

    @property
    def message_id(self) -> str:
        """Return what is the same each time this message is given out, and the same for no other."""
        return f"outbox-{self.id}"


TopicHandler = Callable[[Delivery], Awaitable[None]]
"""Sends; returns when it has left. An error means: again, later. Permanent means: never."""


class Relay:
    """Sends what waits in the outbox. Any number may run: each message is with one of them at a time."""

    def __init__(
        self,
        database: Database,
        hub: EventHub,
        handlers: Mapping[str, TopicHandler],
        *,
        backoff: Backoff | None = None,
        sending_seconds: float = SENDING_SECONDS,
        most_attempts: int = MOST_ATTEMPTS,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._database = database
        self._hub = hub
        self._handlers = handlers
        self._backoff = backoff or Backoff(first_seconds=5.0, longest_seconds=1200.0)
        self._sending_seconds = sending_seconds
        self._most_attempts = most_attempts
        self._poll_seconds = poll_seconds
        self._is_stopping = False
        self._wakeups: Subscription | None = None

    async def run_forever(self) -> None:
        """Send until :meth:`stop`, through outages of the database; return at once where nobody sends anything."""
        if not self._handlers:
            return
        async with self._hub.subscribe(TOPIC) as self._wakeups:
            outages = 0
            while not self._is_stopping:
                try:
                    taken = await self.send_waiting()
                    outages = 0
                except (SQLAlchemyError, OSError) as error:
                    outages += 1
                    log.warning("outbox.database_away", error=type(error).__name__, outages=outages)
                    await asyncio.sleep(min(LONGEST_OUTAGE_PAUSE_SECONDS, 0.1 * 2**outages))
                    continue
                if not taken:
                    await self._wakeups.wait(self._poll_seconds)

    def stop(self) -> None:
        """Ask the loop to end after the batch it is at."""
        self._is_stopping = True
        if self._wakeups is not None:
            self._wakeups.wake()

    async def send_waiting(self) -> int:
        """Take one batch, send it side by side, and return how many were taken."""
        deliveries = await self._take()
        await asyncio.gather(*(self._send(delivery) for delivery in deliveries))
        return len(deliveries)

    async def _take(self) -> Sequence[Delivery]:
        # Taken messages become invisible for a while instead of locked: no transaction stays open while a mail server thinks.
        async with self._database.service() as session:
            rows = await repository.take(
                session,
                topics=tuple(self._handlers),
                limit=BATCH,
                hidden_seconds=self._sending_seconds + MARKING_SECONDS,
            )
        return [Delivery(row.id, row.topic, row.payload, row.organization_id, row.attempts) for row in rows]

    async def _send(self, delivery: Delivery) -> None:
        try:
            async with asyncio.timeout(self._sending_seconds):
                await self._handlers[delivery.topic](delivery)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the others' messages go on
            await self._note_failure(delivery, error)
            return
        crossing("outbox.published.before_mark")
        async with self._database.service() as session:
            await repository.mark_sent(session, delivery.id)

    async def _note_failure(self, delivery: Delivery, error: Exception) -> None:
        is_final = isinstance(error, Permanent) or delivery.attempt >= self._most_attempts
        log.warning(
            "outbox.failed" if is_final else "outbox.retried",
            message_id=delivery.message_id,
            topic=delivery.topic,
            attempt=delivery.attempt,
            error=type(error).__name__,
        )
        async with self._database.service() as session:
            if is_final:
                await repository.mark_failed(session, delivery.id, type(error).__name__)
            else:
                delay_seconds = self._backoff.after(delivery.attempt)
                await repository.put_back(session, delivery.id, type(error).__name__, delay_seconds)
