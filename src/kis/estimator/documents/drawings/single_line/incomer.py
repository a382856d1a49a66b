"""What lies before a bus: source, incoming cable, main breaker, instruments; and where a bus comes from another sheet or goes on to one."""

from collections.abc import Iterator
from typing import Final

from kis.catalog import BreakerKind
from kis.estimator.documents.drawings import palette, symbols
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Anchor, Layer, Line, Rectangle, Shape, Style
from kis.estimator.documents.drawings.single_line.branches import badge, paragraph
from kis.estimator.documents.drawings.single_line.facts import (
    NONE_GIVEN,
    bus_section,
    incoming_instruments,
    main_attributes,
    main_words,
    say,
)
from kis.estimator.documents.drawings.single_line.plan import MAIN_WORDS_MM, BusPlan
from kis.estimator.documents.drawings.symbols import Direction, Run
from kis.estimator.documents.drawings.table import word
from kis.estimator.problem import FittedAccessory

HEIGHT_MM: Final = 56.0
_SOURCE_MM: Final = 3.2
_STROKES_MM: Final = 10.0
_TERMINAL_MM: Final = 15.5
_BREAKER_MM: Final = 16.5
_TRANSFORMER_MM: Final = 35.0
_METER_MM: Final = 42.5
_TICKS_MM: Final = 50.5
"""Down from the source to the bus."""
_WORDS_MM: Final = 6.5
"""Right of the line, where its words begin."""
_SECONDARY_MM: Final = 6.0
_INSTRUMENT_PITCH_MM: Final = 17.0


def incomer(facts: PanelFacts, bus: BusPlan) -> Iterator[Shape]:
    """Yield everything from the source down to the bus."""
    main = facts.design.problem.mains[bus.main]
    network = facts.design.problem.network
    run = Run(bus.x, bus.top + HEIGHT_MM, Direction.DOWN)
    instruments = incoming_instruments(facts, bus.main)
    inline = [item for item in instruments if item.kind == "meter_3ph"]
    residual = main.breaker.kind is BreakerKind.ELB
    end = _BREAKER_MM + (symbols.RESIDUAL_MM if residual else symbols.SWITCH_MM)
    yield from symbols.source(run, _SOURCE_MM)
    yield symbols.wire(run, _SOURCE_MM + symbols.INSTRUMENT_MM, _BREAKER_MM)
    yield from symbols.conductor_strokes(run, _STROKES_MM, len(network.bars))
    yield symbols.terminal(run, _TERMINAL_MM)
    x0, y0, x1, y1 = run.box((_BREAKER_MM, end), (-2.6, 3.2))
    first, second = main_words(facts, main)
    yield Rectangle(
        layer=Layer.SYMBOL,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        style=symbols.UNSEEN,
        part=main.id,
        hint=f"{first} · {second}",
        attributes=main_attributes(facts, main),
    )
    yield from (symbols.residual_breaker if residual else symbols.circuit_breaker)(run, _BREAKER_MM)
    yield symbols.wire(run, end, HEIGHT_MM)
    supply = say(facts, f"source.{network.supply.name.lower()}")
    cable = say(facts, "source.cable", cable=main.cable or NONE_GIVEN)
    yield from _words(run, _SOURCE_MM, supply, 2.8, bold=True)
    middle = run.y - _STROKES_MM - 1.6
    yield from paragraph(
        cable, (run.x + _WORDS_MM, middle - 3.2, run.x + MAIN_WORDS_MM, middle + 3.2), 2.4, layer=Layer.LABEL
    )
    yield from _words(run, _BREAKER_MM + 4.0, first, 2.8, bold=True)
    yield from _words(run, _BREAKER_MM + 8.2, second, 2.4)
    yield from _instruments(facts, [item for item in instruments if item not in inline], run)
    for item in inline:
        x, y = run.at(_METER_MM)
        yield from symbols.energy_meter(x, y)
        yield from _words(run, _METER_MM, facts.accessory_tag(item), 2.2)
    yield from _bus_words(facts, bus, run)


