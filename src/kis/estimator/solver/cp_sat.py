"""The one way CP-SAT is run here: one worker, one seed, a deterministic limit, and every answer checked before it is believed.

The library is only loaded when a model is really needed: loading costs more than all the rest of an ordinary panel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from kis.estimator.solver.instance import Distribution, Instance, Kind
from kis.platform.errors import KisError
from kis.platform.messages import Message

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

RANDOM_SEED: Final = 1
# Deterministic seconds, CP-SAT's own count of work done: the same on every machine.
LOADS_LIMIT: Final = 5.0
COUNTS_LIMIT: Final = 5.0
SEATING_LIMIT: Final = 1.0
# CP-SAT adds in 64 bits and tells its bound as a float: up to here sums cannot overflow and the bound is exact.
LARGEST_TOTAL: Final = 2**50


class SolverDisagrees(KisError):
    """CP-SAT's answer does not hold when it is added up again: a defect, never a result."""

    code = "solver_disagrees"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model came to; ``values`` is None when no solution was found within the limit."""

    values: tuple[int, ...] | None
    bound: int
    optimal: bool


class Solver:
    """Access to CP-SAT during one problem, for as long as it is allowed.

    It is barred from the start when the caller wants none or the sums are too large, and for the rest of the problem once the
    wall guard has ended a search: from then on the heuristic's answers hold, so that no clock decides between two answers of
    the solver. ``was_missed`` tells that it was wanted while barred.
    """

    def __init__(self, *, guard_seconds: float, allowed: bool) -> None:
        self.guard_seconds = guard_seconds
        self.allowed = allowed
        self.was_used = False
        self.was_missed = False

    def solve(
        self, build: "Callable[[cp_model.CpModel], list[cp_model.IntVar]]", limit: float
    ) -> Answer | None:
        """Build and minimise a model; None when the solver is barred or the guard ended it."""
        if not self.allowed:
            self.was_missed = True
            return None
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        variables = build(model)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = RANDOM_SEED
        solver.parameters.max_deterministic_time = limit
        solver.parameters.max_time_in_seconds = self.guard_seconds
        status = solver.solve(model)
        require(holds=status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN))
        if status != cp_model.OPTIMAL and solver.wall_time >= self.guard_seconds:
            self.allowed, self.was_missed = False, True
            return None
        self.was_used = True
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        values = tuple(solver.value(variable) for variable in variables) if found else None
        return Answer(values, round(solver.best_objective_bound), status == cp_model.OPTIMAL)


class PhaseSums:
    """The loads and counts of the phases as expressions over a model's variables, settled ones included."""

    def __init__(self, model: "cp_model.CpModel", instance: Instance) -> None:
        self.model = model
        self.instance = instance
        self.loads: list[cp_model.LinearExpr] = [model.new_constant(load) for load in instance.base_loads]
        self.counts: list[cp_model.LinearExpr] = [model.new_constant(count) for count in instance.base_counts]

    def add(self, kind: Kind, choice: int, number: "cp_model.IntVar") -> None:
        """Count so many circuits of a kind on a choice."""
        for phase in self.instance.choices(kind)[choice]:
            self.loads[phase] += kind.load * number
            self.counts[phase] += kind.weight * number

    def order(self, phases: Sequence[int]) -> None:
        """Require the loads to fall along these phases."""
        for heavier, lighter in pairwise(phases):
            self.model.add(self.loads[heavier] >= self.loads[lighter])

    def load_spread(self, least: int, most: int) -> "cp_model.LinearExpr":
        """Bind the loads between a low and a high, and return high − low."""
        return self._spread(self.loads, self.instance.total_load, least, most)

    def count_spread(self, least: int, most: int) -> "cp_model.LinearExpr":
        """Bind the counts between a low and a high, and return high − low."""
        return self._spread(self.counts, self.instance.total_count, least, most)

    def _spread(
        self, values: "Sequence[cp_model.LinearExpr]", total: int, least: int, most: int
    ) -> "cp_model.LinearExpr":
        # The mean lies between them: stated outright, this is what lets the solver close a proof.
        high = self.model.new_int_var(-(-total // len(values)), total, "high")
        low = self.model.new_int_var(0, total // len(values), "low")
        for value in values:
            self.model.add(value <= high)
            self.model.add(value >= low)
        self.model.add(high - low >= least)
        self.model.add(high - low <= most)
        return high - low


def add_distribution(sums: PhaseSums, known: Distribution) -> "list[cp_model.IntVar]":
    """Add one whole number per kind and choice, each kind's adding up to its quantity, and hint at a known distribution."""
    variables: list[cp_model.IntVar] = []
    for kind, hinted in zip(sums.instance.kinds, known, strict=True):
        numbers = [
            sums.model.new_int_var(0, kind.quantity, f"n_{len(variables)}_{choice}")
            for choice in range(len(hinted))
        ]
        sums.model.add(sum(numbers) == kind.quantity)
        for choice, (number, value) in enumerate(zip(numbers, hinted, strict=True)):
            sums.model.add_hint(number, value)
            sums.add(kind, choice, number)
        variables += numbers
    if sums.instance.symmetric:
        # The phases may be renamed: of the namings of an answer only one is looked at.
        sums.order(range(sums.instance.phases))
    return variables


def checked_distribution(instance: Instance, values: Sequence[int]) -> Distribution:
    """Return the solver's values kind by kind, after making sure that every circuit is in them once."""
    rest = iter(values)
    found = tuple(tuple(islice(rest, len(instance.choices(kind)))) for kind in instance.kinds)
    require(holds=instance.holds_all(found))
    return found


def require(*, holds: bool) -> None:
    """Refuse an answer that does not hold when it is added up independently of the model."""
    if not holds:
        raise SolverDisagrees(Message("solver.disagrees"))
