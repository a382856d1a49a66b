"""The bounds: never above the optimum, never below the two textbook bounds they stand for."""

import pytest

from kis.estimator.solver.bound import (
    least_count_spread,
    least_load_spread,
    least_load_spread_beside_largest,
    window,
)
from kis.estimator.solver.instance import scaled
from tests.unit.estimator.solver.every_way import every_way
from tests.unit.estimator.solver.panels import amperes, any_small, bound_to, panel, volt_amperes


class TestLeastLoadSpread:
    @pytest.mark.parametrize("seed", range(300, 370))
    def test_no_assignment_goes_below(self, seed: int) -> None:
        problem = any_small(seed, most=5, seats=(), facing_pair_shares_phase=False)
        instance = scaled(problem)
        best = min(way.load_difference for way in every_way(problem)) / instance.unit_va
        assert least_load_spread(instance) <= best
        if instance.kinds:
            assert least_load_spread_beside_largest(instance) <= best
        assert least_count_spread(instance) <= min(way.count_difference for way in every_way(problem))

    @pytest.mark.parametrize("seed", range(300, 370))
    def test_it_is_at_least_as_strong_as_the_textbook_bounds(self, seed: int) -> None:
        # ⌈S/k⌉ − ⌊S/k⌋, and b − ⌊(S−b)/(k−1)⌋ for the largest fixed load b (loads over the least fixed one, in whole units).
        instance = scaled(any_small(seed, seats=()))
        total, phases, tallest = instance.total_load, instance.phases, max(instance.base_loads)
        assert least_load_spread(instance) >= -(-total // phases) - total // phases
        assert least_load_spread(instance) >= tallest - (total - tallest) // (phases - 1)

    @pytest.mark.parametrize(
        ("circuits", "spread"),
        [(1, 1), (2, 1), (3, 0), (4, 1), (5, 1), (6, 0)],
    )
    def test_equal_circuits_miss_by_one_unless_divisible(self, circuits: int, spread: int) -> None:
        assert least_load_spread(scaled(panel(amperes("x", 20, circuits), seated=False))) == spread

    def test_a_fixed_load_off_the_step_is_counted(self) -> None:
        # 7 VA on R, free circuits of 5 VA: S and T can be level with each other at multiples of 5 only. Two circuits: 7/5/5.
        problem = panel(volt_amperes("x", 5, 2), seated=False, fixed=(bound_to("r", (0,), 7),))
        assert least_load_spread(scaled(problem)) == 2

    def test_a_towering_fixed_load(self) -> None:
        # b = 10, 4 free units: b − ⌊4/2⌋ = 8.
        problem = panel(volt_amperes("x", 1, 4), seated=False, fixed=(bound_to("r", (0,), 10),))
        assert least_load_spread(scaled(problem)) == 8


class TestBesideLargest:
    def test_a_towering_circuit(self) -> None:
        # 200 A somewhere, ten times 20 A on the two other phases: 200 − 100; cut up, 400 A would come within 20 A.
        instance = scaled(panel(amperes("big", 200, 1), amperes("x", 20, 10), seated=False))
        assert least_load_spread(instance) * instance.unit_va == 20 * 220
        assert least_load_spread_beside_largest(instance) * instance.unit_va == 100 * 220

    def test_a_towering_circuit_between_lines(self) -> None:
        # 100 A on two phases, the third can only be filled up by 3 × 20 A: 40 A short.
        instance = scaled(panel(amperes("big", 100, 1, lines=2), amperes("x", 20, 3), seated=False))
        assert least_load_spread_beside_largest(instance) * instance.unit_va == 40 * 220


class TestWindow:
    @pytest.mark.parametrize(
        ("total", "phases", "difference", "expected"),
        [(10, 3, 1, (3, 4)), (9, 3, 0, (3, 3)), (10, 3, 3, (2, 5)), (7, 2, 1, (3, 4)), (7, 2, 3, (2, 5))],
    )
    def test_no_phase_can_lie_outside(
        self, total: int, phases: int, difference: int, expected: tuple[int, int]
    ) -> None:
        # (10, 3, 3): 5 + 3 + 2 or 4 + 4 + 2 … up to 5 and down to 2; 6 would leave 4 for two phases, one at most 2: 4 apart.
        assert window(total, phases, difference) == expected
