import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


class TestList:
    def test_holds_every_line_gate_and_total_with_its_value(self, run: Run, pack: Path) -> None:
        shown = run("explain", pack, "--json")
        told = {each["id"]: each["value"] for each in shown.data["explanations"]}
        output = json.loads((pack / "output.json").read_bytes())
        (panel,) = output["panels"]
        wanted = {f"LP-3F/line.{number}" for number in range(1, len(panel["lines"]) + 1)}
        wanted |= {f"LP-3F/{gate['id']}" for gate in panel["gates"]} | {
            gate["id"] for gate in output["gates"]
        }
        wanted |= {f"LP-3F/enclosure.{name}_mm" for name in ("width", "height", "depth")}
        assert wanted <= set(told)
        assert told["totals.total"] == output["totals"]["total"]
        assert told["LP-3F/enclosure.width_mm"] == panel["enclosure"]["width_mm"]

    def test_gives_each_a_reason_with_rule_and_source(self, run: Run, pack: Path) -> None:
        for each in run("explain", pack, "--json").data["explanations"]:
            assert each["reasons"], each["id"]
            for reason in each["reasons"]:
                assert reason["rule"], each["id"]
                assert reason["text"], each["id"]
                assert reason["source"], each["id"]

    def test_is_a_table_that_says_how_to_go_on(self, run: Run, pack: Path) -> None:
        shown = run("explain", pack)
        assert (shown.code, shown.err) == (0, "")
        assert "LP-3F/enclosure.height_mm" in shown.out
        assert shown.out.endswith("이유를 보려면 뒤에 ID를 붙이십시오.\n")


class TestOne:
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("ko", ("출처 상충", "값: ", "출처: earlier shop system's enclosure engine", "입력: ")),
            ("en", ("disputed", "Value: ", "Source: earlier shop system's enclosure engine", "Inputs: ")),
        ],
    )
    def test_shows_rule_status_value_source_and_inputs(
        self, run: Run, pack: Path, language: str, words: tuple[str, ...]
    ) -> None:
        shown = run("explain", pack, "enclosure.height_mm", "--lang", language)
        assert shown.code == 0
        text = " ".join(shown.out.split())
        assert "LP-3F/enclosure.height_mm" in text
        assert "1. enclosure.wiring_above_main" in text
        for word in words:
            assert word in text

    def test_names_the_price_book_of_a_price(self, run: Run, pack: Path) -> None:
        shown = run("explain", pack, "LP-3F/line.1")
        assert "price_book (단가표)" in shown.out
        assert "illustrative-2026-11-krw" in shown.out

    def test_takes_a_trace_id(self, run: Run, pack: Path) -> None:
        assert run("explain", pack.name, "totals.vat").code == 0

    def test_follows_the_rulebook_in_the_pack(self, run: Run, pack: Path) -> None:
        rulebook = pack / "library/rulebook.yaml"
        text = rulebook.read_text(encoding="utf-8")
        source = "general rate of Korean value added tax"
        assert source in text
        rulebook.write_text(text.replace(source, "another source of the rate"), encoding="utf-8")
        assert "출처: another source of the rate" in run("explain", pack, "totals.vat").out

    def test_names_what_is_near_an_unknown_id(self, run: Run, pack: Path) -> None:
        shown = run("explain", pack, "enclosure.hight_mm")
        assert (shown.code, shown.out) == (2, "")
        assert "enclosure.height_mm" in shown.err

    def test_needs_a_pack(self, run: Run, tmp_path: Path) -> None:
        assert run("explain", tmp_path, "totals.vat").code == 2
