"""Catalogue tables as CSV: UTF-8 (with or without a byte order mark) or the cp949 of Korean Excel in, UTF-8 out.

A text that begins with ``= + - @`` would run as a formula when the file is opened in a spreadsheet. It is written with
an apostrophe before it, which reading takes away again; a text that begins with an apostrophe gets a second one.
"""

import csv
import io
from typing import Final

from kis.catalog.tables import Sheet
from kis.platform.errors import Problem
from kis.platform.messages import Message
from kis.platform.spreadsheet import FORMULA_STARTS

_GUARDED: Final = (*FORMULA_STARTS, "'")


def read_csv(label: str, data: bytes) -> Sheet:
    """Return the cells of a CSV file; ``label`` stands in the paths of its problems."""
    content = decode(data)
    if content is None:
        return _unreadable(label, "", Message("catalog.file.not_text"))
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(_unguard(cell) for cell in cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        return _unreadable(label, f":{line}", Message("catalog.file.not_csv", {"detail": str(error)}))
    if not rows:
        return _unreadable(label, "", Message("catalog.file.empty"))
    header = tuple(cell.strip() for cell in rows[0][1])
    return Sheet(label=label, header=header, rows=tuple(rows[1:]))


def write_csv(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """Return ``rows`` as a CSV file; the same rows always give the same bytes."""
    output = io.StringIO(newline="")
    csv.writer(output, lineterminator="\n").writerows([_guard(cell) for cell in row] for row in rows)
    return output.getvalue().encode()


def decode(data: bytes) -> str | None:
    """Return the text of ``data`` in UTF-8 or, failing that, cp949; None when it is neither."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _guard(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_GUARDED) else cell


def _unguard(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_GUARDED) else cell


def _unreadable(label: str, place: str, message: Message) -> Sheet:
    return Sheet(label=label, header=(), rows=(), problems=(Problem(f"{label}{place}", message),))
