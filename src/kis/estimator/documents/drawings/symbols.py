"""Graphical symbols of diagrams after IEC 60617, in print millimetres, drawn along a conductor that runs right, left or down.

A symbol is told where it begins on its conductor: ``along`` counts from the start of the run with the current, ``across`` to its left
hand for a run to the right (upwards), mirrored for a run to the left. Nothing but lines: a sheet printed in black says the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.sheet import (
    Arc,
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

STROKE: Final = Style(stroke=palette.INK, weight_mm=0.35)
THIN: Final = Style(stroke=palette.INK, weight_mm=0.18)
FILLED: Final = Style(stroke=palette.INK, weight_mm=0.18, fill=palette.INK)
HOLLOW: Final = Style(stroke=palette.INK, weight_mm=0.35, fill=palette.PAPER)
LINK: Final = Style(stroke=palette.INK, weight_mm=0.18, dash_mm=(0.7, 0.4))
"""A mechanical link."""
WIRE: Final = Style(stroke=palette.INK, weight_mm=0.25)
NO_DEVICE: Final = Style(stroke=palette.MUTED, weight_mm=0.25, dash_mm=(1.2, 0.7))
UNSEEN: Final = Style()
"""Of the frame that carries a symbol's attributes."""

SWITCH_MM: Final = 11.0
"""Length of every contact along its conductor, ends included."""
RING_MM: Final = 1.5
"""Radius of a summation or current transformer."""
RESIDUAL_MM: Final = SWITCH_MM + 2 * RING_MM + 1.0
"""Length of a breaker with its residual-current ring."""
ARRESTER_MM: Final = 6.6
EARTH_MM: Final = 1.8
INSTRUMENT_MM: Final = 2.7
"""Radius of an instrument."""
STROKE_PITCH_MM: Final = 1.1
"""Between the strokes that count the conductors of a line."""

_FIXED_MM: Final = 3.0
_HINGE_MM: Final = 9.0
_BLADE_MM: Final = 2.7
_CROSS_MM: Final = 0.95
_LETTER_MM: Final = 2.0


class Direction(StrEnum):
    """Where a conductor runs to."""

    RIGHT = "right"
    LEFT = "left"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Run:
    """A straight conductor from (x, y) on."""

    x: float
    y: float
    direction: Direction

    def at(self, along: float, across: float = 0.0) -> tuple[float, float]:
        """Return the sheet's point."""
        if self.direction is Direction.RIGHT:
            return (self.x + along, self.y + across)
        if self.direction is Direction.LEFT:
            return (self.x - along, self.y + across)
        return (self.x - across, self.y - along)

    def box(self, along: tuple[float, float], across: tuple[float, float]) -> Box:
        """Return the upright box between two corners."""
        (x0, y0), (x1, y1) = self.at(along[0], across[0]), self.at(along[1], across[1])
        return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def degrees(self, first: float, last: float) -> tuple[float, float]:
        """Return the start and the end, counter-clockwise, of an arc that spans two angles of the run; a mirrored run turns the other way."""
        if self.direction is Direction.RIGHT:
            return (first, last)
        mirror = 180.0 if self.direction is Direction.LEFT else 270.0
        return ((mirror - last) % 360, (mirror - first) % 360)


def wire(run: Run, start: float, end: float, style: Style = WIRE) -> Line:
    """Return the plain conductor between two places."""
    return _line(run, (start, 0.0), (end, 0.0), style, layer=Layer.WIRE)


def conductor_strokes(run: Run, along: float, count: int) -> Iterator[Shape]:
    """Yield one oblique stroke per conductor, from ``along`` on: how a single line tells how many it stands for."""
    for number in range(count):
        middle = along + number * STROKE_PITCH_MM
        yield _line(run, (middle - 0.5, -1.3), (middle + 0.5, 1.3), THIN, layer=Layer.WIRE)


