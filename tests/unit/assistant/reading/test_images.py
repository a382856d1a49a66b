"""Images of pages: as large as asked for, marked where the passage stands and nowhere else."""

import struct
import zlib

import pytest

from kis.assistant.reading import NoSuchPage, page_png, read_document
from kis.assistant.things import Box
from tests.factories.maker_manuals import damaged_pdf, encrypted_pdf, manual_html, manual_pdf

YELLOW = (255, 225, 60)
WHITE = (255, 255, 255)


class Pixels:
    """A PNG without filters, as the pages are written."""

    def __init__(self, png: bytes) -> None:
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        self.width, self.height = struct.unpack(">II", png[16:24])
        at, data = 8, b""
        while at < len(png):
            (length,) = struct.unpack(">I", png[at : at + 4])
            if png[at + 4 : at + 8] == b"IDAT":
                data += png[at + 8 : at + 8 + length]
            at += 12 + length
        self._rows = zlib.decompress(data)

    def at(self, x: float, y: float) -> tuple[int, ...]:
        start = int(y) * (3 * self.width + 1) + 1 + 3 * int(x)
        return tuple(self._rows[start : start + 3])


def test_a_page_has_the_width_that_is_asked_for() -> None:
    made = Pixels(page_png(manual_pdf(), 1, width=595))
    assert (made.width, made.height) == (595, 842)


@pytest.mark.parametrize(("asked", "given"), [(1, 100), (100_000, 2400)])
def test_the_size_is_bounded(asked: int, given: int) -> None:
    assert Pixels(page_png(manual_pdf(), 1, width=asked)).width == given


def test_the_passage_is_marked_and_nothing_else() -> None:
    made = Pixels(page_png(manual_pdf(), 1, boxes=[Box(300, 700, 400, 720)], width=595))
    assert made.at(350, 710) == YELLOW
    assert [made.at(350, 690), made.at(350, 730), made.at(290, 710), made.at(410, 710)] == [WHITE] * 4


def test_marks_are_no_darker_where_they_meet() -> None:
    boxes = [Box(300, 700, 400, 720), Box(350, 710, 450, 730)]
    made = Pixels(page_png(manual_pdf(), 1, boxes=boxes, width=595))
    assert made.at(375, 715) == YELLOW


def test_letters_stay_dark() -> None:
    box = read_document(manual_pdf()).units[0].boxes[0]
    made = Pixels(page_png(manual_pdf(), 1, boxes=[box], width=595))
    inside = [
        made.at(x, y)
        for x in range(int(box.left), int(box.right))
        for y in range(int(box.top), int(box.bottom))
    ]
    assert min(sum(pixel) for pixel in inside) < 150
    assert YELLOW in inside


@pytest.mark.parametrize("page", [0, -1, 4])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(NoSuchPage):
        page_png(manual_pdf(), page)


@pytest.mark.parametrize("content", [damaged_pdf(), encrypted_pdf(), manual_html(), b""])
def test_what_has_no_pages_is_refused(content: bytes) -> None:
    with pytest.raises(NoSuchPage):
        page_png(content, 1)
