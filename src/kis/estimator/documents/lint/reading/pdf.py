"""A finished PDF as its reader sees it: pages, pieces of text with their boxes and letters, pictures.

Boxes are in points from the lower left corner of the page. A fragment is text of one size on one line without a gap wider than a space: the line of a
sentence, or the cell of a table.

PDFium is asked per fragment and not per letter wherever that says the same, because a quotation of twenty panels has three hundred thousand letters.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any, Final, NamedTuple

from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.estimator.documents.lint.reading.pdf_letters import LetterCalls, Span
from kis.estimator.documents.lint.reading.texts import Texts, texts_of
from kis.platform.messages import Message
from kis.platform.pdfium import PDFIUM

LARGEST_FILE_BYTES: Final = 128 * 2**20
MOST_PAGES: Final = 1000
MOST_LETTERS: Final = 200_000
"""On one page; a page of a quotation has two thousand."""
MOST_OBJECTS: Final = 50_000

_SUBSET: Final = re.compile(r"^[A-Z]{6}\+")
_BREAK: Final = re.compile(r"\r\n|\s")
"""What may part two texts; a line break that PDFium puts between them is always the pair."""
_SYMBOL: Final = re.compile(r"[^\s\x21-\x7e\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
"""Letters that a Korean font may lack, so that another font may have stood in."""
_MISSING: Final = "\ufffd"
_TEXT, _PATH, _IMAGE, _SHADING, _FORM = 1, 2, 3, 4, 5
"""Kinds of page objects (fpdf_edit.h)."""

_WIDEST_SPACE_EM: Final = 0.6
_NARROWEST_SPACE_EM: Final = 0.14
"""Between these two a gap is a space between words, in letter sizes; a space of the shipped font is 0.30, and a full line squeezes or stretches it."""
_SAME_LINE_EM: Final = 0.2
_SAME_ROW_PT: Final = 2.5
"""Two texts whose middles are no further apart stand in one row."""
_LEAST_STAMP_PT: Final = 8 * 72 / 25.4
_MOST_STAMP_PT: Final = 50 * 72 / 25.4
"""Seals of companies are 10 to 30 mm wide; the bounds leave room."""

Box = tuple[float, float, float, float]


class Fragment(NamedTuple):
    """A piece of text and the box of its letters, ascenders and descenders included. A tuple, because a quotation has tens of thousands."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size_pt: float
    font: str
    upright: bool
    symbols: tuple[tuple[str, str], ...]
    """Its letters beyond ASCII and Hangul, each with its font: those that a Korean font may lack."""

    @property
    def bold(self) -> bool:
        """Tell whether it is set in a bold font."""
        return "bold" in self.font.lower()


@dataclass(frozen=True, slots=True)
class Row:
    """The upright texts of one height, from left to right."""

    pieces: tuple[Fragment, ...]

    @property
    def said(self) -> str:
        """Return the row as one text."""
        return " ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """A page. ``pictures`` are the boxes of images and of painted shapes; they are only read on the first page, where the seal is."""

    number: int
    width: float
    height: float
    fragments: tuple[Fragment, ...]
    pictures: tuple[Box, ...]

    @property
    def place(self) -> str:
        """Return how a finding names the page."""
        return f"p.{self.number}"

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows of the page from top to bottom."""
        upright = [(-(piece.y0 + piece.y1) / 2, piece.x0, piece) for piece in self.fragments if piece.upright]
        rows: list[list[Fragment]] = []
        last = 0.0
        for height, _, piece in sorted(upright, key=lambda found: found[:2]):
            if rows and height - last <= _SAME_ROW_PT:
                rows[-1].append(piece)
            else:
                rows.append([piece])
                last = height
        return tuple(Row(tuple(sorted(row, key=lambda piece: piece.x0))) for row in rows)

    @cached_property
    def usual_size_pt(self) -> float:
        """Return the size of the page's usual letters; there must be some."""
        return median(piece.size_pt for piece in self.fragments)

    @cached_property
    def stamps(self) -> tuple[Box, ...]:
        """Return the pictures as large and as square as a seal or a logo."""
        return tuple(box for box in self.pictures if _is_stamp(box))

    def is_stamped(self, piece: Fragment) -> bool:
        """Tell whether a text stands inside a seal or a logo: part of a picture, or stamped over."""
        x, y = (piece.x0 + piece.x1) / 2, (piece.y0 + piece.y1) / 2
        return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in self.stamps)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PdfView:
    """A whole PDF. ``fonts`` are its fonts by name, with whether they are embedded."""

    pages: tuple[Page, ...]
    fonts: dict[str, bool]
    title: str
    language: str

    def texts(self) -> Texts:
        """Return every fragment with its page; the words of a seal are the company's picture, not the document's text."""
        return texts_of(
            (page.place, piece.text)
            for page in self.pages
            for piece in page.fragments
            if not (page.stamps and page.is_stamped(piece))
        )


