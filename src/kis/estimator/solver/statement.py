"""What is said about each objective: the figure, and why nothing smaller is possible (or what is not known)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Literal

from kis.estimator.solver.instance import Instance
from kis.estimator.solver.problem import PhaseProblem
from kis.estimator.solver.solution import Objective, Status
from kis.platform.messages import Message

Proof = Literal[
    "nothing",  # there is nothing to choose
    "divided",  # as even as whole steps allow: 0, or the total is not divisible
    "settled",  # what is fixed keeps the phases apart
    "largest",  # the largest circuit keeps its phase above the others
    "enumerated",  # every cheaper way was tried
    "cp_sat",
    "limit",  # CP-SAT ended at its deterministic limit
    "none",  # no solver, no proof
]

STATUS_OF: dict[Proof, Status] = {
    "nothing": "not_applicable",
    "divided": "bound",
    "settled": "bound",
    "largest": "bound",
    "enumerated": "enumerated",
    "cp_sat": "cp_sat_optimal",
    "limit": "cp_sat_limit",
    "none": "heuristic",
}
# Why a bound from even pieces holds, by whether the phases are alike.
EVEN_PIECES: Final[dict[bool, Proof]] = {True: "divided", False: "settled"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value with its bound, in the objective's own units, and how it was proven."""

    value: int
    bound: int
    proof: Proof


def of_loads(problem: PhaseProblem, instance: Instance, outcome: Outcome) -> Objective:
    """State the difference of the phase loads in VA, and in amperes of the line voltage."""
    value, bound = instance.va(outcome.value), instance.va(outcome.bound)
    in_amperes = (instance.unit_va / problem.line_volts).denominator == 1
    divisor, unit = (problem.line_volts, "A") if in_amperes else (1, "VA")
    values: dict[str, object] = {
        "value": f"{number(value)} VA ({number(value / problem.line_volts)} A)",
        "bound": f"{number(bound)} VA",
        "total": f"{number(instance.va(instance.total_load) / divisor)} {unit}",
        "step": f"{number(instance.unit_va / divisor)} {unit}",
        "phases": problem.phases,
    }
    return _objective("phase_difference", value, bound, "VA", outcome, values)


def of_counts(problem: PhaseProblem, instance: Instance, outcome: Outcome) -> Objective:
    """State the difference of the circuit counts."""
    values: dict[str, object] = {
        "value": outcome.value,
        "bound": outcome.bound,
        "total": instance.total_count,
        "phases": problem.phases,
    }
    return _objective(
        "count_difference", Fraction(outcome.value), Fraction(outcome.bound), "circuits", outcome, values
    )


def of_seats(problem: PhaseProblem, outcome: Outcome) -> Objective:
    """State the seats off the cycle."""
    values: dict[str, object] = {"value": outcome.value, "bound": outcome.bound, "total": len(problem.seats)}
    return _objective(
        "seats_off_cycle", Fraction(outcome.value), Fraction(outcome.bound), "seats", outcome, values
    )


def number(value: Fraction) -> str:
    """Return a figure with thousands separators, to 2 decimals half up where it is not whole."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    hundredths = (Decimal(value.numerator * 100) / value.denominator).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{(hundredths / 100).normalize():,f}"


def _objective(
    name: str, value: Fraction, bound: Fraction, unit: str, outcome: Outcome, values: dict[str, object]
) -> Objective:
    is_even = not outcome.value and outcome.proof != "nothing"
    return Objective(
        name=name,
        value=value,
        bound=bound,
        unit=unit,
        proven=outcome.value == outcome.bound,
        status="bound" if is_even else STATUS_OF[outcome.proof],
        reason=Message(f"solver.{name}.{'even' if is_even else outcome.proof}", values),
    )
