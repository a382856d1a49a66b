"""Circuits against their main and their own rating: a warning on ratings, a violation on given VA × demand."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from kis.estimator.checks.check import found
from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.figures import rounded, trimmed
from kis.estimator.checks.loads import MainLoad, current_a, phase_sums
from kis.estimator.checks.thermal import AMPERE_DIGITS, FACTOR_DIGITS
from kis.estimator.findings import Finding, Severity

_RULE: Final = "critic.diversity"


def diversity(context: CheckContext) -> Iterator[Finding]:
    """On the heaviest phase, given loads alone must not exceed the main; ratings × RDF beside them ought not to."""
    for load in context.mains:
        given = _heaviest(context, load, Fraction(0))
        together = _heaviest(context, load, load.diversity_factor)
        if given > load.main.rating_a:
            yield _finding("diversity.given", Severity.VIOLATION, load, given)
        elif together > load.main.rating_a:
            yield _finding("diversity", Severity.WARNING, load, together)


def branch_load(context: CheckContext) -> Iterator[Finding]:
    """A given load is within the rating of its own breaker."""
    for device in context.problem.devices:
        current = current_a(device, context.network, Fraction(0))
        if current > device.rating_a:
            yield found(
                "branch_load",
                Severity.VIOLATION,
                _RULE,
                figure=rounded(current, AMPERE_DIGITS),
                limit=device.rating_a,
                unit="A",
                subjects=(device.id,),
                model=device.breaker.model,
            )


def _heaviest(context: CheckContext, load: MainLoad, factor: Fraction) -> Fraction:
    """Return the current of the heaviest phase: given VA as it is, ratings × ``factor``."""
    network, devices = context.network, context.problem.devices_of(load.index)
    return max(phase_sums(devices, context.lines, network, lambda device: current_a(device, network, factor)))


def _finding(text: str, severity: Severity, load: MainLoad, current: Fraction) -> Finding:
    return found(
        text,
        severity,
        _RULE,
        figure=rounded(current, AMPERE_DIGITS),
        limit=load.main.rating_a,
        unit="A",
        where=load.main.id,
        circuits=load.circuits,
        factor=trimmed(rounded(load.diversity_factor, FACTOR_DIGITS)),
    )
