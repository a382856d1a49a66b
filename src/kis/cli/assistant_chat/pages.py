"""Images of pages: kept as files, and shown where there is a desktop to show them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kis.cli.assistant_chat.conversation import Citation

_LONGEST_NAME: Final = 60
_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY")


class Pages:
    """The files of one conversation, in a temporary folder unless somebody names one; they stay, since a viewer may still show them."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def keep(self, content: bytes, citation: Citation, target: Path | None = None) -> Path:
        """Write an image and return its path. Raises FileExistsError for a named file that is there, and OSError."""
        if target is not None:
            path = target.expanduser().absolute()
            with path.open("xb") as file:
                file.write(content)
            return path
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="kis-pages-"))
        path = self._folder / file_name(citation)
        path.write_bytes(content)
        return path


def file_name(citation: Citation) -> str:
    """Return a name for the image of a citation's page that tells where it is from."""
    words = re.findall(r"\w+", citation.title)
    title = "-".join(words)[:_LONGEST_NAME] or citation.document[:12]
    return f"{title}-p{citation.page}-{citation.number}.png"


def opener(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """Return the program with which the desktop opens a file; None where there is no desktop."""
    if platform == "darwin":
        return shutil.which("open")
    if any(environment.get(name) for name in _DISPLAYS):
        return shutil.which("xdg-open")
    return None


def show(path: Path) -> bool:
    """Have the desktop open a file; tell whether there is one that does."""
    program = opener()
    if program is None:
        return False
    try:
        subprocess.Popen(
            [program, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True
