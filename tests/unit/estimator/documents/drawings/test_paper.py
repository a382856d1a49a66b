"""Paper: the frame, what stands at its foot, and that a view keeps its own millimetres."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.documents.drawings.panel_facts import facts_of
from kis.estimator.documents.drawings.paper import Paper, View, drawing_area, fitting_scale, on_paper
from kis.estimator.documents.drawings.sheet import Box, Layer, Rectangle, Shape, Sheet, Style, Text
from kis.estimator.documents.drawings.title_block import Revision
from tests.factories import designs, drawings

THIN = Style(stroke="#000000", weight_mm=0.13)
BOX = Rectangle(layer=Layer.BOX, x0=0, y0=0, x1=600, y1=800, style=THIN)


def sheet_of(
    paper: Paper,
    *,
    scale: Fraction | None = Fraction(5),
    shapes: tuple[Shape, ...] = (BOX,),
    notes: tuple[str, ...] = (),
    **changes: Any,
) -> Sheet:
    view = View(shapes=shapes, box=(0, 0, 600, 800), scale=scale, notes=notes)
    facts = facts_of(designs.design(), "ko")
    heading = designs.heading(**changes)
    return on_paper(view, heading, paper, title="LP-3F 외형도", description="정면도", facts=facts)


def printed(sheet: Sheet) -> list[tuple[str, Box]]:
    """Return every text with the room it takes on the paper."""
    scale = float(sheet.scale)
    return [
        (
            shape.content,
            (
                (shape.extent[0] - sheet.x0) / scale,
                (shape.extent[1] - sheet.y0) / scale,
                (shape.extent[2] - sheet.x0) / scale,
                (shape.extent[3] - sheet.y0) / scale,
            ),
        )
        for shape in sheet.shapes
        if isinstance(shape, Text)
    ]


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class TestPaper:
    @pytest.mark.parametrize(
        ("paper", "size"), [(Paper.A4, (210, 297)), (Paper.A4_LANDSCAPE, (297, 210)), (Paper.A3, (420, 297))]
    )
    def test_prints_at_its_size(self, paper: Paper, size: tuple[float, float]) -> None:
        sheet = sheet_of(paper)
        assert (sheet.print_width_mm, sheet.print_height_mm) == pytest.approx(size)

    @pytest.mark.parametrize("paper", Paper)
    def test_leaves_20_mm_to_bind_and_10_mm_elsewhere(self, paper: Paper) -> None:
        (frame,) = [
            shape
            for shape in sheet_of(paper).shapes
            if isinstance(shape, Rectangle) and shape.layer is Layer.FRAME
        ]
        sheet = sheet_of(paper)
        margins = (frame.x0 - sheet.x0, frame.y0 - sheet.y0, sheet.x1 - frame.x1, sheet.y1 - frame.y1)
        assert tuple(margin / 5 for margin in margins) == pytest.approx((20, 10, 10, 10))


class TestDrawingArea:
    def test_is_what_frame_and_foot_leave(self) -> None:
        # A3: frame 20…410 × 10…287, foot 40 mm high, 3 mm free on every side.
        assert drawing_area(Paper.A3) == (23, 53, 407, 284)

    @pytest.mark.parametrize("paper", Paper)
    def test_holds_no_word_of_the_sheet(self, paper: Paper) -> None:
        area = drawing_area(paper)
        words = printed(sheet_of(paper, notes=("가나다",) * 8))
        assert [content for content, box in words if overlap(box, area)] == []


class TestFittingScale:
    def test_is_the_largest_usual_one(self) -> None:
        # A3 has 384 × 231 mm: 800 mm at 1:3 take 267 mm, at 1:4 200 mm.
        assert fitting_scale(600, 800, Paper.A3) == 4

    def test_leaves_room_for_what_keeps_its_print_size(self) -> None:
        # With 32 mm of chains 199 mm are left; 800 mm at 1:5 take 160 mm.
        assert fitting_scale(600, 800, Paper.A3, print_height_mm=32) == 5

    def test_minds_the_width_too(self) -> None:
        # 1,000 mm of 384 mm: 1:2.5 gives 400 mm, 1:3 gives 333 mm.
        assert fitting_scale(1000, 100, Paper.A3) == 3

    def test_ends_at_the_smallest_usual_scale(self) -> None:
        assert fitting_scale(100_000, 10, Paper.A4) == 50


class TestOnPaper:
    @pytest.mark.parametrize("paper", Paper)
    def test_keeps_the_views_millimetres_and_sets_it_in_the_middle(self, paper: Paper) -> None:
        sheet = sheet_of(paper)
        assert BOX in sheet.shapes
        area = drawing_area(paper)
        middle = ((300 - sheet.x0) / 5, (400 - sheet.y0) / 5)
        assert middle == pytest.approx(((area[0] + area[2]) / 2, (area[1] + area[3]) / 2))

    def test_leaves_a_view_that_is_not_to_scale_in_print_millimetres(self) -> None:
        sheet = sheet_of(Paper.A3, scale=None)
        assert (sheet.x0, sheet.y0, sheet.scale) == (0, 0, Fraction(1))
        assert BOX in sheet.shapes
        assert "NTS (A3)" in {content for content, _ in printed(sheet)}

    @pytest.mark.parametrize("paper", Paper)
    def test_writes_the_whole_title_block(self, paper: Paper) -> None:
        sheet = sheet_of(
            paper,
            title="외형도",
            number="KIS-001-01",
            sheet="1 / 4",
            customer="한빛건설",
            supplier="가나전기",
            drawn="김",
            checked="이",
            approved="박",
        )
        own = {"외형도", "KIS-001-01", "1 / 4", "한빛건설", "가나전기", "김", "이", "박"}
        given = {"사무동 신축", "LP-3F", "2026-11-20", "mm", f"1:5 ({paper.size})", "600 × 600 × 150"}
        assert own | given <= {content for content, _ in printed(sheet)}

    def test_takes_the_sheets_title_where_the_heading_names_no_drawing(self) -> None:
        assert "LP-3F 외형도" in {content for content, _ in printed(sheet_of(Paper.A4))}

    def test_writes_a_long_name_in_two_lines(self) -> None:
        # 180 mm × 0.62 hold some 43 Hangul of 2.4 mm.
        name = "동해안권 복합물류센터 제2단계 수전설비 증설 및 노후 분전반 교체 공사 (전기·소방·통신 통합) 2차 변경분, 지하 2층부터 지상 9층까지"
        words = [content for content, _ in printed(sheet_of(Paper.A4, project=name))]
        start = next(number for number, content in enumerate(words) if content.startswith("동해안권"))
        assert " ".join(words[start : start + 2]) == name

    @pytest.mark.parametrize("paper", [Paper.A4, Paper.A3])
    def test_keeps_the_longest_name_of_a_panel_and_the_quantity_behind_it_whole(self, paper: Paper) -> None:
        # The 60 letters that a request may give a panel, with 12 of them made.
        name = "부산광역시 강서구 명지국제신도시 복합업무시설 신축공사 전기설비 제3공구 지하2층 공조기계실 동력제어반 A1"[
            :60
        ]
        problem = drawings.problem(request=drawings.request(quantity=12))
        facts = facts_of(designs.design(problem=problem), "ko")
        view = View(shapes=(BOX,), box=(0, 0, 600, 800), scale=Fraction(5))
        sheet = on_paper(view, designs.heading(panel=name), paper, title="t", description="d", facts=facts)
        words = [content for content, _ in printed(sheet)]
        start = next(number for number, content in enumerate(words) if content.startswith("부산광역시"))
        assert " ".join(words[start : start + 2]) == f"{name} (12면)"

    def test_keeps_a_name_that_one_smaller_line_holds_in_the_middle_of_its_cell(self) -> None:
        # 30 Hangul in bold: 77.8 mm at 2.4 mm, 64.8 mm at 2 mm; the cell holds 67.2 mm.
        name = "가나다라마바사아자차" * 3
        (box,) = [
            shape.box
            for shape in sheet_of(Paper.A4, customer=name).shapes
            if isinstance(shape, Text) and shape.content == name
        ]
        assert box is not None
        assert (box[3] - box[1]) / 5 == pytest.approx(5)

    def test_leaves_the_row_of_the_box_out_without_facts(self) -> None:
        view = View(shapes=(BOX,), box=(0, 0, 600, 800), scale=Fraction(5))
        sheet = on_paper(view, designs.heading(), Paper.A4, title="t", description="d")
        assert "600 × 600 × 150" not in {content for content, _ in printed(sheet)}

    @pytest.mark.parametrize("paper", Paper)
    def test_lets_no_two_words_touch_and_none_leave_the_frame(self, paper: Paper) -> None:
        long = "아주 긴 이름이라서 칸에 다 들어가지 않는 것 WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
        revision = Revision(mark="A", date=date(2026, 11, 25), description=long, by=long)
        changes: dict[str, Any] = dict.fromkeys(
            ("title", "number", "customer", "supplier", "drawn", "panel"), long
        )
        words = printed(
            sheet_of(paper, notes=(long,) * 4, project=long, revisions=(revision,) * 9, **changes)
        )
        x0, y0, x1, y1 = paper.frame
        boxes = [box for _, box in words]
        assert all(x0 <= box[0] and y0 <= box[1] and box[2] <= x1 and box[3] <= y1 for box in boxes)
        touching = [
            (words[one][0], words[other][0])
            for one in range(len(words))
            for other in range(one)
            if overlap(boxes[one], boxes[other])
        ]
        assert touching == []

    def test_writes_notes_smaller_where_they_are_many_and_shows_a_cut(self) -> None:
        few = sheet_of(Paper.A4, notes=("가나다",))
        many = sheet_of(Paper.A4, notes=tuple("가나다" + "라" * more for more in range(40)))
        (one,) = [shape for shape in few.shapes if isinstance(shape, Text) and shape.content == "1. 가나다"]
        assert one.size_mm / 5 == pytest.approx(2.1)
        written = {content for content, _ in printed(many)}
        assert {"1. 가나다", "…"} <= written
        assert not any(content.startswith("40. ") for content in written)

    def test_explains_the_asterisks_of_the_title_block_once(self) -> None:
        box = drawings.enclosure(ip_verified=False, depth_verified=False)
        facts = facts_of(designs.design(enclosure=box), "ko")
        note = facts.say("note.ip")
        view = View(shapes=(BOX,), box=(0, 0, 600, 800), scale=Fraction(5), notes=(note,))
        sheet = on_paper(view, designs.heading(), Paper.A3, title="t", description="d", facts=facts)
        written = [content for content, _ in printed(sheet)]
        assert {"600 × 600 × 150*", "강판 · IP44**", f"1. {note}"} <= set(written)
        assert any(content.startswith("2. W × H × D의 *") for content in written)
        assert not any(content.startswith("3. ") for content in written)


class TestRevisionTable:
    def test_shows_the_newest_where_there_are_more_than_rows(self) -> None:
        # An A4 has three rows.
        revisions = tuple(
            Revision(mark=mark, date=date(2026, 12, 1), description=f"변경 {mark}", by="김")
            for mark in "ABCD"
        )
        written = {content for content, _ in printed(sheet_of(Paper.A4, revisions=revisions))}
        assert {"변경 B", "변경 C", "변경 D", "2026-12-01"} <= written
        assert "변경 A" not in written

    @pytest.mark.parametrize(("paper", "rows"), [(Paper.A4, 3), (Paper.A4_LANDSCAPE, 3), (Paper.A3, 6)])
    def test_draws_empty_rows_where_there_are_none(self, paper: Paper, rows: int) -> None:
        stripes = [
            shape
            for shape in sheet_of(paper).shapes
            if isinstance(shape, Rectangle) and shape.layer is Layer.TABLE and shape.style.stroke is None
        ]
        # The head and every second row are shaded.
        assert len(stripes) == 1 + rows // 2
