"""The bars as drawn: their order and gaps, and cross-bars that reach their bar without crossing another (checks vii, viii)."""

from collections.abc import Iterator
from itertools import groupby, pairwise, product

from kis.estimator.checks.check import found
from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.rectangles import apart_y
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import Part, PartKind


def bars(context: CheckContext) -> Iterator[Finding]:
    """Each column has the bars of the network from the left; a main with several columns has a header bar for each."""
    wanted = context.network.bars
    for column in context.drawing.columns:
        names = tuple(bar.phase for bar in context.busbars_of(column.index))
        if names != wanted:
            yield _wrong_bars(names, wanted, f"C{column.index + 1}")
    for load in context.mains:
        headers = tuple(
            bar.phase for bar in context.drawing.of(PartKind.HEADER_BAR) if bar.group == load.index
        )
        expected = wanted if len(context.columns_of(load.index)) > 1 else ()
        if sorted(headers) != sorted(expected):
            yield _wrong_bars(headers, expected, load.main.id)


def bar_gap(context: CheckContext) -> Iterator[Finding]:
    """Neighbouring bars of a column, and neighbouring header bars, leave 8 mm free."""
    limit = context.rules.layout.bar_gap.value
    neighbours: list[tuple[Part, Part, int]] = []
    for column in context.drawing.columns:
        neighbours += [
            (one, other, other.x0 - one.x1) for one, other in pairwise(context.busbars_of(column.index))
        ]
    for load in context.mains:
        headers = [bar for bar in context.drawing.of(PartKind.HEADER_BAR) if bar.group == load.index]
        upwards = sorted(headers, key=lambda bar: bar.y0)
        neighbours += [(one, other, other.y0 - one.y1) for one, other in pairwise(upwards)]
    for one, other, gap in neighbours:
        if gap < limit:
            yield found(
                "bar_gap",
                Severity.VIOLATION,
                "layout.bar_gap",
                figure=gap,
                limit=limit,
                unit="mm",
                subjects=(one.id, other.id),
            )


def cross_bars(context: CheckContext) -> Iterator[Finding]:
    """Each pole of a circuit has a cross-bar from its device to the bar it is labelled with, and no two facing ones cross."""
    by_device: dict[str, list[Part]] = {}
    for bar in context.drawing.of(PartKind.CROSS_BAR):
        by_device.setdefault(bar.device, []).append(bar)
        if not _reaches(context, bar):
            yield found(
                "cross_bars.misses",
                Severity.VIOLATION,
                "layout.bar_ladder",
                where=bar.place,
                subjects=(bar.id,),
                phase=bar.phase,
            )
    for part in context.drawing.of(PartKind.BREAKER):
        own = sorted(by_device.pop(part.device, []), key=lambda bar: -bar.y0)
        drawn = tuple(bar.phase for bar in own)
        starts = all(
            (bar.x0 if part.side == "L" else bar.x1) == (part.x1 if part.side == "L" else part.x0)
            for bar in own
        )
        if drawn != part.poles or not starts:
            yield found(
                "cross_bars.poles",
                Severity.VIOLATION,
                "layout.bar_ladder",
                figure="-".join(drawn),
                limit="-".join(part.poles),
                where=part.place,
                subjects=(part.id,),
            )
    for device in by_device:
        yield found("cross_bars.stray", Severity.VIOLATION, "layout.bar_ladder", subjects=(device,))
    yield from _crossed(context)


def _wrong_bars(names: tuple[str, ...], wanted: tuple[str, ...], where: str) -> Finding:
    return found(
        "bars",
        Severity.VIOLATION,
        "layout.bar_ladder",
        figure=" ".join(names) or "0",
        limit=" ".join(wanted) or "0",
        where=where,
    )


def _reaches(context: CheckContext, bar: Part) -> bool:
    """Tell whether the inner end of a cross-bar lies on the busbar of its name in its column."""
    end = bar.x1 if bar.side == "L" else bar.x0
    return any(
        target.phase == bar.phase
        and target.x0 <= end <= target.x1
        and target.y0 <= bar.y0
        and bar.y1 <= target.y1
        for target in context.busbars_of(bar.column)
    )


def _crossed(context: CheckContext) -> Iterator[Finding]:
    """Yield the facing cross-bars at one level of which the left one goes to a bar right of the other's."""
    places = {(bar.column, bar.phase): bar.x0 for bar in context.drawing.of(PartKind.BUSBAR)}
    known = [bar for bar in context.drawing.of(PartKind.CROSS_BAR) if (bar.column, bar.phase) in places]
    ordered = sorted(known, key=lambda bar: (bar.column, bar.row))
    for _, row in groupby(ordered, key=lambda bar: (bar.column, bar.row)):
        bars_of_row = list(row)
        left, right = ([bar for bar in bars_of_row if bar.side == side] for side in ("L", "R"))
        for one, other in product(left, right):
            if apart_y(one, other) < 0 and places[one.column, one.phase] > places[other.column, other.phase]:
                yield found(
                    "cross_bars.crossed",
                    Severity.VIOLATION,
                    "phases.facing_pair_shares_phase",
                    figure=one.phase,
                    limit=other.phase,
                    where=f"{one.place}, {other.place}",
                    subjects=(one.id, other.id),
                )
