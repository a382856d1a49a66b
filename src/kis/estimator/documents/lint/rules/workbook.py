"""The finished workbook: its formulas and names, its numbers, and how it prints."""

import re
import unicodedata
from collections.abc import Iterator
from math import ceil
from typing import Final

from kis.estimator.documents.lint.model import Found, LintContext
from kis.estimator.documents.lint.reading.number_format import bare, shown
from kis.estimator.documents.lint.reading.xlsx import (
    Cell,
    SheetView,
    WorkbookView,
    cell_position,
    column_letters,
)
from kis.estimator.documents.lint.rules.vocabulary import LEAST_HEADS, Column, head_of

TOTAL_NAMES: Final = ("Subtotal", "Vat", "TotalPrice")
"""Names every workbook of KIS has for its totals."""
ROWS_OF_A_PAGE: Final = 30
"""A sheet with more rows than that goes on to a second page, whatever its orientation."""

_ERRORS: Final = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!")
_OTHER_FILE: Final = re.compile(r"\[\d+\]|\[[^\]]+\.xls[xmb]?\]|https?://|file:", re.IGNORECASE)
_REFERENCE: Final = re.compile(
    r"^(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]{1,3}\$?\d+)(?::(\$?[A-Z]{1,3}\$?\d+))?$"
)
_SEPARATED: Final = re.compile(r"#,##0")
_NUMERIC: Final[frozenset[Column]] = frozenset({"quantity", "price", "amount"})
_MONEY: Final[frozenset[Column]] = frozenset({"price", "amount"})
_PADDING_LETTERS: Final = 1.0
"""A cell keeps five pixels of its column free, nearly one letter (ECMA-376 part 1, 18.3.1.13)."""
_INDENT_LETTERS: Final = 1.3
_LEAST_LEADING: Final = 1.2
"""From line to line, in letter sizes, at the least."""
_WORD: Final = re.compile(r"[^\s-]*-|[^\s-]+\s*|\s+")
_NARROW: Final = frozenset(" .,:;'|!iljI()[]·-")
_COLUMN_FONT_PT: Final = 11.0
"""Widths of columns are counted in letters of the workbook's usual font."""


