"""A sheet being written: room for its words, and printed pages that keep together what belongs together."""

import pytest

from kis.estimator.documents.workbook.draft import SheetDraft, text_length
from kis.estimator.documents.workbook.plan import CellStyle, PlannedSheet

WIDTHS = (10.0, 40.0, 50.0)
"""100 characters: 7 · 100 + 5 · 3 = 715 px = 189.2 mm, printed on 187 mm at 0.988. A page of 262 mm then holds 751 pt."""


def finished(draft: SheetDraft) -> PlannedSheet:
    return draft.finish("x", head_row=1, is_frozen=False)


def sheet_of(*blocks: tuple[int, float]) -> PlannedSheet:
    """Return a sheet of blocks of rows, each (rows, height of a row), the rows of a block kept together."""
    draft = SheetDraft(WIDTHS)
    for rows, height in blocks:
        for number in range(rows):
            draft.put("A", CellStyle.TEXT, "가")
            draft.set_height(height)
            draft.next_row(keep=number < rows - 1)
    return finished(draft)


class TestText:
    @pytest.mark.parametrize(
        ("text", "length"), [("", 0), ("MCCB 4P", 7), ("견적", 4), ("3φ4W", 4), ("㈜", 2), ("₩1", 2)]
    )
    def test_is_as_long_as_its_letters_are_wide(self, text: str, length: int) -> None:
        assert text_length(text) == length

    def test_gets_as_many_lines_as_it_needs(self) -> None:
        # Column B has 40 − 2 characters, that is 40.9 letters at 0.93: 40 fit on one line, 44 take two, 90 three.
        for letters, height in ((20, 18.0), (22, 34.0), (45, 50.0)):
            draft = SheetDraft(WIDTHS)
            draft.put("B", CellStyle.TEXT, "가" * letters)
            assert finished(draft).heights == (height,)

    def test_breaks_between_words(self) -> None:
        # Three words of 24 letters: two do not fit beside each other in 40.9.
        draft = SheetDraft(WIDTHS)
        draft.put("B", CellStyle.TEXT, " ".join(["가" * 12] * 3))
        assert finished(draft).heights == (50.0,)

    def test_across_columns_has_their_room(self) -> None:
        draft = SheetDraft(WIDTHS)
        draft.put("BC", CellStyle.TEXT, "가" * 45)
        sheet = finished(draft)
        assert (sheet.merges, sheet.heights) == (("B1:C1",), (18.0,))
        assert [cell.place for cell in sheet.cells] == ["B1", "C1"]

    def test_over_several_rows_is_one_cell(self) -> None:
        draft = SheetDraft(WIDTHS)
        draft.put("A", CellStyle.STACKED_LABEL, "공급자", rows=3)
        draft.row = 3
        draft.put("B", CellStyle.TEXT, "가")
        sheet = finished(draft)
        assert sheet.merges == ("A1:A3",)
        assert [cell.place for cell in sheet.cells] == ["A1", "A2", "A3", "B3"]


class TestPages:
    def test_end_by_themselves_between_loose_rows(self) -> None:
        assert sheet_of(*[(1, 20.0)] * 200).breaks == ()

    def test_end_before_rows_that_belong_together(self) -> None:
        # 34 · 20 = 680 pt; the block of four reaches 760, past the page's end at about 751.
        assert sheet_of(*[(1, 20.0)] * 34, (4, 20.0)).breaks == (34,)

    def test_leave_together_what_surely_fits(self) -> None:
        # 30 · 20 + 4 · 20 = 680 pt, less than 0.93 · 751 = 698.
        assert sheet_of(*[(1, 20.0)] * 30, (4, 20.0), (1, 20.0)).breaks == ()

    def test_count_on_from_the_break(self) -> None:
        # The second page begins with row 35 and has 751 − 20 (the repeated head) = 731 pt: 32 · 20 more and the next block is past it.
        assert sheet_of(
            *[(1, 20.0)] * 34, *[(1, 20.0)] * 0, (4, 20.0), *[(1, 20.0)] * 31, (4, 20.0)
        ).breaks == (
            34,
            69,
        )

    def test_part_a_block_longer_than_a_page(self) -> None:
        assert sheet_of((90, 20.0)).breaks == ()

    def test_do_not_count_hidden_rows(self) -> None:
        draft = SheetDraft(WIDTHS)
        for number in range(38):
            draft.put("A", CellStyle.TEXT, "가")
            draft.set_height(20.0)
            if 4 <= number < 10:
                draft.hidden_rows.add(draft.row)
            draft.next_row(keep=number >= 34)
        sheet = finished(draft)
        assert sheet.breaks == ()
        assert sheet.heights[4] == 0.0

    def test_repeat_the_head_where_there_are_several(self) -> None:
        assert not sheet_of(*[(1, 20.0)] * 30).repeats_head
        assert sheet_of(*[(1, 20.0)] * 40).repeats_head
