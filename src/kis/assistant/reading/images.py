"""Images of pages with a passage marked."""

import ctypes
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from kis.assistant.things import Box
from kis.platform.pdfium import PDFIUM

NARROWEST_PX: Final = 100
WIDEST_PX: Final = 2400
HIGHEST_PX: Final = 4800
MOST_BOXES: Final = 500
_YELLOW: Final = (255, 225, 60)
_MARGIN_PT: Final = 1.5
"""By so much a mark is larger than the letters."""
_FINE: Final = 100
"""Parts of a point in which PDFium is asked for places."""
_LESS: Final = 0.01
"""PDFium rounds up."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


class NoSuchPage(ValueError):
    """The document has no such page, or nothing that can be shown."""


def page_png(content: bytes, page: int, *, boxes: Sequence[Box] = (), width: int = 1000) -> bytes:
    """Return a page of a PDF as a PNG ``width`` pixels wide, with ``boxes`` marked as with a yellow pen.

    Raises NoSuchPage where there is none, and for documents without pages. Letters stay as dark as they are, and marks are no darker where they meet.
    """
    import pypdfium2  # type: ignore[import-untyped]  # comes without types

    width = min(max(width, NARROWEST_PX), WIDEST_PX)
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise NoSuchPage("no document with pages") from error
        try:
            return _drawn(document, page, boxes, width)
        finally:
            document.close()


def _drawn(document: Any, page: int, boxes: Sequence[Box], width: int) -> bytes:
    import pypdfium2

    if not 1 <= page <= len(document):
        raise NoSuchPage(f"no page {page}")
    try:
        opened = document[page - 1]
    except pypdfium2.PdfiumError as error:
        raise NoSuchPage(f"page {page} is damaged") from error
    across, down = opened.get_size()
    if boxes:
        _mark(opened, boxes[:MOST_BOXES])
    scale = min((width - _LESS) / max(across, 1.0), HIGHEST_PX / max(down, 1.0))
    bitmap = opened.render(scale=scale, rev_byteorder=True)
    return _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)


def _mark(page: Any, boxes: Iterable[Box]) -> None:
    """Multiply the page with one shape of all marks: paper turns yellow, letters stay."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # comes without types

    shape = None
    for box in boxes:
        corners = _corners(page, box)
        if shape is None:
            shape = pdfium.FPDFPageObj_CreateNewPath(*corners[0])
        else:
            pdfium.FPDFPath_MoveTo(shape, *corners[0])
        for corner in corners[1:]:
            pdfium.FPDFPath_LineTo(shape, *corner)
        pdfium.FPDFPath_Close(shape)
    pdfium.FPDFPageObj_SetFillColor(shape, *_YELLOW, 255)
    pdfium.FPDFPath_SetDrawMode(shape, pdfium.FPDF_FILLMODE_WINDING, 0)
    pdfium.FPDFPageObj_SetBlendMode(shape, b"Multiply")
    pdfium.FPDFPage_InsertObject(page, shape)


def _corners(page: Any, box: Box) -> list[tuple[float, float]]:
    """Return the corners of a mark in the page's own space, all marks the same way round."""
    import pypdfium2.raw as pdfium

    left, right = sorted((box.left, box.right))
    top, bottom = sorted((box.top, box.bottom))
    left, top, right, bottom = left - _MARGIN_PT, top - _MARGIN_PT, right + _MARGIN_PT, bottom + _MARGIN_PT
    width, height = page.get_size()
    size = (round(width * _FINE), round(height * _FINE))
    x, y = ctypes.c_double(), ctypes.c_double()
    corners = []
    for across, down in ((left, top), (right, top), (right, bottom), (left, bottom)):
        place = (
            round(min(max(across, 0), width) * _FINE),
            round(min(max(down, 0), height) * _FINE),
        )
        pdfium.FPDF_DeviceToPage(page, 0, 0, *size, 0, *place, ctypes.byref(x), ctypes.byref(y))
        corners.append((x.value, y.value))
    return corners


def _png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    """Return rows of red, green and blue as a PNG."""
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + 3 * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 4)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
