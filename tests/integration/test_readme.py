"""What the README and the guides tell people to type works: every ``sh`` and ``python`` block runs, page by page, top to bottom.

A page runs in a folder of its own that has the launcher and the examples of this checkout in it, with a home of its own.
Blocks that start the platform or ask a running one are not for here: tests/e2e walks the README's on a real one.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from kis.estimator import estimate, load_request, produce

ROOT = Path(__file__).resolve().parents[2]
QUICKSTART = "docs/quickstart.md"
PAGES = (
    "README.md",
    QUICKSTART,
    *sorted(f"docs/how-to/{page.name}" for page in (ROOT / "docs/how-to").glob("*.md")),
)
WHOLE_SUITE = "./kis test"
ITS_VERB = "./kis test --collect-only --quiet tests/unit/platform"
"""The suite cannot run itself; that the verb finds tests is what can be seen from inside."""


OF_A_RUNNING_PLATFORM = re.compile(r"^\./kis (?:up$|assistant chat\b)|\$KIS\b", re.MULTILINE)


def blocks(page: str, language: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse((ROOT / page).read_text(encoding="utf-8"))
    found = [token.content for token in tokens if token.type == "fence" and token.info == language]
    return [block for block in found if not OF_A_RUNNING_PLATFORM.search(block)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("kis", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(folder: Path, *words: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "KIS_HOME": str(folder / "home"),
        "KIS_LANG": "ko",
        "LANG": "C.UTF-8",
        "COLUMNS": "200",
        "PYTHONPATH": str(ROOT / "src"),
    }
    ended = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    assert "내부 오류" not in ended.stderr  # also where the page expects a command to fail
    return ended.stdout


def run_shell_blocks(folder: Path, page: str) -> str:
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    script = ["set -eu", *(ITS_VERB if line == WHOLE_SUITE else line for line in lines)]
    return run(folder, "bash", "-c", "\n".join(script))


class TestShellBlocks:
    @pytest.mark.parametrize("page", [page for page in PAGES if page != QUICKSTART and blocks(page, "sh")])
    def test_run_from_top_to_bottom(self, folder: Path, page: str) -> None:
        assert run_shell_blocks(folder, page)

    def test_of_the_quickstart_show_what_it_says(self, folder: Path) -> None:
        shown = run_shell_blocks(folder, QUICKSTART)
        # twelve equal circuits make four on each of three phases
        assert "불평형 0.0000 (최소 증명됨)" in shown
        # one circuit on one of three phases fails its gate; then the altered file is named
        assert shown.count("exit code 3") == 2
        assert "output.json" in shown

    def test_of_the_readme_are_the_two_commands(self) -> None:
        assert [block.strip() for block in blocks("README.md", "sh")] == [
            "./kis quote examples/office-lighting-panel.yaml",
            WHOLE_SUITE,
        ]


class TestPythonBlocks:
    @pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")])
    def test_run(self, folder: Path, page: str) -> None:
        for block in blocks(page, "python"):
            shown = run(folder, sys.executable, "-W", "error", "-c", block)
            # the office panel passes with a remark: its box fits 0.8077 and costs less than a custom one
            assert shown.splitlines()[-1].startswith("remark ")


class TestPicture:
    def test_is_the_one_that_the_example_leaves(self) -> None:
        made = estimate(load_request(ROOT / "examples/office-lighting-panel.yaml"))
        product = produce(made, trace_id="readme", created_at="2026-11-02T00:00:00Z")
        shown = (ROOT / "docs/pictures/office-lighting-panel.svg").read_bytes()
        assert product.files["visual.svg"] == shown, (
            "quote examples/office-lighting-panel.yaml and copy its visual.svg"
        )


class TestRequirementsPage:
    def test_answers_every_number_once(self) -> None:
        page = (ROOT / "docs/requirements.md").read_text(encoding="utf-8")
        answered = re.findall(r"^\| ([KHDR]?[0-9]+) \|", page, re.MULTILINE)
        # K 1–22, H 1–10, D 1–7, R 1–8, and the contradictions 1–25
        counts = {"K": 22, "H": 10, "D": 7, "R": 8, "": 25}
        assert answered == [
            f"{letter}{number}" for letter, most in counts.items() for number in range(1, most + 1)
        ]
