"""How long a whole quotation takes with every document: one panel of 40 branches, and twenty panels of 12 to 40.

./kis bench documents [--json] [--runs N] [--twenty N]

A run is what ``kis quote`` does after its start: the engine, the drawings, each document, the judging of the finished files, and the signed pack on
the disk; of many panels the drawings and the judging are done in helping processes, whose start is part of the time. The library is open, every program module loaded and one run done before the first that counts. ``./kis bench quote`` measures the whole
command with its start.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from benchmarks._measure import described, machine, middle, p95, print_table
from kis.estimator import (
    HELPERS_LOAD,
    Issue,
    Library,
    estimate,
    open_library,
    parse_request,
    produce,
)
from kis.evidence import write_pack
from kis.platform.processes import collecting_rarely, spreading

DAY: Final = date(2026, 11, 2)
RUNS: Final = 20
TWENTY_RUNS: Final = 3
FORTY: Final = (40,)
MIXED: Final = (12, 16, 20, 24, 30, 40)
"""Branches of the panels of a project, over and over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What a quotation took: all of it, and each part in milliseconds (median, 95th percentile)."""

    panels: int
    runs: int
    median_ms: float
    p95_ms: float
    parts: Mapping[str, tuple[float, float]]
    files: int
    pack_bytes: int


def request(panels: int, sizes: Sequence[int] = FORTY) -> dict[str, Any]:
    """Return a request for ``panels`` panels with so many branches each: half 2P 20 A, three tenths 2P 30 A, the rest 3P 50 A."""
    return {
        "customer": {"name": "한빛전설", "company": "한빛전설㈜"},
        "project": "사무동 신축",
        "date": DAY.isoformat(),
        "panels": [
            {
                "name": f"LP-{number + 1}",
                "mains": [{"kind": "MCCB", "poles": 4, "rating_a": 225}],
                "branches": _branches(sizes[number % len(sizes)]),
                "accessories": [{"kind": "spd"}],
                "ambient_c": 30 + number % 6,
            }
            for number in range(panels)
        ],
    }


def _branches(count: int) -> list[dict[str, Any]]:
    half, third = count // 2, count * 3 // 10
    return [
        {"kind": "ELB", "poles": 2, "rating_a": 20, "quantity": half, "load": "전열"},
        {"kind": "MCCB", "poles": 2, "rating_a": 30, "quantity": third, "load": "전등"},
        {"kind": "MCCB", "poles": 3, "rating_a": 50, "quantity": count - half - third, "load": "동력"},
    ]


def measured(panels: int, sizes: Sequence[int], runs: int, library: Library) -> Measurement:
    """Quote ``runs`` times after one time that does not count."""
    with tempfile.TemporaryDirectory() as folder:
        _once(request(panels, sizes), library, Path(folder), 0)
        results = [_once(request(panels, sizes), library, Path(folder), run) for run in range(1, runs + 1)]
    names = results[0][1].keys()
    totals = [total for total, _, _ in results]
    return Measurement(
        panels=panels,
        runs=runs,
        median_ms=middle(totals),
        p95_ms=p95(totals),
        parts={
            name: (
                middle([parts[name] for _, parts, _ in results]),
                p95([parts[name] for _, parts, _ in results]),
            )
            for name in names
        },
        files=len(results[0][2]),
        pack_bytes=sum(len(data) for data in results[0][2].values()),
    )


def _once(
    wanted: Mapping[str, Any], library: Library, folder: Path, run: int
) -> tuple[float, dict[str, float], Mapping[str, bytes]]:
    started = time.perf_counter()
    with collecting_rarely(), spreading(len(wanted["panels"]), loads=HELPERS_LOAD) as spread:
        made = estimate(parse_request(wanted), library=library, on=DAY, spread=spread)
        engine = time.perf_counter()
        product = produce(
            made,
            trace_id=f"run-{run}",
            created_at="2026-11-02T00:00:00Z",
            issue=Issue(number="KIS-2026-0001-R0"),
            timer=time.perf_counter,
            spread=spread,
        )
    produced = time.perf_counter()
    write_pack(
        folder / "evidence",
        f"run-{run}",
        product.files,
        predicate=product.predicate,
        organisation="bench",
        created_at="2026-11-02T00:00:00Z",
        home=folder / "home",
    )
    ended = time.perf_counter()
    documents = json.loads(product.files["metrics.json"])["durations_ms"]["documents"]
    parts = {"engine": (engine - started) * 1000, **documents}
    parts["records"] = (produced - engine) * 1000 - sum(documents.values())
    parts["signed pack"] = (ended - produced) * 1000
    return (ended - started) * 1000, parts, product.files


def main(arguments: Sequence[str]) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="./kis bench documents", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--twenty", type=int, default=TWENTY_RUNS, help="runs of the request for 20 panels")
    options = parser.parse_args(arguments)
    facts = machine()
    library = open_library(parse_request(request(1)).request, on=DAY)
    results = [
        measured(1, FORTY, options.runs, library),
        measured(20, MIXED, options.twenty, library),
    ]
    if options.json:
        print(json.dumps({"machine": facts, "quotations": [asdict(item) for item in results]}, indent=2))
        return 0
    print(described(facts), end="\n\n")
    rows: list[tuple[str, object, object, object, object]] = [
        ("whole quotation", results[0].median_ms, results[0].p95_ms, results[1].median_ms, results[1].p95_ms)
    ]
    rows += [(name, *results[0].parts[name], *results[1].parts[name]) for name in results[0].parts]
    print_table(("part, in ms", "1 panel median", "p95", "20 panels median", "p95"), rows)
    for item in results:
        print(
            f"\n{item.panels} panel(s): {item.files} files, {item.pack_bytes / 2**20:.1f} MiB, {item.runs} runs"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
