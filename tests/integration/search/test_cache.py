"""What makes kept answers be asked for again, and what does not: the marks that triggers leave, whoever writes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from kis.identity import Principal
from kis.platform.configuration import SearchSettings
from kis.platform.database import Database
from kis.search import Query, Readers, Source, Visibility
from kis.search.cache import FOLDED_ABOVE, digest_of, fold
from kis.search.models import Audience, SearchRevision
from kis.search.postings import PostingEngine
from kis.search.service import Search
from kis.search.tokens import Cutter, NoAnalyzer
from tests.factories.searching import Shelf, article
from tests.factories.waiting import eventually
from tests.integration.conftest import MakeOrganization, SomeOrganization

MANY = 300
PUBLIC = Readers(organization_id=None, visibility=Visibility.PUBLIC)
ROLE_ONLY = Readers(organization_id=None, visibility=Visibility.ROLE, roles=("reviewer",))

Digest = Callable[[], Awaitable[str]]


@pytest.fixture
def shelf(database: Database, organization: SomeOrganization) -> Shelf:
    return _shelf(database, organization)


@pytest.fixture
async def elsewhere(database: Database, make_organization: MakeOrganization) -> Shelf:
    """What another organisation has."""
    return _shelf(database, await make_organization())


@pytest.fixture
def digest(database: Database, viewer: Principal) -> Digest:
    """Make the digest of what the viewer is shown."""

    async def made() -> str:
        async with database.transaction(viewer.scope) as session:
            return await digest_of(session)

    return made


@pytest.fixture
async def is_kept(database: Database, viewer: Principal) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Ask what the viewer asked before, and tell whether the answer was kept."""
    settings = SearchSettings.model_validate({"SEARCH_LOG": "off"})
    service = Search(
        database, PostingEngine(Cutter(NoAnalyzer())), settings=settings, secret=b"a secret of the tests"
    )

    async def asked() -> bool:
        return (await service.search(viewer, Query(text="차단기"))).is_cached

    await asked()
    yield asked
    await service.close()


def _shelf(database: Database, organization: SomeOrganization) -> Shelf:
    return Shelf(PostingEngine(Cutter(NoAnalyzer())), database, organization.id)


async def _run(database: Database, statement: str, **values: Any) -> None:
    """Run a statement as the program, which may change everything."""
    async with database.service() as session:
        await session.execute(text(statement), values)


async def _rows(shelf: Shelf) -> int:
    async with shelf.database.service() as session:
        found = await session.execute(
            select(SearchRevision.id).where(SearchRevision.organization_id == shelf.organization_id)
        )
        return len(found.all())


CHANGES: Mapping[str, str] = {
    "an item": "UPDATE knowledge.search_items SET title = 'x' WHERE organization_id = :organization",
    "an item that is gone": "DELETE FROM knowledge.search_items WHERE organization_id = :organization AND title = '차단기 둘'",
    "an item for others": "UPDATE knowledge.search_items SET audience_id = knowledge.audience_of(:organization, 'role', '{editor}') WHERE organization_id = :organization",
    "an audience that is withdrawn": "UPDATE knowledge.audiences SET visibility = 'role', roles = '{reviewer}' WHERE organization_id = :organization",
    "an audience that is gone": "DELETE FROM knowledge.audiences WHERE organization_id = :organization",
    "statistics": "UPDATE knowledge.search_statistics SET items = items + 1 WHERE audience_id IN (SELECT id FROM knowledge.audiences WHERE organization_id = :organization)",
    "statistics that are gone": "DELETE FROM knowledge.search_statistics WHERE audience_id IN (SELECT id FROM knowledge.audiences WHERE organization_id = :organization)",
    "a vector": "INSERT INTO knowledge.search_vectors (item_id, model, audience_id, dimensions, values) SELECT id, 'new', audience_id, 1, '{1}' FROM knowledge.search_items WHERE organization_id = :organization",
    "a vector that changes": "UPDATE knowledge.search_vectors SET values = '{0}' WHERE item_id IN (SELECT id FROM knowledge.search_items WHERE organization_id = :organization)",
    "a vector that is gone": "DELETE FROM knowledge.search_vectors WHERE item_id IN (SELECT id FROM knowledge.search_items WHERE organization_id = :organization)",
    "a pin": "INSERT INTO knowledge.search_pins (organization_id, query, source, source_id) VALUES (:organization, 'new', 'article', gen_random_uuid())",
    "a pin that changes": "UPDATE knowledge.search_pins SET place = 2 WHERE organization_id = :organization",
    "a pin that is gone": "DELETE FROM knowledge.search_pins WHERE organization_id = :organization",
    "synonyms": "INSERT INTO knowledge.synonyms (organization_id, words) VALUES (:organization, '{one,two}')",
    "synonyms that change": "UPDATE knowledge.synonyms SET is_active = false WHERE organization_id = :organization",
    "synonyms that are gone": "DELETE FROM knowledge.synonyms WHERE organization_id = :organization",
    "synonyms for everybody": "INSERT INTO knowledge.synonyms (words) VALUES ('{one,two}')",
}
"""What the program may change, of the organisation that is asked in."""
OF_ALL = {"synonyms for everybody"}


