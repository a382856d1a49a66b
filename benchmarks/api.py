"""What the API answers in under load: reading and accepting quotations, `/healthz` beside them, while workers make what was accepted.

./kis bench api [--seconds 60] [--rate 100] [--folder FOLDER] [--json]

Starts an installation of its own (`./kis up` on a new data folder, embedded PostgreSQL, worker processes at low priority), makes quotations to read,
then sends requests at fixed times, 95 of 100 reading one of the quotations whole and 5 accepting a new one, from one process on the same machine.
A latency counts from the time the request was due. Beside them a page is written through to the same disk five times a second: a commit waits for at least
one such write, and what the disk does to the tail is not the program's. The queue that the workers did not get to is stated.
"""

import argparse
import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from benchmarks._disk import disk_watched
from benchmarks._http import Hit, Load, Shot
from benchmarks._installation import Installation, running_installation
from benchmarks._measure import described, machine, middle, p95, print_table

ROOT: Final = Path(__file__).resolve().parents[1]
BODY: Final = (ROOT / "examples" / "office-lighting-panel.yaml").read_bytes()
READABLE: Final = 20
"""Finished quotations that are read in turn."""
ACCEPTED_OF_100: Final = 5
HEALTH_PER_SECOND: Final = 5
WARM_SECONDS: Final = 5.0


def planned(
    installation: Installation, quotes: Sequence[str], rate: int, seconds: float
) -> Iterator[tuple[float, Callable[[], Shot]]]:
    """Yield the requests with their times: reads and acceptances evenly mixed, `/healthz` between them."""
    reads = cycle(
        Shot("GET /v1/estimate/{id}", installation.request("GET", f"/v1/estimate/{quote}"))
        for quote in quotes
    )
    accept = Shot(
        "POST /v1/estimate",
        installation.request("POST", "/v1/estimate", BODY, {"Content-Type": "application/yaml"}),
    )
    health = Shot("GET /healthz", installation.request("GET", "/healthz"))
    every = 100 // ACCEPTED_OF_100
    moments: list[tuple[float, Callable[[], Shot]]] = [
        (number / rate, (lambda: accept) if number % every == every // 2 else (lambda: next(reads)))
        for number in range(int(rate * seconds))
    ]
    moments += [
        (number / HEALTH_PER_SECOND + 0.005, lambda: health)
        for number in range(int(HEALTH_PER_SECOND * seconds))
    ]
    yield from sorted(moments, key=lambda moment: moment[0])


async def measured(installation: Installation, rate: int, seconds: float) -> dict[str, Any]:
    """Return the latencies by kind of request, and what is left in the queue."""
    quotes = [await installation.accept(BODY) for _ in range(READABLE)]
    await installation.finished(quotes)
    idle_megabytes = installation.memory_megabytes()
    await Load(installation.host, installation.port).run(planned(installation, quotes, rate, WARM_SECONDS))
    async with disk_watched(Path(installation.data)) as disk:
        hits = await Load(installation.host, installation.port).run(
            planned(installation, quotes, rate, seconds)
        )
    return {
        "rate_per_second": rate,
        "seconds": seconds,
        "memory_megabytes": {"before": idle_megabytes, "after": installation.memory_megabytes()},
        "queue_left": await installation.queue_length(),
        "requests": [_summary(kind, hits) for kind in sorted({hit.kind for hit in hits})],
        "disk": {
            "count": len(disk),
            "median_ms": middle(disk),
            "p95_ms": p95(disk),
            "max_ms": round(max(disk), 2),
        },
    }


def _summary(kind: str, hits: Sequence[Hit]) -> dict[str, Any]:
    mine = [hit for hit in hits if hit.kind == kind]
    times = [hit.milliseconds for hit in mine]
    return {
        "request": kind,
        "count": len(mine),
        "failed": sum(not 200 <= hit.status < 300 for hit in mine),
        "median_ms": middle(times),
        "p95_ms": p95(times),
        "max_ms": round(max(times), 2),
    }


def main(arguments: list[str]) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="./kis bench api", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rate", type=int, default=100, help="requests a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the data folder is made: /dev/shm shows what is left without a disk",
    )
    options = parser.parse_args(arguments)
    facts = machine()
    with running_installation(where=options.folder) as installation:
        result = asyncio.run(measured(installation, options.rate, options.seconds))
    if options.json:
        print(json.dumps({"machine": facts, **result}, indent=2))
        return 0
    disk = result["disk"]
    print(described(facts), end="\n\n")
    print_table(
        ("request", "count", "failed", "median ms", "p95 ms", "max ms"),
        [
            (row["request"], row["count"], row["failed"], row["median_ms"], row["p95_ms"], row["max_ms"])
            for row in result["requests"]
        ]
        + [
            (
                "(disk: 8 kB written through)",
                disk["count"],
                0,
                disk["median_ms"],
                disk["p95_ms"],
                disk["max_ms"],
            )
        ],
    )
    memory = result["memory_megabytes"]
    print(
        f"\nqueue left: {result['queue_left']}; memory of the API process: {memory['before']} MB before, {memory['after']} MB after"
    )
    return 0


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
