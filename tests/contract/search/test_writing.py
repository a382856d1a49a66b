"""What is indexed, and when it counts."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import text

from kis.search import Document, Language, Query, Source
from tests.contract.search.conftest import MakeShelf
from tests.factories.searching import Shelf, article


async def put_in(session: object, shelf: Shelf, *documents: Document) -> None:
    owned = [shelf.owned(document) for document in documents]
    prepared = await shelf.engine.prepare(owned)
    await shelf.engine.put(session, owned[0].source, [each.source_id for each in owned], prepared)  # type: ignore[arg-type]


class TestPut:
    async def test_is_found_right_after_its_commit(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("외함"))

        for number in range(3):
            await shelf.put(article(f"부스바 {number}"))
            assert len(await shelf.titles("부스바")) == number + 1

    async def test_is_found_where_nothing_was_ever_counted(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("외함"), counts=False)

        assert await shelf.titles("외함") == ["외함"]
        assert await shelf.titles("dhlgka") == ["외함"]

    async def test_replaces_what_was_there(self, make_shelf: MakeShelf) -> None:
        first = article("외함", "옥외에 둔다", tags=("방수",), names=("BX-1",))
        shelf = await make_shelf(first, article("부스바"))

        await shelf.put(replace(first, title="단자대", body="옥내에 둔다", tags=(), names=()))

        for gone in ("외함", "옥외", "방수", "tag:방수", "BX-1", "title:외함"):
            assert await shelf.titles(gone, corrects=False) == []
        assert await shelf.suggest("외함") == []
        assert await shelf.titles("단자대") == ["단자대"]

    async def test_replaces_all_languages(self, make_shelf: MakeShelf) -> None:
        korean = article("외함")
        shelf = await make_shelf(korean, replace(korean, title="Enclosure", language=Language.EN))

        await shelf.put(korean)

        assert await shelf.titles("enclosure") == ["외함"]
        assert await shelf.titles("title:enclosure") == []

    async def test_leaves_other_things_alone(self, make_shelf: MakeShelf) -> None:
        same = uuid4()
        shelf = await make_shelf(
            article("외함 글", source_id=same), article("외함 견적", source=Source.QUOTATION, source_id=same)
        )

        await shelf.remove(article("", source_id=same))

        assert await shelf.titles("외함") == ["외함 견적"]

    async def test_of_nothing_removes(self, make_shelf: MakeShelf) -> None:
        gone = article("외함", tags=("방수",))
        shelf = await make_shelf(gone, article("부스바"))

        await shelf.remove(gone)

        assert await shelf.titles("외함") == []
        assert await shelf.suggest("외") == []
        assert await shelf.similar(gone) == []
        assert (await shelf.explain("외함", gone))[0] is None

    async def test_of_many_things_at_once(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(*(article(f"외함 {number}") for number in range(60)))

        found = await shelf.search("외함", limit=60)

        assert {hit.title for hit in found.hits} == {f"외함 {number}" for number in range(60)}

    async def test_keeps_what_a_list_shows(self, make_shelf: MakeShelf) -> None:
        given = article(
            "외함",
            "글",
            summary="요약",
            author="kim",
            tags=("가",),
            link="/v1/knowledge/1",
            facts={"slug": "box"},
            category_id=uuid4(),
        )
        shelf = await make_shelf(given)

        hit = (await shelf.search("외함")).hits[0]

        for name in (
            "source",
            "source_id",
            "language",
            "title",
            "summary",
            "author",
            "tags",
            "link",
            "facts",
            "kind",
            "status",
            "category_id",
            "dated_at",
        ):
            assert getattr(hit, name) == getattr(given, name), name

    async def test_a_long_text_is_found_by_its_end(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("긴 글", "차단기를 고른다. " * 20_000 + "마지막은 피뢰침이다."))

        assert await shelf.titles("피뢰침") == ["긴 글"]

    async def test_takes_texts_of_signs_alone(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("⚡", "🔌 — …"), article("외함"))

        assert await shelf.titles("외함") == ["외함"]


class TestATransaction:
    async def test_keeps_its_own_until_it_commits(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("부스바"))

        async with shelf.database.service() as session:
            await put_in(session, shelf, article("외함"))
            assert await shelf.titles("외함") == []
            assert await shelf.suggest("외함") == []

        assert await shelf.titles("외함") == ["외함"]

    async def test_sees_what_it_put_itself(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("부스바"))

        async with shelf.database.transaction(shelf.scope) as session:
            await put_in(session, shelf, article("외함"))
            found = await shelf.engine.search(session, Query(text="외함"))

        assert [hit.title for hit in found.hits] == ["외함"]

    async def test_leaves_nothing_when_it_is_rolled_back(self, make_shelf: MakeShelf) -> None:
        kept = article("부스바")
        shelf = await make_shelf(kept)

        async with shelf.database.service() as session:
            await put_in(session, shelf, article("외함"), replace(kept, title="단자대"))
            await session.rollback()
        await shelf.count()

        assert await shelf.titles("외함") == []
        assert await shelf.titles("단자대") == []
        assert await shelf.suggest("외함") == []
        assert await shelf.titles("부스바") == ["부스바"]

    async def test_two_writers_of_a_thing_leave_exactly_one_version(self, make_shelf: MakeShelf) -> None:
        thing = article("외함 처음")
        shelf = await make_shelf(thing, article("부스바"))

        await asyncio.gather(*(shelf.put(replace(thing, title=f"외함 {number}판")) for number in range(8)))

        found = await shelf.titles("외함")
        assert len(found) == 1
        assert found[0].endswith("판")
        async with shelf.database.service() as session:
            kept = await session.scalar(
                text("SELECT count(*) FROM knowledge.search_items WHERE source_id = :id"),
                {"id": thing.source_id},
            )
        assert kept == 1

    async def test_two_writers_of_a_new_thing_leave_exactly_one_version(self, make_shelf: MakeShelf) -> None:
        thing = article("외함")
        shelf = await make_shelf(article("부스바"))

        await asyncio.gather(*(shelf.put(replace(thing, title=f"외함 {number}판")) for number in range(8)))

        assert len(await shelf.titles("외함")) == 1

    async def test_writers_of_the_same_things_in_another_order_do_not_block_each_other(
        self, make_shelf: MakeShelf
    ) -> None:
        things = [article(f"외함 {number}") for number in range(6)]
        shelf = await make_shelf(*things)

        await asyncio.gather(*(shelf.put(*(things[::step])) for step in (1, -1) * 4))

        assert len(await shelf.titles("외함")) == 6


class TestWhatExpires:
    async def test_is_gone_at_once(self, make_shelf: MakeShelf) -> None:
        past = article(
            "외함 옛 글", expires_at=datetime.now(UTC) - timedelta(seconds=1), names=("OLD-1",), author="kim"
        )
        shelf = await make_shelf(past, article("외함 새 글"), article("부스바"))

        for query in ("외함", "외함 -부스바", "title:외함", "OLD-1"):
            assert "외함 옛 글" not in await shelf.titles(query)
        assert await shelf.titles("author:kim") == []
        assert (await shelf.search("외함")).total == 1
        assert "외함 옛 글" not in await shelf.suggest("외함")
        assert await shelf.similar(past) == []
        assert "외함 옛 글" not in await shelf.similar(article("", source_id=past.source_id))
        assert (await shelf.explain("외함", past))[0] is None

    async def test_is_found_until_then(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("외함", expires_at=datetime.now(UTC) + timedelta(hours=1)))

        assert await shelf.titles("외함") == ["외함"]


async def test_rewriting_everything_hides_nothing(make_shelf: MakeShelf) -> None:
    """What was there before leaves terms behind until it is counted; they must not stand in the way of what is there now."""
    things = [article(f"외함 {number}") for number in range(300)]
    shelf = await make_shelf(*things)
    for _ in range(2):
        await shelf.put(*things)

    found = await shelf.search("외함")

    assert found.total == 300
    assert len(found.hits) == 100
