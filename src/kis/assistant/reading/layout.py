"""From the lines of a page to what its writer set: paragraphs, lists and tables, in reading order.

Running headers, footers and page numbers are found over many pages: what stands in the same place with the same words, numbers aside. Columns are told from
tables by their prose: both sides of the gap are filled by most of their lines.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Final

from kis.assistant.reading.blocks import MARK, Block, Row, beside, rows_of
from kis.assistant.reading.lines import HYPHEN, Line, Page
from kis.assistant.reading.tables import Framed, framed, parted, table
from kis.assistant.things import UnitKind

_EDGE: Final = 0.12
"""Part of the page's height above and below in which running lines stand."""
_RUNNING_PAGES: Final = 3
_RUNNING_SHARE: Final = 0.5
"""So many of the pages that have a line at some height have one there that other pages repeat: then what stands there runs, whatever it says."""
_REPEATED_SHARE: Final = 0.25
"""So many of them have the same words there: else it is text that happens to begin more than one page."""
_DIGITS: Final = re.compile(r"\d+|\b[ivxlc]+\b")
_OF_HEADING: Final = re.compile(r"[#a-z](?:\.#)+\.?")
"""The number of a section, its figures aside, or of a page in its chapter."""
_MOST_FIGURES: Final = 7
"""Of the number of a page; more are the number of something else."""
_PAGE_NUMBER: Final = re.compile(
    r"[-–\s]*(?:page|p\.|쪽)?\s*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\s*(?:쪽|페이지)?[-–\s]*", re.IGNORECASE
)
_NUMBERED: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s")
_LEADERS: Final = re.compile(r"(?:[.·…]\s?){4,}\s*\d{0,4}$")
_REFERENCES: Final = re.compile(r"^(?:\D{2,60}\s)?\d{1,4}(?:\s*[,–-]\s*\d{1,4})*,?$")
"""A term with its pages, as an index of terms has it."""
_REFERENCE_SHARE: Final = 0.7
_JUMP: Final = 4.0
"""Heights of letters that a line must stand above the one before to be the first of another column; cells of a table have fewer lines."""
_TABLE_ROWS: Final = 3
"""Of a table written cell by cell, at least."""
_UNEVEN: Final = 1.8
"""Heights of letters between the ends of cells beside each other."""
_COLUMN_LINES: Final = 5
_FILLED: Final = 0.55
_LEADING: Final = 1.55
"""Distance of two lines' tops, in parts of what is usual in the paragraph, from which on another one begins."""
_UNLIKE: Final = 0.08
"""Part by which the letters of two lines of one paragraph differ in height."""
_MIXED: Final = 0.3
"""The same where a sentence goes on: letters of several fonts may stand in it."""
_PARAGRAPH: Final = 1.2
"""Distance of two lines' tops, in parts of what is usual, from which on what ends a sentence or a short line ends a paragraph."""
_CODE_FAR: Final = 3.0
"""Heights of letters from one line of code to the next: an empty one may stand between them."""
_BOLD_PROSE: Final = (8, 50)
"""Bold lines, and their letters, that are prose where they are more than half of a page."""
_RAISED: Final = re.compile(r"\d{1,3}|[*†‡§]{1,2}")
"""The mark of a footnote."""
_SMALL: Final = 0.85
"""Part of the height of a line's letters that those of a raised mark in it have at most."""
_FEW_STEPS: Final = 4
"""Lines of a page that do not tell yet how far lines are from each other."""
_SYLLABLES: Final = "가나다라마바사아자차카타파하"
"""What items are counted by, in this order."""
_WORD_END: Final = re.compile(rf"(?:[{_SYLLABLES}]|\d{{1,2}}|[a-z])[.)]|[-–—](?=\s)")
"""What may be the mark of an item, or the end of a sentence."""
_ITEM_LINES: Final = 12
"""Lines that an item has at most before the mark of the next one is looked for no further."""
_SENTENCE_END: Final = (".", "!", "?", ":", ";", "。")


def without_running_lines(pages: Sequence[Page]) -> list[list[Line]]:
    """Return the lines of each page but headers, footers and page numbers."""
    placed = [_places(page) for page in pages]
    counted = Counter(
        key for page, places in zip(pages, placed, strict=True) for key in _may_run(page, places)
    )
    filled = Counter(level for places in placed for level in {key[:2] for key in places if key})
    repeated = {key for key, times in counted.items() if times >= _RUNNING_PAGES}
    told = Counter(level for places in placed for level in {key[:2] for key in places if key in repeated})
    levels = {level for level, times in told.items() if times >= _RUNNING_SHARE * filled[level]}
    running = {key for key in repeated if counted[key] >= _REPEATED_SHARE * filled[key[:2]]}
    return [
        [
            line
            for line, place in zip(page.lines, places, strict=True)
            if place is None or not _is_running(line, place, running, levels)
        ]
        for page, places in zip(pages, placed, strict=True)
    ]


