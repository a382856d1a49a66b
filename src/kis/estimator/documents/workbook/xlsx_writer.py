"""A planned workbook as an .xlsx file.

The same plan always gives the same bytes: fixed dates, entries stored rather than deflated (compressors differ between machines). Each
formula is written with its value, so that a viewer that cannot calculate shows the amounts too; programs that can are told to recalculate.
Words are text cells whatever they begin with, so that none can run as a formula.

openpyxl is slow to load: this module is imported only when a workbook is written.
"""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Final

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.styles import Font
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kis.estimator.documents.workbook.draft import text_length
from kis.estimator.documents.workbook.looks import named_style
from kis.estimator.documents.workbook.plan import (
    COLUMNS,
    CellStyle,
    PageText,
    PlannedCell,
    PlannedPicture,
    PlannedSheet,
    WorkbookPlan,
)
from kis.estimator.documents.workbook.sheet_titles import legal_text
from kis.platform.spreadsheet import FORMULA_STARTS, with_fixed_dates

_FORMULA_CELL: Final = re.compile(rb'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)<v ?/?>(?:</v>)?')
_A4: Final = 9
_USUAL_FONT_PT: Final = 10
_EMU_PER_PX: Final = 9525
"""Drawings are placed in EMU: 914,400 to the inch, 96 pixels to the inch (ECMA-376 part 1, 20.1.2.1)."""
_PAGE_TEXT_PT: Final = 7
_HALF_LINE: Final = 70
_FOOT_LINE: Final = 125
"""What fits beside its neighbour on an A4 portrait page, in characters' widths; Excel also holds no more than 255 letters in a head or foot."""
_TEXT_FORMAT: Final = "@"


