"""The box one types into: Korean takes the rows it takes, and what is pasted comes in tidied."""

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document

from kis.cli.assistant_chat.box import BoxControl, rows_of, tidied


class TestRows:
    def test_a_syllable_that_finds_one_column_left_begins_the_next_row(self) -> None:
        assert rows_of("가" * 6, 5) == 3
        assert rows_of("x" * 10, 5) == 2
        assert rows_of("", 5) == 1

    @pytest.mark.parametrize(
        ("before", "after", "row"),
        [
            # 5 columns hold two syllables, and one that stays empty.
            ("가" * 6, "", 3),
            ("가" * 6, "나", 4),
            # Behind a full row the cursor stands in the next one.
            ("x" * 10, "", 3),
            ("x" * 9, "", 2),
            ("x" * 9, "가", 3),
        ],
    )
    async def test_the_cursor_stands_in_the_row_in_which_it_is_drawn(
        self, before: str, after: str, row: int
    ) -> None:
        buffer = Buffer(document=Document(before + after, len(before)))
        content = BoxControl(buffer).create_content(5, 4)
        assert content.get_height_for_line(0, 5, None, slice_stop=content.cursor_position.x) == row

    async def test_the_box_is_as_high_as_what_is_drawn_in_it(self) -> None:
        control = BoxControl(Buffer(document=Document("가" * 7)))
        assert control.preferred_height(5, 10, wrap_lines=True, get_line_prefix=None) == 4, (
            "two syllables a row, and the place behind the last"
        )


class TestTidied:
    def test_a_cell_of_a_sheet_does_not_bring_its_end_of_line_along(self) -> None:
        assert tidied("ABN-53\r\n", in_one_line=True) == "ABN-53"

    def test_a_name_is_one_line_and_a_question_keeps_its_lines(self) -> None:
        assert tidied("LS\nABN-53", in_one_line=True) == "LS ABN-53"
        assert tidied("ELB 2P\t20A\rMCCB", in_one_line=False) == "ELB 2P 20A\nMCCB"

    def test_nothing_that_steers_a_terminal_comes_in(self) -> None:
        assert tidied("a\x1b[31mb\x07\u202e", in_one_line=False) == "a[31mb"
