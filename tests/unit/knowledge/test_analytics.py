"""The analytics without a database: periods, axes, tables, and what stands in a chart."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from kis.identity import Permission, Principal, Role, Via
from kis.knowledge.analytics.charts import Drawer
from kis.knowledge.analytics.drawing import ChartForm, drawn
from kis.knowledge.analytics.readings import Readings
from kis.knowledge.analytics.scales import some_of, steps
from kis.knowledge.analytics.tables import csv_file
from kis.knowledge.analytics.things import (
    Concern,
    DayFigures,
    Helpfulness,
    Period,
    QueryFigures,
    Standing,
    share,
)
from kis.knowledge.articles import ArticleType
from kis.knowledge.reading import Shown
from kis.knowledge.texts import Text, TextState, Words
from kis.platform.database import Database
from kis.platform.errors import BadInput
from kis.platform.messages import Locale
from kis.search import Language, Visibility

DAY = date(2026, 11, 20)


class TestPeriod:
    @pytest.mark.parametrize(
        ("first", "last", "paths"),
        [
            (date(2026, 11, 21), DAY, ["to"]),
            (date(2025, 10, 16), DAY, ["from"]),
            (date(1999, 12, 31), date(2000, 1, 1), ["from"]),
            (date(2200, 1, 2), date(2200, 1, 3), ["from", "to"]),
            (date.max, date.min, ["from", "to", "to"]),
        ],
        ids=["backwards", "401 days", "too early", "too late", "everything"],
    )
    def test_that_is_none_is_refused_with_everything_that_is_wrong(
        self, first: date, last: date, paths: list[str]
    ) -> None:
        with pytest.raises(BadInput) as caught:
            Period(first, last)
        assert [problem.path for problem in caught.value.problems] == paths

    def test_may_have_four_hundred_days(self) -> None:
        assert Period(date(2025, 10, 17), DAY).days == 400

    def test_is_thirty_days_to_today_where_nothing_is_said(self) -> None:
        today = datetime.now(UTC).date()
        usual = Period.of(None, None)
        assert (usual.last in {today, today + timedelta(days=1)}, usual.days) == (True, 30)
        assert Period.of(None, DAY) == Period(date(2026, 10, 22), DAY)

    def test_of_the_first_day_there_is_does_not_go_before_it(self) -> None:
        with pytest.raises(BadInput):
            Period.of(None, date.min)

    def test_follows_one_of_the_same_length(self) -> None:
        period = Period(date(2026, 11, 1), date(2026, 11, 10))
        assert period.before == date(2026, 10, 22)
        assert (period.since, period.until) == (
            datetime(2026, 11, 1, tzinfo=UTC),
            datetime(2026, 11, 11, tzinfo=UTC),
        )


class TestSteps:
    @pytest.mark.parametrize(
        ("largest", "marks"),
        [
            (0, (0, 1)),
            (1, (0, 1)),
            (3, (0, 1, 2, 3)),
            (7, (0, 2, 4, 6, 8)),
            (90, (0, 20, 40, 60, 80, 100)),
            (117, (0, 50, 100, 150)),
            (4437, (0, 1000, 2000, 3000, 4000, 5000)),
        ],
    )
    def test_are_round_and_reach_the_largest(self, largest: int, marks: tuple[int, ...]) -> None:
        assert steps(largest) == marks

    def test_are_few_however_many_there_are(self) -> None:
        for largest in range(3000):
            marks = steps(largest)
            assert marks[-1] >= largest
            assert 2 <= len(marks) <= 6


def test_some_days_of_many_are_as_far_from_each_other_as_each_other() -> None:
    days = [DAY + timedelta(days=place) for place in range(30)]
    assert some_of(days, 10) == (0, 3, 6, 9, 12, 15, 18, 21, 24, 27)
    assert some_of(days[:4], 10) == (0, 1, 2, 3)


def test_a_share_of_nothing_is_none() -> None:
    assert (share(0, 0), share(1, 3), share(0, 5)) == (None, 0.3333, 0.0)


class TestTables:
    def test_are_read_by_spreadsheets_and_compute_nothing(self) -> None:
        rows: list[dict[str, Any]] = [
            {"query": "=1+1", "times": 3, "share": None},
            {"query": "@x", "times": -2, "share": 0.5, "own": True},
            {"query": '차단기, "주"', "own": False},
        ]
        made = csv_file(("query", "times", "share", "own"), rows)
        assert made.decode() == (
            '\ufeffquery,times,share,own\r\n\'=1+1,3,,\r\n\'@x,-2,0.5,true\r\n"차단기, ""주""",,,false\r\n'
        )


