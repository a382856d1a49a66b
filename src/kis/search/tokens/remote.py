"""Morphemes from another process. While it is not there, or not quick enough, there are none: searches go on without."""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import structlog

from kis.platform.telemetry.metrics import SEARCH_ANALYZER_READY
from kis.search.tokens.analyzer import Morpheme
from kis.search.tokens.connection import Connection, Lost
from kis.search.tokens.frames import (
    LONGEST_QUICK,
    MOST_CHARACTERS,
    MOST_TEXTS,
    BrokenFrame,
    Frame,
    Kind,
    found_of,
)
from kis.search.tokens.links import Link

QUERY_SECONDS: Final = 0.25
"""Longest wait of a search for the morphemes of its query."""
CHARACTERS_A_SECOND: Final = 4_000
"""A tenth of what was measured: so much longer may longer texts take."""
WAITS_SECONDS: Final = 120.0
"""How long a caller who waits does so for a process, and for each part of what it asked."""
PATIENCE_SECONDS: Final = 20.0
"""How long work in the background waits for a process that is being started: better than to cut its texts twice."""
IMPATIENT_SECONDS: Final = 300.0
"""How long it does without, once it waited in vain."""
TRIES: Final = 3
"""A text that ends the process so often is done without."""
QUICK_CHARACTERS: Final = 500
BULK_CHARACTERS: Final = 20_000
"""Of one request: others have their turn between two of them."""
ON_THE_WAY: Final = 2
"""Requests that are sent before the first of them is answered."""
FIRST_PAUSE_SECONDS: Final = 0.05
LONGEST_DOUBT_SECONDS: Final = 5.0
SETTLED_SECONDS: Final = 30.0
"""A connection that held for so long was well: its end is the first again."""

log = structlog.get_logger(__name__)


class RemoteAnalyzer:
    """Asks the process at the end of a ``link``, and looks for it again whenever it is gone.

    ``waits``: until there is an answer, for callers whom nobody waits for; they are served after all others.
    ``patience_seconds``: how long a process that is not there is waited for, which it may just be started by being asked.
    """

    def __init__(self, link: Link, *, waits: bool = False, patience_seconds: float = 0.0) -> None:
        self._link = link
        self._waits = waits
        self._patience_seconds = patience_seconds
        self._impatient_until = 0.0
        self._connection: Connection | None = None
        self._connected = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._doubts = _Pauses(LONGEST_DOUBT_SECONDS)
        self._doubted_until = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether it is connected and answered in time when it was last asked. Where the process is awake for others it is looked for."""
        connection = self._connection
        if self._keeping is None and self._link.is_awake():
            self.start()
        return connection is not None and connection.is_open and time.monotonic() >= self._doubted_until

    def start(self) -> None:
        """Begin to look for the process; asking does that too."""
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())

    async def analyze(self, texts: Sequence[str], *, waits: bool = False) -> list[list[Morpheme]] | None:
        """Return the morphemes of each text; None without a process or without its answer in time. ``waits``: as of this analyzer, for these texts."""
        self.start()
        if self._waits or waits:
            return await self._waited_for(texts)
        if self._connection is None and self._patience_seconds:
            await self._be_patient()
        connection = self._connection
        if connection is None or not self.is_ready:
            return None
        characters = sum(map(len, texts))
        kind = Kind.QUICK if characters <= LONGEST_QUICK else Kind.BULK
        try:
            async with asyncio.timeout(QUERY_SECONDS + characters / CHARACTERS_A_SECOND):
                found = await _asked(connection, kind, texts)
        except TimeoutError:
            # It hangs, or the machine does: the next searches do not wait for it too.
            self._doubted_until = time.monotonic() + self._doubts.next()
            return None
        except (Lost, _Refused):
            return None
        self._doubts.reset()
        return found

    async def close(self) -> None:
        """Let go of the process."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})
        await self._link.close()

    async def _waited_for(self, texts: Sequence[str]) -> list[list[Morpheme]] | None:
        for _ in range(TRIES):
            connection = None
            try:
                connection = await self._awaited()
                return await _asked(connection, Kind.BULK, texts, seconds=WAITS_SECONDS)
            except Lost:
                self._forget(connection)  # which its keeper may not have noticed yet
            except (TimeoutError, _Refused):
                return None
        return None

    async def _awaited(self) -> Connection:
        """Return the connection as soon as there is one. Raises TimeoutError."""
        async with asyncio.timeout(WAITS_SECONDS):
            # Of several who waited for it the first may have found it lost already.
            while self._connection is None:
                await self._connected.wait()
        return self._connection

    async def _be_patient(self) -> None:
        if time.monotonic() < self._impatient_until:
            return
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._connected.wait()
        except TimeoutError:
            self._impatient_until = time.monotonic() + IMPATIENT_SECONDS

    def _forget(self, connection: Connection | None) -> None:
        if self._connection is connection:
            self._connection = None
            self._connected.clear()

    async def _keep(self) -> None:
        """Be connected, again and again."""
        pauses = _Pauses(self._link.longest_pause_seconds)
        while True:
            began = time.monotonic()
            with suppress(Lost, OSError):
                await self._hold(await self._link.connect())
            if time.monotonic() - began > SETTLED_SECONDS:
                pauses.reset()
            await asyncio.sleep(pauses.next())

    async def _hold(self, connection: Connection) -> None:
        self._connection = connection
        self._connected.set()
        SEARCH_ANALYZER_READY.set(1)
        try:
            await connection.ended()
        finally:
            self._forget(connection)
            SEARCH_ANALYZER_READY.set(0)
            await connection.close()
        log.warning("search.analyzer_lost")


