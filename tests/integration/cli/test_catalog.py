import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kis.catalog import load_catalog

Run = Callable[..., Any]


@pytest.fixture
def mine(run: Run, tmp_path: Path) -> Path:
    """Give a shop's own catalogue folder, exported from the shipped one."""
    assert run("catalog", "export", "mine").code == 0
    return tmp_path / "mine"


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "enclosures.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestExportAndImport:
    @pytest.mark.parametrize("target", ["parts.xlsx", "parts"])
    def test_bring_the_same_catalogue_back(self, run: Run, tmp_path: Path, target: str) -> None:
        exported = run("catalog", "export", target, "--json")
        assert exported.code == 0
        assert all((tmp_path / file).is_file() for file in exported.data["files"])
        taken = run("catalog", "import", target, "taken", "--json")
        assert (taken.code, taken.data["sha256"]) == (0, load_catalog().digest)
        assert taken.data["rows"]["breakers"] == len(load_catalog().breakers)

    def test_say_where_the_catalogue_went(self, run: Run) -> None:
        assert (
            run("catalog", "export", "parts").out == "parts: 부품 목록 2026.11을 파일 5개로 내보냈습니다.\n"
        )
        shown = run("catalog", "import", "parts", "taken", "--version", "shop-1")
        assert shown.out.startswith("taken: 부품 목록 shop-1 (차단기 ")

    def test_refuse_a_faulty_table_whole(self, run: Run, mine: Path) -> None:
        change(mine, "HDS", "")
        shown = run("catalog", "import", "mine", "taken")
        assert shown.code == 2
        assert "enclosures.csv" in shown.err
        assert not (mine.parent / "taken").exists()

    @pytest.mark.parametrize("words", [("export", "file"), ("import", "mine", "file")])
    def test_refuse_a_file_where_a_folder_is_wanted(
        self, run: Run, mine: Path, words: tuple[str, ...]
    ) -> None:
        (mine.parent / "file").write_text("")
        shown = run("catalog", *words)
        assert shown.code == 2
        assert "폴더를 지정하십시오" in shown.err

    def test_name_a_source_that_is_not_there(self, run: Run) -> None:
        shown = run("catalog", "import", "nowhere", "taken")
        assert (shown.code, "nowhere" in shown.err) == (2, True)


class TestLint:
    def test_passes_the_shipped_catalogue_with_its_doubts(self, run: Run) -> None:
        shown = run("catalog", "lint", "--price-book", "illustrative-2026-11-krw", "--json")
        counts = shown.data["counts"]
        assert (shown.code, counts["error"]) == (0, 0)
        assert len(shown.data["findings"]) == sum(counts.values()) > counts["warning"] > 0

    def test_keeps_what_is_for_information_until_asked(self, run: Run) -> None:
        brief, whole = run("catalog", "lint").out, run("catalog", "lint", "--all").out
        assert "– 참고" not in brief
        assert "--all로 볼 수 있습니다" in brief
        assert "– 참고" in whole
        assert "--all로" not in whole

    def test_fails_for_a_contradiction(self, run: Run, mine: Path) -> None:
        change(mine, ",500,600,", ",510,600,")  # the model says 50 60
        shown = run("catalog", "lint", "mine", "--lang", "en")
        assert shown.code == 3
        assert "✗ error" in shown.out
        assert "1 error(s)" in shown.out

    def test_fails_for_a_table_that_cannot_be_read(self, run: Run, mine: Path) -> None:
        change(mine, ",500,600,", ",half,600,")
        shown = run("catalog", "lint", "mine", "--json")
        assert (shown.code, shown.data["counts"]["error"]) == (3, 1)
        assert "enclosures.csv" in shown.data["findings"][0]["path"]

    def test_names_a_folder_that_is_not_there(self, run: Run) -> None:
        assert run("catalog", "lint", "nowhere").code == 2


class TestDiff:
    def test_finds_nothing_between_a_catalogue_and_itself(self, run: Run, mine: Path) -> None:
        assert mine.is_dir()
        shown = run("catalog", "diff", "mine", "mine")
        assert (shown.code, shown.out) == (0, "차이 0건\n")

    def test_tells_a_changed_field_with_both_values(self, run: Run, mine: Path) -> None:
        assert run("catalog", "export", "changed").code == 0
        before = load_catalog().enclosures[0]
        lines = (mine.parent / "changed/enclosures.csv").read_text(encoding="utf-8-sig").splitlines()
        lines[1] = lines[1].replace(f",{before.material},", ",SUS304,")
        (mine.parent / "changed/enclosures.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        shown = run("catalog", "diff", "mine", "changed", "--json")
        (told,) = shown.data["changes"]
        assert shown.code == 0
        assert (told["table"], told["key"], told["field"]) == ("enclosures", before.model, "material")
        assert (told["old"], told["new"]) == (before.material, "SUS304")

    def test_needs_both(self, run: Run, mine: Path) -> None:
        assert mine.is_dir()
        shown = run("catalog", "diff", "mine", "nowhere", "--json")
        assert (shown.code, json.loads(shown.out)["code"]) == (2, "catalog_not_found")