def continued_from(facts: PanelFacts, bus: BusPlan, sheet: int, sheets: int) -> Iterator[Shape]:
    """Yield the end of a bus that comes from another sheet."""
    name = facts.design.problem.mains[bus.main].name
    run = Run(bus.x, bus.top + 9.0, Direction.DOWN)
    yield symbols.wire(run, 0.0, 9.0, _CONTINUED)
    yield symbols.outgoing(run, 2.0)
    words = say(facts, "bus.continued", main=name, sheet=sheet, sheets=sheets)
    yield from _words(run, 3.0, words, 2.4, bold=True)


def continues_on(facts: PanelFacts, bus: BusPlan, low: float, sheet: int, sheets: int) -> Iterator[Shape]:
    """Yield the end of a bus that goes on to another sheet."""
    run = Run(bus.x, low, Direction.DOWN)
    yield symbols.wire(run, 0.0, 5.0, _CONTINUED)
    yield symbols.outgoing(run, 2.4)
    yield from _words(run, 3.0, say(facts, "bus.continues", sheet=sheet, sheets=sheets), 2.4, bold=True)


_CONTINUED: Final = Style(stroke=palette.INK, weight_mm=1.0)


def _instruments(facts: PanelFacts, items: list[FittedAccessory], run: Run) -> Iterator[Shape]:
    """Yield the instruments on the secondary of a current transformer, side by side to the right."""
    if not items:
        return
    yield from symbols.current_transformer(run, _TRANSFORMER_MM)
    x, y = run.at(_TRANSFORMER_MM, -_SECONDARY_MM)
    beside = (run.x - 8.0, y - 1.3, run.x - symbols.RING_MM - 0.4, y + 1.3)
    yield from word("CT", beside, 2.0, anchor=Anchor.END, layer=Layer.LABEL)
    last = x + 4.0 + (len(items) - 1) * _INSTRUMENT_PITCH_MM
    yield Line(layer=Layer.WIRE, x0=x, y0=y, x1=last, y1=y, style=symbols.WIRE)
    for number, item in enumerate(items):
        middle = x + 4.0 + number * _INSTRUMENT_PITCH_MM
        if item.kind == "va_meter":
            yield from symbols.instrument(middle, y, "V/A")
        else:
            yield from symbols.energy_meter(middle, y)
        box = (middle + 3.2, y - 3.2, middle + _INSTRUMENT_PITCH_MM - 3.2, y - 0.4)
        yield from word(facts.accessory_tag(item), box, 2.0, layer=Layer.LABEL)


def _bus_words(facts: PanelFacts, bus: BusPlan, run: Run) -> Iterator[Shape]:
    """Yield the bars at the head of a bus: a coloured stroke and a letter for each, and their section."""
    bars = facts.design.problem.network.bars
    for number, name in enumerate(bars):
        place = _TICKS_MM - 1.0 + number * 1.3
        (x0, y0), (x1, y1) = run.at(place - 0.9, 1.8), run.at(place + 0.9, -1.8)
        style = Style(stroke=palette.colour_of(name).fill, weight_mm=0.5)
        yield Line(layer=Layer.BUSBAR, x0=x0, y0=y0, x1=x1, y1=y1, style=style)
        yield from badge(name, (run.x + 3.4 + number * 3.1, run.y - _TICKS_MM), (3.1, 3.0))
    section = bus_section(facts, bus.main)
    key = "bus.section" if section else "bus.wired"
    if bus.is_empty:
        key = "bus.main_only"
    left = 3.4 + len(bars) * 3.1 + 0.8
    box = (run.x + left, run.y - _TICKS_MM - 1.7, run.x + MAIN_WORDS_MM, run.y - _TICKS_MM + 1.7)
    yield from word(say(facts, key, section=section), box, 2.4, bold=True, layer=Layer.LABEL)


def _words(run: Run, along: float, content: str, size: float, *, bold: bool = False) -> Iterator[Shape]:
    """Yield words on the right of the line, their middle at ``along``."""
    y = run.y - along
    box = (run.x + _WORDS_MM, y - 1.9, run.x + MAIN_WORDS_MM, y + 1.9)
    yield from word(content, box, size, bold=bold, layer=Layer.LABEL)
