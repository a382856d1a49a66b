"""How the finished PDF is laid out: flush figures, page breaks that keep together what belongs together, drawings true to scale."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # as above
import pytest
import typst

from kis.estimator.documents.brand.schema import Words
from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.sheet import Text
from kis.estimator.documents.pdf import compose
from tests.factories import contents, designs
from tests.factories.pdf_pages import (
    A3,
    POINTS_PER_MM,
    Box,
    all_words,
    example,
    made,
    places,
    unembedded,
    with_panel,
    words,
)


class TestFigures:
    def test_stand_flush_right(self) -> None:
        page = example("ko")[1]
        rights = [
            places(page, amount)[-1][2]
            for amount in ("98,000", "62,400", "41,062", "349,462", "1,048,386", "431,000")
        ]
        assert max(rights) - min(rights) < 0.6  # points; figures end in other digits

    def test_of_the_summary_stand_flush_right(self) -> None:
        page = example("en")[0]
        rights = [
            places(page, amount)[-1][2] for amount in ("776.25", "166.67", "-51.45", "149.36", "1,642.95")
        ]
        assert max(rights) - min(rights) < 0.6


@pytest.fixture(scope="module")
def pages() -> list[str]:
    given = contents.many_panels(25)
    bare = tuple(replace(panel, drawings=(), gates=(), rows=panel.rows[:1]) for panel in given.panels)
    return [words(page) for page in made(replace(given, panels=bare, gates=()))]


class TestLongCover:
    """Twenty-five panels do not fit under the sum; what a customer signs stays on the first page all the same."""

    def test_keeps_sum_terms_and_signature_on_the_first_page(self, pages: list[str]) -> None:
        total = f"{contents.many_panels(25).totals.total:,}"
        for said in (
            "일금",
            "납기 발주 승인 후 3주",
            "결제조건",
            f"합계 (부가가치세 포함) {total}",
            "발주 확인",
        ):
            assert said in pages[0]
        assert "번호 품명 규격" not in pages[0]

    def test_lists_the_panels_on_pages_of_their_own(self, pages: list[str]) -> None:
        assert (
            pages[1].partition("견적 총괄")[2].startswith(" 번호 품명 규격 단위 수량 단가 금액 비고 1 LP-1 ")
        )
        (end,) = [
            number for number, said in enumerate(pages[1:], start=1) if "합계 (부가가치세 포함)" in said
        ]
        assert "25 LP-25 " in pages[end]
        assert all("견적 총괄 (계속)" in said for said in pages[2 : end + 1])
        assert "합계 (부가가치세 포함)" in pages[end].partition("분전반별 내역")[0]

    def test_is_used_only_where_it_must(self) -> None:
        assert "견적 총괄" not in all_words(example("ko"))


class TestLongConfidentiality:
    """The longest that a brand file takes: 200 letters."""

    @pytest.mark.parametrize("words_of_it", ["가나다라마바사 ", "confidential "])
    def test_stays_off_frames_lists_and_edges(self, words_of_it: str) -> None:
        given = contents.content()
        line = (words_of_it * 30)[:199] + "!"
        texts = given.brand.file.texts.model_copy(update={"confidentiality": Words(ko=line, en=line)})
        brand = replace(given.brand, file=given.brand.file.model_copy(update={"texts": texts}))
        for page in made(replace(given, brand=brand)):
            is_drawing = page.get_width() > page.get_height()
            said = [*places(page, words_of_it.strip()), *places(page, "!")]
            lowest, highest = min(box[1] for box in said), max(box[3] for box in said)
            assert lowest >= (5 if is_drawing else 10) * POINTS_PER_MM
            # the frame keeps 10 mm; a text page with five lines of foot ends 22 + 3 × 3.1 = 31.3 mm above its edge, the foot 5 mm below that
            assert highest <= (10 if is_drawing else 26.3) * POINTS_PER_MM


class TestPageBreaks:
    @pytest.mark.parametrize("count", range(25, 62, 3))
    def test_sums_never_stand_alone_and_rows_stay_whole(self, count: int) -> None:
        given = contents.content()
        panel = given.panels[0]
        rows = tuple(
            replace(panel.rows[0], item=f"품목 {number}", spec="두 줄이 되는 규격 " * 4)
            for number in range(1, count + 1)
        )
        document = made(with_panel(given, rows=rows, drawings=(), gates=(), thermal=None))
        pages = [words(page) for page in document]
        (sums,) = [number for number, said in enumerate(pages) if "3면 합계" in said]
        assert f"품목 {count} " in pages[sums]
        assert f"품목 {count - 1} " in pages[sums]
        assert "1면 소계" in pages[sums]
        lists = [said for said in pages[1 : sums + 1] if "품목" in said]
        assert all("번호 품명 규격 단위 수량 단가 금액 비고" in said for said in lists)
        assert all("1. LP-3F (계속)" in said for said in lists[1:])
        for said in lists:
            shown = re.findall(r"품목 \d+ ", said)
            assert said.count("두 줄이 되는 규격") == 4 * len(shown)

    @pytest.mark.parametrize("above", range(2, 24, 3))
    def test_a_heading_never_stands_without_its_list(self, above: int) -> None:
        given = contents.many_panels(2)
        first, second = (replace(panel, drawings=(), gates=(), thermal=None) for panel in given.panels)
        rows = tuple(replace(second.rows[0], item=f"품목 {number}") for number in range(1, 41))
        short = replace(first, rows=(first.rows * 5)[:above])
        document = made(replace(given, panels=(short, replace(second, rows=rows))))
        (page,) = [said for said in map(words, document) if "2. LP-2 1면" in said]
        assert "1 품목 1 " in page.partition("2. LP-2 1면")[2]

    def test_a_short_list_stays_whole(self) -> None:
        given = contents.many_panels(6)
        panels = tuple(
            replace(panel, rows=(panel.rows * 4)[:17], drawings=(), gates=(), thermal=None)
            for panel in given.panels
        )
        assert "(계속)" not in all_words(made(replace(given, panels=panels)))

    @pytest.mark.parametrize("count", range(1, 7))
    def test_the_last_page_shows_a_temperature_beside_the_sources(self, count: int) -> None:
        given = contents.many_panels(count)
        thermal = given.panels[0].thermal
        panels = tuple(replace(panel, thermal=thermal, drawings=()) for panel in given.panels)
        *_, last = map(words, made(replace(given, panels=panels)))
        assert "문서 정보" in last
        assert "바닥에서의 높이" in last

    def test_a_supplier_of_two_lines_keeps_the_margin(self) -> None:
        given = contents.content("en", "USD")
        long = "Korea Power Installation Automation and Control Systems Engineering Corporation of Ansan"
        supplier = given.brand.file.supplier.model_copy(update={"name": Words(ko=long, en=long)})
        brand = replace(given.brand, file=given.brand.file.model_copy(update={"supplier": supplier}))
        page = made(replace(given, brand=brand))[1]
        assert places(page, "Korea Power")[0][3] <= page.get_height() - 10 * POINTS_PER_MM
        assert places(page, "Ansan")[0][1] < places(page, "Korea Power")[0][1]

    def test_twenty_panels_of_hundreds_of_rows(self) -> None:
        given = contents.many_panels(20)
        many = tuple(replace(panel, rows=panel.rows * 12, drawings=()) for panel in given.panels)
        document = made(replace(given, panels=many))
        said = [words(page) for page in document]
        assert sum("소계 349,462" in page for page in said) >= 15
        for number in range(1, 21):
            (page,) = [page for page in said if f"{number}. LP-{number} 1면" in page]
            assert "번호 품명 규격" in page.partition(f"{number}. LP-{number} 1면")[2]

    def test_a_heading_is_followed_by_what_it_announces(self) -> None:
        document = made(contents.many_panels(20))
        titles = [(entry.get_dest().get_index(), entry.get_title().strip()) for entry in document.get_toc()]
        for (page, title), (next_page, _) in pairwise(titles):
            assert page <= next_page
            said = words(document[page]).partition(" ".join(title.split()))[2]
            assert len(said) > 100 or "도" in title


class TestLayout:
    """What Typst warns of, it has not solved: page numbers that still move, fonts it does not know."""

    @pytest.mark.parametrize("rows", [0, 2, 24, 31])
    @pytest.mark.parametrize("panels", [1, 19])
    def test_settles(self, panels: int, rows: int) -> None:
        given = contents.many_panels(panels)
        many = tuple(replace(panel, rows=(panel.rows * 12)[:rows], drawings=()) for panel in given.panels)
        assert warnings_of(replace(given, panels=many)) == []

    def test_settles_with_drawings_in_both_languages(self) -> None:
        assert warnings_of(contents.content("ko")) == warnings_of(contents.content("en", "USD")) == []


def warnings_of(content: QuotationContent) -> list[str]:
    faces = compose._shipped_faces()
    source: Any = dict(compose._project(content, faces))
    _, warnings = typst.Compiler(font_paths=faces.fonts, ignore_system_fonts=True).compile_with_warnings(
        input=source, format="pdf", pdf_standards=list(compose.STANDARDS)
    )
    return [warning.message for warning in warnings]


class TestDrawings:
    def test_stay_lines_and_letters(self) -> None:
        page = example("ko")[3]
        assert "LP-3F 배치도" in words(page)
        assert "도면 번호 HB-2026-0042-LP-3F-layout" in words(page)
        kinds = [item.type for item in page.get_objects(max_depth=5)]
        assert pdfium.FPDF_PAGEOBJ_IMAGE not in kinds
        # The box of the sheet: 600 × 800 mm at 1:5, its lower left corner 150 × 68.5 mm from that of the sheet.
        (box,) = places_of_boxes(page, 120 * POINTS_PER_MM)
        assert box == pytest.approx(tuple(side * POINTS_PER_MM for side in (150, 68.5, 270, 228.5)), abs=2)

    def test_a_real_layout_keeps_its_words_and_frame(self) -> None:
        sheet = layout_sheet(designs.design(), designs.heading())
        given = contents.content()
        drawing = replace(given.panels[0].drawings[1], sheet=sheet, title="배치도")
        page = made(with_panel(given, drawings=(drawing,)))[2]
        said = words(page)
        upright = [shape.content for shape in sheet.shapes if isinstance(shape, Text) and not shape.rotated]
        assert len(upright) > 50
        assert [text for text in upright if " ".join(text.split()) not in said] == []
        assert tuple(round(side / POINTS_PER_MM) for side in page.get_size()) == A3
        assert unembedded(page) == []
        # The slim lines stand outside the frame, 10 mm from the edges of the sheet.
        assert places(page, "문서 번호")[-1][3] < 10 * POINTS_PER_MM
        assert places(page, "도면 번호 HB-2026")[0][1] > page.get_height() - 10 * POINTS_PER_MM


def places_of_boxes(page: pypdfium2.PdfPage, width: float) -> list[Box]:
    bounds = [item.get_bounds() for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=5)]
    return [box for box in bounds if abs(box[2] - box[0] - width) < 3]
