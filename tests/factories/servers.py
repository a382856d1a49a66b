"""Real servers for the integration tests: one of each kind per test run, shared by all its processes, gone when the run is gone, however it ended.

The first test that needs a server starts a keeper (``python -m tests.factories.servers <kind> <folder> <process>``) in a session of its own. The keeper starts
the server on a free port or socket with a data folder of its own, writes down how to reach it, and ends it when the process it serves (the test
run's controller) is no more. Tests read the file.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil
from filelock import FileLock

ROOT: Final = Path(__file__).resolve().parents[2]
LOCALHOST: Final = "127.0.0.1"
START_SECONDS: Final = 120.0
END_SECONDS: Final = 20.0
TEMPLATE: Final = "kis_tests_{run}_template"
TEST_PASSWORD: Final = "kis"
REACHED_FILE: Final = "reached.json"

Reached = dict[str, str]
"""How to reach a server: addresses by name."""


class NotInstalled(Exception):
    """A program that a server needs is not on this machine."""


class Servers:
    """The servers of one test run."""

    def __init__(self, run: str, served: int) -> None:
        self.run = run
        self._served = served
        self._folder = Path(tempfile.gettempdir()) / f"kis-tests-{os.getuid()}-{run}"

    def reach(self, kind: str) -> Reached:
        """Return how to reach the server of ``kind``, started now unless another test did. Raises NotInstalled."""
        require(kind)
        folder = self._folder / kind
        reached = folder / REACHED_FILE
        folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o711)  # the account of a server passes through it
        with FileLock(folder / "lock"):
            if not reached.exists():
                self._start(kind, folder)
        return dict(json.loads(reached.read_text(encoding="utf-8")))

    def _start(self, kind: str, folder: Path) -> None:
        log = folder / "keeper.log"
        words = (sys.executable, "-m", "tests.factories.servers", kind, str(folder), str(self._served))
        with log.open("ab") as said:
            keeper = subprocess.Popen(
                words,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        threading.Thread(target=keeper.wait, daemon=True).start()  # nobody else asks how it ended
        wait_until(
            lambda: (folder / REACHED_FILE).exists() or keeper.poll() is not None, seconds=START_SECONDS
        )
        if not (folder / REACHED_FILE).exists():
            said_text = log.read_text(errors="replace")
            _remove(folder)
            raise AssertionError(f"{kind} did not start:\n{said_text}")


def wait_until(holds: Callable[[], bool], *, seconds: float) -> None:
    """Wait until a condition holds. Raises AssertionError after ``seconds``."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        pause.wait(0.02)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def held_port() -> Iterator[int]:
    """Hold a port for the block: a server that is told of it can listen there, once or several times, and nobody else is given it in between."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((LOCALHOST, 0))
        yield int(holder.getsockname()[1])


def debian_programs() -> Path | None:
    """Return the folder of the programs of Debian's PostgreSQL; they are not on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: path.parts[-3])
    return found[-1].parent if found else None


def rabbitmq_program() -> str | None:
    """Return RabbitMQ's own script: the one on PATH changes to another account and another home first."""
    own = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    return str(own) if own.exists() else shutil.which("rabbitmq-server")


@contextmanager
def postgresql(folder: Path) -> Iterator[Reached]:
    """The embedded PostgreSQL, or the one of TEST_DATABASE_URL, with a template that every test database is copied from."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    template = TEMPLATE.format(run=_run_of(folder))
    if given:
        try:
            yield _with_template(given, template)
        finally:
            drop_databases(given, template.removesuffix("template"))
        return
    from kis.platform.embedded import EmbeddedPostgres

    with EmbeddedPostgres(folder / "data", is_durable=False, port=free_port()) as server:
        yield _with_template(server.superuser_url, template)


def _with_template(superuser: str, template: str) -> Reached:
    """Make roles and the template, and return the addresses of the template by role."""
    import psycopg

    from kis import migrations
    from kis.platform.embedded import APPLICATION_ROLE, OWNER_ROLE, Passwords, ensure_database, ensure_roles

    passwords = Passwords(owner=TEST_PASSWORD, application=TEST_PASSWORD)
    with psycopg.connect(superuser, autocommit=True) as connection:
        ensure_roles(connection, passwords, renew=True)
        ensure_database(connection, template)
    owner = with_database(with_role(superuser, OWNER_ROLE), template)
    migrations.push(owner)
    return {
        "superuser": with_database(superuser, template),
        "owner": owner,
        "app": with_database(with_role(superuser, APPLICATION_ROLE), template),
    }


def with_role(url: str, role: str) -> str:
    """Return the address ``url`` for one of the test's roles."""
    from sqlalchemy.engine import make_url

    changed = make_url(url).set(username=role, password=TEST_PASSWORD)
    return changed.render_as_string(hide_password=False)


