"""A sorted table of texts in which beginnings are looked up, exactly or with one slip.

All texts with one beginning stand together, so a beginning is a stretch of the table, found by halving. A beginning with one slip is looked for along its
own path: up to the place where the table knows it no more, each single change of a key is looked up in turn, and where few texts are left they are
compared one by one. The work is bounded by the keys there are at each place, not by the size of the table.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from kis.assistant.predicting.slips import LIKELY, fit, needless, wrong
from kis.assistant.predicting.texts import MOST_KEYS

_PLACES: Final = 128
"""More than the places there are in a text, and a power of two."""
_PAST: Final = "\U0010ffff"
_FEW: Final = 12
"""So many texts are compared sooner than looked through key by key."""
_MOST_STRETCHES: Final = 200
assert MOST_KEYS < _PLACES


class Stretch(NamedTuple):
    """Texts of the table from ``first`` to before ``end`` that begin alike."""

    first: int
    end: int

    @property
    def size(self) -> int:
        """How many they are."""
        return self.end - self.first


class Near(NamedTuple):
    """Texts whose beginning is typed with one slip."""

    doubts: int
    stretch: Stretch
    length: int
    """Keys of that beginning."""


class Table:
    """Sorted texts, each with the row and the place in it that it begins at."""

    def __init__(self, entries: Iterable[tuple[str, int, int]]) -> None:
        """Sort texts given with row and place."""
        packed = sorted((text, row * _PLACES + place) for text, row, place in entries)
        self._texts = [text for text, _ in packed]
        self._origins = array("Q", (origin for _, origin in packed))
        self.lengths = array("B", map(len, self._texts))
        """How many keys each text has."""

    def __len__(self) -> int:
        return len(self._texts)

    def origin(self, index: int) -> tuple[int, int]:
        """Return the row and the place in it where the text at an index begins."""
        origin = self._origins[index]
        return origin // _PLACES, origin % _PLACES

    def beginning_with(self, keys: str, within: Stretch | None = None) -> Stretch:
        """Return the texts that begin with ``keys``."""
        texts = self._texts
        first, end = within or (0, len(texts))
        first = bisect_left(texts, keys, first, end)
        if first == end or not texts[first].startswith(keys):
            return Stretch(first, first)
        return Stretch(first, bisect_left(texts, keys + _PAST, first, end))

    def longest_beginning(self, keys: str) -> tuple[Stretch, int]:
        """Return the texts that begin with as much of ``keys`` as any does, and how much that is."""
        place = bisect_left(self._texts, keys)
        length = max(
            (_common(keys, self._texts[at]) for at in (place - 1, place) if 0 <= at < len(self)), default=0
        )
        return self.beginning_with(keys[:length]), length

    def near(self, keys: str) -> list[Near]:
        """Return the texts that begin with ``keys`` typed with one slip, the likeliest slips first. ``keys`` themselves begin none."""
        found: dict[Stretch, Near] = {}
        for near in self._near(keys):
            known = found.get(near.stretch)
            if known is None or near.doubts < known.doubts:
                found[near.stretch] = near
            if len(found) >= _MOST_STRETCHES:
                break
        return sorted(found.values())

    def _near(self, keys: str) -> Iterator[Near]:
        within = Stretch(0, len(self))
        for place in range(len(keys)):
            if within.size <= _FEW:
                yield from self._few(keys, place, within)
                return
            yield from self._changed_at(keys, place, within)
            within = self.beginning_with(keys[: place + 1], within)

    def _few(self, keys: str, same: int, within: Stretch) -> Iterator[Near]:
        for index in range(within.first, within.end):
            found = fit(keys, self._texts[index], same=same)
            if found:
                yield Near(found.doubts, Stretch(index, index + 1), found.length)

    def _changed_at(self, keys: str, place: int, within: Stretch) -> Iterator[Near]:
        before, after = keys[:place], keys[place + 1 :]
        typed = keys[place]
        changed = [(before + after, within, needless(keys, place))]
        if after and after[0] != typed:
            changed.append((before + after[0] + typed + after[1:], within, LIKELY))
        for key, branch in self._branches(place, within):
            if key != typed:
                changed.append((before + key + after, branch, wrong(typed, key)))
                changed.append((before + key + typed + after, branch, LIKELY))
        texts = self._texts
        for text, (first, end), doubts in changed:
            at = bisect_left(texts, text, first, end)
            if at < end and texts[at].startswith(text):
                yield Near(doubts, Stretch(at, bisect_left(texts, text + _PAST, at, end)), len(text))

    def _branches(self, place: int, within: Stretch) -> Iterator[tuple[str, Stretch]]:
        """Yield the keys that follow at a place, each with its texts."""
        texts = self._texts
        at, end = within
        while at < end:
            text = texts[at]
            if len(text) <= place:
                at = bisect_right(texts, text, at, end)  # the texts that end here stand first
                continue
            after = bisect_left(texts, text[:place] + chr(ord(text[place]) + 1), at, end)
            yield text[place], Stretch(at, after)
            at = after


def _common(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
