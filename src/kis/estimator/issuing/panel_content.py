"""A designed panel as its documents show it: facts, priced rows, remarks, heat and drawings."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from kis.estimator.checks import HeatReport
from kis.estimator.design import PanelDesign
from kis.estimator.documents.content import PanelContent, PanelDrawing, PricedRow, ThermalContent
from kis.estimator.documents.drawings.panel_facts import PanelFacts, decimals, facts_of, kind_of, rating_of
from kis.estimator.findings import Severity
from kis.estimator.issuing.gate_rows import gate_row
from kis.estimator.issuing.part_names import named, part_names, trade_names
from kis.estimator.layout.drawing import PartKind
from kis.estimator.physics.heat_rise import HeatRise, air_rise_at
from kis.estimator.physics.unbalance import all_figures
from kis.estimator.pricing.line import Line
from kis.estimator.request import PanelRequest
from kis.estimator.service import PanelEstimate
from kis.platform.messages import Locale, Message

CHART_STEPS: Final = 20
"""Points of the temperature curve beside its ends; the bend of small boxes at three quarters is one of them."""

_DESCRIPTIONS: Final = {
    "24H digital": "timer_24h",
    "sunset/sunrise 20A": "timer_sunset",
    "kWh 3-phase": "meter_3ph",
    "kWh 1-phase": "meter_1ph",
    "kWh CT type, above 120 A": "meter_ct",
    "ON/OFF, door": "push_button",
    "SPD with its own 4P MCCB": "spd",
    "V/A meter 96x96": "va_meter",
    "cam switch 48x48": "selector_switch",
}
"""Rows of the accessory catalogue that describe instead of naming a model."""


def panel_content(panel: PanelEstimate, drawings: tuple[PanelDrawing, ...], locale: Locale) -> PanelContent:
    """Return what the documents say of one panel."""
    state = panel.state
    request, design = state.job.panel, state.design
    names = trade_names(locale) if design is None else part_names(design, locale)
    return PanelContent(
        name=request.name,
        quantity=request.quantity,
        specification=_specification(request, design, locale),
        facts=tuple(_facts(request, design, locale)),
        rows=tuple(priced_row(line, locale) for line in panel.lines),
        unit_subtotal=panel.unit_subtotal,
        subtotal=panel.totals.subtotal,
        gates=tuple(gate_row(request.name, gate, locale, names) for gate in panel.gates),
        remarks=tuple(_remarks(panel, names, locale)),
        thermal=None
        if state.criticism is None or design is None
        else thermal_content(
            state.criticism.heat, design, float(state.job.rules.critic.air_limit.value), locale
        ),
        drawings=drawings,
    )


def priced_row(line: Line, locale: Locale) -> PricedRow:
    """Return a priced line in the language of the quotation."""
    return PricedRow(
        item=line.item.text(locale),
        spec=_spec(line.spec, locale),
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        remark="" if line.priced else _say("unpriced", locale),
        kind=line.kind,
    )


def _spec(spec: str, locale: Locale) -> str:
    """Return a 규격; where the catalogue's own row stands for an unnamed model it is a description, and that has a language."""
    name = _DESCRIPTIONS.get(spec)
    return spec if name is None else _say(f"description.{name}", locale)


def thermal_content(heat: HeatReport, design: PanelDesign, limit_c: float, locale: Locale) -> ThermalContent:
    """Return the air temperature over the height of the box, from the figures the critic reports (IEC TR 60890)."""
    height = design.enclosure.height_mm
    rise = HeatRise(
        effective_surface_m2=float(heat.effective_surface_m2),
        k=float(heat.enclosure_constant),
        c=float(heat.distribution_factor),
        d=float(heat.partition_factor),
        x=float(heat.exponent),
        mid_k=float(heat.mid_k),
        top_k=float(heat.top_k),
        within_curves=heat.within_curves,
    )
    heights = [height * step / CHART_STEPS for step in range(CHART_STEPS + 1)]
    facts = (
        (_say("thermal.loss", locale), f"{heat.loss_w:,.1f} W"),
        (_say("thermal.surface", locale), f"{_rounded(heat.effective_surface_m2, 2)} m²"),
        (_say("thermal.mid", locale), f"{_rounded(heat.mid_air_c, 1)} °C (+{_rounded(heat.mid_k, 1)} K)"),
        (_say("thermal.top", locale), f"{_rounded(heat.top_air_c, 1)} °C (+{_rounded(heat.top_k, 1)} K)"),
        (_say("thermal.ambient", locale), f"{heat.ambient_c} °C"),
        (_say("thermal.method", locale), "IEC TR 60890"),
    )
    return ThermalContent(
        points=tuple((y, round(heat.ambient_c + air_rise_at(rise, height, y), 2)) for y in heights),
        ambient_c=float(heat.ambient_c),
        limit_c=limit_c,
        facts=facts,
        remarks=tuple(_heat_remarks(heat, locale)),
    )


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _heat_remarks(heat: HeatReport, locale: Locale) -> Iterator[str]:
    if heat.unknown:
        yield _say("thermal.unknown", locale, models=", ".join(heat.unknown))
    if heat.stand_ins:
        yield _say("thermal.stand_ins", locale, tables=", ".join(heat.stand_ins))
    if not heat.within_curves:
        yield _say("thermal.beyond", locale)


