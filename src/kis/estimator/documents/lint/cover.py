"""The policy of the cover: what must stand on the first page of a quotation, and that it says what the quotation says.

Words are compared without blanks, because a line may break anywhere in Korean; amounts and dates by what they mean, in any form a reader takes for
the same.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from kis.estimator.documents.brand import ILLUSTRATIVE_NUMBER, is_registration_number
from kis.estimator.documents.lint.model import (
    COVERED,
    DocumentFile,
    ExpectedElements,
    LintContext,
    LintFinding,
)
from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.estimator.documents.lint.reading.number_format import IN_WORDS, MONTHS
from kis.estimator.documents.lint.reading.number_words import sums_in_words
from kis.estimator.documents.lint.reading.opening import View
from kis.estimator.documents.lint.reading.pdf import Page, PdfView
from kis.estimator.documents.lint.reading.texts import squeezed
from kis.estimator.documents.lint.reading.xlsx import Cell, SheetView, WorkbookView
from kis.platform.messages import Message

Element = Literal[
    "number", "date", "validity", "customer", "supplier", "registration_number", "representative", "address", "seal",
    "delivery", "payment", "vat", "total", "headline", "amount_in_words", "warning",
]  # fmt: skip

_SEAL_REACH_PT: Final = 40 * 72 / 25.4
"""A seal stands at the representative's name: within 40 mm of it."""
_SEAL_MARK: Final = re.compile(r"\(인\)|[(](?:seal|Seal|SEAL)[)]|직인")
_REGISTRATION: Final = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{5}(?!\d)")
_VAT: Final = {
    "separate": re.compile(
        r"(?:부가(?:가치)?세|VAT)[^가-힣A-Za-z]{0,8}(?:별도|notincluded|excluded|separate|extra)",
        re.IGNORECASE,
    ),
    "included": re.compile(
        r"(?:부가(?:가치)?세|VAT)[^가-힣A-Za-z]{0,8}(?:포함|included)|including(?:10%)?VAT", re.IGNORECASE
    ),
}
_SIGNS: Final = {"KRW": ("₩", "￦", "KRW", "원"), "USD": ("US$", "USD")}


_CURRENCY_STATED: Final = {
    "KRW": re.compile(r"(?:단위|통화|금액단위|unit|currency):?(?:원|KRW)", re.IGNORECASE),
    "USD": re.compile(r"(?:단위|통화|금액단위|unit|currency):?(?:US\$|USD)", re.IGNORECASE),
}
"""One word for all amounts of the page: (단위: 원)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a reader sees on a cover. ``text`` has its blanks, ``squeezed`` has none; ``numbers`` and ``days`` are those a cell holds as such."""

    where: str
    text: str
    squeezed: str
    numbers: tuple[tuple[Decimal, str], ...] = ()
    days: tuple[date, ...] = ()
    sums: tuple[Decimal, ...] = ()
    """Sums written in words."""
    has_seal: bool = False
    has_seal_place: bool = False
    awaits_calculation: bool = False
    """Formulas of a company's template get their values only when its program opens the file."""

    def says(self, words: str) -> bool:
        """Tell whether the cover says ``words``, wherever its lines break."""
        return squeezed(words) in self.squeezed

    def shows(self, day: date) -> bool:
        """Tell whether the cover shows a day, in any unambiguous form."""
        return day in self.days or any(form in self.squeezed for form in _forms(day))


@dataclass(frozen=True, slots=True)
class _Fault:
    element: Element
    kind: Literal["not_given", "missing", "different", "invalid"]
    expected: str = ""
    found: str = ""


def judged_cover(view: View, file: DocumentFile, context: LintContext) -> Iterator[LintFinding]:
    """Yield the policy violations on the cover of ``file``, whose view is ``view``; drawings have none."""
    is_template = file.kind == "template_xlsx"
    cover = _cover(view, context.expected, is_template=is_template)
    if cover is None:
        return
    for fault in _faults(cover, context, is_template=is_template):
        values = {"expected": fault.expected, "found": fault.found}
        message = Message(f"cover.{fault.element}.{fault.kind}", values)
        yield _finding(file, cover.where, fault.element, message)


