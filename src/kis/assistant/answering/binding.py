"""Which of two opposites goes with what: the white ring with the white dot, the low magnification first and the high one then.

Where a passage names both of two opposites, or several colours, each is bound to something. A sentence that has the same words but binds them the other way round
differs from it in nothing else, so what is bound to what is compared by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kis.assistant.answering import polarity
from kis.assistant.answering.placing import Clause, placed
from kis.assistant.answering.synonyms import said_by
from kis.assistant.answering.wording import sentences, terms_in_order, words

_PAIR: Final = 2
_MOSTLY: Final = 0.75
"""Share of the other words that must follow each other in the same order, for opposites to be all that was exchanged."""
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class _Marker:
    """A word of which there is another one that excludes it, and what it stands before."""

    group: int
    value: str
    head: str
    begin: int
    end: int


def bound_otherwise(sentence: str, passage: str) -> str:
    """Return what a sentence binds to another of several opposites than the passage does; nothing where it does not."""
    return _of_another(sentence, passage) or _in_reverse(sentence, passage) or _of_sibling(sentence, passage)


def _of_another(sentence: str, passage: str) -> str:
    """Tell it of two things each of which has its own: the black dot of the white ring."""
    own = _markers(sentence)
    theirs = [_markers(clause) for each in sentences(passage) for clause in polarity.clauses(each)]
    for one in own:
        for other in own:
            if one.group != other.group or one.head == other.head:
                continue
            both = [{(each.value, each.head) for each in some if each.group == one.group} for some in theirs]
            mine, yours = (one.value, one.head), (other.value, other.head)
            if any({mine, yours} <= some for some in both):
                continue
            if any(
                mine in some and any(head == other.head and value != other.value for value, head in some)
                for some in both
            ):
                return f"{other.value} {other.head}"
    return ""


def _in_reverse(sentence: str, passage: str) -> str:
    """Tell it of opposites that follow each other the other way round, with all else as it was."""
    own = _markers(sentence)
    for theirs in sentences(passage):
        markers = _markers(theirs)
        for group in {marker.group for marker in own}:
            mine = [marker.value for marker in own if marker.group == group]
            yours = [marker.value for marker in markers if marker.group == group]
            is_reversed = len(mine) == _PAIR and mine[0] != mine[1] and mine == yours[::-1]
            if is_reversed and _runs_alike(_without(sentence, own, group), _without(theirs, markers, group)):
                return " ".join(mine)
    return ""


def _runs_alike(own: tuple[str, ...], other: tuple[str, ...]) -> bool:
    common = [term for term in own if term in other]
    places = [other.index(term) for term in common]
    is_enough = len(common) >= max(_FEWEST, _MOSTLY * len(own)) and len(common) >= _MOSTLY * len(other)
    return is_enough and places == sorted(places)


def _without(text: str, markers: tuple[_Marker, ...], group: int) -> tuple[str, ...]:
    for marker in sorted(markers, key=lambda each: each.begin, reverse=True):
        if marker.group == group:
            text = f"{text[: marker.begin]} {text[marker.end :]}"
    return terms_in_order(text)


def _of_sibling(sentence: str, passage: str) -> str:
    """Tell it of a sentence that names one of two and says what the passage says of the other only."""
    every = [each for each in placed(passage) if each.is_single and "|" not in each.text]
    for own in placed(sentence):
        for group, value in _single(own):
            same = [each for each in every if (group, value) in _single(each)]
            if same and all(_has_sibling(own, each, every, group) for each in same):
                return value
    return ""


def _has_sibling(own: Clause, theirs: Clause, every: list[Clause], group: int) -> bool:
    """Tell whether a clause beside the one of the same value has all that a sentence says, and that one has nothing of it."""
    value = dict(_single(theirs))[group]
    for sibling in every:
        its = dict(_single(sibling)).get(group)
        if sibling.whole != theirs.whole or its is None or its == value:
            continue
        if own.pointing.is_denied != sibling.pointing.is_denied or own.figures & theirs.figures:
            continue
        said = said_by(own.every, (*theirs.every, *theirs.around))
        besides = said_by(own.every, (*sibling.every, *sibling.around))
        markers = {
            word.term
            for word in own.every
            if any(word.surface.startswith(each) for each in _surfaces(own.text, group))
        }
        figures = own.figures & sibling.figures
        if not said - besides - markers and (besides - said - markers or figures):
            return True
    return False


def _single(clause: Clause) -> tuple[tuple[int, str], ...]:
    """Return the groups of which a clause names just one, with that one."""
    values: dict[int, set[str]] = {}
    for marker in _markers(clause.text):
        values.setdefault(marker.group, set()).add(marker.value)
    return tuple((group, next(iter(some))) for group, some in values.items() if len(some) == 1)


def _surfaces(text: str, group: int) -> list[str]:
    return [text[marker.begin : marker.end].strip() for marker in _markers(text) if marker.group == group]


@lru_cache(maxsize=4096)
def _markers(text: str) -> tuple[_Marker, ...]:
    return tuple(_found(text))


def _found(text: str) -> Iterator[_Marker]:
    for group, begin, end, value in polarity.opposites_in(text):
        behind = words(re.split(r"[,;.]", text[_word_end(text, end) :])[0])
        head = next((word.term for word in behind if word.term), "")
        if head:
            yield _Marker(group, value, head, begin, end)


def _word_end(text: str, end: int) -> int:
    match = re.compile(r"[가-힣A-Za-z]*").match(text, end)
    return match.end() if match else end
