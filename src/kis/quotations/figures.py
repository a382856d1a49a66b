"""Figures of quotations that only the database knows, for the metrics."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.telemetry import metrics
from kis.quotations.models import MixedException

BUSINESS_TIME: Final = ZoneInfo("Asia/Seoul")
LOOKED_BACK: Final = timedelta(days=30)

_COVERAGE: Final = text(
    "SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM estimator.evidence_packs p WHERE p.trace_id = q.trace_id)) "
    "FROM estimator.quotes q WHERE q.created_at > now() - :looked_back "
    "AND q.status IN ('completed', 'review', 'sent', 'won', 'lost', 'expired')"
)


async def measure_quotations(session: AsyncSession) -> None:
    """Set the gauges of the MIXED exceptions of this month and of the evidence of the last 30 days."""
    month = datetime.now(BUSINESS_TIME).date().replace(day=1)
    used = (
        select(func.count().label("used"))
        .where(MixedException.month == month)
        .group_by(MixedException.organization_id)
        .subquery()
    )
    most, every = (await session.execute(select(func.max(used.c.used), func.sum(used.c.used)))).one()
    metrics.MIXED_USED.set(most or 0)
    metrics.MIXED_ALL.set(every or 0)
    finished, proven = (await session.execute(_COVERAGE, {"looked_back": LOOKED_BACK})).one()
    metrics.EVIDENCE_COVERAGE.set(proven / finished if finished else 1.0)
