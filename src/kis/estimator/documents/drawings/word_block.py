"""Lines of words in a box, as many and as large as it holds; and what a part of the drawing is to those who write on it."""

from collections.abc import Sequence
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.device_label import LETTER_HEIGHTS_MM
from kis.estimator.documents.drawings.panel_facts import UNVERIFIED_MARK
from kis.estimator.documents.drawings.sheet import CENTRE_OFFSET, Anchor, Box, Layer, Text
from kis.estimator.documents.drawings.text_fit import text_width
from kis.estimator.layout.drawing import Part

PADDING_MM: Final = 0.4
_HEIGHTS_MM: Final = (4.0, 3.6, *LETTER_HEIGHTS_MM)
_LINE_PITCH: Final = 1.3


def word_block(words: Sequence[str], box: Box, scale: float, colour: str = palette.INK) -> tuple[Text, ...]:
    """Return words below each other in the middle of ``box``, the first in bold: all of them at one letter height, the first ones if not all."""
    pad = PADDING_MM * scale
    width, height = box[2] - box[0] - 2 * pad, box[3] - box[1] - 2 * pad
    written = [word for word in words if word]
    for count in range(len(written), 0, -1):
        for letter in _HEIGHTS_MM:
            size = letter * scale
            fits = all(text_width(word, size, bold=i == 0) <= width for i, word in enumerate(written[:count]))
            if fits and (_LINE_PITCH * (count - 1) + 1) * size <= height:
                return tuple(_lines(written[:count], box, size, colour))
    return ()


def box_of(part: Part) -> Box:
    """Return the rectangle of a part."""
    return (part.x0, part.y0, part.x1, part.y1)


def star_of(part: Part) -> str:
    """Return the mark of a part whose outline nobody has verified."""
    return "" if part.verified else UNVERIFIED_MARK


def overlap(one: Box, other: Box) -> bool:
    """Tell whether two rectangles have an area in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _lines(words: Sequence[str], box: Box, size: float, colour: str) -> list[Text]:
    x, middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return [
        Text(
            layer=Layer.LABEL,
            x=x,
            y=middle + ((len(words) - 1) / 2 - number) * _LINE_PITCH * size - CENTRE_OFFSET * size,
            content=word,
            size_mm=size,
            colour=colour,
            anchor=Anchor.MIDDLE,
            bold=number == 0,
            box=box,
        )
        for number, word in enumerate(words)
    ]
