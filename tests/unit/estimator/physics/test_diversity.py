"""Rated diversity factors, both sides of each step."""

from fractions import Fraction

import pytest

from kis.estimator.physics.diversity import IEC_61439_2, IEC_61439_3, rated_diversity_factor


class TestRatedDiversityFactor:
    @pytest.mark.parametrize(
        ("circuits", "tenths"),
        [(0, 10), (1, 10), (2, 9), (3, 9), (4, 8), (5, 8), (6, 7), (9, 7), (10, 6), (11, 6), (200, 6)],
    )
    def test_of_power_switchgear_is_the_default(self, circuits: int, tenths: int) -> None:
        assert rated_diversity_factor(circuits) == Fraction(tenths, 10)
        assert rated_diversity_factor(circuits, IEC_61439_2) == Fraction(tenths, 10)

    @pytest.mark.parametrize(
        ("circuits", "tenths"),
        [(1, 10), (2, 8), (3, 8), (4, 7), (5, 7), (6, 6), (9, 6), (10, 5), (40, 5)],
    )
    def test_of_boards_for_ordinary_persons_is_lower(self, circuits: int, tenths: int) -> None:
        assert rated_diversity_factor(circuits, IEC_61439_3) == Fraction(tenths, 10)

    def test_tables_say_how_well_they_are_known(self) -> None:
        assert (IEC_61439_2.source, IEC_61439_2.verified) == ("IEC 61439-2 Table 101", True)
        assert (IEC_61439_3.source, IEC_61439_3.verified) == ("IEC 61439-3, from memory", False)
