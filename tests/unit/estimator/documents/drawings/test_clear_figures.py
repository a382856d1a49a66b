"""No line runs through the figures of a dimension, through the letters of a bar, or through a name plate."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.layout.bar_marks import bar_letters
from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.outline.view import outline_sheet
from kis.estimator.documents.drawings.panel_facts import facts_of
from kis.estimator.documents.drawings.sheet import Box, Circle, Dimension, Layer, Line, Rectangle, Sheet, Text
from kis.estimator.layout.drawing import PartKind, Zones
from tests.factories import designs, drawings
from tests.factories.outlines import boxed, heading
from tests.unit.estimator.documents.drawings import sheets

OUTLINES = {
    "surface": boxed(600, 800, 150),
    "shallow": boxed(600, 1200, 120),
    "outdoor": boxed(600, 800, 180, "outdoor_surface"),
    "recessed": boxed(500, 800, 150, "recessed"),
    "standing": boxed(900, 2200, 400, "indoor_standing"),
    "standing of one opening": boxed(500, 600, 180, "outdoor_standing"),
    "standing of several openings": boxed(1400, 2050, 300, "outdoor_standing"),
    "pole": boxed(500, 600, 180, "pole"),
}


def ink_of(text: Text) -> Box:
    """Return what the digits of a figure cover: half of what its room allows for, 0.7 of its size high."""
    x0, y0, x1, y1 = text.extent
    if text.rotated:
        quarter = (y1 - y0) / 4
        return (text.x - 0.7 * text.size_mm, y0 + quarter, text.x, y1 - quarter)
    quarter = (x1 - x0) / 4
    return (x0 + quarter, text.y, x1 - quarter, text.y + 0.7 * text.size_mm)


def crossed(sheet: Sheet) -> Iterator[tuple[str, Line]]:
    """Yield each figure of a chain with the upright or level line of any chain that runs through it."""
    every = [piece for shape in sheet.shapes if isinstance(shape, Dimension) for piece in pieces(shape)]
    lines = [
        piece for piece in every if isinstance(piece, Line) and (piece.x0 == piece.x1 or piece.y0 == piece.y1)
    ]
    for text in every:
        if isinstance(text, Text):
            x0, y0, x1, y1 = ink_of(text)
            for line in lines:
                across = min(line.x0, line.x1) < x1 and max(line.x0, line.x1) > x0
                if across and min(line.y0, line.y1) < y1 and max(line.y0, line.y1) > y0:
                    yield text.content, line


class TestFigures:
    @pytest.mark.parametrize("name", OUTLINES)
    def test_of_an_outline_stand_clear_of_every_chain(self, name: str) -> None:
        assert list(crossed(outline_sheet(OUTLINES[name], heading()))) == []

    @pytest.mark.parametrize("name", ["hand-drawn", "30 circuits", "120 circuits in 3 columns"])
    def test_of_a_layout_stand_clear_of_every_chain(self, name: str) -> None:
        assert list(crossed(sheets.sheet_of(name))) == []

    def test_of_two_mains_stand_clear_of_the_chain_of_the_other(self) -> None:
        # D of the first from 155 down to 5, its figure about 80; a height of the second ends at 80.
        zones = (
            Zones(a_mm=300, b_mm=30, c_mm=115, e_mm=0, d_mm=150),
            Zones(a_mm=300, b_mm=30, c_mm=40, e_mm=0, d_mm=150),
        )
        problem = drawings.problem(mains=(drawings.main_device(), drawings.main_device(1)))
        two = designs.design(problem=problem, drawing=drawings.drawing(zones=zones))
        assert list(crossed(layout_sheet(two, designs.heading()))) == []


class TestNameplateOnAPole:
    def test_keeps_off_the_hidden_brackets(self) -> None:
        sheet = outline_sheet(OUTLINES["pole"], heading())
        (plate,) = [
            shape
            for shape in sheet.shapes
            if isinstance(shape, Rectangle) and shape.layer is Layer.NAMEPLATE and shape.hint
        ]
        # Two thirds of 500 wide, 50 high, at 100 from both ends of 600.
        upper = (500 / 6, 475.0, 2500 / 6, 525.0)
        assert not sheets.overlaps((plate.x0, plate.y0, plate.x1, plate.y1), upper)


class TestBarLetters:
    def test_stand_between_main_and_first_row(self) -> None:
        # Wide bars of an 800 A main under 30 mm of free bar: a disc of 19 mm radius would reach behind the main.
        bars = tuple(
            drawings.part(
                f"bar{line}", PartKind.BUSBAR, (x, x + 40), (100, 300), (0, 20), phase=line, column=0
            )
            for line, x in (("R", 100), ("S", 170), ("T", 240))
        )
        panel = drawings.drawing()
        parts = (*(part for part in panel.parts if part.kind is not PartKind.BUSBAR), *bars)
        facts = facts_of(designs.design(drawing=drawings.drawing(parts=parts)), "ko")
        discs = [shape for shape in bar_letters(facts, 8.0) if isinstance(shape, Circle)]
        assert len(discs) == 3
        for disc in discs:
            assert disc.y - disc.radius >= 270
            assert disc.y + disc.radius <= 300


class TestNamesOfChains:
    def test_are_whole_for_two_mains_of_the_same_heights(self) -> None:
        # ``M1–2`` is 7.1 mm wide in letters of 2 mm, 6.4 mm in letters of 1.8 mm; there are 6.65 mm.
        one, other = (Zones(a_mm=300, b_mm=30, c_mm=rows, e_mm=0, d_mm=150) for rows in (115, 75))
        mains = tuple(drawings.main_device(number) for number in range(3))
        problem = replace(drawings.problem(), mains=mains)
        design = designs.design(problem=problem, drawing=drawings.drawing(zones=(one, one, other)))
        assert {"M1–2", "M3"} <= sheets.words(layout_sheet(design, designs.heading()))
