"""An installation whose processes are killed while it makes quotations, and the questions it is asked afterwards.

The installation is what a user has: ``kis up`` on a data folder. A client accepts quotations over HTTP and, as clients should, asks again under the
same Idempotency-Key until it has an answer. Meanwhile processes die: at a named point (``kis.platform.crossing``) or at a random moment, worker,
API, database, or everything at once. Then each accepted quotation is looked at in the database: made once, one pack, its events without a gap.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

import httpx2
import psutil
import psycopg
from aiosmtpd.controller import Controller
from psycopg.rows import dict_row

from kis.platform.crossing import POINTS, VARIABLE
from kis.platform.embedded import join
from tests.factories.servers import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
REQUEST: Final = (ROOT / "examples" / "office-lighting-panel.yaml").read_bytes()
LEASE_SECONDS: Final = 2.0
WORKERS: Final = 2
READY_SECONDS: Final = 90.0
DONE_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.05
FINISHED: Final = frozenset({"completed", "review", "failed", "sent"})
VICTIMS: Final = {"worker": 4, "api": 3, "database": 2, "everything": 1}
"""Who is killed, and how often in ten."""
ARMED_LATER: Final = frozenset({"event.written"})
"""Passed by the API too: armed after the acceptance, so that the worker dies there."""
AFTER_SENDING: Final = "outbox.published.before_mark"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One death and what became of the quotation that was on its way."""

    victim: str
    moment: str
    tries: int
    seconds: float
    """From the acceptance being asked for to the finished quotation."""
    findings: tuple[str, ...]

    @property
    def lost(self) -> str:
        """What was lost, in words."""
        return "; ".join(self.findings) or "nothing"


@dataclass(slots=True)
class Installation:
    """``kis up`` on a folder of its own."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    accepted: dict[str, str] = field(default_factory=dict)
    """The quotation of each Idempotency-Key that was answered."""
    _process: "subprocess.Popen[str] | None" = None
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
                env={
                    **os.environ,
                    **ENVIRONMENT,
                    **self.environment,
                    "PYTHONPATH": str(ROOT / "src"),
                    VARIABLE: str(self.points),
                },
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

    def stop(self) -> None:
        """Stop in order; nothing is left running."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill("everything")

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

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
            supervisor = psutil.Process(self._process.pid)
            for process in (supervisor, *supervisor.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._process.wait()
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
        for line in self._process.stdout:
            if line.startswith("{"):
                told: dict[str, Any] = json.loads(line)
                return told
        raise NotInTime(f"kis up ended with {self._process.wait()}; see {self.folder / 'log'}")

    def _processes(self, victim: str) -> list[psutil.Process]:
        assert self._process is not None
        found = []
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self._process.pid).children():
                with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                    if _is(victim, child):
                        found.append(child)
        return found

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
def installation(folder: Path, **environment: str) -> Iterator[Installation]:
    """Give a running installation, stopped at the end."""
    made = Installation(folder, environment)
    made.start()
    try:
        made.settled()
        yield made
    finally:
        made.stop()
        made._close()


class Mails:
    """A mail server that notes the ids of what it is given."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def environment(self) -> dict[str, str]:
        """The settings of an installation that mails through this server."""
        return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self._controller.port), "SMTP_SECURITY": "none"}

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


def undisturbed(installed: Installation) -> Row:
    """Make one quotation with nobody dying: how long its life is."""
    begun = time.monotonic()
    quote_id = installed.accept(str(uuid4()))
    installed.finished(quote_id)
    return _row(installed, quote_id, "nobody", "", time.monotonic() - begun)


def named_deaths(installed: Installation) -> list[Row]:
    """Let a process die at each named point of a quotation's life, one quotation for each."""
    rows = []
    last = ""
    for point in POINTS:
        if point == AFTER_SENDING:
            continue
        installed.settled()
        begun = time.monotonic()
        if point in ARMED_LATER:
            last = installed.accept(str(uuid4()))
            installed.arm(point)
        else:
            installed.arm(point)
            last = installed.accept(str(uuid4()))
        installed.died(point)
        installed.finished(last)
        rows.append(_row(installed, last, _who(point), point, time.monotonic() - begun))
    return rows


