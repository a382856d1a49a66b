"""The one class through which objects are written, read, listed and linked to.

The library is called in threads of the store's own: its asynchronous functions finish on threads that Python does not know, and a program that
ends at that moment is aborted by them.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, Protocol, TypeVar
from uuid import uuid4

from obstore.store import LocalStore, S3Store

from kis.platform.crossing import crossing
from kis.platform.storage.errors import ObjectMissing, StorageUnavailable, StoredWrong
from kis.platform.storage.failures import explained
from kis.platform.storage.lifecycle import KEPT_DAYS, READYZ
from kis.platform.storage.links import Link
from kis.platform.storage.paths import checked_path, checked_prefix

if TYPE_CHECKING:
    from obstore import Attributes, GetOptions, ObjectMeta

LARGEST_OBJECT_BYTES: Final = 256 * 2**20
"""What :meth:`ObjectStore.get` takes into memory; larger ones are streamed."""
CHUNK_BYTES: Final = 4 * 2**20
PROBE_SECONDS: Final = 0.8
"""A question for readiness is answered within a second."""
PROBE_LINK_SECONDS: Final = 60

_THREADS: Final = 16
_LISTED_AT_ONCE: Final = 1000
_LEFTOVER_SECONDS: Final = 86400.0

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as the storage lists it. ``modified`` is in UTC."""

    path: str
    size: int
    modified: datetime


class Backend(Protocol):
    """Where objects are kept, and what differs between the places. All of it blocks."""

    @property
    def kind(self) -> str:
        """Return ``local`` or ``s3``."""
        ...

    @property
    def bucket(self) -> str:
        """Return the name of the bucket or folder."""
        ...

    @property
    def objects(self) -> LocalStore | S3Store:
        """Return the library's store; StorageUnavailable where it is plainly not there."""
        ...

    def ensure(self) -> None:
        """Make the bucket or folder unless it is there."""

    def attributes(self, media_type: str) -> "Attributes | None":
        """Return what is kept beside an object's bytes."""

    def prepare(self, path: str) -> None:
        """Get ready for an object."""

    def settle(self, path: str) -> None:
        """Wait until a new object would survive a crash."""

    def link(self, path: str, *, seconds: int, filename: str, media_type: str) -> str:
        """Return a link to an object."""
        ...

    def opened(self, token: str) -> Link:
        """Return what a link of ours leads to."""
        ...

    def fetch(self, link: str) -> bytes:
        """Return what a link gives."""
        ...

    def clean(self, *, older_than_seconds: float) -> None:
        """Remove what killed writers left."""

    def close(self) -> None:
        """Let go of connections."""


