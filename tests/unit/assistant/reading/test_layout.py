"""What stands together on a page: lines as PDFium tells them, set by hand where a page that Typst sets would not show the one thing that is meant."""

from dataclasses import replace

import pytest

from kis.assistant.reading.blocks import Block
from kis.assistant.reading.joining import Joiner
from kis.assistant.reading.layout import blocks_of, without_running_lines
from kis.assistant.reading.lines import HYPHEN, Line, Page
from kis.assistant.things import UnitKind
from tests.factories.set_pages import read

FULL = 350.0
"""Where a line ends that fills its column."""


def line(text: str, top: float, *, left: float = 50.0, right: float = FULL, height: float = 10.0) -> Line:
    bottom = top + height
    return Line(text, left, top, right, bottom, is_bold=False, is_open=False, is_fixed=False, height=height)


def bold(one: Line) -> Line:
    return replace(one, is_bold=True)


def fixed(one: Line) -> Line:
    return replace(one, is_fixed=True)


def page(number: int, *lines: Line) -> Page:
    return Page(number, 400.0, 600.0, lines)


def blocks(*lines: Line) -> list[Block]:
    return blocks_of(page(1, *lines), lines)


def texts(*lines: Line) -> list[list[str]]:
    """Return the lines of each block."""
    return [[one.text for one in block.lines] for block in blocks(*lines)]


class TestParagraphs:
    def test_letters_of_another_height_go_on_where_the_line_above_is_full(self) -> None:
        """Nearly all of the second line is a name in another font."""
        above, below = "The letters of both names are compared by", "strncmp_of_the_library, up to the first"
        assert texts(line(above, 100), line(below, 113, height=8.5)) == [[above, below]]

    def test_letters_of_another_height_under_a_short_line_are_another_paragraph(self) -> None:
        assert texts(line("Belt and wheel", 100, right=140), line("The belt turns", 113, height=8.5)) == [
            ["Belt and wheel"],
            ["The belt turns"],
        ]

    def test_one_line_paragraphs_are_told_apart_by_how_far_lines_are_on_the_page(self) -> None:
        prose = [line(f"Sentence {number} of a paragraph.", 100 + 12 * number) for number in range(6)]
        ends = [
            line("Close it", 178, right=120),
            line("Open it", 193, right=120),
            line("Turn it", 208, right=120),
        ]
        assert [len(block) for block in texts(*prose, *ends)] == [6, 1, 1, 1]

    def test_a_line_with_more_room_above_it_does_not_make_all_gaps_usual(self) -> None:
        """A formula in the second line pushes it down; the gap below the third one parts paragraphs."""
        first, second = (
            line("The torque of a shaft is told by", 100),
            line("its power and speed as here", 118),
        )
        third, other = line("in newton metres", 130, right=150), line("Another paragraph", 146)
        assert [len(block) for block in texts(first, second, third, other)] == [3, 1]

    def test_lines_of_a_heading_in_the_middle_stay_together_though_they_are_short(self) -> None:
        above, below = (
            line("How to replace the belt", 100, left=140, right=260),
            line("of it", 113, left=180, right=220),
        )
        assert [len(block) for block in texts(bold(above), bold(below), line("Turn the wheel.", 150))] == [
            2,
            1,
        ]

    def test_a_bold_first_line_leads_its_paragraph(self) -> None:
        first = "Never open the cover while the drive is still running:"
        assert texts(bold(line(first, 100)), line("wait until it stands", 113, right=200)) == [
            [first, "wait until it stands"]
        ]


