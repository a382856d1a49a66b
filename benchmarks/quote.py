"""How long the program takes from the shell: ``./kis --help``, and ``./kis quote`` once everything is installed.

Beside them what no program can go below: starting Python, and loading OR-Tools, which only the panels pay that need a search.

./kis bench quote [--json] [--runs N]

Each run is a new process, started through the launcher as a user starts it; one run before the first that counts fills the
file cache and makes the signing key. Beside the wall time stands the processor time, which other work on the machine hardly changes.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks._measure import described, machine, middle, p95, print_table

ROOT: Final = Path(__file__).resolve().parents[1]
EXAMPLE: Final = "examples/office-lighting-panel.yaml"
RUNS: Final = 10


def measured(words: Sequence[str], runs: int, environment: dict[str, str]) -> dict[str, Any]:
    """Return the times of ``runs`` processes, after one that does not count."""
    _timed(words, environment)
    times = [_timed(words, environment) for _ in range(runs)]
    walls, processors = [wall for wall, _ in times], [processor for _, processor in times]
    return {
        "command": " ".join(words),
        "runs": runs,
        "median_ms": middle(walls),
        "p95_ms": p95(walls),
        "processor_median_ms": middle(processors),
    }


def _timed(words: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    processor, started = _processor_seconds(), time.perf_counter()
    subprocess.run(
        words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return (time.perf_counter() - started) * 1000, (_processor_seconds() - processor) * 1000


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str]) -> int:
    """Measure the commands and print the table."""
    parser = argparse.ArgumentParser(prog="./kis bench quote", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args(arguments)
    facts = machine()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"KIS_HOME": f"{folder}/home", "LANG": "C.UTF-8"}
        commands = (
            (sys.executable, "-c", "pass"),
            (sys.executable, "-c", "from ortools.sat.python import cp_model"),
            ("./kis", "--help"),
            ("./kis", "quote", EXAMPLE, "--out", f"{folder}/out"),
        )
        results = [measured(words, options.runs, environment) for words in commands]
    if options.json:
        print(json.dumps({"machine": facts, "commands": results}, indent=2))
        return 0
    print(described(facts), end="\n\n")
    print_table(
        ("command", "median ms", "p95 ms", "processor ms"),
        [
            (_shown(item["command"]), item["median_ms"], item["p95_ms"], item["processor_median_ms"])
            for item in results
        ],
    )
    return 0


def _shown(command: str) -> str:
    return command.replace(sys.executable, "python").partition(" --out")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
