"""Who holds a data folder, and where it answers."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from kis.platform import durable
from kis.platform.embedded.errors import DataFolderBusy, DataFolderUnusable

LOCK_FILE: Final = "instance.lock"
INSTANCE_FILE: Final = "instance.json"
PATIENCE_SECONDS: Final = 0.5
"""Somebody who only looks whether the folder is held holds it for a moment."""
_POLL_SECONDS: Final = 0.02
_OWNER_ONLY: Final = 0o600


class Purpose(StrEnum):
    """Why a folder is held."""

    SERVICE = "service"
    """KIS is up: other commands may join it."""
    COMMAND = "command"
    """For the time of one command: others wait until it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What a holder tells about itself; no secret stands here."""

    pid: int
    purpose: Purpose
    url: str = ""
    """Where the API answers; empty until it does."""
    socket: str = ""
    """Folder of the embedded database's socket; empty where it uses another database."""
    port: int = 0
    """The database's port on this machine, 0 for none."""


class Claim:
    """A held data folder. The lock ends with the process that holds it, however that ends."""

    def __init__(self, data: Path, instance: Instance) -> None:
        self._path = data / INSTANCE_FILE
        self.instance = instance

    def tell(self, *, url: str | None = None, socket: str | None = None, port: int | None = None) -> None:
        """Tell other commands more; what is None stays as it is."""
        known = self.instance
        self.instance = replace(
            known,
            url=known.url if url is None else url,
            socket=known.socket if socket is None else socket,
            port=known.port if port is None else port,
        )
        durable.replace(self._path, json.dumps(asdict(self.instance)).encode(), mode=_OWNER_ONLY)

    def forget(self) -> None:
        """Remove what was told."""
        self._path.unlink(missing_ok=True)


@contextmanager
def claim(data: Path, purpose: Purpose, *, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[Claim]:
    """Hold the data folder. Raises DataFolderBusy, naming the process that has it, and DataFolderUnusable."""
    from filelock import FileLock, Timeout

    lock = FileLock(data / LOCK_FILE, mode=_OWNER_ONLY, thread_local=False, fallback_to_soft=False)
    try:
        durable.make_directory(data)
        lock.acquire(timeout=patience_seconds, poll_interval=_POLL_SECONDS)
    except Timeout:
        holder = running_instance(data)
        raise DataFolderBusy(data, holder.pid if holder else None) from None
    except OSError as error:
        raise DataFolderUnusable(data, error.strerror or type(error).__name__) from error
    held = Claim(data, Instance(pid=os.getpid(), purpose=purpose))
    try:
        held.tell()
        yield held
    finally:
        held.forget()
        lock.release()


def running_instance(data: Path) -> Instance | None:
    """Return who holds the data folder, None where nobody does."""
    if not _is_held(data / LOCK_FILE):
        return None
    try:
        told = json.loads((data / INSTANCE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:  # it has only just begun, or is about to end
        return None
    return Instance(**{**told, "purpose": Purpose(told["purpose"])})


def _is_held(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
