"""Telling listeners what the engine is doing while it is doing it.

The engine runs in a thread and calls back; what it says is gathered and written in short transactions of its own, as much at a time as has come
together, so that a slow database never slows the engine down.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

from kis.platform.database import Database, Scope
from kis.quotations.events import Event, tell
from kis.quotations.life import EventKind, Status

MOST_AT_ONCE: Final = 200


class Teller:
    """Writes events of one quotation in processing, in the order they are said."""

    def __init__(self, database: Database, scope: Scope, quote_id: UUID) -> None:
        self._database = database
        self._scope = scope
        self._quote_id = quote_id
        self._loop = asyncio.get_running_loop()
        self._said: asyncio.Queue[Event | None] = asyncio.Queue()

    def say(self, kind: EventKind, **facts: Any) -> None:
        """Have an event written soon; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._said.put_nowait, Event(kind, facts))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator["Teller"]:
        """Write what is said within the block; at its end all of it is written, unless the block fails."""
        task = asyncio.create_task(self._write(), name="quotation.telling")
        try:
            yield self
        except BaseException:
            task.cancel()
            await asyncio.wait([task])
            raise
        # What a thread said last stands in the loop before this.
        self._loop.call_soon(self._said.put_nowait, None)
        await task

    async def _write(self) -> None:
        while (event := await self._said.get()) is not None:
            batch = [event]
            while len(batch) < MOST_AT_ONCE and not self._said.empty():
                following = self._said.get_nowait()
                if following is None:
                    await self._tell(batch)
                    return
                batch.append(following)
            await self._tell(batch)

    async def _tell(self, events: list[Event]) -> None:
        async with self._database.service(self._scope) as session:
            await tell(session, self._quote_id, events, while_in=[Status.PROCESSING])