def unreadable_cover(file: DocumentFile, error: Unreadable) -> Iterator[LintFinding]:
    """Yield the finding of a file whose cover cannot be judged; drawings have none."""
    if file.kind in COVERED:
        yield _finding(file, "", "unreadable", Message("cover.unreadable", {"reason": error.message}))


def _faults(cover: Cover, context: LintContext, *, is_template: bool) -> Iterator[_Fault]:
    for element in context.policy.required:
        yield from _JUDGES[element](cover, context)
    yield from _words(cover, "supplier", context.expected.supplier_name)
    if "total" in context.policy.required:
        yield from _in_words(cover, context, may_be_missing=is_template)
    for warning in context.expected.warnings:
        yield from _words(cover, "warning", warning)


def _words(cover: Cover, element: Element, expected: str) -> Iterator[_Fault]:
    """Find an element of words that nobody gave or that the cover does not say."""
    if not expected.strip():
        yield _Fault(element, "not_given")
    elif not cover.says(expected):
        yield _Fault(element, "missing", expected)


def _day(cover: Cover, element: Element, day: date) -> Iterator[_Fault]:
    if not cover.shows(day):
        yield _Fault(element, "missing", day.isoformat())


def _registration(cover: Cover, context: LintContext) -> Iterator[_Fault]:
    expected = context.expected.registration_number
    if not expected:
        yield _Fault("registration_number", "not_given")
        return
    shown = _REGISTRATION.findall(cover.text)
    if expected not in shown:
        kind: Literal["different", "missing"] = "different" if shown else "missing"
        yield _Fault("registration_number", kind, expected, ", ".join(shown))
    for number in dict.fromkeys(shown):
        if number != ILLUSTRATIVE_NUMBER and not is_registration_number(number):
            yield _Fault("registration_number", "invalid", expected, number)


def _seal(cover: Cover, context: LintContext) -> Iterator[_Fault]:
    """Find a cover without seal; a company without a picture of its seal needs the place to stamp it."""
    if not cover.has_seal and (context.expected.seal or not cover.has_seal_place):
        yield _Fault("seal", "missing")


def _vat(cover: Cover, context: LintContext) -> Iterator[_Fault]:
    """Find a cover that does not say whether VAT is in the amount, or says both; a total with VAT below a net amount is no contradiction."""
    if not _VAT[context.expected.vat].search(cover.squeezed):
        yield _Fault("vat", "missing")
    elif context.expected.vat == "included" and _VAT["separate"].search(cover.squeezed):
        yield _Fault("vat", "different")


def _total(cover: Cover, context: LintContext) -> Iterator[_Fault]:
    """Find a cover without the total, or whose leading amount is missing or has no sign of its currency; sums yet to be calculated cannot be told."""
    expected = context.expected
    if cover.awaits_calculation:
        return
    if not _shows_amount(cover, expected.total, context.digits):
        yield _Fault("total", "missing", _figure(expected.total, context.digits))
    signs = _SIGNS.get(context.currency, (context.currency,))
    figure = _figure(expected.headline, context.digits)
    in_words = any(
        f"{sign}{figure}" in cover.squeezed or f"{figure}{sign}" in cover.squeezed for sign in signs
    )
    in_cell = any(
        number == expected.headline and any(sign in form for sign in signs) for number, form in cover.numbers
    )
    stated = _CURRENCY_STATED.get(context.currency)
    for_all = (
        stated is not None
        and stated.search(cover.squeezed)
        and _shows_amount(cover, expected.headline, context.digits)
    )
    if not in_words and not in_cell and not for_all:
        yield _Fault("headline", "missing", f"{signs[0]}{figure}")


def _in_words(cover: Cover, context: LintContext, *, may_be_missing: bool) -> Iterator[_Fault]:
    figure = _figure(context.expected.headline, context.digits)
    if not cover.sums and not may_be_missing:
        yield _Fault("amount_in_words", "missing", figure)
    for found in cover.sums:
        if found != context.expected.headline:
            yield _Fault("amount_in_words", "different", figure, _figure(found, context.digits))


