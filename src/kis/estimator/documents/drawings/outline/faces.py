"""Bottom and top of a box: the openings that cables enter with their gland plates, and what shows of door and fixing from there."""

from collections.abc import Callable, Iterator

from kis.estimator.documents.drawings.outline import habits, ink
from kis.estimator.documents.drawings.outline.box import Fixing, OutlineBox
from kis.estimator.documents.drawings.outline.door import Door
from kis.estimator.documents.drawings.outline.front import rectangle
from kis.estimator.documents.drawings.outline.projection import Projection
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Arc, Box, Circle, Layer, Shape

_At = Callable[[float, float, float, float], Box]
"""Puts a rectangle of a face (x0, v0, x1, v1; v from the front to the back) on the sheet."""


def bottom_shapes(facts: PanelFacts, place: Projection, door: Door) -> Iterator[Shape]:
    """Yield the view from below."""
    box = place.box
    if box.has_roof:
        side = habits.ROOF_SIDE_MM
        roof = place.below(-side, -habits.ROOF_FRONT_MM, box.width_mm + side, box.depth_mm)
        yield rectangle(Layer.BOX, roof, ink.METAL)
    yield from _face(facts, box, door, place.below)
    if box.fixing is Fixing.BASE:
        yield from _plinth(box, place.below)
    if box.fixing is Fixing.POLE:
        radius, y = habits.POLE_RADIUS_MM, place.bottom_y - box.depth_mm - box.behind_mm
        yield Arc(
            layer=Layer.BOX,
            x=box.width_mm / 2,
            y=y - radius,
            radius=radius,
            start_deg=30,
            end_deg=150,
            style=ink.PHANTOM,
        )


def top_shapes(facts: PanelFacts, place: Projection, door: Door) -> Iterator[Shape]:
    """Yield the view from above."""
    yield from _face(facts, place.box, door, place.above)


def _face(facts: PanelFacts, box: OutlineBox, door: Door, at: _At) -> Iterator[Shape]:
    width, depth = box.width_mm, box.depth_mm
    yield rectangle(Layer.BOX, at(0, 0, width, depth), ink.BODY, facts.say("part.box"))
    for leaf in box.leaves:
        yield rectangle(Layer.DOOR, at(leaf.box[0], 0, leaf.box[2], habits.DOOR_EDGE_MM), ink.LEAF)
    for handle in door.handles:
        yield rectangle(Layer.DOOR, at(handle[0], -habits.HANDLE_REACH_MM, handle[2], 0), ink.FITTING)
    yield from _fixing(box, at)
    rim = habits.PLATE_RIM_MM
    for x0, v0, x1, v1 in box.gland_openings:
        yield rectangle(
            Layer.PLATE,
            at(x0 - rim, v0 - rim, x1 + rim, v1 + rim),
            ink.GLAND,
            ink.say(facts, "item.gland"),
        )
        yield rectangle(Layer.CUT_OUT, at(x0, v0, x1, v1), ink.CUT)
        yield from _screws(at(x0 - rim / 2, v0 - rim / 2, x1 + rim / 2, v1 + rim / 2))


def _screws(corners: Box) -> Iterator[Circle]:
    """Yield the screws of a gland plate at its corners."""
    for x in (corners[0], corners[2]):
        for y in (corners[1], corners[3]):
            yield Circle(layer=Layer.PLATE, x=x, y=y, radius=habits.PLATE_SCREW_MM / 2, style=ink.HOLE)


def _fixing(box: OutlineBox, at: _At) -> Iterator[Shape]:
    width, depth = box.width_mm, box.depth_mm
    if box.fixing is Fixing.LUGS:
        half = habits.LUG_WIDTH_MM / 2
        for x in box.lug_centres:
            lug = at(x - half, depth - habits.LUG_THICKNESS_MM, x + half, depth)
            yield rectangle(Layer.BOX, lug, ink.METAL)
    elif box.fixing is Fixing.FLANGE:
        edge, face = habits.FLANGE_MM, habits.DOOR_EDGE_MM
        frame = at(-edge, face - habits.FLANGE_THICKNESS_MM, width + edge, face)
        yield rectangle(Layer.BOX, frame, ink.METAL)
    elif box.fixing is Fixing.POLE:
        bracket = at(width / 6, depth, width * 5 / 6, depth + habits.POLE_BRACKET_MM[0])
        yield rectangle(Layer.BOX, bracket, ink.METAL)


def _plinth(box: OutlineBox, at: _At) -> Iterator[Shape]:
    """Yield the inner edge of the plinth's channel and its anchor holes."""
    channel = habits.BASE_CHANNEL_MM
    inner = at(channel, channel, box.width_mm - channel, box.depth_mm - channel)
    yield rectangle(Layer.BOX, inner, ink.FOLD)
    for x in (habits.ANCHOR_SIDE_MM, box.width_mm - habits.ANCHOR_SIDE_MM):
        for v in (habits.ANCHOR_DEPTH_MM, box.depth_mm - habits.ANCHOR_DEPTH_MM):
            middle = at(x, v, x, v)
            yield Circle(
                layer=Layer.BOX, x=middle[0], y=middle[1], radius=habits.ANCHOR_HOLE_MM / 2, style=ink.HOLE
            )
