"""A ZIP that is given away while it is written. The same files are the same bytes: stored as they are, for compressors differ, and dated alike."""

import zipfile
from typing import Final

_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP entry can bear."""
_PLAIN_FILE: Final = 0o644 << 16
_UNIX: Final = 3


class _Outlet:
    """A file that can only be written to, and gives away what was written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep ``data`` until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was written is taken, not kept."""

    def close(self) -> None:
        """Do nothing, likewise."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Pack:
    """A ZIP on its way."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._archive = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_STORED)
        self._names: set[str] = set()

    def add(self, name: str, data: bytes) -> bytes:
        """Put a file in, unless one of that name is in already, and return what can be given away."""
        if name in self._names:
            return b""
        self._names.add(name)
        info = zipfile.ZipInfo(name, _DATE)
        info.create_system = _UNIX
        info.external_attr = _PLAIN_FILE
        self._archive.writestr(info, data)
        return self._outlet.taken()

    def end(self) -> bytes:
        """Return the last bytes."""
        self._archive.close()
        return self._outlet.taken()
