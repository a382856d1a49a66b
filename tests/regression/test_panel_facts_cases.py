"""Worked figures of the trade and the standards, outside any panel: unbalance, heat, busbars, insulation, protective conductor."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kis.estimator.layout.accessories import band_capacity_mm
from kis.estimator.physics import busbar, diversity, heat_rise, insulation, protective_conductor, unbalance
from kis.estimator.physics.insulation import MaterialGroup, OvervoltageCategory
from tests.factories.panels import rulebook, together

pytestmark = pytest.mark.regression


class TestUnbalance:
    @pytest.mark.parametrize(
        ("loads", "imbalance", "korean", "nema"),
        [
            # 4 ÷ 102, 4 ÷ 100, 2 ÷ 100.
            ((100, 98, 102), Fraction(4, 102), 4, 2),
            # 20 ÷ 80, 60 ÷ 200, 13⅓ ÷ 66⅔.
            ((80, 60, 60), Fraction(1, 4), 30, 20),
            # One circuit alone: 300 % and 200 %.
            ((20, 0, 0), 1, 300, 200),
            # 1φ3W: 30 ÷ (170 ÷ 2) = 35.29 %; mean 85, 15 off.
            ((100, 70), Fraction(3, 10), Fraction(600, 17), Fraction(300, 17)),
        ],
    )
    def test_definitions_stand_side_by_side(
        self, loads: tuple[int, ...], imbalance: Fraction, korean: Fraction, nema: Fraction
    ) -> None:
        figures = unbalance.all_figures(loads, [1] * len(loads))
        assert (figures.imbalance, figures.korean_percent, figures.nema_percent) == (imbalance, korean, nema)

    def test_exactly_thirty_percent_is_within_the_limit(self) -> None:
        # 4/3/3: 300 · 20 = 30 · 200.
        assert unbalance.korean_within((80, 60, 60), 30)
        assert not unbalance.korean_within((81, 60, 60), 30)

    def test_neutral_current(self) -> None:
        # √(80² + 60² + 60² − 4800 − 3600 − 4800) = 20.
        assert unbalance.neutral_current_a(80, 60, 60) == 20


class TestTemperatureRise:
    @pytest.mark.parametrize(
        ("size", "loss_w", "surface", "k", "c", "mid", "top"),
        [
            # Closed, wall-mounted alone, no partition: Ae = 1.4 W·D + 1.4 W·H + 1.8 H·D.
            ((600, 700, 200), 60, 1.008, 0.622, 1.207, 16.7, 20.2),
            ((700, 1000, 200), 120, 1.536, 0.412, 1.452, 19.4, 28.1),
            ((800, 1200, 250), 200, 2.164, 0.314, 1.428, 22.2, 31.7),
            ((900, 1800, 300), 500, 3.618, 0.209, 1.482, 30.9, 45.7),
        ],
    )
    def test_of_four_boxes(
        self,
        size: tuple[int, int, int],
        loss_w: float,
        surface: float,
        k: float,
        c: float,
        mid: float,
        top: float,
    ) -> None:
        width, height, depth = size
        box = heat_rise.Cooling(
            width_mm=width, height_mm=height, depth_mm=depth, mounting=heat_rise.Mounting.WALL
        )
        rise = heat_rise.temperature_rise(box, loss_w)
        assert rise.effective_surface_m2 == pytest.approx(surface, abs=1e-6)
        assert (rise.k, rise.c) == pytest.approx((k, c), abs=0.00055)
        assert (rise.mid_k, rise.top_k) == pytest.approx((mid, top), abs=0.055)

    def test_lets_a_breaker_carry_half_a_percent_less_per_kelvin(self) -> None:
        # A 100 A breaker of that kind: 95 A at 50 °C, 92.5 A at 55 °C.
        assert heat_rise.permitted_load_factor(50, 0.005, 40) == pytest.approx(0.95)
        assert heat_rise.permitted_load_factor(55, 0.005, 40) == pytest.approx(0.925)
        assert heat_rise.permitted_load_factor(30, 0.005, 40) == 1


class TestBusbars:
    @pytest.mark.parametrize(
        ("width_mm", "thickness_mm", "table_a", "hot_a"),
        # At 55 °C air and 85 °C bar the driving 30 K are those of the table: DIN · 0.968.
        [(15, 3, 162, 157), (20, 5, 274, 265), (30, 6, 421, 408), (40, 8, 628, 608)],
    )
    def test_carry_less_in_hot_air(self, width_mm: int, thickness_mm: int, table_a: int, hot_a: int) -> None:
        bar = busbar.find_bar(width_mm, thickness_mm)
        assert bar is not None
        assert bar.ampacity_a == table_a
        assert round(busbar.ampacity_at(bar, 55)) == hot_a

    @pytest.mark.parametrize(
        ("air_c", "bar_c", "factor"),
        # Printed factors for 35 and 40 °C air: 70, 75, 85 and 65, 70, 85 °C bars.
        [(35, 70, 1.10), (35, 75, 1.15), (35, 85, 1.30), (40, 65, 0.90), (40, 70, 1.00), (40, 85, 1.25)],
    )
    def test_follow_the_printed_factors_within_two_percent(
        self, air_c: int, bar_c: int, factor: float
    ) -> None:
        bar = busbar.find_bar(50, 10)
        assert bar is not None
        assert busbar.ampacity_at(bar, air_c, bar_c) / 852 == pytest.approx(factor, rel=0.021)

    def test_that_pass_800_a_up_to_50_wide_are_10t_50(self) -> None:
        passing = busbar.smallest_passing(800, 50)
        assert passing is not None
        assert (passing.width_mm, passing.thickness_mm, passing.ampacity_a) == (50, 10, 852)

    def test_weigh_8_9_kg_per_litre(self) -> None:
        # 15 · 3 · 1000 mm³ · 8.9 g/cm³ = 0.4005 kg.
        assert busbar.mass_kg(15, 3, 1000) == Decimal("0.4005")


class TestInsulation:
    def test_of_a_220_v_installation(self) -> None:
        # To earth ≤ 300 V: sub-board 4 kV / 3.0 mm, origin 6 kV / 5.5 mm.
        sub_board = insulation.rated_impulse_kv(220, OvervoltageCategory.CATEGORY_III)
        origin = insulation.rated_impulse_kv(220, OvervoltageCategory.CATEGORY_IV)
        assert together(sub_board, insulation.clearance_mm(sub_board)) == (4, 3)
        assert together(origin, insulation.clearance_mm(origin)) == (6, Decimal("5.5"))

    def test_creeps_6_3_mm_at_400_v_in_pollution_degree_3(self) -> None:
        assert insulation.creepage_mm(400, 3, MaterialGroup.GROUP_III) == Decimal("6.3")
        # Group III, not I (12.5).
        assert insulation.creepage_mm(1000, 3, MaterialGroup.GROUP_III) == 16


@pytest.mark.parametrize(
    ("circuits", "factor"),
    [(1, 1), (2, Fraction(9, 10)), (3, Fraction(9, 10)), (4, Fraction(8, 10)), (5, Fraction(8, 10)),
     (6, Fraction(7, 10)), (9, Fraction(7, 10)), (10, Fraction(6, 10)), (200, Fraction(6, 10))],
)  # fmt: skip
def test_diversity_falls_with_the_circuits(circuits: int, factor: Fraction) -> None:
    assert diversity.rated_diversity_factor(circuits) == factor


@pytest.mark.parametrize(
    ("phase_mm2", "earth_mm2"),
    [
        ("10", "10"),
        ("16", "16"),
        ("25", "16"),
        ("35", "16"),
        ("99.1", "49.55"),
        ("400", "200"),
        ("499", "200"),
    ],
)
def test_protective_conductor(phase_mm2: str, earth_mm2: str) -> None:
    found = protective_conductor.minimum_section_mm2(Decimal(phase_mm2))
    assert found.section_mm2 == Decimal(earth_mm2)


@pytest.mark.parametrize(
    ("width_mm", "small", "large"),
    # floor((W − 290) ÷ (w + 8)): MC-22 (45) 5, 7, 9, 11 and MC-40 (69) 4, 5, 6, 7: the shop's own rule of contactors a row.
    [(600, 5, 4), (700, 7, 5), (800, 9, 6), (900, 11, 7)],
)
def test_contactors_a_row(width_mm: int, small: int, large: int) -> None:
    room = band_capacity_mm(width_mm, rulebook())
    assert (room // (45 + 8), room // (69 + 8)) == (small, large)
