"""A process dies at a named point only where it was started to, and once."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kis.platform.crossing import KNOWLEDGE_POINTS, POINTS, folder_of

ROOT = Path(__file__).resolve().parents[3]
CROSS = "from kis.platform.crossing import crossing; crossing('job.claimed'); crossing('job.claimed')"


def cross(folder: Path, **environment: str) -> int:
    given = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "KIS_FAULT_POINTS": str(folder), **environment}
    return subprocess.run([sys.executable, "-c", CROSS], env=given, check=False).returncode


def test_a_process_started_to_die_at_a_point_dies_there_once(tmp_path: Path) -> None:
    (tmp_path / "job.claimed").touch()
    assert cross(tmp_path) == -signal.SIGKILL
    assert cross(tmp_path) == 0


def test_another_point_is_passed(tmp_path: Path) -> None:
    (tmp_path / "storage.written").touch()
    assert cross(tmp_path) == 0
    assert (tmp_path / "storage.written").exists()


def test_nobody_dies_in_production(tmp_path: Path) -> None:
    (tmp_path / "job.claimed").touch()
    assert cross(tmp_path, APP_ENV="Production ") == 0


@pytest.mark.parametrize("environment", [{}, {"KIS_FAULT_POINTS": ""}])
def test_nothing_is_looked_for_where_nothing_was_asked(environment: dict[str, str]) -> None:
    assert folder_of(environment) is None


def test_every_point_is_crossed_somewhere_and_no_other() -> None:
    crossed = set()
    for path in (ROOT / "src" / "kis").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        if "from kis.platform.crossing import crossing" not in code:
            continue
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "crossing":
                point = node.args[0]
                assert isinstance(point, ast.Constant), f"{path}: a point is named where it is crossed"
                crossed.add(point.value)
    assert crossed == {*POINTS, *KNOWLEDGE_POINTS}
