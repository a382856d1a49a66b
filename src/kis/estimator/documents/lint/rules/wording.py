"""What the words say: their language, units, money, dates and promises."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from kis.estimator.documents.lint.model import Found, LintContext
from kis.estimator.documents.lint.reading.texts import Texts, squeezed, texts_of
from kis.estimator.documents.lint.rules.typography import excerpt
from kis.estimator.documents.lint.rules.vocabulary import TRADE_TERMS
from kis.platform.messages import Locale

_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+")
_LATIN: Final = re.compile(
    r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f][A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f0-9.'\u2019/+-]*"
)
_ADDRESS: Final = re.compile(
    r"\S+@\S+|https?://\S+|www\.\S+|\b[\w-]+(?:\.[\w-]+)+/\S*|\b[0-9a-f]{7,}\b|\b[0-9a-f]{8}-[0-9a-f-]{8,}"
)
"""Addresses and digests, which are no words."""
_FILE: Final = re.compile(r"\.(?:json|xlsx|pdf|svg|dxf|yaml|csv)$")
_PIECES: Final = re.compile(r"[/+\u2019'.-]+")

_PHASES: Final = re.compile("[RSTN]{1,4}")

_WRONG_UNITS: Final = re.compile(
    r"(\S*\d)[ \u00a0]?(MM|Mm|CM|KW|Kw|kw|KWH|kwh|Kwh|KVA|Kva|kva|KVa|KV|Kv|kv|KA|Ka|ka|MA|Ma|HZ|hz|KG|Kg|amps?|Amps?|sqmm|mm2|mm3|cm2|m2|[oº]C|volts?|Volts?)(?![\w])"
)
_UNIT_LETTERS: Final = re.compile("[℃℉㎜㎝㎞㎟㎠㎡㎥㎾㎸㎄㎃㎐㎏㎎㎷㎽㏁㏀\u2126]")
"""Units squeezed into one letter: fonts lack them, and searches miss them."""
_MODEL: Final = re.compile(r"[A-Za-z]\S*-\S*\d$")
"""What stands before a unit in the name of a model (SPD-40KA)."""

_MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATE_FORMS: Final = {
    "2026-11-02": re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])"),
    "2026.11.02": re.compile(r"(?<![\w.])\d{4}\.\d{1,2}\.\d{1,2}(?!\w)"),
    "2026. 11. 2.": re.compile(r"(?<![\w.])\d{4}\. \d{1,2}\. \d{1,2}"),
    "2026년 11월 2일": re.compile(r"\d{4}년 ?\d{1,2}월 ?\d{1,2}일"),
    "2 November 2026": re.compile(rf"(?<!\w)\d{{1,2}} (?:{_MONTHS})[a-z]* \d{{4}}"),
    "November 2, 2026": re.compile(rf"(?<!\w)(?:{_MONTHS})[a-z]* \d{{1,2}}, \d{{4}}"),
    "11/02/2026": re.compile(r"(?<![\w/])(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}/\d{1,2}/\d{1,2})(?![\w/])"),
}
_DATE_LIKE: Final = re.compile(r"\d{4}[-/.년]|/\d{4}|[a-z,] \d{4}")
"""In every date of these forms; a line without it needs no closer look."""
_SHORTEST_DATE: Final = 8
_INTERNATIONAL_DATE: Final = "2026-11-02"
"""ISO 8601."""
_AMBIGUOUS_DATE: Final = "11/02/2026"
"""2 November or 11 February, according to the reader's country."""

_FOREIGN_MONEY: Final = {
    "KRW": re.compile(r"(?:US)?\$ ?\d|\bUSD ?\d|\\ ?\d{1,3}(?:,\d{3})+|￦"),
    "USD": re.compile(r"[₩￦] ?\d|\d ?원(?:정|\b)|\bKRW ?\d|(?<!US)\$ ?\d"),
}
"""Signs of another currency, and doubtful ones of the right one: a backslash or full-width ￦ for ₩, a bare $ for US$."""
_UNSEPARATED: Final = re.compile(r"(?:₩|\$|KRW|USD) ?\d{4,}|(?<![\d.,])\d{4,} ?원(?:정|\b)")


def hangul_in_english(texts: Texts, context: LintContext) -> Iterator[Found]:
    """Find Korean in an English document, names and quoted words excepted."""
    if context.locale != "en":
        return
    quoted = _quoted_whole(context.quoted_texts)
    for found in _HANGUL.finditer(texts.whole):
        if found[0] not in quoted:
            yield Found(texts.place(found.start()), found[0])


def english_in_korean(texts: Texts, context: LintContext) -> Iterator[Found]:
    """Find English words in a Korean document; models, units and the terms of the trade are none. ``texts`` have the quoted words blotted out."""
    if context.locale != "ko":
        return
    quoted = _quoted_whole(context.quoted_texts)
    whole = _ADDRESS.sub(lambda found: " " * len(found[0]), texts.whole)
    for found in _LATIN.finditer(whole):
        if _is_english(found[0], quoted):
            yield Found(texts.place(found.start()), found[0])


