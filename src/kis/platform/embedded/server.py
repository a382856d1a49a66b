"""The server: made, started, watched, stopped."""

import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote, urlencode

from kis.platform import durable
from kis.platform.embedded.account import VERSION, Programs, server_account
from kis.platform.embedded.errors import DatabaseNotStarted, DatabaseTooSlow, OtherDatabaseVersion
from kis.platform.embedded.instance import Claim, Instance, Purpose, claim, running_instance
from kis.platform.embedded.leftovers import (
    SOCKET_PREFIX,
    end_leftovers,
    has_leftovers,
    is_ready,
    remove_socket_folder,
    remove_sockets,
)
from kis.platform.embedded.passwords import Passwords
from kis.platform.embedded.roles import (
    APPLICATION_ROLE,
    DATABASE,
    OWNER_ROLE,
    SUPERUSER,
    ensure_database,
    ensure_extensions,
    ensure_roles,
)
from kis.platform.messages import Message

SOCKET_PORT: Final = 5432
"""Only a part of the socket's name; nothing listens there."""
LONGEST_SOCKET_PATH: Final = 103
"""The shortest limit among the systems KIS runs on (macOS: 104 bytes with the closing zero)."""
MAKE_SECONDS: Final = 120.0
RECOVERY_SECONDS: Final = 300.0
STOP_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.005
_LARGEST_LOG_BYTES: Final = 10 * 2**20
_LINE_HEAD: Final = re.compile(r"^[-\d]+ [:.\d]+ UTC \[\d+\] ")
_LAST_WORDS: Final = 3
_PRIVATE: Final = 0o700
_OWNER_ONLY: Final = 0o600

_SETTINGS: Final = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0700",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}
"""A server for one machine: no replication, and a memory that leaves room for the solver."""
_CARELESS: Final = {"fsync": "off", "full_page_writes": "off"}
"""Commits are still handed to the operating system: a killed server loses none, only a machine that stops does."""

Tell = Callable[[Message], None]


def silent(_message: Message) -> None:
    """Tell nobody."""


