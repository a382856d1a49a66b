"""The pages of a finished PDF: margins, letters, fonts, numbers of pages, tables, headings."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from kis.estimator.documents.lint.model import Found, LintContext
from kis.estimator.documents.lint.reading.pdf import Fragment, Page, PdfView
from kis.estimator.documents.lint.rules.boxes import overlapping, shrunk
from kis.estimator.documents.lint.rules.tables import (
    NUMERIC,
    Table,
    figures_of,
    headless_rows,
    tables_of_file,
)
from kis.estimator.documents.lint.rules.vocabulary import Column

Spot = tuple[int, int, str]

_PT_PER_MM: Final = 72 / 25.4
_RUNNING_PT: Final = 15 * _PT_PER_MM
"""Header and footer stand within 15 mm of the edge."""
_WEIGHT: Final = re.compile(r"[- ]?(?:Regular|Bold|Light|Medium|Italic|Identity-H)+", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+")
_HAIR_PT: Final = 0.5
_EDGE_PT: Final = 1.0
"""Figures of a column whose right edges lie within it count as aligned: a closing bracket, or rounding in the file."""
_PAGE_OF: Final = re.compile(r"(?<![\d/])(\d{1,4}) ?(?:/|of|쪽 ?/) ?(\d{1,4})(?![\d/])")
_LEAST_MONEY: Final = re.compile(r"\d{4,}")
_HEADING_SIZE: Final = 1.15
"""A heading is bold and so much larger than the page's usual letters."""
SMALLEST_DRAWN_PT: Final = 1.8 * 72 / 25.4
"""Letters of drawings may be 1.8 mm high, the least height of technical lettering (ISO 3098-1)."""

LEAST_DRAWN_MARGIN_MM: Final = 5.0
"""What office printers leave white at the edge of a sheet is up to 4.2 mm."""


def page_margin(pdf: PdfView, context: LintContext) -> Iterator[Found]:
    """Find pages with texts nearer to the edge than the policy admits; the nearest is named.

    The frame of a drawing keeps the margin; outside it, page number and document id may stand where a printer still reaches.
    """
    for page in pdf.pages:
        if not page.fragments:
            continue
        drawn = page.width > page.height
        least_mm = (
            min(LEAST_DRAWN_MARGIN_MM, context.policy.least_margin_mm)
            if drawn
            else context.policy.least_margin_mm
        )
        least = least_mm * _PT_PER_MM - _HAIR_PT
        if all(
            x0 >= least and y0 >= least and page.width - x1 >= least and page.height - y1 >= least
            for _, x0, y0, x1, y1, *_ in page.fragments
        ):
            continue
        nearest = min(page.fragments, key=lambda piece: _margin(piece, page))
        if _margin(nearest, page) < least:
            yield Found(page.place, f"{nearest.text} ({_margin(nearest, page) / _PT_PER_MM:.1f} mm)")


def small_text(pdf: PdfView, context: LintContext) -> Iterator[Found]:
    """Find letters smaller than the policy admits; on a sheet wider than high, which holds a drawing, those of a drawing."""
    for page in pdf.pages:
        drawn = page.width > page.height
        least = (
            min(SMALLEST_DRAWN_PT, context.policy.smallest_text_pt)
            if drawn
            else context.policy.smallest_text_pt
        )
        for piece in page.fragments:
            if piece.size_pt < least - 0.05:
                yield Found(page.place, f"{piece.text} ({piece.size_pt:.1f} pt)")


