"""What a set-up of a panel is: columns of rows, the main they hang on, and what all of it needs. Data only."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction

from kis.estimator.layout.accessories import AccessoryPlan
from kis.estimator.layout.drawing import Zones
from kis.estimator.layout.rails import Rail
from kis.estimator.layout.ways import Row
from kis.estimator.problem import MainDevice
from kis.estimator.rulebook.schema import BarStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """One column: its rows, the reach of the devices and the lanes left and right of the bars, and the width it takes."""

    rows: tuple[Row, ...]
    left_reach_mm: int
    right_reach_mm: int
    left_lane_mm: int
    right_lane_mm: int
    corridor_mm: int
    bar_pitch: Fraction
    bar: BarStep
    device_gap_mm: int

    @property
    def height_mm(self) -> int:
        """Return the sum of the row pitches (C)."""
        return sum(row.pitch_mm for row in self.rows)

    @property
    def left_mm(self) -> int:
        """Return what stands left of the corridor: gap, devices and lane."""
        return self.device_gap_mm + self.left_reach_mm + self.left_lane_mm

    @property
    def right_mm(self) -> int:
        """Return what stands right of the corridor."""
        return self.device_gap_mm + self.right_reach_mm + self.right_lane_mm

    @property
    def width_mm(self) -> int:
        """Return the width of the column from lane edge to lane edge."""
        return self.left_mm + self.corridor_mm + self.right_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlan:
    """A main with its columns. ``bar`` is the bar that carries the main's current (the header where there are several columns)."""

    main: MainDevice
    columns: tuple[ColumnPlan, ...]
    bar: BarStep
    zones: Zones
    width_mm: int
    rails: tuple[Rail, ...] = ()
    relaxations: tuple[str, ...] = ()
    unmet_positions: tuple[str, ...] = ()

    @property
    def has_ways(self) -> bool:
        """Tell whether anything is fed by this main."""
        return bool(self.columns or self.rails)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A set-up with what it needs. ``depth_geometry_mm`` is what stands deepest plus clearances; ``depth_mm`` also keeps the shop's least depth."""

    groups: tuple[GroupPlan, ...]
    accessories: AccessoryPlan
    width_geometry_mm: int
    width_mm: int
    height_mm: int
    depth_geometry_mm: int
    depth_mm: int
    depth_verified: bool

    @property
    def columns(self) -> tuple[ColumnPlan, ...]:
        """Return all columns, left to right."""
        return tuple(column for group in self.groups for column in group.columns)

    @property
    def most_columns(self) -> int:
        """Return the greatest number of columns of one main."""
        return max(len(group.columns) for group in self.groups)

    @property
    def unmet_positions(self) -> tuple[str, ...]:
        """Return the circuits whose fixed place could not be kept."""
        return tuple(device for group in self.groups for device in group.unmet_positions)


def with_sides_exchanged(arrangement: Arrangement, rows: Collection[tuple[int, int]]) -> Arrangement:
    """Return ``arrangement`` with left and right exchanged in ``rows`` (column over all groups, row)."""
    if not rows:
        return arrangement
    groups, first = [], 0
    for group in arrangement.groups:
        columns = tuple(
            replace(
                column,
                rows=tuple(
                    replace(row, left=row.right, right=row.left) if (number, index) in rows else row
                    for index, row in enumerate(column.rows)
                ),
            )
            for number, column in enumerate(group.columns, start=first)
        )
        first += len(group.columns)
        groups.append(replace(group, columns=columns))
    return replace(arrangement, groups=tuple(groups))
