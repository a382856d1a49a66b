"""Arrangements: every way a panel can be set up (columns, accessory bands) with the width, height and depth it needs.

An arrangement knows no box yet. W = max(step by main frame, width from geometry) rounded up, H = A + B + C + E + D, and the depth that holds what
stands deepest (rules ``enclosure.*``; engine geometry 3–17).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from kis.catalog import Breaker, Grade
from kis.estimator.layout.accessories import AccessoryPlan, plan_accessories
from kis.estimator.layout.drawing import Zones
from kis.estimator.layout.positions import keep_positions
from kis.estimator.layout.rails import RAIL_DEPTH_MM, Rail, least_rail_width_mm, rails_of
from kis.estimator.layout.ways import Row, cut_into_columns, rows_of
from kis.estimator.problem import MainDevice, PanelProblem
from kis.estimator.request import Style
from kis.estimator.request_forms import BUSBAR
from kis.estimator.rulebook import Rulebook
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


def arrangements(
    problem: PanelProblem, rules: Rulebook, width_limit_mm: int, height_limit_mm: int
) -> tuple[Arrangement, ...]:
    """Return the arrangements with the fewest columns that fit the limits, or the closest ones where none fits.

    Columns are added only when a lower number is too tall: the copper formula does not see the bars, so a free choice would sell two columns for
    28 circuits (rule ``enclosure.columns``).
    """
    if problem.request.style is Style.DIN_RAIL:
        return tuple(_on_rails(problem, rules, width_limit_mm))
    rows = tuple(_rows_of_main(problem, index, rules) for index in range(len(problem.mains)))
    counts = [1] * len(problem.mains)
    closest: tuple[Arrangement, ...] = ()
    while True:
        found = tuple(_widths(problem, rules, rows, counts, width_limit_mm))
        fitting = tuple(
            item for item in found if item.height_mm <= height_limit_mm and item.width_mm <= width_limit_mm
        )
        if fitting:
            return fitting
        if found and (not closest or min(item.width_mm for item in found) <= width_limit_mm):
            closest = found
        tallest = max(range(len(counts)), key=lambda index: (_tallest(rows[index], counts[index]), -index))
        if (
            counts[tallest] >= len(rows[tallest])
            or not found
            or min(item.width_geometry_mm for item in found) > width_limit_mm
        ):
            return closest
        counts[tallest] += 1


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


def lane_of(breaker: Breaker, rules: Rulebook) -> int:
    """Return the wiring lane a breaker needs at its end (rules enclosure.lanes, enclosure.small_lane)."""
    return (
        rules.enclosure.small_lane.value
        if breaker.grade is Grade.SMALL
        else rules.enclosure.lanes.value.at(breaker.frame_af)
    )


def bar_step(current_a: Fraction | int, rules: Rulebook) -> BarStep:
    """Return the step of the bar ladder for a current; the last step also stands for more (the critic then refuses it)."""
    ladder = rules.layout.bar_ladder.value
    return next((step for step in ladder if current_a <= step.up_to), ladder[-1])


def _rows_of_main(problem: PanelProblem, main: int, rules: Rulebook) -> tuple[Row, ...]:
    spares = tuple(way for way in problem.spare_ways if way.main == main)
    return rows_of(problem.devices_of(main), spares, problem.network, rules)


def _tallest(rows: tuple[Row, ...], count: int) -> int:
    return max(sum(row.pitch_mm for row in column) for column in cut_into_columns(rows, count)) if rows else 0


def _widths(
    problem: PanelProblem,
    rules: Rulebook,
    rows: tuple[tuple[Row, ...], ...],
    counts: list[int],
    width_limit_mm: int,
) -> Iterator[Arrangement]:
    """Yield one arrangement for each height that a wider box can reach (accessories need fewer bands in a wider one), narrowest first."""
    groups = tuple(_group(problem, index, rows[index], counts[index], rules) for index in range(len(counts)))
    geometry = _geometry_width(problem, groups, rules)
    step, start = rules.enclosure.width_rounding.value, _least_width(problem, groups, geometry, rules)
    lowest: int | None = None
    for width in range(start, max(start, width_limit_mm) + 1, step):
        plan = plan_accessories(problem.accessories, width, _bay_width(width, groups, rules), rules)
        if plan is None or (lowest is not None and plan.height_mm >= lowest):
            continue
        lowest = plan.height_mm
        yield _arranged(problem, rules, groups, plan, geometry, width)
        if plan.height_mm == 0:
            return


def _on_rails(problem: PanelProblem, rules: Rulebook, width_limit_mm: int) -> Iterator[Arrangement]:
    """Yield one arrangement for each height a wider box can reach, narrowest first: wider rails mean fewer of them.

    All mains stand side by side at the top and the rails of the second begin below those of the first.
    """
    margin, step = plate_margin(problem, rules), rules.enclosure.width_rounding.value
    mains = 2 * margin + sum(
        main.breaker.width_mm + 2 * lane_of(main.breaker, rules) for main in problem.mains
    )
    geometry = max(mains, least_rail_width_mm(problem, margin, rules))
    start = -(-geometry // step) * step
    lowest: int | None = None
    for width in range(start, max(start, width_limit_mm) + 1, step):
        groups = tuple(
            _rail_group(problem, index, width, margin, rules) for index in range(len(problem.mains))
        )
        plan = plan_accessories(problem.accessories, width, _bay_width(width, groups, rules), rules)
        if plan is None:
            continue
        found = _arranged(problem, rules, groups, plan, geometry, width)
        if lowest is None or found.height_mm < lowest:
            lowest = found.height_mm
            yield found


def _rail_group(
    problem: PanelProblem, index: int, width_mm: int, margin_mm: int, rules: Rulebook
) -> GroupPlan:
    main = problem.mains[index]
    before = [rails_of(problem, earlier, width_mm, margin_mm, rules) or () for earlier in range(index + 1)]
    strips = sum(len(rails) for rails in before)
    zones = Zones(
        a_mm=rules.enclosure.wiring_above_main.value.at(main.breaker.frame_af) + main.breaker.height_mm,
        b_mm=rules.enclosure.bar_space.value if strips else 0,
        c_mm=strips * rules.layout.rail_pitch.value,
        e_mm=0,
        d_mm=rules.enclosure.bottom_space.value.at(main.rating_a),
    )
    return GroupPlan(
        main=main,
        columns=(),
        bar=_bar_override(problem, bar_step(main.rating_a, rules)),
        zones=zones,
        width_mm=main.breaker.width_mm + 2 * lane_of(main.breaker, rules),
        rails=before[-1],
    )


def _group(
    problem: PanelProblem, index: int, rows: tuple[Row, ...], count: int, rules: Rulebook
) -> GroupPlan:
    main, bars = problem.mains[index], len(problem.network.bars)
    height_a = rules.enclosure.wiring_above_main.value.at(main.breaker.frame_af) + main.breaker.height_mm
    bottom = rules.enclosure.bottom_space.value.at(main.rating_a)
    whole = _bar_override(problem, bar_step(main.rating_a, rules))
    if not rows:
        lane = lane_of(main.breaker, rules)
        zones = Zones(a_mm=height_a, b_mm=0, c_mm=0, e_mm=0, d_mm=bottom)
        return GroupPlan(
            main=main, columns=(), bar=whole, zones=zones, width_mm=main.breaker.width_mm + 2 * lane
        )
    per_column = (
        whole if count == 1 else _bar_override(problem, bar_step(Fraction(main.rating_a, count), rules))
    )
    pitch = (
        Fraction(main.breaker.width_mm, main.breaker.poles) if count == 1 else Fraction(per_column.pitch_mm)
    )
    seating = keep_positions(cut_into_columns(rows, count))
    columns = tuple(_column(cut, per_column, pitch, bars, rules) for cut in seating.columns)
    header = bars * (whole.width_mm + rules.enclosure.header_bar_gap.value) if count > 1 else 0
    zones = Zones(
        a_mm=height_a,
        b_mm=rules.enclosure.bar_space.value + header,
        c_mm=max(column.height_mm for column in columns),
        e_mm=0,
        d_mm=bottom,
    )
    return GroupPlan(
        main=main,
        columns=columns,
        bar=whole,
        zones=zones,
        width_mm=sum(column.width_mm for column in columns),
        relaxations=seating.relaxations,
        unmet_positions=seating.unmet,
    )


def _column(rows: tuple[Row, ...], bar: BarStep, pitch: Fraction, bars: int, rules: Rulebook) -> ColumnPlan:
    left = [row.left.breaker for row in rows if row.left is not None]
    right = [row.right.breaker for row in rows if row.right is not None]
    empty_lane = rules.enclosure.small_lane.value
    corridor = pitch * bars
    return ColumnPlan(
        rows=rows,
        left_reach_mm=max((breaker.height_mm for breaker in left), default=0),
        right_reach_mm=max((breaker.height_mm for breaker in right), default=0),
        left_lane_mm=max((lane_of(breaker, rules) for breaker in left), default=empty_lane),
        right_lane_mm=max((lane_of(breaker, rules) for breaker in right), default=empty_lane),
        corridor_mm=-(-corridor.numerator // corridor.denominator),
        bar_pitch=pitch,
        bar=bar,
        device_gap_mm=rules.layout.device_to_corridor.value,
    )


def _bar_override(problem: PanelProblem, step: BarStep) -> BarStep:
    """Return the bar the request insists on in place of the ladder's, at the ladder's pitch."""
    section = BUSBAR.fullmatch(problem.request.busbar or "")
    if section is None:
        return step
    return step.model_copy(
        update={"width_mm": int(section["width_mm"]), "thickness_mm": int(section["thickness_mm"])}
    )


def _geometry_width(problem: PanelProblem, groups: tuple[GroupPlan, ...], rules: Rulebook) -> int:
    """Return the width from geometry: both plate margins, every group, and a lane more where the cables of the main come from below."""
    width = 2 * plate_margin(problem, rules) + sum(group.width_mm for group in groups)
    if problem.request.feed == "bottom":
        width += rules.enclosure.feed_from_below.value * max(
            lane_of(main.breaker, rules) for main in problem.mains
        )
    return width


def _least_width(
    problem: PanelProblem, groups: tuple[GroupPlan, ...], geometry_mm: int, rules: Rulebook
) -> int:
    """Return max(step by main frame, geometry) rounded up; a main-only box follows geometry alone (rule enclosure.width_step)."""
    step = 0 if problem.is_main_only else max(_width_step(problem, group.main, rules) for group in groups)
    rounding = rules.enclosure.width_rounding.value
    return -(-max(step, geometry_mm) // rounding) * rounding


def _width_step(problem: PanelProblem, main: MainDevice, rules: Rulebook) -> int:
    enclosure, frame = rules.enclosure, main.breaker.frame_af
    step = enclosure.width_step.value.at(frame)
    breakers = [device.breaker for device in problem.devices]
    if frame <= enclosure.width_step.value.steps[0].up_to:
        if problem.ways >= enclosure.many_ways.value:
            return enclosure.many_ways_width.value
        if all(
            breaker.grade is Grade.SMALL
            for breaker in [*breakers, *(way.breaker for way in problem.spare_ways)]
        ):
            return enclosure.small_only_width.value
        return step
    large = sum(breaker.frame_af >= enclosure.large_branch_frame.value for breaker in breakers)
    above = frame > enclosure.large_branch_frame.value and large >= enclosure.large_branch_count.value
    return step + (enclosure.large_branches_extra.value if above else 0)


def _bay_width(width_mm: int, groups: tuple[GroupPlan, ...], rules: Rulebook) -> int:
    """Return the room beside a single main, from the plate's edge to the main (rules layout.bay_inset, layout.bay_to_main); 0 with several mains."""
    if len(groups) > 1:
        return 0
    half = (width_mm - groups[0].main.breaker.width_mm) // 2
    return (
        half
        - rules.enclosure.plate_margin.value
        - rules.layout.bay_inset.value
        - rules.layout.bay_to_main.value
    )


