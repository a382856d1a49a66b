"""Words that are one slip of a finger apart, in letters: ``차단가`` for 차단기, ``braeker`` for breaker.

Two such words share a *spelling*: the word itself or the word with one letter left out. So the words near a word are found by equality, which an index
can do; what shares a spelling is then measured with ``is_one_slip``, because two letters at two places may share one, too (``abcd`` and ``bcda``).
"""

from typing import Final

from kis.search.typing.jamo import letters

LEAST_LETTERS: Final = 4
"""Of shorter words nearly every one is a slip away from another (함, 합, 핀)."""
MOST_LETTERS: Final = 60
"""Longer ones are nobody's words but codes and addresses; each letter costs a spelling."""


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
