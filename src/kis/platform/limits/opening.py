"""Which limiter an installation has."""

from kis.platform.limits.bucket import Limiter
from kis.platform.limits.in_process import InProcess
from kis.platform.limits.on_redis import RedisLimiter


def open_limiter(redis_url: str) -> Limiter:
    """Return buckets shared in Redis, or without its address in this process."""
    return RedisLimiter(redis_url, fallback=InProcess()) if redis_url else InProcess()
