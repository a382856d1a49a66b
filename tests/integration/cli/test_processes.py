"""Helping processes: many panels are drawn in other processes, and nothing of a quotation shows it."""

import os
from collections.abc import Iterable

import pytest

from kis.cli import processes
from kis.cli.processes import FEWEST_PANELS, spreading
from kis.estimator import Issue, estimate, forms_of, here, parse_request, produce
from tests.factories.panels import elb, panel, request


def double(number: int) -> int:
    return 2 * number


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def process_id(_number: int) -> int:
    return os.getpid()


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_processors", lambda: 2)


class TestSpreading:
    def test_few_panels_stay_in_this_process(self) -> None:
        with spreading(FEWEST_PANELS - 1) as spread:
            assert spread is here

    def test_one_processor_is_not_shared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(processes, "_processors", lambda: 1)
        with spreading(200) as spread:
            assert spread is here

    def test_results_come_in_the_order_of_what_was_given(self) -> None:
        with spreading(FEWEST_PANELS) as spread:
            assert list(spread(double, range(50))) == [2 * number for number in range(50)]

    def test_the_work_is_done_elsewhere(self) -> None:
        with spreading(FEWEST_PANELS) as spread:
            assert os.getpid() not in set(spread(process_id, range(4)))

    def test_an_error_arrives_here(self) -> None:
        def first(results: Iterable[int]) -> list[int]:
            return list(results)

        with spreading(FEWEST_PANELS) as spread, pytest.raises(ValueError, match="three"):
            first(spread(fail_at_three, range(10)))


class TestQuotation:
    def test_is_the_same_to_the_byte(self) -> None:
        panels = [panel(elb(2, 20, 3), name=f"LP-{number}") for number in range(FEWEST_PANELS)]
        made = estimate(parse_request(request(*panels)))
        issue = Issue(number="KIS-2026-0001-R0", forms=forms_of(["svg", "dxf"]))
        alone = produce(made, trace_id="t", created_at="2026-11-20T00:00:00Z", issue=issue)
        with spreading(FEWEST_PANELS) as spread:
            helped = produce(
                made, trace_id="t", created_at="2026-11-20T00:00:00Z", issue=issue, spread=spread
            )
        assert helped.files == alone.files
        assert len([name for name in alone.files if name.endswith(".dxf")]) >= 4 * FEWEST_PANELS
