"""What is kept only for a while: searches, counts of readings, the reports of old runs, and uploads that no run needs any more.

Each is a chore that removes a bounded number of rows at a time. What readers said of articles stays as long as the article.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.knowledge.importing.service import FOLDER
from kis.knowledge.means import Means
from kis.knowledge.models import ImportRun
from kis.knowledge.rules import Rules
from kis.knowledge.runs.things import UNFINISHED
from kis.platform.jobs import MOST_ROWS, Chore

HOUR_SECONDS: Final = 3600.0
VIEW_DAYS: Final = 400
"""A year can be compared with the one before it for a month."""
RUN_DAYS: Final = 90
UPLOAD_DAYS: Final = 1
"""An upload is stored before its run is written."""
MOST_UPLOADS: Final = 500
_OLD_SEARCHES: Final = text(
    """
    DELETE FROM knowledge.search_log WHERE id IN (
        SELECT l.id FROM knowledge.search_log AS l LEFT JOIN knowledge.settings AS s ON s.organization_id = l.organization_id
        WHERE l.created_at < now() - make_interval(days => coalesce(s.search_log_days, :days))
        LIMIT :most FOR UPDATE OF l SKIP LOCKED)
    RETURNING id
    """
)
_OLD_VIEWS: Final = text(
    """
    DELETE FROM knowledge.article_views WHERE (article_id, organization_id, day, language) IN (
        SELECT v.article_id, v.organization_id, v.day, v.language FROM knowledge.article_views AS v
        WHERE v.day < current_date - CAST(:days AS integer) LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING day
    """
)
_OLD_ROWS: Final = text(
    """
    DELETE FROM knowledge.import_rows WHERE (run_id, number) IN (
        SELECT w.run_id, w.number FROM knowledge.import_rows AS w JOIN knowledge.import_runs AS r ON r.id = w.run_id
        WHERE r.finished_at < now() - make_interval(days => :days) LIMIT :most FOR UPDATE OF w SKIP LOCKED)
    RETURNING number
    """
)
_OLD_RUNS: Final = text(
    """
    DELETE FROM knowledge.import_runs WHERE id IN (
        SELECT r.id FROM knowledge.import_runs AS r WHERE r.finished_at < now() - make_interval(days => :days)
        AND NOT EXISTS (SELECT FROM knowledge.import_rows AS w WHERE w.run_id = r.id) LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
)


def retention_chores(means: Means) -> tuple[Chore, ...]:
    """Return the chores that end what has been kept long enough."""

    async def uploads(session: AsyncSession) -> int:
        return await remove_uploads(means, session)

    return (
        Chore("search.log", HOUR_SECONDS, remove_old_searches),
        Chore("knowledge.views", HOUR_SECONDS, remove_old_views),
        Chore("knowledge.runs", HOUR_SECONDS, remove_old_runs),
        Chore("knowledge.uploads", HOUR_SECONDS, uploads),
    )


async def remove_old_searches(session: AsyncSession) -> int:
    """Remove searches older than their organisation keeps them."""
    return await _removed(session, _OLD_SEARCHES, days=Rules().search_log_days)


async def remove_old_views(session: AsyncSession) -> int:
    """Remove counts of readings that nothing is compared with any more."""
    return await _removed(session, _OLD_VIEWS, days=VIEW_DAYS)


async def remove_old_runs(session: AsyncSession) -> int:
    """Remove the rows of runs that ended long ago, and the runs that have none left."""
    rows = await _removed(session, _OLD_ROWS, days=RUN_DAYS)
    return rows + await _removed(session, _OLD_RUNS, days=RUN_DAYS)


async def remove_uploads(means: Means, session: AsyncSession) -> int:
    """Remove uploads whose run has ended or never came to be."""
    oldest_kept = datetime.now(UTC) - timedelta(days=UPLOAD_DAYS)
    old = [found.path async for found in means.storage.list(f"{FOLDER}/") if found.modified < oldest_kept]
    runs = {path: run_id for path in old if (run_id := _run_of(path)) is not None}
    needed = await _unfinished(session, runs)
    gone = [path for path in sorted(old) if runs.get(path) not in needed][:MOST_UPLOADS]
    if gone:
        await means.storage.delete(*gone)
    return len(gone)


async def _unfinished(session: AsyncSession, runs: Mapping[str, UUID]) -> set[UUID]:
    chosen = select(ImportRun.id).where(
        ImportRun.id.in_(runs.values()), ImportRun.status.in_([status.value for status in UNFINISHED])
    )
    return set((await session.scalars(chosen)).all())


def _run_of(path: str) -> UUID | None:
    """Return the run an upload was stored for; None where its name tells of none."""
    try:
        return UUID(path.split("/")[1].partition(".")[0])
    except ValueError:
        return None


async def _removed(session: AsyncSession, statement: Any, *, days: int) -> int:
    return len((await session.execute(statement, {"days": days, "most": MOST_ROWS})).all())
