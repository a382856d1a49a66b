"""Meaning beside the terms: what vectors find, rank and explain, within the same filters, operators and rights; and what happens where the model does not answer."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import event, func, select, text

from kis.platform.configuration import SearchSettings
from kis.platform.errors import BadInput
from kis.platform.telemetry import metrics
from kis.search import (
    Document,
    Facet,
    Language,
    Readers,
    Source,
    Visibility,
    open_engine,
    search_chores,
    search_handlings,
)
from kis.search.models import SearchItem, SearchVector
from kis.search.postings import PostingEngine
from kis.search.tokens import Cutter, NoAnalyzer
from kis.search.tokens.analyzer import Morpheme
from kis.search.vectors import FILL, QueryVectors, store
from kis.search.vectors.endpoint import Endpoint, EndpointEmbedder
from tests.factories.embedding import HashedWords
from tests.factories.embedding_server import EmbeddingServer, Says
from tests.factories.searching import DAY, Shelf, article
from tests.integration.search.library import DIMENSIONS, MODEL, Library

pytestmark = pytest.mark.usefixtures("unhurried_models")

SAME = {"blaze": "fire", "inferno": "fire", "brandkunde": "fire"}
"""Words that share no letters' pair worth speaking of and mean one thing."""


def model() -> HashedWords:
    return HashedWords(DIMENSIONS, name=MODEL, same=SAME)


def engine_of(embedder: HashedWords | None = None) -> PostingEngine:
    return PostingEngine(Cutter(NoAnalyzer()), vectors=QueryVectors(embedder or model()))


def shelf_of(library: Library, engine: PostingEngine | None = None) -> Shelf:
    return Shelf(engine or engine_of(), library.database, library.organization)


FIRE = article("Inferno", "Keep away.", tags=("safety",), author="kim")
OTHER = article("Busbar", "Copper, bent.")


@pytest.fixture
async def shelf(library: Library) -> Shelf:
    """Two things, on either server, one of which is about fire and does not say so."""
    made = shelf_of(library)
    await made.put(FIRE, OTHER)
    await library.give_vectors(model())
    return made


