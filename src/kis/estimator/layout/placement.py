"""From an arrangement and a box to the drawing: every rectangle of the panel (engine geometry 1–20).

The main stands top centre, bars run down the middle, branches lie in facing pairs, accessories and meters below, earth and neutral bars at the
bottom. What the box has too much goes below the last zone and into the outer lanes, equally.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from kis.catalog import UNVERIFIED, Breaker, Grade
from kis.estimator.layout.cross_bars import bar_centre, cross_bars
from kis.estimator.layout.drawing import Column, Drawing, Lane, Part, PartKind
from kis.estimator.layout.fittings import fittings
from kis.estimator.layout.groups import plate_margin
from kis.estimator.layout.plans import Arrangement, ColumnPlan, GroupPlan
from kis.estimator.layout.poles import poles_from_top
from kis.estimator.layout.rails import draw_rails
from kis.estimator.layout.ways import Row, Way
from kis.estimator.problem import Device, PanelProblem
from kis.estimator.rulebook import Rulebook

DeviceLines = Mapping[str, tuple[str, ...]]
"""Bars each circuit is connected to, by device id: ("S",), ("R", "S"), ("R", "S", "T")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The outer size of an enclosure."""

    width_mm: int
    height_mm: int
    depth_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What every step of the drawing needs to know."""

    problem: PanelProblem
    rules: Rulebook
    box: Box
    margin_mm: int
    lines: DeviceLines


def draw(
    problem: PanelProblem, arrangement: Arrangement, box: Box, lines: DeviceLines, rules: Rulebook
) -> Drawing:
    """Draw ``arrangement`` in ``box`` with each circuit on its phase."""
    margin = plate_margin(problem, rules)
    ground = _Ground(problem=problem, rules=rules, box=box, margin_mm=margin, lines=lines)
    centres = column_centres(arrangement, box.width_mm, margin)
    parts: list[Part] = []
    lanes: list[Lane] = []
    columns: list[Column] = []
    numbers = count()
    first = 0
    for index, group in enumerate(arrangement.groups):
        group_centres = centres[first : first + max(1, len(group.columns))]
        first += max(1, len(group.columns))
        main = _main(ground, index, group, group_centres)
        parts += [main, *_header(ground, index, group, group_centres, main)]
        for plan, centre in zip(group.columns, group_centres, strict=False):
            column = _column_frame(ground, index, group, plan, centre, next(numbers))
            columns.append(column)
            parts += _bars(ground, plan, column, main if len(group.columns) == 1 else None)
            parts += _devices(ground, plan, column)
            lanes += _lanes(plan, column)
        if group.rails:
            top = (
                box.height_mm
                - group.zones.a_mm
                - group.zones.b_mm
                - group.zones.c_mm
                + len(group.rails) * rules.layout.rail_pitch.value
            )
            parts += draw_rails(problem, group.rails, index, top, box.width_mm, margin, lines, rules)
    lowest = min(
        box.height_mm - group.zones.a_mm - group.zones.b_mm - group.zones.c_mm for group in arrangement.groups
    )
    parts += fittings(arrangement, parts, box.width_mm, box.depth_mm, lowest, margin, rules)
    parts += _terminal_bars(ground)
    return Drawing(
        width_mm=box.width_mm,
        height_mm=box.height_mm,
        depth_mm=box.depth_mm,
        plate=(margin, margin, box.width_mm - margin, box.height_mm - margin),
        parts=tuple(parts),
        lanes=tuple(_widened(lanes, box.width_mm, margin)),
        columns=tuple(columns),
        zones=tuple(group.zones for group in arrangement.groups),
        style=problem.request.style.value,
        relaxations=tuple(dict.fromkeys(name for group in arrangement.groups for name in group.relaxations)),
    )