def with_database(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    from sqlalchemy.engine import make_url

    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_databases(superuser: str, prefix: str) -> None:
    """Drop every database whose name begins with ``prefix``."""
    import psycopg

    with psycopg.connect(superuser, autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,)
        )
        for (name,) in names.fetchall():
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def debian_postgresql(folder: Path) -> Iterator[Reached]:
    """Debian's PostgreSQL, as an operator has it: no extension of ours, a superuser without password on a port of this machine."""
    from kis.platform.embedded.account import Programs, server_account
    from kis.platform.embedded.leftovers import is_ready

    programs = debian_programs()
    assert programs is not None
    cluster = folder / "cluster"
    account = server_account(cluster)
    account.own(folder)
    run = Programs(programs, account)
    made = run.run(
        "initdb",
        *("-D", str(cluster), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"),
        "--no-sync",
        cwd=folder,
        timeout_seconds=START_SECONDS,
    )
    assert made.returncode == 0, made.stdout.decode()
    port = free_port()
    settings = ("fsync=off", f"port={port}", f"listen_addresses={LOCALHOST}", "unix_socket_directories=")
    with (folder / "server.log").open("wb") as log:
        server = run.start(
            "postgres",
            *("-D", str(cluster), *(word for setting in settings for word in ("-c", setting))),
            log=log,
            cwd=folder,
        )
    with _ending(server, signal.SIGINT):
        wait_until(lambda: is_ready(cluster, server.pid) or server.poll() is not None, seconds=START_SECONDS)
        assert server.poll() is None, (folder / "server.log").read_text(encoding="utf-8")
        yield {"superuser": f"postgresql://postgres@{LOCALHOST}:{port}/postgres"}


@contextmanager
def redis(folder: Path) -> Iterator[Reached]:
    """Redis, keeping nothing."""
    port = free_port()
    settings = {"bind": LOCALHOST, "port": str(port), "dir": str(folder), "save": "", "appendonly": "no"}
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    with _program(["redis-server", *words], folder) as server:
        _wait_for_port(port, server)
        yield {"url": f"redis://{LOCALHOST}:{port}/0"}


@contextmanager
def rabbitmq(folder: Path) -> Iterator[Reached]:
    """RabbitMQ with a home, a name and a port mapper of its own, as small as it gets."""
    port, distribution_port, mapper_port = free_port(), free_port(), free_port()
    script = rabbitmq_program()
    mapper_program = shutil.which("epmd")
    assert script is not None
    assert mapper_program is not None
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = {LOCALHOST}:{port}\n"
        "log.console = true\nlog.console.level = warning\nlog.file = false\n"
        "disk_free_limit.absolute = 50MB\nvm_memory_high_watermark.absolute = 512MB\n",
        encoding="ascii",
    )
    (folder / "plugins").write_text("[].\n", encoding="ascii")
    surroundings = {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": LOCALHOST,
        "ERL_EPMD_PORT": str(mapper_port),
        "RABBITMQ_NODENAME": f"kis-{port}@localhost",
        "RABBITMQ_DIST_PORT": str(distribution_port),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none",
    }
    # Without a mapper of our own the server would leave one behind as a daemon.
    with _program([mapper_program, "-port", str(mapper_port), "-address", LOCALHOST], folder) as mapper:
        _wait_for_port(mapper_port, mapper)
        with _program([script], folder, surroundings) as server:
            _wait_for_port(port, server)
            yield {"url": f"amqp://guest:guest@{LOCALHOST}:{port}/"}


@contextmanager
def s3(_folder: Path) -> Iterator[Reached]:
    """An S3-compatible server in memory."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(LOCALHOST, 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield {"url": f"http://{host}:{port}"}
    finally:
        server.stop()


Kind = Callable[[Path], AbstractContextManager[Reached]]

KINDS: Final[dict[str, Kind]] = {
    "postgresql": postgresql,
    "debian-postgresql": debian_postgresql,
    "redis": redis,
    "rabbitmq": rabbitmq,
    "s3": s3,
}


def require(kind: str) -> None:
    """Raise NotInstalled where a program of the server is missing."""
    needed: dict[str, Callable[[], Any]] = {
        "debian-postgresql": debian_programs,
        "redis": lambda: shutil.which("redis-server"),
        "rabbitmq": lambda: rabbitmq_program() and shutil.which("epmd"),
    }
    if kind in needed and not needed[kind]():
        raise NotInstalled(kind)


def keep(kind: str, folder: Path, served: int) -> None:
    """Run a server until the process ``served`` is gone or the keeper is asked to end, then leave nothing of it."""
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    process = psutil.Process(served)
    try:
        with KINDS[kind](folder) as reached:
            unfinished = folder / f"{REACHED_FILE}.unfinished"
            unfinished.write_text(json.dumps(reached), encoding="utf-8")
            unfinished.rename(folder / REACHED_FILE)
            while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and not asked.wait(0.2):
                pass
    finally:
        if (folder / REACHED_FILE).exists():
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a server's folder, and the run's when it was the last."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # another server of the run is still ending
        folder.parent.rmdir()


def _run_of(folder: Path) -> str:
    return folder.parent.name.rpartition("-")[2][:12]


@contextmanager
def _program(
    words: list[str], folder: Path, surroundings: dict[str, str] | None = None
) -> "Iterator[subprocess.Popen[bytes]]":
    with (folder / "server.log").open("ab") as log:
        started = subprocess.Popen(
            words,
            cwd=folder,
            env={**os.environ, **(surroundings or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    with _ending(started, signal.SIGTERM):
        yield started


@contextmanager
def _ending(server: "subprocess.Popen[bytes]", politely: signal.Signals) -> Iterator[None]:
    """End a server and all it started with the block."""
    try:
        yield
    finally:
        helpers = psutil.Process(server.pid).children(recursive=True) if server.poll() is None else []
        server.send_signal(politely)
        try:
            server.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        for helper in helpers:
            if helper.is_running():
                helper.kill()


def _wait_for_port(port: int, server: "subprocess.Popen[bytes]") -> None:
    def answers() -> bool:
        assert server.poll() is None, f"the server ended with {server.returncode}"
        with socket.socket() as probe:
            return probe.connect_ex((LOCALHOST, port)) == 0

    wait_until(answers, seconds=START_SECONDS)


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
