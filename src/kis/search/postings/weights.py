"""What a term weighs in an item: BM25F (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009, §3.6), without the rarity of the term.

``tf = Σ boost_f · n_f ÷ (1 − b_f + b_f · length_f ÷ average_f)`` over the fields, ``weight = tf · (k1 + 1) ÷ (tf + k1)``. How rare a term is belongs to the moment somebody
asks: ``ln(1 + (N − n + ½) ÷ (n + ½))``.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntFlag
from typing import Final

from kis.search.things import Source
from kis.search.tokens import Cut, TermKind

K1: Final = 1.6


class Field(IntFlag):
    """Where a term stands."""

    TITLE = 1
    SUMMARY = 2
    BODY = 4
    TAGS = 8
    NAMES = 16


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How a field counts: how much, and how far its length is held against it (0: not at all, 1: in full)."""

    boost: float
    length_share: float


RULES: Final[Mapping[Field, FieldRule]] = {
    Field.TITLE: FieldRule(1.5, 0.3),
    Field.SUMMARY: FieldRule(1.0, 0.7),
    Field.BODY: FieldRule(1.0, 0.7),
    Field.TAGS: FieldRule(1.2, 0.3),
    Field.NAMES: FieldRule(2.0, 0.0),
}
USUAL_LENGTHS: Final[Mapping[Field, Mapping[TermKind, float]]] = {
    Field.TITLE: {TermKind.MORPHEME: 4, TermKind.BIGRAM: 8, TermKind.WORD: 2, TermKind.PAIR: 3},
    Field.SUMMARY: {TermKind.MORPHEME: 20, TermKind.BIGRAM: 40, TermKind.WORD: 8, TermKind.PAIR: 18},
    Field.BODY: {TermKind.MORPHEME: 120, TermKind.BIGRAM: 220, TermKind.WORD: 30, TermKind.PAIR: 110},
    Field.TAGS: {TermKind.MORPHEME: 6, TermKind.BIGRAM: 10, TermKind.WORD: 3, TermKind.PAIR: 5},
    Field.NAMES: {TermKind.MORPHEME: 2, TermKind.BIGRAM: 2, TermKind.WORD: 4, TermKind.PAIR: 1},
}
"""While there are too few items to count."""
ENOUGH_ITEMS: Final = 50
SOURCE_SHARES: Final[Mapping[Source, float]] = {Source.CATALOG_ITEM: 0.6}
"""A word of the trade stands in hundreds of parts that differ by a number: what explains it comes before them. Who types a code finds the part, since little else has it."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A term of an item."""

    term: str
    weight: float
    fields: int


class Lengths:
    """How many terms fields have, in all and on average."""

    def __init__(self, items: int = 0, sums: Mapping[str, float] | None = None) -> None:
        self.items = items
        self._sums: dict[str, float] = defaultdict(float, sums or {})

    def add(self, lengths: Mapping[str, int]) -> None:
        """Count one more item."""
        self.items += 1
        for name, length in lengths.items():
            self._sums[name] += length

    def average(self, field: Field, kind: TermKind) -> float:
        """Return how many terms of ``kind`` the field has on average, at least 1."""
        if self.items < ENOUGH_ITEMS:
            return USUAL_LENGTHS[field][kind]
        return max(1.0, self._sums[length_name(field, kind)] / self.items)


def length_name(field: Field, kind: TermKind) -> str:
    """Return how a length is called in the database: ``body.m``."""
    assert field.name is not None
    return f"{field.name.lower()}.{kind}"


def lengths_of(fields: Mapping[Field, Cut]) -> dict[str, int]:
    """Return the lengths of an item's fields."""
    return {
        length_name(field, TermKind(kind)): length
        for field, cut in fields.items()
        for kind, length in cut.lengths().items()
    }


def weigh(fields: Mapping[Field, Cut], averages: Lengths, source: Source) -> Iterable[Weighed]:
    """Yield every term of an item with its weight."""
    share = SOURCE_SHARES.get(source, 1.0)
    frequencies: dict[str, float] = defaultdict(float)
    places: Counter[str] = Counter()
    for field, cut in fields.items():
        rule = RULES[field]
        own = cut.lengths()
        shares = {
            kind: rule.boost
            / (1 - rule.length_share + rule.length_share * length / averages.average(field, TermKind(kind)))
            for kind, length in own.items()
        }
        for term, times in cut.terms.items():
            frequencies[term] += shares[term[0]] * times
            places[term] |= field
    for term, frequency in frequencies.items():
        yield Weighed(term, share * frequency * (K1 + 1) / (frequency + K1), places[term])


def rarity(items: int, having: int) -> float:
    """Return how much it says that an item has a term that ``having`` of ``items`` have; never negative."""
    having = max(1, min(having, items))
    return math.log(1 + (items - having + 0.5) / (having + 0.5))