def read_pdf(data: bytes, *, most_pages: int = MOST_PAGES) -> PdfView:
    """Return the view of a PDF, of its first ``most_pages`` pages where that is all one needs. Raises Unreadable."""
    import pypdfium2  # type: ignore[import-untyped]  # comes without types

    if len(data) > LARGEST_FILE_BYTES:
        raise Unreadable(Message("lint.reading.large"))
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise Unreadable(Message("lint.reading.no_pdf")) from error
        try:
            return _Reader(document).view(most_pages)
        except pypdfium2.PdfiumError as error:
            raise Unreadable(Message("lint.reading.no_pdf")) from error
        finally:
            document.close()


class _Reader:
    """Reads one open document; fonts are asked about once each."""

    def __init__(self, document: Any) -> None:
        import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # comes without types

        self._pdfium = pdfium
        self._document = document
        self._calls = LetterCalls()
        self._fonts: dict[int, str] = {}
        self._embedded: dict[str, bool] = {}

    def view(self, most_pages: int) -> PdfView:
        count = len(self._document)
        if not 0 < count <= MOST_PAGES:
            raise Unreadable(Message("lint.reading.large"))
        pages = tuple(self._page(index) for index in range(min(count, most_pages)))
        return PdfView(
            pages=pages,
            fonts=dict(sorted(self._embedded.items())),
            title=self._document.get_metadata_value("Title"),
            language=self._language(),
        )

    def _page(self, index: int) -> Page:
        page = self._document[index]
        try:
            width, height = page.get_size()
            textpage = page.get_textpage()
            try:
                fragments = tuple(_joined(self._fragments(textpage.raw)))
            finally:
                textpage.close()
            pictures = tuple(self._pictures(page.raw)) if index == 0 else ()
        finally:
            page.close()
        return Page(number=index + 1, width=width, height=height, fragments=fragments, pictures=pictures)

    def _fragments(self, textpage: Any) -> Iterator[Fragment]:
        """Yield the pieces of a page that stand apart."""
        self._fonts.clear()  # fonts may go with their page, and others come to their place
        address = ctypes.cast(textpage, ctypes.c_void_p)
        spans = list(self._spans(address, self._letters(textpage)))
        for (text, first), look in zip(spans, self._calls.looks(address, spans), strict=True):
            x0, y0, x1, y1, size, upright = look
            symbols: tuple[tuple[str, str], ...] = ()
            if not text.isascii():
                found = _SYMBOL.finditer(text)
                symbols = tuple((symbol[0], self._font(address, first + symbol.start())) for symbol in found)
            yield Fragment(text, x0, y0, x1, y1, size, self._font(address, first), upright, symbols)

    def _spans(self, textpage: ctypes.c_void_p, letters: str) -> Iterator[Span]:
        """Yield the texts between the blanks that are not in the file: PDFium puts one where a gap is."""
        generated = self._calls.is_generated
        start = 0
        for blank in (*_BREAK.finditer(letters), None):
            if blank is not None and not generated(textpage, blank.start()):
                continue
            text = letters[start:] if blank is None else letters[start : blank.start()]
            bare = text.strip()
            if bare:
                yield bare, start + text.index(bare)
            start = 0 if blank is None else blank.end()

    def _letters(self, textpage: Any) -> str:
        """Return the letters of a page, one for each that PDFium counts; one without a meaning (a .notdef box) is U+FFFD."""
        count = self._pdfium.FPDFText_CountChars(textpage)
        if not 0 <= count <= MOST_LETTERS:
            raise Unreadable(Message("lint.reading.large"))
        if count == 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        written = self._pdfium.FPDFText_GetText(textpage, 0, count, buffer)
        text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        unicode = self._pdfium.FPDFText_GetUnicode  # something has no meaning and was left out above
        codes = (unicode(textpage, index) for index in range(count))
        return "".join(
            chr(code) if 0 < code < 0xFFFE and not 0xD800 <= code < 0xE000 else _MISSING for code in codes
        )

    def _font(self, textpage: ctypes.c_void_p, index: int) -> str:
        """Return the name of a letter's font, and note whether it is in the file."""
        address = self._calls.font(textpage, index)
        name = self._fonts.get(address)
        if name is None:
            if not address:
                return ""
            font = ctypes.cast(address, self._pdfium.FPDF_FONT)
            name = self._fonts[address] = self._font_name(font)
            embedded = self._pdfium.FPDFFont_GetIsEmbedded(font) == 1
            self._embedded[name] = self._embedded.get(name, True) and embedded
        return name

    def _font_name(self, font: Any) -> str:
        buffer = ctypes.create_string_buffer(256)
        length = self._pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
        name = buffer.raw[: max(min(length, 256) - 1, 0)].decode("utf-8", "replace")
        return _SUBSET.sub("", name)

    def _pictures(self, page: Any) -> Iterator[Box]:
        count = min(self._pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)
        sides = [ctypes.c_float() for _ in range(4)]
        for index in range(count):
            piece = self._pdfium.FPDFPage_GetObject(page, index)
            if self._pdfium.FPDFPageObj_GetType(piece) == _TEXT:
                continue
            if self._pdfium.FPDFPageObj_GetBounds(piece, *sides):
                yield (sides[0].value, sides[1].value, sides[2].value, sides[3].value)

    def _language(self) -> str:
        buffer = (ctypes.c_ushort * 64)()
        written = self._pdfium.FPDFCatalog_GetLanguage(self._document.raw, buffer, ctypes.sizeof(buffer))
        return bytes(buffer)[: max(min(written, 128) - 2, 0)].decode("utf-16-le", "replace")


