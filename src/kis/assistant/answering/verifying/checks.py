"""Whether a sentence stands in the passages it cites: its numbers, codes, names and pages, which way it points, and its words.

Each check compares with that part of the passage which speaks of the same, so that a number taken from elsewhere in the passage is noticed. What is not in
the language of the passage cannot be held against it and counts as not supported.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import inf
from typing import Final

from kis.assistant.answering.quantities import (
    WORD,
    Quantity,
    codes,
    measure_of,
    names_unit,
    pages,
    plain_code,
    quantities,
)
from kis.assistant.answering.verifying import (
    aligning,
    binding,
    causing,
    comparing,
    denying,
    ordering,
    polarity,
    substituting,
    synonyms,
    verbatim,
)
from kis.assistant.answering.wording import expanded, sentences, terms
from kis.assistant.things import Passage

LEAST_WORDS: Final = 0.5
"""Share of a sentence's words that its passage must have; retelling changes up to half of them (docs/reference/answers.md)."""
LEAST_WITH_FACTS: Final = 0.4
"""The same of a sentence with codes or figures: these are held against the passage one by one."""
_NEAR: Final = 0.75
"""A part of the passage that shares at least so much of what the best one shares may support a sentence as well."""
_FEW: Final = 2
"""Of so few words more than that share must be there: one of two is a matter of chance."""


_LIGHT_COUNTS: Final = {WORD: 2, "times": 1}
"""Up to which number a count is a word like others: one, half, two, once."""


_ADVERBS: Final = terms(
    "longest shortest heaviest lightest hottest coldest widest narrowest tallest loudest quietest longer shorter heavier lighter "
    "가장 제일 오래 걸리 afterwards always really simply directly also then therefore first finally usually normally "
    "먼저 역시 또한 꼭 매우 아주 약간 이미 항상 나중 이후 이전 우선 보통 대개 모조리 그대로"
)
"""Words that a retelling adds or leaves out; which comes first is told by another check."""
_INTERVALS: Final = {
    ("s", 3600.0): "hour",
    ("s", 86400.0): "day",
    ("s", 604800.0): "week",
    ("month", 1.0): "month",
    ("month", 12.0): "year",
}
_SPEED: Final = re.compile(r"시속|초속|an hour|a second")
_ALONE: Final = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b(?=\s*(?:[.,;]|$|(?:and|or|if|when)\b))",
    re.IGNORECASE,
)
"""A number in words with nothing behind it."""
_DEGREES: Final = frozenset({"°", "°C", "°F"})


class Doubt(StrEnum):
    """Why a sentence is not supported."""

    NUMBER = "number"
    BOUND = "bound"
    CODE = "code"
    PAGE = "page"
    DENIAL = "denial"
    CHOICE = "choice"
    ORDER = "order"
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
    if _stands_there(held):
        return Verdict(True), len(_CHECKS)
    for passed, (doubt, check) in enumerate(_CHECKS):
        if wrong := check(held):
            return Verdict(False, doubt, wrong), passed
    return Verdict(True), len(_CHECKS)


def _stands_there(held: _Held) -> bool:
    """Tell whether the passage has the sentence itself, but for stops and spaces."""
    own = _letters_of(held.sentence)
    return bool(own) and any(own == _letters_of(part) for part in held.parts)


def _letters_of(text: str) -> str:
    return "".join(text.split()).rstrip(".!。")


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
    own = terms(held.sentence) - _ADVERBS or terms(held.sentence)
    if not own:
        says_figure = quantities(held.sentence) or codes(held.sentence)
        return "" if says_figure else held.sentence  # words that say nothing are supported by nothing
    missing = synonyms.unsaid(held.sentence, held.whole) - _ADVERBS
    # A word with a capital inside a sentence is a name: it stands in the passage or is made up.
    names = [word for word in _names(held.sentence) if terms(word) & missing]
    if names:
        return names[0]
    stated = own - synonyms.unsaid(held.sentence, held.passage.text)  # a heading states nothing
    facts = len(codes(held.sentence)) + sum(each.measure != WORD for each in quantities(held.sentence))
    told = len(stated | (own & _opposites(held))) + facts
    least = (LEAST_WITH_FACTS if facts else LEAST_WORDS) * (len(own) + facts)
    is_enough = told > least if len(own) <= _FEW and not facts else told >= least
    return "" if is_enough else " ".join(sorted(missing or own - stated))


def _opposites(held: _Held) -> frozenset[str]:
    """Return the words of a sentence of which the passage names the opposite: what they come to is told by other checks."""
    theirs = [each.pointing for each in aligning.statements(held.passage.text)]
    return frozenset().union(
        *(
            polarity.words_of_side(place, held.sentence)
            for place, side in enumerate(polarity.pointing(held.sentence).sides[: polarity.PLAIN_PAIRS])
            if side and any(each.sides[place] == -side for each in theirs)
        )
    )


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
    has_interval = bool(polarity.pointing(held.sentence).choices[-1])  # once a month is compared with monthly
    for quantity in quantities(held.sentence):
        if quantity.number <= _LIGHT_COUNTS.get(quantity.measure, -inf) or (
            quantity.number == 1 and has_interval
        ):
            continue  # "one", "half" and "two" are words like others; how many of what is compared by itself
        if not any(_says(part, quantity, held.whole) or _says_interval(part, quantity) for part in places):
            return f"{quantity.number:g} {quantity.measure}".strip()
    return ""


