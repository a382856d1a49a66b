"""The vectors of what people ask for: in the time a search has, or none.

A search holds a connection to the database while it waits for the model. So it waits a short while, few wait at once, and a model that failed is left alone for longer each time:
the searches of that time are answered by terms alone, at no cost.
"""

import asyncio
import math
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from kis.platform.telemetry import metrics
from kis.search.vectors.embedders import Embedder, NoEmbedder
from kis.search.vectors.errors import EmbeddingsRefused, EmbeddingsUnavailable

LONGEST_SECONDS: Final = 2.0
"""A query waits no longer, whatever the endpoint is given for texts."""
MOST_WAITING: Final = 8
"""Of the 20 connections of a process: the others go on."""
KEPT: Final = 500
"""Vectors of the last queries, 4 kB each: who turns to the next page asks the same."""
FIRST_REST_SECONDS: Final = 1.0
LONGEST_REST_SECONDS: Final = 60.0

log = structlog.get_logger(__name__)


class QueryVectors:
    """Asks a model for the vectors of queries. For one process and event loop."""

    def __init__(
        self,
        embedder: Embedder | None = None,
        *,
        seconds: float = math.inf,
        clock_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._embedder = embedder or NoEmbedder()
        self.longest_seconds = min(seconds, LONGEST_SECONDS)
        """So long a query waits."""
        self._clock_seconds = clock_seconds
        self._kept: OrderedDict[str, Sequence[float]] = OrderedDict()
        self._waiting = 0
        self._failures = 0
        self._rests_until = 0.0

    @property
    def embedder(self) -> Embedder:
        """Return the model."""
        return self._embedder

    @property
    def is_on(self) -> bool:
        """Tell whether there is a model."""
        return self._embedder.dimensions != 0

    async def of(self, text: str) -> Sequence[float]:
        """Return the vector of a query; nothing where there is none in time."""
        if not self.is_on or not text:
            return ()
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return _counted("kept", kept)
        if self._clock_seconds() < self._rests_until:
            return _counted("resting")
        if self._waiting >= MOST_WAITING:
            return _counted("busy")
        self._waiting += 1
        try:
            return await self._asked(text)
        finally:
            self._waiting -= 1

    async def _asked(self, text: str) -> Sequence[float]:
        try:
            async with asyncio.timeout(self.longest_seconds):
                made = array("f", (await self._embedder.embed([text], of="query"))[0])
        except EmbeddingsRefused:
            return _counted("refused")
        except TimeoutError:
            return self._failed("slow")
        except EmbeddingsUnavailable as error:
            return self._failed(error.reason)
        self._failures = 0
        self._kept[text] = made
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return _counted("made", made)

    def _failed(self, reason: str) -> Sequence[float]:
        now = self._clock_seconds()
        if now >= self._rests_until:  # those that failed together are one failure
            seconds = min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2.0 ** min(self._failures, 10))
            self._failures += 1
            self._rests_until = now + seconds
            log.warning("search.without_vectors", reason=reason, rests_seconds=seconds)
        return _counted("failed")


def _counted(outcome: str, vector: Sequence[float] = ()) -> Sequence[float]:
    metrics.SEARCH_VECTORS.labels(outcome).inc()
    return vector
