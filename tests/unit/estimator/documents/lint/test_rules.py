"""Every rule with a file it fails, made by changing one thing in a good one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from openpyxl.styles import Alignment, Font
from openpyxl.workbook.defined_name import DefinedName

from kis.estimator.documents.lint import RULES, DocumentFile, LintContext, lint_documents
from kis.estimator.documents.lint.registry import UNREADABLE
from kis.platform.messages import LOCALES
from tests.factories.finished_files import (
    COVER_TYPST,
    PAGE_TYPST,
    TABLE_TYPST,
    dxf_file,
    lint_context,
    package_with,
    pdf_file,
    pdf_without_fonts,
    set_footer,
    svg_file,
    xlsx_file,
)

KOREAN = lint_context()
ENGLISH = lint_context("en")


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that breaks a rule: ``where`` and a piece of what the finding must name."""

    file: DocumentFile
    where: str
    found: str
    context: LintContext = KOREAN


def with_text(text: str, place: str = "B2") -> DocumentFile:
    return xlsx_file(lambda _, sheet: sheet.__setitem__(place, text))


def with_cell(place: str, **attributes: Any) -> DocumentFile:
    def change(_: object, sheet: Any) -> None:
        for name, value in attributes.items():
            setattr(sheet[place], name, value)

    return xlsx_file(change)


def with_name(name: str, reference: str) -> DocumentFile:
    return xlsx_file(lambda book, _: book.defined_names.add(DefinedName(name, attr_text=reference)))


def long_table(_: object, sheet: Any) -> None:
    for row in range(24, 60):
        sheet.cell(row, 2, "외함")
    sheet.print_area = "A1:G60"


def errored(file: DocumentFile) -> DocumentFile:
    """Return the good workbook as a program leaves it whose formula in G19 lost what it refers to."""
    import zipfile
    from io import BytesIO

    part = "xl/worksheets/sheet1.xml"
    xml = zipfile.ZipFile(BytesIO(file.data)).read(part).decode()
    changed = re.sub(
        r'<c r="G19"([^>]*)><f>[^<]*</f><v ?/?>(?:</v>)?',
        r'<c r="G19"\1 t="e"><f>E19*F19</f><v>#VALUE!</v>',
        xml,
    )
    assert changed != xml
    return package_with(file, {part: changed})


LONG_ROWS = "".join(f"[외함 {number}], [1], [50,000], [50,000]," for number in range(70))
HEADLESS_TABLE = TABLE_TYPST.replace(
    "table.header([품명], [수량], [단가], [금액])", "[품명], [수량], [단가], [금액]"
).replace("[외함],", f"{LONG_ROWS}[외함],")

