from decimal import Decimal
from pathlib import Path

import pytest

from kis.estimator.intake import load_request

EXAMPLES = Path(__file__).parents[4] / "examples"
REQUESTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".yaml", ".json"})


def read(name: str) -> Path:
    return EXAMPLES / name


class TestExamples:
    def test_there_are_sixteen(self) -> None:
        assert len(REQUESTS) == 16

    @pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
    def test_can_be_read(self, path: Path) -> None:
        assert load_request(path).request.panels

    @pytest.mark.parametrize(
        "path", [path for path in REQUESTS if path.suffix == ".yaml"], ids=lambda path: path.stem
    )
    def test_says_in_both_languages_what_it_shows(self, path: Path) -> None:
        korean, _, english = path.read_text(encoding="utf-8").splitlines()[0].partition(" / ")
        assert korean.startswith("# ")
        assert any("가" <= letter <= "힣" for letter in korean)
        assert english.isascii() or "×" in english

    @pytest.mark.parametrize(
        "path", [path for path in REQUESTS if path.suffix == ".yaml"], ids=lambda path: path.stem
    )
    def test_is_dated_so_that_its_prices_stay(self, path: Path) -> None:
        assert str(load_request(path).request.quotation_date) == "2026-11-02"

    def test_loads_of_the_800_a_main_make_500_a_a_phase(self) -> None:
        branches = load_request(read("main-800a-given-loads.yaml")).request.panels[0].branches
        total = sum((branch.load_va or Decimal(0)) * branch.quantity for branch in branches)
        assert total == 3 * 220 * 500

    def test_words_of_the_trade_are_told_with_what_they_mean(self) -> None:
        notes = [note.text("en") for note in load_request(read("tenant-building.yaml")).notes]
        assert "panels[0].mounting: 매입 is read as recessed" in notes
        assert "panels[2].branches[0].kind: 배선용 is read as MCCB" in notes