def plate_margin(problem: PanelProblem, rules: Rulebook) -> int:
    """Return the margin between box and plate; ready-made boxes have a smaller one."""
    ready_made = problem.request.enclosure_series in rules.enclosure.ready_made_series.value
    return (rules.enclosure.plate_margin_ready_made if ready_made else rules.enclosure.plate_margin).value


def _arranged(
    problem: PanelProblem,
    rules: Rulebook,
    groups: tuple[GroupPlan, ...],
    plan: AccessoryPlan,
    geometry_mm: int,
    width_mm: int,
) -> Arrangement:
    bodies = max(group.zones.a_mm + group.zones.b_mm + group.zones.c_mm for group in groups)
    bottom = max(group.zones.d_mm for group in groups)
    with_accessories = tuple(_with_accessories(group, plan.height_mm) for group in groups)
    depth_geometry, verified = _depth(problem, plan, rules)
    return Arrangement(
        groups=with_accessories,
        accessories=plan,
        width_geometry_mm=geometry_mm,
        width_mm=width_mm,
        height_mm=bodies + plan.height_mm + bottom,
        depth_geometry_mm=depth_geometry,
        depth_mm=max(depth_geometry, _depth_floor(problem, rules)),
        depth_verified=verified,
    )


def _with_accessories(group: GroupPlan, height_mm: int) -> GroupPlan:
    return replace(group, zones=replace(group.zones, e_mm=height_mm))


