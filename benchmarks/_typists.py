"""Many people typing, in a process of its own: WebSockets that cost so little that one core does for hundreds of them.

Each key press goes out at its time, whether or not earlier ones were answered. How late they went out is told beside what came back: where this
process has too little of the machine, that shows.
"""

import asyncio
import base64
import gc
import os
import struct
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import orjson
import psutil
import uvloop

from benchmarks._installation import cpu_seconds
from benchmarks._measure import stolen_seconds
from benchmarks._typing import Box, Outcome, Press, outcome, rank_of

OPENED_AT_ONCE: Final = 20
OPEN_SECONDS: Final = 30.0
REST_SECONDS: Final = 1.0
"""Between the last connection and the first key press."""
TICK_SECONDS: Final = 0.001
"""The loop knows no shorter times: it would turn without a rest, and take from the server what it measures."""
LAST_SECONDS: Final = 5.0
"""The longest that is waited for the last answers."""
_MASK: Final = b"\x37\xfa\x21\x3d"
_LONGER, _LONGEST = 126, 127
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What is to be typed, and where."""

    host: str
    port: int
    token: str
    supervisor: int
    """Process whose children's time is measured."""
    lanes: Sequence[Sequence[Press]]
    """What each client types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of it."""

    outcome: Outcome
    seconds: float
    errors: Mapping[str, int]
    """By code; closed connections as ``closed``."""
    late_p95_ms: float
    """How long after their time key presses went out."""
    own_cpu_seconds: float
    cpu_seconds: Mapping[str, float]
    """Of the installation's processes, by what they are."""
    stolen_share: float
    """Of the time of all processors, what other machines on the same host took while something waited to run here."""


def type_all(orders: Orders) -> Report:
    """Type everything and return what came of it."""
    gc.disable()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_typed(orders))


class _Client(asyncio.Protocol):
    """One WebSocket."""

    def __init__(self, head: bytes) -> None:
        self.box = Box()
        self.errors: Counter[str] = Counter()
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_leaving = False
        self._head = head
        self._read = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is not registered as one
        self._transport.write(self._head)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionResetError("not opened"))
        elif not self.is_leaving:
            self.errors["closed"] += 1

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._read += data
        if not self.opened.done():
            head, found, rest = self._read.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionRefusedError(head.decode("latin-1") + rest.decode()))
                return
            self._read = rest
            self.opened.set_result(None)
        while (frame := self._frame()) is not None:
            self._hear(*frame, at)

    def press(self, press: Press, at: float) -> None:
        """Send a key press."""
        seq = self.box.press(at, is_end=press.is_end)
        self._send(_TEXT, orjson.dumps({"type": "typing", "seq": seq, "content": press.text}))

    def leave(self) -> None:
        """Close the connection."""
        self.is_leaving = True
        self._send(_CLOSE, struct.pack(">H", 1000))
        assert self._transport is not None
        self._transport.close()

    def _frame(self) -> tuple[int, bytes] | None:
        """Return the next whole frame of the server's; they are never in pieces, and never masked."""
        read = self._read
        if len(read) < 2:
            return None
        start, length = 2, read[1]
        if length >= _LONGER:
            start, kind = (4, ">H") if length < _LONGEST else (10, ">Q")
            if len(read) < start:
                return None
            (length,) = struct.unpack_from(kind, read, 2)
        if len(read) < start + length:
            return None
        self._read = read[start + length :]
        return read[0] & 15, read[start : start + length]

    def _hear(self, kind: int, content: bytes, at: float) -> None:
        if kind == _PING:
            self._send(_PONG, content)
        elif kind == _TEXT:
            told = orjson.loads(content)
            if told["type"] == "prediction":
                self.box.tell(told["seq"], at)
            else:
                self.errors[told.get("code", told["type"])] += 1

    def _send(self, kind: int, content: bytes) -> None:
        length = len(content)
        head = struct.pack(">BB", 128 | kind, 128 | length)
        if length >= _LONGER:
            head = struct.pack(">BBH", 128 | kind, 128 | _LONGER, length)
        mask = int.from_bytes((_MASK * (length // 4 + 1))[:length])
        masked = (int.from_bytes(content) ^ mask).to_bytes(length)
        assert self._transport is not None
        self._transport.write(head + _MASK + masked)


@dataclass(slots=True)
class _Clock:
    """Sends key presses when they are due."""

    began: float = 0.0
    late_ms: list[float] = field(default_factory=list)

    async def run(self, due: Sequence[tuple[Press, _Client]]) -> None:
        self.began = time.perf_counter()
        place = 0
        while place < len(due):
            now = time.perf_counter()
            press, client = due[place]
            wait = self.began + press.due_seconds - now
            if wait > 0:
                await asyncio.sleep(max(wait, TICK_SECONDS))
                continue
            client.press(press, now)
            self.late_ms.append(-wait * 1000)
            place += 1
            if place % 16 == 0:
                await asyncio.sleep(0)  # what has come is heard when it comes


async def _typed(orders: Orders) -> Report:
    clients = await _opened(orders)
    due = sorted(
        ((press, client) for lane, client in zip(orders.lanes, clients, strict=True) for press in lane),
        key=lambda each: each[0].due_seconds,
    )
    clock = _Clock()
    process = psutil.Process()
    before, own_before = cpu_seconds(orders.supervisor), sum(process.cpu_times()[:2])
    stolen = stolen_seconds()
    await clock.run(due)
    seconds = time.perf_counter() - clock.began
    after, own_after = cpu_seconds(orders.supervisor), sum(process.cpu_times()[:2])
    stolen = stolen_seconds() - stolen
    await _wait_for_last(clients)
    for client in clients:
        client.leave()
    errors: Counter[str] = Counter()
    for client in clients:
        errors.update(client.errors)
    return Report(
        outcome=outcome([client.box for client in clients]),
        seconds=seconds,
        errors=dict(errors),
        late_p95_ms=rank_of(sorted(clock.late_ms), 0.95),
        own_cpu_seconds=own_after - own_before,
        cpu_seconds={name: after[name] - before.get(name, 0.0) for name in after},
        stolen_share=stolen / seconds / (os.cpu_count() or 1),
    )


async def _wait_for_last(clients: Sequence[_Client]) -> None:
    """Wait until every key press is answered, but not for ever."""
    ends_at = time.perf_counter() + LAST_SECONDS
    for client in clients:
        while client.box.unanswered and time.perf_counter() < ends_at:  # noqa: ASYNC110 - the answers come by callback
            await asyncio.sleep(0.01)


async def _opened(orders: Orders) -> list[_Client]:
    """Return the open connections of all clients."""
    loop = asyncio.get_running_loop()
    turns = asyncio.Semaphore(OPENED_AT_ONCE)

    async def opened() -> _Client:
        async with turns, asyncio.timeout(OPEN_SECONDS):
            _, client = await loop.create_connection(lambda: _Client(_head(orders)), orders.host, orders.port)
            await client.opened
            return client

    clients = await asyncio.gather(*(opened() for _ in orders.lanes))
    await asyncio.sleep(REST_SECONDS)
    return list(clients)


def _head(orders: Orders) -> bytes:
    lines = (
        "GET /ws HTTP/1.1",
        f"Host: {orders.host}:{orders.port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        f"Authorization: Bearer {orders.token}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
