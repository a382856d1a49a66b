"""Buckets in Redis: one count for all processes of an installation, taken in one atomic script by the clock of the Redis server.

When Redis does not answer, each process counts for itself until it does: callers are neither shut out (a limit is no reason to be down) nor let
through without one (guessing passwords must not become free because a cache fell over). Every such answer is counted (``rate_limiter_fallbacks_total``).
"""

import time
from collections.abc import Callable
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from kis.platform.limits.bucket import Limiter, Rate, Verdict, verdict
from kis.platform.telemetry import metrics

TIMEOUT_SECONDS: Final = 0.25
PAUSE_SECONDS: Final = 2.0
"""How long Redis is left alone after it did not answer, so that not every request waits for it."""
KEY_PREFIX: Final = "kis:limit:"

SCRIPT: Final = """
local limit = tonumber(ARGV[1])
local milliseconds_per_token = tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1])
local at = tonumber(bucket[2])
if tokens == nil or at == nil then
  tokens = limit
  at = now
end
tokens = math.min(limit, tokens + math.max(0, now - at) / milliseconds_per_token)
local allowed = 0
if tokens >= 1 then
  tokens = tokens - 1
  allowed = 1
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.9f', tokens), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(limit * milliseconds_per_token) + 1000)
return {allowed, string.format('%.9f', tokens)}
"""

log = structlog.get_logger(__name__)


class RedisLimiter:
    """Buckets by key in Redis; ``fallback`` counts while it does not answer."""

    def __init__(
        self,
        url: str,
        *,
        fallback: Limiter,
        prefix: str = KEY_PREFIX,
        clock_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, decode_responses=True
        )
        self._script = self._redis.register_script(SCRIPT)
        self._fallback = fallback
        self._prefix = prefix
        self._clock_seconds = clock_seconds
        self._paused_until = float("-inf")

    async def take(self, key: str, rate: Rate) -> Verdict:
        """Take one token of ``key``'s bucket, if there is one."""
        if self._clock_seconds() >= self._paused_until:
            try:
                return await self._taken(key, rate)
            except (RedisError, OSError, TimeoutError) as error:
                self._paused_until = self._clock_seconds() + PAUSE_SECONDS
                log.warning("limits.redis_unavailable", error=type(error).__name__)
        metrics.RATE_LIMITER_FALLBACKS.inc()
        return await self._fallback.take(key, rate)

    async def close(self) -> None:
        """Close the connections to Redis."""
        await self._redis.aclose()
        await self._fallback.close()

    async def _taken(self, key: str, rate: Rate) -> Verdict:
        allowed, tokens = await self._script(
            keys=[self._prefix + key], args=[rate.limit, rate.seconds_per_token * 1000]
        )
        return verdict(allowed=int(allowed) == 1, left=float(tokens), rate=rate)
