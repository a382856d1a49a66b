"""What the servers that stand for somebody's model have in common: on this machine, one request of JSON for each connection, kept as it was asked."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    """What somebody asked."""

    path: str
    headers: Mapping[str, str]
    body: Any


class ModelServer(ABC):
    """Answers every connection in a task of its own. Whoever waits for ``ended`` is let go when the server ends."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.sent_bytes = 0
        self.url = ""
        self.ended = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()

    @abstractmethod
    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """Answer one request; the connection is closed behind it."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Run for the block."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        try:
            yield self
        finally:
            server.close()
            self.ended.set()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def send(self, writer: asyncio.StreamWriter, piece: bytes) -> None:
        """Send a piece and count it."""
        writer.write(piece)
        self.sent_bytes += len(piece)
        await writer.drain()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                request = await _read(reader)
                self.requests.append(request)
                await self.answer(request, writer)
        finally:
            self._open.discard(task)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    headers = {
        name.casefold(): value.strip()
        for name, _, value in (line.partition(":") for line in lines[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(lines[0].split()[1], headers, json.loads(body))
