"""A server of its own on this machine that speaks OpenAI's ``/chat/completions``, streams what it is told to say, and misbehaves when it is told to."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

from tests.factories.model_server import ModelServer, Request

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


class ScriptedModel(ModelServer):
    """Answers one request after the other as the scripts say; when they have ended it answers with the last."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: deque[Script] = deque()
        self._last = Script()

    def says(self, *words: str | Script) -> None:
        """Let the next requests be answered so."""
        self.scripts.extend(each if isinstance(each, Script) else Script(each) for each in words)

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """Answer as the script says."""
        script = self._last = self.scripts.popleft() if self.scripts else self._last
        if script.status != 200:
            told = f"refused {request.headers.get('authorization', '')}".encode()  # as some repeat the key
            head = f"HTTP/1.1 {script.status} No\r\ncontent-length: {len(told)}\r\nconnection: close\r\n\r\n"
            writer.write(head.encode() + told)
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        for begin in range(0, len(script.words), _PIECE_LETTERS):
            await self.send(writer, event(script.words[begin : begin + _PIECE_LETTERS]))
        await self._finish(script.end, writer)

    async def _finish(self, end: End, writer: asyncio.StreamWriter) -> None:
        if end is End.STALLS:
            await self.ended.wait()
        elif end is End.BROKEN_JSON:
            await self.send(writer, b'data: {"choices": [\n\n')
        elif end is End.HUGE:
            while self.sent_bytes < HUGE_BYTES:
                await self.send(writer, event("more and more " * 5000))
        elif end is End.WELL:
            await self.send(writer, b"data: [DONE]\n\n")


def event(words: str) -> bytes:
    """Return the event of a stream that says these words."""
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": words}}]}).encode() + b"\n\n"