_Place = tuple[bool, int, str]


def _places(page: Page) -> list[_Place | None]:
    """Return where lines stand in the upper or lower edge of a page; none for the others, and for a table that begins or ends there."""
    above, below = _EDGE * page.held_height, (1 - _EDGE) * page.held_height
    tables = [grid for grid in page.grids if grid.rows[-1] > above and grid.rows[0] < below]
    return [
        (line.bottom < above, round(line.top / 2), _words(line.text, page.number))
        if (line.bottom < above or line.top >= below)
        and not any(grid.holds(line.left, line.top, line.right, line.bottom) for grid in tables)
        else None
        for line in page.lines
    ]


def _words(text: str, page: int) -> str:
    """Return what other pages may repeat of a line, figures aside. A number by itself is repeated where it goes with the pages, those of chapters do not."""
    if text.isdecimal() and len(text) < _MOST_FIGURES:
        return f"#{int(text) - page}"
    return _DIGITS.sub("#", text.lower())


def _may_run(page: Page, places: Sequence[_Place | None]) -> set[_Place]:
    """Return the places of lines that run where other pages repeat them: not the number of a section apart from the words of its heading, with which pages may begin."""
    return {
        place
        for line, place in zip(page.lines, places, strict=True)
        if place and not (_OF_HEADING.fullmatch(place[2]) and _has_beside(line, page.lines))
    }


def _has_beside(line: Line, lines: Iterable[Line]) -> bool:
    """Tell whether another line stands at the same height."""
    return any(other is not line and other.top < line.bottom and line.top < other.bottom for other in lines)


def _is_running(
    line: Line, place: _Place, running: AbstractSet[_Place], levels: AbstractSet[tuple[bool, int]]
) -> bool:
    """Tell whether it runs, stands beside what runs, or is the number of the page."""
    return place in running or place[:2] in levels or _PAGE_NUMBER.fullmatch(line.text) is not None


def blocks_of(page: Page, lines: Sequence[Line]) -> list[Block]:
    """Return what stands on a page, in reading order; tables of contents and indexes of terms are left out, they say nothing."""
    found: list[Block] = []
    for region in _regions(framed(page.grids, _with_telling_fonts(lines))):
        for some in _between_framed(region):
            if isinstance(some, Framed):
                found += some.blocks(page.number)
                continue
            rows = rows_of(some)
            if _is_index(rows):
                continue
            for is_table, run in parted(rows):
                found += [table(page.number, run, page.lying)] if is_table else _texts(page.number, run)
    return list(_headed(found))


def _with_telling_fonts(lines: Sequence[Line]) -> list[Line]:
    """Return lines; where a whole page is bold or in letters of one width, that says nothing about any of them."""
    told = list(lines)
    if told and all(line.is_fixed for line in told):
        told = [replace(line, is_fixed=False) for line in told]
    fewest, length = _BOLD_PROSE
    bold = [line for line in told if line.is_bold and len(line.text) > length]
    if len(bold) >= fewest and 2 * len(bold) > len([line for line in told if len(line.text) > length]):
        told = [replace(line, is_bold=False) for line in told]
    return told


def _between_framed(region: Sequence[Line]) -> Iterator[list[Line] | Framed]:
    """Yield ruled tables and what stands above, between and below them."""
    if not any(isinstance(line, Framed) for line in region):
        yield list(region)
        return
    for is_framed, some in groupby(
        sorted(region, key=lambda line: line.top), key=lambda line: isinstance(line, Framed)
    ):
        if is_framed:
            yield from (line for line in some if isinstance(line, Framed))
        else:
            yield list(some)


