"""The tables beside a single-line diagram: load per phase and unbalance of a main, accessories in no line, the symbols used."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Final

from kis.catalog import BreakerKind
from kis.estimator.design import GroupPhases
from kis.estimator.documents.drawings import symbols
from kis.estimator.documents.drawings.panel_facts import PanelFacts, decimals
from kis.estimator.documents.drawings.sheet import Anchor, Box, Layer, Shape, Text
from kis.estimator.documents.drawings.single_line.facts import (
    NONE_GIVEN,
    AccessoryGroup,
    BranchKind,
    UnbalanceLimits,
    branches_of,
    incoming_instruments,
    loose_accessories,
    say,
)
from kis.estimator.documents.drawings.symbols import Direction, Run
from kis.estimator.documents.drawings.table import Cell, TableColumn, table, word
from kis.estimator.physics.unbalance import all_figures

HEADING_MM: Final = 6.0
ROW_MM: Final = 4.4
_LETTER_MM: Final = 2.2
_PHASES_MM: Final = 62.0
_UNBALANCE_MM: Final = 66.0
_TABLE_GAP_MM: Final = 4.0
_TABLES_MM: Final = (5 * ROW_MM, 3 * ROW_MM)
"""Heights of the load table of three phases and of the unbalance table."""

_CELL_MM: Final = (58.0, 9.6)
"""An accessory at least: its symbol, and two lines of words."""
_ENTRY_MM: Final = (52.0, 7.2)
"""An entry of the legend at least."""
_SYMBOL_MM: Final = 15.5

_Drawn = Callable[[float, float], Iterator[Shape]]


def summary(facts: PanelFacts, main: int, limits: UnbalanceLimits, box: Box) -> Iterator[Shape]:
    """Yield the load of each phase of a main, and its unbalance beside or under it."""
    group = next((group for group in facts.design.phases if group.main == main), None)
    if group is None:
        return
    x0, _, x1, top = box
    several = len(facts.design.problem.mains) > 1
    key = "load.heading_main" if several else "load.heading"
    yield from _heading(say(facts, key, main=facts.group_name(group)), (x0, x1), top)
    top -= HEADING_MM
    rows = _load_rows(facts, group)
    yield from table(
        _columns(facts, "load", (("phase", 0.16), ("load_va", 0.32), ("current_a", 0.27), ("circuits", 0.25)), _PHASES_MM),
        rows, x0, top, ROW_MM, _LETTER_MM,
    )  # fmt: skip
    columns = _columns(facts, "unbalance", (("figure", 0.5), ("value", 0.25), ("limit", 0.25)), _UNBALANCE_MM)
    place = (
        (x0 + _PHASES_MM + _TABLE_GAP_MM, top)
        if _is_wide(x1 - x0)
        else (x0, top - (len(rows) + 1) * ROW_MM - _TABLE_GAP_MM)
    )
    yield from table(columns, _unbalance_rows(facts, group, limits), *place, ROW_MM, _LETTER_MM)


def summary_height_mm(width_mm: float) -> float:
    """Return the height of the two tables of a main: beside each other where the width allows, else under each other."""
    load, unbalance = _TABLES_MM
    return HEADING_MM + (load if _is_wide(width_mm) else load + _TABLE_GAP_MM + unbalance)


def _is_wide(width_mm: float) -> bool:
    return width_mm >= _PHASES_MM + _TABLE_GAP_MM + _UNBALANCE_MM


def extras_height_mm(facts: PanelFacts, width_mm: float) -> float:
    """Return the height that accessories and legend take in a width."""
    groups = len(loose_accessories(facts))
    height = _grid_mm(len(_legend(facts)), _ENTRY_MM, width_mm)
    return height + (_grid_mm(groups, _CELL_MM, width_mm) + _TABLE_GAP_MM if groups else 0.0)


def extras(facts: PanelFacts, box: Box) -> Iterator[Shape]:
    """Yield the accessories, if any, and under them the legend."""
    x0, _, x1, top = box
    groups = loose_accessories(facts)
    if groups:
        yield from _heading(say(facts, "accessories.heading"), (x0, x1), top)
        for group, cell in zip(groups, _cells(len(groups), _CELL_MM, box), strict=True):
            yield from _accessory(facts, group, cell)
        top -= _grid_mm(len(groups), _CELL_MM, x1 - x0) + _TABLE_GAP_MM
    yield from _heading(say(facts, "legend.heading"), (x0, x1), top)
    entries = _legend(facts)
    for (key, drawn), cell in zip(
        entries, _cells(len(entries), _ENTRY_MM, (x0, box[1], x1, top)), strict=True
    ):
        yield from drawn(cell[0] + 1.0, (cell[1] + cell[3]) / 2)
        words = (cell[0] + _SYMBOL_MM + 1.5, cell[1], cell[2], cell[3])
        yield from word(key, words, _LETTER_MM, layer=Layer.TABLE)


def _heading(content: str, width: tuple[float, float], top: float) -> Iterator[Text]:
    box = (width[0] - 0.6, top - HEADING_MM + 1.0, width[1], top)
    yield from word(content, box, 2.8, bold=True, layer=Layer.TABLE)


def _columns(
    facts: PanelFacts, area: str, shares: Sequence[tuple[str, float]], width_mm: float
) -> list[TableColumn]:
    """Return columns by their share of a width: the first one's words to the left or in the middle, figures to the right."""
    first = Anchor.MIDDLE if area == "load" else Anchor.START
    return [
        TableColumn(
            title=say(facts, f"{area}.{name}"),
            width_mm=share * width_mm,
            anchor=Anchor.END if number else first,
        )
        for number, (name, share) in enumerate(shares)
    ]


