"""How long conversations are kept: those that nobody continued for the days of the settings are deleted."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.configuration import AssistantSettings
from kis.platform.jobs import MOST_ROWS, Chore

HOUR_SECONDS: Final = 3600.0
_OLD: Final = text(
    """
    DELETE FROM assistant.threads WHERE id IN (
        SELECT t.id FROM assistant.threads AS t WHERE t.continued_at < now() - make_interval(days => :days)
        LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
)


def thread_chores(settings: AssistantSettings) -> tuple[Chore, ...]:
    """Return the chore that deletes conversations when they are old."""

    async def run(session: AsyncSession) -> int:
        found = await session.execute(_OLD, {"days": settings.thread_days, "most": MOST_ROWS})
        return len(found.all())

    return (Chore("assistant.threads", HOUR_SECONDS, run),)
