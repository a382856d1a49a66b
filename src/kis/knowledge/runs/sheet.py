"""The report of a run as a workbook. The same report is the same bytes; nothing in it computes."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from kis.platform.spreadsheet import with_fixed_dates

WIDTHS: Final = (8, 44, 12, 40, 44, 80, 80)
"""Of the columns of a report, in characters."""


async def sheet(
    heading: Sequence[str], lines: AsyncIterator[Sequence[Sequence[str]]], stamp: str
) -> AsyncIterator[bytes]:
    """Yield a workbook with one table, whose rows come a few hundred at a time; ``stamp`` is its date."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    table: Any = workbook.create_sheet("report")
    table.freeze_panes = "A2"
    for letter, width in zip("ABCDEFG", WIDTHS, strict=True):
        table.column_dimensions[letter].width = width
    await asyncio.to_thread(_append, table, [heading])
    async for some in lines:
        await asyncio.to_thread(_append, table, some)
    output = io.BytesIO()
    await asyncio.to_thread(workbook.save, output)
    yield await asyncio.to_thread(with_fixed_dates, output.getvalue(), stamp)


def _append(table: Any, lines: Sequence[Sequence[str]]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    for line in lines:
        cells = []
        for value in line:
            cell = WriteOnlyCell(table, ILLEGAL_CHARACTERS_RE.sub("", value))
            cell.data_type = "s"  # a text, also where it begins as a formula does
            cells.append(cell)
        table.append(cells)
