"""The stream of a quotation's events, as server-sent events (WHATWG HTML, 9.2).

Events are rows; a listener reads those after the last one it has, in any process, and sleeps until the hub wakes it. While it sleeps it holds
nothing but its place in the hub.

Numbers: on the wire event *n* of a quotation has ``meta.seq`` n × 1000, which is also its ``id:``. A heartbeat is no row and no step: it has no
``id:``, so a reconnecting client asks on from the last event, and ``meta.seq`` counts on by one from what was sent last. So ``meta.seq`` rises
strictly over everything a connection sees, and the numbers of events are the same for all listeners.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from kis.identity import Permission, Principal
from kis.platform.events import Subscription
from kis.platform.telemetry import metrics
from kis.quotations import repository
from kis.quotations.errors import QuotationNotFound
from kis.quotations.life import EventKind, topic
from kis.quotations.means import Means

STEP: Final = 1000
"""Between two events; heartbeats stand between. At one every 15 s a connection would have to be silent for four hours to use them up."""
HEARTBEAT_SECONDS: Final = 15.0
LONGEST_SECONDS: Final = 15 * 60.0
"""A connection is ended so that its client comes again and says who it is."""
RETRY_MILLISECONDS: Final = 1000
RETRY_AT_STOP_MILLISECONDS: Final = 3000
MOST_AT_ONCE: Final = 500
READERS: Final = 4
_LAST_KINDS: Final = frozenset({EventKind.DONE.value, EventKind.ERROR.value})


@dataclass(slots=True)
class Streams:
    """The open streams of this process, so that they can be ended when it stops."""

    is_stopping: bool = False
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READERS))
    """However many are woken by one event, few of the process's connections are theirs at a time."""
    _open: set[Subscription] = field(default_factory=set)
    _watch: asyncio.Task[None] | None = None

    def stop_with(self, stopping: asyncio.Event) -> None:
        """End all streams when ``stopping`` is set; one task waits for all of them."""
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._stop_with(stopping), name="quotations.streams")

    async def _stop_with(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self.stop()

    def stop(self) -> None:
        """End all streams, each with a hint when to come again."""
        self.is_stopping = True
        for subscription in self._open:
            subscription.wake()

    def enter(self, subscription: Subscription) -> None:
        """Note a stream that begins."""
        self._open.add(subscription)
        metrics.EVENT_LISTENERS.inc()

    def leave(self, subscription: Subscription) -> None:
        """Note a stream that ends."""
        self._open.discard(subscription)
        metrics.EVENT_LISTENERS.dec()


async def opened(
    means: Means, streams: Streams, principal: Principal, quote_id: UUID, last_event_id: int | None
) -> AsyncIterator[bytes] | None:
    """Return the stream of a quotation after ``last_event_id``; None where the last event is known already, for then there is nothing to wait for.

    Raises QuotationNotFound, before anything is sent.
    """
    principal.require(Permission.QUOTATION_READ)
    async with streams.reading, means.database.transaction(principal.scope) as session:
        newest = await repository.newest_event(session, quote_id)
    if newest is None:
        raise QuotationNotFound(quote_id)
    seen = min(max(last_event_id or 0, 0) // STEP, newest[0])
    if seen == newest[0] and newest[1] in _LAST_KINDS:
        return None
    return _Listener(means, streams, principal, quote_id, seen).frames()


class _Listener:
    """One connection."""

    def __init__(
        self, means: Means, streams: Streams, principal: Principal, quote_id: UUID, seen: int
    ) -> None:
        self._means = means
        self._streams = streams
        self._principal = principal
        self._quote_id = quote_id
        self._seen = seen
        self._last_kind = ""
        self._beats = 0
        self._trace_id = ""

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield what is sent, until the quotation is finished, the process stops or the connection is old."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST_SECONDS
        async with self._means.hub.subscribe(topic(self._quote_id)) as subscription:
            self._streams.enter(subscription)
            try:
                yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
                while not self._streams.is_stopping and loop.time() < until:
                    newest, rows = await self._news()
                    for row in rows:
                        yield self._event(*row)
                    # A quotation that is issued again goes on after its first DONE: only the newest event of all ends the stream.
                    if self._seen >= newest and self._last_kind in _LAST_KINDS:
                        return
                    if self._seen >= newest and not await subscription.wait(HEARTBEAT_SECONDS):
                        yield self._heartbeat()
                if self._streams.is_stopping:
                    yield f"retry: {RETRY_AT_STOP_MILLISECONDS}\n\n".encode()
            finally:
                self._streams.leave(subscription)

    async def _news(self) -> tuple[int, Sequence[repository.EventRow]]:
        """Return the sequence of the newest event, and the events that are new here."""
        async with (
            self._streams.reading,
            self._means.database.transaction(self._principal.scope) as session,
        ):
            found = await repository.events_after(session, self._quote_id, self._seen, MOST_AT_ONCE)
        if found is None:
            raise QuotationNotFound(self._quote_id)
        newest, self._trace_id, rows = found
        return newest, rows

    def _event(self, seq: int, kind: str, data: Any, created_at: datetime) -> bytes:
        self._seen, self._last_kind, self._beats = seq, kind, 0
        return frame(kind, {**data, "meta": self._meta(created_at)}, seq * STEP)

    def _heartbeat(self) -> bytes:
        self._beats += 1
        return frame(EventKind.HEARTBEAT.value, {"meta": self._meta(datetime.now(UTC))}, None)

    def _meta(self, moment: datetime) -> dict[str, Any]:
        return {
            "seq": self._seen * STEP + self._beats,
            "quoteId": str(self._quote_id),
            "traceId": self._trace_id,
            "ts": moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }


def frame(kind: str, data: dict[str, Any], event_id: int | None) -> bytes:
    """Return one event as it stands on the wire. JSON has no line breaks of its own, so one ``data:`` line holds it."""
    head = f"event: {kind}\n" if event_id is None else f"event: {kind}\nid: {event_id}\n"
    return head.encode() + b"data: " + orjson.dumps(data) + b"\n\n"
