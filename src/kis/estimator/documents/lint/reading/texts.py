"""All words of a file as one text, so that a rule looks through them once, with the way back to where each stands."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

_WORD: Final = re.compile(r"\S+")
MASK: Final = "\ufffc"
"""Stands for each character of a quoted text (OBJECT REPLACEMENT CHARACTER: no letter, no space, no punctuation)."""
_SHORTEST_QUOTED: Final = 2
"""A name of one letter would hide that letter everywhere."""
_SHORTEST_BROKEN: Final = 10
"""Shorter names are not broken over lines, and cells that stand side by side could look like one."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a file in reading order, one a line. ``starts`` are their offsets, ``places`` where they stand."""

    whole: str
    starts: tuple[int, ...] = field(repr=False)
    places: tuple[str, ...] = field(repr=False)

    def place(self, offset: int) -> str:
        """Return where the text stands that holds ``offset``."""
        return self.places[bisect_right(self.starts, offset) - 1] if self.places else ""

    @property
    def lines(self) -> list[str]:
        """Return the lines of all texts; a text of several lines gives several."""
        return self.whole.split("\n")

    def masked(self, quoted: Iterable[str]) -> "Texts":
        """Return the texts with every quoted one blotted out, of the same length; a long one also where line breaks cut it."""
        whole = self.whole
        broken = []
        for text in quoted:
            if len(text) < _SHORTEST_QUOTED:
                continue
            if text in whole:
                whole = whole.replace(text, MASK * len(text))
            if len(text) >= _SHORTEST_BROKEN:
                broken.append(squeezed(text))
        return Texts(_without_broken(whole, broken), self.starts, self.places)


def texts_of(pieces: Iterable[tuple[str, str]]) -> Texts:
    """Return the texts of ``pieces``: (where, text)."""
    places, lines = [], []
    for place, text in pieces:
        places.append(place)
        lines.append(text)
    return Texts("\n".join(lines), _starts(lines), tuple(places))


def _starts(lines: list[str]) -> tuple[int, ...]:
    return tuple(accumulate((len(line) + 1 for line in lines[:-1]), initial=0)) if lines else ()


def quoted_in_order(quoted: Iterable[str]) -> tuple[str, ...]:
    """Return the quoted texts longest first, so that a short one does not break a long one that holds it."""
    return tuple(sorted(quoted, key=lambda text: (-len(text), text)))


def squeezed(text: str) -> str:
    """Return ``text`` without any blank: how words are compared that a line break may have cut."""
    return "".join(text.split())


def _without_broken(whole: str, quoted: list[str]) -> str:
    """Return ``whole`` with the texts of ``quoted``, which have no blanks, blotted out wherever a break stands between their letters."""
    bare = squeezed(whole)
    found = [text for text in quoted if text in bare]
    if not found:
        return whole
    letters = list(whole)
    words = [(word.start(), word.end()) for word in _WORD.finditer(whole)]
    starts = [0, *accumulate(end - start for start, end in words)]
    for text in found:
        start = bare.find(text)
        while start >= 0:
            _blot(letters, words, starts, (start, start + len(text)))
            start = bare.find(text, start + len(text))
    return "".join(letters)


def _blot(letters: list[str], words: list[tuple[int, int]], starts: list[int], hit: tuple[int, int]) -> None:
    """Blot out the letters from ``hit[0]`` to ``hit[1]``, counted without blanks; word n begins at ``starts[n]`` in that count."""
    first, last = hit
    index = bisect_right(starts, first) - 1
    while first < last:
        offset = words[index][0] + first - starts[index]
        count = min(last, starts[index + 1]) - first
        letters[offset : offset + count] = MASK * count
        first += count
        index += 1
