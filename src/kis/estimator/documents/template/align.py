"""How often the rows of a template were repeated in a filled file, read from the two files alone.

Every row of the filled file is taken for a copy of the template's row it resembles most, in an order that the blocks allow; of all such readings
the one with the fewest differences counts. So a file that was damaged is still read right, and the damage shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from kis.estimator.documents.template.book import Book, main
from kis.estimator.documents.template.cells import cell_text, formula, rows, split_place
from kis.estimator.documents.template.fields import only_placeholder, placeholders
from kis.estimator.documents.template.fill import named_fields
from kis.estimator.documents.template.places import Block, RowPlan, plan_rows
from kis.estimator.documents.template.rows import find_blocks

_NUMBERS: Final = frozenset(
    {
        "line.number",
        "line.quantity",
        "line.unit_price",
        "line.amount",
        "panel.number",
        "panel.quantity",
        "panel.unit_subtotal",
        "panel.subtotal",
    }
)
_MOST_ADDED: Final = 100_000
"""Rows a filled sheet can have beyond its template's; more are damage, and would take long to read."""
_OPEN_NUMBER: Final = "number"
_OPEN: Final = "open"
_FORMULA: Final = "formula"
_FIXED: Final = "fixed"


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell shows of itself: style, and whether it is a formula, asks for something, or says something fixed."""

    style: str
    kind: str
    says: str


_Row = dict[str, _Cell]


def infer_plans(template: Book, filled: Book) -> dict[str, RowPlan]:
    """Return how the rows of every sheet were repeated, by the sheet's name in lower case."""
    found = {sheet.name.lower(): sheet for sheet in filled.sheets}
    plans: dict[str, RowPlan] = {}
    for sheet in template.sheets:
        key, tree = sheet.name.lower(), template.package.tree(sheet.part)
        blocks, _torn = find_blocks(template, sheet.name, tree)
        if not blocks or key not in found:
            plans[key] = plan_rows(sheet.name, [(block, (1,)) for block in blocks])
            continue
        ours = _read_rows(tree, template)
        theirs = _read_rows(filled.package.tree(found[key].part), filled)
        written = [split_place(place)[1] for _n, _f, named, place in named_fields(template) if named == sheet]
        added = max(theirs, default=0) - max([*ours, *written], default=0)
        counts = _counts(blocks, ours, theirs, added)
        plans[key] = plan_rows(sheet.name, list(zip(blocks, counts, strict=True)))
    return plans


def _read_rows(tree: etree._Element, book: Book) -> dict[int, _Row]:
    return {
        int(row.get("r", 0)): {
            split_place(str(cell.get("r")))[0]: _read_cell(cell, book) for cell in row.iterchildren(main("c"))
        }
        for row in rows(tree)
    }


def _read_cell(cell: etree._Element, book: Book) -> _Cell:
    style = str(cell.get("s", "0"))
    if formula(cell) is not None:
        return _Cell(style, _FORMULA, "")
    text = cell_text(cell, book)
    if placeholders(text):
        number = only_placeholder(text) in _NUMBERS
        return _Cell(style, _OPEN_NUMBER if number else _OPEN, "")
    return _Cell(style, _FIXED, text or f"={cell.findtext(main('v'), '')}")


def _difference(ours: _Row, theirs: _Row) -> int:
    return sum(
        _cell_difference(cell, theirs[column]) if column in theirs else 3 for column, cell in ours.items()
    ) + 3 * len(theirs.keys() - ours.keys())


def _cell_difference(ours: _Cell, theirs: _Cell) -> int:
    style = int(ours.style != theirs.style)
    if ours.kind == _OPEN:
        return style + 2 * (theirs.kind == _FORMULA)
    if ours.kind == _OPEN_NUMBER:
        return style + 2 * (theirs.kind == _FORMULA or not theirs.says.startswith("="))
    if _FORMULA in (ours.kind, theirs.kind):
        return style + 2 * (ours.kind != theirs.kind)
    return style + 2 * (ours.says != theirs.says)


def _counts(
    blocks: Sequence[Block], ours: dict[int, _Row], theirs: dict[int, _Row], added: int
) -> list[tuple[int, ...]]:
    """Return, for each block, the lines of each of its copies."""
    if added > _MOST_ADDED:
        raise ValueError(f"{added} rows more than the template has")
    path = _cheapest(blocks, ours, theirs, max(added, 0))
    counts = []
    for block in blocks:
        groups: list[int] = []
        for row in path:
            if row == block.first and (block.kind == "panel" or not groups):
                groups.append(0)
            if block.lines is not None and row == block.lines[0] and groups:
                groups[-1] += 1
        lines = [max(each, 1) for each in groups] if block.lines else [1] * len(groups)
        counts.append(tuple(lines) or (1,))
    return counts


def _cheapest(
    blocks: Sequence[Block], ours: dict[int, _Row], theirs: dict[int, _Row], added: int
) -> list[int]:
    """Return the template's row for each row of the filled file, from the first block to the last, at the least sum of differences."""
    first, last = blocks[0].first, blocks[-1].last
    following = {row: tuple(_following(row, blocks, last)) for row in range(first, last + 1)}
    costs: dict[int, int] = {first: 0}
    origins: list[dict[int, int]] = []
    for row in range(first + 1, last + added + 1):
        cells = theirs.get(row, {})
        reached: dict[int, tuple[int, int]] = {}
        for state, cost in costs.items():
            for target in following[state]:
                if target not in reached or cost < reached[target][0]:
                    reached[target] = (cost, state)
        costs = {
            state: cost + _difference(ours.get(state, {}), cells) for state, (cost, _o) in reached.items()
        }
        origins.append({state: origin for state, (_cost, origin) in reached.items()})
    state = last if last in costs else min(costs, key=lambda each: (costs[each], -each), default=first)
    path = [state]
    for origin in reversed(origins):
        state = origin.get(state, first)
        path.append(state)
    return path[::-1]


def _following(row: int, blocks: Sequence[Block], last: int) -> Iterator[int]:
    """Yield the template's rows that may stand below a copy of ``row``."""
    if row < last:
        yield row + 1
    block = next((each for each in blocks if each.holds(row)), None)
    if block is None:
        return
    if block.lines is not None and row == block.lines[1]:
        yield block.lines[0]
    if block.kind == "panel" and row == block.last:
        yield block.first
