"""Places a customer insists on: rows and ways are moved so that the named circuits sit there, and the order rule that gave way is named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kis.estimator.layout.ways import Row, Way
from kis.estimator.problem import Device

ORDER_RELAXED: Final = "layout.order"
"""Named in the drawing when a fixed place breaks the order poles, frame, ampere."""

Columns = tuple[tuple[Row, ...], ...]


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
    grid = [list(column) for column in columns]
    moved = False
    for _ in wanted:  # a row moved for one circuit may shift another's, so go over them until all sit
        for device, place in wanted:
            moved = _move(grid, device.id, place) or moved
    kept = tuple(tuple(column) for column in grid)
    unmet = tuple(device.id for device, place in wanted if _find(kept, device.id) != place)
    return Seating(kept, (ORDER_RELAXED,) if moved else (), unmet)


def _wanted(columns: Columns) -> Iterator[tuple[Device, _Place]]:
    for column in columns:
        for row in column:
            for way in row.ways:
                device = way.occupant
                if isinstance(device, Device) and device.position is not None:
                    position = device.position
                    yield device, _Place(position.column - 1, position.row - 1, position.side)


def _find(columns: Sequence[Sequence[Row]], device: str) -> _Place | None:
    for number, column in enumerate(columns):
        for index, row in enumerate(column):
            for side, way in (("L", row.left), ("R", row.right)):
                if way is not None and way.occupant.id == device:
                    return _Place(number, index, side)
    return None


def _move(grid: list[list[Row]], device: str, place: _Place) -> bool:
    """Bring a circuit to its place; return whether the order rule had to give way."""
    now = _find(grid, device)
    if now is None or now == place or place.column >= len(grid) or place.row >= len(grid[place.column]):
        return False
    mine, other = _way(grid, now), _way(grid, place)
    if mine is not None and other is not None and _same_shape(mine, other):
        _put(grid, now, other)
        _put(grid, place, mine)
        return _rank(mine) != _rank(other)
    if now.column != place.column:
        return False
    if now.side != place.side:
        row = grid[now.column][now.row]
        grid[now.column][now.row] = replace(row, left=row.right, right=row.left)
    grid[place.column].insert(place.row, grid[now.column].pop(now.row))
    return now.row != place.row


def _way(grid: list[list[Row]], place: _Place) -> Way | None:
    row = grid[place.column][place.row]
    return row.left if place.side == "L" else row.right


def _put(grid: list[list[Row]], place: _Place, way: Way) -> None:
    row = grid[place.column][place.row]
    grid[place.column][place.row] = replace(row, left=way) if place.side == "L" else replace(row, right=way)


def _same_shape(one: Way, other: Way) -> bool:
    shapes = [
        (way.breaker.poles, way.breaker.width_mm, way.breaker.height_mm, way.breaker.grade)
        for way in (one, other)
    ]
    return shapes[0] == shapes[1]


def _rank(way: Way) -> tuple[int, int, int]:
    rating = way.occupant.rating_a if isinstance(way.occupant, Device) else 0
    return (way.breaker.poles, way.breaker.frame_af, rating)
