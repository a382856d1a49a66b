"""Telling Prometheus how much work waits. The rows know; whoever serves the metrics asks them before each answer."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.jobs import repository
from kis.platform.telemetry.metrics import JOBS_DEPTH, JOBS_OLDEST_SECONDS, KIND, OUTBOX_WAITING


async def measure_queues(session: AsyncSession) -> None:
    """Set the gauges of jobs and messages that wait (service role)."""
    JOBS_DEPTH.clear()
    JOBS_OLDEST_SECONDS.clear()
    for kind, status, count, oldest in await repository.depths(session):
        JOBS_DEPTH.labels(KIND(kind), status).set(count)
        if oldest is not None:
            JOBS_OLDEST_SECONDS.labels(KIND(kind)).set((datetime.now(UTC) - oldest).total_seconds())
    OUTBOX_WAITING.set(await repository.waiting_messages(session))
