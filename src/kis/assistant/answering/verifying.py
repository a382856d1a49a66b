"""Whether a sentence stands in the passages it cites: its numbers, codes, names and pages, which way it points, and its words.

Each check compares with that part of the passage which speaks of the same, so that a number taken from elsewhere in the passage is noticed. What is not in
the language of the passage cannot be held against it and counts as not supported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from kis.assistant.answering import polarity
from kis.assistant.answering.quantities import (
    WORD,
    Bound,
    Quantity,
    codes,
    measure_of,
    names_unit,
    pages,
    plain_code,
    quantities,
)
from kis.assistant.answering.wording import expanded, sentences, terms
from kis.assistant.things import Passage

LEAST_WORDS: Final = 0.5
"""Share of a sentence's words that its passage must have; retelling changes up to half of them (docs/reference/answers.md)."""
LEAST_OVERLAP: Final = 0.34
"""Share of a clause's words that a clause of the passage must have to be held against it."""
_NEAR: Final = 0.75
"""A part of the passage that shares at least so much of what the best one shares may support a sentence as well."""
_FEW: Final = 2
"""Of so few words more than that share must be there: one of two is a matter of chance."""
_CLEARLY: Final = 0.4
"""So much more of a word must another clause share before a number is taken for its own: half a word tells opposites apart."""
_OWN: Final = 0.8
"""Share of its words from which on a clause has its number from where it speaks of the same."""
_MUCH: Final = 2
"""So many words shared with another clause and none with its own tell that a number belongs elsewhere."""
_SIDES: Final = {Bound.AT_LEAST: 1, Bound.ABOVE: 1, Bound.AT_MOST: -1, Bound.BELOW: -1}
_STRICT: Final = frozenset({Bound.ABOVE, Bound.BELOW})


class Doubt(StrEnum):
    """Why a sentence is not supported."""

    NUMBER = "number"
    BOUND = "bound"
    CODE = "code"
    PAGE = "page"
    DENIAL = "denial"
    CHOICE = "choice"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification came to."""

    supported: bool
    doubt: Doubt | None = None
    detail: str = ""
    passage: int | None = None
    """Place of the passage that supports it among those given."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A sentence beside a passage, both taken apart."""

    sentence: str
    passage: Passage
    parts: tuple[str, ...]
    """The sentences and rows of the passage."""
    near: tuple[str, ...]
    """Those of them that speak of what the sentence speaks of."""
    whole: str


def verify(sentence: str, passages: Sequence[Passage]) -> Verdict:
    """Tell whether one of these passages supports a sentence; where none does, what is wrong with the one that comes nearest."""
    worst: Verdict | None = None
    reached = -1
    for place, passage in enumerate(passages):
        verdict, checked = _held(sentence, passage)
        if verdict.supported:
            return Verdict(True, passage=place)
        if checked > reached:
            worst, reached = verdict, checked
    return worst or Verdict(False, Doubt.WORDS)


def nearest_part(sentence: str, passage: Passage) -> str:
    """Return the sentence or row of a passage that speaks most of what a sentence speaks of, as it stands there."""
    return max(_parts(passage.text), key=lambda part: _shared(sentence, part))


def _held(sentence: str, passage: Passage) -> tuple[Verdict, int]:
    held = _beside(sentence, passage)
    for passed, (doubt, check) in enumerate(_CHECKS):
        if wrong := check(held):
            return Verdict(False, doubt, wrong), passed
    return Verdict(True), len(_CHECKS)


def _beside(sentence: str, passage: Passage) -> _Held:
    parts = _parts(passage.text)
    return _Held(
        sentence, passage, parts, _nearest(sentence, parts), " \n".join((*passage.title_path, passage.text))
    )


@lru_cache(maxsize=2048)
def _parts(text: str) -> tuple[str, ...]:
    return sentences(text) or (text,)


