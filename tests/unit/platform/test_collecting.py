"""Garbage in rings goes soon where it is new, and in time where it was put aside."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from kis.platform.collecting import short_collections


class Ring:
    """Refers to itself, so that only a search finds it to be garbage."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_new_garbage_goes_with_the_next_small_search() -> None:
    async with short_collections(every_seconds=0, whole_every=1_000_000):
        ring = Ring()
        seen = weakref.ref(ring)
        del ring
        await turns(5)

        assert seen() is None


async def test_what_was_put_aside_goes_with_a_whole_search_and_not_before() -> None:
    ring = Ring()
    seen = weakref.ref(ring)
    async with short_collections(every_seconds=0, whole_every=1_000_000):
        await turns(5)
        del ring
        await turns(5)
        assert seen() is not None

    async with short_collections(every_seconds=0, whole_every=2):
        await turns(8)

        assert seen() is None


async def test_python_searches_as_before_when_the_block_ends() -> None:
    before = gc.get_threshold()

    async with short_collections():
        within = gc.get_threshold()

    assert within[2] > 100_000
    assert gc.get_threshold() == before
