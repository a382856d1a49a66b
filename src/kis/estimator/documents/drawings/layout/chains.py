"""The dimension chains around a front view: zones and height on the left, row pitches on the right, widths below."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.device_label import SMALLEST_MM
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Anchor, Axis, Dimension, Layer, Text
from kis.estimator.documents.drawings.text_fit import fitted, text_width
from kis.estimator.layout.drawing import Drawing, PartKind, Zones

LETTER_MM: Final = 2.0
_FIRST_MM: Final = 7.0
_STEP_MM: Final = 7.0
_OUTER_MM: Final = 5.0
_PAST_LABELS_MM: Final = 4.0
"""Print distances: from the box to the first chain, from chain to chain, what the outermost chain's labels take beyond it; and from a chain to
where the extension lines of the next one begin, so that they do not run through its labels."""


def room_left_mm(drawing: Drawing) -> float:
    """Return the print room the chains left of the box take."""
    return _FIRST_MM + _STEP_MM * len(_zone_sets(drawing)) + _OUTER_MM


def room_right_mm(design: PanelDesign) -> float:
    """Return the print room the chains right of the box take."""
    chains = len(_row_chains(design)) + len(_rail_chains(design.drawing))
    return _FIRST_MM + _STEP_MM * (chains - 1) + _OUTER_MM if chains else _OUTER_MM


def room_below_mm() -> float:
    """Return the print room the chains below the box take."""
    return _FIRST_MM + _STEP_MM + _OUTER_MM


def chains(facts: PanelFacts, scale: float) -> Iterator[Dimension | Text]:
    """Yield every chain of a view printed at 1 : ``scale``."""
    yield from _heights(facts, scale)
    yield from _rows(facts, scale)
    yield from _widths(facts, scale)


def _heights(facts: PanelFacts, scale: float) -> Iterator[Dimension | Text]:
    """Yield the zones A, B, C, E, D from the top (one chain for each different set of zones) and the whole height."""
    drawing = facts.design.drawing
    line, origin = -_FIRST_MM * scale, 0.0
    sets = _zone_sets(drawing)
    for zones, mains in sets:
        stops, labels = _zone_stops(drawing, zones)
        yield _chain(Axis.Y, stops, labels, line, origin, scale)
        if len(sets) > 1:
            names = " ".join(facts.design.problem.mains[main].name for main in mains)
            yield _name(names, _listed("M", mains), line, drawing.height_mm, scale)
        origin = line - _PAST_LABELS_MM * scale
        line -= _STEP_MM * scale
    yield _chain(Axis.Y, (0, drawing.height_mm), (f"H {drawing.height_mm}",), line, 0, scale)


def _zone_stops(drawing: Drawing, zones: Zones) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return stops from the bottom upwards with their labels; what the box has too much stands below D."""
    named = (("A", zones.a_mm), ("B", zones.b_mm), ("C", zones.c_mm), ("E", zones.e_mm), ("D", zones.d_mm))
    stops, labels = [float(drawing.height_mm)], []
    for name, height in named:
        if height:
            stops.append(stops[-1] - height)
            labels.append(f"{name} {height}")
    surplus = drawing.height_mm - zones.total_mm
    if surplus > 0:
        stops.append(0.0)
        labels.append(f"+{surplus}")
    return tuple(reversed(stops)), tuple(reversed(labels))


def _rows(facts: PanelFacts, scale: float) -> Iterator[Dimension | Text]:
    """Yield the row pitches of the columns and those of the rails, equal ones in a run as one gap: ``4×125=500``."""
    design, drawing = facts.design, facts.design.drawing
    found = _row_chains(design)
    origin: float = drawing.width_mm
    line = origin + _FIRST_MM * scale
    for (stops, labels), columns in found:
        yield _chain(Axis.Y, stops, labels, line, origin, scale)
        if len(found) > 1:
            yield _name(_listed("C", columns), "", line, stops[-1], scale)
        origin = line + _PAST_LABELS_MM * scale
        line += _STEP_MM * scale
    rails = _rail_chains(drawing)
    for (stops, labels), mains in rails:
        yield _chain(Axis.Y, stops, labels, line, origin, scale)
        if len(rails) > 1:
            yield _name(_listed("M", mains), "", line, stops[-1], scale)
        origin = line + _PAST_LABELS_MM * scale
        line += _STEP_MM * scale


def _widths(facts: PanelFacts, scale: float) -> Iterator[Dimension]:
    """Yield the places across: plate, devices' ends, corridors; and the whole width."""
    drawing = facts.design.drawing
    line = -_FIRST_MM * scale
    stops = tuple(sorted({0.0, float(drawing.width_mm), *_across(drawing)}))
    labels = tuple(_millimetres(right - left) for left, right in pairwise(stops))
    yield _chain(Axis.X, stops, labels, line, 0, scale)
    yield _chain(Axis.X, (0, drawing.width_mm), (f"W {drawing.width_mm}",), line - _STEP_MM * scale, 0, scale)


