"""Devices as references to a block of their size, with what they are as attributes that a CAD program can list."""

from typing import Final

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dxf_model import CAPITAL, TEXT_STYLE, Block, Model, Path, ink, named
from kis.estimator.documents.drawings.dxf_tags import Tags, line_text, number, position, record
from kis.estimator.documents.drawings.sheet import ATTRIBUTE_TAGS, Rectangle

ATTRIBUTE_MM: Final = 1.8
"""Print size of a device's attributes, for who makes them visible."""


def device(model: Model, shape: Rectangle, layer: str) -> str:
    """Return a device: a reference to the block of its size, with what it is as attributes, and its part id."""
    block = _device_block(model, shape)
    head = model.head(layer)
    told = dict(shape.attributes)
    ends = (record("SEQEND", (5, model.handle()), (330, head[0][1]), (100, "AcDbEntity"), (8, layer)),)
    attributes = [
        record(
            "ATTRIB",
            *model.head(layer, str(head[0][1])),
            *_attribute(told.get(tag, ""), row, (shape.x0, shape.y1), model.scale),
            (100, "AcDbAttribute"),
            (280, 0),
            (2, tag),
            (70, 1),  # invisible: the drawing says the same in its own words
        )
        for row, tag in enumerate(ATTRIBUTE_TAGS)
    ]
    reference = record(
        "INSERT",
        *head,
        *ink(model, shape, layer),
        (100, "AcDbBlockReference"),
        (66, 1),
        (2, block.name),
        *position(shape.x0, shape.y0),
        *named(shape.part),
    )
    return "".join((reference, *attributes, *ends))


def _device_block(model: Model, shape: Rectangle) -> Block:
    """Return the block of a device's size; its lower left corner is (0, 0), and it takes layer, colour and line from the reference.

    Where the sheet draws a symbol instead of an outline, the block's outline stands on a layer that is switched off.
    """
    width, height = shape.x1 - shape.x0, shape.y1 - shape.y0
    name = f"KIS_{_size(width)}X{_size(height)}"
    outline_layer = "0"
    if look.is_unseen(shape):
        name, outline_layer = f"{name}_AREA", look.AREAS
    if name in model.blocks:
        return model.blocks[name]
    handle = model.handle()
    outline = record(
        "LWPOLYLINE",
        *model.head(outline_layer, handle),
        (6, "ByBlock"),
        (62, 0),
        (370, -2),  # by block
        (100, "AcDbPolyline"),
        (90, 4),
        (70, 1),
        *Path(((0, 0), (width, 0), (width, height), (0, height))).tags(),
    )
    definitions = (
        record(
            "ATTDEF",
            *model.head("0", handle),
            *_attribute("", row, (0.0, height), model.scale),
            (100, "AcDbAttributeDefinition"),
            (280, 0),
            (3, tag),
            (2, tag),
            (70, 1),
        )
        for row, tag in enumerate(ATTRIBUTE_TAGS)
    )
    block = Block(name, handle, "".join((outline, *definitions)), attributes=True)
    model.blocks[name] = block
    return block


def _size(length_mm: float) -> str:
    return number(length_mm).removesuffix(".0")


def _attribute(content: str, row: int, corner: tuple[float, float], scale: float) -> Tags:
    """Return the text of an attribute, one under the other from the device's upper left corner."""
    height = CAPITAL * ATTRIBUTE_MM * scale
    x, y = corner[0] + 0.5 * height, corner[1] - 1.6 * height * (row + 1)
    return (
        (100, "AcDbText"),
        *position(x, y),
        (40, height),
        (1, line_text(content)),
        (7, TEXT_STYLE),
    )
