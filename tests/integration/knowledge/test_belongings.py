"""What belongs to an article: other articles, files, opinions."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from kis.identity import Principal
from kis.knowledge.attachments import CLEAN, path_of
from kis.knowledge.errors import (
    ArticleNotFound,
    AttachmentNotFound,
    AttachmentRefused,
    AttachmentTooLarge,
    StaleArticle,
)
from kis.knowledge.feedback import reader_of
from kis.knowledge.wastebin import MOST_PURGED
from kis.knowledge.writing import Save
from kis.platform.errors import BadInput, Forbidden
from kis.search import Language, Visibility
from tests.factories.knowledge import SECRET, Library, open_library, words_of

KO = Language.KO
PDF = b"%PDF-1.7\n1 0 obj\n"


class TestRelated:
    async def test_stand_in_their_order_as_far_as_the_caller_may_read_them(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer, "주제")
        first = await library.written(editor, "가 아직")
        second = await library.published(editor, reviewer, "나 나옴")
        third = await library.published(editor, reviewer, "다 나옴")
        await library.knowledge.relate(editor, article.id, [third.id, first.id, second.id, third.id])

        async def shown(caller: Principal) -> list[str]:
            return [each.titles[KO] for each in await library.knowledge.related(caller, article.id)]

        assert await shown(editor) == ["다 나옴", "가 아직", "나 나옴"]
        assert await shown(viewer) == ["다 나옴", "나 나옴"]
        await library.knowledge.relate(editor, article.id, [second.id])
        assert await shown(viewer) == ["나 나옴"]

    async def test_are_articles_of_the_organisation(
        self, library: Library, editor: Principal, stranger: Principal
    ) -> None:
        article, theirs = await library.written(editor), await library.written(stranger)
        for others in ([theirs.id], [uuid4()]):
            with pytest.raises(ArticleNotFound):
                await library.knowledge.relate(editor, article.id, others)
        with pytest.raises(BadInput):
            await library.knowledge.relate(editor, article.id, [article.id])
        with pytest.raises(StaleArticle):
            await library.knowledge.relate(editor, article.id, [], revision=7)


class TestAttachments:
    async def test_are_fetched_by_whoever_reads_the_article(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal, stranger: Principal
    ) -> None:
        article = await library.written(editor)
        made = await library.knowledge.attach(editor, article.id, "폴더/설명서.pdf", PDF, revision=1)
        assert (made.name, made.media_type, made.size_bytes) == ("설명서.pdf", "application/pdf", len(PDF))
        assert made.sha256 == hashlib.sha256(PDF).hexdigest()
        with pytest.raises(ArticleNotFound):
            await library.knowledge.attachments(viewer, article.id)
        await library.passed(article, editor, reviewer)
        (linked,) = await library.knowledge.attachments(viewer, article.id)
        link = library.means.storage.opened(linked.signed_url.rsplit("/", 1)[1])
        assert (link.filename, link.media_type) == ("설명서.pdf", "application/pdf")
        assert await library.means.storage.get(link.path) == PDF
        with pytest.raises(ArticleNotFound):
            await library.knowledge.attachments(stranger, article.id)

    async def test_follow_the_article_to_its_readers(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        await library.knowledge.attach(editor, article.id, "a.pdf", PDF)

        async def rows_of(caller: Principal) -> int:
            async with library.means.database.transaction(caller.scope) as session:
                counted = await session.scalar(
                    text("SELECT count(*) FROM knowledge.attachments WHERE article_id = :id"),
                    {"id": article.id},
                )
                return int(counted or 0)

        assert await rows_of(viewer) == 1
        await library.knowledge.archive(reviewer, article.id)
        assert (await rows_of(viewer), await rows_of(editor)) == (0, 1)

    async def test_are_bounded_and_checked(
        self, app_database_url: str, tmp_path: Path, editor: Principal, viewer: Principal
    ) -> None:
        async with open_library(app_database_url, tmp_path, largest_upload_bytes=2048) as library:
            article = await library.written(editor)
            with pytest.raises(AttachmentTooLarge):
                await library.knowledge.attach(editor, article.id, "a.pdf", PDF + b" " * 2048)
            with pytest.raises(AttachmentRefused):
                await library.knowledge.attach(editor, article.id, "a.html", b"<script>")
            with pytest.raises(BadInput):
                await library.knowledge.attach(editor, article.id, "x" * 201 + ".pdf", PDF)
            with pytest.raises(Forbidden):
                await library.knowledge.attach(viewer, article.id, "a.pdf", PDF)
            with pytest.raises(StaleArticle):
                await library.knowledge.attach(editor, article.id, "a.pdf", PDF, revision=9)
            assert await library.knowledge.attachments(editor, article.id) == ()

    async def test_lie_once_and_go_with_the_last_that_has_them(
        self, library: Library, editor: Principal
    ) -> None:
        article = await library.written(editor)
        first = await library.knowledge.attach(editor, article.id, "a.pdf", PDF)
        second = await library.knowledge.attach(editor, article.id, "b.pdf", PDF)
        path = path_of(editor.organization_id, first.sha256)
        await library.knowledge.detach(editor, article.id, first.id)
        await library.work(kinds=[CLEAN])
        assert await library.means.storage.head(path) is not None
        await library.knowledge.detach(editor, article.id, second.id)
        with pytest.raises(AttachmentNotFound):
            await library.knowledge.detach(editor, article.id, second.id)
        await library.work(kinds=[CLEAN])
        assert await library.means.storage.head(path) is None

    async def test_put_while_the_same_is_cleaned_is_kept(
        self, library: Library, editor: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        article = await library.written(editor)
        path = path_of(editor.organization_id, hashlib.sha256(PDF).hexdigest())
        storage, put = library.means.storage, library.means.storage.put
        puts: list[str] = []

        async def put_and_lose(where: str, data: bytes, *, media_type: str) -> object:
            stored = await put(where, data, media_type=media_type)
            if not puts:
                await storage.delete(where)  # as the cleaning does that has seen no attachment yet
            puts.append(where)
            return stored

        monkeypatch.setattr(storage, "put", put_and_lose)
        await library.knowledge.attach(editor, article.id, "a.pdf", PDF)
        assert puts == [path, path]
        assert await storage.get(path) == PDF


class TestFeedback:
    async def test_is_one_opinion_a_reader(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal, stranger: Principal
    ) -> None:
        article = await library.published(editor, reviewer, visibility=Visibility.PUBLIC)
        await library.knowledge.give_feedback(
            viewer, article.id, is_helpful=False, comment="짧다", language=KO
        )
        await library.knowledge.give_feedback(viewer, article.id, is_helpful=True, comment="좋아졌다")
        await library.knowledge.give_feedback(stranger, article.id, is_helpful=False)
        shown = await library.knowledge.get(viewer, article.id)
        assert (shown.helpful, shown.unhelpful) == (1, 1)
        said = await library.knowledge.feedback(editor, article.id)
        assert [(each.is_helpful, each.comment, each.version) for each in said.items] == [
            (True, "좋아졌다", 1)
        ]
        await library.knowledge.take_back_feedback(viewer, article.id)
        shown = await library.knowledge.get(viewer, article.id)
        assert (shown.helpful, shown.unhelpful) == (0, 1)
        with pytest.raises(Forbidden):
            await library.knowledge.feedback(viewer, article.id)

    async def test_holds_nobody_by_name(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        await library.knowledge.give_feedback(viewer, article.id, is_helpful=True)
        (row,) = await library.rows(
            "SELECT reader FROM knowledge.feedback WHERE article_id = :id", id=article.id
        )
        assert row.reader == reader_of(SECRET, viewer.actor)
        assert str(viewer.user_id) not in row.reader
        assert reader_of(b"another secret of the tests, as long", viewer.actor) != row.reader

    async def test_is_about_what_one_can_read(
        self, library: Library, editor: Principal, viewer: Principal
    ) -> None:
        article = await library.written(editor)
        for caller in (viewer, editor):
            with pytest.raises(ArticleNotFound):
                await library.knowledge.give_feedback(caller, article.id, is_helpful=True)


class TestBin:
    async def test_holds_what_was_deleted_until_it_is_fetched_back(
        self,
        library: Library,
        editor: Principal,
        reviewer: Principal,
        principal: Principal,
        viewer: Principal,
    ) -> None:
        article = await library.published(editor, reviewer, slug="kept")
        with pytest.raises(Forbidden):
            await library.knowledge.delete(editor, article.id)
        await library.knowledge.delete(principal, article.id, revision=article.revision)
        for caller in (viewer, editor, principal):
            with pytest.raises(ArticleNotFound):
                await library.knowledge.get(caller, article.id)
            assert await library.found(caller, article.id) == []
        held = await library.knowledge.bin(principal)
        assert [(each.id, each.titles[KO], each.deleted_by) for each in held.items] == [
            (article.id, "차단기 선정", principal.actor)
        ]
        assert held.items[0].goes_at - held.items[0].deleted_at == timedelta(days=30)
        back = await library.knowledge.fetch_back(principal, article.id)
        assert back.deleted_at is None
        assert (await library.knowledge.get(viewer, "kept")).version == 1
        assert await library.found(viewer, article.id) == [("ko", "published", "차단기 선정")]

    async def test_gives_its_slug_free(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        article = await library.written(editor, slug="same")
        await library.knowledge.delete(editor, article.id)
        await library.written(editor, slug="same")
        from kis.knowledge.errors import SlugTaken

        with pytest.raises(SlugTaken):
            await library.knowledge.fetch_back(principal, article.id)
        assert (await library.knowledge.fetch_back(principal, article.id, slug="other")).slug == "other"

    async def test_is_for_administrators(
        self, library: Library, editor: Principal, stranger: Principal
    ) -> None:
        article = await library.written(editor)
        await library.knowledge.delete(editor, article.id)
        for act in (library.knowledge.fetch_back, library.knowledge.purge):
            with pytest.raises(Forbidden):
                await act(editor, article.id)
            with pytest.raises(ArticleNotFound):
                await act(stranger, article.id)
        with pytest.raises(Forbidden):
            await library.knowledge.bin(editor)
        assert (await library.knowledge.bin(stranger)).total == 0

    async def test_is_emptied_by_time_with_all_that_belongs_to_an_article(
        self,
        library: Library,
        editor: Principal,
        viewer: Principal,
        reviewer: Principal,
        principal: Principal,
    ) -> None:
        old, young = await library.published(editor, reviewer), await library.written(editor)
        linked = await library.knowledge.attach(editor, old.id, "a.pdf", PDF)
        await library.knowledge.give_feedback(viewer, old.id, is_helpful=True)
        for article in (old, young):
            await library.knowledge.delete(principal, article.id)
        await library.run(
            "UPDATE knowledge.articles SET deleted_at = now() - interval '31 days' WHERE id = :id", id=old.id
        )
        assert 1 <= await library.chore("knowledge.bin") <= MOST_PURGED
        held = await library.knowledge.bin(principal)
        assert [each.id for each in held.items] == [young.id]
        for table in ("article_versions", "attachments", "feedback"):
            statement = f"SELECT 1 FROM knowledge.{table} WHERE article_id = :id"  # noqa: S608 - our own words
            assert await library.rows(statement, id=old.id) == []
        await library.work(kinds=[CLEAN])
        path = path_of(editor.organization_id, linked.sha256)
        assert await library.means.storage.head(path) is None
        assert (await library.actions(old.id))[-1] == "article.purged"

    async def test_is_emptied_by_hand(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        article = await library.written(editor)
        with pytest.raises(ArticleNotFound):
            await library.knowledge.purge(principal, article.id)
        await library.knowledge.delete(editor, article.id)
        await library.knowledge.purge(principal, article.id)
        assert (await library.knowledge.bin(principal)).total == 0

    async def test_unschedules(
        self, library: Library, editor: Principal, reviewer: Principal, principal: Principal
    ) -> None:
        article = await library.written(editor)
        await library.knowledge.submit(editor, article.id)
        await library.knowledge.approve(reviewer, article.id)
        await library.knowledge.schedule(reviewer, article.id, datetime.now(UTC) + timedelta(days=1))
        await library.knowledge.delete(editor, article.id)
        back = await library.knowledge.fetch_back(principal, article.id)
        assert (back.status.value, back.publish_at) == ("approved", None)
        saved = await library.knowledge.save(editor, article.id, Save(texts={KO: words_of("다시")}))
        assert saved.current.number == 2
