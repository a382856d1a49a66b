"""Manuals on disk, by the hash of their bytes: written under another name, flushed, renamed. What is served was checked against its name.

``documents/<sha256>`` holds the file as it came, ``read/<sha256>.<parser>`` what was read in it, ``addresses/<hash of the address>`` which bytes an
address stood for and when that was asked, ``arriving/`` what is on its way, ``locks/`` who is at it.
"""

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import orjson

from kis.assistant.manuals.download import Stamp
from kis.assistant.manuals.packing import sealed, unsealed
from kis.platform.durable import LOCK_POLL_SECONDS, make_directory, sync_directory, write_new

_FORGOTTEN_SECONDS: Final = 3600.0
"""What has been arriving for so long belonged to a process that is gone: no download may take as long."""
_LOCK_DIGITS: Final = 3
"""Of an address's hash: 4,096 files of locks at most, which are never removed (removing one that somebody waits for would let two in)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Which bytes an address stood for, and when."""

    url: str
    sha256: str
    media_type: str
    stamp: Stamp
    fetched_at: datetime
    checked_at: datetime
    """When the server was last asked whether it is still the newest."""

    def is_fresh(self, now: datetime, fresh_for: timedelta) -> bool:
        """Tell whether the server need not be asked again."""
        return now - fresh_for <= self.checked_at <= now


class Disk:
    """The files of all processes of this machine. Methods block; they are called from threads."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._is_made = False

    def arriving(self) -> Path:
        """Return a name that nobody has, for what is on its way."""
        return self._at("arriving", uuid4().hex)

    def keep(self, arrived: Path, sha256: str) -> None:
        """Put what arrived, flushed already, in its place."""
        self._put(arrived, self._at("documents", sha256))
        self._make_room()

    def document(self, sha256: str) -> Path | None:
        """Return the file of these bytes, unchecked: who reads it checks. None where there is none."""
        path = self._at("documents", sha256)
        return path if _touched(path) else None

    def size_bytes(self, sha256: str) -> int:
        """Return how large a document is; 0 where there is none."""
        try:
            return self._at("documents", sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def content(self, sha256: str) -> bytes | None:
        """Return the bytes of this hash; a file that has others is removed."""
        path = self._at("documents", sha256)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).hexdigest() != sha256:
            self.drop(sha256)
            return None
        _touched(path)
        return content

    def drop(self, sha256: str) -> None:
        """Remove a document that is not what its name says."""
        self._at("documents", sha256).unlink(missing_ok=True)

    def read(self, sha256: str, parser: str) -> bytes | None:
        """Return what was read in a document; what is damaged is removed."""
        path = self._at("read", f"{sha256}.{parser}")
        return self._whole(path)

    def keep_read(self, sha256: str, parser: str, data: bytes) -> None:
        """Keep what was read in a document."""
        self._write(self._at("read", f"{sha256}.{parser}"), sealed(data))
        self._make_room()

    def kept(self, url: str) -> Kept | None:
        """Return what an address stood for."""
        data = self._whole(self._at("addresses", _hashed(url)))
        if data is None:
            return None
        told = orjson.loads(data)
        return Kept(
            url=told["url"],
            sha256=told["sha256"],
            media_type=told["media_type"],
            stamp=Stamp(**told["stamp"]),
            fetched_at=datetime.fromisoformat(told["fetched_at"]),
            checked_at=datetime.fromisoformat(told["checked_at"]),
        )

    def keep_address(self, kept: Kept) -> None:
        """Note what an address stands for."""
        self._write(self._at("addresses", _hashed(kept.url)), sealed(orjson.dumps(asdict(kept))))

    @asynccontextmanager
    async def alone(self, url: str) -> AsyncIterator[None]:
        """Keep all others away from an address, also those of other processes, whose end frees it. Waits for as long as the caller lets it."""
        from filelock import FileLock, Timeout

        path = await asyncio.to_thread(self._at, "locks", _hashed(url)[:_LOCK_DIGITS])
        lock = FileLock(path, timeout=0, thread_local=False)
        while True:
            try:
                lock.acquire()
                break
            except Timeout:
                await asyncio.sleep(LOCK_POLL_SECONDS)
        try:
            yield
        finally:
            lock.release()

    def _at(self, kind: str, name: str) -> Path:
        if not self._is_made:
            for folder in ("documents", "read", "addresses", "arriving", "locks"):
                make_directory(self._folder / folder, mode=0o700)
            self._is_made = True
        return self._folder / kind / name

    def _whole(self, path: Path) -> bytes | None:
        try:
            data = unsealed(path.read_bytes())
        except FileNotFoundError:
            return None
        if data is None:
            path.unlink(missing_ok=True)
        else:
            _touched(path)
        return data

    def _write(self, path: Path, data: bytes) -> None:
        new = self.arriving()
        write_new(new, data, mode=0o600)
        self._put(new, path)

    def _put(self, new: Path, path: Path) -> None:
        new.replace(path)
        sync_directory(path.parent)

    def _make_room(self) -> None:
        """Remove what was not used for longest until the rest is small enough, and what never arrived."""
        long_ago = time.time() - _FORGOTTEN_SECONDS
        for path in (self._folder / "arriving").iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < long_ago:
                    path.unlink()
        files = []
        for kind in ("documents", "read", "addresses"):
            for entry in os.scandir(self._folder / kind):
                with suppress(FileNotFoundError):
                    told = entry.stat()
                    files.append((told.st_mtime_ns, told.st_size, entry.path))
        too_much = sum(size for _, size, _ in files) - self._most_bytes
        for _, size, name in sorted(files):
            if too_much <= 0:
                break
            Path(name).unlink(missing_ok=True)
            too_much -= size


def _touched(path: Path) -> bool:
    """Note that a file was used; tell whether it is there."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _hashed(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)
