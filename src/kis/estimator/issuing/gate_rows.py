"""Gates as rows for a reader: title, figure with its unit, limit, verdict in words."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kis.estimator.documents.content import GateRow
from kis.estimator.findings import Figure, Gate
from kis.estimator.issuing.part_names import named, trade_names
from kis.platform.messages import Locale, Message

_UNITS: Final = {"count": "", "ratio": "", "%": "%"}
_OPERATORS: Final = {"<=": "≤", ">=": "≥", "=": "="}


def gate_row(panel: str, gate: Gate, locale: Locale, names: Mapping[str, str] | None = None) -> GateRow:
    """Return ``gate`` as a row; ``panel`` is empty for a gate of the whole quotation, ``names`` are those of its parts by id."""
    limit = (
        ""
        if gate.limit is None
        else f"{_OPERATORS.get(gate.operator, gate.operator)} {_shown(gate.limit, gate.unit)}"
    )
    return GateRow(
        panel=panel,
        id=gate.id,
        title=Message(f"issuing.gate_title.{gate.id}").text(locale),
        measured="–" if gate.measured is None else _shown(gate.measured, gate.unit),
        limit=limit,
        verdict=gate.verdict.value,
        verdict_text=Message(f"issuing.verdict.{gate.verdict.value}").text(locale),
        explanation=named(gate.explanation, names or trade_names(locale)).text(locale),
    )


def _shown(value: Figure, unit: str) -> str:
    """Return a figure with its unit as the trade writes both: 12 mm, 3%, IP44."""
    if unit == "IP":
        return f"IP{_figure(value):0>2}"
    return f"{_figure(value)}{_UNITS.get(unit, f' {unit}' if unit else '')}"


def _figure(value: Figure) -> str:
    """Return a figure to four decimals at most, without useless zeros."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        return str(value)
    exact = Fraction(value)
    whole = (2 * abs(exact) * 10**4 + 1) // 2
    text = f"{Decimal(int(whole)) / 10**4:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"-{text}" if exact < 0 and whole else text
