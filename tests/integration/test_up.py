"""``kis up`` as an operator has it: started, used, killed in parts, stopped, started again."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import psutil
import psycopg
import pytest

from kis.platform.local_sockets import connected_to, socket_path
from tests.factories.servers import LOCALHOST, ROOT, wait_until
from tests.integration.conftest import DatabaseUrls

START_SECONDS: Final = 300.0
STOP_SECONDS: Final = 30.0
"""Promised: all is gone within this time."""
API: Final = "kis.cli.serving.api_process"
ANALYZER: Final = "kis.search.tokens.process"
REQUEST: Final = ROOT / "examples" / "office-lighting-panel.yaml"


class Installation:
    """A data folder, and ``kis up`` over it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data.parent / "up.log"
        self.facts: dict[str, Any] = {}
        self._process: subprocess.Popen[str] | None = None

    def start(self, *words: str, **more: str) -> dict[str, Any]:
        """Start, and return the facts of the ready line."""
        self._close()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                kis("up", "--data", str(self.data), "--port", "0", "--json", *words),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=surroundings(**more),
                cwd=self.data.parent,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self.log.read_text(encoding="utf-8")
        self.facts = json.loads(line)
        return self.facts

    @property
    def process(self) -> psutil.Process:
        """Return the supervisor."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask for the end, and return the exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(STOP_SECONDS)

    def child(self, word: str) -> psutil.Process | None:
        """Return the child whose command names ``word``."""
        for child in self.process.children():
            with suppress(psutil.Error):
                if any(word in part for part in child.cmdline()):
                    return child
        return None

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.facts["url"], timeout=30)

    def end(self) -> None:
        """Leave nothing running, whatever the test did."""
        if self._process is None:
            return
        family = self.process.children(recursive=True) if self._process.poll() is None else []
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        for member in family:
            with suppress(psutil.Error):
                member.kill()
        self._close()

    def _close(self) -> None:
        """Have done with the process before."""
        if self._process is not None and self._process.stdout is not None:
            self._process.wait(STOP_SECONDS)
            self._process.stdout.close()


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "data")
    yield made
    made.end()


def kis(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "kis", *words]


def surroundings(**more: str) -> Mapping[str, str]:
    """The environment of a fresh shell: no setting of this machine."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "KIS_LANG": "en", **more}


def ran(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        kis(*words),
        capture_output=True,
        text=True,
        check=False,
        env=surroundings(**more),
        timeout=START_SECONDS,
    )


def of_folder(data: Path) -> list[int]:
    """Return the processes of an installation: what works in its cluster, and what is started for it."""
    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error):
            words = process.cmdline()
            if str(data) in words or Path(process.cwd()).is_relative_to(data):
                found.append(process.pid)
    return found


def has_another(installed: Installation, word: str, killed: psutil.Process) -> bool:
    found = installed.child(word)
    return found is not None and found != killed


def of_module(installed: Installation, name: str) -> list[psutil.Process]:
    """Return the processes below the supervisor that run a module."""
    found = []
    for child in installed.process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            if name in child.cmdline():
                found.append(child)
    return found


def hello(path: Path) -> bytes:
    """Return what a process says to who comes to its socket."""
    with connected_to(path) as connection:
        connection.settimeout(START_SECONDS)
        return connection.recv(100)


def all_serve(installed: Installation, number: int) -> bool:
    """Tell whether there are so many processes of the API and each of them has some of twenty callers."""
    found = of_module(installed, API)
    address = urlsplit(installed.facts["url"])
    with ExitStack() as closing:
        for _ in range(20):
            closing.enter_context(socket.create_connection((address.hostname, address.port), timeout=30))
        with suppress(psutil.NoSuchProcess):
            return len(found) == number and all(has_caller(each, address.port) for each in found)
    return False


def has_caller(process: psutil.Process, port: int | None) -> bool:
    callers = [each for each in process.net_connections("tcp") if each.laddr and each.laddr.port == port]
    return any(each.status == psutil.CONN_ESTABLISHED for each in callers)


def answers(client: httpx2.Client, path: str, status: int = 200) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            return client.get(path).status_code == status
        except httpx2.HTTPError:
            return False

    return ask


