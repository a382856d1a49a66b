import datetime as dt
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from kis.catalog import Catalog, export_catalog, import_catalog, load_catalog, workbook_bytes

DANGEROUS = ("=1+1", "+82", "-cmd", "@SUM(A1)", "'quoted", '=HYPERLINK("http://x","y")')


def _with_models(catalog: Catalog, models: tuple[str, ...]) -> Catalog:
    row = catalog.accessories[1]
    return replace(catalog, accessories=tuple(replace(row, model=model) for model in models))


def _parts(catalog: Catalog) -> tuple[object, ...]:
    return (catalog.version, catalog.breakers, catalog.enclosures, catalog.accessories, catalog.losses)


class TestExportCatalog:
    def test_to_csv_gives_the_shipped_files_byte_by_byte(self, shipped: Catalog, tmp_path: Path) -> None:
        import kis.catalog

        data = Path(kis.catalog.__file__).parent / "data"
        written = export_catalog(shipped, tmp_path / "out")
        assert [path.name for path in written] == [
            "breakers.csv",
            "enclosures.csv",
            "accessories.csv",
            "losses.csv",
            "version.txt",
        ]
        for path in written:
            assert path.read_bytes() == (data / path.name).read_bytes(), path.name

    @pytest.mark.parametrize("name", ["catalog.xlsx", "folder"])
    def test_comes_back_exactly_the_same(self, shipped: Catalog, tmp_path: Path, name: str) -> None:
        export_catalog(shipped, tmp_path / name)
        back = import_catalog(tmp_path / name, tmp_path / "into")
        assert back == shipped
        assert load_catalog(tmp_path / "into") == shipped

    @pytest.mark.parametrize("name", ["catalog.xlsx", "folder"])
    def test_brings_texts_that_look_like_formulas_back_unchanged(
        self, small_catalog: Catalog, tmp_path: Path, name: str
    ) -> None:
        dangerous = _with_models(small_catalog, DANGEROUS)
        export_catalog(dangerous, tmp_path / name)
        assert _parts(import_catalog(tmp_path / name, tmp_path / "into")) == _parts(dangerous)

    def test_replaces_a_workbook_whole(self, small_catalog: Catalog, tmp_path: Path) -> None:
        target = tmp_path / "new" / "catalog.xlsx"
        target.parent.mkdir()
        target.write_bytes(b"old")
        assert export_catalog(small_catalog, target) == (target,)
        assert target.read_bytes() == workbook_bytes(small_catalog)
        assert [path.name for path in target.parent.iterdir()] == ["catalog.xlsx"]


class TestWorkbookBytes:
    def test_hold_no_trace_of_the_time_they_were_made(self, small_catalog: Catalog) -> None:
        with zipfile.ZipFile(io.BytesIO(workbook_bytes(small_catalog))) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            properties = archive.read("docProps/core.xml").decode()
        assert properties.count("1980-01-01T00:00:00Z") == 2
        assert str(dt.datetime.now(tz=dt.UTC).year) not in properties

    def test_are_the_same_bytes_every_time(self, shipped: Catalog) -> None:
        assert workbook_bytes(shipped) == workbook_bytes(shipped)

    def test_hold_texts_as_text_and_numbers_as_numbers(self, small_catalog: Catalog) -> None:
        workbook = openpyxl.load_workbook(io.BytesIO(workbook_bytes(_with_models(small_catalog, DANGEROUS))))
        models = [workbook["accessories"].cell(row=line, column=2) for line in range(2, 8)]
        assert tuple(cell.value for cell in models) == DANGEROUS
        assert {cell.data_type for cell in models} == {"s"}
        assert [cell.quotePrefix for cell in models] == [True, True, True, True, False, True]
        width, capacity = workbook["breakers"]["G2"], workbook["breakers"]["L4"]
        assert (width.value, capacity.value) == (50, 2.5)
        assert workbook["breakers"]["K2"].value == "20/30/40/50"
        assert workbook["catalog"]["B2"].value == "2026.11"
