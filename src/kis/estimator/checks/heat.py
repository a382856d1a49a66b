"""What the heat calculation says: load factors at the air of each device, the air itself, the heat of rows and panel."""

from collections.abc import Iterator

from kis.estimator.checks.check import found
from kis.estimator.checks.context import CheckContext
from kis.estimator.findings import Finding, Severity


def load_factor(context: CheckContext) -> Iterator[Finding]:
    """No breaker carries more than the air at its height allows."""
    for device in context.heat.devices:
        permitted = device.permitted_load_factor
        if permitted is not None and device.load_factor > permitted:
            yield found(
                "load_factor",
                Severity.VIOLATION,
                "critic.derating_per_kelvin",
                figure=device.load_factor,
                limit=permitted,
                where=device.place,
                subjects=(device.id,),
                model=device.model,
                air_c=device.air_c,
                current_a=device.current_a,
            )


def air_temperature(context: CheckContext) -> Iterator[Finding]:
    """The air at no breaker is hotter than breakers may stand in."""
    limit = context.rules.critic.air_limit.value
    for device in context.heat.devices:
        if device.air_c is not None and device.air_c > limit:
            yield found(
                "air_temperature",
                Severity.VIOLATION,
                "critic.air_limit",
                figure=device.air_c,
                limit=limit,
                unit="°C",
                where=device.place,
                subjects=(device.id,),
                model=device.model,
            )


def panel_heat(context: CheckContext) -> Iterator[Finding]:
    """Tell the heat of the panel and how warm it gets inside; the shop's watt limit decides nothing."""
    heat = context.heat
    yield found(
        "panel_heat",
        Severity.INFORMATION,
        "critic.panel_heat",
        figure=heat.loss_w,
        limit=context.rules.critic.panel_heat.value,
        unit="W",
        mid_c=heat.mid_air_c,
        top_c=heat.top_air_c,
    )


def row_heat(context: CheckContext) -> Iterator[Finding]:
    """Tell the heat of the hottest row; the shop's watt limit decides nothing."""
    if context.heat.rows:
        hottest = max(context.heat.rows, key=lambda row: row.loss_w)
        main = context.mains[hottest.main].main.id
        column = f"C{hottest.column + 1}·" if hottest.column >= 0 else ""
        yield found(
            "row_heat",
            Severity.INFORMATION,
            "critic.row_heat",
            figure=hottest.loss_w,
            limit=context.rules.critic.row_heat.value,
            unit="W",
            where=f"{main} {column}{hottest.row + 1}",
        )


def losses(context: CheckContext) -> Iterator[Finding]:
    """Name the losses that stand in for the maker's own, and refuse a breaker whose loss nobody knows."""
    heat = context.heat
    if heat.stand_ins:
        yield found("losses", Severity.WARNING, "critic.loss_families", families=", ".join(heat.stand_ins))
    if heat.unknown:
        yield found("losses.unknown", Severity.VIOLATION, "critic.loss_families", subjects=heat.unknown)


def heat_scope(context: CheckContext) -> Iterator[Finding]:
    """Warn where the box lies beyond the published curves and their end was used."""
    if not context.heat.within_curves:
        yield found(
            "heat_scope",
            Severity.WARNING,
            "critic.temperature_rise",
            figure=context.heat.effective_surface_m2,
            unit="m²",
        )