class TestItems:
    def test_the_end_of_a_sentence_under_a_full_line_is_no_item(self) -> None:
        assert texts(
            line("노트북을 도난당했을 때 자료를 보호하려고 씁니", 100),
            line("다. 암호를 모르면 읽지 못합니다.", 113),
        ) == [["노트북을 도난당했을 때 자료를 보호하려고 씁니", "다. 암호를 모르면 읽지 못합니다."]]

    @pytest.mark.parametrize(
        ("above", "right"),
        [("보호하려고 씁니", 150.0), ("다음 두 가지를 모두 마친 다음에만 다시 올립니다.", FULL)],
        ids=["under a short line", "under the end of a sentence"],
    )
    def test_elsewhere_it_is_one(self, above: str, right: float) -> None:
        found = blocks(line(above, 100, right=right), line("다. 부하를 모두 끄고 절연을 다시 잰다", 113))
        assert [block.kind for block in found] == [UnitKind.PARAGRAPH, UnitKind.LIST]

    def test_a_dash_goes_on_after_a_divided_word(self) -> None:
        """PDFium gives the whole word to the line above, which ends farther to the left than it seems."""
        above = line(f"The oven is thermo{HYPHEN}statically", 100, right=220)
        assert [
            len(block) for block in texts(above, line("– as always – controlled by", 113), line("it", 126))
        ] == [3]

    def test_dashes_of_one_sentence_are_no_items(self) -> None:
        lines = [
            "The drive, which stops by itself where",
            "– as always – it was put down",
            "by hand. It starts",
            "– slowly – again",
        ]
        assert [
            len(block) for block in texts(*(line(one, 100 + 13 * at) for at, one in enumerate(lines)))
        ] == [4]

    @pytest.mark.parametrize(
        "marks",
        [("1.", "2."), ("a)", "b)"), ("가.", "나."), ("-", "-")],
        ids=["figures", "letters", "Korean", "dashes"],
    )
    def test_the_first_item_under_the_longest_line_is_one(self, marks: tuple[str, str]) -> None:
        """What leads into the list ends without a colon, and nothing on the page is longer."""
        first, second = marks
        found = blocks(
            line("To replace the belt do the following things in this order", 100, right=300),
            line(f"{first} Open the cover and take out the", 113, right=250),
            line("two screws", 126, left=62, right=120),
            line(f"{second} Take it off.", 139, right=130),
        )
        assert [(block.kind, len(block.lines)) for block in found] == [
            (UnitKind.PARAGRAPH, 1),
            (UnitKind.LIST, 2),
            (UnitKind.LIST, 1),
        ]

    def test_the_end_of_a_sentence_before_a_list_of_its_own_is_no_item(self) -> None:
        """``다.`` stands there again as an item, before ``라.`` does."""
        lines = [
            line("노트북을 도난당했을 때 자료를 보호하려고 씁니", 100),
            line("다. 암호를 모르면 읽지 못합니다.", 113, right=250),
            *(
                line(f"{mark}. 덮개를 닫습니다.", 139 + 13 * at, right=150)
                for at, mark in enumerate("가나다라")
            ),
        ]
        assert [len(block) for block in texts(*lines)] == [2, 1, 1, 1, 1]


class TestCode:
    def test_an_option_within_a_sentence_does_not_part_it(self) -> None:
        lines = [
            line("Say before all else that it shall", 100),
            fixed(line("--restart-always", 113)),
            line("be so", 126),
        ]
        assert [len(block) for block in texts(*lines)] == [3]

    def test_what_is_indented_under_a_full_line_is_code(self) -> None:
        lines = [
            line("Say before all else what it shall do with", 100),
            fixed(line("drive stop", 113, left=70)),
        ]
        assert [len(block) for block in texts(*lines)] == [1, 1]

    def test_code_that_begins_with_a_dash_is_no_list(self) -> None:
        lines = [
            line("Write:", 100, right=90),
            fixed(line("- drive: stop", 126)),
            fixed(line("- drive: run", 139)),
        ]
        assert [(block.kind, len(block.lines)) for block in blocks(*lines)] == [
            (UnitKind.PARAGRAPH, 1),
            (UnitKind.PARAGRAPH, 2),
        ]

    def test_a_sentence_that_begins_and_ends_with_a_name_is_prose(self) -> None:
        sentence = "`strncmp` compares no more letters than `strcmpi`"
        units = read(f"Both are made for names.\n\n{sentence} \\\n{sentence}")
        assert "\n" not in "".join(unit.text for unit in units)


