"""Finding what a typed text may mean, the cheap ways first.

1. It is the beginning of a name, or of a name without its brand: one look into a table. Nearly every key press ends here.
2. It stands in a name from some word on.
3. Its words all stand in a name, in other order or with others between.
4. It is one of these with one slip.
5. Some of its words stand in a name.

Every way looks at a bounded number of candidates, whatever the catalog holds; ``Found.candidates`` counts them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kis.assistant.predicting.ranks import (
    LEAST_KEYS,
    WHOLE_NAME,
    Allowed,
    Match,
    Rank,
    rank_in_order,
    rank_words,
)
from kis.assistant.predicting.rows import Lines
from kis.assistant.predicting.slips import EXACT, LIKELY
from kis.assistant.predicting.tables import Stretch, Table
from kis.assistant.predicting.texts import Typed

MOST_IN_ORDER: Final = 40
"""Candidates of a stretch that are ranked."""
MOST_BY_WORDS: Final = 150
"""Candidates by words: as many products share a word that tells little."""
MOST_LOOKED_AT: Final = 1500
"""Names among which those that hold the typed words are looked for."""
MOST_SLIPPED: Final = 3
"""Words that are looked for with a slip."""
MOST_NEAR: Final = 80
"""Candidates with a slip."""
MOST_OF_ONE_SLIP: Final = 16
"""Candidates that share the same slip."""
OF_THE_REST: Final = 4
"""Doubts where only the beginning of what was typed is known: more than about a word too many."""


@dataclass(slots=True)
class Found:
    """Products with their best ranks, and how many more are as good."""

    popularity: list[int]
    lines: Lines
    """What was searched last: the ranks speak of its rows."""
    best: dict[int, Rank] = field(default_factory=dict)
    keys: int = 0
    """How many were typed."""
    unranked: int = 0
    """Names that fit without a doubt and were too many to be ranked."""
    candidates: int = 0
    """How many were ranked."""

    def add(self, product: int, rank: Rank) -> None:
        """Keep the better of two ranks of a product."""
        known = self.best.get(product)
        if known is None or rank < known:
            self.best[product] = rank

    @property
    def least_doubts(self) -> int | None:
        """The doubts about the best of them; None where nothing was found."""
        return min((rank.doubts for rank in self.best.values()), default=None)

    def is_enough(self, limit: int) -> bool:
        """Tell whether what was found fits so well that nothing is looked for that fits with a slip."""
        exact = [rank.open for rank in self.best.values() if not rank.doubts]
        return bool(exact) and (len(self.best) >= limit or WHOLE_NAME not in exact)


def search(lines: Lines, typed: Typed, found: Found, limit: int, *, slips: bool = True) -> None:
    """Add what a typed text may mean; without ``slips`` only what fits it as it is."""
    found.lines, found.keys = lines, len(typed.keys)
    _exact(lines, typed, found, lines.heads)
    if len(found.best) < limit:
        _exact(lines, typed, found, lines.words)
    if not found.best and len(typed.words) > 1:
        _by_words(lines, typed, found)
    if not slips or len(typed.keys) < LEAST_KEYS or found.is_enough(limit):
        return
    _near(lines, typed, found, lines.heads)
    if not found.best:
        _near(lines, typed, found, lines.words)
    if not found.best or (len(typed.words) > 1 and (found.least_doubts or EXACT) > LIKELY):
        _by_words_with_slip(lines, typed, found)
    if not found.best:
        _by_some_words(lines, typed, found)
    if not found.best:
        _as_far_as_known(lines, typed, found)


def _exact(lines: Lines, typed: Typed, found: Found, table: Table) -> None:
    stretch = table.beginning_with(typed.keys)
    chosen = table.shortest(stretch, MOST_IN_ORDER)
    found.unranked += stretch.size - len(chosen)
    _rank_in_order(lines, typed, found, table, [(Match(EXACT, len(typed.keys)), chosen)])


def _near(lines: Lines, typed: Typed, found: Found, table: Table) -> None:
    _rank_in_order(lines, typed, found, table, _chosen_near(table, typed.keys))


def _as_far_as_known(lines: Lines, typed: Typed, found: Found) -> None:
    stretch, length = lines.heads.longest_beginning(typed.keys)
    if length >= LEAST_KEYS:
        chosen = lines.heads.shortest(stretch, MOST_IN_ORDER)
        _rank_in_order(lines, typed, found, lines.heads, [(Match(OF_THE_REST, length), chosen)])


def _rank_in_order(
    lines: Lines, typed: Typed, found: Found, table: Table, chosen: Iterable[tuple[Match, Sequence[int]]]
) -> None:
    best, origins = found.best, table.origins
    for match, indexes in chosen:
        found.candidates += len(indexes)
        places = map(origins.__getitem__, indexes)
        for product, rank in rank_in_order(match, places, lines.rows, typed, found.popularity):
            known = best.get(product)
            if known is None or rank < known:
                best[product] = rank


def _chosen_near(table: Table, keys: str) -> Iterator[tuple[Match, Sequence[int]]]:
    """Yield the texts that begin with ``keys`` typed with one slip, as many as are worth a rank."""
    left = MOST_NEAR
    for doubts, stretch, length in table.near(keys):
        chosen = table.shortest(stretch, MOST_OF_ONE_SLIP)[:left]
        left -= len(chosen)
        if not chosen:
            return
        yield Match(doubts, length), chosen


def _by_words(lines: Lines, typed: Typed, found: Found) -> None:
    """Add the rows that hold every word."""
    stretches = _stretches(lines, typed.words)
    rarest = range(*min(stretches.values(), key=_size))
    _rank_by_words(lines, typed, found, _holding(lines, rarest, typed.words, len(typed.words)), Allowed())


def _by_words_with_slip(lines: Lines, typed: Typed, found: Found) -> None:
    """Add the rows that hold the words, one or two of them with a slip.

    They are looked for where a word that tells much stands as it was typed, and where one stands with a slip: the words that no name has or, where names
    have them all, those that tell most.
    """
    stretches = _stretches(lines, typed.words)
    indexes: list[int] = []
    for stretch in sorted(stretches.values(), key=_size):
        if 0 < stretch.size <= MOST_BY_WORDS:
            indexes += range(*stretch)
            break
    long = [word for word in typed.words if len(word) >= LEAST_KEYS]
    unknown = [word for word in long if not stretches[word].size]
    for word in unknown[:MOST_SLIPPED] or sorted(long, key=lambda word: stretches[word].size)[:MOST_SLIPPED]:
        for _, chosen in _chosen_near(lines.words, word):
            indexes += chosen
    allowed = Allowed(slips=2)
    rows = _holding(lines, indexes, typed.words, len(typed.words) - allowed.slips)
    _rank_by_words(lines, typed, found, rows, allowed)


def _by_some_words(lines: Lines, typed: Typed, found: Found) -> None:
    """Add the rows that hold the word that tells most, with as many of the others as they have."""
    known = [
        stretch for word, stretch in _stretches(lines, typed.words).items() if stretch.size and len(word) > 1
    ]
    if known:
        rows = _holding(lines, range(*min(known, key=_size)), typed.words, 1)
        _rank_by_words(lines, typed, found, rows, Allowed(slips=1, missing=len(typed.words) - 1))


def _rank_by_words(lines: Lines, typed: Typed, found: Found, rows: Iterable[int], allowed: Allowed) -> None:
    for number in rows:
        row = lines.rows[number]
        found.candidates += 1
        rank = rank_words(number, row, typed, found.popularity[row.product], allowed)
        if rank:
            found.add(row.product, rank)


def _stretches(lines: Lines, words: Iterable[str]) -> dict[str, Stretch]:
    return {word: lines.words.beginning_with(word) for word in words}


def _size(stretch: Stretch) -> int:
    return stretch.size


def _holding(lines: Lines, indexes: Sequence[int], words: Sequence[str], least: int) -> list[int]:
    """Return the rows of these indexes that hold at least so many of the words anywhere: a cheap look before they are ranked."""
    rows: dict[int, None] = {}
    for index in indexes[:MOST_LOOKED_AT]:
        number, _ = lines.words.origin(index)
        if number in rows:
            continue
        keys = lines.rows[number].keys
        if sum(word in keys for word in words) >= least:
            rows[number] = None
            if len(rows) == MOST_BY_WORDS:
                break
    return list(rows)
