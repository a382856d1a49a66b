"""The heat inside the panel: what every device loses, how warm that makes the air, and what each device may carry there.

P = 1.5 × Σ poles · p · (I ÷ In)² + contactors, timers and meters; the air follows IEC TR 60890. Losses come from the
catalogue; a figure of another maker is named as a stand-in. Digits: W, K, °C to 0.01, load factors to four decimals, amperes
to 0.1; comparisons use these rounded figures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kis.catalog import Breaker, Catalog
from kis.estimator.checks.figures import rounded, settled
from kis.estimator.checks.loads import MainLoad
from kis.estimator.layout.drawing import Drawing, Part, PartKind
from kis.estimator.physics import heat_rise
from kis.estimator.problem import PanelProblem
from kis.estimator.request import Mounting, Style
from kis.estimator.rulebook import Rulebook
from kis.estimator.rulebook.schema import LossFamily

WATT_DIGITS: Final = 2
DEGREE_DIGITS: Final = 2
AMPERE_DIGITS: Final = 1
FACTOR_DIGITS: Final = 4

RAIL_STYLE: Final = Style.DIN_RAIL.value
"""The style of a drawing whose devices stand on rails in place of facing pairs."""

STANDING: Final = frozenset({Mounting.INDOOR_STANDING, Mounting.OUTDOOR_STANDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHeat:
    """One breaker in the heat: what it carries and loses, the air at its height, and the load factor allowed there.

    ``air_c`` and ``permitted_load_factor`` are None for a circuit that is not drawn.
    """

    id: str
    model: str
    place: str
    rating_a: int
    current_a: Decimal
    load_factor: Decimal
    loss_w: Decimal
    air_c: Decimal | None
    permitted_load_factor: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MainHeat:
    """The current a main carries in the heat calculation and how it came about."""

    id: str
    circuits: int
    diversity_factor: Decimal
    heaviest_a: Decimal
    limit_a: Decimal
    scale: Decimal
    current_a: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHeat:
    """The heat of one row, wiring included. ``column`` and ``row`` count from 0; a rail has no column (-1)."""

    main: int
    column: int
    row: int
    loss_w: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatReport:
    """The whole heat calculation of a panel, every figure that leads to its result."""

    loss_w: Decimal
    devices_w: Decimal
    mains_w: Decimal
    wiring_w: Decimal
    accessories_w: Decimal
    ambient_c: int
    mounting: str
    effective_surface_m2: Decimal
    enclosure_constant: Decimal
    distribution_factor: Decimal
    partition_factor: Decimal
    exponent: Decimal
    mid_k: Decimal
    top_k: Decimal
    mid_air_c: Decimal
    top_air_c: Decimal
    within_curves: bool
    stand_ins: tuple[str, ...]
    """Loss tables of another maker that were used."""
    unknown: tuple[str, ...]
    """Models whose loss the catalogue does not hold; they count as nothing."""
    mains: tuple[MainHeat, ...]
    devices: tuple[DeviceHeat, ...]
    rows: tuple[RowHeat, ...]


@dataclass(frozen=True, slots=True)
class PoleHeat:
    """The heat of one pole at its rated current, with the table it was read from; None where there is no table."""

    loss_w: Fraction | None
    family: str
    stand_in: bool


@dataclass(frozen=True, slots=True)
class _Lossy:
    """A breaker at work: a circuit or a main."""

    id: str
    breaker: Breaker
    rating_a: int
    is_main: bool


def pole_heat(breaker: Breaker, rating_a: int, catalog: Catalog, rules: Rulebook) -> PoleHeat:
    """Return the loss per pole of a breaker at ``rating_a`` (rule critic.loss_families).

    The family follows the grade, else the frame; the next rating listed counts as it stands. A family with a reference, and
    a rating above all listed ones, are scaled by (In ÷ listed)².
    """
    family = _family(breaker, rules.critic.loss_families.value)
    listed = catalog.losses.get(family.family, ())
    if not listed:
        return PoleHeat(None, family.family, stand_in=False)
    wanted = family.reference_a or rating_a
    row = next((loss for loss in listed if loss.rating_a >= wanted), listed[-1])
    loss = Fraction(row.loss_w)
    if family.reference_a is not None or rating_a > row.rating_a:
        loss *= Fraction(rating_a, row.rating_a) ** 2
    return PoleHeat(loss, family.family, row.stand_in)


def heat_of_breaker(breaker: Breaker, rating_a: int, current_a: Fraction, pole_w: Fraction) -> Fraction:
    """Return poles · p · (I ÷ In)²; a 4-pole breaker heats on three, its N carries nothing in a balanced load."""
    return min(breaker.poles, 3) * pole_w * (current_a / rating_a) ** 2


def heat_report(
    problem: PanelProblem,
    drawing: Drawing,
    mains: tuple[MainLoad, ...],
    currents: Mapping[str, Fraction],
    catalog: Catalog,
    rules: Rulebook,
) -> HeatReport:
    """Calculate the heat of a panel from its drawing and the currents of its circuits."""
    lossy = tuple(_lossy(problem))
    poles = {item.id: pole_heat(item.breaker, item.rating_a, catalog, rules) for item in lossy}
    watts = {
        item.id: heat_of_breaker(
            item.breaker, item.rating_a, currents[item.id], poles[item.id].loss_w or Fraction(0)
        )
        for item in lossy
    }
    devices_w = sum((watts[item.id] for item in lossy if not item.is_main), Fraction(0))
    mains_w = sum((watts[item.id] for item in lossy if item.is_main), Fraction(0))
    accessories_w = _accessories_w(drawing, rules)
    factor = rules.critic.wiring_loss_factor.value
    loss_w = factor * (devices_w + mains_w) + accessories_w
    rise = heat_rise.temperature_rise(cooling_of(problem, drawing), float(loss_w))
    ambient = problem.request.ambient_c
    return HeatReport(
        loss_w=rounded(loss_w, WATT_DIGITS),
        devices_w=rounded(devices_w, WATT_DIGITS),
        mains_w=rounded(mains_w, WATT_DIGITS),
        wiring_w=rounded((factor - 1) * (devices_w + mains_w), WATT_DIGITS),
        accessories_w=rounded(accessories_w, WATT_DIGITS),
        ambient_c=ambient,
        mounting=_heat_mounting(problem).value,
        effective_surface_m2=settled(rise.effective_surface_m2, FACTOR_DIGITS),
        enclosure_constant=settled(rise.k, FACTOR_DIGITS),
        distribution_factor=settled(rise.c, FACTOR_DIGITS),
        partition_factor=settled(rise.d, 2),
        exponent=settled(rise.x, 3),
        mid_k=settled(rise.mid_k, DEGREE_DIGITS),
        top_k=settled(rise.top_k, DEGREE_DIGITS),
        mid_air_c=ambient + settled(rise.mid_k, DEGREE_DIGITS),
        top_air_c=ambient + settled(rise.top_k, DEGREE_DIGITS),
        within_curves=rise.within_curves,
        stand_ins=tuple(dict.fromkeys(poles[item.id].family for item in lossy if poles[item.id].stand_in)),
        unknown=tuple(dict.fromkeys(item.breaker.model for item in lossy if poles[item.id].loss_w is None)),
        mains=tuple(_main_heat(load) for load in mains),
        devices=tuple(_devices(lossy, problem, drawing, currents, watts, rise, rules)),
        rows=_rows(drawing, watts, factor),
    )


def cooling_of(problem: PanelProblem, drawing: Drawing) -> heat_rise.Cooling:
    """Return the drawn box as the heat calculation sees it."""
    return heat_rise.Cooling(
        width_mm=drawing.width_mm,
        height_mm=drawing.height_mm,
        depth_mm=drawing.depth_mm,
        mounting=_heat_mounting(problem),
    )


def _heat_mounting(problem: PanelProblem) -> heat_rise.Mounting:
    """Return recessed for 매입, else wall: a standing box is put against a wall too, which covers its rear (safe side)."""
    return (
        heat_rise.Mounting.RECESSED
        if problem.request.mounting is Mounting.RECESSED
        else heat_rise.Mounting.WALL
    )


def _lossy(problem: PanelProblem) -> Iterator[_Lossy]:
    yield from (_Lossy(main.id, main.breaker, main.rating_a, is_main=True) for main in problem.mains)
    yield from (
        _Lossy(device.id, device.breaker, device.rating_a, is_main=False) for device in problem.devices
    )


def _family(breaker: Breaker, families: tuple[LossFamily, ...]) -> LossFamily:
    by_grade = (family for family in families if breaker.grade in family.grades)
    by_frame = (family for family in families if breaker.frame_af <= (family.up_to_frame_af or 0))
    return next(by_grade, None) or next(by_frame, families[-1])


def _accessories_w(drawing: Drawing, rules: Rulebook) -> Fraction:
    """Return 4 W for each contactor and 2 W for each timer and energy meter drawn."""
    contactors = len(drawing.of(PartKind.CONTACTOR)) * rules.critic.contactor_loss.value
    controls = len(drawing.of(PartKind.TIMER, PartKind.METER)) * rules.critic.control_loss.value
    return Fraction(contactors + controls)


def _main_heat(load: MainLoad) -> MainHeat:
    return MainHeat(
        id=load.main.id,
        circuits=load.circuits,
        diversity_factor=rounded(load.diversity_factor, FACTOR_DIGITS),
        heaviest_a=rounded(load.heaviest_a, AMPERE_DIGITS),
        limit_a=rounded(load.limit_a, AMPERE_DIGITS),
        scale=rounded(load.scale, FACTOR_DIGITS),
        current_a=rounded(load.current_a, AMPERE_DIGITS),
    )


def _devices(
    lossy: tuple[_Lossy, ...],
    problem: PanelProblem,
    drawing: Drawing,
    currents: Mapping[str, Fraction],
    watts: Mapping[str, Fraction],
    rise: heat_rise.HeatRise,
    rules: Rulebook,
) -> Iterator[DeviceHeat]:
    """Yield mains and circuits with the air at the height of their middle."""
    critic = rules.critic
    seats = {part.device: part for part in drawing.of(PartKind.MAIN, PartKind.BREAKER)}
    for item in lossy:
        part = seats.get(item.id)
        air = None if part is None else problem.request.ambient_c + _rise_at(part, drawing, rise)
        permitted = None
        if air is not None:
            slope, reference = float(critic.derating_per_kelvin.value), critic.derating_reference.value
            permitted = settled(heat_rise.permitted_load_factor(float(air), slope, reference), FACTOR_DIGITS)
        yield DeviceHeat(
            id=item.id,
            model=item.breaker.model,
            place=part.place if part is not None else "",
            rating_a=item.rating_a,
            current_a=rounded(currents[item.id], AMPERE_DIGITS),
            load_factor=rounded(currents[item.id] / item.rating_a, FACTOR_DIGITS),
            loss_w=rounded(watts[item.id], WATT_DIGITS),
            air_c=air,
            permitted_load_factor=permitted,
        )


def _rise_at(part: Part, drawing: Drawing, rise: heat_rise.HeatRise) -> Decimal:
    middle = (part.y0 + part.y1) / 2
    return settled(heat_rise.air_rise_at(rise, drawing.height_mm, middle), DEGREE_DIGITS)


def _rows(drawing: Drawing, watts: Mapping[str, Fraction], factor: Fraction) -> tuple[RowHeat, ...]:
    """Return the heat of every row or rail, its share of the wiring included."""
    sums: dict[tuple[int, int, int], Fraction] = {}
    for part in drawing.of(PartKind.BREAKER):
        seat = (part.group, -1 if drawing.style == RAIL_STYLE else part.column, part.row)
        sums[seat] = sums.get(seat, Fraction(0)) + factor * watts.get(part.device, Fraction(0))
    return tuple(
        RowHeat(main=main, column=column, row=row, loss_w=rounded(watt, WATT_DIGITS))
        for (main, column, row), watt in sorted(sums.items())
    )
