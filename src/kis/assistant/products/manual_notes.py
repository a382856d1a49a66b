"""What became of fetching manuals, in the database: one row for each address. Which manuals were fetched tells who reads what, so it is the program's own."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from kis.assistant.manuals.disk import utc_now
from kis.assistant.manuals.noting import READY, NotedManual
from kis.assistant.models import StoredManual
from kis.platform.database import Database

KEPT_FOR: Final = timedelta(days=180)
"""An address that nobody fetched for so long is forgotten."""
_MOST_AT_ONCE: Final = 1000


class ManualNotes:
    """Keeps and tells what was found at addresses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, noted: NotedManual) -> None:
        """Keep what was found, in place of what was known of the address; forget what is old."""
        values = {
            "sha256": noted.sha256,
            "etag": noted.etag,
            "last_modified": noted.last_modified,
            "media_type": noted.media_type,
            "bytes": noted.size_bytes,
            "state": noted.state,
            "pages": noted.pages,
            # PostgreSQL holds no such character.
            "title": noted.title.replace("\0", ""),
            "fetched_at": noted.fetched_at,
        }
        statement = insert(StoredManual).values(url=noted.url, **values)
        async with self._database.service() as session:
            await session.execute(statement.on_conflict_do_update(index_elements=["url"], set_=values))
            await session.execute(delete(StoredManual).where(StoredManual.fetched_at < utc_now() - KEPT_FOR))

    async def unavailable(self, urls: Sequence[str]) -> Mapping[str, str]:
        """Return why there was no manual when it was last fetched, by address; those that were had or never fetched are left out."""
        found: dict[str, str] = {}
        async with self._database.service() as session:
            for first in range(0, len(urls), _MOST_AT_ONCE):
                wanted = select(StoredManual.url, StoredManual.state).where(
                    StoredManual.url.in_(urls[first : first + _MOST_AT_ONCE]), StoredManual.state != READY
                )
                found.update((row.url, row.state) for row in await session.execute(wanted))
        return found
