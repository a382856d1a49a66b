"""CP-SAT, third objective: the fewest seats off the cycle, with loads and counts kept at their best.

One whole number per way of connecting rows that are alike, instead of a Boolean per seat and phase: rows that could change
places without changing any figure are not told apart. Rows that cross cost more than all seats together, so they appear only
where nothing else is possible.
"""

from itertools import product
from typing import TYPE_CHECKING

from kis.estimator.solver import cp_sat
from kis.estimator.solver.instance import Instance, Row
from kis.estimator.solver.moves import Goal
from kis.estimator.solver.seating import Arrangement, off_cycle, rows_alike, uncrossed

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Way = tuple[int, ...]


def solve(
    instance: Instance, solver: cp_sat.Solver, known: Arrangement, goal: Goal, bound: int
) -> tuple[Arrangement, int] | None:
    """Return an arrangement and a bound on its free seats off the cycle; None without the solver.

    The bound holds for arrangements with as few crossing rows as the one returned.
    """
    rows = _Rows(instance)

    def build(model: "cp_model.CpModel") -> "list[cp_model.IntVar]":
        sums = cp_sat.PhaseSums(model, instance)
        variables = rows.add(sums, known)
        sums.load_spread(0, goal.load_spread)
        if goal.count_spread is not None:
            sums.count_spread(0, goal.count_spread)
        if goal.order is not None:
            sums.order(goal.order)
        cost = sum(cost * number for cost, number in zip(rows.costs, variables, strict=True))
        model.add(cost >= bound)
        model.minimize(cost)
        return variables

    answer = solver.solve(build, cp_sat.SEATING_LIMIT)
    if answer is None:
        return None
    if answer.values is None:
        return known, max(bound, answer.bound)
    found = rows.laid(answer.values)
    distribution = found.distribution(instance)
    cp_sat.require(holds=goal.holds(instance.loads(distribution), instance.counts(distribution)))
    if answer.optimal:
        return found, found.off_cycle(instance) - instance.settled_off_cycle
    return found, max(bound, min(answer.bound, rows.crossing_cost - 1))


class _Rows:
    """Rows that are alike, and the ways to connect one of them with what each costs, cheapest first."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.alike = rows_alike(instance)
        self.crossing_cost = 1 + sum(len(place.seats) for row in instance.rows for place in row)
        self.ways = {
            places: sorted((self._cost(places, way), way) for way in _ways(instance, places))
            for places in self.alike
        }
        self.costs = [cost for ways in self.ways.values() for cost, _ in ways]

    def add(self, sums: cp_sat.PhaseSums, known: Arrangement) -> "list[cp_model.IntVar]":
        """Add how many of the alike rows are connected each way, and hint at a known arrangement."""
        variables: list[cp_model.IntVar] = []
        for places, indices in self.alike.items():
            numbers: list[cp_model.IntVar] = []
            for _, way in self.ways[places]:
                number = sums.model.new_int_var(0, len(indices), f"rows_{len(variables) + len(numbers)}")
                sums.model.add_hint(number, sum(known.chosen[index] == way for index in indices))
                for place, choice in zip(places, way, strict=True):
                    sums.add(self.instance.kinds[place.kind], choice, number)
                numbers.append(number)
            sums.model.add(sum(numbers) == len(indices))
            variables += numbers
        return variables

    def laid(self, values: tuple[int, ...]) -> Arrangement:
        """Connect the rows as the values say, the cheapest ways in the upper rows."""
        rest = iter(values)
        chosen: dict[int, Way] = {}
        for places, indices in self.alike.items():
            ways = [way for _, way in self.ways[places] for _ in range(next(rest))]
            cp_sat.require(holds=len(ways) == len(indices))
            chosen.update(zip(indices, ways, strict=True))
        return Arrangement(tuple(chosen[index] for index in range(len(self.instance.rows))))

    def _cost(self, places: Row, way: Way) -> int:
        return off_cycle(places, way) + self.crossing_cost * (not uncrossed(self.instance, places, way))


def _ways(instance: Instance, places: Row) -> list[Way]:
    """Return every way to connect such a row; of two like circuits only the right order."""
    options = [range(len(instance.choices(instance.kinds[place.kind]))) for place in places]
    like = len(places) == 2 and places[0].kind == places[1].kind
    return [way for way in product(*options) if not like or uncrossed(instance, places, way)]
