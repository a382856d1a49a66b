from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kis.estimator import load_rulebook

Run = Callable[..., Any]

SHIPPED = f"{load_rulebook().id}-{load_rulebook().version}"


@pytest.fixture
def changed(run: Run, tmp_path: Path) -> Path:
    """Give a shop's own rulebook, exported from the shipped one, with a VAT of 12 % and an edition of its own."""
    assert run("rulebook", "export", "shop.yaml").code == 0
    path = tmp_path / "shop.yaml"
    text = path.read_text(encoding="utf-8")
    head, rule, rest = text.partition("  vat_percent:\n")
    assert head.count(f'version: "{load_rulebook().version}"') == 1
    head = head.replace(f'version: "{load_rulebook().version}"', 'version: "2026.11-shop"')
    assert "    value: 10\n" in rest
    path.write_text(head + rule + rest.replace("    value: 10\n", "    value: 12\n", 1), encoding="utf-8")
    return path


class TestShow:
    def test_lists_every_rule_and_gate(self, run: Run) -> None:
        shown = run("rulebook", "show", "--json")
        ids = [each["id"] for each in shown.data["rules"]]
        assert (shown.code, len(ids)) == (0, len(set(ids)))
        assert {"enclosure.bottom_space", "pricing.vat_percent", "gates.breaker.imbalance"} <= set(ids)
        assert "pricing.vat_percent" in run("rulebook", "show").out

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("ko", ("값: 0.9", "상태: 출처 상충", "다른 값: 93/100", "이유: ")),
            ("en", ("Value: 0.9", "Status: disputed", "Other value: 93/100", "Reason: ")),
        ],
    )
    def test_shows_a_disputed_rule_with_the_other_values_and_the_reason(
        self, run: Run, language: str, words: tuple[str, ...]
    ) -> None:
        shown = run("rulebook", "show", "enclosure.fit_limit", "--lang", language)
        assert shown.code == 0
        for word in words:
            assert word in shown.out

    def test_shows_the_rules_below_a_name(self, run: Run) -> None:
        ids = [each["id"] for each in run("rulebook", "show", "phases", "--json").data["rules"]]
        assert len(ids) > 1
        assert all(each.startswith("phases.") for each in ids)

    def test_names_what_is_near_an_unknown_rule(self, run: Run) -> None:
        shown = run("rulebook", "show", "pricing.vat")
        assert (shown.code, shown.out) == (2, "")
        assert "pricing.vat_percent" in shown.err

    def test_says_that_no_rulebook_was_in_force(self, run: Run) -> None:
        shown = run("rulebook", "show", "--date", "2020-01-01")
        assert (shown.code, "2020-01-01" in shown.err) == (2, True)


class TestLint:
    def test_passes_the_shipped_rulebook(self, run: Run) -> None:
        shown = run("rulebook", "lint", "--json")
        assert (shown.code, shown.data["counts"]["error"]) == (0, 0)

    def test_fails_for_a_contradiction_with_its_line(self, run: Run, changed: Path) -> None:
        text = changed.read_text(encoding="utf-8")
        changed.write_text(text.replace("    value: 12\n", "    value: -12\n"), encoding="utf-8")
        shown = run("rulebook", "lint", changed)
        assert shown.code == 3
        assert "vat_percent" in shown.out

    def test_names_a_file_that_is_not_there(self, run: Run) -> None:
        assert run("rulebook", "lint", "nowhere.yaml").code == 2


class TestDiff:
    def test_tells_what_may_decide_a_quotation(self, run: Run, changed: Path) -> None:
        told = {
            each["id"]: each for each in run("rulebook", "diff", SHIPPED, changed, "--json").data["changes"]
        }
        assert set(told) == {"rulebook", "pricing.vat_percent"}
        assert told["pricing.vat_percent"]["decides"]
        assert not told["rulebook"]["decides"]
        assert told["pricing.vat_percent"]["fields"] == [
            {"field": "value", "before": "10 %", "after": "12 %"}
        ]
        shown = run("rulebook", "diff", SHIPPED, changed)
        assert (shown.code, "value: 10 % → 12 %" in shown.out) == (0, True)
        assert "차이 2건, 그중 견적에 영향을 줄 수 있는 것 1건" in shown.out

    def test_names_the_rulebooks_there_are(self, run: Run) -> None:
        shown = run("rulebook", "diff", SHIPPED, "nowhere.yaml")
        assert (shown.code, SHIPPED in shown.err) == (2, True)


class TestExportAndImport:
    def test_take_a_rulebook_into_a_folder_once(self, run: Run, changed: Path, tmp_path: Path) -> None:
        shown = run("rulebook", "import", changed, "rules", "--json")
        place = tmp_path / shown.data["path"]
        assert (shown.code, place.read_bytes()) == (0, changed.read_bytes())
        assert shown.data["version"] == "2026.11-shop"
        changed.write_text(changed.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
        again = run("rulebook", "import", changed, "rules")
        assert again.code == 2
        assert "버전을 새로 매기십시오" in again.err

    def test_write_the_very_bytes(self, run: Run, tmp_path: Path) -> None:
        shown = run("rulebook", "export", "copy.yaml")
        assert (shown.code, (tmp_path / "copy.yaml").is_file()) == (0, True)
        assert shown.out.startswith("copy.yaml: 규칙집 ")
        assert load_rulebook(tmp_path / "copy.yaml").digest == load_rulebook().digest
