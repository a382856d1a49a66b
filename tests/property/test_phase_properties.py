"""Properties of phase balancing that hold for every panel, whatever its circuits."""

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kis.estimator.solver import FixedLoad, LoadGroup, PhaseProblem, PhaseSolution, Seat, balance, choices

RATINGS_A = (15, 20, 30, 40, 50, 60, 75, 100)


@st.composite
def panels(draw: st.DrawFn) -> PhaseProblem:
    """A panel of up to some thirty circuits of ordinary ratings or of given VA, seated in pairs, the solver left out: all this holds without it."""
    phases = draw(st.sampled_from((2, 3)))
    load_va = st.one_of(
        st.sampled_from(RATINGS_A).map(lambda rating: Fraction(rating * 220)),
        st.integers(0, 60).map(lambda hundreds: Fraction(hundreds * 100)),
    )
    groups = tuple(
        LoadGroup(
            key=f"g{index}",
            load_va=draw(load_va),
            quantity=draw(st.integers(1, 8)),
            lines=draw(st.sampled_from((1, 1, 1, 2))),
        )
        for index in range(draw(st.integers(0, 4)))
    )
    fixed = tuple(
        FixedLoad(
            key=f"f{index}",
            phases=draw(st.sampled_from(choices(1, phases))),
            load_va=draw(load_va),
            quantity=draw(st.integers(1, 3)),
        )
        for index in range(draw(st.sampled_from((0, 0, 0, 1, 2))))
    )
    keys = [(group.key, False) for group in groups for _ in range(group.quantity)]
    keys += [(load.key, True) for load in fixed for _ in range(load.quantity)]
    seats = tuple(
        Seat(index=index, row=index // 2, side=index % 2, column=0, key=key, fixed=is_fixed)
        for index, (key, is_fixed) in enumerate(keys)
    )
    return PhaseProblem(
        phases=phases,
        groups=groups,
        fixed=fixed,
        seats=seats,
        sides_may_change=draw(st.booleans()),
        label_turn=draw(st.integers(0, 5)),
        use_solver=False,
    )


def sums(problem: PhaseProblem, solution: PhaseSolution) -> tuple[list[Fraction], list[int]]:
    """Add up loads and counts from the keys alone."""
    loads, counts = [Fraction(0)] * problem.phases, [0] * problem.phases
    load_va = {group.key: (group.load_va, group.lines) for group in problem.groups}
    load_va |= {load.key: (load.load_va, len(load.phases)) for load in problem.fixed}
    for key, on in solution.assignment.items():
        each_va, lines = load_va[key]
        for choice, count in zip(choices(lines, problem.phases), on, strict=True):
            for phase in choice:
                loads[phase] += each_va * count
                counts[phase] += count
    return loads, counts


class TestBalance:
    @given(panels())
    @settings(max_examples=60, deadline=None)
    def test_phase_sums_equal_the_loads(self, problem: PhaseProblem) -> None:
        solution = balance(problem)
        assert sums(problem, solution) == (list(solution.loads_va), list(solution.counts))
        free = sum(group.load_va * group.quantity * group.lines for group in problem.groups)
        fixed = sum(load.load_va * load.quantity for load in problem.fixed)
        assert sum(solution.loads_va) == free + fixed

    @given(panels())
    @settings(max_examples=60, deadline=None)
    def test_no_single_move_or_exchange_improves_the_loads(self, problem: PhaseProblem) -> None:
        solution = balance(problem)
        assume(solution.proven_optimal)
        difference = solution.objectives[0].value
        singles = [
            (group.load_va, solution.assignment[group.key]) for group in problem.groups if group.lines == 1
        ]
        heavy = max(range(problem.phases), key=lambda phase: solution.loads_va[phase])
        light = min(range(problem.phases), key=lambda phase: solution.loads_va[phase])
        moved = [load for load, on in singles if on[heavy]]
        moved += [one - other for one, on in singles if on[heavy] for other, back in singles if back[light]]
        for amount in moved:
            loads = list(solution.loads_va)
            loads[heavy] -= amount
            loads[light] += amount
            assert max(loads) - min(loads) >= difference

    @given(panels(), st.randoms(use_true_random=False))
    @settings(max_examples=40, deadline=None)
    def test_the_order_of_groups_leaves_no_trace(self, problem: PhaseProblem, chooser: Random) -> None:
        groups = list(problem.groups)
        chooser.shuffle(groups)
        assert balance(replace(problem, groups=tuple(groups))) == balance(problem)

    @given(panels(), st.sampled_from((2, 7, Fraction(1, 3))))
    @settings(max_examples=40, deadline=None)
    def test_the_unit_of_the_loads_does_not_matter(self, problem: PhaseProblem, factor: Fraction) -> None:
        scaled = replace(
            problem,
            groups=tuple(replace(group, load_va=group.load_va * factor) for group in problem.groups),
            fixed=tuple(replace(load, load_va=load.load_va * factor) for load in problem.fixed),
        )
        solution, other = balance(problem), balance(scaled)
        assert other.seats == solution.seats
        assert other.loads_va == tuple(load * factor for load in solution.loads_va)

    @given(panels())
    @settings(max_examples=40, deadline=None)
    def test_seats_keep_keys_fixed_phases_and_the_order_of_the_bars(self, problem: PhaseProblem) -> None:
        solution = balance(problem)
        fixed = {load.key: load.phases for load in problem.fixed}
        for seat, choice in zip(problem.seats, solution.seats, strict=True):
            if seat.fixed:
                assert choices(1, problem.phases)[choice] == fixed[seat.key]
        connected = [
            choices(problem.lines_of(seat), problem.phases)[choice]
            for seat, choice in zip(problem.seats, solution.seats, strict=True)
        ]
        crossing = {
            (0, row)
            for row in range(len(connected) // 2)
            if not problem.fits(connected[2 * row], connected[2 * row + 1])
        }
        assert crossing == {*solution.swapped_rows, *solution.crossed_rows}
        if problem.sides_may_change:
            assert solution.crossed_rows == ()

    @given(panels())
    @settings(max_examples=30, deadline=None)
    def test_the_heaviest_phase_is_named_by_the_turn(self, problem: PhaseProblem) -> None:
        solution = balance(replace(problem, seats=()))
        if not problem.fixed:
            loads = solution.loads_va
            assert loads[problem.label_turn % problem.phases] == max(loads)