async def _asked(
    connection: Connection, kind: Kind, texts: Sequence[str], *, seconds: float | None = None
) -> list[list[Morpheme]]:
    """Return the morphemes of texts, asked for in requests of which each is answered within ``seconds``. Raises TimeoutError, Lost, _Refused."""
    found: list[list[Morpheme]] = [[] for _ in texts]
    most = QUICK_CHARACTERS if kind is Kind.QUICK else BULK_CHARACTERS
    on_the_way: deque[tuple[list[_Part], asyncio.Future[Frame | None]]] = deque()

    async def take() -> None:
        parts, answer = on_the_way.popleft()
        async with asyncio.timeout(seconds):
            frame = await answer
        for part, morphemes in zip(parts, _morphemes(frame, len(parts)), strict=True):
            found[part.place].extend(_moved(morphemes, part.offset))

    try:
        for parts in _requests(texts, most):
            if len(on_the_way) == ON_THE_WAY:
                await take()
            on_the_way.append((parts, connection.ask(kind, [part.text for part in parts])))
        while on_the_way:
            await take()
    finally:
        for _, answer in on_the_way:
            answer.cancel()
    return found


def _morphemes(frame: Frame | None, texts: int) -> list[list[Morpheme]]:
    if frame is None:
        raise Lost
    if frame.kind is not Kind.FOUND:
        raise _Refused
    try:
        return found_of(frame.body, texts=texts)
    except BrokenFrame:
        raise _Refused from None


def _moved(morphemes: Sequence[Morpheme], offset: int) -> Sequence[Morpheme]:
    if not offset:
        return morphemes
    return [one._replace(start=one.start + offset) for one in morphemes]


class _Part(NamedTuple):
    """A text, or a piece of one that is too long for a request."""

    place: int
    offset: int
    text: str


def _requests(texts: Sequence[str], most: int) -> Iterator[list[_Part]]:
    """Yield the parts of each request: of ``most`` characters together, unless one alone is longer."""
    parts: list[_Part] = []
    characters = 0
    for part in _parts(texts):
        if parts and (characters + len(part.text) > most or len(parts) == MOST_TEXTS):
            yield parts
            parts, characters = [], 0
        parts.append(part)
        characters += len(part.text)
    if parts:
        yield parts


def _parts(texts: Sequence[str]) -> Iterator[_Part]:
    for place, text in enumerate(texts):
        offset = 0
        while len(text) - offset > MOST_CHARACTERS:
            latest = offset + MOST_CHARACTERS
            # Between two words; where there is no such place, anywhere.
            found = max(text.rfind(space, offset + 1, latest) for space in " \n")
            end = found if found > 0 else latest
            yield _Part(place, offset, text[offset:end])
            offset = end
        yield _Part(place, offset, text[offset:])


class _Refused(Exception):
    """The process could not do it, or answered what is no answer."""


class _Pauses:
    """Longer each time, up to a bound."""

    def __init__(self, longest_seconds: float) -> None:
        self._longest_seconds = longest_seconds
        self._seconds = FIRST_PAUSE_SECONDS

    def next(self) -> float:
        seconds = self._seconds
        self._seconds = min(self._longest_seconds, 2 * seconds)
        return seconds

    def reset(self) -> None:
        self._seconds = FIRST_PAUSE_SECONDS
