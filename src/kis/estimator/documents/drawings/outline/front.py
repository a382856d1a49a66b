"""The front of a box: plinth, lugs or frame behind, the door with its edge and fittings, instruments and their cut-outs."""

from collections.abc import Iterator

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.outline import habits, ink
from kis.estimator.documents.drawings.outline.box import Fixing, OutlineBox
from kis.estimator.documents.drawings.outline.door import CutOut, Door
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
from kis.estimator.documents.drawings.text_fit import text_width
from kis.estimator.layout.drawing import PartKind

_FOLD_MM = 8


def front_shapes(
    facts: PanelFacts, box: OutlineBox, door: Door, holes: tuple[CutOut, ...], scale: float
) -> Iterator[Shape]:
    """Yield the front view, what lies behind first."""
    yield from _behind(box)
    body = ink.HIDDEN if box.fixing is Fixing.FLANGE else ink.BODY
    yield rectangle(Layer.BOX, (0, 0, box.width_mm, box.height_mm), body, facts.say("part.box"))
    for leaf in box.leaves:
        x0, y0, x1, y1 = leaf.box
        yield rectangle(Layer.DOOR, leaf.box, ink.LEAF, ink.say(facts, "item.door"))
        yield rectangle(Layer.DOOR, (x0 + _FOLD_MM, y0 + _FOLD_MM, x1 - _FOLD_MM, y1 - _FOLD_MM), ink.FOLD)
    yield from (rectangle(Layer.BOX, bracket, ink.HIDDEN) for bracket in box.brackets)
    yield from (rectangle(Layer.HINGE, hinge, ink.FITTING) for hinge in door.hinges)
    for handle in door.handles:
        yield from _handle(handle)
    for x, y in door.screws:
        yield Circle(layer=Layer.DOOR, x=x, y=y, radius=4, style=ink.HOLE)
    if door.sign is not None:
        yield from _warning_sign(door.sign)
    if door.nameplate is not None:
        yield from _nameplate(facts, door.nameplate, scale)
    for hole in holes:
        yield from _instrument(facts, hole)
    yield from door.tags


def rectangle(layer: Layer, box: Box, style: Style, hint: str = "") -> Rectangle:
    """Return a rectangle from its corners."""
    return Rectangle(layer=layer, x0=box[0], y0=box[1], x1=box[2], y1=box[3], style=style, hint=hint)


def _behind(box: OutlineBox) -> Iterator[Shape]:
    width, height = box.width_mm, box.height_mm
    if box.fixing is Fixing.LUGS:
        yield from _lugs(box)
    if box.fixing is Fixing.FLANGE:
        edge = habits.FLANGE_MM
        yield rectangle(Layer.BOX, (-edge, -edge, width + edge, height + edge), ink.BODY)
    if box.fixing is Fixing.BASE:
        yield rectangle(Layer.BOX, (0, -box.base_mm, width, 0), ink.METAL)
    if box.has_roof:
        side = habits.ROOF_SIDE_MM
        yield rectangle(Layer.BOX, (-side, height, width + side, height + habits.ROOF_HEIGHT_MM), ink.METAL)


def _lugs(box: OutlineBox) -> Iterator[Shape]:
    half, reach, hole = habits.LUG_WIDTH_MM / 2, box.lug_reach_mm, box.lug_hole_mm
    for x in box.lug_centres:
        for low, high, y in (
            (-reach, 0.0, -hole),
            (box.height_mm, box.height_mm + reach, box.height_mm + hole),
        ):
            yield rectangle(Layer.BOX, (x - half, low, x + half, high), ink.METAL)
            yield Circle(layer=Layer.BOX, x=x, y=y, radius=habits.LUG_HOLE_MM / 2, style=ink.HOLE)


def _handle(box: Box) -> Iterator[Shape]:
    """Yield a handle with the keyhole of its lock."""
    x0, y0, x1, _ = box
    yield rectangle(Layer.DOOR, box, ink.FITTING)
    radius = (x1 - x0) / 4
    yield Circle(layer=Layer.DOOR, x=(x0 + x1) / 2, y=y0 + 2 * radius, radius=radius, style=ink.HOLE)
    yield Line(
        layer=Layer.DOOR, x0=x0, y0=y0 + 4 * radius, x1=x1, y1=y0 + 4 * radius, style=palette.STRONG_RULE
    )


def _warning_sign(box: Box) -> Iterator[Shape]:
    """Yield the sign for dangerous voltage: a triangle with a flash (ISO 7010 W012, simplified)."""
    x0, y0, x1, y1 = box
    yield Polyline(
        layer=Layer.DOOR, points=((x0, y0), (x1, y0), ((x0 + x1) / 2, y1)), style=ink.SIGN, closed=True
    )
    unit, x, y = (x1 - x0) / 100, (x0 + x1) / 2, y0
    flash = ((4, 62), (-12, 36), (1, 39), (-5, 10), (11, 44), (-1, 41), (12, 62))
    yield Polyline(
        layer=Layer.DOOR,
        points=tuple((x + dx * unit, y + dy * unit) for dx, dy in flash),
        style=ink.FLASH,
        closed=True,
    )


def _nameplate(facts: PanelFacts, box: Box, scale: float) -> Iterator[Shape]:
    """Yield the name plate and, where it is large enough in print, its tag."""
    yield rectangle(Layer.NAMEPLATE, box, ink.PLATE, ink.say(facts, "item.nameplate"))
    for size in (2.6 * scale, 2.2 * scale, 1.8 * scale):
        width = text_width("N.P", size, bold=True)
        if width <= box[2] - box[0] and size <= box[3] - box[1]:
            yield centred_text(Layer.LABEL, "N.P", box, size, palette.INK, bold=True)
            return


def _instrument(facts: PanelFacts, hole: CutOut) -> Iterator[Shape]:
    """Yield the front of an instrument, its centre lines, and alone on its layer its cut-out."""
    part, x, y = hole.part, hole.x, hole.y
    if part.kind is not PartKind.PUSH_BUTTON or not hole.size:
        yield Rectangle(
            layer=Layer.DOOR,
            x0=part.x0,
            y0=part.y0,
            x1=part.x1,
            y1=part.y1,
            style=ink.INSTRUMENT,
            part=part.id,
            hint=facts.hint(part),
        )
    if hole.diameter_mm:
        reach = 0.8 * hole.diameter_mm
        yield Line(layer=Layer.DOOR, x0=x - reach, y0=y, x1=x + reach, y1=y, style=ink.CENTRE)
        yield Line(layer=Layer.DOOR, x0=x, y0=y - reach, x1=x, y1=y + reach, style=ink.CENTRE)
        yield Circle(layer=Layer.CUT_OUT, x=x, y=y, radius=hole.diameter_mm / 2, style=ink.CUT)
    elif hole.size:
        half, tall = hole.width_mm / 2, hole.height_mm / 2
        yield rectangle(Layer.CUT_OUT, (x - half, y - tall, x + half, y + tall), ink.CUT)
