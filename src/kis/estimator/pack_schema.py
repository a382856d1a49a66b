"""What the JSON files of a pack must hold: keys and types. A later engine may add keys; the ones here never change their meaning.

Names and meanings of every field are in docs/reference/output.md.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kis.estimator.output import SCHEMA

Verdict = Literal["pass", "remark", "fail", "not_checked"]
Operator = Literal["=", "<=", ">="]
Measured = int | float | str | None
Figure = Measured | bool
Money = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
SchemaName = Annotated[str, Field(alias="schema", pattern=f"^{SCHEMA}$")]


class Record(BaseModel):
    """Base of all: strict types, unknown keys left alone."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, allow_inf_nan=False)


class BecauseRecord(Record):
    """A rule at work and the inputs it took."""

    rule: str
    inputs: dict[str, Figure]


class AcceptanceRecord(Record):
    """A failing gate that a person took on themselves."""

    gate: str
    panel: str
    accepted_by: str
    accepted_on: Day
    reason: str


class GateRecord(Record):
    """A gate."""

    id: str
    stage: str
    measured: Measured
    operator: Operator
    limit: Measured
    unit: str
    verdict: Verdict
    explanation: str
    rule: str
    inputs: dict[str, Figure]
    acceptance: AcceptanceRecord | None = None


class LineRecord(Record):
    """A priced line; nothing is priced without a reason."""

    kind: str
    item: str
    spec: str
    unit: str
    quantity: Money
    unit_price: Money
    amount: Money
    because: Annotated[list[BecauseRecord], Field(min_length=1)]


class MainRecord(Record):
    """A main breaker."""

    name: str
    model: str
    make: str
    kind: str
    poles: int
    frame_af: int
    rating_a: int
    cable: str
    icu_ka: int | float | None
    icu_at_v: int | None
    outline_source: str
    icu_source: str


class BranchRecord(Record):
    """Branches of one model, load and phase."""

    model: str
    make: str
    kind: str
    poles: int
    frame_af: int
    rating_a: int
    sensitivity_ma: int | None
    icu_ka: int | float | None
    icu_at_v: int | None
    load: str | None
    cable: str
    phase_load_va: int | float
    main: str
    spd: bool
    spare: bool
    quantity: int
    phase: str
    places: list[str]


class AccessoryRecord(Record):
    """Accessories of one model."""

    kind: str
    model: str
    quantity: int
    source: str


class EnclosureRecord(Record):
    """The box."""

    series: str
    model: str
    custom: bool
    material: str
    mounting: str
    width_mm: int
    height_mm: int
    depth_mm: int
    needed_width_mm: int
    needed_height_mm: int
    needed_depth_mm: int
    depth_geometry_mm: int
    depth_verified: bool
    fit_score: int | float
    ip: int | None
    ip_verified: bool
    price_depending_on_box: Money
    candidates: int
    arrangements: int
    because: dict[str, list[BecauseRecord]]


class ObjectiveRecord(Record):
    """What was made least, and the proof."""

    name: str
    main: str | None
    value: Money | int | float
    bound: Money | int | float
    unit: str
    proven_optimal: bool
    status: str
    reason: str


class PhasesRecord(Record):
    """The phases; the loads themselves are named after the phases of the network (``phase_r``, ``phase_r_va``)."""

    main: str
    applicable: bool
    counts: list[int]
    imbalance: int | float | None
    korean_percent: int | float | None
    nema_percent: int | float | None
    count_difference: int | None
    proven_optimal: bool
    bound: int | float
    bound_unit: str
    heuristic_only: bool


class FindingRecord(Record):
    """Something a stage found."""

    code: str
    severity: Literal["violation", "warning", "recommendation", "information"]
    message: str
    rule: str
    figure: Figure
    limit: Figure
    unit: str
    where: str
    subjects: list[str]


class PanelTotalsRecord(Record):
    """What one panel and all of its kind cost."""

    unit_subtotal: Money
    quantity: int
    subtotal: Money
    currency: str


class PanelRecord(Record):
    """A panel."""

    name: str
    quantity: int
    designed: bool
    supply: str
    mounting: str
    mains: list[MainRecord]
    branches: list[BranchRecord]
    accessories: list[AccessoryRecord]
    enclosure: EnclosureRecord | None
    phases: PhasesRecord | None
    objectives: list[ObjectiveRecord]
    gates: list[GateRecord]
    findings: list[FindingRecord]
    lines: list[LineRecord]
    totals: PanelTotalsRecord


class ExtraLineRecord(Record):
    """A line the request added."""

    item: str
    spec: str
    unit: str
    quantity: Money
    unit_price: Money
    amount: Money


class TotalsRecord(Record):
    """The totals of the quotation."""

    subtotal: Money
    margin: Money
    discount: Money
    net: Money
    vat: Money
    total: Money
    currency: str


class VersionRecord(Record):
    """A version of something and its digest."""

    version: str
    sha256: Digest


class RulebookRecord(VersionRecord):
    """The rulebook."""

    id: str


class PriceBookRecord(RulebookRecord):
    """The price book."""

    title: str
    illustrative: bool


class EngineRecord(Record):
    """What made the result."""

    name: str
    version: str


class CustomerRecord(Record):
    """Who asked."""

    name: str


class DocumentRecord(Record):
    """A file made from the result."""

    kind: str
    path: str
    media_type: str
    size: int
    sha256: Digest


class QuotationRecord(Record):
    """What the documents are known by."""

    number: str
    document_id: str
    engineering_sha256: Digest


class OutputRecord(Record):
    """output.json."""

    schema_name: SchemaName
    traceId: str  # noqa: N815 - the name in the file
    created_at: str
    status: Literal["completed", "review"]
    verdict: Literal["pass", "remark", "fail"]
    customer: CustomerRecord
    project: str
    quotation_date: Day
    valid_until: Day
    locale: str
    currency: str
    engine: EngineRecord
    catalog: VersionRecord
    price_book: PriceBookRecord
    rulebook: RulebookRecord
    panels: list[PanelRecord]
    extra_lines: list[ExtraLineRecord]
    gates: list[GateRecord]
    totals: TotalsRecord
    notes: list[str]
    quotation: QuotationRecord
    documents: list[DocumentRecord]


class TermsRecord(Record):
    """Of the request, what the totals rest on."""

    margin_percent: Money
    discount_percent: Money


class EarlierRecord(Record):
    """A revision issued before."""

    mark: str
    date: Day


class IssueRecord(Record):
    """How the quotation was issued."""

    number: str
    documents: list[Literal["xlsx", "pdf", "svg", "dxf"]]
    earlier: list[EarlierRecord]


class InputRecord(Record):
    """input.json: the request as it was given, and as it was understood."""

    traceId: str  # noqa: N815 - the name in the file
    source: dict[str, Any]
    quotation_date: Day
    request: TermsRecord
    issue: IssueRecord
    acceptances: list[AcceptanceRecord] = []


class JudgedGateRecord(GateRecord):
    """A gate in validation.json: ``panel`` is None for one of the whole quotation."""

    panel: str | None


class ValidationRecord(Record):
    """validation.json: every gate of the quotation in one list."""

    schema_name: SchemaName
    traceId: str  # noqa: N815 - the name in the file
    verdict: Literal["pass", "remark", "fail"]
    status: Literal["completed", "review"]
    counts: dict[Verdict, int]
    gates: list[JudgedGateRecord]
