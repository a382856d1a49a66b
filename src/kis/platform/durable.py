"""Files that survive a crash: written whole, flushed to the disk, put in place by one rename; and locks between processes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kis.platform.errors import LockTimeout

LOCK_TIMEOUT_SECONDS: Final = 60.0
"""Longer than any pack takes to write; a process that holds a lock for longer hangs."""
LOCK_POLL_SECONDS: Final = 0.01

_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def write_new(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file that must not exist yet and wait until the disk has it."""
    with os.fdopen(os.open(path, _NEW_FILE, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Put ``data`` in place of the file at one stroke: a reader, or a crash, finds the old or the new, never a part.

    Only one process may do so at a time for one path; hold a lock.
    """
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        write_new(partial, data, mode=mode)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def make_directory(path: Path, *, mode: int = 0o777) -> None:
    """Make the folder and those above it, each recorded on the disk, unless they are there."""
    if path.is_dir():
        return
    make_directory(path.parent)
    path.mkdir(mode=mode, exist_ok=True)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Wait until the disk has the folder's entries: a rename is not durable before."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep every other process and thread out of what ``path`` stands for; LockTimeout when one of them does not let go.

    The operating system releases the lock of a process that dies.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=LOCK_TIMEOUT_SECONDS, poll_interval=LOCK_POLL_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise LockTimeout(path, LOCK_TIMEOUT_SECONDS) from None
    try:
        yield
    finally:
        lock.release()