def _across(drawing: Drawing) -> Iterator[float]:
    """Yield the x of everything worth a dimension: plate edges, rails' ends, corridors, the far ends of each column's devices, mains without columns."""
    yield from (drawing.plate[0], drawing.plate[2])
    for rail in drawing.of(PartKind.RAIL):
        yield from (rail.x0, rail.x1)
    seated = drawing.of(PartKind.BREAKER, PartKind.SPARE_WAY)
    for column in drawing.columns:
        yield from column.corridor
        devices = [part for part in seated if part.column == column.index]
        yield min((part.x0 for part in devices), default=column.corridor[0])
        yield max((part.x1 for part in devices), default=column.corridor[1])
    if not drawing.columns:
        for part in drawing.of(PartKind.MAIN):
            yield from (part.x0, part.x1)


def _zone_sets(drawing: Drawing) -> list[tuple[Zones, list[int]]]:
    """Return each different set of zones with the mains that have it, in the order of the mains."""
    sets: list[tuple[Zones, list[int]]] = []
    for main, zones in enumerate(drawing.zones):
        known = next((mains for other, mains in sets if other == zones), None)
        if known is None:
            sets.append((zones, [main]))
        else:
            known.append(main)
    return sets


_Chain = tuple[tuple[float, ...], tuple[str, ...]]


def _row_chains(design: PanelDesign) -> list[tuple[_Chain, list[int]]]:
    """Return each different chain of row pitches with the columns that have it."""
    found: list[tuple[_Chain, list[int]]] = []
    for column, plan in zip(design.drawing.columns, design.arrangement.columns, strict=False):
        if not plan.rows:
            continue
        chain = _row_stops(column.rows_top_y, [row.pitch_mm for row in plan.rows])
        known = next((columns for other, columns in found if other == chain), None)
        if known is None:
            found.append((chain, [column.index]))
        else:
            known.append(column.index)
    return found


def _rail_chains(drawing: Drawing) -> list[tuple[_Chain, list[int]]]:
    """Return each different chain of rails, from one edge of the plate over their middles to the other, with the mains that have it."""
    found: list[tuple[_Chain, list[int]]] = []
    rails = sorted(drawing.of(PartKind.RAIL), key=lambda rail: (rail.group, -rail.y0))
    for group, of_group in groupby(rails, key=lambda rail: rail.group):
        middles = [(rail.y0 + rail.y1) // 2 for rail in of_group]
        (y0, y1), (top, foot) = (drawing.plate[1], drawing.plate[3]), (middles[0], middles[-1])
        stops, labels = _row_stops(top, [upper - lower for upper, lower in pairwise(middles)])
        chain = ((y0, *stops, y1), (str(foot - y0), *labels, str(y1 - top)))
        known = next((mains for other, mains in found if other == chain), None)
        if known is None:
            found.append((chain, [group]))
        else:
            known.append(group)
    return found


def _row_stops(top: int, pitches: list[int]) -> _Chain:
    """Return the rows' edges from the bottom upwards, equal neighbours joined."""
    stops, labels = [float(top)], []
    for pitch, run in groupby(pitches):
        rows = len(list(run))
        stops.append(stops[-1] - pitch * rows)
        labels.append(f"{rows}×{pitch}={pitch * rows}" if rows > 1 else str(pitch))
    return tuple(reversed(stops)), tuple(reversed(labels))


def _chain(
    axis: Axis, stops: tuple[float, ...], labels: tuple[str, ...], line: float, origin: float, scale: float
) -> Dimension:
    return Dimension(
        layer=Layer.DIMENSION,
        axis=axis,
        stops=stops,
        labels=labels,
        line=line,
        origin=origin,
        size_mm=LETTER_MM * scale,
        style=palette.DIMENSION,
        colour=palette.DIMENSION_INK,
    )


def _name(content: str, instead: str, x: float, top: float, scale: float) -> Text:
    """Return the name of a chain above its upper end, no wider than the step to the next; ``instead`` stands in for one that is."""
    width = 0.95 * _STEP_MM * scale
    if instead and text_width(content, LETTER_MM * scale, bold=True) > width:
        content = instead
    content, size = fitted(content, width, (LETTER_MM * scale, SMALLEST_MM * scale), bold=True)
    return Text(
        layer=Layer.DIMENSION,
        x=x,
        y=top + 0.8 * size,
        content=content,
        size_mm=size,
        colour=palette.DIMENSION_INK,
        anchor=Anchor.MIDDLE,
        bold=True,
    )


def _listed(letter: str, numbers: list[int]) -> str:
    """Return numbers counted from 1 behind their letter, runs as one: ``C1–3,5``."""
    runs = [list(run) for _, run in groupby(enumerate(numbers), key=lambda item: item[1] - item[0])]
    return letter + ",".join(
        str(run[0][1] + 1) if len(run) == 1 else f"{run[0][1] + 1}–{run[-1][1] + 1}" for run in runs
    )


def _millimetres(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"
