"""What an engine gives beside hits: suggestions, similar things, explanations, and what it counts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from kis.search import SearchEngine, Source
from kis.search.postings import PostingEngine
from kis.search.tokens import Analyzer, Cutter, NoAnalyzer
from tests.contract.search.conftest import MakeShelf
from tests.factories.searching import Shelf, article

PARTS = (
    article("누전 차단기", "감도전류는 30 mA이다.", tags=("고감도",), names=("ELB-32",)),
    article("차단기 교체", "전원을 내린다."),
    article("Breaker selection", "Choose a frame."),
    article("외함 100%", "도장을 한다."),
    article("외함_도면", "치수를 적는다.", source=Source.QUOTATION),
)


@pytest.fixture
async def shelf(make_shelf: MakeShelf) -> Shelf:
    return await make_shelf(*PARTS)


class TestSuggest:
    @pytest.mark.parametrize(
        ("typed", "suggested"),
        [
            pytest.param("차단기 교", ["차단기 교체"], id="beginning of a title"),
            pytest.param("차단", ["누전 차단기", "차단기 교체"], id="beginning of any word"),
            pytest.param("차다", ["누전 차단기", "차단기 교체"], id="unfinished syllable"),
            pytest.param("ㅊ", ["누전 차단기", "차단기 교체"], id="first letter"),
            pytest.param("ㅊㄷㄱ", ["누전 차단기", "차단기 교체"], id="initial consonants"),
            pytest.param("ㄴㅈㅊ", ["누전 차단기"], id="initial consonants of two words"),
            pytest.param("누전차", ["누전 차단기"], id="without the space"),
            pytest.param("ckeksrl r", ["차단기 교체"], id="other layout"),
            pytest.param("ㅠㄱㄷㅁㅏ", ["Breaker selection"], id="other layout, Latin meant"),
            pytest.param("bre", ["Breaker selection"], id="small letters"),
            pytest.param("SEL", ["Breaker selection"], id="second word in capitals"),
            pytest.param("elb3", ["ELB-32"], id="name without its dash"),
            pytest.param("고감", ["고감도"], id="tag"),
            pytest.param("외함 1", ["외함 100%"], id="sign left out"),
            pytest.param("태양", [], id="nothing"),
            pytest.param("단기", [], id="middle of a word"),
            pytest.param("", [], id="empty"),
            pytest.param("%", [], id="wildcard"),
            pytest.param("_", [], id="another wildcard"),
            pytest.param("외%도", [], id="wildcard within"),
            pytest.param("\x00", [], id="NUL"),
            pytest.param("외함\\", ["외함 100%", "외함_도면"], id="backslash"),
        ],
    )
    async def test_goes_on_as_the_text_does(self, shelf: Shelf, typed: str, suggested: Sequence[str]) -> None:
        assert sorted(await shelf.suggest(typed)) == sorted(suggested)

    async def test_leads_to_the_thing_whose_title_it_is(self, make_shelf: MakeShelf) -> None:
        tagged, titled = article("부스바", tags=("외함",)), article("외함", source=Source.QUOTATION)
        shelf = await make_shelf(tagged, titled)

        [suggestion] = await shelf.suggestions("외함")

        assert (suggestion.source, suggestion.source_id) == (Source.QUOTATION, titled.source_id)

    async def test_keeps_to_the_sources_that_are_wanted(self, shelf: Shelf) -> None:
        found = await shelf.suggestions("외함", sources=(Source.QUOTATION,))

        assert [each.text for each in found] == ["외함_도면"]

    async def test_gives_no_more_than_is_wanted(self, shelf: Shelf) -> None:
        assert len(await shelf.suggest("ㅊ", limit=1)) == 1

    async def test_names_a_phrase_once(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(*(article("외함 도장") for _ in range(3)))

        assert await shelf.suggest("외함") == ["외함 도장"]

    async def test_takes_the_longest_text(self, shelf: Shelf) -> None:
        assert await shelf.suggest("외함" * 5_000) == []


class TestSimilar:
    MINE = article("누전차단기 시험", "누전차단기의 감도전류와 동작시간을 시험기로 잰다.")
    NEAR = article("감도전류 재기", "누전차단기 시험기로 감도전류를 잰다.")
    FAR = article("외함 도장", "외함에 도장을 두 번 한다.")

    @pytest.fixture
    async def shelf(self, make_shelf: MakeShelf) -> Shelf:
        return await make_shelf(self.MINE, self.NEAR, self.FAR, article("부스바 절곡", "동판을 꺾는다."))

    async def test_the_nearest_is_first_and_it_is_not_itself(self, shelf: Shelf) -> None:
        found = await shelf.similar(self.MINE)

        assert found[0] == self.NEAR.title
        assert self.MINE.title not in found
        assert self.FAR.title not in found

    async def test_another_thing_of_the_same_id_is_another_thing(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(
            self.MINE, article("누전차단기 시험", source=Source.QUOTATION, source_id=self.MINE.source_id)
        )

        assert await shelf.similar(self.MINE) == ["누전차단기 시험"]

    async def test_gives_no_more_than_is_wanted(self, make_shelf: MakeShelf) -> None:
        same = [article(f"외함 {number}", "도장을 한다.") for number in range(6)]
        shelf = await make_shelf(*same)

        assert len(await shelf.similar(same[0], limit=3)) == 3
        assert len(await shelf.similar(same[0], limit=50)) == 5

    async def test_of_what_is_not_there_is_nothing(self, shelf: Shelf) -> None:
        assert await shelf.similar(article("", source_id=uuid4())) == []


class TestExplain:
    @pytest.mark.parametrize(
        "query",
        [
            "차단기",
            "누전 차단기 교체",
            "rkaehwjsfb",
            "breaker selection",
            "braeker",
            "외함 -부스바",
            "title:외함",
        ],
    )
    async def test_says_what_the_search_ranks_and_its_shares_sum_up(self, shelf: Shelf, query: str) -> None:
        found = await shelf.search(query)
        assert found.hits
        for shown in found.hits:
            document = next(each for each in PARTS if each.source_id == shown.source_id)
            hit, shares = await shelf.explain(query, document)

            assert hit is not None
            assert (hit.item_id, hit.score) == (shown.item_id, shown.score)
            assert sum(share.share for share in shares) == pytest.approx(hit.score, rel=1e-4)
            assert [share.share for share in shares] == sorted((s.share for s in shares), reverse=True)

    async def test_names_kinds_and_fields(self, shelf: Shelf) -> None:
        _, shares = await shelf.explain("ELB-32", PARTS[0])

        whole = next(share for share in shares if share.term == "elb-32")
        assert (whole.kind, whole.fields) == ("word", ("names",))

    async def test_of_what_is_not_found_is_nothing(self, shelf: Shelf) -> None:
        assert await shelf.explain("차단기", PARTS[3]) == (None, ())
        assert await shelf.explain("외함 -도장", PARTS[3]) == (None, ())
        assert await shelf.explain("차단기", article("", source_id=uuid4())) == (None, ())


class TestCount:
    async def counted(self, shelf: Shelf) -> list[tuple[object, ...]]:
        """Return everything that was counted of an organisation, but for the time."""
        statement = text(
            "SELECT 't', t.term, t.items::text FROM knowledge.search_terms AS t JOIN knowledge.audiences AS a ON a.id = t.audience_id "
            "WHERE a.organization_id = :id UNION ALL "
            "SELECT 's', s.word, s.spelling FROM knowledge.search_spellings AS s JOIN knowledge.audiences AS a ON a.id = s.audience_id "
            "WHERE a.organization_id = :id UNION ALL "
            "SELECT 'n', s.items::text, s.lengths::text FROM knowledge.search_statistics AS s "
            "JOIN knowledge.audiences AS a ON a.id = s.audience_id WHERE a.organization_id = :id ORDER BY 1, 2, 3"
        )
        async with shelf.database.service() as session:
            return [tuple(row) for row in await session.execute(statement, {"id": shelf.organization_id})]

    async def test_again_changes_nothing(self, shelf: Shelf) -> None:
        first, before = await self.counted(shelf), await shelf.search("차단기 교체")

        assert await shelf.count() == 0
        assert await self.counted(shelf) == first
        assert await shelf.search("차단기 교체") == before

    async def test_forgets_what_is_gone(self, make_shelf: MakeShelf) -> None:
        gone = article("Transformer", "Oil immersed", tags=("winding",))
        shelf = await make_shelf(gone, article("외함"))
        await shelf.remove(gone)
        await shelf.count()

        assert not [row for row in await self.counted(shelf) if "transform" in str(row) or "wind" in str(row)]
        assert (await shelf.search("transfromer")).corrections == ()

    async def test_makes_what_is_everywhere_worth_less(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(*(article(f"외함 {number}") for number in range(9)), article("외함 피뢰침"))

        _, shares = await shelf.explain("외함 피뢰침", article(""))
        hit = (await shelf.search("외함 피뢰침")).hits[0]
        _, shares = await shelf.explain("외함 피뢰침", article("", source_id=hit.source_id))
        rarities = {share.term: share.rarity for share in shares}

        assert hit.title == "외함 피뢰침"
        assert rarities["외함"] < rarities["뢰침" if "뢰침" in rarities else "피뢰침"]

    async def test_counts_one_that_came_late(self, make_shelf: MakeShelf) -> None:
        """Its number is lower than the newest that was counted: it had begun earlier."""
        shelf = await make_shelf(article("부스바"))
        async with shelf.database.service() as early:
            owned = shelf.owned(article("외함 나중"))
            prepared = await shelf.engine.prepare([owned])
            await shelf.engine.put(early, owned.source, [owned.source_id], prepared)
            await shelf.put(article("외함 먼저"))
            await shelf.count()

        assert await shelf.count() == 1
        assert await shelf.count() == 0

    async def test_at_the_same_time_twice_is_no_error(self, shelf: Shelf) -> None:
        await shelf.put(article("부스바"))

        async with shelf.database.service() as one, shelf.database.service() as other:
            await shelf.engine.count(one)
            await shelf.engine.count(other)

        assert await shelf.titles("부스바") == ["부스바"]


class TestRefine:
    @pytest.fixture
    def plain(self, engine: SearchEngine) -> SearchEngine:
        """The same engine where there are no morphemes yet."""
        return type(engine)(Cutter(NoAnalyzer()))  # type: ignore[call-arg]

    async def refined(self, shelf: Shelf, engine: SearchEngine) -> int:
        async with shelf.database.service() as session:
            return await engine.refine(session, most=10_000)

    async def test_gives_morphemes_to_what_was_cut_without(
        self, make_shelf: MakeShelf, plain: SearchEngine, kiwi: Analyzer
    ) -> None:
        shelf = await make_shelf(article("부스바"))
        waiting = Shelf(plain, shelf.database, shelf.organization_id)
        given = article(
            "전선이 굵었다",
            "외함에 달았다.",
            summary="요약",
            names=("W-1",),
            tags=("가",),
            author="kim",
            facts={"slug": "wire"},
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
        await waiting.put(given)
        assert await waiting.titles("굵으면", corrects=False) == []

        full = PostingEngine(Cutter(kiwi)) if isinstance(plain, PostingEngine) else shelf.engine
        ready = Shelf(full, shelf.database, shelf.organization_id)

        assert await self.refined(ready, full) >= 1
        assert await ready.titles("굵으면", corrects=False) == ["전선이 굵었다"]
        hit = (await ready.search("W-1")).hits[0]
        assert (hit.source_id, hit.tags, hit.author, hit.facts) == (
            given.source_id,
            ("가",),
            "kim",
            {"slug": "wire"},
        )
        assert await self.refined(ready, full) == 0

    async def test_waits_while_there_are_none(self, make_shelf: MakeShelf, plain: SearchEngine) -> None:
        shelf = await make_shelf()
        waiting = Shelf(plain, shelf.database, shelf.organization_id)
        await waiting.put(article("외함"))

        assert await self.refined(waiting, plain) == 0
        assert await waiting.titles("외함") == ["외함"]

    async def test_leaves_english_alone(self, make_shelf: MakeShelf, plain: SearchEngine) -> None:
        shelf = await make_shelf()
        waiting = Shelf(plain, shelf.database, shelf.organization_id)
        await waiting.put(article("Breaker"))

        async with shelf.database.service() as session:
            unfinished = await session.scalar(
                text(
                    "SELECT count(*) FROM knowledge.search_items WHERE organization_id = :id AND NOT has_morphemes"
                ),
                {"id": shelf.organization_id},
            )
        assert unfinished == 0
