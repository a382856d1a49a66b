"""How many quotations a second are completed: panels of 40 branches with every document and a signed pack, from acceptance to the stored result.

./kis bench throughput [--quotations 40] [--json]

Once with two embedded worker processes, once with two Celery processes behind a RabbitMQ of its own; both over an installation of its own
(`./kis up`, embedded PostgreSQL, local objects). The time runs from the first acceptance to the last completion.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks._installation import ROOT, Installation, running_installation
from benchmarks._measure import described, machine, print_table
from benchmarks.documents import request
from tests.factories.servers import rabbitmq

QUOTATIONS: Final = 40
WARM: Final = 4
"""Quotations before the first that counts: they load the programs of every worker."""


async def measured(installation: Installation, quotations: int) -> dict[str, Any]:
    """Return how long it took to complete so many."""
    body = json.dumps(request(1), ensure_ascii=False).encode()
    await installation.finished([await installation.accept(body) for _ in range(WARM)])
    started = time.perf_counter()
    quotes = [await installation.accept(body) for _ in range(quotations)]
    accepted = time.perf_counter()
    await installation.finished(quotes)
    ended = time.perf_counter()
    return {
        "quotations": quotations,
        "accepted_seconds": round(accepted - started, 2),
        "seconds": round(ended - started, 2),
        "per_second": round(quotations / (ended - started), 2),
    }


def embedded(quotations: int) -> dict[str, Any]:
    """Measure two worker processes beside the API."""
    with running_installation("--workers", "2") as installation:
        return {"executor": "embedded, 2 workers", **asyncio.run(measured(installation, quotations))}


def celery(quotations: int) -> dict[str, Any]:
    """Measure two Celery processes behind RabbitMQ."""
    with tempfile.TemporaryDirectory() as folder, rabbitmq(Path(folder)) as broker:
        environment = {"JOB_EXECUTOR": "celery", "BROKER_URL": broker["url"]}
        with (
            running_installation("--workers", "0", environment=environment) as installation,
            _celery_worker({**environment, "KIS_HOME": installation.data}),
        ):
            return {"executor": "Celery, 2 processes", **asyncio.run(measured(installation, quotations))}


@contextmanager
def _celery_worker(environment: Mapping[str, str]) -> Iterator[None]:
    worker = subprocess.Popen(
        ["./kis", "worker", "--celery", "--processes", "2"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)


def main(arguments: list[str]) -> int:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(prog="./kis bench throughput", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--quotations", type=int, default=QUOTATIONS)
    options = parser.parse_args(arguments)
    facts = machine()
    results = [embedded(options.quotations), celery(options.quotations)]
    if options.json:
        print(json.dumps({"machine": facts, "results": results}, indent=2))
        return 0
    print(described(facts), end="\n\n")
    print_table(
        ("executor", "quotations", "accepted in s", "completed in s", "per second"),
        [
            (row["executor"], row["quotations"], row["accepted_seconds"], row["seconds"], row["per_second"])
            for row in results
        ],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
