"""Which rows of a sheet repeat, and their copies.

Rows that ask for ``{{line.…}}`` are there once a line, rows that ask for ``{{panel.…}}`` once a panel; rows of both kinds that follow one another make
one block: a panel with its lines.
"""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from lxml import etree

from kis.estimator.documents.template.book import Book, main
from kis.estimator.documents.template.cells import cell_text, forget_value, formula, rows, split_place
from kis.estimator.documents.template.fields import placeholders
from kis.estimator.documents.template.places import Block, RowPlan, Spot, plan_rows

LINE: Final = "line."
PANEL: Final = "panel."
_ROUND: Final = re.compile(r"\bROUND\(", re.IGNORECASE)

Amounts = Literal["written", "rounded", "plain"]
"""How a template comes by a line's amount: it is written in, computed and rounded, or computed and left as it comes out."""


@dataclass(frozen=True, slots=True)
class Torn:
    """Rows that cannot repeat together: a panel with more than one run of line rows."""

    sheet: str
    row: int


def find_blocks(book: Book, sheet: str, tree: etree._Element) -> tuple[list[Block], list[Torn]]:
    """Return the blocks of a sheet, downwards, and the rows that would make no sense repeated."""
    kinds: dict[int, str] = {}
    for row in rows(tree):
        names = [name for cell in row.iterchildren(main("c")) for name in placeholders(cell_text(cell, book))]
        if any(name.startswith(LINE) for name in names):
            kinds[int(row.get("r", 0))] = LINE
        elif any(name.startswith(PANEL) for name in names):
            kinds[int(row.get("r", 0))] = PANEL
    blocks: list[Block] = []
    torn: list[Torn] = []
    for run in _runs(sorted(kinds)):
        lines = _runs([row for row in run if kinds[row] == LINE])
        if len(lines) > 1:
            torn.append(Torn(sheet, lines[1][0]))
        span = (lines[0][0], lines[0][-1]) if lines else None
        only_lines = span == (run[0], run[-1])  # then they run through all panels
        blocks.append(
            Block(
                sheet=sheet,
                kind="line" if only_lines else "panel",
                first=run[0],
                last=run[-1],
                lines=span,
            )
        )
    return blocks, torn


def counted(block: Block, lines_per_panel: Sequence[int]) -> tuple[int, ...]:
    """Return the lines of each copy of ``block``; where there is nothing to show, one copy stays and is left empty."""
    if block.kind == "line":
        return (max(sum(lines_per_panel), 1),)
    if block.lines is None:
        return (1,) * max(len(lines_per_panel), 1)
    return tuple(max(lines, 1) for lines in lines_per_panel) or (1,)


def plans_for(book: Book, lines_per_panel: Sequence[int]) -> dict[str, RowPlan]:
    """Return how the rows of every sheet move, by the sheet's name in lower case."""
    plans: dict[str, RowPlan] = {}
    for sheet in book.sheets:
        blocks, _torn = find_blocks(book, sheet.name, book.package.tree(sheet.part))
        counts = [(block, counted(block, lines_per_panel)) for block in blocks]
        plans[sheet.name.lower()] = plan_rows(sheet.name, counts)
    return plans


def amounts_of(book: Book) -> Amounts:
    """Tell how the line rows come by their amounts: the least exact way that any of them goes."""
    ways: set[Amounts] = {"written"}
    for sheet in book.sheets:
        tree = book.package.tree(sheet.part)
        blocks, _torn = find_blocks(book, sheet.name, tree)
        for row in rows(tree):
            if any(block.is_line(int(row.get("r", 0))) for block in blocks):
                ways |= {_way(found.text or "") for found in row.iter(main("f"))}
    return "plain" if "plain" in ways else "rounded" if "rounded" in ways else "written"


def is_rounded(text: str) -> bool:
    """Tell whether a formula that multiplies rounds half up; cutting off (INT, ROUNDDOWN) is another way than the quotation's."""
    return _ROUND.search(text) is not None


def multiplies(text: str) -> bool:
    """Tell whether a formula computes a product."""
    return "*" in text or "PRODUCT(" in text.upper()


def _way(text: str) -> Amounts:
    if not multiplies(text):
        return "written"
    return "rounded" if is_rounded(text) else "plain"


Adjust = Callable[[str, Spot | None], str]
"""A formula's text as it reads at a spot."""


def repeat_rows(tree: etree._Element, plan: RowPlan, adjust: Adjust) -> None:
    """Put every row where it belongs, copied as often as its block says; formulas follow, their stored results go."""
    data = tree.find(main("sheetData"))
    if data is None:
        return
    made: list[tuple[int, etree._Element]] = []
    for row in rows(tree):
        places = plan.places(int(row.get("r", 0)))
        for place, spot in places:
            copy = row if len(places) == 1 else deepcopy(row)
            made.append((place, _placed(copy, place, plan, spot, adjust)))
    if any(later <= earlier for (earlier, _a), (later, _b) in pairwise(made)):
        made.sort(key=lambda each: each[0])
    for row in list(data):
        data.remove(row)
    data.extend([row for _place, row in made])


def _placed(
    row: etree._Element, place: int, plan: RowPlan, spot: Spot | None, adjust: Adjust
) -> etree._Element:
    row.set("r", str(place))
    for cell in row.iterchildren(main("c")):
        letters, _number = split_place(str(cell.get("r")))
        cell.set("r", f"{letters}{place}")
        found = formula(cell)
        if found is None:
            continue
        forget_value(cell)
        if found.text:
            found.text = adjust(found.text, spot)
        for name in ("ref", "r1", "r2"):
            area = found.get(name)
            if area is not None:
                found.set(name, moved_area(area, plan, spot))
    return row


def moved_area(area: str, plan: RowPlan, spot: Spot | None = None) -> str:
    """Return a range without a sheet (``G10:H12``) where it comes to stand, for what stands at ``spot``."""
    start, colon, end = area.partition(":")
    letters, row = split_place(start)
    moved = f"{letters}{plan.resolve(row, spot, relative=True, last=False)}"
    if not colon:
        return moved
    letters, row = split_place(end)
    return f"{moved}:{letters}{plan.resolve(row, spot, relative=True, last=True)}"


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
