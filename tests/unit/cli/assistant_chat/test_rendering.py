"""A conversation as lines: no line is wider than the terminal, and Korean takes two columns a syllable."""

import pytest
from prompt_toolkit.utils import get_cwidth

from kis.cli.assistant_chat.conversation import Answer, Citation, Conversation, Product, Related
from kis.cli.assistant_chat.rendering import (
    Line,
    Words,
    answer_lines,
    context_lines,
    cut,
    hint_line,
    plain,
    product_lines,
    prompt_of,
    wrapped,
)

KO, EN = Words("ko"), Words("en")
LONG = Product("a", "배선용 차단기 KX-250 아주 긴 이름의 제품", "케이엑스 전기 주식회사", 0.93)
SHORT = Product("b", "KX-1", "LS", 0.0412)


def width_of(line: Line) -> int:
    return sum(get_cwidth(text) for _, text in line)


def predicted(*products: Product) -> Conversation:
    talk = Conversation()
    talk.typed, talk.products = "kx", products
    return talk


def cited(text: str = "Tighten with 12 N·m. [1] ") -> Answer:
    answer = Answer(SHORT, "how tight?", text=text, is_over=True)
    answer.citations[1] = Citation(
        number=1,
        document="ab" * 32,
        title="사용 설명서",
        url="",
        page=12,
        excerpt="주 단자는 12 N·m로 " * 20,
        highlight="",
    )
    return answer


class TestWrapped:
    def test_breaks_between_words(self) -> None:
        assert wrapped("the quick brown fox jumps over", 20) == ["the quick brown fox", "jumps over"]

    def test_counts_two_columns_for_a_syllable(self) -> None:
        # 4 syllables and a space are 9 columns; a third word of 6 more makes 16, a fourth of 6 would make 23.
        assert wrapped("가나 다라 마바사 아자차", 20) == ["가나 다라 마바사", "아자차"]

    def test_breaks_a_word_that_is_wider_than_a_line(self) -> None:
        assert wrapped("x" * 45, 20) == ["x" * 20, "x" * 20, "x" * 5]

    def test_keeps_the_lines_of_the_text(self) -> None:
        assert wrapped("one\n\ntwo ", 20) == ["one", "", "two"]

    def test_indents_what_is_carried_over(self) -> None:
        assert wrapped("aaaa bbbb cccc dddd eeee", 20, indent=2) == ["aaaa bbbb cccc dddd", "  eeee"]

    def test_indents_every_line_but_the_first(self) -> None:
        assert wrapped("? one\ntwo\n\nthree", 20, indent=2) == ["? one", "  two", "", "  three"]

    def test_nothing_is_no_line(self) -> None:
        assert wrapped(" \n ", 20) == []


class TestCut:
    def test_leaves_what_fits(self) -> None:
        assert cut("가나다", 6) == "가나다"

    def test_never_goes_over_by_half_a_syllable(self) -> None:
        assert cut("가나다라", 6) == "가나…"


class TestProductLines:
    @pytest.mark.parametrize(("width", "taken"), [(40, 40), (59, 59), (79, 79), (200, 81)])
    def test_columns_stand_below_each_other_whatever_the_names(self, width: int, taken: int) -> None:
        """What is named and who makes it stand 40 columns apart at most: 2 + 40 + 1 + 22 + 11 + 1 + 4 are 81."""
        lines = product_lines(predicted(LONG, SHORT), KO, width)
        assert [width_of(line) for line in lines] == [taken, taken]
        assert len({get_cwidth(line[0][1]) for line in lines}) == 1, "the makers begin in one column"
        assert plain(lines).splitlines()[0].endswith(" 93%")
        assert plain(lines).splitlines()[1].endswith("  4%")

    def test_a_long_name_is_told_whole_where_there_is_room(self) -> None:
        long = Product("c", "k" * 70, "LS", 0.5)
        assert "k" * 70 in plain(product_lines(predicted(long, SHORT), EN, 120))

    def test_the_chosen_one_is_marked_without_colour_too(self) -> None:
        talk = predicted(LONG, SHORT)
        talk.move(1)
        assert [line[:1] for line in plain(product_lines(talk, EN, 79)).splitlines()] == [" ", "▸"]

    def test_nothing_is_said_to_be_missing_before_the_server_has_said_so(self) -> None:
        talk = Conversation()
        talk.type("zzz")
        assert product_lines(talk, EN, 79) == []
        talk.hear({"type": "prediction", "seq": 1, "data": []})
        assert plain(product_lines(talk, EN, 79)) == "No product fits."

    def test_a_command_has_no_products(self) -> None:
        talk = predicted(LONG)
        talk.typed = "/he"
        assert product_lines(talk, EN, 79) == []


