"""Fit, protection and the limits of a site, in exact figures."""

from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.stages.enclosure import fit_of, ip_reaches, limits_of, series_of
from tests.factories.circuits import circuits, problem_of
from tests.factories.panels import rulebook


class TestFit:
    @pytest.mark.parametrize(
        ("needed", "box", "fit"),
        [
            ((500, 720, 150), (500, 800, 150), Fraction(9, 10)),
            ((600, 1359, 200), (700, 1400, 200), Fraction(600 * 1359, 700 * 1400)),
            ((500, 700, 150), (500, 700, 150), Fraction(1)),
            # A millimetre too much in any direction and nothing fits.
            ((501, 700, 150), (500, 700, 150), Fraction(0)),
            ((500, 701, 150), (500, 700, 150), Fraction(0)),
            ((500, 700, 151), (500, 700, 150), Fraction(0)),
        ],
    )
    def test_is_needed_over_chosen(
        self, needed: tuple[int, int, int], box: tuple[int, int, int], fit: Fraction
    ) -> None:
        assert fit_of(needed, box) == fit

    def test_of_nine_tenths_reaches_the_limit_exactly(self) -> None:
        # 720 ÷ 800 in binary fractions falls short of 0.9.
        assert fit_of((500, 720, 150), (500, 800, 150)) >= rulebook().enclosure.fit_limit.value


class TestProtection:
    @pytest.mark.parametrize(
        ("declared", "wanted", "reached"),
        [
            (44, 44, True),
            (65, 44, True),
            (54, 45, False),
            (45, 54, False),
            (66, 65, True),
            (65, 66, False),
            # IP05: a first digit of 0.
            (5, 5, True),
            (5, 15, False),
            (None, 0, False),
        ],
    )
    def test_is_compared_digit_by_digit(self, declared: int | None, wanted: int, reached: bool) -> None:
        assert ip_reaches(declared, wanted) is reached


class TestLimits:
    @pytest.mark.parametrize(
        ("asked", "limits"),
        [
            ({}, (2000, 2200, 600)),
            ({"height_mm": 1500}, (2000, 1500, 600)),
            # Never above the shop's own.
            ({"width_mm": 5000, "height_mm": 5000, "depth_mm": 5000}, (2000, 2200, 600)),
            ({"width_mm": 600, "depth_mm": 150}, (600, 2200, 150)),
        ],
    )
    def test_are_the_lesser_of_site_and_shop(
        self, asked: dict[str, int], limits: tuple[int, int, int]
    ) -> None:
        problem = problem_of(*circuits("SIE-32", 20, 2), limits=asked)
        assert limits_of(problem, rulebook()) == limits


class TestSeries:
    @pytest.mark.parametrize(
        ("asked", "series"),
        [
            ({}, ("HDS",)),
            ({"material": "SUS201"}, ("SHDS",)),
            ({"mounting": "recessed"}, ("HS",)),
            ({"mounting": "recessed", "material": "SUS201"}, ("SS",)),
            ({"mounting": "outdoor_standing"}, ("HT",)),
            ({"mounting": "pole", "material": "SUS201"}, ("SC",)),
            ({"mounting": "frp"}, ()),
            ({"mounting": "hi_box"}, ()),
            ({"enclosure_series": "HB"}, ("HB",)),
        ],
    )
    def test_follow_mounting_and_material(self, asked: dict[str, Any], series: tuple[str, ...]) -> None:
        assert series_of(problem_of(*circuits("SIE-32", 20, 2), **asked), rulebook()) == series
