"""What PDFium knows of the letters of a page, asked in bulk.

The functions are those of pypdfium2, called with addresses instead of its typed pointers and with room for all answers of a page at once: a quotation of
twenty panels asks half a million questions, and most of the time of each goes into wrapping one pointer.
"""

import ctypes
from collections.abc import Iterator, Sequence
from math import hypot
from typing import Any, Final, NamedTuple

Span = tuple[str, int]
"""A text, and the index of its first letter in the page."""

_BOX_FLOATS: Final = 4
"""Left, top, right, bottom (FS_RECTF)."""
_MATRIX_FLOATS: Final = 6
_FLOAT_BYTES: Final = ctypes.sizeof(ctypes.c_float)


class Look(NamedTuple):
    """How a text stands: the box of its first and last letter, the size of the first and whether it is upright."""

    x0: float
    y0: float
    x1: float
    y1: float
    size_pt: float
    upright: bool


class LetterCalls:
    """The questions; ``textpage`` is always the address of an open text page."""

    def __init__(self) -> None:
        import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # comes without types

        whole, page, index, room = ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
        self.is_generated = _called(pdfium.FPDFText_IsGenerated, whole, page, index)
        self._box = _called(pdfium.FPDFText_GetLooseCharBox, whole, page, index, room)
        self._matrix = _called(pdfium.FPDFText_GetMatrix, whole, page, index, room)
        self._size = _called(pdfium.FPDFText_GetFontSize, ctypes.c_double, page, index)
        self._object = _called(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, page, index)
        self._font = _called(pdfium.FPDFTextObj_GetFont, ctypes.c_void_p, ctypes.c_void_p)

    def font(self, textpage: int, index: int) -> int:
        """Return the address of a letter's font, 0 where it has none."""
        piece = self._object(textpage, index)
        return (self._font(piece) or 0) if piece else 0

    def looks(self, textpage: int, spans: Sequence[Span]) -> Iterator[Look]:
        """Yield how each text stands, in their order."""
        boxes = (ctypes.c_float * (2 * _BOX_FLOATS * len(spans)))()
        matrices = (ctypes.c_float * (_MATRIX_FLOATS * len(spans)))()
        box, matrix = ctypes.addressof(boxes), ctypes.addressof(matrices)
        letter_box, letter_matrix, second = self._box, self._matrix, _BOX_FLOATS * _FLOAT_BYTES
        for text, first in spans:
            letter_box(textpage, first, box)
            letter_box(textpage, first + len(text) - 1, box + second)
            letter_matrix(textpage, first, matrix)
            box += 2 * second
            matrix += _MATRIX_FLOATS * _FLOAT_BYTES
        sides, turns = iter(boxes[:]), iter(matrices[:])
        for (_, first), (left, top, right, bottom, left2, top2, right2, bottom2), (a, b, c, d, _, _) in zip(
            spans,
            zip(*[sides] * (2 * _BOX_FLOATS), strict=True),
            zip(*[turns] * _MATRIX_FLOATS, strict=True),
            strict=True,
        ):
            yield Look(
                min(left2, left),
                min(bottom2, bottom),
                max(right2, right),
                max(top2, top),
                self._size(textpage, first) * hypot(c, d),
                abs(b) <= abs(a),
            )


def _called(function: Any, *kinds: Any) -> Any:
    """Return a function of PDFium under other types, the result's first; it keeps the interpreter's lock, because a call is shorter than a change of it."""
    return ctypes.PYFUNCTYPE(*kinds)(ctypes.cast(function, ctypes.c_void_p).value or 0)