def _load_rows(facts: PanelFacts, group: GroupPhases) -> list[tuple[Cell, ...]]:
    names = facts.design.problem.network.phases
    rows: list[tuple[Cell, ...]] = [
        (
            Cell(content=name, bold=True, mark=name),
            Cell(content=decimals(load, 0)),
            Cell(content=decimals(facts.phase_current(load), 1)),
            Cell(content=str(count)),
        )
        for name, load, count in zip(names, group.loads_va, group.counts, strict=False)
    ]
    total = sum(group.loads_va, Fraction(0))
    rows.append(
        (
            Cell(content=say(facts, "load.total"), bold=True),
            Cell(content=decimals(total, 0), bold=True),
            Cell(content=""),
            Cell(content=str(sum(group.counts)), bold=True),
        )
    )
    return rows


def _unbalance_rows(
    facts: PanelFacts, group: GroupPhases, limits: UnbalanceLimits
) -> list[tuple[Cell, Cell, Cell]]:
    """Return the two figures beside their limits; dashes where there is nothing to balance."""
    if not group.applicable:
        values = [(NONE_GIVEN, NONE_GIVEN)] * 2
    else:
        figures = all_figures(group.loads_va, group.counts)
        korean = figures.korean_percent
        values = [
            (
                decimals(figures.imbalance, 4),
                NONE_GIVEN if limits.imbalance is None else f"≤ {decimals(limits.imbalance, 4)}",
            ),
            (
                NONE_GIVEN if korean is None else f"{decimals(korean, 2)}%",
                NONE_GIVEN if limits.korean_percent is None else f"≤ {limits.korean_percent}%",
            ),
        ]
    return [
        (Cell(content=say(facts, f"unbalance.{key}")), Cell(content=value, bold=True), Cell(content=limit))
        for key, (value, limit) in zip(("imbalance", "korean"), values, strict=True)
    ]