def _nearest(sentence: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts that share most with the sentence, codes counted twice."""
    shares = [_shared(sentence, part) for part in parts]
    most = max(shares)
    return tuple(part for part, share in zip(parts, shares, strict=True) if share and share >= most * _NEAR)


def _shared(sentence: str, part: str) -> float:
    own = terms(sentence)
    return len(own & expanded(terms(part))) + 2.0 * len(codes(sentence) & codes(part))


# The checks, from the words to the figures: each returns what is wrong, or nothing.


def _wrong_words(held: _Held) -> str:
    own = terms(held.sentence)
    if not own:
        says_figure = quantities(held.sentence) or codes(held.sentence)
        return "" if says_figure else held.sentence  # words that say nothing are supported by nothing
    known = expanded(terms(held.whole))
    missing = own - known
    # A word with a capital inside a sentence is a name: it stands in the passage or is made up.
    names = [word for word in _names(held.sentence) if terms(word) & missing]
    if names:
        return names[0]
    stated = own & expanded(terms(held.passage.text))  # a heading states nothing
    least = LEAST_WORDS * len(own)
    is_enough = len(stated) > least if len(own) <= _FEW else len(stated) >= least
    return "" if is_enough else " ".join(sorted(missing or own - stated))


def _names(sentence: str) -> list[str]:
    words = sentence.split()[1:]
    return [word for word in words if word[:1].isascii() and word[:1].isupper() and word[1:2].islower()]


def _wrong_page(held: _Held) -> str:
    allowed = pages(held.whole) | {held.passage.page}
    return next((str(page) for page in sorted(pages(held.sentence)) if page not in allowed), "")


def _wrong_code(held: _Held) -> str:
    known = codes(held.whole)
    squashed = plain_code(held.whole)
    for code in sorted(codes(held.sentence)):
        # A code may be written apart in the passage; then it must not go on with another sign.
        if code not in known and not _stands_apart(code, held.whole, squashed):
            return code
    return ""


def _stands_apart(code: str, whole: str, squashed: str) -> bool:
    if code not in squashed:
        return False
    words = [plain_code(word) for word in whole.replace("|", " ").split()]
    return any(
        "".join(words[begin : begin + length]) == code
        for length in (1, 2, 3)
        for begin in range(len(words) - length + 1)
    )


def _wrong_number(held: _Held) -> str:
    places = _where_numbers_may_stand(held)
    for quantity in quantities(held.sentence):
        if quantity.measure == WORD and quantity.number in {0.5, 1}:
            continue  # "one" and "half" are words like others
        if not any(_says(part, quantity, held.whole) for part in places):
            return f"{quantity.number:g} {quantity.measure}".strip()
        if _is_taken_from_elsewhere(held, quantity):
            return f"{quantity.number:g} {quantity.measure}".strip()
    return ""


def _is_taken_from_elsewhere(held: _Held, quantity: Quantity) -> bool:
    """Tell whether the passage says another number of what the sentence speaks of, and this one of something else."""
    clauses = [each for each in _clauses(held.parts) if quantities(each)]
    saying = [each for each in clauses if _says(each, quantity, held.whole)]
    others = [each for each in clauses if each not in saying]
    if not saying or not others or quantity.measure == WORD:
        return False
    own = next(
        (each for each in polarity.clauses(held.sentence) if quantity in quantities(each)), held.sentence
    )
    said = max(_fit(own, each) for each in saying)
    alike = [each for each in others if any(one.measure == quantity.measure for one in quantities(each))]
    other = max((_fit(own, each) for each in alike), default=0.0)
    return (other > said + _CLEARLY and said < _OWN * len(terms(own))) or (
        said == 0 and max(_fit(own, each) for each in others) >= _MUCH
    )


def _fit(clause: str, other: str) -> float:
    """Return how much a clause speaks of what another does; where one names the opposite, half a word less."""
    shared = len(terms(clause) & expanded(terms(other)))
    opposite = polarity.are_opposite(polarity.pointing(clause), polarity.pointing(other))
    return shared - opposite / 2


def _clauses(parts: tuple[str, ...]) -> list[str]:
    return [clause for part in parts for clause in polarity.clauses(part)]


def _where_numbers_may_stand(held: _Held) -> tuple[str, ...]:
    """Return the rows of the model that the sentence names; else what shares a word with it. Headings go with each."""
    own = codes(held.sentence)
    of_code = tuple(part for part in held.parts if own & codes(part))
    if of_code and "|" in held.passage.text:
        return (*of_code, *held.passage.title_path)
    sharing = [bool(_shared(held.sentence, part)) for part in held.parts]
    # A sentence may go on about what the one before it names.
    near = tuple(part for place, part in enumerate(held.parts) if any(sharing[max(0, place - 1) : place + 2]))
    return (*(near or held.parts), *held.passage.title_path)


def _says(part: str, quantity: Quantity, whole: str) -> bool:
    return any(_is_said(quantity, other, whole) for other in quantities(part))


def _is_said(quantity: Quantity, other: Quantity, whole: str) -> bool:
    if quantity.is_same(other):
        return True
    if quantity.number != other.number:
        return False
    bare = {"", WORD, "pole"}
    if quantity.measure in bare and other.measure in bare:
        return True
    if not quantity.measure:
        return True  # the unit is left out
    # In a table the unit stands in the head.
    return not other.measure and names_unit(whole, measure_of(quantity))


def _wrong_bound(held: _Held) -> str:
    for quantity in quantities(held.sentence):
        others = [
            other
            for part in (held.near or held.parts)
            for other in quantities(part)
            if _is_said(quantity, other, held.whole)
        ]
        if others and not any(_bounds_agree(quantity.bound, other.bound) for other in others):
            return f"{quantity.bound} {quantity.number:g}"
    return ""


def _bounds_agree(own: Bound | None, other: Bound | None) -> bool:
    if own == other:
        return True
    if own is None or other is None:
        return (own or other) not in _STRICT or own is None
    return _SIDES[own] == _SIDES[other] and (own in _STRICT) == (other in _STRICT)


def _wrong_way(held: _Held) -> str:
    for clause in polarity.clauses(held.sentence):
        own = polarity.pointing(clause)
        best = _best_clause(clause, held.near)
        if best and polarity.turns(own, polarity.pointing(best)) % 2:
            return clause
        if not own.is_denied and (word := _only_denied(clause, best, held)):
            return word
    return ""


def _only_denied(clause: str, best: str, held: _Held) -> str:
    """Return a word of an affirming clause that the passage has in nothing but denials, and not where it speaks most of the same."""
    theirs = _clauses(held.parts)
    own = polarity.pointing(clause)
    for term in sorted(terms(clause) - expanded(terms(best))):
        having = [polarity.pointing(each) for each in theirs if term in expanded(terms(each))]
        if having and all(each.is_denied and polarity.turns(own, each) % 2 for each in having):
            return term
    return ""


def _wrong_choice(held: _Held) -> str:
    for clause in polarity.clauses(held.sentence):
        best = _best_clause(clause, held.near)
        if best and polarity.excludes(polarity.pointing(clause), polarity.pointing(best)):
            return clause
    return ""


def _best_clause(clause: str, near: tuple[str, ...]) -> str:
    """Return the clause or sentence of the passage that shares most with a clause, the shortest such; none where little is shared."""
    own = terms(clause)
    theirs = (*near, *_clauses(near))
    shares = [(len(own & expanded(terms(other))), -len(other), other) for other in theirs]
    most, _, best = max(shares, default=(0, 0, ""))
    return best if own and most >= LEAST_OVERLAP * len(own) else ""


_CHECKS: Final[tuple[tuple[Doubt, Callable[[_Held], str]], ...]] = (
    (Doubt.WORDS, _wrong_words),
    (Doubt.CODE, _wrong_code),
    (Doubt.PAGE, _wrong_page),
    (Doubt.NUMBER, _wrong_number),
    (Doubt.BOUND, _wrong_bound),
    (Doubt.CHOICE, _wrong_choice),
    (Doubt.DENIAL, _wrong_way),
)
