"""How a single-line diagram lies on its paper: nothing overlaps, nothing leaves, every letter can be read, in both languages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Final

import pytest

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.paper import Paper, drawing_area
from kis.estimator.documents.drawings.sheet import (
    Arc,
    Box,
    Circle,
    Layer,
    Line,
    Polyline,
    Rectangle,
    Shape,
    Sheet,
    Text,
)
from kis.estimator.documents.drawings.single_line.sheets import single_line_sheets
from kis.estimator.documents.drawings.svg import svg
from kis.platform.messages import Locale
from tests.factories import designs, drawings, panels

LOCALES: Final[tuple[Locale, ...]] = ("ko", "en")
LONG: Final = "지하 2층 주차장 급기팬 및 배기팬 제어반 (비상전원 겸용) No.12 WWWWWWWWWW 예비전원 포함"
CABLE: Final = "F-CV 3C 10㎟, E 6㎟ (HI-PVC 28C) 트레이 포설"
EVERYTHING: Final = [
    panels.accessory("spd"),
    panels.accessory("va_meter"),
    panels.accessory("meter_3ph"),
    panels.accessory("meter_1ph", 3),
    panels.accessory("magnetic_contactor", 12, model="MC-22"),
    panels.accessory("timer_24h", 2),
    panels.accessory("timer_sunset"),
]


def _several(mains: int) -> PanelDesign:
    names = [f"M{number}" for number in range(1, mains + 1)]
    branches = [
        panels.elb(2, 20, count, load="전등", main=name)
        for name, count in zip(names, (30, 5, 8), strict=False)
    ]
    wanted = panels.panel(*branches, mains=[panels.main(225, name=name) for name in names])
    return panels.designed({**wanted, "accessories": EVERYTHING})


def _network(supply: str, poles: int) -> PanelDesign:
    branches = (panels.elb(2, 20, 5, load="전등"), panels.mccb(2, 30, 2, load="용접기"))
    return panels.designed(panels.panel(*branches, supply=supply, mains=[panels.main(100, poles)]))


def _wordy() -> PanelDesign:
    branches = (
        panels.mccb(3, 50, 6, load=LONG, load_va=12000, cable=CABLE),
        panels.elb(2, 20, 30, load=LONG, cable=CABLE),
        panels.elb(2, 20, 4, load="예비"),
    )
    main = panels.main(225, cable=f"{CABLE} × 2, {CABLE}")
    return panels.designed(
        panels.panel(*branches, mains=[main], spare_ways=4, accessories=EVERYTHING, name="L" * 60)
    )


def many_accessories() -> PanelDesign:
    items = tuple(
        replace(
            drawings.accessory(f"magnetic_contactor{number}", "magnetic_contactor"), model=f"MC-{number}b"
        )
        for number in range(1, 41)
    )
    board = designs.board(12)
    return replace(board, problem=replace(board.problem, accessories=items))


def _protected() -> PanelDesign:
    main = {"kind": "ELB", "poles": 4, "rating_a": 100}
    circuits = panels.elb(2, 20, 6, load="전등")
    return panels.designed(panels.panel(circuits, mains=[main], accessories=EVERYTHING[:3]))


MADE: Final[dict[str, Callable[[], PanelDesign]]] = {
    "every kind": designs.every_kind,
    "1 circuit": lambda: designs.board(1),
    "7 circuits": lambda: designs.board(7),
    "12 circuits": lambda: designs.board(12),
    "40 circuits": lambda: designs.board(40, load=f"{LONG} {LONG}"),
    "120 circuits": lambda: designs.board(120, columns=3),
    "300 circuits": lambda: designs.board(300, columns=5),
    "main alone": lambda: panels.designed(panels.panel(rating_a=400)),
    "two mains": lambda: _several(2),
    "three mains": lambda: _several(3),
    "1P2W": lambda: _network("1P2W-220", 2),
    "1P3W": lambda: _network("1P3W-220/110", 3),
    "3P3W": lambda: _network("3P3W-380", 3),
    "earth-leakage main": _protected,
    "40 accessories": many_accessories,
    "long words": _wordy,
    "rails": lambda: panels.designed(
        panels.panel(panels.elb(2, 20, 9, load="전열"), make=panels.LS, style="din_rail", rating_a=50)
    ),
}
CASES: Final = [pytest.param(name, locale, id=f"{name}-{locale}") for name in MADE for locale in LOCALES]


@cache
def sheets_of(name: str, locale: Locale) -> tuple[Sheet, ...]:
    return single_line_sheets(MADE[name](), designs.heading(locale, customer="한빛전설", number="HB-1"))


def texts(sheet: Sheet) -> list[Text]:
    return [shape for shape in sheet.shapes if isinstance(shape, Text)]


def area_of(sheet: Sheet) -> Box:
    (paper,) = [paper for paper in Paper if paper.width_mm == sheet.print_width_mm]
    return drawing_area(paper)


def extent(shape: Shape) -> Box:
    if isinstance(shape, Text):
        return shape.extent
    if isinstance(shape, Circle | Arc):
        reach = shape.radius
        return (shape.x - reach, shape.y - reach, shape.x + reach, shape.y + reach)
    if isinstance(shape, Polyline):
        xs, ys = zip(*shape.points, strict=True)
        return (min(xs), min(ys), max(xs), max(ys))
    assert isinstance(shape, Line | Rectangle)
    return (
        min(shape.x0, shape.x1),
        min(shape.y0, shape.y1),
        max(shape.x0, shape.x1),
        max(shape.y0, shape.y1),
    )


def inside(inner: Box, outer: Box, slack: float = 0.01) -> bool:
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def overlapping(boxes: list[tuple[str, Box]], slack: float) -> Iterator[tuple[str, str]]:
    """Yield pairs that overlap by more than ``slack``; sorted by x so that only near ones are compared."""
    ordered = sorted(boxes, key=lambda item: item[1][0])
    for number, (name, box) in enumerate(ordered):
        for other_name, other in ordered[number + 1 :]:
            if other[0] >= box[2] - slack:
                break
            if box[1] < other[3] - slack and other[1] < box[3] - slack:
                yield name, other_name


def drawn(sheet: Sheet) -> list[Shape]:
    """Return what stands above the foot of the paper, its frame and title block left out."""
    low = area_of(sheet)[1] - 3
    return [
        shape
        for shape in sheet.shapes
        if shape.layer not in {Layer.FRAME, Layer.TITLE_BLOCK} and extent(shape)[3] > low
    ]


class TestPage:
    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_no_two_texts_overlap(self, name: str, locale: Locale) -> None:
        for sheet in sheets_of(name, locale):
            boxes = [(text.content, text.extent) for text in drawn(sheet) if isinstance(text, Text)]
            assert not list(overlapping(boxes, slack=0.25))

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_everything_stays_in_the_area_of_the_view(self, name: str, locale: Locale) -> None:
        for sheet in sheets_of(name, locale):
            outside = [shape for shape in drawn(sheet) if not inside(extent(shape), area_of(sheet), 0.05)]
            assert not outside

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_words_stay_in_their_cells_and_can_be_read(self, name: str, locale: Locale) -> None:
        for sheet in sheets_of(name, locale):
            for text in texts(sheet):
                assert text.size_mm >= 1.8 - 1e-9, text
                assert text.content.strip(), text
                if text.box is not None and text.layer is not Layer.TITLE_BLOCK:
                    assert inside(text.extent, text.box, 0.35), text

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_the_notes_are_whole(self, name: str, locale: Locale) -> None:
        for sheet in sheets_of(name, locale):
            notes = [text.content for text in texts(sheet) if text.layer is Layer.TITLE_BLOCK]
            assert "…" not in notes

    @pytest.mark.parametrize(("name", "locale"), CASES)
    def test_no_symbol_runs_through_a_word(self, name: str, locale: Locale) -> None:
        for sheet in sheets_of(name, locale):
            shapes = drawn(sheet)
            words = [shape for shape in shapes if isinstance(shape, Text) and shape.layer is not Layer.SYMBOL]
            marks = [
                (shape, extent(shape))
                for shape in shapes
                if shape.layer in {Layer.SYMBOL, Layer.WIRE, Layer.BUSBAR} and not isinstance(shape, Text)
            ]
            for word in words:
                x0, y0, x1, y1 = word.extent
                crossed = [
                    mark
                    for mark, (left, low, right, high) in marks
                    if left < x1 - 0.2 and x0 < right - 0.2 and low < y1 - 0.3 and y0 < high - 0.3
                ]
                assert not crossed, word

    @pytest.mark.parametrize("name", MADE)
    def test_an_english_sheet_has_no_korean_but_the_customers_words(self, name: str) -> None:
        design = MADE[name]()
        own = {device.load for device in design.problem.devices} | {"한빛전설", "사무동 신축"}
        own |= {device.cable for device in design.problem.devices}
        own |= {main.cable for main in design.problem.mains}
        quoted = " ".join(own)
        for sheet in sheets_of(name, "en"):
            left = [
                word
                for text in texts(sheet)
                for word in text.content.replace("…", " ").split()
                if any("가" <= letter <= "힣" for letter in word) and word not in quoted
            ]
            assert not left
            assert not any("가" <= letter <= "힣" for letter in sheet.title + sheet.description)

    def test_accessories_without_room_beside_the_bus_take_a_sheet_of_their_own(self) -> None:
        first, second = sheets_of("40 accessories", "ko")
        tags = {f"MC{number}" for number in range(1, 41)}
        assert not tags & {text.content for text in texts(first)}
        assert tags <= {text.content for text in texts(second)}

    def test_the_same_panel_gives_the_same_sheets(self) -> None:
        first, second = (
            [svg(sheet) for sheet in single_line_sheets(designs.board(60), designs.heading())]
            for _ in range(2)
        )
        assert first == second

    def test_words_too_long_for_a_row_are_cut_visibly_and_the_rest_is_whole(self) -> None:
        long = [text.content for sheet in sheets_of("40 circuits", "ko") for text in texts(sheet)]
        assert any(content.endswith("…") for content in long)
        short = [text.content for sheet in sheets_of("12 circuits", "ko") for text in texts(sheet)]
        assert not any("…" in content for content in short)
