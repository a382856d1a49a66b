"""An installation as a user has it (``kis up`` on a data folder) whose processes can be killed, and the questions it is asked afterwards.

Its client does what clients should: it asks again under the same Idempotency-Key until it has an answer.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final, Self

import httpx2
import psutil
import psycopg
from aiosmtpd.controller import Controller
from psycopg.rows import dict_row

from kis.platform.crossing import VARIABLE
from kis.platform.embedded import join
from tests.factories.processes import Supervised
from tests.factories.servers import held_port

ROOT: Final = Path(__file__).resolve().parents[2]
REQUEST: Final = (ROOT / "examples" / "office-lighting-panel.yaml").read_bytes()
LEASE_SECONDS: Final = 4.0
WORKERS: Final = 2
READY_SECONDS: Final = 300.0
STOP_SECONDS: Final = 120.0
DONE_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.05
FINISHED: Final = frozenset({"completed", "review", "failed", "sent"})
MAILED: Final = "outbox.published.before_mark"
"""The point that a quotation passes when it is mailed, or when its job is handed to a broker."""
ENVIRONMENT: Final = {
    "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
    "WORKER_PROCESSES": str(WORKERS),
    "ACCESS_TOKEN_SECONDS": "36000",
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "RATE_LIMIT_ADDRESS_PER_MINUTE": "1000000",
    "LOG_LEVEL": "INFO",
}


class NotInTime(AssertionError):
    """Something that had to happen did not."""


@dataclass(slots=True)
class Installation:
    """``kis up`` on a folder of its own."""

    folder: Path
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    broker_url: str = ""
    """Where RabbitMQ is, for an installation whose jobs Celery does."""
    accepted: dict[str, str] = field(default_factory=dict)
    """The quotation of each Idempotency-Key that was answered."""
    _process: "subprocess.Popen[str] | None" = None
    _celery: Supervised | None = None
    _token: str = ""

    @property
    def points(self) -> Path:
        """The folder of the files of named points."""
        return self.folder / "points"

    def start(self) -> None:
        """Start, and log in the first time."""
        self.points.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "kis",
                    "up",
                    "--port",
                    str(self.port),
                    "--data",
                    str(self.data),
                    "--json",
                ],
                env={**os.environ, **self._variables},
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        started = self._started()
        if not self._token:
            link = {"token": started["link"]["token"], "password": "a password for faults 1"}
            answer = httpx2.post(f"{self.url}/v1/auth/one-time", json=link, timeout=30)
            self._token = answer.raise_for_status().json()["accessToken"]
        if self.broker_url and self._celery is None:
            words = ["-m", "kis", "worker", "--celery", "--processes", str(WORKERS)]
            celery_log = self.folder / "celery.log"
            self._celery = Supervised(words, self._variables, count=1, log=celery_log).start()

    def stop(self) -> None:
        """Stop in order; nothing is left running."""
        if self._celery is not None:
            self._celery.stop()
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._kill_all()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def _variables(self) -> dict[str, str]:
        celery = {"JOB_EXECUTOR": "celery", "BROKER_URL": self.broker_url} if self.broker_url else {}
        return {
            **ENVIRONMENT,
            **celery,
            **self.environment,
            "KIS_HOME": str(self.data),
            "PYTHONPATH": str(ROOT / "src"),
            VARIABLE: str(self.points),
        }

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def accept(self, key: str, body: bytes = REQUEST) -> str:
        """Ask for a quotation until there is an answer, and return its id."""
        headers = {"Idempotency-Key": key, "Content-Type": "application/yaml"}
        answer = self._insist("POST", "/v1/estimate", headers=headers, content=body)
        self.accepted[key] = str(answer["quoteId"])
        return self.accepted[key]

    def send(self, quote_id: str) -> None:
        """Send a quotation to its customer. A second try may find it sent already."""
        with suppress(httpx2.HTTPStatusError):
            self._insist("POST", f"/v1/estimate/{quote_id}/send")

    def finished(self, quote_id: str) -> str:
        """Wait until a quotation is finished and return its status."""
        end = time.monotonic() + DONE_SECONDS
        while True:
            status = str(self._insist("GET", f"/v1/estimate/{quote_id}")["status"])
            if status in FINISHED:
                return status
            if time.monotonic() > end:
                raise NotInTime(f"quotation {quote_id} is {status} after {DONE_SECONDS:g} s")
            time.sleep(POLL_SECONDS)

    def arm(self, point: str) -> None:
        """Let the next process that passes ``point`` die there."""
        (self.points / point).touch()

    def died(self, point: str) -> None:
        """Wait until a process has died at ``point``."""
        end = time.monotonic() + DONE_SECONDS
        while (self.points / point).exists():
            if time.monotonic() > end:
                raise NotInTime(f"nobody passed {point}")
            time.sleep(POLL_SECONDS)

    def kill(self, victim: str) -> None:
        """Kill a process of that kind, once there is one: of the workers the one at work. ``everything`` is the whole tree, and starts again."""
        assert self._process is not None
        if victim == "everything":
            self._kill_all()
            self._close()
            self.start()
            return
        end = time.monotonic() + READY_SECONDS
        while not (found := self._processes(victim)):
            if time.monotonic() > end:
                raise NotInTime(f"no {victim} to kill")
            time.sleep(POLL_SECONDS)
        at_work = self._at_work() if victim == "worker" else set()
        with suppress(psutil.NoSuchProcess):
            next((process for process in found if process.pid in at_work), found[0]).kill()

    def _kill_all(self) -> None:
        assert self._process is not None
        for top in (self._process.pid, *self._carriers):
            _kill_tree(top)
        self._process.wait()

    def who(self, point: str) -> str:
        """Return which process passes a point."""
        if point == MAILED and self.broker_url:
            return "carrier"
        return "api" if point.startswith("quotation.accept") else "worker"

    def settled(self) -> None:
        """Wait until the API is ready and somebody is there to work."""
        end = time.monotonic() + READY_SECONDS
        while True:
            with suppress(httpx2.HTTPError):
                answer = httpx2.get(f"{self.url}/readyz", timeout=5)
                if answer.status_code == 200 and self._processes("worker"):
                    return
            if time.monotonic() > end:
                raise NotInTime("the installation does not become ready again")
            time.sleep(POLL_SECONDS)

    def examined(self, quote_id: str) -> dict[str, Any]:
        """Return what the database holds of a quotation."""
        with self._database() as connection:
            found = connection.execute(_EXAMINE, [quote_id]).fetchone()
        assert found is not None, f"quotation {quote_id} is gone"
        return found

    def findings(self, quote_id: str) -> tuple[str, ...]:
        """Return what is wrong with a finished quotation; nothing is the rule."""
        held = self.examined(quote_id)
        right = {
            "status": held["status"] in FINISHED - {"failed"},
            "one job, done": held["jobs"] == ["done"],
            "one pack": held["packs"] == [held["trace_id"]],
            "events without a gap": held["sequences"] == list(range(1, held["event_sequence"] + 1)),
            "one DONE, no ERROR": held["kinds"].count("DONE") == 1 and "ERROR" not in held["kinds"],
            "its parts once": held["panels"] == 1 and held["documents"] == held["document_names"],
        }
        return tuple(f"{name}: {held}" for name, is_right in right.items() if not is_right)

    def totals(self) -> tuple[int, int, int]:
        """Return how many quotations, packs and unfinished jobs there are."""
        with self._database() as connection:
            found = connection.execute(_TOTALS).fetchone()
        assert found is not None
        return found["quotes"], found["packs"], found["unfinished"]

    def audit(self) -> dict[str, Any]:
        """Return what ``kis evidence audit`` says of the store, with its exit code."""
        done = subprocess.run(
            [sys.executable, "-m", "kis", "evidence", "audit", "--json"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "KIS_HOME": str(self.data)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return {"exit_code": done.returncode, "answer": done.stdout, "log": done.stderr}

    def _insist(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        """Ask again while nobody answers or the answer is that something is away; an answer to what was asked is final."""
        headers = {"Authorization": f"Bearer {self._token}", **given.pop("headers", {})}
        end = time.monotonic() + READY_SECONDS
        while True:
            with suppress(httpx2.TransportError):
                answer = httpx2.request(method, f"{self.url}{path}", headers=headers, timeout=20, **given)
                if answer.status_code < 500:
                    told: dict[str, Any] = answer.raise_for_status().json()
                    return told
            if time.monotonic() > end:
                raise NotInTime(f"{method} {path} is not answered")
            time.sleep(POLL_SECONDS)

    def _started(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        said = ""
        for line in self._process.stdout:
            said += line
            if '"status": "ready"' in line:
                told: dict[str, Any] = json.loads(line)
                return told
        log = (self.folder / "log").read_text(errors="replace")
        raise NotInTime(f"kis up ended with {self._process.wait()}: {said}\n{log[-4000:]}")

    @property
    def _carriers(self) -> list[int]:
        return [] if self._celery is None else self._celery.pids

    def _processes(self, victim: str) -> list[psutil.Process]:
        """Return the running processes of a kind. Celery's workers are two below the carrier; all others are just below the supervisor."""
        assert self._process is not None
        if victim == "carrier" or (victim == "worker" and self._celery is not None):
            carriers = [psutil.Process(pid) for pid in self._carriers]
            return carriers if victim == "carrier" else _below(_below(carriers))
        return [child for child in _below([psutil.Process(self._process.pid)]) if _is(victim, child)]

    def _at_work(self) -> set[int]:
        """Return the processes that hold a job."""
        with self._database() as connection:
            owners = connection.execute(
                "SELECT lease_owner FROM shared.jobs WHERE status = 'running'"
            ).fetchall()
        return {int(owner["lease_owner"].split(":")[1]) for owner in owners}

    def _close(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()

    @contextmanager
    def _database(self) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
        running = join(self.data)
        assert running is not None, "the installation runs"
        with psycopg.connect(running.superuser_url, row_factory=dict_row) as connection:
            yield connection


@contextmanager
def installation(folder: Path, broker_url: str = "", **environment: str) -> Iterator[Installation]:
    """Give a running installation, stopped at the end."""
    with held_port() as port:
        made = Installation(folder, port, environment, broker_url)
        try:
            made.start()
            made.settled()
            yield made
        finally:
            made.stop()
            made._close()


class Mails:
    """A mail server that notes the ids of what it is given."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._ending = ExitStack()
        self._port = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._port = stack.enter_context(held_port())
            controller = Controller(self, hostname="127.0.0.1", port=self._port)
            controller.start()
            stack.callback(controller.stop)
            self._ending = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    @property
    def environment(self) -> dict[str, str]:
        """The settings of an installation that mails through this server."""
        return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self._port), "SMTP_SECURITY": "none"}

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail in."""
        self.ids.append(str(message_from_bytes(envelope.content)["Message-ID"]))
        return "250 OK"

    def wait_for(self, count: int) -> None:
        """Wait until so many mails have come."""
        end = time.monotonic() + DONE_SECONDS
        while len(self.ids) < count:
            if time.monotonic() > end:
                raise NotInTime(f"{len(self.ids)} of {count} mails came")
            time.sleep(POLL_SECONDS)


def _kill_tree(pid: int) -> None:
    with suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        top.suspend()  # it would start another process while they are counted
        for process in (top, *top.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()


def _below(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found += process.children()
    return found


def _is(victim: str, process: psutil.Process) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:  # it has ended meanwhile
        return False
    if victim == "database":
        return bool(words) and Path(words[0]).name == "postgres"
    return {"worker": "kis.worker", "api": "kis.cli.serving.api_process"}[victim] in words


_EXAMINE: Final = """
SELECT q.status, q.trace_id, q.event_sequence,
    (SELECT coalesce(array_agg(j.status ORDER BY j.created_at), '{}') FROM shared.jobs j
        WHERE j.subject_id = q.id AND j.kind = 'quotation.produce') AS jobs,
    (SELECT coalesce(max(j.attempts), 0) FROM shared.jobs j
        WHERE j.subject_id = q.id AND j.kind = 'quotation.produce') AS attempts,
    (SELECT coalesce(array_agg(p.trace_id), '{}') FROM estimator.evidence_packs p WHERE p.quote_id = q.id) AS packs,
    (SELECT coalesce(array_agg(e.seq ORDER BY e.seq), '{}') FROM estimator.quote_events e WHERE e.quote_id = q.id) AS sequences,
    (SELECT coalesce(array_agg(e.kind ORDER BY e.seq), '{}') FROM estimator.quote_events e WHERE e.quote_id = q.id) AS kinds,
    (SELECT count(*) FROM estimator.panels p WHERE p.quote_id = q.id) AS panels,
    (SELECT count(*) FROM estimator.documents d WHERE d.quote_id = q.id) AS documents,
    (SELECT count(DISTINCT d.name) FROM estimator.documents d WHERE d.quote_id = q.id) AS document_names
FROM estimator.quotes q WHERE q.id = %s
"""
_TOTALS: Final = """
SELECT (SELECT count(*) FROM estimator.quotes) AS quotes, (SELECT count(*) FROM estimator.evidence_packs) AS packs,
    (SELECT count(*) FROM shared.jobs WHERE status IN ('queued', 'running')) AS unfinished
"""
