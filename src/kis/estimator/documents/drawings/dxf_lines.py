"""Rectangles, lines, polylines, circles and arcs of a sheet: fills and stripes, and the outline over them."""

from collections.abc import Iterator
from typing import Final

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dxf_devices import device
from kis.estimator.documents.drawings.dxf_look import Outlined
from kis.estimator.documents.drawings.dxf_model import Model, Path, contains, ink, named
from kis.estimator.documents.drawings.dxf_tags import Points, Tags, position, record
from kis.estimator.documents.drawings.sheet import Arc, Box, Circle, Line, Polyline, Rectangle

HATCH_PITCH_MM: Final = 2.0


def outlined(model: Model, shape: Outlined, layer: str) -> Iterator[str]:
    """Yield a shape's fill and stripes, then its outline over them. A rectangle always has one: its places are what a shop reads.

    One that is not seen at all, the place of a symbol's device, stands on a layer of its own that is switched off.
    """
    style = shape.style
    fill = look.fill_tags(shape)
    if fill is not None and not isinstance(shape, Line | Arc):
        head = (*model.head(layer), *fill)
        yield _hatch(head, (whole_turn(shape) if isinstance(shape, Circle) else Path(points(shape)),))
        model.ground = _box(shape)
    if style.hatch is not None and isinstance(shape, Rectangle):
        head = (*model.head(layer), *look.exact_colour(style.hatch))
        holes = (patch for patch in model.patches if contains(_box(shape), _box(patch)))
        yield _hatch(head, tuple(Path(points(area)) for area in (shape, *holes)), model.scale)
    if look.inked(style) or (isinstance(shape, Rectangle) and not look.is_patch(shape)):
        yield _outline(model, shape, layer)


def _outline(model: Model, shape: Outlined, layer: str) -> str:
    if isinstance(shape, Rectangle) and shape.attributes:
        return device(model, shape, layer)
    seen = ink(model, shape, layer)
    if isinstance(shape, Rectangle):
        return polyline(model, layer, Path(points(shape)), seen, part=shape.part)
    if isinstance(shape, Polyline):
        return polyline(model, layer, Path(shape.points), seen, closed=shape.closed)
    if isinstance(shape, Line):
        ends = (*position(shape.x0, shape.y0), *position(shape.x1, shape.y1, 11))
        return record("LINE", *model.head(layer), *seen, (100, "AcDbLine"), *ends)
    circle = ((100, "AcDbCircle"), *position(shape.x, shape.y), (40, float(shape.radius)))
    if isinstance(shape, Circle):
        return record("CIRCLE", *model.head(layer), *seen, *circle)
    angles = ((50, float(shape.start_deg)), (51, float(shape.end_deg)))
    return record("ARC", *model.head(layer), *seen, *circle, (100, "AcDbArc"), *angles)


def polyline(
    model: Model, layer: str, path: Path, seen: Tags = (), *, closed: bool = True, part: str = ""
) -> str:
    """Return an outline; ``seen`` is what its layer does not say of its line."""
    return record(
        "LWPOLYLINE",
        *model.head(layer),
        *seen,
        (100, "AcDbPolyline"),
        (90, len(path.points)),
        (70, int(closed)),
        *path.tags(),
        *named(part),
    )


def points(shape: Rectangle | Polyline) -> Points:
    """Return the corners of a shape."""
    if isinstance(shape, Polyline):
        return shape.points
    return ((shape.x0, shape.y0), (shape.x1, shape.y0), (shape.x1, shape.y1), (shape.x0, shape.y1))


def whole_turn(shape: Circle) -> Path:
    """Return a circle as the two ends of a diameter with half a turn (bulge 1) from each to the other."""
    return Path(((shape.x - shape.radius, shape.y), (shape.x + shape.radius, shape.y)), 1.0)


def _box(shape: Rectangle | Polyline | Circle) -> Box:
    if isinstance(shape, Circle):
        radius = shape.radius
        return (shape.x - radius, shape.y - radius, shape.x + radius, shape.y + radius)
    xs, ys = zip(*points(shape), strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def _hatch(head: Tags, paths: tuple[Path, ...], striped_at_scale: float = 0.0) -> str:
    """Return the fill of an area, all of it or in stripes; each path after the first is a hole in it."""
    solid = not striped_at_scale
    return record(
        "HATCH",
        *head,
        (100, "AcDbHatch"),
        *position(0, 0),
        *((210, 0.0), (220, 0.0), (230, 1.0)),
        (2, "SOLID" if solid else "KIS_STRIPES"),
        (70, int(solid)),
        (71, 0),
        (91, len(paths)),
        *(tag for number, path in enumerate(paths) for tag in _edge(path, hole=number > 0)),
        (75, 0),
        (76, 1 if solid else 2),  # a pattern every program has, or one of the file's own
        *(() if solid else _stripes(striped_at_scale)),
        (98, 0),
    )


def _edge(path: Path, *, hole: bool) -> Tags:
    """Return one edge of a hatch: a polyline (2), the outer one (1) or one within it (16)."""
    kind = 2 + (16 if hole else 1)
    head = ((92, kind), (72, int(path.bulge > 0)), (73, 1), (93, len(path.points)))
    return (*head, *path.tags(), (97, 0))


def _stripes(scale: float) -> Tags:
    """Return a pattern of lines at 45°."""
    step = HATCH_PITCH_MM * scale / 2**0.5
    return (
        *((52, 0.0), (41, 1.0), (77, 0), (78, 1)),
        *((53, 45.0), (43, 0.0), (44, 0.0), (45, -step), (46, step), (79, 0)),
    )
