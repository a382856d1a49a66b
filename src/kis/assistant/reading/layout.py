"""From the lines of a page to what its writer set: paragraphs, lists and tables, in reading order.

Running headers, footers and page numbers are found over many pages: what stands in the same place with the same words, numbers aside. Columns are told from
tables by their prose: both sides of the gap are filled by most of their lines.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Final

from kis.assistant.reading.lines import Line, Page
from kis.assistant.things import UnitKind

_EDGE: Final = 0.12
"""Part of the page's height above and below in which running lines stand."""
_RUNNING_PAGES: Final = 3
_DIGITS: Final = re.compile(r"\d+|\b[ivxlc]+\b")
_PAGE_NUMBER: Final = re.compile(
    r"[-–\s]*(?:page|p\.|쪽)?\s*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\s*(?:쪽|페이지)?[-–\s]*", re.IGNORECASE
)
MARK: Final = re.compile(
    r"(?:[•‣▪■□●○◦∙·–*※▶►✓]|\(?\d{1,2}[.)]|\(\d{1,2}\)|[①-⑳]|[a-z][.)]|[가나다라마바사아자차카타파하][.)])(?=\s|$)"
)
"""What stands before an item of a list."""
_NUMBERING: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}\.?")
_NUMBERED: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s")
_LEADERS: Final = re.compile(r"(?:[.·…]\s?){4,}\s*\d{0,4}$")
_REFERENCES: Final = re.compile(r"^(?:\D{2,60}\s)?\d{1,4}(?:\s*[,–-]\s*\d{1,4})*,?$")
"""A term with its pages, as an index of terms has it."""
_REFERENCE_SHARE: Final = 0.7
_JUMP: Final = 4.0
"""Heights of letters that a line must stand above the one before to be the first of another column; cells of a table have fewer lines."""
_COLUMN_LINES: Final = 5
_FILLED: Final = 0.55
_LEADING: Final = 1.55
"""Distance of two lines' tops, in parts of what is usual in the paragraph, from which on another one begins."""


@dataclass(slots=True)
class Block:
    """What stands together: its lines and, for a table, the rows of its cells."""

    kind: UnitKind
    page: int
    lines: list[Line]
    rows: list[list[str]] = field(default_factory=list)

    @property
    def height(self) -> float:
        """Return the height of its highest letters."""
        return max(line.height for line in self.lines)

    @property
    def is_bold(self) -> bool:
        """Tell whether all of it is bold."""
        return all(line.is_bold for line in self.lines)


def without_running_lines(pages: Sequence[Page]) -> list[list[Line]]:
    """Return the lines of each page but headers, footers and page numbers."""
    counted = Counter(key for page in pages for key in {_place(page, line) for line in page.lines} if key)
    running: set[_Place | None] = {key for key, times in counted.items() if times >= _RUNNING_PAGES}
    levels = {key[:2] for key in running if key}
    return [[line for line in page.lines if not _is_running(page, line, running, levels)] for page in pages]


_Place = tuple[bool, int, str]


def _place(page: Page, line: Line) -> _Place | None:
    is_above = line.bottom < _EDGE * page.held_height
    if not is_above and line.top < (1 - _EDGE) * page.held_height:
        return None
    return is_above, round(line.top / 2), _DIGITS.sub("#", line.text.lower())


def _is_running(
    page: Page, line: Line, running: AbstractSet[_Place | None], levels: AbstractSet[tuple[bool, int]]
) -> bool:
    """Tell whether it runs, stands beside what runs, or is the number of the page."""
    place = _place(page, line)
    if place is None:
        return False
    return place in running or place[:2] in levels or _PAGE_NUMBER.fullmatch(line.text) is not None


def blocks_of(page: int, lines: Sequence[Line]) -> list[Block]:
    """Return what stands on a page, in reading order; tables of contents and indexes of terms are left out, they say nothing."""
    found: list[Block] = []
    for region in _regions(lines):
        rows = _rows(region)
        if _is_index(rows):
            continue
        for is_table, some in _tables(rows):
            found += [_table(page, some)] if is_table else _texts(page, some)
    return list(_headed(found))


