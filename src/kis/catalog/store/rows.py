"""A part between its row in the database (text by column, as in the files) and what the engine reads."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from kis.catalog.lint import row_key
from kis.catalog.store.words import item_words
from kis.catalog.tables import ACCESSORIES, BREAKERS, ENCLOSURES, Sheet, Table
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

KIND_TABLES: Final[Mapping[str, Table[Any]]] = {
    "breaker": BREAKERS,
    "enclosure": ENCLOSURES,
    "accessory": ACCESSORIES,
}
TABLE_KINDS: Final = {table.name: kind for kind, table in KIND_TABLES.items()}

_LABEL: Final = "columns"
_SOURCES: Final = {"breaker": "outline_source", "enclosure": "depth_source", "accessory": "source"}


def columns_of(kind: str, row: Any) -> dict[str, str]:
    """Return the cells of a part as text, by column."""
    header, cells = KIND_TABLES[kind].write((row,))
    return dict(zip(header, cells, strict=True))


def part_of(kind: str, columns: Mapping[str, Any]) -> Any:
    """Return the part in ``columns``. Raises BadInput with every fault; a column left out is a blank one."""
    table = KIND_TABLES[kind]
    names = [column.name for column in table.columns]
    unknown = [name for name in columns if name not in names]
    if unknown:
        values = {"kind": kind, "columns": ", ".join(names)}
        problem = Message("catalog_store.unknown_column", values)
        raise BadInput(kind, [Problem(f"{_LABEL}.{name}", problem) for name in unknown])
    cells = tuple(_cell(columns.get(name)) for name in names)
    rows, problems = table.read(Sheet(label=_LABEL, header=tuple(names), rows=((1, cells),)))
    if problems:
        raise BadInput(kind, [Problem(_place(problem.path), problem.message) for problem in problems])
    return rows[0]


def stored_values(kind: str, row: Any) -> dict[str, Any]:
    """Return the values of a part's row in the database, but for whose it is."""
    columns = columns_of(kind, row)
    return {
        "kind": kind,
        "key": row_key(row),
        "make": columns.get("make") or columns.get("series") or "",
        "model": columns["model"],
        "columns": columns,
        "search": item_words(kind, columns),
        "source": columns[_SOURCES[kind]],
    }


def parts_by_table(items: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, list[Any]]:
    """Return parts (kind and columns each) by the name of their table."""
    parts: dict[str, list[Any]] = {}
    for kind, columns in items:
        parts.setdefault(KIND_TABLES[kind].name, []).append(part_of(kind, columns))
    return parts


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "/".join(str(part) for part in value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _place(path: str) -> str:
    """Return ``columns.width_mm`` for ``columns:1 width_mm``."""
    return path.replace(f"{_LABEL}:1 ", f"{_LABEL}.", 1)
