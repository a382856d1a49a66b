"""What stands first for a query, because an administrator said so: choosing it, and putting it into answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, or_, select, text, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.database import Database
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search.asking.folding import fold
from kis.search.errors import PinExists, PinNotFound
from kis.search.models import SearchItem, SearchPin
from kis.search.things import Filters, Found, Hit, Language, Query, Source

LONGEST_QUERY: Final = 200
MOST_PLACES: Final = 10
"""So many things are put first for a query at most."""
MOST_PINS: Final = 2_000
"""Of an organisation."""
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('search.pins:' || :organization_id, 0))")
"""One change at a time: two that are few enough alone can be too many together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A thing that stands first for a query, the lowest place before the others."""

    id: UUID
    query: str
    source: Source
    source_id: UUID
    place: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPin:
    """What is to be pinned to which query, as somebody would type it."""

    query: str
    source: Source
    source_id: UUID
    place: int = 1


def pinned_query(typed: str) -> str:
    """Return a query as pins are kept by: folded, its words divided by one space."""
    return " ".join(fold(typed[: 2 * LONGEST_QUERY]).split())


async def list_pins(database: Database, caller: Principal) -> tuple[Pin, ...]:
    """Return all pins of the organisation, by query and place."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    wanted = select(SearchPin).order_by(SearchPin.query, SearchPin.place, SearchPin.id).limit(MOST_PINS)
    async with database.transaction(caller.scope) as session:
        return tuple(_pin(row) for row in (await session.execute(wanted)).scalars())


async def titles_of(database: Database, caller: Principal, pins: Sequence[Pin]) -> Mapping[UUID, str]:
    """Return what the pinned things are called, by the pin; of what is gone or not the caller's to read nothing."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    if not pins:
        return {}
    places = {(pin.source.value, pin.source_id) for pin in pins}
    items = (
        select(SearchItem.source, SearchItem.source_id, SearchItem.title)
        .where(tuple_(SearchItem.source, SearchItem.source_id).in_(places))
        .order_by(SearchItem.language, SearchItem.id.desc())  # the last counts: Korean, where there is
    )
    async with database.transaction(caller.scope) as session:
        titles = {(row.source, row.source_id): row.title for row in await session.execute(items)}
    named = {pin.id: titles.get((pin.source.value, pin.source_id)) for pin in pins}
    return {pin_id: title for pin_id, title in named.items() if title is not None}


async def add_pin(database: Database, caller: Principal, new: NewPin) -> Pin:
    """Pin a thing to a query. Raises BadInput with every problem, PinExists."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    async with database.transaction(caller.scope) as session:
        await session.execute(_LOCK, {"organization_id": str(caller.organization_id)})
        problems = await _problems(session, new)
        if (await session.execute(select(func.count()).select_from(SearchPin))).scalar_one() >= MOST_PINS:
            problems.append(Problem("", Message("search.invalid.many_pins", {"limit": MOST_PINS})))
        if problems:
            raise BadInput("request", problems)
        pin = _made(uuid4(), new, datetime.now(UTC))
        row = insert(SearchPin).values(organization_id=caller.organization_id, **_row(pin))
        await _write(session, row, pin)
        await _tell(session, caller, "search_pin.added", pin.id, after=_audited(pin))
    return pin


async def change_pin(database: Database, caller: Principal, pin_id: UUID, new: NewPin) -> Pin:
    """Put another pin in place of one. Raises BadInput with every problem, PinNotFound, PinExists."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    async with database.transaction(caller.scope) as session:
        before = await _held(session, pin_id)
        if problems := await _problems(session, new):
            raise BadInput("request", problems)
        pin = _made(pin_id, new, before.created_at)
        if pin != before:
            await _write(session, update(SearchPin).where(SearchPin.id == pin_id).values(**_row(pin)), pin)
            await _tell(
                session, caller, "search_pin.changed", pin_id, before=_audited(before), after=_audited(pin)
            )
    return pin


async def remove_pin(database: Database, caller: Principal, pin_id: UUID) -> None:
    """Take a pin away. Raises PinNotFound."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    async with database.transaction(caller.scope) as session:
        before = await _held(session, pin_id)
        await session.execute(delete(SearchPin).where(SearchPin.id == pin_id))
        await _tell(session, caller, "search_pin.removed", pin_id, before=_audited(before))


async def pinned_hits(session: AsyncSession, query: Query) -> tuple[Hit, ...]:
    """Return what is pinned to a query and may be shown: what the session's caller may read, has not expired, and passes the filters."""
    text_ = pinned_query(query.text)
    if not text_:
        return ()
    pins = (
        select(SearchPin.source, SearchPin.source_id)
        .where(SearchPin.query == text_)
        .order_by(SearchPin.place, SearchPin.created_at, SearchPin.id)
        .limit(MOST_PLACES)
    )
    places = [(row.source, row.source_id) for row in await session.execute(pins)]
    if not places:
        return ()
    items = (
        select(SearchItem)
        .where(tuple_(SearchItem.source, SearchItem.source_id).in_(places))
        .where(or_(SearchItem.expires_at.is_(None), SearchItem.expires_at > func.now()))
        .order_by(SearchItem.id)
    )
    texts: dict[tuple[str, UUID], SearchItem] = {}
    for item in (await session.execute(items)).scalars():
        if _passes(item, query.filters):
            _choose(texts, item, query.language)
    return tuple(_hit(texts[place]) for place in places if place in texts)


