"""Waiting for something to become true, and no longer than is reasonable."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")


async def eventually(
    check: Callable[[], Awaitable[Found]], *, seconds: float = 60.0, every_seconds: float = 0.03
) -> Found:
    """Return what ``check`` returns once it is true. Raises AssertionError with its last answer after ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        found = await check()
        if found:
            return found
        assert time.monotonic() < end, f"not within {seconds:g} s; the last answer was {found!r}"
        await asyncio.sleep(every_seconds)
