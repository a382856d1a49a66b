"""An organisation's synonyms as its people meet them: through the service with its kept answers, and what they cost."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from kis.identity import Principal, Role
from kis.platform.configuration import SearchSettings
from kis.platform.database import Database
from kis.search import Query, Search
from kis.search.postings import PostingEngine
from kis.search.tokens import Cutter, NoAnalyzer
from tests.factories.searching import Shelf, article
from tests.integration.conftest import MakeOrganization, MakePrincipal, SomeOrganization

SECRET = b"a secret of the tests, long enough"
JAR = "꿀단지"


@pytest.fixture
def engine() -> PostingEngine:
    return PostingEngine(Cutter(NoAnalyzer()))


@pytest.fixture
async def service(database: Database, engine: PostingEngine) -> AsyncIterator[Search]:
    made = Search(database, engine, settings=SearchSettings(), secret=SECRET)
    yield made
    await made.close()


@pytest.fixture
async def shelf(database: Database, engine: PostingEngine, organization: SomeOrganization) -> Shelf:
    made = Shelf(engine, database, organization.id)
    await made.put(article("분전반 청소"), article("부스바 절곡"))
    return made


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    made: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        made.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_every_change_counts_for_the_next_question(
    service: Search, shelf: Shelf, principal: Principal, make_principal: MakePrincipal
) -> None:
    assert shelf.organization_id == principal.organization_id
    viewer = await make_principal(Role.VIEWER)

    async def titles() -> list[str]:
        answers = [await service.search(viewer, Query(text=JAR, corrects=False)) for _ in range(2)]
        assert answers[0].found == answers[1].found
        return [hit.title for hit in answers[0].found.hits]

    assert await titles() == []
    group = await service.add_synonyms(principal, [JAR, "분전반"])
    assert await titles() == ["분전반 청소"]
    await service.change_synonyms(principal, group.id, [JAR, "부스바"])
    assert await titles() == ["부스바 절곡"]
    await service.change_synonyms(principal, group.id, [JAR, "부스바"], is_active=False)
    assert await titles() == []
    await service.change_synonyms(principal, group.id, [JAR, "분전반"])
    assert await titles() == ["분전반 청소"]
    await service.remove_synonyms(principal, group.id)
    assert await titles() == []


async def test_a_neighbour_is_not_told(
    service: Search,
    shelf: Shelf,
    engine: PostingEngine,
    principal: Principal,
    make_organization: MakeOrganization,
    make_principal: MakePrincipal,
) -> None:
    elsewhere = await make_organization()
    stranger = await make_principal(Role.ADMIN, of=elsewhere)
    await Shelf(engine, shelf.database, elsewhere.id).put(article("분전반 이설"))
    await service.add_synonyms(principal, [JAR, "분전반"])
    query = Query(text=JAR, corrects=False)

    assert [hit.title for hit in (await service.search(principal, query)).found.hits] == ["분전반 청소"]
    assert (await service.search(stranger, query)).found.hits == ()


async def test_groups_are_read_when_they_changed_and_not_for_each_query(
    service: Search, shelf: Shelf, principal: Principal
) -> None:
    await service.add_synonyms(principal, [JAR, "분전반"])
    await shelf.titles(JAR)

    with statements(shelf.database) as made:
        assert await shelf.titles(JAR, corrects=False) == ["분전반 청소"]
    assert [one for one in made if "to_jsonb(y.words)" in one] == []
    assert sum("knowledge.synonyms" in one for one in made) == 1, "with the audiences, in one journey"

    await service.add_synonyms(principal, ["곳간", "분전반"])
    with statements(shelf.database) as made:
        assert await shelf.titles("곳간", corrects=False) == ["분전반 청소"]
    assert sum("to_jsonb(y.words)" in one for one in made) == 1
