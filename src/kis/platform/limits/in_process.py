"""Buckets in this process's memory, for an installation of one process and for when Redis does not answer."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from kis.platform.limits.bucket import Rate, Verdict, spent

MOST_BUCKETS: Final = 50_000
"""About 10 MB. Past it the bucket not touched for longest is forgotten: someone with that many addresses is not stopped by counting them."""


class InProcess:
    """Buckets by key, the least recently used dropped first."""

    def __init__(
        self, *, most_buckets: int = MOST_BUCKETS, clock_seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._most_buckets = most_buckets
        self._clock_seconds = clock_seconds

    async def take(self, key: str, rate: Rate) -> Verdict:
        """Take one token of ``key``'s bucket, if there is one."""
        now = self._clock_seconds()
        tokens, at = self._buckets.pop(key, (float(rate.limit), now))
        tokens = min(float(rate.limit), tokens + (now - at) / rate.seconds_per_token)
        left, verdict = spent(tokens, rate)
        self._buckets[key] = (left, now)
        if len(self._buckets) > self._most_buckets:
            self._buckets.popitem(last=False)
        return verdict

    async def close(self) -> None:
        """Forget every bucket."""
        self._buckets.clear()

    def __len__(self) -> int:
        return len(self._buckets)
