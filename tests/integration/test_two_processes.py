"""The same request in two processes with different hash seeds: the same bytes, but for the closed list of what may differ."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kis.evidence import differences, stable_view

ROOT = Path(__file__).parents[2]
EXAMPLES = (
    "office-lighting-panel.yaml",
    "many-branches.yaml",
    "recessed-given-loads.yaml",
    "tenant-building.yaml",
)


def quoted(example: str, folder: Path, hash_seed: str) -> dict[str, Any]:
    """Run ``kis quote`` in a process of its own and return what it printed."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONHASHSEED": hash_seed,
        "KIS_HOME": str(folder / "home"),
    }
    command = [
        sys.executable,
        "-m",
        "kis",
        "quote",
        str(ROOT / "examples" / example),
        "--json",
        "--out",
        str(folder),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


@pytest.mark.parametrize("example", EXAMPLES)
def test_two_processes_agree_on_every_byte(example: str, tmp_path: Path) -> None:
    one = quoted(example, tmp_path / "one", "0")
    other = quoted(example, tmp_path / "other", "4242")

    assert one["traceId"] != other["traceId"]
    assert differences(Path(one["evidence"]["path"]), Path(other["evidence"]["path"])) == ()
    for printed in (one, other):
        for volatile in ("traceId", "created_at", "evidence"):
            del printed[volatile]
    assert one == other


def test_a_changed_quantity_is_seen() -> None:
    """The comparison is no rubber stamp: one figure more and the stable views differ."""
    assert stable_view("output.json", b'{"quantity":1,"traceId":"a"}') != stable_view(
        "output.json", b'{"quantity":2,"traceId":"a"}'
    )
