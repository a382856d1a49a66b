"""A drawing sheet: a few frozen primitives on named layers, in millimetres, y upwards.

A sheet is drawn at true size: one millimetre of the sheet is one millimetre of the panel, and the lower left corner of the
panel's box is (0, 0). ``scale`` tells how much smaller the print is; text heights are therefore sheet millimetres (print size
× scale), line weights print millimetres, as in every CAD program. SVG and DXF are written from the same sheet, so they cannot
disagree about a rectangle.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import cos, radians, sin
from typing import Final, Literal

from kis.estimator.documents.drawings.text_fit import ASCENT, DESCENT, text_width

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1."""

ATTRIBUTE_TAGS: Final = ("TAG", "MODEL", "MAKER", "AF", "AT", "POLE", "PHASE")
"""What a device says of itself in a CAD program's attribute list."""


class Layer(StrEnum):
    """Layers by kind of thing, so that a shop can switch off what it does not need."""

    FRAME = "frame"
    BOX = "box"
    PLATE = "plate"
    LANE = "lane"
    DUCT = "duct"
    RAIL = "rail"
    BUSBAR = "busbar"
    CROSS_BAR = "cross_bar"
    TERMINAL_BAR = "terminal_bar"
    MAIN = "main"
    BRANCH = "branch"
    SPARE_WAY = "spare_way"
    ACCESSORY = "accessory"
    DOOR = "door"
    PHASE_MARK = "phase_mark"
    LABEL = "label"
    DIMENSION = "dimension"
    TABLE = "table"
    TITLE_BLOCK = "title_block"
    CUT_OUT = "cut_out"
    """Closed outlines at true scale and nothing else: a laser or punching shop reads this layer alone."""
    SYMBOL = "symbol"
    WIRE = "wire"
    NAMEPLATE = "nameplate"
    HATCH = "hatch"
    HINGE = "hinge"


class Anchor(StrEnum):
    """Which point of a text stands at its x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Axis(StrEnum):
    """The direction in which a chain of dimensions runs."""

    X = "x"
    Y = "y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a shape is inked. Weight and dashes are print millimetres; ``hatch`` is the colour of diagonal stripes over the fill."""

    stroke: str | None = None
    weight_mm: float = 0.0
    fill: str | None = None
    dash_mm: tuple[float, ...] = ()
    hatch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """An upright rectangle. ``part`` is the id of the part of the drawing that it is, ``hint`` what a reader sees who points at it.

    ``attributes`` are what a CAD program can list of it: pairs of :data:`ATTRIBUTE_TAGS` and a value, in that order; empty for what is no device.
    """

    layer: Layer
    x0: float
    y0: float
    x1: float
    y1: float
    style: Style
    part: str = ""
    hint: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A straight line."""

    layer: Layer
    x0: float
    y0: float
    x1: float
    y1: float
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Polyline:
    """Straight lines from point to point, ``closed`` back to the first."""

    layer: Layer
    points: tuple[tuple[float, float], ...]
    style: Style
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A circle."""

    layer: Layer
    x: float
    y: float
    radius: float
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """A part of a circle, less than a full turn: counter-clockwise from ``start_deg`` to ``end_deg``, counted from the x axis as in DXF."""

    layer: Layer
    x: float
    y: float
    radius: float
    start_deg: float
    end_deg: float
    style: Style

    @property
    def turn_deg(self) -> float:
        """Return the angle it spans, 0 to 360."""
        return (self.end_deg - self.start_deg) % 360

    def point(self, angle_deg: float) -> tuple[float, float]:
        """Return the point of its circle at an angle."""
        angle = radians(angle_deg)
        return (self.x + self.radius * cos(angle), self.y + self.radius * sin(angle))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of text on its baseline. ``rotated`` texts read upwards. ``box`` is the room it was fitted into and must not leave."""

    layer: Layer
    x: float
    y: float
    content: str
    size_mm: float
    colour: str
    anchor: Anchor = Anchor.START
    rotated: bool = False
    bold: bool = False
    box: Box | None = None

    @property
    def extent(self) -> Box:
        """Return the room the text takes at most, whichever font of the family it is set in."""
        width = text_width(self.content, self.size_mm, bold=self.bold)
        before = {Anchor.START: 0.0, Anchor.MIDDLE: width / 2, Anchor.END: width}[self.anchor]
        below, above = DESCENT * self.size_mm, ASCENT * self.size_mm
        if self.rotated:
            return (self.x - above, self.y - before, self.x + below, self.y - before + width)
        return (self.x - before, self.y - below, self.x - before + width, self.y + above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A chain of dimensions along ``axis``: one label between each two ``stops`` (ascending), on the line at ``line``.

    ``origin`` is where the extension lines begin, at the thing measured. A label too long for its gap stands further out.
    """

    layer: Layer
    axis: Axis
    stops: tuple[float, ...]
    labels: tuple[str, ...]
    line: float
    origin: float
    size_mm: float
    style: Style
    colour: str


