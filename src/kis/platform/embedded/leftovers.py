"""What a crash left of a server: a postmaster nobody looks after, backends without one, a pid file or a socket's lock that names a stranger."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import psutil

PID_FILE: Final = "postmaster.pid"
READY: Final = "ready"
SOCKET_PREFIX: Final = "kis-"
_ASKED_SECONDS: Final = 20.0
_URGED_SECONDS: Final = 5.0


def pid_file_lines(cluster: Path) -> list[str]:
    """Return the lines of the server's pid file (pid, folder, start, port, socket folder, address, memory, status); none without one."""
    try:
        return [line.strip() for line in (cluster / PID_FILE).read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        return []


def is_ready(cluster: Path, pid: int) -> bool:
    """Tell whether the server ``pid`` takes connections."""
    lines = pid_file_lines(cluster)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7] == READY


def end_leftovers(cluster: Path, *, keep: Path | None = None) -> None:
    """End every process of the cluster and remove its pid file, so that the next start is PostgreSQL's own recovery.

    A socket folder outside the data folder is removed too, unless it is the one to ``keep``.
    """
    import psutil

    lines = pid_file_lines(cluster)
    left = list(_processes(cluster))
    if left:
        # Asked in order: a postmaster ends its backends itself (SIGINT: at once, in good order); who has lost it hears SIGQUIT, then SIGKILL.
        for number, seconds in (
            (signal.SIGINT, _ASKED_SECONDS),
            (signal.SIGQUIT, _URGED_SECONDS),
            (signal.SIGKILL, _URGED_SECONDS),
        ):
            for process in left:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
            _, left = psutil.wait_procs(left, timeout=seconds)
            if not left:
                break
    (cluster / PID_FILE).unlink(missing_ok=True)
    if len(lines) >= 5 and Path(lines[4]) != keep:
        remove_socket_folder(Path(lines[4]))


def has_leftovers(cluster: Path) -> bool:
    """Tell whether the last run of the cluster did not end in order."""
    return (cluster / PID_FILE).exists()


def remove_sockets(folder: Path) -> None:
    """Remove a dead server's sockets and their locks: a lock whose process number another program has now would stop the next start."""
    for left in folder.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def remove_socket_folder(folder: Path) -> None:
    """Remove a socket folder that was made outside the data folder."""
    if folder.name.startswith(SOCKET_PREFIX) and folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)


def _processes(cluster: Path) -> Iterator["psutil.Process"]:
    """Yield the processes of the cluster: every process of PostgreSQL works inside its cluster's folder."""
    import psutil

    for process in psutil.process_iter(["name"]):
        if process.info["name"] != "postgres":
            continue
        with suppress(psutil.Error):
            if Path(process.cwd()) == cluster:
                yield process