class TestUp:
    def test_serves_from_the_first_start_and_finds_all_data_at_the_second(
        self, installed: Installation
    ) -> None:
        facts = installed.start()
        assert facts["workers"] == 1
        with installed.client() as client:
            login = client.post("/v1/auth/one-time", json={"token": facts["link"]["token"]})
            assert login.status_code == 200, login.text
            bearer = {"Authorization": f"Bearer {login.json()['accessToken']}"}
            made = client.post(
                "/v1/estimate",
                content=REQUEST.read_bytes(),
                headers={**bearer, "Content-Type": "application/yaml"},
            )
            assert made.status_code == 201, made.text
            address = made.headers["Location"]
            wait_until(
                lambda: client.get(address, headers=bearer).json()["status"] not in {"queued", "processing"},
                seconds=60,
            )
            before = client.get(address, headers=bearer).json()
        assert before["status"] == "completed"
        worker, database = installed.child("kis.worker"), installed.child("bin/postgres")
        assert worker is not None
        assert worker.nice() > installed.process.nice(), "people wait for the API, not for the worker"
        assert database is not None
        everything = [installed.process, *installed.process.children(recursive=True)]

        assert installed.stop(signal.SIGINT) == 0
        assert [member.pid for member in everything if member.is_running()] == []
        assert of_folder(installed.data) == []
        assert not (installed.data / "instance.json").exists()
        assert list(installed.data.glob("postgres/socket/*")) == []  # of a deep folder it stands elsewhere

        again = installed.start()
        assert again["link"] is None, "somebody has logged in"
        with installed.client() as client:
            after = client.get(address, headers=bearer).json()
        assert after["number"] == before["number"]
        assert after["totals"] == before["totals"]
        assert installed.stop(signal.SIGTERM) == 0

    def test_starts_again_what_ends_and_is_joined_by_other_commands(self, installed: Installation) -> None:
        facts = installed.start("--demo")
        assert [role for role, _ in facts["demo"]["people"]] == [
            "admin",
            "estimator",
            "editor",
            "reviewer",
            "viewer",
        ]
        with installed.client() as client:
            _, email = facts["demo"]["people"][1]
            known = {"email": email, "password": facts["demo"]["password"]}
            login = client.post("/v1/auth/login", json=known)
            assert login.status_code == 200, login.text
            bearer = {"Authorization": f"Bearer {login.json()['accessToken']}"}
            listed = client.get("/v1/estimate", headers=bearer).json()
            assert len(listed["items"]) == 4

            refused = ran("up", "--data", str(installed.data), "--port", "0")
            assert refused.returncode == 1
            assert str(installed.process.pid) in refused.stderr
            joined = ran("db", "status", "--json", KIS_HOME=str(installed.data))
            assert joined.returncode == 0, joined.stderr

            for word in ("kis.worker", "bin/postgres", "api_process"):
                killed = installed.child(word)
                assert killed is not None
                killed.kill()
                wait_until(partial(has_another, installed, word, killed), seconds=30)
                wait_until(answers(client, "/readyz"), seconds=START_SECONDS)
            assert client.get("/v1/auth/me", headers=bearer).status_code == 200
            # The first administrator's link still works: another start of the API has not made a new one.
            first = client.post("/v1/auth/one-time", json={"token": facts["link"]["token"]})
            assert first.status_code == 200
        assert installed.stop() == 0

    def test_deals_callers_out_among_processes_of_the_api_each_of_which_may_end(
        self, installed: Installation
    ) -> None:
        facts = installed.start("--api-processes", "2", "--workers", "0", SEARCH_MORPHEMES="off")
        assert facts["api_processes"] == 2
        wait_until(partial(all_serve, installed, 2), seconds=START_SECONDS)
        for killed in of_module(installed, API):
            (other,) = (each for each in of_module(installed, API) if each != killed)
            killed.kill()
            killed.wait(STOP_SECONDS)
            wait_until(partial(all_serve, installed, 2), seconds=START_SECONDS)
            assert other.is_running()
        with installed.client() as client:
            # No start of a process but the first has made another link of the first administrator.
            first = client.post("/v1/auth/one-time", json={"token": facts["link"]["token"]})
            assert first.status_code == 200
            assert client.get("/readyz").status_code == 200
        assert installed.stop() == 0
        assert of_folder(installed.data) == []

    def test_leaves_no_process_for_ever_when_it_is_killed_itself(self, installed: Installation) -> None:
        installed.start()
        database = installed.child("bin/postgres")
        own = [
            member
            for member in installed.process.children(recursive=True)
            if member.name().startswith("python")
        ]
        assert len(own) >= 2
        assert database is not None
        installed.process.kill()
        _, left = psutil.wait_procs(own, timeout=STOP_SECONDS)
        assert left == []
        installed.start()
        assert not database.is_running(), "what was left of the database was ended and recovered"
        with installed.client() as client:
            assert client.get("/healthz").status_code == 200
        assert installed.stop() == 0
        assert of_folder(installed.data) == []


