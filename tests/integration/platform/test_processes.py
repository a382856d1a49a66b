"""Helping processes: the work of many panels is spread over them, and nothing of a quotation shows it."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest

from kis.estimator import HELPERS_LOAD, Issue, estimate, forms_of, here, parse_request, produce
from kis.platform import processes
from kis.platform.processes import FEWEST_PIECES, spreading
from kis.platform.spread import Spread
from tests.factories.panels import elb, panel, request
from tests.factories.waiting import eventually

END_SECONDS = 20.0
HELPED = """
import sys
from kis.platform.processes import spreading
with spreading(4, loads=(), processes=3) as spread:
    sys.stdin.read()
"""
"""A program that has helpers until its input ends."""
ALL_PROCESSES = 4
"""Two helpers, their server, and the interpreter's own tracker of resources."""


def double(number: int) -> int:
    return 2 * number


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def process_id(_number: int) -> int:
    return os.getpid()


def end_all_but(survivor: int, sign: Path, number: int) -> int:
    """End the process that does the work, as the kernel does when memory is short; the survivor goes on once that has begun."""
    if os.getpid() != survivor:
        sign.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    end = time.monotonic() + END_SECONDS
    while not sign.exists():
        assert time.monotonic() < end
        threading.Event().wait(0.01)
    return number


def hold_all_but(freed: int, sign: Path, last: int, number: int) -> int:
    """Hold the helpers until this process has done the last piece."""
    if os.getpid() == freed and number == last:
        sign.touch()
    end = time.monotonic() + END_SECONDS
    while os.getpid() != freed and not sign.exists():
        assert time.monotonic() < end
        threading.Event().wait(0.01)
    return number


async def at_work(spread: Spread) -> None:
    """Wait until a helper takes part."""

    async def check() -> bool:
        return {os.getpid()} != set(spread(process_id, range(50)))

    await eventually(check)


@asynccontextmanager
async def helped() -> AsyncIterator[Spread]:
    """One helper, at work."""
    with spreading(FEWEST_PIECES, loads=(), processes=2) as spread:
        await at_work(spread)
        yield spread


class TestSpreading:
    def test_few_pieces_stay_in_this_process(self) -> None:
        with spreading(FEWEST_PIECES - 1, loads=(), processes=2) as spread:
            assert spread is here

    def test_one_processor_is_not_shared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(processes, "_processors", lambda: 1)
        with spreading(200, loads=()) as spread:
            assert spread is here

    def test_a_process_that_may_have_no_children_does_all_itself(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(vars(multiprocessing.current_process())["_config"], "daemon", True)
        with spreading(200, loads=(), processes=2) as spread:
            assert spread is here

    async def test_results_come_in_the_order_of_what_was_given(self) -> None:
        async with helped() as spread:
            assert list(spread(double, range(50))) == [2 * number for number in range(50)]

    async def test_nobody_waits_for_the_helpers_to_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        may_start, start = threading.Event(), processes._Helpers.start

        def late(helpers: processes._Helpers) -> None:
            may_start.wait(END_SECONDS)
            start(helpers)

        monkeypatch.setattr(processes._Helpers, "start", late)
        with spreading(FEWEST_PIECES, loads=(), processes=2) as spread:
            done = iter(spread(process_id, range(4)))
            assert [next(done), next(done)] == [os.getpid()] * 2
            may_start.set()
            await at_work(spread)
            assert os.getpid() not in set(done)

    async def test_this_process_works_while_it_waits(self, tmp_path: Path) -> None:
        async with helped() as spread:
            work = partial(hold_all_but, os.getpid(), tmp_path / "sign", 7)
            assert list(spread(work, range(8))) == list(range(8))

    async def test_an_error_arrives_here(self) -> None:
        def all_of(results: Iterable[int]) -> list[int]:
            return list(results)

        async with helped() as spread:
            with pytest.raises(ValueError, match="three"):
                all_of(spread(fail_at_three, range(10)))

    async def test_what_a_helper_does_not_live_to_finish_is_done_here(self, tmp_path: Path) -> None:
        async with helped() as spread:
            work = partial(end_all_but, os.getpid(), tmp_path / "sign")
            assert list(spread(work, range(8))) == list(range(8))
            assert list(spread(double, range(3))) == [0, 2, 4]


class TestEnd:
    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
    def test_helpers_are_gone_with_the_process_they_help(self, number: signal.Signals) -> None:
        with subprocess.Popen([sys.executable, "-c", HELPED], stdin=subprocess.PIPE) as program:

            async def started() -> list[psutil.Process]:
                found = psutil.Process(program.pid).children(recursive=True)
                return found if len(found) == ALL_PROCESSES else []

            helpers = asyncio.run(eventually(started))
            program.send_signal(number)
            _, alive = psutil.wait_procs(helpers, END_SECONDS)
            assert alive == []


class TestQuotation:
    async def test_is_the_same_to_the_byte(self) -> None:
        panels = [panel(elb(2, 20, 3), name=f"LP-{number}") for number in range(FEWEST_PIECES)]
        parsed = parse_request(request(*panels))
        issue = Issue(number="KIS-2026-0001-R0", forms=forms_of(["svg", "dxf"]))
        alone = produce(estimate(parsed), trace_id="t", created_at="2026-11-20T00:00:00Z", issue=issue)
        with spreading(FEWEST_PIECES, loads=HELPERS_LOAD, processes=2) as spread:
            await at_work(spread)
            together = produce(
                estimate(parsed, spread=spread),
                trace_id="t",
                created_at="2026-11-20T00:00:00Z",
                issue=issue,
                spread=spread,
            )
        assert together.files == alone.files
        assert len([name for name in alone.files if name.endswith(".dxf")]) >= 4 * FEWEST_PIECES
