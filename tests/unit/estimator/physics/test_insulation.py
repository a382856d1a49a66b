"""Clearance and creepage: every row and both sides of every step."""

from decimal import Decimal

import pytest

from kis.estimator.physics import insulation
from kis.estimator.physics.insulation import MaterialGroup, OvervoltageCategory


class TestClearance:
    @pytest.mark.parametrize(
        ("uimp_kv", "expected_mm"),
        [
            ("0.5", "1.5"),
            ("2.5", "1.5"),
            ("2.51", "3.0"),
            ("4", "3.0"),
            ("4.01", "5.5"),
            ("6", "5.5"),
            ("6.01", "8.0"),
            ("8", "8.0"),
            ("8.01", "14.0"),
            ("12", "14.0"),
        ],
    )
    def test_takes_the_next_listed_impulse(self, uimp_kv: str, expected_mm: str) -> None:
        assert insulation.clearance_mm(Decimal(uimp_kv)) == Decimal(expected_mm)

    @pytest.mark.parametrize(
        ("altitude_m", "expected_mm"),
        # 5.5 mm · 1, 1.14, 1.29, 1.48.
        [
            (0, "5.5"),
            (2000, "5.5"),
            (2001, "6.27"),
            (3000, "6.27"),
            (3001, "7.095"),
            (4000, "7.095"),
            (4001, "8.14"),
            (5000, "8.14"),
        ],
    )
    def test_widens_with_the_altitude(self, altitude_m: int, expected_mm: str) -> None:
        assert insulation.clearance_mm(Decimal(6), altitude_m) == Decimal(expected_mm)

    def test_ends_with_the_table(self) -> None:
        with pytest.raises(ValueError, match=r"^the table ends at 12, below 12\.01$"):
            insulation.clearance_mm(Decimal("12.01"))
        with pytest.raises(ValueError, match=r"^the table ends at 5000, below 5001$"):
            insulation.clearance_mm(Decimal(4), 5001)


class TestRatedImpulse:
    @pytest.mark.parametrize(
        ("voltage_v", "expected_kv"),
        [
            (50, "0.33 0.5 0.8 1.5"),
            (51, "0.5 0.8 1.5 2.5"),
            (100, "0.5 0.8 1.5 2.5"),
            (101, "0.8 1.5 2.5 4"),
            (150, "0.8 1.5 2.5 4"),
            (151, "1.5 2.5 4 6"),
            (300, "1.5 2.5 4 6"),
            (301, "2.5 4 6 8"),
            (600, "2.5 4 6 8"),
            (601, "4 6 8 12"),
            (1000, "4 6 8 12"),
        ],
    )
    def test_follows_voltage_and_category(self, voltage_v: int, expected_kv: str) -> None:
        impulses = [insulation.rated_impulse_kv(voltage_v, category) for category in OvervoltageCategory]
        assert impulses == [Decimal(figure) for figure in expected_kv.split()]

    def test_of_a_380_220_v_panel(self) -> None:
        # Sub-board: 4 kV and 3 mm; at the origin of the installation 6 kV and 5.5 mm.
        assert insulation.rated_impulse_kv(220, OvervoltageCategory.CATEGORY_III) == 4
        assert insulation.rated_impulse_kv(220, OvervoltageCategory.CATEGORY_IV) == 6

    def test_ends_with_the_table(self) -> None:
        with pytest.raises(ValueError, match="ends at 1000, below 1001"):
            insulation.rated_impulse_kv(1001, OvervoltageCategory.CATEGORY_III)


class TestCreepage:
    @pytest.mark.parametrize(
        ("pollution_degree", "voltage_v", "expected_mm"),
        [
            (2, 1, "0.75 1.05 1.5"),
            (2, 125, "0.75 1.05 1.5"),
            (2, 126, "0.8 1.1 1.6"),
            (2, 160, "0.8 1.1 1.6"),
            (2, 161, "1.0 1.4 2.0"),
            (2, 200, "1.0 1.4 2.0"),
            (2, 201, "1.25 1.8 2.5"),
            (2, 250, "1.25 1.8 2.5"),
            (2, 251, "1.6 2.2 3.2"),
            (2, 320, "1.6 2.2 3.2"),
            (2, 321, "2.0 2.8 4.0"),
            (2, 400, "2.0 2.8 4.0"),
            (2, 401, "2.5 3.6 5.0"),
            (2, 500, "2.5 3.6 5.0"),
            (2, 501, "3.2 4.5 6.3"),
            (2, 630, "3.2 4.5 6.3"),
            (2, 631, "4.0 5.6 8.0"),
            (2, 800, "4.0 5.6 8.0"),
            (2, 801, "5.0 7.1 10"),
            (2, 1000, "5.0 7.1 10"),
            (3, 1, "1.9 2.1 2.4"),
            (3, 125, "1.9 2.1 2.4"),
            (3, 126, "2.0 2.2 2.5"),
            (3, 160, "2.0 2.2 2.5"),
            (3, 161, "2.5 2.8 3.2"),
            (3, 200, "2.5 2.8 3.2"),
            (3, 201, "3.2 3.6 4.0"),
            (3, 250, "3.2 3.6 4.0"),
            (3, 251, "4.0 4.5 5.0"),
            (3, 320, "4.0 4.5 5.0"),
            (3, 321, "5.0 5.6 6.3"),
            (3, 380, "5.0 5.6 6.3"),
            (3, 400, "5.0 5.6 6.3"),
            (3, 401, "6.3 7.1 8.0"),
            (3, 500, "6.3 7.1 8.0"),
            (3, 501, "8.0 9.0 10"),
            (3, 630, "8.0 9.0 10"),
            (3, 631, "10 11 12.5"),
            (3, 800, "10 11 12.5"),
            (3, 801, "12.5 14 16"),
            (3, 1000, "12.5 14 16"),
        ],
    )
    def test_takes_the_next_listed_voltage(
        self, pollution_degree: int, voltage_v: int, expected_mm: str
    ) -> None:
        row = [insulation.creepage_mm(voltage_v, pollution_degree, group) for group in MaterialGroup]
        assert row == [Decimal(figure) for figure in expected_mm.split()]

    def test_is_never_less_than_the_clearance(self) -> None:
        group = MaterialGroup.GROUP_III
        assert insulation.creepage_mm(380, 2, group, clearance_mm=Decimal("5.5")) == Decimal("5.5")
        assert insulation.creepage_mm(380, 2, group, clearance_mm=Decimal("3.0")) == Decimal("4.0")

    def test_ends_with_the_table(self) -> None:
        with pytest.raises(ValueError, match="ends at 1000, below 1001"):
            insulation.creepage_mm(1001, 3, MaterialGroup.GROUP_I)
        with pytest.raises(KeyError):
            insulation.creepage_mm(400, 4, MaterialGroup.GROUP_I)
