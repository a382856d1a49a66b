"""Small real means of a conversation: a shelf of products, manuals that note who wants them, an answerer that goes on sentence by sentence when it is let."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from kis.assistant.conversing.means import Asked, Caller, KeptAnswer, Means, Related, Surroundings
from kis.assistant.errors import ProductNotFound
from kis.assistant.things import (
    AnswerEvent,
    AnswerMode,
    Box,
    Chunk,
    Citation,
    Documentation,
    DocumentationType,
    Finished,
    Product,
    Sentence,
    Source,
)

SHA256: Final = "ab" * 32
THREAD_ID: Final = UUID("00000000-0000-4000-8000-00000000000a")
SOURCE: Final = Source(sha256=SHA256, title="TD-17 manual", url="https://example.com/td17.pdf")
PRODUCTS: Final = (
    Product(
        id="td17",
        name="TD-17",
        brand="Roland",
        images={"thumbnail": "https://example.com/td17.png"},
        documentation=Documentation(DocumentationType.PDF, "https://example.com/td17.pdf"),
    ),
    Product(
        id="td27",
        name="TD-27",
        brand="Roland",
        documentation=Documentation(DocumentationType.PDF, "https://example.com/td27.pdf"),
    ),
    Product(id="cable", name="Cable", brand="Roland"),
)


@dataclass(frozen=True)
class Hit:
    """A prediction."""

    product: Product
    confidence: float
    match_text: str


class Shelf:
    """Products whose names begin with what is typed; sure when one alone is left. ``gate`` holds predictions back while it is closed."""

    def __init__(self) -> None:
        self.typed: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None

    def warm(self) -> None:
        """Do nothing: all is there."""

    def predict_now(self, _caller: Caller, text: str, limit: int) -> Sequence[Hit] | None:
        return self._predicted(text, limit) if self.gate.is_set() else None

    async def predict(self, _caller: Caller, text: str, limit: int) -> Sequence[Hit]:
        await self.gate.wait()
        return self._predicted(text, limit)

    def _predicted(self, text: str, limit: int) -> Sequence[Hit]:
        self.typed.append(text)
        if self.failure is not None:
            raise self.failure
        found = [each for each in PRODUCTS if text and each.name.casefold().startswith(text.casefold())]
        sure = 0.95 if len(found) == 1 else 0.4
        return [Hit(each, sure, text) for each in found[:limit]]

    async def get(self, _caller: Caller, product_id: str) -> Product:
        for each in PRODUCTS:
            if each.id == product_id:
                return each
        raise ProductNotFound(product_id)

    async def surroundings(self, caller: Caller, product_ids: Sequence[str]) -> Sequence[Surroundings]:
        products = [await self.get(caller, each) for each in product_ids]
        return [
            Surroundings(
                product=product,
                brand={"id": "roland", "name": product.brand},
                related=[] if product.id == "cable" else [Related(PRODUCTS[2], "accessory", "fits")],
            )
            for product in products
        ]

    async def price(self, _caller: Caller, _product: Product) -> Mapping[str, object] | None:
        return None


@dataclass
class Wanted:
    """Manuals that somebody wants now, and all that were ever wanted."""

    now: list[str] = field(default_factory=list)
    ever: list[str] = field(default_factory=list)

    def warm(self) -> None:
        """Do nothing: nothing is read."""

    def prefetch(self, _caller: Caller, product: Product) -> "_Wish":
        self.now.append(product.id)
        self.ever.append(product.id)
        return _Wish(self, product.id)

    async def page_image(
        self, product: Product, document: str, page: int, highlight: Sequence[Box]
    ) -> bytes | None:
        if document != SHA256 or product.id != "td17":
            return None
        return b"\x89PNG\r\n\x1a\n" + f"{page} {len(highlight)}".encode()


@dataclass
class _Wish:
    wanted: Wanted
    product_id: str

    def release(self) -> None:
        self.wanted.now.remove(self.product_id)


class Teller:
    """Tells ``sentences``, each with its citation; after ``stops_after`` of them it waits for ``gate``."""

    def __init__(self, sentences: Sequence[str], *, stops_after: int | None = None) -> None:
        self.sentences = tuple(sentences)
        self.stops_after = stops_after
        self.gate = asyncio.Event()
        self.failure: Exception | None = None
        self.asked: list[Asked] = []
        self.ended = 0

    async def answer(self, asked: Asked) -> AsyncIterator[AnswerEvent]:
        self.asked.append(asked)
        try:
            for number, sentence in enumerate(self.sentences, start=1):
                if self.stops_after is not None and number > self.stops_after:
                    await self.gate.wait()
                if self.failure is not None:
                    raise self.failure
                boxes = (Box(1, 2, 3, 4),)
                yield Citation(
                    number=number, source=SOURCE, page=number, excerpt=sentence, passage=number, boxes=boxes
                )
                yield Chunk(f"{sentence} [{number}] ")
            told = tuple(Sentence(text, (number,)) for number, text in enumerate(self.sentences, start=1))
            yield Finished(mode=AnswerMode.EXTRACTIVE, sentences=told)
        finally:
            self.ended += 1


class Kept:
    """Conversations that were kept. ``gate`` holds keeping back while it is closed; ``asked`` are the ids of what was to be kept."""

    def __init__(self) -> None:
        self.all: list[tuple[Asked, Sequence[AnswerEvent]]] = []
        self.asked: list[UUID] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None

    async def add(self, asked: Asked, events: Sequence[AnswerEvent], *, answer_id: UUID) -> KeptAnswer | None:
        self.asked.append(answer_id)
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        self.all.append((asked, tuple(events)))
        return None if asked.caller is None else KeptAnswer(THREAD_ID, answer_id)


def means_of(
    *, shelf: Shelf | None = None, wanted: Wanted | None = None, teller: Teller, kept: Kept | None = None
) -> Means:
    """Return means with the parts given, and new ones for the others."""
    shelf = shelf or Shelf()
    return Means(
        predicting=shelf,
        products=shelf,
        manuals=wanted or Wanted(),
        answering=teller,
        threads=kept or Kept(),
    )
