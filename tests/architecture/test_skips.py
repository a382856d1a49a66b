"""A test that does not run is named; on the build server it fails."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
TESTS = """
import pytest

def test_runs():
    assert True

def test_needs_a_server():
    pytest.skip("no server here")

@pytest.mark.skip(reason="no tool here")
def test_needs_a_tool():
    assert True

@pytest.mark.xfail(reason="known", strict=True)
def test_known_gap():
    raise AssertionError
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "test_suite.py").write_text(TESTS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def suite_without_library(suite: Path) -> Path:
    """Add a file that is skipped whole; where that is an error, pytest stops before it runs anything."""
    code = 'import pytest\npytest.importorskip("no_such_library")\n'
    (suite / "test_library.py").write_text(code, encoding="utf-8")
    return suite


def run(suite: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    words = (
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:hypothesispytest",
        str(suite),
    )
    return subprocess.run(
        words, cwd=suite, env={"PATH": "", **environment}, capture_output=True, text=True, check=False
    )


class TestSkippedTests:
    def test_are_named_with_their_reason(self, suite_without_library: Path) -> None:
        result = run(suite_without_library)
        assert result.returncode == 0
        assert "not run on this machine: 3" in result.stdout
        assert "test_suite.py::test_needs_a_server: no server here" in result.stdout
        assert "test_suite.py::test_needs_a_tool: no tool here" in result.stdout
        assert "test_library.py: could not import 'no_such_library'" in result.stdout
        assert "1 passed, 3 skipped, 1 xfailed" in result.stdout.splitlines()[-1]

    def test_fail_on_the_build_server(self, suite: Path) -> None:
        result = run(suite, CI="true")
        assert result.returncode != 0
        assert "test_needs_a_server was skipped, and here nothing may be: no server here" in result.stdout
        assert "test_needs_a_tool was skipped, and here nothing may be: no tool here" in result.stdout
        assert "skipped" not in result.stdout.splitlines()[-1]

    def test_fail_on_the_build_server_also_as_a_whole_file(self, suite_without_library: Path) -> None:
        result = run(suite_without_library, CI="true")
        assert result.returncode != 0
        assert "test_library.py was skipped, and here nothing may be: could not import" in result.stdout
