"""Shapes of a validation."""

from typing import Literal

from kis.api.schemas.common import JsonObject, TraceIdText, WireModel


class ValidationFinding(WireModel):
    """One thing found."""

    code: str
    message: str
    severity: str
    panel: str | None
    where: str


class Validation(WireModel):
    """What a validation found. `errors` would keep a quotation from being completed; `doubts` are what was assumed."""

    ruleset: Literal["tab", "panel"]
    valid: bool
    panels: list[JsonObject]
    breakers: list[JsonObject]
    errors: list[ValidationFinding]
    warnings: list[ValidationFinding]
    doubts: list[ValidationFinding]
    trace_id: TraceIdText
