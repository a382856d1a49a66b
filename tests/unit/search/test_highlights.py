"""Pieces of texts with what was found marked: windows and marks by hand, and what holds for all texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.search.asking.folding import fold
from kis.search.highlights import MOST_PLACES, MOST_TERMS, snippets
from kis.search.things import Snippet

PANEL = (
    "분전반의 주차단기 용량은 부하 전류의 1.25배로 한다. 외함은 IP65 이상이다.\n"
    "옥외에서는 SUS 외함을 쓴다. 22.9kV 수전은 다루지 않는다. The breakers are rated 50 kA; 150 kA is not."
)
WORDS = st.sampled_from(
    ["차단기", "용량", "외함은", "IP65", "breaker", "Breakers", "é", "\u110e\u1161", "한다.", "a", "가" * 30]
)
SPACES = st.sampled_from([" ", "\n", "  ", ". ", ""])
TEXTS = st.lists(st.tuples(WORDS, SPACES).map("".join), max_size=40).map("".join) | st.text(max_size=80)
TERMS = st.lists(
    st.sampled_from(["차단", "단기", "용량", "외함", "ip65", "65", "break", "a", "e", "차", "가가"])
    | st.text(max_size=4),
    max_size=6,
)


def marked(snippet: Snippet) -> str:
    """A snippet with its marks in brackets."""
    text = snippet.text
    for mark in reversed(snippet.marks):
        text = f"{text[: mark.start]}[{text[mark.start : mark.end]}]{text[mark.end :]}"
    return text


def shown(text: str, *terms: str, most_characters: int = 200, most: int = 3) -> list[str]:
    return [
        marked(snippet)
        for snippet in snippets(text, terms, field="body", most_characters=most_characters, most=most)
    ]


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "terms", "expected"),
        [
            ("주차단기의 용량", ["차단기", "용량"], "주[차단기]의 [용량]"),
            ("차단기용량", ["차단기", "차단", "단기용"], "[차단기용]량"),  # what overlaps is one mark
            ("차단기용량", ["차단기", "용량"], "[차단기][용량]"),
            ("MCCB mccb", ["MCCB"], "[MCCB] [mccb]"),
            ("10㎟ 전선", ["mm2"], "10[㎟] 전선"),
            ("Cafe\u0301 room", ["caf\u00e9"], "[Cafe\u0301] room"),
            ("차\u200b단기", ["차단"], "[차\u200b단]기"),
            ("누전\n 차단기", ["누전 차단기"], "[누전  차단기]"),
            ("circuit breakers", ["breaker", "circ", "uit"], "[circ]uit [breaker]s"),
            ("indoor, in it", ["in", "it"], "indoor, [in] [it]"),
            ("AF-50AF", ["af"], "[AF]-50[AF]"),
            ("2.5 25 5 5,000 5A 15A", ["5"], "2.5 25 [5] 5,000 [5]A 15A"),
            ("ABN-53 (53)", ["abn-53"], "[ABN-53] (53)"),
            ("a.b* a.bb", ["a.b*"], "[a.b*] a.bb"),
        ],
    )
    def test_are_where_terms_stand(self, text: str, terms: list[str], expected: str) -> None:
        assert shown(text, *terms) == [expected]

    @pytest.mark.parametrize("terms", [[], [""], [" "], ["없다"], ["reaker"], ["2"], ["용\u0000량"]])
    def test_are_none_where_no_term_stands(self, terms: list[str]) -> None:
        assert shown(PANEL, *terms) == []

    def test_of_more_terms_than_are_looked_for_are_left_out(self) -> None:
        terms = [f"낱말{number}x" for number in range(MOST_TERMS)]
        assert shown("외함", *terms, "외함") == []
        assert shown("외함", *terms[1:], "외함") == ["[외함]"]


class TestPieces:
    def test_of_a_short_text_are_all_of_it(self) -> None:
        assert shown("하나. 둘 외함. 셋.", "외함") == ["하나. 둘 [외함]. 셋."]

    def test_begin_and_end_with_sentences(self) -> None:
        assert shown(PANEL, "sus", most_characters=30) == ["옥외에서는 [SUS] 외함을 쓴다."]
        assert shown(PANEL, "ip65", most_characters=50, most=1) == [
            "외함은 [IP65] 이상이다. 옥외에서는 SUS 외함을 쓴다."
        ]

    def test_begin_and_end_with_words_where_sentences_are_too_long(self) -> None:
        assert shown(PANEL, "용량", most_characters=20) == ["분전반의 주차단기 [용량]은 부하 전류의"]
        assert shown("하나 둘 셋 넷 외함 다섯 여섯 일곱", "외함", most_characters=9) == ["넷 [외함] 다섯"]

    def test_go_back_where_the_text_ends(self) -> None:
        text = "처음 것이다. " * 20 + "앞의 것이 이것이다. 끝은 외함."
        assert shown(text, "외함", most_characters=30) == ["처음 것이다. 앞의 것이 이것이다. 끝은 [외함]."]

    def test_are_those_with_most_terms_the_best_first(self) -> None:
        filler = "아무 말이나 길게 적어 둔 문장이다. " * 5
        text = f"외함이 있다. {filler}외함과 차단기가 있다. {filler}용량이 있다. {filler}"
        assert shown(text, "외함", "차단기", "용량", most_characters=30) == [
            "[외함]과 [차단기]가 있다. 아무 말이나 길게 적어 둔",
            "[용량]이 있다. 아무 말이나 길게 적어 둔 문장이다.",
            "[외함]이 있다. 아무 말이나 길게 적어 둔 문장이다.",
        ]

    def test_count_all_terms_of_a_place_where_they_overlap(self) -> None:
        text = "차단기. " + "아무 말. " * 20 + "차단기용. " + "아무 말. " * 20
        assert shown(text, "차단기", "단기용", most_characters=20, most=1) == [
            "[차단기용]. 아무 말. 아무 말."
        ]

    def test_of_a_word_longer_than_a_piece_are_cut_within_it(self) -> None:
        text = "가나" * 200 + "차단기" + "마바" * 200
        assert shown(text, "차단기", most_characters=13) == ["나가나가나[차단기]마바마바마"]

    def test_leave_out_words_that_do_not_fit_whole(self) -> None:
        assert shown("가외함나 다차단기라마바사아자 끝", "외함", "차단기", most_characters=12, most=1) == [
            "가[외함]나"
        ]

    def test_show_nothing_of_a_term_longer_than_a_piece(self) -> None:
        assert shown("차단기용량선정 외함", "차단기용량선정", "외함", most_characters=5) == ["[외함]"]

    def test_name_their_field(self) -> None:
        assert [snippet.field for snippet in snippets("외함", ["외함"], field="title")] == ["title"]

    @given(TEXTS, TERMS, st.integers(8, 60), st.integers(0, 4))
    def test_are_parts_of_the_text_with_marks_apart(
        self, text: str, terms: list[str], most_characters: int, most: int
    ) -> None:
        found = snippets(text, terms, field="body", most_characters=most_characters, most=most)
        assert len(found) <= most
        folded_terms = {" ".join(fold(term).split()) for term in terms} - {""}
        seen = "".join(letter if letter.isprintable() else " " for letter in text)
        for snippet in found:
            assert len(snippet.text) <= most_characters
            assert "".join(letter if letter.isprintable() else " " for letter in snippet.text) in seen
            assert snippet.marks
            places = [place for mark in snippet.marks for place in (mark.start, mark.end)]
            assert places == sorted(places)
            assert places[0] >= 0
            assert places[-1] <= len(snippet.text)
            for mark in snippet.marks:
                assert mark.start < mark.end
                part = " ".join(fold(snippet.text[mark.start : mark.end]).split())
                assert any(term in part for term in folded_terms)

    @given(st.lists(WORDS, min_size=1, max_size=60), st.integers(60, 120))
    def test_do_not_overlap_and_are_whole_words(self, words: list[str], most_characters: int) -> None:
        numbered = [f"{number}:{word}" for number, word in enumerate(words)]
        text = " ".join(numbered)
        pieces = snippets(text, ["차단기", "breaker"], field="body", most_characters=most_characters)
        seen = [word for piece in pieces for word in piece.text.split()]
        assert len(set(seen)) == len(seen)
        assert set(seen) <= set(text.split())


class TestWork:
    """Work that grew with the square of these texts would take hours."""

    @pytest.mark.parametrize(
        "text",
        [
            "a" * 300_000,
            "a " * 150_000,
            "가" * 300_000,
            " " * 300_000 + "가",
            "." * 300_000 + " 가",
            "가\n" * 150_000,
        ],
    )
    def test_ends_for_texts_that_repeat(self, text: str) -> None:
        found = snippets(text, ["a", "aa", "aaa", "가", "가가"], field="body")
        assert all(len(snippet.text) <= 200 for snippet in found)

    def test_finds_the_best_among_the_places_that_are_looked_at(self) -> None:
        text = "외함. " * (MOST_PLACES - 1) + "외함 차단기. " + "외함. " * 100
        assert "[외함] [차단기]" in shown(text, "외함", "차단기", most=1)[0]
