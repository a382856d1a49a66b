"""Texts that lie on each other, found without comparing every two."""

from collections.abc import Iterator, Sequence
from typing import Final

Box = tuple[float, float, float, float]

MOST_COMPARED: Final = 200_000
"""Pairs looked at in one sheet; a crowded drawing has some thousands, and a hostile file must not cost more."""


def overlapping(boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Yield the indices of every two boxes that share an area, each pair once."""
    order = sorted(range(len(boxes)), key=lambda index: boxes[index])
    open_boxes: list[int] = []
    compared = 0
    for index in order:
        x0, y0, _, y1 = boxes[index]
        open_boxes = [other for other in open_boxes if boxes[other][2] > x0]
        compared += len(open_boxes)
        if compared > MOST_COMPARED:
            return
        for other in open_boxes:
            if boxes[other][1] < y1 and y0 < boxes[other][3]:
                yield (other, index)
        open_boxes.append(index)


def shrunk(box: Box, long_side: float, short_side: float) -> Box:
    """Return ``box`` made smaller at each end, by shares of its longer and its shorter side."""
    width, height = box[2] - box[0], box[3] - box[1]
    across, along = short_side * min(width, height), long_side * max(width, height)
    dx, dy = (along, across) if width >= height else (across, along)
    return (box[0] + dx, box[1] + dy, box[2] - dx, box[3] - dy)


def inside(box: Box, frame: Box, tolerance: float) -> bool:
    """Tell whether ``box`` does not leave ``frame`` by more than ``tolerance``."""
    return (
        box[0] >= frame[0] - tolerance
        and box[1] >= frame[1] - tolerance
        and box[2] <= frame[2] + tolerance
        and box[3] <= frame[3] + tolerance
    )
