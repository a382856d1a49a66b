"""Tables: rows of whole cells, whatever number of lines a cell has.

Where a table is ruled its lines tell: :func:`framed` takes what stands in a grid out of the flow of the page, so that neither the order in which it was
written nor the columns of the page cut it. Elsewhere cells that begin under each other make columns. Rows are then told, in this order, by lines between
them, by larger gaps between rows than between the lines of one, and by the first column, in which a row begins.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

from kis.assistant.reading.blocks import MARK, Block, Cell, Row, beside, rows_of
from kis.assistant.reading.grids import Grid, Stretch
from kis.assistant.reading.lines import Line
from kis.assistant.things import UnitKind

_MOST_LINES: Final = 25
"""Of a cell; more is a column of prose in a frame."""
_DEEPEST_HEADER: Final = 3
_FEW_LINES: Final = 6
"""A row that is ruled may have so many, also where few of its cells do."""
_FILLED: Final = 0.7
"""So many of the lines between two rules have all cells, and they are rows."""
_FULL: Final = 0.75
"""So far to the right, in parts of its column, ends a line of a cell that may go on in the next one."""
_FAR: Final = 2.2
"""Heights of letters between rows, from which on they may be no longer of one table."""
_ALIGNED_FAR: Final = 4.0
"""The same where their cells begin under each other."""
_APART: Final = 1.2
"""How much larger the steps between rows are than those between the lines of a cell, at least."""
_LEADING: Final = 1.75
"""Heights of letters from one line of a cell to the next, at most."""

Rows = list[list[Cell]]


@dataclass(slots=True)
class Framed(Line):
    """A ruled table, which goes through the order of reading as one line."""

    rows: Rows
    """Of its cells."""
    places: list[Line]
    """Of its rows."""

    def blocks(self, page: int) -> list[Block]:
        """Return it as what stands on a page: its title, where that is ruled with it, and itself."""
        if len(self.rows[0]) > 1:
            return [Block(UnitKind.TABLE, page, self.places, self.rows)]
        title = Block(UnitKind.PARAGRAPH, page, self.rows[0][0])
        return [title, Block(UnitKind.TABLE, page, self.places[1:], self.rows[1:])]


def framed(grids: Sequence[Grid], lines: Sequence[Line]) -> list[Line]:
    """Return lines, each ruled table in the place of the first of its own."""
    found = list(lines)
    for grid in grids:
        places = [place for place, line in enumerate(found) if _is_in(grid, line)]
        table = _framed(grid, [found[place] for place in places]) if len(places) > 2 else None
        if table:
            found[places[0]] = table
            for place in reversed(places[1:]):
                del found[place]
    return found


def _is_in(grid: Grid, line: Line) -> bool:
    return grid.holds(line.left, line.top, line.right, line.bottom)


def _framed(grid: Grid, lines: Sequence[Line]) -> Framed | None:
    cells: dict[tuple[int, int], Cell] = {}
    for line in lines:
        place = grid.cell(line.left + min(0.5 * line.height, (line.right - line.left) / 2), _middle(line))
        cells.setdefault(place, []).append(line)
    cells = {place: _under_each_other(some) for place, some in cells.items()}
    rows, places = _rows_of_grid(grid, cells)
    width = max(map(len, rows), default=0)
    told = [sum(map(bool, row)) > 1 for row in rows]
    is_form = len(rows) > 1 and told[0] and all(row[0] for row in rows)
    if width < 2 or not (sum(told) > 1 or is_form) or max(map(len, cells.values())) > _MOST_LINES:
        return None
    around = beside(places)
    return Framed(
        "",
        around.left,
        around.top,
        around.right,
        around.bottom,
        is_bold=False,
        is_open=False,
        is_fixed=False,
        height=max(line.height for line in lines),
        rows=rows,
        places=places,
    )


def _under_each_other(lines: Sequence[Line]) -> Cell:
    return [beside(row) for row in rows_of(lines)]


def _middle(line: Line) -> float:
    return (line.top + line.bottom) / 2


def _rows_of_grid(grid: Grid, cells: dict[tuple[int, int], Cell]) -> tuple[Rows, list[Line]]:
    """Return the rows of a grid with the places where they stand; what goes over several rows stands in each of them."""
    columns = sorted({column for _, column in cells})
    rows: Rows = []
    places: list[Line] = []
    for some in _bands(grid, cells, columns):
        own = [line for row in some for column in columns for line in cells.get((row, column), [])]
        if not own:
            continue
        if len(some) == 1 and all(
            grid.goes_right(some[0], column) for column in range(len(grid.columns) - 2)
        ):
            rows.append([own])
            places.append(beside(own))
            continue
        band = [_over(grid, cells, some, column) for column in columns]
        if len(grid.rows) <= 3 and len(some) == 1:
            for row in _parted(band):
                rows.append(row)
                places.append(beside([line for cell in row for line in cell]))
            continue
        rows.append(band)
        places.append(beside(own))
    return rows, places


def _bands(
    grid: Grid, cells: dict[tuple[int, int], Cell], columns: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """Yield the rows of a grid; those that a header goes over together."""
    count = len(grid.rows) - 1
    deep = 1
    if any(grid.goes_right(0, column) for column in columns[1:-1]):
        while deep < min(count - 1, _DEEPEST_HEADER) and any(
            grid.goes_down(deep - 1, column) for column in columns if (0, column) in cells
        ):
            deep += 1
    yield tuple(range(deep))
    yield from ((row,) for row in range(deep, count))


def _over(grid: Grid, cells: dict[tuple[int, int], Cell], rows: Iterable[int], column: int) -> Cell:
    """Return what stands in a column of some rows that are one."""
    is_header = len(tuple(rows)) > 1
    found: list[tuple[int, int]] = []
    for row in rows:
        across, down = _inside(grid.columns, column), _inside(grid.rows, row)
        place = grid.cell(across, down)
        if place not in found and (is_header or place[1] == column):
            found.append(place)
    return [line for place in found for line in cells.get(place, [])]


def _inside(borders: Sequence[float], at: int) -> float:
    return (borders[at] + borders[at + 1]) / 2


def _parted(cells: Sequence[Cell]) -> Rows:
    """Return the rows of cells that are ruled between columns only."""
    lines = [(line, column) for column, cell in enumerate(cells) for line in cell]
    column_of = {id(line): column for line, column in lines}
    rows = _by_height([line for line, _ in lines])
    spans = [
        (min(line.left for line in cell), max(line.right for line in cell)) if cell else (0.0, 0.0)
        for cell in cells
    ]
    filled = sum(len(row) == sum(map(bool, cells)) for row in rows)
    if not _tight(rows, spans) and (
        len(rows) < 3 or (len(rows) <= _FEW_LINES and filled < _FILLED * len(rows))
    ):
        return [list(cells)]
    found: Rows = []
    for some in _together(rows, spans, []):
        found.append([[] for _ in cells])
        for line in (line for row in some for line in row):
            found[-1][column_of[id(line)]].append(line)
    return found


def _by_height(lines: Sequence[Line]) -> list[Row]:
    """Return lines by height; unlike :func:`rows_of` it leaves each line as it is."""
    rows: list[Row] = []
    for line in sorted(lines, key=lambda one: (one.top + one.bottom, one.left)):
        if rows and _middle(line) < rows[-1][0].bottom - 0.3 * line.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def parted(rows: Sequence[Row]) -> Iterator[tuple[bool, list[Row]]]:
    """Yield what is a table without a grid and what is not, from above to below."""
    for is_table, some in groupby(_runs(rows), key=_is_table):
        if is_table:
            yield from ((True, run) for run in some)
        else:
            yield False, [row for run in some for row in run]


def _runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield rows that may be one table; what cannot be one, row by row."""
    begun: list[Row] = []
    for row in rows:
        if begun and not _goes_on(begun, row):
            yield begun
            begun = []
        begun.append(row)
    if begun:
        yield begun


