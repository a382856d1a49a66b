"""How often someone may ask: token buckets, in this process or shared by all of them in Redis (``on_redis``, loaded where one is set)."""

from kis.platform.limits.bucket import Limiter, Rate, Verdict
from kis.platform.limits.in_process import InProcess
from kis.platform.limits.opening import open_limiter

__all__ = ["InProcess", "Limiter", "Rate", "Verdict", "open_limiter"]
