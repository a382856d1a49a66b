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
    """The questions. ``textpage`` is always the address of an open text page; every index must be that of one of its letters."""

    def __init__(self) -> None:
        import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # comes without types

        self.is_generated = _called(pdfium.FPDFText_IsGenerated, ctypes.c_int)
        self._box = _called(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int)
        self._matrix = _called(pdfium.FPDFText_GetMatrix, ctypes.c_int)
        self._size = _called(pdfium.FPDFText_GetFontSize, ctypes.c_double)
        self._object = _called(pdfium.FPDFText_GetTextObject, ctypes.c_void_p)
        self._font = _called(pdfium.FPDFTextObj_GetFont, ctypes.c_void_p)
        self._piece = ctypes.c_void_p()

    def font(self, textpage: ctypes.c_void_p, index: int) -> int:
        """Return the address of a letter's font, 0 where it has none."""
        self._piece.value = self._object(textpage, index)
        return (self._font(self._piece) or 0) if self._piece else 0

    def looks(self, textpage: ctypes.c_void_p, spans: Sequence[Span]) -> Iterator[Look]:
        """Yield how each text stands, in their order."""
        boxes = (ctypes.c_float * (2 * _BOX_FLOATS * len(spans)))()
        matrices = (ctypes.c_float * (_MATRIX_FLOATS * len(spans)))()
        sizes = self._ask(textpage, spans, ctypes.addressof(boxes), ctypes.addressof(matrices))
        sides, turns = iter(boxes[:]), iter(matrices[:])
        for size, (left, top, right, bottom, left2, top2, right2, bottom2), (a, b, c, d, _, _) in zip(
            sizes,
            zip(*[sides] * (2 * _BOX_FLOATS), strict=True),
            zip(*[turns] * _MATRIX_FLOATS, strict=True),
            strict=True,
        ):
            yield Look(
                min(left, left2),
                min(bottom, bottom2),
                max(right, right2),
                max(top, top2),
                size * hypot(c, d),
                abs(b) <= abs(a),
            )

    def _ask(
        self, textpage: ctypes.c_void_p, spans: Sequence[Span], boxes: int, matrices: int
    ) -> list[float]:
        """Return the nominal size of each text, and write two boxes and a matrix of each to the addresses."""
        letter_box, letter_matrix, letter_size = self._box, self._matrix, self._size
        room = ctypes.c_void_p()
        sizes = []
        for text, first in spans:
            room.value = boxes
            letter_box(textpage, first, room)
            room.value = boxes + _BOX_FLOATS * _FLOAT_BYTES
            letter_box(textpage, first + len(text) - 1, room)
            room.value = matrices
            letter_matrix(textpage, first, room)
            sizes.append(letter_size(textpage, first))
            boxes += 2 * _BOX_FLOATS * _FLOAT_BYTES
            matrices += _MATRIX_FLOATS * _FLOAT_BYTES
        return sizes


def _called(function: Any, result: Any) -> Any:
    """Return a function of PDFium that takes ``c_void_p`` and ``int`` as they come and keeps the interpreter's lock: a call is shorter than either."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    called = ctypes.PYFUNCTYPE(result)(address)
    called.argtypes = None  # type: ignore[assignment]  # ctypes then checks nothing, which its types do not foresee
    return called
