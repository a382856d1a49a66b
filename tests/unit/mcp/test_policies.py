"""The policies of the tools hold together, or the gateway does not start."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kis.mcp import TOOLS, load_policies
from kis.platform.errors import BadInput

SHIPPED = Path(__file__).parents[3] / "src" / "kis" / "mcp" / "policies.yaml"


def written(folder: Path, **changes: Any) -> Path:
    """The shipped policies with some tools' policies replaced (None: left out)."""
    given = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for tool, policy in changes.pop("tools", {}).items():
        given["tools"].pop(tool, None)
        if policy is not None:
            given["tools"][tool] = policy
    path = folder / "policies.yaml"
    path.write_text(yaml.safe_dump({**given, **changes}), encoding="utf-8")
    return path


def test_every_tool_has_one() -> None:
    assert tuple(load_policies().tools) == TOOLS


def test_a_tool_without_one_and_one_without_a_tool_are_both_named(tmp_path: Path) -> None:
    other = {"timeout_seconds": 1, "retries": 0, "requires": [], "on_failure": "tell"}
    path = written(tmp_path, tools={"doc.lint": None, "doc.lnt": other})
    with pytest.raises(BadInput) as refused:
        load_policies(path)
    assert [problem.path for problem in refused.value.problems] == ["tools.doc.lint", "tools.doc.lnt"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timeout_seconds", 0),
        ("timeout_seconds", "long"),
        ("retries", -1),
        ("retries", 99),
        ("requires", ["paint"]),
        ("on_failure", "panic"),
        ("colour", "red"),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_its_place(tmp_path: Path, field: str, value: Any) -> None:
    policy = {"timeout_seconds": 1, "retries": 0, "requires": [], "on_failure": "tell", field: value}
    with pytest.raises(BadInput) as refused:
        load_policies(written(tmp_path, tools={"doc.lint": policy}))
    assert refused.value.problems[0].path.startswith(f"tools.doc.lint.{field}")


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policies.yaml"
    path.write_text("tools: [", encoding="utf-8")
    with pytest.raises(BadInput):
        load_policies(path)
