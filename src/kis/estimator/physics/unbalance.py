"""How evenly the phases are loaded, by four definitions that differ by more than a factor of two.

Print the definition beside the number: for 80/60/60 they say 0.25, 30 %, 20 % and a count difference of 1.
Loads are whole VA or exact fractions of VA, one per phase, so every figure but the neutral current is exact.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Load = int | Fraction
"""The load of one phase in VA (in A for the neutral current), exact."""

NEUTRAL_CURRENT_DIGITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbalance:
    """The four figures side by side; ``None`` where one has no meaning (no load, one phase, no circuits)."""

    imbalance: Fraction
    korean_percent: Fraction | None
    nema_percent: Fraction | None
    count_difference: int | None


def all_figures(loads: Sequence[Load], counts: Sequence[int]) -> Unbalance:
    """Return every figure for the loads and the numbers of circuits per phase."""
    several_phases = len(loads) > 1
    return Unbalance(
        imbalance=imbalance(loads),
        korean_percent=korean_unbalance_percent(loads, len(loads)) if several_phases else None,
        nema_percent=nema_percent(loads) if several_phases else None,
        count_difference=max(counts) - min(counts) if counts else None,
    )


def imbalance(loads: Sequence[Load]) -> Fraction:
    """Return (largest − smallest) ÷ largest, the earlier shop system's gate. Nothing loaded is balanced."""
    largest = max(loads)
    return Fraction(largest - min(loads)) / largest if largest else Fraction(0)


def korean_unbalance_percent(loads: Sequence[Load], divisor: int) -> Fraction | None:
    """Return 설비불평형률: 100 · (largest − smallest) ÷ (total ÷ divisor), ``None`` without load.

    The divisor is 3 for 3φ3W and 3φ4W, 2 for 1φ3W (Korean interior wiring code 내선규정, after public lecture
    notes).
    """
    total = sum(loads)
    return Fraction(100 * divisor * (max(loads) - min(loads))) / total if total else None


def korean_within(loads: Sequence[Load], limit_percent: Load) -> bool:
    """Tell whether 설비불평형률 is at most the limit (30 % for three phases, 40 % for 1φ3W).

    Compared without a division, so that a load of exactly the limit (4/3/3 equal circuits: 30 %) passes.
    """
    return 100 * len(loads) * (max(loads) - min(loads)) <= limit_percent * sum(loads)


def nema_percent(loads: Sequence[Load]) -> Fraction | None:
    """Return the largest deviation from the mean in percent of it (as NEMA MG 1), ``None`` without load."""
    total = sum(loads)
    if not total:
        return None
    mean = Fraction(total, len(loads))
    return 100 * max(abs(load - mean) for load in loads) / mean


def neutral_current_a(a: Load, b: Load, c: Load) -> float:
    """Return the neutral current of a 3φ4W panel in A, to two decimals.

    √(a² + b² + c² − ab − bc − ca): the sum of three currents 120° apart, all at the same power factor. The
    loads of a 1φ3W panel are 180° apart: there the neutral carries simply the difference of the two.
    """
    squared = a * a + b * b + c * c - a * b - b * c - c * a
    return round(math.sqrt(squared), NEUTRAL_CURRENT_DIGITS)
