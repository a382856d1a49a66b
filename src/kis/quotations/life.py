"""The life of a quotation: its statuses, what each allows, what is told of it. The order of statuses is held by the database (``estimator.status_may_follow``)."""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a quotation stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    REVIEW = "review"
    FAILED = "failed"
    SENT = "sent"
    WON = "won"
    LOST = "lost"
    EXPIRED = "expired"


class Origin(StrEnum):
    """Why a quotation was made."""

    REQUEST = "request"
    REVISE = "revise"
    REQUOTE = "requote"


class EventKind(StrEnum):
    """What a listener of the stream is told; HEARTBEAT is never stored."""

    PROGRESS = "PROGRESS"
    GATE_RESULT = "GATE_RESULT"
    DONE = "DONE"
    ERROR = "ERROR"
    HEARTBEAT = "HEARTBEAT"


RUNNING: Final = (Status.QUEUED, Status.PROCESSING)
FINISHED: Final = (
    Status.COMPLETED,
    Status.REVIEW,
    Status.SENT,
    Status.WON,
    Status.LOST,
    Status.EXPIRED,
)
"""With a result."""
REVISABLE: Final = (*FINISHED, Status.FAILED)
CLOSABLE: Final = (Status.SENT, Status.EXPIRED)
PRODUCE: Final = "quotation.produce"
"""Kind of the job that makes a quotation."""
EXPORT: Final = "document.export"
"""Kind of the job that packs documents of quotations into one archive."""


def topic(quote_id: object) -> str:
    """Return what listeners of a quotation's events subscribe to."""
    return f"quotation:{quote_id}"
