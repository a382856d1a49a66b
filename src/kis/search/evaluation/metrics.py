"""How good a ranking is: recall, reciprocal rank and discounted gain.

A ranking is a list of ids, the best first; what answers the question is a set of ids, most often of one. Reciprocal rank: Voorhees, "The TREC-8 Question Answering
Track Report" (1999). Discounted gain with a gain of one for each answer: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002).
"""

import math
from collections.abc import Collection, Sequence


def recall(ranking: Sequence[str], relevant: Collection[str], *, at: int) -> float:
    """Return which share of what is relevant stands among the first ``at``."""
    _require(relevant)
    return len(set(ranking[:at]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], *, at: int) -> float:
    """Return 1 / the place of the first that is relevant among the first ``at``; 0 where none is."""
    place = first_place(ranking[:at], relevant)
    return 0.0 if place is None else 1 / place


def discounted_gain(ranking: Sequence[str], relevant: Collection[str], *, at: int) -> float:
    """Return the discounted gain of the first ``at``, divided by that of the best ranking there is (nDCG)."""
    _require(relevant)
    wanted = set(relevant)
    gained = sum(
        _discount(place) for place, each in enumerate(dict.fromkeys(ranking[:at]), start=1) if each in wanted
    )
    return gained / sum(_discount(place) for place in range(1, min(len(wanted), at) + 1))


def first_place(ranking: Sequence[str], relevant: Collection[str]) -> int | None:
    """Return the place, from 1, of the first that is relevant."""
    _require(relevant)
    return next((place for place, each in enumerate(ranking, start=1) if each in relevant), None)


def _discount(place: int) -> float:
    return 1 / math.log2(place + 1)


def _require(relevant: Collection[str]) -> None:
    if not relevant:
        raise ValueError("a question that nothing answers cannot be measured")
