"""A list that runs over as many pages as it needs: what it says, and how its rows are dealt out to blocks and papers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.drawings.directory import table_heading
from kis.estimator.documents.drawings.paper import Paper, drawing_area
from kis.estimator.documents.drawings.sheet import Anchor, Box, Shape
from kis.estimator.documents.drawings.table import Cell, TableColumn, table

Row = tuple[Cell, ...]

_HEADING_MM: Final = 7.0
BLOCK_GAP_MM: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingColumn:
    """A column: its title, its share of the width (in any unit), and where its words stand."""

    title: str
    share: float
    anchor: Anchor = Anchor.START


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list with its heading and the notes that belong to it. ``leading`` are the rows (from 0) that may not end a table: others follow under them."""

    heading: str
    columns: tuple[ListingColumn, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    leading: frozenset[int] = frozenset()

    def cut(self, start: int, stop: int) -> int:
        """Return where a table from ``start`` ends that may reach to ``stop``: a row earlier where a leading one would be its last."""
        leaves_alone = stop < len(self.rows) and stop - 1 in self.leading and stop - 1 > start
        return stop - 1 if leaves_alone else stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A paper with so many tables side by side, and the height of their rows and letters in print millimetres."""

    paper: Paper
    blocks: int
    row_mm: float
    letter_mm: float

    @property
    def block_width_mm(self) -> float:
        """Return the width of one table."""
        x0, _, x1, _ = drawing_area(self.paper)
        return (x1 - x0 - (self.blocks - 1) * BLOCK_GAP_MM) / self.blocks

    @property
    def rows(self) -> int:
        """Return how many rows one table has room for, its head not counted."""
        _, y0, _, y1 = drawing_area(self.paper)
        return int((y1 - y0 - _HEADING_MM) / self.row_mm) - 1

    def block(self, number: int) -> Box:
        """Return where the block of that number (from 0) stands, its heading included."""
        x0, y0, _, y1 = drawing_area(self.paper)
        left = x0 + number * (self.block_width_mm + BLOCK_GAP_MM)
        return (left, y0, left + self.block_width_mm, y1)


SMALL: Final = Format(paper=Paper.A4_LANDSCAPE, blocks=1, row_mm=5.0, letter_mm=2.4)
LARGE: Final = Format(paper=Paper.A3, blocks=2, row_mm=4.6, letter_mm=2.2)
_MOST_SMALL_PAGES: Final = 2
"""A list longer than this takes the large paper: fewer sheets to turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list: its shapes, how many of its blocks hold a table, and where the last table ends."""

    shapes: tuple[Shape, ...]
    used_blocks: int
    foot_y: float


def format_of(rows: int) -> Format:
    """Return the format for a list of so many rows."""
    return SMALL if rows <= _MOST_SMALL_PAGES * SMALL.rows else LARGE


def dealt(listing: Listing, form: Format, rows: range | None = None) -> list[list[range]]:
    """Return the pages of a list (or of some of its rows), each as the rows of its tables; a list without rows has one empty table."""
    wanted = range(len(listing.rows)) if rows is None else rows
    tables: list[range] = []
    start = wanted.start
    while start < wanted.stop or not tables:
        stop = listing.cut(start, min(start + form.rows, wanted.stop))
        tables.append(range(start, stop))
        start = stop
    return [tables[first : first + form.blocks] for first in range(0, len(tables), form.blocks)]


def page_of(listing: Listing, form: Format, tables: Sequence[range]) -> Page:
    """Return the page that holds these tables, every one with its head."""
    shapes = tuple(
        shape
        for number, rows in enumerate(tables)
        for shape in _block(listing, form, listing.rows[rows.start : rows.stop], number)
    )
    top = form.block(0)[3] - _HEADING_MM
    return Page(shapes=shapes, used_blocks=len(tables), foot_y=top - form.row_mm * (len(tables[-1]) + 1))


def _block(listing: Listing, form: Format, rows: Sequence[Row], number: int) -> Iterator[Shape]:
    x0, _, _, y1 = form.block(number)
    if number == 0:
        yield from table_heading(listing.heading, x0, y1)
    whole = sum(column.share for column in listing.columns)
    columns = [
        TableColumn(
            title=column.title, width_mm=column.share / whole * form.block_width_mm, anchor=column.anchor
        )
        for column in listing.columns
    ]
    yield from table(columns, rows, x0, y1 - _HEADING_MM, form.row_mm, form.letter_mm)
