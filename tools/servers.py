"""The programs that the test suite drives besides Python: found on PATH, else installed with apt as root on Debian.

What cannot be had is left out by name: its tests are skipped, the summary names them, and on the build server a skip is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kis.platform.messages import Message
from kis.platform.settings import locale

APT_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Program:
    """A program by the command that must be on PATH, and the Debian package that brings it."""

    command: str
    package: str


NEEDED: Final = (Program("soffice", "libreoffice-calc"), Program("ogrinfo", "gdal-bin"))
"""LibreOffice recalculates the workbooks and GDAL reads the DXF drawings, so that a file is judged by another program than the one that wrote it."""


def provide(tell: Callable[[Message], None]) -> None:
    """Install what is missing where that is possible; ``tell`` is told what happens."""
    missing = [program for program in NEEDED if shutil.which(program.command) is None]
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


if __name__ == "__main__":
    provide(lambda message: print(message.text(locale()), file=sys.stderr))
