"""Manuals, just in time: fetched while one still types, read once for all, ready when somebody asks."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from kis.assistant.errors import ManualUnavailable
from kis.assistant.manuals.addresses import Guard, Lookup
from kis.assistant.manuals.disk import Disk, Kept, utc_now
from kis.assistant.manuals.download import FIRST_PAUSE_SECONDS, Limits
from kis.assistant.manuals.errors import OF_STATE, ManualDamaged, ManualNotKept, ManualTooLong, PageNotFound
from kis.assistant.manuals.fetching import FRESH_FOR, Arrived, EmptyHouse, Fetching, House
from kis.assistant.manuals.flights import Flight, Flights
from kis.assistant.manuals.meanings import Meanings
from kis.assistant.manuals.memory import Memory
from kis.assistant.manuals.noting import Notes, Noting
from kis.assistant.manuals.opened import USUAL, OpenManual, Origin, Reading
from kis.assistant.manuals.packing import unpacked
from kis.assistant.manuals.readers import OtherBytes, Readers
from kis.assistant.manuals.shared import Shared
from kis.assistant.manuals.stemming import Stemming
from kis.assistant.reading import PassageIndex, RankedPassage, load_words
from kis.assistant.things import Box, Documentation, DocumentState, ReadDocument
from kis.platform.configuration import AssistantSettings
from kis.platform.telemetry import metrics
from kis.search import Analyzer, NoAnalyzer, QueryVectors

MEMORY, REDIS, DISK = "manuals_memory", "manuals_redis", "manuals_disk"
"""The layers as the metrics name them."""
BYTES_EACH: Final = 26
"""What a read and indexed document takes in memory for each byte of its packed form, as measured by benchmarks/manuals.py."""
WIDEST_IMAGE: Final = 2400
MOST_BOXES: Final = 500
FAILED_SECONDS: Final = 10.0
"""For so long a manual that could not be had is not fetched on somebody's mere typing."""
_MOST_ADDRESSES: Final = 20_000

_Noted = TypeVar("_Noted")