def _headed(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks; a bold line close above a table is its header, whose cells stand too near each other to be told apart by their gaps."""
    last: Block | None = None
    for block in blocks:
        if last and block.rows and last.is_bold and len(last.lines) == 1 and not last.rows:
            line = last.lines[0]
            if 0 < block.lines[0].top - line.bottom < 0.9 * line.height:
                words = line.text.split()
                width = len(block.rows[0])
                header = words if len(words) == width else [line.text, *[""] * (width - 1)]
                block.rows.insert(0, header)
                block.lines.insert(0, line)
                last = None
        if last:
            yield last
        last = block
    if last:
        yield last


def _regions(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield what is read from above to below: the page, or each column between what goes over both."""
    for stream in _streams(lines):
        yield from _side_by_side(stream)


def _streams(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield what was written from above to below; a column, or what was set afterwards, begins higher up again."""
    begun: list[Line] = []
    for line in lines:
        if begun and line.top < begun[-1].top - _JUMP * max(line.height, begun[-1].height):
            yield begun
            begun = []
        begun.append(line)
    if begun:
        yield begun


def _side_by_side(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the columns of what was written line by line over both of them."""
    gap = _gutter(lines)
    if gap is None:
        yield list(lines)
        return
    band: list[Line] = []
    for line in sorted(lines, key=lambda one: one.top):
        if line.left < gap < line.right:
            yield from _columns(band, gap)
            yield [line]
            band = []
        else:
            band.append(line)
    yield from _columns(band, gap)


def _columns(band: Sequence[Line], gap: float) -> Iterator[list[Line]]:
    for column in ([one for one in band if one.right <= gap], [one for one in band if one.left >= gap]):
        if column:
            yield column


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return where the gap between two columns of prose is."""
    if len(lines) < 2 * _COLUMN_LINES:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    starts = sorted(
        {round(line.left) for line in lines if 0.35 < (line.left - left) / (right - left or 1) < 0.7}
    )
    best: tuple[int, float] | None = None
    for start in starts:
        gap = start - 2.0
        before = [line for line in lines if line.right <= gap]
        after = [line for line in lines if line.left >= gap]
        if min(_filled(before), _filled(after)) >= _COLUMN_LINES:
            count = len(before) + len(after)
            best = max(best or (0, 0.0), (count, gap))
    return best[1] if best and best[0] >= 0.5 * len(lines) else None


def _filled(lines: Sequence[Line]) -> int:
    """Return how many lines fill their column, as prose does; 0 where too few of them do."""
    if not lines:
        return 0
    width = max(line.right for line in lines) - min(line.left for line in lines)
    filled = sum(line.right - line.left > 0.8 * width for line in lines)
    return filled if filled >= _FILLED * len(lines) - 2 else 0


Row = list[Line]


def _rows(lines: Sequence[Line]) -> list[Row]:
    rows: list[Row] = []
    for line in sorted(lines, key=lambda one: (one.top + one.bottom, one.left)):
        if rows and (line.top + line.bottom) / 2 < rows[-1][0].bottom - 0.3 * line.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_with_marks_joined(sorted(row, key=lambda one: one.left)) for row in rows]


def _with_marks_joined(row: Row) -> Row:
    """Put a bullet or a number of a heading to the text that it belongs to."""
    if len(row) > 1 and (MARK.fullmatch(row[0].text) or _NUMBERING.fullmatch(row[0].text)):
        near = row[1].left - row[0].right < 3 * row[1].height
        if near and (len(row) == 2 or MARK.fullmatch(row[0].text)):
            return [_beside(row[:2]), *row[2:]]
    return row


def _beside(row: Row) -> Line:
    """Return the lines of a row as one."""
    if len(row) == 1:
        return row[0]
    return Line(
        " ".join(line.text for line in row),
        row[0].left,
        min(line.top for line in row),
        max(line.right for line in row),
        max(line.bottom for line in row),
        all(line.is_bold for line in row),
        row[-1].is_open,
        max(line.height for line in row),
    )


def _is_index(rows: Sequence[Row]) -> bool:
    texts = [" ".join(line.text for line in row) for row in rows]
    leading = sum(bool(_LEADERS.search(text)) for text in texts)
    referring = sum(bool(_REFERENCES.match(text)) for text in texts)
    return leading > 0.5 * len(texts) or (len(texts) > 15 and referring > _REFERENCE_SHARE * len(texts))


def _tables(rows: Sequence[Row]) -> Iterator[tuple[bool, list[Row]]]:
    """Yield what is a table and what is not, from above to below."""
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
    before = begun[-1]
    is_far = row[0].top - max(line.bottom for line in before) > 2.2 * row[0].height
    if is_far or not any(len(one) > 1 for one in begun):
        return False
    if len(row) > 1:
        return True
    widest = max(begun, key=len)
    gap = row[0].top - max(line.bottom for line in before)
    under = [line for line in widest if line.left < row[0].right and row[0].left < line.right]
    starts = any(abs(line.left - row[0].left) < 3 for line in widest)
    return starts and len(under) <= 1 and gap < row[0].height and not MARK.match(row[0].text)


def _is_table(run: Sequence[Row]) -> bool:
    """Tell whether rows have cells that begin under each other, in two columns at least."""
    wide = [row for row in run if len(row) > 1 and not _is_stretched(row)]
    starts = Counter(round(line.left / 4) for row in wide for line in row)
    return len(wide) >= 2 and sum(times >= 2 for times in starts.values()) >= 2


def _is_stretched(row: Row) -> bool:
    """Tell whether a row is a line of prose, its words drawn apart evenly to fill the column."""
    gaps = [after.left - before.right for before, after in pairwise(row)]
    are_words = not any(" " in line.text for line in row)
    return len(row) > 2 and are_words and max(gaps) < min(1.15 * min(gaps), 2.5 * row[0].height)


def _table(page: int, rows: Sequence[Row]) -> Block:
    """Return a table: what stands over each other is a column, and a row begins where its first column does."""
    spans = _spans([line for row in rows for line in row])
    tight = min((after[0].top - before[0].top for before, after in pairwise(rows)), default=0.0)
    steps = sorted(after[0].top - before[0].top for before, after in pairwise(rows))
    usual = steps[len(steps) // 2] if steps else 0.0
    cells: list[list[str]] = []
    previous: Row | None = None
    for row in rows:
        step = row[0].top - previous[0].top if previous else 0.0
        is_tight = tight < 0.85 * usual and step < 1.15 * tight
        is_new = previous is None or not (is_tight or _is_continued(previous, row, spans))
        if is_new:
            cells.append([""] * len(spans))
        for line in row:
            at = next(place for place, span in enumerate(spans) if span[0] <= line.left <= span[1])
            cells[-1][at] = f"{cells[-1][at]} {line.text}".strip()
        previous = row
    return Block(UnitKind.TABLE, page, [_beside(row) for row in rows], cells)


def _is_continued(before: Row, row: Row, spans: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a row only goes on with cells of the one before: nothing in the first column, or that alone where its cell was full."""
    if row[0].left > spans[0][1]:
        return True
    was_full = before[0].right - spans[0][0] > 0.8 * (spans[0][1] - spans[0][0])
    return len(row) == 1 and len(before) > 1 and len(spans) > 2 and was_full


def _spans(lines: Iterable[Line]) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    for line in sorted(lines, key=lambda one: one.left):
        if spans and line.left < spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], line.right))
        else:
            spans.append((line.left, line.right))
    return spans


