"""How long the engine takes for panels of 12, 40, 100 and 200 branches, stage by stage, and whether the phases are proven optimal.

./kis bench engine [--json] [--runs N] [--sizes 12 40] [--plain-limit SECONDS]

Three mixes of the same breakers (2P 20, 30 and 50 A, 3P 50 A): loads from the ratings, a load of its own for every branch in
hundreds of VA, and in tens. A run is the whole engine: request in, gates and priced lines out, no documents. The library is
open, OR-Tools loaded (``./kis bench quote`` shows what that costs), and one run done before the first that counts. Last, a plain
CP-SAT model of the phases alone (benchmarks/plain_cp_sat.py) on the same loads.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from benchmarks._measure import described, machine, middle, p95, print_table
from benchmarks.plain_cp_sat import solve_plain
from kis.estimator import estimate, open_library, parse_request
from kis.estimator.design import PanelDesign
from kis.estimator.pipeline import STAGES, PanelState

MAIN_RATING_A: Final = {12: 100, 40: 225, 100: 400, 200: 400}
OBJECTIVES: Final = {"phase_difference": "loads", "count_difference": "counts", "seats_off_cycle": "seats"}
DAY: Final = date(2026, 11, 2)
RUNS: Final = 20
FEWEST_RUNS: Final = 4
LONGEST_MS: Final = 20_000.0  # for all runs of one panel
PLAIN_LIMIT: Final = 5.0  # that of the engine's own solver
VOLTS: Final = 220
TOP_LOAD_PERCENT: Final = 80
BOTTOM_LOAD_VA: Final = 600


@dataclass(frozen=True, slots=True)
class Mix:
    """Where the loads come from: the ratings, or a load for every branch in steps of ``step_va``."""

    name: str
    step_va: int | None


MIXES: Final = (Mix("ratings", None), Mix("VA in hundreds", 100), Mix("VA in tens", 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one panel took: the whole engine and each stage in milliseconds, the proofs, and the plain model on the same loads."""

    branches: int
    mix: str
    runs: int
    median_ms: float
    p95_ms: float
    stages: Mapping[str, tuple[float, float]]
    difference_va: int
    proofs: Mapping[str, str]
    box: str
    plain_ms: float
    plain_difference_va: int | None
    plain_bound_va: int | None
    plain_proven: bool


def request(branches: int, mix: Mix) -> dict[str, object]:
    """Return a request: of ten branches six of 2P 20 A, two of 2P 30 A, one of 2P 50 A and one of 3P 50 A."""
    large, middling = branches // 10, branches // 5
    groups = [("MCCB", 3, 50, large), ("ELB", 2, 50, large), ("ELB", 2, 30, middling)]
    groups.append(("ELB", 2, 20, branches - 2 * large - middling))
    wanted = [
        {"kind": kind, "poles": poles, "rating_a": rating_a, **given}
        for kind, poles, rating_a, quantity in groups
        for given in _loads_given(quantity, rating_a * (3 if poles == 3 else 1), mix)
    ]
    main = {"kind": "MCCB", "poles": 4, "rating_a": MAIN_RATING_A[branches]}
    panel = {"name": f"LP-{branches}", "make": "Sangdo", "mains": [main], "branches": wanted}
    return {"customer": {"name": "KIS"}, "project": mix.name, "date": DAY, "panels": [panel]}


