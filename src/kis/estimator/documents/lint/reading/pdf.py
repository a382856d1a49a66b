"""A finished PDF as its reader sees it: pages, pieces of text with their boxes and letters, pictures.

Boxes are in points from the lower left corner of the page. A fragment is text of one size on one line without a gap wider than a space: the line of a
sentence, or the cell of a table.

PDFium is asked per fragment and not per letter wherever that says the same, because a quotation of twenty panels has a hundred thousand letters.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import hypot
from typing import Any, Final

from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.estimator.documents.lint.reading.texts import Texts, texts_of
from kis.platform.messages import Message

LARGEST_FILE_BYTES: Final = 128 * 2**20
MOST_PAGES: Final = 1000
MOST_LETTERS: Final = 200_000
"""On one page; a page of a quotation has two thousand."""
MOST_OBJECTS: Final = 50_000

_SUBSET: Final = re.compile(r"^[A-Z]{6}\+")
_BLANK: Final = re.compile(r"\s")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A piece of text and the box of its letters, ascenders and descenders included."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size_pt: float
    font: str
    upright: bool
    stand_ins: str
    """Letters that its font did not have, so that another one had to stand in."""

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
        self._fonts: dict[int, str] = {}
        self._embedded: dict[str, bool] = {}
        self._box = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()

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
            textpage = page.get_textpage()
            try:
                fragments = tuple(_joined(self._fragments(textpage.raw)))
            finally:
                textpage.close()
            width, height = page.get_size()
            pictures = tuple(self._pictures(page.raw)) if index == 0 else ()
        finally:
            page.close()
        return Page(number=index + 1, width=width, height=height, fragments=fragments, pictures=pictures)

    def _fragments(self, textpage: Any) -> Iterator[Fragment]:
        letters = self._letters(textpage)
        generated = self._pdfium.FPDFText_IsGenerated
        start = 0
        for blank in _BLANK.finditer(letters):
            if generated(textpage, blank.start()):
                yield from self._fragment(textpage, letters, start, blank.start())
                start = blank.end()
        yield from self._fragment(textpage, letters, start, len(letters))

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

    def _fragment(self, textpage: Any, letters: str, start: int, end: int) -> Iterator[Fragment]:
        text = letters[start:end].strip()
        if not text:
            return
        first = start + letters[start:end].index(text)
        last = first + len(text) - 1
        font = self._font(textpage, first)
        symbols = [
            (symbol[0], self._font(textpage, first + symbol.start())) for symbol in _SYMBOL.finditer(text)
        ]
        x0, y0, x1, y1 = self._letter_box(textpage, first)
        a0, b0, a1, b1 = self._letter_box(textpage, last)
        self._pdfium.FPDFText_GetMatrix(textpage, first, self._matrix)
        matrix = self._matrix
        size = self._pdfium.FPDFText_GetFontSize(textpage, first)
        yield Fragment(
            text=text,
            x0=min(x0, a0),
            y0=min(y0, b0),
            x1=max(x1, a1),
            y1=max(y1, b1),
            size_pt=size * hypot(matrix.c, matrix.d),
            font=font,
            upright=abs(matrix.b) <= abs(matrix.a),
            stand_ins="".join(symbol for symbol, its_font in symbols if its_font != font),
        )

    def _letter_box(self, textpage: Any, index: int) -> Box:
        box = self._box
        self._pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        return (box.left, box.bottom, box.right, box.top)

    def _font(self, textpage: Any, index: int) -> str:
        piece = self._pdfium.FPDFText_GetTextObject(textpage, index)
        if not piece:
            return ""
        font = self._pdfium.FPDFTextObj_GetFont(piece)
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        if address not in self._fonts:
            name = self._font_name(font) if address else ""
            self._fonts[address] = name
            embedded = bool(address) and self._pdfium.FPDFFont_GetIsEmbedded(font) == 1
            self._embedded[name] = self._embedded.get(name, True) and embedded
        return self._fonts[address]

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
    before: Fragment | None = None
    for piece in fragments:
        if before is None:
            before = piece
            continue
        space = _space_between(before, piece)
        if space is None:
            yield before
            before = piece
        else:
            before = Fragment(
                text=before.text + space + piece.text,
                x0=min(before.x0, piece.x0),
                y0=min(before.y0, piece.y0),
                x1=max(before.x1, piece.x1),
                y1=max(before.y1, piece.y1),
                size_pt=before.size_pt,
                font=before.font,
                upright=before.upright,
                stand_ins=before.stand_ins + piece.stand_ins,
            )
    if before is not None:
        yield before


def _space_between(before: Fragment, after: Fragment) -> str | None:
    """Return what stands between two pieces of one line, nothing or a space; None where they are two texts."""
    size = before.size_pt
    if (
        before.upright is not after.upright
        or before.font != after.font
        or abs(size - after.size_pt) > 0.05 * size
    ):
        return None
    apart, gap = (
        (before.y0 - after.y0, after.x0 - before.x1)
        if before.upright
        else (before.x0 - after.x0, after.y0 - before.y1)
    )
    if abs(apart) > _SAME_LINE_EM * size or not -_SAME_LINE_EM * size < gap < _WIDEST_SPACE_EM * size:
        return None
    return " " if gap > _NARROWEST_SPACE_EM * size else ""
