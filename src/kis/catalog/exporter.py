"""Writing a catalogue as CSV files or as one XLSX workbook; importing what was written gives the same catalogue."""

import os
from pathlib import Path

from kis.catalog.folder import replace_files
from kis.catalog.loader import canonical_files
from kis.catalog.parts import Catalog
from kis.catalog.tables import texts_of


def export_catalog(catalog: Catalog, target: Path) -> tuple[Path, ...]:
    """Write ``catalog`` to ``target`` and return the files written.

    A ``target`` that ends in ``.xlsx`` becomes one workbook; any other is a folder that gets one CSV file per table.
    """
    if target.suffix.lower() == ".xlsx":
        _write_whole(target, workbook_bytes(catalog))
        return (target,)
    contents = canonical_files(catalog)
    replace_files(target, contents)
    return tuple(target / name for name in contents)


def workbook_bytes(catalog: Catalog) -> bytes:
    """Return ``catalog`` as a workbook; the same catalogue always gives the same bytes."""
    from kis.catalog.workbook import write_workbook

    return write_workbook(catalog.version, texts_of(catalog))


def _write_whole(target: Path, data: bytes) -> None:
    """Write a file so that a reader never sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.incoming")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
