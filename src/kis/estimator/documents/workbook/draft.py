"""A sheet while it is being written, row by row; from what it holds come its row heights and the ends of its printed pages."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from kis.estimator.documents.workbook.plan import (
    COLUMNS,
    CellStyle,
    PlannedCell,
    PlannedPicture,
    PlannedSheet,
)

Content = str | Decimal | date | None

_LINE_HEIGHT_PT: Final = 16.0
"""One line of 10 pt 맑은 고딕 with its air."""
_INDENT: Final = 2.0
_MARGIN: Final = 0.5
"""So many characters of a cell's width are its margins, with indent and without."""
_PRINT_HEIGHT_MM: Final = {True: 210.0 - 35.0, False: 297.0 - 35.0}
_PRINT_WIDTH_MM: Final = {True: 297.0 - 23.0, False: 210.0 - 23.0}
_CHARACTER_MM: Final = 7 * 25.4 / 96
_CELL_MARGIN_MM: Final = 5 * 25.4 / 96
"""A column of w characters is 7 w + 5 pixels wide (OOXML, ECMA-376 part 1, 18.3.1.13), at 96 pixels per inch."""
_POINT_MM: Final = 25.4 / 72
_SPACE_PT: Final = 9.0
_EARLIEST_END: Final = 0.93
_LATEST_END: Final = 1.03
"""Where a page may end, of its computed height."""
_LETTER: Final = 0.93
"""Letters of 10 pt 맑은 고딕 in digits of the workbook's usual font, rather too much than too little."""
_UNWRAPPED: Final = frozenset(
    {
        CellStyle.TITLE,
        CellStyle.HEADLINE,
        CellStyle.UNIT_NOTE,
        CellStyle.UPRIGHT_LABEL,
        CellStyle.STACKED_LABEL,
    }
)
_CENTRED: Final = frozenset({CellStyle.LABEL, CellStyle.HEAD, CellStyle.CENTRED, CellStyle.HEADLINE_LABEL})