class TestContextLines:
    def test_tells_maker_and_what_goes_with_it(self) -> None:
        talk = Conversation()
        talk.take(SHORT)
        talk.surround({"name": "LS", "hq": "Anyang"}, [])
        talk.related = tuple(Related(f"R{number}", "accessory") for number in range(6))
        assert plain(context_lines(talk, EN, 200)).splitlines() == [
            "Made by LS · Anyang",
            "Goes with: R0 (accessory), R1 (accessory), R2 (accessory), R3 (accessory), 2 more",
        ]

    def test_a_product_of_no_maker_is_made_by_nobody(self) -> None:
        talk = Conversation()
        talk.take(Product("m", "Meter", ""))
        talk.surround({"name": "accessory"}, [])
        assert context_lines(talk, EN, 79) == []


class TestAnswerLines:
    @pytest.mark.parametrize("width", [30, 59, 79])
    def test_fits_and_names_document_page_and_excerpt(self, width: int) -> None:
        lines = answer_lines(cited(), KO, width)
        assert max(map(width_of, lines)) <= width
        told = plain(lines)
        assert "[1] 사용 설명서, 12쪽" in told
        assert "“주 단자는" in told
        assert told.rstrip().endswith("…")

    def test_numbers_of_citations_stand_out(self) -> None:
        lines = answer_lines(cited("see [1] and [x] [23]."), EN, 79)
        assert [text for style, text in lines[1] if style == "class:cited"] == ["[1]", "[23]"]
        assert "".join(text for _, text in lines[1]) == "see [1] and [x] [23]."

    def test_what_is_done_is_told_until_the_first_word(self) -> None:
        answer = Answer(SHORT, "how?", status="The manual is being opened.")
        assert "being opened" in plain(answer_lines(answer, EN, 79))
        answer.text = "Twelve."
        assert "being opened" not in plain(answer_lines(answer, EN, 79))

    def test_an_error_a_stop_and_dropped_sentences_are_told(self) -> None:
        failed = Answer(SHORT, "how?", error="The manual is damaged.", is_over=True)
        stopped = Answer(SHORT, "how?", text="So", is_over=True, is_cancelled=True)
        dropped = Answer(SHORT, "how?", text="So.", is_over=True, dropped=2)
        assert plain(answer_lines(failed, EN, 79)).endswith("The manual is damaged.")
        assert plain(answer_lines(stopped, EN, 79)).endswith("Stopped.")
        assert "2 sentences" in plain(answer_lines(dropped, EN, 79))


class TestBottom:
    def test_tells_of_a_lost_connection_before_anything_else(self) -> None:
        talk = Conversation()
        talk.notice, talk.is_connected = "slower", False
        assert "lost" in plain([hint_line(talk, EN, 79)])

    @pytest.mark.parametrize("width", [20, 40, 60])
    def test_never_wraps(self, width: int) -> None:
        talk = Conversation()
        for talk.is_connected in (True, False):
            assert width_of(hint_line(talk, KO, width)) <= width

    def test_a_long_name_leaves_room_to_write(self) -> None:
        talk = Conversation()
        talk.take(LONG)
        assert get_cwidth(prompt_of(talk, KO, 60)) <= 22