def _is_stamp(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return min(width, height) >= _LEAST_STAMP_PT and max(width, height) <= min(
        _MOST_STAMP_PT, 1.5 * min(width, height)
    )


def _joined(fragments: Iterator[Fragment]) -> Iterator[Fragment]:
    """Yield the fragments with words of one line put together again: PDFium parts them at every gap, and Typst sets each word of a paragraph alone."""
    line: list[Fragment] = []
    words: list[str] = []
    for piece in fragments:
        space = _space_between(line[-1], piece) if line else None
        if space is not None:
            line.append(piece)
            words += (space, piece.text)
        else:
            if line:
                yield _one_line(line, words)
            line, words = [piece], [piece.text]
    if line:
        yield _one_line(line, words)


def _one_line(line: list[Fragment], words: list[str]) -> Fragment:
    if len(line) == 1:
        return line[0]
    first = line[0]
    return Fragment(
        text="".join(words),
        x0=min(piece.x0 for piece in line),
        y0=min(piece.y0 for piece in line),
        x1=max(piece.x1 for piece in line),
        y1=max(piece.y1 for piece in line),
        size_pt=first.size_pt,
        font=first.font,
        upright=first.upright,
        symbols=tuple(symbol for piece in line for symbol in piece.symbols),
    )


def _space_between(before: Fragment, after: Fragment) -> str | None:
    """Return what stands between two pieces of one line, nothing or a space; None where they are two texts."""
    _, before_x0, before_y0, before_x1, before_y1, size, font, upright, _ = before
    _, x0, y0, _, _, after_size, after_font, after_upright, _ = after
    if upright:
        apart, gap = before_y0 - y0, x0 - before_x1
    else:
        apart, gap = before_x0 - x0, y0 - before_y1
    if not -_SAME_LINE_EM * size < gap < _WIDEST_SPACE_EM * size or abs(apart) > _SAME_LINE_EM * size:
        return None
    if upright is not after_upright or font != after_font or abs(size - after_size) > 0.05 * size:
        return None
    return " " if gap > _NARROWEST_SPACE_EM * size else ""
