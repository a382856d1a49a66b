"""Lines of PDF pages with their places: PDFium tells the text of a whole page and the places of its words.

Asking for the place of each character would take most of the time; two places a word are enough. PDFium is not made for threads: one lock for the process.
"""

import ctypes
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kis.assistant.things import Box

PDFIUM: Final = threading.Lock()
"""Held by whoever calls PDFium."""

MOST_CHARACTERS: Final = 60_000
"""Of one page; a page of a manual has 2,000 to 6,000."""
CELL_GAP: Final = 0.85
"""Gap between words, in heights of the line, from which on they may be cells of a table; what is justified rarely stretches so far."""
_FINE: Final = 100
"""Parts of a point in which PDFium is asked for places."""
_LINE: Final = re.compile(r"[^\r\n]+")
_WORD: Final = re.compile(r"\S+")
_BOLD: Final = re.compile(r"bold|black|heavy|demi|semibold", re.IGNORECASE)
_INVISIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u00ad\u200b\u200c\u200d\ufeff]")
_HYPHEN: Final = "\ufffe"
"""How PDFium gives a hyphen at the end of a line."""


@dataclass(slots=True)
class Line:
    """A run of words on one line, in the order of the page's content."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_bold: bool
    is_open: bool
    """No space stands after it: a word may go on in the next line."""
    height: float
    """Of its first letter, which goes with the size of its letters."""

    @property
    def box(self) -> Box:
        """Return its place."""
        return Box(round(self.left, 1), round(self.top, 1), round(self.right, 1), round(self.bottom, 1))


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is shown, rotation included."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    has_pictures: bool


Affine = tuple[float, float, float, float, float, float]


def page_of(document: Any, number: int) -> Page:
    """Return a page's lines. A page that PDFium cannot open is an empty one."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # comes without types

    page = pdfium.FPDF_LoadPage(document, number - 1)
    if not page:
        return Page(number, 0.0, 0.0, (), has_pictures=False)
    try:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        texts = pdfium.FPDFText_LoadPage(page)
        if not texts:
            return Page(number, width, height, (), has_pictures=False)
        try:
            lines = tuple(_lines(texts, _shown(page, width, height)))
        finally:
            pdfium.FPDFText_ClosePage(texts)
        return Page(number, width, height, lines, has_pictures=not lines and _has_pictures(page))
    finally:
        pdfium.FPDF_ClosePage(page)


def _shown(page: Any, width: float, height: float) -> Affine:
    """Return how a place in the page's own space is found on the page as it is shown."""
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()

    def place(x: float, y: float) -> tuple[float, float]:
        size = (round(width * _FINE), round(height * _FINE))
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        return across.value / _FINE, down.value / _FINE

    zero, right, up = place(0, 0), place(1000, 0), place(0, 1000)
    return (
        (right[0] - zero[0]) / 1000,
        (up[0] - zero[0]) / 1000,
        zero[0],
        (right[1] - zero[1]) / 1000,
        (up[1] - zero[1]) / 1000,
        zero[1],
    )


def _has_pictures(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    count = min(pdfium.FPDFPage_CountObjects(page), 1000)
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, place)) for place in range(count))
    return any(kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM) for kind in kinds)


def _text(texts: Any) -> str:
    """Return the page's text, one character for each that PDFium counts."""
    import pypdfium2.raw as pdfium

    count = min(pdfium.FPDFText_CountChars(texts), MOST_CHARACTERS)
    buffer = (ctypes.c_ushort * (count + 1))()
    pdfium.FPDFText_GetText(texts, 0, count, buffer)
    return "".join(map(chr, buffer[:count]))


def _lines(texts: Any, shown: Affine) -> Iterator[Line]:
    fonts = _Fonts(texts)
    text = _text(texts)
    words = _Words(texts, shown)
    for found in _LINE.finditer(text):
        begun: list[tuple[str, Box]] = []
        first = last = found.start()
        for word in _WORD.finditer(text, found.start(), found.end()):
            box = words.box(word.start(), word.end())
            if box is None:
                continue
            if begun and _is_apart(begun[-1][1], box):
                yield _line(begun, is_bold=fonts.are_bold(first, last), is_open=False)
                begun = []
            if not begun:
                first = word.start()
            last = word.end() - 1
            begun.append((word[0], box))
        if begun:
            is_open = not text[found.end() - 1].isspace()
            yield _line(begun, is_bold=fonts.are_bold(first, last), is_open=is_open)


class _Words:
    """Finds the places of words, with one rectangle for all calls."""

    def __init__(self, texts: Any, shown: Affine) -> None:
        import pypdfium2.raw as pdfium

        self._texts, self._shown = texts, shown
        self._rectangle = pdfium.FS_RECTF()
        self._reference = ctypes.byref(self._rectangle)
        self._ask = pdfium.FPDFText_GetLooseCharBox

    def box(self, start: int, end: int) -> Box | None:
        rectangle = self._rectangle
        if not self._ask(self._texts, start, self._reference):
            return None
        first = self._on_page(rectangle)
        if end - start < 2 or not self._ask(self._texts, end - 1, self._reference):
            return first
        last = self._on_page(rectangle)
        if last.top >= first.bottom:  # a word that PDFium has put together over the end of a line
            return first
        return Box(
            min(first.left, last.left),
            min(first.top, last.top),
            max(first.right, last.right),
            max(first.bottom, last.bottom),
        )

    def _on_page(self, rectangle: Any) -> Box:
        left, top, right, bottom = rectangle.left, rectangle.top, rectangle.right, rectangle.bottom
        a, b, c, d, e, f = self._shown
        x, other_x = a * left + b * top + c, a * right + b * bottom + c
        y, other_y = d * left + e * top + f, d * right + e * bottom + f
        return Box(min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y))


def _is_apart(before: Box, box: Box) -> bool:
    height = max(before.bottom - before.top, box.bottom - box.top)
    is_beside = box.top < before.bottom and before.top < box.bottom
    return box.left - before.right > CELL_GAP * height or box.left < before.left - height or not is_beside


def _line(words: list[tuple[str, Box]], *, is_bold: bool, is_open: bool) -> Line:
    text = _INVISIBLE.sub("", " ".join(word for word, _ in words))
    return Line(
        text[:-1].replace(_HYPHEN, "-") + text[-1:],
        min(box.left for _, box in words),
        min(box.top for _, box in words),
        max(box.right for _, box in words),
        max(box.bottom for _, box in words),
        is_bold,
        is_open,
        min(box.bottom - box.top for _, box in words),
    )


class _Fonts:
    """Tells bold letters by the name of their font, which is looked up once a page."""

    def __init__(self, texts: Any) -> None:
        self._texts = texts
        self._known: dict[int, bool] = {}

    def are_bold(self, first: int, last: int) -> bool:
        """Tell whether a line begins and ends in bold letters."""
        return self._is_bold(first) and self._is_bold(last)

    def _is_bold(self, place: int) -> bool:
        import pypdfium2.raw as pdfium

        letters = pdfium.FPDFText_GetTextObject(self._texts, place)
        font = pdfium.FPDFTextObj_GetFont(letters) if letters else None
        if not font:
            return False
        address = ctypes.addressof(font.contents)
        if address not in self._known:
            name = ctypes.create_string_buffer(200)
            pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
            self._known[address] = bool(_BOLD.search(name.value.decode("utf-8", "replace")))
        return self._known[address]
