"""From an address to bytes on the disk: kept ones while they are fresh, asked for again when they are not, the backup address where the first fails."""

import asyncio
import hashlib
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol

from kis.assistant.errors import ManualUnavailable
from kis.assistant.manuals.addresses import Guard
from kis.assistant.manuals.disk import Disk, Kept, utc_now
from kis.assistant.manuals.download import PDF, Downloader, Limits, Stamp, Unchanged
from kis.assistant.manuals.errors import ManualMissing, ManualSlow, ManualUnreachable
from kis.assistant.things import Documentation, DocumentationType
from kis.platform.durable import write_new
from kis.platform.telemetry import metrics

FRESH_FOR: Final = timedelta(hours=1)
"""For so long the maker's site is not asked again."""
_FIRST_SHARE: Final = 0.6
"""Of the time, for the first address where there is a backup."""
_HOUSE: Final = "kis:"
"""What addresses of documents begin with that the installation makes itself."""
_NOT_FOUND: Final = 404


class House(Protocol):
    """Documents that the installation makes itself. Their addresses go nowhere: what is not known here is not there."""

    async def edition(self, url: str) -> str | None:
        """Return what is the same as long as the document is; None where there is none at this address."""
        ...

    async def content(self, url: str) -> bytes:
        """Return the document, a PDF, at an address that has an edition."""
        ...


class EmptyHouse:
    """A house without documents."""

    async def edition(self, _url: str) -> str | None:
        """Return that there is none."""
        return None

    async def content(self, _url: str) -> bytes:
        """Raise ManualMissing."""
        raise ManualMissing(_NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A document that is on the disk, and whether it was fetched for that."""

    kept: Kept
    is_new: bool


class Fetching:
    """Brings documents to the disk, one process at a time for each address."""

    def __init__(
        self,
        disk: Disk,
        guard: Guard,
        limits: Limits,
        *,
        first_pause_seconds: float,
        fresh_for: timedelta,
        house: House,
    ) -> None:
        self._disk = disk
        self._house = house
        self._guard = guard
        self._limits = limits
        self._fresh_for = fresh_for
        self._downloader = Downloader(guard, limits, first_pause_seconds=first_pause_seconds)

    async def arrive(self, documentation: Documentation) -> Arrived:
        """Return the document. Raises what the first address raised where the backup fails, too."""
        if not documentation.backup_url:
            return await self._from(documentation.url, documentation.type, self._limits.timeout_seconds)
        first_seconds = self._limits.timeout_seconds * _FIRST_SHARE
        try:
            return await self._from(documentation.url, documentation.type, first_seconds)
        except ManualUnavailable as error:
            rest_seconds = self._limits.timeout_seconds - first_seconds
            try:
                return await self._from(documentation.backup_url, documentation.type, rest_seconds)
            except ManualUnavailable:
                raise error from None

    async def _from(self, url: str, expected: DocumentationType, seconds: float) -> Arrived:
        if url.startswith(_HOUSE):
            return await self._of_the_house(url, seconds)
        self._guard.judged(url)
        try:
            async with asyncio.timeout(seconds), self._disk.alone(url):
                return await self._kept_or_fetched(url, expected)
        except (TimeoutError, ManualSlow, ManualUnreachable) as error:
            # An old version is better than none while the site is away.
            kept = await asyncio.to_thread(self._there, url, expected)
            if kept is not None:
                return Arrived(kept, is_new=False)
            if isinstance(error, TimeoutError):
                raise ManualSlow(self._limits.timeout_seconds) from error
            raise

    async def _of_the_house(self, url: str, seconds: float) -> Arrived:
        """Return a document of the house, made anew where its edition is another than that of the kept one."""
        edition = await self._house.edition(url)
        if edition is None:
            raise ManualMissing(_NOT_FOUND)
        try:
            async with asyncio.timeout(seconds), self._disk.alone(url):
                kept = await asyncio.to_thread(self._there, url, DocumentationType.PDF)
                if kept is not None and kept.stamp.etag == edition:
                    return Arrived(replace(kept, checked_at=utc_now()), is_new=False)
                content = await self._house.content(url)
                return Arrived(await asyncio.to_thread(self._put, url, edition, content), is_new=True)
        except TimeoutError as error:
            raise ManualSlow(seconds) from error

    def _put(self, url: str, edition: str, content: bytes) -> Kept:
        """Keep a document of the house under its hash, as one that was downloaded."""
        now = utc_now()
        kept = Kept(
            url=url,
            sha256=hashlib.sha256(content).hexdigest(),
            media_type=PDF,
            stamp=Stamp(etag=edition),
            fetched_at=now,
            checked_at=now,
        )
        arriving = self._disk.arriving()
        try:
            write_new(arriving, content, mode=0o600)
            self._disk.keep(arriving, kept.sha256)
        finally:
            arriving.unlink(missing_ok=True)
        self._disk.keep_address(kept)
        return kept

    async def _kept_or_fetched(self, url: str, expected: DocumentationType) -> Arrived:
        kept = await asyncio.to_thread(self._there, url, expected)
        if kept is not None and kept.is_fresh(utc_now(), self._fresh_for):
            return Arrived(kept, is_new=False)
        began, outcome = time.perf_counter(), "given_up"
        try:
            arrived = await self._fetched(url, expected, kept)
            outcome = "fetched" if arrived.is_new else "unchanged"
        except ManualUnavailable as error:
            outcome = str(error.meta["reason"])
            raise
        else:
            return arrived
        finally:
            metrics.MANUAL_SECONDS.labels(outcome).observe(time.perf_counter() - began)

    async def _fetched(self, url: str, expected: DocumentationType, kept: Kept | None) -> Arrived:
        arriving = await asyncio.to_thread(self._disk.arriving)
        try:
            stamp = kept.stamp if kept is not None else None
            fetched = await self._downloader.fetch(url, expected, arriving, known=stamp)
            now = utc_now()
            if isinstance(fetched, Unchanged):
                assert kept is not None, "only who has a version is told that it is the newest"
                newest = replace(kept, checked_at=now)
            else:
                await asyncio.to_thread(self._disk.keep, arriving, fetched.sha256)
                newest = Kept(
                    url=url,
                    sha256=fetched.sha256,
                    media_type=fetched.media_type,
                    stamp=fetched.stamp,
                    fetched_at=now,
                    checked_at=now,
                )
            await asyncio.to_thread(self._disk.keep_address, newest)
            return Arrived(newest, is_new=not isinstance(fetched, Unchanged))
        finally:
            # At once and not in a thread: who is given up twice would leave it behind.
            arriving.unlink(missing_ok=True)

    def _there(self, url: str, expected: DocumentationType) -> Kept | None:
        """Return what an address stood for, if its document is still there and is what the catalog says."""
        kept = self._disk.kept(url)
        if kept is None or self._disk.document(kept.sha256) is None:
            return None
        return kept if kept.media_type == PDF or expected is not DocumentationType.PDF else None
