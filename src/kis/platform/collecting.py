"""Python's search for garbage, in pieces so small that nobody who waits for an answer notices.

By itself Python looks through everything that lives whenever a quarter was added: in a server that keeps answers some 0.3 s, in which nobody is answered. Here only
what is new is looked through, every few seconds; what is still needed then is put aside (``gc.freeze``). What was put aside and is needed no more goes when nothing
refers to it, as nearly everything does; for the few rings among it all is looked through once in a long while.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

EVERY_SECONDS: Final = 5.0
WHOLE_EVERY: Final = 720
"""So many small searches (an hour) to a whole one."""
_NEVER: Final = 1_000_000


@asynccontextmanager
async def short_collections(
    *, every_seconds: float = EVERY_SECONDS, whole_every: int = WHOLE_EVERY
) -> AsyncIterator[None]:
    """Search for garbage in small pieces while the block runs."""
    before = gc.get_threshold()
    gc.set_threshold(before[0], before[1], _NEVER)
    collecting = asyncio.create_task(_collect(every_seconds, whole_every))
    try:
        yield
    finally:
        collecting.cancel()
        with suppress(asyncio.CancelledError):
            await collecting
        gc.set_threshold(*before)


async def _collect(every_seconds: float, whole_every: int) -> None:
    done = 0
    while True:
        await asyncio.sleep(every_seconds)
        done += 1
        if done % whole_every == 0:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
