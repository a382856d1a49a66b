"""Devices as references to a block of their size, with what they are as attributes that a CAD program can list."""

from typing import Final

from ezdxf.layouts.blocklayout import BlockLayout

from kis.estimator.documents.drawings.cad import look
from kis.estimator.documents.drawings.cad.codes import line_text, short
from kis.estimator.documents.drawings.cad.look import Attributes
from kis.estimator.documents.drawings.cad.pen import CAPITAL, TEXT_STYLE, Pen, millimetres, point
from kis.estimator.documents.drawings.cad.plain import Said
from kis.estimator.documents.drawings.sheet import ATTRIBUTE_TAGS, Rectangle

ATTRIBUTE_MM: Final = 1.8
"""Print size of a device's attributes, for who makes them visible."""
_BY_BLOCK: Final[Attributes] = {"color": 0, "linetype": "ByBlock", "lineweight": -2}
_INVISIBLE: Final = 1


def add_device(pen: Pen, shape: Rectangle, ink: Attributes) -> None:
    """Add a device: a reference to the block of its size, with what it is as attributes, and its part id."""
    block = _block_of(pen, shape)
    said = dict(shape.attributes)
    rows = [
        Said(tag, line_text(said.get(tag, "")), *_row(pen, row, shape.x0, shape.y1), TEXT_STYLE)
        for row, tag in enumerate(ATTRIBUTE_TAGS)
    ]
    pen.plain.device(block.name, point(shape.x0, shape.y0), rows, ink, short(shape.part))


def _block_of(pen: Pen, shape: Rectangle) -> BlockLayout:
    """Return the block of a device's size; its lower left corner is (0, 0), and it takes layer, colour and line from the reference.

    Where the sheet draws a symbol instead of an outline, the block's outline stands on a layer that is switched off.
    """
    width, height = point(shape.x1 - shape.x0, shape.y1 - shape.y0)
    name = f"KIS_{_figure(width)}X{_figure(height)}"
    outline: Attributes = {"layer": "0", **_BY_BLOCK}
    if look.is_unseen(shape):
        name, outline = f"{name}_AREA", {**_BY_BLOCK, **pen.on(look.AREAS)}
    if name in pen.document.blocks:
        return pen.document.blocks.get(name)
    block = pen.document.blocks.new(name)
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    block.add_lwpolyline(corners, close=True, dxfattribs=outline)
    for row, tag in enumerate(ATTRIBUTE_TAGS):
        place, letters = _row(pen, row, 0, height)
        set_as: Attributes = {"height": letters, "style": TEXT_STYLE, "flags": _INVISIBLE, "prompt": tag}
        block.add_attdef(tag, place, dxfattribs=set_as)
    return block


def _row(pen: Pen, row: int, left: float, top: float) -> tuple[tuple[float, float], float]:
    """Return the place of an attribute and the height of its letters, one under the other from the device's upper left corner."""
    height = CAPITAL * ATTRIBUTE_MM * pen.scale
    return point(left + 0.5 * height, top - 1.6 * height * (row + 1)), millimetres(height)


def _figure(length_mm: float) -> str:
    return f"{length_mm}".removesuffix(".0")