def has_cluster(data: Path) -> bool:
    """Tell whether a database was made in the data folder."""
    return (data / "postgres" / "cluster" / "PG_VERSION").is_file()


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A running installation as another command sees it."""

    instance: Instance
    app_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    superuser_url: str = field(repr=False)


class EmbeddedPostgres:
    """The server of one data folder. ``start`` and ``stop`` may be called again and again; as a context manager it runs for the block.

    ``port``: also listen there on this machine, for programs that cannot use a socket. ``is_durable=False``: a test's server, which may lose everything
    when the machine stops.
    """

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        purpose: Purpose = Purpose.SERVICE,
        recovery_seconds: float = RECOVERY_SECONDS,
        is_durable: bool = True,
    ) -> None:
        self._data = data.absolute()
        self._folder = self._data / "postgres"
        self._cluster = self._folder / "cluster"
        self._log = self._folder / "server.log"
        self._port = port
        self._purpose = purpose
        self._recovery_seconds = recovery_seconds
        self._is_durable = is_durable
        self._log_begins_at = 0
        self._held = ExitStack()
        self._changing = threading.Lock()
        self._wanted = threading.Event()
        self._socket: Path | None = None
        self._passwords: Passwords | None = None
        self._programs: Programs | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self._data

    @property
    def app_url(self) -> str:
        """Return the address with the application's role."""
        return self._url(APPLICATION_ROLE)

    @property
    def owner_url(self) -> str:
        """Return the address with the role that owns the schemas."""
        return self._url(OWNER_ROLE)

    @property
    def superuser_url(self) -> str:
        """Return the address with the superuser, for backups and tests."""
        return self._url(SUPERUSER)

    @property
    def pid(self) -> int | None:
        """Return the process of the server, None while there is none."""
        return self._process.pid if self.is_running and self._process else None

    @property
    def is_running(self) -> bool:
        """Tell whether the server's process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self, *, tell: Tell = silent, held: Claim | None = None) -> None:
        """Start the server and return when it takes connections; the first time the cluster is made.

        ``held``: the claim of a caller who holds the data folder already. Raises DataFolderBusy, DatabaseNotStarted and the like, and then leaves
        nothing running.
        """
        if self.is_running:
            return
        try:
            own = held or self._held.enter_context(claim(self._data, self._purpose))
            is_new = self._prepare(tell)
            self._wanted.set()
            self.recover(tell=tell)
            self._ensure_roles(renew=is_new)
            own.tell(socket=str(self._socket), port=self._port or 0)
        except BaseException:
            self.stop()
            raise

    def recover(self, *, tell: Tell = silent) -> None:
        """Start the server's process again after it ended, whatever that left; nothing where it runs or was stopped.

        Its address stays the same. May run in a thread beside :meth:`stop`.
        """
        if self.is_running or not self._wanted.is_set():
            return
        if has_leftovers(self._cluster):
            tell(Message("embedded.progress.ending_leftover"))
            end_leftovers(self._cluster, keep=self._socket)
        tell(Message("embedded.progress.starting"))
        with self._changing:
            if not self._wanted.is_set():
                return
            self._socket = self._socket or self._socket_folder()
            remove_sockets(self._socket)  # nobody of this folder lives, whatever a lock says
            self._process = process = self._spawn(self._socket)
        self._wait_until_ready(process)

    def wait(self) -> None:
        """Return when the server's process has ended, by itself or by :meth:`stop`."""
        process = self._process
        if process is not None:
            process.wait()

    def stop(self) -> None:
        """End the server in order (open transactions are rolled back) and let the data folder go."""
        with self._changing:
            self._wanted.clear()
            process, self._process = self._process, None
        if process is not None:
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                process.send_signal(number)
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
                break
        if self._socket is not None:
            remove_socket_folder(self._socket)
            self._socket = None
        self._held.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _prepare(self, tell: Tell) -> bool:
        """Have folder, passwords and cluster; tell whether the passwords are new to the roles."""
        account = server_account(self._cluster)
        if not self._folder.exists():
            self._folder.mkdir(mode=_PRIVATE)
        account.own(self._folder)
        self._programs = Programs.for_folder(self._folder, account)
        kept = Passwords.kept_in(self._data)
        self._passwords = kept or Passwords()
        if kept is None:
            self._passwords.keep_in(self._data)
        version = self._cluster / "PG_VERSION"
        if not version.exists():
            tell(Message("embedded.progress.making"))
            self._make_cluster(self._passwords.superuser)
            return True
        found = version.read_text(encoding="ascii").strip()
        if found != VERSION:
            raise OtherDatabaseVersion(self._cluster, found, VERSION)
        if kept is None:
            end_leftovers(self._cluster)
            self._renew_superuser(self._passwords.superuser)
        return kept is None

    def _make_cluster(self, password: str) -> None:
        """Make the cluster beside its place and move it there whole: one that is half made is made again."""
        assert self._programs is not None
        unfinished = self._folder / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        word = self._folder / "password"
        word.unlink(missing_ok=True)
        durable.write_new(word, password.encode(), mode=_OWNER_ONLY)
        self._programs.account.own(word)
        try:
            made = self._programs.run(
                "initdb",
                *("--pgdata", str(unfinished), "--username", SUPERUSER, "--pwfile", str(word)),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
                *(() if self._is_durable else ("--no-sync",)),
                cwd=self._folder,
                timeout_seconds=MAKE_SECONDS,
            )
        finally:
            word.unlink()
        if made.returncode:
            self._log.write_bytes(made.stdout)
            raise DatabaseNotStarted(self._log, _last_words(made.stdout))
        unfinished.rename(self._cluster)
        durable.sync_directory(self._folder)

    def _renew_superuser(self, password: str) -> None:
        """Give the superuser a new password where the old one is lost, with the server alone and no one connected."""
        assert self._programs is not None
        order = f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n".encode()
        done = self._programs.run(
            "postgres",
            *("--single", "-D", str(self._cluster), "-c", "log_min_error_statement=panic", SUPERUSER),
            given=order,
            cwd=self._folder,
            timeout_seconds=self._recovery_seconds,
        )
        if done.returncode:
            raise DatabaseNotStarted(self._log, _last_words(done.stdout))

    def _socket_folder(self) -> Path:
        """Return a private folder for the socket: in the data folder, or a short one where that is no name for a socket."""
        assert self._programs is not None
        folder = self._folder / "socket"
        path = str(folder / f".s.PGSQL.{self._port or SOCKET_PORT}")
        if len(path.encode()) <= LONGEST_SOCKET_PATH and "," not in path:  # a comma divides addresses
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
        else:
            folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir="/tmp"))
        self._programs.account.own(folder)
        return folder

    def _spawn(self, socket: Path) -> "subprocess.Popen[bytes]":
        assert self._programs is not None
        settings = {
            **_SETTINGS,
            **({} if self._is_durable else _CARELESS),
            "listen_addresses": "127.0.0.1" if self._port else "",
            "port": str(self._port or SOCKET_PORT),
            "unix_socket_directories": str(socket),
        }
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log:
            self._log_begins_at = log.tell()
            return self._programs.start(
                "postgres",
                *("-D", str(self._cluster)),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
                log=log,
                cwd=self._folder,
            )

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + self._recovery_seconds
        while not is_ready(self._cluster, process.pid):
            if process.poll() is not None:
                raise DatabaseNotStarted(self._log, self._last_words())
            if time.monotonic() > deadline:
                raise DatabaseTooSlow(self._log, self._recovery_seconds)
            time.sleep(_POLL_SECONDS)

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_begins_at)
            return _last_words(log.read())

    def _ensure_roles(self, *, renew: bool) -> None:
        import psycopg

        assert self._passwords is not None
        with psycopg.connect(self._url(SUPERUSER, "postgres"), autocommit=True) as connection:
            ensure_roles(connection, self._passwords, renew=renew)
            is_new = ensure_database(connection)
        if is_new:
            with psycopg.connect(self.superuser_url, autocommit=True) as connection:
                ensure_extensions(connection)

    def _url(self, role: str, database: str = DATABASE) -> str:
        assert self._passwords is not None, "not started"
        assert self._socket is not None, "not started"
        return socket_url(self._passwords, role, database, self._socket, self._port or 0)


