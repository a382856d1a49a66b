"""Putting several files into a folder all at once.

The new files are written to ``.incoming`` beside the old ones and flushed to disk. Renaming that folder to
``.committed`` is the one moment at which the new state begins to hold: before it nothing has changed, after it the
move of each file into its place can be finished by whoever comes next. Readers look into ``.committed`` first, so a
crash at any point leaves either all old files or all new ones. Files of other names are not touched.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_INCOMING: Final = ".incoming"
_COMMITTED: Final = ".committed"


def read_bytes(directory: Path, name: str) -> bytes | None:
    """Return the file ``name`` as last committed, or None when there is none."""
    for place in (directory / _COMMITTED / name, directory / name):
        try:
            return place.read_bytes()
        except FileNotFoundError:
            continue
    return None


def replace_files(directory: Path, contents: Mapping[str, bytes]) -> None:
    """Write ``contents`` (by file name) into ``directory``, all or none of them."""
    directory.mkdir(parents=True, exist_ok=True)
    finish(directory)
    incoming = directory / _INCOMING
    shutil.rmtree(incoming, ignore_errors=True)  # left by a run that never came to its rename
    incoming.mkdir()
    for name, data in contents.items():
        with (incoming / name).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    _flush_names(incoming)
    incoming.rename(directory / _COMMITTED)
    _flush_names(directory)
    finish(directory)


def finish(directory: Path) -> None:
    """Move files that are committed but not yet in their place."""
    committed = directory / _COMMITTED
    if committed.is_dir():
        for file in sorted(committed.iterdir()):
            file.replace(directory / file.name)
        committed.rmdir()


def _flush_names(directory: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened to flush it
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