BAD: dict[str, Bad] = {
    "control_character": Bad(svg_file('<text x="10" y="20" font-size="3">금액\u202e00051</text>'), "text 1", "U+202E"),
    "unreadable_character": Bad(pdf_file("#text(fallback: false)[확인 ✓]"), "p.1", "확인"),
    "unfilled_placeholder": Bad(with_text("수신: {{customer.name}} 귀중"), "견적서!B2", "{{customer.name}}"),
    "double_space": Bad(with_text("공사명:  본관"), "견적서!B2", "공사명:  본관"),
    "space_before_punctuation": Bad(with_text("운반비 , 설치비 별도"), "견적서!B2", "운반비 , 설치비"),
    "space_after_comma": Bad(with_text("운반비,설치비,결선비 별도"), "견적서!B2", "운반비,설치비"),
    "three_dots": Bad(with_text("예비..."), "견적서!B2", "예비..."),
    "straight_quotes": Bad(with_text('"참고" 표시'), "견적서!B2", '"참고"'),
    "percent_form": Bad(with_text("할인 (3.33 %)"), "견적서!B2", "3.33 %"),
    "times_sign": Bad(with_text("외함 600x800"), "견적서!B2", "600x800"),
    "repeated_word": Bad(pdf_file('#set text(lang: "en")\nthe box of of steel'), "p.1", "of of", ENGLISH),
    "unpaired_bracket": Bad(with_text("외함 (STEEL"), "견적서!B2", "외함 (STEEL"),
    "absolute_claim": Bad(with_text("완벽한 품질을 약속합니다."), "견적서!B2", "완벽한"),
    "hangul_in_english": Bad(svg_file('<text x="10" y="20" font-size="3">Layout 배치</text>'), "title", "배치도", ENGLISH),
    "english_in_korean": Bad(with_text("외함 enclosure 포함"), "견적서!B2", "enclosure"),
    "si_units": Bad(with_text("차단용량 14KA"), "견적서!B2", "14KA"),
    "date_form": Bad(with_text("납품 예정 12/05/2026"), "견적서!B2", "12/05/2026"),
    "currency_sign": Bad(with_text("운반비 $ 120"), "견적서!B2", "$ 120"),
    "thousands_separator": Bad(with_text("운반비 150000원"), "견적서!B2", "150000원"),
    "formula_missing": Bad(with_cell("G20", value=50_000), "견적서!G20", "50,000"),
    "total_name": Bad(xlsx_file(lambda book, _: book.defined_names.pop("TotalPrice")), "", "TotalPrice"),
    "defined_name": Bad(with_name("Freight", "'운반'!$G$7"), "'운반'!$G$7", "Freight"),
    "formula_error": Bad(errored(xlsx_file()), "견적서!G19", "#VALUE!"),
    "external_link": Bad(with_cell("G20", value="=[1]단가!A1*E20"), "견적서!G20", "[1]단가"),
    "print_area": Bad(xlsx_file(lambda _, sheet: setattr(sheet, "print_area", "A1:F23")), "견적서!G18", "$F$23"),
    "sheet_page_number": Bad(
        xlsx_file(lambda _, sheet: set_footer(sheet, "&P쪽")), "견적서", "1쪽"
    ),
    "sheet_table_header": Bad(xlsx_file(long_table), "견적서", "59"),
    "cell_alignment": Bad(with_cell("F20", alignment=Alignment(horizontal="left")), "견적서!F20", "left"),
    "cell_number_form": Bad(with_cell("F20", number_format="0"), "견적서!F20", "0"),
    "narrow_column": Bad(with_cell("F20", value=123_456_789_012, font=Font(size=18)), "견적서!F20", "123,456,789,012"),
    "cut_text": Bad(with_text("배선용차단기 산업용 대용량 (주차단기)", "B19"), "견적서!B19", "산업용 대용량"),
    "workbook_title": Bad(xlsx_file(lambda book, _: setattr(book.properties, "title", "")), "", "–"),
    "page_margin": Bad(pdf_file("#place(top + left, dx: -15mm)[기밀]"), "p.1", "기밀 (5.0 mm)"),
    "small_text": Bad(pdf_file("#text(size: 5pt)[작은 글씨]"), "p.1", "작은 글씨 (5.0 pt)"),
    "font_embedded": Bad(pdf_without_fonts(), "", "Helvetica"),
    "substitute_letter": Bad(pdf_file("최대−최소"), "p.1", "−"),
    "page_number": Bad(pdf_file("#pagebreak()\n둘째 쪽", PAGE_TYPST.replace('#counter(page).display("1 / 1", both: true)', "1 / 2")), "p.2", "1 / 2"),
    "table_header": Bad(pdf_file(HEADLESS_TABLE), "p.2", "50,000"),
    "number_alignment": Bad(pdf_file(TABLE_TYPST.replace("[50,000], [50,000]", "[50,000], align(left)[50,000]")), "p.1", "50,000"),
    "number_form": Bad(pdf_file(TABLE_TYPST.replace("[100,000]", "[100000]")), "p.1", "100000"),
    "text_overlap": Bad(pdf_file("합계 금액입니다#place(dx: 0mm, dy: -9pt)[다른 글]"), "p.1", "다른 글"),
    "orphan_heading": Bad(
        pdf_file('본문\n#v(1fr)\n#text(size: 13pt, weight: "bold")[분전반별 내역]\n#pagebreak()\n본문'), "p.1", "분전반별 내역"
    ),
    "empty_page": Bad(pdf_file("본문\n#pagebreak()\n#pagebreak()\n본문"), "p.2", "1"),
    "pdf_title": Bad(pdf_file(page=PAGE_TYPST.replace('title: "견적서", ', "")), "", "–"),
    "pdf_language": Bad(pdf_file(page=PAGE_TYPST.replace('lang: "ko"', 'lang: "de"')), "", "de"),
    "drawing_description": Bad(svg_file(head="<title>배치도</title>"), "desc", "–"),
    "drawing_stands_alone": Bad(svg_file('<image href="https://example.com/a.png"/>'), "svg", "https://example.com/a.png"),
    "outside_sheet": Bad(svg_file('<rect x="200" y="10" width="20" height="5"/>'), "rect 1", "200.0 10.0 220.0 15.0"),
    "drawing_text_overlap": Bad(
        svg_file('<g font-size="3"><text x="10" y="20">외함</text><text x="11" y="20.5">속판</text></g>'), "text 1", "외함 | 속판"
    ),
    "small_lettering": Bad(svg_file('<text x="10" y="20" font-size="1.5">작은 글씨</text>'), "text 1", "1.50 mm"),
}  # fmt: skip


