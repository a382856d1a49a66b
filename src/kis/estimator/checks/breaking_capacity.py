"""Breaking capacity against the short-circuit current the customer names.

A figure counts at its own voltage and below. One without its voltage, or from no maker's sheet, is unverified; none at all
does not pass.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from kis.catalog import UNVERIFIED, Breaker
from kis.estimator.checks.check import found
from kis.estimator.checks.context import CheckContext
from kis.estimator.findings import Finding, Severity

_RULE: Final = "selection.breaking_capacity"


def breaking_capacity(context: CheckContext) -> Iterator[Finding]:
    """Every breaker reaches the wanted kA at its voltage; equal breakers at equal voltage are named together."""
    wanted = context.problem.short_circuit_ka
    if wanted is None:
        yield found("breaking_capacity.not_asked", Severity.INFORMATION, _RULE)
        return
    asked = [(main.id, main.breaker, context.network.line_voltage) for main in context.problem.mains]
    asked += [(device.id, device.breaker, device.circuit_voltage) for device in context.problem.devices]
    alike: dict[tuple[Breaker, int], list[str]] = {}
    for name, breaker, voltage in asked:
        alike.setdefault((breaker, voltage), []).append(name)
    for (breaker, voltage), names in alike.items():
        judged = _judge(breaker, wanted, voltage)
        if judged is not None:
            text, severity = judged
            yield found(
                text,
                severity,
                _RULE,
                figure=breaker.icu_ka,
                limit=wanted,
                unit="kA",
                subjects=tuple(names),
                model=breaker.model,
                volts=voltage,
                at_volts=breaker.icu_at_v,
            )


def _judge(breaker: Breaker, wanted_ka: Decimal, voltage: int) -> tuple[str, Severity] | None:
    if breaker.icu_ka is None:
        return "breaking_capacity.undeclared", Severity.VIOLATION
    if breaker.icu_ka < wanted_ka:
        return "breaking_capacity.too_low", Severity.VIOLATION
    if breaker.icu_at_v is None:
        return "breaking_capacity.no_voltage", Severity.WARNING
    if breaker.icu_at_v < voltage:
        return "breaking_capacity.lower_voltage", Severity.VIOLATION
    if breaker.icu_source in UNVERIFIED:
        return "breaking_capacity.unverified", Severity.WARNING
    return None
