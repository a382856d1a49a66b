"""Small finished files for the judges of documents: a good workbook, PDF, SVG and DXF, and what to change to make each bad.

The good ones break no rule in Korean; a test changes one thing and expects one finding.
"""

import io
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from kis.estimator.documents.brand.schema import Policy
from kis.estimator.documents.lint import DocumentFile, ExpectedElements, LintContext
from kis.estimator.documents.lint.model import DocumentKind
from kis.platform.messages import Locale

SHEET: Final = "견적서"
_MONEY: Final = "#,##0"

EXPECTED: Final = ExpectedElements(
    number="HB-2026-0042-R0",
    quotation_date=date(2026, 11, 20),
    valid_until=date(2026, 12, 20),
    customer="한빛전설㈜",
    supplier_name="예시전기제작소(주)",
    registration_number="123-45-67891",
    representative="홍길동",
    address="경기도 예시시 견본로 12",
    delivery="발주 승인 후 3주",
    payment="납품 후 30일 이내",
    vat="separate",
    total=Decimal(165_000),
    headline=Decimal(150_000),
    seal=False,
)
"""123-45-67891: 1·1 + 2·3 + 3·7 + 4·1 + 5·3 + 6·7 + 7·1 + 8·3 + 9·5 + ⌊9·5 ÷ 10⌋ = 169, so the check digit is 10 − 9 = 1."""


def lint_context(
    locale: Locale = "ko",
    *,
    currency: str = "KRW",
    digits: int = 0,
    quoted: frozenset[str] = frozenset(),
    policy: Policy | None = None,
    expected: ExpectedElements = EXPECTED,
) -> LintContext:
    """Return a context that quotes nothing and expects the good files' cover."""
    return LintContext(
        locale=locale,
        currency=currency,
        digits=digits,
        policy=Policy() if policy is None else policy,
        quoted_texts=quoted,
        expected=expected,
    )


def xlsx_file(
    change: Callable[[Workbook, Worksheet], object] | None = None, *, kind: DocumentKind = "quotation_xlsx"
) -> DocumentFile:
    """Return a workbook of one priced sheet, with ``change`` made to it before it was saved.

    Head in row 18, lines in 19 and 20: 2 · 50,000 + 1 · 50,000 = 150,000; VAT 15,000; total 165,000.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    for row, words in enumerate(_cover_words(), start=1):
        sheet.cell(row, 1, words)
    for column, head in enumerate(("번호", "품명", "규격", "단위", "수량", "단가", "금액"), start=1):
        sheet.cell(18, column, head)
    for row, (number, item, quantity, price) in enumerate(
        ((1, "외함", 2, 50_000), (2, "배선용차단기", 1, 50_000)), start=19
    ):
        line: tuple[str | int, ...] = (number, item, "600×800×150", "EA", quantity, price, f"=E{row}*F{row}")
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(row, column, value)
            if column >= 5:
                cell.number_format = _MONEY
                cell.alignment = Alignment(horizontal="right")
    totals = {"Subtotal": "=SUM(G19:G20)", "Vat": "=ROUND(Subtotal*0.1,0)", "TotalPrice": "=Subtotal+Vat"}
    for row, (name, formula) in enumerate(totals.items(), start=21):
        sheet.cell(row, 6, {"Subtotal": "소계", "Vat": "세액", "TotalPrice": "합계"}[name])
        cell = sheet.cell(row, 7, formula)
        cell.number_format = _MONEY
        workbook.defined_names[name] = DefinedName(name, attr_text=f"'{SHEET}'!$G${row}")
    for letter in "ABCDEFG":
        sheet.column_dimensions[letter].width = 16
    sheet.print_area = "A1:G23"
    set_footer(sheet, "&P / &N")
    workbook.properties.title = "견적서"
    if change is not None:
        change(workbook, sheet)
    output = io.BytesIO()
    workbook.save(output)
    return DocumentFile(kind, "documents/quotation.xlsx", output.getvalue())


def set_footer(sheet: Worksheet, text: str) -> None:
    """Set the right part of a sheet's footer."""
    footer = sheet.oddFooter
    assert footer is not None
    assert footer.right is not None
    footer.right.text = text


