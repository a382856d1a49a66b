"""Which of two things has more, told by the figures that stand beside them: 11 hours with one filling, or 16 hours with Saver on.

A passage seldom says itself that one is longer than the other. It gives a figure to each, in one sentence or in two; so the pieces that have one figure each are
read, and what is compared is looked for in them.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kis.assistant.answering.quantities import WORD, Quantity, quantities
from kis.assistant.answering.verifying.placing import without_digits
from kis.assistant.answering.verifying.synonyms import said_by
from kis.assistant.answering.wording import Word, sentences, terms, words

_MORE: Final = re.compile(
    r"\b(?:more|heavier|larger|bigger|longer|higher|louder|wider|stronger|thicker|greater|taller|deeper|hotter|warmer|further|farther|later|older)\b|"
    r"무겁|무거|크다|큽|큰|커|많|높|길다|깁니|긴|오래|넓|두껍|두꺼|멀|먼 |깊|늦",
    re.IGNORECASE,
)
_LESS: Final = re.compile(
    r"\b(?:less|fewer|lighter|smaller|shorter|lower|quieter|narrower|weaker|thinner|cooler|colder|nearer|closer|earlier|sooner|younger)\b|"
    r"가볍|가벼|작|적다|적습|적은|적게|낮|짧|좁|얇|가깝|가까|얕|이르|일찍|덜",
    re.IGNORECASE,
)
_FAST: Final = re.compile(r"\b(?:faster|quicker|quickly|fast)\b|빠르|빠릅|빨리|빠른", re.IGNORECASE)
_SLOW: Final = re.compile(r"\bslower\b|느리|느립|느린|천천히", re.IGNORECASE)
_TIMES: Final = frozenset({"s", "month"})
"""Of times the shorter one is the faster."""
_LASTING: Final = re.compile(r"\blonger\b|\bshorter\b|오래|길|긴|짧", re.IGNORECASE)
"""What speaks of time, as a rule: what is fast then takes less of it."""
_THAN: Final = re.compile(r"\bthan\b(?P<other>.*)", re.IGNORECASE)
_THAN_KO: Final = re.compile(
    r"^(?P<before>.*[은는이가]) (?P<other>(?:[가-힣A-Za-z0-9-]+ ){0,3}?[가-힣A-Za-z0-9-]+) ?보다 (?P<rest>.*)$"
)
_THAN_KO_SHORT: Final = re.compile(
    r"^(?P<before>.*?)(?P<other>(?:[가-힣A-Za-z0-9-]+[와과의] )?[가-힣A-Za-z0-9-]+) ?보다 (?P<rest>.*)$"
)
_COMPARING: Final = re.compile(
    r"\b(?:longer|shorter|heavier|lighter|higher|lower|wider|narrower|larger|smaller|further|farther|nearer|closer|thicker|thinner|later|earlier)\b|"
    r"더 (?:오래|길|긴|짧|무거|무겁|가볍|가벼|높|낮|넓|좁|멀|가까|두꺼|얇|많|적|크|큰|작)|(?<![가-힣])덜(?= )|(?:길|짧|늘|줄)어[지진집]",
    re.IGNORECASE,
)
_GROWING: Final = re.compile(r"길어[지진집]|늘어[지진집]")
_APART: Final = re.compile(
    r"[,;:]\s+|\s+(?:and|or|but|while|whereas)\s+|(?<=[고며])\s+|(?<=지만)\s+", re.IGNORECASE
)
_FIGURE: Final = re.compile(r"\d")
_PAIR: Final = 2
_SAY_NOTHING: Final = frozenset(
    {
        "the",
        "a",
        "an",
        "itself",
        "themselves",
        "is",
        "are",
        "does",
        "do",
        "that",
        "it",
        "than",
        "of",
        "for",
        "with",
    }
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a sentence with one figure."""

    figure: Quantity
    words: tuple[Word, ...]
    sentence: str


def is_weighed_wrongly(sentence: str, passage: str) -> bool:
    """Tell whether a sentence calls that the more which has the smaller figure."""
    text = without_digits(sentence)
    if _FIGURE.search(text):
        return False  # of a bound or a difference: what is more than five is compared as a bound
    compared = _compared(text)
    if compared is None:
        return _is_other_way(text, passage) or _is_other_side(text, passage)
    one, other, way = compared
    if _is_said_reversed(one, other, way, passage):
        return True
    figures = _figures_of(words(one), words(other), passage)
    return bool(figures) and all(
        (mine.size - yours.size) * _way(way, mine.measure) < 0 for mine, yours in figures
    )


def _compared(text: str) -> tuple[str, str, str] | None:
    """Return what is compared, what it is compared with, and how."""
    if match := _THAN_KO.search(text) or _THAN_KO_SHORT.search(text):
        return match["before"] or match["rest"], match["other"], match["rest"]
    if match := _THAN.search(text):
        return text[: match.start()], match["other"], text[: match.start()]
    return None


