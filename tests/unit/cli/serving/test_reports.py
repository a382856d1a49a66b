"""What the API's process tells whoever started it."""

import json
import os
from collections.abc import Callable

from kis.cli.serving.reports import FAILED, READY, Report, Reporter, StartFailed, read_reports
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import LOCALES, Message


def told(tell: Callable[[Reporter], None]) -> list[Report]:
    reading, writing = os.pipe()
    reports: list[Report] = []
    thread = read_reports(reading, reports.append)
    tell(Reporter(writing))
    os.close(writing)
    thread.join(5)
    return reports


class TestReporter:
    def test_tells_facts_in_order(self) -> None:
        def tell(reporter: Reporter) -> None:
            reporter.progress("up_cli.progress.migrating")
            reporter.tell(READY, url="http://127.0.0.1:1")

        reports = told(tell)
        assert [report.kind for report in reports] == ["progress", "ready"]
        assert reports[1].facts == {"url": "http://127.0.0.1:1"}

    def test_explains_a_failure_in_every_language(self) -> None:
        error = BadInput("environment", [Problem("DATABASE_URL", Message("application.no_database"))])
        (report,) = told(lambda reporter: reporter.failed(error))
        assert report.kind == FAILED
        refused = StartFailed(report.facts["code"], report.facts["texts"])
        assert set(report.facts["texts"]) == set(LOCALES)
        assert "DATABASE_URL" in refused.text("ko")
        assert "시작하지 못했습니다" in refused.text("ko")

    def test_names_the_kind_of_what_nobody_expected(self) -> None:
        (report,) = told(lambda reporter: reporter.failed(RuntimeError("no such thing")))
        assert json.dumps(report.facts["texts"]["en"]) == '"RuntimeError: no such thing"'

    def test_does_not_mind_that_nobody_listens(self) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        Reporter(writing).progress("up_cli.progress.storage")
        os.close(writing)
