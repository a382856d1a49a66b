"""The whole solver: optimal against every way of small problems, honest without CP-SAT, the same in any order and process."""

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from kis.estimator.solver import PhaseProblem, PhaseSolution, Seat, balance
from tests.unit.estimator.solver.every_way import assert_adds_up, optimum
from tests.unit.estimator.solver.panels import (
    amperes,
    any_small,
    bound_to,
    chooser_of,
    different_loads,
    in_pairs,
    loads_a,
    loads_va,
    ordinary,
    panel,
    three_phase,
    volt_amperes,
)

SOURCE = Path(__file__).parents[4] / "src"


def values(solution: PhaseSolution) -> list[Fraction | int]:
    return [objective.value for objective in solution.objectives]


class TestOptimality:
    @pytest.mark.parametrize("seed", range(150))
    def test_small_problems_reach_what_trying_every_way_finds(self, seed: int) -> None:
        problem = any_small(seed, most=5 + seed % 2)
        solution, best = balance(problem), optimum(problem)
        assert_adds_up(problem, solution)
        assert solution.objectives[0].value == best.load_difference
        assert solution.objectives[1].value == best.count_difference
        assert all(objective.proven for objective in solution.objectives)
        assert (len(solution.crossed_rows) == 0) == (best.crossed == 0)
        if not best.crossed:
            assert solution.objectives[2].value == best.off_cycle

    @pytest.mark.parametrize("seed", range(150, 210))
    def test_bounds_hold_without_the_solver(self, seed: int) -> None:
        problem = any_small(seed, use_solver=False)
        solution, best = balance(problem), optimum(problem)
        assert_adds_up(problem, solution)
        assert solution.objectives[0].bound <= best.load_difference <= solution.objectives[0].value
        assert not solution.used_solver

    @pytest.mark.parametrize("circuits", [12, 40, 100, 200])
    @pytest.mark.parametrize("seed", range(4))
    def test_ordinary_panels_are_proven_without_loading_the_solver(self, circuits: int, seed: int) -> None:
        problem = ordinary(seed, circuits, label_turn=seed)
        solution = balance(problem)
        assert_adds_up(problem, solution)
        assert all(objective.proven for objective in solution.objectives)
        assert not solution.used_solver
        assert solution.crossed_rows == ()

    @pytest.mark.parametrize("step_va", [100, 10])
    def test_two_hundred_different_loads_are_proven(self, step_va: int) -> None:
        problem = different_loads(seed=7, circuits=200, step_va=step_va)
        solution = balance(replace(problem, seats=()))
        assert solution.objectives[0].value <= step_va
        assert solution.objectives[0].proven
        assert solution.objectives[1].proven
        assert solution.objectives[1].value == 1  # 200 circuits do not divide by 3

    def test_seats_of_different_loads_are_good_and_marked_when_not_proven(self) -> None:
        problem = different_loads(seed=7, circuits=60, step_va=10)
        solution = balance(problem)
        assert_adds_up(problem, solution)
        assert solution.objectives[2].value <= 20
        assert solution.crossed_rows == ()

    def test_twelve_odd_loads_are_proven_by_trying_them_all(self) -> None:
        # The bound from even pieces is 0 or 1 VA, which no twelve loads reach: only a search can tell.
        solution = balance(different_loads(seed=1, circuits=12, step_va=1, seats=()))
        assert solution.proven_optimal
        assert solution.objectives[0].value > 1

    def test_what_is_too_much_to_try_is_handed_to_cp_sat_and_proven(self) -> None:
        # Fifteen loads in single VA have too many different sums to list; their counts cannot follow the loads evenly either.
        solution = balance(different_loads(seed=0, circuits=15, step_va=1, seats=()))
        assert solution.used_solver
        assert not solution.heuristic_only
        assert [objective.status for objective in solution.objectives[:2]] == ["cp_sat_optimal"] * 2
        assert solution.proven_optimal


