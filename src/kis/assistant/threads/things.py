"""What conversations are made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Role(StrEnum):
    """Who says a message."""

    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation."""

    id: UUID
    title: str
    product_id: str
    """The product it began with; empty for none."""
    messages: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the reader of an answer thought of it."""

    is_helpful: bool
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """A question, or the answer to the one before it."""

    id: UUID
    number: int
    role: Role
    content: str
    product_id: str
    mode: str
    """Who worded an answer; empty for questions."""
    refusal: str
    """Key of the message that says why nothing was answered; empty where there is an answer."""
    citations: tuple[dict[str, Any], ...]
    judgement: Judgement | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread with its messages, the oldest first."""

    thread: Thread
    messages: tuple[KeptMessage, ...]
