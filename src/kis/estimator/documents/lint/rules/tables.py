"""Priced tables on the pages of a PDF: where a head stands, which rows follow it, and which column a figure is in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from kis.estimator.documents.lint.reading.pdf import Fragment, Page, PdfView, Row
from kis.estimator.documents.lint.rules.vocabulary import LEAST_HEADS, Column, head_of

_FIGURE: Final = re.compile(r"^[(]?(?:₩|US\$)? ?[-−]?(?:₩|US\$)? ?\d[\d,]*(?:\.\d+)?원?[)]?$")

NUMERIC: Final[frozenset[Column]] = frozenset({"quantity", "price", "amount"})
_MONEY: Final[frozenset[Column]] = frozenset({"price", "amount"})


@dataclass(frozen=True, eq=False)
class Table:
    """A head and the rows below it, up to the next head or the first wide gap."""

    page: Page
    head: Row
    rows: tuple[Row, ...]

    def column(self, wanted: Column) -> tuple[Fragment, ...]:
        """Return the figures of a column: those that stand under its head."""
        return self._columns.get(wanted, ())

    @cached_property
    def _columns(self) -> Mapping[Column, tuple[Fragment, ...]]:
        heads = {id(piece): column for column, piece in heads_of(self.head).items()}
        found: dict[Column, tuple[Fragment, ...]] = {}
        for piece in (piece for row in self.rows for piece in figures_of(row)):
            column = heads.get(id(_nearest(piece, self.head)))
            if column is not None:
                found[column] = (*found.get(column, ()), piece)
        return found


def is_figure(text: str) -> bool:
    """Tell whether a text is one number, with or without a currency."""
    return _FIGURE.match(text) is not None


@lru_cache(maxsize=2)
def tables_of_file(pdf: PdfView) -> tuple[tuple[Table, ...], ...]:
    """Return the priced tables of every page; kept, because several rules ask for those of one file."""
    return tuple(tuple(tables_of(page)) for page in pdf.pages)


def heads_of(row: Row) -> dict[Column, Fragment]:
    """Return the known heads of columns that a row holds."""
    found = ((head_of(piece.text), piece) for piece in row.pieces)
    return {column: piece for column, piece in found if column is not None}


def is_head(row: Row) -> bool:
    """Tell whether a row is the head of a priced table."""
    heads = heads_of(row)
    return len(heads) >= LEAST_HEADS and "amount" in heads


def figures_of(row: Row) -> tuple[Fragment, ...]:
    """Return the texts of a row that are a figure and nothing else."""
    return tuple(piece for piece in row.pieces if is_figure(piece.text))


def tables_of(page: Page) -> Iterator[Table]:
    """Yield the priced tables of a page."""
    if not any(head_of(piece.text) == "amount" for piece in page.fragments):
        return
    rows = page.rows
    heads = [index for index, row in enumerate(rows) if is_head(row)]
    for index, following in pairwise((*heads, len(rows))):
        yield Table(page, rows[index], tuple(_rows_below(rows[index], rows[index + 1 : following])))


def headless_rows(rows: Sequence[Row], before: Table) -> tuple[Row, ...]:
    """Return the rows above a page's first head whose figures stand in the columns of the table ``before``: a table that goes on without its head."""
    edges = [_right_edge(before.column(column)) for column in ("price", "amount")]
    known = [edge for edge in edges if edge is not None]
    found = []
    for row in rows:
        if is_head(row):
            break
        money = [piece for piece in figures_of(row) if any(abs(piece.x1 - edge) <= 1.0 for edge in known)]
        if len(known) == len(_MONEY) and len(money) >= len(_MONEY):
            found.append(row)
    return tuple(found)


def _rows_below(head: Row, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows that follow without a gap wider than four of the table's lines; totals after an empty row still belong to it."""
    last = head
    for row in rows:
        gap = min(piece.y0 for piece in last.pieces) - max(piece.y1 for piece in row.pieces)
        if gap > 4 * max(piece.size_pt for piece in row.pieces):
            return
        yield row
        last = row


def _nearest(piece: Fragment, head: Row) -> Fragment:
    """Return the piece of a head that a figure belongs to: the one nearest to its middle."""
    middle = (piece.x0 + piece.x1) / 2
    return min(head.pieces, key=lambda other: max(other.x0 - middle, middle - other.x1, 0.0))


def _right_edge(figures: Sequence[Fragment]) -> float | None:
    """Return where the figures of a column end, as most of them do."""
    ends = sorted(round(piece.x1, 1) for piece in figures)
    return max(ends, key=ends.count) if ends else None
