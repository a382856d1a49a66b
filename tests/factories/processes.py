"""Worker processes for tests, started again when they die, as the program that serves them does."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
END_SECONDS = 15.0


class Supervised:
    """``count`` processes of one program, each started again as often as it ends until :meth:`stop`."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], *, count: int, log: Path
    ) -> None:
        self._arguments = [sys.executable, *arguments]
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self._count = count
        self._log = log
        self._lock = threading.Lock()
        self._is_stopping = False
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._threads: list[threading.Thread] = []
        self.exit_codes: list[int] = []

    def start(self) -> "Supervised":
        self._is_stopping = False
        self._threads = [threading.Thread(target=self._keep, args=(place,)) for place in range(self._count)]
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Ask all to end, and make sure that they do."""
        with self._lock:
            self._is_stopping = True
            running = list(self._running.values())
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        for thread in self._threads:
            thread.join()

    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def pids(self) -> list[int]:
        with self._lock:
            return [process.pid for process in self._running.values() if process.poll() is None]

    def _keep(self, place: int) -> None:
        while True:
            with self._lock:
                if self._is_stopping:
                    return
                with self._log.open("ab") as log:
                    process = subprocess.Popen(
                        self._arguments,
                        env=self._environment,
                        cwd=ROOT,
                        stdin=subprocess.PIPE,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                self._running[place] = process
            self.exit_codes.append(process.wait())
            if process.stdin is not None:
                process.stdin.close()
