"""A connection to an analyzer's process: many requests at a time, each answered when it is done."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from itertools import count

from kis.search.tokens.frames import (
    LARGEST_ANSWER_BYTES,
    PROTOCOL,
    BrokenFrame,
    Frame,
    Kind,
    body_of_texts,
    packed,
    read_frame,
)


class Lost(Exception):
    """The process is gone, or speaks another language."""


class Connection:
    """One that was greeted. It is open until the process ends, says what it should not, or this is closed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[Frame | None]] = {}
        self._reading = asyncio.create_task(self._read(reader))

    @classmethod
    async def greeted(cls, connected: socket.socket, *, seconds: float) -> "Connection":
        """Return the connection over a socket once the process has said hello. Raises Lost, and TimeoutError where it has not within ``seconds``."""
        reader, writer = await asyncio.open_unix_connection(sock=connected)
        try:
            async with asyncio.timeout(seconds):
                hello = await read_frame(reader, most_bytes=len(PROTOCOL))
        except (BrokenFrame, ConnectionError, asyncio.IncompleteReadError) as error:
            writer.close()
            raise Lost from error
        except BaseException:
            writer.close()
            raise
        if hello != Frame(Kind.HELLO, 0, PROTOCOL):
            writer.close()
            raise Lost
        return cls(reader, writer)

    @property
    def is_open(self) -> bool:
        """Whether requests may be sent."""
        return not self._reading.done()

    def ask(self, kind: Kind, texts: Sequence[str]) -> "asyncio.Future[Frame | None]":
        """Send texts and return the frame that will answer them, None where the connection ends before. Raises Lost where it has ended."""
        if not self.is_open:
            raise Lost
        number = next(self._numbers)
        answer: asyncio.Future[Frame | None] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        answer.add_done_callback(lambda _: self._asked.pop(number, None))
        self._writer.write(packed(kind, number, body_of_texts(texts)))
        return answer

    async def ended(self) -> None:
        """Return when the connection is no more."""
        await asyncio.wait({self._reading})

    async def close(self) -> None:
        """End it."""
        self._reading.cancel()
        await asyncio.wait({self._reading})

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while (frame := await read_frame(reader, most_bytes=LARGEST_ANSWER_BYTES)) is not None:
                answer = self._asked.get(frame.number)
                if answer is not None and not answer.done():  # else nobody waits for it any more
                    answer.set_result(frame)
        except (BrokenFrame, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writer.close()
            for answer in list(self._asked.values()):
                if not answer.done():
                    answer.set_result(None)
            with suppress(ConnectionError):
                await self._writer.wait_closed()
