"""Spread the circuits over the phases: least load difference, then least count difference, then seats along the R, S, T cycle.

Each step first asks what is possible at all, then tries quickly, and calls CP-SAT only where the two do not meet; ordinary panels
never load it. The labels are turned between the second and the third step: loads and counts do not care which phase is called
R, but half-bars and the cycle do, so seating sees the final labels.
"""

from dataclasses import dataclass
from itertools import permutations
from typing import Final

from kis.estimator.solver import bound as bounds
from kis.estimator.solver import counts_model, phases_model, seating_model
from kis.estimator.solver.answer import Seated, answer, as_seated
from kis.estimator.solver.cp_sat import LARGEST_TOTAL, Solver
from kis.estimator.solver.enumeration import best_distribution
from kis.estimator.solver.heuristic import exchanged, good_distribution, heaviest_first, in_rounds, renamed
from kis.estimator.solver.instance import Distribution, Instance, scaled, spread
from kis.estimator.solver.moves import Goal, Start, fewest_moves
from kis.estimator.solver.problem import PhaseProblem
from kis.estimator.solver.seating import Arrangement, Layout, bound_off_cycle, cycle_starts
from kis.estimator.solver.solution import PhaseSolution
from kis.estimator.solver.statement import EVEN_PIECES, Outcome

# Steps of the search by moves before a solver is asked: some hundredths of a second each at most.
QUICK_STEPS: Final = 400
IMPROVING_STEPS: Final = 4_000
SEATING_STEPS: Final = 20_000


def balance(problem: PhaseProblem) -> PhaseSolution:
    """Return the best assignment, with value, bound and reason of each objective."""
    instance = scaled(problem)
    allowed = problem.use_solver and instance.total_load <= LARGEST_TOTAL
    solver = Solver(guard_seconds=problem.guard_seconds, allowed=allowed)

    distribution, loads = _least_difference(instance, solver)
    distribution, counts = _most_even_counts(instance, solver, distribution)
    distribution = heaviest_first(instance, distribution)
    seated = _seated(problem, instance, solver, distribution)
    return answer(problem, instance, solver, seated, (loads, counts))


def _least_difference(instance: Instance, solver: Solver) -> tuple[Distribution, Outcome]:
    """Bound, good distribution, and where they do not meet every distribution if they are few, else CP-SAT."""
    bound, proof = bounds.least_load_spread(instance), EVEN_PIECES[instance.symmetric]
    found = good_distribution(instance, bound)
    value = spread(instance.loads(found))
    if not instance.free_load and instance.symmetric:
        return found, Outcome(value, bound, "nothing")
    if value > bound and (beside_largest := bounds.least_load_spread_beside_largest(instance)) > bound:
        bound, proof = beside_largest, "largest"
    if value == bound:
        return found, Outcome(value, bound, proof)
    every = best_distribution(instance, load_spread=value - 1)
    if every.complete:
        found = every.distribution or found
        value = spread(instance.loads(found))
        return found, Outcome(value, value, proof if value == bound else "enumerated")
    if reached := _by_moves(instance, Start(found, found), Goal(load_spread=bound)):
        return reached, Outcome(bound, bound, proof)
    if solved := phases_model.solve(instance, solver, found, bound):
        return solved[0], _by_solver(spread(instance.loads(solved[0])), solved[1])
    return found, Outcome(value, bound, "none")


def _most_even_counts(
    instance: Instance, solver: Solver, found: Distribution
) -> tuple[Distribution, Outcome]:
    """Even the counts without giving up the load difference already reached."""
    load_spread, value = spread(instance.loads(found)), spread(instance.counts(found))
    bound, proof = bounds.least_count_spread(instance), EVEN_PIECES[len(set(instance.base_counts)) == 1]
    goal = Goal(load_spread=load_spread, count_spread=bound)
    if value == bound:
        return found, Outcome(value, bound, proof if instance.total_count else "nothing")
    if reached := _by_moves(instance, Start(found, found), goal, most_steps=QUICK_STEPS):
        return reached, Outcome(bound, bound, proof)
    every = best_distribution(instance, load_spread=load_spread, count_spread=value - 1)
    if every.complete:
        found = every.distribution or found
        value = spread(instance.counts(found))
        return found, Outcome(value, value, proof if value == bound else "enumerated")
    evenly = in_rounds(instance)
    if reached := _by_moves(instance, Start(evenly, evenly), goal):
        return reached, Outcome(bound, bound, proof)
    if solved := counts_model.solve(instance, solver, found, bound):
        return solved[0], _by_solver(spread(instance.counts(solved[0])), solved[1])
    return found, Outcome(value, bound, "none")


