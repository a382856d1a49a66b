"""Where the rows of a template come to stand once its repeatable rows are there as often as needed.

A *block* is a run of rows that repeats: the row of a line, the rows of a panel, or the rows of a panel with the row of its lines among them. Rows
below a block move down by what it grows. Nothing here knows of files: rows are numbers, counted from 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Literal

MAX_ROW: Final = 1_048_576
"""Last row of a worksheet (ECMA-376, the limit of every program that reads XLSX)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows ``first`` to ``last`` of a sheet that repeat; of these ``lines`` (first, last) repeat again per line of a panel.

    ``kind`` says what one copy is for. A block of kind ``line`` is nothing but its lines.
    """

    sheet: str
    kind: Literal["line", "panel"]
    first: int
    last: int
    lines: tuple[int, int] | None

    def holds(self, row: int) -> bool:
        """Tell whether the template's ``row`` belongs to the block."""
        return self.first <= row <= self.last

    def is_line(self, row: int) -> bool:
        """Tell whether the template's ``row`` is there once a line."""
        return self.lines is not None and self.lines[0] <= row <= self.lines[1]


@dataclass(frozen=True, slots=True)
class Spot:
    """One copy of a row: which group of which block, and which line of it (None for rows that are there once a group)."""

    repetition: "Repetition"
    group: int
    line: int | None


@dataclass(frozen=True, slots=True)
class Repetition:
    """A block and how often it is there: one entry per group, the number of its lines. ``start`` is where the first copy begins."""

    block: Block
    lines: tuple[int, ...]
    start: int
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        heights = [self._group_height(lines) for lines in self.lines]
        object.__setattr__(self, "_starts", tuple(accumulate(heights, initial=self.start)))

    @property
    def unit(self) -> int:
        """Rows of one line."""
        return 0 if self.block.lines is None else self.block.lines[1] - self.block.lines[0] + 1

    @property
    def height(self) -> int:
        """Rows of all copies."""
        return self._starts[-1] - self.start

    @property
    def added(self) -> int:
        """Rows that are there beyond the template's."""
        return self.height - (self.block.last - self.block.first + 1)

    def row_of(self, row: int, group: int, line: int | None) -> int:
        """Return where the template's ``row`` stands in one copy."""
        into, lines = row - self.block.first, self.block.lines
        start = self._starts[group]
        if lines is None or row < lines[0]:
            return start + into
        if row > lines[1]:
            return start + into + (self.lines[group] - 1) * self.unit
        return start + into + (line or 0) * self.unit

    def first_of(self, row: int, group: int) -> int:
        """Return the first place of the template's ``row`` within a group."""
        return self.row_of(row, group, 0)

    def last_of(self, row: int, group: int) -> int:
        """Return the last place of the template's ``row`` within a group."""
        return self.row_of(row, group, self.lines[group] - 1)

    def spots(self) -> Iterator[tuple[int, int, Spot]]:
        """Yield (row, template's row, spot) downwards over all copies."""
        block = self.block
        for group, count in enumerate(self.lines):
            head_end = block.lines[0] if block.lines else block.last + 1
            for row in range(block.first, head_end):
                yield self.row_of(row, group, None), row, Spot(self, group, None)
            if block.lines is None:
                continue
            for line in range(count):
                for row in range(block.lines[0], block.lines[1] + 1):
                    yield self.row_of(row, group, line), row, Spot(self, group, line)
            for row in range(block.lines[1] + 1, block.last + 1):
                yield self.row_of(row, group, None), row, Spot(self, group, None)

    def runs_parallel(self, other: "Repetition") -> bool:
        """Tell whether both repeat for the same things, so that a row of one belongs to a row of the other."""
        if self.block.kind != other.block.kind:
            return False
        return self.lines == other.lines if self.block.kind == "line" else len(self.lines) == len(other.lines)

    def _group_height(self, lines: int) -> int:
        rows = self.block.last - self.block.first + 1
        return rows + (lines - 1) * self.unit if self.block.lines else rows


