"""Slips of a finger: every one shares a spelling with its word, and the measure tells one from two."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kis.platform.keyboard.jamo import letters
from kis.platform.keyboard.slips import MOST_LETTERS, is_likely, is_one_slip, spellings

ALPHABET = "ㅂㅈㄷㄱㅅㅛㅕㅐㅁㄴㅇㅏㅣㅊab5"
TYPED = st.text(ALPHABET, min_size=4, max_size=20)
LETTER = st.sampled_from(ALPHABET)


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    """A word and the same word with one slip."""
    word = draw(TYPED)
    place = draw(st.integers(0, len(word) - 1))
    letter = draw(LETTER)
    slip = {
        "more": word[:place] + letter + word[place:],
        "less": word[:place] + word[place + 1 :],
        "wrong": word[:place] + letter + word[place + 1 :],
        "swapped": word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    }[draw(st.sampled_from(["more", "less", "wrong", "swapped"]))]
    assume(slip != word)
    return word, slip


class TestSpellings:
    def test_are_the_word_and_each_letter_left_out(self) -> None:
        assert spellings("함체") == {"ㅎㅏㅁㅊㅔ", "ㅏㅁㅊㅔ", "ㅎㅁㅊㅔ", "ㅎㅏㅊㅔ", "ㅎㅏㅁㅔ", "ㅎㅏㅁㅊ"}
        assert spellings("aabb") == {"aabb", "abb", "aab"}

    @pytest.mark.parametrize("word", ["함", "엘", "abc", "", "a" * (MOST_LETTERS + 1)])
    def test_of_short_and_endless_words_are_the_word_alone(self, word: str) -> None:
        assert spellings(word) == {letters(word)}

    @given(slipped())
    def test_are_shared_by_every_slip(self, pair: tuple[str, str]) -> None:
        word, slip = pair
        assert spellings(word) & spellings(slip)
        assert is_one_slip(word, slip)
        assert is_one_slip(slip, word)


class TestIsOneSlip:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("차단가", "차단기"),  # wrong
            ("차댠기", "차단기"),
            ("차다기", "차단기"),  # missing
            ("차단긱", "차단기"),  # too many
            ("차닥니", "차단기"),  # ㄴ and ㄱ swapped
            ("braeker", "breaker"),
            ("breker", "breaker"),
            ("breakker", "breaker"),
            ("와", "오"),  # a double vowel is two letters
            ("값", "갑"),
            ("ab", "ba"),
            ("a", ""),
        ],
    )
    def test_one(self, first: str, second: str) -> None:
        assert is_one_slip(first, second)
        assert is_one_slip(second, first)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("차단기", "차단기"),
            ("", ""),
            ("abcd", "bcda"),  # share the spelling bcd
            ("abcd", "cbad"),  # no neighbours
            ("abcd", "badc"),  # two pairs swapped
            ("abcd", "abef"),
            ("abc", "abcde"),
            ("abc", "dabce"),
            ("외함", "분전반"),
        ],
    )
    def test_none_or_more(self, first: str, second: str) -> None:
        assert not is_one_slip(first, second)
        assert not is_one_slip(second, first)

    @given(st.text("ab", max_size=6), st.text("ab", max_size=6))
    def test_is_what_trying_every_slip_finds(self, first: str, second: str) -> None:
        tried = set()
        for place in range(len(first) + 1):
            head, tail = first[:place], first[place:]
            tried |= {head + tail[1:], head + tail[:2][::-1] + tail[2:]}
            tried |= {head + letter + rest for letter in "ab" for rest in (tail, tail[1:])}
        assert is_one_slip(first, second) == (second in tried - {first})


class TestIsLikely:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("braeker", "breaker"),  # swapped
            ("brekaer", "breaker"),
            ("boxx", "box"),  # pressed twice
            ("vox", "box"),  # v is beside b
            ("boz", "box"),
            ("bix", "box"),  # i is beside o
            ("bx", "box"),  # left out
            ("boxz", "box"),  # with its neighbour
            ("bax", "box"),  # alike by ear
            ("게폐기", "개폐기"),
            ("차단키", "차단기"),
            ("anbient", "ambient"),
            ("enclosuge", "enclosure"),  # long: nothing else can be meant
        ],
    )
    def test_where_a_finger_or_an_ear_goes_wrong(self, typed: str, meant: str) -> None:
        assert is_likely(typed, meant)

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("bang", "band"),
            ("scan", "can"),
            ("고속", "계속"),
            ("전통", "진통"),
            ("box", "box"),
            ("box", "bxoo"),
        ],
    )
    def test_not_where_another_word_is_as_likely(self, typed: str, meant: str) -> None:
        assert not is_likely(typed, meant)

    @given(TYPED, TYPED)
    def test_is_always_a_slip(self, typed: str, meant: str) -> None:
        assert not is_likely(typed, meant) or is_one_slip(typed, meant)
