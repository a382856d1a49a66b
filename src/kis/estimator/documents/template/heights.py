"""Rows that grow with the text put into them, where a cell wraps it.

A spreadsheet grows neither a row whose height the form has set nor one with merged cells; it would cut the text.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from lxml import etree

from kis.estimator.documents.template.book import Book, main
from kis.estimator.documents.template.cells import cell_text, rows, split_place
from kis.estimator.documents.template.places import column_letters, column_number

_PLAIN_WIDTH: Final = 8.43
_PLAIN_HEIGHT: Final = 15.0
_PLAIN_SIZE: Final = 11.0
"""Column width (in letters), row height and font size (points) of a sheet that says nothing."""
_LINE: Final = 1.4
"""Height of a line by the size of its letters: Korean fonts need more than Latin ones (맑은 고딕 1.33)."""
_HIGHEST: Final = 409.0
"""Points a row can be high at most (every program that reads XLSX)."""
_MERGED: Final = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


def grow_rows(book: Book, tree: etree._Element, filled: Mapping[str, str]) -> None:
    """Make the rows of a sheet high enough for what was ``filled`` (place → text) into cells that wrap; no row gets lower."""
    wide = {place: text for place, text in filled.items() if text}
    widths, merged = _widths(tree), _merged(tree)
    for row in rows(tree):
        needed = 0.0
        for cell in row.iterchildren(main("c")):
            place = str(cell.get("r"))
            if place in wide and book.wraps(int(cell.get("s", 0))):
                needed = max(needed, _height(cell, book, widths, merged.get(place)))
        if needed > float(row.get("ht", _PLAIN_HEIGHT)):
            row.set("ht", f"{min(needed, _HIGHEST):g}")
            row.set("customHeight", "1")


def _height(
    cell: etree._Element, book: Book, widths: Mapping[int, float], last: tuple[int, bool] | None
) -> float:
    """Return the points a cell's text needs; 0 where it may run over several rows anyway."""
    column = column_number(split_place(str(cell.get("r")))[0])
    end, several_rows = last or (column, False)
    if several_rows:
        return 0.0
    size = book.font_size(int(cell.get("s", 0)), _PLAIN_SIZE)
    room = max(sum(widths.get(at, _PLAIN_WIDTH) for at in range(column, end + 1)) - 1, 1)
    lines = sum(
        max(1, math.ceil(_letters(line) * size / _PLAIN_SIZE / room))
        for line in cell_text(cell, book).split("\n")
    )
    return 0.0 if lines == 1 else lines * size * _LINE + 2


def _letters(text: str) -> int:
    """Return how many Latin letters wide a text is; a Korean one is two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _widths(tree: etree._Element) -> dict[int, float]:
    found: dict[int, float] = {}
    for column in tree.iter(main("col")):
        first, last = int(column.get("min", 1)), min(int(column.get("max", 1)), 1000)
        for at in range(first, last + 1):
            found[at] = float(column.get("width", _PLAIN_WIDTH))
    return found


def _merged(tree: etree._Element) -> dict[str, tuple[int, bool]]:
    """Return, by the first cell of each merged range, its last column and whether it has several rows."""
    found: dict[str, tuple[int, bool]] = {}
    for each in tree.iter(main("mergeCell")):
        area = _MERGED.fullmatch(str(each.get("ref")))
        if area is not None:
            first = f"{column_letters(column_number(area[1]))}{area[2]}"
            found[first] = (column_number(area[3]), area[2] != area[4])
    return found
