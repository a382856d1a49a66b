"""Reading the parts of an uploaded file: which table it is stands in its first line, not in its name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kis.catalog.csv_file import read_csv
from kis.catalog.lint import row_key
from kis.catalog.store.editions import shipped_edition
from kis.catalog.store.rows import TABLE_KINDS
from kis.catalog.tables import LOSSES, TABLES, Sheet, rows_of
from kis.catalog.uploads import FileForm, file_label, form_of
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedParts:
    """The parts of a file that differ from the shipped ones (kind and part each), and how many rows did not."""

    parts: tuple[tuple[str, Any], ...]
    label: str
    shipped: int
    sha256: str


def read_parts(name: str, data: bytes) -> ImportedParts:
    """Return the parts in a CSV file or XLSX workbook. Raises TooLarge, and BadInput with every fault as ``file:line column``."""
    label = file_label(name)
    if form_of(label, data) is FileForm.WORKBOOK:
        from kis.catalog.workbook import read_workbook_bytes

        sheets = read_workbook_bytes(label, data)[1]
    else:
        sheets = _csv_sheet(label, data)
    rows, problems = _rows(sheets)
    problems += [*_changed_losses(sheets, rows), *_twice(rows)]
    if problems:
        raise BadInput(label, problems)
    known = rows_of(shipped_edition().catalog)
    parts = [(kind, row) for table, kind in TABLE_KINDS.items() for row in rows.get(table, ())]
    own = tuple((kind, row) for kind, row in parts if row not in known[_table(kind)])
    return ImportedParts(
        parts=own, label=label, shipped=len(parts) - len(own), sha256=sha256(data).hexdigest()
    )


def _table(kind: str) -> str:
    return next(table for table, own in TABLE_KINDS.items() if own == kind)


def _rows(sheets: Mapping[str, Sheet]) -> tuple[dict[str, tuple[Any, ...]], list[Problem]]:
    rows: dict[str, tuple[Any, ...]] = {}
    problems: list[Problem] = []
    for table in TABLES:
        if table.name in sheets:
            rows[table.name], faults = table.read(sheets[table.name])
            problems.extend(faults)
    return rows, problems


def _csv_sheet(label: str, data: bytes) -> dict[str, Sheet]:
    sheet = read_csv(label, data)
    if not sheet.header:
        raise BadInput(label, sheet.problems)
    header = set(sheet.header)
    fitting = {table.name: len(header & {column.name for column in table.columns}) for table in TABLES}
    best = max(fitting, key=lambda name: fitting[name])
    if fitting[best] * 2 < len(header):
        raise BadInput(label, [Problem(f"{label}:1", Message("catalog_store.unknown_table"))])
    return {best: sheet}


def _changed_losses(sheets: Mapping[str, Sheet], rows: Mapping[str, tuple[Any, ...]]) -> Iterator[Problem]:
    known = set(rows_of(shipped_edition().catalog)[LOSSES.name])
    if LOSSES.name in rows and not known.issuperset(rows[LOSSES.name]):
        yield Problem(sheets[LOSSES.name].label, Message("catalog_store.losses_not_own"))


def _twice(rows: Mapping[str, tuple[Any, ...]]) -> Iterator[Problem]:
    """Two rows of one key: which would hold would depend on their order."""
    for table in TABLE_KINDS:
        seen: dict[str, int] = {}
        for row in rows.get(table, ()):
            seen[row_key(row)] = seen.get(row_key(row), 0) + 1
        for key, count in seen.items():
            if count > 1:
                yield Problem(f"{table}[{key}]", Message("catalog.lint.duplicate", {"count": count}))
