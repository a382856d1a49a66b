"""The results of a form's formulas, for readers that do not calculate: previews, phones, a spreadsheet that opens a mailed file protected.

Only plain arithmetic and the everyday functions are computed, and only where there is no doubt; any other formula gets no result, and every program that
calculates computes all of them anew on opening. Numbers are binary as in a spreadsheet; rounding looks at fifteen digits as spreadsheets do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree
from openpyxl.formula.tokenizer import Token

from kis.estimator.documents.template.book import Book, main
from kis.estimator.documents.template.cells import cell_index, cell_text, formula, split_place
from kis.estimator.documents.template.functions import (
    FUNCTIONS,
    Doubt,
    Operand,
    Scalar,
    combined,
    number,
    scalar,
)
from kis.estimator.documents.template.places import column_letters, column_number
from kis.estimator.documents.template.references import Corner, Reference, Tokens, read_reference, tokens_of

_COLUMN: Final = re.compile(r"([^\[\]]+)\[(?:\[#This Row\],\[([^\[\]#@]+)\]|([^\[\]#@]+))\]")
"""A column of a table: its cell in the same row, or all its cells."""
_MOST_CELLS: Final = 200_000
"""Cells that are read in all: results are a service, and must not take longer than filling."""
_MOST_DEPTH: Final = 50
_PRECEDENCE: Final[Mapping[str, int]] = {
    "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5,
}  # fmt: skip


def store_results(book: Book) -> None:
    """Write the result beside every formula that can be computed without doubt."""
    calculator = _Calculator(book)
    for sheet in book.sheets:
        for place, cell in cell_index(book.package.tree(sheet.part)).items():
            if formula(cell) is None:
                continue
            try:
                result = calculator.value(sheet.name.lower(), place)
            except Doubt:
                continue
            _store(cell, result)


def _store(cell: etree._Element, result: Scalar) -> None:
    stored = etree.SubElement(cell, main("v"))
    if isinstance(result, bool):
        cell.set("t", "b")
        stored.text = str(int(result))
    elif isinstance(result, str):
        cell.set("t", "str")
        stored.text = result
    else:
        stored.text = f"{result or 0:.15g}"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a sheet: the rows of its data, and the letters of each column by its name."""

    sheet: str
    first: int
    last: int
    columns: Mapping[str, str]


def _tables(book: Book) -> dict[str, _Table]:
    found: dict[str, _Table] = {}
    for sheet in book.sheets:
        for part in book.related(sheet.part, "table"):
            root = book.package.tree(part)
            start, _, end = str(root.get("ref")).partition(":")
            letters, top = split_place(start)
            names = [str(each.get("name")) for each in root.iter(main("tableColumn"))]
            columns = {
                name.lower(): column_letters(column_number(letters) + at) for at, name in enumerate(names)
            }
            first = top + int(root.get("headerRowCount", 1))
            last = split_place(end or start)[1] - int(root.get("totalsRowCount", 0))
            found[str(root.get("displayName")).lower()] = _Table(sheet.name, first, last, columns)
    return found


