"""The search as callers use it: what they may ask, pins before everything else, answers that are kept, and the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.platform.configuration import SearchSettings
from kis.platform.database import Database
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.telemetry import metrics
from kis.search import pins, synonym_groups
from kis.search.asking.folding import fold
from kis.search.asking.parser import MOST_CHARACTERS
from kis.search.cache import AnswerCache, digest_of, rights_of
from kis.search.engine import SearchEngine
from kis.search.entries import SearchLog
from kis.search.errors import HitNotFound, NothingToSearch
from kis.search.features import as_switched, switches_of
from kis.search.models import SearchItem
from kis.search.pins import NewPin, Pin
from kis.search.synonym_groups import SynonymGroup
from kis.search.synonyms import shipped_groups
from kis.search.things import Found, Hit, Query, Source, Suggestion, TermShare

READ_BY: Final[Mapping[Source, Permission]] = {
    Source.ARTICLE: Permission.ARTICLE_READ,
    Source.QUOTATION: Permission.QUOTATION_READ,
    Source.CATALOG_ITEM: Permission.CATALOG_READ,
}
"""What one must be allowed to read things of a source, beside seeing the single thing."""
MOST_HITS: Final = 100
LAST_OFFSET: Final = 500
MOST_SUGGESTIONS: Final = 20
MOST_SIMILAR: Final = 50
LAST_PLACE: Final = LAST_OFFSET + MOST_HITS
LONGEST_QUESTION: Final = MOST_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found. ``search_id`` is what a click on a hit names; the first page of a search has one, and its other pages share it."""

    found: Found
    search_id: UUID | None
    is_cached: bool
    seconds: float


class Search:
    """The use cases of the search. Every method takes the caller first and asks whether it may. Make one per event loop, and close it."""

    def __init__(
        self, database: Database, engine: SearchEngine, *, settings: SearchSettings, secret: bytes
    ) -> None:
        self._database = database
        self._engine = engine
        self._cache = AnswerCache(settings.cache_entries)
        self._log = SearchLog(database, secret, is_on=settings.log == "on")

    async def close(self) -> None:
        """Store what of the log waits."""
        await self._log.close()

    async def search(self, caller: Principal, query: Query) -> Answer:
        """Find what answers a query; a source the caller may not read is left out. Raises NothingToSearch, BadInput."""
        asked = _within_rights(caller, query)
        _check([*_question(asked), *_page(asked)])
        started = perf_counter()
        outcome = "failed"
        try:
            found, is_cached = await self._answer(caller, asked)
            outcome = "kept" if is_cached else "found" if found.total else "nothing"
        finally:
            seconds = perf_counter() - started
            metrics.SEARCH_SECONDS.labels(self._engine.name, outcome).observe(seconds)
        search_id = None if query.offset else self._log.note(caller, query, found, seconds)
        return Answer(found=found, search_id=search_id, is_cached=is_cached, seconds=seconds)

    async def suggest(
        self, caller: Principal, typed: str, *, sources: Sequence[Source] = (), limit: int = 8
    ) -> Sequence[Suggestion]:
        """Return what a text that is being typed may become. Raises NothingToSearch, BadInput."""
        allowed = _allowed(caller, sources)
        _check([_outside("limit", limit, 1, MOST_SUGGESTIONS)])
        async with self._database.transaction(caller.scope) as session:
            return await self._engine.suggest(session, typed, sources=allowed, limit=limit)

    async def similar(
        self, caller: Principal, source: Source, source_id: UUID, *, limit: int = 5
    ) -> Sequence[Hit]:
        """Return things that are like this one. Raises NothingToSearch, HitNotFound, BadInput."""
        _allowed(caller, (source,))
        _check([_outside("limit", limit, 1, MOST_SIMILAR)])
        allowed = _allowed(caller, ())
        # Of what is like it some may be left out, so more is asked for than is handed out.
        asked = limit if len(allowed) == len(Source) else MOST_SIMILAR * len(Source)
        async with self._database.transaction(caller.scope) as session:
            found = await self._engine.similar(session, source, source_id, limit=asked)
            if not found:
                await _require(session, source, source_id)
        return tuple(hit for hit in found if hit.source in allowed)[:limit]

    async def explain(
        self, caller: Principal, query: Query, source: Source, source_id: UUID
    ) -> tuple[Hit | None, Sequence[TermShare]]:
        """Tell why a thing stands where it stands, term by term; None where the query does not find it. Raises NothingToSearch, HitNotFound, BadInput."""
        _allowed(caller, (source,))
        asked = _within_rights(caller, query)
        _check(_question(asked))
        async with self._database.transaction(caller.scope) as session:
            asked = as_switched(asked, await switches_of(session, caller.organization_id))
            hit, shares = await self._engine.explain(session, asked, source, source_id)
            if hit is None:
                await _require(session, source, source_id)
        return hit, shares

    async def clicked(
        self, caller: Principal, search_id: UUID, source: Source, source_id: UUID, place: int
    ) -> None:
        """Note that the hit at ``place``, 1 the first, was opened. Raises SearchNotFound, HitNotFound, NothingToSearch, BadInput."""
        _allowed(caller, (source,))
        _check([_outside("place", place, 1, LAST_PLACE)])
        await self._log.clicked(caller, search_id, source, source_id, place)

    async def pins(self, caller: Principal, *, containing: str = "") -> tuple[Pin, ...]:
        """Return the organisation's pins whose query contains a text, by query and place."""
        wanted = fold(containing)
        return tuple(pin for pin in await pins.list_pins(self._database, caller) if wanted in pin.query)

    async def titles_of(self, caller: Principal, chosen: Sequence[Pin]) -> Mapping[UUID, str]:
        """Return what the pinned things are called, by the pin; of what is gone or not the caller's to read nothing."""
        read = [pin for pin in chosen if caller.may(READ_BY[pin.source])]
        return await pins.titles_of(self._database, caller, read)

    async def add_pin(self, caller: Principal, new: NewPin) -> Pin:
        """Pin a thing to a query. Raises BadInput with every problem, PinExists."""
        return await pins.add_pin(self._database, caller, new)

    async def change_pin(self, caller: Principal, pin_id: UUID, new: NewPin) -> Pin:
        """Put another pin in place of one. Raises BadInput with every problem, PinNotFound, PinExists."""
        return await pins.change_pin(self._database, caller, pin_id, new)

    async def remove_pin(self, caller: Principal, pin_id: UUID) -> None:
        """Take a pin away. Raises PinNotFound."""
        await pins.remove_pin(self._database, caller, pin_id)

    async def synonyms(self, caller: Principal, *, containing: str = "") -> tuple[SynonymGroup, ...]:
        """Return the organisation's groups of synonyms with a word that contains a text, by their first word."""
        groups = await synonym_groups.list_groups(self._database, caller)
        return tuple(group for group in groups if _has(group.words, containing))

    def shipped_synonyms(self, caller: Principal, *, containing: str = "") -> tuple[tuple[str, ...], ...]:
        """Return the groups that came with the program and have a word that contains a text."""
        caller.require(Permission.KNOWLEDGE_ADMIN)
        return tuple(words for words in shipped_groups() if _has(words, containing))

    async def add_synonyms(
        self, caller: Principal, words: Sequence[str], *, is_active: bool = True
    ) -> SynonymGroup:
        """Add a group of synonyms. Raises BadInput with every problem."""
        return await synonym_groups.add_group(self._database, caller, words, is_active=is_active)

    async def change_synonyms(
        self, caller: Principal, group_id: UUID, words: Sequence[str], *, is_active: bool = True
    ) -> SynonymGroup:
        """Put other words in place of a group's. Raises BadInput with every problem, SynonymsNotFound."""
        return await synonym_groups.change_group(self._database, caller, group_id, words, is_active=is_active)

    async def remove_synonyms(self, caller: Principal, group_id: UUID) -> None:
        """Take a group of synonyms away. Raises SynonymsNotFound."""
        await synonym_groups.remove_group(self._database, caller, group_id)

    async def _answer(self, caller: Principal, query: Query) -> tuple[Found, bool]:
        async with self._database.transaction(caller.scope) as session:
            digest = await digest_of(session) if self._cache.is_on else ""  # before anything else is asked
            query = as_switched(query, await switches_of(session, caller.organization_id))
            if not self._cache.is_on:
                return await self._found(session, query), False
            key = (rights_of(caller.scope), query)
            kept = self._cache.find(key, digest)
            if kept is not None:
                return kept, True
            found = await self._found(session, query)
        self._cache.keep(key, digest, found)
        return found, False

    async def _found(self, session: AsyncSession, query: Query) -> Found:
        pinned = await pins.pinned_hits(session, query)
        if not pinned:
            return await self._engine.search(session, query)
        whole = replace(query, offset=0, limit=query.offset + query.limit)
        return pins.with_pins(await self._engine.search(session, whole), pinned, query)


