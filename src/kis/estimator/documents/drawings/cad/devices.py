"""Devices as references to a block of their size, with what they are as attributes that a CAD program can list."""

from typing import Final

from ezdxf.layouts.blocklayout import BlockLayout

from kis.estimator.documents.drawings.cad import look
from kis.estimator.documents.drawings.cad.codes import line_text
from kis.estimator.documents.drawings.cad.look import Attributes
from kis.estimator.documents.drawings.cad.pen import CAPITAL, TEXT_STYLE, Pen, millimetres, name_part, point
from kis.estimator.documents.drawings.sheet import ATTRIBUTE_TAGS, Rectangle

ATTRIBUTE_MM: Final = 1.8
"""Print size of a device's attributes, for who makes them visible."""
_BY_BLOCK: Final[Attributes] = {"color": 0, "linetype": "ByBlock", "lineweight": -2}
_INVISIBLE: Final = 1


def add_device(pen: Pen, shape: Rectangle, ink: Attributes) -> None:
    """Add a device: a reference to the block of its size, with what it is as attributes, and its part id."""
    block = _block_of(pen, shape)
    device = pen.model.add_blockref(block.name, point(shape.x0, shape.y0), dxfattribs=ink)
    said = dict(shape.attributes)
    for row, tag in enumerate(ATTRIBUTE_TAGS):
        place, attributes = _row(pen, row, shape.x0, shape.y1)
        text = line_text(said.get(tag, ""))
        device.add_attrib(tag, text, place, dxfattribs=attributes)
    name_part(device, shape.part)


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
        place, attributes = _row(pen, row, 0, height)
        block.add_attdef(tag, place, dxfattribs={**attributes, "prompt": tag})
    return block


def _row(pen: Pen, row: int, left: float, top: float) -> tuple[tuple[float, float], Attributes]:
    """Return the place of an attribute and how it is set, one under the other from the device's upper left corner."""
    height = CAPITAL * ATTRIBUTE_MM * pen.scale
    place = point(left + 0.5 * height, top - 1.6 * height * (row + 1))
    return place, {"height": millimetres(height), "style": TEXT_STYLE, "flags": _INVISIBLE}


def _figure(length_mm: float) -> str:
    return f"{length_mm}".removesuffix(".0")