def _cover_words() -> tuple[str, ...]:
    return (
        "견적서",
        "견적 번호: HB-2026-0042-R0",
        "견적일: 2026년 11월 20일",
        "유효 기간: 2026년 12월 20일까지",
        "수신: 한빛전설㈜ 귀중",
        "공급자: 예시전기제작소(주)",
        "등록번호: 123-45-67891",
        "대표자: 홍길동 (인)",
        "주소: 경기도 예시시 견본로 12",
        "납기: 발주 승인 후 3주",
        "결제 조건: 납품 후 30일 이내",
        "부가가치세 별도",
        "일금 일십오만원정 (₩150,000)",
        "합계 165,000",
    )


COVER_TYPST: Final = "\\\n".join(_cover_words())
TABLE_TYPST: Final = """
#table(columns: (1fr, 20mm, 30mm, 30mm), align: (left, right, right, right),
  table.header([품명], [수량], [단가], [금액]),
  [외함], [2], [50,000], [100,000],
  [배선용차단기], [1], [50,000], [50,000],
  [누전차단기], [1], [5,000], [5,000],
)
"""
PAGE_TYPST: Final = """
#set document(title: "견적서", date: none)
#set page(paper: "a4", margin: 20mm, footer: context align(right)[#counter(page).display("1 / 1", both: true)])
#set text(font: "NanumBarunGothic", size: 9pt, lang: "ko")
"""


def pdf_file(body: str = COVER_TYPST + TABLE_TYPST, page: str = PAGE_TYPST) -> DocumentFile:
    """Return the PDF of a text in Typst's language under the settings of ``page``."""
    return DocumentFile("quotation_pdf", "documents/quotation.pdf", _typeset(page + body))


@cache
def _typeset(source: str) -> bytes:
    import typst

    fonts = str(files("kis.estimator.documents") / "fonts")
    compiler = typst.Compiler(font_paths=[fonts], ignore_system_fonts=True)
    data = compiler.compile(source.encode())
    assert isinstance(data, bytes)
    return data


def pdf_without_fonts(
    text: str = "1 / 1", *, sheet: str = "0 0 595 842", second_font: str = "Helvetica"
) -> DocumentFile:
    """Return a PDF of one page that only names its fonts; a word below the text is in the second."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET BT /F2 12 Tf 72 600 Td (MCCB) Tj ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R/Lang(ko)>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{sheet}]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Type/Font/Subtype/Type1/BaseFont/{second_font}>>",
    )
    body, starts = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        starts.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return DocumentFile("quotation_pdf", "documents/quotation.pdf", (body + end).encode())


def svg_file(
    body: str = '<text x="10" y="20" font-size="3">배치도</text>',
    *,
    head: str = '<title id="title">배치도</title><desc id="description">정면도</desc>',
    attributes: str = 'lang="ko" width="210mm" height="297mm" viewBox="0 0 210 297"',
) -> DocumentFile:
    """Return an A4 drawing at 1 : 1."""
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{head}{body}</svg>'
    return DocumentFile("drawing_svg", "drawings/panel-001-layout.svg", text.encode())


def dxf_file(*texts: str) -> DocumentFile:
    """Return a DXF with a text entity for each of ``texts``."""
    entities = "".join(
        f"  0\nTEXT\n  8\nlabel\n 10\n0.0\n 20\n0.0\n 40\n3.0\n  1\n{text}\n" for text in texts
    )
    content = f"  0\nSECTION\n  2\nENTITIES\n{entities}  0\nENDSEC\n  0\nEOF\n"
    return DocumentFile("drawing_dxf", "drawings/panel-001-layout.dxf", content.encode())


def said(file: DocumentFile, old: str, new: str) -> DocumentFile:
    """Return ``file`` with some of its bytes replaced: what a program that knows nothing of workbooks does to one."""
    assert old.encode() in file.data
    return DocumentFile(file.kind, file.path, file.data.replace(old.encode(), new.encode()))


def package_with(file: DocumentFile, parts: Mapping[str, str]) -> DocumentFile:
    """Return a workbook with further or other parts in its package."""
    import zipfile

    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file.data)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry, old.read(entry))
        for name, content in parts.items():
            new.writestr(name, content)
    return DocumentFile(file.kind, file.path, output.getvalue())
