"""The branches of a bus: a symbol on its line, and beside it everything a workshop wires it by, in a table that keeps the rows of the lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

from kis.estimator.documents.drawings import palette, symbols
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import (
    CENTRE_OFFSET,
    Anchor,
    Box,
    Circle,
    Layer,
    Line,
    Rectangle,
    Shape,
    Style,
    Text,
    centred_text,
)
from kis.estimator.documents.drawings.single_line.facts import NONE_GIVEN, Branch, BranchKind, say
from kis.estimator.documents.drawings.single_line.plan import TABLE_HEAD_MM, BusPlan
from kis.estimator.documents.drawings.symbols import Direction, Run
from kis.estimator.documents.drawings.table import SMALLEST_MM, word
from kis.estimator.documents.drawings.text_fit import shortened, text_width, wrapped

_STROKES_MM: Final = 2.6
_BREAKER_MM: Final = 7.0
_TERMINAL_MM: Final = 25.5
_ARROW_MM: Final = 29.5
_LINE_MM: Final = 34.0
"""Along a branch: strokes, breaker, terminal, arrow, and where its words begin."""

_FIXED: Final = (("number", 9.0), ("breaker", 48.0), ("phase", 13.5))
_VA_MM: Final = 17.0
_CABLE_SHARE: Final = 0.36
"""Of what load and cable share."""
_NO_CABLE_MM: Final = 12.0
"""Where no cable of the bus is given."""

_NUMBER_RADIUS_MM: Final = 2.7
_BADGE_MM: Final = (2.9, 3.0)
_FIRST_MM: Final = 2.2
_SECOND_MM: Final = 1.9
_LEADING_MM: Final = 2.7
"""Between the baselines of two lines in a row."""
_INSET_MM: Final = 0.5
"""Between the rule of a column and its words, besides their own padding."""
_PADDING_MM: Final = 0.6
_SIZES_MM: Final = (2.6, 2.4, 2.2, 2.0, SMALLEST_MM)
_WRAPPED_MM: Final = 0.9
"""Words are set smaller by so much before they take a second line."""
_LEADING: Final = 1.28
"""From baseline to baseline, in text sizes."""
_FRAME_ACROSS_MM: Final = (-2.6, 3.0)
_BUS: Final = Style(stroke=palette.INK, weight_mm=1.0)
_NODE: Final = Style(fill=palette.INK)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the table as it lies beside the bus."""

    name: str
    x0: float
    x1: float


def bus_bottom(bus: BusPlan, pitch_mm: float) -> float:
    """Return how far down a bus and its rows reach."""
    return bus.top - TABLE_HEAD_MM - bus.rows * pitch_mm


def branches(facts: PanelFacts, bus: BusPlan, pitch_mm: float) -> Iterator[Shape]:
    """Yield a bus with its branches; with two sides the odd ones leave to the left."""
    if bus.is_empty:
        yield from _load_side(Run(bus.x, bus.top, Direction.DOWN))
        return
    low = bus_bottom(bus, pitch_mm)
    yield Line(layer=Layer.BUSBAR, x0=bus.x, y0=low, x1=bus.x, y1=bus.top, style=_BUS)
    with_cables = any(item.cable not in {"", NONE_GIVEN} for item in bus.branches)
    sides: list[tuple[Direction, float, Sequence[Branch]]] = [(Direction.RIGHT, bus.right, bus.branches)]
    if bus.left:
        sides = [
            (Direction.LEFT, bus.left, bus.branches[::2]),
            (Direction.RIGHT, bus.right, bus.branches[1::2]),
        ]
    for direction, width, items in sides:
        if items:
            columns = _columns(Run(bus.x, 0.0, direction), width, with_cables=with_cables)
            yield from _side(facts, columns, Run(bus.x, bus.top, direction), items, pitch_mm)


def _load_side(run: Run) -> Iterator[Shape]:
    """Yield the line of a main that feeds its load directly."""
    yield symbols.wire(run, 0.0, 2 * TABLE_HEAD_MM)
    yield symbols.terminal(run, TABLE_HEAD_MM)
    yield symbols.outgoing(run, 2 * TABLE_HEAD_MM)


