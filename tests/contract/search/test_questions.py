"""How questions are read: words without spaces, slips and what is none, words that ask, and numbers however they are written."""

import pytest

from kis.search import Language
from tests.contract.search.conftest import MakeShelf
from tests.factories.searching import Shelf, article

HEATER = article(
    "Condensation",
    "A heater with a thermostat keeps the box warmer than the room, so no water condenses at night.",
    language=Language.EN,
)
FEEDER = article(
    "Protective conductor",
    "The earth conductor of a feeder was broken by a loose screw. Its size follows that of the phase.",
    language=Language.EN,
)
DROP = article("전압강하", "굵기 1,500 mm², 길이 30 m, 전류 20 A인 선로에서 5.3 V가 떨어진다.")
WHY = article("까닭", "왜 그런지 묻는 사람이 많다. 까닭은 여러 가지이다.")
LABEL = article("회로 이름표", "이름표가 적힌 회로를 찾는다.")
ALL = (HEATER, FEEDER, DROP, WHY, LABEL)


@pytest.fixture
async def shelf(make_shelf: MakeShelf) -> Shelf:
    return await make_shelf(*ALL)


@pytest.mark.parametrize(
    ("typed", "read", "title"),
    [
        pytest.param(
            "Howdoesaheaterkeeptheboxwarmer?",
            "how does a heater keep the box warmer?",
            "Condensation",
            id="all of it",
        ),
        pytest.param(
            "earthconductorofafeeder",
            "earth conductor of a feeder",
            "Protective conductor",
            id="half a question",
        ),
        pytest.param(
            "is theearthconductorbroken",
            "is the earth conductor broken",
            "Protective conductor",
            id="a part of it",
        ),
    ],
)
async def test_english_without_spaces(shelf: Shelf, typed: str, read: str, title: str) -> None:
    found = await shelf.search(typed)

    assert [hit.title for hit in found.hits][:1] == [title]
    assert found.corrections == (read,)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        pytest.param("what breaks it", "Protective conductor", id="irregular"),
        pytest.param("condensing", "Condensation", id="regular"),
        pytest.param("20A 30M", "전압강하", id="units without a space"),
        pytest.param("20암페어", "전압강하", id="a unit in Korean"),
        pytest.param("1500mm2", "전압강하", id="without commas"),
        pytest.param("1500스퀘어", "전압강하", id="as the trade says it"),
    ],
)
async def test_another_form_finds(shelf: Shelf, typed: str, title: str) -> None:
    assert [hit.title for hit in (await shelf.search(typed)).hits][:1] == [title]


@pytest.mark.parametrize("typed", ["what happened to the loosed phases", "why don't heaters condense water"])
async def test_another_form_is_no_slip(shelf: Shelf, typed: str) -> None:
    assert (await shelf.search(typed)).corrections == ()


@pytest.mark.parametrize(
    ("typed", "meant"), [("haeter", "heater"), ("conductpr", "conductor"), ("thermstat", "thermostat")]
)
async def test_a_likely_slip_is_read_as_what_was_meant(shelf: Shelf, typed: str, meant: str) -> None:
    assert (await shelf.search(typed)).corrections == (meant,)


@pytest.mark.parametrize("typed", ["loope", "roam", "sire"])
async def test_an_unlikely_one_is_not(shelf: Shelf, typed: str) -> None:
    """Not: loose, room, size. Of p and s, a and o by ear alone, r and z no finger takes one for the other."""
    assert "loose" not in (found := (await shelf.search(typed)).corrections)
    assert "size" not in found


async def test_words_that_ask_count_little_and_are_found_where_nothing_else_is_asked(
    shelf: Shelf, cut_by: str
) -> None:
    if cut_by == "morphemes":
        found = await shelf.search("왜 전압이 떨어지는 까닭이 있나요")
        assert found.hits[0].title == "전압강하"
    assert (await shelf.search("왜")).hits[0].title == "까닭"
