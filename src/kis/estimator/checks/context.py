"""What the checks look at: the request's circuits, the drawing, the rules, and figures worked out from these alone.

Neither the arrangement nor the solver's variables are in here; of their answer only what is *reported* (phase sums and
labels) is, to be held against the drawing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from kis.catalog import Breaker, Catalog
from kis.estimator.checks.conductors import BusbarReport, busbar_reports
from kis.estimator.checks.imbalance import MainUnbalance, unbalances
from kis.estimator.checks.loads import MainLoad, heating_currents, lines_of, main_loads
from kis.estimator.checks.thermal import RAIL_STYLE, HeatReport, heat_report
from kis.estimator.design import ChosenEnclosure, GroupPhases
from kis.estimator.layout.drawing import DOOR_PARTS, Column, Drawing, Part, PartKind
from kis.estimator.problem import Device, Network, PanelProblem
from kis.estimator.rulebook import Rulebook

Key = TypeVar("Key", int, str)

WAYS: Final = frozenset({PartKind.BREAKER, PartKind.SPARE_WAY})
"""What sits at the bars: branches and empty ways."""

BODIES: Final = frozenset(
    {
        PartKind.MAIN,
        PartKind.BREAKER,
        PartKind.SPARE_WAY,
        PartKind.FUSE_HOLDER,
        PartKind.TERMINAL_BLOCK,
        PartKind.CONTACTOR,
        PartKind.TIMER,
        PartKind.METER,
        PartKind.SPD,
    }
)
"""Devices on the plate or on a rail."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle that is no part: the plate, a row, a corridor."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """A panel under examination.

    ``lines`` are the phases of each circuit as its drawn label reads; ``breakers`` the catalogue rows behind drawn ids,
    empty ways included. ``drawn`` holds the parts that stand for a device, way or accessory, by its id.
    """

    problem: PanelProblem
    drawing: Drawing
    enclosure: ChosenEnclosure
    reported: tuple[GroupPhases, ...]
    rules: Rulebook
    circuits: Mapping[str, Device]
    breakers: Mapping[str, Breaker]
    drawn: Mapping[str, tuple[Part, ...]]
    inner_parts: tuple[Part, ...]
    door_parts: tuple[Part, ...]
    busbars_by_column: Mapping[int, tuple[Part, ...]]
    ways_by_column: Mapping[int, tuple[Part, ...]]
    lines: Mapping[str, tuple[str, ...]]
    mains: tuple[MainLoad, ...]
    heat: HeatReport
    busbars: tuple[BusbarReport, ...]
    unbalance: tuple[MainUnbalance, ...]

    @property
    def network(self) -> Network:
        """Return the lines and voltages of the supply."""
        return self.problem.network

    @property
    def on_rails(self) -> bool:
        """Tell whether the devices stand on rails in place of facing pairs."""
        return self.drawing.style == RAIL_STYLE

    @property
    def margin_mm(self) -> int:
        """Return the margin the series leaves between box and plate."""
        rules = self.rules.enclosure
        ready_made = self.enclosure.series in rules.ready_made_series.value
        return (rules.plate_margin_ready_made if ready_made else rules.plate_margin).value

    @property
    def plate(self) -> Area:
        """Return the mounting plate of the drawn box."""
        margin = self.margin_mm
        return Area(margin, margin, self.drawing.width_mm - margin, self.drawing.height_mm - margin)

    @property
    def door_inside_mm(self) -> int:
        """Return the z of the door's inner face."""
        return self.drawing.depth_mm - self.rules.enclosure.door_sheet.value

    def front_mm(self, part: Part) -> int:
        """Return how far a part stands to the front; an unpublished depth counts up to the door clearance."""
        if part.z1 is not None:
            return part.z1
        return self.door_inside_mm - (
            0 if part.kind in DOOR_PARTS else self.rules.enclosure.door_clearance.value
        )

    def columns_of(self, main: int) -> tuple[Column, ...]:
        """Return the columns of a main from the left."""
        return tuple(
            sorted(
                (column for column in self.drawing.columns if column.group == main),
                key=lambda column: column.centre_x,
            )
        )

    def busbars_of(self, column: int) -> tuple[Part, ...]:
        """Return the vertical bars of a column from the left."""
        return self.busbars_by_column.get(column, ())

    def ways_of(self, column: int) -> tuple[Part, ...]:
        """Return branches and empty ways of a column."""
        return self.ways_by_column.get(column, ())


def examine(
    *,
    problem: PanelProblem,
    drawing: Drawing,
    enclosure: ChosenEnclosure,
    reported: tuple[GroupPhases, ...],
    rules: Rulebook,
    catalog: Catalog,
) -> CheckContext:
    """Work out everything the checks need to know about a drawn panel."""
    circuits = {device.id: device for device in problem.devices}
    lines = {part.device: lines_of(part.phase, problem.network) for part in drawing.of(PartKind.BREAKER)}
    mains = main_loads(problem, lines, rules)
    currents = heating_currents(problem, mains, rules)
    heat = heat_report(problem, drawing, mains, currents, catalog, rules)
    return CheckContext(
        problem=problem,
        drawing=drawing,
        enclosure=enclosure,
        reported=reported,
        rules=rules,
        circuits=circuits,
        breakers={
            **{main.id: main.breaker for main in problem.mains},
            **{device.id: device.breaker for device in problem.devices},
            **{way.id: way.breaker for way in problem.spare_ways},
        },
        drawn=_by(
            lambda part: part.device,
            (part for part in drawing.parts if part.device and part.kind is not PartKind.CROSS_BAR),
        ),
        inner_parts=tuple(part for part in drawing.parts if part.kind not in DOOR_PARTS),
        door_parts=drawing.of(*DOOR_PARTS),
        busbars_by_column=_by(
            lambda part: part.column, sorted(drawing.of(PartKind.BUSBAR), key=lambda part: part.x0)
        ),
        ways_by_column=_by(lambda part: part.column, drawing.of(*WAYS)),
        lines=lines,
        mains=mains,
        heat=heat,
        busbars=busbar_reports(problem, drawing, mains, currents, lines, heat.top_air_c, rules),
        unbalance=unbalances(problem, lines),
    )


def rows_area(column: Column) -> Area:
    """Return the corridor of a column over the height of its rows."""
    return Area(
        column.corridor[0], column.rows_top_y - column.rows_sum_mm, column.corridor[1], column.rows_top_y
    )


def _by(key: Callable[[Part], Key], parts: Iterable[Part]) -> dict[Key, tuple[Part, ...]]:
    """Group parts by ``key``, keeping their order."""
    groups: dict[Key, list[Part]] = {}
    for part in parts:
        groups.setdefault(key(part), []).append(part)
    return {name: tuple(group) for name, group in groups.items()}
