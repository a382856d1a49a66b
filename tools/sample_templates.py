"""The sample templates of ``examples/templates``: forms as Korean panel builders use them, with everything in them that filling could lose.

``python -m tools.sample_templates`` writes them anew, byte for byte the same.
"""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Color, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from kis.platform.spreadsheet import with_fixed_dates
from tools.repository import ROOT
from tools.template_looks import (
    FRAME,
    HEADINGS,
    LABEL,
    MONEY,
    SUM,
    conditions,
    header,
    headings,
    headline,
    line_row,
    new_sheet,
    parties,
    printing,
    rules,
    table_cell,
    title,
    total_row,
    warnings,
)
from tools.template_parts import (
    MAIN,
    Box,
    Parts,
    add_drawing,
    add_header_image,
    bar_chart,
    chart_frame,
    picture,
    png,
    share_strings,
    sheet_part,
    store_results,
    text_box,
)

FOLDER: Final = ROOT / "examples" / "templates"
STAMP: Final = "2026-11-20T00:00:00Z"

NAVY: Final = (31, 58, 95, 255)
GOLD: Final = (200, 150, 46, 255)
RED: Final = (190, 38, 30, 230)
CLEAR: Final = (255, 255, 255, 0)
LOGO_MM: Final = (30.0, 9.0)
SEAL_MM: Final = (17.0, 17.0)


def one_page() -> bytes:
    """Return the form of one sheet: all lines of all panels under one another, totals below, rate of VAT on a hidden sheet."""
    book = Workbook()
    sheet = new_sheet(book, "견적서", (5, 24, 28, 7, 9, 13, 15, 18))
    title(sheet, "견   적   서", 8)
    parties(sheet, 3)
    sheet["A9"] = CellRichText(
        "아래와 같이 ",
        TextBlock(InlineFont(b=True, color=Color("FF1F3A5F")), "견적"),
        "합니다. (단위: {{curr",
        TextBlock(InlineFont(i=True), "ency}})"),
    )
    sheet["A9"].alignment = Alignment(vertical="center")
    sheet.merge_cells("A9:H9")
    sheet.row_dimensions[9].height = 20
    headline(sheet, 10)
    warnings(sheet, 11)
    headings(sheet, 12)
    line_row(sheet, 13, "=ROUND(E13*F13,0)")
    for row, label, value in (
        (14, "소      계", "=SUM(G13:G13)"),
        (15, "일반관리비 및 이윤", "{{totals.margin}}"),
        (16, "할      인", "{{totals.discount}}"),
        (17, "공 급 가 액", "=G14+G15-G16"),
        (18, "부 가 가 치 세", "=ROUND(G17*부가세율,0)"),
    ):
        total_row(sheet, row, label, value)
    sheet["H18"] = '=TEXT(부가세율,"0%")'
    sheet["H14"] = '=COUNTA(B$13:B$13)&"개 품목"'
    total_row(sheet, 20, "합 계 금 액", "=SUM(G17:G18)", strong=True)
    sheet["H20"] = '=IF(ABS(G20-SUM(G14:G15,-G16,G18))<1,"","검산")'
    conditions(sheet, 22)
    rules(sheet, "A13:H13", 'AND($B13<>"",$F13=0)', "D13", "E13")
    printing(sheet, "A1:H31", "12:12", "&L{{quotation.number}}&C&8&P / &N&R&8{{document.id}}")
    header(sheet, "&9{{quotation.date}}")
    sheet.freeze_panes = "A13"
    hidden = book.create_sheet("설정")
    hidden.sheet_state = "hidden"
    settings: tuple[tuple[str, str | float], ...] = (
        ("부가세율", 0.1),
        ("최고 금액", "=MAX(견적서!G13)"),
        ("품목 수", "=COUNTA(견적서!$B$13:$B$13)"),
        ("품목 금액", "=SUM(품목금액)"),
        ("절사", "=SUMPRODUCT(견적서!E13:E13,견적서!F13:F13)-견적서!G14"),
        ("설명", '="G13:G13의 합: "&TEXT(견적서!G14,"#,##0")'),
    )
    for row, (label, setting) in enumerate(settings, start=1):
        hidden.cell(row, 1, label)
        hidden.cell(row, 2, setting)
    _names(
        book,
        {
            "TotalPrice": "견적서!$G$20",
            "Subtotal": "견적서!$G$14",
            "Vat": "견적서!$G$18",
            "품목금액": "견적서!$G$13",
            "부가세율": "설정!$B$1",
            "quotation_project": "설정!$B$8",
        },
    )
    parts = _parts(book)
    logo, seal = _pictures(parts)

    def anchors(part: str) -> Sequence[str]:
        return (
            picture(2, "회사 로고", parts.relate(part, logo, "image"), (0, 0), LOGO_MM),
            picture(3, "직인", parts.relate(part, seal, "image"), (7, 3), SEAL_MM),
            text_box(
                4,
                "문의처",
                ("문의  ", "{{supplier.contact}}", "  ☎ {{supplier.phone}}   ", "{{supplier.", "email}}"),
                Box(0, 28, 8, 30),
            ),
        )

    add_drawing(parts, 1, 1, anchors)
    share_strings(parts, len(book.sheetnames))
    store_results(parts, 2)
    return parts.to_bytes()