class Prefetch:
    """Somebody who may want a manual soon."""

    def __init__(self, flights: Flights[OpenManual], flight: Flight[OpenManual] | None) -> None:
        self._flights = flights
        self._flight = flight

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is on its way any more: the manual is there, or cannot be had."""
        return self._flight is None or self._flight.task.done()

    def release(self) -> None:
        """Want it no more; when nobody does, fetching it ends."""
        if self._flight is not None:
            self._flights.leave(self._flight)
            self._flight = None


class Manuals:
    """The manuals of one process. It belongs to the event loop that it is used in; ``close`` ends its processes and connections."""

    def __init__(  # noqa: PLR0913 - all that manuals are made of
        self,
        settings: AssistantSettings,
        folder: Path,
        *,
        reading: Reading = USUAL,
        redis_url: str = "",
        lookup: Lookup | None = None,
        first_pause_seconds: float = FIRST_PAUSE_SECONDS,
        fresh_for: timedelta = FRESH_FOR,
        house: House | None = None,
        notes: Notes | None = None,
        vectors: QueryVectors | None = None,
        analyzer: Analyzer | None = None,
    ) -> None:
        self._reading = reading
        self._most_pages = settings.manual_pages
        self._fresh_for = fresh_for
        self._disk = Disk(folder, settings.disk_bytes)
        self._guard = Guard(allowed=settings.manual_hosts, private=settings.private_hosts, lookup=lookup)
        self._fetching = Fetching(
            self._disk,
            self._guard,
            Limits(settings.manual_bytes, settings.manual_timeout_seconds),
            first_pause_seconds=first_pause_seconds,
            fresh_for=fresh_for,
            house=house or EmptyHouse(),
        )
        self._readers = Readers(
            settings.reading_processes,
            timeout_seconds=settings.reading_timeout_seconds,
            largest_bytes=settings.manual_bytes,
            most_pages=settings.manual_pages,
            reading=reading.module,
        )
        self._shared = Shared(redis_url) if redis_url else None
        self._memory: Memory[OpenManual] = Memory(settings.memory_bytes)
        self._addresses: OrderedDict[Documentation, Kept] = OrderedDict()
        self._failed: OrderedDict[Documentation, float] = OrderedDict()
        self._noting = Noting(notes)
        self._meanings = Meanings(vectors or QueryVectors(), self._disk)
        self._stemming = Stemming(analyzer or NoAnalyzer(), self._memory)
        self._loading: asyncio.Task[None] | None = None
        self._opening: Flights[OpenManual] = Flights()
        self._readings: Flights[OpenManual] = Flights()

    async def open(self, documentation: Documentation) -> OpenManual:
        """Return a manual, ready to be asked. Raises a leaf of ManualUnavailable that says why there is none."""
        found = self._remembered(documentation)
        if found is not None:
            metrics.CACHE_HITS.labels(MEMORY).inc()
            self._stemming.begin(found)
            return found
        metrics.CACHE_MISSES.labels(MEMORY).inc()
        return await self._opening.get(documentation, lambda: self._opened(documentation))

    async def passages(self, manual: OpenManual, question: str, limit: int) -> list[RankedPassage]:
        """Return the passages of a manual that fit a question best, by words, and by meaning where there is a model; the best first."""
        near, morphemes = await asyncio.gather(
            self._meanings.near(manual, question), self._stemming.of_question(manual, question)
        )
        return manual.index.search(question, limit, near=near, morphemes=morphemes)

    def prefetch(self, documentation: Documentation) -> Prefetch:
        """Begin to fetch a manual that may be wanted soon; nothing is raised where that fails."""
        failed_at = self._failed.get(documentation)
        has_just_failed = failed_at is not None and time.monotonic() - failed_at < FAILED_SECONDS
        if has_just_failed or self._remembered(documentation) is not None:
            return Prefetch(self._opening, None)
        flight = self._opening.join(documentation, lambda: self._opened(documentation))
        return Prefetch(self._opening, flight)

    def warm(self) -> None:
        """Start the processes that read, and load the words that questions are compared by: else the first manual waits for them."""
        self._readers.warm()
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(load_words))

    async def content(self, sha256: str) -> bytes:
        """Return a kept document as it came. Raises ManualNotKept."""
        content = await asyncio.to_thread(self._disk.content, sha256) if _is_hash(sha256) else None
        if content is None:
            raise ManualNotKept(sha256)
        return content

    async def page_image(
        self, sha256: str, page: int, highlight: Sequence[Box] = (), *, width: int = 1000
    ) -> bytes:
        """Return a page of a kept PDF as PNG, what stands in the boxes marked. Raises ManualNotKept, PageNotFound, ManualDamaged, ManualUnread."""
        path = await asyncio.to_thread(self._disk.document, sha256) if _is_hash(sha256) else None
        if path is None:
            raise ManualNotKept(sha256)
        if page < 1:
            raise PageNotFound(page)
        try:
            return await self._readers.image(
                path, sha256, page, tuple(highlight)[:MOST_BOXES], min(max(width, 1), WIDEST_IMAGE)
            )
        except OtherBytes:
            await asyncio.to_thread(self._disk.drop, sha256)
            raise ManualNotKept(sha256) from None

    async def close(self) -> None:
        """Give up what is on its way; end the processes that read."""
        await self._opening.close()
        await self._readings.close()
        if self._loading is not None:
            await self._loading
        await self._meanings.close()
        await self._stemming.close()
        await self._readers.close()
        await self._noting.close()
        if self._shared is not None:
            await self._shared.close()

    def _remembered(self, documentation: Documentation) -> OpenManual | None:
        kept = self._addresses.get(documentation)
        if kept is None or not kept.is_fresh(utc_now(), self._fresh_for):
            return None
        found = self._memory.find(kept.sha256)
        return None if found is None else replace(found, origin=Origin.MEMORY, url=kept.url)

    async def _opened(self, documentation: Documentation) -> OpenManual:
        try:
            return await self._fetched_and_read(documentation)
        except ManualUnavailable as error:
            _put(self._failed, documentation, time.monotonic())
            self._noting.failed(documentation, error)
            raise

    async def _fetched_and_read(self, documentation: Documentation) -> OpenManual:
        self._readers.warm()
        arrived = await self._fetching.arrive(documentation)
        try:
            manual = await self._read(arrived)
        except OtherBytes:
            # Damaged on this disk, not at the maker's: it is fetched again, once.
            await asyncio.to_thread(self._disk.drop, arrived.kept.sha256)
            arrived = await self._fetching.arrive(documentation)
            try:
                manual = await self._read(arrived)
            except OtherBytes as error:
                raise ManualDamaged from error
        _put(self._addresses, documentation, arrived.kept)
        size_bytes = await asyncio.to_thread(self._disk.size_bytes, arrived.kept.sha256)
        self._noting.found(documentation, arrived.kept, manual.document, size_bytes)
        return manual

    async def _read(self, arrived: Arrived) -> OpenManual:
        kept = arrived.kept
        found = self._memory.find(kept.sha256)
        if found is None:
            found = await self._readings.get(kept.sha256, lambda: self._read_and_indexed(kept))
        origin = Origin.NETWORK if arrived.is_new else found.origin
        return replace(found, origin=origin, url=kept.url, fetched_at=kept.fetched_at)

    async def _read_and_indexed(self, kept: Kept) -> OpenManual:
        data, origin = await self._packed(kept)
        document = await asyncio.to_thread(_document, data, kept.sha256)
        if document.state is not DocumentState.READY:
            raise OF_STATE[document.state]
        if document.pages > self._most_pages:
            raise ManualTooLong(document.pages, self._most_pages)
        manual = OpenManual(
            sha256=kept.sha256,
            document=document,
            index=await asyncio.to_thread(PassageIndex.of, document),
            url=kept.url,
            fetched_at=kept.fetched_at,
            origin=origin,
        )
        self._memory.put(kept.sha256, manual, len(data) * BYTES_EACH)
        self._meanings.begin(manual)
        self._stemming.begin(manual)
        return manual

    async def _packed(self, kept: Kept) -> tuple[bytes, Origin]:
        """Return what is read in a document, from where it is nearest."""
        parser = self._reading.parser_version
        data = await asyncio.to_thread(self._disk.read, kept.sha256, parser)
        (metrics.CACHE_MISSES if data is None else metrics.CACHE_HITS).labels(DISK).inc()
        if data is not None:
            return data, Origin.DISK
        if self._shared is not None:
            data = await self._shared.find(kept.sha256, parser)
            (metrics.CACHE_MISSES if data is None else metrics.CACHE_HITS).labels(REDIS).inc()
        if data is not None:
            await asyncio.to_thread(self._disk.keep_read, kept.sha256, parser, data)
            return data, Origin.REDIS
        path = await asyncio.to_thread(self._disk.document, kept.sha256)
        if path is None:
            raise OtherBytes
        data = await self._readers.read(path, kept.sha256, kept.media_type)
        await asyncio.to_thread(self._disk.keep_read, kept.sha256, parser, data)
        if self._shared is not None:
            await self._shared.keep(kept.sha256, parser, data)
        return data, Origin.DISK


def _document(data: bytes, sha256: str) -> ReadDocument:
    """Return what a process has read. What is no document was made by a file that broke its reader."""
    try:
        document = unpacked(data)
    except (ValueError, KeyError, TypeError) as error:
        raise ManualDamaged from error
    if document.sha256 != sha256:
        raise ManualDamaged
    return document


def _is_hash(told: str) -> bool:
    return len(told) == 64 and set(told) <= set("0123456789abcdef")


def _put(held: OrderedDict[Documentation, _Noted], documentation: Documentation, noted: _Noted) -> None:
    held[documentation] = noted
    held.move_to_end(documentation)
    if len(held) > _MOST_ADDRESSES:
        held.popitem(last=False)
