"""A sorted table of texts in which beginnings are looked up, exactly or with one slip.

All texts with one beginning stand together, so a beginning is a stretch of the table, found by halving. A beginning with one slip is looked for along its
own path: up to the place where the table knows it no more, each single change of a key is looked up in turn, and where few texts are left they are
compared one by one. The work is bounded by the keys there are at each place, not by the size of the table.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from kis.assistant.predicting.slips import LIKELY, fit, needless, wrong
from kis.assistant.predicting.texts import MOST_KEYS

PLACES: Final = 128
"""A row and a place in it are one number, the row times this and the place: more than the places there are in a text, and a power of two."""
_PAST: Final = "\U0010ffff"
_FEW: Final = 12
"""So many texts are compared sooner than looked through key by key."""
_MOST_STRETCHES: Final = 200
_LOOKED_THROUGH: Final = 600
"""Texts of a stretch among which the shortest are looked for."""
_MOST_KEPT: Final = 8192
"""Stretches of which it is kept how they go on, and which of them are short: all there are in tens of thousands of names."""
assert MOST_KEYS < PLACES


class Stretch(NamedTuple):
    """Texts of the table from ``first`` to before ``end`` that begin alike."""

    first: int
    end: int

    @property
    def size(self) -> int:
        """How many they are."""
        return self.end - self.first


class _Branch(NamedTuple):
    """Texts that begin alike up to a place, and go on with one key."""

    key: str
    stretch: Stretch
    followers: str
    """The keys that stand behind that one."""


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
        packed = sorted((text, row * PLACES + place) for text, row, place in entries)
        self._texts = [text for text, _ in packed]
        self.origins = array("Q", (origin for _, origin in packed))
        """Of each text the row and the place, as one number."""
        self._lengths = array("B", map(len, self._texts))
        self._forks: dict[int, tuple[_Branch, ...]] = {}
        self._shortest: dict[tuple[Stretch, int], Sequence[int]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def origin(self, index: int) -> tuple[int, int]:
        """Return the row and the place in it where the text at an index begins."""
        origin = self.origins[index]
        return origin // PLACES, origin % PLACES

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

    def shortest(self, stretch: Stretch, most: int) -> Sequence[int]:
        """Return the indexes of a stretch that are worth a rank: of many those with the least left to type, a whole name before all."""
        if stretch.size <= most:
            return range(*stretch)
        known = self._shortest.get((stretch, most))
        if known is None:
            looked_through = range(stretch.first, min(stretch.end, stretch.first + _LOOKED_THROUGH))
            known = sorted(sorted(looked_through, key=self._lengths.__getitem__)[:most])
            if len(self._shortest) < _MOST_KEPT:
                self._shortest[stretch, most] = known
        return known

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
        typed, following = keys[place], keys[place + 1 : place + 2]
        changed = [(before + after, within, needless(keys, place))]
        if following and following != typed:
            changed.append((before + following + typed + after[1:], within, LIKELY))
        for key, branch, followers in self._fork(place, within):
            # Most changes lead nowhere, and one look at what follows tells so: the table is asked for the others alone.
            if key != typed:
                if following in followers:
                    changed.append((before + key + after, branch, wrong(typed, key)))
                if typed in followers:
                    changed.append((before + key + typed + after, branch, LIKELY))
        texts = self._texts
        for text, (first, end), doubts in changed:
            at = bisect_left(texts, text, first, end)
            if at < end and texts[at].startswith(text):
                yield Near(doubts, Stretch(at, bisect_left(texts, text + _PAST, at, end)), len(text))

    def _fork(self, place: int, within: Stretch) -> tuple[_Branch, ...]:
        """Return how texts that begin alike go on at a place. The table never changes, so this is looked for once."""
        known = self._forks.get(within.first * PLACES + place)
        if known is None:
            known = tuple(
                _Branch(key, branch, "".join(follower for follower, _ in self._branches(place + 1, branch)))
                for key, branch in self._branches(place, within)
            )
            if len(self._forks) < _MOST_KEPT:
                self._forks[within.first * PLACES + place] = known
        return known

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
