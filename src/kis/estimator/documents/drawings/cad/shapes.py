"""Every shape of a sheet as the entities that stand for it: fills and stripes, and the outline over them."""

from typing import Final

from ezdxf.lldxf.const import BOUNDARY_PATH_EXTERNAL, BOUNDARY_PATH_OUTERMOST

from kis.estimator.documents.drawings.cad import look, words
from kis.estimator.documents.drawings.cad.codes import short
from kis.estimator.documents.drawings.cad.devices import add_device
from kis.estimator.documents.drawings.cad.dimensions import add_dimensions
from kis.estimator.documents.drawings.cad.look import Attributes, Outlined
from kis.estimator.documents.drawings.cad.pen import Pen, contains, millimetres, point
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
    Text,
)

HATCH_PITCH_MM: Final = 2.0

_Area = Rectangle | Polyline | Circle
_Corners = tuple[tuple[float, float, float], ...]
"""x, y and the bulge of the way to the next corner: the tangent of a quarter of its angle, 0 for a straight line."""


def draw(pen: Pen, shape: Shape) -> None:
    """Add a shape to the model.

    On the layer of the cut-outs stand closed outlines and nothing else, for a laser cuts whatever it finds there; the rest stands beside it.
    """
    layer = look.layer_of(shape)
    if shape.layer is Layer.CUT_OUT:
        if isinstance(shape, Rectangle | Circle) or (isinstance(shape, Polyline) and shape.closed):
            _add_closed(pen, shape, pen.on(look.base_layer(Layer.CUT_OUT)))
            return
        layer = look.CUT_OUT_NOTES
    if isinstance(shape, Dimension):
        add_dimensions(pen, shape, layer)
    elif isinstance(shape, Text):
        words.write(pen, shape, layer)
    else:
        _outlined(pen, shape, layer)


def _outlined(pen: Pen, shape: Outlined, layer: str) -> None:
    """Add a shape's fill and stripes, then its outline over them. A rectangle always has one: its places are what a shop reads.

    One that is not seen at all, the place of a symbol's device, stands on a layer of its own that is switched off.
    """
    style = shape.style
    fill = look.fill_colour(shape)
    if fill is not None and not isinstance(shape, Line | Arc):
        pen.plain.fill(_corners(shape), {**pen.on(layer), **fill})
        pen.ground = _box(shape)
    if style.hatch is not None and isinstance(shape, Rectangle):
        holes = [patch for patch in pen.patches if contains(_box(shape), _box(patch))]
        colour = look.exact_colour(style.hatch)
        _stripes(pen, {**pen.on(layer), **colour}, shape, *holes)
    if look.inked(style) or (isinstance(shape, Rectangle) and not look.is_patch(shape)):
        _outline(pen, shape, layer)


def _outline(pen: Pen, shape: Outlined, layer: str) -> None:
    ink = pen.ink(shape, layer)
    if isinstance(shape, Rectangle) and shape.attributes:
        add_device(pen, shape, ink)
    elif isinstance(shape, Line):
        pen.plain.line(point(shape.x0, shape.y0), point(shape.x1, shape.y1), ink)
    elif isinstance(shape, Arc):
        degrees = (float(shape.start_deg), float(shape.end_deg))
        pen.plain.arc(point(shape.x, shape.y), millimetres(shape.radius), degrees, ink)
    elif isinstance(shape, Circle):
        pen.plain.circle(point(shape.x, shape.y), millimetres(shape.radius), ink)
    elif isinstance(shape, Polyline) and not shape.closed:
        pen.plain.outline(_corners(shape), ink, closed=False)
    else:
        _add_closed(pen, shape, ink)


def _add_closed(pen: Pen, shape: _Area, attributes: Attributes) -> None:
    part = short(shape.part) if isinstance(shape, Rectangle) else ""
    pen.plain.outline(_corners(shape), attributes, closed=True, part=part)


def _stripes(pen: Pen, attributes: Attributes, shape: Rectangle, *holes: Rectangle) -> None:
    """Add stripes at 45° over an area, around its holes."""
    colour = int(attributes.get("color", look.BY_LAYER))
    hatch = pen.model.add_hatch(color=colour, dxfattribs=attributes)
    hatch.paths.add_polyline_path(_corners(shape), flags=BOUNDARY_PATH_EXTERNAL)
    for hole in holes:
        hatch.paths.add_polyline_path(_corners(hole), flags=BOUNDARY_PATH_OUTERMOST)
    step = HATCH_PITCH_MM * pen.scale / 2**0.5
    stripes = [(45, (0, 0), (-millimetres(step), millimetres(step)), ())]
    hatch.set_pattern_fill("KIS_STRIPES", color=colour, style=0, pattern_type=2, definition=stripes)


def _corners(shape: _Area) -> _Corners:
    """Return the corners of a shape; a circle is the two ends of a diameter with half a turn from each to the other."""
    if isinstance(shape, Circle):
        ends = (shape.x - shape.radius, shape.x + shape.radius)
        return tuple((*point(x, shape.y), 1.0) for x in ends)
    if isinstance(shape, Polyline):
        return tuple((*point(x, y), 0.0) for x, y in shape.points)
    (x0, y0), (x1, y1) = point(shape.x0, shape.y0), point(shape.x1, shape.y1)
    return ((x0, y0, 0.0), (x1, y0, 0.0), (x1, y1, 0.0), (x0, y1, 0.0))


def _box(shape: _Area) -> Box:
    if isinstance(shape, Circle):
        radius = shape.radius
        return (shape.x - radius, shape.y - radius, shape.x + radius, shape.y + radius)
    xs, ys, _ = zip(*_corners(shape), strict=True)
    return (min(xs), min(ys), max(xs), max(ys))
