"""Morphemes from a process that comes and goes, over a socket of the test's own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kis.search.tokens.analyzer import Morpheme
from kis.search.tokens.connection import Connection
from kis.search.tokens.frames import PROTOCOL, Kind, body_of_found, packed, read_frame, texts_of
from kis.search.tokens.remote import RemoteAnalyzer

SECONDS = 10.0


class ScriptedLink:
    """A process that is lost as soon as it is reached, the first ``losses`` times, and answers then: each text is one noun."""

    longest_pause_seconds = 0.0

    def __init__(self, losses: int) -> None:
        self.losses = losses
        self.is_let_in = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    def is_awake(self) -> bool:
        return True

    async def connect(self) -> Connection:
        await self.is_let_in.wait()
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=theirs)
        writer.write(packed(Kind.HELLO, 0, PROTOCOL))
        connection = await Connection.greeted(ours, seconds=SECONDS)
        if self.losses:
            self.losses -= 1
            writer.close()
            await connection.ended()
        else:
            self._serving = asyncio.create_task(self._serve(reader, writer))
        return connection

    async def close(self) -> None:
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.wait({self._serving})

    @staticmethod
    async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (frame := await read_frame(reader, most_bytes=10_000)) is not None:
                found = [[Morpheme(text, "NNG", 0, len(text))] for text in texts_of(frame.body)]
                writer.write(packed(Kind.FOUND, frame.number, body_of_found(found)))
        finally:
            writer.close()


@asynccontextmanager
async def analyzer_at(link: ScriptedLink) -> AsyncIterator[RemoteAnalyzer]:
    analyzer = RemoteAnalyzer(link, waits=True)
    try:
        yield analyzer
    finally:
        await analyzer.close()


async def test_all_who_wait_are_answered_though_the_first_connection_is_lost_at_once() -> None:
    link = ScriptedLink(losses=1)
    async with analyzer_at(link) as analyzer, asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
        asked = [group.create_task(analyzer.analyze([text])) for text in ("차단기", "분전반", "전선")]
        link.is_let_in.set()
    assert [task.result() for task in asked] == [
        [[Morpheme(text, "NNG", 0, len(text))]] for text in ("차단기", "분전반", "전선")
    ]


async def test_a_process_that_is_lost_again_and_again_is_done_without() -> None:
    link = ScriptedLink(losses=100)
    link.is_let_in.set()
    async with analyzer_at(link) as analyzer, asyncio.timeout(SECONDS):
        assert await analyzer.analyze(["차단기"]) is None
    assert 0 < link.losses < 100
