"""The programs of PostgreSQL that dump and restore: of the server's own version where they are to be had, else newer ones."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kis.migrations.errors import BackupFailed, NoPrograms
from kis.platform.messages import Message

DEBIAN: Final = Path("/usr/lib/postgresql")
NEEDED: Final = ("pg_dump", "pg_restore", "psql")
_LINES_OF_COMPLAINT: Final = 5


@dataclass(frozen=True, slots=True)
class Programs:
    """One release of the client programs."""

    folder: Path
    major: int

    def run(self, name: str, *arguments: str, password: str = "", given: Path | None = None) -> str:
        """Run a program and return what it wrote. The password goes through its environment, where no other account sees it."""
        environment = {**_environment(), "PGPASSWORD": password} if password else _environment()
        with (given or Path(os.devnull)).open("rb") as source:
            ended = subprocess.run(
                [str(self.folder / name), *arguments],
                stdin=source,
                capture_output=True,
                check=False,
                env=environment,
            )
        if ended.returncode != 0:
            complaint = ended.stderr.decode(errors="replace").strip().splitlines()[-_LINES_OF_COMPLAINT:]
            raise BackupFailed(
                Message("migrations.program_failed", {"program": name, "reason": " / ".join(complaint)})
            )
        return ended.stdout.decode(errors="replace")

    @property
    def version(self) -> str:
        """Return the full version, as ``pg_dump --version`` says it."""
        return self.run("pg_dump", "--version").split()[2]


def programs_for(server_major: int) -> Programs:
    """Return programs that understand a server of this major version. Raises NoPrograms."""
    found = [Programs(folder, major) for folder in _folders() if (major := _major(folder)) is not None]
    usable = [programs for programs in found if programs.major >= server_major]
    if not usable:
        raise NoPrograms(Message("migrations.no_programs", {"major": server_major}))
    return min(usable, key=lambda programs: programs.major)


def _folders() -> Sequence[Path]:
    from kis.platform.embedded import programs as embedded_programs

    on_path = shutil.which("pg_dump")
    candidates = [
        *(Path(on_path).parent for _ in (1,) if on_path),
        *(folder / "bin" for folder in sorted(DEBIAN.glob("*"))),
        embedded_programs(),
    ]
    return [folder for folder in candidates if all((folder / name).is_file() for name in NEEDED)]


def _major(folder: Path) -> int | None:
    ended = subprocess.run(
        [str(folder / "pg_dump"), "--version"], capture_output=True, check=False, text=True
    )
    found = re.search(r"(\d+)(\.\d+|devel|beta|rc)", ended.stdout)
    return int(found[1]) if ended.returncode == 0 and found else None


def _environment() -> Mapping[str, str]:
    """Return the environment without what would lead a program of PostgreSQL to another server than it is told."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
        "LC_MESSAGES": "C"
    }
