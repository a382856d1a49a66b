"""Air temperature inside a panel: the heat calculation after IEC TR 60890:2022.

The story in four steps:

1. Every outer surface counts with a factor b for how freely it gives off heat; their sum is the effective
   surface Ae.
2. Ae and the proportions of the box give an enclosure constant k and a distribution factor c.
3. The air at mid height is warmer than the room by ``k · d · P^x``, at the top by c times that.
4. A straight line through those two gives the air at the height of any device.

The curves of the report are used in the algebraic form of the 2022 edition, as an open implementation of it
(heatcalc) gives them; against the older printed tables k lies within ±8 %. The calculation supposes evenly
spread losses, at most three horizontal partitions, unblocked air and at most 3200 A.

Digits: rises to 0.01 K, k and c to four decimals. The air at a device is interpolated on the rounded rises,
so it can be checked with nothing but the printed figures.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

RISE_DIGITS: Final = 2
FACTOR_DIGITS: Final = 4

SMALL_SURFACE_M2: Final = 1.25
"""Up to this effective surface the report has curves and a profile of its own, and openings do not count."""


class Mounting(StrEnum):
    """How the box stands to the building: on a wall, sunk into it (매입), or free on all sides (자립)."""

    WALL = "wall"
    RECESSED = "recessed"
    FREE_STANDING = "free_standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """What decides how a box sheds its heat.

    ``neighbours`` are boxes standing against its sides (0, 1 or 2), ``partitions`` horizontal ones inside it,
    and ``vent_inlet_cm2`` the lower opening of a ventilated box (0: closed).
    """

    width_mm: int
    height_mm: int
    depth_mm: int
    mounting: Mounting
    neighbours: int = 0
    partitions: int = 0
    vent_inlet_cm2: int = 0

    def __post_init__(self) -> None:
        if self.neighbours not in (0, 1, 2):
            raise ValueError(f"a box has 0, 1 or 2 neighbours, not {self.neighbours}")
        if self.partitions not in (0, 1, 2, 3):
            raise ValueError(f"the calculation holds for 0 to 3 partitions, not {self.partitions}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRise:
    """The rises over the room and every factor behind them: mid = k · d · P^x, top = c · mid.

    ``within_curves`` is false where the box lies beyond the published curves and their end was used.
    """

    effective_surface_m2: float
    k: float
    c: float
    d: float
    x: float
    mid_k: float
    top_k: float
    within_curves: bool


def temperature_rise(cooling: Cooling, loss_w: float) -> HeatRise:
    """Return the rise of the inside air at mid height and at the top when ``loss_w`` is lost inside."""
    surface_m2 = effective_surface_m2(cooling)
    if surface_m2 <= SMALL_SURFACE_M2:
        factors = _small_box(cooling, surface_m2)
    elif cooling.vent_inlet_cm2:
        factors = _ventilated_box(cooling, surface_m2)
    else:
        factors = _closed_box(cooling, surface_m2)
    mid_k = factors.k * factors.d * math.pow(loss_w, factors.x)
    return HeatRise(
        effective_surface_m2=surface_m2,
        k=round(factors.k, FACTOR_DIGITS),
        c=round(factors.c, FACTOR_DIGITS),
        d=factors.d,
        x=factors.x,
        mid_k=round(mid_k, RISE_DIGITS),
        top_k=round(factors.c * mid_k, RISE_DIGITS),
        within_curves=factors.within_curves,
    )


def air_rise_at(rise: HeatRise, height_mm: int, y_mm: float) -> float:
    """Return the rise of the air ``y_mm`` above the floor of a box ``height_mm`` high, to 0.01 K.

    Figure 1 (Ae > 1.25 m²): a straight line through mid height and top. Figure 2 (Ae ≤ 1.25 m²): the top
    value is reached at three quarters of the height and holds from there up. Never below the room.
    """
    small = rise.effective_surface_m2 <= SMALL_SURFACE_M2
    hottest_at = 0.75 if small else 1.0
    share = (y_mm / height_mm - 0.5) / (hottest_at - 0.5)
    if small:
        share = min(share, 1.0)
    return round(max(0.0, rise.mid_k + (rise.top_k - rise.mid_k) * share), RISE_DIGITS)


def permitted_load_factor(air_c: float, per_kelvin: float, reference_c: float) -> float:
    """Return the share of its rating a device may carry in air of ``air_c``: four decimals, at most 1."""
    return round(min(1.0, 1.0 - per_kelvin * (air_c - reference_c)), FACTOR_DIGITS)


# --- effective surface and curve number


@dataclass(frozen=True, slots=True)
class _Exposure:
    """Surface factors b in tenths, so that Ae is summed in whole numbers; the floor counts nothing.

    Exposed: top 1.4, others 0.9. Covered by a wall or a neighbour: top 0.7, others 0.5.
    """

    top: int
    front: int
    side: int
    rear: int
    separate_curve: int


_COVERED_SIDE: Final = 5
_EXPOSURES: Final[Mapping[Mounting, _Exposure]] = {
    Mounting.WALL: _Exposure(top=14, front=9, side=9, rear=5, separate_curve=3),
    # Only the front is free. The report names no curve for it; 4 is the one for a wall with both sides and
    # the top covered. Masonry may cool worse than that: callers should mark a recessed panel as unverified.
    Mounting.RECESSED: _Exposure(top=7, front=9, side=5, rear=5, separate_curve=4),
    Mounting.FREE_STANDING: _Exposure(top=14, front=9, side=9, rear=9, separate_curve=1),
}
_TENTHS_OF_MM2_PER_M2: Final = 10_000_000


def effective_surface_m2(cooling: Cooling) -> float:
    """Return Ae = Σ A₀ · b."""
    exposure = _EXPOSURES[cooling.mounting]
    sides = (2 - cooling.neighbours) * exposure.side + cooling.neighbours * _COVERED_SIDE
    tenths_of_mm2 = (
        cooling.width_mm * cooling.depth_mm * exposure.top
        + cooling.width_mm * cooling.height_mm * (exposure.front + exposure.rear)
        + cooling.height_mm * cooling.depth_mm * sides
    )
    return tenths_of_mm2 / _TENTHS_OF_MM2_PER_M2


def curve_number(cooling: Cooling) -> int:
    """Return the curve of figure 4.

    1 free and separate; 2 free, end of a row; 3 free, middle of a row, or wall, separate; 4 wall, end of a
    row; 5 wall, middle of a row. A recessed box is on 4 whoever stands beside it.
    """
    separate = _EXPOSURES[cooling.mounting].separate_curve
    return separate if cooling.mounting is Mounting.RECESSED else separate + cooling.neighbours


# --- the factors of the three kinds of box


@dataclass(frozen=True, slots=True, kw_only=True)
class _Factors:
    k: float
    c: float
    d: float
    x: float
    within_curves: bool


@dataclass(frozen=True, slots=True)
class _Range:
    """The stretch of a quantity for which a curve is published; beyond it the curve's end is used."""

    low: float
    high: float

    def clamp(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


# d for 0, 1, 2, 3 partitions. From memory of the standard; unverified.
_PARTITIONS_CLOSED: Final = (1.00, 1.05, 1.15, 1.30)
_PARTITIONS_VENTILATED: Final = (1.00, 1.05, 1.10, 1.15)

_EXPONENT_CLOSED: Final = 0.804
_EXPONENT_VENTILATED: Final = 0.715

_SMALL_SURFACE_RANGE_M2: Final = _Range(0.08, SMALL_SURFACE_M2)
_SLENDERNESS_RANGE: Final = _Range(0.0, 3.0)
_CLOSED_SURFACE_RANGE_M2: Final = _Range(SMALL_SURFACE_M2, 12.0)
_CLOSED_FORM_RANGE: Final = _Range(0.3, 16.0)
_INLET_RANGE_CM2: Final = _Range(10.0, 1000.0)

_CURVE_OFFSETS: Final[Mapping[int, float]] = {1: 1.182, 2: 1.164, 3: 1.146, 4: 1.125, 5: 1.087}

_VENTILATED_SURFACES_M2: Final = (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 14.0)
_VENTILATED_FORMS: Final = (1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
_VENTILATED_SURFACE_RANGE_M2: Final = _Range(_VENTILATED_SURFACES_M2[0], _VENTILATED_SURFACES_M2[-1])
_VENTILATED_FORM_RANGE: Final = _Range(_VENTILATED_FORMS[0], _VENTILATED_FORMS[-1])


def _small_box(cooling: Cooling, surface_m2: float) -> _Factors:
    """Figures 7 and 8, Ae ≤ 1.25 m²: c follows the slenderness g = height ÷ width."""
    slenderness = cooling.height_mm / cooling.width_mm
    g = _SLENDERNESS_RANGE.clamp(slenderness)
    if g <= 0.8147:
        c = 1 + 0.19354 * g
    else:
        c = 0.324055 * (1 - math.exp(-1.8827 * g + 0.38579)) + 0.93643
    return _Factors(
        k=0.626 * surface_m2**-0.737 if surface_m2 >= _SMALL_SURFACE_RANGE_M2.low else 4.0,
        c=c,
        d=_PARTITIONS_CLOSED[cooling.partitions],
        x=_EXPONENT_CLOSED,
        within_curves=surface_m2 in _SMALL_SURFACE_RANGE_M2 and slenderness in _SLENDERNESS_RANGE,
    )


def _closed_box(cooling: Cooling, surface_m2: float) -> _Factors:
    """Figures 3 and 4, Ae > 1.25 m², no openings: c follows f and the curve for how the box stands."""
    form = _form(cooling)
    f = _CLOSED_FORM_RANGE.clamp(form)
    return _Factors(
        k=0.58 * _CLOSED_SURFACE_RANGE_M2.clamp(surface_m2) ** -0.795,
        c=-0.0017 * f**2 + 0.055 * f + _CURVE_OFFSETS[curve_number(cooling)],
        d=_PARTITIONS_CLOSED[cooling.partitions],
        x=_EXPONENT_CLOSED,
        within_curves=surface_m2 in _CLOSED_SURFACE_RANGE_M2 and form in _CLOSED_FORM_RANGE,
    )


def _ventilated_box(cooling: Cooling, surface_m2: float) -> _Factors:
    """Figures 5 and 6, Ae > 1.25 m² with openings: curves over the inlet S; Ae and f snap to a curve."""
    form = _form(cooling)
    s = _INLET_RANGE_CM2.clamp(cooling.vent_inlet_cm2)
    log_surface = math.log(_nearest(surface_m2, _VENTILATED_SURFACES_M2))
    f = _nearest(form, _VENTILATED_FORMS)
    return _Factors(
        k=(0.0283 * log_surface - 0.1039) * math.log(s) - (0.1952 * log_surface - 0.7656),
        c=0.01 * (7.6 * f + 69) * s ** (5.1e-4 * f**2 - 1.35e-2 * f + 0.14931),
        d=_PARTITIONS_VENTILATED[cooling.partitions],
        x=_EXPONENT_VENTILATED,
        within_curves=(
            cooling.vent_inlet_cm2 in _INLET_RANGE_CM2
            and surface_m2 in _VENTILATED_SURFACE_RANGE_M2
            and form in _VENTILATED_FORM_RANGE
        ),
    )


def _form(cooling: Cooling) -> float:
    """Return f = height^1.35 ÷ footprint, in metres."""
    footprint_m2 = cooling.width_mm * cooling.depth_mm / 1_000_000
    return math.pow(cooling.height_mm / 1000, 1.35) / footprint_m2


def _nearest(value: float, curves: Sequence[float]) -> float:
    """Return the nearest published curve; half-way between two, the lower one."""
    return min(curves, key=lambda curve: abs(curve - value))
