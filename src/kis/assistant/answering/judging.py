"""Whether passages speak of what is asked: a few signs of a question and what was found for it, weighed together.

One sign alone decides little: people ask in other words than manuals, and unanswerable questions are asked in the words of the manual. The weights
are those of a logistic regression over the questions of the development sets; ``python -m tools.refusal_weights`` finds them again.
"""

import re
from dataclasses import astuple, dataclass
from typing import Final

from kis.assistant.answering.asking import Question
from kis.assistant.answering.quantities import quantities
from kis.assistant.answering.services import untold
from kis.assistant.reading.asked import AskedWord
from kis.assistant.reading.everyday import everyday
from kis.assistant.reading.index import RankedPassage
from kis.assistant.reading.terms import folded

_LOOKED_AT: Final = 5
"""So many passages, the best, are looked through for a price and the like."""
_AROUND: Final = "?!.,;:()[]\"'\u2018\u2019\u201c\u201d"
"""What may stand around a word that is not part of it."""
_HARDLY: Final = 0.7
_SHORTEST_NAME: Final = 3
_NAME: Final = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z][A-Za-z]*\b|\b[A-Za-z]*[A-Z][A-Za-z]*[A-Z][A-Za-z]*\b")
_COUNTED: Final = re.compile(r"\d+-[a-z]{3,}")
"""32-channel is a number and a word, and no code."""
_FIGURE_ASKED: Final = re.compile(
    r"\bhow (?:many|much|long|far|high|deep|wide|heavy|often|large|big|hot|cold)\b|\b(?:maximum|minimum|max|min|most|default|number of|size of|"
    r"limit)\b|얼마|몇|최대|최소|기본값|한도|제한",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for it that passages do not answer a question; each from 0 to 1."""

    first_uncovered: float
    """Share of the telling words, the rarer ones counting more, that the passage that fits best does not have."""
    hardly_covered: float
    """By how much more than seven tenths no passage found has, from 0 to 1: hardly any answerable question shares so little with its manual."""
    unknown_name: float
    """Share of the telling words that no passage found has, where a name with capitals, a code or a number of the question stands nowhere in the document; else 0."""
    absent_topic: float
    """The same share, where a thing is named that the document has by none of its names: it may have one that no list knows; else 0."""
    absent_thing: float
    """1 where a thing is named that the lexicon knows by all its names, and the document neither names nor comes near to it."""
    stranger: float
    """1 where a code or number is asked for of a kind of which the document has others."""
    untold_service: float
    """1 where a price, a warranty, whom to call or the like is asked for and none stands there."""
    no_figure: float
    """1 where a figure is asked for and the passage that fits best has none."""
    short: float
    """1 over the number of telling words: of few words each must be there."""


WEIGHTS: Final = Signs(
    first_uncovered=0.98,
    hardly_covered=0.59,
    unknown_name=1.99,
    absent_topic=2.42,
    absent_thing=0.65,
    stranger=2.15,
    untold_service=2.63,
    no_figure=2.06,
    short=1.70,
)
BIAS: Final = -1.94
"""So that of the answerable questions of the manuals that nobody read for it one in twenty is refused: more refused rightly are not worth more of these."""
UNSURE: Final = -0.9
"""Above it an answer is given as the nearest there is and not as the answer: of the answerable questions of the unread manuals not one in four comes so, or is
refused, and of the others every second."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the signs come to."""

    weighed: float
    """Above 0: nothing answers."""
    signs: Signs
    uncovered: float
    """Share of the telling words that no passage found has."""
    missing: tuple[str, ...]
    """Telling words of the question that stand nowhere in the document, as they were asked."""


def judged(question: Question) -> Judgement | None:
    """Weigh the signs; None where the passages do not say what an index knows of the question's words."""
    ranked = [each for each in question.found if isinstance(each, RankedPassage) and each.asked]
    if not ranked:
        return None
    signs = _signs(question.text, ranked)
    weighed = BIAS + sum(weight * sign for weight, sign in zip(astuple(WEIGHTS), astuple(signs), strict=True))
    gone = (
        _as_asked(question.text, word)
        for word in ranked[0].asked
        if word.is_absent_topic or (not word.is_known and not everyday().has(word.text))
    )
    return Judgement(weighed, signs, 1 - max(each.coverage for each in ranked), tuple(dict.fromkeys(gone)))


def _as_asked(text: str, word: AskedWord) -> str:
    pieces = (piece.strip(_AROUND) for piece in text.split())
    return next((piece for piece in pieces if folded(piece).startswith(word.text)), word.text)


def _signs(text: str, ranked: list[RankedPassage]) -> Signs:
    asked = ranked[0].asked
    texts = [" ".join((*each.passage.title_path, each.passage.text)) for each in ranked[:_LOOKED_AT]]
    uncovered = 1 - max(each.coverage for each in ranked)
    has_unknown_name = any(_is_name(word, text) for word in asked if not word.is_known)
    return Signs(
        first_uncovered=1 - ranked[0].coverage,
        hardly_covered=max(0.0, (uncovered - _HARDLY) / (1 - _HARDLY)),
        unknown_name=uncovered * has_unknown_name,
        absent_topic=uncovered * any(word.is_absent_topic for word in asked),
        absent_thing=float(any(word.is_absent_thing for word in asked)),
        stranger=float(any(word.is_stranger for word in asked)),
        untold_service=float(bool(untold(text, texts))),
        no_figure=float(_FIGURE_ASKED.search(text) is not None and not _has_figure(texts[0])),
        short=1 / len(asked),
    )


def _has_figure(text: str) -> bool:
    """Tell whether a number stands in a text, in digits or in words."""
    return _DIGIT.search(text) is not None or bool(quantities(text))


def _is_name(word: AskedWord, text: str) -> bool:
    if _COUNTED.fullmatch(word.text) or len(word.text) < _SHORTEST_NAME:
        return False
    if word.is_code or word.text.isdigit():
        return True
    return any(found[0].casefold() == word.text for found in _NAME.finditer(text))
