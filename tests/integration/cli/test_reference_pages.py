"""docs/reference/gates.md and output.md name whatever a result can hold."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kis.estimator import estimate, load_request, load_rulebook, produce

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
GATES = (ROOT / "docs/reference/gates.md").read_text(encoding="utf-8")
OUTPUT = (ROOT / "docs/reference/output.md").read_text(encoding="utf-8")

SEVERAL = ("office-lighting-panel", "factory-motors", "tenant-building", "does-not-fit")
"""A plain one, one with accessories, one with several panels and lines of its own, one without a design."""

FREE_FORM = {"inputs", "because"}
"""What stands inside is named by the rules."""


@cache
def results() -> tuple[dict[str, Any], ...]:
    requests = [load_request(EXAMPLES / f"{name}.yaml") for name in SEVERAL]
    return tuple(
        produce(estimate(request), trace_id="t", created_at="2026-11-20T09:00:00Z").output
        for request in requests
    )


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            if key not in FREE_FORM:
                yield from keys_of(below)
    elif isinstance(value, list):
        for below in value:
            yield from keys_of(below)


def gates_on_the_page() -> list[str]:
    return re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", GATES, flags=re.MULTILINE)


class TestGatesPage:
    def test_lists_the_gates_of_the_rulebook_each_once(self) -> None:
        listed = gates_on_the_page()
        assert sorted(listed) == sorted(load_rulebook().gates)

    def test_lists_every_gate_of_the_examples(self) -> None:
        found: set[str] = set()
        for path in (EXAMPLES / "results").glob("*.json"):
            stored = json.loads(path.read_text(encoding="utf-8"))
            found |= set(stored["gates"]).union(*(panel["gates"] for panel in stored["panels"]))
        assert len(found) > 10
        assert found <= set(gates_on_the_page())


class TestOutputPage:
    def test_names_every_key_of_a_result(self) -> None:
        named = set(re.findall(r"`([^`]+)`", OUTPUT))
        found = {key for result in results() for key in keys_of(result)}
        assert {"traceId", "phase_r_va", "extra_lines", "permitted_load_factor"} <= found
        assert found - named == set()