def with_pins(found: Found, pinned: Sequence[Hit], query: Query) -> Found:
    """Return the page ``query`` asks for, the pinned hits before all others.

    ``found`` is all from the first hit to the end of that page. A pinned thing that the words do not find is counted as one more where all that is found
    is on this page or before it; facets count what the words find.
    """
    own = {(hit.source, hit.source_id): hit for hit in found.hits}
    first = [
        replace(own.get((hit.source, hit.source_id), hit), is_pinned=True)  # with its score and snippets
        for hit in pinned
    ]
    named = {(hit.source, hit.source_id) for hit in first}
    others = [hit for hit in found.hits if (hit.source, hit.source_id) not in named]
    is_whole = len(found.hits) >= found.total
    return replace(
        found,
        hits=(*first, *others)[query.offset : query.offset + query.limit],
        total=len(first) + len(others) if is_whole else max(found.total, len(first)),
    )


def _choose(texts: dict[tuple[str, UUID], SearchItem], item: SearchItem, language: Language | None) -> None:
    """Take an item for its thing: the first, or the one in the asker's language."""
    key = (item.source, item.source_id)
    if key not in texts or (language is not None and item.language == language.value):
        texts[key] = item


def _passes(item: SearchItem, filters: Filters) -> bool:
    """Tell whether the filters take an item, as the engines do it."""
    choices: tuple[tuple[Sequence[Any], Any], ...] = (
        ([source.value for source in filters.sources], item.source),
        (filters.categories, item.category_id),
        (filters.kinds, item.kind),
        ([language.value for language in filters.languages], item.language),
        (filters.statuses, item.status),
        (filters.authors, item.author),
    )
    day = item.dated_at.astimezone(UTC).date()
    return (
        all(not chosen or value in chosen for chosen, value in choices)
        and (not filters.tags or not set(filters.tags).isdisjoint(item.tags))
        and (filters.since is None or day >= filters.since)
        and (filters.until is None or day <= filters.until)
    )


def _hit(item: SearchItem) -> Hit:
    return Hit(
        item_id=item.id,
        source=Source(item.source),
        source_id=item.source_id,
        language=Language(item.language),
        score=0.0,
        title=item.title,
        summary=item.summary,
        link=item.link,
        kind=item.kind,
        status=item.status,
        author=item.author,
        category_id=item.category_id,
        tags=tuple(item.tags),
        dated_at=item.dated_at,
        facts=item.facts,
        is_pinned=True,
    )


async def _problems(session: AsyncSession, new: NewPin) -> list[Problem]:
    problems: list[Problem] = []
    if not any(map(str.isalnum, pinned_query(new.query))):
        problems.append(Problem("query", Message("search.invalid.empty")))
    elif len(new.query) > LONGEST_QUERY or len(pinned_query(new.query)) > LONGEST_QUERY:
        problems.append(Problem("query", Message("search.invalid.long", {"limit": LONGEST_QUERY})))
    there = select(SearchItem.id).where(
        SearchItem.source == new.source.value, SearchItem.source_id == new.source_id
    )
    if await session.scalar(there.limit(1)) is None:
        problems.append(Problem("sourceId", Message("search.invalid.no_item")))
    if not 1 <= new.place <= MOST_PLACES:
        limits = {"least": 1, "most": MOST_PLACES}
        problems.append(Problem("place", Message("search.invalid.range", limits)))
    return problems


async def _held(session: AsyncSession, pin_id: UUID) -> Pin:
    """Return a pin that nobody else changes until the transaction ends."""
    row = (
        await session.execute(select(SearchPin).where(SearchPin.id == pin_id).with_for_update())
    ).scalar_one_or_none()
    if row is None:
        raise PinNotFound(pin_id)
    return _pin(row)


async def _write(session: AsyncSession, statement: Any, pin: Pin) -> None:
    try:
        await session.execute(statement.execution_options(synchronize_session=False))
    except IntegrityError as error:
        raise PinExists(pin.query) from error


async def _tell(
    session: AsyncSession,
    caller: Principal,
    action: str,
    pin_id: UUID,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    await audit.record(
        session,
        organization_id=caller.organization_id,
        actor=caller.actor,
        action=action,
        target=f"search_pin:{pin_id}",
        before=before,
        after=after,
        address=caller.address,
    )


def _made(pin_id: UUID, new: NewPin, created_at: datetime) -> Pin:
    return Pin(
        id=pin_id,
        query=pinned_query(new.query),
        source=new.source,
        source_id=new.source_id,
        place=new.place,
        created_at=created_at,
    )


def _pin(row: SearchPin) -> Pin:
    return Pin(
        id=row.id,
        query=row.query,
        source=Source(row.source),
        source_id=row.source_id,
        place=row.place,
        created_at=row.created_at,
    )


def _row(pin: Pin) -> dict[str, Any]:
    return {
        "id": pin.id,
        "query": pin.query,
        "source": pin.source.value,
        "source_id": pin.source_id,
        "place": pin.place,
        "created_at": pin.created_at,
    }


def _audited(pin: Pin) -> dict[str, Any]:
    return {
        "query": pin.query,
        "source": pin.source.value,
        "source_id": str(pin.source_id),
        "place": pin.place,
    }
