"""A plain ruled table in print millimetres: a head, rows, columns with their alignment; every word is fitted to its cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.sheet import (
    CENTRE_OFFSET,
    Anchor,
    Box,
    Layer,
    Line,
    Rectangle,
    Shape,
    Style,
    Text,
)
from kis.estimator.documents.drawings.text_fit import fitted, text_width, wrapped

SMALLEST_MM: Final = 1.8
PADDING_MM: Final = 0.6
_TWO_LINES_MM: Final = 4.2
"""The least height of a row that holds two lines of the smallest letters."""
_BOLD_SHARE: Final = text_width("0", 1, bold=True) / text_width("0", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column: its title, width and where its words stand."""

    title: str
    width_mm: float
    anchor: Anchor = Anchor.START


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A word in a table; ``mark`` names the conductor whose colour its ground takes."""

    content: str
    bold: bool = False
    mark: str = ""


def table(
    columns: Sequence[TableColumn],
    rows: Sequence[Sequence[Cell]],
    x: float,
    top: float,
    row_mm: float,
    letter_mm: float,
) -> Iterator[Shape]:
    """Yield a table whose upper left corner is (x, top)."""
    width = sum(column.width_mm for column in columns)
    head = [Cell(content=column.title, bold=True) for column in columns]
    bottom = top - row_mm * (len(rows) + 1)
    yield Rectangle(layer=Layer.TABLE, x0=x, y0=top - row_mm, x1=x + width, y1=top, style=palette.TABLE_HEAD)
    for number in range(1, len(rows), 2):
        y1 = top - row_mm * (number + 1)
        yield Rectangle(
            layer=Layer.TABLE, x0=x, y0=y1 - row_mm, x1=x + width, y1=y1, style=palette.TABLE_STRIPE
        )
    for number, row in enumerate([head, *rows]):
        yield from _row(columns, row, x, top - row_mm * number, row_mm, letter_mm)
    yield _rule(x, top - row_mm, x + width, top - row_mm, palette.STRONG_RULE)
    left = x
    for column in columns[:-1]:
        left += column.width_mm
        yield _rule(left, bottom, left, top, palette.RULE)
    yield Rectangle(layer=Layer.TABLE, x0=x, y0=bottom, x1=x + width, y1=top, style=palette.STRONG_RULE)


def _row(
    columns: Sequence[TableColumn], row: Sequence[Cell], x: float, top: float, row_mm: float, letter_mm: float
) -> Iterator[Shape]:
    for column, cell in zip(columns, row, strict=True):
        box = (x, top - row_mm, x + column.width_mm, top)
        yield from _cell(cell, column.anchor, box, letter_mm)
        x += column.width_mm


def _cell(cell: Cell, anchor: Anchor, box: Box, letter_mm: float) -> Iterator[Shape]:
    colour = palette.INK
    if cell.mark:
        inset = 0.25
        yield Rectangle(
            layer=Layer.TABLE,
            x0=box[0] + inset,
            y0=box[1] + inset,
            x1=box[2] - inset,
            y1=box[3] - inset,
            style=palette.mark_style(cell.mark),
        )
        colour = palette.colour_of(cell.mark).letter
    lines = tuple(_lines(cell, anchor, box))
    for line, room in lines:
        size = letter_mm if len(lines) == 1 else SMALLEST_MM
        yield from word(line, room, size, colour, anchor=anchor, bold=cell.bold, layer=Layer.TABLE)


def _lines(cell: Cell, anchor: Anchor, box: Box) -> Iterator[tuple[str, Box]]:
    """Yield the words of a cell: where one line of the smallest letters cannot hold them but the row is high enough, two lines."""
    x0, y0, x1, y1 = box
    width = x1 - x0 - 2 * PADDING_MM
    fits = text_width(cell.content, SMALLEST_MM, bold=cell.bold) <= width
    if fits or anchor is not Anchor.START or y1 - y0 < _TWO_LINES_MM:
        yield cell.content, box
        return
    first = wrapped(cell.content, width / (_BOLD_SHARE if cell.bold else 1.0), SMALLEST_MM)[0]
    middle = (y0 + y1) / 2
    yield first, (x0, middle, x1, y1)
    yield cell.content.removeprefix(first).strip(), (x0, y0, x1, middle)


def word(
    content: str,
    box: Box,
    letter_mm: float,
    colour: str = palette.INK,
    *,
    anchor: Anchor = Anchor.START,
    bold: bool = False,
    layer: Layer = Layer.TITLE_BLOCK,
) -> Iterator[Text]:
    """Yield one word in the middle of a box's height, smaller or cut where it is too long."""
    heights = tuple(height for height in (letter_mm, 2.6, 2.4, 2.2, 2.0, SMALLEST_MM) if height <= letter_mm)
    text, size = fitted(content, box[2] - box[0] - 2 * PADDING_MM, heights, bold=bold)
    if not text:
        return
    x = {
        Anchor.START: box[0] + PADDING_MM,
        Anchor.MIDDLE: (box[0] + box[2]) / 2,
        Anchor.END: box[2] - PADDING_MM,
    }[anchor]
    y = (box[1] + box[3]) / 2 - CENTRE_OFFSET * size
    yield Text(
        layer=layer, x=x, y=y, content=text, size_mm=size, colour=colour, anchor=anchor, bold=bold, box=box
    )


def _rule(x0: float, y0: float, x1: float, y1: float, style: Style) -> Line:
    return Line(layer=Layer.TABLE, x0=x0, y0=y0, x1=x1, y1=y1, style=style)
