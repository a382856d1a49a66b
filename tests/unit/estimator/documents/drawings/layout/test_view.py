"""The layout sheet: its geometry is the drawing's, and every word has its place."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.paper import MARGIN_MM, SCALES
from kis.estimator.documents.drawings.sheet import (
    Axis,
    Circle,
    Layer,
    Rectangle,
)
from kis.estimator.layout.drawing import PartKind, Zones
from kis.platform.messages import Locale
from tests.factories import designs, drawings
from tests.unit.estimator.documents.drawings.sheets import (
    CASES,
    DESIGNS,
    LOCALES,
    chains,
    inside,
    overlapping,
    overlaps,
    rectangles,
    sheet_of,
    texts,
    words,
)


class TestGeometry:
    @pytest.mark.parametrize("name", DESIGNS)
    def test_shows_every_part_once_at_its_place(self, name: str) -> None:
        shown = [shape for shape in sheet_of(name).shapes if isinstance(shape, Rectangle) and shape.part]
        drawn = DESIGNS[name].drawing.parts
        assert Counter((item.part, item.x0, item.y0, item.x1, item.y1) for item in shown) == Counter(
            (part.id, part.x0, part.y0, part.x1, part.y1) for part in drawn
        )

    def test_draws_every_kind_of_part(self) -> None:
        drawn = {part.kind for part in DESIGNS["every kind"].drawing.parts}
        assert drawn == set(PartKind)

    @pytest.mark.parametrize("name", DESIGNS)
    def test_shows_box_and_plate_from_the_lower_left_corner(self, name: str) -> None:
        drawing = DESIGNS[name].drawing
        (box,) = rectangles(sheet_of(name), Layer.BOX)
        (plate,) = rectangles(sheet_of(name), Layer.PLATE)
        assert (box.x0, box.y0, box.x1, box.y1) == (0, 0, drawing.width_mm, drawing.height_mm)
        assert (plate.x0, plate.y0, plate.x1, plate.y1) == drawing.plate

    def test_shows_the_wiring_lanes(self) -> None:
        lanes = rectangles(sheet_of("hand-drawn"), Layer.LANE)
        assert [(lane.x0, lane.x1, lane.y0, lane.y1) for lane in lanes] == [
            (50, 110, 155, 270),
            (490, 550, 155, 270),
        ]

    def test_names_the_terminal_bars_where_there_is_room(self) -> None:
        assert {"접지 단자대 E.T", "중성선 단자대 N.T"} <= words(sheet_of("hand-drawn"))
        short = designs.design(drawing=drawings.bent("earth_bar", x1=110))
        shown = words(layout_sheet(short, designs.heading()))
        assert "접지 단자대 E.T" not in shown
        assert {"E", "중성선 단자대 N.T"} <= shown

    def test_paints_what_lies_in_front_later(self) -> None:
        sheet = sheet_of("every kind")
        order = [shape.layer for shape in sheet.shapes if isinstance(shape, Rectangle) and shape.part]
        first = [
            order.index(layer)
            for layer in (Layer.DUCT, Layer.BUSBAR, Layer.CROSS_BAR, Layer.BRANCH, Layer.DOOR)
        ]
        assert first == sorted(first)

    def test_bolts_every_cross_bar_to_its_vertical_bar(self) -> None:
        bolts = [
            shape
            for shape in sheet_of("hand-drawn").shapes
            if isinstance(shape, Circle) and shape.layer is Layer.CROSS_BAR
        ]
        expected = [
            (sum(drawings.BAR_X[part.phase]) / 2, (part.y0 + part.y1) / 2)
            for part in DESIGNS["hand-drawn"].drawing.of(PartKind.CROSS_BAR)
        ]
        assert len(expected) == 10
        assert [(bolt.x, bolt.y) for bolt in bolts] == expected


class TestPrint:
    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_is_an_a3_print_at_a_usual_scale(self, name: str, locale: Locale) -> None:
        sheet = sheet_of(name, locale)
        assert (sheet.print_width_mm, sheet.print_height_mm) == pytest.approx((420, 297))
        assert sheet.scale in SCALES

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_writes_nothing_smaller_than_1_8_mm(self, name: str, locale: Locale) -> None:
        sheet = sheet_of(name, locale)
        smallest = min(text.size_mm for text in texts(sheet)) / float(sheet.scale)
        assert smallest >= 1.8 - 1e-6

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_writes_every_word_inside_its_box_and_the_frame(self, name: str, locale: Locale) -> None:
        sheet = sheet_of(name, locale)
        margin = MARGIN_MM * float(sheet.scale)
        frame = (sheet.x0 + margin, sheet.y0 + margin, sheet.x1 - margin, sheet.y1 - margin)
        outside = [text.content for text in texts(sheet) if not inside(text.extent, text.box or frame)]
        outside += [text.content for text in texts(sheet) if not inside(text.extent, frame)]
        assert outside == []

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_writes_no_word_over_another(self, name: str, locale: Locale) -> None:
        sheet = sheet_of(name, locale)
        boxes = [(text.content, text.extent) for text in texts(sheet)]
        assert list(overlapping(boxes, 0.02 * float(sheet.scale))) == []

    @pytest.mark.parametrize("name", DESIGNS)
    def test_writes_the_words_of_a_circuit_inside_its_rectangle(self, name: str) -> None:
        sheet = sheet_of(name)
        parts = [(part.x0, part.y0, part.x1, part.y1) for part in DESIGNS[name].drawing.of(PartKind.BREAKER)]
        on_devices = [text for text in texts(sheet) if text.layer is Layer.LABEL and text.box is not None]
        lost = [
            text.content
            for text in on_devices
            for part in parts
            if overlaps(text.extent, part) and not inside(text.extent, part)
        ]
        assert lost == []

    def test_takes_the_largest_scale_that_fits(self) -> None:
        # 600 mm at 1:3 is 200 mm, with heading, chains and notes within 269 mm; at 1:2.5 the box alone takes 240 mm.
        assert sheet_of("hand-drawn").scale == 3

    def test_goes_down_to_the_scale_a_large_box_needs(self) -> None:
        # 4,340 mm at 1:15 is 289 mm, more than the frame's 277.
        assert sheet_of("12 circuits at 1 to 20").scale == 20

    def test_keeps_120_circuits_at_1_to_10_or_larger(self) -> None:
        assert sheet_of("120 circuits in 3 columns").scale <= 10


class TestCircuits:
    def test_prints_number_and_phase_letter_on_every_circuit(self) -> None:
        sheet = sheet_of("120 circuits in 3 columns")
        drawing = DESIGNS["120 circuits in 3 columns"].drawing
        for part in drawing.of(PartKind.BREAKER):
            box = (part.x0, part.y0, part.x1, part.y1)
            written = {text.content for text in texts(sheet) if inside(text.extent, box)}
            assert {str(int(part.device[1:])), part.phase} <= written, part.id

    @pytest.mark.parametrize(
        ("surplus_mm", "scale", "expected"),
        [
            (0, 4, {"1", "R", "전등", "SIE-32", "30/20A"}),
            (500, 6, {"1", "R", "전등", "20A"}),
            (1200, 10, {"1", "R"}),
        ],
    )
    def test_writes_as_much_on_a_small_breaker_as_the_scale_allows(
        self, surplus_mm: int, scale: int, expected: set[str]
    ) -> None:
        panel = designs.board(12, surplus_mm=surplus_mm)
        sheet = layout_sheet(panel, designs.heading())
        part = panel.drawing.of(PartKind.BREAKER)[0]
        box = (part.x0, part.y0, part.x1, part.y1)
        assert sheet.scale == scale
        assert {text.content for text in texts(sheet) if inside(text.extent, box)} == expected

    def test_gives_what_a_small_breaker_cannot_say_to_those_who_point_at_it(self) -> None:
        shown = {item.part: item.hint for item in rectangles(sheet_of("12 circuits"), Layer.BRANCH)}
        assert shown["B005"] == "5 · ELB 2P SIE-32 30AF/20AT · 전등 · S · C1L3"

    def test_marks_a_three_phase_circuit_with_its_three_letters(self) -> None:
        sheet = sheet_of("hand-drawn")
        (part,) = [part for part in DESIGNS["hand-drawn"].drawing.parts if part.id == "B001"]
        box = (part.x0, part.y0, part.x1, part.y1)
        marks = [text for text in texts(sheet) if text.layer is Layer.PHASE_MARK and inside(text.extent, box)]
        assert [text.content for text in sorted(marks, key=lambda text: -text.y)] == ["R", "S", "T"]

    def test_tints_circuits_by_their_phase(self) -> None:
        shown = {item.part: item.style.fill for item in rectangles(sheet_of("hand-drawn"), Layer.BRANCH)}
        assert shown["B001"] == shown["B002"]
        assert len({shown["B001"], shown["B003"], shown["B004"]}) == 3

    def test_lists_every_circuit_with_its_load_model_rating_and_phase(self) -> None:
        sheet = sheet_of("hand-drawn")
        table = [text for text in texts(sheet) if text.layer is Layer.TABLE]
        rows = Counter(text.content for text in table)
        assert (rows["동력"], rows["SBS-53"], rows["50AF/30AT"], rows["RST"], rows["6,600"]) == (
            2,
            2,
            2,
            2,
            2,
        )
        assert (rows["전등"], rows["SIE-32"], rows["30AF/20AT"], rows["4,400"]) == (2, 2, 2, 2)

    def test_lists_200_circuits_one_by_one(self) -> None:
        sheet = sheet_of("200 circuits in 4 columns")
        table = {text.content for text in texts(sheet) if text.layer is Layer.TABLE}
        assert {str(number) for number in range(1, 201)} <= table

    def test_joins_equal_circuits_where_the_print_cannot_hold_them_all(self) -> None:
        sheet = layout_sheet(designs.board(400, columns=4), designs.heading())
        table = {text.content for text in texts(sheet) if text.layer is Layer.TABLE}
        # 400 circuits on R, S, T in turn: 134, 133, 133.
        assert {"1–400", "R134 S133 T133"} <= table

    @pytest.mark.parametrize("locale", LOCALES)
    @pytest.mark.parametrize("name", [name for name in DESIGNS if name != "long names"])
    def test_cuts_no_word_of_a_table(self, name: str, locale: Locale) -> None:
        assert [text.content for text in texts(sheet_of(name, locale)) if text.content.endswith("…")] == []

    def test_hatches_an_empty_way_and_says_so(self) -> None:
        sheet = sheet_of("every kind")
        (way,) = rectangles(sheet, Layer.SPARE_WAY)
        assert way.style.hatch
        assert way.style.dash_mm
        assert "예비" in words(sheet)

    def test_names_the_parts_on_the_door_in_dashes(self) -> None:
        sheet = sheet_of("every kind")
        assert all(item.style.dash_mm and item.style.fill is None for item in rectangles(sheet, Layer.DOOR))
        assert len(rectangles(sheet, Layer.DOOR)) == 2
        assert {"PB1", "V/A1"} <= words(sheet)

    def test_writes_no_word_under_a_part_of_the_door(self) -> None:
        sheet = sheet_of("every kind")
        on_door = [(item.x0, item.y0, item.x1, item.y1) for item in rectangles(sheet, Layer.DOOR)]
        hidden = [text.content for text in texts(sheet) for door in on_door if overlaps(text.extent, door)]
        assert hidden == ["PB1", "V/A1", "V·A 메타"]  # their own names, written on them
        assert "MC1" in words(sheet)

    def test_marks_what_nobody_has_verified(self) -> None:
        sheet = sheet_of("every kind")
        assert "WHM1*" in words(sheet)
        assert any(text.startswith("5. *") or ". * 제조사" in text for text in words(sheet))
        assert not any("* 제조사" in text for text in words(sheet_of("hand-drawn")))


class TestDimensions:
    def test_chains_the_zones_from_the_top_and_the_height(self) -> None:
        # A 300, B 30, C 115, D 150 leave 5 of 600.
        zones, height = [chain for chain in chains(sheet_of("hand-drawn"), Axis.Y) if chain.line < 0]
        assert list(zones.stops) == [0, 5, 155, 270, 300, 600]
        assert zones.labels == ("+5", "D 150", "C 115", "B 30", "A 300")
        assert (height.stops, height.labels) == ((0, 600), ("H 600",))

    def test_chains_the_row_pitches(self) -> None:
        # Rows of 75 and 40 from 270 downwards.
        (rows,) = [chain for chain in chains(sheet_of("hand-drawn"), Axis.Y) if chain.line > 0]
        assert (rows.stops, rows.labels) == ((155, 195, 270), ("40", "75"))

    def test_joins_equal_rows(self) -> None:
        (rows,) = [chain for chain in chains(sheet_of("12 circuits"), Axis.Y) if chain.line > 0]
        # Below 330 mm of A and B in a box of 840.
        assert (list(rows.stops), rows.labels) == ([270, 510], ("6×40=240",))

    def test_draws_one_chain_for_columns_that_are_alike(self) -> None:
        # 120 circuits in three columns: 20 rows in each.
        rows = [chain for chain in chains(sheet_of("120 circuits in 3 columns"), Axis.Y) if chain.line > 0]
        assert [chain.labels for chain in rows] == [("20×40=800",)]

    def test_chains_the_widths(self) -> None:
        # Plate 50…550, devices 110…490, corridor 250…350.
        widths, whole = chains(sheet_of("hand-drawn"), Axis.X)
        assert list(widths.stops) == [0, 50, 110, 250, 350, 490, 550, 600]
        assert widths.labels == ("50", "60", "140", "100", "140", "60", "50")
        assert (whole.stops, whole.labels) == ((0, 600), ("W 600",))

    def test_names_the_chains_of_mains_that_differ(self) -> None:
        zones = (
            Zones(a_mm=300, b_mm=30, c_mm=115, e_mm=0, d_mm=150),
            Zones(a_mm=300, b_mm=30, c_mm=75, e_mm=0, d_mm=150),
        )
        problem = drawings.problem(mains=(drawings.main_device(), drawings.main_device(1)))
        two = designs.design(problem=problem, drawing=drawings.drawing(zones=zones))
        sheet = layout_sheet(two, designs.heading())
        assert {"M1", "M2"} <= words(sheet)
        assert len([chain for chain in chains(sheet, Axis.Y) if chain.line < 0]) == 3


class TestRails:
    def test_chains_the_rails_over_the_plate(self) -> None:
        # Middles at 475, 325, 175 on a plate from 50 to 550: 75 above, two pitches of 150, 125 below.
        rails = tuple(
            drawings.part(f"rail1.{row}", PartKind.RAIL, (110, 490), (y - 17, y + 18), (30, 38), row=row)
            for row, y in enumerate((475, 325, 175))
        )
        bare = drawings.drawing(parts=(*drawings.drawing().of(PartKind.MAIN), *rails), columns=())
        sheet = layout_sheet(designs.design(drawing=bare), designs.heading())
        (chain,) = [chain for chain in chains(sheet, Axis.Y) if chain.line > 0]
        assert list(chain.stops) == [50, 175, 475, 550]
        assert chain.labels == ("125", "2×150=300", "75")
        (across, _) = chains(sheet, Axis.X)
        assert {110, 490} <= set(across.stops)

    def test_names_the_mains_of_different_rails(self) -> None:
        rails = tuple(
            drawings.part(f"rail{x}", PartKind.RAIL, (x, x + 200), (y, y + 35), (30, 38), group=x // 300)
            for x, y in ((60, 400), (300, 300))
        )
        bare = drawings.drawing(parts=(*drawings.drawing().of(PartKind.MAIN), *rails), columns=())
        sheet = layout_sheet(designs.design(drawing=bare), designs.heading())
        assert len([chain for chain in chains(sheet, Axis.Y) if chain.line > 0]) == 2
        assert {"M1", "M2"} <= words(sheet)


def test_the_same_design_gives_the_same_sheet() -> None:
    first, second = designs.every_kind(), designs.every_kind()
    assert layout_sheet(first, designs.heading()) == layout_sheet(second, designs.heading())


def test_a_design_without_circuits_has_no_table() -> None:
    only_main: PanelDesign = designs.design(
        problem=drawings.problem(devices=()),
        arrangement=designs.arrangement(()),
        phases=(
            drawings.reported(applicable=False, loads_va=(Fraction(0),) * 3, counts=(0, 0, 0), lines={}),
        ),
    )
    bare = replace(
        only_main,
        drawing=replace(only_main.drawing, parts=only_main.drawing.of(PartKind.MAIN), columns=(), lanes=()),
    )
    shown = words(layout_sheet(bare, designs.heading()))
    assert not any("회로표" in text for text in shown)
    assert {"M1", "SBE-104", "100AF/100AT"} <= shown
