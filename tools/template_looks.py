"""How the sample templates look: the usual blocks of a Korean quotation form, each as one function."""

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

MONEY: Final = "#,##0"
KOREAN_DATE: Final = 'yyyy"년" m"월" d"일"'
_THIN: Final = Side(style="thin", color="FF9AA3AD")
_THICK: Final = Side(style="medium", color="FF1F3A5F")
FRAME: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TOTAL_FRAME: Final = Border(left=_THIN, right=_THIN, top=_THICK, bottom=_THICK)
_HEAD: Final = PatternFill("solid", fgColor="FF1F3A5F")
LABEL: Final = PatternFill("solid", fgColor="FFEEF1F4")
SUM: Final = PatternFill("solid", fgColor="FFFDF3CF")
_LINE: Final = (
    "{{line.number}}",
    "{{line.item}}",
    "{{line.spec}}",
    "{{line.unit}}",
    "{{line.quantity}}",
    "{{line.unit_price}}",
)
HEADINGS: Final = ("No", "품명", "규격", "단위", "수량", "단가", "금액", "비고")
_SUPPLIER: Final = (
    ("등록번호", "{{supplier.registration_number}}"),
    ("상  호", "{{supplier.name}}"),
    ("대표자", "{{supplier.representative}}        (인)"),
    ("주  소", "{{supplier.address}}"),
    ("업태/종목", "{{supplier.business_type}} / {{supplier.business_item}}"),
    ("전화/팩스", "{{supplier.phone}} / {{supplier.fax}}"),
)
_CUSTOMER: Final = (
    ("견적번호", "{{quotation.number}}"),
    ("견적일자", "{{quotation.date}}"),
    ("수  신", "{{customer.company}} 귀하"),
    ("담  당", "{{customer.name}}"),
    ("건  명", "{{quotation.project}}"),
    ("유효기간", "견적일로부터 {{quotation.validity_days}}일 ({{quotation.valid_until}}까지)"),
)


def new_sheet(book: Workbook, title: str, widths: Sequence[float]) -> Worksheet:
    """Return a new sheet with eight columns of these widths."""
    sheet = book.active if book.active is not None and book.active.title == "Sheet" else None
    made = sheet if isinstance(sheet, Worksheet) else book.create_sheet()
    made.title = title
    for column, width in zip("ABCDEFGH", widths, strict=True):
        made.column_dimensions[column].width = width
    made.sheet_view.showGridLines = False
    return made


def title(sheet: Worksheet, text: str, columns: int) -> None:
    """Write the form's title over all columns."""
    sheet["A1"] = text
    sheet["A1"].font = Font(name="맑은 고딕", size=22, bold=True, color="FF1F3A5F")
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet.row_dimensions[1].height = 42
    for column in range(1, columns + 1):
        sheet.cell(1, column).border = Border(bottom=_THICK)


def parties(sheet: Worksheet, top: int) -> None:
    """Write customer and supplier beside each other, six rows each."""
    for offset, (customer, supplier) in enumerate(zip(_CUSTOMER, _SUPPLIER, strict=True)):
        row = top + offset
        sheet.row_dimensions[row].height = 20
        for column, (label, text) in ((1, customer), (5, supplier)):
            width = 2 if column == 1 else 1
            label_cells(sheet, row, column, label, width)
            start = column + width
            sheet.cell(row, start, text)
            end = 4 if column == 1 else 8
            for each in range(start, end + 1):
                sheet.cell(row, each).border = FRAME
                sheet.cell(row, each).font = Font(name="맑은 고딕", size=10)
                sheet.cell(row, each).alignment = Alignment(vertical="center", shrink_to_fit=True)
            sheet.merge_cells(start_row=row, end_row=row, start_column=start, end_column=end)
    sheet.cell(top + 1, 3).number_format = KOREAN_DATE
    sheet.cell(top + 1, 3).alignment = Alignment(horizontal="left", vertical="center")


def label_cells(sheet: Worksheet, row: int, column: int, text: str, width: int) -> None:
    """Write a label over ``width`` columns."""
    sheet.cell(row, column, text)
    for each in range(column, column + width):
        cell = sheet.cell(row, each)
        cell.fill, cell.border = LABEL, FRAME
        cell.font = Font(name="맑은 고딕", size=9, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center")
    if width > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + width - 1)


def headline(sheet: Worksheet, row: int) -> None:
    """Write the sum a customer reads first."""
    label_cells(sheet, row, 1, "견적금액", 2)
    sheet.cell(row, 3, "{{quotation.in_words}}")
    sheet.cell(row, 7, "{{quotation.headline}}").number_format = '"₩"#,##0'
    sheet.cell(row, 8, "({{terms.vat}})")
    sheet.row_dimensions[row].height = 26
    for column in range(3, 9):
        cell = sheet.cell(row, column)
        cell.font = Font(name="맑은 고딕", size=11, bold=column != 8)
        cell.border, cell.fill = _TOTAL_FRAME, SUM
        cell.alignment = Alignment(vertical="center", horizontal="right" if column == 7 else "left")
    sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=6)


