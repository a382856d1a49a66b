"""Subtotal, margin, discount, VAT, total, each by hand."""

from decimal import Decimal

import pytest

from kis.estimator.pricing.money import Till, open_till
from kis.estimator.pricing.totals import totals_of
from kis.estimator.request import EstimateRequest
from tests.factories.panels import panel, price_book, request, rulebook, together


def till_of(currency: str) -> Till:
    wanted = EstimateRequest.model_validate(request(panel(), currency=currency))
    return open_till(wanted, price_book(currency), rulebook())


@pytest.mark.parametrize(
    ("subtotal", "margin", "discount", "expected"),
    [
        # 10 % of 1,005 = 100.5 → 101.
        ("1005", "0", "0", ("0", "0", "1005", "101", "1106")),
        # 3 % of 250 = 7.5 → 8; 5 % of 258 = 12.9 → 13; VAT 24.5 → 25.
        ("250", "3", "5", ("8", "13", "245", "25", "270")),
        # The discount is taken from subtotal and margin: 20 % of 1,100.
        ("1000", "10", "20", ("100", "220", "880", "88", "968")),
        ("0", "10", "10", ("0", "0", "0", "0", "0")),
    ],
)
def test_won(subtotal: str, margin: str, discount: str, expected: tuple[str, ...]) -> None:
    found = totals_of(Decimal(subtotal), Decimal(margin), Decimal(discount), till_of("KRW"), rulebook())
    assert found.subtotal == Decimal(subtotal)
    assert together(found.margin, found.discount, found.net, found.vat, found.total) == tuple(
        Decimal(value) for value in expected
    )


def test_cents() -> None:
    found = totals_of(Decimal("277.13"), Decimal("12.5"), Decimal(0), till_of("USD"), rulebook())
    # 34.64125 → 34.64; 311.77; 31.177 → 31.18.
    assert [str(value) for value in (found.margin, found.net, found.vat, found.total)] == [
        "34.64",
        "311.77",
        "31.18",
        "342.95",
    ]
    assert found.currency == "USD"
