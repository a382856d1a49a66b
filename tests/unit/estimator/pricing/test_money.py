"""Rounding and currencies: one rule, half up, decided on exact figures."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.pricing.money import Till, open_till, rounded
from kis.estimator.request import EstimateRequest
from kis.platform.errors import BadInput
from tests.factories.panels import panel, price_book, request, rulebook


def asked(**terms: Any) -> EstimateRequest:
    return EstimateRequest.model_validate(request(panel(), **terms))


def till(currency: str, book: str, **terms: Any) -> Till:
    return open_till(asked(currency=currency, **terms), price_book(book), rulebook())


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "digits", "expected"),
        [
            ("0.5", 0, "1"),
            ("1.5", 0, "2"),
            # Half up, not to even: 2.5 → 3.
            ("2.5", 0, "3"),
            ("2.4999", 0, "2"),
            ("2.025", 2, "2.03"),
            ("5.8275", 2, "5.83"),
            ("9.065", 2, "9.07"),
            ("0.005", 2, "0.01"),
        ],
    )
    def test_is_half_up(self, value: str, digits: int, expected: str) -> None:
        assert rounded(Decimal(value), digits) == Decimal(expected)
        assert rounded(Fraction(value), digits) == Decimal(expected)

    def test_decides_on_the_exact_fraction(self) -> None:
        # A third of a won below and above the half.
        assert rounded(Fraction(1, 2) - Fraction(1, 10**30), 0) == 0
        assert rounded(Fraction(1, 3), 2) == Decimal("0.33")
        assert rounded(Fraction(2, 3), 2) == Decimal("0.67")

    def test_keeps_the_digits_of_the_currency(self) -> None:
        assert str(rounded(Fraction(5), 2)) == "5.00"
        assert str(rounded(Decimal(5), 2)) == "5.00"
        assert str(rounded(Fraction(384_644), 0)) == "384644"


class TestWon:
    def test_come_from_the_won_book_as_they_are(self) -> None:
        won = till("KRW", "KRW")
        assert (won.currency, won.digits) == ("KRW", 0)
        assert won.from_book(Decimal(81_500)) == 81_500
        assert won.from_won(Fraction(112_000, 9)) == 12_444

    def test_come_from_a_dollar_book_at_the_rate_of_the_request(self) -> None:
        won = till("KRW", "USD", exchange={"krw_per_usd": 1400, "date": "2026-11-20"})
        # 58.50 · 1400; what the rules state in won stays.
        assert won.from_book(Decimal("58.50")) == 81_900
        assert won.from_won(7_000) == 7_000


class TestDollars:
    def test_take_the_rate_of_their_book_for_amounts_in_won(self) -> None:
        dollars = till("USD", "USD")
        assert dollars.from_book(Decimal("58.50")) == Decimal("58.50")
        # 7,000 ÷ 1,389 = 5.0396.
        assert dollars.from_won(7_000) == Decimal("5.04")

    def test_prefer_the_rate_of_the_request(self) -> None:
        dollars = till("USD", "USD", exchange={"krw_per_usd": 1400, "date": "2026-11-20"})
        assert dollars.from_won(7_000) == Decimal("5.00")

    def test_come_from_the_won_book_at_the_rate_of_the_request(self) -> None:
        dollars = till("USD", "KRW", exchange={"krw_per_usd": 1400, "date": "2026-11-20"})
        # 81,500 ÷ 1,400 = 58.214.
        assert dollars.from_book(Decimal(81_500)) == Decimal("58.21")
        assert dollars.from_won(50_000) == Decimal("35.71")

    def test_cannot_be_had_without_a_rate(self) -> None:
        with pytest.raises(BadInput) as refused:
            till("USD", "KRW")
        assert [problem.path for problem in refused.value.problems] == ["currency"]
