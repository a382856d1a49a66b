"""Layers, colours, line weights and line types of a sheet as CAD programs know them.

A drawing is looked at on a dark ground and on paper. Ink is therefore colour 7, which is white on dark and black on white, and everything
neutral takes its layer's colour, and so does the door, whose dark purple cannot be seen on a screen; only what has a colour of its own (a
conductor) says so. Pale fills are left out: on a dark ground they would hide the words on them.
"""

import re
from colorsys import rgb_to_hsv
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeGuard

from ezdxf.colors import RGB, aci2rgb, rgb2int
from ezdxf.lldxf.const import VALID_DXF_LINEWEIGHTS

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.sheet import (
    Arc,
    Circle,
    Layer,
    Line,
    Polyline,
    Rectangle,
    Shape,
    Style,
)

Attributes = dict[str, str | int | float]
"""What an entity says of itself, by ezdxf's names."""
Outlined = Rectangle | Line | Polyline | Circle | Arc
"""Shapes of lines, which may be filled."""

PREFIX: Final = "KIS_"
CUT_OUT_NOTES: Final = "KIS_CUTOUT_NOTES"
"""For what belongs to the cut-outs and is no closed outline."""
AREAS: Final = "KIS_AREA"
"""For the outlines of devices that are drawn as symbols; switched off."""
VIEWPORT: Final = "KIS_VIEWPORT"
INK: Final = 7
GREY: Final = 8
LIGHT_GREY: Final = 9
BY_LAYER: Final = 256


@dataclass(frozen=True, slots=True)
class LayerLook:
    """A layer's colour number, its weight and, where it has one, its colour."""

    aci: int
    weight_mm: float
    colour: str = ""


_OUTLINE: Final = LayerLook(INK, palette.HEAVY_MM)
_DEVICE: Final = LayerLook(INK, palette.MEDIUM_MM)
_FINE: Final = LayerLook(INK, palette.THIN_MM)
_BACKGROUND: Final = LayerLook(GREY, palette.THIN_MM)

_LOOKS: Final = {
    **dict.fromkeys((Layer.FRAME, Layer.BOX, Layer.MAIN), _OUTLINE),
    **dict.fromkeys((Layer.PLATE, Layer.BRANCH, Layer.SPARE_WAY, Layer.ACCESSORY), _DEVICE),
    **dict.fromkeys((Layer.SYMBOL, Layer.WIRE, Layer.NAMEPLATE, Layer.HINGE), _DEVICE),
    **dict.fromkeys((Layer.DUCT, Layer.RAIL, Layer.HATCH, Layer.DIMENSION), _BACKGROUND),
    Layer.LANE: LayerLook(LIGHT_GREY, palette.THIN_MM),
    Layer.DOOR: LayerLook(6, palette.MEDIUM_MM, "#c83cbe"),
    Layer.CUT_OUT: LayerLook(1, palette.MEDIUM_MM, "#ff0000"),
}
_NAMES: Final = {Layer.MAIN: "MAIN_BREAKER", Layer.BRANCH: "BREAKER", Layer.CUT_OUT: "CUTOUT"}
_BY_NAME: Final = {_NAMES.get(layer, layer.name): layer for layer in Layer}

_BARS: Final = frozenset({Layer.BUSBAR, Layer.CROSS_BAR, Layer.TERMINAL_BAR})
_MARKED: Final = _BARS | {Layer.PHASE_MARK}
"""Layers whose fills are conductors' colours, the bolts on them included."""
_LINE_OF_PART: Final = re.compile(r"(?:bar|header|\.)(R|S|T|N|E|L[123]?)$")
_LINE_OF_FILL: Final = {palette.LINE_COLOURS[line].fill: line for line in ("N", "E")}

_PALE: Final = 0.75
_DARK: Final = 0.3
_BRIGHT: Final = 0.95
_NEUTRAL: Final = 0.2
"""Brightness from which a fill counts as pale, below which as dark and above which as paper, and the strength of colour up to which it counts as neutral."""


def base_layer(layer: Layer) -> str:
    """Return the name of a kind's layer."""
    return PREFIX + _NAMES.get(layer, layer.name)


