"""Amounts in cells: the formulas that make them and the formats that show them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

CURRENCY_SIGNS: Final[Mapping[str, str]] = {"KRW": "₩", "USD": "US$"}
_AIR: Final = "_-"
"""The width of a hyphen left free. A right indent would do the same, but LibreOffice forgets it where number formats change within a row."""


def rounding(product: str, digits: int) -> str:
    """Return the formula that rounds half away from zero as money does.

    A spreadsheet multiplies in binary: 2.05 × 30 is 61.499…, which must become 62. Rounded to six decimals first it is 61.5 again.
    """
    return f"ROUND(ROUND({product},6),{digits})"


def number_format(digits: int) -> str:
    """Return the format with thousands separators and so many decimals, a little off the edge of the cell as in Korean Excel's own."""
    return f"{_plain(digits)}{_AIR}"


def format_of(value: Decimal, least_digits: int = 0) -> str:
    """Return the format that shows the decimals a number came with (4.10 kg stays 4.10), at least ``least_digits``."""
    return number_format(_digits(value, least_digits))


def signed_format(currency: str, digits: int) -> str:
    """Return the format of an amount with its currency's sign."""
    return f'"{CURRENCY_SIGNS[currency]}"{number_format(digits)}'


def bracketed_format(currency: str, digits: int) -> str:
    """Return the format of an amount in brackets behind its words: (₩3,907,600)."""
    return f'"({CURRENCY_SIGNS[currency]}"{_plain(digits)}")"'


def deducted_format(digits: int) -> str:
    """Return the format of an amount that is taken away: stored positive, shown with a minus sign."""
    plain = number_format(digits)
    return f"-{plain};{plain};{plain}"


def percent_format(value: Decimal) -> str:
    """Return the format of a percentage as a reader writes it: 12.5 is 12.5%."""
    return f'{_plain(_digits(value, 0))}"%"{_AIR}'


def _plain(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _digits(value: Decimal, least: int) -> int:
    exponent = value.as_tuple().exponent
    return max(least, -exponent if isinstance(exponent, int) and exponent < 0 else 0)
