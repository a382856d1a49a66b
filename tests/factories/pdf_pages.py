"""Reading a finished PDF back: its words, and where they stand on the page."""

import ctypes
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from math import dist
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # as above

from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.pdf import quotation_pdf
from kis.platform.messages import Locale
from tests.factories import contents

POINTS_PER_MM = 72 / 25.4
A4 = (210, 297)
A3 = (420, 297)
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""


def made(content: QuotationContent) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(quotation_pdf(content))


@cache
def example(locale: Locale) -> pypdfium2.PdfDocument:
    return made(contents.content(locale, "KRW" if locale == "ko" else "USD"))


def words(page: pypdfium2.PdfPage) -> str:
    """Return the text of a page in reading order, its lines joined."""
    return " ".join(page.get_textpage().get_text_range().split())


def all_words(document: pypdfium2.PdfDocument) -> str:
    return " ".join(words(page) for page in document)


def with_panel(content: QuotationContent, **changes: Any) -> QuotationContent:
    """Return ``content`` with its first panel alone, changed."""
    return replace(content, panels=(replace(content.panels[0], **changes),))


def places(page: pypdfium2.PdfPage, text: str) -> list[Box]:
    """Return where ``text`` stands, each time it does."""
    read = page.get_textpage()
    search, found = read.search(text), []
    while hit := search.get_next():
        boxes = [read.get_charbox(index) for index in range(hit[0], hit[0] + hit[1])]
        found.append(
            (
                min(box[0] for box in boxes),
                min(box[1] for box in boxes),
                max(box[2] for box in boxes),
                max(box[3] for box in boxes),
            )
        )
    return found


def union(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))


def nearest(boxes: list[Box], place: tuple[float, float]) -> Box:
    return min(boxes, key=lambda box: dist(middle(box), place))


def middle(box: Box) -> tuple[float, float]:
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def fonts_of(page: pypdfium2.PdfPage) -> Iterator[tuple[str, bool]]:
    """Yield the font of every piece of text, and whether it is embedded."""
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,), max_depth=5):
        font = pdfium.FPDFTextObj_GetFont(item)
        name = ctypes.create_string_buffer(100)
        pdfium.FPDFFont_GetBaseFontName(font, name, 100)
        yield name.value.decode().partition("+")[2], bool(pdfium.FPDFFont_GetIsEmbedded(font))


def unembedded(page: pypdfium2.PdfPage) -> list[str]:
    return [name for name, embedded in fonts_of(page) if not embedded]
