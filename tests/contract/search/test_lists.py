"""Filters, facets, pages, languages: what a list of hits is like."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from kis.search import Facet, Language, Source
from tests.contract.search.conftest import MakeShelf
from tests.factories.searching import DAY, Shelf, article

PANELS, BOXES = UUID(int=1), UUID(int=2)
DOCUMENTS = (
    article("외함 하나", category_id=PANELS, kind="guide", tags=("가", "나"), author="kim", dated_at=DAY),
    article(
        "외함 둘",
        category_id=BOXES,
        kind="faq",
        tags=("나",),
        author="lee",
        status="archived",
        dated_at=DAY - timedelta(days=400),
    ),
    article(
        "외함 셋 enclosure",
        language=Language.EN,
        kind="faq",
        tags=("다",),
        author="kim",
        dated_at=DAY - timedelta(days=1),
    ),
    article("외함 넷", source=Source.QUOTATION, kind="", status="sent", dated_at=DAY - timedelta(days=2)),
    article("부스바"),
)


@pytest.fixture
async def shelf(make_shelf: MakeShelf) -> Shelf:
    return await make_shelf(*DOCUMENTS)


ONE, TWO, THREE, FOUR = (document.title for document in DOCUMENTS[:4])


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({}, {ONE, TWO, THREE, FOUR}),
        ({"sources": (Source.QUOTATION,)}, {FOUR}),
        ({"sources": (Source.QUOTATION, Source.ARTICLE)}, {ONE, TWO, THREE, FOUR}),
        ({"sources": (Source.CATALOG_ITEM,)}, set()),
        ({"categories": (PANELS,)}, {ONE}),
        ({"categories": (PANELS, BOXES)}, {ONE, TWO}),
        ({"kinds": ("faq",)}, {TWO, THREE}),
        ({"languages": (Language.EN,)}, {THREE}),
        ({"statuses": ("archived", "sent")}, {TWO, FOUR}),
        ({"tags": ("나",)}, {ONE, TWO}),
        ({"tags": ("가", "다")}, {ONE, THREE}),
        ({"authors": ("kim",)}, {ONE, THREE}),
        ({"since": DAY.date()}, {ONE}),
        ({"since": DAY.date() - timedelta(days=2)}, {ONE, THREE, FOUR}),
        ({"until": DAY.date() - timedelta(days=1)}, {TWO, THREE, FOUR}),
        ({"since": date(2026, 11, 19), "until": date(2026, 11, 19)}, {THREE}),
        ({"until": date.max}, {ONE, TWO, THREE, FOUR}),
        ({"kinds": ("faq",), "tags": ("나",)}, {TWO}),
        ({"kinds": ("faq",), "tags": ("가",)}, set()),
        ({"authors": ("kim",), "languages": (Language.KO,), "categories": (PANELS,)}, {ONE}),
        (
            {
                "sources": (Source.ARTICLE,),
                "kinds": ("faq", "guide"),
                "statuses": ("published",),
                "since": date(2026, 11, 19),
                "until": date(2026, 11, 20),
                "tags": ("나", "다"),
                "authors": ("kim",),
            },
            {ONE, THREE},
        ),
    ],
)
async def test_filters(shelf: Shelf, filters: dict[str, Any], titles: set[str]) -> None:
    assert set(await shelf.titles("외함", corrects=False, **filters)) == titles


async def test_a_day_is_whole_in_utc(make_shelf: MakeShelf) -> None:
    first, last = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)
    shelf = await make_shelf(
        article("외함 아침", dated_at=first),
        article("외함 밤", dated_at=last),
        article("외함 어제", dated_at=first - timedelta(microseconds=1)),
        article("외함 내일", dated_at=last + timedelta(microseconds=1)),
    )

    day = date(2026, 3, 1)

    assert set(await shelf.titles("외함", since=day, until=day)) == {"외함 아침", "외함 밤"}


class TestFacets:
    async def test_count_each_hit(self, shelf: Shelf) -> None:
        found = await shelf.search("외함", corrects=False, facets=tuple(Facet))

        assert found.facets == {
            Facet.SOURCE: {"article": 3, "quotation": 1},
            Facet.CATEGORY: {str(PANELS): 1, str(BOXES): 1},
            Facet.KIND: {"faq": 2, "guide": 1},
            Facet.LANGUAGE: {"ko": 3, "en": 1},
            Facet.STATUS: {"published": 2, "archived": 1, "sent": 1},
            Facet.TAG: {"나": 2, "가": 1, "다": 1},
            Facet.YEAR: {"2026": 3, "2025": 1},
        }

    @pytest.mark.parametrize("facet", [Facet.SOURCE, Facet.LANGUAGE, Facet.YEAR, Facet.STATUS])
    async def test_sum_up_to_the_total_also_beyond_the_page(self, shelf: Shelf, facet: Facet) -> None:
        found = await shelf.search("외함", limit=1, corrects=False, facets=(facet,))

        assert len(found.hits) == 1
        assert sum(found.facets[facet].values()) == found.total == 4

    async def test_count_what_the_filters_leave(self, shelf: Shelf) -> None:
        found = await shelf.search("외함", kinds=("faq",), corrects=False, facets=(Facet.LANGUAGE,))

        assert found.facets == {Facet.LANGUAGE: {"en": 1, "ko": 1}}

    async def test_are_there_also_where_nothing_is(self, shelf: Shelf) -> None:
        found = await shelf.search("태양광", corrects=False, facets=(Facet.LANGUAGE,))

        assert not found.facets.get(Facet.LANGUAGE)


class TestPages:
    @pytest.fixture
    async def many(self, make_shelf: MakeShelf) -> Shelf:
        """Things that all score the same, and some that do not."""
        same = [article(f"외함 {number}", "같은 글") for number in range(23)]
        return await make_shelf(*same, *(article(f"외함 {number}", "외함 외함") for number in range(30, 37)))

    async def test_have_no_gap_and_no_double(self, many: Shelf) -> None:
        whole = [hit.source_id for hit in (await many.search("외함")).hits]
        pages = [await many.search("외함", offset=offset, limit=7) for offset in range(0, 35, 7)]

        assert len(whole) == len(set(whole)) == 30
        assert [hit.source_id for page in pages for hit in page.hits] == whole
        assert {page.total for page in pages} == {30}

    async def test_are_the_same_every_time(self, many: Shelf) -> None:
        orders = [[hit.source_id for hit in (await many.search("외함")).hits] for _ in range(3)]

        assert orders[0] == orders[1] == orders[2]

    async def test_scores_never_rise(self, many: Shelf) -> None:
        scores = [hit.score for hit in (await many.search("외함")).hits]

        assert all(first >= second for first, second in pairwise(scores))

    async def test_behind_the_last_is_nothing(self, many: Shelf) -> None:
        found = await many.search("외함", offset=30, limit=7)

        assert (found.hits, found.total, found.is_more) == ((), 30, False)


class TestAThingInTwoLanguages:
    ID = uuid4()
    KOREAN = article("분전반 설치", "분전반을 벽에 단다.", source_id=ID)
    ENGLISH = article("분전반 installation", "Fixing a panel.", source_id=ID, language=Language.EN)

    @pytest.fixture
    async def shelf(self, make_shelf: MakeShelf) -> Shelf:
        return await make_shelf(self.KOREAN, self.ENGLISH, article("분전반 철거"))

    @pytest.mark.parametrize(
        ("language", "title"), [(Language.KO, "분전반 설치"), (Language.EN, "분전반 installation")]
    )
    async def test_is_shown_once_in_the_language_of_the_asker(
        self, shelf: Shelf, language: Language, title: str
    ) -> None:
        found = await shelf.search("분전반", language=language, facets=(Facet.LANGUAGE,))

        assert [hit.title for hit in found.hits if hit.source_id == self.ID] == [title]
        assert found.total == len(found.hits) == 2
        assert sum(found.facets[Facet.LANGUAGE].values()) == 2

    async def test_is_shown_in_the_language_it_has(self, shelf: Shelf) -> None:
        assert "분전반 철거" in await shelf.titles("분전반", language=Language.EN)

    async def test_stands_where_its_best_text_stands(self, shelf: Shelf) -> None:
        for language in (None, *Language):
            found = await shelf.search("분전반 설치", language=language)

            assert found.hits[0].source_id == self.ID

    async def test_is_explained_as_it_is_shown(self, shelf: Shelf) -> None:
        shown = (await shelf.search("분전반 설치", language=Language.EN)).hits[0]
        hit, shares = await shelf.explain("분전반 설치", self.KOREAN, language=Language.EN)

        assert hit is not None
        assert (hit.item_id, hit.score, hit.title) == (shown.item_id, shown.score, shown.title)
        assert sum(share.share for share in shares) == pytest.approx(hit.score, rel=1e-4)


async def test_marks_are_left_out_where_nobody_looks_at_them(shelf: Shelf) -> None:
    shown, bare = await shelf.search("외함"), await shelf.search("외함", highlights=False)
    assert all(hit.snippets for hit in shown.hits)
    assert [hit.snippets for hit in bare.hits] == [()] * len(shown.hits)
    assert [(hit.title, hit.score) for hit in bare.hits] == [(hit.title, hit.score) for hit in shown.hits]
