"""Objects in a folder of this machine."""

import os
import re
import stat
import time
from pathlib import Path
from typing import Final

from obstore.store import LocalStore

from kis.platform import durable
from kis.platform.storage.errors import StorageUnavailable
from kis.platform.storage.failures import explained
from kis.platform.storage.links import Link, Links

ROUTE: Final = "/v1/objects"

_OWNER_ONLY_FOLDER: Final = 0o700
_BEING_WRITTEN: Final = re.compile(r".+#\d+")
"""How the library names a file until it is whole; such a name is not a path of ours."""


class LocalBackend:
    """A folder; links lead to this installation's own API."""

    kind: Final = "local"

    def __init__(self, folder: Path, *, links: Links, public_url: str) -> None:
        self.bucket = folder.name
        self._folder = folder
        self._links = links
        self._public_url = public_url.rstrip("/")
        self._objects: LocalStore | None = None

    @property
    def objects(self) -> LocalStore:
        """Return the library's store; StorageUnavailable while the folder is not there, so that a lost mount is not mistaken for an empty one."""
        with explained("open"):
            try:
                is_there = stat.S_ISDIR(self._folder.stat().st_mode)
            except (FileNotFoundError, NotADirectoryError):
                is_there = False
            if not is_there:
                raise StorageUnavailable("no_bucket")
            if self._objects is None:
                self._objects = LocalStore(self._folder)
            return self._objects

    def ensure(self) -> None:
        """Make the folder, readable by its owner alone, unless it is there."""
        with explained("ensure"):
            durable.make_directory(self._folder.parent)
            durable.make_directory(self._folder, mode=_OWNER_ONLY_FOLDER)

    def attributes(self, media_type: str) -> None:  # noqa: ARG002 - the interface: a folder keeps bytes and nothing about them
        """Return nothing."""
        return

    def prepare(self, path: str) -> None:
        """Make the folder of ``path`` so that it survives a crash."""
        durable.make_directory((self._folder / path).parent)

    def settle(self, path: str) -> None:
        """Wait until the disk has the object and its name; the library leaves that to the operating system."""
        target = self._folder / path
        descriptor = os.open(target, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        durable.sync_directory(target.parent)

    def link(self, path: str, *, seconds: int, filename: str, media_type: str) -> str:
        """Return the address of ``path`` in this installation's API."""
        token = self._links.token(path, seconds=seconds, filename=filename, media_type=media_type)
        return f"{self._public_url}{ROUTE}/{token}"

    def opened(self, token: str) -> Link:
        """Return what a token of one of our links stands for."""
        return self._links.opened(token)

    def fetch(self, link: str) -> bytes:
        """Return what a link leads to, without going through the API."""
        opened = self._links.opened(link.rpartition("/")[2])
        with explained("get", opened.path):
            return bytes(self.objects.get(opened.path).bytes())

    def clean(self, *, older_than_seconds: float) -> None:
        """Remove files that a process was writing when it was killed."""
        before = time.time() - older_than_seconds
        with explained("clean"):
            for folder, _, names in os.walk(self._folder):
                for name in names:
                    path = Path(folder) / name
                    if _BEING_WRITTEN.fullmatch(name) and path.lstat().st_mtime < before:
                        path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of nothing: a folder holds no connection."""