def font_embedded(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find fonts that are not in the file: another reader's machine would put other letters."""
    for font, embedded in pdf.fonts.items():
        if not embedded:
            yield Found("", font)


def substitute_letter(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find letters that the document's font lacks, so that another font's stand among its own."""
    used = Counter(piece.font for page in pdf.pages for piece in page.fragments)
    family = _family(max(used, key=lambda name: (used[name], name), default=""))
    for page in pdf.pages:
        for piece in page.fragments:
            if not piece.symbols:
                continue
            foreign = "".join(letter for letter, font in piece.symbols if _family(font) != family)
            if foreign:
                yield Found(page.place, f"{foreign} ({piece.text})")


def page_number(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find pages that do not say rightly which of how many they are."""
    count = len(pdf.pages)
    for page in pdf.pages:
        said = [
            (int(found[1]), int(found[2]))
            for piece in page.fragments
            if "/" in piece.text or "of" in piece.text
            for found in _PAGE_OF.finditer(piece.text)
        ]
        if (page.number, count) not in said:
            near = [
                f"{number} / {pages}" for number, pages in said if pages == count or number == page.number
            ]
            yield Found(page.place, near[-1] if near else "–")


def pdf_title(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find a file that does not say what it is called."""
    if not pdf.title.strip():
        yield Found("", "–")


def pdf_language(pdf: PdfView, context: LintContext) -> Iterator[Found]:
    """Find a file that does not say in which language it is to be read aloud."""
    if pdf.language.partition("-")[0].lower() != context.locale:
        yield Found("", pdf.language or "–")


def empty_page(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find pages with nothing but header and footer: texts that other pages have at the same place."""
    common = _running_texts(pdf)
    for page in pdf.pages:
        if len(pdf.pages) > 1 and not any(_spot(piece) not in common for piece in page.fragments):
            yield Found(page.place, str(len(page.fragments)))


def text_overlap(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find texts printed over each other; a seal may stand over words."""
    for page in pdf.pages:
        pieces = [piece for piece in page.fragments if not (page.stamps and page.is_stamped(piece))]
        boxes = [shrunk((piece.x0, piece.y0, piece.x1, piece.y1), 0.01, 0.25) for piece in pieces]
        for one, other in overlapping(boxes):
            yield Found(page.place, f"{pieces[one].text} | {pieces[other].text}")


def table_header(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find pages on which a priced table goes on without its head."""
    before: Table | None = None
    for page, tables in zip(pdf.pages, tables_of_file(pdf), strict=True):
        headless = () if before is None else headless_rows(page.rows, before)
        if headless:
            yield Found(page.place, headless[0].said)
        before = tables[-1] if tables else before if headless else None


def number_alignment(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find figures of a priced table that do not end where the others of their column end."""
    for table in _tables(pdf):
        for column in sorted(NUMERIC):
            figures = table.column(column)
            ends = Counter(round(piece.x1) for piece in figures)
            usual = max(ends, key=lambda end: (ends[end], end), default=0)
            for piece in figures:
                if abs(piece.x1 - usual) > _EDGE_PT:
                    yield Found(table.page.place, piece.text)


def number_form(pdf: PdfView, context: LintContext) -> Iterator[Found]:
    """Find amounts of a priced table without thousands separators, or with other decimals than their currency has."""
    money: tuple[Column, ...] = ("price", "amount")
    for table in _tables(pdf):
        for piece in (piece for column in money for piece in table.column(column)):
            decimals = len(piece.text.rstrip(")원").partition(".")[2])
            if _LEAST_MONEY.search(piece.text.partition(".")[0]) or decimals not in (0, context.digits):
                yield Found(table.page.place, piece.text)


def orphan_heading(pdf: PdfView, _context: LintContext) -> Iterator[Found]:
    """Find headings that are the last line of their page, with what they head on the next."""
    common = _running_texts(pdf)
    for page in pdf.pages[:-1]:
        upwards = sorted(page.fragments, key=lambda piece: piece.y0 + piece.y1)
        own = (piece for piece in upwards if piece.upright and _spot(piece) not in common)
        lowest = next(own, None)
        if lowest is not None and _is_large(lowest, page):
            last = next(row for row in reversed(page.rows) if lowest in row.pieces)
            if not figures_of(last) and all(_is_large(piece, page) for piece in last.pieces):
                yield Found(page.place, last.said)


def _tables(pdf: PdfView) -> Iterator[Table]:
    for tables in tables_of_file(pdf):
        yield from tables


@lru_cache(maxsize=64)
def _family(font: str) -> str:
    """Return a font's name without its weight."""
    return _WEIGHT.sub("", font)


def _margin(piece: Fragment, page: Page) -> float:
    return min(piece.x0, piece.y0, page.width - piece.x1, page.height - piece.y1)


def _is_large(piece: Fragment, page: Page) -> bool:
    """Tell whether a text is set like a heading."""
    return piece.bold and piece.size_pt >= _HEADING_SIZE * page.usual_size_pt


@lru_cache(maxsize=2)
def _running_texts(pdf: PdfView) -> frozenset[Spot]:
    """Return the spots of header and footer: texts near an edge that stand alike on several pages but for their figures."""
    counted: Counter[Spot] = Counter()
    for page in pdf.pages:
        near = (piece for piece in page.fragments if min(piece.y0, page.height - piece.y1) < _RUNNING_PT)
        counted.update({_spot(piece) for piece in near})
    return frozenset(spot for spot, count in counted.items() if count > 1)


def _spot(piece: Fragment) -> Spot:
    return (round(piece.y0), round(piece.size_pt), _DIGITS.sub("0", piece.text))
