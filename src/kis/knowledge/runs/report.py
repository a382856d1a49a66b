"""What became of each row of a run, as a file: JSON for programs, CSV and XLSX for people with spreadsheets."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from typing import Any, Final, TypeAlias

import orjson

from kis.knowledge.runs import repository
from kis.knowledge.runs.sheet import sheet
from kis.knowledge.runs.things import Run, ShownRow
from kis.platform.database import Database, Scope
from kis.platform.messages import LOCALES
from kis.platform.spreadsheet import FORMULA_STARTS

BATCH: Final = 500
COLUMNS: Final = (
    "row",
    "name",
    "outcome",
    "articleId",
    "place",
    *(f"problem_{locale}" for locale in LOCALES),
)
_COMPUTES: Final = (*FORMULA_STARTS, "\t", "\r", "\n")


Report: TypeAlias = AsyncIterator[bytes]
"""A report, a piece at a time."""


class ReportForm(StrEnum):
    """What a report may be."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


async def reported(
    database: Database, scope: Scope, run: Run, form: ReportForm, *, whole: bool
) -> AsyncIterator[bytes]:
    """Yield the report of a run, a few hundred rows at a time; a workbook at once. Unless ``whole``, without naming articles that the scope does not see."""
    batches = _batches(database, scope, run, whole=whole)
    if form is ReportForm.XLSX:
        lines = (_cells(rows) async for rows in batches)
        async for piece in sheet(COLUMNS, lines, f"{run.created_at:%Y-%m-%dT%H:%M:%SZ}"):
            yield piece
        return
    is_json, is_first = form is ReportForm.JSON, True
    yield _heading(run) if is_json else "\ufeff".encode() + _line(COLUMNS)
    async for rows in batches:
        if is_json:
            yield _objects(rows, is_first=is_first)
        else:
            yield b"".join(_line(cells) for cells in _cells(rows))
        is_first = False
    if is_json:
        yield b"]}\n"


async def _batches(
    database: Database, scope: Scope, run: Run, *, whole: bool
) -> AsyncIterator[Sequence[ShownRow]]:
    after = 0
    while True:
        async with database.transaction(scope) as session:
            rows = await repository.reported(session, run.id, whole=whole, after=after, limit=BATCH)
        if rows:
            yield rows
            after = rows[-1].number
        if len(rows) < BATCH:
            return


def row_shape(row: ShownRow) -> dict[str, Any]:
    """Return a row by the names of the wire."""
    return {
        "row": row.number,
        "name": row.name,
        "outcome": row.outcome,
        "articleId": None if row.article_id is None else str(row.article_id),
        "problems": [
            {"path": problem["path"], "message": {locale: problem[locale] for locale in LOCALES}}
            for problem in row.problems
        ],
    }


def _heading(run: Run) -> bytes:
    told = {
        "runId": str(run.id),
        "kind": run.kind,
        "name": run.name,
        "status": run.status.value,
        "dryRun": run.is_dry,
        "total": run.total,
        "outcomes": dict(run.outcomes),
    }
    return orjson.dumps(told)[:-1] + b',"rows":['


def _objects(rows: Sequence[ShownRow], *, is_first: bool) -> bytes:
    joined = b",\n".join(orjson.dumps(row_shape(row)) for row in rows)
    return joined if is_first else b",\n" + joined


def _cells(rows: Sequence[ShownRow]) -> list[tuple[str, ...]]:
    """Return a line for each problem of each row, one for a row without any."""
    nothing: dict[str, str] = {"path": "", **dict.fromkeys(LOCALES, "")}
    return [
        (
            str(row.number),
            row.name,
            row.outcome or "",
            str(row.article_id or ""),
            problem["path"],
            *(problem[locale] for locale in LOCALES),
        )
        for row in rows
        for problem in row.problems or [nothing]
    ]


def _line(values: Sequence[str]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([f"'{value}" if value.startswith(_COMPUTES) else value for value in values])
    return buffer.getvalue().encode()
