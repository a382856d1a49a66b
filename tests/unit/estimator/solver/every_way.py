"""The optimum by trying every assignment of every circuit, with nothing of the solver's: what its answers are compared with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations, product

from kis.estimator.solver import PhaseProblem, PhaseSolution, choice_index, choices


@dataclass(frozen=True)
class Circuit:
    lines: int
    load_va: Fraction
    fixed: int | None


@dataclass(frozen=True)
class Way:
    """One assignment and what it comes to."""

    loads_va: tuple[Fraction, ...]
    counts: tuple[int, ...]
    crossed: int
    off_cycle: int

    @property
    def load_difference(self) -> Fraction:
        return max(self.loads_va) - min(self.loads_va)

    @property
    def count_difference(self) -> int:
        return max(self.counts) - min(self.counts)


@dataclass(frozen=True)
class Optimum:
    load_difference: Fraction
    count_difference: int
    crossed: int
    off_cycle: int


def circuits_of(problem: PhaseProblem) -> list[Circuit]:
    """Return every circuit, in the order of the seats where there are any."""
    free = {group.key: group for group in problem.groups}
    if not problem.seats:
        circuits = [
            Circuit(group.lines, group.load_va, None)
            for group in problem.groups
            for _ in range(group.quantity)
        ]
        for load in problem.fixed:
            circuits += [
                Circuit(len(load.phases), load.load_va, choice_index(load.phases, problem.phases))
            ] * load.quantity
        return circuits
    circuits = []
    for seat in problem.seats:
        choice = problem.fixed_choice(seat)
        if choice is None:
            circuits.append(Circuit(free[seat.key].lines, free[seat.key].load_va, None))
        else:
            load = next(
                load
                for load in problem.fixed
                if load.key == seat.key and choice_index(load.phases, problem.phases) == choice
            )
            circuits.append(Circuit(len(load.phases), load.load_va, choice))
    return circuits


def sums(problem: PhaseProblem, chosen: Iterable[int]) -> tuple[tuple[Fraction, ...], tuple[int, ...]]:
    """Add up loads and counts for a choice per circuit."""
    loads = list(problem.base_va) or [Fraction(0)] * problem.phases
    counts = [0] * problem.phases
    for circuit, choice in zip(circuits_of(problem), chosen, strict=True):
        for phase in choices(circuit.lines, problem.phases)[choice]:
            loads[phase] += circuit.load_va
            counts[phase] += 1
    return tuple(loads), tuple(counts)


def every_way(problem: PhaseProblem) -> Iterator[Way]:
    circuits = circuits_of(problem)
    rows = _rows(problem)
    targets = _targets(problem, rows, circuits)
    options = [
        range(len(choices(circuit.lines, problem.phases))) if circuit.fixed is None else (circuit.fixed,)
        for circuit in circuits
    ]
    for chosen in product(*options):
        loads, counts = sums(problem, chosen)
        crossed = 0
        for sides in rows.values():
            if len(sides) == 2:
                left, right = (
                    choices(circuits[sides[side]].lines, problem.phases)[chosen[sides[side]]]
                    for side in (0, 1)
                )
                crossed += not problem.may_face(left, right)
        off_cycle = sum(chosen[position] != target for position, target in targets.items())
        yield Way(loads, counts, crossed, off_cycle)


def optimum(problem: PhaseProblem) -> Optimum:
    """Return the best values in the order of the objectives, seating under the first naming that needs no crossing."""
    ways = list(every_way(problem))
    if problem.facing_pair_shares_phase:
        # A rule of the shop about which loads go together at all, so it comes before the loads.
        fewest = min(way.crossed for way in ways)
        ways = [way for way in ways if way.crossed == fewest]
    load_difference = min(way.load_difference for way in ways)
    ways = [way for way in ways if way.load_difference == load_difference]
    count_difference = min(way.count_difference for way in ways)
    ways = [way for way in ways if way.count_difference == count_difference]
    crossed, off_cycle = _seating(problem, ways)
    return Optimum(load_difference, count_difference, crossed, off_cycle)


def _seating(problem: PhaseProblem, ways: list[Way]) -> tuple[int, int]:
    best: tuple[int, int] | None = None
    for names in _namings(problem):
        fitting = [
            way
            for way in ways
            if all(way.loads_va[one] >= way.loads_va[other] for one, other in pairwise(names))
        ]
        reached = min((way.crossed, way.off_cycle) for way in fitting)
        if best is None or reached[0] < best[0]:
            best = reached
        if best[0] == 0 or problem.facing_pair_shares_phase:
            return best
    assert best is not None
    return best


def _namings(problem: PhaseProblem) -> list[tuple[int, ...]]:
    """Return the orders in which the loads may fall; the empty order where anything is fixed."""
    if any(load.quantity for load in problem.fixed) or len(set(problem.base_va)) > 1:
        return [()]
    plain = range(problem.phases)
    turns = [tuple((phase + problem.label_turn + more) % problem.phases for phase in plain) for more in plain]
    return turns + [names for names in permutations(plain) if names not in turns]


def _rows(problem: PhaseProblem) -> dict[tuple[int, int], dict[int, int]]:
    rows: defaultdict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for position, seat in enumerate(problem.seats):
        rows[seat.column, seat.row][seat.side] = position
    return dict(sorted(rows.items()))


def _targets(
    problem: PhaseProblem, rows: dict[tuple[int, int], dict[int, int]], circuits: list[Circuit]
) -> dict[int, int]:
    targets = {}
    seen = {1: 0, 2: 0}
    for sides in rows.values():
        for position in sides.values():
            lines = circuits[position].lines
            targets[position] = seen[lines] % len(choices(lines, problem.phases))
        for lines in {circuits[position].lines for position in sides.values()}:
            seen[lines] += 1
    return targets


def assert_adds_up(problem: PhaseProblem, solution: PhaseSolution) -> None:
    """Check everything that can be checked without knowing the optimum."""
    if problem.seats:
        assert sums(problem, solution.seats) == (solution.loads_va, solution.counts)
    by_key: defaultdict[str, int] = defaultdict(int)
    for group in problem.groups:
        by_key[group.key] += group.quantity
    for load in problem.fixed:
        by_key[load.key] += load.quantity
    assert {key: sum(on) for key, on in solution.assignment.items()} == dict(by_key)
    loads, counts, _ = solution.objectives
    assert loads.value == max(solution.loads_va) - min(solution.loads_va)
    assert counts.value == max(solution.counts) - min(solution.counts)
    for objective in solution.objectives:
        assert objective.bound <= objective.value
        assert objective.proven == (objective.value == objective.bound)
        assert objective.reason.text("ko")
        assert objective.reason.text("en")
