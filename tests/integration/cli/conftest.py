"""One real quotation, made once by the program itself, and a fresh copy of it with its installation for each test."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kis.cli import main

REQUEST = """\
customer: {name: 한빛전설}
project: 본관 3층 분전반
quotation_date: 2026-11-20
margin_percent: 5
discount_percent: 3
extra_lines: [{item: 운반비, unit: 식, quantity: 1, price: 150000}]
panels:
  - name: LP-3F
    quantity: 2
    make: LS ELECTRIC
    mains: [{kind: MCCB, poles: 4, rating_a: 100}]
    branches:
      - {kind: ELB, poles: 2, rating_a: 20, quantity: 6, load: 전열}
      - {kind: MCCB, poles: 4, rating_a: 50, load: 동력}
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a run of the program left: its exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Shown]


@pytest.fixture(scope="session")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quote once, as a process of its own."""
    base = tmp_path_factory.mktemp("quoted")
    (base / "request.yaml").write_text(REQUEST, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(
        (sys.executable, "-P", "-m", "kis", "quote", "request.yaml"),
        cwd=base,
        env=environment | {"KIS_HOME": str(base / "home")},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return base


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the home of the installation, where every test's own program looks for its keys."""
    monkeypatch.setenv("KIS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KIS_LANG", "ko")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def pack(quoted: Path, tmp_path: Path, home: Path) -> Path:
    """Give the pack of the quotation, copied together with the installation that made it."""
    shutil.copytree(quoted, tmp_path, dirs_exist_ok=True)
    assert home.is_dir()
    (found,) = (entry for entry in (tmp_path / "out" / "evidence").iterdir() if entry.is_dir())
    return found


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program in this process."""

    def ran(*words: object) -> Shown:
        assert home.parent == Path.cwd()
        capsys.readouterr()
        code = main([str(word) for word in words])
        shown = capsys.readouterr()
        return Shown(code, shown.out, shown.err)

    return ran


def edit_json(path: Path, change: Callable[[Any], None]) -> None:
    """Change what a JSON file of a pack says, in the canonical spelling."""
    from kis.evidence import canonical_bytes

    value = json.loads(path.read_bytes())
    change(value)
    path.write_bytes(canonical_bytes(value))


@pytest.fixture
def edit() -> Callable[[Path, Callable[[Any], None]], None]:
    """Give the way to change a JSON file."""
    return edit_json
