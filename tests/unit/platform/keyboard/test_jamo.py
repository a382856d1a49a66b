"""Letters as they are typed, and syllables made of them: by hand, and for every syllable there is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.platform.keyboard.jamo import TYPED_AS, beginning, compose, composed, letters

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]
KEYED = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ"
WHOLE = st.text(st.sampled_from(SYLLABLES) | st.sampled_from(" aZ5.-×"), max_size=30)


class TestLetters:
    @pytest.mark.parametrize(
        ("text", "typed"),
        [
            ("", ""),
            ("차단기", "ㅊㅏㄷㅏㄴㄱㅣ"),
            ("값", "ㄱㅏㅂㅅ"),
            ("왜", "ㅇㅗㅐ"),
            ("의", "ㅇㅡㅣ"),
            ("뒤", "ㄷㅜㅣ"),
            ("꽃", "ㄲㅗㅊ"),
            ("있다", "ㅇㅣㅆㄷㅏ"),
            ("옛", "ㅇㅖㅅ"),
            ("ㄳ ㅘ", "ㄱㅅ ㅗㅏ"),
            ("ABN-53 함", "ABN-53 ㅎㅏㅁ"),
            ("\u1100\u116a\u11b9", "ㄱㅗㅏㅂㅅ"),  # 괎 in parts, as some systems write file names
        ],
    )
    def test_are_those_that_are_typed(self, text: str, typed: str) -> None:
        assert letters(text) == typed

    def test_of_each_syllable_are_what_unicode_takes_it_apart_into(self) -> None:
        for syllable in SYLLABLES:
            assert letters(unicodedata.normalize("NFD", syllable)) == letters(syllable)
            assert set(letters(syllable)) <= set(KEYED)

    @given(WHOLE, st.integers(0, 200))
    def test_of_a_text_that_is_being_typed_begin_those_of_the_whole(self, text: str, keys: int) -> None:
        typed = letters(text)
        assert typed.startswith(letters(compose(typed[:keys])))


class TestCompose:
    @pytest.mark.parametrize(
        ("typed", "text"),
        [
            ("ㅊㅏㄷㅏㄴㄱㅣ", "차단기"),
            ("ㄱㅏㅂㅅ", "값"),
            ("ㄱㅏㅂㅅㅏ", "갑사"),  # the vowel takes the last letter of the end with it
            ("ㄱㅏㄱㅏ", "가가"),
            ("ㄱㅏㄲㅏ", "가까"),
            ("ㄱㅏㄲ", "갂"),
            ("ㄱㅏㄸㅏ", "가따"),  # ㄸ ends nothing
            ("ㄱㅏㄸ", "가ㄸ"),
            ("ㄱㅏㄴㅎㄷㅏ", "갆다"),
            ("ㄷㅏㄹㄱ", "닭"),
            ("ㄷㅏㄹㄱㄱ", "닭ㄱ"),
            ("ㅇㅗㅏ", "와"),
            ("ㅇㅗㅏㅏ", "와ㅏ"),
            ("ㅗㅏ", "ㅘ"),
            ("ㅏㄱ", "ㅏㄱ"),
            ("ㅊㄷㄱ", "ㅊㄷㄱ"),
            ("ㄱㅅ", "ㄱㅅ"),
            ("ㄱㅏㄳㅏ", "각사"),  # a double end that came as one letter
            ("ㅋㅋㅠㅠ", "ㅋ큐ㅠ"),
            ("3ㅍ 100ㅏ", "3ㅍ 100ㅏ"),
        ],
    )
    def test_makes_what_a_keyboard_makes(self, typed: str, text: str) -> None:
        assert compose(typed) == text

    def test_gives_every_syllable_back(self) -> None:
        assert all(compose(letters(syllable)) == syllable for syllable in SYLLABLES)
        running = "".join(SYLLABLES)
        assert compose(letters(running)) == running

    @given(WHOLE)
    def test_gives_whole_syllables_back(self, text: str) -> None:
        assert compose(letters(text)) == text

    @given(st.text(KEYED, max_size=30))
    def test_loses_no_letter(self, typed: str) -> None:
        assert letters(compose(typed)) == typed

    @given(st.text(KEYED + "a 5", max_size=30))
    def test_tells_where_each_piece_stood(self, typed: str) -> None:
        pieces = list(composed(typed))
        assert all(letters(piece) == typed[start:end] for piece, start, end in pieces)
        assert [start for _, start, _ in pieces] == [0, *(end for _, _, end in pieces)][: len(pieces)]


def test_every_letter_of_two_keys_is_made_of_letters_with_keys() -> None:
    assert {len(pair) for pair in TYPED_AS.values()} == {2}
    assert set("".join(TYPED_AS.values())) <= set(KEYED)


@pytest.mark.parametrize(("character", "expected"), [("차", "ㅊ"), ("꽝", "ㄲ"), ("ㅊ", "ㅊ"), ("a", "a")])
def test_a_syllable_has_a_beginning(character: str, expected: str) -> None:
    assert beginning(character) == expected
