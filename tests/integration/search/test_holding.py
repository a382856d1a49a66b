"""What keeps two writers of one thing apart: a lock for each of few things, one for many."""

import asyncio
from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.database import Database
from kis.search import Document, Source
from kis.search.models import SearchItem
from kis.search.postings import PostingEngine, writing
from kis.search.tokens import Cutter, NoAnalyzer
from tests.factories.searching import Shelf, article
from tests.factories.waiting import eventually
from tests.integration.conftest import SomeOrganization

FEW = 3
_LOCKS = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
)
_WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "FEW_THINGS", FEW)


@pytest.fixture
async def shelf(database: Database, organization: SomeOrganization) -> Shelf:
    """A shelf of which it is known who reads it: that is written once, and would be waited for as well."""
    made = Shelf(PostingEngine(Cutter(NoAnalyzer())), database, organization.id)
    await made.put(article("처음"))
    return made


async def put(session: AsyncSession, shelf: Shelf, documents: Sequence[Document], *also: UUID) -> None:
    owned = [shelf.owned(document) for document in documents]
    ids = [each.source_id for each in owned] + list(also)
    await shelf.engine.put(session, Source.ARTICLE, ids, await shelf.engine.prepare(owned))


@pytest.mark.parametrize(("things", "locks"), [(1, 2), (FEW, FEW + 1), (FEW + 1, 1), (50, 1)])
async def test_many_things_are_held_by_one_lock(shelf: Shelf, things: int, locks: int) -> None:
    async with shelf.database.service() as session:
        await put(session, shelf, [article(f"외함 {number}") for number in range(things)])

        assert await session.scalar(_LOCKS) == locks


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(0, 0, id="few and few"),
        pytest.param(FEW, 0, id="many and few"),
        pytest.param(0, FEW, id="few and many"),
        pytest.param(FEW, FEW, id="many and many"),
    ],
)
async def test_who_puts_a_thing_waits_for_another_who_does(shelf: Shelf, first: int, second: int) -> None:
    thing = uuid4()

    async def later() -> None:
        async with shelf.database.service() as session:
            await put(session, shelf, [article("나중", source_id=thing)], *(uuid4() for _ in range(second)))

    async with shelf.database.service() as session:
        await put(session, shelf, [article("먼저", source_id=thing)], *(uuid4() for _ in range(first)))
        waiting = asyncio.create_task(later())
        await eventually(partial(session.scalar, _WAITING))
        assert not waiting.done()
    await waiting

    async with shelf.database.service() as session:
        counted = select(func.count()).where(SearchItem.source_id == thing)
        assert await session.scalar(counted) == 1
    assert await shelf.titles("나중", corrects=False) == ["나중"]
    assert await shelf.titles("먼저", corrects=False) == []


async def test_who_puts_other_things_does_not_wait(shelf: Shelf) -> None:
    async with shelf.database.service() as session:
        await put(session, shelf, [article("하나")])
        async with asyncio.timeout(30):
            await shelf.put(article("둘"))
    async with shelf.database.service() as session:
        await put(session, shelf, [article("셋")], *(uuid4() for _ in range(FEW)))
        async with asyncio.timeout(30):
            await shelf.put(article("견적", source=Source.QUOTATION))

    assert len(await shelf.titles("하나 둘 셋", corrects=False)) == 3


async def test_ten_thousand_things_fit_the_table_of_locks(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    async with shelf.database.service() as session:
        await put(session, shelf, [article("외함")], *(uuid4() for _ in range(10_000)))

        assert await session.scalar(_LOCKS) == 1