def write_workbook(plan: WorkbookPlan) -> bytes:
    """Return the planned workbook as a file."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    # Columns are as wide as so many digits of the usual font. openpyxl has no public way to choose that font.
    vars(workbook)["_named_styles"]["Normal"].font = Font(name=plan.font, size=_USUAL_FONT_PT)
    styles = _Styles(workbook, plan)
    for sheet in plan.sheets:
        _fill(workbook.create_sheet(sheet.title), sheet, plan.page, styles)
    for name in plan.names:
        workbook.defined_names[name.name] = DefinedName(name.name, attr_text=name.reference)
    workbook.calculation.fullCalcOnLoad = True
    properties = workbook.properties
    properties.creator = legal_text(plan.author)
    properties.lastModifiedBy = "KIS"
    properties.title = legal_text(plan.title)
    properties.subject = legal_text(plan.subject)
    properties.identifier = plan.identifier
    properties.language = plan.language
    output = io.BytesIO()
    workbook.save(output)
    return _finished(output.getvalue(), plan)


class _Styles:
    """The named styles of a workbook, made when a cell first needs them."""

    def __init__(self, workbook: Workbook, plan: WorkbookPlan) -> None:
        self._workbook = workbook
        self._plan = plan
        self._names: dict[tuple[CellStyle, str], str] = {}

    def name(self, style: CellStyle, number_format: str) -> str:
        """Return the name of the style for cells that look so and show numbers so."""
        key = (style, number_format)
        if key not in self._names:
            name = f"KIS {len(self._names) + 1:02d} {style.value}"
            self._workbook.add_named_style(
                named_style(name, style, number_format, self._plan.colours, self._plan.font)
            )
            self._names[key] = name
        return self._names[key]


class _Picture(Image):
    """A picture whose size is known: openpyxl would need another library to look it up."""

    def __init__(self, planned: PlannedPicture) -> None:
        row, column = coordinate_to_tuple(planned.place)
        corner = AnchorMarker(
            col=column - 1,
            colOff=planned.left_px * _EMU_PER_PX,
            row=row - 1,
            rowOff=planned.top_px * _EMU_PER_PX,
        )
        size = XDRPositiveSize2D(planned.width_px * _EMU_PER_PX, planned.height_px * _EMU_PER_PX)
        self.anchor = OneCellAnchor(_from=corner, ext=size)
        self.format = planned.form
        self._bytes = planned.data

    def _data(self) -> bytes:
        return self._bytes


def _fill(worksheet: Worksheet, sheet: PlannedSheet, page: PageText, styles: _Styles) -> None:
    for merge in sheet.merges:
        worksheet.merged_cells.add(
            merge
        )  # the plan frames the covered cells itself; merge_cells would do so again, slowly
    for cell in sheet.cells:
        _write(worksheet, cell, styles)
    for column, width in zip(COLUMNS, sheet.widths, strict=False):
        worksheet.column_dimensions[column].width = width
    for row, height in enumerate(sheet.heights, start=1):
        if row in sheet.hidden_rows:
            worksheet.row_dimensions[row].hidden = True
        else:
            worksheet.row_dimensions[row].height = height
    for picture in sheet.pictures:
        worksheet.add_image(_Picture(picture))
    worksheet.sheet_view.showGridLines = False
    if sheet.is_frozen:
        worksheet.freeze_panes = f"A{sheet.head_row + 1}"
    _set_print(worksheet, sheet)
    _set_page_text(worksheet, page)


def _write(worksheet: Worksheet, planned: PlannedCell, styles: _Styles) -> None:
    cell = worksheet.cell(planned.row, COLUMNS.index(planned.column) + 1)
    cell.style = styles.name(planned.style, _TEXT_FORMAT if planned.text else planned.number_format)
    if planned.formula is not None:
        cell.value = f"={planned.formula}"
    elif planned.value is not None:
        cell.value = _plain(planned.value)
        if isinstance(planned.value, date):  # openpyxl gives a day a format of its own
            cell.number_format = planned.number_format
    elif planned.text:
        legal = legal_text(planned.text)
        cell.value = legal
        cell.data_type = "s"  # never a formula; the quote prefix keeps it one when somebody edits it
        if legal.lstrip().startswith(FORMULA_STARTS):
            cell.quotePrefix = True


def _plain(value: Decimal | date) -> int | float | date:
    """Return a number as the file can hold it: whole, or the binary number its shortest decimal names."""
    if isinstance(value, date):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _set_print(worksheet: Worksheet, sheet: PlannedSheet) -> None:
    worksheet.print_area = f"A1:{sheet.last_column}{sheet.last_row}"
    if sheet.repeats_head:
        worksheet.print_title_rows = f"{sheet.head_row}:{sheet.head_row}"
    for row in sheet.breaks:
        worksheet.row_breaks.append(Break(id=row))
    setup = worksheet.page_setup
    setup.orientation = "landscape" if sheet.is_landscape else "portrait"
    setup.paperSize = _A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_options.horizontalCentered = True
    margins = worksheet.page_margins
    margins.left = margins.right = 0.45
    margins.top, margins.bottom = 0.7, 0.68
    margins.header, margins.footer = 0.35, 0.3


def _set_page_text(worksheet: Worksheet, page: PageText) -> None:
    header, footer = worksheet.oddHeader, worksheet.oddFooter
    assert header is not None  # a worksheet of openpyxl has both from its birth
    assert footer is not None
    header.left.text, header.left.size = _page_text(page.left, _HALF_LINE), _PAGE_TEXT_PT
    header.right.text, header.right.size = _page_text(page.right, _HALF_LINE), _PAGE_TEXT_PT
    footer.left.text, footer.left.size = _page_text(page.foot, _FOOT_LINE), _PAGE_TEXT_PT
    footer.right.text, footer.right.size = page.page_number, _PAGE_TEXT_PT


def _page_text(text: str, longest: int) -> str:
    """Return words for a page's head or foot, where an ampersand begins a code."""
    legal = legal_text(text)
    while text_length(legal) > longest:
        legal = f"{legal[:-2].rstrip()}…"
    return legal.replace("&", "&&")


def _finished(archive: bytes, plan: WorkbookPlan) -> bytes:
    """Return the archive with fixed dates and with the value of every formula beside it."""

    def with_values(name: str, content: bytes) -> bytes:
        number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
        return content if number is None else _with_values(content, plan.sheets[int(number[1]) - 1])

    return with_fixed_dates(archive, f"{plan.date.isoformat()}T00:00:00Z", with_values)


def _with_values(xml: bytes, sheet: PlannedSheet) -> bytes:
    values = {
        cell.place: f"{cell.value:f}"
        for cell in sheet.cells
        if cell.formula is not None and isinstance(cell.value, Decimal)
    }

    def with_value(found: re.Match[bytes]) -> bytes:
        return found[1] + f"<v>{values[found[2].decode()]}</v>".encode()

    return _FORMULA_CELL.sub(with_value, xml)
