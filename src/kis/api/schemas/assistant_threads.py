"""Shapes of conversations."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kis.api.schemas.common import Time, TraceIdText, WireModel

Title = Annotated[str, Field(min_length=1, max_length=200)]


class ThreadBody(WireModel):
    """A conversation."""

    id: UUID
    title: str
    product_id: str = Field(description="The product it began with; empty for none.")
    messages: int = Field(description="How many it has.")
    created_at: Time
    updated_at: Time = Field(description="When it was last continued.")


class NewThread(WireModel):
    """A conversation to begin."""

    title: Title
    product_id: Annotated[str, Field(max_length=200)] = ""


class ThreadName(WireModel):
    """What a conversation is to be called."""

    title: Title


class FeedbackBody(WireModel):
    """Whether an answer helped."""

    is_helpful: bool
    comment: Annotated[str, Field(max_length=2000)] = ""


class KeptCitation(WireModel):
    """What a number in an answer stands on."""

    number: int
    document: str = Field(description="SHA-256 of the document.")
    title: str
    url: str
    media_type: str
    page: int
    excerpt: str
    passage: int
    boxes: list[list[float]] = Field(
        description="Left, top, right and bottom of each line, in points from the upper left corner."
    )


class MessageBody(WireModel):
    """A question, or the answer to the one before it."""

    id: UUID
    number: int
    role: Literal["question", "answer"]
    content: str
    product_id: str
    mode: str = Field(
        description="Who worded an answer: extractive, model or calculated; empty for questions."
    )
    refusal: str = Field(description="Why nothing was answered; empty where there is an answer.")
    citations: list[KeptCitation]
    feedback: FeedbackBody | None
    created_at: Time


class ThreadDetails(WireModel):
    """A conversation with its messages, the oldest first."""

    thread: ThreadBody
    messages: list[MessageBody]
    trace_id: TraceIdText
