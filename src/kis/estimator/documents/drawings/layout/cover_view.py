"""The openings of the P-COVER on a sheet: their outlines alone on one layer, their numbers beside them, their places for a table."""

from collections.abc import Iterator, Sequence
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.cut_out import CutOut
from kis.estimator.documents.drawings.device_label import SMALLEST_MM
from kis.estimator.documents.drawings.place_tables import Place, PlaceList
from kis.estimator.documents.drawings.sheet import (
    Box,
    Layer,
    Polyline,
    Rectangle,
    Shape,
    Text,
    centred_text,
)
from kis.estimator.documents.drawings.text_fit import text_width
from kis.estimator.documents.drawings.word_block import overlap

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def cover_outlines(cut_outs: Sequence[CutOut]) -> Iterator[Rectangle | Polyline]:
    """Yield every opening as one closed line at true size."""
    for opening in cut_outs:
        if opening.is_rectangle:
            x0, y0, x1, y1 = opening.box
            yield Rectangle(layer=Layer.CUT_OUT, x0=x0, y0=y0, x1=x1, y1=y1, style=palette.CUT_OUT)
        else:
            yield Polyline(layer=Layer.CUT_OUT, points=opening.outline, style=palette.CUT_OUT, closed=True)


def cover_numbers(
    cut_outs: Sequence[CutOut], view: Sequence[Shape], bounds: Box, scale: float
) -> Iterator[Text]:
    """Yield the number of every opening in the first free place beside it, inside ``bounds``; none where all places are taken."""
    taken = [box for shape in view for box in _room(shape)]
    taken += [_floats(rectangle) for opening in cut_outs for rectangle in opening.rectangles]
    for opening in cut_outs:
        for place in _places(opening, scale):
            free = not any(overlap(place, other) for other in taken)
            if free and bounds[0] <= place[0] and place[2] <= bounds[2] and place[3] <= bounds[3]:
                size = SMALLEST_MM * scale
                yield centred_text(Layer.LABEL, _name(opening), place, size, palette.CUT_OUT_INK, bold=True)
                taken.append(place)
                break


def cover_places(cut_outs: Sequence[CutOut]) -> PlaceList:
    """Return place and size of every opening; a stepped one as the rectangles that make it, ``P2a`` and ``P2b``."""
    places = (
        Place(_name(opening) + ("" if opening.is_rectangle else letter), rectangle)
        for opening in cut_outs
        for letter, rectangle in zip(_letters(len(opening.rectangles)), opening.rectangles, strict=True)
    )
    return PlaceList("cover", len(cut_outs), tuple(places))


def _letters(count: int) -> list[str]:
    """Return names for the steps of an opening: the letters, and after z the letters with a number."""
    rounds = ("" if not number else str(number + 1) for number in range(-(-count // len(_LETTERS))))
    return [letter + suffix for suffix in rounds for letter in _LETTERS][:count]


def _name(opening: CutOut) -> str:
    return f"P{opening.number}"


def _places(opening: CutOut, scale: float) -> Iterator[Box]:
    """Yield where a number may stand: left and right of the topmost step and of the others, then above and below."""
    height, gap = 1.2 * SMALLEST_MM * scale, 0.4 * scale
    width = text_width(_name(opening), SMALLEST_MM * scale, bold=True)
    for x0, _, x1, y1 in opening.rectangles:
        yield (x0 - gap - width, y1 - height, x0 - gap, y1)
        yield (x1 + gap, y1 - height, x1 + gap + width, y1)
    x0, y0, _, y1 = opening.box
    yield (x0, y1 + gap, x0 + width, y1 + gap + height)
    yield (x0, y0 - gap - height, x0 + width, y0 - gap)


def _room(shape: Shape) -> Iterator[Box]:
    """Yield the room a shape of the view takes: words, and what stands for a part of the panel."""
    if isinstance(shape, Text):
        yield shape.extent
    elif isinstance(shape, Rectangle) and shape.part:
        yield (shape.x0, shape.y0, shape.x1, shape.y1)


def _floats(rectangle: tuple[int, int, int, int]) -> Box:
    x0, y0, x1, y1 = rectangle
    return (float(x0), float(y0), float(x1), float(y1))
