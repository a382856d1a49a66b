"""Sentences that compare two models, or two things by their names, held against the figures of both."""

import re
from typing import Final

from kis.assistant.answering.quantities import WORD, Quantity, codes, quantities
from kis.assistant.answering.verifying.aligning import Statement, said, statements
from kis.assistant.answering.verifying.weighing import is_weighed_wrongly
from kis.assistant.answering.wording import expanded, terms

_MORE: Final = re.compile(
    r"\b(?:more|heavier|larger|bigger|longer|higher|louder|faster|wider|stronger|thicker|greater|taller|deeper|hotter) .{0,40}?than\b|(?:무겁|무거|크|큰|커|많|높|길|긴|깁|오래|빠르|빠른|넓|세|센|두껍|강|시끄)",
    re.IGNORECASE,
)
_LESS: Final = re.compile(
    r"\b(?:less|fewer|lighter|smaller|shorter|lower|quieter|slower|narrower|weaker|thinner|cooler) .{0,40}?than\b|(?:가볍|가벼|작|적|낮|짧|느리|느린|좁|약|얇|조용)",
    re.IGNORECASE,
)
_ENGLISH: Final = re.compile(r"\bthan\b(?P<other>.*)", re.IGNORECASE)
_KOREAN_NAME: Final = re.compile(
    r"(?P<before>.*?)(?P<other>[가-힣A-Za-z0-9]+)(?:(?<=[가-힣])(?: ?(?:때|것|쪽|경우)))?['\"\u2019\u201d]? ?보다(?P<rest>.*)"
)
_KOREAN: Final = re.compile(r"(?P<other>[A-Za-z0-9-]+) ?보다(?P<rest>.*)")


_EXTREME: Final = re.compile(
    r"\b(?:longest|shortest|heaviest|lightest|hottest|coldest|widest|narrowest|tallest|loudest|quietest)\b|"
    r"(?:가장|제일) (?:길|긴|짧|무겁|무거|가볍|가벼|뜨겁|뜨거|차갑|차가|넓|좁|높|낮|시끄|조용|오래)",
    re.IGNORECASE,
)
_LEAST: Final = re.compile(
    r"shortest|lightest|coldest|narrowest|quietest|짧|가볍|가벼|차갑|차가|좁|낮|조용", re.IGNORECASE
)
_SORTS: Final = (
    (re.compile(r"\blonger\b|\bshorter\b|길|긴|깁|짧|오래"), ("s", "month", "m")),
    (re.compile(r"\bheavier\b|\blighter\b|무겁|무거|가볍|가벼"), ("g",)),
    (
        re.compile(r"\bhotter\b|\bhotter|\bwarmer\b|\bcooler\b|\bcolder\b|\btemperature|온도|뜨겁|뜨거|차갑"),
        ("°C", "°F"),
    ),
    (
        re.compile(
            r"\bwider\b|\bnarrower\b|\btaller\b|\bdeeper\b|\bthicker\b|\bthinner\b|\bhigher\b|\blower\b|넓|좁|두껍|얇|높|낮"
        ),
        ("m",),
    ),
    (re.compile(r"\bmore\b|\bless\b|많|적"), ("l", "g", "W", "m³/h", "l/h")),
    (re.compile(r"\btorque\b|토크|세게"), ("N·m",)),
    (re.compile(r"\blouder\b|\bquieter\b|시끄|조용"), ("dB",)),
)
"""What measures the sort of thing that a comparing word compares."""


_BEGINNING: Final = 3
"""Letters of a word's beginning at least that tell it."""


def is_compared_wrongly(sentence: str, passage: str) -> bool:
    """Tell whether a sentence says that one model has more of something than another which, by its figures, has more."""
    return (
        _models_are(sentence, passage)
        or _names_are(sentence, passage)
        or _is_no_extreme(sentence, passage)
        or is_weighed_wrongly(sentence, passage)
    )


def _is_no_extreme(sentence: str, passage: str) -> bool:
    """Tell whether a sentence calls the row of a table the longest or the like, and another one is."""
    match = _EXTREME.search(sentence)
    if match is None:
        return False
    own = terms(sentence)
    sorts = {
        measure for pattern, measures in _SORTS if pattern.search(_plain(match[0])) for measure in measures
    }
    found: dict[frozenset[str], float] = {}
    for each in statements(passage):
        figures = [figure for figure in quantities(each.text) if figure.measure in sorts]
        if each.row and figures:
            found.setdefault(each.row, figures[-1].size)
    named = [size for row, size in found.items() if row <= own]
    if len(named) != 1 or len(found) == 1:
        return False
    return named[0] != (min if _LEAST.search(match[0]) else max)(found.values())