def circuit_breaker(run: Run, along: float) -> Iterator[Shape]:
    """Yield a circuit-breaker: a make contact with a cross at its fixed end."""
    yield from _contact(run, along)
    fixed = along + _FIXED_MM
    for sign in (1, -1):
        ends = (
            (fixed - _CROSS_MM, -sign * _CROSS_MM),
            (fixed + _CROSS_MM, sign * _CROSS_MM),
        )
        yield _line(run, *ends, STROKE)


def residual_breaker(run: Run, along: float) -> Iterator[Shape]:
    """Yield a circuit-breaker tripped by residual current: the summation ring around its conductors, linked to the blade, with a test button."""
    yield from circuit_breaker(run, along)
    ring = along + SWITCH_MM + RING_MM
    yield wire(run, along + SWITCH_MM, along + RESIDUAL_MM)
    yield _circle(run, ring, 0.0, RING_MM, STROKE)
    height = 2.3
    blade = along + _HINGE_MM - (_HINGE_MM - _FIXED_MM) * height / _BLADE_MM
    link = ((ring, RING_MM), (ring, height), (blade, height))
    yield Polyline(layer=Layer.SYMBOL, points=tuple(run.at(*point) for point in link), style=LINK)
    yield _line(run, (ring, -RING_MM), (ring, -height), THIN)
    yield _line(run, (ring - 0.9, -height), (ring + 0.9, -height), STROKE)


def contactor(run: Run, along: float) -> Iterator[Shape]:
    """Yield a contactor: a make contact with a half-circle at its fixed end."""
    yield from _contact(run, along)
    x, y = run.at(along + _FIXED_MM + 0.8)
    start, end = run.degrees(180.0, 360.0)
    yield Arc(layer=Layer.SYMBOL, x=x, y=y, radius=0.8, start_deg=start, end_deg=end, style=STROKE)


def push_button(run: Run, along: float) -> Iterator[Shape]:
    """Yield a make contact worked by pushing."""
    yield from _contact(run, along)
    middle = along + (_FIXED_MM + _HINGE_MM) / 2
    yield _line(run, (middle, _BLADE_MM / 2), (middle, 3.6), LINK)
    head = ((middle - 1.2, 2.9), (middle - 1.2, 3.6), (middle + 1.2, 3.6), (middle + 1.2, 2.9))
    yield Polyline(layer=Layer.SYMBOL, points=tuple(run.at(*point) for point in head), style=STROKE)


def fuse(run: Run, along: float) -> Iterator[Shape]:
    """Yield a fuse: a rectangle with the conductor through it."""
    yield _rectangle(run, (along + 2.5, along + 8.5), (-1.2, 1.2), STROKE)
    yield _line(run, (along, 0.0), (along + SWITCH_MM, 0.0), STROKE)


def surge_arrester(run: Run, along: float) -> Iterator[Shape]:
    """Yield a surge protective device: a rectangle with an arrow towards the earth in it."""
    yield _rectangle(run, (along + 0.6, along + 6.0), (-1.5, 1.5), STROKE)
    yield _line(run, (along, 0.0), (along + 3.0, 0.0), STROKE)
    yield _triangle(run, along + 2.6, 1.9, 0.8)
    yield _line(run, (along + 6.0, 0.0), (along + ARRESTER_MM, 0.0), STROKE)


def earth(run: Run, along: float) -> Iterator[Shape]:
    """Yield the earth at the end of a conductor."""
    for number, half in enumerate((2.0, 1.3, 0.6)):
        place = along + number * EARTH_MM / 2
        yield _line(run, (place, -half), (place, half), STROKE)


def terminal(run: Run, along: float, style: Style = HOLLOW) -> Circle:
    """Return a terminal."""
    return _circle(run, along, 0.0, 0.65, style)


def outgoing(run: Run, along: float) -> Polyline:
    """Return the arrow of a line that leaves for its load."""
    return _triangle(run, along, 2.6, 0.9)


