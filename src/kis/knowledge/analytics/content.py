"""The articles: which are read, which help, which should be looked at, and who works on them."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge.analytics import queries
from kis.knowledge.analytics.things import (
    UNCHANGED_DAYS,
    ArticleFigures,
    AuthorFigures,
    Concern,
    ContentConcern,
    Helpfulness,
    Listed,
    Period,
)
from kis.knowledge.analytics.usage import bounds
from kis.search import Language


async def articles(
    session: AsyncSession, caller: Principal, period: Period, *, size: int, offset: int
) -> Listed[ArticleFigures]:
    """Return a page of the articles that were read, the most read first."""
    rows, total = await queries.articles(session, bounds(caller, period), size, offset)
    found = [
        ArticleFigures(
            id=row.id,
            slug=row.slug,
            titles=_titles(row),
            is_own=row.is_own,
            views=row.views,
            views_ko=row.views_ko,
            views_en=row.views_en,
            clicks=row.clicks,
            helpful=row.helpful,
            unhelpful=row.unhelpful,
        )
        for row in rows
    ]
    return Listed(found, total)


async def helpfulness(
    session: AsyncSession, caller: Principal, period: Period, *, size: int, offset: int
) -> Listed[Helpfulness]:
    """Return a page of the articles that were judged, first those that surely help least: by the upper bound, so that one opinion is not taken for many."""
    rows, total = await queries.helpfulness(session, bounds(caller, period), size, offset)
    found = [
        Helpfulness(
            id=row.id,
            slug=row.slug,
            titles=_titles(row),
            helpful=row.helpful,
            unhelpful=row.unhelpful,
            helpful_share=round(row.helpful_share, 4),
            lower_bound=round(row.lower_bound, 4),
            upper_bound=round(row.upper_bound, 4),
        )
        for row in rows
    ]
    return Listed(found, total)


async def concerns(
    session: AsyncSession,
    caller: Principal,
    *,
    wanted: Collection[Concern],
    within_days: int,
    size: int,
    offset: int,
) -> Listed[ContentConcern]:
    """Return a page of what should be looked at (nothing wanted: all of it), the oldest first."""
    values = _concerning(caller, wanted, within_days)
    rows, total = await queries.content(session, values, size, offset)
    found = [
        ContentConcern(
            id=row.id,
            slug=row.slug,
            titles=_titles(row),
            concern=Concern(row.concern),
            language=Language(row.language) if row.language else None,
            day=row.day,
            owner=row.owner,
            owner_name=row.owner_name,
        )
        for row in rows
    ]
    return Listed(found, total)


async def count_concerns(
    session: AsyncSession, caller: Principal, *, within_days: int
) -> Mapping[Concern, int]:
    """Return how many concerns there are of each kind."""
    counted = {
        row.concern: row.articles
        for row in await queries.concerns(session, _concerning(caller, (), within_days))
    }
    return {concern: counted.get(concern.value, 0) for concern in Concern}


async def authors(
    session: AsyncSession, caller: Principal, period: Period, *, size: int, offset: int
) -> Listed[AuthorFigures]:
    """Return a page of those who wrote, reviewed or published."""
    rows, total = await queries.authors(session, bounds(caller, period), size, offset)
    names = AuthorFigures.__dataclass_fields__
    return Listed([AuthorFigures(**{name: getattr(row, name) for name in names}) for row in rows], total)


def _concerning(caller: Principal, wanted: Collection[Concern], within_days: int) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    midnight = datetime.combine(today, time(), UTC)
    return {
        "organization_id": caller.organization_id,
        "today": today,
        "expires_before": midnight + timedelta(days=within_days + 1),
        "unchanged_since": midnight - timedelta(days=UNCHANGED_DAYS),
        "concerns": [each.value for each in wanted or Concern],
    }


def _titles(row: Row[Any]) -> dict[Language, str]:
    found = {Language.KO: row.title_ko, Language.EN: row.title_en}
    return {language: title for language, title in found.items() if title}