def by_panel() -> bytes:
    """Return the form of two sheets: a summary with one row a panel and a chart, and the lines of each panel with its sums."""
    book = Workbook()
    summary = new_sheet(book, "갑지", (5, 24, 28, 7, 9, 13, 15, 18))
    title(summary, "분전반 제작 견적서", 8)
    parties(summary, 3)
    warnings(summary, 9)
    headline(summary, 10)
    headings(summary, 11)
    for column, text in enumerate(
        (
            "{{panel.number}}",
            "{{panel.name}}",
            "{{panel.specification}}",
            "면",
            "{{panel.quantity}}",
            "=내역서!G6",
            "=E12*F12",
            "=IF(G$13=0,0,G12/G$13)",
        ),
        start=1,
    ):
        table_cell(summary, 12, column, text)
    summary["H12"].number_format = "0.0%"
    for row, label, value in (
        (13, "소      계", "=SUM(G12)"),
        (14, "일반관리비 및 이윤", "{{totals.margin}}"),
        (15, "할      인", "{{totals.discount}}"),
        (16, "공 급 가 액", "=G13+G14-G15"),
        (17, "부 가 가 치 세 (10 %)", "=ROUND(G16*0.1,0)"),
    ):
        total_row(summary, row, label, value)
    total_row(summary, 18, "합 계 금 액", "=G16+G17", strong=True)
    conditions(summary, 20)
    rules(summary, "A12:H12", "$G12=0", "D12", "E12")
    printing(summary, "A1:H41", "11:11", "&L{{quotation.number}}&C&P / &N&R{{document.id}}")
    header(summary, "", left="&G")
    lines = new_sheet(book, "내역서", (5, 24, 28, 7, 9, 13, 15, 18))
    title(lines, "내   역   서", 8)
    headings(lines, 3)
    _panel_block(lines)
    total_row(lines, 10, "내 역 합 계", '=SUMIF(A4:A8,"계",G4:G8)', strong=True)
    lines["H10"] = '=IF(G10=갑지!$G$13,"갑지와 일치","갑지와 다름")'
    lines["H10"].comment = Comment("갑지의 소계와 맞아야 합니다.", "견적팀", width=180, height=60)
    lines["G5"].comment = Comment(
        "수량 × 단가, 원 미만 반올림 ({{currency}})", "견적팀", width=180, height=60
    )
    rules(lines, "A5:H5", 'AND($B5<>"",$F5=0)', "D5", "E5")
    printing(lines, "A1:H10", "3:3", "&L{{quotation.number}}&C&P / &N")
    lines.freeze_panes = "A4"
    guide = book.create_sheet("작성요령")
    guide.sheet_state = "veryHidden"
    guide["A1"] = "면수와 단가는 자동으로 채워집니다."
    _names(
        book,
        {
            "TotalPrice": "갑지!$G$18",
            "Vat": "갑지!$G$17",
            "분전반금액": "갑지!$G$12:$G$12",
            "내역범위": "내역서!$A$4:$H$8",
        },
    )
    lines.defined_names["검산"] = DefinedName("검산", attr_text="내역서!$H$10", hidden=True)
    parts = _parts(book)
    logo, seal = _pictures(parts)

    def anchors(part: str) -> Sequence[str]:
        chart = "xl/charts/chart9.xml"
        parts.add(
            chart,
            bar_chart("분전반별 금액 ({{currency}})", "갑지!$B$12", "갑지!$G$12:$G$12"),
            "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        )
        return (
            picture(2, "직인", parts.relate(part, seal, "image"), (7, 3), SEAL_MM),
            chart_frame(3, "분전반별 금액", parts.relate(part, chart, "chart"), Box(0, 27, 8, 40)),
        )

    add_drawing(parts, 1, 9, anchors)
    add_header_image(parts, 1, logo)
    parts.edit_sheet(1, _data_bar)
    share_strings(parts, len(book.sheetnames))
    store_results(parts, 2)
    return parts.to_bytes()


def with_delivery_note() -> bytes:
    """Return the form of a table with structured references and a delivery note that follows it row by row; sums checked on a hidden sheet."""
    book = Workbook()
    sheet = new_sheet(book, "견적", (6, 26, 30, 8, 10, 14, 16, 20))
    title(sheet, "견 적 서 (QUOTATION)", 8)
    parties(sheet, 3)
    warnings(sheet, 9)
    headings(sheet, 10)
    line_row(sheet, 11, "=ROUND(품목표[[#This Row],[수량]]*품목표[[#This Row],[단가]],0)")
    table = Table(displayName="품목표", ref="A10:H11", name="품목표")
    table.tableColumns = [TableColumn(id=at, name=name) for at, name in enumerate(HEADINGS, 1)]
    table.tableColumns[6].calculatedColumnFormula = TableFormula(
        attr_text="ROUND(품목표[[#This Row],[수량]]*품목표[[#This Row],[단가]],0)"
    )
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    table.autoFilter = AutoFilter(ref="A10:H11")
    sheet.add_table(table)
    for row, label, value in (
        (13, "소      계", "=SUM(품목표[금액])"),
        (14, "일반관리비 및 이윤", "{{totals.margin}}"),
        (15, "할      인", "{{totals.discount}}"),
        (16, "공 급 가 액", "=SUM(G13:G14)-G15"),
        (17, "부 가 가 치 세", "=ROUND(G16*10%,0)"),
    ):
        total_row(sheet, row, label, value)
    total_row(sheet, 18, "합 계 금 액", "=G16+G17", strong=True)
    sheet["H16"] = "({{terms.vat}})"
    for place in ("G16", "G18"):
        sheet[place].number_format = '"₩"#,##0'
    conditions(sheet, 20)
    rules(sheet, "A11:H11", "AND($G11=0,MAX($G$11:$G$11)>0)", "D11", "E11")
    printing(sheet, "A1:H30", "10:10", "&L&8{{quotation.number}}&R&8&P/&N", landscape=True)
    sheet.row_breaks.append(Break(id=19))
    _delivery_note(book)
    check = book.create_sheet("검산")
    check.sheet_state = "hidden"
    check["A1"] = ArrayFormula("A1", "=SUM(ROUND(견적!E11:E11*견적!F11:F11,0))")
    check["A2"] = "=A1-견적!G13"
    check["A3"] = "='납품 확인서'!F7-SUM(견적!E11)"
    check["A4"] = "=SUM(견적!A11:H11)*0+ROWS(품목표[No])"
    check["A5"] = '="G11"&COUNTIF(견적!G11,">0")'
    _names(
        book,
        {
            "TotalPrice": "견적!$G$18",
            "Subtotal": "견적!$G$13",
            "NetPrice": "견적!$G$16",
            "검산차이": "검산!$A$2",
        },
    )
    parts = _parts(book)
    logo, seal = _pictures(parts)

    def anchors(part: str) -> Sequence[str]:
        return (
            picture(2, "로고", parts.relate(part, logo, "image"), (0, 0), LOGO_MM),
            picture(3, "직인", parts.relate(part, seal, "image"), (7, 3), SEAL_MM),
            text_box(4, "합계 표시", ("합계  ", "{{totals.total}}"), Box(2, 27, 5, 29), link="견적!$G$18"),
        )

    add_drawing(parts, 1, 7, anchors)
    parts.add("xl/printerSettings/printerSettings1.bin", b"\0D\0E\0V\0M\0O\0D\0E" * 20,
              "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings")  # fmt: skip
    setting = parts.relate(sheet_part(1), "xl/printerSettings/printerSettings1.bin", "printerSettings")
    parts.edit_sheet(1, lambda root: _name_printer(root, setting))
    parts.add(
        "customXml/item1.xml", '<?xml version="1.0"?><form xmlns="urn:example:form" id="F-07" revision="3"/>'
    )
    parts.relate("xl/workbook.xml", "customXml/item1.xml", "customXml")
    parts.edit_sheet(3, _share_sum)
    share_strings(parts, len(book.sheetnames))
    store_results(parts, 3)
    return parts.to_bytes()


def _delivery_note(book: Workbook) -> None:
    """Write the sheet that repeats the quotation's lines without prices."""
    note = new_sheet(book, "납품 확인서", (6, 26, 16, 16, 8, 10, 12, 16))
    title(note, "납 품 확 인 서", 8)
    note["A3"] = "{{customer.company}} 귀하   /   건명: {{quotation.project}}"
    note["A3"].font = Font(name="맑은 고딕", size=11)
    note.merge_cells("A3:H3")
    line = (
        "{{line.number}}",
        "=견적!B11",
        '=견적!C11&""',
        None,
        "=견적!D11",
        "=견적!E11",
        "□",
        "=SUM(F$6:F6)",
    )
    for row, texts in ((5, ("No", "품명", "규격", None, "단위", "수량", "확인", "누계")), (6, line)):
        for column, text in enumerate(texts, start=1):
            table_cell(note, row, column, text)
            across = (
                "left"
                if column in {2, 3} and row == 6
                else "right"
                if column in {6, 8} and row == 6
                else "center"
            )
            note.cell(row, column).alignment = Alignment(horizontal=across, vertical="center")
            note.cell(row, column).number_format = "#,##0.##" if column in {6, 8} else "General"
        note.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)
    note["B7"] = "수량 합계"
    note["F7"] = "=SUM(F6:F6)"
    note["F7"].number_format = "#,##0.##"
    note["A9"] = "위 물품을 이상 없이 인수하였습니다."
    note["F9"] = "인수자:            (서명)"
    note["F9"].hyperlink = "https://example.com/delivery"
    note["B6"].hyperlink = Hyperlink(ref="B6", location="'견적'!B11", display="")
    note["B6"].font = Font(name="맑은 고딕", size=9)
    printing(note, "A1:H10", "5:5", "&C{{customer.company}}")


