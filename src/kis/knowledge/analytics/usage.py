"""How much is searched and read: in a period beside the one before it, by day, by language and by source."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge.analytics import queries
from kis.knowledge.analytics.things import (
    DayFigures,
    Figures,
    LanguageFigures,
    Overview,
    Period,
    SourceFigures,
    Standing,
)
from kis.knowledge.articles import Status
from kis.search import Language, Source


def bounds(caller: Principal, period: Period) -> dict[str, Any]:
    """Return a period as the queries name it, of the caller's organisation."""
    return {
        "organization_id": caller.organization_id,
        "since": period.since,
        "until": period.until,
        "first": period.first,
        "last": period.last,
    }


async def overview(session: AsyncSession, caller: Principal, period: Period) -> Overview:
    """Return the figures of a period and of the one before it."""
    both = {
        **bounds(caller, period),
        "first": period.before,
        "since": period.since - timedelta(days=period.days),
        "split": period.since,
        "split_day": period.first,
    }
    found = await queries.both_periods(session, both)
    return Overview(
        now=_figures(*(_of(rows, is_now=True) for rows in found)),
        before=_figures(*(_of(rows, is_now=False) for rows in found)),
        standing=await standing(session, caller),
    )


async def standing(session: AsyncSession, caller: Principal) -> Standing:
    """Return where the articles stand now."""
    rows = await queries.standing(session, {"organization_id": caller.organization_id})
    counted = {row.status: row.articles for row in rows}
    return Standing(
        published=sum(row.published for row in rows),
        statuses={status.value: counted.get(status.value, 0) for status in Status},
    )


async def by_day(session: AsyncSession, caller: Principal, period: Period) -> tuple[DayFigures, ...]:
    """Return every day of a period, also one on which nothing happened."""
    searches, read = await queries.by_day(session, bounds(caller, period))
    searched = {row.day: row for row in searches}
    views = {row.day: row.views for row in read}
    days = (period.first + timedelta(days=place) for place in range(period.days))
    return tuple(
        DayFigures(day=day, articles_read=views.get(day, 0), **_searched(searched.get(day))) for day in days
    )


async def by_language(
    session: AsyncSession, caller: Principal, period: Period
) -> tuple[LanguageFigures, ...]:
    """Return each language, and what was asked without one."""
    searches, read = await queries.by_language(session, bounds(caller, period))
    searched = {row.language: row for row in searches}
    views = {row.language: row.views for row in read}
    return tuple(
        LanguageFigures(
            language=language,
            searches=row.searches if row else 0,
            without_hit=row.without_hit if row else 0,
            articles_read=views.get(name, 0),
        )
        for language, name in [*((each, each.value) for each in Language), (None, "")]
        for row in [searched.get(name)]
    )


async def by_source(session: AsyncSession, caller: Principal, period: Period) -> tuple[SourceFigures, ...]:
    """Return each source: how many searches named it, and how many of its hits were opened."""
    searches, clicks = await queries.by_source(session, bounds(caller, period))
    searched = {row.source: row.searches for row in searches}
    clicked = {row.source: row.clicks for row in clicks}
    return tuple(
        SourceFigures(source=each, searches=searched.get(each.value, 0), clicks=clicked.get(each.value, 0))
        for each in Source
    )


def _of(rows: Sequence[Row[Any]], *, is_now: bool) -> Row[Any] | None:
    return next((row for row in rows if row.is_now is is_now), None)


def _figures(
    searched: Row[Any] | None, read: Row[Any] | None, published: Row[Any] | None, saved: Row[Any] | None
) -> Figures:
    return Figures(
        **_searched(searched),
        median_milliseconds=_rounded(searched.median if searched else None),
        p95_milliseconds=_rounded(searched.p95 if searched else None),
        articles_read=read.views if read else 0,
        articles_published=published.articles if published else 0,
        versions_saved=saved.versions if saved else 0,
    )


def _searched(row: Row[Any] | None) -> dict[str, int]:
    names = ("searches", "visits", "clicked", "without_hit")
    return {name: getattr(row, name) if row else 0 for name in names}


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)
