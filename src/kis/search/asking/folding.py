"""One way of writing for texts and questions, so that they can be compared letter by letter.

Folded text is composed and compatible (NFKC: full width letters, unit signs, parts of syllables), in small letters, without what nobody sees. Whatever
is neither a letter nor a sign (line ends, controls, halves of characters) is a space. Loose Korean letters are put together where they make syllables:
NFKC would turn ㄱ into the beginning of a syllable that never ends. Folding folded text changes nothing.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kis.platform.keyboard.jamo import FIRST_SYLLABLE, compose, composed, letters
from kis.search.things import Span

Piece = tuple[str, int, int]
"""Folded text, and from where to before where the text stood that it was made of."""

MOST_MARKS: Final = 30
"""Marks on one letter (Unicode's Stream-Safe Text Format): ordering more of them takes time that grows with their square."""

_AS_IT_IS: Final = " -~가-힣"
"""What only the case of may change, unless something that joins follows."""
_JAMO: Final = "ᄀ-ᇿㄱ-ㆎ㉠-㉭ꥠ-ꥼힰ-ퟻﾡ-ￜ"
_SEGMENT: Final = re.compile(
    f"(?P<simple>[{_AS_IT_IS}]+(?![^{_AS_IT_IS}]))"
    "|(?P<syllable>[ᄀ-ᄒ][ᅡ-ᅵ][ᆨ-ᇂ]?)"
    "|(?P<ended>[가-힣][ᆨ-ᇂ])"
    f"|(?P<letters>(?:(?![ᄀ-ᄒ][ᅡ-ᅵ])[{_JAMO}])+)"
)
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
"""Unicode's Default_Ignorable_Code_Point: soft hyphens, joiners, directions, fillers."""
_JOINING: Final = "\uff9e\uff9f"
"""Marks of half width katakana, which Unicode counts among the letters."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters stood."""

    text: str
    _places: Sequence[int]
    """Where each piece begins in ``text``."""
    _starts: Sequence[int]
    _ends: Sequence[int]
    _before: "Folded | None" = None
    """What ``text`` was made of, where that was not the original yet."""

    @property
    def is_exact(self) -> bool:
        """Tell whether every character stands where it stood."""
        return self._before is None and list(self._places) == [0] and self._ends[0] == len(self.text)

    def original(self, start: int, end: int) -> Span:
        """Return where the characters from ``start`` to before ``end`` stood; at least one. One that was part of something longer stands for all of it."""
        first, _ = self._stood(start)
        _, last = self._stood(end - 1)
        return Span(first, last) if self._before is None else self._before.original(first, last)

    def _stood(self, place: int) -> tuple[int, int]:
        piece = bisect_right(self._places, place) - 1
        begins, start, end = self._places[piece], self._starts[piece], self._ends[piece]
        after = self._places[piece + 1] if piece + 1 < len(self._places) else len(self.text)
        if after - begins != end - start:
            return start, end
        return start + place - begins, start + place - begins + 1


def fold(text: str) -> str:
    """Return ``text`` as it is compared."""
    return folded_with_offsets(text).text


def plain(text: str) -> str:
    """Return ``text`` folded in all but its capital letters, which may have been other keys of the Korean layout."""
    return _folded(text, keeps_case=True).text


def folded_with_offsets(text: str) -> Folded:
    """Return ``text`` as it is compared, with the way back: for a place found in it, where that stood in ``text``."""
    return _folded(text, keeps_case=False)


def _folded(text: str, *, keeps_case: bool) -> Folded:
    if not _INVISIBLE.search(text):
        return _built(_pieces(text, keeps_case=keeps_case))
    visible = _built(_visible(text))
    return _built(_pieces(visible.text, keeps_case=keeps_case), visible)


def _built(pieces: Iterable[Piece], before: Folded | None = None) -> Folded:
    texts: list[str] = []
    places, starts, ends = array("L"), array("L"), array("L")
    place, is_even = 0, False
    for piece, start, end in pieces:
        was_even, is_even = is_even, len(piece) == end - start
        if was_even and is_even and ends[-1] == start:
            ends[-1] = end
        else:
            places.append(place)
            starts.append(start)
            ends.append(end)
        texts.append(piece)
        place += len(piece)
    return Folded("".join(texts), places, starts, ends, before)


def _visible(text: str) -> Iterator[Piece]:
    done = 0
    for found in _INVISIBLE.finditer(text):
        if done < found.start():
            yield text[done : found.start()], done, found.start()
        done = found.end()
    if done < len(text):
        yield text[done:], done, len(text)


def _pieces(text: str, *, keeps_case: bool) -> Iterator[Piece]:
    start = 0
    while start < len(text):
        found = _SEGMENT.match(text, start)
        kind = found.lastgroup if found else None
        if found is None or (kind == "ended" and not _is_open(found[0][0])):
            end = _end_of_marks(text, start + 1)
            folded = _one(text[start:end], keeps_case=keeps_case)
            yield from [(folded, start, end)] if end - start == 1 else [(each, start, end) for each in folded]
        else:
            end = found.end()
            yield from _known(kind, found[0], start, keeps_case=keeps_case)
        start = end


def _known(kind: str | None, segment: str, start: int, *, keeps_case: bool) -> Iterator[Piece]:
    if kind == "letters":
        yield from _joined(segment, start)
    elif kind == "simple":
        yield segment if keeps_case else segment.lower(), start, start + len(segment)
    else:
        yield unicodedata.normalize("NFC", segment), start, start + len(segment)


def _joined(loose: str, start: int) -> Iterator[Piece]:
    """Yield what loose letters become, one syllable or letter at a time."""
    typed = [letters(unicodedata.normalize("NFKC", letter)) for letter in loose]
    origins = [start + place for place, keys in enumerate(typed) for _ in keys]
    for piece, first, after in composed("".join(typed)):
        yield piece, origins[first], origins[after - 1] + 1


def _is_open(syllable: str) -> bool:
    """Return whether a syllable has no end yet; there are 27 ends, and none."""
    return (ord(syllable) - ord(FIRST_SYLLABLE)) % 28 == 0


def _end_of_marks(text: str, start: int) -> int:
    for place in range(start, min(start + MOST_MARKS, len(text))):
        if text[place] not in _JOINING and not unicodedata.category(text[place]).startswith("M"):
            return place
    return min(start + MOST_MARKS, len(text))


@lru_cache(maxsize=4096)
def _one(character: str, *, keeps_case: bool) -> str:
    """Return a character with its marks as it is compared."""
    normal = unicodedata.normalize("NFKC", character)
    if not keeps_case:
        normal = unicodedata.normalize("NFKC", normal.casefold())
    return "".join(letter if letter.isprintable() else " " for letter in compose(normal))
