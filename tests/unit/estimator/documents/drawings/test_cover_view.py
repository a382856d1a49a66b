"""The openings of the P-COVER on the layout sheet."""

import pytest

from kis.estimator.documents.drawings.cut_out import cover_cut_outs
from kis.estimator.documents.drawings.sheet import (
    Layer,
    Polyline,
    Rectangle,
)
from tests.unit.estimator.documents.drawings.sheets import DESIGNS, sheet_of, texts, words


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