def _headed(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks; a bold line close above a table is its header, whose cells stand too near each other to be told apart by their gaps."""
    last: Block | None = None
    for block in blocks:
        if last and block.rows and last.is_bold and len(last.lines) == 1 and not last.rows:
            line = last.lines[0]
            if 0 < block.lines[0].top - line.bottom < 0.9 * line.height:
                words = line.text.split()
                width = len(block.rows[0])
                header = [[replace(line, text=word)] for word in words]
                block.rows.insert(
                    0, header if len(words) == width else [[line], *([] for _ in range(width - 1))]
                )
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
    cells = _cells_written(lines)
    for line in lines:
        if begun and _rises(begun[-1], line, _JUMP) and round(line.left / 4) not in cells:
            yield begun
            begun = []
        begun.append(line)
    if begun:
        yield begun


def _rises(before: Line, line: Line, heights: float) -> bool:
    return line.top < before.bottom - (heights + 1) * max(line.height, before.height)


def _cells_written(lines: Sequence[Line]) -> set[int]:
    """Return where cells of a table begin that was written cell by cell: there the lines rise row by row.

    Those of columns of prose do so once or twice a page. Where each of more parts of a page has columns they are two, which end at the same height.
    """
    runs: list[list[Line]] = []
    for line in lines:
        if runs and not _rises(runs[-1][-1], line, 0.5) and line.left > runs[-1][0].left - 2 * line.height:
            runs[-1].append(line)
        else:
            runs.append([line])
    risen: dict[int, list[bool]] = {}
    for before, run in pairwise(runs):
        if _rises(before[-1], run[0], 0.5) and run[0].left > before[0].left:
            is_uneven = abs(before[-1].bottom - run[-1].bottom) > _UNEVEN * run[-1].height
            risen.setdefault(round(run[0].left / 4), []).append(is_uneven or _has_cells(before))
    are_many = sum(len(uneven) > 1 for uneven in risen.values()) > 1
    return {
        left
        for left, uneven in risen.items()
        if len(uneven) >= _TABLE_ROWS and (are_many or 2 * sum(uneven) >= len(uneven))
    }


def _has_cells(lines: Sequence[Line]) -> bool:
    """Tell whether the second line stands beside the first: a cell of one line and the next cell."""
    first, second = lines[0], lines[min(1, len(lines) - 1)]
    return second.left > first.right and abs(second.top - first.top) < 0.5 * first.height


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


def _is_index(rows: Sequence[Row]) -> bool:
    texts = [" ".join(line.text for line in row) for row in rows]
    leading = sum(map(_has_leaders, texts))
    referring = sum(bool(_REFERENCES.match(text)) for text in texts)
    return leading > 0.5 * len(texts) or (len(texts) > 15 and referring > _REFERENCE_SHARE * len(texts))


def _has_leaders(text: str) -> bool:
    """Tell whether dots lead to the number of a page; only what ends so is searched, which saves a tenth of the time."""
    return text.rstrip(" 0123456789").endswith((".", "·", "…")) and _LEADERS.search(text) is not None


def _texts(page: int, rows: Sequence[Row]) -> list[Block]:
    blocks: list[Block] = []
    lines = list(_with_raised(map(beside, rows)))
    edge = max((line.right for line in lines), default=0.0)
    step = _usual_step(lines)
    for at, line in enumerate(lines):
        if _has_leaders(line.text):
            continue
        if blocks and _belongs(blocks[-1], lines[at : at + _ITEM_LINES], edge, step):
            blocks[-1].lines.append(line)
        else:
            kind = UnitKind.LIST if _is_item(line) else UnitKind.PARAGRAPH
            blocks.append(Block(kind, page, [line]))
    return blocks


def _with_raised(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines; the small mark of a footnote, which stands higher than the line it belongs to, before or behind the text of that."""
    raised: Line | None = None
    for line in lines:
        given = line
        if raised:
            is_small = raised.height < _SMALL * line.height and line.top < raised.bottom
            if is_small and raised.right <= line.left + 1:
                given = replace(beside([raised, line]), height=line.height)
            elif is_small and raised.left >= line.right - 1:
                text = f"{line.text} {raised.text}"
                given = replace(line, text=text, right=raised.right, is_open=raised.is_open)
            else:
                yield raised
            raised = None
        if given is line and _RAISED.fullmatch(line.text):
            raised = line
        else:
            yield given
    if raised:
        yield raised


def _usual_step(lines: Sequence[Line]) -> float:
    """Return how far most lines are from the one above; 0 where too few tell."""
    steps = Counter(
        round(line.top - before.top)
        for before, line in pairwise(lines)
        if line.height < line.top - before.top < 2 * line.height and not line.is_fixed
    )
    return min((step for step, times in steps.most_common(2) if times >= _FEW_STEPS), default=0.0)


def _belongs(block: Block, lines: Sequence[Line], edge: float, usual: float) -> bool:
    """Tell whether the first of these lines goes on with what stands above it; ``edge`` is how far lines reach, ``usual`` how far they are from each other."""
    line, last = lines[0], block.lines[-1]
    step = line.top - last.top
    if block.is_code and line.is_fixed:
        return 0 < step < _CODE_FAR * line.height
    steps = [after.top - before.top for before, after in pairwise(block.lines[-3:])]
    own = max(min(steps), line.height) if steps else usual
    is_far = not 0 < step < _LEADING * max(own or 1.3 * line.height, line.height)
    begins = _begins(line) and (not _is_end_of_word(block, line, edge) or _has_next(lines))
    if begins or is_far or ((block.is_code or line.is_fixed) and not _is_flowing(block, line)):
        return False
    if line.is_bold != last.is_bold:
        return last.is_bold and _is_led(block, line)
    if abs(line.height - last.height) > (_MIXED if _is_full(last, line) else _UNLIKE) * last.height:
        return False
    if block.kind is UnitKind.LIST:
        return line.left > block.lines[0].left + 2
    return line.is_bold or _is_filled(last, line, edge) or not _is_parted(block, line, step, own)


def _is_parted(block: Block, line: Line, step: float, usual: float) -> bool:
    """Tell whether a line may begin a paragraph: it is farther away than usual, or begins farther to the right."""
    if usual and step > _PARAGRAPH * usual:
        return True
    return line.left > min(one.left for one in block.lines[-2:]) + 0.8 * line.height


def _is_filled(last: Line, line: Line, edge: float) -> bool:
    """Tell whether a line ends within a sentence and has no room for the first word of the next one."""
    word = line.text.partition(" ")[0]
    width = (line.right - line.left) * len(word) / len(line.text)
    is_full = _is_divided(last) or last.right + width > edge - 1.5 * line.height
    return is_full and not last.text.endswith(_SENTENCE_END)


def _is_divided(line: Line) -> bool:
    """Tell whether a line ends in a part of a word, which has been given the whole of it: it ends farther to the right than its place tells."""
    return HYPHEN in line.text[line.text.rfind(" ") + 1 :]


def _is_flowing(block: Block, line: Line) -> bool:
    """Tell whether a sentence goes on from or to a line that is all in letters of one width: lines of code are indented, or stand under a short one."""
    last = block.lines[-1]
    end = max(*(one.right for one in block.lines), line.right)
    return (
        (_is_divided(last) or last.right > end - 3 * line.height)
        and line.left < last.left + line.height
        and not last.text.endswith(_SENTENCE_END)
    )


def _is_full(last: Line, line: Line) -> bool:
    """Tell whether a line reaches as far as the next one and ends within a sentence."""
    is_full = _is_divided(last) or last.right > line.right - 2 * line.height
    return is_full and not last.text.endswith(_SENTENCE_END)


def _is_item(line: Line) -> bool:
    return not line.is_fixed and MARK.match(line.text) is not None and MARK.fullmatch(line.text) is None


def _begins(line: Line) -> bool:
    """Tell whether a line is the first of an item or of a heading with a number."""
    return _is_item(line) or (line.is_bold and _NUMBERED.match(line.text) is not None)


def _is_end_of_word(block: Block, line: Line, edge: float) -> bool:
    """Tell whether what looks like the mark of an item ends a sentence of the full line above: "…합니" and "다." below it."""
    last = block.lines[-1]
    return (
        _WORD_END.match(line.text) is not None
        and (_is_divided(last) or last.right > edge - 2 * line.height)
        and not last.text.endswith(_SENTENCE_END)
    )


def _has_next(lines: Sequence[Line]) -> bool:
    """Tell whether a line bears the mark of an item: the one that comes after it stands below, before it stands there again.

    Dashes are all the same: between those of items nothing else begins where they do.
    """
    first = lines[0]
    found = _WORD_END.match(first.text)
    if found is None:
        return False
    mark, after = found[0], _mark_after(found[0])
    for line in lines[1:]:
        if abs(line.left - first.left) > 0.5 * line.height:
            continue
        begun = _WORD_END.match(line.text)
        if begun and begun[0] == after:
            return True
        if mark == after or (begun and begun[0] == mark):
            return False
    return False


def _mark_after(mark: str) -> str:
    """Return the mark of the next item."""
    sign, end = mark[:-1], mark[-1]
    if not sign:
        return mark
    if sign.isdigit():
        return f"{int(sign) + 1}{end}"
    if sign in _SYLLABLES:
        return _SYLLABLES[(_SYLLABLES.index(sign) + 1) % len(_SYLLABLES)] + end
    return chr(ord(sign) + 1) + end


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
