"""How long the disk takes to keep a small write while something else is measured: no commit is faster than that."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

BYTES: Final = 8192
"""A page of PostgreSQL's log."""
FILE_BYTES: Final = 16 * 2**20
EVERY_SECONDS: Final = 0.2


@asynccontextmanager
async def disk_watched(folder: Path) -> AsyncIterator[list[float]]:
    """Write a page through to the disk of ``folder`` five times a second while the block runs; give the milliseconds each took."""
    times: list[float] = []
    watching = asyncio.create_task(_watch(folder / "disk.probe", times))
    try:
        yield times
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(path: Path, times: list[float]) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.write(
            descriptor, bytes(FILE_BYTES)
        )  # as PostgreSQL does: the file does not grow while it is timed
        os.fsync(descriptor)
        for number in range(FILE_BYTES // BYTES):
            times.append(await asyncio.to_thread(_write_page, descriptor, number * BYTES))
            await asyncio.sleep(EVERY_SECONDS)
    finally:
        os.close(descriptor)
        os.unlink(path)  # noqa: PTH108 - at the end nothing else waits for the event loop


def _write_page(descriptor: int, offset: int) -> float:
    started = time.perf_counter()
    os.pwrite(descriptor, os.urandom(BYTES), offset)
    os.fdatasync(descriptor)
    return (time.perf_counter() - started) * 1000
