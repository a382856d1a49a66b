import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kis.catalog import Catalog, CatalogNotFound, catalog_files, load_catalog
from kis.catalog.loader import digest_of
from kis.platform.errors import BadInput

Spoil = Callable[[str, str, str], Path]

# file, text to replace, its replacement, path of the one problem, key of its message
MALFORMED = [
    ("breakers.csv", "2,50,130,60", "2,50.5,130,60", "breakers.csv:2 width_mm", "catalog.cell.not_whole"),
    ("breakers.csv", "2,50,130,60", "2,0,130,60", "breakers.csv:2 width_mm", "catalog.cell.not_whole"),
    ("breakers.csv", "2,50,130,60", "2,-50,130,60", "breakers.csv:2 width_mm", "catalog.cell.not_whole"),
    ("breakers.csv", "2,50,130,60", "2,100001,130,60", "breakers.csv:2 width_mm", "catalog.cell.not_whole"),
    ("breakers.csv", "2,50,130,60", "2,५०,130,60", "breakers.csv:2 width_mm", "catalog.cell.not_whole"),
    ("breakers.csv", "2,50,130,60", "2,,130,60", "breakers.csv:2 width_mm", "catalog.cell.blank"),
    ("breakers.csv", "2,50,130,60", "5,50,130,60", "breakers.csv:2 poles", "catalog.cell.not_choice"),
    ("breakers.csv", "ABN-52,LS", ",LS", "breakers.csv:2 model", "catalog.cell.blank"),
    ("breakers.csv", "ABN-52,LS", "ABN\u200b52,LS", "breakers.csv:2 model", "catalog.cell.hidden_character"),
    ("breakers.csv", "MCCB,economy", "mccb,economy", "breakers.csv:2 kind", "catalog.cell.not_choice"),
    ("breakers.csv", "MCCB,economy", "MCCB,cheap", "breakers.csv:2 grade", "catalog.cell.not_choice"),
    ("breakers.csv", "20/30/40/50", "20/40/30", "breakers.csv:2 ratings_a", "catalog.cell.not_ratings"),
    ("breakers.csv", "20/30/40/50", "20/20", "breakers.csv:2 ratings_a", "catalog.cell.not_ratings"),
    ("breakers.csv", "20/30/40/50", "0/20", "breakers.csv:2 ratings_a", "catalog.cell.not_ratings"),
    ("breakers.csv", "20/30/40/50", "20A", "breakers.csv:2 ratings_a", "catalog.cell.not_ratings"),
    ("breakers.csv", "14,460,", "14kA,460,", "breakers.csv:2 icu_ka", "catalog.cell.not_decimal"),
    ("breakers.csv", "14,460,", "0.0,460,", "breakers.csv:2 icu_ka", "catalog.cell.not_decimal"),
    ("breakers.csv", "14,460,", "1e3,460,", "breakers.csv:2 icu_ka", "catalog.cell.not_decimal"),
    ("breakers.csv", "14,460,", ",460,", "breakers.csv:2 icu_at_v", "catalog.row.voltage_without_icu"),
    (
        "breakers.csv",
        "14,460,,",
        "14,460,30,",
        "breakers.csv:2 sensitivity_ma",
        "catalog.row.sensitivity_of_mccb",
    ),
    ("breakers.csv", "220,15,", "220,,", "breakers.csv:4 sensitivity_ma", "catalog.row.sensitivity_missing"),
    ("breakers.csv", "earlier-system\n", "\n", "breakers.csv:2 ratings_source", "catalog.cell.blank"),
    (
        "breakers.csv",
        "ABN-52,LS ELECTRIC",
        "ABN-52,LS, ELECTRIC",
        "breakers.csv:2",
        "catalog.file.row_length",
    ),
    ("breakers.csv", "model,make", "model,brand", "breakers.csv:1", "catalog.file.unknown_column"),
    ("breakers.csv", "model,make", "model,model", "breakers.csv:1", "catalog.file.double_column"),
    ("enclosures.csv", "1.6,500", "1.65,500", "enclosures.csv:2 sheet_mm", "catalog.cell.not_tenths"),
    ("enclosures.csv", "44,assumed", "77,assumed", "enclosures.csv:2 ip", "catalog.cell.not_ip"),
    ("enclosures.csv", "44,assumed", "4,assumed", "enclosures.csv:2 ip", "catalog.cell.not_ip"),
    ("accessories.csv", "MC-9..22", "MC-22..9", "accessories.csv:2 model", "catalog.row.model_range"),
    ("accessories.csv", "MC-9..22", "MC-9..", "accessories.csv:2 model", "catalog.row.model_range"),
    ("losses.csv", "true", "yes", "losses.csv:2 stand_in", "catalog.cell.not_choice"),
    ("version.txt", "2026.11", "2026 11", "version.txt", "catalog.file.bad_version"),
    ("version.txt", "2026.11", "", "version.txt", "catalog.file.bad_version"),
]