def _side(
    facts: PanelFacts, columns: Sequence[_Column], head: Run, items: Sequence[Branch], pitch: float
) -> Iterator[Shape]:
    """Yield the branches of one side; ``head`` is where the bus begins and to which side they leave."""
    top = head.y - TABLE_HEAD_MM
    edges = (min(column.x0 for column in columns), max(column.x1 for column in columns))
    yield Rectangle(layer=Layer.TABLE, x0=edges[0], y0=top, x1=edges[1], y1=head.y, style=palette.TABLE_HEAD)
    for column in columns:
        anchor = Anchor.MIDDLE if column.name in {"number", "phase"} else Anchor.START
        if column.name == "load_va":
            anchor = Anchor.END
        box = (column.x0, top, column.x1, head.y)
        yield from word(
            say(facts, f"column.{column.name}"), box, 2.1, anchor=anchor, bold=True, layer=Layer.TABLE
        )
    for number, item in enumerate(items):
        high = top - number * pitch
        yield from _line(item, Run(head.x, high - pitch / 2, head.direction))
        yield from _words(item, columns, (high - pitch, high), _enlarged(pitch))
        yield _rule(edges[0], high, edges[1], high, palette.RULE if number else palette.STRONG_RULE)
    low = top - len(items) * pitch
    for x in sorted({x for column in columns for x in (column.x0, column.x1)} - set(edges)):
        yield _rule(x, low, x, head.y, palette.RULE)
    yield Rectangle(layer=Layer.TABLE, x0=edges[0], y0=low, x1=edges[1], y1=head.y, style=palette.STRONG_RULE)


def _columns(run: Run, width: float, *, with_cables: bool) -> list[_Column]:
    """Return the columns, the circuit's number next to its line on either side."""
    rest = width - _LINE_MM - sum(size for _, size in _FIXED) - _VA_MM
    cable = _CABLE_SHARE * rest if with_cables else _NO_CABLE_MM
    sizes = (*_FIXED, ("load", rest - cable), ("load_va", _VA_MM), ("cable", cable))
    columns: list[_Column] = []
    along = _LINE_MM
    for name, size in sizes:
        x0, _, x1, _ = run.box((along, along + size), (0.0, 0.0))
        columns.append(_Column(name, x0, x1))
        along += size
    return columns


def _line(item: Branch, run: Run) -> Iterator[Shape]:
    """Yield the line of a branch from the bus to its load."""
    if item.kind is BranchKind.EMPTY:
        yield symbols.wire(run, 0.0, _BREAKER_MM + symbols.SWITCH_MM, symbols.NO_DEVICE)
        yield symbols.terminal(run, _BREAKER_MM + symbols.SWITCH_MM + 0.65, symbols.NO_DEVICE)
        return
    yield Circle(layer=Layer.WIRE, x=run.x, y=run.y, radius=0.9, style=_NODE)
    yield symbols.wire(run, 0.0, _BREAKER_MM)
    yield from symbols.conductor_strokes(run, _STROKES_MM, item.breaker.poles)
    end = _BREAKER_MM + (symbols.RESIDUAL_MM if item.is_residual else symbols.SWITCH_MM)
    yield from _breaker(item, run, end)
    if item.kind is BranchKind.SURGE:
        yield from symbols.surge_arrester(run, end)
        yield from symbols.earth(run, end + symbols.ARRESTER_MM)
        return
    reserve = item.kind is BranchKind.RESERVE
    yield symbols.wire(run, end, _TERMINAL_MM if reserve else _ARROW_MM)
    yield symbols.terminal(run, _TERMINAL_MM)
    if not reserve:
        yield symbols.outgoing(run, _ARROW_MM)


def _breaker(item: Branch, run: Run, end: float) -> Iterator[Shape]:
    """Yield the breaker in the frame that tells a CAD program what it is."""
    x0, y0, x1, y1 = run.box((_BREAKER_MM, end), _FRAME_ACROSS_MM)
    yield Rectangle(
        layer=Layer.SYMBOL,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        style=symbols.UNSEEN,
        part=item.id,
        hint=f"{item.number} · {item.rating} · {item.model}",
        attributes=item.attributes,
    )
    symbol = symbols.residual_breaker if item.is_residual else symbols.circuit_breaker
    yield from symbol(run, _BREAKER_MM)


def _enlarged(pitch: float) -> float:
    """Return how much larger letters are where the rows have room."""
    return min(1.25, max(1.0, pitch / 8.0))