class ObjectStore:
    """Objects by path. Make one per process; every method may be called from any task, and raises StorageUnavailable while there is no storage."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="storage")
        self._probing: Future[None] | None = None

    @property
    def kind(self) -> str:
        """Return where objects are: ``local`` or ``s3``."""
        return self._backend.kind

    @property
    def bucket(self) -> str:
        """Return the name of the bucket or folder."""
        return self._backend.bucket

    async def ensure(self) -> None:
        """Make the bucket or folder, private, with the rules for what is only kept for a while, unless all that is there already."""
        await self._run(self._backend.ensure)

    async def put(self, path: str, data: bytes, *, media_type: str) -> StoredObject:
        """Write an object at one stroke, in place of one that is there, and read it back. Raises StoredWrong when that gives something else."""
        return await self._run(self._put, checked_path(path), data, media_type)

    async def put_file(self, path: str, source: Path, *, media_type: str) -> StoredObject:
        """Write the bytes of a file as :meth:`put` does, without holding them in memory."""
        return await self._run(self._put, checked_path(path), source, media_type)

    async def get(self, path: str) -> bytes:
        """Return an object of up to LARGEST_OBJECT_BYTES. Raises ObjectMissing."""
        return await self._run(self._get, checked_path(path))

    async def stream(self, path: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes of an object from ``start`` to before ``end``, a few MiB at a time, however slowly they are taken. Raises ObjectMissing.

        Each piece is a request of its own, tied to the object that was there at first.
        """
        meta = await self._run(self._meta, checked_path(path))
        stop = meta["size"] if end is None else min(end, meta["size"])
        for offset in range(start, stop, CHUNK_BYTES):
            yield await self._run(self._piece, path, offset, min(offset + CHUNK_BYTES, stop), meta["e_tag"])

    async def head(self, path: str) -> StoredObject | None:
        """Return what is known about an object without its bytes, or None when there is none."""
        try:
            return _stored(await self._run(self._meta, checked_path(path)))
        except ObjectMissing:
            return None

    async def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        """Yield the objects below a folder (``quote/{id}/``; empty: all), in no order. Paths that :meth:`put` would refuse are among them."""
        listed = await self._run(self._listed, checked_prefix(prefix))
        while page := await self._run(next, listed, ()):
            for meta in page:
                yield _stored(meta)

    async def delete(self, *paths: str) -> None:
        """Remove objects; those that are not there are as removed."""
        await self._run(self._delete, tuple(map(checked_path, paths)))

    async def signed_url(self, path: str, *, seconds: int, filename: str, media_type: str) -> str:
        """Return a link by which anybody gets the object, saved as ``filename``, for ``seconds`` (up to a week). Whether it exists is not checked."""
        return await self._run(
            self._backend.link, checked_path(path), seconds=seconds, filename=filename, media_type=media_type
        )

    def opened(self, token: str) -> Link:
        """Return what the token of a local link stands for. Raises LinkRefused, LinkExpired."""
        return self._backend.opened(token)

    async def expire(self) -> int:
        """Remove what was only kept for a while (KEPT_DAYS) and what killed writers left; return how many objects went. For once a day."""
        now = datetime.now(UTC)
        old = [
            found.path
            for folder, days in KEPT_DAYS.items()
            async for found in self.list(folder)
            if found.modified < now - timedelta(days=days)
        ]
        await self._run(self._delete, tuple(old))
        await self._run(self._backend.clean, older_than_seconds=_LEFTOVER_SECONDS)
        return len(old)

    async def probe(self, *, timeout_seconds: float = PROBE_SECONDS) -> None:
        """Put an object, link to it, fetch it by the link, remove it. Raises StorageUnavailable, ``slow`` when that takes too long.

        While an earlier probe still hangs no other is begun, so that a storage that does not answer cannot take all threads.
        """
        if self._probing is None or self._probing.done():
            self._probing = self._threads.submit(self._probe)
        try:
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._probing)), timeout_seconds)
        except TimeoutError:
            raise StorageUnavailable("slow") from None

    async def close(self) -> None:
        """Let go of threads and connections. Work that is under way ends first."""
        await asyncio.to_thread(self._threads.shutdown)
        self._backend.close()

    async def _run(
        self, work: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs
    ) -> _Result:
        return await asyncio.wrap_future(self._threads.submit(work, *given, **named))

    def _put(self, path: str, source: bytes | Path, media_type: str) -> StoredObject:
        objects = self._backend.objects
        with explained("put", path):
            self._backend.prepare(path)
            objects.put(path, source, attributes=self._backend.attributes(media_type))
            crossing("storage.written")
            self._backend.settle(path)
            meta, found = self._digest(path)
        if (meta["size"], found) != _digest_of(source):
            self._delete((path,))
            raise StoredWrong(path)
        return _stored(meta)

    def _digest(self, path: str) -> "tuple[ObjectMeta, str]":
        result = self._backend.objects.get(path)
        digest = hashlib.sha256()
        for chunk in result.stream(CHUNK_BYTES):
            digest.update(chunk)
        return result.meta, digest.hexdigest()

    def _get(self, path: str) -> bytes:
        with explained("get", path):
            result = self._backend.objects.get(path)
            if result.meta["size"] > LARGEST_OBJECT_BYTES:
                raise ValueError(f"{path} is to be streamed: it has more than {LARGEST_OBJECT_BYTES} bytes")
            return bytes(result.bytes())

    def _piece(self, path: str, start: int, end: int, tag: str | None) -> bytes:
        with explained("get", path):
            options: GetOptions = {"range": (start, end), "if_match": tag}
            return bytes(self._backend.objects.get(path, options=options).bytes())

    def _meta(self, path: str) -> "ObjectMeta":
        with explained("head", path):
            return self._backend.objects.head(path)

    def _listed(self, prefix: str) -> "Iterator[Sequence[ObjectMeta]]":
        """Return pages of what is below ``prefix``; the first is asked for at once, so that a missing bucket shows here."""
        with explained("list", prefix):
            pages = iter(self._backend.objects.list(prefix or None, chunk_size=_LISTED_AT_ONCE))
            first: Sequence[ObjectMeta] = next(pages, ())
        return _explained_pages(chain((first,), pages), prefix)

    def _delete(self, paths: tuple[str, ...]) -> None:
        objects = self._backend.objects
        for path in paths:
            with explained("delete", path):
                try:
                    objects.delete(path)
                except FileNotFoundError as problem:
                    if "NoSuchBucket" in str(problem):
                        raise

    def _probe(self) -> None:
        path, data = f"{READYZ}/{uuid4()}.txt", b"ready"
        self._put(path, data, "text/plain")
        link = self._backend.link(
            path, seconds=PROBE_LINK_SECONDS, filename="ready.txt", media_type="text/plain"
        )
        fetched = self._backend.fetch(link)
        self._delete((path,))
        if fetched != data:
            raise StoredWrong(path)


def _stored(meta: "ObjectMeta") -> StoredObject:
    return StoredObject(meta["path"], meta["size"], meta["last_modified"])


def _digest_of(source: bytes | Path) -> tuple[int, str]:
    if isinstance(source, bytes):
        return len(source), hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def _explained_pages(
    pages: "Iterator[Sequence[ObjectMeta]]", prefix: str
) -> "Iterator[Sequence[ObjectMeta]]":
    with explained("list", prefix):
        yield from pages
