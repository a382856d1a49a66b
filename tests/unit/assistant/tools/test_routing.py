"""Which question goes where."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from kis.assistant.conversing.means import Asked
from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Citation, Finished, Product, Source
from kis.assistant.tools.articles import Articles
from kis.assistant.tools.enclosures import Enclosures
from kis.assistant.tools.prices import Prices
from kis.assistant.tools.routing import Routed, Tools
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


def routed(*, refuses: bool = False) -> Routed:
    tools = Tools(
        enclosures=cast("Enclosures", Says("enclosure")),
        prices=cast("Prices", Says("price")),
        articles=cast("Articles", Offers("article")),
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
