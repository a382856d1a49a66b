"""The protective conductor that belongs to the main bar: a recommendation, since the request names no phase section."""

from collections.abc import Iterator

from kis.estimator.checks.check import found
from kis.estimator.checks.conductors import ladder_step, section_mm2, section_text
from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.figures import trimmed
from kis.estimator.findings import Finding, Severity
from kis.estimator.physics import protective_conductor as table


def protective_conductor(context: CheckContext) -> Iterator[Finding]:
    """Recommend the least section for each main, by its drawn bar or, without bars, by the shop's bar for its rating."""
    for load in context.mains:
        own = [report for report in context.busbars if report.main == load.index]
        step = ladder_step(load.main.rating_a, context.rules)
        phase = own[0].section_mm2 if own else section_mm2(step.width_mm, step.thickness_mm)
        bar = own[0].section if own else section_text(step.width_mm, step.thickness_mm)
        least = table.minimum_section_mm2(phase)
        yield found(
            "protective_conductor" if least.verified else "protective_conductor.unverified",
            Severity.RECOMMENDATION,
            "critic.protective_conductor",
            figure=trimmed(least.section_mm2),
            unit="mm²",
            where=load.main.id,
            bar=bar,
            phase_mm2=phase,
        )
