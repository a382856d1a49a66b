"""Lines of text of a sheet as TEXT entities."""

from collections.abc import Iterator
from typing import Final

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dxf_model import BOLD_STYLE, CAPITAL, TEXT_STYLE, Model, contains
from kis.estimator.documents.drawings.dxf_tags import line_text, position, record
from kis.estimator.documents.drawings.sheet import Anchor, Text

_ANCHORS: Final = {Anchor.START: 0, Anchor.MIDDLE: 1, Anchor.END: 2}


def words(model: Model, text: Text, layer: str, owner: str = "") -> Iterator[str]:
    """Yield a line of text; nothing where there are no words."""
    content = line_text(text.content)
    if not content.strip():
        return
    anchor = _ANCHORS[text.anchor]
    on_fill = model.ground is not None and contains(model.ground, (text.x, text.y, text.x, text.y))
    colour = look.exact_colour(text.colour) if on_fill else look.colour_tags(text.colour, layer)
    yield record(
        "TEXT",
        *model.head(layer, owner),
        *colour,
        (100, "AcDbText"),
        *position(text.x, text.y),
        (40, CAPITAL * text.size_mm),
        (1, content),
        (50, 90.0 if text.rotated else 0.0),
        (7, BOLD_STYLE if text.bold else TEXT_STYLE),
        *(((72, anchor), *position(text.x, text.y, 11)) if anchor else ()),
        (100, "AcDbText"),
    )
