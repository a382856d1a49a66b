"""The single-line diagram (단선결선도) of a panel on as many A3 sheets as it needs, not to scale.

From the top: source, incoming cable, main, instruments, bus; then the branches of the bus with all a workshop wires them by, and at the
foot the neutral and the earth bar. Load per phase, unbalance, accessories and legend stand on the first sheet.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kis.catalog import Breaker
from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.panel_facts import PanelFacts, facts_of
from kis.estimator.documents.drawings.paper import View, drawing_area, on_paper
from kis.estimator.documents.drawings.sheet import Shape, Sheet
from kis.estimator.documents.drawings.single_line.blocks import extras, summary
from kis.estimator.documents.drawings.single_line.branches import branches, bus_bottom
from kis.estimator.documents.drawings.single_line.facts import (
    NONE_GIVEN,
    Branch,
    UnbalanceLimits,
    is_unverified,
    say,
    usual_limits,
)
from kis.estimator.documents.drawings.single_line.incomer import continued_from, continues_on, incomer
from kis.estimator.documents.drawings.single_line.plan import (
    FOOT_GAP_MM,
    SheetPlan,
    foot_mm,
    sheet_plans,
)
from kis.estimator.documents.drawings.single_line.terminals import neutral_link, terminal_bars
from kis.estimator.documents.drawings.title_block import Heading

_BESIDE_BUS_MM: Final = 5.0


def single_line_sheets(
    design: PanelDesign, heading: Heading, limits: UnbalanceLimits | None = None
) -> tuple[Sheet, ...]:
    """Return the sheets of the diagram; ``limits`` of the unbalance are the usual ones where none are given."""
    facts = facts_of(design, heading.locale)
    limits = limits or usual_limits(design.problem.network)
    plans = sheet_plans(facts)
    return tuple(
        _sheet(facts, heading, plan, limits, (number, len(plans)))
        for number, plan in enumerate(plans, start=1)
    )


def _sheet(
    facts: PanelFacts, heading: Heading, plan: SheetPlan, limits: UnbalanceLimits, place: tuple[int, int]
) -> Sheet:
    number, count = place
    title = say(facts, "title")
    if count > 1:
        title = say(facts, "title_part", title=title, sheet=number, sheets=count)
        named = say(facts, "title_part", title=heading.title, sheet=number, sheets=count)
        heading = replace(heading, title=named if heading.title else "")
    shown = [item.number for bus in plan.buses for item in bus.branches if item.is_device]
    problem = facts.design.problem
    description = say(
        facts,
        "description",
        panel=heading.panel,
        sheet=number,
        sheets=count,
        supply=say(facts, f"source.{problem.network.supply.name.lower()}"),
        mains=", ".join(f"{main.name} {main.breaker.model} {main.rating_a}A" for main in problem.mains),
        circuits=", ".join(shown) or say(facts, "no_circuits"),
    )
    view = View(
        shapes=tuple(_shapes(facts, plan, limits, place)),
        box=drawing_area(plan.paper),
        scale=None,
        notes=tuple(_notes(facts, plan, limits)),
    )
    full = say(facts, "sheet_title", panel=heading.panel, title=title)
    return on_paper(view, heading, plan.paper, title=full, description=description, facts=facts)


def _shapes(
    facts: PanelFacts, plan: SheetPlan, limits: UnbalanceLimits, place: tuple[int, int]
) -> Iterator[Shape]:
    x0, y0, x1, _ = drawing_area(plan.paper)
    foot = y0 + plan.strip_mm + foot_mm(facts) - FOOT_GAP_MM
    number, count = place
    for bus in plan.buses:
        low = bus_bottom(bus, plan.pitch_mm)
        if bus.is_first:
            yield from incomer(facts, bus)
        else:
            yield from continued_from(facts, bus, number - 1, count)
        yield from branches(facts, bus, plan.pitch_mm)
        if not bus.is_last:
            yield from continues_on(facts, bus, low, number + 1, count)
        if facts.design.problem.network.has_neutral:
            ends = bus.is_last and not bus.is_empty
            yield from neutral_link(bus.x, low, foot, beside_mm=0.0 if ends else _BESIDE_BUS_MM)
        if bus.summary is not None and not bus.is_empty:
            yield from summary(facts, bus.main, limits, bus.summary)
    if plan.buses:
        on_sheet = [item for bus in plan.buses for item in bus.branches]
        reach = max(bus.x for bus in plan.buses)
        yield from terminal_bars(facts, on_sheet, (x0, y0, x1, foot), reach)
    if plan.extras is not None:
        yield from extras(facts, plan.extras)


def _notes(facts: PanelFacts, plan: SheetPlan, limits: UnbalanceLimits) -> Iterator[str]:
    """Yield what must be said to read this sheet."""
    network = facts.design.problem.network
    items = [item for bus in plan.buses for item in bus.branches if item.is_device]
    yield say(facts, "note.strokes")
    colours = ", ".join(say(facts, f"colour.{name}") for name in (*network.bars, "E"))
    yield say(facts, "note.colours", colours=colours)
    if any(item.load_va.startswith("(") for item in items):
        yield say(facts, "note.assumed_va")
    elif any(NONE_GIVEN in {item.cable, item.load_va} for item in items):
        yield say(facts, "note.not_given")
    if len(network.phases) == 3 and any(len(item.lines) == 2 and "N" not in item.lines for item in items):
        yield say(facts, "note.between")
    if any(is_unverified(breaker) for breaker in _breakers(facts, plan, items)):
        yield say(facts, "note.unverified")
    if (
        network.can_unbalance
        and limits.korean_percent is not None
        and any(bus.is_first and not bus.is_empty for bus in plan.buses)
    ):
        yield say(facts, "note.korean", limit=limits.korean_percent)


def _breakers(facts: PanelFacts, plan: SheetPlan, items: list[Branch]) -> Iterator[Breaker]:
    for bus in plan.buses:
        if bus.is_first:
            yield facts.design.problem.mains[bus.main].breaker
    for item in items:
        yield item.breaker
