"""A process that is kept running."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 10.0
SETTLED_SECONDS: Final = 30.0
"""A process that ran for so long was well: its next end counts as the first."""


class Backoff:
    """How long to wait before the next try: longer each time, until something held for a while."""

    def __init__(self) -> None:
        self._failures = 0

    def pause(self, ran_seconds: float) -> float:
        """Return the pause after something ended that had run for ``ran_seconds``."""
        if ran_seconds >= SETTLED_SECONDS:
            self._failures = 0
        seconds = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**self._failures)
        self._failures = min(self._failures + 1, 20)
        return seconds


class Child:
    """One place among the processes, filled again whenever its process ends."""

    def __init__(self, name: str, words: Sequence[str], *, log: Path | None = None) -> None:
        self.name = name
        self._words = tuple(words)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._backoff = Backoff()

    @property
    def pid(self) -> int | None:
        """Return the process, None while there is none."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def pause_seconds(self) -> float:
        """Return how long to wait before the place is filled again."""
        return self._backoff.pause(time.monotonic() - self._started)

    def start(
        self,
        ended: Callable[["Child", int], None],
        *,
        environment: Mapping[str, str],
        passes: Sequence[int] = (),
        more: Sequence[str] = (),
    ) -> None:
        """Start the process; ``ended`` is called in a thread with its exit code."""
        with _open(self._log) as log:
            process = subprocess.Popen(
                [*self._words, *more],
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=sys.stderr if log is None else log,  # standard output is for what the command answers
                stderr=log,
                pass_fds=tuple(passes),
                start_new_session=True,  # an interrupt from the keyboard is for the supervisor, which ends all in order
            )
        self._process = process
        self._started = time.monotonic()
        threading.Thread(
            target=lambda: ended(self, process.wait()), name=f"up.{self.name}", daemon=True
        ).start()

    def write(self, line: bytes) -> None:
        """Write to the standard input of the process."""
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def ask_to_end(self) -> None:
        """Ask the process to stop in good order."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End the process now."""
        if self._process is not None:
            self._process.kill()

    def end(self, deadline: float) -> None:
        """Wait for the end until ``deadline`` (monotonic), then force it."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()


@contextmanager
def _open(log: Path | None) -> Iterator[IO[bytes] | None]:
    """Open the log of a child; None where it shares that of the supervisor."""
    if log is None:
        yield None
        return
    log.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        yield file
