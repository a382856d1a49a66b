"""Words that were written as one: Korean compounds are spaced both ways by everybody, and who hurries forgets the spaces of English."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from kis.platform.keyboard.jamo import is_syllable

LONGEST_WORD: Final = 60
LEAST_RUN: Final = 8
"""Shorter words of Latin letters are read as two at most."""
LONGEST_RUN: Final = 120
LONGEST_PART: Final = 18
"""Letters of a word within a run."""
_ONE_LETTER: Final = frozenset("ai")
_UNKNOWN: Final = 6.0
_UNKNOWN_LETTER: Final = 2.5
"""What a stretch costs that is no word, and each of its letters: more than a rare word of as many letters costs."""
_LEAST_KNOWN: Final = 0.5
"""Share of the letters that must be in words that are known."""
_ONE_WORD: Final = 12
"""A run up to so many letters may be one word that nobody knows: it is only read as several where all of it is known."""


def splits(word: str, is_known: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Return the ways to read a word as two that are known, the most even first; of equal ones that with the longer first word.

    A single character is a word where it is a syllable (분전반함: 분전반 + 함), not a lone Latin letter or digit. Words of more than 60 characters are not
    looked at.
    """
    if len(word) > LONGEST_WORD:
        return []
    cuts = ((word[:place], word[place:]) for place in range(1, len(word)))
    found = [cut for cut in cuts if all(_may_stand_alone(part) and is_known(part) for part in cut)]
    return sorted(found, key=lambda cut: (-min(map(len, cut)), -len(cut[0])))


def parts_of(run: str) -> Iterator[str]:
    """Yield every stretch of a run of Latin letters that may be a word of it."""
    for start in range(len(run[:LONGEST_RUN])):
        for end in range(start + 1, min(start + LONGEST_PART, len(run), LONGEST_RUN) + 1):
            if end - start > 1 or run[start] in _ONE_LETTER:
                yield run[start:end]


def divided(run: str, chances: Mapping[str, float]) -> list[str]:
    """Return the likeliest words of a run of Latin letters by how likely each word is (0 to 1); empty where too little of it is known.

    What is no word stays between the words as it stands. A run of more than 120 letters is not looked at.
    """
    if not LEAST_RUN <= len(run) <= LONGEST_RUN:
        return []
    best: list[tuple[float, int, bool]] = [(0.0, 0, False)]
    for end in range(1, len(run) + 1):
        ways = []
        for start in range(max(0, end - LONGEST_PART), end):
            part = run[start:end]
            before = best[start][0]
            if part in chances:
                ways.append((before - math.log(chances[part]), start, True))
            if start == 0 or best[start][2]:
                ways.append((before + _UNKNOWN + _UNKNOWN_LETTER * len(part), start, False))
        best.append(min(ways, default=(math.inf, 0, False)))
    words: list[str] = []
    known = 0
    end = len(run)
    while end:
        _, start, is_known = best[end]
        words.append(run[start:end])
        known += (end - start) * is_known
        end = start
    needed = len(run) * (1 if len(run) <= _ONE_WORD else _LEAST_KNOWN)
    return words[::-1] if len(words) > 1 and known >= needed else []


def _may_stand_alone(part: str) -> bool:
    return len(part) > 1 or is_syllable(part)
