"""The rows of the predictor: what one may type for a product, key by key, and where in it one may begin."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kis.assistant.predicting.tables import Table
from kis.assistant.predicting.texts import MOST_KEYS, Pressed


class Row(NamedTuple):
    """One way to write a product: brand, name, category, without what is said twice."""

    product: int
    keys: str
    starts: int
    """Bit by bit, whether a word begins at that key."""
    inner: int
    """Whether a syllable within a word begins there."""
    korean: int
    brand_end: int
    """Where the name begins that is typed without its brand; 0 where it has none before it."""
    name_end: int
    """Where the category begins."""
    name: str
    """As it is shown where this row is what matched."""

    def begins_at(self, place: int) -> bool:
        """Return whether a word or a syllable begins at a place."""
        return bool((self.starts | self.inner) >> place & 1)

    def ends_at(self, place: int) -> bool:
        """Return whether a word ends before a place."""
        return place >= len(self.keys) or bool(self.starts >> place & 1)

    def is_head(self, place: int) -> bool:
        """Return whether somebody who types all of the name, or all but its brand, begins at a place."""
        return place in (0, self.brand_end)


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows with their tables: the beginnings of names, and every place where a word begins."""

    rows: list[Row]
    heads: Table
    words: Table


def lines(rows: list[Row]) -> Lines:
    """Return rows with their tables."""
    return Lines(rows, Table(_heads(rows)), Table(_words(rows)))


def written(product: int, name: str, brand: Pressed, own: Pressed, category: Pressed) -> Iterator[Row]:
    """Yield the rows of one name of a product: with the brand before it where it does not hold it, and without a brand that stands within."""
    at = _whole_words(own, brand.keys)
    if not brand.keys or at == 0:
        yield _row(product, name, (own, category), brand_end=len(brand.keys))
        return
    if at is None:
        yield _row(product, name, (brand, own, category), brand_end=len(brand.keys))
        return
    yield _row(product, name, (own, category), brand_end=0)
    end = at + len(brand.keys)
    yield _row(product, name, (_cut(own, 0, at), _cut(own, end, len(own.keys)), category), brand_end=0)


def _row(product: int, name: str, parts: Iterable[Pressed], *, brand_end: int) -> Row:
    *named, category = parts
    whole = _joined(named)
    name_end = len(whole.keys)
    if category.keys and category.keys not in whole.keys:
        whole = _joined((whole, category))
    if brand_end >= name_end:
        brand_end = 0
    return Row(
        product,
        whole.keys,
        whole.starts,
        whole.inner,
        whole.korean,
        brand_end,
        min(name_end, MOST_KEYS),
        name,
    )


def _joined(parts: Iterable[Pressed]) -> Pressed:
    keys, starts, inner, korean = "", 0, 0, 0
    for part in parts:
        at = len(keys)
        keys += part.keys
        starts |= part.starts << at
        inner |= part.inner << at
        korean |= part.korean << at
    within = (1 << MOST_KEYS) - 1
    return Pressed(keys[:MOST_KEYS], starts & within, inner & within, korean & within)


def _cut(whole: Pressed, start: int, end: int) -> Pressed:
    within = (1 << (end - start)) - 1
    bits = (whole.starts >> start & within, whole.inner >> start & within, whole.korean >> start & within)
    return Pressed(whole.keys[start:end], *bits)


def _whole_words(text: Pressed, keys: str) -> int | None:
    """Return where ``keys`` stand in a text as whole words."""
    at = text.keys.find(keys) if keys else -1
    while at >= 0:
        end = at + len(keys)
        if text.starts >> at & 1 and (end >= len(text.keys) or text.starts >> end & 1):
            return at
        at = text.keys.find(keys, at + 1)
    return None


def _heads(rows: list[Row]) -> Iterator[tuple[str, int, int]]:
    for number, row in enumerate(rows):
        for place in {0, row.brand_end}:
            if row.keys[place:]:
                yield row.keys[place:], number, place


def _words(rows: list[Row]) -> Iterator[tuple[str, int, int]]:
    for number, row in enumerate(rows):
        for place in range(len(row.keys)):
            if row.begins_at(place):
                yield row.keys[place:], number, place
