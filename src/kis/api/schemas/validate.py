"""Shapes of a validation."""

from typing import Literal

from pydantic import Field

from kis.api.schemas.common import TraceIdText, WireModel


class ValidationFinding(WireModel):
    """One thing found."""

    code: str = Field(
        description="Name of the gate, the finding or the problem.", examples=["breaker.imbalance"]
    )
    message: str
    severity: str
    panel: str | None
    where: str


class ValidatedPanel(WireModel):
    """A panel as it is understood (`tab`), with what was designed (`panel`)."""

    name: str
    quantity: int
    supply: str
    designed: bool | None = None
    enclosure: str | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    depth_mm: int | None = None
    fit_score: float | None = None
    imbalance: float | None = None


class ValidatedBreaker(WireModel):
    """A row of breakers as it was asked for (`tab`) or chosen (`panel`); what is not said is null."""

    panel: str
    role: Literal["main", "branch"]
    name: str | None = None
    kind: str | None = Field(None, description="Null where only the model is named.")
    make: str | None = None
    model: str | None = None
    poles: int | None = None
    frame_af: int | None = None
    rating_a: int
    icu_ka: float | None = None
    load: str | None = None
    load_va: float | None = None
    quantity: int = 1
    main: str | None = None
    phase: str | None = None
    position: str | None = None
    places: list[str] | None = None


class Validation(WireModel):
    """What a validation found. `errors` would keep a quotation from being completed; `doubts` are what was assumed."""

    ruleset: Literal["tab", "panel"]
    valid: bool
    panels: list[ValidatedPanel]
    breakers: list[ValidatedBreaker]
    errors: list[ValidationFinding]
    warnings: list[ValidationFinding]
    doubts: list[ValidationFinding]
    trace_id: TraceIdText