@dataclass(slots=True)
class SheetDraft:
    """A sheet being written from the top. ``row`` is the row at hand; ``widths`` are characters, one for each column."""

    widths: Sequence[float]
    row: int = 1
    cells: list[PlannedCell] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    pictures: list[PlannedPicture] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    _heights: dict[int, float] = field(default_factory=dict)
    _kept_with_next: set[int] = field(default_factory=set)

    def put(
        self,
        columns: str,
        style: CellStyle,
        content: Content,
        *,
        formula: str | None = None,
        number_format: str = "General",
        rows: int = 1,
    ) -> PlannedCell:
        """Write ``content`` into the row at hand: ``columns`` is one column, or two letters from … to, which become one cell ``rows`` high."""
        text, value = (content, None) if isinstance(content, str) else ("", content)
        cell = PlannedCell(
            column=columns[0],
            row=self.row,
            style=style,
            text=text,
            value=value,
            formula=formula,
            number_format=number_format,
        )
        self.cells.append(cell)
        span = COLUMNS[COLUMNS.index(columns[0]) : COLUMNS.index(columns[-1]) + 1]
        if len(span) > 1 or rows > 1:
            self.merges.append(f"{cell.place}:{span[-1]}{self.row + rows - 1}")
            for row in range(self.row, self.row + rows):
                self._frame(span, style, row, but=cell)
        if text and rows == 1 and style not in _UNWRAPPED:
            self._make_room(text, span, style)
        return cell

    def add_picture(self, picture: PlannedPicture | None) -> None:
        """Add a picture where there is one."""
        if picture is not None:
            self.pictures.append(picture)

    def set_height(self, points: float) -> None:
        """Make the row at hand at least so high."""
        self._heights[self.row] = max(self._heights.get(self.row, 0.0), points)

    def leave_space(self) -> None:
        """Leave a narrow row free."""
        self._heights[self.row] = _SPACE_PT
        self.next_row()

    def next_row(self, *, keep: bool = False) -> None:
        """Go on to the next row; ``keep`` forbids a page break between the two."""
        if keep:
            self._kept_with_next.add(self.row)
        self.row += 1

    def keep_last_row(self) -> None:
        """Forbid a page break between the last row and the one at hand."""
        self._kept_with_next.add(self.row - 1)

    def finish(
        self,
        title: str,
        *,
        head_row: int,
        is_frozen: bool,
        is_landscape: bool = False,
    ) -> PlannedSheet:
        """Return the sheet. Its head row is repeated in print where it stays in sight on the screen, or the sheet is longer than a page."""
        heights = tuple(
            0.0 if row in self.hidden_rows else self._heights.get(row, _LINE_HEIGHT_PT + 2)
            for row in range(1, max(cell.row for cell in self.cells) + 1)
        )
        page = self._page_height(is_landscape=is_landscape)
        return PlannedSheet(
            title=title,
            cells=tuple(self.cells),
            merges=tuple(self.merges),
            widths=tuple(self.widths),
            heights=heights,
            hidden_rows=frozenset(self.hidden_rows),
            head_row=head_row,
            repeats_head=is_frozen or sum(heights) > page * _EARLIEST_END,
            is_frozen=is_frozen,
            is_landscape=is_landscape,
            breaks=self._breaks(heights, page, page - heights[head_row - 1]),
            pictures=tuple(self.pictures),
        )

    def _frame(self, span: str, style: CellStyle, row: int, *, but: PlannedCell) -> None:
        """Add the empty cells under a merged one, so that it is framed all round."""
        self.cells += [
            PlannedCell(column=column, row=row, style=style)
            for column in span
            if (column, row) != (but.column, but.row)
        ]

    def _make_room(self, text: str, span: str, style: CellStyle) -> None:
        width = sum(self.widths[COLUMNS.index(column)] for column in span)
        width -= _MARGIN if style in _CENTRED else _INDENT
        lines = _wrapped_lines(text, max(width, 1.0) / _LETTER)
        self.set_height(lines * _LINE_HEIGHT_PT + (4 if style is CellStyle.WARNING else 2))

    def _page_height(self, *, is_landscape: bool) -> float:
        """Return how many points of rows a page holds when the sheet is printed at the page's width."""
        width_mm = sum(width * _CHARACTER_MM + _CELL_MARGIN_MM for width in self.widths)
        scale = min(1.0, _PRINT_WIDTH_MM[is_landscape] / width_mm)
        return _PRINT_HEIGHT_MM[is_landscape] / _POINT_MM / scale

    def _breaks(self, heights: Sequence[float], first_page: float, other_pages: float) -> tuple[int, ...]:
        """Return the rows after which a page must end so that rows which belong together are not parted.

        Elsewhere pages end where the program that prints ends them: no two agree on row heights to the point.
        """
        breaks: list[int] = []
        top, room = 1, first_page
        while (early := _last_within(heights, top, room * _EARLIEST_END)) < len(heights):
            late = _last_within(heights, top, room * _LATEST_END)
            parted = next((row for row in range(early, late + 1) if row in self._kept_with_next), None)
            end = early if parted is None else self._start_of_block(parted) - 1
            if parted is not None and end >= top:
                breaks.append(end)
            end = end if end >= top else early  # a block as long as a page is parted after all
            top, room = end + 1, other_pages
        return tuple(breaks)

    def _start_of_block(self, row: int) -> int:
        while row - 1 in self._kept_with_next:
            row -= 1
        return row


def _last_within(heights: Sequence[float], top: int, room: float) -> int:
    """Return the last row, from ``top`` on, that is still on the page; at least ``top`` itself."""
    used = heights[top - 1]
    row = top
    while row < len(heights) and used + heights[row] <= room:
        used += heights[row]
        row += 1
    return row


def text_length(text: str) -> int:
    """Return the length of ``text`` in characters' widths: a Korean letter takes two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _wrapped_lines(text: str, width: float) -> int:
    """Return how many lines ``text`` takes when it is wrapped between words."""
    lines, used = 1, 0
    for word in text.split(" "):
        length = text_length(word)
        if used and used + 1 + length > width:
            lines, used = lines + 1, 0
        used += length + bool(used)
        if used > width:  # a word longer than the line is cut
            lines, used = lines + int(used // width), int(used % width)
    return lines
