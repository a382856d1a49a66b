"""Vectors of queries: how long, how many at once, how often where the model fails."""

import asyncio
from collections.abc import Sequence

import pytest

from kis.search.vectors import EmbeddingsRefused, EmbeddingsUnavailable, QueryVectors, queries
from kis.search.vectors.embedders import Purpose
from tests.factories.embedding import HashedWords, hashed

GOOD = pytest.approx(hashed("blaze", 8), abs=1e-6)


class Model(HashedWords):
    """A model that fails so often, and answers when it is let."""

    def __init__(self, *fails: Exception) -> None:
        super().__init__(8)
        self.fails = list(fails)
        self.open = asyncio.Event()
        self.open.set()

    async def embed(self, texts: Sequence[str], *, of: Purpose) -> list[list[float]]:
        made = await super().embed(texts, of=of)
        await self.open.wait()
        if self.fails:
            raise self.fails.pop(0)
        return made


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_query_is_asked_for_as_a_query_and_once() -> None:
    model = Model()
    vectors = QueryVectors(model)

    assert [await vectors.of("blaze") for _ in range(2)] == [GOOD, GOOD]
    assert model.asked == [("query", ("blaze",))]


async def test_there_is_none_without_a_model_or_a_text() -> None:
    model = Model()

    assert await QueryVectors().of("blaze") == ()
    assert await QueryVectors(model).of("") == ()
    assert model.asked == []


async def test_the_last_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "KEPT", 2)
    model = Model()
    vectors = QueryVectors(model)

    for text in ("a", "b", "a", "c", "a", "b"):
        await vectors.of(text)

    assert [texts for _, (texts,) in model.asked] == ["a", "b", "c", "b"]


async def test_a_model_that_fails_is_left_alone_longer_each_time() -> None:
    clock, model = Clock(), Model(*(EmbeddingsUnavailable("unreachable") for _ in range(9)))
    vectors = QueryVectors(model, clock_seconds=clock)
    asked_at = []
    for _ in range(2000):
        before = len(model.asked)
        await vectors.of("blaze")
        if len(model.asked) > before:
            asked_at.append(clock.seconds - 100.0)
        clock.seconds += 0.5

    # 1, 2, 4, 8, 16, 32, then 60 seconds at most; the tenth is answered and kept.
    assert asked_at == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]


async def test_an_answer_makes_it_good_again() -> None:
    clock = Clock()
    away = EmbeddingsUnavailable("unreachable")
    model = Model(away, away)
    vectors = QueryVectors(model, clock_seconds=clock)
    for seconds in (0.0, 1.0, 2.0):
        clock.seconds += seconds
        last = await vectors.of("blaze")
    assert last == GOOD

    model.fails.append(away)
    assert await vectors.of("another") == ()
    clock.seconds += 1.0
    assert await vectors.of("blaze other") != ()


async def test_a_text_that_is_refused_is_nobody_elses_fault() -> None:
    vectors = QueryVectors(Model(EmbeddingsRefused(400)), clock_seconds=Clock())

    assert await vectors.of("blaze") == ()
    assert await vectors.of("other") != ()


async def test_a_model_that_does_not_answer_is_waited_for_no_longer_than_that() -> None:
    model = Model()
    model.open.clear()
    vectors = QueryVectors(model, seconds=0.05)

    assert await asyncio.wait_for(vectors.of("blaze"), 30) == ()
    model.open.set()
    assert await vectors.of("blaze") == (), "it rests"


async def test_no_endpoint_is_waited_for_longer_than_a_search_may_take() -> None:
    assert QueryVectors(Model(), seconds=600.0).longest_seconds == queries.LONGEST_SECONDS
    assert QueryVectors(Model(), seconds=0.5).longest_seconds == 0.5


async def test_few_wait_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_WAITING", 2)
    model = Model()
    model.open.clear()
    vectors = QueryVectors(model)
    waiting = [asyncio.create_task(vectors.of(text)) for text in ("blaze", "other")]
    await asyncio.sleep(0)

    assert await vectors.of("third") == ()
    model.open.set()
    assert [bool(vector) for vector in await asyncio.gather(*waiting)] == [True, True]
    assert await vectors.of("third") != ()


async def test_who_goes_away_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_WAITING", 1)
    model = Model()
    model.open.clear()
    vectors = QueryVectors(model)
    gone = asyncio.create_task(vectors.of("blaze"))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    model.open.set()

    assert await vectors.of("other") != ()