def _where_numbers_may_stand(held: _Held) -> tuple[str, ...]:
    """Return the rows of the model, or under the head, that the sentence names; else what shares a word with it. Headings go with each."""
    own = codes(held.sentence)
    if "|" in held.passage.text:
        known = aligning.statements(held.passage.text)
        words = terms(held.sentence)
        named = {each.row for each in known if own & codes(each.text)}
        cells = [
            each.text for each in known if own & codes(each.text) or (each.row and each.row in named)
        ] or [each.text for each in known if each.row and each.row <= words]
        return (*(cells or held.parts), *held.passage.title_path)
    sharing = [bool(_shared(held.sentence, part)) for part in held.parts]
    # A sentence may go on about what the one before it names.
    near = tuple(part for place, part in enumerate(held.parts) if any(sharing[max(0, place - 1) : place + 2]))
    return (*(near or held.parts), *held.passage.title_path)


def _says(part: str, quantity: Quantity, whole: str) -> bool:
    every = quantities(part)
    if any(_is_said(quantity, other, whole) for other in every):
        return True
    # Of two figures of a sentence one may go without its unit: one second, or three.
    alone = {each.number for match in _ALONE.finditer(part) for each in quantities(match[0])}
    return quantity.number in alone and any(
        each.measure == quantity.measure and each.size * quantity.number == quantity.size * each.number
        for each in every
    )


def _says_interval(part: str, quantity: Quantity) -> bool:
    """Tell whether a part says how often what a sentence says by the time between: weekly, every seven days."""
    interval = _INTERVALS.get((quantity.measure, quantity.size))
    return interval in polarity.pointing(part).choices[-1]


def _is_said(quantity: Quantity, other: Quantity, whole: str) -> bool:
    if quantity.is_same(other):
        return True
    if quantity.number != other.number:
        return False
    measures = {quantity.measure, other.measure}
    is_degree = len(measures) > 1 and "°" in measures <= _DEGREES  # degrees are those of what is measured
    if is_degree or (measures == {"m", "m/s"} and _SPEED.search(whole)):
        return True  # at 80 km an hour, or at 100 km
    bare = {"", WORD, "pole", "times"}
    if measures <= bare or not quantity.measure:
        return True  # the unit is left out
    # In a table the unit stands in the head.
    return not other.measure and names_unit(whole, measure_of(quantity))


def _wrong_bound(held: _Held) -> str:
    theirs = [clause for part in held.near or held.parts for clause in polarity.clauses(part)]
    for clause in polarity.clauses(held.sentence):
        for quantity in quantities(clause):
            others = [
                (other, each)
                for each in theirs
                for other in quantities(each)
                if _is_said(quantity, other, held.whole)
            ]
            if others and not any(
                denying.bounds_agree(quantity, clause, other, each, held.passage.text)
                for other, each in others
            ):
                return f"{quantity.bound} {quantity.number:g}"
    return ""


def _wrong_comparison(held: _Held) -> str:
    return held.sentence if comparing.is_compared_wrongly(held.sentence, held.passage.text) else ""


def _wrong_way(held: _Held) -> str:
    return (
        denying.denied_otherwise(held.sentence, held.passage.text)
        or denying.widened(held.sentence, held.passage.text)
        or substituting.denied(held.sentence, held.passage.text)
    )


def _wrong_word(held: _Held) -> str:
    return verbatim.otherwise(held.sentence, held.parts)


def _wrong_order(held: _Held) -> str:
    is_wrong = ordering.is_reversed(held.sentence, held.passage.text) or causing.is_turned_round(
        held.sentence, held.passage.text
    )
    return held.sentence if is_wrong else ""


def _exchanged(held: _Held) -> str:
    return (
        aligning.exchanged(held.sentence, held.passage.text)
        or substituting.substituted(held.sentence, held.passage.text)
        or binding.bound_otherwise(held.sentence, held.passage.text)
    )


_CHECKS: Final[tuple[tuple[Doubt, Callable[[_Held], str]], ...]] = (
    (Doubt.WORDS, _wrong_words),
    (Doubt.CODE, _wrong_code),
    (Doubt.PAGE, _wrong_page),
    (Doubt.NUMBER, _wrong_number),
    (Doubt.BOUND, _wrong_bound),
    (Doubt.NUMBER, _wrong_comparison),
    (Doubt.CHOICE, _exchanged),
    (Doubt.DENIAL, _wrong_way),
    (Doubt.ORDER, _wrong_order),
    (Doubt.CHOICE, _wrong_word),
)
