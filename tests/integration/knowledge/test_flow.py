"""The way of a version to its readers, and what time does to articles."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from kis.identity import Principal, Role
from kis.knowledge.articles import Article, Status
from kis.knowledge.comments import Remark
from kis.knowledge.due import ARCHIVE_EXPIRED, PUBLISH_DUE
from kis.knowledge.errors import (
    ArticleNotFound,
    ArticleStatus,
    CommentNotFound,
    NothingToPublish,
    OwnWork,
    StaleArticle,
    VersionNotFound,
)
from kis.knowledge.rules import Rules
from kis.knowledge.texts import TextState
from kis.knowledge.writing import Draft, Save
from kis.platform.configuration import MailSettings
from kis.platform.errors import BadInput, Forbidden
from kis.platform.mail import TOPIC, MailHandler, SmtpSender, open_mailer
from kis.platform.outbox import Delivery
from kis.search import Language, Visibility
from tests.factories.knowledge import SECRET, Library, open_library, words_of
from tests.integration.conftest import Mailbox, MakePrincipal

KO = Language.KO


async def approved(library: Library, editor: Principal, reviewer: Principal) -> Article:
    article = await library.written(editor)
    await library.knowledge.submit(editor, article.id)
    return await library.knowledge.approve(reviewer, article.id)


class TestTheWay:
    async def test_to_the_readers(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.written(editor)
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(viewer, article.id)
        submitted = await library.knowledge.submit(editor, article.id, revision=1)
        assert submitted.status is Status.IN_REVIEW
        accepted = await library.knowledge.approve(reviewer, article.id, revision=2)
        assert (accepted.status, accepted.approved_by) == (Status.APPROVED, reviewer.actor)
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(viewer, article.id)
        published = await library.knowledge.publish(reviewer, article.id, revision=3)
        assert (published.status, published.revision) == (Status.PUBLISHED, 4)
        read = await library.knowledge.get(viewer, article.id)
        assert (read.version, read.desk, read.etag) == (1, None, '"4-p"')
        assert await library.found(viewer, article.id) == [("ko", "published", "차단기 선정")]
        assert await library.actions(article.id) == [
            "article.created",
            "article.submitted",
            "article.approved",
            "article.published",
        ]

    async def test_readers_keep_what_is_published_while_a_newer_version_is_on_its_way(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        await library.knowledge.save(editor, article.id, Save(texts={KO: words_of("둘째 판")}))
        assert (await library.knowledge.get(viewer, article.id)).texts[KO].words.title == "차단기 선정"
        assert (await library.knowledge.get(editor, article.id)).texts[KO].words.title == "둘째 판"
        old = await library.knowledge.get(editor, article.id, published=True)
        assert (old.version, old.desk) == (1, None)
        assert await library.found(viewer, article.id) == [("ko", "published", "차단기 선정")]
        assert await library.found(editor, article.id) == [
            ("ko", "published", "차단기 선정"),
            ("ko", "draft", "둘째 판"),
        ]
        await library.passed(article, editor, reviewer)
        assert (await library.knowledge.get(viewer, article.id)).version == 2
        assert await library.found(editor, article.id) == [("ko", "published", "둘째 판")]

    async def test_drafts_of_versions_stay_with_those_who_write(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        await library.knowledge.save(editor, article.id, Save(texts={KO: words_of("둘째 판")}))
        statement = "SELECT number FROM knowledge.article_versions WHERE article_id = :id ORDER BY number"
        from sqlalchemy import text

        async with library.means.database.transaction(viewer.scope) as session:
            assert (await session.scalars(text(statement), {"id": article.id})).all() == [1]
        async with library.means.database.transaction(editor.scope) as session:
            assert (await session.scalars(text(statement), {"id": article.id})).all() == [1, 2]

    async def test_a_save_takes_a_version_out_of_review(
        self, library: Library, editor: Principal, reviewer: Principal
    ) -> None:
        article = await approved(library, editor, reviewer)
        saved = await library.knowledge.save(editor, article.id, Save(texts={KO: words_of("다시")}))
        assert (saved.status, saved.approved_by) == (Status.DRAFT, None)
        with pytest.raises(ArticleStatus):
            await library.knowledge.publish(reviewer, article.id)

    async def test_archived_it_has_no_readers_and_comes_back_as_a_draft(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        await library.knowledge.archive(reviewer, article.id)
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(viewer, article.id)
        assert await library.found(viewer, article.id) == []
        assert await library.found(editor, article.id) == [("ko", "archived", "차단기 선정")]
        again = await library.knowledge.reinstate(reviewer, article.id)
        assert (again.status, again.published) == (Status.DRAFT, None)
        await library.passed(again, editor, reviewer)
        assert (await library.knowledge.get(viewer, article.id)).version == 1

    async def test_of_a_draft_in_every_language_ends_before_review(
        self, library: Library, editor: Principal
    ) -> None:
        article = await library.knowledge.create(
            editor, Draft(texts={KO: words_of()}, states={KO: TextState.DRAFT})
        )
        with pytest.raises(NothingToPublish):
            await library.knowledge.submit(editor, article.id)

    async def test_goes_step_by_step(self, library: Library, editor: Principal, reviewer: Principal) -> None:
        article = await library.written(editor)
        for act in (library.knowledge.approve, library.knowledge.publish, library.knowledge.reinstate):
            with pytest.raises(ArticleStatus) as refused:
                await act(reviewer, article.id)
            assert refused.value.status_code == 409
        with pytest.raises(ArticleStatus):
            await library.knowledge.withdraw(editor, article.id)
        await library.knowledge.submit(editor, article.id)
        assert (await library.knowledge.withdraw(editor, article.id)).status is Status.DRAFT

    async def test_by_a_revision_that_is_not_the_newest_no_step_is_taken(
        self, library: Library, editor: Principal, reviewer: Principal
    ) -> None:
        article = await library.written(editor)
        await library.knowledge.submit(editor, article.id)
        with pytest.raises(StaleArticle):
            await library.knowledge.approve(reviewer, article.id, revision=1)


class TestWho:
    async def test_writes_does_not_review(self, library: Library, editor: Principal) -> None:
        article = await library.written(editor)
        await library.knowledge.submit(editor, article.id)
        acts = (library.knowledge.approve, library.knowledge.publish, library.knowledge.archive)
        for act in (*acts, library.knowledge.give_back):
            with pytest.raises(Forbidden):
                await act(editor, article.id)

    async def test_reads_does_nothing_of_it(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        acts = (library.knowledge.submit, library.knowledge.archive, library.knowledge.delete)
        for act in acts:
            with pytest.raises(Forbidden):
                await act(viewer, article.id)

    async def test_wrote_it_does_not_approve_it_unless_the_organisation_says_otherwise(
        self, library: Library, principal: Principal
    ) -> None:
        article = await library.written(principal)
        await library.knowledge.submit(principal, article.id)
        with pytest.raises(OwnWork) as refused:
            await library.knowledge.approve(principal, article.id)
        assert refused.value.status_code == 403
        await library.knowledge.decide_rules(principal, Rules(author_may_review=True))
        assert (await library.knowledge.approve(principal, article.id)).status is Status.APPROVED

    async def test_had_a_hand_in_it_since_it_was_published_does_not_approve_it(
        self, library: Library, principal: Principal, editor: Principal, make_principal: MakePrincipal
    ) -> None:
        article = await library.written(principal)
        await library.knowledge.save(editor, article.id, Save(texts={KO: words_of("마지막 손질")}))
        await library.knowledge.submit(editor, article.id)
        with pytest.raises(OwnWork):
            await library.knowledge.approve(principal, article.id)
        another = await make_principal(Role.ADMIN)
        await library.knowledge.approve(another, article.id)
        await library.knowledge.publish(principal, article.id)
        # What was published is done: a version that is the editor's alone may be approved by who wrote before.
        await library.knowledge.save(editor, article.id, Save(texts={KO: words_of("둘째 판")}))
        await library.knowledge.submit(editor, article.id)
        assert (await library.knowledge.approve(principal, article.id)).status is Status.APPROVED


class TestSchedule:
    async def test_publishes_when_the_time_comes(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await approved(library, editor, reviewer)
        at = datetime.now(UTC) + timedelta(hours=1)
        scheduled = await library.knowledge.schedule(reviewer, article.id, at)
        assert (scheduled.status, scheduled.publish_at) == (Status.SCHEDULED, at)
        await library.chore("knowledge.due")
        await library.work(kinds=[PUBLISH_DUE])
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(viewer, article.id)
        await library.run(
            "UPDATE knowledge.articles SET publish_at = now() - interval '1 second' WHERE id = :id",
            id=article.id,
        )
        assert await library.chore("knowledge.due") >= 1
        await library.chore("knowledge.due")
        jobs = await library.rows("SELECT id FROM shared.jobs WHERE subject_id = :id", id=article.id)
        assert len(jobs) == 1, "one job, however often the chore looks"
        await library.work(kinds=[PUBLISH_DUE])
        assert (await library.knowledge.get(viewer, article.id)).version == 1
        assert await library.found(viewer, article.id) == [("ko", "published", "차단기 선정")]
        assert (await library.actions(article.id))[-1] == "article.published"
        actors = await library.rows(
            "SELECT actor FROM shared.audit_logs WHERE target = :target AND action = 'article.published'",
            target=f"article:{article.id}",
        )
        assert [row.actor for row in actors] == ["system"]

    async def test_is_given_up_by_a_save_or_on_request(
        self, library: Library, editor: Principal, reviewer: Principal
    ) -> None:
        article = await approved(library, editor, reviewer)
        at = datetime.now(UTC) + timedelta(hours=1)
        await library.knowledge.schedule(reviewer, article.id, at)
        assert (await library.knowledge.unschedule(reviewer, article.id)).status is Status.APPROVED
        await library.knowledge.schedule(reviewer, article.id, at)
        saved = await library.knowledge.save(editor, article.id, Save(texts={KO: words_of("다시")}))
        assert (saved.status, saved.publish_at) == (Status.DRAFT, None)

    @pytest.mark.parametrize("days", [-1, 731])
    async def test_is_a_time_to_come(
        self, library: Library, editor: Principal, reviewer: Principal, days: int
    ) -> None:
        article = await approved(library, editor, reviewer)
        with pytest.raises(BadInput):
            await library.knowledge.schedule(reviewer, article.id, datetime.now(UTC) + timedelta(days=days))

    async def test_does_nothing_to_what_was_changed_before_its_job_came(
        self, library: Library, editor: Principal, reviewer: Principal
    ) -> None:
        article = await approved(library, editor, reviewer)
        await library.knowledge.schedule(reviewer, article.id, datetime.now(UTC) + timedelta(hours=1))
        await library.run(
            "UPDATE knowledge.articles SET publish_at = now() - interval '1 second' WHERE id = :id",
            id=article.id,
        )
        await library.chore("knowledge.due")
        await library.knowledge.unschedule(reviewer, article.id)
        await library.work(kinds=[PUBLISH_DUE])
        shown = await library.knowledge.get(editor, article.id)
        assert shown.desk is not None
        assert shown.desk.status is Status.APPROVED

    async def test_waits_again_for_a_later_time(
        self, library: Library, editor: Principal, reviewer: Principal
    ) -> None:
        article = await approved(library, editor, reviewer)
        await library.knowledge.schedule(reviewer, article.id, datetime.now(UTC) + timedelta(hours=1))
        await library.run(
            "UPDATE knowledge.articles SET publish_at = now() - interval '1 second' WHERE id = :id",
            id=article.id,
        )
        await library.chore("knowledge.due")
        later = datetime.now(UTC) + timedelta(hours=2)
        await library.knowledge.schedule(reviewer, article.id, later)
        await library.work(kinds=[PUBLISH_DUE])
        shown = await library.knowledge.get(editor, article.id)
        assert shown.desk is not None
        assert (shown.desk.status, shown.desk.publish_at) == (Status.SCHEDULED, later)


class TestExpiry:
    async def test_hides_at_once_and_archives_soon(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        await library.knowledge.save(
            editor, article.id, Save(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        )
        with pytest.raises(ArticleNotFound):
            await library.knowledge.get(viewer, article.id)
        await library.chore("knowledge.due")
        await library.work(kinds=[ARCHIVE_EXPIRED])
        shown = await library.knowledge.get(editor, article.id)
        assert shown.desk is not None
        assert shown.desk.status is Status.ARCHIVED
        assert await library.found(viewer, article.id) == []
        assert (await library.actions(article.id))[-1] == "article.expired"
        again = await library.knowledge.reinstate(reviewer, article.id)
        assert again.expires_at is None


class TestReminding:
    async def test_mails_the_owner_once(
        self, app_database_url: str, tmp_path: object, smtp_server: Mailbox, editor: Principal
    ) -> None:
        from pathlib import Path

        settings = MailSettings(host=smtp_server.host, port=smtp_server.port, security="none")
        mailer = open_mailer(settings, SECRET)
        async with open_library(app_database_url, Path(str(tmp_path)), mailer=mailer) as library:
            soon = await library.written(editor, review_on=datetime.now(UTC).date() + timedelta(days=13))
            later = await library.written(editor, review_on=datetime.now(UTC).date() + timedelta(days=30))
            await library.chore("knowledge.remind")
            await library.chore("knowledge.remind")
            assert (await library.actions(soon.id)).count("article.review_due") == 1
            assert "article.review_due" not in await library.actions(later.id)
            shown = await library.knowledge.get(editor, soon.id)
            assert shown.revision == 1, "who is writing has nothing to begin again"
            waiting = await library.rows(
                "SELECT id, payload FROM shared.outbox WHERE organization_id = :id AND topic = :topic",
                id=editor.organization_id,
                topic=TOPIC,
            )
            assert len(waiting) == 1
            handler = MailHandler(SECRET, SmtpSender(settings))
            await handler(
                Delivery(waiting[0].id, TOPIC, waiting[0].payload, editor.organization_id, attempt=1)
            )
        (mail,) = smtp_server.messages
        (person,) = await _emails(library_url=app_database_url, person=editor)
        assert mail.rcpt_tos == [person]

    async def test_again_for_another_day(self, library: Library, editor: Principal) -> None:
        today = datetime.now(UTC).date()
        article = await library.written(editor, review_on=today)
        await library.chore("knowledge.remind")
        await library.knowledge.save(editor, article.id, Save(review_on=today + timedelta(days=1)))
        await library.chore("knowledge.remind")
        assert (await library.actions(article.id)).count("article.review_due") == 2

    async def test_mails_nobody_outside_the_organisation(
        self, app_database_url: str, tmp_path: object, editor: Principal, stranger: Principal
    ) -> None:
        from pathlib import Path

        mailer = open_mailer(MailSettings(host="localhost"), SECRET)
        async with open_library(app_database_url, Path(str(tmp_path)), mailer=mailer) as library:
            article = await library.written(editor, review_on=date(2020, 1, 1), owner=stranger.actor)
            await library.chore("knowledge.remind")
            told = await library.rows(
                "SELECT after FROM shared.audit_logs WHERE target = :target AND action = 'article.review_due'",
                target=f"article:{article.id}",
            )
            assert [row.after["mailed"] for row in told] == [False]


class TestComments:
    async def test_are_threads_until_somebody_resolves_them(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.written(editor)
        asked = await library.knowledge.comment(
            reviewer, article.id, Remark(body="근거가 무엇입니까?", language=KO, quoted="내용")
        )
        first = await library.knowledge.comment(
            editor, article.id, Remark(body="표준 5.3절입니다.", answers_id=asked.id)
        )
        await library.knowledge.comment(reviewer, article.id, Remark(body="고맙습니다.", answers_id=first.id))
        (thread,) = await library.knowledge.comments(editor, article.id)
        assert thread.comment.quoted == "내용"
        assert [answer.body for answer in thread.answers] == ["표준 5.3절입니다.", "고맙습니다."]
        resolved = await library.knowledge.resolve_comment(editor, article.id, asked.id)
        assert resolved.resolved_by == editor.actor
        assert await library.knowledge.comments(editor, article.id, open_only=True) == ()
        await library.knowledge.resolve_comment(editor, article.id, asked.id, resolved=False)
        assert len(await library.knowledge.comments(editor, article.id, open_only=True)) == 1
        shown = await library.knowledge.get(editor, article.id)
        assert shown.revision == 1, "who is writing has nothing to begin again"
        with pytest.raises(Forbidden):
            await library.knowledge.comments(viewer, article.id)

    async def test_come_with_a_return(self, library: Library, editor: Principal, reviewer: Principal) -> None:
        article = await library.written(editor)
        await library.knowledge.submit(editor, article.id)
        back = await library.knowledge.give_back(reviewer, article.id, reason="표가 빠졌습니다.")
        assert back.status is Status.DRAFT
        (thread,) = await library.knowledge.comments(editor, article.id)
        assert (thread.comment.body, thread.comment.written_by) == ("표가 빠졌습니다.", reviewer.actor)

    async def test_are_about_a_version_there_is(
        self, library: Library, editor: Principal, stranger: Principal
    ) -> None:
        article, another = await library.written(editor), await library.written(editor)
        elsewhere = await library.knowledge.comment(editor, another.id, Remark(body="다른 글"))
        with pytest.raises(VersionNotFound):
            await library.knowledge.comment(editor, article.id, Remark(body="x", version=2))
        with pytest.raises(CommentNotFound):
            await library.knowledge.comment(editor, article.id, Remark(body="x", answers_id=elsewhere.id))
        with pytest.raises(CommentNotFound):
            await library.knowledge.resolve_comment(editor, article.id, uuid4())
        with pytest.raises(BadInput):
            await library.knowledge.comment(editor, article.id, Remark(body=" "))
        with pytest.raises(ArticleNotFound):
            await library.knowledge.comments(stranger, article.id)

    async def test_about_an_article_for_other_roles_are_theirs(
        self, library: Library, principal: Principal, editor: Principal
    ) -> None:
        hidden = await library.written(principal, visibility=Visibility.ROLE, roles=("reviewer",))
        await library.knowledge.comment(principal, hidden.id, Remark(body="비밀"))
        with pytest.raises(ArticleNotFound):
            await library.knowledge.comments(editor, hidden.id)


async def _emails(*, library_url: str, person: Principal) -> list[str]:
    from sqlalchemy import text

    from kis.platform.database import Database

    database = Database(library_url, pool_size=1)
    try:
        async with database.service() as session:
            rows = await session.scalars(
                text("SELECT email FROM identity.users WHERE id = :id"), {"id": person.user_id}
            )
            return list(rows)
    finally:
        await database.close()
