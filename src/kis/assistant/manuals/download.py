"""Fetching a manual: bounded in size, time, redirects and type, written to a file as it arrives."""

import asyncio
import hashlib
import os
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import httpx2
import structlog

from kis.assistant.manuals.addresses import Guard, Place
from kis.assistant.manuals.errors import (
    ManualDamaged,
    ManualEmpty,
    ManualMissing,
    ManualRefused,
    ManualSlow,
    ManualTooLarge,
    ManualUnreachable,
    ManualWrongType,
)
from kis.assistant.things import DocumentationType

MOST_REDIRECTS: Final = 5
TRIES: Final = 3
FIRST_PAUSE_SECONDS: Final = 0.2
"""Before the second try; three times as long before the third."""
PDF: Final = "application/pdf"
HTML: Final = "text/html"
_PDF_TYPES: Final = frozenset(
    {
        "",
        PDF,
        "application/x-pdf",
        "application/octet-stream",
        "binary/octet-stream",
        "application/force-download",
    }
)
_HTML_TYPES: Final = frozenset({HTML, "application/xhtml+xml"})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LATER: Final = frozenset({408, 425, 429})
_PIECE_BYTES: Final = 1 << 20
"""So much is unpacked at a time, however small it arrived."""
_HEAD_BYTES: Final = 1024
"""So far from the beginning a PDF may start."""
_AGENT: Final = "KIS-manuals/1"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a download may take; ``timeout_seconds`` for all tries together."""

    most_bytes: int
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a server said of a version, to be told whether it is still the newest."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A manual in a file."""

    sha256: str
    media_type: str
    size_bytes: int
    stamp: Stamp


class Unchanged:
    """The kept version is still the newest."""


