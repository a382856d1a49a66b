"""Texts that lie on each other, found without comparing every two."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Final

Box = tuple[float, float, float, float]

MOST_COMPARED: Final = 200_000
"""Pairs looked at in one sheet; a crowded drawing has some thousands, and a hostile file must not cost more."""
_MOST_BANDS: Final = 200
_LEAST_BAND: Final = 1e-6


def overlapping(boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Yield the indices of every two boxes that share an area, each pair once, from left to right.

    A box is only compared with those left of its right edge that reach into one of its bands of height.
    """
    order = [index for index, box in enumerate(boxes) if isfinite(sum(box))]
    if not order:
        return
    order.sort(key=boxes.__getitem__)
    bottom, height = _bands([boxes[index] for index in order])
    open_boxes: dict[int, list[int]] = {}
    compared = 0
    for index in order:
        x0, y0, _, y1 = boxes[index]
        found: set[int] = set()
        for band in range(int((y0 - bottom) / height), int((y1 - bottom) / height) + 1):
            still = [other for other in open_boxes.get(band, ()) if boxes[other][2] > x0]
            if still:
                compared += len(still)
                found.update([other for other in still if boxes[other][1] < y1 and y0 < boxes[other][3]])
            still.append(index)
            open_boxes[band] = still
        if compared > MOST_COMPARED:
            return
        if found:
            yield from ((other, index) for other in sorted(found, key=lambda other: (boxes[other], other)))


def _bands(boxes: Sequence[Box]) -> tuple[float, float]:
    """Return where the bands begin and how high each is: about two lines, and never so low that a box is in more than ``_MOST_BANDS``."""
    bottom, top = min(box[1] for box in boxes), max(box[3] for box in boxes)
    lines = 2 * sum(box[3] - box[1] for box in boxes) / len(boxes)
    return bottom, max(lines, (top - bottom) / _MOST_BANDS, _LEAST_BAND)


def shrunk(box: Box, long_side: float, short_side: float) -> Box:
    """Return ``box`` made smaller at each end, by shares of its longer and its shorter side."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    if width >= height:
        dx, dy = long_side * width, short_side * height
    else:
        dx, dy = short_side * width, long_side * height
    return (x0 + dx, y0 + dy, x1 - dx, y1 - dy)


def inside(box: Box, frame: Box, tolerance: float) -> bool:
    """Tell whether ``box`` does not leave ``frame`` by more than ``tolerance``."""
    return (
        box[0] >= frame[0] - tolerance
        and box[1] >= frame[1] - tolerance
        and box[2] <= frame[2] + tolerance
        and box[3] <= frame[3] + tolerance
    )
