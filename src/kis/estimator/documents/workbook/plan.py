"""A workbook as it is planned: which cell holds what and how it looks, before any file exists.

The writer makes the file of it, and the finished file is later measured against the same plan.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kis.estimator.documents.brand.schema import Colours

COLUMNS = "ABCDEFGH"


class CellStyle(StrEnum):
    """How a cell looks."""

    TITLE = "title"
    WARNING = "warning"
    NOTE = "note"
    UNIT_NOTE = "unit_note"
    GREETING = "greeting"
    SECTION = "section"
    PARAGRAPH = "paragraph"
    LABEL = "label"
    UPRIGHT_LABEL = "upright_label"
    STACKED_LABEL = "stacked_label"
    VALUE = "value"
    SEAL = "seal"
    HEADLINE_LABEL = "headline_label"
    HEADLINE = "headline"
    HEADLINE_WORDS = "headline_words"
    HEAD = "head"
    CENTRED = "centred"
    TEXT = "text"
    NUMBER = "number"
    SUM_LABEL = "sum_label"
    SUM = "sum"
    TOTAL_LABEL = "total_label"
    TOTAL = "total"
    PASSED = "passed"
    REMARKED = "remarked"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCell:
    """One cell: words, a number, a day, or a formula (without its equals sign) with the value it gives."""

    column: str
    row: int
    style: CellStyle
    text: str = ""
    value: Decimal | date | None = None
    formula: str | None = None
    number_format: str = "General"

    @property
    def place(self) -> str:
        """Return the cell's address, ``G7``."""
        return f"{self.column}{self.row}"

    @property
    def is_empty(self) -> bool:
        """Tell whether the cell holds nothing but its frame."""
        return not self.text and self.value is None and self.formula is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPicture:
    """A picture standing at a cell, so far from its upper left corner, in its file form (``png`` or ``jpeg``) and the size it is shown in."""

    place: str
    data: bytes
    form: str
    left_px: int
    top_px: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSheet:
    """A sheet: cells, merged ranges, sizes in characters and points, and how it is printed.

    ``head_row`` is repeated on every printed page where ``repeats_head``; ``is_frozen`` keeps it in sight on the screen. ``breaks`` are the rows
    after which a printed page ends.
    """

    title: str
    cells: tuple[PlannedCell, ...]
    merges: tuple[str, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    hidden_rows: frozenset[int]
    head_row: int
    repeats_head: bool
    is_frozen: bool
    is_landscape: bool
    breaks: tuple[int, ...]
    pictures: tuple[PlannedPicture, ...] = ()

    @property
    def last_row(self) -> int:
        """Return the last row that holds anything."""
        return len(self.heights)

    @property
    def last_column(self) -> str:
        """Return the last column."""
        return COLUMNS[len(self.widths) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedName:
    """A name for one cell, with the absolute reference it stands for."""

    name: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What is printed at the head and the foot of every page."""

    left: str
    right: str
    foot: str
    page_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookPlan:
    """A whole workbook, with the properties of its file, and the colours and letters of its brand."""

    title: str
    subject: str
    author: str
    identifier: str
    language: str
    date: date
    page: PageText
    colours: Colours
    font: str
    sheets: tuple[PlannedSheet, ...]
    names: tuple[PlannedName, ...]


def absolute(title: str, place: str) -> str:
    """Return the reference a name stands for: ``'총괄'!$G$12``."""
    column = place.rstrip("0123456789")
    return f"{quoted(title)}!${column}${place[len(column) :]}"


def quoted(title: str) -> str:
    """Return a sheet's name as a formula writes it."""
    return "'" + title.replace("'", "''") + "'"
