"""Phrases as they are typed: what has been typed at any moment finds them, by letters and by initials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.platform.keyboard.jamo import compose, letters
from kis.search.phrases import MOST_FORMS, MOST_LETTERS, initials, typed_forms, typed_prefix

KOREAN = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=8)
PHRASES = st.lists(KOREAN | st.text("abcXYZ019", min_size=1, max_size=5), min_size=1, max_size=5).map(
    " ".join
)
CONSONANTS = set("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")


class TestTypedForms:
    @pytest.mark.parametrize(
        ("phrase", "forms"),
        [
            ("누전 차단기", ("ㄴㅜㅈㅓㄴㅊㅏㄷㅏㄴㄱㅣ", "ㅊㅏㄷㅏㄴㄱㅣ")),
            ("ABN-53", ("abn53", "53")),
            ("외함(IP65)", ("ㅇㅗㅣㅎㅏㅁip65", "ip65")),
            ("2.5㎟ 전선", ("25mm2ㅈㅓㄴㅅㅓㄴ", "ㅈㅓㄴㅅㅓㄴ")),
            ("1,250A", ("1250a",)),
            ("함 함", ("ㅎㅏㅁㅎㅏㅁ", "ㅎㅏㅁ")),
            ("a_b", ("ab", "b")),
            ("", ()),
            ("- % _ ×", ()),
        ],
    )
    def test_are_the_letters_from_each_word_on(self, phrase: str, forms: tuple[str, ...]) -> None:
        assert typed_forms(phrase) == forms

    def test_are_bounded(self) -> None:
        forms = typed_forms("값 " * 1000)
        assert len(forms) <= MOST_FORMS
        assert {len(form) for form in forms} == {MOST_LETTERS}

    @given(st.text(max_size=60))
    def test_hold_nothing_that_a_pattern_heeds(self, phrase: str) -> None:
        assert all(form.isalnum() for form in (*typed_forms(phrase), *initials(phrase)))


class TestTypedPrefix:
    @pytest.mark.parametrize(
        "typed",
        [
            "ㅊ",
            "차",
            "찯",
            "차다",
            "차단",
            "차단ㄱ",
            "차단기",
            "차 단기",
            " 차단-",
            "ㅊㅏㄷㅏ",
            "\u110e\u1161\u11ae",
        ],
    )
    def test_begins_the_form_at_any_moment(self, typed: str) -> None:
        assert "ㅊㅏㄷㅏㄴㄱㅣ".startswith(typed_prefix(typed))
        assert typed_prefix(typed)

    @pytest.mark.parametrize("typed", ["", " ", "-", "%", "\x00", "?!"])
    def test_is_empty_where_nothing_can_be_told(self, typed: str) -> None:
        assert typed_prefix(typed) == ""

    @given(PHRASES, st.integers(1, 60), st.integers(0, 4))
    def test_of_every_beginning_finds_the_phrase_from_every_word(
        self, phrase: str, keys: int, word: int
    ) -> None:
        words = phrase.split()
        rest = " ".join(words[word % len(words) :])
        typed = compose(letters(rest)[:keys])
        assert any(form.startswith(typed_prefix(typed)) for form in typed_forms(phrase))

    @given(st.text(max_size=400))
    def test_is_bounded(self, typed: str) -> None:
        assert len(typed_prefix(typed)) <= MOST_LETTERS


class TestInitials:
    @pytest.mark.parametrize(
        ("phrase", "found"),
        [
            ("차단기", ("ㅊㄷㄱ",)),
            ("누전 차단기", ("ㄴㅈㅊㄷㄱ", "ㅊㄷㄱ")),
            ("MCCB 차단기", ("mccbㅊㄷㄱ", "ㅊㄷㄱ")),
            ("까치", ("ㄲㅊ",)),
            ("분전반 함", ("ㅂㅈㅂㅎ",)),  # of 함 alone nothing is left to tell it by
            ("ABN-53", ()),
            ("", ()),
        ],
    )
    def test_are_those_of_the_syllables(self, phrase: str, found: tuple[str, ...]) -> None:
        assert initials(phrase) == found

    @pytest.mark.parametrize("typed", ["ㅊㄷ", "ㅊㄷㄱ", "ㅊ ㄷ"])
    def test_are_found_by_what_is_typed(self, typed: str) -> None:
        assert any(form.startswith(typed_prefix(typed)) for form in initials("누전 차단기"))

    def test_are_found_though_the_keyboard_made_one_letter_of_two(self) -> None:
        assert initials("감수")[0].startswith(typed_prefix("ㄳ"))

    @given(KOREAN, st.integers(2, 8))
    def test_are_told_from_forms_by_two_consonants(self, phrase: str, count: int) -> None:
        for form in initials(phrase):
            assert set(form) <= CONSONANTS
            assert not any(typed.startswith(form[:count]) for typed in typed_forms(phrase))

    def test_are_bounded(self) -> None:
        assert len(initials("값싼 " * 1000)) <= MOST_FORMS
        assert max(map(len, initials("값싼 " * 1000))) == MOST_LETTERS
