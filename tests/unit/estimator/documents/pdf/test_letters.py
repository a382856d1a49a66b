"""What becomes of letters before they are set."""

import struct
from importlib.resources import files

import pytest

from kis.estimator.documents.pdf.letters import Letters, font_letters, letters_of

FONTS = files("kis.estimator.documents").joinpath("fonts")
REGULAR = FONTS.joinpath("NanumBarunGothic.ttf").read_bytes()
BOLD = FONTS.joinpath("NanumBarunGothicBold.ttf").read_bytes()


@pytest.fixture(scope="module")
def letters() -> Letters:
    return letters_of([], [REGULAR, BOLD])


def font_with(codes: range, *, form: int) -> bytes:
    """Return the least of a font that has a Unicode cmap for ``codes``."""
    first, last = codes[0], codes[-1]
    if form == 4:
        # one segment with idDelta, one closing segment; glyph = code − first + 1
        body = struct.pack(
            ">HHHHHHH2HH2H2H2H",
            4,
            0,
            0,
            4,
            0,
            0,
            0,
            last,
            0xFFFF,
            0,
            first,
            0xFFFF,
            (1 - first) & 0xFFFF,
            1,
            0,
            0,
        )
    else:
        body = struct.pack(">HHLLL3L", 12, 0, 28, 0, 1, first, last, 1)
    cmap = struct.pack(">HHHHL", 0, 1, 3, 1 if form == 4 else 10, 12) + body
    return (
        struct.pack(">LHHHH", 0x00010000, 1, 0, 0, 0)
        + struct.pack(">4sLLL", b"cmap", 0, 28, len(cmap))
        + cmap
    )


class TestFontLetters:
    def test_reads_the_korean_font(self) -> None:
        known = font_letters(REGULAR)
        assert set("가힣한글 ABCxyz0189 ₩㎡×→㈜「」年φμ") <= known
        # What the font is known to lack (the reason for the fallback):
        assert not set("−✓✔µé") & known

    @pytest.mark.parametrize("form", [4, 12])
    def test_reads_both_kinds_of_table(self, form: int) -> None:
        assert font_letters(font_with(range(ord("a"), ord("f") + 1), form=form)) == frozenset("abcdef")

    @pytest.mark.parametrize("data", [b"", b"no font at all", REGULAR[:400]])
    def test_of_a_file_that_is_no_font_are_none(self, data: bytes) -> None:
        assert font_letters(data) == frozenset()


class TestClean:
    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ('#import "x" *bold* $a$ \\ `c` <l> @r', '#import "x" *bold* $a$ \\ `c` <l> @r'),
            ("하", "하"),  # two letters of a decomposed name are one syllable
            ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
            ("Zoe\u0308", "Zoë"),
            ("a\x00b\x07c\x7f", "abc"),
            ("one\r\ntwo\tthree", "one  two three"),
            ("abc\u202e123\u202c\u200b", "abc123"),
            ("50 µm", "50 μm"),
            ("−5 ✓", "−5 ✓"),
            ("שלום 😀", "□□□□ □"),
            ("\ue000", "□"),
            ("\ud800", ""),
        ],
    )
    def test_shows_what_can_be_shown(self, letters: Letters, given: str, shown: str) -> None:
        assert letters.clean(given) == shown

    def test_goes_through_everything(self, letters: Letters) -> None:
        given = {"a": ["x\x00", ("y\x01", 3)], "b": {"c": None, "d": 1.5}}
        assert letters.cleaned(given) == {"a": ["x", ["y", 3]], "b": {"c": None, "d": 1.5}}


class TestLettersOf:
    def test_both_weights_must_have_a_letter(self) -> None:
        one, other = font_with(range(0x5D0, 0x5D4), form=4), font_with(range(0x5D2, 0x5D8), form=4)
        # Hebrew: regular has א–ד shifted to 5D0…5D3, bold 5D2…5D7; both have 5D2 and 5D3.
        assert letters_of([one, other], [REGULAR, BOLD]).clean("\u05d0\u05d2\u05d3\u05d7") == "□\u05d2\u05d3□"
