"""What was searched for, noted for the analytics without anybody waiting for it.

A search only puts an entry into a bounded list. A moment later a task stores what was gathered; what cannot be stored is counted in the program's log and
forgotten. What people type into a search may be about people: addresses of e-mail and numbers as long as those of telephones are not kept, and who asked
is a digest that changes daily and cannot be made without the installation's secret.
"""

import asyncio
import hashlib
import hmac
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import structlog
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.platform.database import Database
from kis.search.asking.folding import plain
from kis.search.asking.parser import MOST_CHARACTERS
from kis.search.errors import HitNotFound, SearchNotFound
from kis.search.models import SearchEntry, SearchItem
from kis.search.things import Filters, Found, Query, Source

MOST_WAITING: Final = 5_000
STORED_AT_ONCE: Final = 500
STORED_AFTER_SECONDS: Final = 1.0
MOST_CLICKS: Final = 50
MOST_NOTED: Final = 20
"""Values of one filter."""
LONGEST_NOTED: Final = 200
MASKED: Final = "***"

_LOG: Final = structlog.get_logger()
_PERSONAL: Final = re.compile(
    r"[^\s@]+@[^\s@]+"  # an address of e-mail
    r"|(?<!\d)(?:\d{7,}"  # a number without a sign in it
    r"|\d(?:[-.]?\d){8,}"  # nine digits and more with signs; a number of a quotation has eight, 2026-0001
    r"|[+0]\d(?:[-. ]?\d){7,})(?!\d)"  # a telephone's, with spaces
)
_CLICK: Final = text(
    "UPDATE knowledge.search_log SET clicks = CASE WHEN jsonb_array_length(clicks) < :most "
    "THEN clicks || jsonb_build_array(jsonb_build_object('source', CAST(:source AS text), 'id', CAST(:source_id AS text), "
    "'place', CAST(:place AS integer), 'at', now())) ELSE clicks END WHERE id = :id RETURNING id"
)


def masked(typed: str) -> str:
    """Return a text as it is noted: without what may tell who somebody is, on one line, no longer than is read of a question."""
    return _PERSONAL.sub(MASKED, " ".join(plain(typed[:MOST_CHARACTERS]).split()))[:MOST_CHARACTERS]


def session_of(secret: bytes, actor: str, day: date) -> str:
    """Return the digest that stands for a caller on one day."""
    return hmac.new(secret, f"search session {actor} {day}".encode(), hashlib.sha256).hexdigest()[:32]


class SearchLog:
    """Gathers entries and stores them in the background. For one event loop."""

    def __init__(
        self, database: Database, secret: bytes, *, is_on: bool = True, most_waiting: int = MOST_WAITING
    ) -> None:
        self._database = database
        self._secret = secret
        self._is_on = is_on
        self._most_waiting = most_waiting
        self._waiting: deque[dict[str, Any]] = deque()
        self._closing = asyncio.Event()
        self._storing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def note(self, caller: Principal, query: Query, found: Found, seconds: float) -> UUID | None:
        """Note a search; return what a click on one of its hits names, None where it is not noted. Nobody waits."""
        if not self._is_on or self._closing.is_set() or len(self._waiting) >= self._most_waiting:
            return None
        now = datetime.now(UTC)
        search_id = uuid4()
        entry = {
            "id": search_id,
            "organization_id": caller.organization_id,
            "session": session_of(self._secret, caller.actor, now.date()),
            "query": masked(query.text),
            "corrected": masked(found.corrections[0]) if found.corrections else "",
            "filters": dict(_noted(query.filters)),
            "language": query.language.value if query.language else "",
            "hits": found.total,
            "milliseconds": round(seconds * 1000, 3),
            "created_at": now,
        }
        self._waiting.append(entry)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._store_later())
        return search_id

    async def clicked(
        self, caller: Principal, search_id: UUID, source: Source, source_id: UUID, place: int
    ) -> None:
        """Note that a hit was opened. Raises SearchNotFound, HitNotFound."""
        if self._waiting or self._storing.locked():
            await self.store()  # the search that is meant may be on its way
        async with self._database.transaction(caller.scope) as session:
            await _check_readable(session, source, source_id)
            click = {"most": MOST_CLICKS, "source": source.value, "source_id": str(source_id)}
            noted = await session.execute(_CLICK, {**click, "place": place, "id": search_id})
            if noted.one_or_none() is None:
                raise SearchNotFound(search_id)

    async def store(self) -> None:
        """Store what was gathered. Never raises: the analytics are worth no failure."""
        async with self._storing:
            while self._waiting:
                some = [self._waiting.popleft() for _ in range(min(STORED_AT_ONCE, len(self._waiting)))]
                try:
                    async with self._database.service() as session:
                        await session.execute(insert(SearchEntry), some)
                except Exception as error:  # noqa: BLE001 - see above
                    _LOG.warning("search_log.not_stored", entries=len(some), reason=type(error).__name__)

    async def close(self) -> None:
        """Store what is left; nothing is noted any more."""
        self._closing.set()
        if self._task is not None:
            await self._task
        await self.store()

    async def _store_later(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), STORED_AFTER_SECONDS)
            await self.store()


async def _check_readable(session: AsyncSession, source: Source, source_id: UUID) -> None:
    there = select(SearchItem.id).where(SearchItem.source == source.value, SearchItem.source_id == source_id)
    if await session.scalar(there.limit(1)) is None:
        raise HitNotFound(source_id)


def _noted(filters: Filters) -> Iterator[tuple[str, str | Sequence[str]]]:
    """Yield the filters that choose something."""
    for field in fields(filters):
        value = getattr(filters, field.name)
        if isinstance(value, date):
            yield field.name, value.isoformat()
        elif value:
            yield field.name, [masked(str(each))[:LONGEST_NOTED] for each in value[:MOST_NOTED]]
