"""How the value of a rule is written for people: exact, short, the same in both languages."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from pydantic import BaseModel

from kis.estimator.rulebook.schema import BarStep, Rule, Steps

OPEN_END: Final = 10_000
"""A step up to this or more stands for everything above the step before it."""


def rule_value(rule: Rule[Any]) -> str:
    """Return the value of ``rule`` with its unit, ``≤60: 130, ≤125: 170 mm``."""
    return f"{written(rule.value)} {rule.unit or ''}".rstrip()


def written(value: object) -> str:
    """Return ``value`` as text; fractions as decimals where those are exact."""
    match value:
        case None:
            text = "null"
        case bool():
            text = str(value).lower()
        case Fraction():
            text = _fraction(value)
        case Decimal():
            text = f"{value:f}"
        case BaseModel():
            text = _model(value)
        case dict():
            text = "; ".join(f"{key}: {_inner(item)}" for key, item in value.items())
        case tuple() | list():
            separator = "; " if any(isinstance(item, BaseModel) for item in value) else ", "
            text = separator.join(written(item) for item in value)
        case _:
            text = str(value)
    return text


def _model(value: BaseModel) -> str:
    if isinstance(value, Steps):
        return _steps(value)
    if isinstance(value, BarStep):
        return f"≤{value.up_to}: {value.width_mm}×{value.thickness_mm} @ {value.pitch_mm}"
    fields = {name: getattr(value, name) for name in type(value).model_fields}
    return ", ".join(f"{name} {_inner(field)}" for name, field in fields.items() if field not in (None, ()))


def _inner(value: object) -> str:
    """Return a value inside another, in brackets where it has parts of its own."""
    return f"({written(value)})" if isinstance(value, dict | tuple | list | BaseModel) else written(value)


def _steps(value: Steps) -> str:
    below, last = value.steps[:-1], value.steps[-1]
    is_open = bool(below) and last.up_to >= OPEN_END
    end = f">{below[-1].up_to}: {last.value}" if is_open else f"≤{last.up_to}: {last.value}"
    return ", ".join([*(f"≤{step.up_to}: {step.value}" for step in below), end])


def _fraction(value: Fraction) -> str:
    """Return a decimal for denominators of twos and fives alone, else ``numerator/denominator``."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(value)
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"
