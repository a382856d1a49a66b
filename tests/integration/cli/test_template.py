from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.factories.templates import SAMPLES, sheet, workbook

Run = Callable[..., Any]


class TestCheck:
    def test_tells_what_is_filled_what_repeats_and_what_grows(self, run: Run) -> None:
        shown = run("template", "check", str(SAMPLES / "one-page.xlsx"))
        assert shown.code == 0
        assert "quotation.number" in shown.out
        assert "견적서!13:13" in shown.out
        assert "=SUM(G13:G15)" in shown.out
        assert "오류 0건" in shown.out

    def test_tells_it_as_json(self, run: Run) -> None:
        data = run("template", "check", str(SAMPLES / "by-panel.xlsx"), "--json").data
        assert data["usable"] is True
        assert {"where": "내역서!4:8", "per": "panel", "line_rows": "5:5"} in data["repeats"]
        assert data["findings"] == []

    def test_ends_with_3_and_names_the_cell_of_an_unknown_name(self, run: Run, tmp_path: Path) -> None:
        form = tmp_path / "form.xlsx"
        form.write_bytes(workbook({"견적": sheet({"B2": "{{custmer.name}}"})}))
        shown = run("template", "check", str(form), "--json")
        assert shown.code == 3
        error = next(each for each in shown.data["findings"] if each["severity"] == "error")
        assert error["where"] == "견적!B2"
        assert "customer.name" in error["message"]

    def test_refuses_what_is_no_workbook(self, run: Run, tmp_path: Path) -> None:
        form = tmp_path / "form.xlsx"
        form.write_bytes(b"PK nothing")
        shown = run("template", "check", str(form))
        assert shown.code == 3
        assert "XLSX" in shown.out

    def test_asks_for_a_file_that_is_there(self, run: Run) -> None:
        assert run("template", "check", "nowhere.xlsx").code == 2
