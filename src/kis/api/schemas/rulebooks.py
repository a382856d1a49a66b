"""Shapes of rulebooks."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from kis.api.schemas.catalog import UploadFinding
from kis.api.schemas.common import Time, TraceIdText, WireModel


class RulebookFacts(WireModel):
    """A rulebook without its rules."""

    id: UUID
    name: str = Field(examples=["kis-standard"])
    version: str
    valid_from: date
    digest: str = Field(description="SHA-256 of the file.")
    is_own: bool
    created_at: Time


class RuleFacts(WireModel):
    """A rule: its value, where it is from and how sure it is."""

    id: str = Field(examples=["enclosure.bar_space"])
    text: str = Field(description="What it says, in the caller's language.")
    value: str = Field(description="With its unit.", examples=["170 mm"])
    source: str
    status: str


class RulebookWhole(RulebookFacts):
    """A rulebook with its rules."""

    rules: list[RuleFacts]
    trace_id: TraceIdText


class RulebookList(WireModel):
    """All rulebooks of an organisation and those that came with the program."""

    items: list[RulebookFacts]
    trace_id: TraceIdText


class RulebookTaken(RulebookFacts):
    """A rulebook that was taken in, and what is remarkable about it."""

    findings: list[UploadFinding]
    trace_id: TraceIdText


class FieldDifference(WireModel):
    """A field of a rule before and after."""

    name: str
    before: str | None
    after: str | None


class RuleDifference(WireModel):
    """A rule that differs."""

    rule_id: str
    kind: Literal["added", "removed", "changed"]
    decides: bool = Field(description="Its value or limit changed, not only what is said about it.")
    fields: list[FieldDifference]


class RulebookDiff(WireModel):
    """What changed from one rulebook to another."""

    changes: list[RuleDifference]
    trace_id: TraceIdText
