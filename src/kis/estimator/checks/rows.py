"""Rows: their order, what faces what, and that their heights add up (checks ix, x, xi)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kis.catalog import Grade
from kis.estimator.checks.check import found
from kis.estimator.checks.context import BODIES, CheckContext
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import Column, Part, PartKind

ORDER_RULE: Final = "layout.order"
PAIRING_RULE: Final = "layout.pairing"
"""A drawing whose ``relaxations`` name one of these rules has given it up openly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """The ways of a row; ``name`` is how a workshop finds it."""

    name: str
    parts: tuple[Part, ...]


def order(context: CheckContext) -> Iterator[Finding]:
    """Circuits stand by poles, frame and rating: down each column, columns from the left; on rails as one reads."""
    broken = [pair for main in range(len(context.mains)) for pair in _out_of_order(context, main)]
    if broken and ORDER_RULE in context.drawing.relaxations:
        where = ", ".join(later for _, later in broken)
        yield found(
            "order.relaxed", Severity.INFORMATION, ORDER_RULE, figure=len(broken), limit=0, where=where
        )
        return
    for earlier, later in broken:
        yield found("order", Severity.VIOLATION, ORDER_RULE, where=later, earlier=earlier)


def same_outline(context: CheckContext) -> Iterator[Finding]:
    """What faces each other has one outline height."""
    relaxed = PAIRING_RULE in context.drawing.relaxations
    for column in context.drawing.columns:
        for row in _rows_of(context, column):
            heights = {
                context.breakers[part.device].height_mm
                for part in row.parts
                if part.device in context.breakers
            }
            if len(heights) > 1:
                yield found(
                    "same_outline.relaxed" if relaxed else "same_outline",
                    Severity.INFORMATION if relaxed else Severity.VIOLATION,
                    PAIRING_RULE,
                    figure=max(heights) - min(heights),
                    limit=0,
                    unit="mm",
                    where=row.name,
                    subjects=tuple(part.id for part in row.parts),
                )


def row_sums(context: CheckContext) -> Iterator[Finding]:
    """The pitches of a column's rows add up to its height, each row keeps to its own, and A + B + C + E + D fit the box."""
    for column in context.drawing.columns:
        yield from _column_sum(context, column)
    for load in context.mains:
        yield from _zones(context, load.index)


def free_spaces(context: CheckContext) -> Iterator[Finding]:
    """The wiring spaces are really free: above each main, between it and its first row, and at the bottom of the box."""
    rules, height = context.rules.enclosure, context.drawing.height_mm
    filling = BODIES | {PartKind.DUCT}
    lowest = min((part.y0 for part in context.inner_parts if part.kind in filling), default=height)
    for load in context.mains:
        breaker = load.main.breaker
        spaces = [("bottom_space", lowest, rules.bottom_space.value.at(load.main.rating_a))]
        for part in context.drawn.get(load.main.id, ()):
            spaces.append(
                ("wiring_above_main", height - part.y1, rules.wiring_above_main.value.at(breaker.frame_af))
            )
            spaces += [
                ("bar_space", part.y0 - column.rows_top_y, rules.bar_space.value)
                for column in context.columns_of(load.index)
            ]
        for name, free, least in spaces:
            if free < least:
                yield found(
                    f"free_spaces.{name}",
                    Severity.VIOLATION,
                    f"enclosure.{name}",
                    figure=free,
                    limit=least,
                    unit="mm",
                    where=load.main.id,
                )


def _out_of_order(context: CheckContext, main: int) -> Iterator[tuple[str, str]]:
    """Yield the names of neighbouring rows of which the later one should have come first."""
    ranked = [(row.name, ranks) for row in _sequence(context, main) if (ranks := _ranks(context, row))]
    for (earlier, above), (later, below) in pairwise(ranked):
        if max(below) > max(above):
            yield earlier, later


