"""What was typed on the wrong layout: by hand on a 두벌식 keyboard, and there and back for every syllable."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kis.platform.keyboard.layout import other_layout, to_hangul, to_latin

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]
KOREAN = st.text(st.sampled_from(SYLLABLES) | st.sampled_from(" 5.-×\n"), max_size=30)

SAME = [
    ("ckeksrl", "차단기"),
    ("dkssudgktpdy", "안녕하세요"),
    ("Ejfrl", "떨기"),
    ("qnswjsqks", "분전반"),
    ("rkqt", "값"),
    ("dhk Eo", "와 때"),
    ("dmlwk", "의자"),
    ("rhoscksgek", "괜찮다"),
    ("dOrl RPeks Wk", "얘기 꼐단 짜"),
    ("ehofwl", "됄지"),
    ("sn-wjs 100", "누-전 100"),
]


class TestToHangul:
    @pytest.mark.parametrize(("latin", "hangul"), SAME)
    def test_types_the_same_keys(self, latin: str, hangul: str) -> None:
        assert to_hangul(latin) == hangul

    @pytest.mark.parametrize(
        ("latin", "hangul"),
        [
            ("mccb", "ㅡㅊ츄"),
            ("CKeksrl", "차단기"),  # c and k have nothing else with shift
            ("EJfrl", "떨기"),
            ("Rk", "까"),
            ("차eks", "차단"),
            ("ㅊkeks", "ㅊㅏ단"),  # what stood there already stays as it is
            ("hk", "ㅘ"),
            ("", ""),
        ],
    )
    def test_types_what_makes_no_word_too(self, latin: str, hangul: str) -> None:
        assert to_hangul(latin) == hangul

    def test_comes_back_for_every_syllable(self) -> None:
        assert [to_hangul(to_latin(syllable)) for syllable in SYLLABLES] == SYLLABLES

    @given(KOREAN)
    def test_comes_back_for_texts(self, text: str) -> None:
        assert to_hangul(to_latin(text)) == text


class TestToLatin:
    @pytest.mark.parametrize(
        ("latin", "hangul"), [*SAME, ("mccb", "ㅡㅊㅊㅠ"), ("mccb", "ㅡㅊ츄"), ("rthk", "ㄳㅘ")]
    )
    def test_types_the_same_keys(self, latin: str, hangul: str) -> None:
        assert to_latin(hangul) == latin

    @given(st.text("qwertyuiopasdfghjklzxcvbnmQWERTOP -5", max_size=40))
    def test_comes_back(self, typed: str) -> None:
        assert to_latin(to_hangul(typed)) == typed


class TestOtherLayout:
    @pytest.mark.parametrize(("latin", "hangul"), SAME)
    def test_reads_korean_typed_on_the_latin_layout(self, latin: str, hangul: str) -> None:
        assert other_layout(latin) == hangul

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("ㅡㅊㅊㅠ", "mccb"),
            ("ㅡㅊ츄", "mccb"),
            ("ㅠㄱㄷ맏ㄱ", "breaker"),
            ("차단기 ㅠㄱㄷ맏ㄱ 100ㅁ", "차단기 breaker 100a"),
            ("mccb ckeksrl", "mccb 차단기"),
            ("gka, IP65", "함, IP65"),
            ("CKEKSRL", "차단기"),  # with caps lock
            ("Ckeksrl", "차단기"),
            ("CKEKSRL MCCB", "차단기 MCCB"),
            ("MCCBdml ckeksrl", "MCCB의 차단기"),
            ("421Afksms", "421A라는"),
            ("30kAWma", "30kA쯤"),  # W is ㅉ, not watts
            ("1mekd 82mmWkfl", "1m당 82mm짜리"),
            ("SPDrk Adml", "SPD가 A의"),
            ("TTdptj", "TT에서"),
            ("RP", "꼐"),  # where every key has a letter with shift, shift it was
            ("EJfrl", "떨기"),
            ("ckeksrl ㅡㅊㅊㅠ", "차단기 mccb"),
            ("ㅊㄷㄱ", "cer"),
            ("a\nckeksrl\t", "a\n차단기\t"),
        ],
    )
    def test_reads_word_by_word(self, typed: str, meant: str) -> None:
        assert other_layout(typed) == meant

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "   ",
            "mccb",
            "breaker size",
            "IP65 100A 22.9kV",
            "차단기 용량",
            "dk단기",
            "MCCB의",
            "SPD",
            "SUS TN",
            "RK",
            "TN or DB",
            "차단ㄱA",
            "https://dk.example",
            "gka@dk.example",
            "5:3 (10×20)",
            "漢字 é",
        ],
    )
    def test_gives_nothing_where_nothing_is_sensible(self, typed: str) -> None:
        assert other_layout(typed) is None

    @given(KOREAN)
    def test_brings_every_korean_text_back(self, text: str) -> None:
        assume(text != to_latin(text))
        assert other_layout(to_latin(text)) == text

    @given(st.text(max_size=60) | st.text("abkAKㄱㅏ가 1:/@", max_size=60))
    def test_reads_nothing_that_is_as_it_was(self, text: str) -> None:
        assert other_layout(text) != text

    def test_reads_endless_words_in_time(self) -> None:
        assert other_layout("RK" * 50_000) == "가" * 50_000
        assert other_layout("Q" * 100_000 + "a") is None
