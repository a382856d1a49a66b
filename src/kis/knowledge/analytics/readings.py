"""Readings of published articles, counted without anybody waiting and without who read.

A reading only raises a number in memory. Every few seconds what was gathered is added to the counts of the day and of the article; what cannot be stored is
told in the program's log and forgotten. Somebody who opens an article again within half an hour still reads it; that is known in this process alone, for a
while, and stored nowhere. Whoever writes or reviews does not count where they are at home: they look at their work.
"""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import structlog
from sqlalchemy import text

from kis.identity import Principal
from kis.knowledge.reading import Shown
from kis.platform.database import Database
from kis.search import Language

STORED_AFTER_SECONDS: Final = 5.0
STILL_READING_SECONDS: Final = 1800.0
MOST_GATHERED: Final = 5_000
"""Different counts that wait to be stored; what is read beyond them is not counted."""
MOST_REMEMBERED: Final = 20_000
"""People and what they read last."""

Key: TypeAlias = tuple[UUID, UUID, date, str]
"""Article, organisation of the reader, day, language."""

_LOG: Final = structlog.get_logger()
# Always in the order of the articles, so that two processes never wait for each other.
_LOCK: Final = text(
    "SELECT a.id FROM knowledge.articles AS a WHERE a.id = ANY(:articles) ORDER BY a.id FOR NO KEY UPDATE"
)
_COUNT: Final = text(
    """
    WITH read AS (
      SELECT r.* FROM unnest(
        CAST(:articles AS uuid[]), CAST(:organizations AS uuid[]), CAST(:days AS date[]), CAST(:languages AS text[]), CAST(:views AS integer[])
      ) AS r (article_id, organization_id, day, language, views)
      JOIN knowledge.articles AS a ON a.id = r.article_id JOIN identity.organizations AS o ON o.id = r.organization_id
    ), counted AS (
      INSERT INTO knowledge.article_views AS w (article_id, organization_id, day, language, views)
      SELECT article_id, organization_id, day, language, views FROM read ORDER BY 1, 2, 3, 4
      ON CONFLICT (article_id, organization_id, day, language) DO UPDATE SET views = w.views + excluded.views
    )
    UPDATE knowledge.articles AS a SET views = a.views + r.views
    FROM (SELECT article_id, sum(views)::integer AS views FROM read GROUP BY 1) AS r WHERE a.id = r.article_id
    """
)


class Readings:
    """Gathers readings and stores them in the background. For one event loop."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], float] = time.monotonic,
        most_gathered: int = MOST_GATHERED,
        most_remembered: int = MOST_REMEMBERED,
    ) -> None:
        self._database = database
        self._clock = clock
        self._most_gathered = most_gathered
        self._most_remembered = most_remembered
        self._gathered: Counter[Key] = Counter()
        self._last: OrderedDict[tuple[str, UUID], float] = OrderedDict()
        self._closing = asyncio.Event()
        self._storing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def note(self, caller: Principal, shown: Shown, language: Language) -> None:
        """Count that an article was read, in the language wanted where it is there. Nobody waits."""
        is_at_home = shown.is_own and caller.scope.sees_drafts
        if self._closing.is_set() or is_at_home or self._reads_on(caller, shown.id):
            return
        in_language = language if language in shown.texts else next(iter(shown.texts), language)
        key = (shown.id, caller.organization_id, datetime.now(UTC).date(), in_language.value)
        if key not in self._gathered and len(self._gathered) >= self._most_gathered:
            return
        self._gathered[key] += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._store_later())

    async def store(self) -> None:
        """Store what was gathered. Never raises: the analytics are worth no failure."""
        async with self._storing:
            gathered, self._gathered = self._gathered, Counter()
            if not gathered:
                return
            try:
                async with self._database.service() as session:
                    values = _columns(gathered)
                    await session.execute(_LOCK, {"articles": values["articles"]})
                    await session.execute(_COUNT, values)
            except Exception as error:  # noqa: BLE001 - see above
                lost = gathered.total()
                _LOG.warning("article_views.not_stored", views=lost, reason=type(error).__name__)

    async def close(self) -> None:
        """Store what is left; nothing is counted any more."""
        self._closing.set()
        if self._task is not None:
            await self._task
        await self.store()

    def _reads_on(self, caller: Principal, article_id: UUID) -> bool:
        """Tell whether the caller opened the article a moment ago; remember that it is open now."""
        who, now = (caller.actor, article_id), self._clock()
        while self._last and now - next(iter(self._last.values())) >= STILL_READING_SECONDS:
            self._last.popitem(last=False)
        is_known = who in self._last
        self._last[who] = now
        self._last.move_to_end(who)
        if len(self._last) > self._most_remembered:
            self._last.popitem(last=False)
        return is_known

    async def _store_later(self) -> None:
        while self._gathered:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), STORED_AFTER_SECONDS)
            await self.store()


def _columns(gathered: Counter[Key]) -> dict[str, Any]:
    names = ("articles", "organizations", "days", "languages")
    columns: dict[str, Any] = {
        name: list(values) for name, values in zip(names, zip(*gathered, strict=True), strict=True)
    }
    return {**columns, "views": list(gathered.values())}
