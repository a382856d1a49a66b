"""Tables as CSV, for people with spreadsheets: UTF-8 with its mark, names of the wire, and nothing that computes."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kis.knowledge.importing.tables import guarded


def csv_file(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a table. A share is a number with a point; what is not there is an empty cell."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return "\ufeff".encode() + buffer.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else str(value)
