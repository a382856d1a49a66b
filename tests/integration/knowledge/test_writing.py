"""Writing articles: versions, languages, conflicts, places, and what the search is told in the same transaction."""

import asyncio
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from kis.identity import Principal, Role
from kis.knowledge.articles import ArticleType, Place, Status
from kis.knowledge.errors import (
    ArticleNotFound,
    ArticleStatus,
    CategoryNotFound,
    NoTranslator,
    OwnWork,
    SlugTaken,
    StaleArticle,
)
from kis.knowledge.rules import Rules
from kis.knowledge.texts import TextState
from kis.knowledge.writing import Draft, Save
from kis.platform.errors import BadInput, Forbidden
from kis.search import Language, Visibility
from tests.factories.knowledge import Library, ShoutingTranslator, draft_of, open_library, words_of
from tests.integration.conftest import MakePrincipal

KO, EN = Language.KO, Language.EN


class TestCreate:
    async def test_begins_with_a_draft(self, library: Library, editor: Principal) -> None:
        made = await library.knowledge.create(
            editor, draft_of(english="Choosing a breaker", type=ArticleType.GUIDE, metadata={"level": "2"})
        )
        shown = await library.knowledge.get(editor, made.id)
        assert (shown.slug, shown.version, shown.revision, shown.etag) == ("choosing-a-breaker", 1, 1, '"1"')
        assert (shown.type, shown.metadata, shown.author) == (ArticleType.GUIDE, {"level": "2"}, "editor")
        assert shown.states == {KO: TextState.CURRENT, EN: TextState.CURRENT}
        assert shown.desk is not None
        assert (shown.desk.status, shown.desk.owner) == (Status.DRAFT, editor.actor)
        assert await library.actions(made.id) == ["article.created"]

    async def test_needs_the_right_to_write(
        self, library: Library, viewer: Principal, reviewer: Principal
    ) -> None:
        for caller in (viewer, reviewer):
            with pytest.raises(Forbidden):
                await library.written(caller)

    async def test_names_every_problem_at_once(self, library: Library, editor: Principal) -> None:
        given = Draft(
            texts={KO: words_of(" ")},
            place=Place(slug="A b", roles=("chief",), owner="somebody"),
            note="x" * 501,
        )
        with pytest.raises(BadInput) as refused:
            await library.knowledge.create(editor, given)
        assert [problem.path for problem in refused.value.problems] == [
            "texts.ko.title",
            "slug",
            "roles",
            "roles[0]",
            "owner",
            "note",
        ]

    async def test_finds_a_free_slug_of_its_own_and_takes_none_that_was_named(
        self, library: Library, editor: Principal
    ) -> None:
        slugs = [(await library.written(editor)).slug for _ in range(3)]
        assert slugs == ["차단기-선정", "차단기-선정-2", "차단기-선정-3"]
        with pytest.raises(SlugTaken):
            await library.written(editor, slug="차단기-선정-2")

    async def test_finds_a_free_slug_beside_articles_it_may_not_know_of(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        hidden = await library.written(principal, visibility=Visibility.ROLE, roles=("viewer",))
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(editor, hidden.id)
        assert (await library.written(editor)).slug == f"{hidden.slug}-2"

    async def test_hangs_on_a_category_there_is(self, library: Library, editor: Principal) -> None:
        with pytest.raises(CategoryNotFound):
            await library.written(editor, category_id=uuid4())

    async def test_is_found_by_those_who_write_when_it_is_there(
        self, library: Library, editor: Principal, viewer: Principal
    ) -> None:
        made = await library.written(editor)
        assert await library.found(editor, made.id) == [("ko", "draft", "차단기 선정")]
        assert await library.found(viewer, made.id) == []

    async def test_leaves_nothing_where_the_index_cannot_be_written(
        self, library: Library, editor: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(*_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr(library.engine, "put", broken)
        with pytest.raises(RuntimeError):
            await library.written(editor, slug="broken")
        assert await library.rows("SELECT 1 FROM knowledge.articles WHERE slug = 'broken'") == []


class TestSave:
    async def test_every_save_is_a_version(self, library: Library, editor: Principal) -> None:
        made = await library.knowledge.create(editor, draft_of(english="Choosing"))
        saved = await library.knowledge.save(
            editor, made.id, Save(texts={KO: words_of("새 제목")}, note="고침"), revision=1
        )
        assert (saved.current.number, saved.revision, saved.current.note) == (2, 2, "고침")
        shown = await library.knowledge.get(editor, made.id)
        assert shown.texts[KO].words.title == "새 제목"
        assert shown.states == {KO: TextState.CURRENT, EN: TextState.OUT_OF_DATE}
        assert await library.actions(made.id) == ["article.created", "article.saved"]
        assert await library.found(editor, made.id) == [
            ("ko", "draft", "새 제목"),
            ("en", "draft", "Choosing"),
        ]

    async def test_the_same_again_is_no_change(self, library: Library, editor: Principal) -> None:
        made = await library.written(editor)
        again = await library.knowledge.save(editor, made.id, Save(texts={KO: words_of()}))
        assert (again.current.number, again.revision) == (1, 1)
        assert await library.actions(made.id) == ["article.created"]

    async def test_a_place_holds_at_once_and_makes_no_version(
        self, library: Library, editor: Principal
    ) -> None:
        made = await library.written(editor)
        puts = len(library.engine.puts)
        moved = await library.knowledge.save(
            editor, made.id, Save(review_on=date(2027, 1, 1), owner=f"user:{uuid4()}")
        )
        assert (moved.current.number, moved.revision, moved.review_on) == (1, 2, date(2027, 1, 1))
        assert len(library.engine.puts) == puts, "nothing of it is searched"
        renamed = await library.knowledge.save(editor, made.id, Save(slug="renamed", type=ArticleType.FAQ))
        assert (renamed.current.number, renamed.revision) == (1, 3)
        assert len(library.engine.puts) == puts + 1

    async def test_a_stale_save_is_told_both_versions(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        made = await library.written(editor)
        await library.knowledge.save(principal, made.id, Save(texts={KO: words_of("그쪽")}), revision=1)
        with pytest.raises(StaleArticle) as stale:
            await library.knowledge.save(editor, made.id, Save(texts={KO: words_of("이쪽")}), revision=1)
        meta = stale.value.meta
        assert (stale.value.status_code, meta["givenRevision"], meta["revision"]) == (409, 1, 2)
        yours, theirs = meta["yours"], meta["theirs"]
        assert isinstance(yours, dict)
        assert isinstance(theirs, dict)
        assert yours["texts"]["ko"]["title"] == "이쪽"
        assert (theirs["texts"]["ko"]["title"], theirs["version"]) == ("그쪽", 2)
        assert (await library.knowledge.get(editor, made.id)).texts[KO].words.title == "그쪽"

    async def test_saves_at_one_moment_lose_nothing(self, library: Library, editor: Principal) -> None:
        made = await library.written(editor)
        titles = [f"제목 {number}" for number in range(4)]
        saves = [
            library.knowledge.save(editor, made.id, Save(texts={KO: words_of(title)})) for title in titles
        ]
        saved = await asyncio.gather(*saves)
        assert sorted(each.current.number for each in saved) == [2, 3, 4, 5]
        kept = await library.rows(
            "SELECT texts #>> '{ko,title}' AS title FROM knowledge.article_versions WHERE article_id = :id",
            id=made.id,
        )
        assert {row.title for row in kept} == {"차단기 선정", *titles}

    async def test_of_saves_with_one_revision_one_is_kept(self, library: Library, editor: Principal) -> None:
        made = await library.written(editor)
        saves = [
            library.knowledge.save(editor, made.id, Save(texts={KO: words_of(f"제목 {number}")}), revision=1)
            for number in range(4)
        ]
        outcomes = await asyncio.gather(*saves, return_exceptions=True)
        assert sum(isinstance(outcome, StaleArticle) for outcome in outcomes) == 3

    async def test_takes_a_language_away_and_not_the_last(self, library: Library, editor: Principal) -> None:
        made = await library.knowledge.create(editor, draft_of(english="Choosing"))
        await library.knowledge.save(editor, made.id, Save(texts={EN: None}))
        assert await library.found(editor, made.id) == [("ko", "draft", "차단기 선정")]
        with pytest.raises(BadInput):
            await library.knowledge.save(editor, made.id, Save(texts={KO: None}))

    async def test_another_organisation_finds_nothing_to_save(
        self, library: Library, editor: Principal, reviewer: Principal, stranger: Principal
    ) -> None:
        made = await library.published(editor, reviewer, visibility=Visibility.PUBLIC)
        assert (await library.knowledge.get(stranger, made.id)).is_own is False
        with pytest.raises(ArticleNotFound):
            await library.knowledge.save(stranger, made.id, Save(texts={KO: words_of("내 것")}))

    async def test_not_what_is_archived(
        self, library: Library, editor: Principal, reviewer: Principal
    ) -> None:
        made = await library.published(editor, reviewer)
        await library.knowledge.archive(reviewer, made.id)
        with pytest.raises(ArticleStatus):
            await library.knowledge.save(editor, made.id, Save(texts={KO: words_of("새")}))


class TestReaders:
    async def test_by_role_the_writer_is_always_among_them(
        self, library: Library, editor: Principal, viewer: Principal, make_principal: MakePrincipal
    ) -> None:
        made = await library.written(editor, visibility=Visibility.ROLE, roles=("reviewer", "estimator"))
        assert made.roles == ("editor", "estimator", "reviewer")
        estimator, reviewer = await make_principal(Role.ESTIMATOR), await make_principal(Role.REVIEWER)
        await library.passed(made, editor, reviewer)
        for caller in (editor, reviewer, estimator):
            assert (await library.knowledge.get(caller, made.id, published=True)).id == made.id
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(viewer, made.id)
        assert await library.found(viewer, made.id) == []
        assert len(await library.found(estimator, made.id)) == 1

    async def test_who_reads_what_is_published_is_for_those_who_publish(
        self,
        library: Library,
        editor: Principal,
        principal: Principal,
        reviewer: Principal,
        stranger: Principal,
    ) -> None:
        made = await library.published(editor, reviewer)
        with pytest.raises(Forbidden):
            await library.knowledge.save(editor, made.id, Save(visibility=Visibility.PUBLIC))
        await library.knowledge.save(principal, made.id, Save(visibility=Visibility.PUBLIC))
        assert (await library.knowledge.get(stranger, made.id)).version == 1
        assert len(await library.found(stranger, made.id)) == 1
        await library.knowledge.save(principal, made.id, Save(visibility=Visibility.ROLE))
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(stranger, made.id)
        assert await library.found(stranger, made.id) == []
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(editor, made.id)

    async def test_versions_follow(
        self, library: Library, editor: Principal, principal: Principal, reviewer: Principal
    ) -> None:
        made = await library.published(editor, reviewer)
        await library.knowledge.save(editor, made.id, Save(texts={KO: words_of("다음")}))
        await library.knowledge.save(principal, made.id, Save(visibility=Visibility.PUBLIC))
        rows = await library.rows(
            "SELECT v.number, a.visibility, a.is_published FROM knowledge.article_versions AS v "
            "JOIN knowledge.audiences AS a ON a.id = v.audience_id WHERE v.article_id = :id ORDER BY v.number",
            id=made.id,
        )
        assert [tuple(row) for row in rows] == [(1, "public", True), (2, "public", False)]


class TestPublishing:
    async def test_at_once_is_for_who_may_review_their_own(
        self, library: Library, principal: Principal, viewer: Principal
    ) -> None:
        with pytest.raises(OwnWork):
            await library.knowledge.create(principal, draft_of(), publish=True)
        await library.knowledge.decide_rules(principal, Rules(author_may_review=True))
        made = await library.knowledge.create(principal, draft_of(), publish=True)
        assert (await library.knowledge.get(viewer, made.id)).version == 1
        await library.knowledge.save(principal, made.id, Save(texts={KO: words_of("새")}), publish=True)
        assert (await library.knowledge.get(viewer, made.id)).texts[KO].words.title == "새"
        assert await library.found(viewer, made.id) == [("ko", "published", "새")]


class TestTranslate:
    async def test_needs_a_translator(self, library: Library, editor: Principal) -> None:
        made = await library.written(editor)
        with pytest.raises(NoTranslator):
            await library.knowledge.translate(editor, made.id, EN)

    async def test_gives_a_draft_that_readers_do_not_see(
        self,
        app_database_url: str,
        tmp_path: object,
        editor: Principal,
        reviewer: Principal,
        viewer: Principal,
    ) -> None:
        from pathlib import Path

        translator = ShoutingTranslator()
        async with open_library(app_database_url, Path(str(tmp_path)), translator=translator) as library:
            made = await library.knowledge.create(editor, Draft(texts={KO: words_of("mccb 선정")}))
            assert translator.asked == []
            await library.knowledge.translate(editor, made.id, EN)
            assert translator.asked == [(KO, EN)]
            shown = await library.knowledge.get(editor, made.id)
            assert shown.texts[EN].words.title == "en MCCB 선정"
            assert shown.states == {KO: TextState.CURRENT, EN: TextState.DRAFT}
            await library.passed(made, editor, reviewer)
            read = await library.knowledge.get(viewer, made.id)
            assert list(read.texts) == [KO]
            assert [found[0] for found in await library.found(viewer, made.id)] == ["ko"]
            listed = await library.knowledge.list(viewer, conditions=[("language", "en")])
            assert listed.total == 0


class TestVersions:
    async def test_are_listed_and_read_by_those_who_write(
        self, library: Library, editor: Principal, viewer: Principal, stranger: Principal
    ) -> None:
        made = await library.written(editor)
        await library.knowledge.save(editor, made.id, Save(texts={KO: words_of("둘째")}))
        listed = await library.knowledge.versions(editor, made.id)
        assert [(each.number, each.titles[KO], each.is_current) for each in listed.items] == [
            (2, "둘째", True),
            (1, "차단기 선정", False),
        ]
        assert (await library.knowledge.version(editor, made.id, 1)).texts[KO].words == words_of()
        with pytest.raises(Forbidden):
            await library.knowledge.versions(viewer, made.id)
        with pytest.raises(ArticleNotFound):
            await library.knowledge.version(stranger, made.id, 1)

    async def test_are_compared(self, library: Library, editor: Principal) -> None:
        made = await library.written(editor)
        await library.knowledge.save(editor, made.id, Save(texts={KO: words_of("둘째", body="가\n나")}))
        found = await library.knowledge.diff(editor, made.id, 1, 2)
        assert [(each.language, each.field) for each in found] == [(KO, "title"), (KO, "body")]
        assert found[0].hunks[0].lines == ("-차단기 선정", "+둘째")

    async def test_an_old_one_is_saved_again(self, library: Library, editor: Principal) -> None:
        made = await library.written(editor)
        await library.knowledge.save(editor, made.id, Save(texts={KO: words_of("둘째")}, metadata={"k": "v"}))
        again = await library.knowledge.restore_version(editor, made.id, 1, revision=2)
        assert (again.current.number, again.current.texts[KO].words.title) == (3, "차단기 선정")
        assert again.current.metadata == {}
        assert await library.found(editor, made.id) == [("ko", "draft", "차단기 선정")]
        with pytest.raises(StaleArticle):
            await library.knowledge.restore_version(editor, made.id, 2, revision=2)

    async def test_what_was_saved_is_never_changed(self, library: Library, editor: Principal) -> None:
        made = await library.written(editor)
        with pytest.raises(Exception, match="is not changed"):
            await library.run(
                "UPDATE knowledge.article_versions SET texts = '{}' WHERE article_id = :id", id=made.id
            )


class TestTimes:
    async def test_are_in_utc(self, library: Library, editor: Principal) -> None:
        expires_at = datetime(2027, 1, 1, tzinfo=UTC)
        made = await library.written(editor, expires_at=expires_at)
        shown = await library.knowledge.get(editor, made.id)
        assert shown.expires_at == expires_at
        assert shown.saved_at.utcoffset() == datetime.now(UTC).utcoffset()