def _depth(problem: PanelProblem, plan: AccessoryPlan, rules: Rulebook) -> tuple[int, bool]:
    """Return the depth needed and whether every depth it rests on is known (rules enclosure.door_clearance, enclosure.push_button_depth).

    Without push buttons: plate face + deepest front + door clearance + door sheet. With them: plate face + front behind + button + gap + clearance of
    the standing part of the door: 30 + 87 + 71 + 10 + 2 over an MC-22.
    """
    enclosure = rules.enclosure
    fronts = [main.breaker.front_mm for main in problem.mains]
    behind_device = RAIL_DEPTH_MM if problem.request.style is Style.DIN_RAIL else 0
    branches = [device.breaker for device in problem.devices] + [way.breaker for way in problem.spare_ways]
    fronts += [breaker.front_mm + behind_device for breaker in branches]
    inside = [item for item in problem.accessories if item not in plan.door]
    known = [item.part.depth_mm for item in inside if item.part.depth_mm is not None]
    depth = (
        enclosure.plate_face.value
        + max(fronts + known)
        + enclosure.door_clearance.value
        + enclosure.door_sheet.value
    )
    if any(item.kind == "push_button" for item in plan.door):
        behind = max(known) if known else max(fronts)
        depth = max(
            depth,
            enclosure.plate_face.value
            + behind
            + enclosure.push_button_depth.value
            + enclosure.door_part_gap.value
            + enclosure.door_sheet.value,
        )
    return depth, len(known) == len(inside) and all(item.part.depth_mm is not None for item in plan.door)


def _depth_floor(problem: PanelProblem, rules: Rulebook) -> int:
    """Return the shop's least depth: 200 from a 225 A main, 250 from 400AF."""
    floor = 0
    for main in problem.mains:
        if main.rating_a >= 225:
            floor = max(floor, rules.enclosure.depth_floor_225a.value)
        if main.breaker.frame_af >= 400:
            floor = max(floor, rules.enclosure.depth_floor_400af.value)
    return floor