def _plain(word: str) -> str:
    """Return the form that the sorts are told by: longest as longer."""
    return re.sub(r"est\b", "er", word)


def _names_are(sentence: str, passage: str) -> bool:
    """Tell it of things with names: rows of a table, or what clauses give a figure of."""
    one, other, way = _named(sentence)
    is_more, is_less = bool(_MORE.search(way)), bool(_LESS.search(way))
    if not one - other or not other - one or is_more == is_less:
        return False
    figures = [
        _figures_of(some - others, others - some, sentence, passage)
        for some, others in ((one, other), (other, one))
    ]
    heads = {head for head in figures[0].keys() & figures[1].keys() if head and head <= terms(sentence)}
    common = heads or {head for head in figures[0].keys() & figures[1].keys() if not head}
    pairs = [(figures[0][head], figures[1][head]) for head in common]
    return any(
        mine.measure == yours.measure and (mine.size <= yours.size if is_more else mine.size >= yours.size)
        for mine, yours in pairs
    )


def _named(sentence: str) -> tuple[frozenset[str], frozenset[str], str]:
    """Return the words of what is compared and of what it is compared with, and how the sentence goes on to compare them."""
    if match := _KOREAN_NAME.search(sentence):
        return terms(match["before"]) or terms(match["rest"]), terms(match["other"]), match["rest"]
    if match := _ENGLISH.search(sentence):
        return terms(sentence[: match.start()]), terms(match["other"]), sentence
    return frozenset(), frozenset(), ""


def _figures_of(
    some: frozenset[str], others: frozenset[str], sentence: str, passage: str
) -> dict[frozenset[str], Quantity]:
    """Return the figures of what has one name and not the other, by the head of their column; those of the sort that the sentence compares without one."""
    found: dict[frozenset[str], Quantity] = {}
    sorts = {measure for pattern, measures in _SORTS if pattern.search(sentence) for measure in measures}
    for each in statements(passage):
        every = quantities(each.text)
        figures = [figure for figure in every if figure.measure not in {"", WORD}] or every
        is_named = each.row <= some if each.row else bool(some & each.words) and not others & each.words
        if not is_named or not figures or (each.row and len(figures) > 1):
            continue
        head = each.words - each.row if each.row else frozenset()
        if head:
            found.setdefault(head, figures[-1])
        if figures[-1].measure in sorts:
            found.setdefault(frozenset(), figures[-1])
    return found


def _models_are(sentence: str, passage: str) -> bool:
    match = _ENGLISH.search(sentence) or _KOREAN.search(sentence)
    if match is None:
        return False
    other = codes(match["other"])
    one = codes(sentence) - other
    way = match.groupdict().get("rest", sentence)
    is_more, is_less = bool(_MORE.search(way)), bool(_LESS.search(way))
    if len(one) != 1 or len(other) != 1 or is_more == is_less:
        return False
    own = said(sentence)
    figures = [_figures(own, next(iter(code)), statements(passage)) for code in (one, other)]
    common = figures[0].keys() & figures[1].keys()
    return any(
        figures[0][name] <= figures[1][name] if is_more else figures[0][name] >= figures[1][name]
        for name in common
    )


def _figures(own: Statement, code: str, known: tuple[Statement, ...]) -> dict[str, float]:
    """Return the figures of a model for what a sentence speaks of, each under the words it stands with."""
    found: dict[str, float] = {}
    for each in known:
        mine = codes(each.text)
        about = own.words & expanded(each.words) or _beginning_alike(own.words, each.words)
        if mine == {code} and about and (figures := quantities(each.text)):
            found[" ".join(sorted(about))] = figures[-1].size
    return found


def _beginning_alike(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return the words of which one begins as the other: loses and loss."""
    return frozenset(
        other
        for other in others
        if len(other) >= _BEGINNING
        and any(len(one) >= _BEGINNING and (one.startswith(other) or other.startswith(one)) for one in some)
    )
