"""How the words are set. Every rule looks through all words of a file at once; a match never spans two texts."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from kis.estimator.documents.lint.model import Found, LintContext
from kis.estimator.documents.lint.reading.texts import MASK, Texts

WordsJudge = Callable[[Texts, LintContext], Iterator[Found]]

_AROUND: Final = 12
"""Letters shown before and after what was found."""

_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""Control characters, and the invisible ones that can turn or hide a figure (Unicode UAX #9)."""
_UNREADABLE: Final = re.compile("[\ufffd\ue000-\uf8ff\ufffe\uffff\U000f0000-\U0010ffff]")
_DOUBLE_SPACE: Final = re.compile(r"(?<=\S)[^\S\n]{2,}(?=\S)")
_SPACED_OUT: Final = re.compile(r"^(?:[\uac00-\ud7a3][^\S\n]+)+[\uac00-\ud7a3]$", re.MULTILINE)
"""A Korean label spread over its cell: 상    호."""
_SPACE_BEFORE: Final = re.compile(
    r"(?<=\w)[^\S\n]+(?:[,;!?](?=\s|$)|\.(?=\s|$)|\)|])|(?<=[^\W\d])[^\S\n]+:(?=\s|$)|[(\[][^\S\n]+(?=\w)",
    re.MULTILINE,
)
_NO_SPACE_AFTER: Final = re.compile(r"[^\W\d_]{3,},[^\W\d_]{3,}")
_THREE_DOTS: Final = re.compile(r"\.{3,}")
_STRAIGHT: Final = re.compile(r"\"|(?<!\w)'(?=\w)")
_PERCENT: Final = re.compile(r"\d[^\S\n]+[%\uff05]|\d\uff05")
_TIMES: Final = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?[^\S\n]?[xX*][^\S\n]?\d+(?:\.\d+)?(?![\w])")
_PLACEHOLDER: Final = re.compile(
    r"\{\{[^\n]{0,80}?\}\}|\{[a-z_][\w.]{0,60}\}|(?<![\w.])(?:NaN|nan|undefined|null)(?![\w.])|Decimal\('|<[\w.]+ object at|Message\("
)
_TWICE: Final = re.compile(r"(?<![\w-])([A-Za-z]{2,}) \1(?![\w-])")
_OPENING, _CLOSING = "([{", ")]}"


def control_character(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find characters that are not seen but act."""
    for found in _CONTROL.finditer(texts.whole):
        yield Found(texts.place(found.start()), f"U+{ord(found[0]):04X}")


def unreadable_character(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find letters that a font did not have, or that have no meaning: the reader sees a box."""
    yield from _matches(_UNREADABLE, texts)


def double_space(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find two spaces where one belongs."""
    spread = [found.span() for found in _SPACED_OUT.finditer(texts.whole)]
    for found in _DOUBLE_SPACE.finditer(texts.whole):
        if not any(start <= found.start() < end for start, end in spread):
            yield _found(texts, found)


def space_before_punctuation(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find a space before a comma, full stop or closing bracket, or after an opening one. A scale (1 : 10) keeps its spaces."""
    yield from _matches(_SPACE_BEFORE, texts)


def space_after_comma(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find words glued together by a comma; short ones are lists of phases and ratings."""
    yield from _matches(_NO_SPACE_AFTER, texts)


def three_dots(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find three full stops where an ellipsis (…) belongs."""
    yield from _matches(_THREE_DOTS, texts)


def straight_quotes(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find typewriter quotation marks; an apostrophe inside a word is none."""
    yield from _matches(_STRAIGHT, texts)


def percent_form(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find a percentage that is not written like 10%."""
    yield from _matches(_PERCENT, texts)


def times_sign(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find a letter x or a star between two figures where the sign × belongs."""
    yield from _matches(_TIMES, texts)


def unfilled_placeholder(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find a place that was never filled, or a value that only a program understands."""
    yield from _matches(_PLACEHOLDER, texts)


def repeated_word(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find a word that stands twice."""
    yield from _matches(_TWICE, texts)


def unpaired_bracket(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find a text whose brackets do not pair; one cut with an ellipsis has lost its rest."""
    for place, text in zip(texts.places, texts.whole.split("\n"), strict=False):
        cut = "…" in text or MASK in text
        if not cut and any(text.count(a) != text.count(b) for a, b in zip(_OPENING, _CLOSING, strict=True)):
            yield Found(place, text)


def _matches(pattern: re.Pattern[str], texts: Texts) -> Iterator[Found]:
    for found in pattern.finditer(texts.whole):
        yield _found(texts, found)


def _found(texts: Texts, found: re.Match[str]) -> Found:
    return Found(texts.place(found.start()), excerpt(texts.whole, found.start(), found.end()))


def excerpt(whole: str, start: int, end: int) -> str:
    """Return what was found with a few letters around it, from its own text only."""
    first = max(whole.rfind("\n", 0, start) + 1, start - _AROUND)
    last = whole.find("\n", end)
    last = min(len(whole) if last < 0 else last, end + _AROUND)
    return whole[first:last].replace(MASK, "·")
