"""Shapes of documents, exports and tasks."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from kis.api.schemas.common import JsonObject, Time, TraceIdText, WireModel


class LinkedDocument(WireModel):
    """A document and where it can be fetched for a while."""

    document_id: UUID
    quote_id: UUID
    trace_id: TraceIdText = Field(description="Of the evidence pack it belongs to.")
    kind: str
    name: str
    media_type: str
    sha256: str
    size: int
    created_at: Time
    signed_url: str = Field(description="Works without any other credential until it expires.")
    expires_in_seconds: int


class Documents(WireModel):
    """The documents of the newest issue of a quotation."""

    items: list[LinkedDocument]
    total: int
    trace_id: TraceIdText


Kind = Literal["quotation_pdf", "quotation_xlsx", "template_xlsx", "drawing_svg", "drawing_dxf", "view"]
"""What a document is."""


class ExportWanted(WireModel):
    """Documents to be packed into one archive."""

    quote_ids: list[UUID] = Field(min_length=1, max_length=100)
    kinds: list[Kind] = Field(
        default=[], max_length=20, description="Only documents of these kinds; all where none."
    )


class TaskStarted(WireModel):
    """Work that goes on after the answer; ask after it at `GET /v1/tasks/{taskId}`."""

    task_id: UUID
    trace_id: TraceIdText
    links: dict[str, str]


class Task(WireModel):
    """How far a task is."""

    task_id: UUID
    kind: str
    status: Literal["queued", "running", "done", "failed"]
    progress: JsonObject
    error: JsonObject | None
    signed_url: str | None = Field(description="Of what it made, once it is done.")
    created_at: Time
    finished_at: Time | None
    trace_id: TraceIdText
