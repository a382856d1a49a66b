"""What a copper bar carries and what it weighs.

The table is DIN 43671: bare single bars on edge, AC up to 60 Hz, air 35 °C, bar 65 °C (two makers' tables
agree on every row). Five sizes the Korean trade uses are missing there; their ampacity is interpolated and
marked unverified. Air *inside the box* counts, not the room, so :func:`ampacity_at` carries a table value
over to hotter air.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

DIN_43671: Final = "DIN 43671, two makers' tables"
INTERPOLATED: Final = "interpolated: 5.92 · area^0.5 · perimeter^0.39, fitted to DIN 43671"

AMPACITY_DIGITS: Final = 1

COPPER_KG_PER_MM3: Final = Decimal("8.9e-6")
"""8.9 kg/dm³; 8.89 to 8.96 are seen in print."""

TABLE_AIR_C: Final = 35
TABLE_BAR_C: Final = 65

_RISE_EXPONENT: Final = 0.61
"""Convection and radiation shed heat as about (bar − air)^1.22; losses grow with I², hence half of it."""

_COPPER_ZERO_RESISTANCE_C: Final = 234.5
"""Resistance of copper is proportional to (234.5 + °C), IEC 60287-1-1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A flat bar; ``ampacity_a`` holds at 35 °C air and 65 °C bar. Unverified: not a table value."""

    width_mm: int
    thickness_mm: int
    section_mm2: Decimal
    ampacity_a: int
    verified: bool
    source: str


# Width and thickness mm, section mm², ampacity A. Sections lie a little below width × thickness because the
# edges are rounded; for the three widest bars the tables at hand give none and the plain product stands.
_TABLE_ROWS: Final = (
    (12, 2, "23.5", 108),
    (15, 2, "29.5", 128),
    (20, 2, "39.5", 162),
    (15, 3, "44.5", 162),
    (20, 3, "59.5", 204),
    (20, 5, "99.1", 274),
    (25, 3, "74.5", 245),
    (25, 5, "124", 327),
    (30, 3, "89.5", 285),
    (30, 5, "149", 379),
    (30, 10, "299", 573),
    (40, 3, "119", 366),
    (40, 5, "199", 482),
    (40, 10, "399", 715),
    (50, 5, "249", 583),
    (50, 10, "499", 852),
    (60, 5, "299", 688),
    (60, 10, "599", 985),
    (80, 5, "399", 885),
    (80, 10, "799", 1240),
    (100, 5, "499", 1080),
    (100, 10, "999", 1490),
    (120, 10, "1200", 1740),
    (160, 10, "1600", 2220),
    (200, 10, "2000", 2690),
)

# Width and thickness mm, ampacity A.
_INTERPOLATED_ROWS: Final = (
    (30, 6, 421),
    (40, 6, 535),
    (40, 8, 628),
    (50, 8, 756),
    (60, 8, 880),
)

BARS: Final = (
    *(
        Bar(
            width_mm=width_mm,
            thickness_mm=thickness_mm,
            section_mm2=Decimal(section_mm2),
            ampacity_a=ampacity_a,
            verified=True,
            source=DIN_43671,
        )
        for width_mm, thickness_mm, section_mm2, ampacity_a in _TABLE_ROWS
    ),
    *(
        Bar(
            width_mm=width_mm,
            thickness_mm=thickness_mm,
            section_mm2=Decimal(width_mm * thickness_mm),
            ampacity_a=ampacity_a,
            verified=False,
            source=INTERPOLATED,
        )
        for width_mm, thickness_mm, ampacity_a in _INTERPOLATED_ROWS
    ),
)
"""Every known bar: the table by size, then the interpolated Korean sizes."""


def find_bar(width_mm: int, thickness_mm: int) -> Bar | None:
    """Return the bar of that size, ``None`` when nothing is known about it."""
    return next((bar for bar in BARS if (bar.width_mm, bar.thickness_mm) == (width_mm, thickness_mm)), None)


def ampacity_at(bar: Bar, air_c: float, bar_limit_c: float = 85) -> float:
    """Return the ampacity in A in air of ``air_c`` when the bar may reach ``bar_limit_c``.

    In balance the loss I² · R(bar) equals the heat shed, which grows as (bar − air)^1.22. From the table's
    point (air 35 °C, bar 65 °C) therefore I = DIN · ((limit − air) ÷ 30)^0.61 · √(R₆₅ ÷ R_limit); the root is
    0.968 at 85 °C. The exponent meets all six printed k₂ factors (air 35 °C: bar 70, 75, 85 °C; air 40 °C:
    65, 70, 85 °C) within 2.1 %. A bar in air as hot as its limit carries nothing.
    """
    driving_k = max(0.0, bar_limit_c - air_c)
    shedding = math.pow(driving_k / (TABLE_BAR_C - TABLE_AIR_C), _RISE_EXPONENT)
    resistance = (_COPPER_ZERO_RESISTANCE_C + TABLE_BAR_C) / (_COPPER_ZERO_RESISTANCE_C + bar_limit_c)
    return round(bar.ampacity_a * shedding * math.sqrt(resistance), AMPACITY_DIGITS)


def smallest_passing(min_ampacity_a: float, max_width_mm: int) -> Bar | None:
    """Return the table bar of least copper that carries the current at 35/65 °C and is no wider than allowed.

    Interpolated sizes are never proposed: a figure nobody measured is no remedy. Of equal sections the
    narrower wins.
    """
    passing = [
        bar
        for bar in BARS
        if bar.verified and bar.ampacity_a >= min_ampacity_a and bar.width_mm <= max_width_mm
    ]
    return min(passing, key=lambda bar: (bar.section_mm2, bar.width_mm), default=None)


def mass_kg(width_mm: int, thickness_mm: int, length_mm: int) -> Decimal:
    """Return the mass of a bar of full rectangular section, exactly; rounding is the caller's."""
    return width_mm * thickness_mm * length_mm * COPPER_KG_PER_MM3
