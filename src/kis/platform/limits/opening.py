"""Which limiter an installation has."""

from kis.platform.limits.bucket import Limiter
from kis.platform.limits.in_process import InProcess


def open_limiter(redis_url: str) -> Limiter:
    """Return buckets shared in Redis, or without its address in this process."""
    if not redis_url:
        return InProcess()
    from kis.platform.limits.on_redis import RedisLimiter

    return RedisLimiter(redis_url, fallback=InProcess())
