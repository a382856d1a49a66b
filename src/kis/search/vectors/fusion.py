"""Several rankings made one: reciprocal rank fusion (Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods, SIGIR 2009).

``score(item) = Σ weight ÷ (k + place)`` over the rankings that hold it. It needs places alone, so that scores of different kinds (BM25, cosines) are never compared.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

K: Final = 60.0
"""As in the paper: how little the first places stand out from those after them."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Items, the best first. An item that stands there twice counts where it stands first."""

    name: str
    items: Sequence[int]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fused:
    """An item with its score, and its place in each ranking that holds it, from 1."""

    item: int
    score: float
    places: Mapping[str, int]


def fuse(rankings: Sequence[Ranking], *, k: float = K) -> list[Fused]:
    """Return every item, the best first; of equal scores first whichever stands higher somewhere, then the smaller number."""
    places: dict[int, dict[str, int]] = defaultdict(dict)
    shares: dict[int, list[float]] = defaultdict(list)
    for ranking in rankings:
        for place, item in enumerate(dict.fromkeys(ranking.items), start=1):
            places[item][ranking.name] = place
            shares[item].append(share(place, weight=ranking.weight, k=k))
    fused = [Fused(item, math.fsum(shares[item]), where) for item, where in places.items()]
    return sorted(fused, key=lambda one: (-one.score, min(one.places.values()), one.item))


def share(place: int, *, weight: float = 1.0, k: float = K) -> float:
    """Return what a place in a ranking, from 1, adds to the score of an item."""
    return weight / (k + place)
