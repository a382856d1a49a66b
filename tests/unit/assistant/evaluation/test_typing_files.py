import json
from pathlib import Path

import pytest

from kis.assistant.evaluation.typing import files
from kis.assistant.evaluation.typing.catalog import ListedProduct, as_lines, shipped_products
from kis.assistant.evaluation.typing.files import load_products, load_traces, trace_lines
from kis.assistant.evaluation.typing.traces import made_traces
from kis.platform.errors import BadInput

PRODUCTS = [ListedProduct("a", "NX-240", "Rowan", "Mixer"), ListedProduct("7", "드릴", "")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "given.json"


def refused(given: BadInput) -> list[tuple[str, str]]:
    return [(Path(problem.path).name, problem.message.key.rpartition(".")[2]) for problem in given.problems]


class TestLoadProducts:
    @pytest.mark.parametrize("is_array", [True, False])
    def test_reads_an_array_or_lines(self, path: Path, is_array: bool) -> None:
        given = [
            {"id": "a", "name": " NX-240 ", "brand": "Rowan", "category": "Mixer", "country": "KR"},
            {"id": 7, "name": "드릴"},
        ]
        text = json.dumps(given, indent=1) if is_array else "\n\n".join(map(json.dumps, given))
        path.write_text("\ufeff" + text, encoding="utf-8")
        assert load_products(path) == PRODUCTS

    def test_reads_what_it_writes(self, path: Path) -> None:
        path.write_text(as_lines(shipped_products()), encoding="utf-8")
        assert load_products(path) == shipped_products()

    def test_names_every_bad_line(self, path: Path) -> None:
        lines = [
            '{"id": "a", "name": "one"}',
            "no json",
            "[1]",
            '{"id": "b", "name": " "}',
            '{"id": "a", "name": "two"}',
            '{"id": "c", "name": true}',
            json.dumps({"id": "d", "name": "x" * 501}),
            '"text"',
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
        with pytest.raises(BadInput) as given:
            load_products(path)
        assert refused(given.value) == [
            ("given.json:2", "not_json"),
            ("given.json:3", "no_product"),
            ("given.json:4", "keys"),
            ("given.json:5", "twice"),
            ("given.json:6", "keys"),
            ("given.json:7", "keys"),
            ("given.json:8", "no_product"),
        ]

    def test_names_the_place_in_an_array(self, path: Path) -> None:
        path.write_text('[{"id": "a", "name": "one"}, {"id": "b"}]', encoding="utf-8")
        with pytest.raises(BadInput) as given:
            load_products(path)
        assert refused(given.value) == [("given.json[1]", "keys")]

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"", ("given.json", "empty")),
            (b"[]", ("given.json", "empty")),
            (b'[\n{"id": 1,\n', ("given.json:3", "not_json")),
            (b"[" * 100_000, ("given.json", "not_json")),
            ('{"name": "드릴"}'.encode("cp949"), ("given.json", "not_utf8")),
        ],
    )
    def test_refuses_what_is_no_such_file(self, path: Path, data: bytes, problem: tuple[str, str]) -> None:
        path.write_bytes(data)
        with pytest.raises(BadInput) as given:
            load_products(path)
        assert refused(given.value) == [problem]

    def test_refuses_a_file_that_is_not_there_or_too_large(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(BadInput) as given:
            load_products(path)
        assert refused(given.value) == [("given.json", "unreadable")]
        path.write_text('{"id": "a", "name": "one"}', encoding="utf-8")
        monkeypatch.setattr(files, "MOST_BYTES", 10)
        with pytest.raises(BadInput) as given:
            load_products(path)
        assert refused(given.value) == [("given.json", "large")]

    def test_tells_of_very_many_problems_the_first_and_how_many_more(self, path: Path) -> None:
        path.write_text("x\n" * 250, encoding="utf-8")
        with pytest.raises(BadInput) as given:
            load_products(path)
        assert len(given.value.problems) == 101
        assert given.value.problems[-1].message.values == {"count": 150}

    def test_reads_no_more_than_it_may(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MOST_PRODUCTS", 1)
        path.write_text('{"id": "a", "name": "one"}\n{"id": "b", "name": "two"}', encoding="utf-8")
        with pytest.raises(BadInput) as given:
            load_products(path)
        assert refused(given.value) == [("given.json:2", "long")]


class TestLoadTraces:
    def test_reads_what_is_written(self, path: Path) -> None:
        products = shipped_products()
        traces = made_traces(products, per_kind=2)
        path.write_text("".join(trace_lines(traces)), encoding="utf-8")
        assert load_traces(path, products) == traces

    def test_names_every_bad_line(self, path: Path) -> None:
        lines = [
            {"target": "a", "kind": "clean", "keys": ["n", "nx"]},
            {"target": 7, "kind": "clean", "keys": ["ㄷ"]},
            {"target": "z", "kind": "clean", "keys": ["n"]},
            {"target": "a", "kind": "", "keys": []},
            {"target": "a", "kind": "clean", "keys": "nx"},
            {"target": "a", "kind": "clean", "keys": ["n", 1]},
            {"target": "a", "kind": "clean", "keys": ["n"] * 501},
            ["a"],
        ]
        path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        with pytest.raises(BadInput) as given:
            load_traces(path, PRODUCTS)
        assert refused(given.value) == [
            ("given.json:3", "unknown"),
            ("given.json:4", "trace_keys"),
            ("given.json:5", "trace_keys"),
            ("given.json:6", "trace_keys"),
            ("given.json:7", "trace_keys"),
            ("given.json:8", "no_trace"),
        ]
        assert given.value.problems[1].message.values["keys"] == "kind, keys"