def warnings(sheet: Worksheet, row: int) -> None:
    """Keep a line for what must stand on the first page."""
    cell = sheet.cell(row, 1, "{{quotation.warnings}}")
    cell.font = Font(name="맑은 고딕", size=9, color="FFB3261E")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=8)
    sheet.row_dimensions[row].height = 42


def headings(sheet: Worksheet, row: int) -> None:
    """Write the heads of the table."""
    for column, text in enumerate(HEADINGS, start=1):
        cell = sheet.cell(row, column, text)
        cell.font = Font(name="맑은 고딕", size=10, bold=True, color="FFFFFFFF")
        cell.fill, cell.border = _HEAD, FRAME
        cell.alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[row].height = 20


def table_cell(sheet: Worksheet, row: int, column: int, value: str | None) -> None:
    """Write one cell of the table."""
    cell = sheet.cell(row, column, value)
    cell.font = Font(name="맑은 고딕", size=9)
    cell.border = FRAME
    if column in {5, 6, 7}:
        cell.number_format = "#,##0.##" if column == 5 else MONEY
        cell.alignment = Alignment(horizontal="right", vertical="center")
    else:
        cell.alignment = Alignment(
            horizontal="center" if column in {1, 4} else "left", vertical="center", wrap_text=True
        )


def line_row(sheet: Worksheet, row: int, amount: str) -> None:
    """Write the row that repeats for each line."""
    for column, text in enumerate((*_LINE, amount, "{{line.remark}}"), start=1):
        table_cell(sheet, row, column, text)


def total_row(sheet: Worksheet, row: int, label: str, value: str, *, strong: bool = False) -> None:
    """Write a sum under the table."""
    sheet.cell(row, 1, label)
    sheet.cell(row, 7, value).number_format = MONEY
    for column in range(1, 9):
        cell = sheet.cell(row, column)
        cell.font = Font(name="맑은 고딕", size=11 if strong else 10, bold=strong or column < 7)
        cell.border = _TOTAL_FRAME if strong else FRAME
        cell.fill = SUM if strong else LABEL
        cell.alignment = Alignment(horizontal="right" if column == 7 else "center", vertical="center")
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=6)


def conditions(sheet: Worksheet, row: int) -> None:
    """Write the terms."""
    for offset, (label, text) in enumerate(
        (
            ("납    기", "{{terms.delivery}}"),
            ("결제조건", "{{terms.payment}}"),
            ("비    고", "{{quotation.conditions}}"),
            (
                "견적근거",
                "단가표 {{sources.price_book}} · 부품 목록 {{sources.catalog}} · 규칙집 {{sources.rulebook}}",
            ),
        )
    ):
        at = row + offset
        label_cells(sheet, at, 1, label, 2)
        sheet.cell(at, 3, text)
        for column in range(3, 9):
            sheet.cell(at, column).border = FRAME
            sheet.cell(at, column).font = Font(name="맑은 고딕", size=9)
            sheet.cell(at, column).alignment = Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(start_row=at, end_row=at, start_column=3, end_column=8)
        sheet.row_dimensions[at].height = 48 if label.startswith("비") else 18


def printing(sheet: Worksheet, area: str, title_rows: str, footer: str, *, landscape: bool = False) -> None:
    """Set paper, print area, titles and footer (sections as a spreadsheet codes them: ``&L…&C…&R…``)."""
    sheet.print_area = area
    sheet.print_title_rows = title_rows
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    bottom = sheet.oddFooter
    assert bottom is not None  # a worksheet of openpyxl has one from its birth
    sections = {"L": bottom.left, "C": bottom.center, "R": bottom.right}
    current = None
    for piece in footer.split("&")[1:]:
        if piece[0] in sections:
            current = sections[piece[0]]
            _say(current, piece[1:])
        else:
            _say(current, f"{'' if current is None else current.text}&{piece}")


def header(sheet: Worksheet, right: str, *, left: str = "") -> None:
    """Set the page header."""
    top = sheet.oddHeader
    assert top is not None  # as the footer
    _say(top.left, left)
    _say(top.right, right)


def _say(section: _HeaderFooterPart | None, text: str) -> None:
    assert section is not None  # as the footer
    section.text = text


def rules(sheet: Worksheet, area: str, formula: str, unit: str, quantity: str) -> None:
    """Mark lines by a formula, and say what may stand as unit and quantity."""
    look = DifferentialStyle(font=Font(color="FFB3261E"), fill=PatternFill("solid", bgColor="FFFFF1F0"))
    sheet.conditional_formatting.add(area, Rule(type="expression", dxf=look, formula=[formula]))
    units = DataValidation(
        type="list", formula1='"EA,SET,식,면,kg,m"', allow_blank=True, showErrorMessage=False
    )
    units.add(unit)
    positive = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    positive.add(quantity)
    sheet.add_data_validation(units)
    sheet.add_data_validation(positive)
