"""The shape of a rulebook: every rule and constant the estimator decides by, typed, with its text, source and status.

A rule is reached by its name (``rulebook.enclosure.bottom_space.value``); its id is the same path without ``rulebook`` (``enclosure.bottom_space``).
Lengths are millimetres, currents amperes, heat watts, money won (the shop's formulas; converted with the price book's currency where needed).
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Status = Literal["verified", "shop_rule", "disputed", "unverified"]
"""verified: a standard or maker's sheet was read; shop_rule: a panel shop's choice; disputed: sources clash and one was chosen; unverified: one weak source."""

V = TypeVar("V")


def _fraction(value: object) -> object:
    """Read ``9/10``, ``0.9`` or ``1`` exactly: thresholds are compared as fractions, never as binary floats."""
    return (
        Fraction(str(value))
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else value
    )


Exact = Annotated[Fraction, BeforeValidator(_fraction)]


class Part(BaseModel):
    """Base of everything in a rulebook: frozen, and nothing unknown is let in."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Bilingual(Part):
    """A text in both languages."""

    ko: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Alternative(Part):
    """A value another source gives, kept beside the chosen one."""

    value: Any
    source: str = Field(min_length=1)


class Rule(Part, Generic[V]):
    """One rule: what it says, the value it acts with, who stands behind it and how sure that is."""

    text: Bilingual
    value: V
    unit: str | None = None
    source: str = Field(min_length=1)
    status: Status
    alternatives: tuple[Alternative, ...] = ()
    reason: Bilingual | None = None
    """Why this value and not the others; required for a disputed rule."""

    @model_validator(mode="after")
    def _disputed_rules_give_their_reason(self) -> "Rule[V]":
        if self.status == "disputed" and (not self.alternatives or self.reason is None):
            raise ValueError("a disputed rule names the other values and the reason for its choice")
        return self


class Step(Part):
    """``value`` holds up to and including ``up_to``."""

    up_to: int
    value: int


class Steps(Part):
    """A step table, ascending. Above the last step there is no value."""

    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> "Steps":
        limits = [step.up_to for step in self.steps]
        if limits != sorted(set(limits)):
            raise ValueError("steps must rise")
        return self

    def at(self, x: int) -> int:
        """Return the value for ``x``; ValueError above the last step."""
        for step in self.steps:
            if x <= step.up_to:
                return step.value
        raise ValueError(f"{x} is above the last step {self.steps[-1].up_to}")


class BarStep(Part):
    """A busbar of the ladder: width × thickness at ``pitch_mm`` between bar centres, up to ``up_to`` amperes."""

    up_to: int
    width_mm: int
    thickness_mm: int
    pitch_mm: int


class SpdBreaker(Part):
    """The breaker an SPD brings along; poles by number of live conductors of the supply."""

    kind: str
    rating_a: int
    poles_by_supply: dict[str, int]


class SeriesChoice(Part):
    """Which box series a mounting takes, by material, and what is added to it."""

    steel: tuple[str, ...]
    SUS201: tuple[str, ...]
    extra: Literal["none", "base", "pole_bracket"]
    outdoor: bool
    custom_allowed: bool


class CopperBand(Part):
    """kg of copper per mm² of box front (W·H), up to ``up_to`` amperes of the main."""

    up_to: int
    kg_per_mm2: Decimal


class AssemblyBand(Part):
    """Assembly charge of a box by main frame: ``base`` won up to the base height, then per started 100 mm of height."""

    up_to_frame_af: int
    base_width_mm: int
    base_height_mm: int
    base_won: int
    per_100_mm_won: int
    small_breaker_bonus_won: int


class Sundries(Part):
    """잡자재비: base at the base size, plus per started 100 mm of width and height, plus per accessory, capped."""

    base_won: int
    base_width_mm: int
    base_height_mm: int
    per_100_mm_won: int
    per_accessory_won: int
    cap_won: int


class AreaPrice(Part):
    """Won per 평 (90,000 mm² of front W·H), with a least amount."""

    won_per_pyeong: int
    minimum_won: int


class LossFamily(Part):
    """Which loss table stands for a breaker: by grade, else by frame. ``reference_a`` set: W = table W × (In/reference)²."""

    grades: tuple[str, ...] = ()
    up_to_frame_af: int | None = None
    family: str
    reference_a: int | None = None


class SelectionRules(Part):
    """From (kind, poles, AT, make, grade, kA) to a model."""

    order: Rule[tuple[str, ...]]
    grade_order: Rule[tuple[str, ...]]
    two_pole_small_up_to: Rule[int]
    two_pole_compact_up_to: Rule[int]
    compact_frame_af: Rule[int]
    spd_breaker: Rule[SpdBreaker]
    default_sensitivity: Rule[int]
    high_sensitivity: Rule[int]
    nearest: Rule[tuple[str, ...]]
    breaking_capacity: Rule[str]
    makes: Rule[int]


