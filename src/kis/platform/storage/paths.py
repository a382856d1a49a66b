"""Which paths objects may have: such that every storage, file system and URL keeps them as they are."""

import re
from typing import Final

from kis.platform.storage.errors import PathRefused

LONGEST_PATH: Final = 512
"""Characters, all of them ASCII; S3 takes 1,024 bytes and a prefix may come before it."""
LONGEST_PART: Final = 200
"""Characters between two slashes; file systems take 255 bytes, and a file being written has a longer name for a moment."""

_PART: Final = re.compile(rf"[A-Za-z0-9_-][A-Za-z0-9._-]{{0,{LONGEST_PART - 1}}}", re.ASCII)


def checked_path(path: str) -> str:
    """Return ``path``; PathRefused unless it is relative, of plain parts (letters, digits, ``. _ -``, no leading dot) and not too long."""
    if len(path) > LONGEST_PATH or not all(_PART.fullmatch(part) for part in path.split("/")):
        raise PathRefused(path)
    return path


def checked_prefix(prefix: str) -> str:
    """Return ``prefix`` without its last slash; the empty one means everything."""
    return checked_path(prefix.removesuffix("/")) if prefix else ""
