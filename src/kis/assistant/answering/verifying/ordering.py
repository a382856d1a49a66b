"""What comes first: the order of two steps in a sentence, and whether a passage gives it the other way round."""

import itertools
import re
from collections.abc import Iterator
from typing import Final

from kis.assistant.answering.quantities import WORD, quantities
from kis.assistant.answering.verifying import polarity
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
_MOSTLY: Final = 0.66
_SURELY: Final = 2
"""So many words must both steps share with what only its course puts in order."""
_PAIR: Final = 2
_FIRST_THEN: Final = re.compile(
    r"\bfirst\b|\bthen\b|\bafterwards\b|\bfrom\b.*\bto\b|먼저|다음|그다음|나중|에서 시작|마무리",
    re.IGNORECASE,
)
_STEP: Final = re.compile(r"\s*(?:\d{1,2}[.)]|[①-⑳])\s")
_AT_FIRST: Final = re.compile(r"^.*(?:때는|때에는|때|경우에는|경우)[ ,]")
"""What says when all the steps are done is none of them."""
_USE: Final = re.compile(r"\buse\b", re.IGNORECASE)
"""A light word everywhere else; before use and after use it is the step."""

Steps = tuple[frozenset[str], frozenset[str]]
"""Words of what is done first and of what is done later."""


def is_reversed(sentence: str, passage: str) -> bool:
    """Tell whether a sentence puts two steps in an order of which a sentence of the passage has the reverse."""
    if _changes(sentence) & {(b, a) for a, b in _changes(passage)}:
        return True
    if _is_other_marker(sentence, passage) or _are_figures_reversed(sentence, passage):
        return True
    told = [steps for each in sentences(passage) for steps in _told(each)]
    in_turn = [steps for each in sentences(passage) for steps in _in_turn(each)]
    if any(_is_against(own, told, in_turn) for own in _told(sentence)):
        return True
    if quantities(sentence):
        return False  # two years after it was installed is no step
    by_course = list(_by_course(passage))
    return any(_is_against(own, told, by_course, least=_SURELY) for own in _told(sentence))


def _is_other_marker(sentence: str, passage: str) -> bool:
    """Tell whether a sentence has before where the passage has after, of the same and for the same."""
    theirs = [marked for each in sentences(passage) for marked in _marked(each)]
    for is_later, marked, rest in _marked(sentence):
        agreeing = [
            way == is_later
            for way, other, more in theirs
            if _is_alike(marked, other) and _is_told(rest, more)
        ]
        if agreeing and not any(agreeing):
            return True
    return False


def _marked(sentence: str) -> Iterator[tuple[bool, frozenset[str], frozenset[str]]]:
    """Yield for each word of order whether it is before, what stands at it, and all else."""
    if polarity.pointing(sentence).denials:
        return  # not before it has stopped is after
    for marker in (_LATER, _EARLIER):
        for match in marker.finditer(sentence):
            if _NO_ORDER.match(sentence[match.start() :]):
                continue
            before, behind = sentence[: match.start()], sentence[match.end() :]
            is_english = match[0][0].isascii()
            at = _nearest(_clause(behind) if is_english else before, at_end=not is_english)
            yield marker is _LATER, at, terms(sentence) - at


def _is_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return False
    said = len(one & expanded(other))
    return said >= _MOSTLY * len(one) and said >= _MOSTLY * min(len(other), _MARKED)


def _is_told(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & expanded(other)) >= _MOSTLY * len(one)


def _are_figures_reversed(sentence: str, passage: str) -> bool:
    """Tell whether a sentence has two figures in turn that the passage has in turn the other way round: first 45, then 20."""
    own = _figures_in_turn(sentence)
    return bool(own) and any(
        _figures_in_turn(each) == own[::-1] != own and terms(sentence) & terms(each)
        for each in sentences(passage)
    )


def _figures_in_turn(sentence: str) -> list[tuple[str, float]]:
    if not _FIRST_THEN.search(sentence):
        return []
    found = [(each.measure, each.size) for each in quantities(sentence) if each.measure not in {"", WORD}]
    return found if len(found) == _PAIR and found[0][0] == found[1][0] else []


def _by_course(passage: str) -> Iterator[Steps]:
    """Yield the steps of a sentence or a numbered list as they follow each other without a word for it."""
    numbered = [terms(line) for line in passage.split("\n") if _STEP.match(line)]
    yield from itertools.combinations(numbered, 2)
    for sentence in sentences(passage):
        if "|" not in sentence and not _LATER.search(sentence) and not _EARLIER.search(sentence):
            steps = [terms(clause) for clause in polarity.clauses(sentence)]
            yield from itertools.combinations([each for each in steps if each], 2)


def _is_against(own: Steps, told: list[Steps], in_turn: list[Steps], *, least: int = 1) -> bool:
    """Tell by the sentences that tell the order, then also by the course of others."""
    fits, against = 0, 0
    for theirs in (told, in_turn):
        fits = max([fits, *(_fit(own, each) for each in theirs)])
        against = max([against, *(_fit(own, (later, first)) for first, later in theirs)])
        if against > fits and against >= least:
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
        (terms(_AT_FIRST.sub(" ", sentence[: match.start()])), terms(sentence[match.end() :]))
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
