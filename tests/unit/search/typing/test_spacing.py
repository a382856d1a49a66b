"""Words joined and split, with a word list of a few words."""

from hypothesis import given
from hypothesis import strategies as st

from kis.search.typing.spacing import LONGEST_WORD, MOST_WORDS, joined, splits

KNOWN = {"차단기", "용량", "분전반", "함", "분전", "반함", "차단", "기용량", "circuit", "breaker", "a", "1"}


class TestJoined:
    def test_are_the_neighbours_the_fewest_first(self) -> None:
        assert joined(["차단기", "용량", "선정"]) == ("차단기용량", "용량선정", "차단기용량선정")

    def test_are_four_words_at_most(self) -> None:
        assert max(map(len, joined(list("abcdef")))) == 4

    def test_are_none_of_one_word(self) -> None:
        assert joined(["차단기"]) == ()
        assert joined([]) == ()

    def test_stand_there_once(self) -> None:
        assert joined(["a", "a", "a"]) == ("aa", "aaa")

    @given(st.lists(st.text(max_size=3), max_size=200))
    def test_are_bounded(self, words: list[str]) -> None:
        assert len(joined(words)) <= 3 * MOST_WORDS


class TestSplits:
    def test_are_both_known(self) -> None:
        assert splits("circuitbreaker", KNOWN.__contains__) == [("circuit", "breaker")]
        assert splits("차단기선정", KNOWN.__contains__) == []

    def test_come_the_most_even_first(self) -> None:
        assert splits("분전반함", KNOWN.__contains__) == [("분전", "반함"), ("분전반", "함")]
        assert splits("차단기용량", KNOWN.__contains__) == [("차단기", "용량"), ("차단", "기용량")]

    def test_leave_no_lone_letter_or_digit(self) -> None:
        assert splits("abreaker", KNOWN.__contains__) == []
        assert splits("용량1", KNOWN.__contains__) == []

    def test_of_nothing_and_of_endless_words_are_none(self) -> None:
        assert splits("", lambda _: True) == []
        assert splits("함", lambda _: True) == []
        assert splits("함" * (LONGEST_WORD + 1), lambda _: True) == []

    @given(st.text(max_size=LONGEST_WORD))
    def test_lose_nothing(self, word: str) -> None:
        assert all(first + second == word for first, second in splits(word, lambda _: True))
