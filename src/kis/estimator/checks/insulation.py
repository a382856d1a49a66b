"""Distances between live bars of different phases, from the drawn gaps: through air and along the insulation.

Bars of one layer are compared: vertical with vertical, header with header, cross-bar with cross-bar, the two terminal bars.
Where a cross-bar passes in front of a bar of another phase the drawing shows no gap; that is a recommendation to the shop.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from kis.estimator.checks.check import found
from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.figures import root_mm
from kis.estimator.checks.rectangles import apart_x, apart_y, close_pairs, gap_squared
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import Part, PartKind
from kis.estimator.physics import insulation
from kis.estimator.rulebook import Rulebook

_LAYERS: Final = (
    (PartKind.BUSBAR,),
    (PartKind.HEADER_BAR,),
    (PartKind.CROSS_BAR,),
    (PartKind.EARTH_BAR, PartKind.NEUTRAL_BAR),
)


def clearance_mm(rules: Rulebook) -> Decimal:
    """Return the least distance through air at the rated impulse voltage of the rulebook."""
    return insulation.clearance_mm(Decimal(rules.critic.rated_impulse_kv.value))


def creepage_mm(rules: Rulebook) -> Decimal:
    """Return the least distance along the bar supports; never below the clearance."""
    critic = rules.critic
    return insulation.creepage_mm(
        critic.insulation_voltage.value,
        critic.pollution_degree.value,
        insulation.MaterialGroup(critic.material_group.value),
        clearance_mm=clearance_mm(rules),
    )


def clearance(context: CheckContext) -> Iterator[Finding]:
    """Live bars of different phases keep the clearance of the rated impulse voltage."""
    yield from _too_close(context, "clearance", "critic.rated_impulse_kv", clearance_mm(context.rules))


def creepage(context: CheckContext) -> Iterator[Finding]:
    """Live bars of different phases keep the creepage distance; the straight gap is the shortest way along a support."""
    yield from _too_close(context, "creepage", "critic.pollution_degree", creepage_mm(context.rules))


def crossings(context: CheckContext) -> Iterator[Finding]:
    """Tell the shop to keep the distance, or to sleeve, where cross-bars pass in front of bars of another phase."""
    least = creepage_mm(context.rules)
    depths = [
        bar.z0 - (behind.z1 or behind.z0)
        for bar in context.drawing.of(PartKind.CROSS_BAR)
        for behind in context.busbars_of(bar.column)
        if behind.phase != bar.phase and apart_x(bar, behind) < 0 and apart_y(bar, behind) < 0
    ]
    shallow = [depth for depth in depths if depth < least]
    if shallow:
        yield found(
            "crossings",
            Severity.RECOMMENDATION,
            "critic.pollution_degree",
            figure=min(shallow),
            limit=least,
            unit="mm",
            count=len(shallow),
        )


def _too_close(context: CheckContext, text: str, rule: str, limit: Decimal) -> Iterator[Finding]:
    reach = int(limit) + 1
    for layer in _LAYERS:
        for one, other in close_pairs(context.drawing.of(*layer), reach):
            if one.phase != other.phase and gap_squared(one, other) < limit**2:
                yield _finding(text, rule, limit, one, other)


def _finding(text: str, rule: str, limit: Decimal, one: Part, other: Part) -> Finding:
    return found(
        text,
        Severity.VIOLATION,
        rule,
        figure=root_mm(gap_squared(one, other)),
        limit=limit,
        unit="mm",
        where=", ".join(part.place for part in (one, other) if part.place),
        subjects=(one.id, other.id),
        phases=f"{one.phase}-{other.phase}",
    )