class TestWithoutSolver:
    @pytest.mark.parametrize("seed", range(3))
    def test_heuristic_alone_answers_and_says_so(self, seed: int) -> None:
        problem = different_loads(seed, circuits=30, step_va=1, use_solver=False)
        solution = balance(problem)
        assert_adds_up(problem, solution)
        assert not solution.used_solver
        assert solution.heuristic_only == any(
            objective.status == "heuristic" for objective in solution.objectives
        )
        assert solution.objectives[0].value < 500

    def test_guard_ends_in_the_heuristics_answer(self) -> None:
        problem = different_loads(seed=0, circuits=15, step_va=1, seats=())
        guarded = balance(replace(problem, guard_seconds=0.0))
        assert guarded.heuristic_only
        assert not guarded.used_solver
        assert guarded.objectives[0].status == "heuristic"
        assert guarded.loads_va == balance(replace(problem, use_solver=False)).loads_va

    def test_loads_too_fine_for_whole_numbers_fall_back_to_the_heuristic(self) -> None:
        # Denominators without common factors: the common step is below 10⁻⁴⁰ VA, far beyond 64 bits.
        primes = (
            10_007,
            10_009,
            10_037,
            10_039,
            10_061,
            10_067,
            10_069,
            10_079,
            10_091,
            10_093,
            10_099,
            10_103,
        )
        problem = panel(
            *(volt_amperes(str(prime), Fraction(10**8 + prime, prime)) for prime in (*primes, 10_111, 10_133))
        )
        solution = balance(problem)
        assert_adds_up(problem, solution)
        assert solution.heuristic_only
        assert not solution.used_solver
        assert not solution.proven_optimal


class TestFixed:
    def test_fixed_circuits_stay_and_the_rest_fills_up(self) -> None:
        # 40 A on T; 8 × 20 A fill R and S to 60/60 and T to 80, or to 80/60/60: 200 A in twenties is not divisible by 3.
        problem = panel(amperes("x", 20, 8), seated=False, fixed=(bound_to("t", (2,), 4400, 2),))
        solution = balance(problem)
        assert solution.assignment["t"] == (0, 0, 2)
        assert solution.objectives[0].value == 4400
        assert solution.proven_optimal

    def test_a_towering_fixed_load_is_the_bound(self) -> None:
        # 100 A on R, 3 × 20 A on S and T: 40 and 20 at best; b − ⌊(S−b)/2⌋ = 100 − 30 = 70, in steps of 20 A 80.
        solution = balance(panel(amperes("x", 20, 3), seated=False, fixed=(bound_to("r", (0,), 22000),)))
        assert loads_a(solution) in {(100, 40, 20), (100, 20, 40)}
        assert solution.proven_optimal
        assert solution.objectives[0].reason.key == "solver.phase_difference.settled"

    def test_labels_are_not_turned_when_a_phase_is_fixed(self) -> None:
        problem = panel(amperes("x", 20, 3), seated=False, fixed=(bound_to("r", (0,), 4400),), label_turn=1)
        assert loads_a(balance(problem)) == (40, 20, 20)

    def test_uneven_base_is_a_fixed_load(self) -> None:
        problem = panel(
            amperes("x", 20, 3), seated=False, base_va=(Fraction(0), Fraction(4400), Fraction(4400))
        )
        # 20 A go to R alone; the other two make 40/40/… : total 100 A in twenties, 40/40/20 at best.
        solution = balance(replace(problem, label_turn=2))
        assert sorted(loads_a(solution)) == [20, 40, 40]
        assert solution.loads_va[0] >= 4400


class TestTwoLines:
    def test_circuits_between_lines_load_two_phases_each(self) -> None:
        # Three equal circuits on RS, ST and TR load every phase twice.
        solution = balance(panel(amperes("x", 20, 3, lines=2)))
        assert loads_a(solution) == (40, 40, 40)
        assert solution.assignment == {"x": (1, 1, 1)}
        assert solution.counts == (2, 2, 2)

    def test_a_two_line_circuit_evens_out_single_ones(self) -> None:
        # 2 × 30 A and one 30 A between lines: the latter takes the free phase and one of the others: 60/30/30.
        solution = balance(panel(amperes("one", 30, 2), amperes("two", 30, 1, lines=2), seated=False))
        assert loads_a(solution) == (60, 30, 30)
        assert solution.proven_optimal

    def test_the_only_pair_of_a_two_line_system_leaves_no_choice(self) -> None:
        solution = balance(
            panel(amperes("two", 30, 3, lines=2), amperes("one", 20, 2), phases=2, sides_may_change=True)
        )
        assert solution.assignment == {"one": (1, 1), "two": (3,)}
        assert loads_a(solution) == (110, 110)


