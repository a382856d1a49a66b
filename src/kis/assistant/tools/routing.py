"""Which question goes where: to the estimator, the price books, the knowledge base or the manual."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from kis.assistant.conversing.means import Asked
from kis.assistant.reading.language import language_of
from kis.assistant.things import AnswerEvent, Citation, Finished, Product
from kis.assistant.tools.articles import Articles
from kis.assistant.tools.enclosures import Enclosures
from kis.assistant.tools.intents import asks_price
from kis.assistant.tools.listing import listing_of
from kis.assistant.tools.prices import Prices, is_priced


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
                language = language_of((asked.text,))
                offer = await self._tools.articles.offer(asked.caller, asked.text, language, last + 1)
                for offered in offer or ():
                    yield offered
            yield event