def _specification(request: PanelRequest, design: PanelDesign | None, locale: Locale) -> str:
    """Return the 규격 of the summary: mounting, box, main and branches in a line."""
    mounting = _say(f"mounting.{request.mounting.value}", locale)
    if design is None:
        return _say("not_designed", locale, mounting=mounting)
    box, problem = design.enclosure, design.problem
    mains = ", ".join(f"{kind_of(main.breaker)} {main.rating_a}A" for main in problem.mains)
    size = f"W{box.width_mm}×H{box.height_mm}×D{box.depth_mm}"
    return _say(
        "specification", locale, mounting=mounting, size=size, mains=mains, branches=len(problem.devices)
    )


def _facts(request: PanelRequest, design: PanelDesign | None, locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield what was designed, label and value."""
    if design is None:
        yield from _asked(request, locale)
        return
    mounting = _say(f"mounting.{request.mounting.value}", locale)
    facts = facts_of(design, locale)
    box, problem = design.enclosure, design.problem
    model = facts.say("title.custom", series=box.series) if box.custom else box.model
    yield _say("fact.enclosure", locale), f"{model}, W{box.width_mm}×H{box.height_mm}×D{box.depth_mm} mm"
    ip = facts.say("title.no_ip") if box.ip is None else f"IP{box.ip:02d}"
    yield _say("fact.mounting", locale), f"{mounting}, {facts.material}, {ip}"
    yield _say("fact.supply", locale), facts.say(f"supply.{problem.network.supply.name.lower()}")
    for main in problem.mains:
        rating = rating_of(main.breaker, main.rating_a)
        yield (
            _say("fact.main", locale, name=main.name),
            f"{kind_of(main.breaker)} {main.breaker.model} {rating}{_breaking(main.breaker.icu_ka, main.breaker.icu_at_v)}",
        )
    yield (
        _say("fact.branches", locale),
        _say("circuits", locale, count=len(problem.devices), spare=len(problem.spare_ways)),
    )
    bars = dict.fromkeys(
        part.label for part in design.drawing.of(PartKind.HEADER_BAR, PartKind.BUSBAR) if part.label
    )
    if bars:
        yield _say("fact.busbar", locale), ", ".join(bars)
    yield from _phase_facts(facts, locale)


def _asked(request: PanelRequest, locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield what was asked for, where nothing could be designed."""
    yield _say("fact.mounting_asked", locale), _say(f"mounting.{request.mounting.value}", locale)
    supply = Message(f"documents.supply.{request.supply.name.lower()}")
    yield _say("fact.supply", locale), supply.text(locale)
    for main in request.mains:
        words = (main.kind and main.kind.value, main.poles and f"{main.poles}P", f"{main.rating_a}A")
        yield _say("fact.main_asked", locale, name=main.name), " ".join(word for word in words if word)
    count = sum(branch.quantity for branch in request.branches)
    yield _say("fact.branches_asked", locale), _say("circuits", locale, count=count, spare=request.spare_ways)


def _phase_facts(facts: PanelFacts, locale: Locale) -> Iterator[tuple[str, str]]:
    design = facts.design
    for group in design.phases:
        if not group.applicable:
            continue
        amperes = " · ".join(
            f"{name} {decimals(facts.phase_current(load), 1)} A"
            for name, load in zip(design.problem.network.phases, group.loads_va, strict=True)
        )
        korean = all_figures(group.loads_va, group.counts).korean_percent
        rate = "" if korean is None else _say("korean_rate", locale, percent=decimals(korean, 2))
        name = facts.group_name(group) if len(design.phases) > 1 else ""
        yield f"{_say('fact.phases', locale)} {name}".strip(), f"{amperes}{rate}"


def _breaking(icu_ka: Decimal | None, icu_at_v: int | None) -> str:
    return "" if icu_ka is None or icu_at_v is None else f", {icu_ka.normalize():f} kA/{icu_at_v} V"


def _remarks(panel: PanelEstimate, names: Mapping[str, str], locale: Locale) -> Iterator[str]:
    """Yield what a customer and the workshop must know: why there is no design, violations, warnings; and the customer's own notes."""
    state = panel.state
    findings = [
        *(state.selection.findings if state.selection else ()),
        *(state.outcome.findings if state.outcome else ()),
        *(state.criticism.findings if state.criticism else ()),
    ]
    shown = (Severity.VIOLATION, Severity.WARNING)
    told = [
        named(finding.message, names).text(locale)
        for severity in shown
        for finding in findings
        if finding.severity is severity
    ]
    if not panel.is_designed:
        told += [
            named(gate.explanation, names).text(locale)
            for gate in panel.gates
            if gate.verdict.value == "fail"
        ]
    yield from dict.fromkeys(told)
    if state.job.panel.notes:
        yield state.job.panel.notes


def _say(key: str, locale: Locale, **values: object) -> str:
    return Message(f"issuing.{key}", values).text(locale)
