"""A load generator that costs little: HTTP/1.1 on keep-alive connections, requests sent at their times whether or not earlier ones were answered.

A closed loop (send, wait, send) slows down with the server and so hides its worst moments; here every request has its time, and its
latency counts from that time, waiting for a free connection included.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ANSWER_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One request: its kind for the table, and its bytes."""

    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: how long after its time, and with which status (0: none)."""

    kind: str
    status: int
    milliseconds: float


@dataclass(slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)


def request_bytes(method: str, path: str, host: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """Return the bytes of a request."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    if body or method in {"POST", "PUT", "PATCH"}:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Connection:
    """A kept-alive connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, data: bytes) -> Answer:
        """Send a request and return its answer. Raises OSError or EOFError when the connection breaks; the next one is made anew."""
        try:
            if self._reader is None or self._writer is None:
                self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
            self._writer.write(data)
            return await asyncio.wait_for(self._read(self._reader), ANSWER_SECONDS)
        except BaseException:
            self.close()
            raise

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
        }
        status = int(first.split(" ", 2)[1])
        if headers.get("transfer-encoding") == "chunked":
            body = await self._chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return Answer(status, headers, body)

    async def _chunks(self, reader: asyncio.StreamReader) -> bytes:
        parts: list[bytes] = []
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        return b"".join(parts)

    def close(self) -> None:
        """Close it."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


@dataclass(slots=True)
class Load:
    """Requests at their times over a pool of connections."""

    host: str
    port: int
    hits: list[Hit] = field(default_factory=list)
    _free: deque[Connection] = field(default_factory=deque)

    async def run(self, plan: Iterable[tuple[float, Callable[[], Shot]]]) -> list[Hit]:
        """Send each request of ``plan`` (seconds from now, in order; what to send) and return what came of all of them."""
        started = time.perf_counter()
        tasks: set[asyncio.Task[None]] = set()
        for after_seconds, shot in plan:
            wait = started + after_seconds - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(self._send(shot(), started + after_seconds))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        while tasks:
            await asyncio.wait(tasks)
        for connection in self._free:
            connection.close()
        return self.hits

    async def _send(self, shot: Shot, due: float) -> None:
        connection = self._free.popleft() if self._free else Connection(self.host, self.port)
        try:
            status = (await connection.ask(shot.data)).status
        except (OSError, EOFError, TimeoutError):
            status = 0
        self.hits.append(Hit(shot.kind, status, (time.perf_counter() - due) * 1000))
        self._free.append(connection)
