"""Shapes of evidence."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from kis.api.schemas.common import JsonObject, Time, TraceIdText, WireModel


class EvidenceFile(WireModel):
    """A file of a pack."""

    name: str
    stage: str
    sha256: str
    size: int
    media_type: str


class EvidencePack(WireModel):
    """What is known about a pack."""

    trace_id: TraceIdText
    quote_id: UUID
    sequence: int = Field(ge=1, description="Place in the organisation's line of packs.")
    previous_sha256: str | None
    sha256: str = Field(description="Of its SHA256SUMS; stands for the whole pack.")
    size: int
    created_at: Time
    key_fingerprint: str
    signed: JsonObject = Field(description="The facts under the signature: verdict, total, versions.")
    files: list[EvidenceFile]


class DigestKnown(WireModel):
    """Whether this installation made what has this digest."""

    sha256: str
    known: bool
    kind: Literal["pack", "document", "file"] | None
