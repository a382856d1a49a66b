"""A server of its own on this machine that speaks OpenAI's ``/embeddings``, and misbehaves when it is told to."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any

from tests.factories.embedding import hashed
from tests.factories.model_server import ModelServer, Request

HUGE_BYTES = 100 * 2**20


class Says(Enum):
    """What the server does with a request."""

    VECTORS = auto()
    BACKWARDS = auto()
    """The vectors in another order, numbered."""
    NOTHING = auto()
    """It takes the request in and never answers."""
    BUSY = auto()
    BROKEN = auto()
    REFUSES = auto()
    NO_ENTRY = auto()
    ELSEWHERE = auto()
    HANGS_UP = auto()
    HTML = auto()
    HUGE = auto()
    OTHER_DIMENSIONS = auto()
    UNEVEN = auto()
    ZEROS = auto()
    TOO_FEW = auto()
    WORDS = auto()


STATUSES: Mapping[Says, str] = {
    Says.BUSY: "429 Too Many Requests",
    Says.BROKEN: "503 Service Unavailable",
    Says.REFUSES: "400 Bad Request",
    Says.NO_ENTRY: "401 Unauthorized",
    Says.ELSEWHERE: "307 Temporary Redirect",
}


class EmbeddingServer(ModelServer):
    """Answers as the script says, and well when it has ended. ``refused``: words it takes in no text; ``same``: words that mean another."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.dimensions = dimensions
        self.script: deque[Says] = deque()
        self.refused: set[str] = set()
        self.same: dict[str, str] = {}

    def says(self, *answers: Says) -> None:
        """Let the next requests be answered so."""
        self.script.extend(answers)

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """Answer as the script says."""
        says = self.script.popleft() if self.script else Says.VECTORS
        texts: Sequence[str] = request.body["input"]
        if any(word in text for word in self.refused for text in texts):
            says = Says.REFUSES
        if says is Says.NOTHING:
            await self.ended.wait()
        elif says is Says.HUGE:
            await self._send_much(writer)
        elif says is not Says.HANGS_UP:
            status = STATUSES.get(says, "200 OK")
            await self._send_whole(writer, status, self._body(says, texts, request))

    def _body(self, says: Says, texts: Sequence[str], request: Request) -> bytes:
        if says in STATUSES:
            told = f"{says.name} {request.headers.get('authorization', '')}"  # as some repeat the key
            return json.dumps({"error": {"message": told}}).encode()
        if says is Says.HTML:
            return b"<!doctype html><title>Welcome</title>"
        dimensions = self.dimensions + (says is Says.OTHER_DIMENSIONS)
        rows: list[Any] = [[3.0 * value for value in hashed(text, dimensions, self.same)] for text in texts]
        if says is Says.UNEVEN:
            rows[-1] = rows[-1][:-1]
        if says is Says.ZEROS:
            rows[0] = [0.0] * dimensions
        if says is Says.WORDS:
            rows[0] = ["0.5"] * dimensions
        if says is Says.TOO_FEW:
            rows.pop()
        data = [{"object": "embedding", "index": place, "embedding": row} for place, row in enumerate(rows)]
        return json.dumps({"object": "list", "data": data[:: -1 if says is Says.BACKWARDS else 1]}).encode()

    async def _send_whole(self, writer: asyncio.StreamWriter, status: str, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\nretry-after: 0\r\nlocation: {self.url}/else\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()

    async def _send_much(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n")
        piece = b"0.125, " * 9362
        while self.sent_bytes < HUGE_BYTES:
            await self.send(writer, piece)
