"""Shapes as a sheet of a DXF holds them, and what is read of it again."""

from fractions import Fraction

from ezdxf.document import Drawing as CadDrawing

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.sheet import (
    ATTRIBUTE_TAGS,
    Axis,
    Dimension,
    Layer,
    Rectangle,
    Shape,
    Sheet,
    Style,
    Text,
)
from tests.factories import cad

INKED = Style(stroke="#15181b", weight_mm=0.25)
DEVICE = tuple(zip(ATTRIBUTE_TAGS, ("Q1", "SBE-104", "상도", "100", "75", "4", "RSTN"), strict=True))


def sheet_of(*shapes: Shape, scale: str = "5") -> Sheet:
    """Return a sheet for an A3 print at 1 : 5, its lower left corner at (-100, -50)."""
    return Sheet(
        title="배치도",
        description="",
        locale="ko",
        x0=-100,
        y0=-50,
        x1=-100 + 420 * float(Fraction(scale)),
        y1=-50 + 297 * float(Fraction(scale)),
        scale=Fraction(scale),
        shapes=shapes,
    )


def read(*shapes: Shape, scale: str = "5") -> CadDrawing:
    return cad.written(sheet_of(*shapes, scale=scale))


def one(kind: type[cad.Entity], *shapes: Shape) -> cad.Entity:
    """Return the only entity of a kind that some shapes become."""
    (found,) = cad.all_of(read(*shapes).modelspace(), kind)
    return found


def box(layer: Layer = Layer.BOX, style: Style = INKED, **changes: object) -> Rectangle:
    own = {"layer": layer, "x0": 10.5, "y0": 20, "x1": 85.5, "y1": 150, "style": style}
    return Rectangle(**{**own, **changes})  # type: ignore[arg-type]  # a table of fields


def words(content: str = "전등", **changes: object) -> Text:
    own = {
        "layer": Layer.LABEL,
        "x": 10.0,
        "y": 20.0,
        "content": content,
        "size_mm": 10.0,
        "colour": "#15181b",
    }
    return Text(**{**own, **changes})  # type: ignore[arg-type]  # a table of fields


def chain(stops: tuple[float, ...], labels: tuple[str, ...], axis: Axis = Axis.X) -> Dimension:
    return Dimension(
        layer=Layer.DIMENSION,
        axis=axis,
        stops=stops,
        labels=labels,
        line=-35,
        origin=0,
        size_mm=10.0,
        style=palette.DIMENSION,
        colour=palette.DIMENSION_INK,
    )