class EnclosureRules(Part):
    """Needed W, H, D; candidates; which box is quoted."""

    series: Rule[dict[str, SeriesChoice]]
    ready_made_series: Rule[tuple[str, ...]]
    wiring_above_main: Rule[Steps]
    bar_space: Rule[int]
    header_bar_gap: Rule[int]
    bottom_space: Rule[Steps]
    band_space: Rule[int]
    meter_row: Rule[int]
    meter_cell: Rule[int]
    meter_columns: Rule[int]
    bay_least_width: Rule[int]
    bay_meters: Rule[int]
    width_step: Rule[Steps]
    small_only_width: Rule[int]
    many_ways: Rule[int]
    many_ways_width: Rule[int]
    large_branches_extra: Rule[int]
    large_branch_frame: Rule[int]
    large_branch_count: Rule[int]
    width_rounding: Rule[int]
    lanes: Rule[Steps]
    small_lane: Rule[int]
    plate_margin: Rule[int]
    plate_margin_ready_made: Rule[int]
    plate_face: Rule[int]
    door_clearance: Rule[int]
    door_sheet: Rule[int]
    door_part_gap: Rule[int]
    push_button_depth: Rule[int]
    depth_floor_225a: Rule[int]
    depth_floor_400af: Rule[int]
    height_limit: Rule[int]
    width_limit: Rule[int]
    custom_step: Rule[int]
    custom_depth_limit: Rule[int]
    fit_limit: Rule[Exact]
    fit_limit_priced: Rule[Exact]
    ip_floor_indoor: Rule[int]
    ip_floor_outdoor: Rule[int]
    space_use: Rule[Exact]
    base_height: Rule[int]
    columns: Rule[int]
    feed_from_below: Rule[int]


class LayoutRules(Part):
    """Where everything stands inside the box."""

    order: Rule[tuple[str, ...]]
    pairing: Rule[str]
    small_row_pitch: Rule[int]
    four_pole_pair_quarter: Rule[int]
    bar_ladder: Rule[tuple[BarStep, ...]]
    bar_gap: Rule[int]
    bar_front: Rule[int]
    cross_bar_gap: Rule[int]
    cross_bar_width: Rule[int]
    cross_bar_width_small: Rule[int]
    device_to_corridor: Rule[int]
    body_gap: Rule[int]
    duct_width: Rule[int]
    duct_inset: Rule[int]
    band_side_inset: Rule[int]
    band_top_offset: Rule[int]
    band_part_gap: Rule[int]
    fuse_holder_width: Rule[int]
    bay_inset: Rule[int]
    bay_to_main: Rule[int]
    terminal_bar_inset: Rule[int]
    terminal_bar_height: Rule[int]
    terminal_bar_half_gap: Rule[int]
    spd_outline: Rule[tuple[int, int]]
    rail_pitch: Rule[int]
    rail_module: Rule[int]
    rail_row_modules: Rule[int]


class PhaseRules(Part):
    """Loads, phases, unbalance."""

    phase_voltage: Rule[dict[str, int]]
    line_voltage: Rule[dict[str, int]]
    default_two_pole_voltage: Rule[dict[str, int]]
    load_basis: Rule[str]
    imbalance_limit: Rule[Exact]
    korean_limit_percent: Rule[dict[str, int]]
    accept_proven_optimum: Rule[bool]
    facing_pair_shares_phase: Rule[bool]
    turn_labels: Rule[bool]


class CriticRules(Part):
    """The independent checks."""

    main_load_limit: Rule[Exact]
    diversity_table: Rule[str]
    wiring_loss_factor: Rule[Exact]
    contactor_loss: Rule[int]
    control_loss: Rule[int]
    loss_families: Rule[tuple[LossFamily, ...]]
    temperature_rise: Rule[str]
    derating_per_kelvin: Rule[Exact]
    derating_reference: Rule[int]
    air_limit: Rule[int]
    bar_limit: Rule[int]
    rated_impulse_kv: Rule[int]
    pollution_degree: Rule[int]
    material_group: Rule[str]
    insulation_voltage: Rule[int]
    protective_conductor: Rule[str]
    diversity: Rule[str]
    row_heat: Rule[int]
    panel_heat: Rule[int]


class PricingRules(Part):
    """Lines and amounts of the quotation."""

    line_order: Rule[tuple[str, ...]]
    earth_terminals_per_branches: Rule[int]
    neutral_terminals: Rule[int]
    main_bar_copper: Rule[tuple[CopperBand, ...]]
    branch_bar_copper: Rule[tuple[CopperBand, ...]]
    copper_digits: Rule[int]
    coating_large_from_af: Rule[int]
    insulators_per_main: Rule[int]
    cover: Rule[AreaPrice]
    base: Rule[AreaPrice]
    sundries: Rule[Sundries]
    assembly: Rule[tuple[AssemblyBand, ...]]
    assembly_per_contactor: Rule[int]
    assembly_main_only: Rule[Steps]
    small_bonus_least_breakers: Rule[int]
    small_bonus_least_width: Rule[int]
    small_bonus_least_height: Rule[int]
    bundle_per_panel: Rule[dict[str, int]]
    bundle_per_contactor: Rule[dict[str, int]]
    small_wire_set_kinds: Rule[tuple[str, ...]]
    timer_brings_push_button: Rule[bool]
    meter_panel_parts: Rule[dict[str, int]]
    custom_surcharge: Rule[Exact]
    discount_approval_percent: Rule[int]
    discount_limit_percent: Rule[int]
    vat_percent: Rule[int]
    rounding: Rule[dict[str, int]]


class GateText(Part):
    """What a gate asks, in words, with its operator and unit; the limit is the value or comes from the named rule."""

    stage: str
    operator: Literal["<=", ">=", "=", "<"]
    unit: str | None = None
    text: Bilingual
    limit_rule: str | None = None
    source: str
    acceptance: Literal["nobody", "person", "mixed_exception"] = "nobody"
    """Who may take a failing gate on themselves: nobody, a person with the right, or an approved MIXED exception."""


class Rulebook(Part):
    """A versioned rulebook. ``digest`` is the SHA-256 of its file, set by the loader."""

    id: str
    version: str
    title: Bilingual
    valid_from: date
    valid_to: date | None = None
    selection: SelectionRules
    enclosure: EnclosureRules
    layout: LayoutRules
    phases: PhaseRules
    critic: CriticRules
    pricing: PricingRules
    gates: dict[str, GateText]
    digest: str = ""
