from hypothesis import given
from hypothesis import strategies as st

from kis.estimator.documents.template.places import (
    MAX_ROW,
    Block,
    RowPlan,
    Spot,
    column_letters,
    column_number,
    plan_rows,
)

SHEET = "내역"


def line_block(row: int) -> Block:
    return Block(sheet=SHEET, kind="line", first=row, last=row, lines=(row, row))


def panel_block(first: int, lines: tuple[int, int], last: int) -> Block:
    return Block(sheet=SHEET, kind="panel", first=first, last=last, lines=lines)


def written_out(block: Block, lines: tuple[int, ...], start: int) -> list[tuple[int, int, int, int | None]]:
    """Lay the copies out row by row, as a person would copy them: (row, template's row, group, line)."""
    rows: list[tuple[int, int, int, int | None]] = []
    at = start
    for group, count in enumerate(lines):
        row = block.first
        while row <= block.last:
            if block.lines is not None and row == block.lines[0]:
                for line in range(count):
                    for own in range(block.lines[0], block.lines[1] + 1):
                        rows.append((at, own, group, line))
                        at += 1
                row = block.lines[1] + 1
            else:
                rows.append((at, row, group, None))
                at += 1
                row += 1
    return rows


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Block, tuple[int, ...]]:
    first = draw(st.integers(1, 30))
    head, unit, tail = draw(st.integers(0, 3)), draw(st.integers(1, 2)), draw(st.integers(0, 3))
    lines = (first + head, first + head + unit - 1)
    if head == tail == 0:
        block = Block(sheet=SHEET, kind="line", first=first, last=lines[1], lines=lines)
        return block, (draw(st.integers(1, 9)),)
    counts = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    return panel_block(first, lines, lines[1] + tail), tuple(counts)


class TestRepetition:
    @given(blocks())
    def test_stands_as_if_copied_row_by_row(self, given_block: tuple[Block, tuple[int, ...]]) -> None:
        block, lines = given_block
        repetition = plan_rows(SHEET, [(block, lines)]).repetitions[0]
        expected = written_out(block, lines, block.first)
        assert [(row, source, spot.group, spot.line) for row, source, spot in repetition.spots()] == expected
        assert repetition.height == len(expected)

    def test_pushes_down_the_blocks_below(self) -> None:
        # 3 lines at row 5 take 5–7 (two more); a panel block at 10–12 begins at 12; with (2, 1) lines it takes 4 + 3 rows: 12–18.
        plan = plan_rows(SHEET, [(panel_block(10, (11, 11), 12), (2, 1)), (line_block(5), (3,))])
        assert [(each.start, each.height) for each in plan.repetitions] == [(5, 3), (12, 7)]
        assert plan.moved(9) == 11
        assert plan.moved(13) == 13 + 2 + 4


class TestRowPlan:
    plan = plan_rows(SHEET, [(line_block(10), (4,))])

    def test_keeps_rows_above_and_moves_those_below(self) -> None:
        assert (self.plan.first(9), self.plan.first(10), self.plan.last(10), self.plan.first(11)) == (
            9,
            10,
            13,
            14,
        )

    def test_leaves_the_last_row_of_a_sheet_where_it_is(self) -> None:
        assert self.plan.moved(MAX_ROW) == MAX_ROW

    def test_takes_all_copies_into_a_range(self) -> None:
        assert self.plan.spans(10, 10) == [(10, 13)]
        assert self.plan.spans(8, 11) == [(8, 14)]

    def test_makes_one_merged_cell_for_each_copy(self) -> None:
        assert self.plan.copies(10, 10) == [(10, 10), (11, 11), (12, 12), (13, 13)]
        assert self.plan.copies(9, 11) == [(9, 14)]

    def test_parts_the_lines_of_different_panels(self) -> None:
        # head 4, line 5, foot 6; lines 2 and 3: rows 4 | 5 6 | 7 and 8 | 9 10 11 | 12
        plan = plan_rows(SHEET, [(panel_block(4, (5, 5), 6), (2, 3))])
        assert plan.spans(5, 5) == [(5, 6), (9, 11)]
        assert plan.spans(4, 6) == [(4, 12)]
        assert plan.copies(4, 6) == [(4, 7), (8, 12)]
        assert plan.copies(4, 4) == [(4, 4), (8, 8)]

    def test_a_sheet_without_blocks_is_still(self) -> None:
        assert RowPlan(SHEET).is_still
        assert not self.plan.is_still


class TestResolve:
    plan = plan_rows(SHEET, [(panel_block(4, (5, 5), 6), (2, 3))])  # rows 4 | 5 6 | 7 and 8 | 9 10 11 | 12

    def spot(self, group: int, line: int | None) -> Spot:
        return Spot(self.plan.repetitions[0], group, line)

    def test_a_line_means_its_own_line(self) -> None:
        assert self.plan.resolve(5, self.spot(1, 2), relative=True, last=False) == 11

    def test_a_line_means_the_heading_of_its_own_panel_even_absolutely(self) -> None:
        assert self.plan.resolve(4, self.spot(1, 2), relative=False, last=False) == 8

    def test_a_foot_takes_in_the_lines_of_its_own_panel(self) -> None:
        foot = self.spot(1, None)
        assert self.plan.resolve(5, foot, relative=True, last=False) == 9
        assert self.plan.resolve(5, foot, relative=True, last=True) == 11

    def test_an_absolute_reference_from_a_line_means_the_first_or_ends_at_the_last(self) -> None:
        spot = self.spot(1, 1)
        assert self.plan.resolve(5, spot, relative=False, last=False) == 9
        assert self.plan.resolve(5, spot, relative=False, last=True) == 11

    def test_the_row_above_a_copy_moves_with_it(self) -> None:
        assert self.plan.resolve(3, self.spot(1, None), relative=True, last=False) == 7
        assert self.plan.resolve(3, self.spot(1, None), relative=False, last=False) == 3

    def test_from_outside_a_range_reaches_over_all_panels(self) -> None:
        assert self.plan.resolve(5, None, relative=True, last=False) == 5
        assert self.plan.resolve(5, None, relative=True, last=True) == 11

    def test_a_row_of_another_sheet_that_repeats_for_the_same_panels_is_its_own(self) -> None:
        other = Block(sheet="갑지", kind="panel", first=12, last=12, lines=None)
        summary = plan_rows("갑지", [(other, (1, 1))]).repetitions[0]
        assert self.plan.resolve(6, Spot(summary, 1, None), relative=True, last=False) == 12
        assert self.plan.resolve(6, Spot(summary, 1, None), relative=False, last=False) == 7


class TestColumns:
    def test_counts_as_spreadsheets_do(self) -> None:
        assert [column_letters(number) for number in (1, 26, 27, 702, 703, 16384)] == [
            "A",
            "Z",
            "AA",
            "ZZ",
            "AAA",
            "XFD",
        ]

    @given(st.integers(1, 16384))
    def test_goes_there_and_back(self, number: int) -> None:
        assert column_number(column_letters(number)) == number