def _sequence(context: CheckContext, main: int) -> Iterator[_Row]:
    if not context.on_rails:
        for column in context.columns_of(main):
            yield from _rows_of(context, column)
        return
    parts = [part for part in context.drawing.of(PartKind.BREAKER) if part.group == main]
    for part in sorted(parts, key=lambda item: (-item.y1, item.x0)):
        yield _Row(name=part.id, parts=(part,))


def _rows_of(context: CheckContext, column: Column) -> list[_Row]:
    """Return the rows of a column from the top."""
    rows: dict[int, list[Part]] = {}
    for part in context.ways_of(column.index):
        rows.setdefault(part.row, []).append(part)
    tops = sorted(rows.items(), key=lambda item: (-max(part.y1 for part in item[1]), item[0]))
    return [_Row(name=f"C{column.index + 1}·{row + 1}", parts=tuple(parts)) for row, parts in tops]


def _ranks(context: CheckContext, row: _Row) -> list[tuple[int, ...]]:
    """Return what the order rule ranks each circuit of a row by; empty ways have no rank."""
    ranks: list[tuple[int, ...]] = []
    for part in row.parts:
        device = context.circuits.get(part.device)
        if device is not None and part.kind is PartKind.BREAKER:
            figures = {
                "poles": device.breaker.poles,
                "frame_af": device.breaker.frame_af,
                "rating_a": device.rating_a,
            }
            ranks.append(tuple(figures[name] for name in context.rules.layout.order.value))
    return ranks


def _column_sum(context: CheckContext, column: Column) -> Iterator[Finding]:
    rows = _rows_of(context, column)
    top, name = column.rows_top_y, f"C{column.index + 1}"
    for row in rows:
        foot = top - _pitch_mm(context, row)
        for part in row.parts:
            beyond = max(part.y1 - top, foot - part.y0)
            if beyond > 0:
                yield found(
                    "row_sums.outside",
                    Severity.VIOLATION,
                    "layout.small_row_pitch",
                    figure=beyond,
                    limit=0,
                    unit="mm",
                    where=row.name,
                    subjects=(part.id,),
                )
        top = foot
    total = column.rows_top_y - top
    if (total, len(rows)) != (column.rows_sum_mm, column.rows):
        yield found(
            "row_sums.column",
            Severity.VIOLATION,
            "layout.small_row_pitch",
            figure=total,
            limit=column.rows_sum_mm,
            unit="mm",
            where=name,
            rows=len(rows),
            stated=column.rows,
        )


def _pitch_mm(context: CheckContext, row: _Row) -> int:
    """Return the height of busbar a row takes: the larger width, 40 for a small breaker; two 4-pole ones a quarter more."""
    layout = context.rules.layout
    breakers = [context.breakers[part.device] for part in row.parts if part.device in context.breakers]
    widths = [
        layout.small_row_pitch.value if item.grade is Grade.SMALL else item.width_mm for item in breakers
    ]
    pitch = max(widths, default=0)
    if len(breakers) == 2 and all(breaker.poles == 4 for breaker in breakers):
        pitch += pitch // layout.four_pole_pair_quarter.value
    return pitch


def _zones(context: CheckContext, main: int) -> Iterator[Finding]:
    """Yield what is wrong with the stated zones of a main; a main without any states nothing that could be right."""
    zones = context.drawing.zones[main] if main < len(context.drawing.zones) else None
    tallest = max((column.rows_sum_mm for column in context.columns_of(main)), default=0)
    stated = (zones.c_mm, zones.total_mm) if zones is not None else (0, 0)
    where = context.mains[main].main.id
    if stated[0] != tallest:
        yield found(
            "row_sums.zone",
            Severity.VIOLATION,
            "layout.small_row_pitch",
            figure=tallest,
            limit=stated[0],
            unit="mm",
            where=where,
        )
    if stated[1] > context.drawing.height_mm:
        yield found(
            "row_sums.height",
            Severity.VIOLATION,
            "enclosure.height_limit",
            figure=stated[1],
            limit=context.drawing.height_mm,
            unit="mm",
            where=where,
        )
