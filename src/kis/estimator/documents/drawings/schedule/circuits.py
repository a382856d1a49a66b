"""The circuit directory (회로표) as rows: under each main its circuits and empty ways, with the load every one puts on each phase."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from kis.catalog import Breaker
from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.panel_facts import (
    UNVERIFIED_MARK,
    PanelFacts,
    kind_of,
    rating_of,
    rounded,
    tag_of,
)
from kis.estimator.documents.drawings.schedule.listing import Listing, ListingColumn
from kis.estimator.documents.drawings.sheet import Anchor
from kis.estimator.documents.drawings.single_line.facts import is_unverified
from kis.estimator.documents.drawings.table import Cell
from kis.estimator.layout.drawing import PartKind
from kis.estimator.problem import Device, MainDevice, SpareWay, phase_name

NOTHING: Final = "–"
_Row = tuple[Cell, ...]


def circuit_listing(facts: PanelFacts) -> Listing:
    """Return the circuit directory of a panel; the column of cables stands where one is named."""
    problem = facts.design.problem
    cables = [*(main.cable for main in problem.mains), *(device.cable for device in problem.devices)]
    with_cables = any(cables)
    rows = tuple(row if with_cables else row[:-1] for row in _rows(facts))
    return Listing(
        heading=facts.say("table.circuits", count=len(facts.devices)),
        columns=tuple(_columns(facts, with_cables=with_cables)),
        rows=rows,
        notes=tuple(_notes(facts)),
        leading=frozenset(_main_rows(facts)),
    )


def _columns(facts: PanelFacts, *, with_cables: bool) -> Iterator[ListingColumn]:
    phases = facts.design.problem.network.phases
    named = (
        ("number", 9.0, Anchor.MIDDLE),
        ("load_name", 30.0 if with_cables else 43.5, Anchor.START),
        ("kind", 15.5, Anchor.START),
        ("model", 22.0, Anchor.START),
        ("rating", 18.5, Anchor.END),
        ("capacity", 14.0, Anchor.END),
        ("phase", 10.0, Anchor.MIDDLE),
    )
    for key, share, anchor in named:
        yield ListingColumn(title=facts.say(f"table.{key}"), share=share, anchor=anchor)
    for phase in phases:
        title = facts.say("table.load_of", phase=phase)
        yield ListingColumn(title=title, share=36 / max(3, len(phases)), anchor=Anchor.END)
    yield ListingColumn(title=facts.say("table.place"), share=12.0, anchor=Anchor.MIDDLE)
    if with_cables:
        yield ListingColumn(title=facts.say("table.cable"), share=30.0)


def _rows(facts: PanelFacts) -> Iterator[_Row]:
    problem = facts.design.problem
    for index, main in enumerate(problem.mains):
        yield _main_row(facts, index, main)
        for device in problem.devices_of(index):
            yield _circuit_row(facts, device)
        for way in problem.spare_ways:
            if way.main == index:
                yield _spare_row(facts, way)


def _main_rows(facts: PanelFacts) -> Iterator[int]:
    """Yield the rows of the mains."""
    problem = facts.design.problem
    row = 0
    for index in range(len(problem.mains)):
        yield row
        row += 1 + len(problem.devices_of(index)) + sum(way.main == index for way in problem.spare_ways)


def _main_row(facts: PanelFacts, index: int, main: MainDevice) -> _Row:
    network = facts.design.problem.network
    group = next((group for group in facts.design.phases if group.main == index), None)
    loads = (Fraction(0),) * len(network.phases) if group is None else group.loads_va
    return (
        Cell(content=main.name, bold=True),
        Cell(content=_main_words(facts, main), bold=True),
        *_device_cells(main.breaker, main.rating_a),
        Cell(content=phase_name(network.phases), bold=True),
        *(Cell(content=f"{rounded(load):,}", bold=True) for load in loads),
        Cell(content=NOTHING),
        Cell(content=main.cable),
    )


def _main_words(facts: PanelFacts, main: MainDevice) -> str:
    """Return what a main is, and its name where the customer gave it one."""
    kind = facts.say("part.main")
    return kind if main.name == main.id else f"{kind} {main.name}"


def _circuit_row(facts: PanelFacts, device: Device) -> _Row:
    lines = facts.design.lines.get(device.id, ())
    phase = phase_name(lines)
    return (
        Cell(content=tag_of(device.id), bold=True),
        Cell(content=facts.load_name(device)),
        *_device_cells(device.breaker, device.rating_a),
        Cell(content=phase, bold=True, mark=phase if phase in palette.LINE_COLOURS else ""),
        *(
            Cell(
                content=f"{rounded(device.phase_load_va):,}"
                if line in lines and device.phase_load_va
                else NOTHING
            )
            for line in facts.design.problem.network.phases
        ),
        Cell(content=_place(facts, device.id)),
        Cell(content=device.cable),
    )


def _spare_row(facts: PanelFacts, way: SpareWay) -> _Row:
    nothing = (Cell(content=NOTHING),) * (4 + len(facts.design.problem.network.phases))
    return (
        Cell(content=NOTHING),
        Cell(content=facts.say("table.empty_way")),
        Cell(content=f"{way.breaker.poles}P"),
        *nothing,
        Cell(content=_place(facts, way.id)),
        Cell(content=""),
    )


def _device_cells(breaker: Breaker, rating_a: int) -> tuple[Cell, ...]:
    return (
        Cell(content=kind_of(breaker)),
        Cell(content=breaker.model),
        Cell(content=rating_of(breaker, rating_a)),
        Cell(content=capacity_of(breaker)),
    )


def capacity_of(breaker: Breaker) -> str:
    """Return the breaking capacity in kA with its voltage, marked where it proves nothing; a dash where none is declared."""
    if breaker.icu_ka is None:
        return NOTHING
    voltage = "" if breaker.icu_at_v is None else f"/{breaker.icu_at_v}"
    return f"{breaker.icu_ka.normalize():f}{voltage}" + (UNVERIFIED_MARK if is_unverified(breaker) else "")


def _place(facts: PanelFacts, device: str) -> str:
    seats = facts.design.drawing.of(PartKind.BREAKER, PartKind.SPARE_WAY)
    return next((part.place for part in seats if part.device == device and part.place), NOTHING)


def _notes(facts: PanelFacts) -> Iterator[str]:
    """Yield what a reader of this directory must know."""
    problem = facts.design.problem
    yield facts.say("schedule.load")
    if facts.design.drawing.style == "din_rail":
        yield facts.say("schedule.place_on_rail")
    elif problem.devices:
        yield facts.say("schedule.place_in_column")
    breakers = [*(main.breaker for main in problem.mains), *(device.breaker for device in problem.devices)]
    if any(map(is_unverified, breakers)):
        yield facts.say("schedule.capacity")
