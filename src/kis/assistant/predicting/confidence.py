"""How sure a prediction is: how often one like it turned out to be what was meant.

Whoever types one of ten names that begin alike means each of them as likely as the others; so the share of one is a tenth. A name with a doubt about it
gets a small part of a share where another fits without, and a share of what is left by those who mean something else where none does. The share of
the first place is then the margin to the next: it is 1 where one product is left, and falls with every rival.
"""

from collections.abc import Sequence
from typing import Final

from kis.assistant.predicting.ranks import Rank

_WEIGHT: Final = 0.05
"""What a doubt leaves of a share: of twenty texts that are the beginning of a name one is another name with a slip."""
_RELIABILITY: Final = (0.99, 0.95, 0.8, 0.6, 0.4)
"""How often what fits best is meant if it is alone, by doubts; more doubts as the last."""


def confidences(ranked: Sequence[Rank], unranked: int, keys: int, most: int | None = None) -> list[float]:
    """Return how sure each of the ranked products, the best first, is, of the first ``most``, from 0 to 1, never rising; ``unranked`` more fit as well as the first."""
    least = ranked[0].doubts
    top = _RELIABILITY[min(least, len(_RELIABILITY) - 1)] * min(keys / 3, 1)
    if ranked[-1].doubts == least:  # as nearly always: they are in order
        return [round(top / (len(ranked) + unranked), 4)] * len(ranked[:most])
    weights = [_WEIGHT ** (rank.doubts - least) for rank in ranked]
    total = sum(weights) + unranked
    return [round(top * weight / total, 4) for weight in weights[:most]]
