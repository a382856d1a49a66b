"""The tables beside a front view, in print millimetres: circuits, load per phase, unbalance."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import Final

from kis.estimator.design import GroupPhases
from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.panel_facts import Circuit, PanelFacts, decimals
from kis.estimator.documents.drawings.sheet import Anchor, Box, Layer, Shape, Text
from kis.estimator.documents.drawings.table import SMALLEST_MM, Cell, TableColumn, table
from kis.estimator.physics.unbalance import all_figures

LEAST_ROW_MM: Final = 2.75
_MOST_ROW_MM: Final = 4.6
_LETTER_SHARE: Final = 0.62
_MOST_LETTER_MM: Final = 2.4
HEADING_MM: Final = 5.5
"""Print height of the words above a table."""

PHASE_ROW_MM: Final = 4.0

_ColumnWidths = tuple[tuple[str, float], ...]
_WIDE: Final[_ColumnWidths] = (
    ("number", 9.0),
    ("load_name", 30.0),
    ("model", 22.0),
    ("kind", 15.5),
    ("rating", 20.0),
    ("phase", 8.5),
    ("load_va", 12.0),
)
_MERGED: Final[_ColumnWidths] = (
    ("number", 15.5),
    ("load_name", 22.5),
    ("model", 19.0),
    ("kind", 13.5),
    ("rating", 18.0),
    ("phase", 18.0),
    ("load_va", 10.5),
)
_DENSE: Final[_ColumnWidths] = (
    ("number", 6.5),
    ("load_name", 15.5),
    ("model", 14.5),
    ("kind", 12.0),
    ("short_rating", 11.5),
    ("phase", 7.5),
    ("load_va", 10.5),
)
_DENSEST: Final[_ColumnWidths] = (
    ("number", 6.5),
    ("load_name", 13.0),
    ("model", 13.0),
    ("short_rating", 10.5),
    ("phase", 7.3),
    ("load_va", 9.7),
)
"""Columns of one, two and three tables side by side, with their print widths; the more tables, the fewer and narrower."""

MOST_TABLES: Final = 3
TABLE_GAP_MM: Final = 2.5


def circuit_rows(facts: PanelFacts, *, merged: bool) -> tuple[Circuit, ...]:
    """Return the rows of the circuit table; ``merged`` joins circuits that differ in nothing but their number and phase."""
    circuits = facts.circuits()
    if not merged:
        return circuits
    alike = sorted(circuits, key=lambda circuit: (_alike(circuit), circuits.index(circuit)))
    groups = [list(group) for _, group in groupby(alike, key=_alike)]
    return tuple(
        replace(group[0], number=", ".join(runs(circuit.number for circuit in group)), phase=_phases(group))
        for group in sorted(groups, key=lambda group: circuits.index(group[0]))
    )


def tables_width_mm(tables: int) -> float:
    """Return the print width of ``tables`` circuit tables side by side."""
    return tables * sum(width for _, width in _columns(tables, merged=False)) + (tables - 1) * TABLE_GAP_MM


def circuit_tables(facts: PanelFacts, rows: Sequence[Circuit], box: Box, tables: int) -> Iterator[Shape]:
    """Yield the circuits in ``tables`` tables side by side, filled from the left, under one heading."""
    x0, y0, _, y1 = box
    yield from table_heading(facts.say("table.circuits", count=len(facts.devices)), x0, y1)
    top = y1 - HEADING_MM
    each = -(-len(rows) // tables)
    row_mm = min(_MOST_ROW_MM, (top - y0) / (each + 1))
    letter_mm = min(_MOST_LETTER_MM, max(SMALLEST_MM, _LETTER_SHARE * row_mm))
    wanted = _columns(tables, merged=len(rows) < len(facts.devices))
    columns = [
        TableColumn(title=facts.say(f"table.{name}"), width_mm=width, anchor=_anchor(name))
        for name, width in wanted
    ]
    step = sum(width for _, width in wanted) + TABLE_GAP_MM
    for number in range(tables):
        cells = [
            [_cell(circuit, name) for name, _ in wanted]
            for circuit in rows[number * each : (number + 1) * each]
        ]
        if cells:
            yield from table(columns, cells, x0 + number * step, top, row_mm, letter_mm)


def phase_tables(facts: PanelFacts, box: Box, *, side_by_side: bool) -> Iterator[Shape]:
    """Yield load and current per phase and the four figures of unbalance; one row per main where there are several."""
    x0, _, x1, y1 = box
    groups = facts.design.phases
    yield from table_heading(facts.say("table.phases"), x0, y1)
    top = y1 - HEADING_MM
    if len(groups) > 1:
        yield from _group_table(facts, groups, (x0, 0, x1, top))
        return
    half = (x1 - x0 - 1.5) / 2 if side_by_side else x1 - x0
    group = groups[0]
    phases = facts.design.problem.network.phases
    columns = _shared(
        (0.14, 0.25, 0.33, 0.28), ("phase", "current", "load", "circuits_of_phase"), half, facts
    )
    rows = [
        (
            Cell(content=name, bold=True, mark=name),
            _figure(facts.phase_current(load)),
            _figure(load),
            Cell(content=str(count)),
        )
        for name, load, count in zip(phases, group.loads_va, group.counts, strict=True)
    ]
    yield from table(columns, rows, x0, top, PHASE_ROW_MM, 2.1)
    figures = _shared((0.71, 0.29), ("unbalance", "value"), half, facts)
    place = (x0 + half + 1.5, top) if side_by_side else (x0, top - (len(rows) + 1) * PHASE_ROW_MM - 1.5)
    yield from table(figures, _unbalance_rows(facts, group), *place, PHASE_ROW_MM, 2.1)


def phase_tables_height(facts: PanelFacts, *, side_by_side: bool) -> float:
    """Return the print height :func:`phase_tables` takes."""
    groups = facts.design.phases
    if len(groups) > 1:
        return HEADING_MM + (len(groups) + 1) * PHASE_ROW_MM
    phases = len(groups[0].loads_va) if groups else 0
    figures = len(_unbalance_rows(facts, groups[0])) if groups else 0
    rows = max(phases, figures) + 1 if side_by_side else phases + figures + 2
    return HEADING_MM + rows * PHASE_ROW_MM + (0 if side_by_side else 1.5)


def table_heading(content: str, x: float, top: float) -> Iterator[Text]:
    """Yield the words above a table whose heading begins at (x, top)."""
    yield Text(
        layer=Layer.TABLE, x=x, y=top - 3.7, content=content, size_mm=3.0, colour=palette.INK, bold=True
    )


def _columns(tables: int, *, merged: bool) -> _ColumnWidths:
    if tables == 1:
        return _MERGED if merged else _WIDE
    return _DENSE if tables == 2 else _DENSEST


def _cell(circuit: Circuit, column: str) -> Cell:
    """Return what a circuit says in a column."""
    if column == "phase":
        mark = circuit.phase if circuit.phase in palette.LINE_COLOURS else ""
        return Cell(content=circuit.phase, bold=True, mark=mark)
    if column == "load_va":
        return Cell(content=f"{circuit.load_va:,}" if circuit.load_va else "–")
    return Cell(content=str(getattr(circuit, column)), bold=column == "number")


def _alike(circuit: Circuit) -> tuple[object, ...]:
    return (
        circuit.load_name,
        circuit.model,
        circuit.kind,
        circuit.rating,
        len(circuit.phase),
        circuit.load_va,
    )


def runs(tags: Iterable[str]) -> Iterator[str]:
    """Yield tags with those that follow each other as one: ``1–67``, ``70``, ``MC1–6``."""
    joined: list[list[tuple[str, int]]] = []
    for tag in tags:
        letters = tag.rstrip("0123456789")
        number = int(tag.removeprefix(letters) or 0)
        if joined and joined[-1][-1] == (letters, number - 1) and number > 1:
            joined[-1].append((letters, number))
        else:
            joined.append([(letters, number)])
    for run in joined:
        (letters, first), (_, last) = run[0], run[-1]
        yield f"{letters}{first or ''}" + (f"–{last}" if len(run) > 1 else "")


def _phases(group: Sequence[Circuit]) -> str:
    """Return how many of the merged circuits hang on each phase: ``R67 S67 T66``; the phase alone where they share it."""
    counts = Counter(circuit.phase for circuit in group)
    return (
        group[0].phase
        if len(counts) == 1
        else " ".join(f"{phase}{count}" for phase, count in sorted(counts.items()))
    )


def _shared(
    shares: Sequence[float], titles: Sequence[str], width_mm: float, facts: PanelFacts
) -> list[TableColumn]:
    """Return columns by their share of a width; words first, figures to the right."""
    return [
        TableColumn(title=facts.say(f"table.{title}"), width_mm=share * width_mm, anchor=_anchor(title))
        for share, title in zip(shares, titles, strict=True)
    ]


def _anchor(title: str) -> Anchor:
    """Return where the words of a column stand: figures to the right."""
    if title in {"number", "phase"}:
        return Anchor.MIDDLE
    return Anchor.START if title in {"load_name", "model", "kind", "main", "unbalance"} else Anchor.END


def _figure(value: Fraction) -> Cell:
    return Cell(content=decimals(value, 1))


def _unbalance_rows(facts: PanelFacts, group: GroupPhases) -> list[tuple[Cell, Cell]]:
    """Return the four figures by their definitions; a dash where there is nothing to balance."""
    figures = all_figures(group.loads_va, group.counts)
    shown = group.applicable
    percent = [
        None if value is None or not shown else f"{decimals(value, 2)}%"
        for value in (figures.korean_percent, figures.nema_percent)
    ]
    values = (
        ("imbalance", decimals(figures.imbalance, 4) if shown else None),
        ("korean", percent[0]),
        ("nema", percent[1]),
        ("counts", str(figures.count_difference) if shown and figures.count_difference is not None else None),
    )
    return [
        (Cell(content=facts.say(f"table.{key}")), Cell(content=value or "–", bold=True))
        for key, value in values
    ]


def _group_table(facts: PanelFacts, groups: Sequence[GroupPhases], box: Box) -> Iterator[Shape]:
    """Yield one row per main: the current of each phase and its unbalance."""
    x0, _, x1, top = box
    phases = facts.design.problem.network.phases
    each = 0.39 / len(phases)
    titles = (
        "main",
        *("current",) * len(phases),
        "imbalance_short",
        "korean_short",
        "nema_short",
        "counts_short",
    )
    columns = _shared((0.13, *(each,) * len(phases), 0.13, 0.13, 0.13, 0.09), titles, x1 - x0, facts)
    columns = [
        replace(column, title=f"{phases[number - 1]} {column.title}") if 0 < number <= len(phases) else column
        for number, column in enumerate(columns)
    ]
    rows = [
        [
            Cell(content=facts.group_name(group), bold=True),
            *(_figure(facts.phase_current(load)) for load in group.loads_va),
            *(value for _, value in _unbalance_rows(facts, group)),
        ]
        for group in groups
    ]
    yield from table(columns, rows, x0, top, PHASE_ROW_MM, 2.1)