def _texts(page: int, rows: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = []
    for line in map(_beside, rows):
        if _LEADERS.search(line.text):
            continue
        if blocks and _belongs(blocks[-1], line):
            blocks[-1].lines.append(line)
        else:
            kind = UnitKind.LIST if _is_item(line) else UnitKind.PARAGRAPH
            blocks.append(Block(kind, page, [line]))
    return blocks


def _belongs(block: Block, line: Line) -> bool:
    """Tell whether a line goes on with what stands above it."""
    last = block.lines[-1]
    step = line.top - last.top
    usual = block.lines[1].top - block.lines[0].top if len(block.lines) > 1 else 1.3 * line.height
    if _begins(line) or not 0 < step < _LEADING * max(usual, line.height):
        return False
    if abs(line.height - last.height) > 0.08 * last.height or line.is_bold != last.is_bold:
        return last.is_bold and not line.is_bold and _is_led(block, line)
    if block.kind is UnitKind.LIST:
        return line.left > block.lines[0].left + 2
    return True


def _is_item(line: Line) -> bool:
    return MARK.match(line.text) is not None and MARK.fullmatch(line.text) is None


def _begins(line: Line) -> bool:
    """Tell whether a line is the first of an item or of a heading with a number."""
    return _is_item(line) or (line.is_bold and _NUMBERED.match(line.text) is not None)


def _is_led(block: Block, line: Line) -> bool:
    """A bold word may lead a paragraph: then the line goes on under it at the same height of letters, and the first one is full."""
    first = block.lines[0]
    return len(block.lines) == 1 and first.right >= line.right - line.height and len(first.text) > 40


def merged_lists(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Yield blocks, items of one list together."""
    for _, some in groupby(blocks, key=lambda block: (block.kind is UnitKind.LIST, block.page)):
        listed = list(some)
        if listed[0].kind is UnitKind.LIST:
            yield listed
        else:
            yield from ([block] for block in listed)
