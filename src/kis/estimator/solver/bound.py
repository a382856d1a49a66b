"""How small the differences can possibly be, without searching for an assignment.

Let the free loads be cut into equal pieces of their common step and laid on the settled loads, always on the lowest phase. That
leaves the highest minimum and the lowest maximum at once, so no whole circuits do better. With nothing settled this is
⌈S/k⌉ − ⌊S/k⌋ for a total S on k phases; a settled load b that towers over the others gives b − ⌊(S−b)/(k−1)⌋. The
largest circuit may tower just so: it lies somewhere whole, and only the others are cut up.
"""

from collections.abc import Callable, Sequence
from math import gcd

from kis.estimator.solver.instance import Instance, spread


def least_load_spread(instance: Instance) -> int:
    """Return a bound on max − min of the phase loads, all free loads cut up."""
    return _even_pieces(instance.base_loads, instance.free_load, _step(instance))


def least_load_spread_beside_largest(instance: Instance) -> int:
    """Return a bound on max − min of the phase loads, the largest circuit left whole."""
    largest = max(instance.kinds, key=lambda kind: kind.load)
    rest = instance.free_load - largest.load * largest.lines
    return min(
        _even_pieces(
            [base + largest.load * (phase in choice) for phase, base in enumerate(instance.base_loads)],
            rest,
            _step(instance),
        )
        for choice in instance.choices(largest)
    )


def least_count_spread(instance: Instance) -> int:
    """Return a bound on max − min of the circuit counts, from even pieces."""
    return _even_pieces(
        instance.base_counts, instance.free_count, gcd(*(kind.weight for kind in instance.kinds))
    )


def window(total: int, phases: int, difference: int) -> tuple[int, int]:
    """Return the least and greatest value one phase may have when all lie within a difference of each other."""
    others = (phases - 1) * difference
    return -((others - total) // phases), (total + others) // phases


def _step(instance: Instance) -> int:
    return gcd(*(kind.load for kind in instance.kinds))


def _even_pieces(bases: Sequence[int], total: int, size: int) -> int:
    if total == 0:
        return spread(bases)
    pieces = total // size
    least_maximum = _smallest(
        max(bases), max(bases) + total, lambda top: sum((top - base) // size for base in bases) >= pieces
    )
    above_minimum = _smallest(
        min(bases),
        max(bases) + total,
        lambda low: sum(max(0, -((base - low) // size)) for base in bases) > pieces,
    )
    return least_maximum - (above_minimum - 1)


def _smallest(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the smallest number between ``low`` and ``high`` from which on ``holds`` is true."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
