"""Amounts as every face shows them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

DIGITS: Final[Mapping[str, int]] = {"KRW": 0, "USD": 2}
_OTHERWISE: Final = 2


def digits_of(currency: str) -> int:
    """Return how many decimals an amount of ``currency`` has."""
    return DIGITS.get(currency, _OTHERWISE)


def amount_text(amount: Decimal, currency: str) -> str:
    """Return an amount with the decimals of its currency: 1282992 in won, 940.50 in dollars; with more where it has them, so that nothing is rounded away."""
    if not amount:
        return f"{0:.{digits_of(currency)}f}"
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "an amount is a number"
    return f"{amount:.{max(digits_of(currency), -exponent)}f}"