class TestLoadCatalog:
    @pytest.mark.parametrize(("file", "old", "new", "path", "key"), MALFORMED)
    def test_names_file_line_and_column_of_a_fault(
        self, spoil: Spoil, file: str, old: str, new: str, path: str, key: str
    ) -> None:
        with pytest.raises(BadInput) as caught:
            load_catalog(spoil(file, old, new))
        first = caught.value.problems[0]
        assert (first.path, first.message.key) == (path, key)
        assert all(problem.text(locale) for problem in caught.value.problems for locale in ("ko", "en"))

    def test_names_every_fault_at_once_in_the_order_of_the_files(self, spoil: Spoil) -> None:
        spoil("breakers.csv", "2,50,130,60", "2,x,y,60")
        spoil("losses.csv", "2.1", "-2.1")
        with pytest.raises(BadInput) as caught:
            load_catalog(spoil("version.txt", "2026.11", "?"))
        assert [problem.path for problem in caught.value.problems] == [
            "breakers.csv:2 width_mm",
            "breakers.csv:2 height_mm",
            "losses.csv:2 loss_w",
            "version.txt",
        ]

    def test_says_what_would_be_right_in_both_languages(self, spoil: Spoil) -> None:
        with pytest.raises(BadInput) as caught:
            load_catalog(spoil("breakers.csv", "20/30/40/50", "20, 30".replace(",", ";")))
        (problem,) = caught.value.problems
        assert problem.text("en") == (
            "breakers.csv:2 ratings_a: '20; 30' is not a list of ratings; write ascending amperes with slashes, like 20/30/40."
        )
        assert problem.text("ko").endswith("20/30/40처럼 작은 값부터 빗금(/)으로 나누어 적으십시오.")

    def test_names_every_missing_column_once(self, spoil: Spoil) -> None:
        with pytest.raises(BadInput) as caught:
            load_catalog(spoil("accessories.csv", "kind,model,width_mm", "kind"))
        assert [problem.message.values for problem in caught.value.problems] == [
            {"column": "model"},
            {"column": "width_mm"},
        ]

    def test_names_every_missing_file(self, small_folder: Path) -> None:
        (small_folder / "losses.csv").unlink()
        (small_folder / "version.txt").unlink()
        with pytest.raises(BadInput) as caught:
            load_catalog(small_folder)
        assert [problem.path for problem in caught.value.problems] == ["losses.csv", "version.txt"]

    def test_says_when_there_is_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogNotFound, match="nowhere"):
            load_catalog(tmp_path / "nowhere")

    def test_takes_columns_in_any_order_and_cells_with_outer_space(
        self, small_folder: Path, small_catalog: Catalog
    ) -> None:
        turned = "\n".join(
            ",".join(reversed([f" {cell} " for cell in line.split(",")]))
            for line in (small_folder / "losses.csv").read_text().splitlines()
        )
        (small_folder / "losses.csv").write_text(turned)
        assert load_catalog(small_folder).losses == small_catalog.losses

    def test_composes_korean_that_came_decomposed(self, spoil: Spoil) -> None:
        # 상도 as a Mac writes it: five letters instead of two syllables
        folder = spoil("breakers.csv", "LS ELECTRIC", "\u1109\u1161\u11bc\u1103\u1169")
        assert load_catalog(folder).breakers[0].make == "상도"

    def test_keeps_one_value_for_one_number(self, spoil: Spoil) -> None:
        spoil("breakers.csv", "14,460", "14.00,460")
        folder = spoil("breakers.csv", "2.5,220", "2.50,220")
        assert [str(row.icu_ka) for row in load_catalog(folder).breakers] == ["14", "14", "2.5", "2.5"]
        assert str(load_catalog(folder).enclosures[1].sheet_mm) == "1.0"

    def test_sorts_losses_by_rating_within_their_family(self, spoil: Spoil) -> None:
        folder = spoil("losses.csv", "iC60N,16,2.1", "iC60N,32,2.8")
        assert [loss.rating_a for loss in load_catalog(folder).losses["iC60N"]] == [20, 32]

    def test_reads_an_edited_file_again(self, small_folder: Path, spoil: Spoil) -> None:
        before = load_catalog(small_folder)
        after = load_catalog(spoil("losses.csv", "2.1", "2.3"))
        assert (before.losses["iC60N"][0].loss_w, after.losses["iC60N"][0].loss_w) == (
            Decimal("2.1"),
            Decimal("2.3"),
        )
        assert before.digest != after.digest

    def test_digest_tells_any_byte_of_any_file(self, small_folder: Path) -> None:
        digests = {load_catalog(small_folder).digest}
        for name in ("breakers.csv", "enclosures.csv", "accessories.csv", "losses.csv", "version.txt"):
            with (small_folder / name).open("a") as file:
                file.write("\n")  # a blank line changes no row, but it changes the file
            digests.add(load_catalog(small_folder).digest)
        assert len(digests) == 6

    def test_digest_is_the_documented_one(self, small_folder: Path, small_catalog: Catalog) -> None:
        from hashlib import sha256

        whole = b""
        for name in ("breakers.csv", "enclosures.csv", "accessories.csv", "losses.csv", "version.txt"):
            data = (small_folder / name).read_bytes()
            whole += name.encode() + b"\0" + str(len(data)).encode() + b"\0" + data
        assert small_catalog.digest == sha256(whole).hexdigest()

    def test_is_the_same_object_while_nothing_changed(self) -> None:
        assert load_catalog() is load_catalog()


class TestCatalogFiles:
    def test_are_the_bytes_the_catalogue_was_read_from(self, small_folder: Path) -> None:
        path = small_folder / "losses.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())  # kept as it is, byte order mark and all
        files = catalog_files(small_folder)
        assert files == {name: (small_folder / name).read_bytes() for name in files}
        assert digest_of(files) == load_catalog(small_folder).digest

    def test_of_the_shipped_catalogue_make_it_again(self, shipped: Catalog, tmp_path: Path) -> None:
        for name, data in catalog_files().items():
            (tmp_path / name).write_bytes(data)
        assert load_catalog(tmp_path) == shipped

    def test_leave_out_what_is_missing(self, small_folder: Path) -> None:
        (small_folder / "losses.csv").unlink()
        assert "losses.csv" not in catalog_files(small_folder)


class TestImporting:
    def test_loads_nothing_heavy(self) -> None:
        heavy = "('openpyxl', 'yaml', 'filelock', 'pydantic', 'ortools')"
        code = f"import sys, kis.catalog; kis.catalog.load_catalog(); print([name for name in {heavy} if name in sys.modules])"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        )
        assert done.stdout.strip() == "[]"
