"""What a conversation works with, as it needs it: small protocols that the assistant's other parts fill."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from kis.assistant.things import AnswerEvent, Box, Product
from kis.identity import Principal
from kis.platform.messages import Locale

Caller = Principal | None
"""Who talks; None for somebody unknown, where that is allowed."""


class Predicted(Protocol):
    """A product that may be meant."""

    @property
    def product(self) -> Product:
        """Return the product."""
        ...

    @property
    def confidence(self) -> float:
        """Return how sure it is, from 0 to 1."""
        ...

    @property
    def match_text(self) -> str:
        """Return what of its names the text is taken for."""
        ...


@dataclass(frozen=True, slots=True)
class Related:
    """Another product with what it is to the one spoken of."""

    product: Product
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """A product with what belongs to it."""

    product: Product
    brand: Mapping[str, object]
    """What is known of it, its ``name`` at least."""
    related: Sequence[Related]
    """Those alone that the caller sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is handed on. The same question over the same manual is answered alike by what needs no model."""

    caller: Caller
    product: Product | None
    """None for a question about no product."""
    text: str
    locale: Locale
    image: bytes | None = None


class Wish(Protocol):
    """A manual that is being fetched because somebody seems to want it."""

    def release(self) -> None:
        """Want it no longer."""
        ...


class Predicting(Protocol):
    """Finds products while one types."""

    def warm(self) -> None:
        """Have ready what the first key press would wait for."""
        ...

    def predict_now(self, caller: Caller, text: str, limit: int) -> Sequence[Predicted] | None:
        """Return what :meth:`predict` does where nothing has to be waited for; None where something has."""
        ...

    async def predict(self, caller: Caller, text: str, limit: int) -> Sequence[Predicted]:
        """Return the likeliest products the caller sees, the best first."""
        ...


class Products(Protocol):
    """Knows products."""

    async def get(self, caller: Caller, product_id: str) -> Product:
        """Return a product. Raises ProductNotFound."""
        ...

    async def surroundings(self, caller: Caller, product_ids: Sequence[str]) -> Sequence[Surroundings]:
        """Return products with what belongs to them, in that order. Raises ProductNotFound."""
        ...

    async def price(self, caller: Caller, product: Product) -> Mapping[str, object] | None:
        """Return what the product costs, as it is told; None where no price is known or the caller may see none."""
        ...


class Manuals(Protocol):
    """Fetches manuals before they are asked for, and shows their pages."""

    def warm(self) -> None:
        """Have ready what the first manual would wait for."""
        ...

    def prefetch(self, caller: Caller, product: Product) -> Wish:
        """Begin to fetch the product's manual, where it has one."""
        ...

    async def page_image(
        self, product: Product, document: str, page: int, highlight: Sequence[Box]
    ) -> bytes | None:
        """Return a page of the product's manual as PNG; None where ``document`` is not its manual. Raises ManualUnavailable and its leaves, NotFound."""
        ...


class Answering(Protocol):
    """Answers questions from where their answer is: the product's manual, which it opens, or what can be worked out or looked up."""

    def answer(self, asked: Asked) -> AsyncIterator[AnswerEvent]:
        """Yield the answer as it is made, ``Finished`` last. Raises ManualUnavailable and its leaves, Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """Where an answer is kept."""

    thread_id: UUID
    message_id: UUID


class Threads(Protocol):
    """Keeps conversations."""

    async def add(self, asked: Asked, events: Sequence[AnswerEvent], *, answer_id: UUID) -> KeptAnswer | None:
        """Keep a question with its whole answer as ``answer_id``, once, and return where; None for unknown callers and machines, of whom nothing is kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """All of it, handed over together."""

    predicting: Predicting
    products: Products
    manuals: Manuals
    answering: Answering
    threads: Threads
