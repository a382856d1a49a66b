"""The bucket's rule, once: ``limit`` tokens at most, one back every ``period / limit`` seconds, an act takes one.

A caller may spend the whole bucket at once (a page that asks for twenty things) and from then on goes at the rate. Nothing has to be swept: a
bucket nobody touched for a period is full, and a full one is the same as none.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """``limit`` acts in ``period_seconds``."""

    limit: int
    period_seconds: float = 60.0

    @property
    def seconds_per_token(self) -> float:
        """Return after how long one more act is free."""
        return self.period_seconds / self.limit


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the act may go on, and what the caller is told about the next one."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: float
    """Until the bucket is full again."""
    retry_after_seconds: float = 0.0
    """Until the next act is allowed; 0 when there is one left."""


class Limiter(Protocol):
    """Counts acts by key. What does not fit is refused, never queued."""

    async def take(self, key: str, rate: Rate) -> Verdict:
        """Take one token of ``key``'s bucket, if there is one. A refused act takes none."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def spent(tokens: float, rate: Rate) -> tuple[float, Verdict]:
    """Return what is left of a bucket that holds ``tokens`` now and is asked for one, and the verdict."""
    allowed = tokens >= 1.0
    left = tokens - 1.0 if allowed else tokens
    return left, verdict(allowed=allowed, left=left, rate=rate)


def verdict(*, allowed: bool, left: float, rate: Rate) -> Verdict:
    """Return the verdict over a bucket with ``left`` tokens after the act."""
    return Verdict(
        allowed=allowed,
        limit=rate.limit,
        remaining=int(left),
        reset_seconds=(rate.limit - left) * rate.seconds_per_token,
        retry_after_seconds=max(0.0, 1.0 - left) * rate.seconds_per_token,
    )