def _goes_on(begun: Sequence[Row], row: Row) -> bool:
    if not any(len(one) > 1 for one in begun):
        return False
    gap = row[0].top - max(line.bottom for line in begun[-1])
    widest = max(begun, key=len)
    aligned = sum(any(abs(line.left - other.left) < 3 for other in widest) for line in row)
    if gap > (_ALIGNED_FAR if aligned > 1 and aligned == len(row) else _FAR) * row[0].height:
        return False
    if len(row) > 1:
        return True
    under = [line for line in widest if line.left < row[0].right and row[0].left < line.right]
    return bool(aligned) and len(under) <= 1 and gap < row[0].height and not MARK.match(row[0].text)


def _is_table(run: Sequence[Row]) -> bool:
    """Tell whether rows have cells that begin under each other, in two columns at least; lines of code, which have gaps as well, are none."""
    wide = [
        row
        for row in run
        if len(row) > 1 and not _is_stretched(row) and not all(line.is_fixed for line in row)
    ]
    starts = Counter(round(line.left / 4) for row in wide for line in row)
    return len(wide) >= 2 and sum(times >= 2 for times in starts.values()) >= 2


def _is_stretched(row: Row) -> bool:
    """Tell whether a row is a line of prose, its words drawn apart evenly to fill the column."""
    gaps = [after.left - before.right for before, after in pairwise(row)]
    are_words = not any(" " in line.text for line in row)
    return len(row) > 2 and are_words and max(gaps) < min(1.15 * min(gaps), 2.5 * row[0].height)


