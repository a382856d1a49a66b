"""What is known of a conversation so far: what is typed, what it may become, what is answered. No terminal and no network here.

Texts of the server come from catalogs and manuals of other people: control characters, which could steer a terminal, are taken out before anything is
kept. Predictions may come late; only one for a newer key press than that which is shown takes its place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

Event = Mapping[str, Any]

LONGEST_TYPED: Final = 200
LONGEST_QUESTION: Final = 2000
_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Controls, and the marks that turn the direction of writing."""


class Stage(StrEnum):
    """What is being typed."""

    PRODUCTS = "products"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class Product:
    """A product that may be meant."""

    id: str
    name: str
    brand: str
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Related:
    """Another product and what it is to the chosen one."""

    name: str
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What ``[number]`` in an answer stands on."""

    number: int
    document: str
    title: str
    url: str
    page: int
    excerpt: str
    highlight: str
    """The boxes to mark, as the address of a page's image names them."""

    @property
    def has_page(self) -> bool:
        """Tell whether it is a page to look at, and not a place of KIS's own: an article, a price book, a rule."""
        return not self.url.startswith("/")


@dataclass(slots=True)
class Answer:
    """A question and what has been said to it."""

    product: Product | None
    question: str
    text: str = ""
    citations: dict[int, Citation] = field(default_factory=dict)
    status: str = ""
    mode: str = ""
    refusal: str = ""
    is_sure: bool = True
    """No: what comes nearest was said, which may not be the answer."""
    dropped: int = 0
    thread_id: str = ""
    """The conversation it is kept in; empty where it is not."""
    message_id: str = ""
    error: str = ""
    error_code: str = ""
    reason: str = ""
    is_over: bool = False
    is_cancelled: bool = False


class Conversation:
    """One person's conversation from the first key press on."""

    def __init__(self) -> None:
        self.stage = Stage.PRODUCTS
        self.typed = ""
        self.products: tuple[Product, ...] = ()
        self.chosen = 0
        self.product: Product | None = None
        self.brand: Mapping[str, str] = {}
        self.related: tuple[Related, ...] = ()
        self.answer: Answer | None = None
        self.notice = ""
        """What the server said of something that is no answer."""
        self.is_connected = True
        self._seq = 0
        self._typed_seq = 0
        self._shown_seq = 0
        self._asked_seq = 0

    @property
    def is_answering(self) -> bool:
        """Tell whether an answer is being made."""
        return self.answer is not None and not self.answer.is_over

    @property
    def is_current(self) -> bool:
        """Tell whether the products that are shown are those of what is typed now."""
        return self._shown_seq == self._typed_seq

    def type(self, text: str) -> Event | None:
        """Note what stands in the box; return what the server is to be told of it."""
        self.typed, self.notice = text, ""
        if self.stage is not Stage.PRODUCTS or text.startswith("/"):
            return None
        return self._typing(text)

    def move(self, steps: int) -> None:
        """Choose another of the predicted products."""
        if self.products:
            self.chosen = (self.chosen + steps) % len(self.products)

    def pick(self) -> Product | None:
        """Go on with the product that is chosen; None where there is none to choose."""
        if self.stage is not Stage.PRODUCTS or not self.products:
            return None
        return self.take(self.products[self.chosen])

    def take(self, product: Product) -> Product:
        """Go on with ``product``."""
        self.product, self.stage, self.products, self.chosen = product, Stage.QUESTIONS, (), 0
        self.brand, self.related, self.answer, self.typed, self.notice = {}, (), None, "", ""
        return product

    def name_again(self) -> Event | None:
        """Return the key press that has the chosen product's manual fetched: its whole name."""
        if self.product is None:
            return None
        return self._typing(self.product.name)

    def ask(self, question: str, *, about_product: bool = True) -> Event | None:
        """Begin a question, about the chosen product or about none; return what the server is to be told."""
        product = self.product if about_product else None
        if self.is_answering or (about_product and product is None):
            return None
        question = encodable(question).strip()[:LONGEST_QUESTION]
        self.notice = ""
        self.answer = Answer(product, question)
        self._asked_seq = self._next()
        asked = {"type": "query", "query": question, "seq": self._asked_seq}
        return asked if product is None else {**asked, "product_id": product.id}

    def cancel(self) -> bool:
        """Wait for the answer no longer; tell whether one was being made."""
        if self.answer is None or self.answer.is_over:
            return False
        self.answer.is_over = self.answer.is_cancelled = True
        return True

    def back(self) -> None:
        """Go back to the products."""
        self.stage, self.product, self.products, self.chosen = Stage.PRODUCTS, None, (), 0
        self.brand, self.related, self.answer, self.typed, self.notice = {}, (), None, "", ""
        self._shown_seq = self._typed_seq

    def surround(self, brand: Mapping[str, Any], related: Sequence[Mapping[str, Any]]) -> None:
        """Note what is known of the chosen product's maker and of what goes with it."""
        self.brand = {
            name: shown_line(value) for name, value in brand.items() if isinstance(value, str) and value
        }
        self.related = tuple(_related(each) for each in related)

    def hear(self, event: Event) -> None:
        """Take in what the server says; what is not known here is left alone."""
        match event.get("type"):
            case "prediction":
                self._predict(event)
            case "error":
                self._fail(event)
            case "context" if self.answer is not None:
                self.surround(event.get("brand", {}), event.get("related_items", ()))
            case _ if self.is_answering:
                assert self.answer is not None
                _go_on(self.answer, event)

    def _predict(self, event: Event) -> None:
        seq = event.get("seq")
        if self.stage is not Stage.PRODUCTS or not isinstance(seq, int) or seq <= self._shown_seq:
            return
        before = self.products[self.chosen].id if self.products and self.chosen else None
        self._shown_seq = seq
        self.products = tuple(product_of(each) for each in event.get("data", ()))
        ids = [product.id for product in self.products]
        self.chosen = ids.index(before) if before in ids else 0

    def _fail(self, event: Event) -> None:
        told = shown_text(event.get("message", ""))
        ends = (
            "token" in event or event.get("code") == "answer_not_found" or event.get("seq") == self._asked_seq
        )
        if self.answer is not None and not self.answer.is_over and ends:
            self.answer.error, self.answer.error_code = told, shown_line(event.get("code", ""))
            self.answer.reason = shown_line(event.get("reason") or "")
            self.answer.is_over = True
        else:
            self.notice = told

    def _typing(self, text: str) -> Event:
        self._typed_seq = self._next()
        return {"type": "typing", "content": encodable(text)[:LONGEST_TYPED], "seq": self._typed_seq}

    def _next(self) -> int:
        self._seq += 1
        return self._seq


