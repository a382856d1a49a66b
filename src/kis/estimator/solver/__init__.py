"""Phase balancing: which circuit on which phase, proven as good as can be; pure, deterministic, the only user of OR-Tools."""

from kis.estimator.solver.balance import balance
from kis.estimator.solver.problem import (
    LEFT,
    RIGHT,
    SOLVER_GUARD_SECONDS,
    Choice,
    FixedLoad,
    InvalidPhaseProblem,
    LoadGroup,
    PhaseProblem,
    Seat,
    choice_index,
    choices,
)
from kis.estimator.solver.solution import Objective, PhaseSolution, Status

__all__ = [
    "LEFT",
    "RIGHT",
    "SOLVER_GUARD_SECONDS",
    "Choice",
    "FixedLoad",
    "InvalidPhaseProblem",
    "LoadGroup",
    "Objective",
    "PhaseProblem",
    "PhaseSolution",
    "Seat",
    "Status",
    "balance",
    "choice_index",
    "choices",
]
