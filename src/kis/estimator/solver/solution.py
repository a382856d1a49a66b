"""What the phase solver answers: the loads, where each circuit goes, and how good that provably is."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kis.platform.messages import Message

Status = Literal[
    "bound",  # the answer meets a bound that needs no search
    "enumerated",  # every cheaper way was tried
    "cp_sat_optimal",
    "cp_sat_limit",  # CP-SAT reached its deterministic limit: the answer stands, unproven
    "heuristic",  # no solver was asked, or it had nothing better within its limit
    "not_applicable",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One figure that was made as small as possible, with the bound nothing can go below."""

    name: str
    value: Fraction
    bound: Fraction
    unit: str
    proven: bool
    status: Status
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSolution:
    """A balanced panel.

    ``loads_va`` and ``counts`` (circuits, three-phase ones left out) stand in the order R, S, T. ``assignment`` tells how many
    circuits of each key are on each choice, ``seats`` the choice of every seat in the order of the problem's seats (a phase,
    or for a circuit between two lines the index of its pair). ``swapped_rows`` are the (column, row) whose two circuits have to
    change sides, where the problem allows that; each keeps the choice given for its seat. ``crossed_rows`` are those whose
    facing circuits cannot be reached without crossing half-bars, or do not share a phase where the shop wants that; normally
    empty.
    ``heuristic_only`` marks an answer for which the solver was wanted and not available.
    """

    loads_va: tuple[Fraction, ...]
    counts: tuple[int, ...]
    assignment: Mapping[str, tuple[int, ...]]
    seats: tuple[int, ...]
    objectives: tuple[Objective, Objective, Objective]
    proven_optimal: bool
    bound_va: Fraction
    used_solver: bool
    heuristic_only: bool
    swapped_rows: tuple[tuple[int, int], ...] = ()
    crossed_rows: tuple[tuple[int, int], ...] = ()
