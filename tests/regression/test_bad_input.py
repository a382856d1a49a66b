"""Malformed requests, each with the exact lines a reader is told, in English and Korean (tests/data/requests/bad)."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kis.estimator.intake import load_request, parse_request
from kis.platform.errors import BadInput

BAD = Path(__file__).parents[1] / "data" / "requests" / "bad"


def cases(name: str) -> list[Any]:
    loaded = yaml.safe_load((BAD / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["case"]) for case in loaded]


def spoiled(case: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = yaml.safe_load((BAD / "base.yaml").read_text(encoding="utf-8"))
    for path, value in case.get("set", {}).items():
        block, last = block_at(request, path)
        block[last] = copy.deepcopy(value)
    for path in case.get("drop", []):
        block, last = block_at(request, path)
        del block[last]
    return request


def block_at(request: Any, path: str) -> tuple[Any, str | int]:
    *steps, last = [
        int(part[1:-1]) if part.startswith("[") else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", path)
    ]
    for step in steps:
        request = request[step]
    return request, last


def told(case: dict[str, Any], read: Callable[[], object]) -> None:
    with pytest.raises(BadInput) as caught:
        read()
    problems = caught.value.problems
    assert [problem.text("en") for problem in problems] == case["en"]
    assert [problem.text("ko") for problem in problems] == case["ko"]


@pytest.mark.regression
class TestBadRequests:
    def test_base_is_sound(self) -> None:
        assert parse_request(spoiled({})).request.panels[0].name == "LP-1"

    @pytest.mark.parametrize("case", cases("fields"))
    def test_field(self, case: dict[str, Any]) -> None:
        told(case, lambda: parse_request(spoiled(case)))

    @pytest.mark.parametrize("case", cases("rules"))
    def test_rule_between_fields(self, case: dict[str, Any]) -> None:
        told(case, lambda: parse_request(spoiled(case)))

    @pytest.mark.parametrize("case", cases("predecessor"))
    def test_request_of_the_predecessor(self, case: dict[str, Any]) -> None:
        told(case, lambda: parse_request({"panels": case["panels"]}))

    @pytest.mark.parametrize("case", cases("texts"))
    def test_file(self, case: dict[str, Any], tmp_path: Path) -> None:
        path = tmp_path / f"request.{case['format']}"
        path.write_bytes(case["text"].encode("utf-8"))
        told(case, lambda: load_request(path))
