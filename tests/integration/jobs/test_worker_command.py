"""The worker of an installation as a program: how it starts, and everything that ends it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from kis.worker.priority import NICENESS
from tests.factories.waiting import eventually

ROOT = Path(__file__).resolve().parents[3]
END_SECONDS = 120
EXPECTED_NICENESS = min(os.nice(0) + NICENESS, 19)
"""Who runs the tests may have given way already; nobody gives way more than by 19."""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(app_database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start a program of this installation."""
    started = []

    def begin(*arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT / "src"),
                "DATABASE_URL": app_database_url,
                "KIS_HOME": str(tmp_path),
                "KIS_LANG": "en",
                **environment,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def until_started(process: "subprocess.Popen[bytes]") -> None:
    """Read the log up to the line that says that it works."""
    assert process.stdout is not None
    seen = b""
    for line in process.stdout:
        seen += line
        if b"worker.started" in line:
            return
    raise AssertionError(f"it ended with {process.wait()}:\n{seen.decode()}")


def test_it_ends_well_when_asked_to(start: Start) -> None:
    process = start("kis", "worker")
    until_started(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(END_SECONDS) == 0


def test_beside_the_api_it_ends_with_whoever_started_it(start: Start) -> None:
    process = start("kis.worker")
    until_started(process)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(END_SECONDS) == 0
    process.stdin = None


def test_it_gives_way_to_the_api(start: Start) -> None:
    process = start("kis.worker")
    until_started(process)
    assert psutil.Process(process.pid).nice() == EXPECTED_NICENESS
    assert session_niceness(process.pid) in {None, NICENESS}


def session_niceness(pid: int) -> int | None:
    """Return that of the whole session; None where Linux does not schedule by session."""
    with suppress(FileNotFoundError):
        return int(Path(f"/proc/{pid}/autogroup").read_text().rpartition(" ")[2])
    return None


def is_alive(process: psutil.Process) -> bool:
    """Tell whether a process runs; it may end while it is looked at."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


async def test_celerys_processes_end_with_their_carrier(start: Start, rabbitmq_server: str) -> None:
    carrier = psutil.Process(start("kis", "worker", "--celery", BROKER_URL=rabbitmq_server).pid)
    below: list[psutil.Process] = []

    async def works() -> bool:
        below[:] = carrier.children(recursive=True)
        return len(below) >= 2  # Celery's own and one that works

    await eventually(works, seconds=END_SECONDS)
    assert {one.nice() for one in below} == {EXPECTED_NICENESS}
    assert {session_niceness(one.pid) for one in below} <= {None, NICENESS}
    carrier.kill()

    async def are_gone() -> bool:
        return not any(map(is_alive, below))

    await eventually(are_gone, seconds=END_SECONDS)


@pytest.mark.parametrize(
    ("arguments", "told"), [(("--celery",), b"BROKER_URL"), (("--processes", "3"), b"--celery")]
)
def test_what_cannot_be_is_refused_with_the_reason(
    start: Start, arguments: tuple[str, ...], told: bytes
) -> None:
    process = start("kis", "worker", *arguments, BROKER_URL="")
    answer, _ = process.communicate(timeout=END_SECONDS)
    assert process.returncode == 2
    assert told in answer
