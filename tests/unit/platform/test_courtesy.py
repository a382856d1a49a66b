"""Work that steps back for those who wait for an instant answer."""

import asyncio
from collections.abc import Iterator

from kis.platform.courtesy import CALM_SECONDS, LONGEST_SECONDS, others_first

BUSY_SECONDS = 2 * CALM_SECONDS


def clock(*turns: float) -> Iterator[float]:
    """Yield the time before the first turn and after each."""
    now = 1000.0
    yield now
    for each in turns:
        now += each
        yield now


async def test_where_nobody_waits_one_turn_is_all_there_is_to_it() -> None:
    times = clock(0.0, BUSY_SECONDS)

    await others_first(clock_seconds=lambda: next(times))

    assert len(list(times)) == 1


async def test_others_have_their_turns_until_one_is_short() -> None:
    times = clock(BUSY_SECONDS, BUSY_SECONDS, BUSY_SECONDS, CALM_SECONDS / 2, BUSY_SECONDS)

    await others_first(clock_seconds=lambda: next(times))

    assert len(list(times)) == 1


async def test_what_others_have_to_do_meanwhile_is_done() -> None:
    done: list[int] = []
    loop = asyncio.get_running_loop()

    def work(left: int) -> None:
        done.append(left)
        if left:
            loop.call_soon(work, left - 1)

    loop.call_soon(work, 3)
    times = clock(*[BUSY_SECONDS] * 4, 0.0)

    await others_first(clock_seconds=lambda: next(times))

    assert done == [3, 2, 1, 0]


async def test_who_is_never_let_through_goes_on_after_a_while() -> None:
    times = clock(*[LONGEST_SECONDS / 8] * 20)

    left_seconds = await others_first(clock_seconds=lambda: next(times))

    assert 20 - len(list(times)) == 8
    assert left_seconds == 0.0


async def test_pieces_of_one_work_step_back_so_long_in_all() -> None:
    times = clock(0.125, 0.25, 0.0, 0.125, 0.125, 0.25)

    left_seconds = await others_first(0.75, clock_seconds=lambda: next(times))
    assert left_seconds == 0.375

    left_seconds = await others_first(left_seconds, clock_seconds=lambda: next(times))
    assert (left_seconds, list(times)) == (0.0, [])
