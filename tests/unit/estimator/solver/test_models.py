"""The three CP-SAT models, each asked alone and from a bad start: optimal against trying every way, and checked before believed."""

import pytest

from benchmarks.plain_cp_sat import solve_plain
from kis.estimator.solver import PhaseSolution, balance, counts_model, cp_sat, phases_model, seating_model
from kis.estimator.solver.cp_sat import Solver, SolverDisagrees
from kis.estimator.solver.instance import Distribution, Instance, scaled, spread
from kis.estimator.solver.moves import Goal
from kis.estimator.solver.seating import Layout
from tests.unit.estimator.solver.every_way import every_way
from tests.unit.estimator.solver.panels import (
    amperes,
    any_small,
    different_loads,
    ordinary,
    panel,
    volt_amperes,
)


def solver() -> Solver:
    return Solver(guard_seconds=30.0, allowed=True)


def all_on_one(instance: Instance) -> Distribution:
    """Return the worst start: every circuit on its first choice (so that the loads fall from R to T)."""
    return tuple((kind.quantity, *(0,) * (len(instance.choices(kind)) - 1)) for kind in instance.kinds)


class TestPhasesModel:
    @pytest.mark.parametrize("seed", range(900, 930))
    def test_it_finds_and_proves_the_least_difference(self, seed: int) -> None:
        problem = any_small(seed, seats=())
        instance = scaled(problem)
        solved = phases_model.solve(instance, solver(), all_on_one(instance), 0)
        assert solved is not None
        found, bound = solved
        best = min(way.load_difference for way in every_way(problem))
        assert instance.va(spread(instance.loads(found))) == instance.va(bound) == best

    def test_phases_that_may_be_renamed_come_heaviest_first(self) -> None:
        instance = scaled(ordinary(1, 17, seats=()))
        solved = phases_model.solve(instance, solver(), all_on_one(instance), 0)
        assert solved is not None
        loads = instance.loads(solved[0])
        assert loads == tuple(sorted(loads, reverse=True))


class TestCountsModel:
    @pytest.mark.parametrize("seed", range(900, 930))
    def test_it_finds_and_proves_the_least_difference_that_keeps_the_loads(self, seed: int) -> None:
        problem = any_small(seed, seats=())
        instance = scaled(problem)
        loads = phases_model.solve(instance, solver(), all_on_one(instance), 0)
        assert loads is not None
        solved = counts_model.solve(instance, solver(), loads[0], 0)
        assert solved is not None
        found, bound = solved
        ways = list(every_way(problem))
        best = min(way.load_difference for way in ways)
        ways = [way for way in ways if way.load_difference == best]
        assert spread(instance.loads(found)) == spread(instance.loads(loads[0]))
        assert spread(instance.counts(found)) == bound == min(way.count_difference for way in ways)


SEATED = [seed for seed in range(900, 960) if any_small(seed).seats]


class TestSeatingModel:
    @pytest.mark.parametrize("seed", SEATED)
    def test_it_seats_as_well_as_the_search_from_the_cycle(self, seed: int) -> None:
        problem = any_small(seed, label_turn=0)
        solution, instance = balance(problem), scaled(problem)
        goal = Goal(
            load_spread=int(solution.objectives[0].value / instance.unit_va),
            count_spread=int(solution.objectives[1].value),
            order=_falling(solution) if instance.symmetric else None,
        )
        start = Layout(instance).arranged_anyhow(all_on_one(instance))
        solved = seating_model.solve(instance, solver(), start, goal, 0)
        assert solved is not None
        arrangement, bound = solved
        assert arrangement.crossed(instance) <= len(solution.crossed_rows)
        if not solution.crossed_rows:
            assert arrangement.off_cycle(instance) == solution.objectives[2].value
            assert bound + instance.settled_off_cycle == solution.objectives[2].value

    def test_a_crossing_is_worse_than_any_number_of_seats_off_the_cycle(self) -> None:
        # Heaviest on T, 30 A left of 20 A: T and R cross, and no other seats exist; the row is laid crossing and counted.
        instance = scaled(panel(amperes("30", 30, 1), amperes("20", 20, 1)))
        start = Layout(instance).arranged_anyhow(((1, 0, 0), (0, 1, 0)))
        crossing = seating_model.solve(instance, solver(), start, Goal(load_spread=3, order=(2, 0, 1)), 0)
        assert crossing is not None
        assert crossing[0].crossed(instance) == 1
        free = seating_model.solve(instance, solver(), start, Goal(load_spread=3, order=(0, 2, 1)), 0)
        assert free is not None
        assert free[0].crossed(instance) == 0
        assert free[0].chosen == ((0, 2),)


