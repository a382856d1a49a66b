"""The outline sheet: its views are the box's true sizes in third-angle projection, and every word has its place."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.outline.view import outline_sheet
from kis.estimator.documents.drawings.paper import SCALES, Paper
from kis.estimator.documents.drawings.sheet import (
    Axis,
    Box,
    Circle,
    Dimension,
    Layer,
    Polyline,
    Rectangle,
    Sheet,
    Text,
)
from kis.platform.messages import Locale
from tests.factories import designs, drawings
from tests.factories.outlines import boxed, buttons, heading

METERS = (("va_meter", 452, 1400, 96), ("va_meter", 582, 1400, 96))
DESIGNS = {
    "surface": boxed(600, 800, 150),
    "smallest": boxed(200, 300, 120, feed="bottom"),
    "fed from below": boxed(700, 1300, 200, feed="bottom"),
    "outdoor": boxed(600, 800, 180, "outdoor_surface", ip=65),
    "recessed": boxed(500, 800, 150, "recessed"),
    "standing": boxed(900, 2200, 400, "indoor_standing"),
    "outdoor standing": boxed(700, 1000, 200, "outdoor_standing"),
    "pole": boxed(500, 600, 180, "pole"),
    "frp": boxed(300, 400, 150, "frp"),
    "hi-box": boxed(300, 400, 120, "hi_box"),
    "wide": boxed(2800, 2050, 250),
    "wide standing": boxed(1400, 2050, 300, "outdoor_standing"),
    "buttons": boxed(700, 1400, 200, instruments=buttons(12, y=600, most=6)),
    "meters and buttons": boxed(
        1000, 1600, 250, instruments=(*METERS, *buttons(30, y=1200, most=17)), ip_verified=False
    ),
    "crowded": boxed(2000, 1600, 250, instruments=buttons(99, y=1400, most=36)),
    "shallow and high": boxed(900, 2000, 100, "indoor_standing"),
    "shallow on a pole": boxed(1700, 2200, 100, "pole"),
    "every kind": designs.every_kind(),
}
LOCALES: tuple[Locale, ...] = ("ko", "en")
CASES = [pytest.param(name, locale, id=f"{name}-{locale}") for name in DESIGNS for locale in LOCALES]
NAMES = list(DESIGNS)
FED_FROM_ABOVE = {"surface", "recessed", "standing", "hi-box", "wide", "buttons", "meters and buttons"}


@cache
def sheet_of(name: str, locale: Locale = "ko") -> Sheet:
    return outline_sheet(DESIGNS[name], heading(locale))


def size_of(design: PanelDesign) -> tuple[int, int, int]:
    return (design.enclosure.width_mm, design.enclosure.height_mm, design.enclosure.depth_mm)


def on_layer(sheet: Sheet, layer: Layer) -> list[Rectangle]:
    return [shape for shape in sheet.shapes if isinstance(shape, Rectangle) and shape.layer is layer]


def boxes(sheet: Sheet) -> list[Box]:
    """Return the rectangles that are the box itself in one view or other."""
    found = [shape for shape in on_layer(sheet, Layer.BOX) if shape.hint]
    return [(shape.x0, shape.y0, shape.x1, shape.y1) for shape in found]


def texts(sheet: Sheet) -> list[Text]:
    found: list[Text] = []
    for shape in sheet.shapes:
        if isinstance(shape, Text):
            found.append(shape)
        elif isinstance(shape, Dimension):
            found += [piece for piece in pieces(shape) if isinstance(piece, Text)]
    return found


def words(sheet: Sheet) -> set[str]:
    return {text.content for text in texts(sheet)}


def labels(sheet: Sheet, axis: Axis) -> list[tuple[str, ...]]:
    return [shape.labels for shape in sheet.shapes if isinstance(shape, Dimension) and shape.axis is axis]


def overlapping(found: list[tuple[str, Box]], slack: float) -> Iterator[tuple[str, str]]:
    for number, (name, box) in enumerate(found):
        for other_name, other in found[number + 1 :]:
            across = box[0] < other[2] - slack and other[0] < box[2] - slack
            if across and box[1] < other[3] - slack and other[1] < box[3] - slack:
                yield name, other_name


class TestViews:
    @pytest.mark.parametrize("name", NAMES)
    def test_show_the_box_at_its_true_size_and_in_line(self, name: str) -> None:
        width, height, depth = size_of(DESIGNS[name])
        front, side, *faces = boxes(sheet_of(name))
        assert [*front] == [0, 0, width, height]
        assert (side[1], side[3]) == (0, height)
        assert side[2] - side[0] == pytest.approx(depth)
        for face in faces:
            assert (face[0], face[2]) == (0, width)
            assert face[3] - face[1] == pytest.approx(depth)

    @pytest.mark.parametrize("name", NAMES)
    def test_stand_in_third_angle_projection(self, name: str) -> None:
        """The right side stands at the right, the bottom below, the top above, each with its door towards the front view."""
        sheet = sheet_of(name)
        width, height, _ = size_of(DESIGNS[name])
        front, side, bottom, *top = boxes(sheet)
        assert side[0] > width
        assert bottom[3] < 0
        assert all(view[1] > height for view in top)
        doors = [(door.x0, door.y0, door.x1, door.y1) for door in on_layer(sheet, Layer.DOOR)]
        assert any(door[0] == side[0] and door[2] - door[0] == pytest.approx(20) for door in doors)
        assert any(door[3] == bottom[3] and door[3] - door[1] == pytest.approx(20) for door in doors)
        for view in top:
            assert any(door[1] == view[1] and door[3] - door[1] == pytest.approx(20) for door in doors)
        assert front[0] == 0

    @pytest.mark.parametrize("name", NAMES)
    def test_show_the_top_only_where_cables_enter_there(self, name: str) -> None:
        expected = name in FED_FROM_ABOVE or name in {"crowded", "shallow and high", "every kind"}
        assert len(boxes(sheet_of(name))) == (4 if expected else 3)
        assert ("평면도" in words(sheet_of(name))) == expected

    @pytest.mark.parametrize("name", NAMES)
    def test_do_not_touch_each_other(self, name: str) -> None:
        views = [(str(number), box) for number, box in enumerate(boxes(sheet_of(name)))]
        assert list(overlapping(views, 0)) == []

    def test_grow_with_the_paper_left(self) -> None:
        # 800 high with 150 deep above and below, two handles of 25, two lugs of 25: 1200 mm true beside about 45 mm of chains
        # on 231 mm: 1200 / 186 = 6.5, so 1 : 8 is the first usual scale that holds them.
        assert sheet_of("surface").scale == 8
        # A smaller box is shown larger.
        assert sheet_of("smallest").scale < sheet_of("recessed").scale < sheet_of("standing").scale

    def test_is_the_same_every_time(self) -> None:
        assert outline_sheet(DESIGNS["crowded"], heading()) == outline_sheet(DESIGNS["crowded"], heading())


class TestFixing:
    def test_screws_a_surface_box_to_the_wall_by_four_lugs(self) -> None:
        holes = [
            (shape.x, shape.y, shape.radius)
            for shape in sheet_of("surface").shapes
            if isinstance(shape, Circle) and shape.layer is Layer.BOX
        ]
        assert holes == [(50, -12.5, 5), (50, 812.5, 5), (550, -12.5, 5), (550, 812.5, 5)]

    def test_leads_the_lugs_of_a_roofed_box_past_its_roof(self) -> None:
        # Roof 20, lug 25 beyond it, hole in the middle of those 25.
        holes = [
            shape.y for shape in sheet_of("outdoor").shapes if isinstance(shape, Circle) and shape.x == 50
        ]
        assert holes[:2] == [-32.5, 832.5]

    def test_frames_a_recessed_box(self) -> None:
        sheet = sheet_of("recessed")
        frames = [(shape.x0, shape.y0, shape.x1, shape.y1) for shape in on_layer(sheet, Layer.BOX)]
        assert (-25, -25, 525, 825) in frames
        (body,) = [
            shape for shape in on_layer(sheet, Layer.BOX) if shape.hint and shape.x0 == 0 and shape.y0 == 0
        ]
        assert body.style.dash_mm

    def test_stands_on_a_plinth(self) -> None:
        sheet = sheet_of("standing")
        plinths = [(shape.x0, shape.y0, shape.x1, shape.y1) for shape in on_layer(sheet, Layer.BOX)]
        assert (0, -200, 900, 0) in plinths
        assert ("200", "H 2200") in labels(sheet, Axis.Y)
        assert ("2400",) in labels(sheet, Axis.Y)

    def test_takes_the_height_of_the_plinth_from_the_rules(self) -> None:
        sheet = outline_sheet(DESIGNS["standing"], heading(), base_mm=150)
        assert ("150", "H 2200") in labels(sheet, Axis.Y)

    def test_bands_a_box_to_its_pole_by_two_brackets(self) -> None:
        # 100 mm from top and bottom of 600, 50 deep, behind a box that is 180 deep.
        sheet = sheet_of("pole")
        _, side, *_ = boxes(sheet)
        shown = [(box.x0 - side[0], box.y0, box.x1 - side[0], box.y1) for box in on_layer(sheet, Layer.BOX)]
        for low in (75, 475):
            assert any(box == pytest.approx((180, low, 230, low + 50)) for box in shown)

    @pytest.mark.parametrize("name", ["outdoor", "outdoor standing", "pole", "wide standing"])
    def test_roofs_a_box_outdoors_and_lets_no_cable_in_from_above(self, name: str) -> None:
        sheet = sheet_of(name)
        height = size_of(DESIGNS[name])[1]
        roofs = [shape for shape in sheet.shapes if isinstance(shape, Polyline) and shape.layer is Layer.BOX]
        assert max(y for roof in roofs for _, y in roof.points) == height + 20
        assert any("모든 전선은 하부로" in word for word in words(sheet))

    def test_screws_the_cover_of_a_hi_box(self) -> None:
        sheet = sheet_of("hi-box")
        assert on_layer(sheet, Layer.HINGE) == []
        assert {"커버", "커버 고정 나사", "나사 체결 커버 (참고)"} <= words(sheet)
        assert "손잡이 (잠금장치)" not in words(sheet)


class TestCutOuts:
    @pytest.mark.parametrize("name", NAMES)
    def test_are_closed_outlines_alone_on_their_layer(self, name: str) -> None:
        cut = [shape for shape in sheet_of(name).shapes if shape.layer is Layer.CUT_OUT]
        assert cut
        assert all(isinstance(shape, Rectangle | Circle) for shape in cut)
        assert all(shape.style.fill is None for shape in cut if isinstance(shape, Rectangle | Circle))

    def test_are_true_to_scale_at_the_instruments(self) -> None:
        # Two V/A meters of 96 mm: cut-out 92 (IEC 61554) about their centres (500, 1448) and (630, 1448).
        # First push button, 22 mm at (60, 1200): hole of 22.3 (IEC 60947-5-1) about (71, 1211).
        cut = [shape for shape in sheet_of("meters and buttons").shapes if shape.layer is Layer.CUT_OUT]
        squares = [
            (box.x0, box.y0, box.x1, box.y1)
            for box in cut
            if isinstance(box, Rectangle) and 0 < box.y0 < 1600
        ]
        assert squares == [(454, 1402, 546, 1494), (584, 1402, 676, 1494)]
        circles = [(hole.x, hole.y, 2 * hole.radius) for hole in cut if isinstance(hole, Circle)]
        assert len(circles) == 30
        assert circles[0] == (71, 1211, 22.3)

    def test_let_cables_in_through_the_gland_plate(self) -> None:
        # 100 mm from the sides of 600, 35 from front and back of 150; 15 of rim around the opening.
        sheet = sheet_of("surface")
        *_, bottom, top = boxes(sheet)
        openings = [(box.x0, box.y0, box.x1, box.y1) for box in on_layer(sheet, Layer.CUT_OUT)]
        assert openings == [
            pytest.approx((100, bottom[1] + 35, 500, bottom[1] + 115)),
            pytest.approx((100, top[1] + 35, 500, top[1] + 115)),
        ]
        plates = [(box.x0, box.y0, box.x1, box.y1) for box in on_layer(sheet, Layer.PLATE)]
        assert plates[0] == pytest.approx((85, bottom[1] + 20, 515, bottom[1] + 130))

    def test_are_listed_with_their_place_and_size(self) -> None:
        shown = words(sheet_of("meters and buttons"))
        assert {"V/A1–2", "500, 630", "1448", "92×92", "φ22.3", "1211", "1121"} <= shown

    def test_are_not_invented_where_only_the_maker_knows(self) -> None:
        cam = boxed(600, 800, 150, instruments=(("selector_switch", 200, 500, 48),))
        sheet = outline_sheet(cam, heading())
        assert all(shape.y1 < 0 or shape.y0 > 800 for shape in on_layer(sheet, Layer.CUT_OUT))
        assert {"CS1", "제조사 자료"} <= words(sheet)

    def test_name_the_instruments_part(self) -> None:
        (meter,) = [shape for shape in on_layer(sheet_of("every kind"), Layer.DOOR) if shape.part]
        assert meter.part == "va_meter1"


class TestDimensions:
    @pytest.mark.parametrize("name", NAMES)
    def test_say_what_they_measure(self, name: str) -> None:
        for shape in sheet_of(name).shapes:
            if isinstance(shape, Dimension):
                for label, (start, end) in zip(shape.labels, pairwise(shape.stops), strict=True):
                    assert float(re.sub(r"[^0-9.]", "", label)) == pytest.approx(end - start)

    @pytest.mark.parametrize("name", NAMES)
    def test_give_width_height_and_depth_once_and_plainly(self, name: str) -> None:
        sheet = sheet_of(name)
        width, height, depth = size_of(DESIGNS[name])
        plain = [label for chain in labels(sheet, Axis.X) for label in chain if not label.startswith("(")]
        assert sorted(plain) == [f"D {depth}", f"W {width}"]
        upright = [label for chain in labels(sheet, Axis.Y) for label in chain]
        assert upright.count(f"H {height}") == 1

    def test_put_shop_habits_in_brackets(self) -> None:
        # Across: door leaf 580 (10 of box shows around it), lugs 500 apart, door edge 20 of depth 150, gland openings above and below.
        # Upright: lug holes 12.5 beyond the box, door leaf 780, openings between front and back.
        sheet = sheet_of("surface")
        across = [chain for chain in labels(sheet, Axis.X) if chain[0].startswith("(")]
        assert sorted(across) == sorted(
            [
                ("(580)",),
                ("(500)",),
                ("(20)", "(130)"),
                ("(100)", "(400)", "(100)"),
                ("(100)", "(400)", "(100)"),
            ]
        )
        upright = [chain for chain in labels(sheet, Axis.Y) if chain[0].startswith("(")]
        assert sorted(upright) == sorted(
            [("(825)",), ("(780)",), ("(35)", "(80)", "(35)"), ("(35)", "(80)", "(35)")]
        )
        assert any("미확인" in word for word in words(sheet))


class TestWords:
    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_do_not_touch_each_other(self, name: str, locale: Locale) -> None:
        sheet = sheet_of(name, locale)
        slack = 0.05 * float(sheet.scale)
        assert list(overlapping([(text.content, text.extent) for text in texts(sheet)], slack)) == []

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_stay_inside_the_frame(self, name: str, locale: Locale) -> None:
        sheet = sheet_of(name, locale)
        scale = float(sheet.scale)
        frame = [
            (sheet.x0 if axis % 2 == 0 else sheet.y0) + edge * scale
            for axis, edge in enumerate(Paper.A3.frame)
        ]
        for text in texts(sheet):
            x0, y0, x1, y1 = text.extent
            assert x0 >= frame[0], text.content
            assert y0 >= frame[1], text.content
            assert x1 <= frame[2], text.content
            assert y1 <= frame[3], text.content

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_are_large_enough_to_read(self, name: str, locale: Locale) -> None:
        sheet = sheet_of(name, locale)
        assert min(text.size_mm for text in texts(sheet)) / float(sheet.scale) >= 1.8 - 1e-9

    @pytest.mark.parametrize("name", NAMES)
    def test_are_english_in_an_english_sheet(self, name: str) -> None:
        sheet = sheet_of(name, "en")
        assert [word for word in words(sheet) if re.search("[가-힣]", word)] == []
        assert not re.search("[가-힣]", sheet.title + sheet.description)

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_are_whole(self, name: str, locale: Locale) -> None:
        assert [word for word in words(sheet_of(name, locale)) if "…" in word] == []


class TestItems:
    @pytest.mark.parametrize("name", NAMES)
    def test_are_all_numbered_beside_the_views(self, name: str) -> None:
        sheet = sheet_of(name)
        rings = [
            shape
            for shape in sheet.shapes
            if isinstance(shape, Circle)
            and shape.layer is Layer.LABEL
            and shape.radius == pytest.approx(2.3 * float(sheet.scale))
        ]
        numbers = [
            text.content
            for text in texts(sheet)
            if text.layer is Layer.LABEL and re.fullmatch(r"\d+", text.content)
        ]
        assert numbers == [str(number) for number in range(1, len(rings) + 1)]
        listed = [
            text.content
            for text in texts(sheet)
            if text.layer is Layer.TABLE and text.bold and re.fullmatch(r"\d+", text.content)
        ]
        assert listed == numbers

    @pytest.mark.parametrize("name", NAMES)
    def test_have_numbers_clear_of_words(self, name: str) -> None:
        sheet = sheet_of(name)
        slack = 0.05 * float(sheet.scale)
        rings = [
            (
                f"ring {shape.x} {shape.y}",
                (
                    shape.x - shape.radius,
                    shape.y - shape.radius,
                    shape.x + shape.radius,
                    shape.y + shape.radius,
                ),
            )
            for shape in sheet.shapes
            if isinstance(shape, Circle) and shape.layer is Layer.LABEL and shape.radius > float(sheet.scale)
        ]
        others = [
            (text.content, text.extent) for text in texts(sheet) if not re.fullmatch(r"\d{1,2}", text.content)
        ]
        touching = [pair for pair in overlapping([*rings, *others], slack) if "ring" in pair[0] + pair[1]]
        assert touching == []


class TestNotes:
    @pytest.mark.parametrize(
        ("name", "phrase", "others"),
        [
            ("wide", "문 폭이 900을 넘으면", "surface"),
            ("meters and buttons", "문 타공의 X, Y는", "surface"),
            ("meters and buttons", "성적서로 확인하지 않음", "surface"),
            ("outdoor", "모든 전선은 하부로", "surface"),
        ],
    )
    def test_stand_where_the_box_needs_them(self, name: str, phrase: str, others: str) -> None:
        assert any(phrase in word for word in words(sheet_of(name)))
        assert not any(phrase in word for word in words(sheet_of(others)))

    def test_warn_of_a_joint_through_an_instrument(self) -> None:
        crossed = boxed(1000, 1600, 200, instruments=(("va_meter", 300, 1200, 400),))
        assert any("기기 위치를 옮길 것" in word for word in words(outline_sheet(crossed, heading())))

    def test_mark_an_instrument_nobody_has_measured(self) -> None:
        design = boxed(600, 800, 150, instruments=(("va_meter", 100, 500, 96),))
        parts = tuple(replace(part, verified=part.device != "va_meter1") for part in design.drawing.parts)
        shown = words(outline_sheet(replace(design, drawing=replace(design.drawing, parts=parts)), heading()))
        assert any("제조사 자료로 확인하지 않은 외형" in word for word in shown)
        assert "V/A1*" in shown


class TestSpecification:
    def test_says_what_the_catalogue_knows_of_the_sheet(self) -> None:
        sheet = outline_sheet(DESIGNS["surface"], heading(), sheet_mm=Decimal("1.6"))
        assert "강판 1.6T" in words(sheet)
        assert not any("판 두께" in word for word in words(sheet))

    def test_leaves_open_what_nobody_has_said(self) -> None:
        assert {"강판 (두께 협의)", "협의 (승인 시 확정)", "제작 후 기입"} <= words(sheet_of("surface"))
        assert any("판 두께는 승인 시 협의" in word for word in words(sheet_of("surface")))

    def test_marks_a_declared_protection_nobody_has_tested(self) -> None:
        assert "IP44**" in words(sheet_of("meters and buttons"))
        assert "IP44" in words(sheet_of("surface"))
        unknown = boxed(600, 800, 150, ip=None)
        assert "표시 없음" in words(outline_sheet(unknown, heading()))

    def test_says_how_many_are_made(self) -> None:
        design = DESIGNS["surface"]
        three = replace(design, problem=replace(design.problem, request=drawings.request(quantity=3)))
        assert "3면" in words(outline_sheet(three, heading()))

    def test_tells_rows_that_find_no_room(self) -> None:
        # 99 buttons, no two of one height: more rows than the strip has left.
        many = tuple(("push_button", 60, 100 + 24 * number, 22) for number in range(60))
        sheet = outline_sheet(boxed(600, 2000, 150, instruments=many), heading())
        assert any("CUT_OUT 층 참조" in word for word in words(sheet))


class TestPrint:
    @pytest.mark.parametrize("name", NAMES)
    def test_is_an_a3_print_at_a_usual_scale(self, name: str) -> None:
        sheet = sheet_of(name)
        assert (sheet.print_width_mm, sheet.print_height_mm) == pytest.approx((420, 297))
        assert sheet.scale in SCALES

    def test_is_titled_as_the_heading_says(self) -> None:
        assert sheet_of("surface").title == "LP-3F 외형도"
        assert "외형도" in words(sheet_of("surface"))
        assert "제작 외형도" in words(outline_sheet(DESIGNS["surface"], heading(title="제작 외형도")))

    @pytest.mark.parametrize("name", NAMES)
    def test_draws_nothing_beyond_the_frame(self, name: str) -> None:
        sheet = sheet_of(name)
        (frame,) = on_layer(sheet, Layer.FRAME)
        for shape in sheet.shapes:
            if isinstance(shape, Rectangle):
                assert frame.x0 <= shape.x0 <= shape.x1 <= frame.x1
                assert frame.y0 <= shape.y0 <= shape.y1 <= frame.y1