def _allowed(caller: Principal, asked: Sequence[Source]) -> tuple[Source, ...]:
    """Return what of the sources asked for, of all where none is named, the caller may read."""
    wanted = tuple(source for source in Source if not asked or source in asked)
    allowed = tuple(source for source in wanted if caller.may(READ_BY[source]))
    if not allowed:
        raise NothingToSearch(wanted, READ_BY[wanted[0]])
    return allowed


def _within_rights(caller: Principal, query: Query) -> Query:
    allowed = _allowed(caller, query.filters.sources)
    sources = () if len(allowed) == len(Source) else allowed
    return replace(query, filters=replace(query.filters, sources=sources))


async def _require(session: AsyncSession, source: Source, source_id: UUID) -> None:
    """Raise HitNotFound unless the session's caller can find the thing."""
    there = (
        select(SearchItem.id)
        .where(SearchItem.source == source.value, SearchItem.source_id == source_id)
        .where(or_(SearchItem.expires_at.is_(None), SearchItem.expires_at > func.now()))
    )
    if await session.scalar(there.limit(1)) is None:
        raise HitNotFound(source_id)


def _has(words: Sequence[str], containing: str) -> bool:
    wanted = fold(containing)
    return any(wanted in fold(word) for word in words)


def _question(query: Query) -> list[Problem | None]:
    """Return what is wrong with what is asked for."""
    problems: list[Problem | None] = []
    if len(query.text) > LONGEST_QUESTION:
        problems.append(Problem("q", Message("search.invalid.long", {"limit": LONGEST_QUESTION})))
    elif not any(map(str.isalnum, fold(query.text))):
        problems.append(Problem("q", Message("search.invalid.empty")))
    since, until = query.filters.since, query.filters.until
    if since is not None and until is not None and until < since:
        problems.append(Problem("until", Message("search.invalid.before_since")))
    return problems


def _page(query: Query) -> tuple[Problem | None, ...]:
    return _outside("limit", query.limit, 1, MOST_HITS), _outside("offset", query.offset, 0, LAST_OFFSET)


def _outside(path: str, value: int, least: int, most: int) -> Problem | None:
    if least <= value <= most:
        return None
    return Problem(path, Message("search.invalid.range", {"least": least, "most": most}))


def _check(problems: Sequence[Problem | None]) -> None:
    wrong = [problem for problem in problems if problem is not None]
    if wrong:
        raise BadInput("request", wrong)
