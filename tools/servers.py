"""The programs that the test suite drives besides Python: found on PATH, else installed with apt as root on Debian.

What cannot be had is left out by name: its tests are skipped, the summary names them, and on the build server a skip is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kis.platform.messages import Message
from kis.platform.settings import locale

APT_SECONDS: Final = 900
POLICY: Final = Path("/usr/sbin/policy-rc.d")
"""Asked by Debian's packages before they start a service; 101 means no."""


NOT_ON_PATH: Final = Path("/usr/lib/postgresql")
"""Debian keeps each version of PostgreSQL's programs in a folder of its own there."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program by its command, and the Debian package that brings it. ``pattern``: where it is found when not on PATH."""

    command: str
    package: str
    pattern: str = ""

    @property
    def is_here(self) -> bool:
        """Tell whether the program is on this machine."""
        return shutil.which(self.command) is not None or (
            bool(self.pattern) and any(NOT_ON_PATH.glob(self.pattern))
        )


NEEDED: Final = (
    # Other programs judge a file than the one that wrote it: LibreOffice recalculates the workbooks, GDAL reads the DXF drawings.
    Program("soffice", "libreoffice-calc"),
    Program("ogrinfo", "gdal-bin"),
    # What stands behind KIS at scale, run for real.
    Program("redis-server", "redis-server"),
    Program("rabbitmq-server", "rabbitmq-server"),
    Program("nginx", "nginx"),
    Program("postgres", "postgresql", pattern="*/bin/postgres"),
)


def provide(tell: Callable[[Message], None]) -> None:
    """Install what is missing where that is possible; ``tell`` is told what happens."""
    missing = [program for program in NEEDED if not program.is_here]
    if not missing:
        return
    packages = [program.package for program in missing]
    names = ", ".join(packages)
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        tell(Message("cli.develop.servers_missing", {"packages": names}))
        return
    tell(Message("cli.develop.servers_installing", {"packages": names}))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _no_service_started():
        _install(apt, packages, environment, tell)


def _install(
    apt: str, packages: list[str], environment: dict[str, str], tell: Callable[[Message], None]
) -> None:
    names = ", ".join(packages)
    for step in (("update",), ("install", "-y", "--no-install-recommends", *packages)):
        done = subprocess.run(
            (apt, "-q", *step),
            env=environment,
            stdout=subprocess.DEVNULL,
            check=False,
            timeout=APT_SECONDS,
        )
        if done.returncode:
            tell(Message("cli.develop.servers_missing", {"packages": names}))
            return


@contextmanager
def _no_service_started() -> Iterator[None]:
    """Let no package start its service for the block: tests run servers of their own. An answer that is there already is not touched."""
    try:
        with POLICY.open("x", encoding="ascii") as policy:
            policy.write("#!/bin/sh\nexit 101\n")
    except OSError:  # there is one, or nobody may write there
        yield
        return
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


if __name__ == "__main__":
    provide(lambda message: print(message.text(locale()), file=sys.stderr))
