"""Logins and links that ended long ago are forgotten; what they were is in the audit log."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity.repository import Repository
from kis.platform.jobs import Chore

KEPT_AFTER_THE_END: Final = timedelta(days=30)
"""A stolen refresh token that comes up in this time is still known for what it is."""
MOST_AT_ONCE: Final = 1000
EVERY_SECONDS: Final = 6 * 3600.0


async def forget_ended(session: AsyncSession) -> int:
    """Delete logins, with their refresh tokens, and links that ended long enough ago; return how many."""
    before = datetime.now(UTC) - KEPT_AFTER_THE_END
    repository = Repository(session)
    return await repository.delete_ended_sessions(before, MOST_AT_ONCE) + await repository.delete_ended_links(
        before, MOST_AT_ONCE
    )


def chores() -> tuple[Chore, ...]:
    """Return what is to be done for identity every so often."""
    return (Chore("identity.forget_ended", EVERY_SECONDS, forget_ended),)
