"""Logo and seal: how large they are shown, and what a workbook cannot hold."""

import pytest

from kis.estimator.documents.workbook.pictures import picture
from tests.unit.estimator.documents.workbook.opening import png


def jpeg(width: int, height: int, *, marker: int = 0xC0) -> bytes:
    """Return the beginning of a JPEG: an application segment of 16 bytes, then the frame (length 17, 8 bits, height, width)."""
    frame = bytes([0xFF, marker, 0, 17, 8]) + height.to_bytes(2, "big") + width.to_bytes(2, "big") + bytes(10)
    return b"\xff\xd8" + b"\xff\xe0\x00\x10" + bytes(14) + frame


class TestPicture:
    @pytest.mark.parametrize(
        ("data", "form", "size"),
        [
            (png(300, 100), "png", (150, 50)),  # as wide as the room
            (png(100, 100), "png", (50, 50)),  # as high as the room
            (png(15, 5), "png", (150, 50)),  # enlarged
            (jpeg(640, 320), "jpeg", (100, 50)),
            (jpeg(640, 320, marker=0xC2), "jpeg", (100, 50)),  # a progressive one
        ],
    )
    def test_fills_its_room_in_proportion(self, data: bytes, form: str, size: tuple[int, int]) -> None:
        planned = picture(data, "A1", (150, 50))
        assert planned is not None
        assert (planned.form, planned.width_px, planned.height_px, planned.data) == (form, *size, data)

    @pytest.mark.parametrize(
        "data",
        [
            None,
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"\x89PNG\r\n\x1a\n",
            png(0, 1)[:30],
            b"\xff\xd8\xff",
            jpeg(1, 1)[:20],
            jpeg(640, 320, marker=0xC4),  # Huffman tables are no frame
        ],
    )
    def test_is_none_where_a_workbook_cannot_hold_it(self, data: bytes | None) -> None:
        assert picture(data, "A1", (150, 50)) is None

    def test_stands_in_the_middle_of_its_column(self) -> None:
        planned = picture(png(50, 50), "H8", (50, 50), 20.0)
        assert planned is not None
        assert planned.left_px == 2 + 45  # 20 · 7 = 140 px, 90 of them free