class _Calculator:
    """The cells of a workbook, each computed once when it is first asked for."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._cells = {sheet.name.lower(): cell_index(book.package.tree(sheet.part)) for sheet in book.sheets}
        self._names = {
            str(name.get("name")).lower(): name.text or ""
            for name in book.defined_names
            if name.get("localSheetId") is None
        }
        self._known: dict[tuple[str, str], Scalar | Doubt] = {}
        self._tables = _tables(book)
        self._depth = 0
        self._left = _MOST_CELLS

    def value(self, sheet: str, place: str) -> Scalar:
        """Return what a cell shows. Raises Doubt."""
        key = (sheet, place)
        if key not in self._known:
            self._known[key] = Doubt("refers to itself")
            self._known[key] = self._computed(sheet, place)
        known = self._known[key]
        if isinstance(known, Doubt):
            raise known
        return known

    def _computed(self, sheet: str, place: str) -> Scalar | Doubt:
        cell = self._cells[sheet].get(place)
        if cell is None:
            return None
        found = formula(cell)
        if found is None:
            return self._fixed(cell)
        if self._depth > _MOST_DEPTH or found.get("t") is not None:
            return Doubt("arrays and deep chains are left to the programs")
        self._depth += 1
        try:
            return scalar(_Reading(self, sheet, place, tokens_of(found.text or "")).whole())
        except Doubt as doubt:
            return doubt
        except (ZeroDivisionError, OverflowError, ValueError):
            return Doubt("an error, which the programs will show")
        finally:
            self._depth -= 1

    def _fixed(self, cell: etree._Element) -> Scalar | Doubt:
        text, kind = cell_text(cell, self._book), cell.get("t", "n")
        number = cell.findtext(main("v"))
        if text or kind in {"s", "inlineStr", "str"}:
            return text
        if kind == "n":
            return None if number is None else float(number)
        return Doubt("truth values and errors written in")

    def area(self, reference: Reference, home: str) -> Operand:
        """Return the cells of a reference: one value, or rows of values."""
        sheet = (reference.sheet or home).lower()
        if sheet not in self._cells or not reference.start.column:
            raise Doubt("another workbook, or whole rows")
        end = reference.end
        letters, row = reference.start.column.lstrip("$").upper(), reference.start.row
        if end is None:
            return self.value(sheet, f"{letters}{row}")
        columns = range(column_number(letters), column_number(end.column.lstrip("$")) + 1)
        self._left -= len(columns) * (end.row - row + 1)
        if self._left < 0:
            raise Doubt("too much for a preview")
        return [
            [self.value(sheet, f"{column_letters(column)}{at}") for column in columns]
            for at in range(row, end.row + 1)
        ]

    def named(self, name: str, home: str, place: str) -> Operand:
        """Return what a defined name or a column of a table leads to, if it is one reference."""
        column = _COLUMN.fullmatch(name)
        if column is not None:
            return self._column(column, split_place(place)[1])
        reference = read_reference(self._names.get(name.lower(), ""))
        if reference is None:
            raise Doubt("a name that computes, or none")
        return self.area(reference, home)

    def _column(self, column: re.Match[str], row: int) -> Operand:
        table = self._tables.get(column[1].lower())
        letters = None if table is None else table.columns.get((column[2] or column[3]).lower())
        if table is None or letters is None:
            raise Doubt("no such table or column")
        own_row = column[2] is not None
        if own_row and not table.first <= row <= table.last:
            raise Doubt("outside the table")
        first, last = (row, row) if own_row else (table.first, table.last)
        start, end = Corner(letters, True, first), Corner(letters, True, last)
        return self.area(Reference("", table.sheet, start, "", None if own_row else end, False), table.sheet)


class _Reading:
    """One formula, read from left to right by the strength of its operators."""

    def __init__(self, cells: _Calculator, home: str, place: str, tokens: Tokens | None) -> None:
        if tokens is None:
            raise Doubt("cannot be read")
        self._cells, self._home, self._place = cells, home, place
        self._tokens = [token for token in tokens if token.type != Token.WSPACE]
        self._at = 0

    def whole(self) -> Operand:
        """Return the value of the whole formula."""
        result = self._expression(0)
        if self._at < len(self._tokens):
            raise Doubt("something is left over")
        return result

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _expression(self, strength: int) -> Operand:
        left = self._operand()
        while True:
            token = self._peek()
            if token is None:
                return left
            if token.type == Token.OP_POST:
                self._at += 1
                left = number(left) / 100
                continue
            own = _PRECEDENCE.get(token.value, 0) if token.type == Token.OP_IN else 0
            if own <= strength:
                return left
            self._at += 1
            left = combined(token.value, left, self._expression(own))

    def _operand(self) -> Operand:
        token = self._peek()
        if token is None:
            raise Doubt("nothing where a value should be")
        self._at += 1
        if token.type == Token.OP_PRE:
            return self._signed(token)
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            inside = self._expression(0)
            self._close()
            return inside
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            return self._called(token.value.removesuffix("(").upper())
        if token.type == Token.OPERAND:
            return self._plain(token)
        raise Doubt("an array, or a form unknown here")

    def _signed(self, token: Token) -> float:
        value = number(self._expression(5))  # a sign binds more strongly than a power: -2^2 is 4
        return -value if token.value == "-" else value

    def _plain(self, token: Token) -> Operand:
        if token.subtype == Token.NUMBER:
            return float(token.value)
        if token.subtype == Token.TEXT:
            return str(token.value[1:-1]).replace('""', '"')
        if token.subtype == Token.LOGICAL:
            return str(token.value).upper() == "TRUE"
        reference = read_reference(token.value)
        if reference is not None:
            return self._cells.area(reference, self._home)
        return self._cells.named(token.value, self._home, self._place)

    def _called(self, name: str) -> Operand:
        arguments: list[Operand] = []
        while True:
            token = self._peek()
            if token is None:
                raise Doubt("not closed")
            if token.subtype == Token.CLOSE:
                self._at += 1
                break
            if token.type == Token.SEP:
                self._at += 1
                continue
            arguments.append(self._expression(0))
        function = FUNCTIONS.get(name)
        if function is None:
            raise Doubt(name)
        return function(arguments)

    def _close(self) -> None:
        token = self._peek()
        if token is None or token.subtype != Token.CLOSE:
            raise Doubt("not closed")
        self._at += 1
