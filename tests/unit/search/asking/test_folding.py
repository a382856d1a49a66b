"""Folding: what becomes of single characters by hand, and what holds for all of Unicode."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.search.asking.folding import MOST_MARKS, fold, folded_with_offsets, plain
from kis.search.things import Span

LOOSE = "ㄱㄴㄳㅏㅗㅣ"
ODD = st.text(
    st.sampled_from([*LOOSE, "가", "값", "a", "É", " ", "\n", "\u200b", "\u1100", "\u1161", "\u11a8", "\u0301", "ﾊ", "ﾞ", "㎟", "ﬁ", "ß"]),
    max_size=12,
)  # fmt: skip
TEXTS = ODD | st.text(max_size=40)


def wide(text: str) -> str:
    """ASCII in full width letters."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("", ""),
            ("차단기 MCCB", "차단기 mccb"),
            (wide("ABN-53"), "abn-53"),
            ("10㎟ 22.9㎸", "10mm2 22.9kv"),
            ("ﬁre Straße", "fire strasse"),
            ("차\u200b단\ufeff기\u00ad", "차단기"),
            ("a\tb\nc\x00d\ud800e\u00a0f\u3000g", "a b c d e f g"),
            ("\u110e\u1161\u1103\u1161\u11ab\u1100\u1175", "차단기"),  # in parts
            ("ㅊㅏㄷㅏㄴㄱㅣ", "차단기"),
            ("ㅊㄷㄱ", "ㅊㄷㄱ"),
            ("ﾡﾢ", "ㄱㄲ"),
            ("ㄳ", "ㄱㅅ"),
            ("ㄱㅏㄳㅏ", "각사"),
            ("차ㄷㅏㄴ", "차단"),
            ("차ㄴ", "차ㄴ"),  # a syllable that stands there is not opened again
            ("가\u11a8", "각"),
            ("각\u11a8", "각ㄱ"),
            ("cafe\u0301", "caf\u00e9"),
            ("㉮ ㉠ ㈀", "가 ㄱ (ㄱ)"),
            ("ㅡㅊㅊㅠ", "ㅡㅊ츄"),
        ],
    )
    def test_writes_one_way(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    def test_of_every_character_changes_no_more(self) -> None:
        characters = map(chr, range(sys.maxunicode + 1))
        assigned = (one for one in characters if unicodedata.category(one) not in {"Cn", "Co", "Cs"})
        changed = {one: folded for one in assigned if (folded := fold(one)) != one}
        assert {one for one, folded in changed.items() if fold(folded) != folded} == set()

    def test_of_every_visible_character_is_that_of_unicode(self) -> None:
        """Loose Korean letters apart; what has no shape is a space."""
        for character in map(chr, range(0x20000)):
            unicodes = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
            if character.isprintable() and not any("\u1100" <= one <= "\u11ff" for one in unicodes):
                assert fold(character) in {unicodes, ""}

    @given(TEXTS)
    def test_changes_no_more(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["C", "Z"], max_codepoint=0x10FF), max_size=40
        )
    )
    def test_of_text_without_korean_letters_is_that_of_unicode(self, text: str) -> None:
        visible = text.replace("\u034f", "").replace("\u061c", "")
        assert fold(text) == unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())

    @given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | st.just(" "), max_size=30))
    def test_does_not_heed_how_syllables_are_stored(self, text: str) -> None:
        assert fold(unicodedata.normalize("NFD", text)) == fold(text) == text

    @given(TEXTS)
    def test_leaves_only_what_is_seen(self, text: str) -> None:
        assert fold(text).isprintable()


class TestPlain:
    def test_keeps_capital_letters_alone(self) -> None:
        assert plain(wide("CK") + "eksrl\u200b ㅊㅏ\n10㎟") == "CKeksrl 차 10mm2"

    @given(TEXTS)
    def test_is_folded_but_for_case(self, text: str) -> None:
        assert plain(plain(text)) == plain(text)


class TestOffsets:
    @pytest.mark.parametrize(
        ("text", "part", "stood"),
        [
            ("주차단기", "차단", "차단"),
            ("10㎟ 전선", "mm", "㎟"),
            ("10㎟ 전선", "전선", "전선"),
            ("a\u200bb차\u200b단기x", "차단", "차\u200b단"),
            ("é É 함", "함", "함"),
            ("cafe\u0301 함", "é", "e\u0301"),
            ("ㅈㅜㅊㅏㄷㅏㄴㄱㅣ", "차단", "ㅊㅏㄷㅏㄴ"),
            (unicodedata.normalize("NFD", "주차단기"), "차단", unicodedata.normalize("NFD", "차단")),
            ("Straße 함", "strass", "Straß"),
            ("ß\u0301 함", "s\u015b", "ß\u0301"),
            ("ß\u0301 함", "\u015b", "ß\u0301"),  # as many characters as there were, but not those
        ],
    )
    def test_tell_where_a_part_stood(self, text: str, part: str, stood: str) -> None:
        folded = folded_with_offsets(text)
        start = folded.text.index(part)
        span = folded.original(start, start + len(part))
        assert text[span.start : span.end] == stood

    @given(TEXTS)
    def test_lead_into_the_text_in_its_order(self, text: str) -> None:
        folded = folded_with_offsets(text)
        spans = [folded.original(place, place + 1) for place in range(len(folded.text))]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert spans == sorted(spans, key=lambda span: (span.start, span.end))
        if spans:
            assert folded.original(0, len(spans)) == Span(spans[0].start, spans[-1].end)

    @given(TEXTS)
    def test_lead_to_what_the_character_was_made_of(self, text: str) -> None:
        folded = folded_with_offsets(text)
        for place, character in enumerate(folded.text):
            span = folded.original(place, place + 1)
            if character not in LOOSE:  # half of a ㄳ may have gone to the next syllable
                made = fold(text[span.start : span.end])
                assert character in made or any(
                    "\u3131" <= one <= "\u318e" for one in text[span.start : span.end]
                )


def test_marks_without_end_are_folded_piece_by_piece() -> None:
    folded = folded_with_offsets(
        "a" + "\u0301\u0323" * 500
    )  # to order them all takes time that grows with their square
    assert folded.original(0, 1) == Span(0, 1 + MOST_MARKS)
    assert folded.original(len(folded.text) - 1, len(folded.text)).end == 1001
