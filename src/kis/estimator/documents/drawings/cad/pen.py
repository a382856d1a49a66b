"""What a drawing is written with: its document, and what its entities share."""

from dataclasses import dataclass, field
from typing import Final

from ezdxf.document import Drawing
from ezdxf.layouts.layout import Modelspace

from kis.estimator.documents.drawings.cad import look
from kis.estimator.documents.drawings.cad.look import Attributes, Outlined
from kis.estimator.documents.drawings.cad.plain import PlainShapes
from kis.estimator.documents.drawings.sheet import Box, Rectangle, Style

APPLICATION: Final = "KIS"
"""Under this name a part's id stands in the extended data."""
TEXT_STYLE: Final = "KIS"
BOLD_STYLE: Final = "KIS_BOLD"
CAPITAL: Final = 0.7
"""Height of a capital letter in text sizes: a CAD program's text height is that of its capitals (Malgun Gothic 0.7, NanumBarunGothic 0.7)."""


@dataclass(slots=True)
class Pen:
    """A document being drawn at ``scale``, and the layers its entities stand on.

    ``patches`` are the sheet's rectangles of bare paper; ``ground`` is the area last filled: letters on it keep their colour.
    """

    document: Drawing
    model: Modelspace
    scale: float
    patches: tuple[Rectangle, ...] = ()
    ground: Box | None = None
    layers: set[str] = field(default_factory=set)
    plain: PlainShapes = field(init=False)

    def __post_init__(self) -> None:
        """Take up the tool for plain shapes."""
        self.plain = PlainShapes(self.model, APPLICATION)

    def on(self, layer: str) -> Attributes:
        """Return the attributes of an entity on a layer that says all of its looks."""
        self.layers.add(layer)
        return {"layer": layer}

    def ink(self, shape: Outlined, layer: str) -> Attributes:
        """Return layer, line type, colour and weight of an outline; a rectangle without one takes its layer's."""
        stroke = shape.style.stroke if look.inked(shape.style) else None
        attributes = {**self.on(layer), **self._dashes(shape.style), **look.ink_colour(stroke, layer)}
        return {**attributes, "lineweight": look.weight(shape.style.weight_mm)} if stroke else attributes

    def _dashes(self, style: Style) -> Attributes:
        """Return a style's line type, its dashes and gaps in millimetres of the sheet; nothing for a line without dashes."""
        dashes = [millimetres(dash * self.scale) for dash in style.dash_mm * (1 + len(style.dash_mm) % 2)]
        if not dashes:
            return {}
        name = f"{look.PREFIX}DASH_{'_'.join(f'{dash:g}' for dash in dashes)}"
        if name not in self.document.linetypes:
            pattern = [-dash if number % 2 else dash for number, dash in enumerate(dashes)]
            self.document.linetypes.add(name, [sum(dashes), *pattern], description="__ __ __")
        return {"linetype": name}


def millimetres(value: float) -> float:
    """Return a length to a ten-thousandth of a millimetre; minus zero is zero."""
    return round(float(value), 4) + 0.0


def point(x: float, y: float) -> tuple[float, float]:
    """Return a point of the sheet."""
    return (millimetres(x), millimetres(y))


def contains(outer: Box, inner: Box) -> bool:
    """Tell whether a box lies in another."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
