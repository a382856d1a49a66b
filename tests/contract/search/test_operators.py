"""What is asked for beside words, and what nobody should type."""

from datetime import timedelta

import pytest

from kis.search import Language
from tests.contract.search.conftest import MakeShelf
from tests.factories.searching import DAY, Shelf, article

FIRST = article(
    "외함 선정", "옥외에 두는 외함이다. 누전\n차단기를 넣는다.", tags=("방수", "옥외 설치"), author="김철수"
)
SECOND = article("차단기 교체", "외함을 연 뒤 누전 경보와 차단기를 본다.", tags=("보수",), author="이영희")
THIRD = article(
    "Incoming feeders",
    "AC supply. Breakers of 16 A, 1.5 mm² and 50% load; path C:\\panels, it's rated.",
    language=Language.EN,
    author="Jane Doe",
    tags=("feeder",),
)
ALL = (FIRST, SECOND, THIRD)


@pytest.fixture
async def shelf(make_shelf: MakeShelf) -> Shelf:
    return await make_shelf(*ALL)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        pytest.param("외함", {"외함 선정", "차단기 교체"}, id="a word alone"),
        pytest.param("title:외함", {"외함 선정"}, id="title"),
        pytest.param("제목:외함", {"외함 선정"}, id="title in Korean"),
        pytest.param("title:외", {"외함 선정"}, id="a syllable of a title"),
        pytest.param('title:"차단기 교체"', {"차단기 교체"}, id="words of a title"),
        pytest.param('title:"교체 차단기"', set(), id="words of a title the other way round"),
        pytest.param("외함 title:교체", {"차단기 교체"}, id="word and title"),
        pytest.param("tag:방수", {"외함 선정"}, id="tag"),
        pytest.param('tag:"옥외 설치"', {"외함 선정"}, id="tag of two words"),
        pytest.param("tag:옥외", set(), id="part of a tag"),
        pytest.param("외함 태그:보수", {"차단기 교체"}, id="word and tag in Korean"),
        pytest.param("tag:방수 tag:보수", set(), id="two tags are both wanted"),
        pytest.param("author:김철수", {"외함 선정"}, id="author alone"),
        pytest.param('author:"jane doe"', {"Incoming feeders"}, id="author with a space"),
        pytest.param("외함 작성자:이영희", {"차단기 교체"}, id="word and author in Korean"),
        pytest.param("author:김철수 author:이영희", {"외함 선정", "차단기 교체"}, id="either author"),
        pytest.param("author:아무개", set(), id="unknown author"),
        pytest.param('"누전 차단기"', {"외함 선정"}, id="phrase over the end of a line"),
        pytest.param('"누전 경보와"', {"차단기 교체"}, id="phrase with a particle"),
        pytest.param('"차단기 누전"', set(), id="phrase the other way round"),
        pytest.param('외함 "누전 경보"', {"차단기 교체"}, id="word and phrase"),
        pytest.param("외함 -교체", {"외함 선정"}, id="without a word"),
        pytest.param('외함 -"누전 경보"', {"외함 선정"}, id="without a phrase"),
        pytest.param("외함 -보수", {"외함 선정"}, id="without a word that is a tag"),
        pytest.param("외함 -배선", {"외함 선정", "차단기 교체"}, id="without a word that is nowhere"),
        pytest.param("feeders -in", {"Incoming feeders"}, id="a short Latin word is whole"),
        pytest.param("feeders -ac", set(), id="a short Latin word in small letters"),
        pytest.param("feeders -breaker", set(), id="a long Latin word may go on"),
        pytest.param('feeders "5 mm2"', set(), id="a number is whole"),
        pytest.param('feeders "1.5 mm2"', {"Incoming feeders"}, id="a number and a unit folded"),
        pytest.param('feeders "50%"', {"Incoming feeders"}, id="per cent"),
        pytest.param('feeders "5_%"', set(), id="nothing is a wildcard"),
        pytest.param('feeders "c:\\panels"', {"Incoming feeders"}, id="backslash"),
        pytest.param('feeders "it\'s rated"', {"Incoming feeders"}, id="apostrophe"),
        pytest.param('feeders "it.s rated"', set(), id="nothing is a pattern"),
        pytest.param("-외함", set(), id="nothing but what must not be"),
        pytest.param('외함 "끝이 없는', {"외함 선정", "차단기 교체"}, id="a quote without an end"),
    ],
)
async def test_operators(shelf: Shelf, text: str, titles: set[str]) -> None:
    assert set(await shelf.titles(text, corrects=False)) == titles


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "!!!",
        "-",
        '"',
        '""',
        "()",
        "title:",
        'title:""',
        "🔌⚡",
        "\x00",
        "\ud800",
        "%",
        "_",
        "\\",
    ],
)
async def test_nothing_to_look_for_finds_nothing(shelf: Shelf, text: str) -> None:
    found = await shelf.search(text)

    assert (found.hits, found.total, found.is_more) == ((), 0, False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("외함'; DROP TABLE knowledge.search_items; --", id="SQL"),
        pytest.param("외함' OR '1'='1", id="SQL that is always true"),
        pytest.param('외함 "\'" ', id="quotes"),
        pytest.param("외함 %", id="per cent"),
        pytest.param("외함 _", id="underscore"),
        pytest.param("외함 \\", id="backslash"),
        pytest.param("외함\x00", id="NUL"),
        pytest.param("외함 \udcff", id="half of a character"),
        pytest.param("외함 🔌", id="emoji"),
        pytest.param("외함 :param %(name)s {0} $1 ?", id="placeholders"),
        pytest.param("외함 " + "가" * 600, id="600 characters"),
        pytest.param("외함 " * 300, id="300 words"),
        pytest.param("외함 " + '" ' * 200, id="quotes without number"),
        pytest.param("외함 ((((((((((", id="brackets"),
        pytest.param("외함 (?:x*)*+[[:alpha:]]{9999}\\m\\y***=", id="patterns"),
    ],
)
async def test_anything_may_be_typed(shelf: Shelf, text: str) -> None:
    found = await shelf.search(text)

    assert "외함 선정" in [hit.title for hit in found.hits]
    assert await shelf.suggest(text) is not None
    assert (await shelf.explain(text, FIRST))[0] is not None