class TestAnalyzer:
    """The process that takes Korean words apart for all others."""

    def test_is_one_for_all_from_when_it_is_needed_and_is_gone_with_the_supervisor_however_that_ends(
        self, installed: Installation
    ) -> None:
        installed.start("--workers", "2")
        path = socket_path(installed.data)
        assert of_module(installed, ANALYZER) == [], "nobody has asked"
        assert b"morphemes" in hello(path), "who asks is answered by the one that is started for it"
        assert b"morphemes" in hello(path)
        (only,) = of_module(installed, ANALYZER)
        only.kill()
        only.wait(STOP_SECONDS)
        assert b"morphemes" in hello(path)
        (second,) = of_module(installed, ANALYZER)
        assert second != only
        installed.process.kill()
        _, left = psutil.wait_procs([second], timeout=STOP_SECONDS)
        assert left == []

        installed.start()
        assert of_module(installed, ANALYZER) == []
        assert b"morphemes" in hello(path)
        assert installed.stop() == 0
        assert of_folder(installed.data) == []
        assert not path.parent.exists()

    def test_is_not_there_where_nobody_wants_it(self, installed: Installation) -> None:
        installed.start("--workers", "0", SEARCH_MORPHEMES="off")
        assert not socket_path(installed.data).exists()
        assert installed.stop() == 0


class TestDatabaseOfOthers:
    def test_is_given_its_schema_and_nothing_is_started_for_it(
        self, installed: Installation, empty_database: DatabaseUrls
    ) -> None:
        installed.start(
            "--workers", "0", DATABASE_URL=empty_database.app, MIGRATION_DATABASE_URL=empty_database.owner
        )
        assert installed.child("bin/postgres") is None
        assert installed.child("kis.worker") is None
        assert not (installed.data / "postgres").exists()
        with installed.client() as client:
            wait_until(answers(client, "/readyz"), seconds=START_SECONDS)
        assert installed.stop() == 0

    def test_is_left_as_it_is_where_that_is_asked_for(
        self, tmp_path: Path, empty_database: DatabaseUrls
    ) -> None:
        refused = ran(
            *("up", "--data", str(tmp_path / "data"), "--port", "0", "--json"),
            DATABASE_URL=empty_database.app,
            MIGRATION_DATABASE_URL=empty_database.owner,
            SKIP_DB_PUSH="true",
        )
        assert refused.returncode == 1
        assert "SKIP_DB_PUSH" in json.loads(refused.stdout)["message"]
        with psycopg.connect(empty_database.owner) as connection:
            made = connection.execute(
                "SELECT count(*) FROM pg_namespace WHERE nspname = 'estimator'"
            ).fetchone()
        assert made == (0,)


class TestRefusals:
    def test_beyond_this_machine_without_a_secret(self, tmp_path: Path) -> None:
        refused = ran("up", "--data", str(tmp_path / "data"), "--host", "0.0.0.0")  # noqa: S104 - refused
        assert refused.returncode == 2
        assert "SECRET_KEY" in refused.stderr
        assert not (tmp_path / "data").exists()

    def test_of_a_port_that_is_taken(self, tmp_path: Path) -> None:
        with socket.create_server((LOCALHOST, 0)) as taken:
            port = str(taken.getsockname()[1])
            refused = ran("up", "--data", str(tmp_path / "data"), "--port", port)
        assert refused.returncode == 1
        assert port in refused.stderr
        assert of_folder(tmp_path / "data") == []

    def test_of_a_database_that_does_not_answer(self, tmp_path: Path) -> None:
        nowhere = "postgresql://kis_app:secret-word@127.0.0.1:1/kis"
        refused = ran("up", "--data", str(tmp_path / "data"), "--port", "0", "--json", DATABASE_URL=nowhere)
        assert refused.returncode == 1
        said = json.loads(refused.stdout)
        assert said["code"] == "start_failed"
        assert "secret-word" not in refused.stdout + refused.stderr
        assert of_folder(tmp_path / "data") == []
