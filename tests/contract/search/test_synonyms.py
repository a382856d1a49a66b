"""An organisation's own words for things: they hold for it alone, from the moment they are saved, in the very transaction."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search import Query
from tests.contract.search.conftest import MakeShelf
from tests.factories.searching import Shelf, article

BOX = article("분전반 청소", "먼지를 턴다.")
JAR = "꿀단지"


async def add(
    session: AsyncSession, owner: UUID | None, words: Sequence[str], *, is_active: bool = True
) -> UUID:
    made = await session.scalar(
        text(
            "INSERT INTO knowledge.synonyms (organization_id, words, is_active) VALUES (:owner, :words, :active) RETURNING id"
        ),
        {"owner": owner, "words": list(words), "active": is_active},
    )
    return UUID(str(made))


async def added(shelf: Shelf, *words: str, is_active: bool = True) -> UUID:
    async with shelf.database.transaction(shelf.scope) as session:
        return await add(session, shelf.organization_id, words, is_active=is_active)


async def run(shelf: Shelf, statement: str, group: UUID, **values: object) -> None:
    async with shelf.database.transaction(shelf.scope) as session:
        await session.execute(text(statement), {"id": group, **values})


async def found(shelf: Shelf, words: str) -> list[str]:
    return await shelf.titles(words, corrects=False)


async def test_a_thing_is_found_by_a_word_of_ones_own(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(BOX, article("부스바"))
    assert await found(shelf, JAR) == []

    await added(shelf, JAR, "분전반")

    assert await found(shelf, JAR) == ["분전반 청소"]
    assert await found(shelf, f"{JAR}를 어떻게") == ["분전반 청소"]
    assert await found(shelf, "단지") == []


async def test_a_neighbours_word_finds_nothing(make_shelf: MakeShelf) -> None:
    shelf, neighbour = await make_shelf(BOX), await make_shelf(article("분전반 이설"))
    await added(neighbour, JAR, "분전반")

    assert await found(neighbour, JAR) == ["분전반 이설"]
    assert await found(shelf, JAR) == []

    await added(shelf, JAR, "부스바")

    assert await found(neighbour, JAR) == ["분전반 이설"]
    assert await found(shelf, JAR) == []


async def test_a_change_counts_at_once(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(BOX, article("부스바 절곡"), article("단자대"))
    group = await added(shelf, JAR, "분전반")
    assert await found(shelf, JAR) == ["분전반 청소"]

    await run(
        shelf, "UPDATE knowledge.synonyms SET words = :words WHERE id = :id", group, words=[JAR, "부스바"]
    )
    assert await found(shelf, JAR) == ["부스바 절곡"]

    await added(shelf, JAR, "단자대")
    assert set(await found(shelf, JAR)) == {"부스바 절곡", "단자대"}

    await run(shelf, "UPDATE knowledge.synonyms SET is_active = false WHERE id = :id", group)
    assert await found(shelf, JAR) == ["단자대"]

    await run(shelf, "UPDATE knowledge.synonyms SET is_active = true WHERE id = :id", group)
    assert set(await found(shelf, JAR)) == {"부스바 절곡", "단자대"}

    await run(shelf, "DELETE FROM knowledge.synonyms WHERE id = :id", group)
    assert await found(shelf, JAR) == ["단자대"]


async def test_a_group_that_is_switched_off_does_nothing(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(BOX)
    await added(shelf, JAR, "분전반", is_active=False)

    assert await found(shelf, JAR) == []


async def test_a_transaction_sees_its_own_groups_and_no_other_does(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(BOX, article("부스바 절곡"))
    query = Query(text=JAR, corrects=False)
    async with shelf.database.transaction(shelf.scope) as session:
        group = await add(session, shelf.organization_id, [JAR, "분전반"])
        mine = await shelf.engine.search(session, query)
        others = await found(shelf, JAR)
        await session.execute(
            text("UPDATE knowledge.synonyms SET words = :words WHERE id = :id"),
            {"id": group, "words": [JAR, "부스바"]},
        )
        changed = await shelf.engine.search(session, query)
        await session.rollback()

    assert [hit.title for hit in mine.hits] == ["분전반 청소"]
    assert [hit.title for hit in changed.hits] == ["부스바 절곡"]
    assert others == []
    assert await found(shelf, JAR) == []


async def test_all_of_many_groups_hold(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(BOX)
    async with shelf.database.transaction(shelf.scope) as session:
        for number in range(300):
            await add(session, shelf.organization_id, [f"곳간{number}호", "분전반"])

    assert await found(shelf, "곳간299호") == ["분전반 청소"]


async def test_the_shipped_groups_hold_beside_ones_own(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(article("Enclosure painting"), BOX)
    await added(shelf, JAR, "분전반")

    assert set(await found(shelf, f"외함 {JAR}")) == {"Enclosure painting", "분전반 청소"}


async def test_the_programs_own_sessions_use_nobodys(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(BOX)
    await added(shelf, "곳간지기", "분전반")

    async with shelf.database.service() as session:
        hits = (await shelf.engine.search(session, Query(text="곳간지기", corrects=False))).hits

    assert hits == ()


async def test_the_seldom_name_of_a_common_thing_counts_no_more_than_the_thing(make_shelf: MakeShelf) -> None:
    common = [article(f"busbar of case {number}") for number in range(12)]
    seldom = article("qzwinchester of case")
    shelf = await make_shelf(*common, seldom)
    await added(shelf, "busbar", "qzwinchester")

    _, typed = await shelf.explain("busbar", common[0])
    _, other = await shelf.explain("busbar", seldom)

    of_typed = max(share.rarity for share in typed)
    assert other
    assert all(share.rarity <= of_typed for share in other)
    assert (await found(shelf, "busbar"))[-1] == seldom.title
