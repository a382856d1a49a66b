"""The openings of the P-COVER on the layout sheet."""

import pytest

from kis.estimator.documents.drawings.cut_out import cover_cut_outs
from kis.estimator.documents.drawings.layout.cover_view import cover_numbers
from kis.estimator.documents.drawings.sheet import Layer, Polyline, Rectangle, Style
from kis.estimator.layout.drawing import PartKind
from tests.factories import drawings
from tests.unit.estimator.documents.drawings.sheets import DESIGNS, overlaps, sheet_of, texts, words


class TestCover:
    @pytest.mark.parametrize("name", DESIGNS)
    def test_draws_every_opening_alone_on_its_layer(self, name: str) -> None:
        sheet = sheet_of(name)
        found = cover_cut_outs(DESIGNS[name].drawing)
        drawn = [shape for shape in sheet.shapes if shape.layer is Layer.CUT_OUT]
        assert len(drawn) == len(found)
        for shape, opening in zip(drawn, found, strict=True):
            if isinstance(shape, Rectangle):
                assert (shape.x0, shape.y0, shape.x1, shape.y1) == opening.box
            else:
                assert isinstance(shape, Polyline)
                assert shape.closed
                assert shape.points == opening.outline
            assert (shape.style.fill, shape.style.hatch, shape.style.dash_mm) == (None, None, ())

    def test_lists_a_stepped_opening_as_its_rectangles(self) -> None:
        # The left side: 134 × 79 about B001, below it 74 × 37 about B003.
        shown = [text.content for text in texts(sheet_of("hand-drawn")) if text.layer is Layer.TABLE]
        start = shown.index("P2a")
        assert shown[start : start + 10] == [
            *("P2a", "108", "193", "134", "79"),
            *("P2b", "168", "156", "74", "37"),
        ]

    @pytest.mark.parametrize("name", DESIGNS)
    def test_numbers_every_opening_beside_it(self, name: str) -> None:
        sheet = sheet_of(name)
        numbers = [text for text in texts(sheet) if text.layer is Layer.LABEL and text.content[:1] == "P"]
        found = cover_cut_outs(DESIGNS[name].drawing)
        assert {f"P{opening.number}" for opening in found} <= {text.content for text in numbers}

    def test_says_what_is_shop_habit(self) -> None:
        assert any("P-COVER" in text and "2" in text for text in words(sheet_of("12 circuits at 1 to 20")))
        assert any(
            "shop habit, unverified" in text for text in words(sheet_of("12 circuits at 1 to 20", "en"))
        )


class TestNumbers:
    """One opening from (98, 98) to (112, 112); at 1 : 1 its number is 1.8 mm high and stands 0.4 mm beside it."""

    OPENING = cover_cut_outs(
        drawings.drawing(parts=(drawings.part("B1", PartKind.BREAKER, (100, 110), (100, 110), (30, 90)),))
    )
    BOUNDS = (0.0, 0.0, 200.0, 200.0)

    def body(self, x0: float, x1: float) -> Rectangle:
        return Rectangle(layer=Layer.BRANCH, x0=x0, y0=0, x1=x1, y1=200, style=Style(), part="other")

    def test_stand_left_of_the_upper_corner(self) -> None:
        (number,) = cover_numbers(self.OPENING, (), self.BOUNDS, 1.0)
        assert number.content == "P1"
        assert number.extent[2] <= 98
        assert number.layer is Layer.LABEL

    def test_move_to_the_right_where_something_stands_on_the_left(self) -> None:
        (number,) = cover_numbers(self.OPENING, (self.body(90, 97),), self.BOUNDS, 1.0)
        assert number.extent[0] >= 112

    def test_stay_inside_the_box(self) -> None:
        (number,) = cover_numbers(self.OPENING, (), (97.0, 0.0, 200.0, 200.0), 1.0)
        assert number.extent[0] >= 112

    def test_are_left_out_where_no_place_is_free(self) -> None:
        assert list(cover_numbers(self.OPENING, (self.body(90, 120),), self.BOUNDS, 1.0)) == []

    def test_keep_clear_of_each_other(self) -> None:
        # Twice the same opening: the second number cannot stand where the first one does.
        first, second = cover_numbers((*self.OPENING, *self.OPENING), (), self.BOUNDS, 1.0)
        assert not overlaps(first.extent, second.extent)
