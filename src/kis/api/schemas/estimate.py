"""Shapes of quotations. The engine's own result keeps its names (docs/reference/output.md)."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from kis.api.schemas.common import AmountText, JsonObject, PackTraceIdText, Time, TraceIdText, WireModel

StatusName = Literal[
    "draft",
    "queued",
    "processing",
    "completed",
    "review",
    "failed",
    "sent",
    "won",
    "lost",
    "expired",
]
VerdictName = Literal["pass", "remark", "fail"]
OriginName = Literal["request", "revise", "requote"]
Sha256Text = str


class Links(WireModel):
    """Where the parts of a quotation are found."""

    self: str
    stream: str
    documents: str
    evidence: str


class Accepted(WireModel):
    """A quotation that was accepted; it is made from now on."""

    quote_id: UUID
    number: str = Field(description="Shared by all revisions.", examples=["HB-2026-0042"])
    revision: int = Field(ge=0)
    status: StatusName
    trace_id: PackTraceIdText
    links: Links


class CurrencyConversion(WireModel):
    """By what amounts are shown in another currency than the quotation's: the rate its request records."""

    model_config = ConfigDict(coerce_numbers_to_str=True, extra="ignore")

    quoted_in: str
    krw_per_usd: AmountText
    agreed_on: date


class QuotationSummary(WireModel):
    """A quotation in a list."""

    quote_id: UUID
    number: str
    revision: int
    status: StatusName
    verdict: VerdictName | None
    origin: OriginName
    customer: str
    project: str
    quotation_date: date
    valid_until: date
    currency: str
    total: AmountText | None
    conversion: CurrencyConversion | None = Field(description="None: in the quotation's own currency.")
    trace_id: PackTraceIdText
    created_at: Time
    updated_at: Time
    completed_at: Time | None
    sent_at: Time | None


class PanelBox(WireModel):
    """The enclosure chosen for a panel."""

    model: str
    width_mm: int
    height_mm: int
    depth_mm: int


class PanelPhases(WireModel):
    """Load of the phases in amperes."""

    r: float
    s: float
    t: float
    imbalance: float | None


class PanelSummary(WireModel):
    """A panel of a quotation."""

    panel_id: UUID
    position: int
    name: str
    quantity: int
    designed: bool
    enclosure: PanelBox | None
    fit_score: float | None
    phases: PanelPhases | None
    unit_subtotal: AmountText | None


class GateTakenOn(WireModel):
    """Who took a failing gate on, when and why."""

    accepted_by: str
    accepted_on: date
    reason: str


class GateSummary(WireModel):
    """What a gate said, as GATE_RESULT of the stream does."""

    panel: str | None = Field(description="None for a gate of the whole quotation.")
    gate: str
    stage: str
    verdict: Literal["pass", "remark", "fail", "not_checked", "not_applicable"]
    measured: str | None
    operator: str
    limit: str | None
    unit: str
    explanation: str = Field(description="In the language of the quotation.")
    acceptance: GateTakenOn | None


class DocumentSummary(WireModel):
    """A document; `GET /v1/documents` gives the link."""

    document_id: UUID
    kind: str
    name: str
    media_type: str
    sha256: str
    size: int


class PackSummary(WireModel):
    """An evidence pack of the quotation, the newest first."""

    trace_id: TraceIdText
    sha256: str
    sequence: int
    created_at: str


class GateAcceptanceSummary(WireModel):
    """A failing gate that somebody took on themselves."""

    panel: str | None
    gate: str
    measured: str | None
    reason: str
    accepted_by: str
    accepted_name: str
    accepted_at: str


class RevisionSummary(WireModel):
    """A revision of the same number."""

    quote_id: UUID
    revision: int
    status: StatusName
    origin: OriginName


class FailureProblem(WireModel):
    """One thing wrong with the request."""

    path: str
    message: str


class Failure(WireModel):
    """Why a quotation could not be made."""

    code: str
    message: str
    hint: str | None = None
    problems: list[FailureProblem] | None = None


class Quotation(WireModel):
    """A quotation, whole."""

    quote_id: UUID
    number: str
    revision: int
    status: StatusName
    verdict: VerdictName | None
    origin: OriginName
    previous_id: UUID | None
    trace_id: PackTraceIdText
    customer: str
    project: str
    locale: str
    currency: str
    conversion: CurrencyConversion | None = Field(
        description="Of `totals` and `panels` where `currency` was asked for; `comparison` and `result` stay as they were issued."
    )
    quotation_date: date
    valid_until: date
    totals: JsonObject = Field(
        description="subtotal, margin, discount, net, vat, total as texts; empty until it is made."
    )
    panels: list[PanelSummary]
    gates: list[GateSummary]
    documents: list[DocumentSummary]
    evidence: list[PackSummary]
    acceptances: list[GateAcceptanceSummary]
    revisions: list[RevisionSummary]
    comparison: JsonObject | None = Field(
        description="Of a re-quotation: what changed, line by line, and each total before and after."
    )
    failure: Failure | None
    documents_wanted: list[str]
    request: JsonObject = Field(description="As it was given.")
    result: JsonObject | None = Field(
        description="The engine's whole result, as in the pack's output.json; null until it is made."
    )
    version: int
    created_by: str
    created_at: Time
    updated_at: Time
    started_at: Time | None
    completed_at: Time | None
    sent_at: Time | None
    closed_at: Time | None
    links: Links


class Requote(WireModel):
    """What is to be different; without anything the prices of today."""

    make: str | None = Field(None, min_length=1, max_length=60, description="Every breaker in this make.")
    price_book: str | None = Field(None, min_length=1, max_length=120)
    rulebook: str | None = Field(None, min_length=1, max_length=120)
    quotation_date: date | None = Field(
        None, description="Day of the quotation; today's where none is given."
    )


class GateToAccept(WireModel):
    """A failing gate to take on oneself."""

    gate: str = Field(min_length=1, max_length=80, examples=["breaker.imbalance"])
    panel: str | None = Field(
        None, max_length=60, description="Name of the panel; none for a gate of the whole quotation."
    )
    reason: str = Field(min_length=1, max_length=1000)


class OpenGate(WireModel):
    """A failing gate nobody has taken on."""

    panel: str | None
    gate: str


class GateAccepted(WireModel):
    """What became of the quotation: in review while gates are open, else queued to be issued again."""

    quote_id: UUID
    status: StatusName
    trace_id: PackTraceIdText
    open_gates: list[OpenGate]


class Closing(WireModel):
    """What the customer decided."""

    outcome: Literal["won", "lost"]


class StatusNow(WireModel):
    """Where the quotation stands now."""

    quote_id: UUID
    status: StatusName
    trace_id: TraceIdText


class SentNow(StatusNow):
    """A quotation that was sent; nothing of it changes any more."""

    sent_at: Time
    mailed_to: str | None = Field(description="None: nothing is mailed, somebody hands it over.")
