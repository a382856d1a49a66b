"""Openings of the P-COVER: where the devices' faces reach through the cover over the live parts.

Rule of this drawing, a shop habit that no standard states and no maker has confirmed:

* Main and branch breakers reach through with their whole outline; where a handle stands on its face is not published for every model.
* The opening is larger than the outline by :data:`CLEARANCE_MM` on every side, so that the cover goes on over devices that stand slightly off.
* Where less than :data:`LEAST_WEB_MM` of cover would stay between two openings they become one: so narrow a web breaks when acrylic is cut.
* Empty ways, contactors, meters and all other accessories stay covered: nothing there is operated, and an opening would bare live bars.

Openings are measured from the lower left corner of the box, like everything else on the sheet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from kis.estimator.layout.drawing import Drawing, PartKind

CLEARANCE_MM: Final = 2
LEAST_WEB_MM: Final = 10

_Rectangle = tuple[int, int, int, int]
_Point = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOut:
    """One opening: ``outline`` are its corners, counter-clockwise from the lower left one; ``rectangles`` together make it, topmost first.

    ``parts`` are the ids of the drawing's parts that reach through. Numbers run from 1, downwards and then to the right.
    """

    number: int
    outline: tuple[_Point, ...]
    rectangles: tuple[_Rectangle, ...]
    parts: tuple[str, ...]

    @property
    def is_rectangle(self) -> bool:
        """Tell whether four cuts make it."""
        return len(self.rectangles) == 1

    @property
    def box(self) -> _Rectangle:
        """Return the rectangle around it."""
        xs, ys = [x for x, _ in self.outline], [y for _, y in self.outline]
        return (min(xs), min(ys), max(xs), max(ys))


def cover_cut_outs(drawing: Drawing) -> tuple[CutOut, ...]:
    """Return the openings of the cover of a panel."""
    parts = drawing.of(PartKind.MAIN, PartKind.BREAKER)
    grown = [
        (part.x0 - CLEARANCE_MM, part.y0 - CLEARANCE_MM, part.x1 + CLEARANCE_MM, part.y1 + CLEARANCE_MM)
        for part in parts
    ]
    openings = [
        (_filled([grown[number] for number in block]), tuple(parts[number].id for number in block))
        for block in _blocks(grown)
    ]
    openings.sort(
        key=lambda opening: (-max(slab[3] for slab in opening[0]), min(slab[0] for slab in opening[0]))
    )
    return tuple(
        CutOut(number=number, outline=_outline(rectangles), rectangles=rectangles, parts=names)
        for number, (rectangles, names) in enumerate(openings, start=1)
    )


def _blocks(openings: Sequence[_Rectangle]) -> list[list[int]]:
    """Return which openings become one, directly or through others; the order of the drawing is kept."""
    leader = list(range(len(openings)))

    def first(number: int) -> int:
        while leader[number] != number:
            number = leader[number]
        return number

    for one, other in combinations(range(len(openings)), 2):
        if _bridge(openings[one], openings[other]) is not None:
            low, high = sorted((first(one), first(other)))
            leader[high] = low
    blocks: dict[int, list[int]] = {}
    for number in range(len(openings)):
        blocks.setdefault(first(number), []).append(number)
    return list(blocks.values())


def _bridge(one: _Rectangle, other: _Rectangle) -> _Rectangle | None:
    """Return the narrow web between two openings that face each other (the overlap, where they have one); None where enough cover stays."""
    x0, x1 = max(one[0], other[0]), min(one[2], other[2])
    y0, y1 = max(one[1], other[1]), min(one[3], other[3])
    if x0 < x1 and y0 - y1 < LEAST_WEB_MM:
        return (x0, min(y0, y1), x1, max(y0, y1))
    if y0 < y1 and x0 - x1 < LEAST_WEB_MM:
        return (min(x0, x1), y0, max(x0, x1), y1)
    return None


def _filled(openings: Sequence[_Rectangle]) -> tuple[_Rectangle, ...]:
    """Return the openings of a block and the webs between them as rectangles that do not overlap, topmost first."""
    bridges = (_bridge(one, other) for one, other in combinations(openings, 2))
    pieces = [*openings, *(bridge for bridge in bridges if bridge is not None)]
    levels = sorted({y for piece in pieces for y in (piece[1], piece[3])}, reverse=True)
    slabs: list[_Rectangle] = []
    for top, bottom in pairwise(levels):
        runs = _runs([(piece[0], piece[2]) for piece in pieces if piece[1] <= bottom and top <= piece[3]])
        for x0, x1 in runs:
            above = next((slab for slab in slabs if slab[0] == x0 and slab[2] == x1 and slab[1] == top), None)
            if above is None:
                slabs.append((x0, bottom, x1, top))
            else:
                slabs[slabs.index(above)] = (x0, bottom, x1, above[3])
    return tuple(slabs)


def _runs(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches of x that the spans cover together, from the left."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs


def _outline(rectangles: Sequence[_Rectangle]) -> tuple[_Point, ...]:
    """Return the corners around rectangles that touch; an island inside would fall out with the opening and is not cut on its own."""
    following: dict[_Point, list[_Point]] = {}
    for start, end in _edges(rectangles):
        following.setdefault(start, []).append(end)
    start = min(following, key=lambda point: (point[1], point[0]))
    walk, direction = [start], (1, 0)
    while True:
        here = walk[-1]
        there = max(following[here], key=lambda point: _turn(direction, here, point))
        direction = _direction(here, there)
        if there == start:
            break
        walk.append(there)
    corners = [
        point
        for before, point, after in zip([walk[-1], *walk], walk, [*walk[1:], walk[0]], strict=False)
        if _direction(before, point) != _direction(point, after)
    ]
    return tuple(corners)


def _edges(rectangles: Sequence[_Rectangle]) -> Iterator[tuple[_Point, _Point]]:
    """Yield the sides that lie between opening and cover, the opening on their left, cut at every corner of a rectangle."""
    xs = sorted({x for rectangle in rectangles for x in (rectangle[0], rectangle[2])})
    ys = sorted({y for rectangle in rectangles for y in (rectangle[1], rectangle[3])})
    open_cells = {
        (column, row)
        for column in range(len(xs) - 1)
        for row in range(len(ys) - 1)
        if any(
            item[0] <= xs[column]
            and xs[column + 1] <= item[2]
            and item[1] <= ys[row]
            and ys[row + 1] <= item[3]
            for item in rectangles
        )
    }
    for column, row in sorted(open_cells):
        x0, x1, y0, y1 = xs[column], xs[column + 1], ys[row], ys[row + 1]
        sides = (
            ((column, row - 1), (x0, y0), (x1, y0)),
            ((column + 1, row), (x1, y0), (x1, y1)),
            ((column, row + 1), (x1, y1), (x0, y1)),
            ((column - 1, row), (x0, y1), (x0, y0)),
        )
        yield from ((start, end) for neighbour, start, end in sides if neighbour not in open_cells)


def _direction(here: _Point, there: _Point) -> _Point:
    return ((there[0] > here[0]) - (there[0] < here[0]), (there[1] > here[1]) - (there[1] < here[1]))


def _turn(direction: _Point, here: _Point, there: _Point) -> int:
    """Return 1 for a turn to the left, 0 for straight on, -1 to the right."""
    onwards = _direction(here, there)
    return direction[0] * onwards[1] - direction[1] * onwards[0]
