"""Laying a distribution into rows: exact where rows are tied, and never worse than it has to be without a limit."""

from itertools import product

import pytest

from kis.estimator.solver import PhaseProblem, Seat
from kis.estimator.solver.instance import Distribution, Instance, scaled
from kis.estimator.solver.seating import (
    MOST_STARTS,
    Arrangement,
    Layout,
    bound_off_cycle,
    configurations,
    cycle_starts,
    rows_alike,
)
from tests.unit.estimator.solver.panels import amperes, any_small, bound_to, different_loads, panel


def arrangements(instance: Instance) -> list[Arrangement]:
    """Return every way to fill the rows."""
    options = [
        list(product(*(range(len(instance.choices(instance.kinds[place.kind]))) for place in row)))
        for row in instance.rows
    ]
    return [Arrangement(chosen) for chosen in product(*options)]


class TestArranged:
    @pytest.mark.parametrize("seed", range(1000, 1060))
    def test_it_finds_an_arrangement_exactly_when_there_is_one(self, seed: int) -> None:
        instance = scaled(any_small(seed, most=5))
        layout = Layout(instance)
        best: dict[Distribution, int] = {}
        for arrangement in arrangements(instance):
            if not arrangement.crossed(instance):
                off = arrangement.off_cycle(instance) - instance.settled_off_cycle
                distribution = arrangement.distribution(instance)
                best[distribution] = min(off, best.get(distribution, off))
        for distribution, off in best.items():
            found = layout.arranged(distribution, off)
            assert found is not None
            assert found.crossed(instance) == 0
            assert found.distribution(instance) == distribution
            assert found.off_cycle(instance) == off + instance.settled_off_cycle
            assert layout.arranged(distribution, off - 1) is None
        assert not layout.gave_up

    def test_it_says_when_it_gave_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kis.estimator.solver.seating.MOST_TRIALS", 1)
        instance = scaled(panel(amperes("30", 30, 1), amperes("20", 20, 1)))
        layout = Layout(instance)
        assert layout.arranged(((1, 0, 0), (0, 1, 0)), 2) is None
        assert layout.gave_up


class TestArrangedAnyhow:
    @pytest.mark.parametrize("seed", range(1000, 1060))
    def test_every_distribution_finds_its_seats(self, seed: int) -> None:
        instance = scaled(any_small(seed, most=5))
        for distribution in {arrangement.distribution(instance) for arrangement in arrangements(instance)}:
            assert Layout(instance).arranged_anyhow(distribution).distribution(instance) == distribution

    def test_exchanges_undo_crossings(self) -> None:
        # Rows (30, 20) and (20, 20). With 30 A on S the first 20 A, on R by the cycle, would cross it; the second row has one on S.
        instance = scaled(panel(amperes("30", 30, 1), amperes("20", 20, 3)))
        arrangement = Layout(instance).arranged_anyhow(((0, 1, 0), (1, 1, 1)))
        assert arrangement.crossed(instance) == 0


class TestCycle:
    def test_the_undisturbed_cycle_is_the_start(self) -> None:
        (start,) = cycle_starts(scaled(panel(amperes("x", 20, 7))))
        assert start.distribution == start.movable == ((3, 2, 2),)  # rows of 2, 2, 2 and 1: R, S, T, R

    def test_a_bound_place_starts_on_each_choice_left_to_it(self) -> None:
        # Left is fixed to S in a row that would like R: right may be S or T, never R.
        seats = (
            Seat(index=0, row=0, side=0, column=0, key="s", fixed=True),
            Seat(index=1, row=0, side=1, column=0, key="x"),
        )
        instance = scaled(panel(amperes("x", 20, 1), seats=seats, fixed=(bound_to("s", (1,), 4400),)))
        assert [start.distribution for start in cycle_starts(instance)] == [((0, 1, 0),), ((0, 0, 1),)]
        assert all(start.movable == ((0, 0, 0),) for start in cycle_starts(instance))
        assert bound_off_cycle(instance) == 1

    def test_too_many_bound_places_have_no_start(self) -> None:
        rows = 9
        seats = tuple(
            Seat(index=2 * row + side, row=row, side=side, column=0, key="sx"[side], fixed=side == 0)
            for row in range(rows)
            for side in (0, 1)
        )
        fixed = (bound_to("s", (1,), 4400, rows),)
        problem = panel(amperes("x", 20, rows), seats=seats, fixed=fixed)
        # Each third row would like R and leaves its right seat S or T: 2 to the number of such rows.
        assert len(cycle_starts(scaled(problem))) <= MOST_STARTS
        many = PhaseProblem(
            phases=3,
            groups=(amperes("x", 20, 30),),
            seats=tuple(
                Seat(index=2 * row + side, row=row, side=side, column=0, key="sx"[side], fixed=side == 0)
                for row in range(30)
                for side in (0, 1)
            ),
            fixed=(bound_to("s", (1,), 4400, 30),),
        )
        assert cycle_starts(scaled(many)) == []


class TestRows:
    def test_rows_of_the_same_kinds_are_alike(self) -> None:
        instance = scaled(panel(amperes("x", 20, 14)))
        assert list(rows_alike(instance).values()) == [[0, 3, 6], [1, 4], [2, 5]]

    def test_configurations_stand_nearest_to_the_cycle_first_and_never_cross(self) -> None:
        instance = scaled(panel(amperes("30", 30, 1), amperes("20", 20, 1)))
        assert configurations(instance, instance.rows[0]) == [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]

    def test_sides_that_may_change_allow_everything(self) -> None:
        instance = scaled(different_loads(1, 2, 1))
        assert len(configurations(instance, instance.rows[0])) == 9
