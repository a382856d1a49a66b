"""Rated diversity factor: the share of their ratings that the outgoing circuits are assumed to carry at once.

An assumption about the load, used only where maker and user agreed nothing else.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class DiversityTable:
    """Factors by number of circuits: ``(from this many circuits, factor)``, largest number first."""

    source: str
    verified: bool
    steps: tuple[tuple[int, Fraction], ...]


IEC_61439_2: Final = DiversityTable(
    source="IEC 61439-2 Table 101",
    verified=True,
    steps=((10, Fraction(6, 10)), (6, Fraction(7, 10)), (4, Fraction(8, 10)), (2, Fraction(9, 10))),
)
"""Power switchgear: 2–3 circuits 0.9, 4–5 0.8, 6–9 0.7, 10 and more 0.6."""

IEC_61439_3: Final = DiversityTable(
    source="IEC 61439-3, from memory",
    verified=False,
    steps=((10, Fraction(5, 10)), (6, Fraction(6, 10)), (4, Fraction(7, 10)), (2, Fraction(8, 10))),
)
"""Boards operated by ordinary persons (≤ 250 A in, outgoing ≤ 125 A): one tenth lower; unverified."""


def rated_diversity_factor(circuits: int, table: DiversityTable = IEC_61439_2) -> Fraction:
    """Return the factor for that many outgoing circuits; one circuit alone carries its full rating."""
    return next((factor for at_least, factor in table.steps if circuits >= at_least), Fraction(1))
