"""What the readers see in finished files."""

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kis.estimator.documents.lint import DocumentFile, lint_documents
from kis.estimator.documents.lint.reading.dxf import read_dxf
from kis.estimator.documents.lint.reading.number_format import day_of, shown
from kis.estimator.documents.lint.reading.pdf import read_pdf
from kis.estimator.documents.lint.reading.svg import read_svg
from kis.estimator.documents.lint.reading.texts import MASK, quoted_in_order, texts_of
from kis.estimator.documents.lint.reading.xlsx import cell_position, column_letters, read_xlsx
from tests.factories.finished_files import (
    COVER_TYPST,
    TABLE_TYPST,
    dxf_file,
    lint_context,
    pdf_file,
    svg_file,
    xlsx_file,
)

POINTS_PER_MM = 72 / 25.4


@cache
def good_file(form: str) -> DocumentFile:
    """Return a good file, made once."""
    if form == "pdf":
        return pdf_file(COVER_TYPST)
    if form == "xlsx":
        return xlsx_file()
    return svg_file() if form == "svg" else dxf_file("배치도")


class TestReadPdf:
    def test_sees_pages_title_language_and_fonts(self) -> None:
        pdf = read_pdf(pdf_file("하나\n#pagebreak()\n둘").data)
        assert [page.number for page in pdf.pages] == [1, 2]
        assert (pdf.title, pdf.language) == ("견적서", "ko")
        assert pdf.fonts == {"NanumBarunGothic": True}

    def test_reads_no_more_pages_than_asked_for(self) -> None:
        assert len(read_pdf(pdf_file("하나\n#pagebreak()\n둘").data, most_pages=1).pages) == 1

    def test_puts_the_words_of_a_line_together_and_keeps_cells_apart(self) -> None:
        page = read_pdf(pdf_file("운반비와 설치비는 별도입니다." + TABLE_TYPST).data).pages[0]
        texts = [piece.text for piece in page.fragments]
        assert texts[:7] == ["운반비와 설치비는 별도입니다.", "품명", "수량", "단가", "금액", "외함", "2"]
        assert [piece.text for piece in page.rows[2].pieces] == ["외함", "2", "50,000", "100,000"]

    def test_knows_where_a_text_stands_and_how_large_it_is(self) -> None:
        # A4 is 297 mm high; the text begins 20 mm from the left and its letters hang 50 mm below the top
        page = read_pdf(
            pdf_file('#place(top + left, dy: 30mm)[#text(size: 12pt, weight: "bold")[표제]]').data
        ).pages[0]
        piece = page.fragments[0]
        assert piece.x0 == pytest.approx(20 * POINTS_PER_MM, abs=0.5)
        assert piece.y1 == pytest.approx(page.height - 50 * POINTS_PER_MM, abs=3)
        assert piece.size_pt == pytest.approx(12)
        assert piece.bold
        assert piece.upright

    def test_sees_turned_text(self) -> None:
        page = read_pdf(pdf_file("#rotate(-90deg)[치수 1,200]").data).pages[0]
        turned = page.fragments[0]
        assert (turned.text, turned.upright) == ("치수 1,200", False)

    def test_takes_the_words_of_a_seal_for_a_picture(self) -> None:
        seal = "#place(top + left, dx: 40mm, rect(width: 20mm, height: 20mm)[직인])"
        pdf = read_pdf(pdf_file(seal + "본문").data)
        assert "직인" not in pdf.texts().whole
        assert "본문" in pdf.texts().whole


class TestReadXlsx:
    def test_sees_cells_with_their_look(self) -> None:
        book = read_xlsx(xlsx_file().data)
        sheet = book.sheets[0]
        cell = sheet.at["G19"]
        assert (cell.formula, cell.number, cell.look.number_format) == ("E19*F19", None, "#,##0")
        assert (sheet.at["F19"].number, sheet.at["F19"].look.horizontal) == (50_000, "right")
        assert sheet.print_area == "'견적서'!$A$1:$G$23"
        assert book.names["TotalPrice"] == "'견적서'!$G$23"
        assert sheet.header_footer_words.strip() == "1 / 1"

    def test_leaves_hidden_sheets_out_of_what_a_reader_sees(self) -> None:
        def change(book: Any, _: object) -> None:
            hidden = book.create_sheet("계산")
            hidden.sheet_state = "hidden"
            hidden["A1"] = "100% 보장"

        book = read_xlsx(xlsx_file(change).data)
        assert [sheet.title for sheet in book.visible_sheets] == ["견적서"]
        assert "보장" not in book.texts().whole

    @pytest.mark.parametrize(
        ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")]
    )
    def test_counts_columns_as_a_workbook_does(self, column: int, letters: str) -> None:
        assert column_letters(column) == letters
        assert cell_position(f"${letters}$7") == (column, 7)


class TestShown:
    @pytest.mark.parametrize(
        ("number", "code", "said"),
        [
            (1_234_567, "#,##0", "1,234,567"),
            (1_234_567, '"₩"#,##0_-', "₩1,234,567"),
            (1_493.5, "[$US$-409] #,##0.00", "US$ 1,493.50"),
            (12.5, '#,##0.0"%"_-', "12.5%"),
            (0.125, "0.0%", "12.5%"),
            (3, '#,##0"면"', "3면"),
            (-69_470, "#,##0", "-69,470"),
            (-69_470, "#,##0;(#,##0)", "(69,470)"),
            (2.05, "#,##0.###", "2.05"),
            (2, "General", "2"),
            (46_346, 'yyyy"년" m"월" d"일"', "2026년 11월 20일"),
            (46_346, "yyyy-mm-dd", "2026-11-20"),
            (46_346, "d mmmm yyyy", "20 November 2026"),
            (150_000, '[DBNum4][$-412]"일금 "General"원정"', ""),
        ],
    )
    def test_is_what_the_cell_shows(self, number: float, code: str, said: str) -> None:
        assert shown(number, code) == said

    def test_days_are_counted_from_1899(self) -> None:
        # 1 January 2000 is day 36526 of every workbook
        assert day_of(36_526, "yyyy-mm-dd") == date(2000, 1, 1)
        assert day_of(36_526, "#,##0") is None


