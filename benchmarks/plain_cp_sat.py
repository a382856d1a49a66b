"""The phase problem as one would first write it for CP-SAT: a Boolean per branch and phase, loads in VA, nothing else.

No grouping, no scaling, no bound, no symmetry breaking, no hint: what the solver of KIS is compared with. It answers only the first
of the three objectives, the difference of the phase loads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model


@dataclass(frozen=True, slots=True)
class PlainResult:
    """The difference found and the bound proven, in VA; both None when the limit came before a first answer."""

    difference_va: int | None
    bound_va: int | None
    proven: bool
    wall_seconds: float


def solve_plain(loads_va: Sequence[int], phases: int, deterministic_limit: float) -> PlainResult:
    """Spread single-phase loads over the phases with the smallest difference, within a deterministic limit."""
    model = cp_model.CpModel()
    on = [
        [model.new_bool_var(f"x_{branch}_{phase}") for phase in range(phases)]
        for branch in range(len(loads_va))
    ]
    for row in on:
        model.add_exactly_one(row)
    total = sum(loads_va)
    high = model.new_int_var(0, total, "high")
    low = model.new_int_var(0, total, "low")
    for phase in range(phases):
        load = sum(va * row[phase] for va, row in zip(loads_va, on, strict=True))
        model.add(load <= high)
        model.add(load >= low)
    model.minimize(high - low)

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = deterministic_limit
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return PlainResult(None, None, proven=False, wall_seconds=solver.wall_time)
    return PlainResult(
        difference_va=round(solver.objective_value),
        bound_va=round(solver.best_objective_bound),
        proven=status == cp_model.OPTIMAL,
        wall_seconds=solver.wall_time,
    )
