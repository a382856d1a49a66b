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

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.dxf_tags import Tags
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

PREFIX: Final = "KIS_"
CUT_OUT_NOTES: Final = "KIS_CUTOUT_NOTES"
"""For what belongs to the cut-outs and is no closed outline."""
AREAS: Final = "KIS_AREA"
"""For the outlines of devices that are drawn as symbols; switched off."""
VIEWPORT: Final = "KIS_VIEWPORT"
INK: Final = 7
GREY: Final = 8
LIGHT_GREY: Final = 9

Outlined = Rectangle | Line | Polyline | Circle | Arc
"""Shapes of lines, which may be filled."""

WEIGHTS: Final = (
    *(0, 5, 9, 13, 15, 18, 20, 25, 30, 35, 40, 50, 53, 60, 70, 80, 90, 100, 106, 120, 140, 158, 200, 211),
)
"""Line weights a CAD program has, in hundredths of a millimetre (DXF reference, group code 370)."""


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
    Layer.FRAME: _OUTLINE,
    Layer.BOX: _OUTLINE,
    Layer.MAIN: _OUTLINE,
    Layer.PLATE: _DEVICE,
    Layer.BRANCH: _DEVICE,
    Layer.SPARE_WAY: _DEVICE,
    Layer.ACCESSORY: _DEVICE,
    Layer.SYMBOL: _DEVICE,
    Layer.WIRE: _DEVICE,
    Layer.NAMEPLATE: _DEVICE,
    Layer.HINGE: _DEVICE,
    Layer.DOOR: LayerLook(6, palette.MEDIUM_MM, "#c83cbe"),
    Layer.LANE: LayerLook(LIGHT_GREY, palette.THIN_MM),
    Layer.DUCT: _BACKGROUND,
    Layer.RAIL: _BACKGROUND,
    Layer.HATCH: _BACKGROUND,
    Layer.DIMENSION: _BACKGROUND,
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
_NEUTRAL: Final = 0.2
"""Brightness from which a fill counts as pale and below which as dark, and the strength of colour up to which a colour counts as neutral."""


def base_layer(layer: Layer) -> str:
    """Return the name of a kind's layer."""
    return PREFIX + _NAMES.get(layer, layer.name)


def layer_of(shape: Shape) -> str:
    """Return the name of the layer a shape stands on: bars have one per line of the supply, rectangles that are not seen their own."""
    if isinstance(shape, Rectangle) and is_unseen(shape) and not shape.attributes:
        return AREAS
    if shape.layer in _BARS and isinstance(shape, Rectangle):
        line = _line(shape)
        return f"{base_layer(shape.layer)}_{line}" if line else base_layer(shape.layer)
    return base_layer(shape.layer)


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


def colour_tags(colour: str | None, layer_name: str) -> Tags:
    """Return a line's or a text's colour; nothing where its layer says it."""
    if not colour or colour in {look_of(layer_name).colour, palette.DOOR_INK}:
        return ()
    if _neutral(colour) and not _bright(colour):
        return ()
    return exact_colour(colour)


@cache
def exact_colour(colour: str) -> Tags:
    """Return a colour as itself, with the nearest number for programs that know no other."""
    return ((62, aci_of(colour)), (420, int(colour[1:], 16)))


def fill_tags(shape: Outlined) -> Tags | None:
    """Return the colour of a fill worth drawing, ``()`` for its layer's; None where it is left out.

    A rectangle's fill may carry letters chosen for it and stays as it is; a black arrow or dot is ink.
    """
    fill = shape.style.fill
    if not fill or (shape.layer not in _MARKED and _brightness(fill) > _PALE):
        return None
    if isinstance(shape, Rectangle) or shape.layer in _MARKED or not _neutral(fill):
        return exact_colour(fill)
    return ()


def is_unseen(shape: Rectangle) -> bool:
    """Tell whether a rectangle is not drawn at all: it only says where something is."""
    style = shape.style
    return style.stroke is None and style.fill is None and style.hatch is None


def is_patch(shape: Shape) -> TypeGuard[Rectangle]:
    """Tell whether a rectangle is nothing but bare paper under some words, so that no stripes run through them."""
    if not isinstance(shape, Rectangle) or shape.part:
        return False
    return shape.style == Style(fill=palette.PAPER)


def inked(style: Style) -> bool:
    """Tell whether a shape has an outline on its own; one in the colour of the paper only sets it off."""
    return style.stroke is not None and not (style.fill and _bright(style.stroke))


@cache
def weight(weight_mm: float) -> int:
    """Return the nearest line weight."""
    return min(WEIGHTS, key=lambda known: abs(known - 100 * weight_mm))


def line_type(style: Style, scale: float) -> tuple[float, ...]:
    """Return dashes and gaps in millimetres of the sheet; empty for a line without."""
    dashes = style.dash_mm * (1 + len(style.dash_mm) % 2)
    return tuple(round(dash * scale, 4) for dash in dashes)


def line_type_name(dashes: tuple[float, ...]) -> str:
    """Return the name of a line type, CONTINUOUS for one without dashes."""
    return PREFIX + "DASH_" + "_".join(f"{dash:g}" for dash in dashes) if dashes else "Continuous"


@cache
def aci_of(colour: str) -> int:
    """Return the colour number nearest to a colour: 24 hues of 15°, each in five depths, full and half (AutoCAD colour index)."""
    hue, saturation, value = _hsv(colour)
    if saturation <= _NEUTRAL:
        greys = {250: 0.2, 251: 0.36, 252: 0.52, 253: 0.68, 254: 0.84, 255: 1.0}
        return min(greys, key=lambda number: (abs(greys[number] - value), number))
    depths = (1.0, 0.65, 0.5, 0.3, 0.15)
    depth = min(range(5), key=lambda number: abs(depths[number] - value))
    return 10 + 10 * (round(24 * hue) % 24) + 2 * depth + (1 if saturation < 0.75 else 0)


def _hsv(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return rgb_to_hsv(red, green, blue)


@cache
def _neutral(colour: str) -> bool:
    _, saturation, value = _hsv(colour)
    return saturation * value <= _NEUTRAL


@cache
def _brightness(colour: str) -> float:
    """Return the luminance of a colour as the eye weighs it, 0 to 1 (Rec. 601)."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _bright(colour: str) -> bool:
    return _brightness(colour) > 0.95
