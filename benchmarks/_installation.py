"""An installation of its own for a benchmark: `./kis up` on a new data folder, logged in, and taken down at the end."""

import asyncio
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psutil

from benchmarks._http import Answer, Connection, request_bytes

ROOT: Final = Path(__file__).resolve().parents[1]
ADMINISTRATOR: Final = "admin@localhost"
PASSWORD: Final = "benchmark of quotations 1"
POLL_SECONDS: Final = 0.2
FINISHED: Final = frozenset({"completed", "review", "failed"})
WIDE_LIMITS: Final = {"RATE_LIMIT_PER_MINUTE": "1000000", "RATE_LIMIT_ADDRESS_PER_MINUTE": "1000000"}
"""One benchmark asks for more than one user may; the limiter still counts every request."""


@dataclass(slots=True)
class Installation:
    """Where it answers and as whom we ask."""

    process: "subprocess.Popen[str]"
    host: str
    port: int
    data: str
    token: str = ""
    _connection: Connection | None = field(default=None)

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> bytes:
        """Return the bytes of a request by the administrator."""
        known = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return request_bytes(method, path, f"{self.host}:{self.port}", {**known, **(headers or {})}, body)

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask once; an answer that is an error ends the benchmark."""
        if self._connection is None:
            self._connection = Connection(self.host, self.port)
        answer = await self._connection.ask(self.request(method, path, body, headers))
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body.decode()[:400]}")
        return answer

    async def log_in(self, link_token: str | None) -> None:
        """Use the one-time link of the first administrator, or the password that was set with it."""
        page, given = (
            ("one-time", {"token": link_token}) if link_token else ("login", {"email": ADMINISTRATOR})
        )
        body = json.dumps({**given, "password": PASSWORD}).encode()
        answer = await self.ask("POST", f"/v1/auth/{page}", body, {"Content-Type": "application/json"})
        self.token = answer.json()["accessToken"]

    async def accept(self, body: bytes) -> str:
        """Post a request (YAML) and return the id of its quotation."""
        answer = await self.ask("POST", "/v1/estimate", body, {"Content-Type": "application/yaml"})
        return str(answer.json()["quoteId"])

    async def finished(self, quotes: Sequence[str]) -> None:
        """Wait until all ``quotes`` are finished."""
        for quote in quotes:
            while (await self.ask("GET", f"/v1/estimate/{quote}")).json()["status"] not in FINISHED:  # noqa: ASYNC110 - another process makes them
                await asyncio.sleep(POLL_SECONDS)

    async def queue_length(self) -> int:
        """Return how many quotations wait or are being made."""
        waiting = 0
        for status in ("queued", "processing"):
            answer = await self.ask("GET", f"/v1/estimate?size=1&filter=status:{status}")
            waiting += int(answer.json()["total"])
        return waiting

    def memory_megabytes(self) -> dict[str, int]:
        """Return the resident memory of the program's processes by what they are, PostgreSQL left out."""
        found: dict[str, int] = {}
        for process in (
            psutil.Process(self.process.pid),
            *psutil.Process(self.process.pid).children(recursive=True),
        ):
            if process.status() == psutil.STATUS_ZOMBIE or "postgres" in process.name():
                continue
            words = " ".join(process.cmdline())
            name = "worker" if "kis.worker" in words else "api" if "kis" in words else process.name()
            found[name] = found.get(name, 0) + process.memory_info().rss // 2**20
        return found


_KINDS: Final = {
    "kis.assistant.manuals.reading_process": "reading",
    "kis.cli.serving.api_process": "api",
    "kis.worker": "worker",
}


def cpu_seconds(supervisor: int) -> dict[str, float]:
    """Return how long the processes of an installation have computed so far, by what they are."""
    found: dict[str, float] = {}
    for process in psutil.Process(supervisor).children(recursive=True):
        try:
            words, name = process.cmdline(), process.name()
            spent = sum(process.cpu_times()[:2])
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
        kind = next((told for word, told in _KINDS.items() if word in words), None)
        kind = kind or ("postgres" if "postgres" in name else "other")
        found[kind] = found.get(kind, 0.0) + spent
    return found


@contextmanager
def running_installation(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    where: Path | None = None,
    kept: Path | None = None,
) -> Iterator[Installation]:
    """Start `./kis up` on a new data folder, below ``where`` or with other temporary files, and log in; stop it at the end.

    ``kept``: the data folder of an installation that stays for the next run.
    """
    with nullcontext(str(kept)) if kept else tempfile.TemporaryDirectory(dir=where) as folder:
        process = subprocess.Popen(
            ["./kis", "up", "--data", folder, "--port", "0", "--json", *arguments],
            cwd=ROOT,
            env={**os.environ, **WIDE_LIMITS, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            ready = _ready(process)
            address = urlsplit(str(ready["url"]))
            installation = Installation(process, str(address.hostname), int(address.port or 80), folder)
            asyncio.run(_log_in(installation, (ready["link"] or {}).get("token")))
            yield installation
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


async def _log_in(installation: Installation, token: str | None) -> None:
    await installation.log_in(token)
    installation._connection = None  # noqa: SLF001 - the next event loop makes its own


def _ready(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            ready: dict[str, Any] = json.loads(line)
            return ready
    raise RuntimeError(f"./kis up ended with {process.wait()} before it was ready")