def _told(passage: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a passage compares in words."""
    for sentence in sentences(passage):
        if "|" not in sentence and (compared := _compared(without_digits(sentence))):
            yield compared


def _is_said_reversed(one: str, other: str, way: str, passage: str) -> bool:
    """Tell whether a passage says of the one what a sentence says of the other."""
    mine, yours = _besides(words(one), words(other)), _besides(words(other), words(one))
    for first, second, their_way in _told(passage):
        ours, theirs = words(first), words(second)
        ways = _alike_way(way, their_way)
        is_across = said_by(yours, ours) - said_by(yours, theirs) and said_by(mine, theirs)
        is_direct = said_by(yours, theirs) - said_by(yours, ours) and said_by(mine, ours) - said_by(
            mine, theirs
        )
        if (ways > 0 and is_across) or (ways < 0 and is_direct and not is_across):
            return True
    return False


def _is_other_side(text: str, passage: str) -> bool:
    """Tell it of a sentence that names but one of the two that the passage compares."""
    match = _COMPARING.search(text)
    if match is None:
        return False
    own = words(text)
    for first, second, their_way in _told(passage):
        ours, theirs = said_by(own, words(first)), said_by(own, words(second))
        ways = _alike_way(match[0], their_way)
        if theirs and not theirs <= ours and ways > 0 and not ours - theirs - terms(their_way):
            return True
        if ours - theirs and not theirs - ours and ways < 0 and said_by(words(second), own) != terms(second):
            return True
    return False


def _alike_way(one: str, other: str) -> int:
    """Return 1 where both say more or both less, -1 where one says more and the other less."""
    measure = "s" if _LASTING.search(f"{one} {other}") else ""
    return _way(one, measure) * _way(other, measure)


def _way(text: str, measure: str) -> int:
    """Return 1 where a text says that something is more, -1 where less, 0 where it says neither or both."""
    is_time = -1 if measure in _TIMES else 1
    ways = {
        way
        for pattern, way in ((_MORE, 1), (_LESS, -1), (_FAST, is_time), (_SLOW, -is_time))
        if pattern.search(text)
    }
    return ways.pop() if len(ways) == 1 else 0


def _figures_of(
    one: tuple[Word, ...], other: tuple[Word, ...], passage: str
) -> set[tuple[Quantity, Quantity]]:
    """Return the figures of both that are compared; several where it is not clear which they are."""
    mine, yours = _besides(one, other), _besides(other, one)
    found: set[tuple[Quantity, Quantity]] = set()
    most = 0
    for first, second in itertools.permutations(_pieces(passage), _PAIR):
        theirs = len(said_by(yours, second.words))
        if first.figure.measure != second.figure.measure or theirs <= len(said_by(yours, first.words)):
            continue
        ours = len(said_by(mine, first.words))
        if ours and ours + theirs >= most:
            found = found if ours + theirs == most else set()
            found.add((first.figure, second.figure))
            most = ours + theirs
    return found


def _besides(some: tuple[Word, ...], others: tuple[Word, ...]) -> list[Word]:
    """Return the words of one side that the other does not have; light ones where it has no others."""
    own = [word for word in some if word.term and word.term not in said_by(some, others)]
    return own or [
        Word(word.surface, word.surface)
        for word in some
        if word.surface.isascii() and word.surface not in _SAY_NOTHING
    ]


def _is_other_way(text: str, passage: str) -> bool:
    """Tell it of a sentence that names one thing only, where the passage gives a figure to it and another to something else in the same sentence."""
    match = _COMPARING.search(text)
    if match is None:
        return False
    own = words(text)
    by_sentence: dict[str, list[_Piece]] = {}
    for piece in _pieces(passage):
        by_sentence.setdefault(piece.sentence, []).append(piece)
    for pair in by_sentence.values():
        if len(pair) != _PAIR or pair[0].figure.measure != pair[1].figure.measure:
            continue
        said = [said_by(own, piece.words) for piece in pair]
        if bool(said[0] - said[1]) is bool(said[1] - said[0]):
            continue
        place = 0 if said[0] - said[1] else 1
        way = 1 if _GROWING.search(match[0]) else _way(match[0], pair[0].figure.measure)
        if way and (pair[place].figure.size - pair[1 - place].figure.size) * way < 0:
            return True
    return False


@lru_cache(maxsize=256)
def _pieces(passage: str) -> tuple[_Piece, ...]:
    return tuple(piece for sentence in sentences(passage) if "|" not in sentence for piece in _of(sentence))


def _of(sentence: str) -> Iterator[_Piece]:
    told = [
        (piece, figures[0])
        for piece in _APART.split(sentence)
        if len(figures := [each for each in quantities(piece) if each.measure != WORD]) == 1
    ]
    # What the later ones have no words for before their figures holds for all: it runs 11 hours with this, or 16 hours with that.
    is_shared = any(not terms(_FIGURE.split(without_digits(piece))[0]) for piece, _ in told[1:])
    for piece, figure in told:
        text = without_digits(piece)
        behind = _FIGURE.split(text)[-1]
        yield _Piece(figure, words(behind if is_shared and terms(behind) else text), sentence)