SAMPLES: Final[Mapping[str, Callable[[], bytes]]] = {
    "one-page.xlsx": one_page,
    "by-panel.xlsx": by_panel,
    "with-delivery-note.xlsx": with_delivery_note,
}


def main(folder: Path = FOLDER) -> None:
    """Write all samples."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in SAMPLES.items():
        (folder / name).write_bytes(make())


def _panel_block(sheet: Worksheet) -> None:
    """Write the rows of a panel: its heading, a line, the price of one and of all, and remarks."""
    for column in range(1, 9):
        for row in (4, 6, 7, 8):
            cell = sheet.cell(row, column)
            cell.border = FRAME
            cell.fill = SUM if row == 4 else PatternFill() if row == 8 else LABEL
            cell.font = Font(name="맑은 고딕", size=10, bold=True)
            cell.alignment = Alignment(vertical="center", horizontal="right" if column in {6, 7} else "left")
    sheet["A4"] = "{{panel.number}}"
    sheet["B4"] = "{{panel.name}}   {{panel.specification}}   ×   {{panel.quantity}}면"
    sheet.merge_cells("B4:H4")
    line_row(sheet, 5, "=ROUND(E5*F5,0)")
    sheet["A6"], sheet["B6"], sheet["G6"] = "1면", "{{panel.name}} 1면 금액", "=SUM(G5)"
    sheet["A7"], sheet["B7"], sheet["E7"], sheet["G7"] = (
        "계",
        "{{panel.name}} 합계",
        "{{panel.quantity}}",
        "=G6*E7",
    )
    for place in ("G6", "G7"):
        sheet[place].number_format = MONEY
    sheet["E7"].number_format = '0"면"'
    sheet["A8"], sheet["B8"] = "비고", "{{panel.remarks}}"
    sheet["B8"].font = Font(name="맑은 고딕", size=8, color="FFB3261E")
    sheet["B8"].alignment = Alignment(wrap_text=True, vertical="center")
    sheet.merge_cells("B8:H8")
    sheet.row_dimensions[8].height = 15


def _names(book: Workbook, names: Mapping[str, str]) -> None:
    for name, reference in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=reference)


def _parts(book: Workbook) -> Parts:
    output = io.BytesIO()
    book.properties.creator = "견적팀"
    book.save(output)
    return Parts(with_fixed_dates(output.getvalue(), STAMP))


def _pictures(parts: Parts) -> tuple[str, str]:
    """Put logo and seal in and return their parts."""
    parts.default_type("png", "image/png")
    logo, seal = "xl/media/logo.png", "xl/media/seal.png"
    bolt = ((0.15, 0.12), (0.06, 0.56), (0.14, 0.56), (0.1, 0.9), (0.24, 0.42), (0.16, 0.42), (0.21, 0.12))
    switches = [
        (NAVY, _bar(0.36 + step * 0.16, 0.2 + 0.1 * (step % 2), 0.48 + step * 0.16, 0.8 - 0.1 * (step % 2)))
        for step in range(4)
    ]
    parts.add(logo, png(240, 72, [(NAVY, _bar(0, 0, 0.3, 1)), (GOLD, bolt), *switches]))
    strokes = (_bar(0.3, 0.24, 0.7, 0.33), _bar(0.455, 0.24, 0.545, 0.78), _bar(0.25, 0.69, 0.75, 0.78))
    ring = [(RED, _circle(0.49)), (CLEAR, _circle(0.43))]
    parts.add(seal, png(160, 160, [*ring, *((RED, stroke) for stroke in strokes)]))
    return logo, seal


def _bar(left: float, top: float, right: float, bottom: float) -> tuple[tuple[float, float], ...]:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _circle(radius: float) -> tuple[tuple[float, float], ...]:
    return tuple(
        (0.5 + radius * math.cos(math.tau * step / 48), 0.5 + radius * math.sin(math.tau * step / 48))
        for step in range(48)
    )


def _data_bar(root: etree._Element) -> None:
    """Add a data bar as newer programs keep it, in the sheet's extensions: the part of a sheet that is lost first."""
    root.append(
        etree.fromstring(
            f'<extLst xmlns="{MAIN}"><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" '
            'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
            'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:conditionalFormattings>'
            '<x14:conditionalFormatting><x14:cfRule type="dataBar" id="{{A5D2B1C0-0001-4000-8000-000000000001}}">'
            '<x14:dataBar minLength="0" maxLength="100" gradient="0"><x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo>'
            '<x14:cfvo type="formula"><xm:f>$G$13</xm:f></x14:cfvo><x14:fillColor rgb="FFC8D6E8"/>'
            "</x14:dataBar></x14:cfRule><xm:sqref>H12</xm:sqref></x14:conditionalFormatting>"
            "</x14:conditionalFormattings></ext></extLst>".replace("{{A5", "{A5").replace("01}}", "01}")
        )
    )


def _name_printer(root: etree._Element, relation: str) -> None:
    setup = root.find(f"{{{MAIN}}}pageSetup")
    assert setup is not None  # _print wrote it
    setup.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", relation)


def _share_sum(root: etree._Element) -> None:
    """Let two cells share a formula, as a program writes what was dragged across."""
    row = next(root.iter(f"{{{MAIN}}}row"))
    for place, text in (("B1", "SUM(견적!E11:E11)"), ("C1", "")):
        shared = etree.SubElement(
            etree.SubElement(row, f"{{{MAIN}}}c", r=place), f"{{{MAIN}}}f", t="shared", si="0"
        )
        if text:
            shared.text = text
            shared.set("ref", "B1:C1")


if __name__ == "__main__":
    main()
