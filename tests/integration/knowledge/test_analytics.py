"""The analytics over a real database: what is counted, for whom, and what nobody learns."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from kis.identity import Principal, Role
from kis.knowledge.analytics.charts import Chart
from kis.knowledge.analytics.drawing import ChartForm
from kis.knowledge.analytics.service import Analytics
from kis.knowledge.analytics.things import Concern, Failure, Figures, Listed, Period
from kis.knowledge.rules import Rules
from kis.knowledge.writing import Save
from kis.platform.errors import Forbidden
from kis.search import Language, Source, Visibility
from tests.factories.knowledge import Library, draft_of, words_of
from tests.integration.conftest import MakePrincipal

DAY = date(2026, 11, 10)
PERIOD = Period(date(2026, 11, 1), date(2026, 11, 10))
"""Ten days; the ten before them begin on 22 October."""


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
async def analytics(library: Library) -> AsyncIterator[Analytics]:
    opened = Analytics(library.means.database)
    yield opened
    await opened.close()


async def searched(
    library: Library,
    caller: Principal,
    query: str,
    *,
    hits: int = 3,
    session: str = "one",
    day: date = DAY,
    hour: int = 12,
    milliseconds: float = 10.0,
    clicks: tuple[dict[str, Any], ...] = (),
    filters: dict[str, Any] | None = None,
    language: str = "ko",
    corrected: str = "",
) -> None:
    """Put a search into the log as it was noted then."""
    await library.run(
        "INSERT INTO knowledge.search_log (id, organization_id, session, query, corrected, filters, language, hits, milliseconds, clicks, created_at) "
        "VALUES (:id, :organization, :session, :query, :corrected, CAST(:filters AS jsonb), :language, :hits, :milliseconds, CAST(:clicks AS jsonb), :at)",
        id=uuid4(),
        organization=caller.organization_id,
        session=session,
        query=query,
        corrected=corrected,
        filters=orjson.dumps(filters or {}).decode(),
        language=language,
        hits=hits,
        milliseconds=milliseconds,
        clicks=orjson.dumps(clicks).decode(),
        at=at(day, hour),
    )


def click(place: int, article_id: UUID | None = None) -> dict[str, Any]:
    return {
        "source": "article",
        "id": str(article_id or uuid4()),
        "place": place,
        "at": "2026-11-10T12:00:00Z",
    }


async def viewed(library: Library, caller: Principal, article_id: UUID, views: int, **more: Any) -> None:
    """Put readings into the counts."""
    await library.run(
        "INSERT INTO knowledge.article_views (article_id, organization_id, day, language, views) VALUES (:article, :organization, :day, :language, :views)",
        **{"article": article_id, "organization": caller.organization_id, "day": DAY, "language": "ko", "views": views, **more},
    )  # fmt: skip


async def aged(library: Library, article_id: UUID, day: date) -> None:
    """Give readers a version that was saved on a day."""
    await library.run(
        "INSERT INTO knowledge.article_versions SELECT article_id, 2, organization_id, audience_id, texts, details, note, saved_by, :at "
        "FROM knowledge.article_versions WHERE article_id = :id",
        id=article_id,
        at=at(day),
    )
    await library.run(
        "UPDATE knowledge.articles SET current_version = 2, published_version = 2 WHERE id = :id",
        id=article_id,
    )


class TestReading:
    async def test_counts_for_the_day_the_language_and_the_article(
        self,
        library: Library,
        analytics: Analytics,
        editor: Principal,
        reviewer: Principal,
        viewer: Principal,
    ) -> None:
        article = await library.published(editor, reviewer)
        shown = await library.knowledge.get(viewer, article.id)
        before = await library.rows("SELECT updated_at FROM knowledge.articles WHERE id = :id", id=article.id)

        analytics.note_reading(viewer, shown, Language.EN)  # there is no English text: it is read in Korean
        await analytics.store()

        rows = await library.rows(
            "SELECT language, day, views FROM knowledge.article_views WHERE article_id = :id", id=article.id
        )
        assert [tuple(row) for row in rows] == [("ko", datetime.now(UTC).date(), 1)]
        after = await library.rows(
            "SELECT updated_at, views FROM knowledge.articles WHERE id = :id", id=article.id
        )
        assert (after[0].updated_at, after[0].views) == (before[0].updated_at, 1)

    async def test_adds_to_what_was_counted_before(
        self,
        library: Library,
        analytics: Analytics,
        editor: Principal,
        reviewer: Principal,
        make_principal: MakePrincipal,
    ) -> None:
        article = await library.published(editor, reviewer)
        for _ in range(3):
            reader = await make_principal(Role.VIEWER)
            analytics.note_reading(reader, await library.knowledge.get(reader, article.id), Language.KO)
            await analytics.store()

        rows = await library.rows(
            "SELECT views FROM knowledge.article_views WHERE article_id = :id", id=article.id
        )
        assert [row.views for row in rows] == [3]

    async def test_of_those_who_write_and_review_does_not_count(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        for caller in (editor, reviewer):
            for published in (False, True):
                shown = await library.knowledge.get(caller, article.id, published=published)
                analytics.note_reading(caller, shown, Language.KO)
        await analytics.store()

        assert (
            await library.rows("SELECT 1 FROM knowledge.article_views WHERE article_id = :id", id=article.id)
            == []
        )

    async def test_counts_for_the_organisation_of_the_reader(
        self,
        library: Library,
        analytics: Analytics,
        editor: Principal,
        reviewer: Principal,
        stranger: Principal,
    ) -> None:
        article = await library.published(editor, reviewer, visibility=Visibility.PUBLIC)
        analytics.note_reading(stranger, await library.knowledge.get(stranger, article.id), Language.KO)
        await analytics.store()
        today = Period.of(None, None)

        assert (await analytics.articles(editor, today)).items == []
        (theirs,) = (await analytics.articles(stranger, today)).items
        assert (theirs.id, theirs.is_own, theirs.views, theirs.titles) == (
            article.id, False, 1, {Language.KO: "차단기 선정"},
        )  # fmt: skip

    async def test_is_stored_when_it_closes_and_not_counted_after(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        shown = await library.knowledge.get(viewer, article.id)
        analytics = Analytics(library.means.database)
        analytics.note_reading(viewer, shown, Language.KO)
        await analytics.close()
        analytics.note_reading(editor, shown, Language.KO)
        await analytics.store()

        rows = await library.rows(
            "SELECT views FROM knowledge.article_views WHERE article_id = :id", id=article.id
        )
        assert [row.views for row in rows] == [1]

    async def test_of_an_article_that_is_gone_is_forgotten_and_the_others_are_kept(
        self,
        library: Library,
        analytics: Analytics,
        editor: Principal,
        reviewer: Principal,
        viewer: Principal,
    ) -> None:
        gone, kept = [await library.published(editor, reviewer, title) for title in ("하나", "둘")]
        for article in (gone, kept):
            analytics.note_reading(viewer, await library.knowledge.get(viewer, article.id), Language.KO)
        await library.run("DELETE FROM knowledge.articles WHERE id = :id", id=gone.id)
        await analytics.store()

        rows = await library.rows(
            "SELECT views FROM knowledge.article_views WHERE article_id = :id", id=kept.id
        )
        assert [row.views for row in rows] == [1]


class TestOverview:
    async def test_tells_a_period_and_the_one_before_it(
        self, library: Library, analytics: Analytics, editor: Principal
    ) -> None:
        for milliseconds in (10, 20, 30, 40):
            await searched(
                library, editor, "차단기", milliseconds=milliseconds, session=f"visit {milliseconds // 20}",
                hits=0 if milliseconds == 40 else 2, clicks=(click(1),) if milliseconds == 10 else (),
            )  # fmt: skip
        await searched(library, editor, "어제", day=date(2026, 10, 31), session="before", milliseconds=5)
        await searched(
            library, editor, "그제", day=date(2026, 10, 22), session="before", hits=0, milliseconds=15
        )
        await searched(library, editor, "너무 오래전", day=date(2026, 10, 21))
        await searched(library, editor, "너무 늦음", day=date(2026, 11, 11), hour=0)

        found = await analytics.overview(editor, PERIOD)

        # Sessions 0, 1, 1, 2. Between 10, 20, 30, 40 the middle is 25; at 0.95 of the way from the first to the last (2.85 steps) stand 38.5.
        assert found.now == Figures(
            searches=4, visits=3, clicked=1, without_hit=1, median_milliseconds=25.0, p95_milliseconds=38.5
        )
        assert found.now.click_through == 0.3333  # of three that found something
        assert found.before == Figures(
            searches=2, visits=1, clicked=0, without_hit=1, median_milliseconds=10.0, p95_milliseconds=14.5
        )

    async def test_tells_where_the_articles_stand(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        await library.written(editor, "초안")
        published = await library.published(editor, reviewer, "게시")
        await library.published(editor, reviewer, "숨김")
        await library.knowledge.archive(reviewer, published.id)
        binned = await library.written(editor, "버림")
        await library.knowledge.delete(editor, binned.id)

        found = await analytics.overview(editor, Period.of(None, None))

        chosen = {name: count for name, count in found.standing.statuses.items() if count}
        assert chosen == {"draft": 1, "published": 1, "archived": 1}
        assert (found.standing.published, found.standing.drafts) == (1, 1)
        assert (found.now.articles_published, found.now.versions_saved) == (2, 4)

    async def test_of_nothing_is_nothing(self, analytics: Analytics, editor: Principal) -> None:
        found = await analytics.overview(editor, PERIOD)

        assert (found.now, found.before) == (Figures(), Figures())
        assert found.now.click_through is None


class TestUsage:
    async def test_shows_every_day(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        await searched(library, editor, "가", day=date(2026, 11, 1), hour=0, hits=0)
        await searched(library, editor, "나", day=DAY, hour=23, session="two", clicks=(click(2),))
        article = await library.published(editor, reviewer)
        await viewed(library, editor, article.id, 7)

        days = await analytics.days(editor, PERIOD)

        assert [day.day for day in days] == [date(2026, 11, 1 + place) for place in range(10)]
        first, last = days[0], days[-1]
        assert (first.searches, first.visits, first.clicked, first.without_hit, first.articles_read) == (
            1,
            1,
            0,
            1,
            0,
        )
        assert (last.searches, last.visits, last.clicked, last.without_hit, last.articles_read) == (
            1,
            1,
            1,
            0,
            7,
        )
        assert all(day.searches == day.articles_read == 0 for day in days[1:-1])

    async def test_is_parted_by_language_and_source(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        await searched(library, editor, "가", filters={"sources": ["article", "quotation"]}, hits=0)
        await searched(
            library, editor, "b", language="en", clicks=(click(1), {**click(2), "source": "quotation"})
        )
        await searched(library, editor, "c", language="")
        article = await library.published(editor, reviewer)
        await viewed(library, editor, article.id, 4)
        await viewed(library, editor, article.id, 2, language="en")

        languages, sources = await analytics.shares(editor, PERIOD)

        assert [(each.language, each.searches, each.without_hit, each.articles_read) for each in languages] == [
            (Language.KO, 1, 1, 4), (Language.EN, 1, 0, 2), (None, 1, 0, 0),
        ]  # fmt: skip
        assert [(each.source, each.searches, each.clicks) for each in sources] == [
            (Source.ARTICLE, 1, 1), (Source.QUOTATION, 1, 1), (Source.CATALOG_ITEM, 0, 0),
        ]  # fmt: skip


class TestQueries:
    async def test_are_counted_without_regard_to_capitals(
        self, library: Library, analytics: Analytics, editor: Principal
    ) -> None:
        await searched(library, editor, "MCCB", hits=4, clicks=(click(1), click(4)), hour=1)
        await searched(library, editor, "mccb", hits=0, session="two", corrected="mcb", hour=2)
        await searched(library, editor, "MCCB", hits=9, clicks=(click(2),), hour=3)
        await searched(library, editor, "접지", hits=1)
        await searched(library, editor, "", hits=50)

        found = await analytics.queries(editor, PERIOD)

        assert found.total == 2
        first, second = found.items
        assert (first.query, first.times, first.visits, first.hits, first.without_hit) == ("MCCB", 3, 2, 9, 1)
        assert (first.clicked, first.click_through, first.corrected, first.last_on) == (2, 1.0, "mcb", DAY)
        assert first.mean_place == 2.33  # (1 + 4 + 2) / 3
        assert first.failure is None
        assert (second.query, second.mean_place, second.failure) == ("접지", None, Failure.NO_CLICK)

    async def test_come_in_pages_and_without_what_few_asked(
        self, library: Library, analytics: Analytics, editor: Principal
    ) -> None:
        for times, query in ((3, "가"), (2, "나"), (1, "다")):
            for place in range(times):
                await searched(library, editor, query, session=f"visit {place}")

        page = await analytics.queries(editor, PERIOD, page=2, size=1)
        often = await analytics.queries(editor, PERIOD, least_visits=2)
        beyond = await analytics.queries(editor, PERIOD, page=9)

        assert ([each.query for each in page.items], page.total) == (["나"], 3)
        assert ([each.query for each in often.items], often.total) == (["가", "나"], 2)
        assert (list(beyond.items), beyond.total) == ([], 3)

    async def test_that_fail_are_those_that_find_nothing_now_or_nothing_anybody_opens(
        self, library: Library, analytics: Analytics, editor: Principal
    ) -> None:
        await searched(library, editor, "없음", hits=0)
        await searched(library, editor, "이제 있음", hits=0, hour=1)
        await searched(library, editor, "이제 있음", hits=2, hour=2, clicks=(click(1),))
        await searched(library, editor, "열지 않음", hits=5)
        await searched(library, editor, "열지 않음", hits=5, session="two")
        await searched(library, editor, "좋음", hits=5, clicks=(click(1),))

        every = await analytics.failing(editor, PERIOD)
        nothing = await analytics.failing(editor, PERIOD, failures=[Failure.NO_HIT])

        assert [(each.query, each.failure) for each in every.items] == [
            ("열지 않음", Failure.NO_CLICK), ("없음", Failure.NO_HIT),
        ]  # fmt: skip
        assert [each.query for each in nothing.items] == ["없음"]


class TestArticles:
    async def test_are_listed_by_how_often_they_are_read(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        often, seldom = [await library.published(editor, reviewer, title) for title in ("자주", "가끔")]
        await viewed(library, editor, often.id, 8)
        await viewed(library, editor, often.id, 1, language="en")
        await viewed(library, editor, often.id, 100, day=date(2026, 10, 31))
        await viewed(library, editor, seldom.id, 3)
        await searched(
            library, editor, "찾음", clicks=(click(1, often.id), click(2, seldom.id), click(1, often.id))
        )

        found = await analytics.articles(editor, PERIOD)

        assert [
            (each.slug, each.titles[Language.KO], each.views, each.views_ko, each.views_en, each.clicks) for each in found.items
        ] == [("자주", "자주", 9, 8, 1, 2), ("가끔", "가끔", 3, 3, 0, 1)]  # fmt: skip
        assert all(each.is_own for each in found.items)

    async def test_that_surely_help_least_come_first(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal, viewer: Principal,
        make_principal: MakePrincipal,
    ) -> None:  # fmt: skip
        once, often, good = [
            await library.published(editor, reviewer, title) for title in ("한 번", "여러 번", "좋음")
        ]
        people = [viewer, *[await make_principal(Role.VIEWER) for _ in range(3)]]
        await library.knowledge.give_feedback(viewer, once.id, is_helpful=False)
        for person in people:
            await library.knowledge.give_feedback(person, often.id, is_helpful=False)
            await library.knowledge.give_feedback(person, good.id, is_helpful=person is not viewer)

        found = await analytics.helpfulness(editor, Period.of(None, None))

        # z² = 3.8416. Of 0 helpful of n the upper bound is z² / (n + z²): 3.8416/7.8416 and 3.8416/4.8416.
        # Of 3 of 4: centre .75 + .4802 = 1.2302, half √(3.8416 × .75 × .25 / 4 + .4802²) = √(.180075 + .230592) = .640833, over 1.9604.
        assert [(each.slug, each.helpful, each.unhelpful, each.lower_bound, each.upper_bound) for each in found.items] == [
            ("여러-번", 0, 4, 0.0, 0.4899), ("한-번", 0, 1, 0.0, 0.7935), ("좋음", 3, 1, 0.3006, 0.9544),
        ]  # fmt: skip

    async def test_that_should_be_looked_at(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        today = datetime.now(UTC).date()
        due = await library.published(editor, reviewer, "검토", review_on=today + timedelta(days=1))
        expiring = await library.published(
            editor, reviewer, "만료", expires_at=datetime.now(UTC) + timedelta(days=5)
        )
        later = await library.published(
            editor, reviewer, "나중", expires_at=datetime.now(UTC) + timedelta(days=50)
        )
        draft = await library.written(editor, "초안", review_on=today)
        # Nobody may publish with a review in the past; it comes to be there.
        await library.run(
            "UPDATE knowledge.articles SET review_on = :day WHERE id = :id", day=today, id=due.id
        )

        found = await analytics.concerns(editor, wanted=[Concern.REVIEW_DUE, Concern.EXPIRING])
        missing = await analytics.concerns(editor, wanted=[Concern.MISSING])
        soon = await analytics.concerns(editor, wanted=[Concern.EXPIRING], within_days=4)
        far = await analytics.concerns(editor, wanted=[Concern.EXPIRING], within_days=50)

        assert [(each.id, each.concern, each.day) for each in found.items] == [
            (due.id, Concern.REVIEW_DUE, today),
            (expiring.id, Concern.EXPIRING, today + timedelta(days=5)),
        ]
        assert found.items[0].owner == editor.actor
        assert found.items[0].owner_name == "editor"
        assert {(each.id, each.language) for each in missing.items} == {
            (article.id, Language.EN) for article in (due, expiring, later)
        }
        assert (list(soon.items), [each.id for each in far.items]) == ([], [expiring.id, later.id])
        assert draft.id not in {each.id for each in (await analytics.concerns(editor)).items}

    async def test_that_were_not_changed_for_a_year(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        today = datetime.now(UTC).date()
        ages = {365: "일 년", 366: "일 년 하루"}
        found = {days: await library.published(editor, reviewer, title) for days, title in ages.items()}
        for days, article in found.items():
            await aged(library, article.id, today - timedelta(days=days))

        old = await analytics.concerns(editor, wanted=[Concern.UNCHANGED])

        assert [(each.id, each.day) for each in old.items] == [(found[366].id, today - timedelta(days=366))]

    async def test_whose_one_language_is_out_of_date(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        article = await library.knowledge.create(editor, draft_of("차단기", english="Breaker"))
        await library.passed(article, editor, reviewer)
        await library.knowledge.save(editor, article.id, Save(texts={Language.KO: words_of("새 차단기")}))
        before = await analytics.concerns(editor)
        await library.passed(article, editor, reviewer)

        after = await analytics.concerns(editor)

        assert list(before.items) == []  # readers still have both as they were
        assert [(each.concern, each.language, each.titles) for each in after.items] == [
            (Concern.OUT_OF_DATE, Language.EN, {Language.KO: "새 차단기", Language.EN: "Breaker"})
        ]


class TestAuthors:
    async def test_are_told_by_what_they_did(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal
    ) -> None:
        article = await library.written(editor)
        await library.knowledge.save(editor, article.id, Save(texts={Language.KO: words_of("다른 말")}))
        await library.knowledge.submit(editor, article.id)
        await library.knowledge.give_back(reviewer, article.id, reason="근거")
        await library.passed(article, editor, reviewer)
        await library.written(editor, "둘째")

        found = await analytics.authors(editor, Period.of(None, None))

        assert [
            (each.person, each.name, each.versions, each.articles, each.published, each.approved, each.given_back)
            for each in found.items
        ] == [(editor.actor, "editor", 3, 2, 0, 0, 0), (reviewer.actor, "reviewer", 0, 0, 1, 1, 1)]  # fmt: skip

    async def test_of_other_days_are_not_there(
        self, library: Library, analytics: Analytics, editor: Principal
    ) -> None:
        await library.written(editor)

        assert (await analytics.authors(editor, Period(date(2020, 1, 1), date(2020, 1, 2)))).items == []


class TestRights:
    async def test_viewers_and_estimators_are_told_nothing(
        self, analytics: Analytics, viewer: Principal, make_principal: MakePrincipal
    ) -> None:
        for caller in (viewer, await make_principal(Role.ESTIMATOR)):
            for ask in (
                analytics.overview, analytics.days, analytics.shares, analytics.queries, analytics.failing,
                analytics.articles, analytics.helpfulness, analytics.authors,
            ):  # fmt: skip
                with pytest.raises(Forbidden):
                    await ask(caller, PERIOD)
            with pytest.raises(Forbidden):
                await analytics.concerns(caller)
            with pytest.raises(Forbidden):
                await analytics.chart(caller, Chart.USAGE, ChartForm.SVG, PERIOD, "ko")

    async def test_another_organisation_is_told_nothing_of_ours(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal, viewer: Principal,
        stranger: Principal,
    ) -> None:  # fmt: skip
        article = await library.published(editor, reviewer)
        await searched(library, editor, "우리 것", clicks=(click(1, article.id),))
        await viewed(library, editor, article.id, 5)
        await library.knowledge.give_feedback(viewer, article.id, is_helpful=False)
        today = Period.of(None, None)

        overview = await analytics.overview(stranger, today)
        languages, sources = await analytics.shares(stranger, today)
        lists: list[Listed[Any]] = [
            await analytics.queries(stranger, today),
            await analytics.failing(stranger, today),
            await analytics.articles(stranger, today),
            await analytics.helpfulness(stranger, today),
            await analytics.concerns(stranger),
            await analytics.authors(stranger, today),
        ]

        assert (overview.now, overview.before) == (Figures(), Figures())
        assert (overview.standing.published, sum(overview.standing.statuses.values())) == (0, 0)
        assert sum(each.searches + each.articles_read for each in languages) == 0
        assert sum(each.searches + each.clicks for each in sources) == 0
        assert [(list(each.items), each.total) for each in lists] == [([], 0)] * 6

    async def test_who_does_not_see_an_article_is_not_told_of_it(
        self,
        library: Library,
        analytics: Analytics,
        editor: Principal,
        reviewer: Principal,
        principal: Principal,
    ) -> None:
        hidden = await library.written(principal, "관리자만", visibility=Visibility.ROLE, roles=("admin",))
        await library.knowledge.decide_rules(principal, Rules(author_may_review=True))
        await library.passed(hidden, principal, principal)
        await viewed(library, editor, hidden.id, 5, day=datetime.now(UTC).date())
        await library.knowledge.give_feedback(principal, hidden.id, is_helpful=False)
        today = Period.of(None, None)

        for caller in (editor, reviewer):
            overview = await analytics.overview(caller, today)
            assert (overview.now, overview.standing.published) == (Figures(), 0)
            assert (await analytics.articles(caller, today)).items == []
            assert (await analytics.helpfulness(caller, today)).items == []
            assert (await analytics.concerns(caller)).items == []
            assert (await analytics.authors(caller, today)).items == []
        assert [each.slug for each in (await analytics.articles(principal, today)).items] == [hidden.slug]
        assert (await analytics.overview(principal, today)).now.articles_read == 5

    async def test_the_counts_are_read_by_those_who_write_and_review_alone(
        self,
        library: Library,
        editor: Principal,
        reviewer: Principal,
        viewer: Principal,
        principal: Principal,
    ) -> None:
        article = await library.published(editor, reviewer)
        await viewed(library, editor, article.id, 5)
        seen = {}
        for caller in (editor, reviewer, principal, viewer):
            async with library.means.database.transaction(caller.scope) as session:
                rows = await session.execute(text("SELECT views FROM knowledge.article_views"))
                seen[caller.role] = [row.views for row in rows]

        assert seen == {Role.EDITOR: [5], Role.REVIEWER: [5], Role.ADMIN: [5], Role.VIEWER: []}

    async def test_nobody_writes_the_counts(
        self, library: Library, editor: Principal, reviewer: Principal
    ) -> None:
        article = await library.published(editor, reviewer)
        await viewed(library, editor, article.id, 5)
        async with library.means.database.transaction(editor.scope) as session:
            with pytest.raises(ProgrammingError, match="permission denied"):
                await session.execute(text("UPDATE knowledge.article_views SET views = 6"))


class TestCharts:
    @pytest.mark.parametrize("chart", Chart)
    async def test_are_drawn_in_both_languages_and_forms(
        self, library: Library, analytics: Analytics, editor: Principal, reviewer: Principal, viewer: Principal,
        chart: Chart,
    ) -> None:  # fmt: skip
        article = await library.published(editor, reviewer)
        await searched(library, editor, "차단기", hits=0)
        await viewed(library, editor, article.id, 5)
        await library.knowledge.give_feedback(viewer, article.id, is_helpful=True)
        period = Period(PERIOD.first, datetime.now(UTC).date())

        korean, english = [
            await analytics.chart(editor, chart, ChartForm.SVG, period, each) for each in ("ko", "en")
        ]
        png = await analytics.chart(editor, chart, ChartForm.PNG, period, "ko")

        assert korean.startswith(b"<svg ")
        assert english.startswith(b"<svg ")
        assert korean != english
        assert korean == await analytics.chart(editor, chart, ChartForm.SVG, period, "ko")
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert png == await analytics.chart(editor, chart, ChartForm.PNG, period, "ko")
