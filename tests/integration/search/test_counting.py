"""When an audience is counted anew, and what of it is kept."""

import pytest
from sqlalchemy import text

from kis.platform.database import Database
from kis.search.postings import PostingEngine, counting
from kis.search.tokens import Cutter, NoAnalyzer
from tests.factories.searching import Shelf, article
from tests.integration.conftest import SomeOrganization


@pytest.fixture
async def shelf(database: Database, organization: SomeOrganization) -> Shelf:
    """Two articles that were counted, in one of them a code."""
    made = Shelf(PostingEngine(Cutter(NoAnalyzer())), database, organization.id)
    await made.put(article("copper busbar"), article("copper busbar ABN-53 relay"))
    await made.count()
    return made


async def column(shelf: Shelf, statement: str) -> set[str]:
    """Return what a statement finds about the shelf's audiences."""
    async with shelf.database.service() as session:
        found = await session.execute(text(statement), {"id": shelf.organization_id})
        return set(found.scalars())


MINE = "audience_id IN (SELECT a.id FROM knowledge.audiences AS a WHERE a.organization_id = :id)"


class TestALargeAudience:
    @pytest.fixture(autouse=True)
    def two_are_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counting, "ALWAYS_BELOW", 0)

    async def test_rests_while_little_of_it_is_new(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counting, "CHANGED_SHARE", 0.5)
        monkeypatch.setattr(counting, "REST_SECONDS", 1000.0)
        await shelf.put(article("earth bar"))
        assert await shelf.count() == 0
        await shelf.put(article("neutral bar"))  # two new ones of two
        assert await shelf.count() == 1

    async def test_is_counted_when_it_rested_for_long(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counting, "CHANGED_SHARE", 10.0)
        monkeypatch.setattr(counting, "REST_SECONDS", 100.0)
        await shelf.put(article("earth bar"))
        assert await shelf.count() == 0
        async with shelf.database.service() as session:
            earlier = f"UPDATE knowledge.search_statistics SET counted_at = now() - interval '301 seconds' WHERE {MINE}"  # noqa: S608 - a constant
            await session.execute(text(earlier), {"id": shelf.organization_id})
        assert await shelf.count() == 1
        assert await shelf.count() == 0


class TestWhatIsKept:
    async def test_follows_what_changes(self, shelf: Shelf) -> None:
        await shelf.put(article("copper relay"))
        await shelf.count()
        counts = await column(
            shelf,
            f"SELECT term || ' ' || items FROM knowledge.search_terms WHERE {MINE} AND term IN ('wcopper', 'wrelay', 'wbusbar')",  # noqa: S608 - a constant
        )
        assert counts == {"wcopper 3", "wrelay 2", "wbusbar 2"}

    async def test_learns_no_spellings_of_codes(self, shelf: Shelf) -> None:
        words = await column(shelf, f"SELECT word FROM knowledge.search_spellings WHERE {MINE}")  # noqa: S608 - a constant
        assert "relay" in words
        assert not {word for word in words if any(map(str.isdigit, word))}
