"""How long to wait before another try."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential with full jitter: any time up to the doubled one, so that what failed together does not come back together."""

    first_seconds: float = 2.0
    longest_seconds: float = 60.0

    def after(self, attempt: int) -> float:
        """Return the seconds to wait after the ``attempt``-th try, counted from 1."""
        most = min(self.longest_seconds, self.first_seconds * 2.0 ** (attempt - 1))
        return random.uniform(0.0, most)  # noqa: S311 - spreads tries, hides nothing
