"""Vectors in PostgreSQL: with pgvector as KIS brings it, and without any extension on Debian's server. Who may not read a text does not find it by its meaning either."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text, update

from kis.platform.configuration import JobSettings
from kis.platform.database import Scope
from kis.platform.events import open_hub
from kis.platform.jobs import Backoff, Executor, Housekeeping, Job, Outcome, enqueue
from kis.search.models import SearchItem, SearchVector
from kis.search.vectors import store
from kis.search.vectors.embedders import Embedder, NoEmbedder, Purpose
from kis.search.vectors.endpoint import Endpoint, EndpointEmbedder
from kis.search.vectors.errors import EmbeddingsUnavailable
from kis.search.vectors.filling import FILL, ITEMS_AT_ONCE, FillVectors, chores, handlings
from kis.search.vectors.store import Nearest, Way, nearest
from tests.factories.embedding import HashedWords, hashed
from tests.factories.embedding_server import EmbeddingServer
from tests.integration.search.library import DIMENSIONS, MODEL, Library


class TestNearest:
    async def test_stands_on_the_server_it_is_said_to(self, library: Library) -> None:
        has = library.run("SELECT count(*) FROM pg_extension WHERE extname = 'vector'")

        assert has == [(int(library.has_pgvector),)]

    async def test_finds_what_lies_near_the_nearest_first(self, library: Library) -> None:
        far = await library.add("색상 표")
        near = await library.add("차단기 용량 선정")
        between = await library.add("차단기 외함")
        await library.give_vectors()

        found = await library.find("차단기 용량 선정")

        assert [one.item_id for one in found.items] == [near, between, far]
        assert found.way is Way.COMPARED
        # all three words; one of three against one of two: 1 ÷ √(3 · 2); none
        assert [one.similarity for one in found.items] == pytest.approx([1.0, 0.40825, 0.0], abs=1e-4)

    async def test_counts_the_best_part_of_an_item(self, library: Library) -> None:
        filling = "배경 " * 333
        long = await library.add("안내", f"{filling}\n\n{filling}\n\n온도 상승 한계")
        short = await library.add("온도")
        await library.give_vectors()

        found = await library.find("온도 상승 한계")

        assert [one.item_id for one in found.items] == [long, short]
        assert found.items[0].part == 2
        # 안내 온도 상승 한계, of which three are asked for: 3 ÷ √(4 · 3)
        assert found.items[0].similarity == pytest.approx(0.8660, abs=1e-4)

    async def test_shows_nobody_what_he_may_not_read(self, library: Library) -> None:
        words = "모선 굵기"
        items = {
            "own": await library.add(words),
            "draft": await library.add(words, is_published=False),
            "of a role": await library.add(words, visibility="role", roles=["editor"]),
            "other": await library.add(words, organization=library.other),
            "other's public": await library.add(words, organization=library.other, visibility="public"),
            "other's public draft": await library.add(
                words, organization=library.other, visibility="public", is_published=False
            ),
        }
        await library.give_vectors()
        readers = {
            Scope(library.organization, role="viewer"): {"own", "other's public"},
            Scope(library.organization, role="editor", sees_drafts=True): {
                "own",
                "draft",
                "of a role",
                "other's public",
            },
            Scope(library.other, role="viewer"): {"other", "other's public"},
            Scope(uuid4(), role="admin", sees_drafts=True): {"other's public"},
        }

        for scope, readable in readers.items():
            for limit in (1, 100):
                found = set(await library.found(words, scope=scope, limit=limit))
                assert found <= {items[name] for name in readable}
                assert len(found) == min(limit, len(readable))

    async def test_filters_before_it_ranks(self, library: Library) -> None:
        for _ in range(30):
            await library.add("차단기 용량", kind="article")
        wanted = await library.add("색상", kind="faq")
        await library.give_vectors()

        given = {"conditions": ["i.kind = ANY(:kinds)"], "values": {"kinds": ["faq"]}, "limit": 1}

        assert await library.found("차단기 용량", **given) == [wanted]

    async def test_leaves_out_what_has_expired(self, library: Library) -> None:
        await library.add("차단기", expires_at=datetime.now(UTC) - timedelta(seconds=1))
        valid = await library.add("차단기", expires_at=datetime.now(UTC) + timedelta(days=1))
        await library.give_vectors()

        assert await library.found("차단기") == [valid]

    async def test_does_not_mix_models_and_lengths(self, library: Library) -> None:
        item = await library.add("차단기")
        await library.give_vectors(HashedWords(DIMENSIONS, name="another"))
        await library.give_vectors(HashedWords(512, name=MODEL))

        assert await library.found("차단기") == []
        assert await library.found("차단기", model="another") == [item]
        assert await library.found("차단기", dimensions=512) == [item]

    async def test_orders_equal_ones_by_their_ids(self, library: Library) -> None:
        ids = [await library.add("차단기") for _ in range(5)]
        await library.give_vectors()

        assert await library.found("차단기") == ids
        assert await library.found("차단기", limit=2) == ids[:2]

    async def test_compares_vectors_of_any_length(self, library: Library) -> None:
        item = await library.add("차단기")
        await library.give_vectors(HashedWords(48, name=MODEL))

        found = await library.find("차단기", dimensions=48)

        assert [one.item_id for one in found.items] == [item]
        assert found.way is Way.COMPARED

    async def test_finds_nothing_without_a_model(self, library: Library) -> None:
        (vector,) = await NoEmbedder().embed(["차단기"], of="query")
        async with library.database.transaction(Scope(library.organization)) as session:
            found = await nearest(session, vector, model="none")

        assert found == Nearest((), Way.SKIPPED, "no_model")

    async def test_takes_no_vector_or_number_out_of_bounds(self, library: Library) -> None:
        with pytest.raises(ValueError, match="8193 numbers"):
            await library.find("차단기", dimensions=8193)
        with pytest.raises(ValueError, match="0 items"):
            await library.find("차단기", limit=0)

    async def test_says_that_there_is_too_much_to_compare(
        self, plain: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(store, "MOST_COMPARED_IN_SQL", 3)
        for _ in range(3):
            await plain.add("차단기")
        await plain.give_vectors()
        assert (await plain.find("차단기")).way is Way.COMPARED

        await plain.add("차단기")
        await plain.give_vectors()

        assert await plain.find("차단기") == Nearest((), Way.SKIPPED, "too_many")


class TestIndex:
    """With pgvector and more parts than are compared one by one."""

    ITEMS = 600

    @pytest.fixture
    async def large(self, indexed: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
        monkeypatch.setattr(store, "MOST_COMPARED", 20)
        await self._fill(indexed, DIMENSIONS)
        return indexed

    async def _fill(self, library: Library, dimensions: int) -> None:
        """Lay many items of the organisation and few of another one: twelve groups, each with a word that its items share."""
        audiences = [
            await library.add("하나", organization=owner) for owner in (library.organization, library.other)
        ]
        async with library.database.service() as session:
            owners = (
                await session.execute(
                    select(SearchItem.organization_id, SearchItem.audience_id)
                    .where(SearchItem.id.in_(audiences))
                    .order_by(SearchItem.id)
                )
            ).all()
            rows = [
                {
                    "organization_id": owners[number % 20 == 0].organization_id,
                    "audience_id": owners[number % 20 == 0].audience_id,
                    "source": "article",
                    "source_id": uuid4(),
                    "language": "ko",
                    "title": f"무리{number % 12} 고유{number}",
                    "dated_at": datetime.now(UTC),
                }
                for number in range(self.ITEMS)
            ]
            await session.execute(insert(SearchItem), rows)
        await library.give_vectors(HashedWords(dimensions, name=MODEL))
        library.run("ANALYZE")

    async def test_finds_what_comparing_all_of_them_finds(
        self, large: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        by_index = await large.find("무리5 고유5", limit=20)
        assert by_index.way is Way.INDEX

        monkeypatch.setattr(store, "MOST_COMPARED", 5000)
        compared = await large.find("무리5 고유5", limit=20)

        assert compared.way is Way.COMPARED
        assert [one.similarity for one in by_index.items] == pytest.approx(
            [one.similarity for one in compared.items]
        )
        assert by_index.items[0] == compared.items[0]

    async def test_uses_the_index(self, large: Library) -> None:
        async with large.database.transaction(Scope(large.organization, role="viewer")) as session:
            await nearest(session, hashed("무리5", DIMENSIONS), model=MODEL)
            index = "'knowledge.ix_search_vectors_near_384'::regclass"
            scans = await session.scalar(text(f"SELECT pg_stat_get_xact_numscans({index})"))
            sorts = await session.scalar(text("SHOW enable_sort"))

        assert scans == 1
        assert sorts == "on"  # whatever else the transaction asks is planned as ever

    async def test_goes_on_until_there_are_enough_of_those_who_may_be_read(self, large: Library) -> None:
        few = Scope(large.other, role="viewer")  # 31 of 602, whatever lies nearer belongs to others
        async with large.database.transaction(few) as session:
            found = await nearest(session, hashed("무리5 고유5", DIMENSIONS), model=MODEL, limit=25)

        assert found.way is Way.INDEX
        assert len(found.items) == 25
        assert len({one.audience_id for one in found.items}) == 1

    async def test_does_without_where_no_index_fits(
        self, indexed: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(store, "MOST_COMPARED", 20)
        await self._fill(indexed, 48)

        assert await indexed.find("무리5", dimensions=48) == Nearest((), Way.SKIPPED, "too_many")

    @pytest.mark.parametrize("home", ["extensions", "Of: Its % Own"])
    async def test_finds_the_extension_in_another_schema(self, indexed: Library, home: str) -> None:
        indexed.run(f'CREATE SCHEMA "{home}"')
        indexed.run(f'ALTER EXTENSION vector SET SCHEMA "{home}"')
        item = await indexed.add("차단기")
        await indexed.give_vectors()

        # Nobody but its maker may use the schema yet: the numbers are compared without the extension.
        assert await indexed.found("차단기") == [item]
        indexed.run(f'GRANT USAGE ON SCHEMA "{home}" TO authenticated')
        assert await indexed.found("차단기") == [item]


class TestWrite:
    async def test_leaves_out_items_that_are_gone(self, library: Library) -> None:
        item = await library.add("차단기")
        async with library.database.service() as session:
            written = await store.write(
                session, MODEL, {item: [hashed("차단기", 8)], item + 999: [hashed("x", 8)]}
            )

        assert written == 1

    async def test_replaces_what_was_there_of_the_model(self, library: Library) -> None:
        item = await library.add("차단기")
        async with library.database.service() as session:
            await store.write(session, "another", {item: [hashed("외함", DIMENSIONS)]})
            await store.write(session, MODEL, {item: [hashed("외함", DIMENSIONS)] * 3})
            await store.write(session, MODEL, {item: [hashed("차단기", DIMENSIONS)]})
            rows = await session.execute(
                select(SearchVector.model, func.count())
                .group_by(SearchVector.model)
                .order_by(SearchVector.model)
            )

        assert [tuple(row) for row in rows] == [("another", 1), (MODEL, 1)]

    async def test_forgets_old_vectors_of_other_models(self, library: Library) -> None:
        item = await library.add("차단기")
        async with library.database.service() as session:
            for model, days in {"old": 8, "recent": 6, MODEL: 8}.items():
                await store.write(session, model, {item: [hashed("차단기", 8)]})
                made = datetime.now(UTC) - timedelta(days=days)
                await session.execute(
                    update(SearchVector).where(SearchVector.model == model).values(made_at=made)
                )
            assert await store.forget_other_models(session, MODEL) == 1
            left = (await session.scalars(select(SearchVector.model))).all()

        assert set(left) == {"recent", MODEL}


class TestWithoutVectors:
    async def test_are_items_with_none_of_this_model_and_length(self, library: Library) -> None:
        one, two = await library.add("하나", "본문", summary="요약", tags=["표지"]), await library.add("둘")
        async with library.database.service() as session:
            await store.write(session, MODEL, {one: [hashed("하나", 8)]})
            await store.write(session, "another", {two: [hashed("둘", 8)]})

            async def missing(**given: Any) -> list[int]:
                found = await store.without_vectors(session, model=MODEL, **given)
                return [item.item_id for item in found]

            assert await missing(dimensions=8) == [two]
            assert await missing(dimensions=None) == [two]
            assert await missing(dimensions=16) == [one, two]
            assert await missing(dimensions=16, limit=1) == [one]
            assert await missing(dimensions=16, after=one) == [two]
            (text_of_one, _) = await store.without_vectors(session, model="new", dimensions=8)
        assert (text_of_one.title, text_of_one.text) == ("하나", "요약\n\n표지\n\n본문")

    async def test_are_again_what_was_refused_a_day_ago(self, library: Library) -> None:
        item = await library.add("하나")
        async with library.database.service() as session:
            await store.write(session, MODEL, {item: []})
            assert await store.without_vectors(session, model=MODEL, dimensions=8) == []
            await session.execute(
                update(SearchVector).values(made_at=datetime.now(UTC) - timedelta(hours=25))
            )
            assert len(await store.without_vectors(session, model=MODEL, dimensions=8)) == 1


class Failing(HashedWords):
    """A model that answers so often and is gone then."""

    def __init__(self, calls: int) -> None:
        super().__init__(DIMENSIONS, name=MODEL)
        self.calls = calls

    async def embed(self, texts: Sequence[str], *, of: Purpose) -> list[list[float]]:
        self.calls -= 1
        if self.calls < 0:
            raise EmbeddingsUnavailable("unreachable")
        return await super().embed(texts, of=of)


class TestFilling:
    @pytest.fixture
    def work(self, indexed: Library) -> Callable[[Embedder], Executor]:
        def make(embedder: Embedder) -> Executor:
            settings = JobSettings(most_attempts=2)
            hub = open_hub(indexed.database, settings)
            return Executor(indexed.database, hub, handlings(embedder), settings, backoff=Backoff(0.0, 0.0))

        return make

    async def _asked(self, library: Library) -> UUID:
        async with library.database.service() as session:
            return await enqueue(session, kind=FILL, subject_id=None, organization_id=None, trace_id="")

    async def _with_vectors(self, library: Library) -> int:
        async with library.database.service() as session:
            counted = select(func.count(SearchVector.item_id.distinct())).where(SearchVector.dimensions > 0)
            return await session.scalar(counted) or 0

    async def _waiting(self, library: Library) -> int:
        async with library.database.service() as session:
            waiting = select(func.count()).select_from(Job).where(Job.kind == FILL, Job.status == "queued")
            return await session.scalar(waiting) or 0

    async def test_gives_every_item_its_vectors(
        self, indexed: Library, work: Callable[[Embedder], Executor]
    ) -> None:
        items = 2 * ITEMS_AT_ONCE + 3
        for number in range(items):
            await indexed.add(f"글 {number}", "문단. " * (number * 20))

        assert await work(HashedWords(DIMENSIONS)).run_job(await self._asked(indexed)) is Outcome.DONE

        assert await self._with_vectors(indexed) == items
        assert await self._waiting(indexed) == 0
        assert (await indexed.find("글 7")).items[0].similarity > 0.3

    async def test_goes_on_where_it_was_broken_off(
        self, indexed: Library, work: Callable[[Embedder], Executor]
    ) -> None:
        for number in range(ITEMS_AT_ONCE + 5):
            await indexed.add(f"글 {number}")
        job = await self._asked(indexed)

        assert await work(Failing(calls=2)).run_job(job) is Outcome.RETRY  # the probe and the first batch
        assert await self._with_vectors(indexed) == ITEMS_AT_ONCE

        model = HashedWords(DIMENSIONS)
        assert await work(model).run_job(job) is Outcome.DONE
        assert await self._with_vectors(indexed) == ITEMS_AT_ONCE + 5
        assert [len(texts) for _, texts in model.asked] == [1, 5]

    async def test_asks_for_the_next_job_when_its_time_is_over(self, indexed: Library) -> None:
        for number in range(3 * ITEMS_AT_ONCE):
            await indexed.add(f"글 {number}")
        seconds = iter(range(0, 10_000, 3))  # 3 s each time somebody looks: two batches fit
        filling = FillVectors(HashedWords(DIMENSIONS), clock_seconds=lambda: float(next(seconds)))
        settings = JobSettings()
        executor = Executor(indexed.database, open_hub(indexed.database, settings), {FILL: filling}, settings)

        await executor.run_job(await self._asked(indexed))

        assert await self._with_vectors(indexed) == ITEMS_AT_ONCE
        assert await self._waiting(indexed) == 1

    async def test_is_not_held_up_by_a_text_that_is_refused(
        self, indexed: Library, work: Callable[[Embedder], Executor]
    ) -> None:
        for title in ("차단기", "금지된 글", "외함"):
            await indexed.add(title)
        async with EmbeddingServer(DIMENSIONS).running() as server:
            server.refused.add("금지")
            endpoint = Endpoint(
                url=server.url, model=MODEL, api_key=JobSettings().redis_url, timeout_seconds=20.0
            )
            embedder = EndpointEmbedder(endpoint)
            assert await work(embedder).run_job(await self._asked(indexed)) is Outcome.DONE
            asked = len(server.requests)
            assert await work(embedder).run_job(await self._asked(indexed)) is Outcome.DONE
            await embedder.close()

        assert await self._with_vectors(indexed) == 2
        assert len(server.requests) == asked + 1  # the probe: the refused text waits for tomorrow

    async def test_is_asked_for_where_vectors_are_missing(
        self, indexed: Library, work: Callable[[Embedder], Executor]
    ) -> None:
        model = HashedWords(DIMENSIONS)
        tending = Housekeeping(indexed.database, chores(model))
        assert await tending.run_once() == {FILL: 0}

        await indexed.add("차단기")
        assert await tending.run_once() == {FILL: 1}
        assert await tending.run_once() == {FILL: 0}  # one is asked for already
        async with indexed.database.service() as session:
            job = await session.scalar(select(Job).where(Job.kind == FILL))
        assert job is not None
        assert job.priority > 100
        assert await work(model).run_job(job.id) is Outcome.DONE
        assert await tending.run_once() == {FILL: 0}

    async def test_is_not_asked_for_right_after_it_failed(
        self, indexed: Library, work: Callable[[Embedder], Executor]
    ) -> None:
        await indexed.add("차단기")
        job = await self._asked(indexed)
        for wanted in (Outcome.RETRY, Outcome.FAILED):
            assert await work(Failing(calls=0)).run_job(job) is wanted
        tending = Housekeeping(indexed.database, chores(HashedWords(DIMENSIONS)))

        assert await tending.run_once() == {FILL: 0}
        async with indexed.database.service() as session:
            await session.execute(update(Job).values(finished_at=datetime.now(UTC) - timedelta(minutes=11)))
        assert await tending.run_once() == {FILL: 1}

    def test_is_nobodys_work_without_a_model(self) -> None:
        assert chores(NoEmbedder()) == ()
        assert handlings(NoEmbedder()) == {}
