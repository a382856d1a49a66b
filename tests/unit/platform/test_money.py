"""Amounts as every face shows them."""

from decimal import Decimal

import pytest

from kis.platform.money import amount_text


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1282992.0000", "KRW", "1282992"),
        ("1282992", "KRW", "1282992"),
        ("0.0000", "KRW", "0"),
        ("-1500.0", "KRW", "-1500"),
        ("1E+6", "KRW", "1000000"),
        ("12.50", "KRW", "12.5"),
        ("940.5000", "USD", "940.50"),
        ("940", "USD", "940.00"),
        ("0", "USD", "0.00"),
        ("0.0375", "USD", "0.0375"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(amount: str, currency: str, shown: str) -> None:
    assert amount_text(Decimal(amount), currency) == shown
