"""Lines of text of a sheet as TEXT entities."""

from typing import Final

from ezdxf.enums import TextEntityAlignment
from ezdxf.layouts.base import BaseLayout

from kis.estimator.documents.drawings.cad import look
from kis.estimator.documents.drawings.cad.codes import line_text
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


def write(pen: Pen, text: Text, layer: str, space: BaseLayout) -> None:
    """Add a line of text to a space, the model or a block; nothing where there are no words."""
    content = line_text(text.content)
    if not content.strip():
        return
    on_fill = pen.ground is not None and contains(pen.ground, (text.x, text.y, text.x, text.y))
    colour = look.exact_colour(text.colour) if on_fill else look.ink_colour(text.colour, layer)
    style = BOLD_STYLE if text.bold else TEXT_STYLE
    space.add_text(
        content,
        height=millimetres(CAPITAL * text.size_mm),
        rotation=90 if text.rotated else 0,
        dxfattribs={**pen.on(layer), **colour, "style": style},
    ).set_placement(point(text.x, text.y), align=_ANCHORS[text.anchor])
