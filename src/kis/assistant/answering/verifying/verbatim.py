"""A sentence that is word for word one of the passage but for a denial, a name or a number: what differs is what it says otherwise.

Retelling changes many words and may keep the sense; who changes nothing but a "not" does not retell. So nothing need be understood here, and what is retold is left
to the other checks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_TOKEN: Final = re.compile(r"[가-힣]+|[A-Za-z]+|\d+(?:[.,]\d+)*|[^\W\d_]+")
_CONTRACTED: Final = re.compile(r"\b(?:(ca)n|(wo)n|(\w+?)n)['\u2019]t\b|\b(can)not\b", re.IGNORECASE)
_FEWEST: Final = 5
"""Words that both have, at least."""
_SAME: Final = 0.75
"""Share of the words of both that they have in common and in the same order."""
_MOST_BESIDE: Final = 2
"""Other words that may differ beside a denial."""
_DENYING: Final = frozenset({"not", "never"})
_CARRYING: Final = frozenset({"do", "does", "did", "be"})
"""Words that come and go with a denial."""
_DENYING_KO: Final = re.compile(r"않|못하|말고|마십|마세|마시|말아|아니|아닙|아닌|없|안$|못$")
_TURNING: Final = frozenset(
    [
        "less",
        "more",
        "least",
        "most",
        "under",
        "over",
        "below",
        "above",
        "only",
        "unless",
        "until",
        "except",
        "without",
        "before",
        "after",
        "than",
        "no",
        "none",
        "미만",
        "이상",
        "이하",
        "초과",
        "만",
        "뿐",
        "외에",
        "전에",
        "후에",
        "넘",
        "보다",
    ]
)
"""Words beside which a denial may say the same the other way round: not less is at least."""
_SHORTEST_NAME: Final = 3
_FIRST_SYLLABLE: Final = ord("가")
_FINALS: Final = 28
"""Syllables that differ in their final consonant alone follow each other: 하, 학 … 핳."""


@dataclass(frozen=True, slots=True)
class _Difference:
    """What a sentence has in the place of what the passage has; either may be nothing."""

    own: tuple[str, ...]
    theirs: tuple[str, ...]
    is_first: bool
    """It begins the sentence, whose first letter is a capital whatever the word."""


def otherwise(sentence: str, parts: Sequence[str]) -> str:
    """Return what a sentence says otherwise than the part of a passage that it is taken from; nothing where it is from none, or from one that says so."""
    own = _tokens(sentence)
    if len(own) < _FEWEST:
        return ""
    found = ""
    for part in parts:
        differences = _differences(own, _tokens(part))
        if differences is None:
            continue
        wrong = _denied(differences) or _renamed(differences)
        if not wrong:
            return ""
        found = found or wrong
    return found


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(_CONTRACTED.sub(_spelt_out, text)))


def _spelt_out(found: re.Match[str]) -> str:
    word = "can" if found[1] or found[4] else "will" if found[2] else found[3]
    return f"{word} not"


def _differences(own: tuple[str, ...], theirs: tuple[str, ...]) -> list[_Difference] | None:
    """Return what differs; None where a sentence is not word for word from there."""
    keys, others = [one.casefold() for one in own], [one.casefold() for one in theirs]
    if len(set(keys) & set(others)) < _SAME * len(set(keys)):
        return None
    matcher = SequenceMatcher(None, keys, others, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    same = sum(block.size for block in blocks)
    if not blocks:
        return None
    # A passage may say more before and behind it.
    first, last = blocks[0], blocks[-1]
    begin = max(first.b - first.a, 0)
    end = last.b + len(own) - last.a
    end += _denials(theirs[end : end + 1])  # 선택합니다 in the place of 선택하지 않습니다
    if same < _FEWEST or same < _SAME * max(len(own), min(end, len(theirs)) - begin):
        return None
    return [
        _Difference(own[at:after], theirs[max(start, begin) : min(stop, end)], at == 0)
        for tag, at, after, start, stop in matcher.get_opcodes()
        if tag != "equal"
    ]


def _denied(differences: Sequence[_Difference]) -> str:
    """Return the denial that only one of them has."""
    own = sum(_denials(one.own) for one in differences)
    theirs = sum(_denials(one.theirs) for one in differences)
    if (own + theirs) % 2 == 0:
        return ""
    for one in differences:
        others = [each for each in differences if each is not one]
        words = [word.casefold() for each in others for word in (*each.own, *each.theirs)]
        if _only_denies(one) and len(words) <= _MOST_BESIDE and not _TURNING.intersection(words):
            return " ".join(one.own or one.theirs)
    return ""


def _denials(words: Sequence[str]) -> int:
    return sum(word.casefold() in _DENYING or _DENYING_KO.match(word) is not None for word in words)


def _only_denies(one: _Difference) -> bool:
    """Tell whether the words of a difference are the same but for a denial."""
    if (_denials(one.own) > 0) == (_denials(one.theirs) > 0):
        return False
    more, less = (one.own, one.theirs) if _denials(one.own) else (one.theirs, one.own)
    rest = [word for word in more if not _denials([word]) and word.casefold() not in _CARRYING]
    kept = [word for word in less if word.casefold() not in _CARRYING]
    if len(rest) == len(kept):
        return all(_begin_alike(a, b) for a, b in zip(rest, kept, strict=True))
    # 있습니다 and 없습니다: the denial is the word itself.
    return len(more) == len(less) == 1 and less[0].startswith("있") and more[0][1:] == less[0][1:]


def _begin_alike(one: str, other: str) -> bool:
    """Tell whether two words are one bent in two ways: 합니다 and 하지."""
    if one.isascii() or other.isascii():
        return one.casefold() == other.casefold()
    return (ord(one[0]) - _FIRST_SYLLABLE) // _FINALS == (ord(other[0]) - _FIRST_SYLLABLE) // _FINALS


def _renamed(differences: Sequence[_Difference]) -> str:
    """Return the name or number that stands in the place of another."""
    for one in differences:
        if len(one.own) == len(one.theirs) == 1:
            (own,), (theirs,) = one.own, one.theirs
            if _are_names(own, theirs, one) or _are_numbers(own, theirs):
                return own
    return ""


def _are_names(a: str, b: str, one: _Difference) -> bool:
    if one.is_first or min(len(a), len(b)) < _SHORTEST_NAME or not (a[0].isupper() and b[0].isupper()):
        return False
    begin, other = a.casefold(), b.casefold()
    return not (begin.startswith(other[:_SHORTEST_NAME]) or other.startswith(begin[:_SHORTEST_NAME]))


def _are_numbers(a: str, b: str) -> bool:
    return a[0].isdigit() and b[0].isdigit() and _value(a) != _value(b)


def _value(number: str) -> str:
    return number.replace(",", "").lstrip("0") or "0"
