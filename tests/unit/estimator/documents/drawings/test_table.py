"""A table's cells hold their words: on one line, on two where the row is high enough, and only then cut."""

from kis.estimator.documents.drawings.sheet import Anchor, Text
from kis.estimator.documents.drawings.table import SMALLEST_MM, Cell, TableColumn, table

LONG = "지하2층 공조기계실 급기팬 동력제어반 예비전원 공급용 콘센트"
"""26 Hangul, a digit and 5 spaces: 51 mm in letters of 1.8 mm."""


def lines(
    content: str, row_mm: float, *, width_mm: float = 40.0, anchor: Anchor = Anchor.START
) -> list[Text]:
    columns = [TableColumn(title="", width_mm=width_mm, anchor=anchor)]
    shapes = table(columns, [[Cell(content=content)]], 0, 100, row_mm, 2.4)
    return [shape for shape in shapes if isinstance(shape, Text)]


class TestCells:
    def test_write_a_long_word_on_two_lines_where_the_row_holds_them(self) -> None:
        upper, lower = lines(LONG, 5.0)
        assert f"{upper.content} {lower.content}" == LONG
        assert upper.extent[1] >= lower.extent[3] - 1e-9
        assert (upper.size_mm, lower.size_mm) == (SMALLEST_MM, SMALLEST_MM)

    def test_cut_it_in_a_low_row(self) -> None:
        (only,) = lines(LONG, 3.3)
        assert only.content.endswith("…")

    def test_cut_what_two_lines_cannot_hold(self) -> None:
        upper, lower = lines(f"{LONG} {LONG}", 5.0)
        assert not upper.content.endswith("…")
        assert lower.content.endswith("…")

    def test_prefer_one_line_of_smaller_letters(self) -> None:
        (only,) = lines(LONG, 5.0, width_mm=60.0)
        assert only.content == LONG

    def test_keep_figures_on_one_line(self) -> None:
        assert len(lines("123,456,789,012,345", 5.0, width_mm=10.0, anchor=Anchor.END)) == 1