class TestLabels:
    @pytest.mark.parametrize(
        ("turn", "loads"), [(0, (80, 60, 60)), (1, (60, 80, 60)), (2, (60, 60, 80)), (3, (80, 60, 60))]
    )
    def test_the_heaviest_phase_moves_on_with_the_panel(self, turn: int, loads: tuple[int, ...]) -> None:
        for seated in (True, False):
            assert loads_a(balance(panel(amperes("x", 20, 10), seated=seated, label_turn=turn))) == loads

    def test_pairs_turn_with_the_phases(self) -> None:
        # One circuit on RS becomes one on ST, so that R is the lightest.
        solution = balance(panel(amperes("x", 20, 1, lines=2), seated=False, label_turn=1))
        assert loads_a(solution) == (0, 20, 20)
        assert solution.assignment == {"x": (0, 1, 0)}

    @pytest.mark.parametrize("turn", range(3))
    @pytest.mark.parametrize("circuits", [4, 5, 7, 10, 11])
    def test_turned_labels_still_keep_the_bars_uncrossed(self, circuits: int, turn: int) -> None:
        solution = balance(panel(amperes("x", 20, circuits), label_turn=turn))
        assert solution.crossed_rows == ()
        pairs = [solution.seats[index : index + 2] for index in range(0, circuits - 1, 2)]
        assert all(left <= right for left, right in pairs)
        assert solution.loads_va[turn] == max(solution.loads_va)

    def test_a_turn_that_must_cross_is_given_up(self) -> None:
        # 30 A left of 20 A: with the heaviest on T the other phase would lie left of it.
        solution = balance(panel(amperes("30", 30, 1), amperes("20", 20, 1), label_turn=2))
        assert solution.seats[0] <= solution.seats[1]
        assert loads_a(solution) == (30, 20, 0)


class TestSeats:
    def test_rows_are_counted_over_the_columns(self) -> None:
        # Three rows of one seat, the third in the second column, given in another order than they stand.
        seats = [
            Seat(index=0, row=0, side=0, column=1, key="x"),
            Seat(index=1, row=5, side=0, column=0, key="x"),
            Seat(index=2, row=2, side=0, column=0, key="x"),
        ]
        assert balance(panel(amperes("x", 20, 3), seats=tuple(seats))).seats == (2, 1, 0)

    def test_a_neighbour_of_a_fixed_circuit_gives_way(self) -> None:
        # Seat 0 (left) is fixed to T, so its neighbour on the right must be T too; the other row takes R and S.
        seats = (
            Seat(index=0, row=0, side=0, column=0, key="t", fixed=True),
            *(replace(seat, index=index) for index, seat in enumerate(in_pairs("?xxx")[1:], start=1)),
        )
        problem = panel(amperes("x", 20, 3), seats=seats, fixed=(bound_to("t", (2,), 0),))
        solution = balance(problem)
        assert solution.seats[:2] == (2, 2)
        assert solution.crossed_rows == ()
        assert loads_a(solution) == (20, 20, 20)
        # The fixed seat and its neighbour miss R; the second row would like S twice.
        assert solution.objectives[2].value == 3

    def test_circuits_fixed_against_each_other_are_reported(self) -> None:
        seats = (
            Seat(index=0, row=4, side=0, column=2, key="t", fixed_phase=2),
            Seat(index=1, row=4, side=1, column=2, key="r", fixed_phase=0),
        )
        problem = panel(seats=seats, fixed=(bound_to("t", (2,), 10), bound_to("r", (0,), 10)))
        assert balance(problem).crossed_rows == ((2, 4),)
        changed = balance(replace(problem, sides_may_change=True))
        assert changed.crossed_rows == ()
        assert changed.swapped_rows == ((2, 4),)

    def test_what_crosses_on_either_side_is_reported_all_the_same(self) -> None:
        # A circuit on ST beside one on R: its first pole lies right of R, and N right of its second: no side helps.
        seats = (
            Seat(index=0, row=0, side=0, column=0, key="st", fixed=True),
            Seat(index=1, row=0, side=1, column=0, key="r", fixed=True),
        )
        fixed = (bound_to("st", (1, 2), 10), bound_to("r", (0,), 10))
        solution = balance(panel(seats=seats, fixed=fixed, sides_may_change=True))
        assert solution.crossed_rows == ((0, 0),)
        assert solution.swapped_rows == ()

    def test_sides_that_may_change_keep_the_cycle_instead_of_giving_way(self) -> None:
        # 20 A left of 30 A, heaviest first means 30 A on R: only on each other's side do they not cross.
        problem = panel(amperes("20", 20, 1), amperes("30", 30, 1), sides_may_change=True)
        solution = balance(problem)
        assert loads_a(solution) == (30, 20, 0)
        assert solution.seats == (1, 0)
        assert solution.swapped_rows == ((0, 0),)
        assert balance(replace(problem, sides_may_change=False)).swapped_rows == ()

    def test_a_two_line_circuit_right_of_a_single_one_always_crosses(self) -> None:
        problem = panel(amperes("one", 20, 1), amperes("two", 20, 1, lines=2))
        assert balance(problem).crossed_rows == ((0, 0),)
        assert balance(replace(problem, sides_may_change=True)).swapped_rows == ((0, 0),)


