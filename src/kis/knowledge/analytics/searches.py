"""What is searched for: the most frequent queries, and those that fail.

A query stands here as the log has it: without what may tell who somebody is. Nothing links it to a person, or one day's searches to another's, so it is
shown from the first time on: what a small organisation misses is asked for once. ``least_visits`` leaves out what few asked.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge.analytics import queries
from kis.knowledge.analytics.things import Failure, Listed, Period, QueryFigures
from kis.knowledge.analytics.usage import bounds


async def popular(
    session: AsyncSession, caller: Principal, period: Period, *, least_visits: int, size: int, offset: int
) -> Listed[QueryFigures]:
    """Return a page of queries, the most frequent first."""
    values = {**bounds(caller, period), "least_visits": least_visits}
    rows, total = await queries.popular(session, values, size, offset)
    return Listed([_query(row) for row in rows], total)


async def failing(
    session: AsyncSession,
    caller: Principal,
    period: Period,
    *,
    failures: Collection[Failure],
    least_visits: int,
    size: int,
    offset: int,
) -> Listed[QueryFigures]:
    """Return a page of queries that fail for one of these reasons (none: for any), the most frequent first."""
    chosen = [each.value for each in failures or Failure]
    values = {**bounds(caller, period), "least_visits": least_visits, "failures": chosen}
    rows, total = await queries.failing(session, values, size, offset)
    return Listed([_query(row) for row in rows], total)


def _query(row: Row[Any]) -> QueryFigures:
    return QueryFigures(
        query=row.query,
        times=row.times,
        visits=row.visits,
        hits=row.hits,
        without_hit=row.without_hit,
        clicked=row.clicked,
        mean_place=None if row.mean_place is None else round(row.mean_place, 2),
        corrected=row.corrected,
        last_on=row.last_on,
        failure=Failure(row.failure) if row.failure else None,
    )