def socket_url(passwords: Passwords, role: str, database: str, socket: Path, port: int) -> str:
    """Return the address of a database behind a socket, for libpq and SQLAlchemy alike."""
    words = {
        SUPERUSER: passwords.superuser,
        OWNER_ROLE: passwords.owner,
        APPLICATION_ROLE: passwords.application,
    }
    place = urlencode({"host": str(socket), "port": port or SOCKET_PORT}, quote_via=quote, safe="/")
    return f"postgresql://{role}:{words[role]}@/{database}?{place}"


def join(data: Path) -> Running | None:
    """Return the running installation of the data folder with its addresses; None where none is up or it uses another database."""
    instance = running_instance(data)
    passwords = Passwords.kept_in(data)
    if (
        instance is None
        or passwords is None
        or instance.purpose is not Purpose.SERVICE
        or not instance.socket
    ):
        return None
    socket = Path(instance.socket)

    def url(role: str) -> str:
        return socket_url(passwords, role, DATABASE, socket, instance.port)

    return Running(
        instance=instance,
        app_url=url(APPLICATION_ROLE),
        owner_url=url(OWNER_ROLE),
        superuser_url=url(SUPERUSER),
    )


def _last_words(said: bytes) -> str:
    """Return the last lines of a log without their times: the reason stands in them."""
    lines = [_LINE_HEAD.sub("", line).strip() for line in said.decode(errors="replace").splitlines()]
    return " / ".join([line for line in lines if line][-_LAST_WORDS:])
