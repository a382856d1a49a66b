"""What is said over a WebSocket of the assistant, both ways: the one definition that server, tests and the published schema share.

A client that numbers what it types (``seq``) is answered in the short form; one that does not is an older client, and gets the long form. Every message of
an answer carries the ``token`` of its question and a ``seq`` of its own from 1: with the last one it has seen a client goes on after a broken connection.
The first ``status`` and the ``final_answer`` name the question by its ``seq``, and the ``final_answer`` where it is kept, to clients that number their questions.
Unknown fields are ignored, so that a newer client can talk to an older server.
"""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

VERSION: Final = "1.0"
LARGEST_SEQ: Final = 2**53 - 1
"""The largest whole number that JavaScript holds exactly."""
LONGEST_TYPED: Final = 200
LONGEST_QUESTION: Final = 2000
LONGEST_PRODUCT_ID: Final = 200
LONGEST_IMAGE: Final = 7_000_000
"""Of its base64, as a data URL at most: 5 MB of image."""
TOKEN_PATTERN: Final = "^[A-Za-z0-9_-]{24}$"

Seq = Annotated[int, Field(ge=0, le=LARGEST_SEQ, strict=True)]
Token = Annotated[str, Field(pattern=TOKEN_PATTERN)]


class Incoming(BaseModel):
    """A message of a client."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Typing(Incoming):
    """What stands in the box now. Sent on every key press; the newest one is answered, overtaken ones are not."""

    type: Literal["typing"]
    content: str = Field(max_length=LONGEST_TYPED)
    seq: Seq | None = Field(None, description="The client's number of this key press; comes back with it.")


class Question(Incoming):
    """A question about a product, or about none: then the estimator and the knowledge base are asked alone. `lock_and_query` is what older clients say for it."""

    type: Literal["query", "lock_and_query"]
    product_id: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_PRODUCT_ID,
        description="Without it the question is about no product.",
    )
    query: str | None = Field(None, min_length=1, max_length=LONGEST_QUESTION)
    content: str | None = Field(
        None, min_length=1, max_length=LONGEST_QUESTION, description="As `query`, which goes first."
    )
    image: str | None = Field(
        None,
        max_length=LONGEST_IMAGE,
        description="A PNG, JPEG, WebP or GIF of 5 MB at most: base64 or a data URL.",
    )
    seq: Seq | None = Field(
        None,
        description="The client's number of this message; comes back in an error, and as `question_seq` with the answer.",
    )

    @model_validator(mode="after")
    def _asks(self) -> "Question":
        if not self.text:
            raise ValueError("query is missing")
        return self

    @property
    def text(self) -> str:
        """Return what is asked."""
        return (self.query or self.content or "").strip()


class Cancel(Incoming):
    """End an answer; without `token` all of this connection."""

    type: Literal["cancel"]
    token: Token | None = None


class Ping(Incoming):
    """Ask for a `pong`."""

    type: Literal["ping"]


class Resume(Incoming):
    """Go on with an answer after `seq`, the last message of it that arrived (0: none)."""

    type: Literal["resume"]
    token: Token
    seq: Seq = 0


AnyIncoming = Annotated[Typing | Question | Cancel | Ping | Resume, Field(discriminator="type")]
INCOMING: Final[TypeAdapter[Typing | Question | Cancel | Ping | Resume]] = TypeAdapter(AnyIncoming)
INCOMING_TYPES: Final = ("typing", "query", "lock_and_query", "cancel", "ping", "resume")


class Outgoing(BaseModel):
    """A message of the server."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PredictedProduct(Outgoing):
    """A product that may be meant; the rest of it is at `/v1/assistant/products/{id}`."""

    id: str
    name: str
    brand: str
    thumbnail: str | None
    confidence: float = Field(ge=0, le=1)


class Prediction(Outgoing):
    """What the key press `seq` may become, the likeliest first."""

    type: Literal["prediction"] = "prediction"
    seq: Seq
    data: list[PredictedProduct]


class RelatedItem(Outgoing):
    """Another product with what it is to this one."""

    id: str
    name: str
    brand: str
    type: str = Field(description="Kind of the relation: accessory, related, spare_part, …")
    label: str = ""
    thumbnail: str | None = None


