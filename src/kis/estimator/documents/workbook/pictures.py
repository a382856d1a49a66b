"""Logo and seal as a workbook can hold them: PNG and JPEG. A spreadsheet file has no place for an SVG alone, so an SVG is left out."""

import struct
from typing import Final

from kis.estimator.documents.workbook.plan import PlannedPicture

_CHARACTER_PX: Final = 7
_EDGE_PX: Final = 2
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of the segments that say how large a JPEG is (ITU-T T.81, table B.1): all SOFn, but not DHT, JPG, DAC."""


def picture(
    data: bytes | None, place: str, room_px: tuple[int, int], column_width: float | None = None
) -> PlannedPicture | None:
    """Return the picture at ``place``, as large as ``room_px`` admits; None where there is none, or in a form a workbook cannot hold.

    It stands at the left of its cell, in the middle where ``column_width`` (in characters) is given.
    """
    size = None if data is None else _size(data)
    if data is None or size is None or min(size) <= 0:
        return None
    scale = min(room_px[0] / size[0], room_px[1] / size[1])
    width_px = max(1, round(size[0] * scale))
    room = 0 if column_width is None else round(column_width * _CHARACTER_PX) - width_px
    return PlannedPicture(
        place=place,
        left_px=_EDGE_PX + max(0, room // 2),
        top_px=_EDGE_PX,
        data=data,
        form="png" if data.startswith(_PNG) else "jpeg",
        width_px=width_px,
        height_px=max(1, round(size[1] * scale)),
    )


def _size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, None where ``data`` is neither PNG nor JPEG."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    return _jpeg_size(data) if data.startswith(_JPEG) else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None
