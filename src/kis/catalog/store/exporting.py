"""A catalogue as one file to hand out. Nothing in it computes when a spreadsheet opens it; importing it again gives the same parts."""

import io
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kis.catalog.exporter import workbook_bytes
from kis.catalog.loader import canonical_files
from kis.catalog.parts import Catalog
from kis.catalog.store.rows import KIND_TABLES

_CSV: Final = "text/csv; charset=utf-8"
_ZIP: Final = "application/zip"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The same on every day: the same catalogue gives the same file."""


class CatalogForm(StrEnum):
    """How parts are handed out."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A file to hand out."""

    name: str
    media_type: str
    data: bytes


def exported(catalog: Catalog, form: CatalogForm, kind: str | None) -> ExportedFile:
    """Return ``catalog`` as a workbook; as CSV the table of one ``kind``, or without one the folder of all tables as a ZIP."""
    name = f"catalog-{catalog.version}"
    if form is CatalogForm.XLSX:
        return ExportedFile(name=f"{name}.xlsx", media_type=_XLSX, data=workbook_bytes(catalog))
    files = canonical_files(catalog)
    if kind is not None:
        table = f"{KIND_TABLES[kind].name}.csv"
        return ExportedFile(name=table, media_type=_CSV, data=files[table])
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in files.items():
            archive.writestr(zipfile.ZipInfo(file, date_time=_DATE), data, zipfile.ZIP_DEFLATED)
    return ExportedFile(name=f"{name}.zip", media_type=_ZIP, data=output.getvalue())