class TestRules:
    def test_each_has_a_failing_example(self) -> None:
        assert sorted(BAD) == sorted(rule.id for rule in RULES)

    @pytest.mark.parametrize("name", BAD)
    def test_finds_what_is_wrong_and_says_where(self, name: str) -> None:
        bad = BAD[name]
        findings = [one for one in lint_documents([bad.file], bad.context) if one.rule == name]
        assert findings, "the rule does not see it"
        assert findings[0].where == bad.where
        assert bad.found in str(findings[0].message.values["found"])
        assert findings[0].file == bad.file.path

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_say_what_they_demand_in_both_languages(self, rule: Any) -> None:
        texts = [rule.text.text(locale) for locale in LOCALES]
        assert re.search("[가-힣]", texts[0])
        assert not re.search("[가-힣]", texts[1])

    def test_are_weighed(self) -> None:
        weights = {rule.id: rule.severity for rule in RULES}
        assert weights["absolute_claim"] == weights["formula_missing"] == weights["page_number"] == "error"
        assert weights["double_space"] == weights["percent_form"] == weights["orphan_heading"] == "warning"


GOOD: dict[str, Callable[[], DocumentFile]] = {
    "workbook": xlsx_file,
    "pdf": pdf_file,
    "pdf_of_several_pages": lambda: pdf_file(
        COVER_TYPST + TABLE_TYPST.replace("[외함],", f"{LONG_ROWS}[외함],", 1)
    ),
    "svg": svg_file,
    "dxf": lambda: dxf_file("배치도", "ABN-53c 50AF/30AT"),
}


class TestCutText:
    LONG = "운반비, 현장 설치 및 결선 작업은 별도입니다."  # 20 letters of Hangul and more: two lines in 16 letters of width

    @staticmethod
    def found(text: str, *, height: float | None, wraps: bool = True, area: str = "") -> bool:
        def change(_: object, sheet: Any) -> None:
            sheet["B19"] = text
            sheet["B19"].alignment = Alignment(wrap_text=wraps)
            sheet.row_dimensions[19].height = height
            if area:
                sheet.merge_cells(area)

        return "cut_text" in [finding.rule for finding in lint_documents([xlsx_file(change)], KOREAN)]

    def test_is_found_in_a_row_too_low_for_its_lines(self) -> None:
        assert self.found(self.LONG, height=15)

    def test_is_none_in_a_row_that_grows_or_is_high_enough(self) -> None:
        assert not self.found(self.LONG, height=None)
        assert not self.found(self.LONG, height=60)

    def test_is_none_over_several_columns(self) -> None:
        assert not self.found(self.LONG, height=15, area="B19:F19")

    def test_is_none_where_the_next_cell_is_empty(self) -> None:
        file = xlsx_file(lambda _, sheet: sheet.__setitem__("B30", self.LONG))
        assert "cut_text" not in [finding.rule for finding in lint_documents([file], KOREAN)]


class TestGoodFiles:
    @pytest.mark.parametrize("name", GOOD)
    def test_give_no_findings(self, name: str) -> None:
        assert lint_documents([GOOD[name]()], KOREAN) == ()


class TestUnreadableFiles:
    @pytest.mark.parametrize(
        ("file", "reason"),
        [
            (DocumentFile("quotation_pdf", "a.pdf", b"%PDF-1.7 broken"), "no_pdf"),
            (DocumentFile("quotation_xlsx", "a.xlsx", b"PK\x03\x04 broken"), "no_workbook"),
            (DocumentFile("template_xlsx", "a.xlsx", b""), "no_workbook"),
            (DocumentFile("drawing_svg", "a.svg", b"<svg"), "no_xml"),
            (DocumentFile("drawing_svg", "a.svg", b"<html/>"), "no_svg"),
            (DocumentFile("drawing_dxf", "a.dxf", b"\xff\xfe"), "no_dxf"),
        ],
    )
    def test_give_one_finding_instead_of_an_error(self, file: DocumentFile, reason: str) -> None:
        (finding,) = lint_documents([file], KOREAN)
        assert (finding.rule, finding.severity, finding.file) == (UNREADABLE, "error", file.path)
        assert finding.message.values["found"].key == f"lint.reading.{reason}"  # type: ignore[attr-defined]  # a message within a message

    def test_a_cut_file_is_one_too(self) -> None:
        good = xlsx_file()
        for size in range(0, len(good.data), 997):
            findings = lint_documents([DocumentFile(good.kind, good.path, good.data[:size])], KOREAN)
            assert [one.rule for one in findings] == [UNREADABLE]
