"""What was read in manuals, in Redis, so that another machine need not read it again. When Redis does not answer, there is nothing in it."""

import time
import zlib
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from kis.assistant.manuals.packing import sealed, unsealed

TIMEOUT_SECONDS: Final = 0.5
PAUSE_SECONDS: Final = 5.0
"""How long Redis is left alone after it did not answer."""
KEPT_SECONDS: Final = 7 * 24 * 3600
LARGEST_BYTES: Final = 16 * 2**20
"""Packed; larger documents are read by each machine."""
KEY_PREFIX: Final = "kis:manual:"
_QUICKEST: Final = 1
_LARGEST_UNPACKED_BYTES: Final = 200_000_000

log = structlog.get_logger(__name__)


class Shared:
    """Packed documents by hash and parser."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
        self._paused_until = float("-inf")

    async def find(self, sha256: str, parser: str) -> bytes | None:
        """Return what was read in a document, where it is there and whole."""
        if time.monotonic() < self._paused_until:
            return None
        try:
            found = await self._redis.get(_key(sha256, parser))
        except (RedisError, OSError, TimeoutError) as error:
            self._pause(error)
            return None
        return _opened(found) if isinstance(found, bytes) else None

    async def keep(self, sha256: str, parser: str, data: bytes) -> None:
        """Keep what was read in a document, for a week."""
        packed = sealed(zlib.compress(data, _QUICKEST))
        if len(packed) > LARGEST_BYTES or time.monotonic() < self._paused_until:
            return
        try:
            await self._redis.set(_key(sha256, parser), packed, ex=KEPT_SECONDS)
        except (RedisError, OSError, TimeoutError) as error:
            self._pause(error)

    async def close(self) -> None:
        """Close the connections to Redis."""
        await self._redis.aclose()

    def _pause(self, error: Exception) -> None:
        self._paused_until = time.monotonic() + PAUSE_SECONDS
        log.warning("manuals.redis_unavailable", error=type(error).__name__)


def _key(sha256: str, parser: str) -> str:
    return f"{KEY_PREFIX}{parser}:{sha256}"


def _opened(found: bytes) -> bytes | None:
    packed = unsealed(found)
    if packed is None:
        return None
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(packed, _LARGEST_UNPACKED_BYTES)
    return data if unpacking.eof else None