class TestDigest:
    """What is in it."""

    @pytest.fixture
    async def full(self, shelf: Shelf) -> Shelf:
        """Something in every table that answers are made of."""
        return await _filled(shelf)

    @pytest.mark.parametrize("change", CHANGES)
    async def test_is_another_after(self, full: Shelf, digest: Digest, change: str) -> None:
        before = await digest()
        assert await digest() == before
        await _run(full.database, CHANGES[change], organization=full.organization_id)
        assert await digest() != before

    @pytest.mark.parametrize("change", [change for change in CHANGES if change not in OF_ALL])
    async def test_is_the_same_after_what_another_organisation_changes(
        self, full: Shelf, elsewhere: Shelf, digest: Digest, change: str
    ) -> None:
        await _filled(elsewhere)
        before = await digest()
        await _run(full.database, CHANGES[change], organization=elsewhere.organization_id)
        assert await digest() == before

    async def test_is_the_same_after_what_the_caller_may_not_read(self, full: Shelf, digest: Digest) -> None:
        before = await digest()
        await full.put(article("차단기 검토", readers=ROLE_ONLY))
        assert await digest() == before

    async def test_shows_what_commits_later_though_it_was_written_before(
        self, full: Shelf, digest: Digest
    ) -> None:
        """The rows of the first writer have lower numbers than those of the second, and are seen after them."""
        seen = [await digest()]
        document = full.owned(article("차단기 느림"))
        prepared = await full.engine.prepare([document])
        async with full.database.service() as session:
            await full.engine.put(session, Source.ARTICLE, [document.source_id], prepared)
            seen.append(await digest())
            await full.put(article("차단기 빠름"))
            seen.append(await digest())
        seen.append(await digest())
        assert seen[0] == seen[1]
        assert len(set(seen)) == 3

    async def test_is_another_with_every_item_that_expires(self, full: Shelf, digest: Digest) -> None:
        """Two expire, one after the other: before, between and after there are three digests."""
        now = datetime.now(UTC)
        await full.put(
            *(article("차단기", expires_at=now + timedelta(seconds=seconds)) for seconds in (2, 3))
        )
        seen = {await digest()}

        async def has_changed_twice() -> bool:
            seen.add(await digest())
            return len(seen) == 3

        await eventually(has_changed_twice)


class TestKeptAnswers:
    """Which are given again."""

    async def test_a_bulk_of_articles_is_seen_and_marks_few_times(
        self, shelf: Shelf, is_kept: Callable[[], Awaitable[bool]]
    ) -> None:
        before = await _rows(shelf)
        await shelf.put(*(article(f"차단기 {number}") for number in range(MANY)))
        assert await _rows(shelf) - before < FOLDED_ABOVE
        assert not await is_kept()
        assert await is_kept()

    async def test_what_another_organisation_writes_for_itself_disturbs_none(
        self, shelf: Shelf, elsewhere: Shelf, is_kept: Callable[[], Awaitable[bool]]
    ) -> None:
        await shelf.put(article("차단기 하나"))
        await shelf.count()
        assert not await is_kept()
        await elsewhere.put(article("차단기 둘"))
        await elsewhere.count()
        assert await is_kept()
        for_all = article("차단기 셋", readers=PUBLIC)
        await elsewhere.put(for_all)
        was_kept = await is_kept()
        await elsewhere.remove(for_all)
        assert not was_kept

    async def test_rows_that_are_folded_are_the_same(
        self, shelf: Shelf, digest: Digest, is_kept: Callable[[], Awaitable[bool]]
    ) -> None:
        for number in range(FOLDED_ABOVE + 1):
            await shelf.put(article(f"차단기 {number}"))
        assert not await is_kept()
        before = await digest()
        async with shelf.database.service() as session:
            folded = await fold(session)
        assert folded > FOLDED_ABOVE
        assert await _rows(shelf) == 1
        assert await digest() == before
        assert await is_kept()
        await shelf.put(article("차단기 뒤"))
        assert not await is_kept()

    async def test_what_is_written_while_rows_are_folded_is_seen(self, shelf: Shelf, digest: Digest) -> None:
        for number in range(FOLDED_ABOVE + 1):
            await shelf.put(article(f"차단기 {number}"))
        before = await digest()
        document = shelf.owned(article("차단기 동안"))
        prepared = await shelf.engine.prepare([document])
        async with shelf.database.service() as writing:
            await shelf.engine.put(writing, Source.ARTICLE, [document.source_id], prepared)
            async with shelf.database.service() as folding:
                await fold(folding)
            assert await digest() == before
        assert await digest() != before

    async def test_nothing_is_left_of_what_is_gone(self, database: Database, elsewhere: Shelf) -> None:
        await _filled(elsewhere)
        async with database.service() as session:
            audiences = (
                await session.execute(
                    select(Audience.id).where(Audience.organization_id == elsewhere.organization_id)
                )
            ).scalars()
            gone = list(audiences)
        await _run(
            database,
            "DELETE FROM identity.organizations WHERE id = :organization",
            organization=elsewhere.organization_id,
        )
        async with database.service() as session:
            await fold(session)
            left = await session.execute(
                select(SearchRevision.id).where(
                    (SearchRevision.organization_id == elsewhere.organization_id)
                    | SearchRevision.audience_id.in_(gone)
                )
            )
            assert gone
            assert left.all() == []


async def _filled(shelf: Shelf) -> Shelf:
    thing = article("차단기 하나", "차단기 용량")
    await shelf.put(thing, article("차단기 둘"))
    await shelf.count()
    of = {"organization": shelf.organization_id}
    await _run(
        shelf.database,
        "INSERT INTO knowledge.search_vectors (item_id, model, audience_id, dimensions, values) "
        "SELECT id, 'old', audience_id, 1, '{1}' FROM knowledge.search_items WHERE organization_id = :organization AND title = '차단기 하나'",
        **of,
    )
    await _run(
        shelf.database,
        "INSERT INTO knowledge.search_pins (organization_id, query, source, source_id) VALUES (:organization, '차단기', 'article', :thing)",
        **of,
        thing=thing.source_id,
    )
    await _run(
        shelf.database,
        "INSERT INTO knowledge.synonyms (organization_id, words) VALUES (:organization, '{차단기,breaker}')",
        **of,
    )
    return shelf
