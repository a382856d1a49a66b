"""Sentences that compare two models, held against the figures of both."""

import re
from typing import Final

from kis.assistant.answering.aligning import Statement, said, statements
from kis.assistant.answering.quantities import codes, quantities
from kis.assistant.answering.wording import expanded

_MORE: Final = re.compile(
    r"\b(?:more|heavier|larger|bigger|longer|higher|louder|faster|wider|stronger|thicker|greater|taller|deeper|hotter) .{0,40}?than\b|(?:무겁|무거|크|큰|많|높|길|긴|빠르|빠른|넓|세|센|두껍|강|시끄)",
    re.IGNORECASE,
)
_LESS: Final = re.compile(
    r"\b(?:less|fewer|lighter|smaller|shorter|lower|quieter|slower|narrower|weaker|thinner|cooler) .{0,40}?than\b|(?:가볍|가벼|작|적|낮|짧|느리|느린|좁|약|얇|조용)",
    re.IGNORECASE,
)
_ENGLISH: Final = re.compile(r"\bthan\b(?P<other>.*)", re.IGNORECASE)
_KOREAN: Final = re.compile(r"(?P<other>[A-Za-z0-9-]+) ?보다(?P<rest>.*)")


def is_compared_wrongly(sentence: str, passage: str) -> bool:
    """Tell whether a sentence says that one model has more of something than another which, by its figures, has more."""
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
        about = own.words & expanded(each.words)
        if mine == {code} and about and (figures := quantities(each.text)):
            found[" ".join(sorted(about))] = figures[-1].size
    return found