def _grid_mm(count: int, cell: tuple[float, float], width_mm: float) -> float:
    """Return the height of so many cells under a heading."""
    across = max(1, int(width_mm / cell[0]))
    return HEADING_MM + -(-count // across) * cell[1]


def _cells(count: int, cell: tuple[float, float], box: Box) -> Iterator[Box]:
    """Yield the cells of a grid under a heading, row by row."""
    x0, _, x1, top = box
    across = max(1, int((x1 - x0) / cell[0]))
    width = min((x1 - x0) / across, 1.3 * cell[0])
    for number in range(count):
        row, column = divmod(number, across)
        left, high = x0 + column * width, top - HEADING_MM - row * cell[1]
        yield (left, high - cell[1], left + width - 1.0, high)


def _accessory(facts: PanelFacts, group: AccessoryGroup, cell: Box) -> Iterator[Shape]:
    x0, y0, x1, y1 = cell
    middle = (y0 + y1) / 2
    yield from _ACCESSORIES[group.kind](x0 + 1.0, middle)
    left = x0 + _SYMBOL_MM
    name = group.name
    if group.count > 1:
        name = say(facts, "accessories.name", name=name, count=group.count)
    yield from word(group.tag, (left, middle - 0.2, x1, y1 - 1.0), _LETTER_MM, bold=True, layer=Layer.TABLE)
    yield from word(name, (left, y0 + 1.0, x1, middle + 0.2), 2.0, layer=Layer.TABLE)


def _legend(facts: PanelFacts) -> list[tuple[str, _Drawn]]:
    """Return words and picture of every symbol the diagram of this panel uses."""
    problem = facts.design.problem
    buses = [branches_of(facts, main) for main in range(len(problem.mains))]
    branches = [item for bus in buses for item in bus]
    kinds = {item.kind for item in branches}
    breakers = {item.breaker.kind for item in branches if item.is_device}
    breakers |= {main.breaker.kind for main in problem.mains}
    instruments = {item.kind for item in incoming_instruments(facts, 0)}
    used: list[tuple[str, bool, _Drawn]] = [
        ("strokes", True, _strokes),
        ("breaker", BreakerKind.MCCB in breakers, partial(_along, symbols.circuit_breaker)),
        ("residual", BreakerKind.ELB in breakers, partial(_along, symbols.residual_breaker)),
        ("transformer", bool(instruments & {"va_meter", "meter_ct"}), _transformer),
        ("surge", BranchKind.SURGE in kinds, _surge),
        ("earth", True, _earth),
        ("load", BranchKind.CIRCUIT in kinds or () in buses, _load),
        ("reserve", BranchKind.RESERVE in kinds, _reserve),
        ("empty", BranchKind.EMPTY in kinds, _empty),
    ]
    return [(say(facts, f"legend.{key}"), drawn) for key, present, drawn in used if present]


def _along(symbol: Callable[[Run, float], Iterator[Shape]], x: float, y: float) -> Iterator[Shape]:
    yield from symbol(Run(x, y - 0.6, Direction.RIGHT), 0.0)


def _round(symbol: Callable[[float, float], Iterator[Shape]], x: float, y: float) -> Iterator[Shape]:
    yield from symbol(x + symbols.SWITCH_MM / 2, y)


def _strokes(x: float, y: float) -> Iterator[Shape]:
    run = Run(x, y, Direction.RIGHT)
    yield symbols.wire(run, 0.0, symbols.SWITCH_MM)
    yield from symbols.conductor_strokes(run, 4.0, 4)


def _surge(x: float, y: float) -> Iterator[Shape]:
    run = Run(x + 2.0, y, Direction.RIGHT)
    yield from symbols.surge_arrester(run, 0.0)
    yield from symbols.earth(run, symbols.ARRESTER_MM)


def _earth(x: float, y: float) -> Iterator[Shape]:
    run = Run(x + 2.0, y, Direction.RIGHT)
    yield symbols.wire(run, 0.0, 4.0)
    yield from symbols.earth(run, 4.0)


def _transformer(x: float, y: float) -> Iterator[Shape]:
    run = Run(x, y + 1.8, Direction.RIGHT)
    yield symbols.wire(run, 0.0, symbols.SWITCH_MM)
    yield from symbols.current_transformer(run, symbols.SWITCH_MM / 2)


def _load(x: float, y: float) -> Iterator[Shape]:
    run = Run(x, y, Direction.RIGHT)
    yield symbols.wire(run, 0.0, 9.0)
    yield symbols.terminal(run, 3.0)
    yield symbols.outgoing(run, 7.0)


def _reserve(x: float, y: float) -> Iterator[Shape]:
    run = Run(x, y, Direction.RIGHT)
    yield symbols.wire(run, 0.0, 6.0)
    yield symbols.terminal(run, 6.0)


def _empty(x: float, y: float) -> Iterator[Shape]:
    run = Run(x, y, Direction.RIGHT)
    yield symbols.wire(run, 0.0, 9.0, symbols.NO_DEVICE)
    yield symbols.terminal(run, 9.6, symbols.NO_DEVICE)


def _terminal(x: float, y: float) -> Iterator[Shape]:
    run = Run(x, y, Direction.RIGHT)
    yield symbols.wire(run, 0.0, symbols.SWITCH_MM)
    yield symbols.terminal(run, symbols.SWITCH_MM / 2)


_ACCESSORIES: Final[dict[str, _Drawn]] = {
    "magnetic_contactor": partial(_along, symbols.contactor),
    "push_button": partial(_along, symbols.push_button),
    "selector_switch": partial(_along, symbols.push_button),
    "timer_24h": partial(_round, symbols.clock),
    "timer_sunset": partial(_round, symbols.clock),
    "meter_1ph": partial(_round, symbols.energy_meter),
    "meter_3ph": partial(_round, symbols.energy_meter),
    "meter_ct": partial(_round, symbols.energy_meter),
    "va_meter": partial(_round, partial(symbols.instrument, letters="V/A")),
    "spd": _surge,
    "fuse_holder": partial(_along, symbols.fuse),
    "terminal_block": _terminal,
}