class TestRunningLines:
    def test_what_three_pages_in_eight_have_runs_though_the_others_have_text_there(self) -> None:
        heads = ["KX Series", "Air", "KX Series", "Brake", "KX Series", "Cable", "Door", "Earth"]
        pages = [page(number, line(head, 20), line("Body", 300)) for number, head in enumerate(heads, 1)]
        kept = [[one.text for one in lines] for lines in without_running_lines(pages)]
        assert [lines[0] for lines in kept] == [head if head != "KX Series" else "Body" for head in heads]

    @pytest.mark.parametrize("top", [20.0, 570.0], ids=["above", "below"])
    def test_the_number_of_a_page_in_its_chapter_runs(self, top: float) -> None:
        numbers = ["1.1", "1.2", "1.3", "2.1", "2.2"]
        pages = [
            page(at, line("Body", 300), line(number, top, left=330)) for at, number in enumerate(numbers, 1)
        ]
        assert [[one.text for one in lines] for lines in without_running_lines(pages)] == [["Body"]] * 5

    def test_numbers_of_chapters_at_the_edge_of_some_pages_take_no_text_of_others_with_them(self) -> None:
        """Four of eight pages are of a table of contents."""
        names = enumerate(zip("2469", ["Air", "Belt", "Cable", "Door"], strict=True), 1)
        contents = [
            page(
                at, line(chapter, 30, right=56), line(f"{name} and its parts", 30, left=80), line("Body", 300)
            )
            for at, (chapter, name) in names
        ]
        prose = [
            page(at, line(f"{name} is made of steel", 30), line("Body", 300))
            for at, name in enumerate("EFGH", 5)
        ]
        kept = [lines[0].text for lines in without_running_lines([*contents, *prose])]
        assert kept == [one.lines[1].text for one in contents] + [one.lines[0].text for one in prose]

    def test_what_stands_beside_the_number_of_the_page_runs(self) -> None:
        pages = [
            page(at, line(str(at + 6), 30, right=56), line(f"On {name}", 30, left=80), line("Body", 300))
            for at, name in enumerate(["air", "belts", "cables", "doors"], 1)
        ]
        assert [[one.text for one in lines] for lines in without_running_lines(pages)] == [["Body"]] * 4

    def test_more_figures_than_a_number_of_a_page_has_do_no_harm(self) -> None:
        figures = "7" * 5000
        pages = [page(at, line(figures, 30), line("Body", 300)) for at in (1, 2)]
        assert [len(lines) for lines in without_running_lines(pages)] == [2, 2]

    def test_numbers_of_an_appendix_are_no_running_lines(self) -> None:
        pages = [
            page(
                at, line(f"D.3.{at}", 30, right=80), line(f"{name} in pieces", 30, left=90), line("Body", 300)
            )
            for at, name in enumerate(["Air", "Belts", "Cables", "Doors"], 1)
        ]
        assert [len(lines) for lines in without_running_lines(pages)] == [3] * 4


class TestRaised:
    def test_a_figure_as_high_as_the_letters_is_no_mark(self) -> None:
        assert texts(line("7", 100, right=55), line("Seven drives", 108, left=60)) == [
            ["7"],
            ["Seven drives"],
        ]

    def test_a_small_figure_far_above_is_no_mark(self) -> None:
        assert texts(line("7", 100, right=53, height=6), line("Seven drives", 130, left=60)) == [
            ["7"],
            ["Seven drives"],
        ]

    def test_a_small_figure_with_nothing_below_it_is_kept(self) -> None:
        assert texts(line("Seven drives", 100), line("7", 140, right=53, height=6)) == [
            ["Seven drives"],
            ["7"],
        ]


def test_the_hyphen_of_a_name_stays() -> None:
    lines = [replace(line("Anglo-", 100), is_open=True), line("saxon", 113)]
    assert Joiner(frozenset(), has_spaces=False).joined(lines) == "Anglo-saxon"
