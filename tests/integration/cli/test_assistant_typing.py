import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PRODUCTS = [
    {"id": "a", "name": "Rowan NX-240", "brand": "Rowan", "category": "Mixer"},
    {"id": "b", "name": "Rowan NX-250", "brand": "Rowan", "category": "Mixer"},
    {"id": "c", "name": "누전차단기 EBN-52", "brand": "LS", "category": "차단기"},
    {"id": "d", "name": "배선용차단기 ABN-52", "brand": "LS", "category": "차단기"},
]
KIND_KEYS = {
    "kind",
    "count",
    "keys",
    "hit_at_1",
    "hit_at_3",
    "final_at_1",
    "need",
    "flicker",
    "p50_ms",
    "p95_ms",
}


def trace(target: str, kind: str, text: str) -> dict[str, Any]:
    return {"target": target, "kind": kind, "keys": [text[:end] for end in range(1, len(text) + 1)]}


@pytest.fixture
def products(tmp_path: Path) -> Path:
    path = tmp_path / "products.json"
    path.write_text(json.dumps(PRODUCTS), encoding="utf-8")
    return path


@pytest.fixture
def traces(tmp_path: Path) -> Path:
    """Give two traces that can be known, and one whose typist wants one product and types the other."""
    path = tmp_path / "traces.jsonl"
    given = [trace("b", "clean", "nx-25"), trace("c", "clean", "누전"), trace("a", "liar", "nx-250")]
    path.write_text("\n".join(map(json.dumps, given)), encoding="utf-8")
    return path


class TestEvaluateTyping:
    def test_measures_products_and_traces_of_ones_own(self, run: Run, products: Path, traces: Path) -> None:
        shown = run(
            "assistant",
            "evaluate-typing",
            "--products",
            products,
            "--traces",
            traces,
            "--failures",
            5,
            "--json",
        )
        assert shown.code == 0
        data = shown.data
        assert (data["products"], data["traces"], data["keys"]) == (4, 3, 13)
        assert data["build_seconds"] >= 0
        assert data["memory_mb"] > 0
        clean, liar, every = data["results"]
        assert all(row.keys() == KIND_KEYS for row in data["results"])
        assert (clean["kind"], clean["hit_at_1"], clean["final_at_1"]) == ("clean", 1, 1)
        assert (liar["kind"], liar["hit_at_1"], liar["need"]) == ("liar", 0, 1)
        assert (every["kind"], every["count"], every["hit_at_1"]) == ("all", 3, 0.6667)
        (failure,) = data["failures"]
        assert (failure["kind"], failure["name"], failure["typed"]) == ("liar", "Rowan NX-240", "nx-250")
        assert failure["shown"][0] == {"id": "b", "name": "Rowan NX-250"}

    def test_shows_a_table_and_what_failed(self, run: Run, products: Path, traces: Path) -> None:
        files = ("--products", products, "--traces", traces)
        shown = run("assistant", "evaluate-typing", *files, "--failures", 5, "--lang", "en")
        assert shown.code == 0
        assert shown.out.startswith("4 products, 3 traces, 13 key presses. Built in ")
        assert "hit@1" in shown.out
        assert [line.split()[:3] for line in shown.out.splitlines() if "liar" in line] == [
            ["liar", "1", "0.0000"],
            ["liar", "nx-250", "Rowan"],
        ]
        quiet = run("assistant", "evaluate-typing", *files)
        assert "친 글자" not in quiet.out

    def test_writes_the_traces_it_makes_and_measures_the_same_with_them(
        self, run: Run, products: Path, tmp_path: Path
    ) -> None:
        given = ("assistant", "evaluate-typing", "--products", products, "--json")
        made = run(*given, "--per-kind", 2, "--seed", 7, "--write-traces", "made.jsonl")
        assert made.code == 0
        lines = (tmp_path / "made.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(lines) == made.data["traces"]
        again = run(*given, "--traces", "made.jsonl")
        timed = {"p50_ms", "p95_ms"}
        told = [
            [{key: row[key] for key in KIND_KEYS - timed} for row in shown.data["results"]]
            for shown in (made, again)
        ]
        assert told[0] == told[1]

    def test_takes_the_shipped_catalog_without_options(self, run: Run) -> None:
        shown = run("assistant", "evaluate-typing", "--per-kind", 1, "--json")
        assert shown.code == 0
        assert (shown.data["products"], shown.data["traces"]) == (3144, 14)

    def test_names_every_bad_line_of_a_file(self, run: Run, products: Path, tmp_path: Path) -> None:
        bad = tmp_path / "bad.jsonl"
        bad.write_text('{"target": "z", "kind": "clean", "keys": ["n"]}\nnothing\n', encoding="utf-8")
        shown = run("assistant", "evaluate-typing", "--products", products, "--traces", bad, "--lang", "en")
        assert shown.code == 2
        assert shown.out == ""
        assert f"{bad}:1" in shown.err
        assert "there is no product z; correct target" in shown.err
        assert f"{bad}:2" in shown.err
        assert "is no JSON; write one JSON object in each line" in shown.err

    def test_refuses_options_of_made_traces_with_traces_of_ones_own(
        self, run: Run, products: Path, traces: Path
    ) -> None:
        options = ("--seed", 1, "--per-kind", 2, "--write-traces", "made.jsonl")
        shown = run(
            "assistant", "evaluate-typing", "--products", products, "--traces", traces, *options, "--json"
        )
        assert shown.code == 2
        assert [problem["path"] for problem in shown.data["problems"]] == [
            "--seed",
            "--per-kind",
            "--write-traces",
        ]

    def test_refuses_products_that_nobody_can_tell_apart(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "same.jsonl").write_text(
            '{"id": "a", "name": "NX"}\n{"id": "b", "name": "nx"}\n', encoding="utf-8"
        )
        shown = run("assistant", "evaluate-typing", "--products", "same.jsonl", "--lang", "en")
        assert shown.code == 2
        assert "no trace can be made of these products" in shown.err

    def test_says_where_nothing_can_be_written(self, run: Run, products: Path) -> None:
        shown = run(
            "assistant", "evaluate-typing", "--products", products, "--write-traces", "none/made.jsonl"
        )
        assert shown.code == 2
        assert "none/made.jsonl" in shown.err
        assert "쓸 수 없습니다" in shown.err