def _loads_given(quantity: int, amperes: int, mix: Mix) -> Iterator[dict[str, int]]:
    """Yield one row for all equal branches, or one for each with a load of its own: spread evenly, but out of order."""
    if mix.step_va is None:
        yield {"quantity": quantity}
        return
    steps = (amperes * VOLTS * TOP_LOAD_PERCENT // 100 - BOTTOM_LOAD_VA) // mix.step_va
    for number in range(quantity):
        # Multiples of the golden ratio (6185 / 10007) fill a range evenly, however many there are.
        yield {"load_va": BOTTOM_LOAD_VA + number * 6185 % 10_007 * steps // 10_007 * mix.step_va}


def measured(branches: int, mix: Mix, runs: int, plain_limit: float) -> Measurement:
    """Run one panel ``runs`` times after the first (fewer when that takes too long), then the plain model once."""
    parsed = parse_request(request(branches, mix))
    library = open_library(parsed.request, on=DAY)
    totals: list[float] = []
    states: list[PanelState] = []
    while len(totals) < FEWEST_RUNS or (len(totals) <= runs and sum(totals) < LONGEST_MS):
        started = time.perf_counter()
        made = estimate(parsed, library=library, timer=time.perf_counter)
        totals.append((time.perf_counter() - started) * 1000)
        states.append(made.panels[0].state)
    design = states[-1].design
    assert design is not None, f"{branches} branches do not fit"
    phases, box = design.phases[0], design.enclosure
    plain = solve_plain(_single_phase_loads(design), len(phases.loads_va), plain_limit)
    return Measurement(
        branches=branches,
        mix=mix.name,
        runs=len(totals) - 1,
        median_ms=middle(totals[1:]),
        p95_ms=p95(totals[1:]),
        stages={name: _stage_times(name, states[1:]) for name, _ in STAGES},
        difference_va=int(max(phases.loads_va) - min(phases.loads_va)),
        proofs={item.name: item.status for item in phases.objectives},
        box=f"{box.width_mm}×{box.height_mm}×{box.depth_mm}",
        plain_ms=round(plain.wall_seconds * 1000, 1),
        plain_difference_va=plain.difference_va,
        plain_bound_va=plain.bound_va,
        plain_proven=plain.proven,
    )


def _stage_times(name: str, states: Sequence[PanelState]) -> tuple[float, float]:
    times = [state.durations_ms[name] for state in states]
    return middle(times), p95(times)


def _single_phase_loads(design: PanelDesign) -> list[int]:
    """Return the loads that have a choice; those on every phase alike change no difference."""
    return [int(device.phase_load_va) for device in design.problem.devices if device.connected == 1]


def main(arguments: list[str]) -> int:
    """Measure every size and mix and print the tables."""
    parser = argparse.ArgumentParser(prog="./kis bench engine", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--sizes", type=int, nargs="+", choices=MAIN_RATING_A, default=list(MAIN_RATING_A))
    parser.add_argument(
        "--plain-limit", type=float, default=PLAIN_LIMIT, help="deterministic seconds for the plain model"
    )
    options = parser.parse_args(arguments)
    facts = machine()
    found = [
        measured(size, mix, options.runs, options.plain_limit) for mix in MIXES for size in options.sizes
    ]
    if options.json:
        print(json.dumps({"machine": facts, "panels": [asdict(item) for item in found]}, indent=2))
    else:
        print(described(facts), "stages as median / p95", sep="; ", end="\n\n")
        _print_stages(found)
        _print_proofs(found)
    return 0


def _print_stages(found: Sequence[Measurement]) -> None:
    print_table(
        (
            "loads",
            "branches",
            "runs",
            *(f"{name} ms" for name, _ in STAGES),
            "all, median",
            "all, p95",
        ),
        [
            (
                item.mix,
                item.branches,
                item.runs,
                *(f"{median} / {high}" for median, high in item.stages.values()),
                item.median_ms,
                item.p95_ms,
            )
            for item in found
        ],
    )
    print()


def _print_proofs(found: Sequence[Measurement]) -> None:
    print_table(
        (
            "loads",
            "branches",
            "box",
            "difference VA",
            *OBJECTIVES.values(),
            "plain CP-SAT ms",
            "its difference VA",
            "its bound VA",
        ),
        [
            (
                item.mix,
                item.branches,
                item.box,
                item.difference_va,
                *(item.proofs.get(name, "–") for name in OBJECTIVES),
                item.plain_ms,
                _or_dash(item.plain_difference_va),
                "proven" if item.plain_proven else _or_dash(item.plain_bound_va),
            )
            for item in found
        ],
    )


def _or_dash(value: int | None) -> object:
    return "–" if value is None else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
