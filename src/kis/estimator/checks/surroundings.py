"""What the figures rest on and what nobody checked: sun, ingress protection, unpublished depths, mountings, empty panels."""

from collections.abc import Iterator

from kis.catalog import UNVERIFIED
from kis.estimator.checks.check import found
from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.thermal import STANDING
from kis.estimator.findings import Finding, Severity
from kis.estimator.request import Mounting


def solar(context: CheckContext) -> Iterator[Finding]:
    """Warn outdoors: the sun's heat is in no figure."""
    mounting = context.problem.request.mounting.value
    if context.rules.enclosure.series.value[mounting].outdoor:
        yield found("solar", Severity.WARNING, "critic.temperature_rise")


def mounting(context: CheckContext) -> Iterator[Finding]:
    """Say where the heat calculation takes a mounting for another one."""
    asked = context.problem.request.mounting
    if asked is Mounting.RECESSED:
        yield found("mounting.recessed", Severity.WARNING, "critic.temperature_rise")
    elif asked in STANDING:
        yield found("mounting.standing", Severity.INFORMATION, "critic.temperature_rise")


def ingress_protection(context: CheckContext) -> Iterator[Finding]:
    """Warn of an IP that nobody has declared or that no maker's sheet shows."""
    enclosure = context.enclosure
    outdoor = context.rules.enclosure.series.value[context.problem.request.mounting.value].outdoor
    rule = "enclosure.ip_floor_outdoor" if outdoor else "enclosure.ip_floor_indoor"
    if enclosure.ip is None:
        yield found(
            "ingress_protection.undeclared",
            Severity.WARNING,
            rule,
            limit=context.problem.wanted_ip,
            unit="IP",
        )
    elif not enclosure.ip_verified:
        yield found(
            "ingress_protection",
            Severity.WARNING,
            rule,
            figure=enclosure.ip,
            limit=context.problem.wanted_ip,
            unit="IP",
        )


def unpublished_depths(context: CheckContext) -> Iterator[Finding]:
    """Name the parts whose depth nobody has published; their clearance to the door is unverified."""
    unknown = tuple(part.id for part in context.drawing.parts if part.z1 in (None, part.z0))
    if unknown:
        yield found("unpublished_depths", Severity.WARNING, "enclosure.door_clearance", subjects=unknown)


def unverified_outlines(context: CheckContext) -> Iterator[Finding]:
    """Name the models whose outline no maker's sheet shows."""
    models = dict.fromkeys(
        breaker.model for breaker in context.breakers.values() if breaker.outline_source in UNVERIFIED
    )
    if models:
        yield found("unverified_outlines", Severity.INFORMATION, "layout.pairing", subjects=tuple(models))


def main_only(context: CheckContext) -> Iterator[Finding]:
    """Say that there are no rows, bars or phases to check behind a main alone."""
    if context.problem.is_main_only:
        yield found("main_only", Severity.INFORMATION, "phases.imbalance_limit")


def maintenance_space(_: CheckContext) -> Iterator[Finding]:
    """Say that the space in front of the panel is in no request."""
    yield found("maintenance_space", Severity.INFORMATION, "enclosure.space_use")