class TestSharedBars:
    def test_facing_circuits_share_a_phase(self) -> None:
        # Ten circuits in five pairs: 4/4/2 is the best that pairs allow, 4/3/3 is out of reach.
        problem = panel(amperes("x", 20, 10), facing_pair_shares_phase=True)
        solution = balance(problem)
        assert loads_a(solution) == (80, 80, 40)
        assert solution.counts == (4, 4, 2)
        assert all(solution.seats[index] == solution.seats[index + 1] for index in range(0, 10, 2))
        assert solution.proven_optimal
        assert solution.crossed_rows == ()

    def test_a_free_circuit_follows_the_fixed_one_it_faces(self) -> None:
        seats = (
            Seat(index=0, row=0, side=0, column=0, key="s", fixed=True),
            Seat(index=1, row=0, side=1, column=0, key="x"),
        )
        problem = panel(
            amperes("x", 20, 1),
            seats=seats,
            fixed=(bound_to("s", (1,), 4400),),
            facing_pair_shares_phase=True,
        )
        solution = balance(problem)
        assert solution.seats == (1, 1)
        assert loads_a(solution) == (0, 40, 0)


class TestNothingToDo:
    def test_no_single_phase_circuit_is_a_difference_of_zero(self) -> None:
        solution = balance(panel(base_va=three_phase(100)))
        assert values(solution) == [0, 0, 0]
        assert solution.proven_optimal
        assert [objective.status for objective in solution.objectives] == ["not_applicable"] * 3
        assert solution.objectives[0].reason.text("en") == "no single-phase load to divide"

    def test_circuits_without_load_are_counted_and_spread(self) -> None:
        solution = balance(panel(volt_amperes("spare", 0, 6)))
        assert solution.counts == (2, 2, 2)
        assert values(solution) == [0, 0, 0]

    def test_everything_fixed_is_answered_as_it_is(self) -> None:
        solution = balance(panel(fixed=(bound_to("r", (0,), 300), bound_to("s", (1,), 100))))
        assert loads_va(solution) == (300, 100, 0)
        assert solution.objectives[0].value == solution.objectives[0].bound == 300


class TestDeterminism:
    @pytest.mark.parametrize("seed", range(20))
    def test_the_order_of_the_groups_does_not_matter(self, seed: int) -> None:
        problem = any_small(seed)
        groups, fixed = list(problem.groups), list(problem.fixed)
        chooser_of(seed).shuffle(groups)
        chooser_of(seed + 1).shuffle(fixed)
        assert balance(replace(problem, groups=tuple(groups), fixed=tuple(fixed))) == balance(problem)

    def test_the_order_in_which_seats_are_listed_does_not_matter(self) -> None:
        problem = ordinary(seed=3, circuits=25)
        turned = balance(replace(problem, seats=problem.seats[::-1]))
        assert turned.seats[::-1] == balance(problem).seats

    def test_processes_with_different_hash_seeds_agree(self) -> None:
        program = (
            "from tests.unit.estimator.solver.panels import any_small, different_loads, ordinary\n"
            "from kis.estimator.solver import balance\n"
            "problems = [*map(any_small, range(12)), ordinary(1, 60), different_loads(0, 15, 1, seats=())]\n"
            "print([balance(problem) for problem in problems])"
        )
        root = SOURCE.parent
        printed = [
            subprocess.run(
                [sys.executable, "-c", program],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{SOURCE}{os.pathsep}{root}"},
                capture_output=True,
                text=True,
                check=True,
                cwd=root,
            ).stdout
            for seed in ("1", "4242")
        ]
        problems = [*map(any_small, range(12)), ordinary(1, 60), different_loads(0, 15, 1, seats=())]
        here = f"{[balance(problem) for problem in problems]}\n"
        assert printed == [here, here]

    def test_ordinary_panels_never_load_the_library(self) -> None:
        program = (
            "import sys\n"
            "from tests.unit.estimator.solver.panels import ordinary\n"
            "from kis.estimator.solver import balance\n"
            "balance(ordinary(1, 100))\n"
            "print(sorted(name for name in sys.modules if name.partition('.')[0] in ('ortools', 'numpy', 'pandas')))"
        )
        ended = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{SOURCE.parent}"},
            capture_output=True,
            text=True,
            check=True,
            cwd=SOURCE.parent,
        )
        assert ended.stdout.strip() == "[]"


def test_problem_type_is_plain_data() -> None:
    # Problems are compared and repeated across processes, so two equal ones must be equal.
    assert any_small(5) == any_small(5)
    assert isinstance(any_small(5), PhaseProblem)
