"""The fewest circuits to reconnect until loads and counts are as wanted: an exhaustive search by rising number of moves.

Started from the R, S, T cycle it seats a panel with the fewest seats off the cycle, and because every smaller number of moves
has been tried out, it proves it; started from a good distribution it evens the counts. The last move is looked up by the load it
has to carry, so with m possible moves n of them cost about mⁿ⁻¹ steps. A limit on the steps, counted and not timed, keeps that
deterministic.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, pairwise
from typing import ParamSpec

from kis.estimator.solver.bound import window
from kis.estimator.solver.heuristic import Shift, shifts
from kis.estimator.solver.instance import Distribution, Instance, spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a distribution must keep: differences at most these, and loads falling along ``order`` where the phases may be renamed."""

    load_spread: int
    count_spread: int | None = None
    order: tuple[int, ...] | None = None

    def holds(self, loads: Sequence[int], counts: Sequence[int]) -> bool:
        """Tell whether these loads and counts are as wanted."""
        if spread(loads) > self.load_spread or (
            self.count_spread is not None and spread(counts) > self.count_spread
        ):
            return False
        return self.order is None or all(loads[one] >= loads[other] for one, other in pairwise(self.order))


@dataclass(frozen=True, slots=True)
class Start:
    """Where the moves begin; only ``movable`` circuits are moved, each once (the others are where a neighbour binds them)."""

    distribution: Distribution
    movable: Distribution


@dataclass(frozen=True, slots=True)
class Ended:
    """How the search ended: nothing below ``bound`` is possible, and ``complete`` says that there is nothing at all."""

    bound: int
    complete: bool = False


Accept = Callable[[Distribution, int], bool]
Phases = tuple[int, int]
P = ParamSpec("P")


def fewest_moves(
    instance: Instance, starts: Sequence[Start], goal: Goal, accept: Accept, *, most_steps: int
) -> Ended:
    """Offer distributions that reach the goal to ``accept`` by rising cost, until it takes one or the steps are used up.

    ``bound`` is one past the last cost that was tried completely.
    """
    if not starts:
        return Ended(0)
    searches = [_Search(instance, start, goal, accept) for start in starts]
    steps = most_steps
    most_cost = max(search.most_cost for search in searches)
    for cost in range(most_cost + 1):
        for search in searches:
            search.steps = steps
            if search.reach(0, cost, cost):
                return Ended(cost)
            steps = search.steps
            if steps <= 0:
                return Ended(cost)
    return Ended(most_cost + 1, complete=True)


@dataclass(frozen=True, slots=True)
class _Move:
    kind: int
    weight: int
    load: int
    shift: Shift


