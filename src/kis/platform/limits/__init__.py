"""How often someone may ask: token buckets, in this process or shared by all of them in Redis."""

from kis.platform.limits.bucket import Limiter, Rate, Verdict
from kis.platform.limits.in_process import InProcess
from kis.platform.limits.on_redis import RedisLimiter
from kis.platform.limits.opening import open_limiter

__all__ = ["InProcess", "Limiter", "Rate", "RedisLimiter", "Verdict", "open_limiter"]