_JUDGES: Final[dict[str, Callable[[Cover, LintContext], Iterator[_Fault]]]] = {
    "number": lambda cover, context: _words(cover, "number", context.expected.number),
    "date": lambda cover, context: _day(cover, "date", context.expected.quotation_date),
    "validity": lambda cover, context: _day(cover, "validity", context.expected.valid_until),
    "customer": lambda cover, context: _words(cover, "customer", context.expected.customer),
    "registration_number": _registration,
    "representative": lambda cover, context: _words(cover, "representative", context.expected.representative),
    "address": lambda cover, context: _words(cover, "address", context.expected.address),
    "seal": _seal,
    "delivery": lambda cover, context: _words(cover, "delivery", context.expected.delivery),
    "payment": lambda cover, context: _words(cover, "payment", context.expected.payment),
    "vat": _vat,
    "total": _total,
}
"""What each element of the policy's list is judged by."""


def _shows_amount(cover: Cover, amount: Decimal, digits: int) -> bool:
    figure = re.escape(_figure(amount, digits))
    in_words = re.search(rf"(?<![\d,.]){figure}(?![\d,]|\.\d)", cover.text) is not None
    return in_words or any(number == amount for number, _ in cover.numbers)


def _figure(amount: Decimal, digits: int) -> str:
    return f"{amount:,.{digits}f}"


def _forms(day: date) -> Iterator[str]:
    """Yield the forms of a date, without blanks, that nobody can take for another."""
    yield day.isoformat()
    yield f"{day.year}년{day.month}월{day.day}일"
    yield f"{day.year}년{day.month:02d}월{day.day:02d}일"
    yield f"{day.year}.{day.month}.{day.day}."
    yield f"{day.year}.{day.month:02d}.{day.day:02d}"
    for month in (MONTHS[day.month - 1], MONTHS[day.month - 1][:3]):
        yield f"{day.day}{month}{day.year}"
        yield f"{month}{day.day},{day.year}"


def _cover(view: View, expected: ExpectedElements, *, is_template: bool) -> Cover | None:
    if isinstance(view, PdfView):
        return _first_page(view.pages[0], expected)
    if isinstance(view, WorkbookView):
        sheets = view.visible_sheets
        return _first_sheet(sheets[0], is_template=is_template) if sheets else None
    return None


def _first_page(page: Page, expected: ExpectedElements) -> Cover:
    text = "\n".join(piece.text for piece in page.fragments)
    marks = [
        piece
        for piece in page.fragments
        if _SEAL_MARK.search(piece.text)
        or (expected.representative and expected.representative in piece.text)
    ]
    return Cover(
        where=page.place,
        text=text,
        squeezed=squeezed(text),
        sums=tuple(sums_in_words(text)),
        has_seal=any(_is_near(stamp, (mark.x0, mark.y0)) for stamp in page.stamps for mark in marks),
        has_seal_place=_SEAL_MARK.search(text) is not None,
    )


def _first_sheet(sheet: SheetView, *, is_template: bool) -> Cover:
    """Return a workbook's cover. No sheet can hold a vector picture, so the place of the seal is enough there; a company's own form may only have the picture."""
    text = "\n".join(said for cell in sheet.cells if (said := cell.said))
    numbers = [
        (Decimal(str(cell.number)), cell.look.number_format)
        for cell in sheet.cells
        if cell.number is not None
    ]
    in_cells = (number for number, form in numbers if IN_WORDS.search(form))
    has_place = _SEAL_MARK.search(text) is not None
    return Cover(
        where=sheet.title,
        text=text,
        squeezed=squeezed(text),
        numbers=tuple(numbers),
        days=tuple(day for cell in sheet.cells if (day := cell.day) is not None),
        sums=(*sums_in_words(text), *in_cells),
        has_seal=has_place or (is_template and sheet.pictures > 0),
        awaits_calculation=is_template and any(_is_uncalculated(cell) for cell in sheet.cells),
    )


def _is_uncalculated(cell: Cell) -> bool:
    return cell.formula is not None and cell.number is None and not cell.text and not cell.error


def _is_near(stamp: tuple[float, float, float, float], spot: tuple[float, float]) -> bool:
    dx = max(stamp[0] - spot[0], spot[0] - stamp[2], 0.0)
    dy = max(stamp[1] - spot[1], spot[1] - stamp[3], 0.0)
    return max(dx, dy) <= _SEAL_REACH_PT


def _finding(file: DocumentFile, where: str, element: str, message: Message) -> LintFinding:
    return LintFinding(
        rule=f"cover.{element}", severity="error", file=file.path, where=where, message=message
    )
