"""What a DXF file gathers while a sheet is written: entities, blocks, and the names its tables must hold."""

from dataclasses import dataclass, field
from typing import Final

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dxf_look import Outlined
from kis.estimator.documents.drawings.dxf_tags import Points, Tags, short
from kis.estimator.documents.drawings.sheet import Box, Rectangle, Style

APPLICATION: Final = "KIS"
"""Under this name a part's id stands in the extended data."""
TEXT_STYLE: Final = "KIS"
BOLD_STYLE: Final = "KIS_BOLD"
CAPITAL: Final = 0.7
"""Height of a capital letter in text sizes: a CAD program's text height is that of its capitals (Malgun Gothic 0.7, NanumBarunGothic 0.7)."""


@dataclass(frozen=True, slots=True)
class Path:
    """Points of an outline; from each to the next a straight line, or an arc of that bulge (the tangent of a quarter of its angle)."""

    points: Points
    bulge: float = 0.0

    def tags(self) -> Tags:
        """Return the points as a polyline holds them."""
        bulge = ((42, self.bulge),) if self.bulge else ()
        return tuple(tag for x, y in self.points for tag in ((10, float(x)), (20, float(y)), *bulge))


@dataclass(frozen=True, slots=True)
class Block:
    """A block definition under its name: one for every size of device, and one for the picture of every dimension."""

    name: str
    handle: str
    body: str
    anonymous: bool = False
    attributes: bool = False


@dataclass(slots=True)
class Model:
    """What a file gathers while its shapes are written: entities, blocks, and the names its tables must hold.

    ``scale`` is the sheet's, ``patches`` are its rectangles of bare paper, ``ground`` is the area last filled: letters on it keep their colour. Handles are counted from ``next_handle``; the tables and objects of the file keep those below it.
    """

    scale: float
    owner: str
    next_handle: int
    patches: tuple[Rectangle, ...] = ()
    ground: Box | None = None
    pictures: int = 0
    entities: list[str] = field(default_factory=list)
    blocks: dict[str, Block] = field(default_factory=dict)
    layers: set[str] = field(default_factory=set)
    line_types: dict[tuple[float, ...], None] = field(default_factory=dict)
    dimension_sizes: dict[float, str] = field(default_factory=dict)

    def handle(self) -> str:
        """Return a handle nobody has yet."""
        self.next_handle += 1
        return f"{self.next_handle:X}"

    def head(self, layer: str, owner: str = "") -> Tags:
        """Return the tags every entity begins with."""
        self.layers.add(layer)
        return ((5, self.handle()), (330, owner or self.owner), (100, "AcDbEntity"), (8, layer))

    def dashes(self, style: Style) -> Tags:
        """Return a style's line type; nothing for a line without dashes."""
        dashes = look.line_type(style, self.scale)
        if not dashes:
            return ()
        self.line_types[dashes] = None
        return ((6, look.line_type_name(dashes)),)

    def dimension_style(self, size_mm: float) -> str:
        """Return the name of the dimension style with letters of that size."""
        size = round(size_mm / self.scale, 3)
        return self.dimension_sizes.setdefault(size, f"KIS_{size:g}MM")


def ink(model: Model, shape: Outlined, layer: str) -> Tags:
    """Return line type, colour and weight of an outline; a rectangle without one takes its layer's."""
    style = shape.style
    stroke = style.stroke if look.inked(style) else None
    weight = ((370, look.weight(style.weight_mm)),) if stroke else ()
    return (*model.dashes(style), *look.colour_tags(stroke, layer), *weight)


def named(part: str) -> Tags:
    """Return a part's id as extended data; nothing for what is no part."""
    return ((1001, APPLICATION), (1000, short(part))) if part else ()


def contains(outer: Box, inner: Box) -> bool:
    """Tell whether a box lies in another."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
