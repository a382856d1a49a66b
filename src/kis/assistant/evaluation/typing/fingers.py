"""How a finger slips, one key of a text at a time.

A text is a string of key presses: Korean in single letters (see ``platform.keyboard``), everything else as it is. A slip happens at one place, a letter or a
digit, each as likely as the other, the first one included:

neighbour   a key beside, above or below is hit instead, each as likely as the other; the row of digits lies above the letters
swap        the key is pressed after the one that follows it; never two equal keys, and not over a space or a sign
drop        the key is not pressed
double      the key is pressed twice

Korean slips on the same keys as they lie on the two-set layout; who misses a key with shift hits its neighbour without.
"""

import random
from enum import StrEnum
from typing import Final

from kis.platform.keyboard.jamo import letters
from kis.platform.keyboard.layout import to_hangul, to_latin

_ROWS: Final = (("1234567890", 0.0), ("qwertyuiop", 0.5), ("asdfghjkl", 0.75), ("zxcvbnm", 1.25))
_PLACES: Final = {
    key: (row, place + offset) for row, (keys, offset) in enumerate(_ROWS) for place, key in enumerate(keys)
}
"""The keys with their rows, each set to the right by so many keys, as on every keyboard."""
_REACH: Final = 1.3
"""In keys, from the middle of one to the middle of the other: beside, and those above and below that touch it."""


class Slip(StrEnum):
    """What a finger does wrong."""

    NEIGHBOUR = "neighbour"
    SWAP = "swap"
    DROP = "drop"
    DOUBLE = "double"


def slipped(typed: str, place: int, slip: Slip, chance: random.Random) -> str | None:
    """Return the key presses with a slip at one place; None where this slip cannot happen there."""
    key = typed[place]
    if not key.isalnum():
        return None
    before, after = typed[:place], typed[place + 1 :]
    if slip is Slip.DROP:
        return before + after
    if slip is Slip.DOUBLE:
        return before + key + key + after
    if slip is Slip.SWAP:
        return (
            before + after[0] + key + after[1:] if after and after[0].isalnum() and after[0] != key else None
        )
    beside = neighbours(key)
    return before + chance.choice(beside) + after if beside else None


def neighbours(key: str) -> list[str]:
    """Return what the keys around a key write on the same layout; digits for those of the upper row."""
    pressed = to_latin(key).lower()
    if pressed not in _PLACES:
        return []
    row, at = _PLACES[pressed]
    around = [
        other
        for other, (its_row, its_place) in _PLACES.items()
        if other != pressed and (row - its_row) ** 2 + (at - its_place) ** 2 <= _REACH**2
    ]
    is_korean = pressed != key.lower()
    return [letters(to_hangul(other)) if is_korean else other for other in around]