class TestReadSvg:
    def test_moves_texts_with_their_groups(self) -> None:
        body = '<g transform="translate(10 20) scale(2)"><text x="5" y="5" font-size="3" text-anchor="middle">R</text></g>'
        (text,) = read_svg(svg_file(body).data).drawn
        assert (text.content, text.size) == ("R", 6)
        assert (text.box[0] + text.box[2]) / 2 == pytest.approx(20)  # 10 + 2 · 5
        assert text.box[1] < 30 < text.box[3]  # 20 + 2 · 5 is its baseline

    def test_turns_texts_about_their_point(self) -> None:
        body = '<text x="50" y="50" font-size="3" transform="rotate(-90 50 50)">1,200</text>'
        (text,) = read_svg(svg_file(body).data).drawn
        x0, y0, x1, y1 = text.box
        assert y1 - y0 > x1 - x0  # it reads upwards
        assert y1 == pytest.approx(50)  # and begins at its point

    def test_knows_the_scale_of_the_print(self) -> None:
        attributes = 'lang="ko" width="210mm" height="297mm" viewBox="0 0 2100 2970"'
        assert read_svg(svg_file(attributes=attributes).data).mm_per_unit == pytest.approx(0.1)

    def test_sees_rectangles_lines_circles_and_polygons(self) -> None:
        body = (
            '<rect x="1" y="2" width="3" height="4"/><line x1="5" y1="9" x2="1" y2="2"/>'
            '<circle cx="10" cy="10" r="2"/><polygon points="0,0 4,0 4,3"/>'
        )
        boxes = [shape.box for shape in read_svg(svg_file(body).data).shapes]
        assert boxes == [(1, 2, 4, 6), (1, 2, 5, 9), (8, 8, 12, 12), (0, 0, 4, 3)]


class TestReadDxf:
    def test_sees_the_words_of_texts(self) -> None:
        words = read_dxf(dxf_file("배치도", "\\U+BC18 A").data).words
        assert [text for _, text in words] == ["배치도", "반 A"]

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_sees_only_the_first_group_of_an_entity_and_no_names_of_layers(self, end: str) -> None:
        groups = (
            *("0", "SECTION", "2", "ENTITIES"),
            *("0", "TEXT", "8", "TEXT", " 62", "     1", "  1", "전등"),  # colour 1 is no words
            *("0", "LINE", "8", "TEXT", "  1", "선"),
            *("0", "MTEXT", "  1", "{\\fArial;가}\\P나", "  1", "다"),
            *("0", "TEXT", "8", "label"),  # says nothing
            *("0", "DIMENSION", " 40", "0", "  1", "1200", "0", "ENDSEC", "0", "EOF"),
        )
        found = read_dxf(end.join((*groups, "")).encode()).words
        assert [(place, text.split()) for place, text in found] == [
            ("TEXT 1", ["전등"]),
            ("MTEXT 2", ["가", "나"]),
            ("DIMENSION 4", ["1200"]),
        ]


class TestTexts:
    def test_lead_back_to_where_they_stand(self) -> None:
        texts = texts_of([("A1", "하나"), ("A2", "둘 셋")])
        assert texts.place(texts.whole.index("셋")) == "A2"

    def test_blot_out_the_longer_quoted_text_first(self) -> None:
        quoted = quoted_in_order(["한빛", "한빛 best"])
        assert texts_of([("A1", "한빛 best price")]).masked(quoted).whole == MASK * 7 + " price"

    def test_blot_out_a_quoted_text_that_a_line_break_cuts(self) -> None:
        masked = texts_of([("p.1", "납품 후 the best"), ("p.1", "service you get")]).masked(
            ["the best service"]
        )
        assert "best" not in masked.whole
        assert masked.whole.endswith("you get")


class TestMutatedFiles:
    """Whatever became of a file, judging it ends with findings."""

    @settings(max_examples=60, deadline=None)
    @given(
        st.sampled_from(["xlsx", "pdf", "svg", "dxf"]),
        st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), min_size=1, max_size=5),
    )
    def test_are_judged_without_an_error(self, form: str, changes: list[tuple[float, int]]) -> None:
        good = good_file(form)
        changed = bytearray(good.data)
        for share, value in changes:
            changed[int(share * len(changed))] = value
        findings = lint_documents([DocumentFile(good.kind, good.path, bytes(changed))], lint_context())
        assert all(finding.file == good.path for finding in findings)

    def test_with_entities_stay_closed(self) -> None:
        bomb = '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        good = svg_file('<text x="10" y="20" font-size="3">&b;</text>')
        findings = lint_documents(
            [DocumentFile(good.kind, good.path, bomb.encode() + good.data)], lint_context()
        )
        assert "drawing_stands_alone" in {finding.rule for finding in findings}

    def test_with_endless_groups_are_unreadable(self) -> None:
        deep = svg_file("<g>" * 100 + "</g>" * 100)
        assert [finding.rule for finding in lint_documents([deep], lint_context())] == ["unreadable"]

    def test_with_a_huge_part_are_unreadable(self) -> None:
        import io
        import zipfile

        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b" " * (129 * 2**20))
        file = DocumentFile("template_xlsx", "a.xlsx", output.getvalue())
        (finding,) = lint_documents([file], lint_context())
        assert getattr(finding.message.values["found"], "key", "") == "lint.reading.large"
