"""Axes of charts: round numbers up to the largest value, and a few days among many."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

MOST_STEPS: Final = 5
_NICE: Final = (1, 2, 5, 10)


def steps(largest: float) -> tuple[int, ...]:
    """Return the marks of an axis that counts: from 0 in equal steps of 1, 2 or 5 times a power of ten, the last not below ``largest``."""
    least = max(1.0, largest / MOST_STEPS)
    power = 10 ** math.floor(math.log10(least))
    step = next(math.ceil(power * nice) for nice in _NICE if power * nice >= least)
    return tuple(step * place for place in range(max(1, math.ceil(largest / step)) + 1))


def some_of(days: Sequence[date], most: int) -> tuple[int, ...]:
    """Return the places of at most so many days, as far from each other as can be, evenly, from the first on."""
    every = max(1, math.ceil(len(days) / most))
    return tuple(range(0, len(days), every))
