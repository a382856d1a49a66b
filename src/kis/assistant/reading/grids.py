"""Grids: the ruling lines of a page that make the cells of a table.

Producers draw a table as long lines, as the sides of each cell or as filled strips; what lies on one line is put together first. Lines that cross or meet
belong to one grid. A cell goes over several rows or columns where the line between them is missing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

Rule = tuple[float, float, float, float]
"""Left, top, right and bottom of what was drawn; a plain tuple, as a drawing has thousands."""
Stretch = tuple[float, float, float]
"""A straight line: where it lies across its direction, and from where to where it goes."""

THICKEST: Final = 4.0
"""Points; PDFium widens what it tells of a line by up to one on each side."""
_SHORTEST: Final = 8.0
_NEAR: Final = 3.0
"""Points between lines that are one, or that meet."""
_MOST_LINES: Final = 200
"""A page with more of them, those that go on with each other counted as one, is a drawing."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells between ruling lines."""

    columns: tuple[float, ...]
    """The borders of the columns, from left to right, the outer ones included."""
    rows: tuple[float, ...]
    """Those of the rows, from above to below."""
    upright: tuple[Stretch, ...]
    lying: tuple[Stretch, ...]
    is_plain: bool
    """All lines go from end to end: no cell goes over several rows or columns."""

    def holds(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Tell whether the middle of a place is in the grid."""
        across, down = (left + right) / 2, (top + bottom) / 2
        return self.columns[0] < across < self.columns[-1] and self.rows[0] < down < self.rows[-1]

    def cell(self, across: float, down: float) -> tuple[int, int]:
        """Return the row and the column of a place: the first ones of a cell that goes over several."""
        column = min(max(bisect_right(self.columns, across) - 1, 0), len(self.columns) - 2)
        row = min(max(bisect_right(self.rows, down) - 1, 0), len(self.rows) - 2)
        if self.is_plain:
            return row, column
        while row > 0 and self.goes_down(row - 1, column):
            row -= 1
        while column > 0 and self.goes_right(row, column - 1):
            column -= 1
        return row, column

    def goes_down(self, row: int, column: int) -> bool:
        """Tell whether no line parts a cell from the one under it."""
        middle = (self.columns[column] + self.columns[column + 1]) / 2
        return not self.is_plain and not _is_crossed(self.lying, self.rows[row + 1], middle)

    def goes_right(self, row: int, column: int) -> bool:
        """Tell whether no line parts a cell from the one to its right."""
        middle = (self.rows[row] + self.rows[row + 1]) / 2
        return not self.is_plain and not _is_crossed(self.upright, self.columns[column + 1], middle)


def _is_crossed(stretches: Iterable[Stretch], at: float, middle: float) -> bool:
    return any(abs(where - at) <= _NEAR and start < middle < end for where, start, end in stretches)


def rulings_of(rules: Sequence[Rule]) -> tuple[tuple[Grid, ...], tuple[Stretch, ...]]:
    """Return the grids that the lines and rectangles of a page make, from above to below, and the lying lines that are in none."""
    upright, lying = _joined(_upright(rules)), _joined(_lying(rules))
    if len(upright) + len(lying) > _MOST_LINES:
        return (), ()
    found = [grid for grid in (_grid(*some) for some in _connected(upright, lying)) if grid]
    held = {one for grid in found for one in grid.lying}
    grids = tuple(sorted(found, key=lambda grid: (grid.rows[0], grid.columns[0])))
    return grids, tuple(one for one in lying if one not in held)


def _upright(rules: Iterable[Rule]) -> list[Stretch]:
    """Return the lines that run down, and the sides of rectangles."""
    found: list[Stretch] = []
    for left, top, right, bottom in rules:
        if bottom - top < _SHORTEST:
            continue
        if right - left <= THICKEST:
            found.append(((left + right) / 2, top, bottom))
        elif bottom - top > THICKEST:
            found += [(left, top, bottom), (right, top, bottom)]
    return found


def _lying(rules: Iterable[Rule]) -> list[Stretch]:
    """Return the lines that run to the right, and the upper and lower sides of rectangles."""
    return _upright((top, left, bottom, right) for left, top, right, bottom in rules)


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return lines, those that go on with each other as one."""
    found: list[Stretch] = []
    for some in _clustered(stretches):
        where = some[0][0]
        begun: Stretch | None = None
        for _, start, end in sorted(some, key=lambda one: one[1:]):
            if begun and start <= begun[2] + _NEAR:
                begun = (where, begun[1], max(begun[2], end))
                continue
            if begun:
                found.append(begun)
            begun = (where, start, end)
        if begun:
            found.append(begun)
    return found


def _clustered(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    clusters: list[list[Stretch]] = []
    for one in sorted(stretches):
        if clusters and one[0] - clusters[-1][0][0] <= _NEAR:
            clusters[-1].append(one)
        else:
            clusters.append([one])
    return clusters


def _connected(
    upright: Sequence[Stretch], lying: Sequence[Stretch]
) -> list[tuple[list[Stretch], list[Stretch]]]:
    """Return lines that cross or meet, together."""
    groups: list[tuple[list[Stretch], list[Stretch]]] = []
    for one in lying:
        met = [group for group in groups if any(_meet(other, one) for other in group[0])]
        down = [other for other in upright if _meet(other, one)]
        begun = (
            [other for group in met for other in group[0]],
            [one, *(other for group in met for other in group[1])],
        )
        begun[0].extend(other for other in down if other not in begun[0])
        groups = [group for group in groups if group not in met]
        if begun[0]:
            groups.append(begun)
    return groups


def _meet(upright: Stretch, lying: Stretch) -> bool:
    across, top, bottom = upright
    down, left, right = lying
    return left - _NEAR <= across <= right + _NEAR and top - _NEAR <= down <= bottom + _NEAR


def _grid(upright: Sequence[Stretch], lying: Sequence[Stretch]) -> Grid | None:
    """Return a grid of two columns at least; its outer lines may be missing."""
    columns = _borders(upright, lying)
    rows = _borders(lying, upright)
    if len(columns) < 3 or len(rows) < 2:
        return None
    is_plain = _go_over(upright, rows) and _go_over(lying, columns)
    return Grid(columns, rows, tuple(upright), tuple(lying), is_plain)


def _go_over(stretches: Iterable[Stretch], borders: Sequence[float]) -> bool:
    first, last = borders[0] + _SHORTEST, borders[-1] - _SHORTEST
    return all(start < first and end > last for _, start, end in stretches)


def _borders(along: Sequence[Stretch], across: Sequence[Stretch]) -> tuple[float, ...]:
    """Return where lines lie, and where those that cross them begin and end if that is farther out."""
    found = [some[0][0] for some in _clustered(along)]
    first, last = min(one[1] for one in across), max(one[2] for one in across)
    before = [first] if first < found[0] - _SHORTEST else []
    after = [last] if last > found[-1] + _SHORTEST else []
    return (*before, *found, *after)
