"""Catalogue tables as an XLSX workbook: one sheet per table and a sheet ``catalog`` that names the edition.

The same catalogue always gives the same bytes: fixed dates in the archive and in its properties, and entries stored
rather than deflated, because compressors differ between machines. Texts are text cells whatever they begin with, so
none can run as a formula; a formula, date or error value in a cell that is read is refused, never evaluated.

openpyxl is slow to load: only the importer and the exporter import this module, when a workbook is at hand.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from kis.catalog.tables import TABLE_NAMES, TABLES, Sheet
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.spreadsheet import FORMULA_STARTS, with_fixed_dates

EDITION_SHEET: Final = "catalog"

_PROPERTIES_DATE: Final = "1980-01-01T00:00:00Z"
_WIDEST: Final = 40


def write_workbook(version: str, tables: Mapping[str, tuple[tuple[str, ...], ...]]) -> bytes:
    """Return the workbook of ``tables`` (header and rows as text, by table name)."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    edition = workbook.create_sheet(EDITION_SHEET)
    _fill(edition, (("name", "value"), ("version", version)), frozenset())
    for table in TABLES:
        numbers = frozenset(column.name for column in table.columns if column.number)
        _fill(workbook.create_sheet(table.name), tables[table.name], numbers)
    output = io.BytesIO()
    workbook.save(output)
    return with_fixed_dates(output.getvalue(), _PROPERTIES_DATE)


def read_workbook(path: Path) -> tuple[str | None, dict[str, Sheet]]:
    """Return the edition (None when the workbook does not name it) and the tables of the workbook at ``path``. Raises BadInput."""
    return read_workbook_bytes(path.name, path.read_bytes(), source=str(path))


def read_workbook_bytes(name: str, data: bytes, *, source: str = "") -> tuple[str | None, dict[str, Sheet]]:
    """Return the edition and the tables of the workbook in ``data``; ``name`` stands in the paths of its problems.

    Raises:
        BadInput: it is no workbook, or it holds a sheet that is no table of a catalogue.
    """
    source = source or name
    sheets = _opened(name, data, source)
    known = (EDITION_SHEET, *TABLE_NAMES)
    unknown = [title for title in sheets if title not in known]
    if unknown:
        choices = ", ".join(known)
        raise BadInput(
            source,
            [
                Problem(f"{name}[{title}]", Message("catalog.file.unknown_sheet", {"choices": choices}))
                for title in unknown
            ],
        )
    tables = {table: _read(f"{name}[{table}]", sheets[table]) for table in TABLE_NAMES if table in sheets}
    return _edition(sheets.get(EDITION_SHEET)), tables


def read_sheets(name: str, data: bytes, wanted: tuple[str, ...]) -> tuple[Sheet, ...]:
    """Return the sheets of these titles, as text. Raises BadInput for what is no workbook or lacks one of them."""
    sheets = _opened(name, data, name)
    missing = [title for title in wanted if title not in sheets]
    if missing:
        choices = {"choices": ", ".join(wanted)}
        raise BadInput(
            name,
            [
                Problem(f"{name}[{title}]", Message("catalog.file.missing_sheet", choices))
                for title in missing
            ],
        )
    return tuple(_read(f"{name}[{title}]", sheets[title]) for title in wanted)


def _opened(name: str, data: bytes, source: str) -> dict[str, Worksheet]:
    try:
        workbook = load_workbook(io.BytesIO(data))
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, EOFError) as error:
        raise BadInput(source, [Problem(name, Message("catalog.file.not_workbook"))]) from error
    return {sheet.title: sheet for sheet in workbook.worksheets}


def _fill(sheet: Worksheet, rows: tuple[tuple[str, ...], ...], numbers: frozenset[str]) -> None:
    header = rows[0]
    for line, row in enumerate(rows, start=1):
        for place, (name, value) in enumerate(zip(header, row, strict=True), start=1):
            if not value:
                continue
            cell = sheet.cell(row=line, column=place)
            if line > 1 and name in numbers:
                cell.value = float(value) if "." in value else int(value)
            else:
                _set_text(cell, value)
    for place in range(1, len(header) + 1):
        sheet.cell(row=1, column=place).font = Font(bold=True)
        longest = max(len(row[place - 1]) for row in rows)
        sheet.column_dimensions[get_column_letter(place)].width = min(longest, _WIDEST) + 2
    sheet.freeze_panes = "A2"


def _set_text(cell: Cell | MergedCell, value: str) -> None:
    cell.value = value
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = value.startswith(FORMULA_STARTS)


def _read(label: str, sheet: Worksheet) -> Sheet:
    problems: list[Problem] = []
    rows: list[tuple[int, tuple[str, ...]]] = []
    header: tuple[str, ...] = ()
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(cell) for cell in cells]
        if not any(text is None or text.strip() for text in texts):
            continue
        refused = [
            _refusal(label, line, cell, _column_name(header, place))
            for place, (cell, text) in enumerate(zip(cells, texts, strict=True), start=1)
            if text is None
        ]
        plain = tuple(text or "" for text in texts)
        problems.extend(refused)
        if refused and not header:
            break
        if not header:
            header = _without_tail(tuple(text.strip() for text in plain))
        elif not refused:
            rows.append((line, _fitted(plain, len(header))))
    if not header and not problems:
        problems.append(Problem(label, Message("catalog.file.empty")))
    return Sheet(label=label, header=header, rows=tuple(rows), problems=tuple(problems))


def _text(cell: Cell | MergedCell) -> str | None:
    """Return the text of a cell as a CSV file would hold it, or None when it is no plain value."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e") or isinstance(value, dt.date | dt.time | dt.timedelta):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _refusal(label: str, line: int, cell: Cell | MergedCell, column: str) -> Problem:
    kind = {"f": "formula", "e": "error_value"}.get(cell.data_type, "date")
    return Problem(f"{label}:{line} {column}", Message(f"catalog.cell.{kind}", {"value": str(cell.value)}))


def _column_name(header: tuple[str, ...], place: int) -> str:
    return header[place - 1] if place <= len(header) else get_column_letter(place)


def _fitted(texts: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Return the row without the empty cells beyond the header that spreadsheets keep for their formatting."""
    return texts if any(texts[width:]) else texts[:width]


def _without_tail(texts: tuple[str, ...]) -> tuple[str, ...]:
    while texts and not texts[-1]:
        texts = texts[:-1]
    return texts


def _edition(sheet: Worksheet | None) -> str | None:
    for name, value, *_ in sheet.iter_rows(min_col=1, max_col=2, values_only=True) if sheet else ():
        if name == "version" and value is not None:
            return str(value).strip()
    return None
