from collections.abc import Callable
from pathlib import Path

import pytest

from kis.catalog import Catalog, CatalogNotFound, export_catalog, import_catalog, load_catalog
from kis.platform.errors import BadInput

Spoil = Callable[[str, str, str], Path]


def _contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.name != ".import.lock"}


@pytest.fixture
def into(small_catalog: Catalog, tmp_path: Path) -> Path:
    """A folder that holds the small catalogue already."""
    export_catalog(small_catalog, tmp_path / "into")
    return tmp_path / "into"


class TestImportCatalog:
    def test_changes_nothing_when_anything_is_wrong(self, into: Path, spoil: Spoil) -> None:
        before = _contents(into)
        spoil("breakers.csv", "2,50,130,60", "2,51,130,60")  # good by itself
        with pytest.raises(BadInput):
            import_catalog(spoil("losses.csv", "2.1", "none"), into)
        assert _contents(into) == before

    def test_refuses_what_lint_calls_an_error(self, into: Path, spoil: Spoil) -> None:
        before = _contents(into)
        with pytest.raises(BadInput) as caught:
            import_catalog(spoil("breakers.csv", "20/30/40/50", "20/30/40/60"), into)
        assert [problem.path for problem in caught.value.problems] == ["breakers[ABN-52].ratings_a"]
        assert _contents(into) == before

    def test_does_not_even_make_the_folder_for_a_refused_source(self, tmp_path: Path, spoil: Spoil) -> None:
        with pytest.raises(BadInput):
            import_catalog(spoil("losses.csv", "2.1", "none"), tmp_path / "new")
        assert not (tmp_path / "new").exists()

    def test_writes_utf8_whatever_the_source_was(
        self, small_folder: Path, tmp_path: Path, spoil: Spoil
    ) -> None:
        spoil("breakers.csv", "LS ELECTRIC", "상도전기")
        path = small_folder / "breakers.csv"
        path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode("cp949"))
        catalog = import_catalog(small_folder, tmp_path / "into")
        written = (tmp_path / "into" / "breakers.csv").read_bytes()
        assert "ABN-52,상도전기,MCCB".encode() in written
        assert b"\r" not in written
        assert load_catalog(tmp_path / "into") == catalog

    def test_of_one_csv_keeps_the_other_tables(self, into: Path, spoil: Spoil) -> None:
        source = spoil("losses.csv", "2.1", "2.4") / "losses.csv"
        before = _contents(into)
        catalog = import_catalog(source, into, version="2027.01")
        after = _contents(into)
        assert catalog.version == "2027.01"
        assert {name for name in before if before[name] != after[name]} == {"losses.csv", "version.txt"}

    def test_of_one_csv_needs_a_catalogue_to_put_it_into(self, small_folder: Path, tmp_path: Path) -> None:
        with pytest.raises(BadInput) as caught:
            import_catalog(small_folder / "losses.csv", tmp_path / "empty")
        assert [problem.path for problem in caught.value.problems] == [
            "breakers",
            "enclosures",
            "accessories",
        ]

    def test_refuses_a_misspelt_file_instead_of_passing_over_it(self, small_folder: Path, into: Path) -> None:
        (small_folder / "losses.csv").rename(small_folder / "loses.csv")
        for source in (small_folder, small_folder / "loses.csv"):
            with pytest.raises(BadInput) as caught:
                import_catalog(source, into)
            assert [(problem.path, problem.message.key) for problem in caught.value.problems] == [
                ("loses.csv", "catalog.file.unknown_file")
            ]

    def test_refuses_other_formats_and_empty_folders(self, tmp_path: Path) -> None:
        (tmp_path / "parts.xls").write_bytes(b"")
        (tmp_path / "empty").mkdir()
        keys = []
        for name in ("parts.xls", "empty"):
            with pytest.raises(BadInput) as caught:
                import_catalog(tmp_path / name, tmp_path / "into")
            keys += [problem.message.key for problem in caught.value.problems]
        assert keys == ["catalog.file.unknown_format", "catalog.file.no_tables"]

    def test_says_when_there_is_no_source(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogNotFound):
            import_catalog(tmp_path / "nowhere.xlsx", tmp_path / "into")

    def test_may_read_and_write_the_same_folder(self, small_folder: Path, small_catalog: Catalog) -> None:
        path = small_folder / "losses.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        assert import_catalog(small_folder, small_folder) == small_catalog
        assert load_catalog(small_folder) == small_catalog
