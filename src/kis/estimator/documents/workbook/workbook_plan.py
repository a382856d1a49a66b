"""Which cell holds what in a workbook of priced lines: words, numbers, formulas with the values they must give, names, widths.

Every sheet has the same columns: No., 품명, 규격, 단위, 수량, 단가, 금액, 비고. The last row of a panel's sheet is its subtotal; the summary
takes it times the panel's quantity, adds the extra lines, and ends in margin, discount, net, VAT and total.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from kis.estimator.documents.workbook.lines_document import LinesDocument, PanelLines, PricedRow
from kis.platform.messages import Message

HEAD_ROW: Final = 5
FIRST_ROW: Final = HEAD_ROW + 1
COLUMNS: Final = "ABCDEFGH"
_NUMBER, _ITEM, _SPEC, _UNIT, _QUANTITY, _PRICE, _AMOUNT, _REMARK = COLUMNS
_LEAST_WIDTHS: Final = (5, 18, 14, 6, 9, 12, 14, 10)
_MOST_WIDTH: Final = 44
_LONGEST_TITLE: Final = 31
"""Excel's limit for the name of a sheet."""
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED_TITLES: Final = frozenset({"history"})


class CellStyle(StrEnum):
    """How a cell looks."""

    TITLE = "title"
    NOTE = "note"
    WARNING = "warning"
    HEAD = "head"
    CENTRED = "centred"
    TEXT = "text"
    NUMBER = "number"
    SUM_LABEL = "sum_label"
    SUM = "sum"
    TOTAL_LABEL = "total_label"
    TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCell:
    """One cell: words, a number, or a formula (without its equals sign) with the value it gives."""

    column: str
    row: int
    style: CellStyle
    text: str | None = None
    value: Decimal | None = None
    formula: str | None = None
    number_format: str = "General"

    @property
    def place(self) -> str:
        """Return the cell's address, ``G7``."""
        return f"{self.column}{self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSheet:
    """A sheet: its cells and column widths."""

    title: str
    cells: tuple[PlannedCell, ...]
    widths: tuple[float, ...]

    @property
    def last_row(self) -> int:
        """Return the last row that holds anything."""
        return max(cell.row for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedName:
    """A name for one cell, with the absolute reference it stands for."""

    name: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookPlan:
    """A whole workbook. ``title`` goes into its properties, ``page_note`` to the foot of every page."""

    title: str
    date: date
    page_note: str
    sheets: tuple[PlannedSheet, ...]
    names: tuple[PlannedName, ...]


def plan_workbook(document: LinesDocument) -> WorkbookPlan:
    """Return the plan of ``document``'s workbook: the summary first, then the panels in their order."""
    titles = _sheet_titles(document)
    panels = [
        _panel_sheet(document, panel, title) for panel, title in zip(document.panels, titles[1:], strict=True)
    ]
    summary, names = _summary_sheet(document, titles[0], panels)
    return WorkbookPlan(
        title=_say(document, "workbook_title", project=document.project),
        date=document.quotation_date,
        page_note=_price_note(document),
        sheets=(summary, *panels),
        names=names,
    )


def rounded(value: Decimal, digits: int) -> Decimal:
    """Round as the workbook's ROUND does: half away from zero."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _panel_sheet(document: LinesDocument, panel: PanelLines, title: str) -> PlannedSheet:
    cells = [*_head(document, panel.name)]
    for number, row in enumerate(panel.rows):
        cells += _line(document, row, FIRST_ROW + number, str(number + 1))
    sum_row = FIRST_ROW + max(1, len(panel.rows))
    subtotal = sum((_amount(document, row) for row in panel.rows), Decimal(0))
    formula = f"SUM({_AMOUNT}{FIRST_ROW}:{_AMOUNT}{sum_row - 1})"
    cells += _sum_row(document, "panel_subtotal", sum_row, formula, subtotal)
    return PlannedSheet(title=title, cells=tuple(cells), widths=_widths(cells))


def _summary_sheet(
    document: LinesDocument, title: str, panels: Sequence[PlannedSheet]
) -> tuple[PlannedSheet, tuple[PlannedName, ...]]:
    cells = [*_head(document, _say(document, "summary_title"))]
    row = FIRST_ROW
    for panel, sheet in zip(document.panels, panels, strict=True):
        cells += _panel_line(document, panel, sheet, row)
        row += 1
    for extra in document.extra:
        cells += _line(document, extra, row, str(row - HEAD_ROW))
        row += 1
    lines = [cell for cell in cells if cell.column == _AMOUNT and cell.row >= FIRST_ROW]
    subtotal = sum((cell.value for cell in lines if cell.value is not None), Decimal(0))
    totals, names = _totals(document, title, max(row, FIRST_ROW + 1), subtotal)
    cells += totals
    return PlannedSheet(title=title, cells=tuple(cells), widths=_widths(cells)), names


def _head(document: LinesDocument, title: str) -> Iterator[PlannedCell]:
    """Yield the rows above the lines: what it is, for whom, at whose prices, and the names of the columns."""
    shown = document.quotation_date.isoformat()
    about = _say(
        document,
        "about",
        project=document.project,
        customer=document.customer,
        date=shown,
        currency=document.currency,
    )
    yield PlannedCell(column=_NUMBER, row=1, style=CellStyle.TITLE, text=title)
    yield PlannedCell(column=_NUMBER, row=2, style=CellStyle.NOTE, text=about)
    style = CellStyle.WARNING if document.illustrative else CellStyle.NOTE
    yield PlannedCell(column=_NUMBER, row=3, style=style, text=_price_note(document))
    names = ("number", "item", "spec", "unit", "quantity", "unit_price", "amount", "remark")
    for column, name in zip(COLUMNS, names, strict=True):
        yield PlannedCell(column=column, row=HEAD_ROW, style=CellStyle.HEAD, text=_say(document, name))


def _line(document: LinesDocument, line: PricedRow, row: int, number: str) -> Iterator[PlannedCell]:
    yield PlannedCell(column=_NUMBER, row=row, style=CellStyle.CENTRED, text=number)
    yield PlannedCell(column=_ITEM, row=row, style=CellStyle.TEXT, text=line.item)
    yield PlannedCell(column=_SPEC, row=row, style=CellStyle.TEXT, text=line.spec)
    yield PlannedCell(column=_UNIT, row=row, style=CellStyle.CENTRED, text=line.unit)
    yield _number(_QUANTITY, row, line.quantity, 0)
    yield _number(_PRICE, row, line.unit_price, document.digits)
    yield _amount_cell(document, row, _amount(document, line))
    yield PlannedCell(column=_REMARK, row=row, style=CellStyle.TEXT, text=line.remark)


def _panel_line(
    document: LinesDocument, panel: PanelLines, sheet: PlannedSheet, row: int
) -> Iterator[PlannedCell]:
    """Yield a panel in the summary: its unit price is the subtotal of its own sheet."""
    subtotal = next(cell for cell in sheet.cells if cell.style is CellStyle.SUM)
    each = subtotal.value or Decimal(0)
    formula = f"{_quoted(sheet.title)}!{subtotal.place}"
    yield PlannedCell(column=_NUMBER, row=row, style=CellStyle.CENTRED, text=str(row - HEAD_ROW))
    yield PlannedCell(column=_ITEM, row=row, style=CellStyle.TEXT, text=panel.name)
    yield PlannedCell(column=_SPEC, row=row, style=CellStyle.TEXT, text=_say(document, "panel"))
    yield PlannedCell(column=_UNIT, row=row, style=CellStyle.CENTRED, text=_say(document, "panel_unit"))
    yield _number(_QUANTITY, row, Decimal(panel.quantity), 0)
    yield replace(_number(_PRICE, row, each, document.digits), formula=formula)
    yield _amount_cell(document, row, rounded(panel.quantity * each, document.digits))
    yield PlannedCell(column=_REMARK, row=row, style=CellStyle.TEXT, text="")


def _totals(
    document: LinesDocument, title: str, first: int, subtotal: Decimal
) -> tuple[list[PlannedCell], tuple[PlannedName, ...]]:
    """Return the rows under the lines of the summary, each rounded once, and the names of their cells."""
    digits = document.digits
    margin = rounded(subtotal * document.margin_percent / 100, digits)
    discount = rounded((subtotal + margin) * document.discount_percent / 100, digits)
    net = subtotal + margin - discount
    vat = rounded(net * document.vat_percent / 100, digits)
    rows = (
        ("Subtotal", "subtotal", f"SUM({_AMOUNT}{FIRST_ROW}:{_AMOUNT}{first - 1})", subtotal, None),
        (
            "Margin",
            "margin",
            _rounding("Subtotal*MarginPercent/100", digits),
            margin,
            document.margin_percent,
        ),
        (
            "Discount",
            "discount",
            _rounding("(Subtotal+Margin)*DiscountPercent/100", digits),
            discount,
            document.discount_percent,
        ),
        ("Net", "net", "Subtotal+Margin-Discount", net, None),
        ("Vat", "vat", _rounding("Net*VatPercent/100", digits), vat, document.vat_percent),
        ("TotalPrice", "total", "Net+Vat", net + vat, None),
    )
    cells: list[PlannedCell] = []
    names: list[PlannedName] = []
    for number, (name, label, formula, value, percent) in enumerate(rows):
        row = first + number
        cells += _sum_row(document, label, row, formula, value, percent=percent)
        names.append(PlannedName(name=name, reference=_absolute(title, _AMOUNT, row)))
        if percent is not None:
            names.append(PlannedName(name=f"{name}Percent", reference=_absolute(title, _PRICE, row)))
    return cells, tuple(names)


def _sum_row(
    document: LinesDocument,
    label: str,
    row: int,
    formula: str,
    value: Decimal,
    *,
    percent: Decimal | None = None,
) -> list[PlannedCell]:
    """Return a row under the lines: label, the percentage it takes if any, and its formula."""
    is_total = label == "total"
    label_style, style = (
        (CellStyle.TOTAL_LABEL, CellStyle.TOTAL) if is_total else (CellStyle.SUM_LABEL, CellStyle.SUM)
    )
    amount = replace(_number(_AMOUNT, row, value, document.digits), style=style, formula=formula)
    cells = [PlannedCell(column=_ITEM, row=row, style=label_style, text=_say(document, label)), amount]
    if percent is not None:
        shown = _number(_PRICE, row, percent, 0)
        cells.append(replace(shown, style=CellStyle.SUM_LABEL, number_format=f'{shown.number_format}"%"'))
    return _with_frame(cells)


def _with_frame(cells: list[PlannedCell]) -> list[PlannedCell]:
    """Return the cells with empty ones between them, so that a row of totals is framed from end to end."""
    taken = {cell.place for cell in cells}
    styles = {cell.row: cell.style for cell in cells if cell.column == _ITEM}
    empty = [
        PlannedCell(column=column, row=row, style=style, text="")
        for row, style in styles.items()
        for column in COLUMNS
        if f"{column}{row}" not in taken
    ]
    return [*cells, *empty]


def _amount(document: LinesDocument, line: PricedRow) -> Decimal:
    return rounded(line.quantity * line.unit_price, document.digits)


def _amount_cell(document: LinesDocument, row: int, value: Decimal) -> PlannedCell:
    """Return 금액 = 수량 × 단가, rounded to the currency's digits."""
    formula = _rounding(f"{_QUANTITY}{row}*{_PRICE}{row}", document.digits)
    return replace(_number(_AMOUNT, row, value, document.digits), formula=formula)


def _rounding(product: str, digits: int) -> str:
    """Return the formula that rounds half away from zero as money does.

    A spreadsheet multiplies in binary: 2.05 × 30 is 61.499…, which must become 62. Rounded to six decimals first it is 61.5 again.
    """
    return f"ROUND(ROUND({product},6),{digits})"


def _number(column: str, row: int, value: Decimal, least_digits: int) -> PlannedCell:
    """Return a number shown with the decimals it came with (4.10 kg stays 4.10), at least ``least_digits``."""
    exponent = value.as_tuple().exponent
    digits = max(least_digits, -exponent if isinstance(exponent, int) and exponent < 0 else 0)
    return PlannedCell(
        column=column, row=row, style=CellStyle.NUMBER, value=value, number_format=_money_format(digits)
    )


def _money_format(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _widths(cells: Sequence[PlannedCell]) -> tuple[float, ...]:
    """Return column widths in characters; a Korean letter takes two. Titles above the head run over their neighbours and do not count."""
    widths: list[float] = []
    for column, least in zip(COLUMNS, _LEAST_WIDTHS, strict=True):
        longest = max(
            (_length(cell) for cell in cells if cell.column == column and cell.row >= HEAD_ROW), default=0
        )
        widths.append(min(max(least, longest + 3), _MOST_WIDTH))
    return tuple(widths)


def _length(cell: PlannedCell) -> int:
    if cell.text is not None:
        return sum(
            2 if unicodedata.east_asian_width(character) in ("W", "F") else 1 for character in cell.text
        )
    return len(f"{cell.value:,}") if cell.value is not None else 0


def _sheet_titles(document: LinesDocument) -> list[str]:
    """Return a lawful, different name for every sheet: the summary, then the panels."""
    titles: list[str] = []
    taken = set(_RESERVED_TITLES)
    for wanted in (_say(document, "summary_sheet"), *(panel.name for panel in document.panels)):
        plain = _NOT_IN_TITLES.sub("_", legal_text(wanted)).strip().strip("'")[:_LONGEST_TITLE] or "_"
        title, number = plain, 1
        while title.casefold() in taken:
            number += 1
            ending = f" ({number})"
            title = plain[: _LONGEST_TITLE - len(ending)] + ending
        taken.add(title.casefold())
        titles.append(title)
    return titles


def legal_text(text: str) -> str:
    """Return ``text`` as one line, without the characters no XML file can hold."""
    return "".join(_legal(character) for character in text)


def _legal(character: str) -> str:
    if character in "\t\n\r":
        return " "
    point = ord(character)
    return character if 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or point >= 0x10000 else "\ufffd"


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def _absolute(title: str, column: str, row: int) -> str:
    return f"{_quoted(title)}!${column}${row}"


def _price_note(document: LinesDocument) -> str:
    key = "prices_illustrative" if document.illustrative else "prices"
    return _say(document, key, book=document.price_book)


def _say(document: LinesDocument, key: str, **values: object) -> str:
    return Message(f"documents.lines.{key}", values).text(document.locale)
