"""What a product costs, for who may read price books."""

from collections.abc import AsyncIterator, Iterator
from time import perf_counter
from typing import Final

from kis.assistant.conversing.means import Caller
from kis.assistant.products import ProductPrice, Products
from kis.assistant.products.catalog_file import PART_PREFIX
from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Citation, Finished, Product, Sentence, Source
from kis.assistant.tools.telling import refused, told
from kis.identity import Permission
from kis.platform.money import amount_text
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS
from kis.search import Language

_NUMBER: Final = 1


def is_priced(product: Product) -> bool:
    """Tell whether a product is of the kind that price books price: a part of the catalogue. Of others the manual is asked."""
    return product.id.startswith(PART_PREFIX)


def price_facts(price: ProductPrice) -> dict[str, object]:
    """Return a price as it is told beside a product."""
    return {
        "amount": amount_text(price.amount, price.currency),
        "currency": price.currency,
        "unit": price.unit,
        "book": price.book,
        "valid_from": price.valid_from.isoformat(),
        "is_illustrative": price.is_illustrative,
    }


class Prices:
    """Tells prices of the parts of the catalogue."""

    def __init__(self, products: Products) -> None:
        self._products = products

    async def answer(
        self, caller: Caller, product: Product, language: Language
    ) -> AsyncIterator[AnswerEvent]:
        """Yield the price with the book it stands in and the day it holds from. Raises ProductNotFound."""
        begun = perf_counter()
        for event in await self._events(caller, product, language):
            yield event
        ANSWER_GENERATION_SECONDS.labels(AnswerMode.CALCULATED).observe(perf_counter() - begun)

    async def _events(self, caller: Caller, product: Product, language: Language) -> list[AnswerEvent]:
        if caller is None or not caller.may(Permission.PRICE_BOOK_READ):
            return list(refused("may_not_see_prices", language))
        price = (await self._products.details(caller, product.id)).price
        if price is None:
            return list(refused("no_price", language, {"product": product.name}))
        amount = f"{price.amount:,f}"
        first = told(
            "assistant_tools.price.known",
            language,
            product=product.name,
            unit=price.unit,
            amount=amount,
            currency=price.currency,
        )
        source = Source(
            sha256=price.digest,
            title=told("assistant_tools.source.price_book", language, name=price.book),
            url=f"/v1/price-books/{price.book}",
            media_type="application/json",
        )
        excerpt = f"{product.name}: {amount} {price.currency} / {price.unit}"
        return list(
            self._told(
                Citation(number=_NUMBER, source=source, page=1, excerpt=excerpt, passage=0),
                first,
                told("assistant_tools.price.day", language, day=price.valid_from.isoformat()),
                told("assistant_tools.price.illustrative", language) if price.is_illustrative else "",
            )
        )

    def _told(self, citation: Citation, first: str, *more: str) -> Iterator[AnswerEvent]:
        yield citation
        yield Chunk(f"{first} [{citation.number}] {' '.join(filter(None, more))}")
        yield Finished(mode=AnswerMode.CALCULATED, sentences=(Sentence(first, (citation.number,)),))
