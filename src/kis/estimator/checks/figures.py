"""Exact figures, rounded once for comparison and show."""

from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from math import floor, isqrt


def rounded(value: Fraction | int, digits: int) -> Decimal:
    """Return ``value`` to ``digits`` decimals, half up."""
    scale = 10**digits
    return Decimal(floor(value * scale + Fraction(1, 2))).scaleb(-digits)


def settled(value: float, digits: int) -> Decimal:
    """Return a float of the physics, already rounded to ``digits``, as the decimal it is printed as."""
    return Decimal(f"{value:.{digits}f}")


def trimmed(value: Decimal) -> Decimal | int:
    """Return a decimal without its trailing zeros, whole where it is whole."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def root_mm(squared: int) -> int | Decimal:
    """Return the square root of a squared distance: whole where it is whole, else to 0.1 mm, never rounded up."""
    root = isqrt(squared)
    if root * root == squared:
        return root
    return Decimal(squared).sqrt().quantize(Decimal("0.1"), rounding=ROUND_DOWN)
