"""Formulas whose references follow rows that move and repeat.

The text is cut by openpyxl's tokenizer, so that a reference inside a string, a function's name or a structured reference is never mistaken for
one. What is no plain reference to rows (whole columns, names, table columns, ranges over several sheets) stays as it is written.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from kis.estimator.documents.template.places import MAX_ROW, RowPlan, Spot, column_number

_SHEET: Final = r"(?:'(?:[^']|'')+'|[^'!:\[\]\s]+)!"
_CORNER: Final = r"\$?[A-Za-z]{1,3}\$?\d{1,7}|\$?\d{1,7}"
_OPERAND: Final = re.compile(rf"({_SHEET})?({_CORNER})(?::({_SHEET})?({_CORNER}))?")
_CORNER_PARTS: Final = re.compile(r"(\$?[A-Za-z]{1,3})?(\$?)(\d{1,7})")
_BLANKS: Final = re.compile(r"\s+")
_LAST_COLUMN: Final = 16_384
_OVER_RANGES: Final = frozenset(
    {
        "AGGREGATE",
        "AVERAGE",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "COUNTIFS",
        "MAX",
        "MIN",
        "PRODUCT",
        "SUBTOTAL",
        "SUM",
        "SUMIF",
        "SUMIFS",
        "SUMPRODUCT",
    }
)
"""Functions that take ranges. Selecting one row with the mouse gives them ``SUM(G10)``: the author means the lines, not the first."""

Tokens = list[Token]

Plans = Mapping[str, RowPlan]
"""How rows move, by the sheet's name in lower case; a sheet that is not named keeps its rows."""


@dataclass(frozen=True, slots=True)
class Corner:
    """One end of a reference: a cell, or a whole row (``column`` is empty then)."""

    column: str
    absolute: bool
    row: int

    def at(self, row: int) -> str:
        """Return the corner as text, in another row."""
        return f"{self.column}{'$' if self.absolute else ''}{row}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to rows. ``whole_argument``: it stands alone in an argument of a function over ranges."""

    prefix: str
    sheet: str | None
    start: Corner
    second_prefix: str
    end: Corner | None
    whole_argument: bool

    def text(self, home: str, spot: Spot | None, plans: Plans, *, widen: bool) -> str:
        """Return the reference as it reads in a formula of sheet ``home`` at ``spot``; ``widen`` lets one cell become all its copies."""
        plan = plans.get((self.sheet or home).lower())
        if plan is None:
            return self._written(self.start.row, None if self.end is None else self.end.row)
        end = self.end or self.start
        first = plan.resolve(self.start.row, spot, relative=not self.start.absolute, last=False)
        last = plan.resolve(end.row, spot, relative=not end.absolute, last=True)
        if self.end is None and (first == last or not (widen or self.whole_argument)):
            return self._written(first, None)
        return self._written(first, last)

    def _written(self, first: int, last: int | None) -> str:
        text = self.prefix + self.start.at(first)
        if last is None:
            return text
        return f"{text}:{self.second_prefix}{(self.end or self.start).at(last)}"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (without its equals sign) as pieces: text that stays and references that follow."""

    pieces: tuple[str | Reference, ...]

    @property
    def references(self) -> Iterator[Reference]:
        """All references to rows, from left to right."""
        return (piece for piece in self.pieces if isinstance(piece, Reference))

    def text(self, home: str, spot: Spot | None, plans: Plans, *, widen: bool = False) -> str:
        """Return the formula as it reads on sheet ``home`` at ``spot`` once the rows have moved.

        ``widen`` lets a formula that is nothing but references (a name, a chart's series) take in all copies of a row.
        """
        widen = widen and all(
            isinstance(piece, Reference) or piece.strip("(, )") == "" for piece in self.pieces
        )
        return "".join(
            piece if isinstance(piece, str) else piece.text(home, spot, plans, widen=widen)
            for piece in self.pieces
        )


@lru_cache(maxsize=4096)
def parse_formula(text: str) -> Formula | None:
    """Return ``text`` (without its equals sign) in pieces, or None where it cannot be read; it is then to be left alone."""
    tokens = tokens_of(text)
    if tokens is None:
        return None
    pieces: list[str | Reference] = []
    open_functions: list[str] = []
    for position, token in enumerate(tokens):
        whole = bool(open_functions) and open_functions[-1] in _OVER_RANGES and _alone(tokens, position)
        pieces += _pieces(token, whole_argument=whole)
        if token.subtype == Token.OPEN:
            open_functions.append(_function_name(token))
        elif token.subtype == Token.CLOSE and open_functions:
            open_functions.pop()
    return Formula(tuple(pieces))


def read_reference(text: str) -> Reference | None:
    """Return ``text`` as one reference, None where it is none."""
    return _reference(text, whole_argument=False)


def unquoted(prefix: str) -> str:
    """Return the sheet's name of a prefix such as ``'견적 서'!``."""
    name = prefix.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def tokens_of(text: str) -> Tokens | None:
    """Return the tokens that together are ``text``, None where they are not (the tokenizer keeps one blank of several)."""
    try:
        tokens = Tokenizer(f"={text}").items
    except (TokenizerError, IndexError):
        return None
    offset = 0
    for token in tokens:
        if token.type == Token.WSPACE:
            found = _BLANKS.match(text, offset)
            token.value = "" if found is None else found[0]
        if not text.startswith(token.value, offset):
            return None
        offset += len(token.value)
    return tokens if offset == len(text) else None


def _function_name(token: Token) -> str:
    return token.value.rpartition(":")[2].removesuffix("(").upper() if token.type == Token.FUNC else ""


def _alone(tokens: list[Token], position: int) -> bool:
    before, after = position - 1, position + 1
    while before >= 0 and tokens[before].type == Token.WSPACE:
        before -= 1
    while after < len(tokens) and tokens[after].type == Token.WSPACE:
        after += 1
    opens = before >= 0 and (tokens[before].subtype == Token.OPEN or tokens[before].type == Token.SEP)
    closes = after < len(tokens) and (tokens[after].subtype == Token.CLOSE or tokens[after].type == Token.SEP)
    return opens and closes


def _pieces(token: Token, *, whole_argument: bool) -> list[str | Reference]:
    value = token.value
    if token.type == Token.OPERAND and token.subtype == Token.RANGE:
        colon = ":" if value.startswith(":") else ""  # the end of a range whose start is a function
        found = _reference(value.removeprefix(":"), whole_argument=whole_argument and not colon)
        return [value] if found is None else [piece for piece in (colon, found) if piece]
    if token.type == Token.FUNC and token.subtype == Token.OPEN and ":" in value:
        start, _, function = value.rpartition(":")  # a range whose end is a function
        found = _reference(start, whole_argument=False)
        return [value] if found is None else [found, f":{function}"]
    return [value]


def _reference(text: str, *, whole_argument: bool) -> Reference | None:
    found = _OPERAND.fullmatch(text)
    if found is None:
        return None
    prefix, start_text, second_prefix, end_text = found.groups(default="")
    start = _corner(start_text)
    end = _corner(end_text) if end_text else None
    if start is None or (end_text and end is None) or (not start.column and end is None):
        return None
    return Reference(prefix, unquoted(prefix) if prefix else None, start, second_prefix, end, whole_argument)


def _corner(text: str) -> Corner | None:
    found = _CORNER_PARTS.fullmatch(text)
    if found is None:
        return None
    column, dollar, row = found[1] or "", found[2], int(found[3])
    if not 1 <= row <= MAX_ROW or column_number(column.lstrip("$")) > _LAST_COLUMN:
        return None
    return Corner(column, bool(dollar), row)
