"""Which of two opposites goes with what: the white ring with the white dot, the low magnification first and the high one then.

Where a passage names both of two opposites, or several colours, each is bound to something. A sentence that has the same words but binds them the other way round
differs from it in nothing else, so what is bound to what is compared by itself.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kis.assistant.answering.verifying import polarity
from kis.assistant.answering.verifying.placing import Clause, placed
from kis.assistant.answering.verifying.synonyms import is_same, said_by
from kis.assistant.answering.wording import sentences, terms_in_order, words

_PAIR: Final = 2
_MOSTLY: Final = 0.75
"""Share of the other words that must follow each other in the same order, for opposites to be all that was exchanged."""
_FEWEST: Final = 2
_PREDICATE: Final = re.compile(r"(?:다|고|며|요|오|지만|으나|는데|거나)$")
_GOES_WITH: Final = re.compile(
    r"수록|\bthe (?:\w+er|more|less)\b.*\bthe (?:\w+er|more|less)\b", re.IGNORECASE
)


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
    return (
        _of_another(sentence, passage)
        or _in_reverse(sentence, passage)
        or _of_sibling(sentence, passage)
        or _of_next_clause(sentence, passage)
    )


def _of_another(sentence: str, passage: str) -> str:
    """Tell it of two things each of which has its own: the black dot of the white ring."""
    own = _markers(sentence)
    theirs = [_markers(clause) for each in sentences(passage) for clause in polarity.clauses(each)]
    for one in own:
        for other in own:
            if one.group != other.group or one.head == other.head or not one.head or not other.head:
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
            if _is_other_course(mine, yours, sentence) and _runs_alike(
                _without(sentence, own, group), _without(theirs, markers, group)
            ):
                return " ".join(mine)
    return ""


def _is_other_course(mine: list[str], yours: list[str], sentence: str) -> bool:
    """Tell whether one of two is another, or both are exchanged; of what goes with each other both may be turned: the more, the less."""
    if len(mine) != _PAIR or len(yours) != _PAIR or mine == yours:
        return False
    if mine[0] != yours[0] and mine[1] != yours[1]:
        return mine == yours[::-1] and not _GOES_WITH.search(sentence)
    return True


def _runs_alike(own: tuple[str, ...], other: tuple[str, ...]) -> bool:
    own, other = tuple(dict.fromkeys(own)), tuple(dict.fromkeys(other))
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
        if polarity.opposed(own.text, sibling.text) > 1:
            continue  # what is said the other way round of the other way round is the same
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


def _of_next_clause(sentence: str, passage: str) -> str:
    """Tell it of a Korean sentence that ends as one clause ends and else is another clause."""
    every = [each for each in placed(passage) if each.is_single and "|" not in each.text]
    for own in placed(sentence):
        if not own.is_single or own.every[-1].surface.isascii() or own.pointing.is_denied:
            continue
        for one, other in itertools.permutations(every, _PAIR):
            is_pair = one.whole == other.whole and not one.pointing.denials and not other.pointing.denials
            if is_pair and _ends_as(own, one, other) and not _is_told_elsewhere(own, one, every):
                return own.every[-1].surface
    return ""


def _is_told_elsewhere(own: Clause, one: Clause, every: list[Clause]) -> bool:
    """Tell whether a clause of another sentence has the verb, and as much of all else."""
    verb, least = own.every[-1], len(said_by(own.every, one.every))
    return any(
        verb.term in (alike := said_by(own.every, each.every)) and len(alike) >= least
        for each in every
        if each.whole != one.whole
    )


def _ends_as(own: Clause, one: Clause, other: Clause) -> bool:
    """Tell whether a sentence has the verb of the other clause and all else of the one, which has another verb."""
    verb, its, others = own.every[-1], one.every[-1], other.every[-1]
    if not verb.term or not _PREDICATE.search(its.surface) or not is_same(verb, others):
        return False
    if said_by([verb], (*one.every, *one.around)) or said_by([its], own.every) or not its.term:
        return False
    mine, yours = said_by(own.every, one.every), said_by(own.every, (*other.every, *other.around))
    keys = mine - yours - {word.term for word in one.every[:1]}
    figures = (own.figures & one.figures) - other.figures
    is_rest = not yours - mine - {verb.term} and not (own.figures & other.figures) - one.figures
    return bool(keys or figures) and is_rest and polarity.opposed(own.text, other.text) <= 1


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
        yield _Marker(group, value, head, begin, end)


def _word_end(text: str, end: int) -> int:
    match = re.compile(r"[가-힣A-Za-z]*").match(text, end)
    return match.end() if match else end