def product_of(event: Event) -> Product:
    """Return a product as the server tells it, in a prediction or over HTTP."""
    return Product(
        id=str(event["id"]),
        name=shown_line(event["name"]),
        brand=shown_line(event.get("brand", "")),
        confidence=float(event.get("confidence", 0.0)),
    )


def encodable(text: str) -> str:
    """Return ``text`` with ? for what is no text in the terminal's encoding: it comes as halves of characters, which no message can hold."""
    return text.encode(errors="replace").decode()


def _go_on(answer: Answer, event: Event) -> None:
    """Take one message of an answer in."""
    match event.get("type"):
        case "status":
            answer.status = shown_line(event.get("msg", ""))
        case "answer_chunk":
            answer.text += shown_text(event.get("content", ""))
        case "citation":
            citation = _citation(event)
            answer.citations[citation.number] = citation
        case "answer_restart":
            answer.text = ""
            answer.citations.clear()
        case "final_answer":
            answer.mode = str(event.get("mode") or "")
            answer.refusal = str(event.get("refusal") or "")
            answer.dropped = int(event.get("dropped") or 0)
            answer.is_sure = event.get("sure") is not False
            answer.is_cancelled = bool(event.get("cancelled"))
            answer.thread_id = str(event.get("thread_id") or "")
            answer.message_id = str(event.get("message_id") or "")
            answer.is_over = True


def _related(event: Event) -> Related:
    """Return a related product, in the shape of the WebSocket or of HTTP."""
    product = event.get("product", event)
    kind = event.get("kind", event.get("type", ""))
    return Related(shown_line(product.get("name", "")), shown_line(kind), shown_line(event.get("label", "")))


def _citation(event: Event) -> Citation:
    edges = ("left", "top", "right", "bottom")
    boxes = [[max(0.0, round(float(box[edge]), 2)) for edge in edges] for box in event.get("boxes", ())]
    return Citation(
        number=int(event["number"]),
        document=str(event["document"]),
        title=shown_line(event.get("title", "")),
        url=shown_line(event.get("url", "")),
        page=int(event["page"]),
        excerpt=shown_line(event.get("excerpt", "")),
        highlight=";".join(",".join(f"{edge:g}" for edge in box) for box in boxes),
    )


def shown_text(value: object) -> str:
    """Return a text of the server's without what would steer a terminal."""
    return _UNSHOWABLE.sub("", str(value))


def shown_line(value: object) -> str:
    """Return a text of the server's as one line that steers no terminal."""
    return " ".join(shown_text(value).split())
