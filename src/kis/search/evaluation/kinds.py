"""The kinds of a question: as it was written, and as hurried people type it. Made by rule and seed: the same set gives the same questions everywhere.

    as_written      the question
    without_spaces  no space in it
    one_slip        one key too many, missing, beside the right one or swapped with the next, in one word of at least two syllables
    keywords        the up to three nouns that carry most (``keywords.py``), two at least
    wrong_layout    Korean, typed while the keyboard stood on Latin letters

A question that a kind leaves as it was is not asked again under it.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kis.platform.keyboard.layout import to_hangul, to_latin
from kis.search.evaluation.keywords import Keywords
from kis.search.evaluation.sets import Passage, Question
from kis.search.things import Language

SEED: Final = 20261120


class Kind(StrEnum):
    """How a question is asked."""

    AS_WRITTEN = "as_written"
    WITHOUT_SPACES = "without_spaces"
    ONE_SLIP = "one_slip"
    KEYWORDS = "keywords"
    WRONG_LAYOUT = "wrong_layout"


class Slip(StrEnum):
    """What a finger does wrong."""

    TOO_MANY = "too_many"
    MISSING = "missing"
    BESIDE = "beside"
    SWAPPED = "swapped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is asked under a kind."""

    kind: Kind
    question: Question
    text: str


FEWEST_KEYWORDS: Final = 2
_ROWS: Final = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
"""The letters of a keyboard (ANSI and Korean alike), each row with how far it is set to the right, in keys."""
_REACH: Final = 1.3
"""How far from a key, in keys, the one lies that is hit instead: beside, above and below it."""
_KOREAN_WORD: Final = re.compile(r"[가-힣]{2,}")
_ENGLISH_WORD: Final = re.compile(r"(?<![\w-])[A-Za-z][a-z]{3,}(?![\w-])")
_VOWELS: Final = re.compile(r"[aeiouy]+")


def asked(
    passages: Iterable[Passage], questions: Sequence[Question], kinds: Sequence[Kind], *, seed: int = SEED
) -> list[Asked]:
    """Return every question under every one of ``kinds`` that there is for it."""
    keywords = Keywords(passages) if Kind.KEYWORDS in kinds else None
    made = []
    for kind in kinds:
        for question in questions:
            text = _text(kind, question, keywords, seed)
            if text and (kind is Kind.AS_WRITTEN or text != question.text):
                made.append(Asked(kind=kind, question=question, text=text))
    return made


def without_spaces(text: str) -> str:
    """Return ``text`` without any space."""
    return "".join(text.split())


def one_slip(question: Question, chance: random.Random) -> str:
    """Return the question with one slip in one of its words; unchanged where no word is long enough."""
    is_korean = question.language is Language.KO
    found = _KOREAN_WORD if is_korean else _ENGLISH_WORD
    places = [each for each in found.finditer(question.text) if is_korean or _syllables(each.group()) >= 2]
    if not places:
        return question.text
    place = chance.choice(places)
    word = _slipped(place.group(), chance, is_korean=is_korean)
    return question.text[: place.start()] + word + question.text[place.end() :]


def slipped(keys: str, slip: Slip, at: int, chance: random.Random) -> str:
    """Return keys with a slip at one of them: a key twice or its neighbour with it, none, its neighbour, the next one first."""
    before, key, after = keys[:at], keys[at], keys[at + 1 :]
    match slip:
        case Slip.TOO_MANY:
            return before + key + chance.choice([key.lower(), *neighbours(key)]) + after
        case Slip.MISSING:
            return before + after
        case Slip.BESIDE:
            return before + chance.choice(neighbours(key)) + after
        case Slip.SWAPPED:
            return before + after[:1] + key + after[1:]


def neighbours(key: str) -> list[str]:
    """Return the keys beside a key."""
    row, column = _position(key.lower())
    return [
        other
        for other in "".join(letters for letters, _ in _ROWS)
        if other != key.lower() and _distance(_position(other), (row, column)) <= _REACH
    ]


def _text(kind: Kind, question: Question, keywords: Keywords | None, seed: int) -> str:
    match kind:
        case Kind.AS_WRITTEN:
            return question.text
        case Kind.WITHOUT_SPACES:
            return without_spaces(question.text)
        case Kind.ONE_SLIP:
            return one_slip(question, random.Random(f"{seed} {question.id} {question.text}"))  # noqa: S311 - no secret
        case Kind.KEYWORDS:
            assert keywords is not None, "counted for this kind"
            found = keywords.of(question)
            return " ".join(found) if len(found) >= FEWEST_KEYWORDS else ""
        case Kind.WRONG_LAYOUT:
            return to_latin(question.text) if question.language is Language.KO else ""


def _slipped(word: str, chance: random.Random, *, is_korean: bool) -> str:
    """Return the word with one slip. Some slips leave a word as it was (the two keys that were swapped are one and the same): then another one is made."""
    keys = to_latin(word) if is_korean else word
    while True:
        typed = slipped(keys, chance.choice(list(Slip)), chance.randrange(len(keys)), chance)
        result = to_hangul(typed) if is_korean else typed
        if result != word:
            return result


def _syllables(word: str) -> int:
    """Return how many syllables an English word has, roughly: its groups of vowels, a silent e at the end left out."""
    return len(_VOWELS.findall(word.lower().removesuffix("e")))


def _position(key: str) -> tuple[float, float]:
    for row, (letters, offset) in enumerate(_ROWS):
        if key in letters:
            return float(row), letters.index(key) + offset
    raise ValueError(f"{key!r} is no letter of the keyboard")


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
