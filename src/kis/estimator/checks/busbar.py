"""Whether the drawn bars carry their current (engine rule on bars at inside air) and which bar would."""

from collections.abc import Iterator

from kis.estimator.checks.check import found
from kis.estimator.checks.conductors import HEADER_COLUMN, BarVerdict, BusbarReport
from kis.estimator.checks.context import CheckContext
from kis.estimator.findings import Finding, Severity
from kis.platform.messages import Message


def busbar(context: CheckContext) -> Iterator[Finding]:
    """Pass at the table's air; warn where only a hotter bar carries the current; refuse the rest, naming what passes."""
    for report in context.busbars:
        where = _where(context, report)
        if report.ampacity_a is None:
            yield _refusal("busbar.unknown", report, where)
        elif report.verdict is BarVerdict.REFUSED:
            yield _refusal("busbar.refused", report, where)
        elif report.verdict is BarVerdict.WARN:
            yield found(
                "busbar.warn",
                Severity.WARNING,
                "critic.bar_limit",
                figure=report.ampacity_a,
                limit=report.needed_a,
                unit="A",
                where=where,
                section=report.section,
                hot_a=report.hot_ampacity_a,
                air_c=report.air_c,
                current_a=report.current_a,
                remedy=_remedy(report),
            )
        if report.ampacity_a is not None and not report.verified:
            yield found(
                "busbar.interpolated",
                Severity.INFORMATION,
                "layout.bar_ladder",
                figure=report.ampacity_a,
                unit="A",
                where=where,
                section=report.section,
            )


def _refusal(text: str, report: BusbarReport, where: str) -> Finding:
    return found(
        text,
        Severity.VIOLATION,
        "critic.bar_limit",
        figure=report.hot_ampacity_a,
        limit=report.current_a,
        unit="A",
        where=where,
        section=report.section,
        table_a=report.ampacity_a,
        needed_a=report.needed_a,
        air_c=report.air_c,
        remedy=_remedy(report),
    )


def _remedy(report: BusbarReport) -> Message:
    if report.passing is None:
        return Message("critic.busbar.no_bar_passes")
    return Message("critic.busbar.passes", {"section": report.passing})


def _where(context: CheckContext, report: BusbarReport) -> str:
    main = context.mains[report.main].main.id
    return main if report.column == HEADER_COLUMN else f"{main} C{report.column + 1}"
