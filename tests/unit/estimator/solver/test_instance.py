"""Whole units, kinds and rows from a problem."""

from fractions import Fraction

import pytest

from kis.estimator.solver import FixedLoad, Seat
from kis.estimator.solver.instance import Kind, scaled, spread
from kis.estimator.solver.rows import Follower, read_rows
from tests.unit.estimator.solver.panels import amperes, bound_to, panel, three_phase, volt_amperes


class TestScaled:
    def test_loads_become_whole_units_of_their_common_step(self) -> None:
        instance = scaled(panel(amperes("a", 20, 4), amperes("b", 30, 2), amperes("c", 50, 1), seated=False))
        assert instance.unit_va == 2200  # 10 A
        assert instance.kinds == (Kind(1, 5, 1, 1), Kind(1, 3, 1, 2), Kind(1, 2, 1, 4))
        assert instance.total_load == 5 + 6 + 8
        assert instance.total_count == 7

    def test_fractions_are_scaled_by_their_common_denominator(self) -> None:
        # 1/3 and 1/2 VA: a sixth goes into both.
        instance = scaled(
            panel(volt_amperes("a", Fraction(1, 3)), volt_amperes("b", Fraction(1, 2)), seated=False)
        )
        assert instance.unit_va == Fraction(1, 6)
        assert [kind.load for kind in instance.kinds] == [3, 2]

    def test_what_all_phases_carry_is_taken_off_first(self) -> None:
        # 100 A of three phases and 7 VA fixed to S: only the 7 VA stay, and set the step.
        problem = panel(
            volt_amperes("x", 14, 2), seated=False, base_va=three_phase(100), fixed=(bound_to("s", (1,), 7),)
        )
        instance = scaled(problem)
        assert instance.common_va == 22000
        assert instance.unit_va == 7
        assert instance.base_loads == (0, 1, 0)
        assert instance.base_counts == (0, 1, 0)
        assert not instance.symmetric

    def test_equal_loads_of_different_keys_are_one_kind(self) -> None:
        instance = scaled(
            panel(
                volt_amperes("a", 10, 2),
                volt_amperes("b", 10, 3),
                volt_amperes("c", 10, 1, lines=2),
                seated=False,
            )
        )
        assert instance.kinds == (Kind(1, 1, 1, 5), Kind(1, 1, 2, 1))

    def test_two_line_circuits_without_a_choice_are_settled(self) -> None:
        instance = scaled(
            panel(volt_amperes("two", 30, 2, lines=2), volt_amperes("one", 10, 1), phases=2, seated=False)
        )
        assert instance.kinds == (Kind(1, 1, 1, 1),)
        assert instance.base_counts == (2, 2)
        assert instance.common_va == 60

    def test_pairs_that_share_a_phase_weigh_two(self) -> None:
        problem = panel(
            volt_amperes("a", 30), volt_amperes("b", 10), volt_amperes("c", 20), facing_pair_shares_phase=True
        )
        assert scaled(problem).kinds == (Kind(2, 2, 1, 1), Kind(1, 1, 1, 1))

    @pytest.mark.parametrize(
        ("problem", "symmetric"),
        [
            (panel(amperes("x", 20, 2)), True),
            (panel(amperes("x", 20, 2), base_va=three_phase(5)), True),
            (panel(amperes("x", 20, 2), base_va=(Fraction(1), Fraction(1), Fraction(2))), False),
            (panel(fixed=(FixedLoad(key="f", phases=(0,), load_va=Fraction(0), quantity=1),)), False),
            (panel(fixed=(FixedLoad(key="f", phases=(0,), load_va=Fraction(1), quantity=0),)), True),
        ],
    )
    def test_phases_may_be_renamed_while_nothing_is_fixed(self, problem: object, symmetric: bool) -> None:
        from kis.estimator.solver import PhaseProblem

        assert isinstance(problem, PhaseProblem)
        assert scaled(problem).symmetric is symmetric

    def test_spread(self) -> None:
        assert spread([3, 9, 4]) == 6


def seat(index: int, row: int, side: int, key: str, column: int = 0, fixed_phase: int | None = None) -> Seat:
    return Seat(index=index, row=row, side=side, column=column, key=key, fixed_phase=fixed_phase)


class TestReadRows:
    def test_one_and_two_line_circuits_have_cycles_of_their_own(self) -> None:
        seats = (seat(0, 0, 0, "two"), seat(1, 1, 0, "one"), seat(2, 2, 0, "two"), seat(3, 3, 0, "one"))
        plan = read_rows(panel(amperes("one", 20, 2), amperes("two", 20, 2, lines=2), seats=seats))
        assert [unit.target for row in plan.rows for unit in row] == [0, 0, 1, 1]

    def test_the_cycle_goes_on_in_the_next_column(self) -> None:
        seats = (seat(0, 0, 0, "x", column=1), seat(1, 0, 0, "x"), seat(2, 7, 0, "x"))
        plan = read_rows(panel(amperes("x", 20, 3), seats=seats))
        assert [(row[0].seats, row[0].target) for row in plan.rows] == [((1,), 0), ((2,), 1), ((0,), 2)]

    def test_a_fixed_neighbour_narrows_the_choice(self) -> None:
        problem = panel(
            amperes("x", 20, 1),
            seats=(seat(0, 0, 0, "x"), seat(1, 0, 1, "s", fixed_phase=1)),
            fixed=(bound_to("s", (1,), 1),),
        )
        plan = read_rows(problem)
        assert plan.rows[0][0].domain == (0, 1)
        assert plan.settled == {1: 1}
        assert plan.off_cycle == 1

    def test_a_free_circuit_follows_where_phases_are_shared(self) -> None:
        problem = panel(
            amperes("x", 20, 1),
            seats=(seat(0, 0, 0, "x"), seat(1, 0, 1, "s", fixed_phase=1)),
            fixed=(bound_to("s", (1,), 1),),
            facing_pair_shares_phase=True,
        )
        plan = read_rows(problem)
        assert plan.rows == ()
        assert plan.settled == {0: 1, 1: 1}
        assert plan.followers == (Follower("x", 1, 1),)
        assert plan.off_cycle == 2

    def test_circuits_that_cannot_share_stand_alone(self) -> None:
        problem = panel(amperes("one", 20, 1), amperes("two", 20, 1, lines=2), facing_pair_shares_phase=True)
        assert [len(row) for row in read_rows(problem).rows] == [1, 1]
