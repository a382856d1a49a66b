"""Which question goes where."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
import structlog

from kis.assistant.conversing.means import Asked
from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Citation, Finished, Product, Source
from kis.assistant.tools import routing
from kis.assistant.tools.articles import Articles
from kis.assistant.tools.enclosures import Enclosures
from kis.assistant.tools.prices import Prices
from kis.assistant.tools.routing import Routed, Tools
from kis.platform.errors import Unavailable
from kis.platform.messages import Message
from tests.factories.answers import gathered

PART = Product(id="part:breaker:ABN-103", name="ABN-103", brand="LS ELECTRIC")
MACHINE = Product(id="kx", name="KX", brand="Maker")
LISTED = "함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인"
SOURCE = Source(sha256="ab" * 32, title="KX manual", url="https://example.com/kx.pdf")
ARTICLE = Source(sha256="cd" * 32, title="Article", url="/v1/knowledge/1", media_type="text/markdown")


class Says:
    """Says its name; a manual that knows nothing refuses with what it cites."""

    def __init__(self, name: str, *, refuses: bool = False) -> None:
        self.name, self.refuses = name, refuses

    async def answer(self, *_asked: Any) -> AsyncIterator[AnswerEvent]:
        for number in (1, 2) if self.refuses else ():
            yield Citation(number=number, source=SOURCE, page=1, excerpt="", passage=0)
        yield Chunk(self.name)
        yield Finished(mode=AnswerMode.EXTRACTIVE, refusal="a.b" if self.refuses else None)


class Offers(Says):
    """Articles that always have something to offer."""

    async def offer(self, *asked: Any) -> tuple[Citation, Chunk]:
        number = asked[-1]
        cited = Citation(number=number, source=ARTICLE, page=1, excerpt="", passage=0)
        return cited, Chunk(f" look [{number}]")


class Fails(Says):
    """Articles that are not to be had."""

    def __init__(self, error: Exception) -> None:
        super().__init__("article")
        self.error = error

    async def offer(self, *_asked: Any) -> tuple[Citation, Chunk]:
        raise self.error


class Hangs(Says):
    """Articles that nobody gets to the end of."""

    async def offer(self, *_asked: Any) -> tuple[Citation, Chunk]:
        await asyncio.Event().wait()
        raise AssertionError


def routed(*, refuses: bool = False, articles: Says | None = None) -> Routed:
    tools = Tools(
        enclosures=cast("Enclosures", Says("enclosure")),
        prices=cast("Prices", Says("price")),
        articles=cast("Articles", articles or Offers("article")),
    )
    return Routed(Says("manual", refuses=refuses), tools)


def asked(text: str, product: Product | None) -> Asked:
    return Asked(caller=None, product=product, text=text, locale="ko")


@pytest.mark.parametrize(
    ("text", "product", "place"),
    [
        (LISTED, None, "enclosure"),
        (LISTED, PART, "enclosure"),
        (LISTED, MACHINE, "enclosure"),
        ("가격은?", PART, "price"),
        ("가격은?", MACHINE, "manual"),
        ("가격은?", None, "article"),
        ("차단 용량은?", PART, "manual"),
        ("차단 용량은?", None, "article"),
    ],
)
async def test_each_goes_where_its_answer_is(text: str, product: Product | None, place: str) -> None:
    assert (await gathered(routed().answer(asked(text, product)))).text == place


async def test_where_the_manual_refuses_an_article_is_offered_under_a_number_of_its_own() -> None:
    answer = await gathered(routed(refuses=True).answer(asked("색상은?", MACHINE)))

    assert answer.text == "manual look [3]"
    assert answer.citations[3].source == ARTICLE
    assert answer.finished.refusal == "a.b"


@pytest.mark.parametrize(
    "error", [Unavailable(Message("assistant_tools.busy")), ConnectionResetError("gone"), TimeoutError()]
)
async def test_a_refusal_stands_where_no_article_can_be_searched(error: Exception) -> None:
    with structlog.testing.capture_logs() as lines:
        answer = await gathered(routed(refuses=True, articles=Fails(error)).answer(asked("색상은?", MACHINE)))

    assert (answer.text, sorted(answer.citations), answer.finished.refusal) == ("manual", [1, 2], "a.b")
    assert [line["event"] for line in lines] == ["assistant.article_not_offered"]
    assert lines[0]["error"] == type(error).__name__


async def test_a_refusal_does_not_wait_for_ever_for_an_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "OFFER_SECONDS", 0.01)

    answer = await gathered(routed(refuses=True, articles=Hangs("article")).answer(asked("색상은?", MACHINE)))

    assert (answer.text, answer.finished.refusal) == ("manual", "a.b")
