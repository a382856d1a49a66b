"""Processes are killed while quotations are made, and every accepted one is made once, with its evidence.

``./kis bench faults`` does the same at fifty random moments and writes the table of docs/reliability.md.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kis.platform.crossing import POINTS
from tests.factories.faults import Report, run, table

SEED = 20261120
MOMENTS = 10


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    with TemporaryDirectory(
        prefix="kis-faults"
    ) as folder:  # short: a socket's path may have a hundred characters
        yield run(Path(folder), seed=SEED, moments=MOMENTS)


def test_somebody_died_at_every_point_and_moment(report: Report) -> None:
    deaths = [row for row in report.rows if row.victim != "nobody"]
    assert {row.moment for row in deaths} >= set(POINTS)
    assert len(deaths) == len(POINTS) + MOMENTS


def test_nothing_was_lost_or_made_twice(report: Report) -> None:
    assert [row for row in report.rows if row.findings] == [], f"seed {SEED}\n{table(report.rows)}"


def test_each_accepted_request_is_one_quotation_with_one_pack(report: Report) -> None:
    assert report.accepted == report.quotes == report.packs == len(report.rows)
    assert report.unfinished == 0


def test_the_evidence_is_whole(report: Report) -> None:
    assert report.audit["exit_code"] == 0, report.audit
