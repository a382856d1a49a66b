"""What is found by what is typed."""

import pytest

from kis.search import Language
from tests.contract.search.conftest import MakeShelf
from tests.factories.searching import Shelf, article

EARTH_LEAKAGE = article("누전차단기의 감도전류", "욕실에는 고감도형을 쓴다. 정격감도전류는 30 mA이다.")
BOX = article(
    "외함의 보호등급",
    "옥외에 두는 외함은 물이 들어가지 않아야 한다. IP65 이상으로 한다.",
    tags=("방수", "옥외 설치"),
)
BUSBAR = article(
    "부스바의 허용전류",
    "동 부스바의 단면적을 정한다.",
    summary="주회로의 굵기를 고르는 순서",
    names=("KS C 8320",),
)
TRIPPING = article(
    "Why breakers are tripping",
    "A tripped breaker was overloaded. Check every connected load.",
    language=Language.EN,
)
MODEL = article(
    "ABN-53b", "산업용 배선용차단기 3P 100AF/50AT", names=("ABN-53b", "3P 100AF/50AT"), kind="breaker"
)
SEALED = article("밀봉 단자", "절연저항을 잰다.", names=("TB-4",))
OTHER_WORDS = "전선은 굵기를 정한 뒤에 길이를 재고 단자를 조인다. " * 20
ALL = (EARTH_LEAKAGE, BOX, BUSBAR, TRIPPING, MODEL, SEALED)


@pytest.fixture
async def shelf(make_shelf: MakeShelf) -> Shelf:
    return await make_shelf(*ALL)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("감도전류", "누전차단기의 감도전류", id="title"),
        pytest.param("욕실", "누전차단기의 감도전류", id="body"),
        pytest.param("주회로", "부스바의 허용전류", id="summary"),
        pytest.param("방수", "외함의 보호등급", id="tag"),
        pytest.param("KS C 8320", "부스바의 허용전류", id="name"),
        pytest.param("누전 차단기", "누전차단기의 감도전류", id="with a space"),
        pytest.param("누전차단기", "누전차단기의 감도전류", id="without a space"),
        pytest.param("허용 전류", "부스바의 허용전류", id="a compound apart"),
        pytest.param("외함을", "외함의 보호등급", id="another particle"),
        pytest.param("외함에서는", "외함의 보호등급", id="two particles"),
        pytest.param("욕실에서의 누전차단기는", "누전차단기의 감도전류", id="particles throughout"),
        pytest.param("들어가면", "외함의 보호등급", id="another ending"),
        pytest.param("밀봉", "밀봉 단자", id="beginning of a title"),
        pytest.param("tripping breaker", "Why breakers are tripping", id="English"),
        pytest.param("trips", "Why breakers are tripping", id="another form"),
        pytest.param("OVERLOADED", "Why breakers are tripping", id="capitals"),
        pytest.param("connecting loads", "Why breakers are tripping", id="stems of both"),
        pytest.param("ABN-53b", "ABN-53b", id="code"),
        pytest.param("abn53b", "ABN-53b", id="code without its dash"),
        pytest.param("ABN-53", "ABN-53b", id="code cut"),
        pytest.param("ABN 53", "ABN-53b", id="code apart"),
        pytest.param("3P 100AF/50AT", "ABN-53b", id="name of a type"),
        pytest.param("100AF", "ABN-53b", id="part of the name of a type"),
        pytest.param("50AT", "ABN-53b", id="other part of the name of a type"),
        pytest.param("IP65", "외함의 보호등급", id="code in the body"),
        pytest.param("IP 65", "외함의 보호등급", id="code in the body apart"),
        pytest.param("\uff29\uff30\uff16\uff15", "외함의 보호등급", id="full width"),
        pytest.param("\u110b\u116c\u1112\u1161\u11b7", "외함의 보호등급", id="parts of syllables"),
        pytest.param("rkaehwjsfb", "누전차단기의 감도전류", id="other layout"),
        pytest.param("ㅠㄱㄷㅁㅏㄷㄱ", "Why breakers are tripping", id="other layout, Latin meant"),
        pytest.param("brekaer", "Why breakers are tripping", id="letters changed places"),
        pytest.param("brekers", "Why breakers are tripping", id="a letter missing"),
        pytest.param("부스바의허용전류", "부스바의 허용전류", id="joined words"),
        pytest.param("부스 바", "부스바의 허용전류", id="split word"),
    ],
)
async def test_the_best_hit_is(shelf: Shelf, text: str, title: str) -> None:
    assert (await shelf.titles(text))[:1] == [title]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("earth leakage", "누전차단기의 감도전류", id="English for Korean"),
        pytest.param("residual current device", "누전차단기의 감도전류", id="another English for Korean"),
        pytest.param("RCD", "누전차단기의 감도전류", id="abbreviation for Korean"),
        pytest.param("enclosure", "외함의 보호등급", id="English word for a Korean title"),
        pytest.param("과부하", "Why breakers are tripping", id="Korean for English"),
    ],
)
async def test_another_word_for_it_finds(shelf: Shelf, text: str, title: str) -> None:
    assert title in await shelf.titles(text)


