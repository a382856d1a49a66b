import asyncio

from kis.assistant.manuals.flights import Flights


class Work:
    """Counts its beginnings; ends when it is let."""

    def __init__(self) -> None:
        self.begun = 0
        self.given_up = 0
        self.let = asyncio.Event()

    async def __call__(self) -> str:
        self.begun += 1
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return "made"


async def turn() -> None:
    """Let all others have their turn."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_hundred_who_want_the_same_cause_it_once() -> None:
    flights: Flights[str] = Flights()
    work = Work()
    waiting = [asyncio.create_task(flights.get("a", work)) for _ in range(100)]
    await turn()
    work.let.set()
    assert await asyncio.gather(*waiting) == ["made"] * 100
    assert work.begun == 1
    assert len(flights) == 0


async def test_one_who_goes_does_not_end_it_for_the_others() -> None:
    flights: Flights[str] = Flights()
    work = Work()
    first, second = (asyncio.create_task(flights.get("a", work)) for _ in range(2))
    await turn()
    first.cancel()
    await turn()
    work.let.set()
    assert await second == "made"
    assert work.given_up == 0


async def test_it_is_given_up_when_the_last_one_goes() -> None:
    flights: Flights[str] = Flights()
    work = Work()
    flight = flights.join("a", work)
    await turn()
    flights.leave(flight)
    await turn()
    assert (work.given_up, len(flights)) == (1, 0)


async def test_who_comes_after_it_was_given_up_begins_anew() -> None:
    flights: Flights[str] = Flights()
    work = Work()
    flight = flights.join("a", work)
    await turn()
    flights.leave(flight)
    waiting = asyncio.create_task(flights.get("a", work))
    await turn()
    work.let.set()
    assert await waiting == "made"
    assert work.begun == 2


async def test_what_fails_fails_for_all_and_is_tried_again_by_the_next() -> None:
    flights: Flights[str] = Flights()

    async def fails() -> str:
        raise LookupError

    for _ in range(2):
        told = await asyncio.gather(*(flights.get("a", fails) for _ in range(3)), return_exceptions=True)
        assert [type(one) for one in told] == [LookupError] * 3


async def test_closing_waits_for_the_tidying_up_of_what_nobody_wanted_any_more() -> None:
    flights: Flights[str] = Flights()
    tidied = asyncio.Event()
    never: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def work() -> str:
        try:
            return await never
        finally:
            await turn()
            tidied.set()

    flight = flights.join("a", work)
    await turn()
    flights.leave(flight)
    await flights.close()
    assert tidied.is_set()