def column_centres(arrangement: Arrangement, width_mm: int, margin_mm: int) -> tuple[int, ...]:
    """Return the x of each column's centre (of the main where a group has no columns).

    A single column stands at W/2, moved only as far as unequal sides need to keep their lanes. Several are set from left to right and share what is
    left over equally.
    """
    widths: list[tuple[int, int]] = []
    for group in arrangement.groups:
        if group.columns:
            widths += [
                (
                    column.left_mm + column.corridor_mm // 2,
                    column.width_mm - column.left_mm - column.corridor_mm // 2,
                )
                for column in group.columns
            ]
        else:
            widths.append((group.width_mm // 2, group.width_mm - group.width_mm // 2))
    if len(widths) == 1:
        left, right = widths[0]
        return (max(margin_mm + left, min(width_mm // 2, width_mm - margin_mm - right)),)
    spare = width_mm - 2 * margin_mm - sum(left + right for left, right in widths)
    centres, x = [], margin_mm
    for index, (left, right) in enumerate(widths):
        share = spare * (index + 1) // len(widths) - spare * index // len(widths)
        centres.append(x + share // 2 + left)
        x += share + left + right
    return tuple(centres)


def _main(ground: _Ground, index: int, group: GroupPlan, centres: tuple[int, ...]) -> Part:
    breaker = group.main.breaker
    above = ground.rules.enclosure.wiring_above_main.value.at(breaker.frame_af)
    centre = (centres[0] + centres[-1]) // 2
    x0, top = centre - breaker.width_mm // 2, ground.box.height_mm - above
    face = ground.rules.enclosure.plate_face.value
    return Part(
        id=f"main{index + 1}",
        kind=PartKind.MAIN,
        label=breaker.model,
        x0=x0,
        x1=x0 + breaker.width_mm,
        y0=top - breaker.height_mm,
        y1=top,
        z0=face,
        z1=face + breaker.front_mm,
        phase="".join(ground.problem.network.bars[: breaker.poles]),
        poles=ground.problem.network.bars[: breaker.poles],
        device=group.main.id,
        group=index,
        outline_height_mm=breaker.height_mm,
        verified=breaker.front_source not in UNVERIFIED,
    )


def _header(
    ground: _Ground, index: int, group: GroupPlan, centres: tuple[int, ...], main: Part
) -> Iterator[Part]:
    """Yield the horizontal bars that join the columns of one main, in its B space, evenly between main and first row."""
    if len(group.columns) < 2:
        return
    layout, bar = ground.rules.layout, group.bar
    first, last = group.columns[0], group.columns[-1]
    x0, x1 = centres[0] - first.corridor_mm // 2, centres[-1] + last.corridor_mm - last.corridor_mm // 2
    gap = ground.rules.enclosure.header_bar_gap.value
    top = main.y0 - _header_inset(ground.rules)
    for number, name in enumerate(ground.problem.network.bars):
        y1 = top - number * (bar.width_mm + gap)
        yield Part(
            id=f"main{index + 1}.header{name}",
            kind=PartKind.HEADER_BAR,
            label=f"{bar.thickness_mm}T×{bar.width_mm}",
            x0=x0,
            x1=x1,
            y0=y1 - bar.width_mm,
            y1=y1,
            z0=layout.bar_front.value,
            z1=layout.bar_front.value + bar.thickness_mm,
            phase=name,
            group=index,
        )


def _header_inset(rules: Rulebook) -> int:
    """Return the free height above and below the header: B less its bars and the gaps between them, halved."""
    return (rules.enclosure.bar_space.value + rules.enclosure.header_bar_gap.value) // 2


def _column_frame(
    ground: _Ground, index: int, group: GroupPlan, plan: ColumnPlan, centre: int, number: int
) -> Column:
    x0 = centre - plan.corridor_mm // 2
    return Column(
        index=number,
        group=index,
        centre_x=centre,
        corridor=(x0, x0 + plan.corridor_mm),
        rows=len(plan.rows),
        rows_top_y=ground.box.height_mm - group.zones.a_mm - group.zones.b_mm,
        rows_sum_mm=plan.height_mm,
    )


def _bars(ground: _Ground, plan: ColumnPlan, column: Column, main: Part | None) -> Iterator[Part]:
    """Yield the vertical bars: from the main's lower edge (from the header's where there are columns) to the foot of the last row."""
    names = ground.problem.network.bars
    top = main.y0 if main is not None else column.rows_top_y + _header_inset(ground.rules)
    foot = column.rows_top_y - column.rows_sum_mm
    z0 = ground.rules.layout.bar_front.value
    for number, name in enumerate(names):
        centre = bar_centre(column, number, len(names), plan.bar_pitch)
        x0 = centre - plan.bar.width_mm // 2
        yield Part(
            id=f"column{column.index + 1}.bar{name}",
            kind=PartKind.BUSBAR,
            label=f"{plan.bar.thickness_mm}T×{plan.bar.width_mm}",
            x0=x0,
            x1=x0 + plan.bar.width_mm,
            y0=foot,
            y1=top,
            z0=z0,
            z1=z0 + plan.bar.thickness_mm,
            phase=name,
            group=column.group,
            column=column.index,
        )


def _devices(ground: _Ground, plan: ColumnPlan, column: Column) -> Iterator[Part]:
    top = column.rows_top_y
    for number, row in enumerate(plan.rows):
        seated = [
            _device(ground, plan, column, row, number, way, side, top)
            for way, side in ((row.left, "L"), (row.right, "R"))
            if way is not None
        ]
        for part, way in zip(seated, row.ways, strict=True):
            yield part
            if part.kind is PartKind.BREAKER:
                yield from cross_bars(
                    part,
                    _level_pitch(way.breaker, ground.rules),
                    column,
                    plan,
                    ground.problem.network.bars,
                    ground.rules,
                )
        top -= row.pitch_mm


def _device(
    ground: _Ground, plan: ColumnPlan, column: Column, row: Row, number: int, way: Way, side: str, top: int
) -> Part:
    """Return a lying device at its seat: its catalogue height reaches away from the bars, its catalogue width runs along them."""
    breaker, gap = way.breaker, plan.device_gap_mm
    left_edge, right_edge = column.corridor
    x0, x1 = (
        (left_edge - gap - breaker.height_mm, left_edge - gap)
        if side == "L"
        else (right_edge + gap, right_edge + gap + breaker.height_mm)
    )
    y1 = top - _drop(row, way, side)
    face = ground.rules.enclosure.plate_face.value
    device = way.occupant if isinstance(way.occupant, Device) else None
    lines = ground.lines.get(device.id, ()) if device is not None else ()
    return Part(
        id=f"{side}{number + 1}.{way.occupant.id}",
        kind=PartKind.BREAKER if device is not None else PartKind.SPARE_WAY,
        label=breaker.model,
        x0=x0,
        x1=x1,
        y0=y1 - breaker.width_mm,
        y1=y1,
        z0=face,
        z1=face + breaker.front_mm,
        phase="".join(lines),
        poles=poles_from_top(
            breaker.poles, lines, ground.problem.network, shifted_up=_is_four_pole_pair(row) and side == "R"
        ),
        device=way.occupant.id,
        group=column.group,
        column=column.index,
        row=number,
        side=side,
        outline_height_mm=breaker.height_mm,
        verified=breaker.outline_source not in UNVERIFIED,
    )


def _drop(row: Row, way: Way, side: str) -> int:
    """Return how far below the row's top a device begins.

    Alone or facing its like it is centred. In a 4P/4P pair the left one lies at the foot, the right one at the top. Unlike widths lie at the top, so
    that the poles of both stand at the same levels and their cross-bars meet the same bars.
    """
    if _is_four_pole_pair(row):
        return row.pitch_mm - way.breaker.width_mm if side == "L" else 0
    widths = {other.breaker.width_mm for other in row.ways}
    return (row.pitch_mm - way.breaker.width_mm) // 2 if len(widths) == 1 else 0


def _is_four_pole_pair(row: Row) -> bool:
    return len(row.ways) == 2 and all(way.breaker.poles == 4 for way in row.ways)


def _level_pitch(breaker: Breaker, rules: Rulebook) -> Fraction:
    """Return the distance between a device's cross-bars: its pole pitch; small breakers spread theirs over the 40 mm row."""
    width = rules.layout.small_row_pitch.value if breaker.grade is Grade.SMALL else breaker.width_mm
    return Fraction(width, breaker.poles)


def _lanes(plan: ColumnPlan, column: Column) -> Iterator[Lane]:
    y0, y1 = column.rows_top_y - column.rows_sum_mm, column.rows_top_y
    left = column.corridor[0] - plan.device_gap_mm - plan.left_reach_mm
    right = column.corridor[1] + plan.device_gap_mm + plan.right_reach_mm
    yield Lane(
        x0=left - plan.left_lane_mm,
        x1=left,
        y0=y0,
        y1=y1,
        required_mm=plan.left_lane_mm,
        column=column.index,
        side="L",
    )
    yield Lane(
        x0=right,
        x1=right + plan.right_lane_mm,
        y0=y0,
        y1=y1,
        required_mm=plan.right_lane_mm,
        column=column.index,
        side="R",
    )


def _widened(lanes: list[Lane], width_mm: int, margin_mm: int) -> Iterator[Lane]:
    """Widen the outermost lanes to the plate's edge: a lane is the whole free strip there."""
    for index, lane in enumerate(lanes):
        x0 = margin_mm if index == 0 else lane.x0
        x1 = width_mm - margin_mm if index == len(lanes) - 1 else lane.x1
        yield Lane(
            x0=x0,
            x1=x1,
            y0=lane.y0,
            y1=lane.y1,
            required_mm=lane.required_mm,
            column=lane.column,
            side=lane.side,
        )


def _terminal_bars(ground: _Ground) -> Iterator[Part]:
    """Yield the earth bar (left half) and, where there is a neutral, the neutral bar (right half) at the bottom."""
    layout, width, margin = ground.rules.layout, ground.box.width_mm, ground.margin_mm
    inset, half_gap = layout.terminal_bar_inset.value, layout.terminal_bar_half_gap.value
    y0 = margin + inset
    y1, face = y0 + layout.terminal_bar_height.value, ground.rules.enclosure.plate_face.value
    ends = [("earth_bar", PartKind.EARTH_BAR, "E", margin + inset, width // 2 - half_gap)]
    if ground.problem.network.has_neutral:
        ends.append(("neutral_bar", PartKind.NEUTRAL_BAR, "N", width // 2 + half_gap, width - margin - inset))
    for name, kind, phase, x0, x1 in ends:
        yield Part(
            id=name,
            kind=kind,
            label=phase,
            x0=x0,
            x1=x1,
            y0=y0,
            y1=y1,
            z0=face,
            z1=face + layout.terminal_bar_height.value,
            phase=phase,
        )
