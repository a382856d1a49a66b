"""The analytics as callers use them."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge.analytics import content, searches, usage
from kis.knowledge.analytics.charts import MOST_BARS, Chart, Drawer, Picture
from kis.knowledge.analytics.drawing import ChartForm, drawn
from kis.knowledge.analytics.readings import Readings
from kis.knowledge.analytics.things import (
    MOST_LISTED,
    ArticleFigures,
    AuthorFigures,
    Concern,
    ContentConcern,
    DayFigures,
    Failure,
    Helpfulness,
    LanguageFigures,
    Listed,
    Overview,
    Period,
    QueryFigures,
    SourceFigures,
)
from kis.knowledge.reading import Shown
from kis.platform.database import Database
from kis.platform.messages import Locale
from kis.search import Language

USUAL_WITHIN_DAYS: Final = 30
"""What expires so soon is a concern."""


class Analytics:
    """The use cases of the analytics. Every method takes the caller first and asks whether it may. Make one per event loop, and close it.

    A list is handed out by ``page`` and ``size``; at most MOST_LISTED rows at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._readings = Readings(database)
        self._drawing = asyncio.Semaphore(1)

    async def close(self) -> None:
        """Store what of the readings waits."""
        await self._readings.close()

    async def store(self) -> None:
        """Store the readings that wait, now."""
        await self._readings.store()

    def note_reading(self, caller: Principal, shown: Shown, language: Language) -> None:
        """Count that an article was read; nobody waits."""
        self._readings.note(caller, shown, language)

    async def overview(self, caller: Principal, period: Period) -> Overview:
        """Return the figures of a period, of the one before it, and where the articles stand now."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            return await usage.overview(session, caller, period)

    async def days(self, caller: Principal, period: Period) -> tuple[DayFigures, ...]:
        """Return every day of a period."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            return await usage.by_day(session, caller, period)

    async def shares(
        self, caller: Principal, period: Period
    ) -> tuple[tuple[LanguageFigures, ...], tuple[SourceFigures, ...]]:
        """Return the languages and the sources of a period."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            languages = await usage.by_language(session, caller, period)
            return languages, await usage.by_source(session, caller, period)

    async def queries(
        self, caller: Principal, period: Period, *, least_visits: int = 1, page: int = 1, size: int = 20
    ) -> Listed[QueryFigures]:
        """Return queries, the most frequent first."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            return await searches.popular(
                session, caller, period, least_visits=least_visits, **_placed(page, size)
            )

    async def failing(
        self,
        caller: Principal,
        period: Period,
        *,
        failures: Collection[Failure] = (),
        least_visits: int = 1,
        page: int = 1,
        size: int = 20,
    ) -> Listed[QueryFigures]:
        """Return queries that find nothing, or nothing anybody opens; the most frequent first."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            return await searches.failing(
                session,
                caller,
                period,
                failures=failures,
                least_visits=least_visits,
                **_placed(page, size),
            )

    async def articles(
        self, caller: Principal, period: Period, *, page: int = 1, size: int = 20
    ) -> Listed[ArticleFigures]:
        """Return the articles that were read, the most read first."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            return await content.articles(session, caller, period, **_placed(page, size))

    async def helpfulness(
        self, caller: Principal, period: Period, *, page: int = 1, size: int = 20
    ) -> Listed[Helpfulness]:
        """Return the articles that were judged, first those that surely help least."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            return await content.helpfulness(session, caller, period, **_placed(page, size))

    async def concerns(
        self,
        caller: Principal,
        *,
        wanted: Collection[Concern] = (),
        within_days: int = USUAL_WITHIN_DAYS,
        page: int = 1,
        size: int = 20,
    ) -> Listed[ContentConcern]:
        """Return the articles that should be looked at, the oldest concern first."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            return await content.concerns(
                session, caller, wanted=wanted, within_days=within_days, **_placed(page, size)
            )

    async def authors(
        self, caller: Principal, period: Period, *, page: int = 1, size: int = 20
    ) -> Listed[AuthorFigures]:
        """Return who wrote, reviewed and published."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            return await content.authors(session, caller, period, **_placed(page, size))

    async def chart(
        self, caller: Principal, chart: Chart, form: ChartForm, period: Period, locale: Locale
    ) -> bytes:
        """Return a chart as a file; one is drawn at a time."""
        caller.require(Permission.ANALYTICS_READ)
        async with self._database.transaction(caller.scope) as session:
            picture = await _picture(session, caller, chart, period, locale)
        async with self._drawing:
            return await asyncio.to_thread(drawn, picture, form)


async def _picture(
    session: AsyncSession, caller: Principal, chart: Chart, period: Period, locale: Locale
) -> Picture:
    drawer = Drawer(period, locale)
    some = _placed(1, MOST_BARS)
    match chart:
        case Chart.USAGE:
            return drawer.usage(await usage.by_day(session, caller, period))
        case Chart.ANSWERS:
            return drawer.answers(await usage.by_day(session, caller, period))
        case Chart.QUERIES:
            found = await searches.popular(session, caller, period, least_visits=1, **some)
            return drawer.queries(found.items)
        case Chart.HELPFULNESS:
            judged = await content.helpfulness(session, caller, period, **some)
            return drawer.helpfulness(judged.items)
        case Chart.CONTENT:
            standing = await usage.standing(session, caller)
            counted = await content.count_concerns(session, caller, within_days=USUAL_WITHIN_DAYS)
            return drawer.content(standing, counted, datetime.now(UTC).date())


def _placed(page: int, size: int) -> dict[str, int]:
    return {"size": min(size, MOST_LISTED), "offset": (page - 1) * size}
