"""Bytes as they are, to a server on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson
from fastapi import FastAPI

from kis.api import ApiServer

SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Said:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def shape(self) -> dict[str, Any]:
        """Return the body as JSON."""
        shown: dict[str, Any] = orjson.loads(self.body)
        return shown


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[int]:
    """Yield the port at which ``app`` is served."""
    addresses: asyncio.Queue[str] = asyncio.Queue()
    server = ApiServer(app, app.state.application.settings, ready=addresses.put_nowait, owns_signals=False)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(SECONDS):
        address = await addresses.get()
    try:
        yield int(address.rpartition(":")[2])
    finally:
        server.stop()
        async with asyncio.timeout(SECONDS):
            await task


async def exchange(port: int, *pieces: bytes, most: int = 5) -> tuple[list[Said], bool]:
    """Send bytes; return the answers, at most so many, and whether the server closed the connection after them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers: list[Said] = []
    try:
        with suppress(ConnectionError):  # it may close before it has heard all
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
        async with asyncio.timeout(SECONDS):
            while len(answers) < most:
                answer = await _answer(reader)
                if answer is None:
                    return answers, True
                answers.append(answer)
        return answers, False
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> Said | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").splitlines()
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Said(int(first.split()[1]), headers, body)
