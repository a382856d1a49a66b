"""Work that takes its turn behind those who wait for an instant answer, in the event loop they share.

Whoever types waits for each key press; whoever asked waits for a sentence anyway. Before a piece of work of some milliseconds the loop is let turn until one turn
of it was short, so that nothing is waiting any more; where that does not come, the work is done all the same.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

CALM_SECONDS: Final = 0.002
"""A turn that took no longer had hardly anything to do."""
LONGEST_SECONDS: Final = 1.5
"""So long the work steps back in all, and no longer."""


async def others_first(
    longest_seconds: float = LONGEST_SECONDS, *, clock_seconds: Callable[[], float] = time.monotonic
) -> float:
    """Wait until the event loop has a calm moment, and return how much of ``longest_seconds`` is left for the work's next piece."""
    began = last = clock_seconds()
    while True:
        await asyncio.sleep(0)
        now = clock_seconds()
        if now - last <= CALM_SECONDS or now - began >= longest_seconds:
            return max(0.0, longest_seconds - (now - began))
        last = now
