"""CSV and JSON: a row or an object for each article and language, or both languages beside each other (``title_ko``, ``title_en``)."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from kis.knowledge.categories import LONGEST_ICON, LONGEST_NAME
from kis.knowledge.importing.things import (
    LANGUAGES,
    SHARED_FIELDS,
    TEXT_FIELDS,
    ReadCategory,
    ReadText,
    read_text,
    slug_of,
)
from kis.knowledge.runs.things import MOST_ROWS
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.spreadsheet import FORMULA_STARTS

GUARDED: Final = (*FORMULA_STARTS, "\t", "\r", "\n")
COLUMNS: Final = (
    *SHARED_FIELDS,
    "language",
    *TEXT_FIELDS,
    *(f"{name}_{language}" for name in TEXT_FIELDS for language in LANGUAGES),
)
IGNORED: Final = ("id", "version", "updated_at", "owner", "link")
"""Columns that an export may have and an import has no use for."""

_GUARD: Final = re.compile(r"\A'+[=+\-@\t\r\n]")
_LARGEST_CELL: Final = 2_000_000


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from computing it."""
    return cell[1:] if _GUARD.match(cell) else cell


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet computes, and that :func:`unguarded` makes what it was."""
    return f"'{cell}" if cell.lstrip("'").startswith(GUARDED) else cell


def read_csv(name: str, text: str, *, otherwise: str = "") -> list[ReadText]:
    """Return what each line of a table says, in the language ``otherwise`` where it does not say one. Raises BadInput for a table that cannot be read at all."""
    csv.field_size_limit(_LARGEST_CELL)
    head = text.split("\n", 1)[0]
    divider = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        _check_header(name, header)
        return list(_lines(name, header, reader, otherwise))
    except csv.Error as error:
        problem = Problem(f"{name}:{reader.line_num}", Message("knowledge_files.table.broken"))
        raise BadInput(name, [problem]) from error


def read_json(name: str, data: bytes, *, otherwise: str = "") -> tuple[list[ReadCategory], list[ReadText]]:
    """Return the categories and texts of a JSON file: a list of articles, an object with ``categories`` and ``articles``, or an object a line. ``otherwise`` as in a CSV."""
    loaded = _loaded(name, data)
    if isinstance(loaded, dict):
        listed = loaded.get("articles")
        categories = loaded.get("categories", [])
        if listed is None and "slug" in loaded:
            listed, categories = [loaded], []
        path = f"{name} articles"
    else:
        listed, categories, path = loaded, [], name
    if not isinstance(listed, list) or not isinstance(categories, list):
        raise BadInput(name, [Problem(name, Message("knowledge_files.table.json_shape"))])
    _check_count(name, len(listed))
    texts = [_object(f"{path}[{number}]", one, otherwise) for number, one in enumerate(listed)]
    return [_category(f"{name} categories[{number}]", one) for number, one in enumerate(categories)], texts


def _check_header(name: str, header: Sequence[str]) -> None:
    known = {*COLUMNS, *IGNORED}
    problems = [
        Problem(
            f"{name}:1 {column or '?'}",
            Message("knowledge_files.table.column", {"columns": ", ".join(COLUMNS)}),
        )
        for column in header
        if column not in known
    ]
    doubled = {column for column in header if header.count(column) > 1}
    problems += [
        Problem(f"{name}:1 {column}", Message("knowledge_files.table.doubled")) for column in sorted(doubled)
    ]
    if "slug" not in header:
        problems.append(Problem(f"{name}:1 slug", Message("knowledge_files.table.slug")))
    if problems:
        raise BadInput(name, problems)


def _lines(name: str, header: Sequence[str], reader: Any, otherwise: str) -> Iterator[ReadText]:
    count = 0
    while True:
        line = reader.line_num + 1
        cells = next(reader, None)
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        _check_count(name, count)
        place = f"{name}:{line}"
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            problem = Problem(place, Message("knowledge_files.table.cells", {"count": len(header)}))
            yield ReadText(name=place, problems=(problem,))
            continue
        fields = {
            column: unguarded(cell)
            for column, cell in zip(header, cells, strict=False)
            if cell.strip() and column not in IGNORED
        }
        yield _flat(place, fields, otherwise)


def _object(place: str, given: object, otherwise: str) -> ReadText:
    if not isinstance(given, dict):
        return ReadText(name=place, problems=(Problem(place, Message("api.invalid.mapping")),))
    fields = {str(name): value for name, value in given.items() if name not in IGNORED and value is not None}
    texts = fields.pop("texts", None)
    if texts is None:
        return _flat(place, fields, otherwise)
    if not isinstance(texts, dict) or not all(isinstance(one, dict) for one in texts.values()):
        return ReadText(name=place, problems=(Problem(f"{place} texts", Message("api.invalid.mapping")),))
    problems = [
        Problem(f"{place} texts.{language}", Message("knowledge_files.field.language"))
        for language in texts
        if language not in LANGUAGES
    ]
    known = {language: _without_state(texts[language]) for language in LANGUAGES if language in texts}
    return read_text(place, known, fields, problems=problems)


def _without_state(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name != "state" and value is not None}


def _flat(place: str, fields: Mapping[str, Any], otherwise: str) -> ReadText:
    """Return what one row or flat object says: one language, or both by the ends of the names."""
    shared = {name: fields[name] for name in SHARED_FIELDS if name in fields}
    problems = [
        Problem(f"{place} {name}", Message("knowledge_files.field.unknown", {"fields": ", ".join(COLUMNS)}))
        for name in fields
        if name not in COLUMNS
    ]
    beside = {
        language: {
            name: fields[f"{name}_{language}"] for name in TEXT_FIELDS if f"{name}_{language}" in fields
        }
        for language in LANGUAGES
    }
    texts = {language: own for language, own in beside.items() if own}
    plain = {name: fields[name] for name in TEXT_FIELDS if name in fields}
    if plain and texts:  # tags may be the same in both
        texts = {language: {**plain, **own} for language, own in texts.items()}
    elif plain:
        language = str(fields.get("language") or otherwise).strip().lower()
        if language not in LANGUAGES:
            problems.append(Problem(f"{place} language", Message("knowledge_files.field.language")))
        else:
            texts = {language: plain}
    return read_text(place, texts, shared, problems=problems)


def _category(place: str, given: object) -> ReadCategory:
    names = given.get("name") if isinstance(given, dict) else None
    slug = slug_of(str(given.get("slug", ""))) if isinstance(given, dict) else ""
    if not isinstance(given, dict) or not isinstance(names, dict) or not slug:
        raise BadInput(place, [Problem(place, Message("knowledge_files.category.name"))])
    ko, en = (str(names.get(language) or "").strip()[:LONGEST_NAME] for language in LANGUAGES)
    if not ko or not en:
        raise BadInput(place, [Problem(f"{place}.name", Message("knowledge_files.category.name"))])
    position = given.get("order")
    return ReadCategory(
        name=place,
        slug=slug,
        name_ko=ko,
        name_en=en,
        icon=str(given.get("icon") or "")[:LONGEST_ICON],
        position=position if isinstance(position, int) and abs(position) <= 1_000_000 else None,
        parent=slug_of(str(given.get("parent") or "")) or None,
    )


def _loaded(name: str, data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as whole:
        lines = [line for line in data.split(b"\n") if line.strip()]
        if len(lines) < 2 or not lines[0].lstrip().startswith(b"{"):
            raise _no_json(name, whole.lineno) from whole
        _check_count(name, len(lines))
        return [_loaded_line(f"{name}:{number}", line) for number, line in enumerate(lines, start=1)]


def _loaded_line(place: str, line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadInput(place, [Problem(place, Message("knowledge_files.table.json"))]) from error


def _no_json(name: str, line: int) -> BadInput:
    return BadInput(name, [Problem(f"{name}:{line}", Message("knowledge_files.table.json"))])


def _check_count(name: str, count: int) -> None:
    if count > MOST_ROWS:
        raise BadInput(name, [Problem(name, Message("knowledge_files.upload.rows", {"most": MOST_ROWS}))])
