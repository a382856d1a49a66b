"""How a single value of a request is written: the types its fields are made of.

A number is never read from a truth value, and text never from one; text is stripped and composed (NFC), so the same name typed on two systems is the
same name. A value in the wrong form raises the error ``form`` with the name of the form; the message catalogue says how it is written.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal, TypeGuard

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

from kis.catalog import Grade

POSITION: Final = re.compile(r"(?:C(?P<column>[1-9]))?(?P<side>[LR])(?P<row>[1-9]\d{0,2})", re.ASCII)
"""A place in the panel: side and row from the top (L3), with the column from the left in front where there are several (C2L3)."""

BUSBAR: Final = re.compile(r"(?P<width_mm>\d{2,3})x(?P<thickness_mm>\d{1,2})", re.ASCII)
"""A bar section in millimetres, width x thickness (50x10)."""

_LARGEST: Final = 10**12
_DECIMAL_PLACES: Final = 6
_LONGEST: Final = 10_000
"""More than any field holds, blanks included: such a text goes on as it is, to be refused for its length alone."""

_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2099, 12, 31)
ASKED_GRADES: Final = (Grade.SMALL, Grade.COMPACT, Grade.ECONOMY, Grade.STANDARD)
"""Grades a customer asks for; modular devices come with ``style: din_rail``."""


@dataclass(frozen=True, slots=True)
class Form:
    """Marks a type whose values the reference tells best by an example; ``key`` is that of the message catalogue."""

    key: str


def _wrong_form(form: str) -> PydanticCustomError:
    return PydanticCustomError("form", "not in the form wanted", {"form": form})


def at_most(limit: int) -> BeforeValidator:
    """Bound a list before its entries are looked at, so that an endless one costs nothing."""

    def bounded(value: object) -> object:
        if isinstance(value, list | tuple) and len(value) > limit:
            raise PydanticKnownError(
                "too_long", {"field_type": "Tuple", "max_length": limit, "actual_length": len(value)}
            )
        return value

    return BeforeValidator(bounded)


def one_line(value: object) -> object:
    """Read one line of text. A whole number is accepted as written (a panel named 101), nothing else that is not text."""
    if isinstance(value, int) and _is_number(value):
        return str(value)
    if not isinstance(value, str):
        raise _wrong_form("text")
    if len(value) > _LONGEST:
        return value
    stripped = unicodedata.normalize("NFC", value).strip()
    if any(_is_unprintable(character) for character in stripped):
        raise _wrong_form("line")
    return stripped


def _paragraph(value: object) -> object:
    """Read text of several lines."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return one_line(value)
    stripped = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    if any(_is_unprintable(character) for character in stripped if character not in "\n\t"):
        raise _wrong_form("paragraph")
    return stripped


def _is_unprintable(character: str) -> bool:
    """Tell whether neither a drawing, a workbook nor a terminal can show the character: controls, line breaks, surrogates, non-characters."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or ord(character) & 0xFFFE == 0xFFFE


def _is_number(value: object) -> TypeGuard[int | float | Decimal]:
    """Tell whether this is a number of ordinary size: no truth value, nothing infinite or undefined."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return (isinstance(value, int) or math.isfinite(value)) and -_LARGEST < value < _LARGEST


def whole_number(value: object) -> object:
    """Read a whole number; 100.0, as spreadsheets export it, is one."""
    if not _is_number(value) or value != int(value):
        raise _wrong_form("whole_number")
    return int(value)


def whole_choice(value: object) -> object:
    """Hand on what can be one of a few numbers; a truth value cannot, though Python takes True for 1."""
    if isinstance(value, bool):
        return None
    return int(value) if isinstance(value, float) and _is_number(value) and value == int(value) else value


def _decimal_number(value: object) -> object:
    """Read an exact number; equal numbers come out equal to the digit (0.80 as 0.8)."""
    written = str(value) if isinstance(value, str) or _is_number(value) else ""
    if len(written) > 40 or not re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d{1,2})?", written, re.ASCII):
        raise _wrong_form("decimal_number")
    number = Decimal(written).normalize()
    exponent = number.as_tuple().exponent
    if abs(number) >= _LARGEST or not isinstance(exponent, int) or exponent < -_DECIMAL_PLACES:
        raise _wrong_form("decimal_number")
    return abs(number) if number == 0 else number.quantize(Decimal(1)) if exponent > 0 else number


