"""What every benchmark shares: the machine it ran on, median and 95th percentile, and how a table is printed."""

import math
import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import psutil

CPU_FACTS = Path("/proc/cpuinfo")


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, cores, versions, day, and how busy the machine was at the start."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "ortools": version("ortools"),
        "date": datetime.now(UTC).date().isoformat(),
        "load_average": round(os.getloadavg()[0], 2),
    }


def described(facts: dict[str, Any]) -> str:
    """Return the machine in one line."""
    return (
        f"{facts['cpu']}, {facts['cores']} cores, Python {facts['python']}, OR-Tools {facts['ortools']}, "
        f"{facts['date']}, load average at the start {facts['load_average']}"
    )


def stolen_seconds() -> float:
    """Return how long, since its start, this virtual machine waited for a processor that others on the same host had; 0 where nobody tells."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0))


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return round(median(values), 2)


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile by nearest rank: a value that was measured, and of ten runs the slowest."""
    return round(sorted(values)[math.ceil(0.95 * len(values)) - 1], 2)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in Markdown, the first column to the left and the others to the right."""
    lines = [[str(heading) for heading in headings], *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for line in (lines[0], rule, *lines[1:]):
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        print(f"| {' | '.join(cells)} |")


def _cpu_model() -> str:
    if CPU_FACTS.is_file():
        for line in CPU_FACTS.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
