import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kis.catalog import Catalog, export_catalog, import_catalog
from kis.platform.errors import BadInput

CellValue = str | float | bool | dt.date
Edit = Callable[[str, str, CellValue], Path]


@pytest.fixture
def edit(small_catalog: Catalog, tmp_path: Path) -> Edit:
    """Return a function that sets one cell of the small catalogue's workbook as a person would in Excel."""
    path = tmp_path / "parts.xlsx"
    export_catalog(small_catalog, path)

    def put(sheet: str, cell: str, value: CellValue) -> Path:
        workbook = openpyxl.load_workbook(path)
        page = workbook[sheet]
        assert isinstance(page, Worksheet)
        page[cell] = value
        workbook.save(path)
        return path

    return put


def _problems(source: Path, into: Path) -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as caught:
        import_catalog(source, into)
    assert all(problem.text(locale) for problem in caught.value.problems for locale in ("ko", "en"))
    return [(problem.path, problem.message.key) for problem in caught.value.problems]


class TestReadWorkbook:
    @pytest.mark.parametrize(
        ("sheet", "cell", "value", "path", "key"),
        [
            ("breakers", "G2", "=25*2", "parts.xlsx[breakers]:2 width_mm", "catalog.cell.formula"),
            (
                "breakers",
                "K4",
                dt.date(2030, 12, 15),
                "parts.xlsx[breakers]:4 ratings_a",
                "catalog.cell.date",
            ),
            ("breakers", "G3", "#REF!", "parts.xlsx[breakers]:3 width_mm", "catalog.cell.error_value"),
            ("breakers", "G3", 75.5, "parts.xlsx[breakers]:3 width_mm", "catalog.cell.not_whole"),
            ("breakers", "G3", True, "parts.xlsx[breakers]:3 width_mm", "catalog.cell.not_whole"),
            ("breakers", "A1", "=1", "parts.xlsx[breakers]:1 A", "catalog.cell.formula"),
            ("losses", "H3", "see note", "parts.xlsx[losses]:3", "catalog.file.row_length"),
            ("losses", "H3", "=A1", "parts.xlsx[losses]:3 H", "catalog.cell.formula"),
            ("losses", "A1", "kind", "parts.xlsx[losses]:1", "catalog.file.unknown_column"),
        ],
    )
    def test_names_sheet_line_and_column_of_a_fault(
        self, edit: Edit, tmp_path: Path, sheet: str, cell: str, value: CellValue, path: str, key: str
    ) -> None:
        assert _problems(edit(sheet, cell, value), tmp_path / "into")[0] == (path, key)

    def test_takes_what_excel_does_to_numbers_and_truth(
        self, edit: Edit, small_catalog: Catalog, tmp_path: Path
    ) -> None:
        edit("breakers", "G2", 50.0)
        edit("losses", "D2", True)
        source = edit("catalog", "B2", 2026.11)
        assert import_catalog(source, tmp_path / "into") == small_catalog

    def test_passes_over_blank_rows_but_keeps_their_numbers(self, edit: Edit, tmp_path: Path) -> None:
        edit("losses", "A6", "iC60N")
        assert _problems(edit("losses", "B6", "25"), tmp_path / "into") == [
            ("parts.xlsx[losses]:6 loss_w", "catalog.cell.blank"),
            ("parts.xlsx[losses]:6 stand_in", "catalog.cell.blank"),
            ("parts.xlsx[losses]:6 source", "catalog.cell.blank"),
        ]

    def test_refuses_a_sheet_that_is_no_table(self, edit: Edit, tmp_path: Path) -> None:
        path = edit("losses", "B2", 16)
        workbook = openpyxl.load_workbook(path)
        workbook["losses"].title = "Losses "
        workbook.save(path)
        assert _problems(path, tmp_path / "into") == [("parts.xlsx[Losses ]", "catalog.file.unknown_sheet")]

    def test_refuses_an_empty_sheet(self, edit: Edit, tmp_path: Path) -> None:
        path = edit("losses", "B2", 16)
        workbook = openpyxl.load_workbook(path)
        workbook["losses"].delete_rows(1, 10)
        workbook.save(path)
        assert _problems(path, tmp_path / "into") == [("parts.xlsx[losses]", "catalog.file.empty")]

    def test_refuses_a_file_that_is_no_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "parts.xlsx"
        path.write_bytes(b"PK\x03\x04 not really")
        assert _problems(path, tmp_path / "into") == [("parts.xlsx", "catalog.file.not_workbook")]

    def test_needs_the_edition_named_somewhere(
        self, edit: Edit, small_catalog: Catalog, tmp_path: Path
    ) -> None:
        path = edit("catalog", "A2", "edition")
        assert _problems(path, tmp_path / "into") == [("version.txt", "catalog.file.bad_version")]
        assert import_catalog(path, tmp_path / "into", version="2026.11") == small_catalog