def days_of(*searches: int) -> tuple[Period, list[DayFigures]]:
    first = DAY - timedelta(days=len(searches) - 1)
    shown = [
        DayFigures(day=first + timedelta(days=place), searches=count, without_hit=count // 2)
        for place, count in enumerate(searches)
    ]
    return Period(first, DAY), shown


def query(text: str, times: int = 4, without_hit: int = 1) -> QueryFigures:
    return QueryFigures(
        query=text,
        times=times,
        visits=1,
        hits=3,
        without_hit=without_hit,
        clicked=0,
        mean_place=None,
        corrected="",
        last_on=DAY,
        failure=None,
    )


class TestCharts:
    def test_over_days_stand_on_a_round_axis(self) -> None:
        period, days = days_of(0, 7, 4)
        picture = Drawer(period, "ko").answers(days)

        assert [mark.label for mark in picture.up] == ["0", "2", "4", "6", "8"]
        assert [mark.label for mark in picture.across] == ["11-18", "11-19", "11-20"]
        found, nothing = picture.series
        assert (found.label, found.values) == ("결과 있음", (0, 4 / 8, 2 / 8))
        assert (nothing.label, nothing.values) == ("결과 없음", (0, 3 / 8, 2 / 8))
        assert (picture.subtitle, picture.empty) == ("2026-11-18 ~ 2026-11-20 (UTC)", "")
        assert picture.summary == "검색 11건 중 결과 없음 5건."

    def test_of_nothing_say_so(self) -> None:
        period, days = days_of(0, 0)
        drawer = Drawer(period, "en")
        standing = Standing(published=0, statuses={"draft": 0})

        pictures = [
            drawer.usage(days),
            drawer.answers(days),
            drawer.queries(()),
            drawer.helpfulness(()),
            drawer.content(standing, dict.fromkeys(Concern, 0), DAY),
        ]

        assert [picture.empty for picture in pictures] == [
            "Nothing was searched for or read in this period.",
            "Nothing was searched for in this period.",
            "Nothing was searched for in this period.",
            "Nobody said in this period whether an article helped.",
            "There are no articles yet.",
        ]

    def test_in_rows_are_measured_by_the_longest(self) -> None:
        period, _ = days_of(1)
        picture = Drawer(period, "ko").queries([query("가", 1200, 300), query("나", 300, 300)])

        assert [(bar.label, bar.parts, bar.value) for bar in picture.bars] == [
            ("가", ((0.75, "first"), (0.25, "bad")), "1,200"),
            ("나", ((0.0, "first"), (0.25, "bad")), "300"),
        ]

    @pytest.mark.parametrize(("locale", "title"), [("ko", "한국어"), ("en", "한국어")])
    def test_name_an_article_in_a_language_it_has(self, locale: Locale, title: str) -> None:
        period, _ = days_of(1)
        judged = Helpfulness(
            id=uuid4(), slug="s", titles={Language.KO: "한국어"}, helpful=2, unhelpful=1,
            helpful_share=0.6667, lower_bound=0.2, upper_bound=0.9,
        )  # fmt: skip
        (bar,) = Drawer(period, locale).helpfulness([judged]).bars
        assert (bar.label, bar.value) == (title, "67 % (2/3)")


class TestDrawing:
    def test_says_what_it_shows_and_takes_words_for_words(self) -> None:
        period, _ = days_of(1)
        typed = '*bold* #panic() $x$ [a] <b>&"'
        drawer = Drawer(period, "ko")
        svg = drawn(drawer.queries([query(typed)]), ChartForm.SVG).decode()

        assert svg.startswith(
            '<svg role="img" aria-label="자주 찾은 검색어, 2026-11-20 ~ 2026-11-20 (UTC). 검색어 1개." '
        )
        assert "<text" not in svg  # letters are outlines: no reader needs the font

    @pytest.mark.parametrize("form", ChartForm)
    def test_is_the_same_bytes_every_time(self, form: ChartForm) -> None:
        period, days = days_of(*range(1, 31))
        assert drawn(Drawer(period, "ko").usage(days), form) == drawn(Drawer(period, "ko").usage(days), form)

    def test_of_a_text_too_long_shows_what_there_is_room_for(self) -> None:
        period, _ = days_of(1)
        short = drawn(Drawer(period, "ko").queries([query("가" * 20)]), ChartForm.SVG)
        long = drawn(Drawer(period, "ko").queries([query("가" * 200)]), ChartForm.SVG)
        # Twenty letters fit; of two hundred about as many are drawn.
        assert len(long) < len(short) * 1.2


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class TestReadings:
    """What is gathered, before a database is asked: its address is of none."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    async def database(self) -> AsyncIterator[Database]:
        opened = Database("postgresql://nobody@127.0.0.1:1/none")
        yield opened
        await opened.close()

    async def test_again_within_half_an_hour_are_one(self, database: Database, clock: Clock) -> None:
        readings, reader, article = Readings(database, clock=clock), a_reader(), an_article()
        for now, counted in ((0.0, 1), (1799.0, 1), (3598.0, 1), (5398.0, 2)):
            clock.now = now
            readings.note(reader, article, Language.KO)
            assert gathered(readings) == counted
        readings.note(a_reader(), article, Language.KO)
        assert gathered(readings) == 3
        await readings.close()

    async def test_are_remembered_no_longer_and_no_more_than_said(
        self, database: Database, clock: Clock
    ) -> None:
        readings, article = Readings(database, clock=clock, most_remembered=2), an_article()
        readers = [a_reader() for _ in range(3)]
        for reader in (*readers, readers[2], readers[0]):  # the first was forgotten for the third
            readings.note(reader, article, Language.KO)
        assert gathered(readings) == 4
        assert len(readings._last) == 2
        clock.now = 1800.0
        readings.note(a_reader(), article, Language.KO)
        assert len(readings._last) == 1
        await readings.close()

    async def test_gather_so_many_counts_and_no_more(self, database: Database, clock: Clock) -> None:
        readings, first = Readings(database, clock=clock, most_gathered=1), an_article()
        readings.note(a_reader(), first, Language.KO)
        readings.note(a_reader(), an_article(), Language.KO)
        assert gathered(readings) == 1
        await readings.close()

    async def test_that_cannot_be_stored_are_forgotten_without_an_error(
        self, database: Database, clock: Clock
    ) -> None:
        readings = Readings(database, clock=clock)
        readings.note(a_reader(), an_article(), Language.KO)
        await readings.store()
        assert gathered(readings) == 0
        await readings.close()


def gathered(readings: Readings) -> int:
    return readings._gathered.total()


def a_reader() -> Principal:
    return Principal(
        organization_id=uuid4(),
        role=Role.VIEWER,
        permissions=frozenset({Permission.ARTICLE_READ}),
        via=Via.TOKEN,
        user_id=uuid4(),
    )


def an_article() -> Shown:
    return Shown(
        id=uuid4(),
        slug="a",
        type=ArticleType.ARTICLE,
        category_id=None,
        visibility=Visibility.PUBLIC,
        is_own=True,
        version=1,
        texts={Language.KO: Text(Words(title="가"), TextState.CURRENT)},
        metadata={},
        author="",
        saved_at=datetime.now(UTC),
        published_at=None,
        expires_at=None,
        helpful=0,
        unhelpful=0,
        revision=1,
        desk=None,
    )
