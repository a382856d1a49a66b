"""The import contracts of pyproject.toml hold, and each of them notices the import that it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# what is written where, and the contract that must break
VIOLATIONS = {
    "upwards": ("platform/errors.py", "import kis.evidence", "Each layer uses only those below it"),
    "sideways past the face": ("cli/output.py", "import kis.catalog.prices", "The catalogue is reached only through"),
    "into the estimator": ("cli/output.py", "import kis.estimator.request", "The estimator is reached only through"),
    "into the evidence": ("estimator/request.py", "import kis.evidence.chain", "Evidence is reached only through"),
    "into the identity": ("quotations/errors.py", "import kis.identity.tokens", "Identity is reached only through"),
    "into the quotations": ("worker/work.py", "import kis.quotations.reading", "Quotations are reached only through"),
    "http outside the API": ("quotations/errors.py", "import fastapi", "Only the API speaks HTTP"),
    "broker outside the worker": ("platform/jobs/queue.py", "import celery", "Only the worker knows Celery"),
    "storage library elsewhere": ("evidence/store/models.py", "import obstore", "Only the object store knows"),
    "morphemes elsewhere": ("search/highlights.py", "import kiwipiepy", "Only kis.search.tokens takes words apart"),
    "solver outside its place": ("estimator/request.py", "import ortools", "Only kis.estimator.solver imports"),
    "terminal in the engine": ("estimator/request.py", "import rich", "Only a face talks to a terminal"),
    "network in the engine": ("estimator/request.py", "import socket", "The engine reaches no network"),
    "chance in the engine": ("catalog/prices.py", "import random", "The engine reaches no network"),
    "cycle": ("platform/messages/__init__.py", "import kis.platform.errors", "No cycles between siblings"),
}  # fmt: skip


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over the package in ``folder``, which has nothing else on its path."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        (program, "--no-logo", "--no-cache"),
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


class TestContracts:
    def test_hold(self) -> None:
        result = check(ROOT)
        assert result.returncode == 0, result.stdout
        assert ", 0 broken." in result.stdout

    @pytest.mark.parametrize(("module", "line", "contract"), VIOLATIONS.values(), ids=VIOLATIONS)
    def test_break_on_a_forbidden_import(self, copied: Path, module: str, line: str, contract: str) -> None:
        path = copied / "src" / "kis" / module
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
        result = check(copied)
        assert result.returncode == 1, result.stdout
        broken = [shown for shown in result.stdout.splitlines() if " BROKEN" in shown]
        assert any(shown.startswith(contract) for shown in broken), result.stdout

    def test_break_on_a_package_without_a_layer(self, copied: Path) -> None:
        (copied / "src" / "kis" / "utilities.py").touch()
        result = check(copied)
        assert result.returncode == 1
        assert "utilities" in result.stdout
