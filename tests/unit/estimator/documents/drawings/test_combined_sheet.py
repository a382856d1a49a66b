"""Several layout sheets as one picture."""

import pytest

from kis.estimator.documents.drawings.layout.view import combined_sheet, layout_sheet
from kis.estimator.documents.drawings.paper import Paper
from kis.estimator.documents.drawings.sheet import (
    Layer,
    Sheet,
)
from tests.factories import designs
from tests.unit.estimator.documents.drawings.sheets import rectangles, texts


class TestCombinedSheet:
    def sheets(self, count: int) -> list[Sheet]:
        return [
            layout_sheet(designs.design(), designs.heading(panel=f"P{number}")) for number in range(count)
        ]

    def test_leaves_one_sheet_as_it_is(self) -> None:
        (one,) = self.sheets(1)
        assert combined_sheet([one], "ko") is one

    @pytest.mark.parametrize(
        ("count", "columns", "rows"), [(2, 2, 1), (3, 2, 2), (4, 2, 2), (5, 3, 2), (9, 3, 3)]
    )
    def test_sets_sheets_in_even_rows(self, count: int, columns: int, rows: int) -> None:
        whole = combined_sheet(self.sheets(count), "ko")
        assert (whole.print_width_mm, whole.print_height_mm) == (
            columns * Paper.A3.width_mm,
            rows * Paper.A3.height_mm,
        )

    def test_keeps_every_rectangle_at_print_size(self) -> None:
        one, other = self.sheets(2)
        whole = combined_sheet([one, other], "ko")
        mains = [item for item in rectangles(whole, Layer.MAIN) if item.part == "main1"]
        # The main is 100 × 130 mm; printed at 1:3.
        assert [(item.x1 - item.x0, item.y1 - item.y0) for item in mains] == [
            pytest.approx((100 / 3, 130 / 3))
        ] * 2
        assert mains[1].x0 - mains[0].x0 == pytest.approx(Paper.A3.width_mm)
        assert mains[1].y0 == pytest.approx(mains[0].y0)

    def test_reads_from_left_to_right_and_top_to_bottom(self) -> None:
        whole = combined_sheet(self.sheets(3), "ko")
        titles = {text.content: (text.x, text.y) for text in texts(whole) if text.content.endswith("배치도")}
        assert titles["P0 배치도"][0] < titles["P1 배치도"][0]
        assert titles["P0 배치도"][1] == pytest.approx(titles["P1 배치도"][1])
        assert titles["P2 배치도"][1] < titles["P0 배치도"][1]
