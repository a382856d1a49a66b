"""What a customer asks for: the request, with one model per block of a request file.

The names are those of the file (docs/reference/request.md). A model checks each field by itself; what fields demand of each other is checked by
``kis.estimator.intake.parse_request``, which also knows the synonyms of the trade.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from kis.catalog import BreakerKind, Grade
from kis.estimator.request_forms import (
    AskedGrade,
    BusbarSection,
    Code,
    Day,
    Email,
    Exact,
    FixedPhase,
    IpDigits,
    Length,
    Line,
    MaybeEmptyLine,
    Name,
    Paragraph,
    Percent,
    Poles,
    Position,
    Positive,
    Price,
    Quantity,
    Rating,
    Series,
    Truth,
    at_most,
    one_line,
    whole_choice,
    whole_number,
)

_SPARE_LOAD: Final = re.compile(r"(?:예비|spare)(?:[\s\-_#]*\d+)?", re.IGNORECASE)


class Supply(StrEnum):
    """The network that feeds a panel, with its voltages."""

    THREE_PHASE_FOUR_WIRE = "3P4W-380/220"
    THREE_PHASE_THREE_WIRE = "3P3W-380"
    SINGLE_PHASE_THREE_WIRE = "1P3W-220/110"
    SINGLE_PHASE_TWO_WIRE = "1P2W-220"

    @property
    def is_three_phase(self) -> bool:
        """Tell whether the panel has the lines R, S and T."""
        return self in {Supply.THREE_PHASE_FOUR_WIRE, Supply.THREE_PHASE_THREE_WIRE}


class Mounting(StrEnum):
    """Where and how the box is fixed."""

    INDOOR_SURFACE = "indoor_surface"
    OUTDOOR_SURFACE = "outdoor_surface"
    RECESSED = "recessed"
    INDOOR_STANDING = "indoor_standing"
    OUTDOOR_STANDING = "outdoor_standing"
    POLE = "pole"
    FRP = "frp"
    HI_BOX = "hi_box"


class Material(StrEnum):
    """Sheet of the box."""

    STEEL = "steel"
    SUS201 = "SUS201"


class Style(StrEnum):
    """How devices are mounted: screwed to the plate in facing pairs, or clipped on rails in rows."""

    PLATE = "plate"
    DIN_RAIL = "din_rail"


class Feed(StrEnum):
    """Where the incoming cable enters."""

    TOP = "top"
    BOTTOM = "bottom"


class AccessoryKind(StrEnum):
    """What a panel can hold besides breakers."""

    MAGNETIC_CONTACTOR = "magnetic_contactor"
    TIMER_24H = "timer_24h"
    TIMER_SUNSET = "timer_sunset"
    METER_3PH = "meter_3ph"
    METER_1PH = "meter_1ph"
    METER_CT = "meter_ct"
    PUSH_BUTTON = "push_button"
    SPD = "spd"
    VA_METER = "va_meter"


class RequestModel(BaseModel):
    """A block of a request: frozen, and closed to names it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @classmethod
    def prepared(cls, given: object) -> object:
        """Return what was given with what follows from it filled in; most blocks need nothing."""
        return given

    @model_validator(mode="before")
    @classmethod
    def _prepare(cls, given: object) -> object:
        return cls.prepared(given)


class Customer(RequestModel):
    """Who asks."""

    name: Name
    company: Name | None = None
    contact: Name | None = None
    phone: Code | None = None
    email: Email | None = None


class Exchange(RequestModel):
    """A rate of exchange that the customer and the shop agreed on, with its day."""

    krw_per_usd: Positive
    date: Day


class ExtraLine(RequestModel):
    """A line the shop adds by hand, outside any panel: freight, tests, an allowance."""

    item: Line
    spec: MaybeEmptyLine = ""
    unit: Code
    quantity: Positive
    unit_price: Annotated[Price, Field(validation_alias=AliasChoices("unit_price", "price"))]


class Limits(RequestModel):
    """The largest box that fits where the panel will stand."""

    width_mm: Length | None = None
    height_mm: Length | None = None
    depth_mm: Length | None = None


class RequestTerms(RequestModel):
    """Terms of this quotation where they differ from those of the company's brand file."""

    delivery: Line | None = None
    payment: Line | None = None
    vat: Literal["separate", "included"] | None = None


class MainRequest(RequestModel):
    """An incoming breaker. ``kind`` and ``poles`` may be left to the model's name; without a model the kind is MCCB."""

    name: Code = "M1"
    kind: BreakerKind | None = None
    poles: Poles | None = None
    rating_a: Rating
    frame_af: Rating | None = None
    make: Name | None = None
    model: Code | None = None
    grade: AskedGrade | None = None
    cable: Line | None = None

    @classmethod
    def prepared(cls, given: object) -> object:
        """Make a main without kind and model an MCCB."""
        if isinstance(given, Mapping) and given.get("kind") is None and given.get("model") is None:
            return {**given, "kind": BreakerKind.MCCB}
        return given


