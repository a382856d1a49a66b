"""A planned workbook as an .xlsx file, and what a finished file holds.

The same plan always gives the same bytes: fixed dates, entries stored rather than deflated (compressors differ between machines). Each
formula is written with its value, so that a viewer that cannot calculate shows the amounts too; programs that can are told to recalculate.
Words are text cells whatever they begin with, so that none can run as a formula.

openpyxl is slow to load: this module is imported only when a workbook is at hand.
"""

import io
import re
from decimal import Decimal
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kis.estimator.documents.workbook.workbook_plan import (
    COLUMNS,
    HEAD_ROW,
    CellStyle,
    PlannedCell,
    PlannedSheet,
    WorkbookPlan,
    legal_text,
)
from kis.platform.spreadsheet import FORMULA_STARTS, with_fixed_dates

_FORMULA_CELL: Final = re.compile(rb'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)<v ?/?>(?:</v>)?')

_THIN: Final = Side(style="thin", color="FFB4BAC1")
_FRAME: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_INK: Final = Side(style="thin", color="FF15181B")
_TOTAL_FRAME: Final = Border(left=_THIN, right=_THIN, top=_INK, bottom=_INK)
_HEAD_FILL: Final = PatternFill("solid", fgColor="FFE8EBEE")
_SUM_FILL: Final = PatternFill("solid", fgColor="FFF6F7F8")
_TOTAL_FILL: Final = PatternFill("solid", fgColor="FFFDF3CF")
_FONT: Final = "맑은 고딕"
_LEFT: Final = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_CENTRE: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
_RIGHT: Final = Alignment(horizontal="right", vertical="center", indent=1)
_ACROSS: Final = Alignment(horizontal="left", vertical="center")

_TOTALS: Final = frozenset({CellStyle.TOTAL_LABEL, CellStyle.TOTAL})
_SUMS: Final = frozenset({CellStyle.SUM_LABEL, CellStyle.SUM}) | _TOTALS
_FRAMED: Final = frozenset({CellStyle.HEAD, CellStyle.CENTRED, CellStyle.TEXT, CellStyle.NUMBER}) | _SUMS
_BOLD: Final = frozenset({CellStyle.TITLE, CellStyle.HEAD, CellStyle.WARNING}) | _SUMS
_FILLS: Final = {
    CellStyle.HEAD: _HEAD_FILL,
    CellStyle.SUM_LABEL: _SUM_FILL,
    CellStyle.SUM: _SUM_FILL,
    CellStyle.TOTAL_LABEL: _TOTAL_FILL,
    CellStyle.TOTAL: _TOTAL_FILL,
}
_ALIGNED: Final = {
    CellStyle.TITLE: _ACROSS,
    CellStyle.NOTE: _ACROSS,
    CellStyle.WARNING: _ACROSS,
    CellStyle.HEAD: _CENTRE,
    CellStyle.CENTRED: _CENTRE,
    CellStyle.TEXT: _LEFT,
}


def write_workbook(plan: WorkbookPlan) -> bytes:
    """Return the planned workbook as a file."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in plan.sheets:
        _fill(workbook.create_sheet(sheet.title), sheet, plan.page_note)
    for name in plan.names:
        workbook.defined_names[name.name] = DefinedName(name.name, attr_text=name.reference)
    workbook.calculation.fullCalcOnLoad = True
    workbook.properties.creator = "KIS"
    workbook.properties.title = legal_text(plan.title)
    output = io.BytesIO()
    workbook.save(output)
    return _finished(output.getvalue(), plan)


def read_formulas(data: bytes) -> dict[tuple[str, str], str]:
    """Return every formula of a finished workbook by sheet and cell."""
    workbook = load_workbook(io.BytesIO(data))
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def read_names(data: bytes) -> dict[str, str]:
    """Return every name of a finished workbook with its reference, if that leads to a cell that holds something."""
    workbook = load_workbook(io.BytesIO(data))
    found: dict[str, str] = {}
    for name, defined in workbook.defined_names.items():
        places = [(title, place) for title, place in defined.destinations if title in workbook.sheetnames]
        if len(places) == 1 and workbook[places[0][0]][places[0][1].replace("$", "")].value is not None:
            found[name] = defined.attr_text
    return found


def _fill(worksheet: Worksheet, sheet: PlannedSheet, page_note: str) -> None:
    for cell in sheet.cells:
        _write(worksheet[cell.place], cell)
    for column, width in zip(COLUMNS, sheet.widths, strict=True):
        worksheet.column_dimensions[column].width = width
    worksheet.row_dimensions[1].height = 26
    worksheet.row_dimensions[HEAD_ROW].height = 20
    worksheet.freeze_panes = f"A{HEAD_ROW + 1}"
    worksheet.sheet_view.showGridLines = False
    worksheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    worksheet.print_area = f"A1:{COLUMNS[-1]}{sheet.last_row}"
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9  # A4
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_options.horizontalCentered = True
    worksheet.page_margins.left = worksheet.page_margins.right = 0.5
    worksheet.page_margins.top, worksheet.page_margins.bottom, worksheet.page_margins.footer = 0.6, 0.8, 0.35
    footer = worksheet.oddFooter
    assert footer is not None  # a worksheet of openpyxl has one from its birth
    assert footer.left is not None
    assert footer.right is not None
    footer.left.text = legal_text(page_note).replace("&", "&&")
    footer.right.text = "&P / &N"


def _write(cell: Cell | MergedCell, planned: PlannedCell) -> None:
    if planned.formula is not None:
        cell.value = f"={planned.formula}"
    elif planned.value is not None:
        cell.value = _plain(planned.value)
    elif planned.text:
        _set_text(cell, planned.text)
    style = planned.style
    cell.number_format = planned.number_format if planned.text is None else cell.number_format
    colour = "FFB3261E" if style is CellStyle.WARNING else "FF15181B"
    size = 16 if style is CellStyle.TITLE else 11 if style in (CellStyle.TOTAL, CellStyle.TOTAL_LABEL) else 10
    cell.font = Font(name=_FONT, size=size, bold=style in _BOLD, color=colour)
    cell.alignment = _ALIGNED.get(style, _LEFT if planned.text is not None else _RIGHT)
    cell.fill = _FILLS.get(style, PatternFill())
    cell.border = _TOTAL_FRAME if style in _TOTALS else _FRAME if style in _FRAMED else Border()


def _set_text(cell: Cell | MergedCell, value: str) -> None:
    """Write words as words: a text cell is never calculated, and the quote prefix keeps it one when somebody edits it."""
    legal = legal_text(value)
    cell.value = legal
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = legal.lstrip().startswith(FORMULA_STARTS)


def _plain(value: Decimal) -> int | float:
    """Return a number as the file can hold it: whole, or the binary number its shortest decimal names."""
    return int(value) if value == value.to_integral_value() else float(value)


def _finished(archive: bytes, plan: WorkbookPlan) -> bytes:
    """Return the archive with fixed dates and with the value of every formula beside it."""

    def with_values(name: str, content: bytes) -> bytes:
        number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
        return content if number is None else _with_values(content, plan.sheets[int(number[1]) - 1])

    return with_fixed_dates(archive, f"{plan.date.isoformat()}T00:00:00Z", with_values)


def _with_values(xml: bytes, sheet: PlannedSheet) -> bytes:
    values = {cell.place: cell.value for cell in sheet.cells if cell.formula is not None}

    def with_value(found: re.Match[bytes]) -> bytes:
        value = values[found[2].decode()]
        return found[1] + (b"" if value is None else f"<v>{value:f}</v>".encode())

    return _FORMULA_CELL.sub(with_value, xml)
