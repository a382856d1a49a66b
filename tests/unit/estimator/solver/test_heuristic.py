"""The heuristic alone: always a whole answer, at the bound for ordinary panels, renamed without changing anything."""

import pytest

from kis.estimator.solver.bound import least_load_spread
from kis.estimator.solver.heuristic import (
    exchanged,
    good_distribution,
    heaviest_first,
    in_rounds,
    renamed,
    shifts,
)
from kis.estimator.solver.instance import scaled, spread
from tests.unit.estimator.solver.panels import (
    amperes,
    any_small,
    different_loads,
    ordinary,
    panel,
    volt_amperes,
)


class TestGoodDistribution:
    @pytest.mark.parametrize("seed", range(60))
    def test_every_circuit_is_connected_once(self, seed: int) -> None:
        instance = scaled(any_small(seed))
        assert instance.holds_all(good_distribution(instance, least_load_spread(instance)))

    @pytest.mark.parametrize("circuits", [12, 40, 100, 200])
    def test_ordinary_panels_end_at_the_bound(self, circuits: int) -> None:
        instance = scaled(ordinary(5, circuits))
        bound = least_load_spread(instance)
        assert spread(instance.loads(good_distribution(instance, bound))) == bound

    @pytest.mark.parametrize("step_va", [100, 10])
    def test_many_different_loads_end_at_the_bound_with_even_counts(self, step_va: int) -> None:
        instance = scaled(different_loads(5, 200, step_va))
        found = in_rounds(instance)
        assert spread(instance.loads(found)) == least_load_spread(instance)
        assert spread(instance.counts(found)) == 1

    def test_moves_help_where_exchanges_cannot(self) -> None:
        # 6 against 3 + 3 and 2 + 2 + 2: equal loads need unequal counts, which rounds never give.
        instance = scaled(
            panel(volt_amperes("6", 6), volt_amperes("3", 3, 2), volt_amperes("2", 2, 3), seated=False)
        )
        assert spread(instance.loads(in_rounds(instance))) > 0
        assert spread(instance.loads(good_distribution(instance, 0))) == 0


class TestExchanged:
    def test_the_difference_falls_and_the_counts_stay(self) -> None:
        # R 5 + 4, S 3 + 2, T 1 + 1: exchanging brings 16 VA to 6/5/5 or 5/5/6, still two circuits each.
        instance = scaled(
            panel(
                *(volt_amperes(str(load), load) for load in (5, 4, 3, 2)),
                volt_amperes("1", 1, 2),
                seated=False,
            )
        )
        start = ((1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 0, 2))
        found = exchanged(instance, start)
        assert instance.counts(found) == (2, 2, 2)
        assert spread(instance.loads(found)) == 1


class TestRenamed:
    def test_phases_change_names_and_pairs_with_them(self) -> None:
        instance = scaled(panel(amperes("one", 20, 3), amperes("two", 30, 2, lines=2), seated=False))
        # Kinds are sorted by load: two-line first. One on RS, one on TR; single ones on R, R, S.
        distribution = ((1, 0, 1), (2, 1, 0))
        turned = renamed(instance, distribution, (1, 2, 0))  # R is called S, S is called T, T is called R
        assert turned == ((1, 1, 0), (0, 2, 1))
        loads = instance.loads(distribution)
        assert instance.loads(turned) == (loads[2], loads[0], loads[1])

    def test_heaviest_first(self) -> None:
        instance = scaled(panel(amperes("x", 20, 6), seated=False))
        assert heaviest_first(instance, ((1, 3, 2),)) == ((3, 2, 1),)

    def test_more_circuits_come_first_where_loads_tie(self) -> None:
        instance = scaled(panel(volt_amperes("4", 4), volt_amperes("2", 2, 4), seated=False))
        assert heaviest_first(instance, ((1, 0, 0), (0, 2, 2))) == ((0, 0, 1), (2, 2, 0))


class TestShifts:
    def test_a_single_circuit_carries_its_load_from_phase_to_phase(self) -> None:
        assert {
            (shift.choice_from, shift.choice_to, shift.phase_from, shift.phase_to) for shift in shifts(1, 3)
        } == {(one, other, one, other) for one in range(3) for other in range(3) if one != other}

    def test_a_two_line_circuit_keeps_one_phase(self) -> None:
        # RS → ST keeps S and carries R's part to T; RS → TR keeps R and carries S's part to T.
        by_choice = {
            (shift.choice_from, shift.choice_to): (shift.phase_from, shift.phase_to) for shift in shifts(2, 3)
        }
        assert by_choice[0, 1] == (0, 2)
        assert by_choice[0, 2] == (1, 2)
        assert len(by_choice) == 6

    def test_the_only_pair_cannot_shift(self) -> None:
        assert shifts(2, 2) == ()
