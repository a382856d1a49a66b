"""Taking a catalogue in: from a folder of CSV files, one CSV file, or an XLSX workbook.

All or nothing: every table is read, checked and linted before the first byte is written, and the files are then
replaced together. A table the source does not hold stays as it is in the target.
"""

from collections.abc import Mapping
from pathlib import Path

from kis.catalog.csv_file import decode, read_csv
from kis.catalog.errors import CatalogNotFound
from kis.catalog.folder import finish, read_bytes, replace_files
from kis.catalog.lint import Severity, lint
from kis.catalog.loader import VERSION_FILE, build_catalog, canonical_files
from kis.catalog.parts import Catalog
from kis.catalog.tables import TABLE_NAMES, Sheet
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message


def import_catalog(source: Path, into: Path, *, version: str | None = None) -> Catalog:
    """Check the catalogue in ``source``, write it to the folder ``into``, and return it.

    ``version`` names the edition; without it the source's own name holds, else the one already in ``into``.

    Raises:
        CatalogNotFound: there is nothing at ``source``.
        BadInput: the source cannot be used, or what it makes has an error :func:`~kis.catalog.lint.lint` reports;
            ``into`` is unchanged.
    """
    from filelock import FileLock

    if not source.exists():
        raise CatalogNotFound(Message("catalog.not_found", {"path": str(source)}))
    named, sheets = _read_source(source)
    _checked(source, version or named, sheets, into)  # a refused source does not even create the folder
    into.mkdir(parents=True, exist_ok=True)
    with FileLock(into / ".import.lock"):
        finish(into)
        catalog = _checked(source, version or named, sheets, into)  # others may have imported meanwhile
        replace_files(into, canonical_files(catalog))
    return catalog


def _read_source(source: Path) -> tuple[str | None, dict[str, Sheet]]:
    if source.is_dir():
        return _read_folder(source)
    if source.suffix.lower() == ".xlsx":
        from kis.catalog.workbook import read_workbook

        return read_workbook(source)
    if source.suffix.lower() == ".csv":
        _refuse_unknown(source, [source.name])
        return None, {source.stem: read_csv(source.name, source.read_bytes())}
    raise BadInput(str(source), [Problem(source.name, Message("catalog.file.unknown_format"))])


def _read_folder(source: Path) -> tuple[str | None, dict[str, Sheet]]:
    _refuse_unknown(source, sorted(file.name for file in source.glob("*.csv")))
    contents = {name: read_bytes(source, f"{name}.csv") for name in TABLE_NAMES}
    sheets = {name: read_csv(f"{name}.csv", data) for name, data in contents.items() if data is not None}
    if not sheets:
        raise BadInput(str(source), [Problem(source.name, Message("catalog.file.no_tables"))])
    version = read_bytes(source, VERSION_FILE)
    return (None if version is None else (decode(version) or "").strip()), sheets


def _refuse_unknown(source: Path, names: list[str]) -> None:
    """A misspelt file would be passed over in silence, and its table left old: refuse it instead."""
    choices = ", ".join(f"{name}.csv" for name in TABLE_NAMES)
    unknown = [name for name in names if name.removesuffix(".csv") not in TABLE_NAMES]
    if unknown:
        problems = [
            Problem(name, Message("catalog.file.unknown_file", {"choices": choices})) for name in unknown
        ]
        raise BadInput(str(source), problems)


def _checked(source: Path, named: str | None, sheets: Mapping[str, Sheet], into: Path) -> Catalog:
    """Return the catalogue that ``into`` would hold, or raise BadInput."""
    edition = named or (decode(read_bytes(into, VERSION_FILE) or b"") or "").strip()
    catalog = build_catalog(str(source), edition, _completed(source, sheets, into))
    errors = [
        Problem(found.path, found.message) for found in lint(catalog) if found.severity is Severity.ERROR
    ]
    if errors:
        raise BadInput(str(source), errors)
    return catalog


def _completed(source: Path, sheets: Mapping[str, Sheet], into: Path) -> dict[str, Sheet]:
    """Return ``sheets`` and, for each table they lack, the one that ``into`` holds already."""
    completed = dict(sheets)
    problems: list[Problem] = []
    for name in TABLE_NAMES:
        if name in sheets:
            continue
        kept = read_bytes(into, f"{name}.csv")
        if kept is None:
            problems.append(Problem(name, Message("catalog.file.missing_table", {"source": source.name})))
        else:
            completed[name] = read_csv(f"{name}.csv", kept)
    if problems:
        raise BadInput(str(source), problems)
    return completed
