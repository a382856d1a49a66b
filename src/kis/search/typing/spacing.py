"""Words that were written apart and belong together, and words that were written as one: Korean compounds are spaced both ways by everybody."""

from collections.abc import Callable, Sequence
from typing import Final

from kis.search.typing.jamo import is_syllable

MOST_JOINED: Final = 4
"""Words in one; longer compounds are found by their parts."""
MOST_WORDS: Final = 32
LONGEST_WORD: Final = 60


def joined(words: Sequence[str]) -> tuple[str, ...]:
    """Return every two to four neighbours written as one word, the fewest first; of the first 32 words."""
    looked_at = words[:MOST_WORDS]
    runs = (
        "".join(looked_at[start : start + size])
        for size in range(2, MOST_JOINED + 1)
        for start in range(len(looked_at) - size + 1)
    )
    return tuple(dict.fromkeys(runs))


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


def _may_stand_alone(part: str) -> bool:
    return len(part) > 1 or is_syllable(part)