def current_transformer(run: Run, along: float) -> Iterator[Shape]:
    """Yield a current transformer: a ring around the conductor with the two strokes of its secondary on the right hand."""
    yield _circle(run, along, 0.0, RING_MM, STROKE)
    yield _line(run, (along, -RING_MM), (along, -6.0), THIN)
    for place in (-3.2, -4.2):
        yield _line(run, (along - 0.8, place - 0.5), (along + 0.8, place + 0.5), THIN)


def source(run: Run, along: float) -> Iterator[Shape]:
    """Yield an alternating-current source: a circle with a wave."""
    yield _circle(run, along, 0.0, INSTRUMENT_MM, STROKE)
    x, y = run.at(along)
    for middle, start in ((-0.8, 0.0), (0.8, 180.0)):
        yield Arc(
            layer=Layer.SYMBOL,
            x=x + middle,
            y=y,
            radius=0.8,
            start_deg=start,
            end_deg=start + 180.0,
            style=THIN,
        )


def instrument(x: float, y: float, letters: str) -> Iterator[Shape]:
    """Yield an indicating instrument: a circle with its letters."""
    yield Circle(layer=Layer.SYMBOL, x=x, y=y, radius=INSTRUMENT_MM, style=HOLLOW)
    half = INSTRUMENT_MM
    yield centred_text(
        Layer.SYMBOL, letters, (x - half, y - half, x + half, y + half), _LETTER_MM, palette.INK
    )


def energy_meter(x: float, y: float) -> Iterator[Shape]:
    """Yield an integrating meter: a square with a band above its unit."""
    half = INSTRUMENT_MM + 0.3
    yield Rectangle(layer=Layer.SYMBOL, x0=x - half, y0=y - half, x1=x + half, y1=y + half, style=HOLLOW)
    yield Line(
        layer=Layer.SYMBOL, x0=x - half, y0=y + half - 1.4, x1=x + half, y1=y + half - 1.4, style=STROKE
    )
    yield centred_text(
        Layer.SYMBOL, "kWh", (x - half, y - half, x + half, y + half - 1.4), _LETTER_MM, palette.INK
    )


def clock(x: float, y: float) -> Iterator[Shape]:
    """Yield a time switch: the face of a clock."""
    yield Circle(layer=Layer.SYMBOL, x=x, y=y, radius=INSTRUMENT_MM, style=HOLLOW)
    hands = ((x, y + 1.9), (x, y), (x + 1.4, y))
    yield Polyline(layer=Layer.SYMBOL, points=hands, style=STROKE)


def _contact(run: Run, along: float) -> Iterator[Shape]:
    """Yield an open make contact with its two ends."""
    yield _line(run, (along, 0.0), (along + _FIXED_MM, 0.0), STROKE)
    yield _line(run, (along + _HINGE_MM, 0.0), (along + _FIXED_MM, _BLADE_MM), STROKE)
    yield _line(run, (along + _HINGE_MM, 0.0), (along + SWITCH_MM, 0.0), STROKE)


def _triangle(run: Run, along: float, length: float, half: float) -> Polyline:
    corners = ((along, half), (along + length, 0.0), (along, -half))
    return Polyline(
        layer=Layer.SYMBOL, points=tuple(run.at(*corner) for corner in corners), style=FILLED, closed=True
    )


def _line(
    run: Run,
    start: tuple[float, float],
    end: tuple[float, float],
    style: Style,
    *,
    layer: Layer = Layer.SYMBOL,
) -> Line:
    (x0, y0), (x1, y1) = run.at(*start), run.at(*end)
    return Line(layer=layer, x0=x0, y0=y0, x1=x1, y1=y1, style=style)


def _circle(run: Run, along: float, across: float, radius: float, style: Style) -> Circle:
    x, y = run.at(along, across)
    return Circle(layer=Layer.SYMBOL, x=x, y=y, radius=radius, style=style)


def _rectangle(run: Run, along: tuple[float, float], across: tuple[float, float], style: Style) -> Rectangle:
    x0, y0, x1, y1 = run.box(along, across)
    return Rectangle(layer=Layer.SYMBOL, x0=x0, y0=y0, x1=x1, y1=y1, style=style)