def table(page: int, rows: Sequence[Row], lying: Sequence[Stretch]) -> Block:
    """Return a table without a grid: what stands over each other is a column; ``lying`` are the lines drawn between rows."""
    spans = _spans(rows)
    cells: Rows = []
    places: list[Line] = []
    for some in _together(rows, spans, lying):
        cells.append([[] for _ in spans])
        for line in (line for row in some for line in row):
            cells[-1][_column(spans, line)].append(line)
        places.append(beside([line for row in some for line in row]))
    return Block(UnitKind.TABLE, page, places, cells)


_Spans = Sequence[tuple[float, float]]


def _spans(rows: Iterable[Row]) -> list[tuple[float, float]]:
    """Return the columns: rows with most cells tell them, so that what goes over several of them joins none."""
    spans: list[tuple[float, float]] = []
    for _, some in groupby(sorted(rows, key=len, reverse=True), key=len):
        fresh = spans
        for line in sorted((line for row in some for line in row), key=lambda one: one.left):
            over = [span for span in fresh if span[0] < line.right and line.left < span[1] + 1]
            if len(over) > 1 and spans:
                continue
            around = (
                min([line.left, *(span[0] for span in over)]),
                max([line.right, *(span[1] for span in over)]),
            )
            fresh = sorted([*(span for span in fresh if span not in over), around])
        spans = fresh
    return spans


def _column(spans: _Spans, line: Line) -> int:
    """Return the column in which a line begins."""
    return max((place for place, span in enumerate(spans) if span[0] <= line.left + 1), default=0)


def _together(rows: Sequence[Row], spans: _Spans, lying: Sequence[Stretch]) -> Iterator[list[Row]]:
    """Yield the lines that make a row of the table."""
    is_ruled, tight = _are_ruled(rows, spans, lying), _tight(rows, spans)
    begun: list[Row] = []
    for row in rows:
        if begun:
            before = begun[-1]
            if is_ruled:
                is_new = _are_ruled_apart(before, row, lying)
            elif tight:
                is_new = _top(row) - _top(before) > tight
            else:
                is_new = not _is_continued(before, row, spans)
            if is_new:
                yield begun
                begun = []
        begun.append(row)
    if begun:
        yield begun


