"""The assistant of an installation: its parts put together."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from typing import Final
from uuid import UUID

from kis.assistant.answering.asking import MOST_PASSAGES, Answerer, Question
from kis.assistant.answering.extractive import ExtractiveAnswerer
from kis.assistant.answering.model import ModelAnswerer
from kis.assistant.answering.model_endpoint import model_of
from kis.assistant.conversing.means import Asked, Caller, KeptAnswer, Means, Related, Surroundings, Wish
from kis.assistant.errors import NoManual
from kis.assistant.manuals import Manuals
from kis.assistant.products import Products
from kis.assistant.products.datasheets import DataSheets
from kis.assistant.products.manual_notes import ManualNotes
from kis.assistant.products.predictors import Predictors
from kis.assistant.reading.language import language_of
from kis.assistant.service import Assistant
from kis.assistant.things import AnswerEvent, Box, Product
from kis.assistant.threads import Threads
from kis.assistant.tools.articles import Articles
from kis.assistant.tools.enclosures import Enclosures, StoredLibraries
from kis.assistant.tools.prices import Prices, is_priced, price_facts
from kis.assistant.tools.routing import Routed, Tools
from kis.knowledge import Knowledge
from kis.platform.configuration import AssistantSettings, Settings
from kis.platform.courtesy import others_first
from kis.platform.database import Database
from kis.platform.errors import BadInput
from kis.platform.messages import Message
from kis.search import Analyzer, QueryVectors, Search, embedder_of

_FOLDER: Final = "assistant/manuals"


@asynccontextmanager
async def open_assistant(
    settings: Settings,
    products: Products,
    threads: Threads,
    *,
    database: Database,
    search: Search,
    knowledge: Knowledge,
    analyzer: Analyzer,
) -> AsyncIterator[Assistant]:
    """Yield the assistant of this process, closed at the end; nothing is fetched, read or built before somebody asks."""
    own = settings.assistant
    async with AsyncExitStack() as closing:
        embedder = embedder_of(settings.search)
        closing.push_async_callback(embedder.close)
        manuals = Manuals(
            own,
            settings.application.data / _FOLDER,
            redis_url=settings.jobs.redis_url.get_secret_value(),
            house=DataSheets(),
            notes=ManualNotes(database),
            vectors=QueryVectors(embedder, seconds=settings.search.embeddings_timeout_seconds),
            analyzer=analyzer,
        )
        closing.push_async_callback(manuals.close)
        predictors = Predictors(products)
        closing.push_async_callback(predictors.close)
        enclosures = Enclosures(StoredLibraries(database), guard_seconds=settings.engine.timeout_seconds)
        closing.callback(enclosures.close)
        tools = Tools(enclosures=enclosures, prices=Prices(products), articles=Articles(search, knowledge))
        means = Means(
            predicting=predictors,
            products=_ProductsOf(products),
            manuals=_ManualsOf(manuals),
            answering=Routed(_FromManuals(manuals, _answerer(own, closing)), tools),
            threads=_ThreadsOf(threads),
        )
        assistant = Assistant(means, settings)
        closing.push_async_callback(assistant.close)
        yield assistant


def _answerer(settings: AssistantSettings, closing: AsyncExitStack) -> Answerer:
    model = model_of(settings)
    if model is None:
        return ExtractiveAnswerer()
    closing.push_async_callback(model.close)
    return ModelAnswerer(model, most_tokens=settings.model_tokens, unsupported=settings.unsupported)


class _ProductsOf:
    """Products as a conversation speaks of them."""

    def __init__(self, products: Products) -> None:
        self._products = products

    async def get(self, caller: Caller, product_id: str) -> Product:
        return await self._products.get(caller, product_id)

    async def surroundings(self, caller: Caller, product_ids: Sequence[str]) -> Sequence[Surroundings]:
        return [
            Surroundings(
                product=each.product,
                brand=asdict(each.brand),
                related=[Related(other.product, other.kind, other.label) for other in each.related],
            )
            for each in await self._products.surroundings(caller, product_ids)
        ]

    async def price(self, caller: Caller, product: Product) -> Mapping[str, object] | None:
        if not is_priced(product):
            return None
        price = (await self._products.details(caller, product.id)).price
        return None if price is None else price_facts(price)


class _NoWish:
    """Nothing is fetched for a product without a manual."""

    def release(self) -> None:
        """Do nothing."""


class _ManualsOf:
    """Manuals by the product they are of."""

    def __init__(self, manuals: Manuals) -> None:
        self._manuals = manuals

    def warm(self) -> None:
        self._manuals.warm()

    def prefetch(self, _caller: Caller, product: Product) -> Wish:
        documentation = product.documentation
        return _NoWish() if documentation is None else self._manuals.prefetch(documentation)

    async def page_image(
        self, product: Product, document: str, page: int, highlight: Sequence[Box]
    ) -> bytes | None:
        if product.documentation is None:
            return None
        manual = await self._manuals.open(product.documentation)
        if manual.sha256 != document:
            return None
        return await self._manuals.page_image(document, page, highlight)


class _FromManuals:
    """Answers from the manual of the product that is asked about."""

    def __init__(self, manuals: Manuals, answerer: Answerer) -> None:
        self._manuals = manuals
        self._answerer = answerer

    async def answer(self, asked: Asked, product: Product) -> AsyncIterator[AnswerEvent]:
        documentation = product.documentation
        if documentation is None:
            raise NoManual(product.name)
        manual = await self._manuals.open(documentation)
        values = {"title": manual.source.title or product.name, "pages": manual.document.pages}
        language = language_of((asked.text,))
        await others_first()
        question = Question(
            text=asked.text,
            language=language,
            found=tuple(await self._manuals.passages(manual, asked.text, MOST_PASSAGES)),
            source=manual.source,
            searched=Message("assistant_protocol.searched", values).text(language.value),
            image=asked.image,
        )
        async for event in self._answerer.answer(question):
            yield event


class _ThreadsOf:
    """Conversations, each question kept in the one it belongs to."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def add(self, asked: Asked, events: Sequence[AnswerEvent], *, answer_id: UUID) -> KeptAnswer | None:
        product_id = "" if asked.product is None else asked.product.id
        try:
            thread_id = await self._threads.keep(
                asked.caller, asked.text, events, product_id=product_id, answer_id=answer_id
            )
        except BadInput:
            return None  # they have as many conversations as one may have, or asked in characters that cannot be kept
        return None if thread_id is None else KeptAnswer(thread_id, answer_id)
