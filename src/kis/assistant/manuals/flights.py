"""Work that many may want and that is done once: it goes on as long as one of them wants it, and is given up when none does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Flight(Generic[Made]):
    """One piece of work and how many want it."""

    def __init__(self, task: "asyncio.Task[Made]") -> None:
        self.task = task
        self.wanted = 0


class Flights(Generic[Made]):
    """What is on its way, by key."""

    def __init__(self) -> None:
        self._flights: dict[object, Flight[Made]] = {}
        self._ending: set[asyncio.Task[Made]] = set()

    def __len__(self) -> int:
        return len(self._flights)

    def join(self, key: object, work: Callable[[], Awaitable[Made]]) -> Flight[Made]:
        """Want what ``key`` stands for; begin with it unless somebody has. Who joined leaves once."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = Flight(asyncio.ensure_future(_run(work)))
            flight.task.add_done_callback(lambda task: self._landed(key, task))
        flight.wanted += 1
        return flight

    def leave(self, flight: Flight[Made]) -> None:
        """Want it no more."""
        flight.wanted -= 1
        if not flight.wanted and not flight.task.done():
            flight.task.cancel()
            self._ending.add(flight.task)
            flight.task.add_done_callback(self._ending.discard)
            # Whoever comes now begins anew: this one is ending.
            for key in [key for key, other in self._flights.items() if other is flight]:
                del self._flights[key]

    async def get(self, key: object, work: Callable[[], Awaitable[Made]]) -> Made:
        """Join, wait for the end, leave."""
        flight = self.join(key, work)
        try:
            return await asyncio.shield(flight.task)
        finally:
            self.leave(flight)

    async def close(self) -> None:
        """Give up all that is on its way, and wait until each piece of work has tidied up behind itself."""
        under_way = [flight.task for flight in self._flights.values()]
        for task in under_way:
            task.cancel()
        # What nobody wanted any more was told to end before: telling it twice would break off its tidying up.
        await asyncio.gather(*under_way, *self._ending, return_exceptions=True)

    def _landed(self, key: object, task: "asyncio.Task[Made]") -> None:
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]
        if not task.cancelled():
            task.exception()  # somebody has looked: nobody may be left who waits


async def _run(work: Callable[[], Awaitable[Made]]) -> Made:
    return await work()