class Downloader:
    """Fetches manuals. No cookies, no proxies of the environment, no connection kept for another document."""

    def __init__(
        self, guard: Guard, limits: Limits, *, first_pause_seconds: float = FIRST_PAUSE_SECONDS
    ) -> None:
        self._guard = guard
        self._limits = limits
        self._first_pause_seconds = first_pause_seconds
        self._trust: ssl.SSLContext | None = None

    async def fetch(
        self, url: str, expected: DocumentationType, into: Path, *, known: Stamp | None = None
    ) -> Fetched | Unchanged:
        """Write what stands at ``url`` into a new file. Raises a leaf of ManualUnavailable; the file is then the caller's to remove."""
        pause_seconds = self._first_pause_seconds
        for left in reversed(range(TRIES)):
            try:
                return await self._once(url, expected, into, known)
            except ManualUnreachable:
                if not left:
                    raise
            await asyncio.sleep(pause_seconds)
            pause_seconds *= 3
        raise AssertionError("the last try returns or raises")

    async def _once(
        self, url: str, expected: DocumentationType, into: Path, known: Stamp | None
    ) -> Fetched | Unchanged:
        place = await self._guard.place(url)
        try:
            for _ in range(MOST_REDIRECTS + 1):
                async with (
                    await self._client(place) as client,
                    self._answer(client, place, known) as response,
                ):
                    if response.status_code in _REDIRECTS:
                        place = await self._next(place, response)
                        continue
                    if response.status_code == httpx2.codes.NOT_MODIFIED and known is not None:
                        return Unchanged()
                    _judge_status(response.status_code)
                    return await self._written(response, expected, into)
        except httpx2.TimeoutException as error:
            raise ManualSlow(self._limits.timeout_seconds) from error
        except httpx2.HTTPError as error:
            log.info("manuals.broken_off", host=place.name, error=type(error).__name__)
            raise ManualUnreachable from error
        raise ManualRefused(place.url.host)

    async def _client(self, place: Place) -> httpx2.AsyncClient:
        # Loading the authorities takes 70 ms; where nothing is proved an empty context does, which trusts nobody.
        if place.url.scheme == "https" and self._trust is None:
            self._trust = await asyncio.to_thread(httpx2.create_ssl_context, trust_env=False)
        trust = self._trust or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx2.AsyncClient(
            timeout=self._limits.timeout_seconds, follow_redirects=False, trust_env=False, verify=trust
        )

    def _answer(
        self, client: httpx2.AsyncClient, place: Place, known: Stamp | None
    ) -> AbstractAsyncContextManager[httpx2.Response]:
        headers = {
            "host": place.url.netloc.decode("ascii"),
            "accept": "application/pdf, text/html;q=0.9, application/xhtml+xml;q=0.9",
            "accept-encoding": "gzip, identity;q=0.5",
            "user-agent": _AGENT,
        }
        if known is not None and known.etag:
            headers["if-none-match"] = known.etag
        if known is not None and known.last_modified:
            headers["if-modified-since"] = known.last_modified
        return client.stream(
            "GET", place.direct_url, headers=headers, extensions={"sni_hostname": place.name}
        )

    async def _next(self, place: Place, response: httpx2.Response) -> Place:
        """Return where a redirect leads, judged as the first address was."""
        target = response.headers.get("location", "")
        if not target:
            raise ManualUnreachable
        return await self._guard.place(urljoin(str(place.url), target))

    async def _written(self, response: httpx2.Response, expected: DocumentationType, into: Path) -> Fetched:
        self._judge_length(response)
        told_type = response.headers.get("content-type", "").partition(";")[0].strip().casefold()
        digest, size_bytes, head = hashlib.sha256(), 0, b""
        with into.open("wb") as file:
            async for piece in self._pieces(response):
                size_bytes += len(piece)
                if size_bytes > self._limits.most_bytes:
                    raise ManualTooLarge(self._limits.most_bytes)
                if len(head) < _HEAD_BYTES:
                    head += piece[:_HEAD_BYTES]
                    if len(head) >= _HEAD_BYTES:
                        _media_type(head, told_type, expected)
                digest.update(piece)
                file.write(piece)
            if not size_bytes:
                raise ManualEmpty
            media_type = _media_type(head, told_type, expected)
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        stamp = Stamp(response.headers.get("etag", ""), response.headers.get("last-modified", ""))
        return Fetched(digest.hexdigest(), media_type, size_bytes, stamp)

    def _judge_length(self, response: httpx2.Response) -> None:
        told = response.headers.get("content-length", "")
        if told.isdecimal() and int(told) > self._limits.most_bytes:
            raise ManualTooLarge(self._limits.most_bytes)

    async def _pieces(self, response: httpx2.Response) -> AsyncIterator[bytes]:
        """Yield the content, unpacked in pieces of bounded size."""
        packed = response.headers.get("content-encoding", "").strip().casefold()
        if packed not in {"", "identity", "gzip", "x-gzip"}:
            raise ManualWrongType
        if packed in {"", "identity"}:
            async for piece in response.aiter_raw():
                yield piece
            return
        unpacking = zlib.decompressobj(wbits=31)
        async for piece in response.aiter_raw():
            for unpacked in _unpacked(unpacking, piece):
                yield unpacked
        if not unpacking.eof:
            raise ManualUnreachable


def _unpacked(unpacking: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    try:
        while piece and not unpacking.eof:
            yield unpacking.decompress(piece, _PIECE_BYTES)
            piece = unpacking.unconsumed_tail
    except zlib.error as error:
        raise ManualDamaged from error


def _judge_status(status: int) -> None:
    if status == httpx2.codes.OK:
        return
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR or status in _LATER:
        raise ManualUnreachable
    raise ManualMissing(status)


def _media_type(head: bytes, told_type: str, expected: DocumentationType) -> str:
    """Return what a file is by its first bytes, its declared type and what the catalog says of it, which must agree. Raises ManualWrongType."""
    if b"%PDF-" in head[:_HEAD_BYTES]:
        if told_type in _PDF_TYPES:
            return PDF
    elif expected is not DocumentationType.PDF and told_type in _HTML_TYPES and b"\0" not in head:
        return HTML
    raise ManualWrongType