@dataclass(frozen=True, slots=True)
class RowPlan:
    """All repetitions of one sheet, downwards. A sheet without any keeps every row where it is."""

    sheet: str
    repetitions: tuple[Repetition, ...] = ()

    @property
    def is_still(self) -> bool:
        """Tell whether no row of the sheet moves or repeats."""
        return all(not repetition.added for repetition in self.repetitions)

    def at(self, row: int) -> Repetition | None:
        """Return what repeats the template's ``row``, if anything does."""
        return next((found for found in self.repetitions if found.block.holds(row)), None)

    def moved(self, row: int) -> int:
        """Return where a row outside all blocks comes to stand."""
        grown = sum(each.added for each in self.repetitions if each.block.last < row)
        return min(row + grown, MAX_ROW) if row < MAX_ROW else row

    def first(self, row: int) -> int:
        """Return the first place of the template's ``row``."""
        found = self.at(row)
        return self.moved(row) if found is None else found.first_of(row, 0)

    def last(self, row: int) -> int:
        """Return the last place of the template's ``row``."""
        found = self.at(row)
        return self.moved(row) if found is None else found.last_of(row, len(found.lines) - 1)

    def places(self, row: int) -> list[tuple[int, Spot | None]]:
        """Return every place of the template's ``row``, downwards."""
        found = self.at(row)
        if found is None:
            return [(self.moved(row), None)]
        return [(place, spot) for place, source, spot in found.spots() if source == row]

    def resolve(self, row: int, spot: Spot | None, *, relative: bool, last: bool) -> int:
        """Return the row that a reference to the template's ``row`` means in a formula that stands at ``spot``.

        As a program does that copies rows and inserts them: within its own group a formula keeps to that group; a relative reference to a line
        means its own line, and one to the row just above moves with it (running sums); an absolute one means the first line, or the ``last``
        where it ends a range. From elsewhere a range reaches from the first copy to the last.
        """
        found = self.at(row)
        if found is None:
            return self._beside(row, spot) if relative and spot is not None else self.moved(row)
        own = spot is not None and (
            spot.repetition == found or (relative and spot.repetition.runs_parallel(found))
        )
        if spot is None or not own:
            return self.last(row) if last else self.first(row)
        if relative and spot.line is not None and spot.line < max(found.lines[spot.group], 1):
            return found.row_of(row, spot.group, spot.line)
        return found.last_of(row, spot.group) if last else found.first_of(row, spot.group)

    def spans(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return the rows that stand for the template's rows ``first`` to ``last``, as few ranges as they make."""
        found = self.at(first)
        if found is None or found is not self.at(last):
            return [(self.first(first), self.last(last))]
        rows = sorted(place for place, source, _spot in found.spots() if first <= source <= last)
        return _runs(rows)

    def copies(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return one range for each copy of the template's rows ``first`` to ``last``: what a merged cell becomes."""
        found = self.at(first)
        if found is None or found is not self.at(last):
            return [(self.first(first), self.last(last))]
        inside = found.block.is_line(first) and found.block.is_line(last)
        ranges = []
        for group, count in enumerate(found.lines):
            for line in range(count) if inside else (None,):
                start = found.row_of(first, group, line)
                end = found.row_of(last, group, line) if inside else found.last_of(last, group)
                ranges.append((start, end))
        return ranges

    def _beside(self, row: int, spot: Spot) -> int:
        """Return where a row outside all blocks is meant by a relative reference: the row just above a copy moves with the copy."""
        block = spot.repetition.block
        if block.sheet != self.sheet or row != block.first - 1:
            return self.moved(row)
        return spot.repetition.row_of(block.first, spot.group, spot.line) - 1


def plan_rows(sheet: str, blocks: Sequence[tuple[Block, tuple[int, ...]]]) -> RowPlan:
    """Return where everything stands on ``sheet`` when each block is there with the given lines per group."""
    repetitions: list[Repetition] = []
    grown = 0
    for block, lines in sorted(blocks, key=lambda each: each[0].first):
        placed = Repetition(block, lines, block.first + grown)
        repetitions.append(placed)
        grown += placed.added
    return RowPlan(sheet, tuple(repetitions))


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column: 1 is A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
