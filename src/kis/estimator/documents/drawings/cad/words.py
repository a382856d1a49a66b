"""Lines of text of a sheet as TEXT entities."""

from typing import Final

from ezdxf.enums import TextEntityAlignment
from ezdxf.layouts.blocklayout import BlockLayout

from kis.estimator.documents.drawings.cad import look
from kis.estimator.documents.drawings.cad.codes import line_text
from kis.estimator.documents.drawings.cad.look import Attributes
from kis.estimator.documents.drawings.cad.pen import (
    BOLD_STYLE,
    CAPITAL,
    TEXT_STYLE,
    Pen,
    contains,
    millimetres,
    point,
)
from kis.estimator.documents.drawings.sheet import Anchor, Text

_ANCHORS: Final = {
    Anchor.START: TextEntityAlignment.LEFT,
    Anchor.MIDDLE: TextEntityAlignment.CENTER,
    Anchor.END: TextEntityAlignment.RIGHT,
}
_ALIGNED: Final = {Anchor.START: 0, Anchor.MIDDLE: 1, Anchor.END: 2}


def write(pen: Pen, text: Text, layer: str) -> None:
    """Add a line of text to the model; nothing where there are no words."""
    content = line_text(text.content)
    if content.strip():
        pen.plain.text(
            content,
            point(text.x, text.y),
            millimetres(CAPITAL * text.size_mm),
            align=_ALIGNED[text.anchor],
            degrees=90.0 if text.rotated else 0.0,
            attributes=_attributes(pen, text, layer),
        )


def write_into(pen: Pen, text: Text, layer: str, block: BlockLayout) -> None:
    """Add a line of text to a block; nothing where there are no words."""
    content = line_text(text.content)
    if content.strip():
        block.add_text(
            content,
            height=millimetres(CAPITAL * text.size_mm),
            rotation=90 if text.rotated else 0,
            dxfattribs=_attributes(pen, text, layer),
        ).set_placement(point(text.x, text.y), align=_ANCHORS[text.anchor])


def _attributes(pen: Pen, text: Text, layer: str) -> Attributes:
    """Return layer, colour and style; letters on a fill keep their own colour."""
    on_fill = pen.ground is not None and contains(pen.ground, (text.x, text.y, text.x, text.y))
    colour = look.exact_colour(text.colour) if on_fill else look.ink_colour(text.colour, layer)
    return {**pen.on(layer), **colour, "style": BOLD_STYLE if text.bold else TEXT_STYLE}
