"""Panels of one quotation worked on at the same time: the same result, and nothing left behind by a worker that is killed."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest

from kis.estimator import Issue, estimate, forms_of, parse_request, produce
from kis.identity import Principal
from kis.platform.processes import spreading
from kis.platform.spread import Spread
from kis.quotations import producing
from tests.factories.processes import Supervised
from tests.factories.quotations import open_shop, panel_of, request_of
from tests.factories.waiting import eventually
from tests.integration.conftest import DatabaseUrls

SIX = request_of(panels=[panel_of(name=f"LP-{number}") for number in range(1, 7)])
HELPER_PROCESSES = 3
"""One helper, the server it comes from, and the interpreter's own tracker of resources."""
WAIT_SECONDS = 60.0


def process_id(_: int) -> int:
    return os.getpid()


@contextmanager
def awaited(pieces: int, **options: Any) -> Iterator[Spread]:
    """Spread as the worker does, once a helper takes part."""
    with spreading(pieces, **options) as spread:
        end = time.monotonic() + WAIT_SECONDS
        while {os.getpid()} == set(spread(process_id, range(50))):
            assert time.monotonic() < end, "no helper came"
            threading.Event().wait(0.02)
        yield spread


async def test_the_result_is_that_of_one_after_the_other(
    app_database_url: str, home: Path, principal: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producing, "spreading", awaited)
    async with open_shop(app_database_url, home, panels_side_by_side=2) as shop:
        shown = await shop.made(principal, SIX)
    made = produce(
        estimate(parse_request(SIX), on=date.fromisoformat(shown["quotationDate"])),
        trace_id=shown["traceId"],
        created_at=shown["result"]["created_at"],
        issue=Issue(number=f"{shown['number']}-R0", forms=forms_of(["svg"])),
    )
    assert shown["result"] == made.output
    assert len(made.output["panels"]) == len(SIX["panels"])


class TestKilledWorker:
    @pytest.fixture
    def app_database_url(self, fresh_database: DatabaseUrls) -> str:
        """A database whose only job is this test's."""
        return fresh_database.app

    async def test_its_helpers_are_gone_and_another_does_its_job(
        self, app_database_url: str, principal: Principal, tmp_path: Path
    ) -> None:
        environment = {
            "DATABASE_URL": app_database_url,
            "KIS_HOME": str(tmp_path),
            "STORAGE_URL": (tmp_path / "objects").as_uri(),
            "ORTOOLS_NUM_WORKERS": "2",
            "JOB_LEASE_SECONDS": "1.2",
        }
        async with open_shop(app_database_url, tmp_path) as shop:
            quote_id = await shop.accepted(principal, SIX, documents=["dxf"])
            workers = Supervised(["-m", "kis.worker"], environment, count=1, log=tmp_path / "log").start()
            try:
                worker = psutil.Process(workers.pids[0])

                async def has_helpers() -> list[psutil.Process]:
                    found = worker.children(recursive=True)
                    return found if len(found) == HELPER_PROCESSES else []

                helpers = await eventually(has_helpers, seconds=WAIT_SECONDS)
                worker.kill()
                _, alive = psutil.wait_procs(helpers, WAIT_SECONDS)
                assert alive == []

                async def is_finished() -> bool:
                    return bool((await shop.shown(principal, quote_id))["status"] == "completed")

                await eventually(is_finished, seconds=WAIT_SECONDS, every_seconds=0.2)
            finally:
                workers.stop()
