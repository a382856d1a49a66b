"""The dimensions of an outline. What is decided stands plainly, what is a shop habit in brackets as an auxiliary dimension."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.outline import habits
from kis.estimator.documents.drawings.outline.box import Fixing, OutlineBox
from kis.estimator.documents.drawings.outline.projection import (
    FIRST_MM,
    LETTER_MM,
    STEP_MM,
    WIDE_STEP_MM,
    Projection,
)
from kis.estimator.documents.drawings.sheet import Axis, Dimension, Layer

_BELOW_LABELS_MM = 2.8
"""From a chain to where the extension lines of the next one begin, so that they do not run through labels outside their gap."""
_ROOMY_DEPTH_MM = 9.0
"""A box that prints less deep has no room for three figures across its depth: only the openings' own is shown."""


def chains(place: Projection) -> Iterator[Dimension]:
    """Yield every chain of the sheet."""
    yield from _heights(place)
    yield from _widths(place)
    yield from _door(place)
    yield from _depths(place)
    yield from _bottom(place)
    if place.box.enters_above:
        line = place.top_y + place.box.depth_mm
        yield _chain(place, Axis.X, _across(place.box), line + FIRST_MM * place.scale, line)
        yield _depth_chain(place, place.top_y, 1)


def _heights(place: Projection) -> Iterator[Dimension]:
    """Yield the height left of the front, and with it what holds the box."""
    box, origin = place.box, -place.box.beyond_mm[0]
    lines = [origin - (FIRST_MM + number * STEP_MM) * place.scale for number in range(2)]
    height = float(box.height_mm)
    fixed = {
        Fixing.LUGS: ((-box.lug_hole_mm, height + box.lug_hole_mm),),
        Fixing.FLANGE: ((-habits.FLANGE_MM, height + habits.FLANGE_MM),),
    }.get(box.fixing, ())
    if box.fixing is Fixing.POLE:
        yield _chain(place, Axis.Y, box.bracket_centres, lines[0], origin)
        yield _known(place, Axis.Y, (0.0, height), (f"H {box.height_mm}",), lines[1], origin)
    elif box.fixing is Fixing.BASE:
        labels = (str(box.base_mm), f"H {box.height_mm}")
        yield _known(place, Axis.Y, (-box.base_mm, 0.0, height), labels, lines[0], origin)
        total = (str(box.base_mm + box.height_mm),)
        yield _known(place, Axis.Y, (-box.base_mm, height), total, lines[1], origin)
    else:
        yield _known(place, Axis.Y, (0.0, height), (f"H {box.height_mm}",), lines[0], origin)
        for stops in fixed:
            yield _chain(place, Axis.Y, stops, lines[1], origin)


def _widths(place: Projection) -> Iterator[Dimension]:
    """Yield the width below the front, and the distance of its fixing holes or the width of its frame."""
    box, origin = place.box, -place.box.beyond_mm[1]
    inner, outer = (origin - (FIRST_MM + number * STEP_MM) * place.scale for number in range(2))
    edge = habits.FLANGE_MM
    whole = (f"W {box.width_mm}",)
    if box.fixing is Fixing.FLANGE:
        yield _known(place, Axis.X, (0.0, float(box.width_mm)), whole, inner, origin)
        yield _chain(place, Axis.X, (-edge, box.width_mm + edge), outer, origin)
        return
    if box.fixing is Fixing.LUGS:
        yield _chain(place, Axis.X, box.lug_centres, inner, origin)
    line = outer if box.fixing is Fixing.LUGS else inner
    yield _known(place, Axis.X, (0.0, float(box.width_mm)), whole, line, origin)


def _door(place: Projection) -> Iterator[Dimension]:
    """Yield the widths of the leaves above the front and their height right of it."""
    box = place.box
    origin = box.height_mm + box.beyond_mm[3]
    for leaf in box.leaves:
        yield _chain(place, Axis.X, (leaf.box[0], leaf.box[2]), origin + FIRST_MM * place.scale, origin)
    _, y0, _, y1 = box.leaves[-1].box
    origin = box.width_mm + box.beyond_mm[2]
    yield _chain(place, Axis.Y, (y0, y1), origin + FIRST_MM * place.scale, origin)


def _depths(place: Projection) -> Iterator[Dimension]:
    """Yield below the side the depth of the door's edge, of the body and of a bracket behind it, and the depth D."""
    box, x = place.box, place.side_x
    low = -box.beyond_mm[1]
    inner = low - FIRST_MM * place.scale
    behind = (x + box.depth_mm + box.behind_mm,) if box.behind_mm else ()
    yield _chain(place, Axis.X, (x, x + habits.DOOR_EDGE_MM, x + box.depth_mm, *behind), inner, low)
    whole, outer = (f"D {box.depth_mm}",), inner - WIDE_STEP_MM * place.scale
    below_labels = inner - _BELOW_LABELS_MM * place.scale
    yield _known(place, Axis.X, (x, x + box.depth_mm), whole, outer, below_labels)


def _bottom(place: Projection) -> Iterator[Dimension]:
    """Yield the gland openings below and left of the bottom view, and the anchor holes of a plinth."""
    box = place.box
    origin = place.bottom_y - box.depth_mm - place.behind_mm
    first = origin - FIRST_MM * place.scale
    yield _chain(place, Axis.X, _across(box), first, origin)
    yield _depth_chain(place, place.bottom_y, -1)
    if box.fixing is Fixing.BASE:
        side, edge = habits.ANCHOR_SIDE_MM, habits.ANCHOR_DEPTH_MM
        below_labels = first - _BELOW_LABELS_MM * place.scale
        second = first - WIDE_STEP_MM * place.scale
        yield _chain(place, Axis.X, (side, box.width_mm - side), second, below_labels)
        stops = (place.bottom_y - box.depth_mm + edge, place.bottom_y - edge)
        right = float(box.width_mm)
        yield _chain(place, Axis.Y, stops, right + FIRST_MM * place.scale, right)


def _depth_chain(place: Projection, face: float, away: int) -> Dimension:
    """Return how the gland openings lie between front and back, left of the view whose front face is at ``face``."""
    _, v0, _, v1 = place.box.gland_openings[0]
    depth = float(place.box.depth_mm)
    roomy = depth >= _ROOMY_DEPTH_MM * place.scale
    stops = sorted(face + away * v for v in ((0.0, v0, v1, depth) if roomy else (v0, v1)))
    origin = -place.box.beyond_mm[0]
    return _chain(place, Axis.Y, stops, origin - FIRST_MM * place.scale, origin)


def _across(box: OutlineBox) -> tuple[float, ...]:
    """Return the sides of the box and of its gland openings."""
    edges = [edge for x0, _, x1, _ in box.gland_openings for edge in (x0, x1)]
    return (0.0, *edges, float(box.width_mm))


def _chain(place: Projection, axis: Axis, stops: Sequence[float], line: float, origin: float) -> Dimension:
    """Return a chain of shop habits: every figure in brackets."""
    labels = tuple(f"({end - start:g})" for start, end in pairwise(stops))
    return _known(place, axis, stops, labels, line, origin)


def _known(
    place: Projection,
    axis: Axis,
    stops: Sequence[float],
    labels: tuple[str, ...],
    line: float,
    origin: float,
) -> Dimension:
    return Dimension(
        layer=Layer.DIMENSION,
        axis=axis,
        stops=tuple(stops),
        labels=labels,
        line=line,
        origin=origin,
        size_mm=LETTER_MM * place.scale,
        style=palette.DIMENSION,
        colour=palette.DIMENSION_INK,
    )
