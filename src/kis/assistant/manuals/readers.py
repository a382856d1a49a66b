"""Processes that read documents, kept warm: one that dies, hangs or takes too much is replaced, and nobody but its own document notices."""

import asyncio
import os
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from kis.assistant.manuals.download import PDF
from kis.assistant.manuals.errors import ManualDamaged, ManualTooLong, ManualUnread, PageNotFound
from kis.assistant.things import Box

MEMORY_BYTES: Final = 1_500_000_000
"""What a process may take beside four times the largest document."""
MOST_DOCUMENTS: Final = 200
"""After so many a process is replaced: what libraries leak stays bounded."""
FEWEST_BYTES_SHARED: Final = 400_000
"""A PDF of so many bytes is read by all processes at once; smaller ones are done before their parts are put together."""
_LARGEST_ANSWER_BYTES: Final = 200_000_000
_HEAD: Final = struct.Struct(">Qc")

log = structlog.get_logger(__name__)


class OtherBytes(Exception):
    """The file is not what its name says, or gone."""


class Readers:
    """So many processes; each does one thing at a time, the others wait."""

    def __init__(
        self, count: int, *, timeout_seconds: float, largest_bytes: int, most_pages: int, reading: str
    ) -> None:
        self._count = count
        self._timeout_seconds = timeout_seconds
        self._memory_bytes = MEMORY_BYTES + 4 * largest_bytes
        self._most_pages = most_pages
        self._reading = reading
        self._free = asyncio.Semaphore(count)
        self._idle: list[_Reader] = []
        self._starting: set[asyncio.Task[None]] = set()
        self._is_warm = False
        self._is_closed = False

    def warm(self) -> None:
        """Have processes ready for what comes next: starting one takes a second, in which a document may still arrive."""
        if not self._is_warm:
            self._is_warm = True
            for _ in range(self._count):
                task = asyncio.create_task(self._start_idle())
                self._starting.add(task)
                task.add_done_callback(self._starting.discard)

    async def read(self, path: Path, sha256: str, media_type: str) -> bytes:
        """Return a document, read and packed. Raises ManualDamaged, ManualTooLong, ManualUnread; OtherBytes where the file has other bytes."""
        order = {"path": str(path), "sha256": sha256, "media_type": media_type}
        size_bytes = await asyncio.to_thread(_size_bytes, path)
        if media_type != PDF or size_bytes < FEWEST_BYTES_SHARED or self._count < 2:
            return await self._done({**order, "act": "read"})
        shared = {**order, "act": "part", "of": self._count, "most_pages": self._most_pages}
        parts = await _all(self._done({**shared, "number": number}) for number in range(self._count))
        return await self._done({**order, "act": "join"}, parts=parts)

    async def image(self, path: Path, sha256: str, page: int, boxes: Sequence[Box], width: int) -> bytes:
        """Return a page as PNG, what stands in the boxes marked. Raises PageNotFound and what reading raises."""
        corners = [(box.left, box.top, box.right, box.bottom) for box in boxes]
        order = {"act": "image", "path": str(path), "sha256": sha256, "page": page, "boxes": corners}
        return await self._done({**order, "width": width})

    async def close(self) -> None:
        """End all processes."""
        self._is_closed = True
        for task in tuple(self._starting):
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(reader.end() for reader in self._idle))
        self._idle.clear()

    async def _start_idle(self) -> None:
        # Where one cannot be started now, whoever needs it is told.
        with suppress(OSError):
            async with self._free:
                self._idle.append(await _Reader.start(self._reading, self._memory_bytes))

    async def _done(self, order: Mapping[str, Any], *, parts: Sequence[bytes] = ()) -> bytes:
        async with self._free:
            reader = (
                self._idle.pop() if self._idle else await _Reader.start(self._reading, self._memory_bytes)
            )
            is_well = False
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    letter, content = await reader.ask(order, parts)
                is_well = letter != b"m"
            except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
                log.warning("manuals.reader_lost", sha256=order["sha256"], error=type(error).__name__)
                raise ManualUnread(self._timeout_seconds) from error
            finally:
                # Also one whose caller has gone: nobody knows what it would say next.
                if is_well and not self._is_closed and reader.done < MOST_DOCUMENTS:
                    self._idle.append(reader)
                else:
                    await reader.end()
        return self._judged(letter, content, order.get("page", 0))

    def _judged(self, letter: bytes, content: bytes, page: int) -> bytes:
        if letter == b"k":
            return content
        if letter == b"o":
            raise OtherBytes
        if letter == b"p":
            raise PageNotFound(page)
        if letter == b"l":
            raise ManualTooLong(int(content), self._most_pages)
        if letter == b"m":
            raise ManualUnread(self._timeout_seconds)
        raise ManualDamaged


class _Reader:
    def __init__(self, process: Process) -> None:
        self._process = process
        self.done = 0

    @classmethod
    async def start(cls, reading: str, memory_bytes: int) -> "_Reader":
        words = (sys.executable, "-m", "kis.assistant.manuals.reading_process", reading, str(memory_bytes))
        return cls(
            await asyncio.create_subprocess_exec(
                *words, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment()
            )
        )

    async def ask(self, order: Mapping[str, Any], parts: Sequence[bytes]) -> tuple[bytes, bytes]:
        assert self._process.stdin is not None, "it was opened as a pipe"
        assert self._process.stdout is not None, "it was opened as a pipe"
        self.done += 1
        told = {**order, "part_bytes": [len(part) for part in parts]}
        self._process.stdin.write(b"".join((orjson.dumps(told), b"\n", *parts)))
        await self._process.stdin.drain()
        length, letter = _HEAD.unpack(await self._process.stdout.readexactly(_HEAD.size))
        if length > _LARGEST_ANSWER_BYTES:
            raise OSError("an answer larger than is read")
        return letter, await self._process.stdout.readexactly(length)

    async def end(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        # What it still says is taken in, for the pipe is closed only then.
        await asyncio.shield(self._process.communicate())


async def _all(works: Iterable[Coroutine[Any, Any, bytes]]) -> list[bytes]:
    """Return what all have made; when one fails the others are given up."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except ExceptionGroup as errors:
        # Each part tells the same of the document; the first to tell is enough.
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def _size_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        raise OtherBytes from None


def _environment() -> dict[str, str]:
    """Return what a reader needs to find its modules, and no more."""
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
    }
