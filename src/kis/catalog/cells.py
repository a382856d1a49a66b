"""What may stand in a cell of a catalogue table, and how each value is written back.

Every parser takes the cleaned text of a cell and returns its value, or raises :class:`CellFault` with what would be
right. Writing a value and parsing it again gives the same value, whichever file format lies between.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from kis.platform.messages import Message

MAX_WHOLE: Final = 100_000
"""No length, rating or voltage of a low-voltage panel comes near this; what does is a slip of the keyboard."""

_DECIMAL: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")


class CellFault(Exception):
    """A cell does not hold what its column needs."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name (also the field of the row type), its parser, and whether a cell may stay blank."""

    name: str
    parse: Callable[[str], object]
    blank: bool = False
    number: bool = False
    """Written to a spreadsheet as a number, so that a person can sort and sum it."""


def clean(cell: str) -> str:
    """Return the text as it is kept: without outer space, Korean syllables composed."""
    text = cell.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def text(cell: str) -> str:
    """Take any printable text."""
    if not cell.isprintable():
        hidden = next(character for character in cell if not character.isprintable())
        raise CellFault(Message("catalog.cell.hidden_character", {"code": f"U+{ord(hidden):04X}"}))
    return cell


def whole(cell: str) -> int:
    """Take a whole number above zero, in plain digits."""
    if cell.isascii() and cell.isdigit() and len(cell) <= 9:
        number = int(cell)
        if 0 < number <= MAX_WHOLE:
            return number
    raise CellFault(Message("catalog.cell.not_whole", {"value": cell, "most": MAX_WHOLE}))


def decimal(cell: str) -> Decimal:
    """Take a positive decimal; kept without trailing zeros, so that 14.0 and 14 are one value."""
    number = Decimal(cell) if _DECIMAL.fullmatch(cell) else Decimal(0)
    if number <= 0:
        raise CellFault(Message("catalog.cell.not_decimal", {"value": cell}))
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def tenths(cell: str) -> Decimal:
    """Take a positive decimal with one place, as the trade writes sheet thickness: 1.0, 1.6."""
    number = decimal(cell)
    rounded = number.quantize(Decimal("0.1"))
    if rounded != number:
        raise CellFault(Message("catalog.cell.not_tenths", {"value": cell}))
    return rounded


def yes_no(cell: str) -> bool:
    """Take ``true`` or ``false``."""
    lowered = cell.lower()  # spreadsheets write TRUE and FALSE
    if lowered not in ("true", "false"):
        raise CellFault(Message("catalog.cell.not_choice", {"value": cell, "choices": "true, false"}))
    return lowered == "true"


def poles(cell: str) -> int:
    """Take 1, 2, 3 or 4."""
    if cell not in ("1", "2", "3", "4"):
        raise CellFault(Message("catalog.cell.not_choice", {"value": cell, "choices": "1, 2, 3, 4"}))
    return int(cell)


def ip_code(cell: str) -> int:
    """Take two digits of an IP code: 0–6 against solids, 0–9 against water (IEC 60529)."""
    if re.fullmatch("[0-6][0-9]", cell) is None:
        raise CellFault(Message("catalog.cell.not_ip", {"value": cell}))
    return int(cell)


def ratings(cell: str) -> tuple[int, ...]:
    """Take ascending whole amperes with slashes between: ``20/30/40``."""
    parts = [part.strip() for part in cell.split("/")]
    if all(part.isascii() and part.isdigit() and len(part) <= 5 for part in parts):
        amperes = tuple(int(part) for part in parts)
        if amperes[0] > 0 and all(lower < higher for lower, higher in pairwise(amperes)):
            return amperes
    raise CellFault(Message("catalog.cell.not_ratings", {"value": cell}))


def one_of(choices: type[StrEnum]) -> Callable[[str], StrEnum]:
    """Return a parser that takes the values of ``choices``."""
    values = {choice.value: choice for choice in choices}

    def parse(cell: str) -> StrEnum:
        if cell not in values:
            raise CellFault(Message("catalog.cell.not_choice", {"value": cell, "choices": ", ".join(values)}))
        return values[cell]

    return parse


def written(value: object) -> str:
    """Return the text of a value as it stands in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "/".join(str(part) for part in value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