class _Search:
    """Depth-first over multisets of moves, heaviest first, so that no set is tried in two orders."""

    def __init__(self, instance: Instance, start: Start, goal: Goal, accept: Accept) -> None:
        self.goal, self.accept = goal, accept
        self.steps = 0
        self.on = [list(counts) for counts in start.distribution]
        self.left = [list(counts) for counts in start.movable]
        self.loads = list(instance.loads(start.distribution))
        self.counts = list(instance.counts(start.distribution))
        self.least_load, self.most_load = window(instance.total_load, instance.phases, goal.load_spread)
        self.least_count, self.most_count = (
            (0, instance.total_count)
            if goal.count_spread is None
            else window(instance.total_count, instance.phases, goal.count_spread)
        )
        self.moves = [
            _Move(index, kind.weight, kind.load, shift)
            for index, kind in enumerate(instance.kinds)
            for shift in shifts(kind.lines, instance.phases)
            if self.left[index][shift.choice_from]
        ]
        self.most_cost = sum(
            kind.weight * sum(left) for kind, left in zip(instance.kinds, self.left, strict=True)
        )
        self.least_weight = min((move.weight for move in self.moves), default=1)
        self.largest_from = _largest_from(self.moves)
        self.all_single = all(move.weight == 1 for move in self.moves)
        self.by_phases = self._by_phases()
        self.twos: dict[tuple[int, ...], tuple[tuple[Phases, Phases], ...]] = {}

    def reach(self, first: int, cost: int, whole: int) -> bool:
        """Spend exactly ``cost`` on moves from the ``first`` on; true when the goal is reached and accepted."""
        if cost == 0:
            return self._is_reached(whole)
        self.steps -= 1
        if self.steps <= 0 or self._counts_too_far(cost):
            return False
        if cost == 1 or (cost == 2 and self.all_single):
            return self._finish(first, cost, whole)
        needed = self._load_each_move_must_carry(cost)
        for index in range(first, len(self.moves)):
            if self.largest_from[index] < needed or self.steps <= 0:
                return False
            weight = self.moves[index].weight
            if weight <= cost and self._try(index, self.reach, index, cost - weight, whole):
                return True
        return False

    def _finish(self, first: int, cost: int, whole: int) -> bool:
        """Try one or two last moves of single circuits."""
        if cost == 1:
            return any(
                self._reach_with(pair, first, whole) for pair in self.by_phases if self._counts_fit(pair)
            )
        return any(self._reach_with_two(one, other, first, whole) for one, other in self._fitting_twos())

    def _fitting_twos(self) -> tuple[tuple[Phases, Phases], ...]:
        """Return the phases two last moves may go between; the same counts come up again and again, so the answer is kept."""
        counts = tuple(self.counts)
        if counts not in self.twos:
            every = combinations_with_replacement(self.by_phases, 2)
            self.twos[counts] = tuple(two for two in every if self._counts_fit(*two))
        return self.twos[counts]

    def _reach_with_two(self, one: Phases, other: Phases, first: int, whole: int) -> bool:
        """Try two last moves between given phases: a phase only the one touches tells what load the one has to carry."""
        for phase, load in enumerate(self.loads):
            if phase not in one and phase not in other and not self.least_load <= load <= self.most_load:
                return False
        least, most = 0, self.most_load
        if one[0] not in other:
            least, most = self.loads[one[0]] - self.most_load, self.loads[one[0]] - self.least_load
        elif one[1] not in other:
            least, most = self.least_load - self.loads[one[1]], self.most_load - self.loads[one[1]]
        for index in self._carrying(one, least, most, first):
            start = index if one == other else first
            if self._try(index, self._reach_with, other, start, whole):
                return True
        return False

    def _reach_with(self, pair: Phases, first: int, whole: int) -> bool:
        """Try a last move between given phases, of a load that lets both end within the window."""
        source, target = (self.loads[phase] for phase in pair)
        least = max(source - self.most_load, self.least_load - target)
        most = min(source - self.least_load, self.most_load - target)
        return any(
            self._try(index, self._is_reached, whole) for index in self._carrying(pair, least, most, first)
        )

    def _carrying(self, pair: Phases, least: int, most: int, first: int) -> Iterator[int]:
        """Yield the moves between two phases that carry a load within limits, from the ``first`` on."""
        keys, indices = self.by_phases[pair]
        position = max(bisect_left(keys, -most), bisect_left(indices, first))
        while position < len(keys) and -keys[position] >= least:
            self.steps -= 1
            yield indices[position]
            position += 1

    def _try(self, index: int, then: Callable[P, bool], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Make a move if such a circuit is left, see what follows, and take it back."""
        move = self.moves[index]
        if not self.left[move.kind][move.shift.choice_from]:
            return False
        self._make(move, 1)
        found = then(*args, **kwargs)
        self._make(move, -1)
        return found

    def _is_reached(self, whole: int) -> bool:
        return self.goal.holds(self.loads, self.counts) and self._offer(whole)

    def _offer(self, cost: int) -> bool:
        return self.accept(tuple(tuple(counts) for counts in self.on), cost)

    def _load_each_move_must_carry(self, cost: int) -> int:
        """Return the least load the largest move left must have, or all of them together do not reach the window."""
        above = sum(max(0, load - self.most_load) for load in self.loads)
        below = sum(max(0, self.least_load - load) for load in self.loads)
        return -(-max(above, below) // (cost // self.least_weight))

    def _counts_too_far(self, cost: int) -> bool:
        over = sum(max(0, number - self.most_count) for number in self.counts)
        under = sum(max(0, self.least_count - number) for number in self.counts)
        return max(over, under) > cost

    def _counts_fit(self, *pairs: Phases) -> bool:
        """Tell whether single circuits moved between these phases leave all counts in their window."""
        counts = list(self.counts)
        for source, target in pairs:
            counts[source] -= 1
            counts[target] += 1
        return min(counts) >= self.least_count and max(counts) <= self.most_count

    def _make(self, move: _Move, sign: int) -> None:
        shift = move.shift
        self.left[move.kind][shift.choice_from] -= sign
        self.on[move.kind][shift.choice_from] -= sign
        self.on[move.kind][shift.choice_to] += sign
        self.loads[shift.phase_from] -= sign * move.load
        self.loads[shift.phase_to] += sign * move.load
        self.counts[shift.phase_from] -= sign * move.weight
        self.counts[shift.phase_to] += sign * move.weight

    def _by_phases(self) -> dict[Phases, tuple[list[int], list[int]]]:
        """Index the moves of single circuits by their phases; loads negated, so that both lists rise."""
        table: defaultdict[Phases, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for index, move in enumerate(self.moves):
            if move.weight == 1:
                keys, indices = table[move.shift.phase_from, move.shift.phase_to]
                keys.append(-move.load)
                indices.append(index)
        return dict(table)


def _largest_from(moves: Sequence[_Move]) -> list[int]:
    """Return for each move the largest load among it and those after it."""
    largest, result = 0, []
    for move in reversed(moves):
        largest = max(largest, move.load)
        result.append(largest)
    return result[::-1]