def formula_missing(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find amounts that are typed in instead of calculated."""
    for sheet in workbook.visible_sheets:
        for column, cell in _table_cells(sheet):
            if column == "amount" and cell.number is not None and cell.formula is None:
                yield Found(_place(sheet, cell), f"{cell.number:,.10g}")


def total_name(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find totals without their name, and names of totals that no formula stands behind."""
    for name in TOTAL_NAMES:
        cell = named_cell(workbook, name)
        if cell is None or cell.formula is None:
            yield Found(workbook.names.get(name, ""), name)


def defined_name(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find names that lead nowhere: to no sheet of this workbook, or to an empty cell."""
    for name, reference in workbook.names.items():
        found = _REFERENCE.match(reference)
        if (
            "#REF!" in reference
            or (found is not None and named_cell(workbook, name) is None and found[4] is None)
            or (found is not None and _sheet(workbook, found) is None)
        ):
            yield Found(reference, name)


def formula_error(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find cells that show an error, and formulas that refer to nothing."""
    for sheet in workbook.sheets:
        for cell in sheet.cells:
            if cell.error:
                yield Found(_place(sheet, cell), cell.error)
            elif cell.formula is not None and any(error in cell.formula for error in _ERRORS[:2]):
                yield Found(_place(sheet, cell), cell.formula)


def external_link(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find what reaches out of the file: links to other workbooks, data connections, formulas and names that need them."""
    for part in workbook.external:
        yield Found(part, part.rpartition("/")[2])
    for name, reference in workbook.names.items():
        if _OTHER_FILE.search(reference):
            yield Found(name, reference)
    for sheet in workbook.sheets:
        for cell in sheet.cells:
            if cell.formula and _OTHER_FILE.search(cell.formula):
                yield Found(_place(sheet, cell), cell.formula)


def print_area(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find visible sheets without a print area, or with one that leaves something out."""
    for sheet in workbook.visible_sheets:
        if not sheet.print_area:
            yield Found(sheet.title, "–")
        elif (outside := _first_outside(sheet)) is not None:
            yield Found(_place(sheet, outside), sheet.print_area)


def sheet_page_number(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find visible sheets whose print does not say which page of how many it is."""
    for sheet in workbook.visible_sheets:
        if "&P" not in sheet.header_footer or "&N" not in sheet.header_footer:
            yield Found(sheet.title, sheet.header_footer_words or "–")


def sheet_table_header(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find long priced tables that do not repeat their head on every page of the print."""
    for sheet in workbook.visible_sheets:
        heads = [row for row, cells in sheet.rows.items() if _heads(cells)]
        last = max(sheet.rows, default=0)
        if heads and last - heads[-1] > ROWS_OF_A_PAGE and not sheet.print_titles:
            yield Found(sheet.title, str(last))


def cell_alignment(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find figures of a priced table that are not set to the right."""
    for sheet in workbook.visible_sheets:
        for column, cell in _table_cells(sheet):
            if (
                column in _NUMERIC
                and cell.number is not None
                and cell.look.horizontal not in ("", "general", "right")
            ):
                yield Found(_place(sheet, cell), cell.look.horizontal)


def cell_number_form(workbook: WorkbookView, context: LintContext) -> Iterator[Found]:
    """Find amounts whose format has no thousands separators, or other decimals than the currency."""
    for sheet in workbook.visible_sheets:
        for column, cell in _table_cells(sheet):
            if (
                column in _MONEY
                and cell.number is not None
                and not _is_money(cell.look.number_format, context.digits)
            ):
                yield Found(_place(sheet, cell), cell.look.number_format)


def narrow_column(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find numbers too long for their column: the reader sees ####. Cells over several columns have room."""
    for sheet in workbook.visible_sheets:
        merged = {area.partition(":")[0] for area in sheet.merged}
        for cell in sheet.cells:
            if cell.number is None or cell.place in merged:
                continue
            said = shown(cell.number, cell.look.number_format)
            room = sheet.widths.get(cell.column, sheet.default_width)
            needed = _letters(said) * cell.look.size_pt / _COLUMN_FONT_PT + _INDENT_LETTERS * cell.look.indent
            if said and room and needed + _PADDING_LETTERS > room:
                yield Found(_place(sheet, cell), said)


def cut_text(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find words that their cell cuts off: too many lines for the row's fixed height, or too wide beside a cell that is not empty."""
    for sheet in workbook.visible_sheets:
        spans = {area.partition(":")[0]: _span(area) for area in sheet.merged if ":" in area}
        for cell in sheet.cells:
            if not cell.text or cell.look.fits_itself:
                continue
            x0, y0, x1, y1 = spans.get(cell.place, (cell.column, cell.row, cell.column, cell.row))
            columns = sum(sheet.widths.get(column, sheet.default_width) for column in range(x0, x1 + 1))
            room = columns - _PADDING_LETTERS - _INDENT_LETTERS * cell.look.indent
            if cell.look.wraps:
                heights = [sheet.heights.get(row, 0.0) for row in range(y0, y1 + 1)]
                is_cut = all(heights) and _lines(cell, room) * cell.look.size_pt * _LEAST_LEADING > sum(
                    heights
                )
            else:
                beside = sheet.at.get(f"{column_letters(x1 + 1)}{cell.row}")
                is_cut = beside is not None and _width(cell.text, cell.look.size_pt) > room
            if is_cut:
                yield Found(_place(sheet, cell), cell.text)


def workbook_title(workbook: WorkbookView, _context: LintContext) -> Iterator[Found]:
    """Find a workbook that does not say what it is called."""
    if not workbook.title.strip():
        yield Found("", "–")


def named_cell(workbook: WorkbookView, name: str) -> Cell | None:
    """Return the one cell a name leads to, None where it leads to none that holds something."""
    found = _REFERENCE.match(workbook.names.get(name, ""))
    if found is None or found[4] is not None:
        return None
    sheet = _sheet(workbook, found)
    return None if sheet is None else sheet.at.get(found[3].replace("$", ""))


def _table_cells(sheet: SheetView) -> Iterator[tuple[Column, Cell]]:
    """Yield the cells below the heads of priced tables, with the column they are in."""
    heads: dict[int, Column] = {}
    for cells in sheet.rows.values():
        found = _heads(cells)
        if found:
            heads = found
            continue
        for cell in cells:
            if cell.column in heads:
                yield heads[cell.column], cell


def _heads(cells: tuple[Cell, ...]) -> dict[int, Column]:
    """Return the columns by number where ``cells`` are the head of a priced table, else nothing."""
    found = {cell.column: head for cell in cells if cell.text and (head := head_of(cell.text)) is not None}
    return found if len(found) >= LEAST_HEADS and "amount" in found.values() else {}


def _is_money(number_format: str, digits: int) -> bool:
    code = bare(number_format.partition(";")[0])
    decimals = len(re.sub(r"[^0#?]", "", code.partition(".")[2]))
    return _SEPARATED.search(code) is not None and decimals == digits


def _first_outside(sheet: SheetView) -> Cell | None:
    """Return the first cell outside the print area, None where all are inside or the area is not a plain one."""
    areas = []
    for reference in sheet.print_area.split(","):
        first, _, last = reference.rpartition("!")[2].partition(":")
        try:
            (x0, y0), (x1, y1) = cell_position(first), cell_position(last or first)
        except ValueError:
            return None
        areas.append((x0, y0, x1, y1))
    for cell in sheet.cells:
        if not any(x0 <= cell.column <= x1 and y0 <= cell.row <= y1 for x0, y0, x1, y1 in areas):
            return cell
    return None


def _sheet(workbook: WorkbookView, reference: re.Match[str]) -> SheetView | None:
    title = (reference[1] or reference[2] or "").replace("''", "'")
    return next((sheet for sheet in workbook.sheets if sheet.title == title), None)


def _letters(text: str) -> float:
    """Return the width of a number in letters of the column's font: Hangul and the won sign take two."""
    return sum(
        2.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 if letter in ",." else 1.0
        for letter in text
    )


def _lines(cell: Cell, room: float) -> int:
    """Return the least number of lines a wrapped text takes, broken after blanks and hyphens, inside a word only where it is wider than a line."""
    room = max(room, 1.0)
    count = 0
    for line in cell.text.split("\n"):
        count += 1
        used = 0.0
        for word in _WORD.findall(line):
            width = _width(word.rstrip(), cell.look.size_pt)
            if used and used + width > room:
                count, used = count + 1, 0.0
            count += max(0, ceil(width / room) - 1)
            used = used + _width(word, cell.look.size_pt) if width <= room else width % room
    return count


def _width(text: str, size_pt: float) -> float:
    """Return the least width of words in letters of the columns' font: what the narrowest of the usual Korean fonts takes."""
    letters = sum(
        1.7 if unicodedata.east_asian_width(letter) in "WF" else 0.5 if letter in _NARROW else 0.9
        for letter in text
    )
    return letters * size_pt / _COLUMN_FONT_PT


def _span(area: str) -> tuple[int, int, int, int]:
    first, _, last = area.partition(":")
    try:
        return (*cell_position(first), *cell_position(last))
    except ValueError:
        return (1, 1, 1, 1)


def _place(sheet: SheetView, cell: Cell) -> str:
    return f"{sheet.title}!{cell.place}"