Shape = Rectangle | Line | Polyline | Circle | Arc | Text | Dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet from (x0, y0) to (x1, y1); printed at 1 : ``scale``. ``title`` and ``description`` are for those who cannot see it."""

    title: str
    description: str
    locale: Literal["ko", "en"]
    x0: float
    y0: float
    x1: float
    y1: float
    scale: Fraction
    shapes: tuple[Shape, ...]

    @property
    def print_width_mm(self) -> float:
        """Return the width of the print."""
        return float((self.x1 - self.x0) / self.scale)

    @property
    def print_height_mm(self) -> float:
        """Return the height of the print."""
        return float((self.y1 - self.y0) / self.scale)


CENTRE_OFFSET: Final = (ASCENT - DESCENT) / 2
"""How far below its middle a text's baseline lies, in text sizes."""


def centred_text(
    layer: Layer,
    content: str,
    box: Box,
    size_mm: float,
    colour: str,
    *,
    bold: bool = False,
    rotated: bool = False,
) -> Text:
    """Return ``content`` in the middle of ``box``."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    drop = CENTRE_OFFSET * size_mm
    return Text(
        layer=layer,
        x=x + drop if rotated else x,
        y=y if rotated else y - drop,
        content=content,
        size_mm=size_mm,
        colour=colour,
        anchor=Anchor.MIDDLE,
        rotated=rotated,
        bold=bold,
        box=box,
    )


def placed(shapes: Iterable[Shape], factor: float, dx: float, dy: float) -> tuple[Shape, ...]:
    """Return ``shapes`` enlarged by ``factor`` about (0, 0) and then moved."""
    return tuple(_placed(shape, factor, dx, dy) for shape in shapes)


def _placed(shape: Shape, factor: float, dx: float, dy: float) -> Shape:
    if isinstance(shape, Rectangle | Line):
        x0, y0, x1, y1 = _box((shape.x0, shape.y0, shape.x1, shape.y1), factor, dx, dy)
        return replace(shape, x0=x0, y0=y0, x1=x1, y1=y1)
    if isinstance(shape, Polyline):
        return replace(shape, points=tuple((x * factor + dx, y * factor + dy) for x, y in shape.points))
    if isinstance(shape, Circle | Arc):
        return replace(shape, x=shape.x * factor + dx, y=shape.y * factor + dy, radius=shape.radius * factor)
    if isinstance(shape, Text):
        box = None if shape.box is None else _box(shape.box, factor, dx, dy)
        return replace(
            shape, x=shape.x * factor + dx, y=shape.y * factor + dy, size_mm=shape.size_mm * factor, box=box
        )
    along, across = (dx, dy) if shape.axis is Axis.X else (dy, dx)
    return replace(
        shape,
        stops=tuple(stop * factor + along for stop in shape.stops),
        line=shape.line * factor + across,
        origin=shape.origin * factor + across,
        size_mm=shape.size_mm * factor,
    )


def _box(box: Box, factor: float, dx: float, dy: float) -> Box:
    return (box[0] * factor + dx, box[1] * factor + dy, box[2] * factor + dx, box[3] * factor + dy)
