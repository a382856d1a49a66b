"""Kill processes of an installation at ten named points and fifty random moments, and tell what was lost.

    ./kis bench faults [--seed N] [--moments N] [--celery]

With --celery the jobs go through RabbitMQ (which must be installed) and die in Celery's processes.
The seed is printed; with it the same run comes again. Exit code 3 when anything was lost. docs/reliability.md has the table of the last run.
"""

import argparse
import os
import platform
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.factories.faults import TABLE_HEAD, Report, line_of, run
from tests.factories.servers import Servers


def main() -> int:
    """Run and print; 3 where anything was lost."""
    parser = argparse.ArgumentParser(prog="kis bench faults", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--celery", action="store_true")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kis-faults") as folder:
        broker_url = (
            Servers(f"faults{os.getpid()}", os.getpid()).reach("rabbitmq")["url"] if given.celery else ""
        )
        print(TABLE_HEAD)
        report = run(
            Path(folder),
            seed=given.seed,
            moments=given.moments,
            broker_url=broker_url,
            tell=lambda row: print(line_of(row), flush=True),
        )
    print()
    print(_summary(report, time.monotonic() - begun))
    return 3 if _is_anything_lost(report) else 0


def _summary(report: Report, seconds: float) -> str:
    deaths = [row for row in report.rows if row.victim != "nobody"]
    lost = sum(1 for row in report.rows if row.findings)
    return (
        f"{len(deaths)} deaths in {seconds / 60:.1f} min on {platform.python_implementation()} {platform.python_version()}; "
        f"an undisturbed quotation takes {report.life_seconds:.1f} s. {report.accepted} requests accepted, {report.quotes} quotations, "
        f"{report.packs} packs, {report.unfinished} jobs left; evidence audit exit code {report.audit['exit_code']}; "
        f"{lost} quotations with something lost."
    )


def _is_anything_lost(report: Report) -> bool:
    is_complete = report.accepted == report.quotes == report.packs and report.unfinished == 0
    return not is_complete or report.audit["exit_code"] != 0 or any(row.findings for row in report.rows)


if __name__ == "__main__":
    sys.exit(main())