def _falling(solution: PhaseSolution) -> tuple[int, ...]:
    """Return the phases from the heaviest on, as the solution names them."""
    loads = solution.loads_va
    return tuple(sorted(range(len(loads)), key=lambda phase: (-loads[phase], phase)))


class TestSolver:
    def test_it_is_only_asked_while_allowed(self) -> None:
        instance = scaled(panel(amperes("x", 20, 3), seated=False))
        barred = Solver(guard_seconds=30.0, allowed=False)
        assert phases_model.solve(instance, barred, all_on_one(instance), 0) is None
        assert barred.was_missed
        assert not barred.was_used

    def test_the_guard_bars_it_for_the_rest_of_the_problem(self) -> None:
        instance = scaled(different_loads(0, 15, 1, seats=()))
        guarded = Solver(guard_seconds=0.0, allowed=True)
        assert phases_model.solve(instance, guarded, all_on_one(instance), 0) is None
        assert not guarded.allowed
        assert guarded.was_missed
        assert counts_model.solve(instance, guarded, all_on_one(instance), 0) is None
        assert not guarded.was_used

    def test_the_limit_leaves_a_bound_and_an_answer_no_worse_than_known(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cp_sat, "LOADS_LIMIT", 0.001)
        instance = scaled(different_loads(0, 40, 1, seats=()))
        known = all_on_one(instance)
        solved = phases_model.solve(instance, solver(), known, 0)
        assert solved is not None
        found, bound = solved
        assert instance.holds_all(found)
        assert 0 <= bound <= spread(instance.loads(found)) <= spread(instance.loads(known))

    def test_an_impossible_model_is_a_defect(self) -> None:
        # A bound above what exists leaves no solution; the solver then says infeasible, which no sound caller can cause.
        instance = scaled(panel(amperes("x", 20, 3), seated=False))
        with pytest.raises(SolverDisagrees):
            phases_model.solve(instance, solver(), ((2, 1, 0),), 3)

    @pytest.mark.parametrize("values", [(1, 1, 0), (4, -1, 0), (2, 2, 0)])
    def test_an_answer_that_does_not_add_up_is_refused(self, values: tuple[int, ...]) -> None:
        instance = scaled(panel(amperes("x", 20, 3), seated=False))
        with pytest.raises(SolverDisagrees) as refused:
            cp_sat.checked_distribution(instance, values)
        assert "added up again" in refused.value.text("en")


class TestPlainModel:
    def test_it_finds_the_same_difference(self) -> None:
        # 10 × 20 A and one of 50 A: 90/80/80 A, so 10 A or 2,200 VA.
        plain = solve_plain([4400] * 10 + [11000], 3, 5.0)
        assert (plain.difference_va, plain.bound_va, plain.proven) == (2200, 2200, True)

    def test_it_tells_when_the_limit_came_first(self) -> None:
        plain = solve_plain([4400 + 7 * index for index in range(60)], 3, 1e-6)
        assert not plain.proven


def test_the_models_agree_on_a_panel_that_needs_none() -> None:
    problem = panel(
        volt_amperes("a", 4000), volt_amperes("b", 3000, 2), volt_amperes("c", 2200, 6), seated=False
    )
    instance = scaled(problem)
    solved = phases_model.solve(instance, solver(), all_on_one(instance), 0)
    assert solved is not None
    assert instance.va(solved[1]) == balance(problem).objectives[0].value
