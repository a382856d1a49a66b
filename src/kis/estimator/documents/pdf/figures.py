"""Figures and dates as a reader of the page's language writes them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kis.estimator.documents.content import QuotationContent
from kis.platform.messages import Locale, Message

_SIGNS = {"KRW": "₩", "USD": "US$ "}


def money(amount: Decimal, digits: int) -> str:
    """Return an amount with separators and at least the currency's digits."""
    return _signed(amount, max(digits, _digits(amount)))


def sum_with_sign(amount: Decimal, content: QuotationContent) -> str:
    """Return an amount with the sign of its currency."""
    return _SIGNS[content.currency] + money(amount, content.digits)


def quantity(value: Decimal) -> str:
    """Return a quantity or percentage without useless zeros: 10, 2.05."""
    return _signed(value, _digits(value))


def tenths(value: float) -> str:
    """Return a temperature with one decimal, halves upwards as the facts beside it are written."""
    return str(Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def written_date(day: date, locale: Locale) -> str:
    """Return 2026년 11월 20일, 20 November 2026."""
    month = Message("pdf.months").text(locale).split()[day.month - 1]
    return Message("pdf.date", {"year": day.year, "month": month, "day": day.day}).text(locale)


def _digits(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "an amount is finite"
    return max(0, -exponent)


def _signed(value: Decimal, digits: int) -> str:
    return f"{value:,.{digits}f}"
