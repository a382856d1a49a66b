"""The answer in the problem's terms again: VA, keys and seats, each figure added up anew from the distribution."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from kis.estimator.solver import statement
from kis.estimator.solver.cp_sat import Solver
from kis.estimator.solver.instance import Distribution, Instance, spread
from kis.estimator.solver.problem import PhaseProblem, choice_index, choices
from kis.estimator.solver.seating import Arrangement
from kis.estimator.solver.solution import PhaseSolution
from kis.estimator.solver.statement import EVEN_PIECES, Outcome, Proof


@dataclass(frozen=True, slots=True)
class Seated:
    """A distribution under its final labels, laid into the seats if there are any."""

    distribution: Distribution
    arrangement: Arrangement | None
    seats: Outcome

    def crossed(self, instance: Instance) -> int:
        """Return how many rows cross that had a choice."""
        return 0 if self.arrangement is None else self.arrangement.crossed(instance)


def as_seated(instance: Instance, arrangement: Arrangement, bound: int, proof: Proof) -> Seated:
    """Return an arrangement with the count of all its seats off the cycle; the bound comes for the free ones."""
    value, bound = arrangement.off_cycle(instance), instance.settled_off_cycle + bound
    if proof == "cp_sat" and value > bound:
        proof = "limit"
    return Seated(arrangement.distribution(instance), arrangement, Outcome(value, bound, proof))


def answer(
    problem: PhaseProblem,
    instance: Instance,
    solver: Solver,
    seated: Seated,
    outcomes: tuple[Outcome, Outcome],
) -> PhaseSolution:
    """Return the solution; ``outcomes`` are those of the loads and of the counts."""
    loads, counts = instance.loads(seated.distribution), instance.counts(seated.distribution)
    objectives = (
        statement.of_loads(
            problem, instance, _restated(outcomes[0], spread(loads), symmetric=instance.symmetric)
        ),
        statement.of_counts(
            problem, instance, _restated(outcomes[1], spread(counts), symmetric=instance.symmetric)
        ),
        statement.of_seats(problem, seated.seats),
    )
    seats = () if seated.arrangement is None else seated.arrangement.seats(instance)
    facing = list(_not_as_seated(problem, seats))
    return PhaseSolution(
        loads_va=tuple(instance.common_va + instance.va(load) for load in loads),
        counts=counts,
        assignment=_assignment(problem, instance, seated.distribution, seats),
        seats=seats,
        objectives=objectives,
        proven_optimal=objectives[0].proven,
        bound_va=objectives[0].bound,
        used_solver=solver.was_used,
        heuristic_only=solver.was_missed,
        swapped_rows=tuple(where for where, is_swapped in facing if is_swapped),
        crossed_rows=tuple(where for where, is_swapped in facing if not is_swapped),
    )


def _not_as_seated(problem: PhaseProblem, seats: tuple[int, ...]) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield the rows whose facing circuits do not fit as they are seated, and whether changing sides cures it."""
    ordered = sorted(
        zip(problem.seats, seats, strict=True), key=lambda item: (item[0].column, item[0].row, item[0].side)
    )
    for where, members in groupby(ordered, key=lambda item: (item[0].column, item[0].row)):
        connected = [choices(problem.lines_of(seat), problem.phases)[choice] for seat, choice in members]
        if len(connected) == 2 and not problem.fits(*connected):
            yield where, problem.sides_may_change and problem.fits(*reversed(connected))


def _restated(outcome: Outcome, value: int, *, symmetric: bool) -> Outcome:
    """Return the outcome with the final value: seating may have found a better one than a step without a proof had."""
    if value == outcome.value:
        return outcome
    if value > outcome.bound:
        return Outcome(value, outcome.bound, outcome.proof)
    return Outcome(value, outcome.bound, "cp_sat" if outcome.proof == "limit" else EVEN_PIECES[symmetric])


def _assignment(
    problem: PhaseProblem, instance: Instance, distribution: Distribution, seats: tuple[int, ...]
) -> Mapping[str, tuple[int, ...]]:
    """Count the circuits of each key by choice, in the order of the keys."""
    lines_of = {group.key: group.lines for group in problem.groups} | {
        load.key: len(load.phases) for load in problem.fixed
    }
    on = {key: [0] * len(choices(lines_of[key], problem.phases)) for key in sorted(lines_of)}
    for load in problem.fixed:
        on[load.key][choice_index(load.phases, problem.phases)] += load.quantity
    if seats:
        for seat, choice in zip(problem.seats, seats, strict=True):
            on[seat.key][choice] += problem.fixed_choice(seat) is None
    else:
        _share_out(problem, instance, distribution, on)
    return {key: tuple(counts) for key, counts in on.items()}


def _share_out(
    problem: PhaseProblem, instance: Instance, distribution: Distribution, on: dict[str, list[int]]
) -> None:
    """Give each key its circuits of a distribution, each from the choice that has most left."""
    left = {
        (instance.va(kind.load), kind.lines): list(counts)
        for kind, counts in zip(instance.kinds, distribution, strict=True)
    }
    for group in sorted(problem.groups, key=lambda group: group.key):
        pool = left.get((group.load_va, group.lines), [group.quantity])
        for _ in range(group.quantity):
            choice = max(range(len(pool)), key=lambda index: (pool[index], -index))
            pool[choice] -= 1
            on[group.key][choice] += 1
