"""A chain of dimensions taken apart into lines and texts: extension lines, the dimension line, oblique ticks, labels."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from kis.estimator.documents.drawings.sheet import Anchor, Axis, Dimension, Line, Text
from kis.estimator.documents.drawings.text_fit import ASCENT, text_width

_OVERSHOOT: Final = 0.6
"""How far extension lines reach beyond the dimension line, in text sizes."""
_TICK: Final = 0.35
"""Half the height of a tick, in text sizes."""
_LABEL_LIFT: Final = 0.32
"""From the dimension line to the foot of a label, in text sizes."""
_CLEAR: Final = 0.7
"""From the dimension line to the top of a label on its outer side below it, in text sizes: clear of the ends of the extension lines."""
_LEVEL: Final = 1.15
"""From one level of labels to the next further out, in text sizes."""
_LEVELS: Final = 3


def pieces(dimension: Dimension) -> Iterator[Line | Text]:
    """Yield everything a chain is drawn with. Nothing is yielded for a chain without a gap."""
    if len(dimension.stops) < 2:
        return
    size = dimension.size_mm
    outwards = 1.0 if dimension.line > dimension.origin else -1.0
    yield _line(dimension, dimension.stops[0], dimension.line, dimension.stops[-1], dimension.line)
    for stop in dimension.stops:
        start, end = (
            dimension.origin + outwards * size * _OVERSHOOT,
            dimension.line + outwards * size * _OVERSHOOT,
        )
        yield _line(dimension, stop, start, stop, end)
        yield _line(
            dimension,
            stop - _TICK * size,
            dimension.line - _TICK * size,
            stop + _TICK * size,
            dimension.line + _TICK * size,
        )
    yield from _labels(dimension)


def _labels(dimension: Dimension) -> Iterator[Text]:
    """Yield the labels; each stands on the lowest level where it touches no earlier one."""
    taken: list[float] = [float("-inf")] * _LEVELS
    for (start, end), label in zip(pairwise(dimension.stops), dimension.labels, strict=True):
        if not label:
            continue
        middle, half = (start + end) / 2, text_width(label, dimension.size_mm) / 2
        fits = 2 * half + 0.5 * dimension.size_mm <= end - start
        free = (level for level in range(0 if fits else 1, _LEVELS) if taken[level] <= middle - half)
        level = next(free, _LEVELS - 1)
        taken[level] = middle + half + 0.3 * dimension.size_mm
        yield _label(dimension, label, middle, level)


def _label(dimension: Dimension, content: str, middle: float, level: int) -> Text:
    """Return a label above its line (left of it, reading upwards, in a vertical chain); outer levels lie away from the object."""
    size = dimension.size_mm
    lift = _LABEL_LIFT * size
    if level:
        away_is_up = (
            dimension.line > dimension.origin
            if dimension.axis is Axis.X
            else dimension.line < dimension.origin
        )
        lift = (
            lift + level * _LEVEL * size if away_is_up else -(_CLEAR + ASCENT + (level - 1) * _LEVEL) * size
        )
    x, y = (middle, dimension.line + lift) if dimension.axis is Axis.X else (dimension.line - lift, middle)
    return Text(
        layer=dimension.layer,
        x=x,
        y=y,
        content=content,
        size_mm=size,
        colour=dimension.colour,
        anchor=Anchor.MIDDLE,
        rotated=dimension.axis is Axis.Y,
    )


def _line(dimension: Dimension, along0: float, across0: float, along1: float, across1: float) -> Line:
    x0, y0, x1, y1 = along0, across0, along1, across1
    if dimension.axis is Axis.Y:
        x0, y0, x1, y1 = across0, along0, across1, along1
    return Line(layer=dimension.layer, x0=x0, y0=y0, x1=x1, y1=y1, style=dimension.style)
