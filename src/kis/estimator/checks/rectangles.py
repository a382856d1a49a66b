"""How rectangles lie to each other, and which of many come close: a sweep, not every pair."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from kis.estimator.layout.drawing import Part


class Rectangle(Protocol):
    """Anything with [x0, x1] × [y0, y1]."""

    @property
    def x0(self) -> int: ...  # noqa: D102 - an edge needs no sentence
    @property
    def x1(self) -> int: ...  # noqa: D102 - an edge needs no sentence
    @property
    def y0(self) -> int: ...  # noqa: D102 - an edge needs no sentence
    @property
    def y1(self) -> int: ...  # noqa: D102 - an edge needs no sentence


def apart_x(one: Rectangle, other: Rectangle) -> int:
    """Return the free width between two rectangles; negative is how far they reach into each other."""
    return max(one.x0 - other.x1, other.x0 - one.x1)


def apart_y(one: Rectangle, other: Rectangle) -> int:
    """Return the free height between two rectangles; negative is how far they reach into each other."""
    return max(one.y0 - other.y1, other.y0 - one.y1)


def covers(one: Rectangle, other: Rectangle) -> bool:
    """Tell whether two rectangles share an area; touching is none."""
    return apart_x(one, other) < 0 and apart_y(one, other) < 0


def gap_squared(one: Rectangle, other: Rectangle) -> int:
    """Return the square of the distance between two rectangles, 0 where they touch or share an area."""
    return max(0, apart_x(one, other)) ** 2 + max(0, apart_y(one, other)) ** 2


def close_pairs(parts: Iterable[Part], reach_mm: int) -> Iterator[tuple[Part, Part]]:
    """Yield the pairs less than ``reach_mm`` apart both ways (0: those that share an area), lowest part first.

    A line sweeps upwards; parts it has left behind by more than the reach are dropped.
    """
    open_parts: list[Part] = []
    for part in sorted(parts, key=lambda item: (item.y0, item.x0, item.id)):
        open_parts = [other for other in open_parts if part.y0 - other.y1 < reach_mm]
        yield from ((other, part) for other in open_parts if apart_x(other, part) < reach_mm)
        open_parts.append(part)
