"""Pictures on their way into the document."""

import base64
import struct

import pytest

from kis.estimator.documents.drawings.svg import svg
from kis.estimator.documents.pdf.errors import PdfFailed
from kis.estimator.documents.pdf.letters import Letters
from kis.estimator.documents.pdf.pictures import Pictures
from tests.factories import contents

LETTERS = Letters(frozenset(map(chr, range(32, 127))) | frozenset("도면배치□"))

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">L4sLL", 13, b"IHDR", 300, 200) + b"\x08\x02\x00\x00\x00"
JPEG = (
    b"\xff\xd8"
    + struct.pack(">HH14s", 0xFFE0, 16, b"JFIF")
    + struct.pack(">HH8s", 0xFFC4, 10, b"")  # a Huffman table, whose marker lies among those of frames
    + struct.pack(">HHBHH", 0xFFC2, 17, 8, 200, 300)
)
"""Heads of pictures of 300 × 200."""


@pytest.fixture
def pictures() -> Pictures:
    return Pictures(LETTERS, ("NanumBarunGothic", "DejaVu Sans Mono"))


class TestDrawn:
    def test_is_set_in_the_fonts_of_the_document(self, pictures: Pictures) -> None:
        sheet = contents.drawing("layout", "LP", "ko").sheet
        made = pictures.files[pictures.drawn(svg(sheet))].decode()
        assert "font-family=\"'NanumBarunGothic','DejaVu Sans Mono','Noto Sans KR'" in made
        assert made.count("font-family") == 1

    def test_gets_fonts_where_it_names_none(self, pictures: Pictures) -> None:
        made = pictures.files[pictures.drawn('<svg width="1"><text>A</text></svg>')].decode()
        assert made.startswith("<svg font-family=\"'NanumBarunGothic','DejaVu Sans Mono'\" width")

    def test_each_has_a_name_of_its_own(self, pictures: Pictures) -> None:
        assert [pictures.drawn("<svg />"), pictures.drawn("<svg />")] == [
            "picture-001.svg",
            "picture-002.svg",
        ]


class TestGiven:
    def test_only_letters_that_no_font_has_are_changed(self, pictures: Pictures) -> None:
        name = pictures.given("Seal.SVG", "<svg><text>도면 😀</text></svg>".encode())
        assert pictures.files[name].decode() == "<svg><text>도면 □</text></svg>"

    @pytest.mark.parametrize(
        ("name", "picture", "media"), [("logo.png", PNG, "image/png"), ("logo.jpg", JPEG, "image/jpeg")]
    )
    def test_a_photo_travels_whole_and_in_its_proportions(
        self, pictures: Pictures, name: str, picture: bytes, media: str
    ) -> None:
        made = pictures.files[pictures.given(name, picture)].decode()
        assert 'width="300" height="200" viewBox="0 0 300 200"' in made
        assert f'href="data:{media};base64,{base64.b64encode(picture).decode()}"' in made

    @pytest.mark.parametrize(
        ("name", "picture"), [("logo.png", PNG[:20]), ("logo.jpg", JPEG[:30]), ("logo.jpg", b"\xff\xd8\xff")]
    )
    def test_a_photo_without_a_size_is_refused_by_name(
        self, pictures: Pictures, name: str, picture: bytes
    ) -> None:
        with pytest.raises(PdfFailed, match=f"The size of {name} cannot be read"):
            pictures.given(name, picture)