def death_while_mailing(installed: Installation) -> str:
    """Let the worker die between giving a mail to the server and noting that it did; return the quotation that was sent."""
    quote_id = installed.accept(str(uuid4()))
    installed.finished(quote_id)
    installed.settled()
    installed.arm(AFTER_SENDING)
    installed.send(quote_id)
    installed.died(AFTER_SENDING)
    return quote_id


def mailed_again(installed: Installation, quote_id: str, mails: "Mails", begun: float) -> Row:
    """Wait until the mail whose sender died has come again, saying that it is the same."""
    mails.wait_for(2)
    row = _row(installed, quote_id, "worker", AFTER_SENDING, time.monotonic() - begun)
    same = len(set(mails.ids)) == 1
    return row if same else replace(row, findings=(*row.findings, f"mails of different ids: {mails.ids}"))


def random_deaths(installed: Installation, *, seed: int, moments: int, life_seconds: float) -> list[Row]:
    """Kill somebody at ``moments`` random moments, each in the life of a quotation of its own."""
    chance = random.Random(seed)  # noqa: S311 - a seed makes the run the same again
    rows = []
    for _ in range(moments):
        victim = chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
        rows.append(_random_death(installed, victim, chance.uniform(0.0, 1.2 * life_seconds)))
    return rows


def _random_death(installed: Installation, victim: str, delay_seconds: float) -> Row:
    installed.settled()
    key = str(uuid4())
    begun = time.monotonic()
    asking = threading.Thread(target=installed.accept, args=(key,))
    asking.start()
    time.sleep(delay_seconds)
    phase = _phase(installed, key)
    installed.kill(victim)
    asking.join()
    quote_id = installed.accepted[key]
    installed.finished(quote_id)
    return _row(
        installed,
        quote_id,
        victim,
        f"{delay_seconds * 1000:.0f} ms, {phase}",
        time.monotonic() - begun,
    )


def _phase(installed: Installation, key: str) -> str:
    """Tell how far the quotation is just before the death."""
    quote_id = installed.accepted.get(key)
    return "being accepted" if quote_id is None else str(installed.examined(quote_id)["status"])


def _row(installed: Installation, quote_id: str, victim: str, moment: str, seconds: float) -> Row:
    return Row(
        victim=victim,
        moment=moment,
        tries=installed.examined(quote_id)["attempts"],
        seconds=seconds,
        findings=installed.findings(quote_id),
    )


def _who(point: str) -> str:
    return "api" if point.startswith("quotation.accept") else "worker"


def _is(victim: str, process: psutil.Process) -> bool:
    words = process.cmdline()
    if victim == "database":
        return bool(words) and Path(words[0]).name == "postgres"
    return {"worker": "kis.worker", "api": "kis.cli.serving.api_process"}[victim] in words


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table of Markdown."""
    lines = ["| killed | when | tries | done after | lost |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.victim} | {row.moment} | {row.tries} | {row.seconds:.1f} s | {row.lost} |" for row in rows
    ]
    return "\n".join(lines)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All deaths of a run and what the installation holds at the end."""

    life_seconds: float
    rows: tuple[Row, ...]
    accepted: int
    quotes: int
    packs: int
    unfinished: int
    audit: Mapping[str, Any]


def run(folder: Path, *, seed: int, moments: int) -> Report:
    """Let processes die at every named point and at ``moments`` random ones."""
    with Mails() as mails, installation(folder, **mails.environment) as installed:
        rows = [undisturbed(installed), undisturbed(installed)]
        life_seconds = rows[-1].seconds  # the first one also warms up
        rows += named_deaths(installed)
        begun = time.monotonic()
        mailed = death_while_mailing(installed)
        at_random = random_deaths(installed, seed=seed, moments=moments, life_seconds=life_seconds)
        rows += [mailed_again(installed, mailed, mails, begun), *at_random]
        quotes, packs, unfinished = installed.totals()
        return Report(
            life_seconds=life_seconds,
            rows=tuple(rows),
            accepted=len(set(installed.accepted.values())),
            quotes=quotes,
            packs=packs,
            unfinished=unfinished,
            audit=installed.audit(),
        )
