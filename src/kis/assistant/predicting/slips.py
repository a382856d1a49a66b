"""What one slip of a finger costs: a text that is being typed against the beginning of a longer one.

Slips are not equally likely. A key left out, pressed twice, swapped with the next or hit in place of its neighbour is what fingers do; any other wrong
or needless key is somebody who means something else more often than not.
"""

from functools import cache
from typing import Final, NamedTuple

EXACT: Final = 0
LIKELY: Final = 1
"""Doubts about a text with a slip that fingers make."""
UNLIKELY: Final = 2
"""Doubts about a text with any other wrong or needless key."""

_ROWS: Final = (("1234567890", 0.0), ("qwertyuiop", 0.5), ("asdfghjkl", 0.75), ("zxcvbnm", 1.25))
"""The keys of a keyboard with what each row is set to the right, in keys."""
_PLACES: Final = {
    key: (row, at + offset) for row, (keys, offset) in enumerate(_ROWS) for at, key in enumerate(keys)
}
_REACH: Final = 1.3
"""In keys: beside, above and below."""


class Fit(NamedTuple):
    """How a typed text fits the beginning of another."""

    doubts: int
    length: int
    """Keys of the other text that are typed."""


@cache
def are_neighbours(one: str, other: str) -> bool:
    """Return whether two keys lie beside each other."""
    here, there = _PLACES.get(one), _PLACES.get(other)
    if here is None or there is None:
        return False
    return (here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2 <= _REACH**2


def wrong(typed: str, meant: str) -> int:
    """Return the doubts about a key typed in place of another."""
    return LIKELY if are_neighbours(typed, meant) else UNLIKELY


def needless(typed: str, place: int) -> int:
    """Return the doubts about the key at ``place`` if it is one too many."""
    return LIKELY if place and typed[place] == typed[place - 1] else UNLIKELY


def fit(typed: str, meant: str, start: int = 0, same: int = 0) -> Fit | None:
    """Return how ``typed`` fits what ``meant`` holds from ``start`` on, with one slip at most; None where it takes more.

    The first ``same`` keys are known to agree.
    """
    length, room = len(typed), len(meant) - start
    place = same
    while place < length and place < room and typed[place] == meant[start + place]:
        place += 1
    if place == length:
        return Fit(EXACT, length)
    here = start + place
    found: Fit | None = None
    if place < room:
        if meant.startswith(typed[place + 1 :], here + 1):
            found = Fit(wrong(typed[place], meant[here]), length)
        if (found is None or found.doubts > LIKELY) and meant.startswith(typed[place:], here + 1):
            return Fit(LIKELY, length + 1)
        if found is None and _is_swapped(typed, meant, place, here):
            return Fit(LIKELY, length)
    if (found is None or found.doubts > LIKELY) and meant.startswith(typed[place + 1 :], here):
        doubts = needless(typed, place)
        if found is None or doubts < found.doubts:
            found = Fit(doubts, length - 1)
    return found


def _is_swapped(typed: str, meant: str, place: int, here: int) -> bool:
    return (
        place + 1 < len(typed)
        and typed[place + 1] == meant[here]
        and meant.startswith(typed[place], here + 1)
        and meant.startswith(typed[place + 2 :], here + 2)
    )
