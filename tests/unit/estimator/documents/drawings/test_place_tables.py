"""What is mounted beside the breakers is listed with the place where a workshop drills for it."""

from dataclasses import replace

import pytest

from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.panel_facts import facts_of
from kis.estimator.documents.drawings.place_tables import mounted_places
from kis.estimator.documents.drawings.sheet import Layer
from kis.estimator.layout.drawing import PartKind
from tests.factories import designs, drawings
from tests.unit.estimator.documents.drawings.sheets import DESIGNS, sheet_of, texts, words

MOUNTED = {
    PartKind.SPD,
    PartKind.METER,
    PartKind.CONTACTOR,
    PartKind.TIMER,
    PartKind.FUSE_HOLDER,
    PartKind.TERMINAL_BLOCK,
    PartKind.EARTH_BAR,
    PartKind.NEUTRAL_BAR,
}


class TestMountedPlaces:
    def test_name_every_part_beside_the_breakers_once(self) -> None:
        design = DESIGNS["every kind"]
        parts = [part for part in design.drawing.parts if part.kind in MOUNTED]
        places = mounted_places(facts_of(design, "ko")).places
        assert sorted(place.box for place in places) == sorted(
            (part.x0, part.y0, part.x1, part.y1) for part in parts
        )
        assert {"SPD1", "F", "TB", "E", "N"} <= {place.name.removesuffix("*") for place in places}
        assert all(place.name for place in places)

    def test_run_from_the_top_and_from_the_left(self) -> None:
        items = tuple(drawings.accessory(f"c{number}", "magnetic_contactor") for number in (1, 2, 3))
        seats = ((200, 100), (100, 100), (100, 300))
        parts = tuple(
            drawings.part(item.id, PartKind.CONTACTOR, (x, x + 45), (y, y + 74), (0, 87), device=item.id)
            for item, (x, y) in zip(items, seats, strict=True)
        )
        drawing = drawings.drawing(parts=parts)
        facts = facts_of(designs.design(problem=drawings.problem(accessories=items), drawing=drawing), "en")
        assert [place.box[:2] for place in mounted_places(facts).places] == [
            (100, 300),
            (100, 100),
            (200, 100),
        ]


class TestTables:
    def test_give_lower_left_corner_and_size(self) -> None:
        bar = next(part for part in DESIGNS["hand-drawn"].drawing.parts if part.kind is PartKind.EARTH_BAR)
        shown = [text.content for text in texts(sheet_of("hand-drawn")) if text.layer is Layer.TABLE]
        row = [str(figure) for figure in (bar.x0, bar.y0, bar.x1 - bar.x0, bar.y1 - bar.y0)]
        start = shown.index("E")
        assert shown[start + 1 : start + 5] == row

    @pytest.mark.parametrize("name", ["hand-drawn", "every kind"])
    def test_stand_on_the_sheet(self, name: str) -> None:
        assert any(text.startswith("기기·단자대 위치 (") for text in words(sheet_of(name)))

    def test_give_way_to_circuits_that_need_the_room(self) -> None:
        # 200 circuits one by one fill the strip; 60 contactors more would join them into a few rows.
        board = DESIGNS["200 circuits in 4 columns"]
        items = tuple(drawings.accessory(f"c{number}", "magnetic_contactor") for number in range(60))
        parts = tuple(
            drawings.part(item.id, PartKind.CONTACTOR, (60, 105), (60, 134), (0, 87), device=item.id)
            for item in items
        )
        design = replace(
            board,
            problem=replace(board.problem, accessories=items),
            drawing=replace(board.drawing, parts=(*board.drawing.parts, *parts)),
        )
        shown = words(layout_sheet(design, designs.heading()))
        assert {"1", "200"} <= shown
        assert any(text.startswith("P-COVER 개구 (") for text in shown)
        assert not any(text.startswith("기기·단자대 위치 (") for text in shown)
