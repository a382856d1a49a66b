"""Corridors for bars and lanes for wires (checks iii, iv, v)."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from kis.catalog import Grade
from kis.estimator.checks.check import found
from kis.estimator.checks.context import WAYS, CheckContext, rows_area
from kis.estimator.checks.rectangles import apart_x, apart_y, covers
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import LIVE_BARS, Column, Lane

_SIDES: Final = ("L", "R")


def corridors(context: CheckContext) -> Iterator[Finding]:
    """Over the height of its rows a corridor holds bars and nothing else, and holds all bars of its column."""
    for column in context.drawing.columns:
        area = rows_area(column)
        for part in context.inner_parts:
            if part.kind not in LIVE_BARS and covers(part, area):
                yield found(
                    "corridors",
                    Severity.VIOLATION,
                    "layout.device_to_corridor",
                    figure=-apart_x(part, area),
                    limit=0,
                    unit="mm",
                    where=f"C{column.index + 1}",
                    subjects=(part.id,),
                )
        for bar in context.busbars_of(column.index):
            beyond = max(area.x0 - bar.x0, bar.x1 - area.x1)
            if beyond > 0:
                yield found(
                    "corridors.bar",
                    Severity.VIOLATION,
                    "layout.device_to_corridor",
                    figure=beyond,
                    limit=0,
                    unit="mm",
                    where=f"C{column.index + 1}",
                    subjects=(bar.id,),
                )


def corridor_gap(context: CheckContext) -> Iterator[Finding]:
    """Devices beside a corridor keep 10 mm to it."""
    limit = context.rules.layout.device_to_corridor.value
    for column in context.drawing.columns:
        area = rows_area(column)
        for part in context.drawing.of(*WAYS):
            if apart_y(part, area) < 0 and 0 <= apart_x(part, area) < limit:
                yield found(
                    "corridor_gap",
                    Severity.VIOLATION,
                    "layout.device_to_corridor",
                    figure=apart_x(part, area),
                    limit=limit,
                    unit="mm",
                    where=part.place,
                    subjects=(part.id,),
                )


def lanes(context: CheckContext) -> Iterator[Finding]:
    """Each side of a column has a lane of its class along its rows, on the plate, with nothing in it but wires."""
    for column in context.drawing.columns:
        for side in _SIDES:
            yield from _lane_of_side(context, column, side)
    for lane in context.drawing.lanes:
        yield from _kept_free(context, lane)
    for one, other in combinations(context.drawing.lanes, 2):
        if covers(one, other):
            yield found(
                "lanes.shared",
                Severity.VIOLATION,
                "enclosure.lanes",
                figure=-apart_x(one, other),
                limit=0,
                unit="mm",
                where=f"{_name(one)}, {_name(other)}",
            )


def _lane_of_side(context: CheckContext, column: Column, side: str) -> Iterator[Finding]:
    area, required = rows_area(column), _required_mm(context, column, side)
    name = f"C{column.index + 1}{side}"
    widths = [
        lane.x1 - lane.x0
        for lane in context.drawing.lanes
        if (lane.column, lane.side) == (column.index, side)
        and lane.y0 <= area.y0
        and lane.y1 >= area.y1
        and (lane.x1 <= area.x0 if side == "L" else lane.x0 >= area.x1)
    ]
    width = max(widths, default=0)
    if width < required:
        yield found(
            "lanes.narrow",
            Severity.VIOLATION,
            "enclosure.lanes",
            figure=width,
            limit=required,
            unit="mm",
            where=name,
        )


def _required_mm(context: CheckContext, column: Column, side: str) -> int:
    """Return the lane the largest branch of a side needs; an empty side keeps the smallest."""
    rules = context.rules.enclosure
    breakers = [
        context.breakers[part.device]
        for part in context.ways_of(column.index)
        if part.side == side and part.device in context.breakers
    ]
    large = [
        rules.lanes.value.at(breaker.frame_af) for breaker in breakers if breaker.grade is not Grade.SMALL
    ]
    return max([rules.small_lane.value, *large])


def _kept_free(context: CheckContext, lane: Lane) -> Iterator[Finding]:
    beyond = max(context.plate.x0 - lane.x0, lane.x1 - context.plate.x1)
    if beyond > 0:
        yield found(
            "lanes.off_plate",
            Severity.VIOLATION,
            "enclosure.lanes",
            figure=beyond,
            limit=0,
            unit="mm",
            where=_name(lane),
        )
    for part in context.inner_parts:
        if covers(part, lane):
            yield found(
                "lanes.entered",
                Severity.VIOLATION,
                "enclosure.lanes",
                figure=-apart_x(part, lane),
                limit=0,
                unit="mm",
                where=_name(lane),
                subjects=(part.id,),
            )


def _name(lane: Lane) -> str:
    return f"C{lane.column + 1}{lane.side}"