@pytest.mark.parametrize(
    "text",
    ['외함 "(?:x*)*+["', "외함 title:(((", "외함 tag:'\\", "외함 author:***=x", 'title:"[[:alpha:]]{9}"'],
)
async def test_an_operator_takes_patterns_as_words(shelf: Shelf, text: str) -> None:
    assert set(await shelf.titles(text)) <= {"외함 선정", "차단기 교체"}


async def test_hostile_queries_leave_everything_in_place(shelf: Shelf) -> None:
    await shelf.titles("'; DELETE FROM knowledge.search_items; --")

    assert len(await shelf.titles("외함")) == 2


async def test_a_filter_may_hold_anything(shelf: Shelf) -> None:
    for value in ("\x00", "\ud800", "'", "%", "\\"):
        assert await shelf.titles("외함", kinds=(value,)) == []
        assert await shelf.titles("외함", tags=(value,)) == []
        assert await shelf.titles("외함", authors=(value,)) == []


async def test_an_author_alone_lists_the_newest_first(make_shelf: MakeShelf) -> None:

    shelf = await make_shelf(
        article("나중 글", author="김철수", dated_at=DAY),
        article("처음 글", author="김철수", dated_at=DAY - timedelta(days=2)),
        article("가운데 글", author="김철수", dated_at=DAY - timedelta(days=1)),
        article("다른 글", author="이영희"),
    )

    assert await shelf.titles("author:김철수") == ["나중 글", "가운데 글", "처음 글"]
