"""Samples of answers in ``shared.api_metrics``, for operators who ask the database: percentiles by route over the last hours.

A request only puts a tuple into a list. Every few seconds a task stores what was gathered, at most ``MOST`` rows chosen at random, so that the
percentiles hold and the load stays small; what cannot be stored is counted and forgotten.
"""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from kis.platform.database import Database
from kis.platform.monitoring import repository
from kis.platform.telemetry import metrics

EVERY_SECONDS: Final = 5.0
MOST: Final = 100
_LOG: Final = structlog.get_logger()


class AnswerSamples:
    """Gathers samples and stores them in the background."""

    def __init__(self, database: Database, *, every_seconds: float = EVERY_SECONDS, most: int = MOST) -> None:
        self._database = database
        self._every_seconds = every_seconds
        self._most = most
        self._gathered: list[dict[str, Any]] = []
        self._seen = 0

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note an answer; each of those since the last storing has the same chance to be kept."""
        self._seen += 1
        place = len(self._gathered)
        if place >= self._most:
            place = random.randrange(self._seen)  # noqa: S311 - a sample, no secret
            if place >= self._most:
                return
        sample = {
            "timestamp": datetime.now(UTC),
            "method": method,
            "route": route,
            "status": status,
            "response_time_ms": round(seconds * 1000, 3),
        }
        self._gathered[place : place + 1] = [sample]

    async def run_forever(self) -> None:
        """Store what was gathered, every few seconds, until cancelled; then once more."""
        try:
            while True:
                await asyncio.sleep(self._every_seconds)
                await self.store()
        finally:
            async with asyncio.timeout(2):
                await self.store()

    async def store(self) -> None:
        """Store what was gathered. Never raises: samples are worth no failure."""
        rows, self._gathered, self._seen = self._gathered, [], 0
        if not rows:
            return
        try:
            async with self._database.service() as session:
                await repository.add_samples(session, rows)
        except Exception as error:  # noqa: BLE001 - see above
            metrics.METRIC_ROWS_DROPPED.inc(len(rows))
            _LOG.warning("api_metrics.not_stored", rows=len(rows), reason=type(error).__name__)
