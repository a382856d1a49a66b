"""A server of its own on this machine that speaks OpenAI's ``/chat/completions``, streams what it is told to say, and misbehaves when it is told to."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

HUGE_BYTES = 50 * 2**20
_PIECE_LETTERS = 7


class End(Enum):
    """How an answer ends."""

    WELL = auto()
    STALLS = auto()
    """It says its words and then nothing more."""
    BREAKS = auto()
    """The connection ends after the words, without the mark of the end."""
    BROKEN_JSON = auto()
    """What comes after the words is no JSON."""
    HUGE = auto()
    """It goes on and on."""


@dataclass(frozen=True)
class Script:
    """What one request is answered with."""

    words: str = ""
    end: End = End.WELL
    status: int = 200


@dataclass(frozen=True)
class Asked:
    """What somebody asked."""

    path: str
    headers: Mapping[str, str]
    body: Any

    @property
    def text(self) -> str:
        """Return all words of its messages."""
        return json.dumps(self.body["messages"], ensure_ascii=False)


class ScriptedModel:
    """Answers one request after the other as the scripts say; when they have ended it answers with the last."""

    def __init__(self) -> None:
        self.scripts: deque[Script] = deque()
        self.asked: list[Asked] = []
        self.sent_bytes = 0
        self.url = ""
        self._last = Script()
        self._open: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()

    def says(self, *words: str | Script) -> None:
        """Let the next requests be answered so."""
        self.scripts.extend(each if isinstance(each, Script) else Script(each) for each in words)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request of one connection."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._answer(await _read(reader), writer)
        finally:
            self._open.discard(task)
            writer.close()

    async def end(self) -> None:
        """Let go of those that wait."""
        self._ended.set()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.append(asked)
        script = self._last = self.scripts.popleft() if self.scripts else self._last
        if script.status != 200:
            told = f"refused {asked.headers.get('authorization', '')}".encode()  # as some repeat the key
            head = f"HTTP/1.1 {script.status} No\r\ncontent-length: {len(told)}\r\nconnection: close\r\n\r\n"
            writer.write(head.encode() + told)
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        for begin in range(0, len(script.words), _PIECE_LETTERS):
            await self._send(writer, event(script.words[begin : begin + _PIECE_LETTERS]))
        await self._finish(script.end, writer)

    async def _finish(self, end: End, writer: asyncio.StreamWriter) -> None:
        if end is End.STALLS:
            await self._ended.wait()
        elif end is End.BROKEN_JSON:
            await self._send(writer, b'data: {"choices": [\n\n')
        elif end is End.HUGE:
            while self.sent_bytes < HUGE_BYTES:
                await self._send(writer, event("more and more " * 5000))
        elif end is End.WELL:
            await self._send(writer, b"data: [DONE]\n\n")

    async def _send(self, writer: asyncio.StreamWriter, piece: bytes) -> None:
        writer.write(piece)
        self.sent_bytes += len(piece)
        await writer.drain()


def event(words: str) -> bytes:
    """Return the event of a stream that says these words."""
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": words}}]}).encode() + b"\n\n"


async def _read(reader: asyncio.StreamReader) -> Asked:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    headers = {
        name.casefold(): value.strip()
        for name, _, value in (line.partition(":") for line in lines[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(lines[0].split()[1], headers, json.loads(body))


@asynccontextmanager
async def scripted_model() -> AsyncIterator[ScriptedModel]:
    """Run a server for the block."""
    told = ScriptedModel()
    server = await asyncio.start_server(told.serve, "127.0.0.1", 0, limit=2**24)
    told.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield told
    finally:
        server.close()
        await told.end()
