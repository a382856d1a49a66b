"""Where the one analyzer of a data folder listens, and who may: the account that owns the folder, nobody else."""

import errno
import os
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

LONGEST_PATH: Final = 103
"""The shortest limit of a socket's name among the systems KIS runs on (macOS: 104 bytes with the closing zero)."""
BACKLOG: Final = 64
_FOLDER: Final = "morphemes"
_NAME: Final = "socket"
_ROOM: Final = 12
"""For the number of a process at the end of the name, see :class:`Listening`."""
_OTHERS: Final = 0o077


class NotOurs(PermissionError):
    """A socket, or its folder, that somebody else made or may write to."""


def socket_path(data: Path) -> Path:
    """Return the name of the socket: in the data folder, or in a short folder of its own where that is no name for a socket."""
    path = data.absolute() / _FOLDER / _NAME
    if len(os.fsencode(path)) + _ROOM <= LONGEST_PATH:
        return path
    key = sha256(os.fsencode(data.absolute())).hexdigest()[:16]
    return Path("/tmp") / f"kis-{os.geteuid()}-{key}" / _NAME  # noqa: S108 - see _refuse_foreign


def awake_path(path: Path) -> Path:
    """Return the name of the file beside a socket that says whether its process has loaded."""
    return path.with_name("awake")


class Listening:
    """A socket that listens at ``path``, in place of whatever listened there. Making one raises NotOurs and other OSErrors."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(path.parent, stat.S_ISDIR)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            unfinished.unlink(missing_ok=True)
            self.socket.bind(str(unfinished))
            unfinished.chmod(0o600)
            self.socket.listen(BACKLOG)
            self._entry = _entry(unfinished)
            unfinished.rename(path)  # whoever finds it is answered, and nobody ever finds half of it
        except OSError:
            self.socket.close()
            unfinished.unlink(missing_ok=True)
            raise
        self._path = path

    def remove(self) -> None:
        """Remove the socket, unless another has taken its place, and its folder."""
        with suppress(OSError):
            if _entry(self._path) == self._entry:
                self._path.unlink()
                self._path.parent.rmdir()


def connected_to(path: Path) -> socket.socket:
    """Return a connection to whoever listens at ``path``, at once. Raises NotOurs, FileNotFoundError, ConnectionRefusedError."""
    _refuse_foreign(path.parent, stat.S_ISDIR)
    _refuse_foreign(path, stat.S_ISSOCK)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.setblocking(False)
        made.connect(str(path))
    except OSError:
        made.close()
        raise
    return made


def _entry(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_dev, found.st_ino


def _refuse_foreign(path: Path, is_kind: Callable[[int], bool]) -> None:
    found = path.lstat()
    if not is_kind(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & _OTHERS:
        raise NotOurs(errno.EACCES, "not of this account alone", str(path))