class BranchRequest(RequestModel):
    """One or more equal outgoing circuits.

    ``load_va`` is the whole load of one such circuit, before ``demand_factor``. ``voltage`` tells a 2P circuit between two lines (380 on 3P4W, 220 on
    1P3W) from one between a line and N; without it the rulebook decides.
    """

    kind: BreakerKind | None = None
    poles: Poles | None = None
    rating_a: Rating
    frame_af: Rating | None = None
    make: Name | None = None
    model: Code | None = None
    grade: AskedGrade | None = None
    load: Line | None = None
    load_va: Annotated[Exact, Field(ge=0, le=10_000_000)] | None = None
    demand_factor: Annotated[Exact, Field(gt=0, le=1)] = Decimal(1)
    phase: FixedPhase | None = None
    position: Position | None = None
    quantity: Quantity = 1
    main: Code | None = None
    voltage: Annotated[Literal[110, 220, 380], BeforeValidator(whole_choice)] | None = None
    sensitivity_ma: Annotated[Literal[15, 30], BeforeValidator(whole_choice)] | None = None
    spd: Truth = False
    cable: Line | None = None

    @property
    def is_spare(self) -> bool:
        """Tell whether this is an installed breaker kept in reserve: named 예비 or SPARE (a number may follow), without a load of its own."""
        return self.load_va is None and self.load is not None and _SPARE_LOAD.fullmatch(self.load) is not None


class AccessoryRequest(RequestModel):
    """Something besides breakers."""

    kind: AccessoryKind
    model: Code | None = None
    quantity: Annotated[int, BeforeValidator(whole_number), Field(ge=1, le=99)] = 1


class PanelRequest(RequestModel):
    """One panel, made ``quantity`` times."""

    name: Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=60)]
    quantity: Quantity = 1
    supply: Supply = Supply.THREE_PHASE_FOUR_WIRE
    mounting: Mounting = Mounting.INDOOR_SURFACE
    material: Material = Material.STEEL
    make: Name | None = None
    grade: AskedGrade = Grade.ECONOMY
    style: Style = Style.PLATE
    enclosure_series: Series | None = None
    mains: Annotated[tuple[MainRequest, ...], Field(min_length=1), at_most(8)]
    branches: Annotated[tuple[BranchRequest, ...], at_most(400)] = ()
    accessories: Annotated[tuple[AccessoryRequest, ...], at_most(50)] = ()
    spare_ways: Annotated[int, BeforeValidator(whole_number), Field(ge=0, le=100)] = 0
    ip: IpDigits | None = None
    ambient_c: Annotated[int, BeforeValidator(whole_number), Field(ge=-5, le=55)] = 35
    limits: Limits = Limits()
    short_circuit_ka: Annotated[Exact, Field(gt=0, le=200)] | None = None
    feed: Feed = Feed.TOP
    receiving_point: Truth = True
    busbar: BusbarSection | None = None
    notes: Paragraph | None = None

    @classmethod
    def prepared(cls, given: object) -> object:
        """Name the mains that have no name: M1, M2, … in their order."""
        if (
            not isinstance(given, Mapping)
            or not isinstance(mains := given.get("mains"), Sequence)
            or isinstance(mains, str | bytes)
        ):
            return given
        return {**given, "mains": [_named(main, f"M{number}") for number, main in enumerate(mains, start=1)]}


class EstimateRequest(RequestModel):
    """A whole request: who asks, for which panels, and on what terms."""

    customer: Customer
    project: Line
    quotation_date: Annotated[Day | None, Field(validation_alias=AliasChoices("quotation_date", "date"))] = (
        None
    )
    currency: Literal["KRW", "USD"] = "KRW"
    exchange: Exchange | None = None
    locale: Literal["ko-KR", "en"] = "ko-KR"
    validity_days: Annotated[int, BeforeValidator(whole_number), Field(ge=1, le=365)] = 30
    margin_percent: Percent = Decimal(0)
    discount_percent: Percent = Decimal(0)
    extra_lines: Annotated[tuple[ExtraLine, ...], at_most(100)] = ()
    terms: RequestTerms = RequestTerms()
    price_book: Name | None = None
    rulebook: Name | None = None
    panels: Annotated[tuple[PanelRequest, ...], Field(min_length=1), at_most(200)]


def _named(main: object, name: str) -> object:
    if isinstance(main, MainRequest):
        return main if "name" in main.model_fields_set else main.model_copy(update={"name": name})
    if isinstance(main, Mapping) and "name" not in main:
        return {"name": name, **main}
    return main
