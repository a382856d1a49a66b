"""Blocks: what stands together on a page, and the rows that its lines make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kis.assistant.reading.lines import Line
from kis.assistant.things import UnitKind

MARK: Final = re.compile(
    r"(?:[-•‣▪■□●○◦∙·–*※▶►▸➢➤◆◇✓☞]|\(?\d{1,2}[.)]|\(\d{1,2}\)|[①-⑳]|[a-z][.)]|[가나다라마바사아자차카타파하][.)])(?=\s|$)"
)
"""What stands before an item of a list."""
_NUMBERING: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}\.?")

Row = list[Line]
"""Lines that stand beside each other, from left to right."""
Cell = list[Line]
"""Lines that stand under each other in a table."""


@dataclass(slots=True)
class Block:
    """What stands together: its lines and, for a table, the rows of its cells."""

    kind: UnitKind
    page: int
    lines: list[Line]
    """Of a table one for each row: where it stands."""
    rows: list[list[Cell]] = field(default_factory=list)

    @property
    def height(self) -> float:
        """Return the height of its letters: that of the longest line, as a raised figure makes another one look higher."""
        return max(self.lines, key=lambda line: len(line.text)).height

    @property
    def is_bold(self) -> bool:
        """Tell whether all of it is bold."""
        return all(line.is_bold for line in self.lines)

    @property
    def is_code(self) -> bool:
        """Tell whether all of it is in letters of one width."""
        return all(line.is_fixed for line in self.lines)


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Return lines by the height at which they stand, from above to below."""
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
            return [beside(row[:2]), *row[2:]]
    return row


def beside(row: Sequence[Line]) -> Line:
    """Return lines as one: their texts in this order, and the place around them."""
    if len(row) == 1:
        return row[0]
    return Line(
        " ".join(line.text for line in row),
        min(line.left for line in row),
        min(line.top for line in row),
        max(line.right for line in row),
        max(line.bottom for line in row),
        all(line.is_bold for line in row),
        row[-1].is_open,
        all(line.is_fixed for line in row),
        max(line.height for line in row),
    )
