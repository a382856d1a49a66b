"""The unbalance of each main by all four definitions, and the Korean limit where it is exceeded."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from kis.estimator.checks.check import found
from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.figures import rounded, trimmed
from kis.estimator.checks.imbalance import MainUnbalance
from kis.estimator.findings import Finding, Severity
from kis.estimator.physics.unbalance import korean_within

IMBALANCE_DIGITS = 4
PERCENT_DIGITS = 2


def unbalance(context: CheckContext) -> Iterator[Finding]:
    """Tell the four figures with their definitions, or that there is nothing to balance."""
    for drawn in context.unbalance:
        where = context.mains[drawn.main].main.id
        figures = drawn.figures
        if figures is None:
            yield found(
                "unbalance.not_applicable", Severity.INFORMATION, "phases.imbalance_limit", where=where
            )
            continue
        yield found(
            "unbalance",
            Severity.INFORMATION,
            "phases.imbalance_limit",
            figure=rounded(figures.imbalance, IMBALANCE_DIGITS),
            limit=trimmed(rounded(context.rules.phases.imbalance_limit.value, IMBALANCE_DIGITS)),
            where=where,
            korean_percent=_percent(figures.korean_percent),
            nema_percent=_percent(figures.nema_percent),
            count_difference=figures.count_difference,
            neutral_a="–" if drawn.neutral_a is None else drawn.neutral_a,
        )


def korean_limit(context: CheckContext) -> Iterator[Finding]:
    """Warn above the Korean limit: the gate decides at the receiving point, elsewhere the rule does not speak of the panel."""
    limit = context.rules.phases.korean_limit_percent.value.get(context.network.supply.value)
    for drawn in context.unbalance:
        if limit is not None and not _within(drawn, limit):
            assert drawn.figures is not None
            yield found(
                "korean_limit" if context.problem.request.receiving_point else "korean_limit.elsewhere",
                Severity.WARNING,
                "phases.korean_limit_percent",
                figure=_percent(drawn.figures.korean_percent),
                limit=limit,
                unit="%",
                where=context.mains[drawn.main].main.id,
            )


def _within(drawn: MainUnbalance, limit_percent: int) -> bool:
    return drawn.figures is None or korean_within(drawn.loads_va, limit_percent)


def _percent(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, PERCENT_DIGITS)
