"""Rounding: half up, once, exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kis.estimator.checks.figures import root_mm, rounded, settled, trimmed


class TestRounded:
    @pytest.mark.parametrize(
        ("value", "digits", "expected"),
        [
            (Fraction(5, 1000), 2, "0.01"),  # exactly half goes up
            (Fraction(49, 10000), 2, "0.00"),
            (Fraction(2, 3), 4, "0.6667"),
            (Fraction(1, 3), 1, "0.3"),
            (64, 1, "64.0"),
            (Fraction(5, 2), 0, "3"),
        ],
    )
    def test_rounds_half_up_and_keeps_its_digits(self, value: Fraction, digits: int, expected: str) -> None:
        assert str(rounded(value, digits)) == expected


class TestSettled:
    def test_is_the_decimal_that_is_printed(self) -> None:
        assert str(settled(12.4, 2)) == "12.40"
        assert str(settled(0.749, 4)) == "0.7490"


class TestTrimmed:
    @pytest.mark.parametrize(
        ("value", "expected"), [("0.7000", "0.7"), ("160", "160"), ("1.0000", "1"), ("22.25", "22.25")]
    )
    def test_drops_trailing_zeros_without_an_exponent(self, value: str, expected: str) -> None:
        assert str(trimmed(Decimal(value))) == expected


class TestRootMm:
    @pytest.mark.parametrize(
        ("squared", "expected"),
        [
            (0, "0"),
            (25, "5"),
            (26, "5.0"),  # 5.099: never rounded up to a distance that is not there
            (35, "5.9"),  # 5.916
            (39, "6.2"),  # 6.245
            (40, "6.3"),  # 6.325
        ],
    )
    def test_is_whole_where_it_can_be_and_else_rounded_down(self, squared: int, expected: str) -> None:
        assert str(root_mm(squared)) == expected