async def test_another_word_for_it_stands_below_the_word_itself(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(article("캐비닛 도장"), article("외함 도장"), article("부스바 도장"))

    assert await shelf.titles("외함") == ["외함 도장", "캐비닛 도장"]


async def test_a_part_of_another_word_is_not_meant(make_shelf: MakeShelf) -> None:
    """함 is a word for 외함; as a form of 하다 it stood in every text. 2P is no 3P, and a type A RCD not every RCD."""
    shelf = await make_shelf(
        article("누전차단기 3P"),
        article("도장을 한다"),
        article("타입 표"),
        article("투피 목록"),
        article("외함"),
    )

    assert await shelf.titles("외함", corrects=False) == ["외함"]
    assert await shelf.titles("누전차단기 3P", corrects=False) == ["누전차단기 3P"]


async def test_what_has_none_of_the_words_is_not_found(shelf: Shelf) -> None:
    assert await shelf.titles("태양광 인버터") == []


async def test_more_of_the_words_stand_above_fewer(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(
        article("단자대"), article("단자대 조임"), article("단자대 조임 토크"), article("외함")
    )

    assert await shelf.titles("단자대 조임 토크", corrects=False) == [
        "단자대 조임 토크",
        "단자대 조임",
        "단자대",
    ]


async def test_a_title_counts_more_than_a_body(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(
        article("피뢰침 설치", OTHER_WORDS), article("옥상 설비", f"지붕에 피뢰침을 둔다. {OTHER_WORDS}")
    )

    assert await shelf.titles("피뢰침") == ["피뢰침 설치", "옥상 설비"]


class TestWhatWasProbablyMeant:
    async def test_is_told(self, shelf: Shelf) -> None:
        found = await shelf.search("rkaehwjsfb")

        assert found.text == "감도전류"
        assert found.corrections == ("감도전류",)

    async def test_is_not_looked_for_where_nobody_wants_it(self, shelf: Shelf) -> None:
        found = await shelf.search("rkaehwjsfb", corrects=False)

        assert (found.hits, found.text, found.corrections) == ((), "rkaehwjsfb", ())

    async def test_does_not_hide_what_was_typed(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("Breaker"))
        await shelf.put(article("Braker street"))

        assert (await shelf.titles("braker"))[0] == "Braker street"

    async def test_is_never_another_number(self, make_shelf: MakeShelf) -> None:
        shelf = await make_shelf(article("Type QX-2540"))

        found = await shelf.search("QZ-2541")

        assert found.corrections == ()

    async def test_leaves_a_code_alone_that_is_a_word_on_the_other_layout(
        self, make_shelf: MakeShelf
    ) -> None:
        """``dktm`` is 아스 on the Korean layout, which is a word for earth; but something of that name has just been put."""
        shelf = await make_shelf(article("아스 단자"))
        await shelf.put(article("Model DKTM", names=("DKTM",)))

        found = await shelf.search("dktm")

        assert [hit.title for hit in found.hits] == ["Model DKTM"]
        assert found.corrections == ()

    async def test_is_no_word_that_is_gone(self, make_shelf: MakeShelf) -> None:
        gone = article("Breaker")
        shelf = await make_shelf(gone, article("Busbar"))
        await shelf.remove(gone)

        assert (await shelf.search("braeker")).corrections == ()


async def test_places_are_marked_in_the_words_as_they_stand(shelf: Shelf) -> None:
    hit = (await shelf.search("누전차단기")).hits[0]

    title = next(each for each in hit.snippets if each.field == "title")
    assert title.text == "누전차단기의 감도전류"
    marked = "".join(title.text[mark.start : mark.end] for mark in title.marks)
    assert marked.startswith("누전차단기")
    assert "의" not in marked
