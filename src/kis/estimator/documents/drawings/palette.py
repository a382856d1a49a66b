"""Colours and line weights of the drawings.

Conductors after KEC 121.2: L1 brown, L2 black, L3 grey, N blue, protective conductor green-yellow. A colour never stands alone:
the letter is always printed beside it, and every letter has a contrast of at least 4.5 : 1 against its ground.
"""

from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.drawings.sheet import Style


@dataclass(frozen=True, slots=True)
class LineColour:
    """A conductor's colour: ``fill`` for marks and bars, ``letter`` on it, ``tint`` for the body of a circuit on this line."""

    fill: str
    letter: str
    tint: str


_BROWN: Final = LineColour("#8b5523", "#ffffff", "#f7e9da")
_BLACK: Final = LineColour("#23262a", "#ffffff", "#dde1e7")
_GREY: Final = LineColour("#a3a8af", "#15181b", "#f3f3f1")
_BLUE: Final = LineColour("#1f62b0", "#ffffff", "#e3edf8")
GREEN: Final = LineColour("#2e7d3a", "#ffffff", "#e4f2e4")
YELLOW: Final = "#f2cf1d"
SEVERAL: Final = LineColour("#5d6773", "#ffffff", "#fbf8ee")
"""Circuits on several lines, and what belongs to no line."""

LINE_COLOURS: Final = {
    "R": _BROWN,
    "S": _BLACK,
    "T": _GREY,
    "L": _BROWN,
    "L1": _BROWN,
    "L2": _BLACK,
    "N": _BLUE,
    "E": GREEN,
}

INK: Final = "#15181b"
MUTED: Final = "#56606b"
PAPER: Final = "#ffffff"
DOOR_INK: Final = "#8e1f86"
DIMENSION_INK: Final = "#3d4853"
CUT_OUT_INK: Final = "#c2261d"

THIN_MM: Final = 0.13
MEDIUM_MM: Final = 0.25
HEAVY_MM: Final = 0.5
"""Line weights of ISO 128: thin for dimensions and bars, medium for devices, heavy for the box and the frame."""

BOX: Final = Style(stroke=INK, weight_mm=HEAVY_MM, fill="#eef0f2")
PLATE: Final = Style(stroke=INK, weight_mm=MEDIUM_MM, fill=PAPER)
LANE: Final = Style(stroke="#b9c4cf", weight_mm=THIN_MM, fill="#f5f8fb", dash_mm=(1.2, 0.8))
DUCT: Final = Style(stroke="#7d8791", weight_mm=THIN_MM, fill="#dfe3e7")
RAIL: Final = Style(stroke="#7d8791", weight_mm=THIN_MM, fill="#e9ebed")
MAIN: Final = Style(stroke=INK, weight_mm=HEAVY_MM, fill="#fdf3cf")
SPARE_WAY: Final = Style(stroke=MUTED, weight_mm=MEDIUM_MM, fill=PAPER, dash_mm=(1.6, 0.9), hatch="#c3cad1")
DOOR: Final = Style(stroke=DOOR_INK, weight_mm=MEDIUM_MM, dash_mm=(1.4, 0.8))
EARTH_BAR: Final = Style(stroke=INK, weight_mm=THIN_MM, fill=GREEN.fill, hatch=YELLOW)
DIMENSION: Final = Style(stroke=DIMENSION_INK, weight_mm=THIN_MM)
FRAME: Final = Style(stroke=INK, weight_mm=HEAVY_MM)
RULE: Final = Style(stroke="#8d96a0", weight_mm=THIN_MM)
STRONG_RULE: Final = Style(stroke=INK, weight_mm=MEDIUM_MM)
TABLE_HEAD: Final = Style(fill="#e8ebee")
TABLE_STRIPE: Final = Style(fill="#f6f7f8")
BOLT: Final = Style(stroke=INK, weight_mm=THIN_MM, fill="#f4f6f8")
CUT_OUT: Final = Style(stroke=CUT_OUT_INK, weight_mm=THIN_MM)
ARROW: Final = Style(stroke=INK, weight_mm=THIN_MM, fill=INK)

ACCESSORY_FILLS: Final = {
    "contactor": "#e3efe6",
    "timer": "#ece5f5",
    "meter": "#e3eef2",
    "spd": "#fae3dc",
    "fuse_holder": "#f4efdf",
    "terminal_block": "#efeae4",
}


def device_style(fill: str) -> Style:
    """Return how a device is drawn."""
    return Style(stroke=INK, weight_mm=MEDIUM_MM, fill=fill)


def bar_style(line: str) -> Style:
    """Return how a bar of that line is drawn."""
    return Style(stroke=INK, weight_mm=THIN_MM, fill=colour_of(line).fill)


def mark_style(line: str) -> Style:
    """Return how a line's mark on a device is drawn."""
    return Style(fill=colour_of(line).fill)


def colour_of(line: str) -> LineColour:
    """Return the colours of a line; those of several where it is none of ours."""
    return LINE_COLOURS.get(line, SEVERAL)