def _words(
    item: Branch, columns: Sequence[_Column], height: tuple[float, float], factor: float
) -> Iterator[Shape]:
    boxes = {
        column.name: (column.x0 + _INSET_MM, height[0], column.x1 - _INSET_MM, height[1])
        for column in columns
    }
    yield from _number(item, boxes["number"])
    yield from _two_lines((item.rating, item.model), boxes["breaker"], item, factor)
    yield from _badges(item.lines, boxes["phase"])
    yield from paragraph(item.load, boxes["load"], 2.4 * factor, _ink(item))
    yield from word(item.load_va, boxes["load_va"], _FIRST_MM * factor, anchor=Anchor.END, layer=Layer.TABLE)
    yield from paragraph(item.cable, boxes["cable"], 2.2 * factor)


def _number(item: Branch, box: Box) -> Iterator[Shape]:
    x, y, radius = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, _NUMBER_RADIUS_MM
    style = symbols.THIN if item.is_device else symbols.NO_DEVICE
    yield Circle(layer=Layer.TABLE, x=x, y=y, radius=radius, style=style)
    inner = (x - radius, y - radius, x + radius, y + radius)
    size = min(2.3, 1.75 * radius / text_width(item.number, 1.0, bold=True))
    yield centred_text(
        Layer.TABLE, item.number, inner, max(size, SMALLEST_MM), _ink(item), bold=item.is_device
    )


def _two_lines(lines: tuple[str, str], box: Box, item: Branch, factor: float) -> Iterator[Shape]:
    if not lines[1]:
        yield from word(lines[0], box, _FIRST_MM * factor, _ink(item), layer=Layer.TABLE)
        return
    middle = (box[1] + box[3]) / 2
    upper = (box[0], middle - 0.1, box[2], middle + _LEADING_MM * factor)
    lower = (box[0], middle - _LEADING_MM * factor, box[2], middle + 0.1)
    yield from word(lines[0], upper, _FIRST_MM * factor, bold=True, layer=Layer.TABLE)
    yield from word(lines[1], lower, _SECOND_MM * factor, palette.MUTED, layer=Layer.TABLE)


def paragraph(
    content: str, box: Box, size_mm: float, colour: str = palette.INK, *, layer: Layer = Layer.TABLE
) -> Iterator[Shape]:
    """Yield words in one line, or smaller in as many lines as the box has room for; what is longer still ends in an ellipsis."""
    width, height = box[2] - box[0] - 2 * _PADDING_MM, box[3] - box[1] - 0.8
    for size in (size_mm, *(size for size in _SIZES_MM if size < size_mm)):
        lines = list(wrapped(content, width, size))
        room = floor(height / (_LEADING * size)) if size <= _WRAPPED_MM * size_mm else 1
        if len(lines) <= room:
            break
    else:
        lines = [*lines[: room - 1], shortened(" ".join(lines[room - 1 :]), width, size)]
    top = (box[1] + box[3]) / 2 + _LEADING * size * (len(lines) - 1) / 2 - CENTRE_OFFSET * size
    for number, line in enumerate(lines):
        yield Text(
            layer=layer,
            x=box[0] + _PADDING_MM,
            y=top - number * _LEADING * size,
            content=line,
            size_mm=size,
            colour=colour,
            box=box,
        )


def _badges(lines: Sequence[str], box: Box) -> Iterator[Shape]:
    """Yield the letters of the lines a breaker switches, each on its colour."""
    width, height = _BADGE_MM
    left = (box[0] + box[2] - len(lines) * width) / 2
    middle = (box[1] + box[3]) / 2
    for number, name in enumerate(lines):
        yield from badge(name, (left + number * width, middle), (width, height))


def badge(
    name: str, left_middle: tuple[float, float], size: tuple[float, float] = _BADGE_MM
) -> Iterator[Shape]:
    """Yield a line's letter on its colour."""
    x0, middle = left_middle
    box = (x0 + 0.1, middle - size[1] / 2, x0 + size[0] - 0.1, middle + size[1] / 2)
    yield Rectangle(
        layer=Layer.PHASE_MARK, x0=box[0], y0=box[1], x1=box[2], y1=box[3], style=palette.mark_style(name)
    )
    yield centred_text(Layer.PHASE_MARK, name, box, 2.0, palette.colour_of(name).letter, bold=True)


def _ink(item: Branch) -> str:
    return palette.INK if item.is_device else palette.MUTED


def _rule(x0: float, y0: float, x1: float, y1: float, style: Style) -> Line:
    return Line(layer=Layer.TABLE, x0=x0, y0=y0, x1=x1, y1=y1, style=style)