class RelatedItems(Outgoing):
    """The context of a long prediction."""

    related_items: list[RelatedItem]


class LongPredictedProduct(Outgoing):
    """A prediction as older clients read it."""

    product: dict[str, Any]
    brand: dict[str, Any]
    context: RelatedItems
    confidence: float = Field(ge=0, le=1)
    match_text: str


class LongPrediction(Outgoing):
    """What was typed may become this: for clients that give no `seq`."""

    type: Literal["prediction"] = "prediction"
    data: list[LongPredictedProduct]


class OfAnswer(Outgoing):
    """A message of an answer."""

    token: Token
    seq: Seq


class Status(OfAnswer):
    """What is being done for the answer."""

    type: Literal["status"] = "status"
    msg: str
    question_seq: Seq | None = Field(None, description="`seq` of the question, where it had one.")


class KnownPrice(Outgoing):
    """What a unit of the product costs."""

    amount: str = Field(description="A decimal number.")
    currency: str
    unit: str
    book: str = Field(description="Name of the price book.")
    valid_from: str = Field(description="The day from which the price book holds.")
    is_illustrative: bool = Field(description="Whether the book is an example and no offer.")


class Context(OfAnswer):
    """What is known of the product that is asked about."""

    type: Literal["context"] = "context"
    brand: dict[str, Any]
    related_items: list[RelatedItem]
    price: KnownPrice | None = Field(
        None, description="For those who may read price books, where one prices the product."
    )


class AnswerChunk(OfAnswer):
    """A piece of the answer's text."""

    type: Literal["answer_chunk"] = "answer_chunk"
    content: str


class CitedBox(Outgoing):
    """A rectangle on the page, in points from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


class CitationMessage(OfAnswer):
    """What `[number]` in the answer stands on."""

    type: Literal["citation"] = "citation"
    number: int
    document: str = Field(description="SHA-256 of the document: with the page the address of its image.")
    title: str
    url: str
    page: int
    excerpt: str
    passage: int
    boxes: list[CitedBox]


class AnswerRestart(OfAnswer):
    """The answer was begun anew in other words: forget its text and citations so far."""

    type: Literal["answer_restart"] = "answer_restart"


class FinalAnswer(OfAnswer):
    """The answer is whole."""

    type: Literal["final_answer"] = "final_answer"
    mode: Literal["extractive", "model", "calculated"] | None = Field(
        None, description="Who worded it; null for a cancelled one."
    )
    refusal: str | None = Field(
        None,
        description="Name of the reason why nothing is answered; the text that was sent says it in words.",
    )
    dropped: int = Field(0, description="Sentences of a model that no passage supports.")
    sure: bool = Field(
        default=True,
        description="False where the passages that come nearest are said, which may answer something else.",
    )
    cancelled: bool = False
    question_seq: Seq | None = Field(None, description="`seq` of the question, where it had one.")
    thread_id: UUID | None = Field(
        None,
        description="The conversation that the answer is kept in, where it is kept: of people, not of API keys and unknown callers. Over the WebSocket only for questions with a `seq`.",
    )
    message_id: UUID | None = Field(
        None, description="The kept answer in that conversation: what is judged as helpful or not."
    )


class Error(Outgoing):
    """Something could not be done. With a `token` it ends that answer."""

    type: Literal["error"] = "error"
    code: str
    message: str
    reason: str | None = Field(None, description="More exactly, where there is a name for it.")
    token: Token | None = None
    seq: Seq | None = None
    retry_after_seconds: float | None = None


class Pong(Outgoing):
    """Here."""

    type: Literal["pong"] = "pong"


AnyOutgoing = (
    Prediction
    | LongPrediction
    | Status
    | Context
    | AnswerChunk
    | CitationMessage
    | AnswerRestart
    | FinalAnswer
    | Error
    | Pong
)
OUTGOING: Final[TypeAdapter[AnyOutgoing]] = TypeAdapter(AnyOutgoing)


def incoming_schema() -> dict[str, Any]:
    """Return the JSON schema of what a client may say."""
    return INCOMING.json_schema()


def outgoing_schema() -> dict[str, Any]:
    """Return the JSON schema of what the server says."""
    return OUTGOING.json_schema(mode="serialization")
