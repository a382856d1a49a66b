"""Pictures on their way into the document."""

import pytest

from kis.estimator.documents.drawings.svg import svg
from kis.estimator.documents.pdf.letters import Letters
from kis.estimator.documents.pdf.pictures import Pictures
from tests.factories import contents

LETTERS = Letters(frozenset(map(chr, range(32, 127))) | frozenset("도면배치□"))


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

    def test_a_photo_stays_as_it_is(self, pictures: Pictures) -> None:
        assert pictures.files[pictures.given("logo.png", b"\x89PNG\x00\xff")] == b"\x89PNG\x00\xff"
