"""Terms that very many items have, with the limits of the engine drawn so tight that a few are very many."""

import pytest

from kis.platform.database import Database
from kis.search.postings import PostingEngine, ranking
from kis.search.tokens import Cutter, NoAnalyzer
from tests.factories.searching import Shelf, article
from tests.integration.conftest import SomeOrganization

MANY = 12


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """At most four postings are read in full, and the best three get the rest of their score."""
    monkeypatch.setattr(ranking, "POSTINGS_IN_FULL", 4)
    monkeypatch.setattr(ranking, "RESCORED", 3)
    monkeypatch.setattr(ranking, "ENOUGH", 2)
    return monkeypatch


@pytest.fixture
async def shelf(database: Database, organization: SomeOrganization) -> Shelf:
    """Twelve have ``common``, four of them ``rare``, one of those ``single``."""
    made = Shelf(PostingEngine(Cutter(NoAnalyzer())), database, organization.id)
    rare = [article(f"common rare {'single' if number == 0 else number}") for number in range(4)]
    await made.put(*rare, *(article(f"common {number}") for number in range(4, MANY)))
    await made.count()
    return made


@pytest.mark.usefixtures("tight")
class TestACommonTerm:
    async def test_alone_finds_all(self, shelf: Shelf) -> None:
        assert (await shelf.search("common")).total == MANY

    async def test_beside_an_unknown_one_finds_all(self, shelf: Shelf) -> None:
        assert (await shelf.search("common xyzzy", corrects=False)).total == MANY

    async def test_beside_one_too_rare_for_a_page_finds_all(self, shelf: Shelf) -> None:
        found = await shelf.search("single rare", corrects=False)

        assert found.hits[0].title == "common rare single"
        assert found.total == 4

    async def test_beside_a_rare_one_adds_to_what_that_finds(self, shelf: Shelf) -> None:
        found = await shelf.search("rare common", corrects=False)

        assert found.total == 4
        assert found.hits[0].score > found.hits[3].score, "the last is not among the best three"

    async def test_is_explained_as_far_as_it_counts(self, shelf: Shelf) -> None:
        found = await shelf.search("rare common", corrects=False)

        for shown in found.hits:
            hit, shares = await shelf.explain(
                "rare common", article("", source_id=shown.source_id), corrects=False
            )
            assert hit is not None
            assert hit.score == shown.score
            assert sum(share.share for share in shares) == pytest.approx(hit.score, rel=1e-4)


class TestMoreThanAreLookedAt:
    @pytest.fixture(autouse=True)
    def few_candidates(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ranking, "CANDIDATES", 6)

    async def test_are_told_of(self, shelf: Shelf) -> None:
        for text in ("common", "common -nothing", 'common "common"'):
            found = await shelf.search(text, corrects=False)
            assert (found.total, found.is_more) == (6, True), text

    async def test_are_none_where_all_were_looked_at(self, shelf: Shelf) -> None:
        found = await shelf.search("rare", corrects=False)

        assert (found.total, found.is_more) == (4, False)

    async def test_do_not_push_out_what_is_there_by_what_is_gone(self, shelf: Shelf) -> None:
        """What is rewritten leaves its terms behind; with the same score they come first."""
        again = [article(f"common again {number}") for number in range(6)]
        await shelf.put(*again)
        await shelf.put(*again)

        assert (await shelf.search("again", corrects=False)).total == 6