def _by_moves(
    instance: Instance, start: Start, goal: Goal, *, most_steps: int = IMPROVING_STEPS
) -> Distribution | None:
    """Return a distribution that reaches the goal, if reconnecting a few circuits does."""
    reached: list[Distribution] = []

    def accept(distribution: Distribution, _cost: int) -> bool:
        reached.append(distribution)
        return True

    fewest_moves(instance, [start], goal, accept, most_steps=most_steps)
    return reached[0] if reached else None


def _by_solver(value: int, bound: int) -> Outcome:
    return Outcome(value, bound, "cp_sat" if value == bound else "limit")


def _seated(problem: PhaseProblem, instance: Instance, solver: Solver, distribution: Distribution) -> Seated:
    """Turn the labels and lay the distribution, or one as good, into the seats.

    Where the turned labels leave no seating without crossing half-bars, the other namings of the phases are tried in passing: a
    crossing is worse than a heaviest phase that is R once more.
    """
    turned, *others = _namings(problem, instance)
    if not problem.seats:
        return Seated(renamed(instance, distribution, turned), None, Outcome(0, 0, "nothing"))
    layout = Layout(instance)
    goal = _goal(instance, distribution, turned)
    distribution = renamed(instance, distribution, turned)
    found = _along_cycle(instance, layout, goal, most_steps=SEATING_STEPS)
    if found.seated is None and not found.must_cross:
        known = layout.arranged_anyhow(_near_cycle(instance, goal) or distribution)
        found = _Found(_by_model(instance, solver, known, goal, found.bound))
    if found.seated is not None and not found.seated.crossed(instance):
        return found.seated
    for names in others:
        other = _along_cycle(
            instance, layout, _goal(instance, distribution, names), most_steps=IMPROVING_STEPS
        )
        if other.seated is not None:
            return other.seated
    return found.seated or _by_model(instance, solver, layout.arranged_anyhow(distribution), goal, 0)


@dataclass(frozen=True, slots=True)
class _Found:
    """How the search from the cycle ended: seated without crossing; or crossing for certain; or cut off above a bound."""

    seated: Seated | None = None
    must_cross: bool = False
    bound: int = 0


def _along_cycle(instance: Instance, layout: Layout, goal: Goal, *, most_steps: int) -> _Found:
    """Seat with the fewest seats off the cycle, by moves from the cycle itself."""
    unavoidable = bound_off_cycle(instance)
    laid: list[Arrangement] = []

    def accept(moved: Distribution, cost: int) -> bool:
        arrangement = layout.arranged(moved, unavoidable + cost)
        if arrangement is not None:
            laid.append(arrangement)
        return arrangement is not None

    layout.gave_up = False
    ended = fewest_moves(instance, cycle_starts(instance), goal, accept, most_steps=most_steps)
    bound = unavoidable + (0 if layout.gave_up else ended.bound)
    if laid:
        return _Found(as_seated(instance, laid[0], bound, "none" if layout.gave_up else "enumerated"))
    return _Found(must_cross=ended.complete and not layout.gave_up, bound=bound)


def _by_model(instance: Instance, solver: Solver, known: Arrangement, goal: Goal, bound: int) -> Seated:
    """Seat by CP-SAT, unless the known arrangement already meets the bound."""
    if known.off_cycle(instance) == instance.settled_off_cycle + bound and not known.crossed(instance):
        return as_seated(instance, known, bound, "enumerated")
    solved = seating_model.solve(instance, solver, known, goal, bound)
    if solved is None:
        return as_seated(instance, known, bound, "none")
    return as_seated(instance, *solved, "cp_sat")


def _near_cycle(instance: Instance, goal: Goal) -> Distribution | None:
    """Return a distribution that reaches the goal not far from the cycle: the counts by moves, then the loads by exchanges."""
    even_counts = Goal(load_spread=instance.total_load, count_spread=goal.count_spread)
    for start in cycle_starts(instance):
        if evened := _by_moves(instance, start, even_counts):
            near = exchanged(instance, evened)
            if reached := _by_moves(instance, Start(near, near), goal):
                return reached
    return None


def _goal(instance: Instance, distribution: Distribution, names: tuple[int, ...]) -> Goal:
    """Return what seating must keep: the differences reached, and the loads falling along the names where these are free."""
    return Goal(
        load_spread=spread(instance.loads(distribution)),
        count_spread=spread(instance.counts(distribution)),
        order=names if instance.symmetric else None,
    )


def _namings(problem: PhaseProblem, instance: Instance) -> list[tuple[int, ...]]:
    """Return what the phases, heaviest first, may be called: the wanted turn, the other turns, then the reversed orders."""
    plain = tuple(range(problem.phases))
    if not instance.symmetric:
        return [plain]
    turns = [tuple((phase + problem.label_turn + more) % problem.phases for phase in plain) for more in plain]
    return turns + [names for names in permutations(plain) if names not in turns]
