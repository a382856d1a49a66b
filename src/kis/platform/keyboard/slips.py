"""Words that are one slip of a finger apart, in letters: ``차단가`` for 차단기, ``braeker`` for breaker.

Two such words share a *spelling*: the word itself or the word with one letter left out. So the words near a word are found by equality, which an index
can do; what shares a spelling is then measured with ``is_one_slip``, because two letters at two places may share one, too (``abcd`` and ``bcda``).
"""

from typing import Final

from kis.platform.keyboard.jamo import letters
from kis.platform.keyboard.layout import to_latin

LEAST_LETTERS: Final = 4
"""Of shorter words nearly every one is a slip away from another (함, 합, 핀)."""
MOST_LETTERS: Final = 60
"""Longer ones are nobody's words but codes and addresses; each letter costs a spelling."""
LONG_LETTERS: Final = 8
"""A word of so many letters that is one letter away from another is that word, however unlikely the slip."""
_ROWS: Final = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
_PLACES: Final = {
    key: (row, at + offset) for row, (keys, offset) in enumerate(_ROWS) for at, key in enumerate(keys)
}
"""The keys with their rows, each set to the right by so many keys."""
_REACH: Final = 1.3
"""In keys: beside, above and below."""
_ALIKE: Final = (
    "ㅐㅔ",
    "ㅒㅖ",
    "ㅓㅗ",
    "ㅡㅜ",
    "ㄱㄲㅋ",
    "ㄷㄸㅌ",
    "ㅂㅃㅍ",
    "ㅈㅉㅊ",
    "ㅅㅆ",
    "aeiou",
    "ck",
    "sz",
    "sc",
    "iy",
)
"""Letters that are taken for each other by ear."""


def spellings(word: str) -> frozenset[str]:
    """Return a folded word in letters, and with each one letter left out; a word that is too short or too long only as it is."""
    typed = letters(word)
    if not LEAST_LETTERS <= len(typed) <= MOST_LETTERS:
        return frozenset({typed})
    return frozenset({typed, *(typed[:place] + typed[place + 1 :] for place in range(len(typed)))})


def is_one_slip(first: str, second: str) -> bool:
    """Return whether two folded words differ by one slip: a letter too many, missing or wrong, or two neighbours that changed places."""
    one, other = sorted((letters(first), letters(second)), key=len)
    if one == other or len(other) - len(one) > 1:
        return False
    start = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    is_swapped = one[start : start + 2] == other[start : start + 2][::-1]
    return one[start + 1 :] == other[start + 1 :] or (is_swapped and one[start + 2 :] == other[start + 2 :])


def is_likely(typed: str, meant: str) -> bool:
    """Return whether a folded word that is one slip away from another may well be it mistyped.

    A slip is likely where a key was left out, pressed twice, swapped with the next, hit together with its neighbour or in place of it, and where letters
    sound alike. Any other is believed of long words alone: hatch is as likely to be meant as batch, but nobody who types bang means band.
    """
    if not is_one_slip(typed, meant):
        return False
    one, other = letters(typed), letters(meant)
    if max(len(one), len(other)) >= LONG_LETTERS or len(one) < len(other):
        return True
    start = next((place for place, letter in enumerate(other) if letter != one[place]), len(other))
    if len(one) > len(other):
        beside = (
            one[start - 1] if start else "",
            one[start + 1 : start + 2],
            one[start - 2 : start - 1] if start > 1 else "",
        )
        return any(
            letter and (letter == one[start] or _are_neighbours(letter, one[start])) for letter in beside
        )
    if one[start + 1 : start + 2] == other[start] and other[start + 1 : start + 2] == one[start]:
        return True
    return _are_neighbours(one[start], other[start]) or any(
        one[start] in alike and other[start] in alike for alike in _ALIKE
    )


def _are_neighbours(one: str, other: str) -> bool:
    here, there = (_PLACES.get(to_latin(letter).lower()) for letter in (one, other))
    if here is None or there is None:
        return False
    return (here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2 <= _REACH**2