def _top(row: Row) -> float:
    return min(line.top for line in row)


def _are_ruled_apart(before: Row, row: Row, lying: Sequence[Stretch]) -> bool:
    """Tell whether a line is drawn between rows, below at least half of the upper or the lower one."""
    left, right = min(before[0].left, row[0].left), max(before[-1].right, row[-1].right)
    above, below = _middle(before[0]), _middle(row[0])
    over = (min(end, right) - max(start, left) for where, start, end in lying if above < where < below)
    return sum(max(one, 0.0) for one in over) > 0.5 * (right - left)


def _are_ruled(rows: Sequence[Row], spans: _Spans, lying: Sequence[Stretch]) -> bool:
    """Tell whether lines part all rows: there are some beside that under the header, and a row between them has more than one line."""
    if not lying:
        return False
    ruled = [_are_ruled_apart(before, row, lying) for before, row in pairwise(rows)]
    if sum(ruled) < 2:
        return False
    return any(not apart and len(row) < len(spans) for apart, row in zip(ruled, rows[1:], strict=True))


def _tight(rows: Sequence[Row], spans: _Spans) -> float:
    """Return the largest step between two lines of a cell where those between rows are larger; 0 where nothing tells."""
    steps = [_top(row) - _top(before) for before, row in pairwise(rows)]
    ordered = sorted(steps)
    jumps = [(after / before, before) for before, after in pairwise(ordered) if before > 0]
    ratio, tight = max(jumps, default=(0.0, 0.0))
    height = max(line.height for line in rows[0])
    if ratio < _APART or tight > min(_LEADING * height, 1.15 * ordered[0]):
        return 0.0
    within = [
        (before, row) for before, row, step in zip(rows, rows[1:], steps, strict=False) if step <= tight
    ]
    told = sum(len(row) < len(spans) or _was_full(before, spans) for before, row in within)
    return 1.02 * tight if told > 0.5 * len(within) else 0.0


def _was_full(row: Row, spans: _Spans) -> bool:
    """Tell whether the first cell goes to the end of its column."""
    return row[0].left < spans[0][1] and row[0].right - spans[0][0] > _FULL * (spans[0][1] - spans[0][0])


def _is_continued(before: Row, row: Row, spans: _Spans) -> bool:
    """Tell whether a row only goes on with cells of the one before: nothing in the first column, or that alone where its cell was full."""
    if row[0].left > spans[0][1]:
        return True
    return len(row) == 1 and len(before) > 1 and len(spans) > 2 and _was_full(before, spans)


def with_headers(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks; a table that goes on from the page before has the header that stands there, if it does not repeat it itself."""
    last: Block | None = None
    for block in blocks:
        given = block
        if last and last.page == block.page - 1 and _goes_on_from(last, block):
            given = replace(block, lines=[block.lines[0], *block.lines], rows=[last.rows[0], *block.rows])
        yield given
        last = given


def _goes_on_from(last: Block, block: Block) -> bool:
    """Tell whether the first table of a page has the columns of the last one before, and no header as that has."""
    if not (last.rows and block.rows and _is_header(last.rows[0])) or _is_header(block.rows[0]):
        return False
    above, below = _lefts(last.rows), _lefts(block.rows)
    return len(above) == len(below) and all(
        abs(one - other) < 4 for one, other in zip(above, below, strict=True)
    )


def _is_header(row: Sequence[Cell]) -> bool:
    lines = [line for cell in row for line in cell]
    return len(row) > 1 and all(line.is_bold for line in lines)


def _lefts(rows: Rows) -> list[float]:
    """Return where each column begins."""
    width = max(map(len, rows))
    columns = [[line.left for row in rows if len(row) == width for line in row[at]] for at in range(width)]
    return [min(column, default=0.0) for column in columns]
