"""CP-SAT, first objective: the smallest difference of the phase loads."""

from typing import TYPE_CHECKING

from kis.estimator.solver import cp_sat
from kis.estimator.solver.instance import Distribution, Instance, spread

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


def solve(
    instance: Instance, solver: cp_sat.Solver, known: Distribution, bound: int
) -> tuple[Distribution, int] | None:
    """Return a distribution at least as good as the known one and the bound proven for it; None without the solver."""
    known_spread = spread(instance.loads(known))

    def build(model: "cp_model.CpModel") -> "list[cp_model.IntVar]":
        sums = cp_sat.PhaseSums(model, instance)
        variables = cp_sat.add_distribution(sums, known)
        model.minimize(sums.load_spread(bound, known_spread))
        return variables

    answer = solver.solve(build, cp_sat.LOADS_LIMIT)
    if answer is None:
        return None
    if answer.values is None:
        return known, max(bound, answer.bound)
    found = cp_sat.checked_distribution(instance, answer.values)
    difference = spread(instance.loads(found))
    cp_sat.require(holds=answer.bound <= difference <= known_spread and bound <= difference)
    return found, max(bound, answer.bound)
