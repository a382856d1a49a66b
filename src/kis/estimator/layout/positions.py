"""Places a customer insists on: rows are put where their shapes are wanted, then the named circuits change places with their like.

Whole rows move inside their column, a row may turn over, and circuits of one shape exchange seats, so every set of places that the rows of each column
can satisfy is kept. What the order rule loses by that is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kis.estimator.layout.ways import Row, Way
from kis.estimator.problem import Device

ORDER_RELAXED: Final = "layout.order"
"""Named in the drawing when a fixed place breaks the order poles, frame, ampere."""

Columns = tuple[tuple[Row, ...], ...]
Shape = tuple[int, int, int, str]
Demands = Mapping[int, Mapping[str, Shape]]
"""Wanted shapes of one column: by row index, then side."""


@dataclass(frozen=True, slots=True)
class Seating:
    """Columns after the fixed places were kept; ``unmet`` are the circuits whose place does not exist or is taken."""

    columns: Columns
    relaxations: tuple[str, ...]
    unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    column: int
    row: int
    side: str


def keep_positions(columns: Columns) -> Seating:
    """Return ``columns`` with every circuit that has a fixed place at it, where that is possible."""
    wanted = sorted(_wanted(columns), key=lambda item: (item[1].column, item[1].row, item[1].side))
    if not wanted:
        return Seating(columns, (), ())
    grid = [_rows_in_place(column, _demands(wanted, number)) for number, column in enumerate(columns)]
    for way, place in wanted:
        _seat(grid, way, place)
    kept = tuple(tuple(column) for column in grid)
    unmet = tuple(way.occupant.id for way, place in wanted if _find(kept, way) != place)
    moved = _ranks(kept) != _ranks(columns)
    return Seating(kept, (ORDER_RELAXED,) if moved else (), unmet)


def _wanted(columns: Columns) -> Iterator[tuple[Way, _Place]]:
    for way in (way for column in columns for row in column for way in row.ways):
        if isinstance(way.occupant, Device) and way.occupant.position is not None:
            position = way.occupant.position
            yield way, _Place(position.column - 1, position.row - 1, position.side)


def _demands(wanted: Sequence[tuple[Way, _Place]], column: int) -> Demands:
    demands: dict[int, dict[str, Shape]] = {}
    for way, place in wanted:
        if place.column == column:
            demands.setdefault(place.row, {})[place.side] = _shape(way)
    return demands


def _rows_in_place(column: Sequence[Row], demands: Demands) -> list[Row]:
    """Return the rows of a column with a fitting one at every index where shapes are wanted, the others in their order around them."""
    taken: dict[int, int] = {}
    for index in sorted(demands, key=lambda index: (-len(demands[index]), index)):
        _assign(column, demands, index, taken, set())
    rest = [number for number in range(len(column)) if number not in taken]
    by_index = {index: number for number, index in taken.items()}
    placed: list[Row] = []
    for index in range(len(column)):
        number = by_index[index] if index in by_index else rest.pop(0)
        placed.append(_turned(column[number], demands.get(index, {})))
    return placed


def _assign(
    column: Sequence[Row], demands: Demands, index: int, taken: dict[int, int], tried: set[int]
) -> bool:
    """Find a row for ``index``, moving rows already given to other indices where they have another choice (augmenting path)."""
    if index >= len(column):
        return False
    for number in sorted(range(len(column)), key=lambda number: (number != index, number)):
        if number in tried or not _hosts(column[number], demands[index]):
            continue
        tried.add(number)
        if number not in taken or _assign(column, demands, taken[number], taken, tried):
            taken[number] = index
            return True
    return False


def _hosts(row: Row, wanted: Mapping[str, Shape]) -> bool:
    return any(_meets(turned, wanted) for turned in (row, _over(row)))


def _meets(row: Row, wanted: Mapping[str, Shape]) -> bool:
    sides = {"L": row.left, "R": row.right}
    return all((way := sides[side]) is not None and _shape(way) == shape for side, shape in wanted.items())


def _turned(row: Row, wanted: Mapping[str, Shape]) -> Row:
    """Return the row, turned over where only that brings the wanted shapes to their sides."""
    return _over(row) if not _meets(row, wanted) and _meets(_over(row), wanted) else row


def _over(row: Row) -> Row:
    return replace(row, left=row.right, right=row.left)


def _seat(grid: list[list[Row]], way: Way, place: _Place) -> None:
    """Exchange a circuit with the one at its place, if that has the same shape."""
    now = _find(grid, way)
    if now is None or place.column >= len(grid) or place.row >= len(grid[place.column]):
        return
    other = _at(grid, place)
    if other is not None and _shape(other) == _shape(way):
        _put(grid, now, other)
        _put(grid, place, way)


def _find(columns: Sequence[Sequence[Row]], way: Way) -> _Place | None:
    for number, column in enumerate(columns):
        for index, row in enumerate(column):
            for side, seated in (("L", row.left), ("R", row.right)):
                if seated is not None and seated.occupant.id == way.occupant.id:
                    return _Place(number, index, side)
    return None


def _at(grid: list[list[Row]], place: _Place) -> Way | None:
    row = grid[place.column][place.row]
    return row.left if place.side == "L" else row.right


def _put(grid: list[list[Row]], place: _Place, way: Way) -> None:
    row = grid[place.column][place.row]
    grid[place.column][place.row] = replace(row, left=way) if place.side == "L" else replace(row, right=way)


def _shape(way: Way) -> Shape:
    breaker = way.breaker
    return (breaker.poles, breaker.width_mm, breaker.height_mm, breaker.grade.value)


def _ranks(columns: Columns) -> list[list[tuple[int, int, int]]]:
    """Return what the order rule looks at: poles, frame and ampere of the leading way of every row."""
    return [[max(map(_rank, row.ways)) for row in column] for column in columns]


def _rank(way: Way) -> tuple[int, int, int]:
    rating = way.occupant.rating_a if isinstance(way.occupant, Device) else 0
    return (way.breaker.poles, way.breaker.frame_af, rating)
