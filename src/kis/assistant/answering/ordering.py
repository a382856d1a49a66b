"""What comes first: the order of two steps in a sentence, and whether a passage gives it the other way round."""

import re
from typing import Final

from kis.assistant.answering import polarity
from kis.assistant.answering.wording import expanded, sentences, terms, terms_in_order

_LATER: Final = re.compile(r"\bbefore\b|\bprior to\b|(?<=기 )전(?:에|까지)?|하기 전", re.IGNORECASE)
"""In English what follows it is done later, in Korean what stands before it."""
_EARLIER: Final = re.compile(
    r"\bafter\b(?! that)|\bonce\b(?= (?:the|it|you|all|they))|(?<=[가-힣] )(?:뒤|후|다음)(?:에|에야|에는)?(?= )|(?<=[가-힣] )(?:뒤|후|다음)(?=,)|고 나서|고나서",
    re.IGNORECASE,
)
"""In English what follows it is done first, in Korean what stands before it."""
_IN_TURN: Final = re.compile(
    r"(?:,? and|,|;|\.)? then\b|(?<=[가-힣])고(?: |,)(?!있|나서|싶)|그다음|그 다음|그런 다음", re.IGNORECASE
)
"""What stands before it is done first."""
_NO_ORDER: Final = re.compile(r"once (?:a|every|in|per)\b", re.IGNORECASE)
_BECOMES: Final = (
    re.compile(
        r"\bfrom (?:the )?(?P<one>[\w-]+)(?: \w+)? (?:to|into) (?:the )?(?P<two>[\w-]+)", re.IGNORECASE
    ),
    re.compile(
        r"(?P<one>[A-Za-z0-9가-힣-]+?)(?: [가-힣]{1,3}?)?(?:을|를|에서) (?P<two>[A-Za-z0-9가-힣-]+?)(?: [가-힣]{1,3}?)?(?:으로|로)(?= )"
    ),
)
_MARKED: Final = 3
"""So many words beside a word of order are what it orders."""
_BESIDE: Final = 6
_USE: Final = re.compile(r"\buse\b", re.IGNORECASE)
"""A light word everywhere else; before use and after use it is the step."""

Steps = tuple[frozenset[str], frozenset[str]]
"""Words of what is done first and of what is done later."""


def is_reversed(sentence: str, passage: str) -> bool:
    """Tell whether a sentence puts two steps in an order of which a sentence of the passage has the reverse."""
    if _changes(sentence) & {(b, a) for a, b in _changes(passage)}:
        return True
    told = [steps for each in sentences(passage) for steps in _told(each)]
    in_turn = [steps for each in sentences(passage) for steps in _in_turn(each)]
    return any(_is_against(own, told, in_turn) for own in _told(sentence))


def _is_against(own: Steps, told: list[Steps], in_turn: list[Steps]) -> bool:
    """Tell by the sentences that tell the order, then also by the course of others."""
    fits, against = 0, 0
    for theirs in (told, in_turn):
        fits = max([fits, *(_fit(own, each) for each in theirs)])
        against = max([against, *(_fit(own, (later, first)) for first, later in theirs)])
        if against > fits:
            return True
    return False


def _changes(text: str) -> set[tuple[str, str]]:
    """Return what is said to become what: from N to S, N 등급을 S 등급으로."""
    return {
        (match["one"].casefold(), match["two"].casefold())
        for pattern in _BECOMES
        for match in pattern.finditer(text)
    }


def _told(sentence: str) -> list[Steps]:
    """Return the steps whose order a sentence tells by a word for it, not only by its course."""
    is_denied = polarity.pointing(sentence).denials > 0  # not opened before it stops: stopped first
    return [
        _steps(sentence, match, is_later=marker is _LATER and not is_denied)
        for marker in (_LATER, _EARLIER)
        for match in marker.finditer(sentence)
        if not _NO_ORDER.match(sentence[match.start() :])
    ]


def _in_turn(sentence: str) -> list[Steps]:
    return [
        (terms(sentence[: match.start()]), terms(sentence[match.end() :]))
        for match in _IN_TURN.finditer(sentence)
    ]


def _steps(sentence: str, match: re.Match[str], *, is_later: bool) -> Steps:
    before, behind = _USE.sub("usage", sentence[: match.start()]), _USE.sub("usage", sentence[match.end() :])
    if match[0][0].isascii():
        if terms(before):
            marked, other = _clause(behind), " ".join(before.split()[-_BESIDE:])
        else:  # Before you open it, switch it off
            marked, _, other = behind.partition(",")
    else:
        marked, other = before, behind
        if not terms(behind):
            return frozenset(), frozenset()
    one, two = _nearest(marked, at_end=not match[0][0].isascii()), terms(other)
    return (two - one, one - two) if is_later else (one - two, two - one)


def _nearest(text: str, *, at_end: bool) -> frozenset[str]:
    found = terms_in_order(text)
    return frozenset(found[-_MARKED:] if at_end else found[:_MARKED])


def _clause(text: str) -> str:
    return re.split(r"[,;.]| and ", text)[0]


def _fit(own: Steps, theirs: Steps) -> int:
    """Return how well both steps of one are those of the other: the weaker of the two."""
    return min(len(own[0] & expanded(theirs[0])), len(own[1] & expanded(theirs[1])))
