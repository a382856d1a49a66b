"""Which question goes where: to the estimator, the price books, the knowledge base or the manual."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from kis.assistant.conversing.means import Asked
from kis.assistant.reading.language import language_of
from kis.assistant.things import AnswerEvent, Chunk, Citation, Finished, Product
from kis.assistant.tools.articles import Articles
from kis.assistant.tools.enclosures import Enclosures
from kis.assistant.tools.intents import asks_price
from kis.assistant.tools.listing import listing_of
from kis.assistant.tools.prices import Prices, is_priced

OFFER_SECONDS: Final = 10.0
"""How long a refusal waits for an article that is offered behind it."""
log = structlog.get_logger(__name__)


class FromManual(Protocol):
    """Answers from the manual of a product."""

    def answer(self, asked: Asked, product: Product) -> AsyncIterator[AnswerEvent]:
        """Yield the answer as it is made, ``Finished`` last. Raises ManualUnavailable and its leaves."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What is asked beside the manual."""

    enclosures: Enclosures
    prices: Prices
    articles: Articles


class Routed:
    """Answers each question from where its answer is."""

    def __init__(self, manual: FromManual, tools: Tools) -> None:
        self._manual = manual
        self._tools = tools

    def answer(self, asked: Asked) -> AsyncIterator[AnswerEvent]:
        """Yield the answer. Raises ManualUnavailable and its leaves, Unavailable."""
        language, listing = language_of((asked.text,)), listing_of(asked.text)
        tools, product = self._tools, asked.product
        if listing is not None:
            return tools.enclosures.answer(asked.caller, listing, language)
        if product is None:
            return tools.articles.answer(asked.caller, asked.text, language)
        if is_priced(product) and asks_price(asked.text):
            return tools.prices.answer(asked.caller, product, language)
        return self._from_manual(asked, product)

    async def _from_manual(self, asked: Asked, product: Product) -> AsyncIterator[AnswerEvent]:
        """Yield the manual's answer; where it has none, an article that has one is offered behind the refusal."""
        last = 0
        async for event in self._manual.answer(asked, product):
            if isinstance(event, Citation):
                last = max(last, event.number)
            if isinstance(event, Finished) and event.refusal is not None:
                for offered in await self._offered(asked, last + 1):
                    yield offered
            yield event

    async def _offered(self, asked: Asked, number: int) -> tuple[Citation, Chunk] | tuple[()]:
        """Return the article to offer, if there is one to be had. A refusal stands without one, whatever keeps the search from finding it."""
        language = language_of((asked.text,))
        try:
            async with asyncio.timeout(OFFER_SECONDS):
                return await self._tools.articles.offer(asked.caller, asked.text, language, number) or ()
        except Exception as error:  # noqa: BLE001 - the answer that is there is worth more than the one that is not
            log.warning("assistant.article_not_offered", error=type(error).__name__)
            return ()
