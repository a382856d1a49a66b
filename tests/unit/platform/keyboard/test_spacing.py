"""Words split that were written as one, with a word list of a few words."""

from hypothesis import given
from hypothesis import strategies as st

from kis.platform.keyboard.spacing import (
    LEAST_RUN,
    LONGEST_PART,
    LONGEST_RUN,
    LONGEST_WORD,
    divided,
    parts_of,
    splits,
)

KNOWN = {"차단기", "용량", "분전반", "함", "분전", "반함", "차단", "기용량", "circuit", "breaker", "a", "1"}


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


CHANCES = {
    "how": 1e-2,
    "is": 1e-2,
    "the": 1e-2,
    "a": 1e-2,
    "box": 1e-3,
    "earth": 1e-4,
    "earthed": 1e-4,
    "heart": 1e-4,
    "hear": 1e-4,
}


class TestDivided:
    def test_gives_the_likeliest_words(self) -> None:
        """The box earthed, not the box a... or the bo xe: "earth ed" would leave letters that are no word."""
        assert divided("howistheboxearthed", CHANCES) == ["how", "is", "the", "box", "earthed"]

    def test_leaves_what_is_no_word_between_words(self) -> None:
        assert divided("howisthekqzxbox", CHANCES) == ["how", "is", "the", "kqzx", "box"]

    def test_gives_nothing_where_little_is_known(self) -> None:
        assert divided("kqzxwvkqzxwvkqzxwvbox", CHANCES) == []

    def test_leaves_a_word_whole(self) -> None:
        assert divided("earthedx", {}) == []
        assert divided("earthbox", {**CHANCES, "earthbox": 1e-6}) == []

    def test_leaves_whole_what_may_be_one_word_that_nobody_knows(self) -> None:
        """Heartedness is no heart with something behind it; of a longer run some may be unknown."""
        assert divided("heartedness", CHANCES) == []
        assert divided("howishearted", CHANCES) == []
        assert divided("howistheheartedness", CHANCES)[:4] == ["how", "is", "the", "heart"]

    def test_of_what_is_short_or_endless_gives_nothing(self) -> None:
        assert divided("thebox", CHANCES) == []
        assert divided("box" * LONGEST_RUN, CHANCES) == []

    @given(st.text(alphabet="abehinorstx", max_size=LONGEST_RUN))
    def test_loses_nothing(self, run: str) -> None:
        assert "".join(divided(run, CHANCES)) in {run, ""}


class TestPartsOf:
    def test_are_words_that_may_be_in_it(self) -> None:
        assert set(parts_of("abc")) == {"a", "ab", "abc", "bc"}

    @given(st.text(alphabet="abc", min_size=LEAST_RUN, max_size=3 * LONGEST_RUN))
    def test_are_bounded(self, run: str) -> None:
        assert len(list(parts_of(run))) <= LONGEST_RUN * LONGEST_PART
