"""Item numbers around the views: a number in a circle, its leader to the thing, and for the list what the thing is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.outline import habits, ink
from kis.estimator.documents.drawings.outline.box import Fixing
from kis.estimator.documents.drawings.outline.door import Door
from kis.estimator.documents.drawings.outline.projection import Projection
from kis.estimator.documents.drawings.sheet import (
    Arc,
    Box,
    Circle,
    Dimension,
    Layer,
    Line,
    Polyline,
    Rectangle,
    Shape,
    Style,
    Text,
    centred_text,
)
from kis.estimator.documents.drawings.word_block import overlap

_RADIUS_MM: Final = 2.3
_NUMBER_MM: Final = 2.4
_DOT_MM: Final = 0.45
_MARGIN_MM: Final = 0.5
_REACHES_MM: Final = (6.0, 8.0, 10.0, 13.0, 16.0, 20.0, 25.0, 31.0)
_DIRECTIONS: Final = tuple(
    (round(cos(pi / 4 + pi * step / 12), 9), round(sin(pi / 4 + pi * step / 12), 9)) for step in range(24)
)
"""Every 15 degrees, first to the upper right; rounded, because the last digit of a sine is not the same on all machines."""
_RING: Final = Style(stroke=palette.INK, weight_mm=palette.THIN_MM, fill=palette.PAPER)
_DOT: Final = Style(fill=palette.INK)

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Item:
    """Something with a number: the key of its name, and the point of the views it is at."""

    key: str
    x: float
    y: float


def items(place: Projection, door: Door) -> tuple[Item, ...]:
    """Return what is listed, in the order of its numbers."""
    return tuple(_items(place, door))


def balloons(numbered: Sequence[Item], shapes: Sequence[Shape], within: Box, scale: float) -> Iterator[Shape]:
    """Yield number and leader of every item, each where it touches no text, no edge and no other number."""
    hindrances = [box for shape in shapes for box in _hindrances(shape, scale)]
    words = [box for shape in shapes for box in _words(shape)]
    for number, item in enumerate(numbered, start=1):
        centre = _place(item, hindrances, words, within, scale)
        if centre is None:
            continue
        yield from _balloon(number, item, centre, scale)
        reach = (_RADIUS_MM + _MARGIN_MM) * scale
        own = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
        hindrances.append(own)
        words.append(own)
        hindrances += [
            (x - _MARGIN_MM * scale, y - _MARGIN_MM * scale, x + _MARGIN_MM * scale, y + _MARGIN_MM * scale)
            for x, y in _along(item, centre)
        ]


def _items(place: Projection, door: Door) -> Iterator[Item]:
    box = place.box
    yield Item("body", place.side_x + box.depth_mm * 0.6, box.height_mm * 0.75)
    leaf = box.leaves[0].box
    name = "cover" if box.is_screwed else "door"
    yield Item(name, leaf[0] + 0.22 * (leaf[2] - leaf[0]), leaf[1] + 0.3 * (leaf[3] - leaf[1]))
    if door.hinges:
        yield Item("hinge", *_middle(door.hinges[0]))
    if door.handles:
        yield Item("handle", *_middle(door.handles[0]))
    if door.screws:
        yield Item("screw", *door.screws[0])
    if door.nameplate is not None:
        x0, _, _, y1 = door.nameplate
        yield Item("nameplate", x0, y1)
    if door.sign is not None:
        x0, y0, x1, y1 = door.sign
        yield Item("sign", x0 + 0.9 * (x1 - x0), y0 + 0.1 * (y1 - y0))
    x0, v0, x1, v1 = box.gland_openings[-1]
    yield Item("gland", x0 + 0.85 * (x1 - x0), place.bottom_y - (v0 + v1) / 2)
    yield from _fixing(place)
    if box.has_roof:
        yield Item("roof", box.width_mm * 0.85, box.height_mm + habits.ROOF_HEIGHT_MM / 2)


def _fixing(place: Projection) -> Iterator[Item]:
    box = place.box
    if box.fixing is Fixing.LUGS:
        yield Item("lug", box.lug_centres[1], box.height_mm + box.lug_hole_mm)
    elif box.fixing is Fixing.FLANGE:
        yield Item("flange", box.width_mm + habits.FLANGE_MM / 2, box.height_mm * 0.25)
        yield Item("wall", place.side_x + habits.DOOR_EDGE_MM, box.height_mm + 1.4 * habits.FLANGE_MM)
    elif box.fixing is Fixing.BASE:
        yield Item("base", place.side_x + box.depth_mm / 2, -box.base_mm / 2)
    else:
        reach = place.side_x + box.depth_mm + box.behind_mm
        yield Item("bracket", reach - box.behind_mm / 2, box.bracket_centres[1])
        yield Item("pole", reach, box.height_mm / 2)


def _middle(box: Box) -> _Point:
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def _place(
    item: Item, hindrances: Sequence[Box], words: Sequence[Box], within: Box, scale: float
) -> _Point | None:
    """Return the nearest free centre for a balloon whose leader crosses no word; None where there is none."""
    radius = (_RADIUS_MM + _MARGIN_MM) * scale
    for reach in _REACHES_MM:
        for dx, dy in _DIRECTIONS:
            x, y = item.x + reach * scale * dx, item.y + reach * scale * dy
            box = (x - radius, y - radius, x + radius, y + radius)
            if not _inside(box, within) or any(overlap(box, other) for other in hindrances):
                continue
            if not any(_covers(word, point) for point in _along(item, (x, y)) for word in words):
                return (x, y)
    return None


def _balloon(number: int, item: Item, centre: _Point, scale: float) -> Iterator[Shape]:
    radius = _RADIUS_MM * scale
    dx, dy = centre[0] - item.x, centre[1] - item.y
    share = 1 - radius / hypot(dx, dy)
    yield Line(
        layer=Layer.LABEL,
        x0=item.x,
        y0=item.y,
        x1=item.x + share * dx,
        y1=item.y + share * dy,
        style=ink.LEADER,
    )
    yield Circle(layer=Layer.LABEL, x=item.x, y=item.y, radius=_DOT_MM * scale, style=_DOT)
    yield Circle(layer=Layer.LABEL, x=centre[0], y=centre[1], radius=radius, style=_RING)
    box = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
    yield centred_text(Layer.LABEL, str(number), box, _NUMBER_MM * scale, palette.INK, bold=True)


def _along(item: Item, centre: _Point) -> list[_Point]:
    """Return points along a leader, its own end left out."""
    return [
        (item.x + share / 10 * (centre[0] - item.x), item.y + share / 10 * (centre[1] - item.y))
        for share in range(1, 10)
    ]


def _hindrances(shape: Shape, scale: float) -> list[Box]:
    """Return what a balloon may not touch: words, lines, edges, small things whole."""
    if isinstance(shape, Dimension):
        return [box for piece in pieces(shape) for box in _hindrances(piece, scale)]
    if isinstance(shape, Text):
        return [shape.extent]
    if isinstance(shape, Line):
        return [
            (
                min(shape.x0, shape.x1),
                min(shape.y0, shape.y1),
                max(shape.x0, shape.x1),
                max(shape.y0, shape.y1),
            )
        ]
    box = _around(shape)
    if min(box[2] - box[0], box[3] - box[1]) < 4 * _RADIUS_MM * scale or not isinstance(shape, Rectangle):
        return [box]
    x0, y0, x1, y1 = box
    return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def _around(shape: Rectangle | Polyline | Circle | Arc) -> Box:
    if isinstance(shape, Rectangle):
        return (shape.x0, shape.y0, shape.x1, shape.y1)
    if isinstance(shape, Polyline):
        xs, ys = [x for x, _ in shape.points], [y for _, y in shape.points]
        return (min(xs), min(ys), max(xs), max(ys))
    return (
        shape.x - shape.radius,
        shape.y - shape.radius,
        shape.x + shape.radius,
        shape.y + shape.radius,
    )


def _words(shape: Shape) -> list[Box]:
    if isinstance(shape, Dimension):
        return [piece.extent for piece in pieces(shape) if isinstance(piece, Text)]
    return [shape.extent] if isinstance(shape, Text) else []


def _covers(box: Box, point: _Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _inside(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