class TestFinding:
    async def test_finds_what_only_means_it(self, library: Library, shelf: Shelf) -> None:
        by_terms = shelf_of(library, PostingEngine(Cutter(NoAnalyzer())))

        assert await shelf.titles("blaze", corrects=False) == ["Inferno"]
        assert await by_terms.titles("blaze", corrects=False) == []
        assert await shelf.titles("blaze", corrects=False, by_meaning=False) == []

    async def test_does_not_find_what_means_something_else(self, shelf: Shelf) -> None:
        assert await shelf.titles("quixotic", corrects=False) == []

    @pytest.mark.parametrize(
        ("words", "filters", "titles"),
        [
            pytest.param("blaze", {"tags": ("safety",)}, ["Inferno"], id="a tag it has"),
            pytest.param("blaze", {"tags": ("else",)}, [], id="a tag it has not"),
            pytest.param("blaze", {"kinds": ("faq",)}, [], id="kind"),
            pytest.param("blaze", {"authors": ("lee",)}, [], id="author"),
            pytest.param("blaze", {"sources": (Source.QUOTATION,)}, [], id="source"),
            pytest.param("blaze", {"languages": (Language.EN,)}, [], id="language"),
            pytest.param("blaze", {"since": DAY.date() + timedelta(days=1)}, [], id="date"),
            pytest.param("blaze", {"until": date(2026, 12, 1)}, ["Inferno"], id="date it meets"),
            pytest.param("blaze -keep", {}, [], id="without a word it has"),
            pytest.param("blaze -safety", {}, [], id="without a word that is its tag"),
            pytest.param("blaze -copper", {}, ["Inferno"], id="without a word it has not"),
            pytest.param('blaze -"keep away"', {}, [], id="without a phrase it has"),
            pytest.param('blaze "away keep"', {}, [], id="a phrase it has not"),
            pytest.param('blaze "keep away"', {}, ["Inferno"], id="a phrase it has"),
            pytest.param("blaze title:inferno", {}, ["Inferno"], id="its title"),
            pytest.param("blaze title:busbar", {}, [], id="another title"),
            pytest.param("blaze tag:safety", {}, ["Inferno"], id="operator of a tag"),
            pytest.param("blaze tag:else", {}, [], id="operator of another tag"),
            pytest.param("blaze author:kim", {}, ["Inferno"], id="operator of its author"),
            pytest.param("blaze author:lee", {}, [], id="operator of another author"),
        ],
    )
    async def test_holds_to_filters_and_operators(
        self, shelf: Shelf, words: str, filters: dict[str, object], titles: Sequence[str]
    ) -> None:
        assert await shelf.titles(words, corrects=False, **filters) == titles

    async def test_leaves_out_what_has_expired(self, library: Library) -> None:
        shelf = shelf_of(library)
        await shelf.put(replace(FIRE, expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        await library.give_vectors(model())

        assert await shelf.titles("blaze", corrects=False) == []

    async def test_means_what_was_meant_on_the_other_layout(self, library: Library) -> None:
        embedder = HashedWords(DIMENSIONS, name=MODEL, same={"화재": "fire", "inferno": "fire"})
        shelf = shelf_of(library, engine_of(embedder))
        await shelf.put(article("Inferno"), article("화재"))
        await library.give_vectors(embedder)

        assert set(await shelf.titles("ghkwo")) == {"화재", "Inferno"}

    async def test_a_text_in_the_askers_language_stands_for_a_thing(self, library: Library) -> None:
        shelf = shelf_of(library)
        english = replace(FIRE, language=Language.EN)
        await shelf.put(english, replace(FIRE, title="Brandkunde", language=Language.KO))
        await library.give_vectors(model())

        assert await shelf.titles("blaze", language=Language.KO, corrects=False) == ["Brandkunde"]
        assert await shelf.titles("blaze", language=Language.EN, corrects=False) == ["Inferno"]


class TestRanking:
    """Three things. By terms: BOTH, then SAID. By meaning: BOTH, then MEANT."""

    BOTH = article("Blaze", "A blaze, a blaze.")
    SAID = article("Stove", "Not a blaze but soup. " + " ".join(f"word{number}" for number in range(40)))
    MEANT = article("Inferno")

    @pytest.fixture
    async def shelf(self, indexed: Library) -> Shelf:
        made = shelf_of(indexed)
        await made.put(self.MEANT, self.SAID, self.BOTH)
        await indexed.give_vectors(model())
        return made

    async def test_adds_up_what_places_are_worth(self, shelf: Shelf) -> None:
        found = await shelf.search("blaze", facets=(Facet.LANGUAGE,))

        # MEANT is the word itself, similarity 1; BOTH says it three times and "a" twice, 3 ÷ √(3² + 2²); SAID is 46 words of which it is one, less than 0.2.
        assert [hit.title for hit in found.hits] == ["Blaze", "Inferno", "Stove"]
        assert [hit.score for hit in found.hits] == pytest.approx([1 / 61 + 1 / 62, 1 / 61, 1 / 62], abs=1e-6)
        assert found.total == 3
        assert found.facets == {Facet.LANGUAGE: {"ko": 3}}

    async def test_pages_hold_everything_once(self, shelf: Shelf) -> None:
        pages = [await shelf.titles("blaze", limit=1, offset=place) for place in range(4)]

        assert pages == [["Blaze"], ["Inferno"], ["Stove"], []]

    @pytest.mark.parametrize(
        ("document", "by_terms", "by_meaning"), [(BOTH, 1, 2), (MEANT, None, 1), (SAID, 2, None)]
    )
    async def test_explains_both_places_and_their_shares(
        self, shelf: Shelf, document: Document, by_terms: int | None, by_meaning: int | None
    ) -> None:
        hit, shares = await shelf.explain("blaze", document)

        assert hit is not None
        terms = [one for one in shares if one.kind != "vector"]
        vectors = [one for one in shares if one.kind == "vector"]
        assert {one.place for one in terms} == ({by_terms} if by_terms else set())
        assert {(one.term, one.place) for one in vectors} == ({(MODEL, by_meaning)} if by_meaning else set())
        added = [1 / (60 + place) if place else 0.0 for place in (by_terms, by_meaning)]
        assert [sum(one.share for one in kind) for kind in (terms, vectors)] == pytest.approx(added)
        assert hit.score == pytest.approx(sum(added), abs=1e-6)

    async def test_explains_terms_alone_as_ever_where_meaning_finds_nothing(self, shelf: Shelf) -> None:
        hit, shares = await shelf.explain("soup", self.SAID)

        assert hit is not None
        assert {one.place for one in shares} == {None}
        assert sum(one.share for one in shares) == pytest.approx(hit.score, rel=1e-4)


class TestSimilar:
    async def test_finds_what_shares_no_word(self, library: Library, shelf: Shelf) -> None:
        near = article("Blaze")
        await shelf.put(near)
        await library.give_vectors(model())
        by_terms = shelf_of(library, PostingEngine(Cutter(NoAnalyzer())))

        assert await shelf.similar(near) == ["Inferno"]
        assert await by_terms.similar(near) == []

    async def test_asks_the_model_nothing(self, library: Library) -> None:
        embedder = model()
        shelf = shelf_of(library, engine_of(embedder))
        await shelf.put(FIRE)
        await library.give_vectors(model())

        assert await shelf.similar(FIRE) == []
        assert embedder.asked == []


class TestRights:
    READERS: tuple[tuple[Readers, set[str]], ...] = (
        (Readers(organization_id=None), {"viewer", "editor"}),
        (Readers(organization_id=None, is_published=False), {"editor"}),
        (Readers(organization_id=None, visibility=Visibility.ROLE, roles=("editor",)), {"editor"}),
        (Readers(organization_id=None, visibility=Visibility.ROLE, roles=("estimator",)), set()),
        (Readers(organization_id=None, visibility=Visibility.PUBLIC), {"viewer", "editor", "stranger"}),
    )

    async def fill(self, library: Library) -> None:
        await shelf_of(library).put(
            *(
                article(f"Inferno {number}", readers=readers)
                for number, (readers, _) in enumerate(self.READERS)
            )
        )
        await library.give_vectors(model())

    async def leaks(self, library: Library) -> set[str]:
        """Return what somebody finds, is told of as similar, or has explained, that is not for him; or does not find though it is."""
        lookers = {
            "viewer": replace(shelf_of(library), role="viewer", sees_drafts=False),
            "editor": shelf_of(library),
            "stranger": replace(shelf_of(library), organization_id=library.other),
        }
        said = set()
        for who, shelf in lookers.items():
            theirs = {f"Inferno {number}" for number, (_, may) in enumerate(self.READERS) if who in may}
            found = await shelf.search("blaze", corrects=False, facets=(Facet.LANGUAGE,))
            said |= {f"{who}: {hit.title}" for hit in found.hits if hit.title not in theirs}
            said |= {f"{who}: not {title}" for title in theirs - {hit.title for hit in found.hits}}
            counted = sum(found.facets.get(Facet.LANGUAGE, {}).values())
            if {found.total, counted} != {len(theirs)}:
                said.add(f"{who}: counts {found.total} and {counted}")
        return said

    async def test_nobody_finds_what_is_not_for_him(self, library: Library) -> None:
        await self.fill(library)

        assert await self.leaks(library) == set()

    async def test_a_hole_in_the_policy_of_vectors_shows_nothing(self, library: Library) -> None:
        await self.fill(library)
        library.run(
            "ALTER POLICY search_vectors_authenticated_select ON knowledge.search_vectors USING (true)"
        )

        assert await self.leaks(library) == set()

    async def test_a_hole_in_the_policy_of_audiences_is_seen_here(self, library: Library) -> None:
        await self.fill(library)
        library.run("ALTER POLICY audiences_authenticated_select ON knowledge.audiences USING (is_published)")

        said = await self.leaks(library)

        assert {"viewer: Inferno 2", "viewer: Inferno 3", "stranger: Inferno 0"} <= said
        assert any(one.startswith("stranger: counts") for one in said)


def outcomes(outcome: str) -> float:
    found: float | None = metrics.REGISTRY.get_sample_value("search_vectors_total", {"outcome": outcome})
    return found or 0.0


@asynccontextmanager
async def by_endpoint(
    server: EmbeddingServer, seconds: float = 30.0
) -> AsyncIterator[tuple[PostingEngine, list[float]]]:
    """Yield an engine whose model is a server, and the time it goes by, in a list of one."""
    now = [1000.0]
    endpoint = Endpoint(url=server.url, model=MODEL, api_key=SecretStr(""), timeout_seconds=seconds)
    embedder = EndpointEmbedder(endpoint)
    vectors = QueryVectors(embedder, seconds=seconds, clock_seconds=lambda: now[0])
    try:
        yield PostingEngine(Cutter(NoAnalyzer()), vectors=vectors), now
    finally:
        await embedder.close()


class TestTheModelAway:
    """Terms alone answer, in time, and the model is left alone for a while."""

    @pytest.fixture
    async def server(self, indexed: Library) -> AsyncIterator[EmbeddingServer]:
        async with EmbeddingServer(DIMENSIONS).running() as made:
            made.same = SAME
            await shelf_of(indexed).put(FIRE, article("Blaze"))
            await indexed.give_vectors(model())
            yield made

    async def test_over_http_it_finds_what_only_means_it(
        self, indexed: Library, server: EmbeddingServer
    ) -> None:
        async with by_endpoint(server) as (engine, _):
            assert set(await shelf_of(indexed, engine).titles("blaze")) == {"Blaze", "Inferno"}
            assert set(await shelf_of(indexed, engine).titles("blaze", limit=1, offset=1)) <= {
                "Blaze",
                "Inferno",
            }

        assert [request.body["input"] for request in server.requests] == [["blaze"]], (
            "the next page asks no more"
        )

    @pytest.mark.parametrize("says", [Says.HANGS_UP, Says.BROKEN, Says.NO_ENTRY, Says.HTML, Says.ZEROS])
    async def test_what_it_answers_wrongly_is_no_error(
        self, indexed: Library, server: EmbeddingServer, says: Says
    ) -> None:
        server.says(*([says] * 2))
        failed = outcomes("failed")
        async with by_endpoint(server) as (engine, now):
            shelf = shelf_of(indexed, engine)
            assert await shelf.titles("blaze") == ["Blaze"]
            assert outcomes("failed") == failed + 1
            asked, resting = len(server.requests), outcomes("resting")

            assert await shelf.titles("blaze") == ["Blaze"]
            assert (len(server.requests), outcomes("resting")) == (asked, resting + 1)

            now[0] += 1.0
            server.script.clear()
            assert set(await shelf.titles("blaze")) == {"Blaze", "Inferno"}

    async def test_what_it_does_not_answer_in_time_is_no_error(
        self, indexed: Library, server: EmbeddingServer
    ) -> None:
        server.says(Says.NOTHING)
        failed = outcomes("failed")
        async with by_endpoint(server, seconds=0.2) as (engine, _):
            assert await shelf_of(indexed, engine).titles("blaze") == ["Blaze"]

        assert outcomes("failed") == failed + 1

    async def test_a_text_it_refuses_is_asked_for_by_terms_and_others_as_ever(
        self, indexed: Library, server: EmbeddingServer
    ) -> None:
        server.refused.add("blaze")
        async with by_endpoint(server) as (engine, _):
            shelf = shelf_of(indexed, engine)
            assert await shelf.titles("blaze") == ["Blaze"]
            assert "Inferno" in await shelf.titles("brandkunde", corrects=False)


class TestWithoutAModel:
    async def test_vectors_are_not_even_looked_at(self, indexed: Library) -> None:
        shelf = shelf_of(indexed, PostingEngine(Cutter(NoAnalyzer())))
        await shelf.put(FIRE)
        await indexed.give_vectors(model())
        made: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            made.append(statement)

        event.listen(indexed.database.engine.sync_engine, "before_cursor_execute", note)
        await shelf.titles("inferno keep")
        await shelf.similar(FIRE)
        await shelf.explain("inferno", FIRE)

        assert [statement for statement in made if "vectors" in statement] == []

    async def test_there_is_nothing_to_make(self) -> None:
        async with open_engine(SearchSettings(morphemes="off")) as engine:
            assert engine.embedder.dimensions == 0
            assert search_handlings(engine) == {}
            assert FILL not in {chore.name for chore in search_chores(engine)}


class TestOpening:
    async def test_the_settings_model_is_opened_with_its_work(self, indexed: Library) -> None:
        async with EmbeddingServer(DIMENSIONS).running() as server:
            server.same = SAME
            settings = SearchSettings(
                morphemes="off", embeddings="openai", embeddings_model=MODEL, embeddings_url=server.url
            )
            async with open_engine(settings) as engine:
                shelf = shelf_of(indexed, engine)
                await shelf.put(FIRE)
                await indexed.give_vectors(model())

                assert await shelf.titles("blaze", corrects=False) == ["Inferno"]
                assert engine.embedder.name == MODEL
                assert set(search_handlings(engine)) == {FILL}
                assert FILL in {chore.name for chore in search_chores(engine)}

    async def test_every_setting_that_is_missing_is_named(self) -> None:
        with pytest.raises(BadInput) as caught:
            async with open_engine(SearchSettings(embeddings="openai")):
                pytest.fail("it is not opened")

        assert [problem.path for problem in caught.value.problems] == [
            "SEARCH_EMBEDDINGS_MODEL",
            "SEARCH_EMBEDDINGS_URL",
        ]


class OneMorpheme:
    """Takes a text for one noun."""

    is_ready = True

    async def analyze(self, texts: Sequence[str], **_: object) -> list[list[Morpheme]]:
        return [[Morpheme(words, "NNG", 0, len(words))] for words in texts]

    async def close(self) -> None: ...


class TestKeeping:
    KOREAN = article("외함", "도장을 두 번 한다.", source_id=uuid4())

    async def kept(self, library: Library) -> list[tuple[int, int, datetime]]:
        async with library.database.service() as session:
            rows = await session.execute(
                select(SearchVector.item_id, SearchVector.audience_id, SearchVector.made_at).order_by(
                    SearchVector.part
                )
            )
            return [(row.item_id, row.audience_id, row.made_at) for row in rows]

    async def items(self, library: Library) -> list[int]:
        async with library.database.service() as session:
            return list(await session.scalars(select(SearchItem.id)))

    async def test_a_thing_that_is_given_morphemes_keeps_its_vectors(self, library: Library) -> None:
        shelf = shelf_of(library)
        await shelf.put(replace(self.KOREAN, body="외함 도장 " * 500))
        await library.give_vectors(model())
        before, [old] = await self.kept(library), await self.items(library)
        assert len(before) > 1

        full = PostingEngine(Cutter(OneMorpheme()), vectors=QueryVectors(model()))
        async with library.database.service() as session:
            assert await full.refine(session) == 1

        after, [new] = await self.kept(library), await self.items(library)
        assert new != old
        assert after == [(new, audience, made) for _, audience, made in before]
        async with library.database.service() as session:
            assert await store.without_vectors(session, model=MODEL, dimensions=DIMENSIONS) == []

    async def test_each_text_of_a_thing_keeps_its_own(self, library: Library) -> None:
        shelf = shelf_of(library)
        draft = replace(
            self.KOREAN, title="단자대", readers=Readers(organization_id=None, is_published=False)
        )
        await shelf.put(self.KOREAN, draft)
        await library.give_vectors(model())

        full = PostingEngine(Cutter(OneMorpheme()), vectors=QueryVectors(model()))
        async with library.database.service() as session:
            await full.refine(session)

        async with library.database.service() as session:
            mixed = (
                select(func.count())
                .select_from(SearchVector)
                .join(SearchItem, SearchItem.id == SearchVector.item_id)
            )
            assert await session.scalar(mixed.where(SearchItem.audience_id != SearchVector.audience_id)) == 0
        near = [hit.title for hit in (await shelf.search("단자대", corrects=False)).hits]
        assert near[0] == "단자대"

    async def test_a_thing_that_says_something_else_is_given_new_ones(self, library: Library) -> None:
        shelf = shelf_of(library)
        await shelf.put(self.KOREAN)
        await library.give_vectors(model())
        await shelf.put(replace(self.KOREAN, title="단자대"))

        assert await self.kept(library) == []
        async with library.database.service() as session:
            [waiting] = await store.without_vectors(session, model=MODEL, dimensions=DIMENSIONS)
        assert waiting.title == "단자대"


async def test_half_a_search_leaves_nothing_behind(indexed: Library) -> None:
    """The terms fail while the model is asked: the error is the database's, and nobody waits for the model."""
    async with EmbeddingServer(DIMENSIONS).running() as server:
        server.says(Says.NOTHING)
        async with by_endpoint(server) as (engine, _):
            shelf = shelf_of(indexed, engine)
            await shelf.put(article("Blaze"))
            indexed.run("REVOKE SELECT ON knowledge.search_postings FROM authenticated")
            with pytest.raises(Exception, match="permission denied"):
                await shelf.titles("blaze")
            async with indexed.database.service() as session:
                assert await session.scalar(text("SELECT 1")) == 1