def si_units(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find units that are not spelled as the SI has them (mm, kA, kW, °C, mm²)."""
    for found in _WRONG_UNITS.finditer(texts.whole):
        if not _MODEL.search(found[1]):
            yield Found(texts.place(found.start()), found[0])
    for found in _UNIT_LETTERS.finditer(texts.whole):
        yield Found(texts.place(found.start()), excerpt(texts.whole, found.start(), found.end()))


def absolute_claim(texts: Texts, context: LintContext) -> Iterator[Found]:
    """Find promises that nobody can keep, also where a line break cuts them."""
    claims = (*context.policy.absolute_claims.ko, *context.policy.absolute_claims.en)
    letters = _folded(texts.whole)
    if not any(claim in letters for claim in map(_folded, claims)):
        return
    for found in _claims(claims).finditer(texts.whole):
        yield Found(texts.place(found.start()), " ".join(found[0].split()))


def date_form(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find dates written out in another form than most of the file's, and dates of which nobody knows whether day or month comes first.

    The international form beside a written-out one is fault only on the same page: title blocks and lists of versions keep it.
    """
    dated = texts_of(_dated_lines(texts))
    found = [
        (form, dated.place(match.start()), match[0])
        for form, pattern in _DATE_FORMS.items()
        for match in pattern.finditer(dated.whole)
    ]
    written = Counter(form for form, _, _ in found if form not in (_AMBIGUOUS_DATE, _INTERNATIONAL_DATE))
    usual = max(written, key=lambda form: written[form], default="")
    with_usual = {_page(place) for form, place, _ in found if form == usual}
    for form, place, date in found:
        if form != usual and (form != _INTERNATIONAL_DATE or _page(place) in with_usual):
            yield Found(place, date)


def currency_sign(texts: Texts, context: LintContext) -> Iterator[Found]:
    """Find an amount under the sign of another currency, or under one that could be another's."""
    pattern = _FOREIGN_MONEY.get(context.currency)
    for found in () if pattern is None else pattern.finditer(texts.whole):
        yield Found(texts.place(found.start()), excerpt(texts.whole, found.start(), found.end()))


def thousands_separator(texts: Texts, _context: LintContext) -> Iterator[Found]:
    """Find an amount of money of four figures or more without separators."""
    for found in _UNSEPARATED.finditer(texts.whole):
        yield Found(texts.place(found.start()), found[0])


def foreign_words(text: str, locale: Locale, quoted: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the words of ``text`` that do not belong to the language of ``locale``: for tests of texts that are no file yet."""
    whole = _quoted_whole(quoted)
    if locale == "en":
        return tuple(word for word in _HANGUL.findall(text) if word not in whole)
    bare = _ADDRESS.sub(" ", text)
    return tuple(word for word in _LATIN.findall(bare) if _is_english(word, whole))


def _dated_lines(texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield the lines that could hold a date, with their places."""
    offset = 0
    for line in texts.lines:
        if len(line) >= _SHORTEST_DATE and _DATE_LIKE.search(line):
            yield texts.place(offset), line
        offset += len(line) + 1


def _page(place: str) -> str:
    """Return the page or the sheet of a place."""
    return place.partition("!")[0]


def _is_english(word: str, quoted: str) -> bool:
    """Tell whether a Latin word is neither a term of the trade, nor a unit, a model or a piece of a quoted text."""
    bare = word.strip("./'\u2019-+")
    if (
        _PHASES.fullmatch(bare)
        or _FILE.search(bare)
        or bare in TRADE_TERMS
        or any(letter.isdigit() for letter in bare)
        or bare in quoted
    ):
        return False
    return any(piece not in TRADE_TERMS for piece in _PIECES.split(bare) if len(piece) > 1)


@lru_cache(maxsize=4)
def _quoted_whole(quoted: frozenset[str]) -> str:
    """Return all quoted texts as one, without blanks: a word that is a piece of it was quoted, wherever a line was broken or cut."""
    return "\n".join(sorted(squeezed(text) for text in quoted))


def _folded(text: str) -> str:
    """Return ``text`` without blanks and case: where a claim cannot be found in it, ``_claims`` finds none. The dotless and the dotted i count as i there."""
    return squeezed(text).casefold().replace("\u0131", "i").replace("i\u0307", "i")


@lru_cache(maxsize=8)
def _claims(claims: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of ``claims``: Korean may break between any two letters, English between words."""
    return re.compile("|".join(_claim(claim) for claim in claims if claim.strip()) or r"(?!)", re.IGNORECASE)


def _claim(claim: str) -> str:
    if not claim.isascii():
        return r"\s*".join(re.escape(letter) for letter in squeezed(claim))
    words = r"\s+".join(re.escape(word) for word in claim.split())
    return rf"(?<!\w){words}(?!\w)"