def _truth(value: object) -> object:
    if not isinstance(value, bool):
        raise _wrong_form("true_false")
    return value


def _calendar_date(value: object) -> object:
    """Read a day of this century; never a number, which would count seconds, and never a time."""
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip(), re.ASCII):
            value = date.fromisoformat(value.strip())
    except ValueError:
        raise _wrong_form("date") from None
    if not isinstance(value, date) or isinstance(value, datetime) or not _EARLIEST <= value <= _LATEST:
        raise _wrong_form("date")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        raise _wrong_form("email")
    return value


def _ip_digits(value: object) -> object:
    """Read an IP code: 44, "05" or "IP44". The first digit runs to 6, the second to 9 (IEC 60529)."""
    if isinstance(value, str) and (
        match := re.fullmatch(r"(?:IP\s*)?([0-6][0-9])", value.strip(), re.ASCII | re.IGNORECASE)
    ):
        return int(match[1])
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 69:
        return value
    raise _wrong_form("ip")


def _position(value: str) -> str:
    if not POSITION.fullmatch(value.upper()):
        raise _wrong_form("position")
    return value.upper()


def _busbar(value: str) -> str:
    match = BUSBAR.fullmatch(value)
    width_mm, thickness_mm = (int(match["width_mm"]), int(match["thickness_mm"])) if match else (0, 0)
    if not (10 <= width_mm <= 200 and 2 <= thickness_mm <= min(20, width_mm)):
        raise _wrong_form("busbar")
    return value


def _series(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,9}", value):
        raise _wrong_form("series")
    return value.upper()


def _asked_grade(value: object) -> object:
    if value not in ASKED_GRADES:
        raise PydanticCustomError(
            "choice", "not a grade", {"expected": "small, compact, economy or standard"}
        )
    return value


Code = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=40)]
Name = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=100)]
Line = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=200)]
MaybeEmptyLine = Annotated[str, BeforeValidator(one_line), Field(max_length=200)]
Paragraph = Annotated[str, BeforeValidator(_paragraph), Field(max_length=2000)]
Email = Annotated[
    str, BeforeValidator(one_line), Field(max_length=254), AfterValidator(_email), Form("email")
]
Truth = Annotated[bool, BeforeValidator(_truth), Form("truth")]
Day = Annotated[date, BeforeValidator(_calendar_date), Form("date")]
Quantity = Annotated[int, BeforeValidator(whole_number), Field(ge=1, le=999)]
Rating = Annotated[int, BeforeValidator(whole_number), Field(ge=1, le=6300)]
Length = Annotated[int, BeforeValidator(whole_number), Field(ge=100, le=10000)]
Poles = Annotated[Literal[1, 2, 3, 4], BeforeValidator(whole_choice)]
AskedGrade = Annotated[Grade, BeforeValidator(_asked_grade), Form("grade")]
Exact = Annotated[Decimal, BeforeValidator(_decimal_number)]
Percent = Annotated[Decimal, BeforeValidator(_decimal_number), Field(ge=0, le=100)]
Positive = Annotated[Decimal, BeforeValidator(_decimal_number), Field(gt=0)]
Price = Annotated[Decimal, BeforeValidator(_decimal_number), Field(ge=0)]
IpDigits = Annotated[int, BeforeValidator(_ip_digits), Form("ip")]
Position = Annotated[str, BeforeValidator(one_line), AfterValidator(_position), Form("position")]
BusbarSection = Annotated[str, BeforeValidator(one_line), AfterValidator(_busbar), Form("busbar")]
Series = Annotated[str, BeforeValidator(one_line), AfterValidator(_series), Form("series")]
FixedPhase = Literal["R", "S", "T", "RS", "ST", "TR", "L1", "L2"]
