"""The neutral and the earth bar at the foot of a single-line diagram, with a terminal for every circuit of the sheet; their names on the right."""

from collections.abc import Iterator, Sequence
from typing import Final

from kis.estimator.documents.drawings import palette, symbols
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import (
    Box,
    Circle,
    Layer,
    Line,
    Polyline,
    Rectangle,
    Shape,
    Style,
    centred_text,
)
from kis.estimator.documents.drawings.single_line.facts import Branch, say
from kis.estimator.documents.drawings.single_line.plan import TERMINAL_BAR_MM
from kis.estimator.documents.drawings.symbols import Direction, Run
from kis.estimator.documents.drawings.table import word

_NAME_MM: Final = 36.0
_EARTH_MM: Final = 9.0
_BAR_MM: Final = 2.2
_BAR_TOP_MM: Final = 2.0
"""From the top of a bar's strip down to the bar."""
_TERMINAL_PITCH_MM: Final = 9.0
_NUMBER_MM: Final = 1.9
_NEUTRAL_WIRE: Final = Style(stroke=palette.colour_of("N").fill, weight_mm=0.35)


def terminal_bars(facts: PanelFacts, branches: Sequence[Branch], box: Box, reach: float) -> Iterator[Shape]:
    """Yield the bars in the strips of ``box``, the neutral above the earth, long enough for every terminal and to ``reach``.

    Circuits without N have no neutral terminal.
    """
    x0, _, x1, top = box
    devices = [item for item in branches if item.is_device]
    needed = max(reach + _TERMINAL_PITCH_MM, x0 + (len(devices) + 1) * _TERMINAL_PITCH_MM)
    x1 = min(x1, needed + _EARTH_MM + _NAME_MM)
    if facts.design.problem.network.has_neutral:
        numbers = [item.number for item in devices if item.on_neutral]
        yield from _bar(say(facts, "neutral_bar"), numbers, (x0, x1), top, palette.bar_style("N"))
        top -= TERMINAL_BAR_MM
    yield from _bar(
        say(facts, "earth_bar"), [item.number for item in devices], (x0, x1), top, palette.EARTH_BAR
    )
    yield from _to_earth(x1 - _NAME_MM - _EARTH_MM, top - _BAR_TOP_MM - _BAR_MM / 2)


def neutral_link(bus_x: float, low: float, top: float, *, beside_mm: float) -> Iterator[Shape]:
    """Yield the conductor from a bus down to the neutral bar whose strip begins at ``top``, ``beside_mm`` left of it where the bus goes on."""
    x, end = bus_x - beside_mm, top - _BAR_TOP_MM
    points = ((bus_x, low + 0.6), (x, low - 2.0), (x, end)) if beside_mm else ((bus_x, low), (x, end))
    yield Polyline(layer=Layer.WIRE, points=points, style=_NEUTRAL_WIRE)


def _bar(
    name: str, numbers: Sequence[str], width: tuple[float, float], top: float, style: Style
) -> Iterator[Shape]:
    left, right = width[0], width[1] - _NAME_MM - _EARTH_MM
    high = top - _BAR_TOP_MM
    box = (width[1] - _NAME_MM, high - _BAR_MM - 0.8, width[1], high + 0.8)
    yield from word(name, box, 2.4, bold=True, layer=Layer.LABEL)
    yield Rectangle(layer=Layer.TERMINAL_BAR, x0=left, y0=high - _BAR_MM, x1=right, y1=high, style=style)
    pitch = min(_TERMINAL_PITCH_MM, (right - left) / max(1, len(numbers)))
    for place, number in enumerate(numbers):
        x = left + (place + 0.5) * pitch
        yield Circle(layer=Layer.TERMINAL_BAR, x=x, y=high - _BAR_MM / 2, radius=0.75, style=symbols.HOLLOW)
        box = (x - pitch / 2, high - _BAR_MM - 3.0, x + pitch / 2, high - _BAR_MM - 0.4)
        yield centred_text(Layer.TERMINAL_BAR, number, box, _NUMBER_MM, palette.INK)


def _to_earth(x: float, y: float) -> Iterator[Shape]:
    run = Run(x, y, Direction.RIGHT)
    yield Line(layer=Layer.WIRE, x0=x, y0=y, x1=x + 5.0, y1=y, style=symbols.WIRE)
    yield from symbols.earth(run, 5.0)
