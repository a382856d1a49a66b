"""Objects put together in a ZIP, as a stream or as another object; never whole in memory.

The same objects give the same bytes: entries are stored as they are, in the order given, with the time given.
"""

import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from kis.platform.storage.errors import ObjectMissing
from kis.platform.storage.store import ObjectStore, StoredObject

MEDIA_TYPE: Final = "application/zip"

_PLAIN_FILE: Final = 0o644 << 16
_UNIX: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a ZIP: its name there, with ``/`` between folders, and the object it is."""

    name: str
    path: str


class _Outlet:
    """A file that can only be written to, and gives away what was written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was written is taken, not kept."""

    def close(self) -> None:
        """Do nothing, likewise."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def zipped(
    storage: ObjectStore, entries: Iterable[Entry], *, modified: datetime
) -> AsyncIterator[bytes]:
    """Yield a ZIP of ``entries``, each dated ``modified``. An object that is not there is left out: who checks the content sees that it is missing.

    Raises ValueError for a name that would lead out of the folder it is unpacked in.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            info = _info(entry.name, modified)
            pieces = storage.stream(entry.path)
            try:
                first = await anext(pieces, b"")
            except ObjectMissing:
                continue
            with archive.open(info, "w") as file:
                file.write(first)
                yield outlet.taken()
                async for piece in pieces:
                    file.write(piece)
                    yield outlet.taken()
    yield outlet.taken()


async def export_zip(
    storage: ObjectStore, entries: Iterable[Entry], path: str, *, modified: datetime
) -> StoredObject:
    """Write a ZIP of ``entries`` as the object ``path`` (``exports/{task}.zip``), by way of a file on this machine."""
    with tempfile.TemporaryDirectory(prefix="kis-export-") as folder:
        target = Path(folder) / "export.zip"
        with target.open("wb") as file:
            async for piece in zipped(storage, entries, modified=modified):
                file.write(piece)
        return await storage.put_file(path, target, media_type=MEDIA_TYPE)


def _info(name: str, modified: datetime) -> zipfile.ZipInfo:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or not name.isprintable():
        raise ValueError(f"{name!r} cannot be the name of a file in an archive")
    moment = modified.astimezone(UTC)
    info = zipfile.ZipInfo(
        name, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    )
    info.create_system = _UNIX
    info.external_attr = _PLAIN_FILE
    return info
