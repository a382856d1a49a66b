"""Figures and dates in words of the page."""

from datetime import date
from decimal import Decimal

import pytest

from kis.estimator.documents.pdf.figures import money, quantity, sum_with_sign, tenths, written_date
from tests.factories import contents


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "digits", "shown"),
        [
            ("0", 0, "0"),
            ("1234567", 0, "1,234,567"),
            ("1234567", 2, "1,234,567.00"),
            ("-69470", 0, "-69,470"),
            ("2.5", 0, "2.5"),  # a unit price may be finer than the currency
            ("1E+3", 0, "1,000"),
            ("14.900", 2, "14.90"),
        ],
    )
    def test_has_separators_and_the_digits_of_the_currency(
        self, amount: str, digits: int, shown: str
    ) -> None:
        assert money(Decimal(amount), digits) == shown

    def test_bears_its_currency(self) -> None:
        assert sum_with_sign(Decimal(2016717), contents.content("ko", "KRW")) == "₩2,016,717"
        assert sum_with_sign(Decimal("1493.5"), contents.content("ko", "USD")) == "US$ 1,493.50"


class TestTenths:
    def test_halves_go_upwards(self) -> None:
        # binary 50.85 lies above, 50.65 below the half: both go up
        assert (tenths(50.85), tenths(50.65), tenths(-12.5), tenths(40.0)) == (
            "50.9",
            "50.7",
            "-12.5",
            "40.0",
        )


class TestQuantity:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [("10", "10"), ("2.050", "2.05"), ("1.0", "1"), ("1200", "1,200"), ("12.5", "12.5")],
    )
    def test_has_no_useless_zeros(self, value: str, shown: str) -> None:
        assert quantity(Decimal(value)) == shown


class TestWrittenDate:
    def test_reads_as_people_write_it(self) -> None:
        day = date(2026, 2, 3)
        assert written_date(day, "ko") == "2026년 2월 3일"
        assert written_date(day, "en") == "3 February 2026"
