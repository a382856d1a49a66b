"""One contract for the buckets in this process and those in Redis."""

import asyncio
import secrets
import socket
import threading
from collections.abc import AsyncIterator

import pytest

from kis.platform.limits import InProcess, Limiter, Rate, Verdict
from kis.platform.limits.on_redis import PAUSE_SECONDS, RedisLimiter
from kis.platform.telemetry import metrics
from tests.factories.waiting import eventually


@pytest.fixture(params=["in process", "redis"])
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[Limiter]:
    made: Limiter
    if request.param == "redis":
        url: str = request.getfixturevalue("redis_server")
        made = RedisLimiter(url, fallback=NoFallback(), prefix=f"test:{secrets.token_hex(4)}:")
    else:
        made = InProcess()
    yield made
    await made.close()


class NoFallback:
    """Must not be asked: a test of Redis that is answered by something else proves nothing."""

    async def take(self, key: str, rate: Rate) -> Verdict:
        raise AssertionError(f"Redis was not asked for {key} at {rate}")

    async def close(self) -> None:
        pass


SLOW = Rate(3, 3600.0)
FAST = Rate(2, 1.0)


class TestLimiter:
    async def test_lets_a_bucket_be_spent_at_once_and_then_refuses(self, limiter: Limiter) -> None:
        verdicts = [await limiter.take("a", SLOW) for _ in range(4)]
        assert [each.allowed for each in verdicts] == [True, True, True, False]
        assert [each.remaining for each in verdicts] == [2, 1, 0, 0]
        assert {each.limit for each in verdicts} == {3}

    async def test_tells_when_the_next_is_free_and_when_all_are(self, limiter: Limiter) -> None:
        first = await limiter.take("a", SLOW)
        assert first.retry_after_seconds == 0
        assert first.reset_seconds == pytest.approx(1200, abs=1)
        await limiter.take("a", SLOW)
        last = await limiter.take("a", SLOW)
        assert last.retry_after_seconds == pytest.approx(1200, abs=2)
        refused = await limiter.take("a", SLOW)
        assert refused.retry_after_seconds == pytest.approx(1200, abs=2)
        assert refused.reset_seconds == pytest.approx(3600, abs=2)

    async def test_counts_each_key_by_itself(self, limiter: Limiter) -> None:
        for _ in range(3):
            await limiter.take("a", SLOW)
        assert not (await limiter.take("a", SLOW)).allowed
        assert (await limiter.take("b", SLOW)).remaining == 2

    async def test_fills_again_with_time_and_no_further_than_full(self, limiter: Limiter) -> None:
        for _ in range(2):
            await limiter.take("a", FAST)
        assert not (await limiter.take("a", FAST)).allowed

        async def full() -> bool:
            return (await limiter.take("a", FAST)).remaining == 1

        assert await eventually(full, seconds=10, every_seconds=FAST.period_seconds * 1.5)
        after = [await limiter.take("a", FAST) for _ in range(2)]
        assert [each.allowed for each in after] == [True, False]

    async def test_counts_every_one_of_many_at_once(self, limiter: Limiter) -> None:
        rate = Rate(10, 3600.0)
        verdicts = await asyncio.gather(*(limiter.take("a", rate) for _ in range(40)))
        assert sum(each.allowed for each in verdicts) == 10

    async def test_takes_nothing_for_what_it_refuses(self, limiter: Limiter) -> None:
        for _ in range(3):
            await limiter.take("a", SLOW)
        first = await limiter.take("a", SLOW)
        for _ in range(5):
            last = await limiter.take("a", SLOW)
        assert last.retry_after_seconds <= first.retry_after_seconds


class TestRedisLimiter:
    async def test_is_one_count_for_several_processes(self, redis_server: str) -> None:
        prefix = f"test:{secrets.token_hex(4)}:"
        both = [RedisLimiter(redis_server, fallback=NoFallback(), prefix=prefix) for _ in range(2)]
        rate = Rate(10, 3600.0)
        verdicts = await asyncio.gather(*(each.take("a", rate) for each in both for _ in range(10)))
        assert sum(each.allowed for each in verdicts) == 10
        for each in both:
            await each.close()

    async def test_leaves_no_bucket_in_redis_for_ever(self, redis_server: str) -> None:
        prefix = f"test:{secrets.token_hex(4)}:"
        limiter = RedisLimiter(redis_server, fallback=NoFallback(), prefix=prefix)
        await limiter.take("a", Rate(10, 60.0))
        left = await limiter._redis.pttl(f"{prefix}a")
        assert 0 < left <= 61_000
        await limiter.close()

    async def test_counts_for_itself_while_redis_is_away_without_waiting_each_time(self) -> None:
        now = [0.0]
        with socket.create_server(("127.0.0.1", 0)) as silent:
            connections: list[socket.socket] = []
            thread = threading.Thread(target=_hold, args=(silent, connections), daemon=True)
            thread.start()
            url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
            limiter = RedisLimiter(url, fallback=InProcess(), clock_seconds=lambda: now[0])
            before = fallbacks()
            verdicts = [await limiter.take("a", SLOW) for _ in range(4)]
            assert [each.allowed for each in verdicts] == [True, True, True, False]
            assert fallbacks() == before + 4
            asked = len(connections)
            await limiter.take("a", SLOW)
            assert len(connections) == asked, "it asked again although it had no answer a moment ago"
            now[0] += PAUSE_SECONDS
            await limiter.take("a", SLOW)
            assert len(connections) > asked
            await limiter.close()
        for connection in connections:
            connection.close()


def fallbacks() -> float:
    return metrics.REGISTRY.get_sample_value("rate_limiter_fallbacks_total") or 0.0


def _hold(server: socket.socket, connections: list[socket.socket]) -> None:
    """Take connections and say nothing."""
    while True:
        try:
            connections.append(server.accept()[0])
        except OSError:
            return


class TestInProcess:
    async def test_forgets_the_bucket_longest_untouched(self) -> None:
        limiter = InProcess(most_buckets=2)
        await limiter.take("a", SLOW)
        await limiter.take("b", SLOW)
        await limiter.take("a", SLOW)
        await limiter.take("c", SLOW)
        assert len(limiter) == 2
        assert (await limiter.take("a", SLOW)).remaining == 0
        assert (await limiter.take("b", SLOW)).remaining == 2
