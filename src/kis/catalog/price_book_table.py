"""A price book as a table, for those who keep prices in a spreadsheet: its head as lines of two cells, then one line for each price.

    id,hanbit-2026-11
    version,1
    title.ko,한빛전설 단가표
    title.en,Hanbit price list
    currency,KRW
    valid_from,2026-11-01
    valid_to,
    illustrative,false
    key,unit_price,unit,source
    breaker:ABN-53,23800,EA,LS ELECTRIC 2026-10-15

A CSV file holds both, a workbook has a sheet ``price_book`` for the head and one ``prices``. Whatever the form, the book is kept and checked as YAML; a
fault is told at its line of the table.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kis.catalog.csv_file import read_csv, write_csv
from kis.catalog.price_books import price_book_from_bytes
from kis.catalog.prices import PriceBook
from kis.catalog.tables import Sheet
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

HEAD: Final = (
    "id",
    "version",
    "title.ko",
    "title.en",
    "currency",
    "valid_from",
    "valid_to",
    "illustrative",
)
COLUMNS: Final = ("key", "unit_price", "unit", "source")
HEAD_SHEET: Final = "price_book"
PRICES_SHEET: Final = "prices"

_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_LINE: Final = re.compile(r":(\d+)")


@dataclass(frozen=True, slots=True)
class _Cells:
    """A line of a table: where it stands, and its cells."""

    place: str
    cells: tuple[str, ...]


def read_price_table(name: str, data: bytes, *, is_workbook: bool) -> tuple[PriceBook, bytes]:
    """Return the price book of a table and the YAML it is kept as. Raises BadInput with every fault at its line."""
    lines = list(_workbook_lines(name, data) if is_workbook else _csv_lines(name, data))
    header = next((at for at, line in enumerate(lines) if line.cells[:1] == ("key",)), None)
    if header is None or tuple(cell for cell in lines[header].cells if cell) != COLUMNS:
        place = name if header is None else lines[header].place
        raise BadInput(
            name, [Problem(place, Message("catalog.book.no_columns", {"columns": ", ".join(COLUMNS)}))]
        )
    written, places = _as_yaml(_head(name, lines[:header]), lines[header + 1 :])
    try:
        return price_book_from_bytes(name, written), written
    except BadInput as error:
        raise BadInput(name, [_placed(name, problem, places) for problem in error.problems]) from error


def is_price_table(data: bytes) -> bool:
    """Tell whether text is a table of prices rather than YAML: the header of its prices tells."""
    return any(line.lstrip(b"\xef\xbb\xbf").startswith(b"key,") for line in data.splitlines())


def price_table(book: PriceBook) -> bytes:
    """Return a price book as CSV, which :func:`read_price_table` takes again."""
    last = "" if book.valid_to is None else book.valid_to.isoformat()
    values = (
        book.id,
        book.version,
        book.title["ko"],
        book.title["en"],
        book.currency,
        book.valid_from.isoformat(),
        last,
        str(book.illustrative).lower(),
    )
    prices = (
        (price.key, f"{price.unit_price:f}", price.unit, price.source) for price in book.prices.values()
    )
    return write_csv((*zip(HEAD, values, strict=True), COLUMNS, *prices))


def _csv_lines(name: str, data: bytes) -> Iterator[_Cells]:
    yield from _lines(read_csv(name, data), name)


def _workbook_lines(name: str, data: bytes) -> Iterator[_Cells]:
    from kis.catalog.workbook import read_sheets

    for sheet in read_sheets(name, data, (HEAD_SHEET, PRICES_SHEET)):
        yield from _lines(sheet, name)


def _lines(sheet: Sheet, name: str) -> Iterator[_Cells]:
    if sheet.problems:
        raise BadInput(name, sheet.problems)
    yield _Cells(f"{sheet.label}:1", sheet.header)
    for line, cells in sheet.rows:
        yield _Cells(f"{sheet.label}:{line}", tuple(cell.strip() for cell in cells))


def _head(name: str, lines: list[_Cells]) -> list[tuple[_Cells, str, str]]:
    """Return the lines of the head with their names and values. Raises BadInput for a name that is none or stands twice."""
    found: dict[str, tuple[_Cells, str, str]] = {}
    problems = []
    for line in lines:
        field, value = (*line.cells, "", "")[:2]
        if field not in HEAD or field in found:
            problems.append(
                Problem(line.place, Message("catalog.book.unknown_field", {"choices": ", ".join(HEAD)}))
            )
        found[field] = (line, field, value)
    missing = [field for field in HEAD if field not in found]
    problems += [Problem(f"{name} {field}", Message("catalog.book.missing_field")) for field in missing]
    if problems:
        raise BadInput(name, problems)
    return [found[field] for field in HEAD]


def _as_yaml(head: list[tuple[_Cells, str, str]], prices: list[_Cells]) -> tuple[bytes, Mapping[int, str]]:
    """Return the YAML, and for each of its lines where the table says it. Every line is JSON, which is YAML too, so nothing in a cell can be more than text."""
    lines: list[str] = []
    places: dict[int, str] = {}
    titles = {field: value for _, field, value in head if field.startswith("title.")}
    for line, field, value in head:
        if field == "title.en":
            continue
        name, written = field, json.dumps(value, ensure_ascii=False)
        if field == "title.ko":
            name = "title"
            written = json.dumps({"ko": value, "en": titles["title.en"]}, ensure_ascii=False)
        elif field == "valid_to" and not value:
            written = "null"
        elif field == "illustrative":
            written = json.dumps(value.lower())
        lines.append(f"{name}: {written}")
        places[len(lines)] = line.place
    lines.append("prices:")
    for line in prices:
        key, price, unit, source = (*line.cells, "", "", "", "")[:4]
        group = {"unit": unit, "source": source, "items": {key: _ungrouped(price)}}
        lines.append(f"- {json.dumps(group, ensure_ascii=False)}")
        places[len(lines)] = line.place
    return "\n".join((*lines, "")).encode(), places


def _ungrouped(price: str) -> str:
    """Return 23,800 as 23800; what is not grouped by thousands (1,5) stays, and is refused."""
    return price.replace(",", "") if _GROUPED.fullmatch(price) else price


def _placed(name: str, problem: Problem, places: Mapping[int, str]) -> Problem:
    """Return a fault of the YAML at its line of the table."""
    number = _LINE.match(problem.path.removeprefix(name))
    if number is None or int(number[1]) not in places:
        return problem
    rest = problem.path.removeprefix(name)[number.end() :].strip()
    field = rest.rpartition(".items.")[2] if ".items." in rest else rest
    return Problem(f"{places[int(number[1])]} {field}".rstrip(), problem.message)