def layer_of(shape: Shape) -> str:
    """Return the name of the layer a shape stands on: bars have one per line of the supply, rectangles that are not seen their own."""
    if isinstance(shape, Rectangle) and is_unseen(shape) and not shape.attributes:
        return AREAS
    line = _line(shape) if shape.layer in _BARS and isinstance(shape, Rectangle) else ""
    return f"{base_layer(shape.layer)}_{line}" if line else base_layer(shape.layer)


@cache
def look_of(name: str) -> LayerLook:
    """Return how a layer looks, by its name."""
    own = name.removeprefix(PREFIX)
    layer = _BY_NAME.get(own)
    if layer is not None:
        return _LOOKS.get(layer, _FINE)
    line = palette.LINE_COLOURS.get(own.rpartition("_")[2])
    if line is None:
        return _BACKGROUND
    if _neutral(line.fill):
        return LayerLook(INK if _brightness(line.fill) < _DARK else LIGHT_GREY, palette.THIN_MM)
    return LayerLook(aci_of(line.fill), palette.THIN_MM, line.fill)


def _line(bar: Rectangle) -> str:
    """Return the line of the supply a bar belongs to, as far as it says so itself."""
    said = dict(bar.attributes).get("PHASE", "")
    if said in palette.LINE_COLOURS:
        return said
    found = _LINE_OF_PART.search(bar.part)
    return found.group(1) if found else _LINE_OF_FILL.get(bar.style.fill or "", "")


def ink_colour(colour: str | None, layer_name: str) -> Attributes:
    """Return a line's or a text's colour; nothing where its layer says it."""
    if not colour or colour in {look_of(layer_name).colour, palette.DOOR_INK}:
        return {}
    if _neutral(colour) and _brightness(colour) <= _BRIGHT:
        return {}
    return exact_colour(colour)


def exact_colour(colour: str) -> Attributes:
    """Return a colour as itself, with the nearest number for programs that know no other."""
    return {"color": aci_of(colour), "true_color": number_of(colour)}


def fill_colour(shape: Outlined) -> Attributes | None:
    """Return the colour of a fill worth drawing, nothing for its layer's; None where it is left out.

    A rectangle's fill may carry letters chosen for it and stays as it is; a black arrow or dot is ink.
    """
    fill = shape.style.fill
    if not fill or (shape.layer not in _MARKED and _brightness(fill) > _PALE):
        return None
    if isinstance(shape, Rectangle) or shape.layer in _MARKED or not _neutral(fill):
        return exact_colour(fill)
    return {}


def is_unseen(shape: Rectangle) -> bool:
    """Tell whether a rectangle is not drawn at all: it only says where something is."""
    style = shape.style
    return style.stroke is None and style.fill is None and style.hatch is None


def is_patch(shape: Shape) -> TypeGuard[Rectangle]:
    """Tell whether a rectangle is nothing but bare paper under some words, so that no stripes run through them."""
    return isinstance(shape, Rectangle) and not shape.part and shape.style == Style(fill=palette.PAPER)


def inked(style: Style) -> bool:
    """Tell whether a shape has an outline on its own; one in the colour of the paper only sets it off."""
    return style.stroke is not None and not (style.fill and _brightness(style.stroke) > _BRIGHT)


@cache
def weight(weight_mm: float) -> int:
    """Return the nearest line weight, in hundredths of a millimetre."""
    return min(VALID_DXF_LINEWEIGHTS, key=lambda known: abs(known - 100 * weight_mm))


def number_of(colour: str) -> int:
    """Return a colour as the number that DXF keeps of it."""
    return rgb2int(RGB.from_hex(colour))


@cache
def aci_of(colour: str) -> int:
    """Return the colour number nearest to a colour; those below 10 change with the ground."""
    wanted = RGB.from_hex(colour)
    return min(
        range(10, 256),
        key=lambda aci: sum((a - b) ** 2 for a, b in zip(aci2rgb(aci), wanted, strict=True)),
    )


@cache
def _neutral(colour: str) -> bool:
    _, saturation, value = rgb_to_hsv(*RGB.from_hex(colour).to_floats())
    return saturation * value <= _NEUTRAL


@cache
def _brightness(colour: str) -> float:
    """Return the luminance of a colour as the eye weighs it, 0 to 1 (Rec. 601)."""
    red, green, blue = RGB.from_hex(colour).to_floats()
    return 0.299 * red + 0.587 * green + 0.114 * blue
