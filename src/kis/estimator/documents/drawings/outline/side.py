"""The right side of a box: depth, the door's edge, and what holds the box: lugs, plinth, frame in the wall, brackets on a pole."""

from collections.abc import Iterator

from kis.estimator.documents.drawings.outline import habits, ink
from kis.estimator.documents.drawings.outline.box import Fixing
from kis.estimator.documents.drawings.outline.door import Door
from kis.estimator.documents.drawings.outline.front import rectangle
from kis.estimator.documents.drawings.outline.projection import Projection
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Layer, Line, Polyline, Shape

_WALL_MM = 20
"""How far the line of the wall, of the floor or of a pole reaches beyond what stands there."""


def side_shapes(facts: PanelFacts, place: Projection, door: Door) -> Iterator[Shape]:
    """Yield the side view, the front face at the left as the front view is there."""
    box = place.box
    depth, height = box.depth_mm, box.height_mm
    yield from _fixing(place)
    yield rectangle(Layer.BOX, place.beside(0, 0, depth, height), ink.BODY, facts.say("part.box"))
    reveal = habits.REVEAL_MM
    yield rectangle(Layer.DOOR, place.beside(0, reveal, habits.DOOR_EDGE_MM, height - reveal), ink.LEAF)
    for handle in door.handles[-1:]:
        yield rectangle(
            Layer.DOOR, place.beside(-habits.HANDLE_REACH_MM, handle[1], 0, handle[3]), ink.FITTING
        )
    if box.has_roof:
        x, edge, top = place.side_x, height + habits.ROOF_EDGE_MM, height + habits.ROOF_HEIGHT_MM
        front = x - habits.ROOF_FRONT_MM
        yield Polyline(
            layer=Layer.BOX,
            points=((front, height), (x + depth, height), (x + depth, top), (front, edge)),
            style=ink.METAL,
            closed=True,
        )


def _fixing(place: Projection) -> Iterator[Shape]:
    box = place.box
    depth, height = box.depth_mm, box.height_mm
    if box.fixing is Fixing.LUGS:
        back = depth - habits.LUG_THICKNESS_MM
        yield rectangle(Layer.BOX, place.beside(back, -box.lug_reach_mm, depth, 0), ink.METAL)
        yield rectangle(Layer.BOX, place.beside(back, height, depth, height + box.lug_reach_mm), ink.METAL)
    elif box.fixing is Fixing.FLANGE:
        edge, face = habits.FLANGE_MM, habits.DOOR_EDGE_MM
        frame = (face - habits.FLANGE_THICKNESS_MM, -edge, face, height + edge)
        yield rectangle(Layer.BOX, place.beside(*frame), ink.METAL)
        yield _upright(place.side_x + face, -edge - _WALL_MM, height + edge + _WALL_MM)
    elif box.fixing is Fixing.BASE:
        yield rectangle(Layer.BOX, place.beside(0, -box.base_mm, depth, 0), ink.METAL)
    else:
        reach, half = habits.POLE_BRACKET_MM[0], habits.POLE_BRACKET_MM[1] / 2
        for y in box.bracket_centres:
            yield rectangle(Layer.BOX, place.beside(depth, y - half, depth + reach, y + half), ink.METAL)
        yield _upright(place.side_x + depth + reach, -_WALL_MM, height + _WALL_MM)


def _upright(x: float, low: float, high: float) -> Line:
    """Return the face of a wall or a pole, which does not belong to the box."""
    return Line(layer=Layer.BOX, x0=x, y0=low, x1=x, y1=high, style=ink.PHANTOM)
