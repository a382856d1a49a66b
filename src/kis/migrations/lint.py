"""squawk over the SQL of the revisions."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from kis.migrations.errors import LintFailed, NoLinter
from kis.migrations.export import sql_files
from kis.platform.messages import Message

OLDEST_SERVER: Final = "14.0"
LEFT_OUT: Final = (
    "prefer-bigint-over-int",  # counts of panels, millimetres, years: none can outgrow 32 bits
    "prefer-text-field",  # varchar is text; the one length there is cuts what browsers say about themselves
)


def lint() -> list[str]:
    """Return what squawk finds, one line each. Raises NoLinter where it is not installed."""
    files = {name: text for name, text in sql_files().items() if name.startswith("migrations/")}
    with tempfile.TemporaryDirectory(prefix="kis-lint-") as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return lint_files(sorted((Path(folder) / "migrations").glob("*.sql")))


def lint_files(paths: list[Path]) -> list[str]:
    """Return what squawk finds in these files, as ``file:line: rule: what is wrong``."""
    ended = subprocess.run(
        [
            _squawk(),
            f"--pg-version={OLDEST_SERVER}",
            f"--exclude={','.join(LEFT_OUT)}",
            "--reporter=json",
            *map(str, paths),
        ],
        capture_output=True,
        check=False,
        text=True,
    )
    try:
        found = json.loads(ended.stdout)
    except ValueError as error:
        raise LintFailed(
            Message("migrations.lint_failed", {"reason": ended.stderr.strip()[-500:]})
        ) from error
    return [
        f"{Path(fault['file']).name}:{fault['line'] + 1}: {fault['rule_name']}: {fault['message']}"
        for fault in found
    ]


def _squawk() -> str:
    beside = Path(sys.executable).with_name("squawk")
    found = str(beside) if beside.is_file() else shutil.which("squawk")
    if found is None:
        raise NoLinter(Message("migrations.no_linter"))
    return found
