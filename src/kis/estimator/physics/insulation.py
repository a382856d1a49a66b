"""Least distances between live parts: through air (clearance) and along insulation (creepage).

Clearance follows the rated impulse voltage Uimp (IEC 61439-1 Table 1, inhomogeneous field, up to 2000 m), and
Uimp the voltage to earth and the overvoltage category (IEC 60664-1 Table F.1); creepage follows the working
voltage, pollution degree and material (IEC 61439-1 Table 2, IEC 60664-1 Table F.5). Between listed values the
next higher one counts. These are legal minima; the gaps of a shop are larger.

Figures of IEC 60664-1 as KiCad's insulation calculator (edition of 2020) carries them, those of IEC 61439-1
Table 1 after a maker's paper on design verification; the two agree where they overlap.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Final, TypeVar

Row = TypeVar("Row")


class OvervoltageCategory(IntEnum):
    """Where in the installation: IV its origin, III distribution boards, II appliances, I electronics."""

    CATEGORY_I = 1
    CATEGORY_II = 2
    CATEGORY_III = 3
    CATEGORY_IV = 4


class MaterialGroup(StrEnum):
    """Resistance to tracking: I (CTI ≥ 600), II (≥ 400), III (≥ 175: IIIa)."""

    GROUP_I = "I"
    GROUP_II = "II"
    GROUP_III = "III"


# IEC 61439-1 Table 1: Uimp kV up to -> mm.
_CLEARANCES: Final = (
    (Decimal("2.5"), Decimal("1.5")),
    (Decimal(4), Decimal("3.0")),
    (Decimal(6), Decimal("5.5")),
    (Decimal(8), Decimal("8.0")),
    (Decimal(12), Decimal("14.0")),
)

# IEC 60664-1 Table A.2: altitude m up to -> factor. A step at a time, never interpolated: on the safe side.
_ALTITUDE_FACTORS: Final = (
    (2000, Decimal(1)),
    (3000, Decimal("1.14")),
    (4000, Decimal("1.29")),
    (5000, Decimal("1.48")),
)

# IEC 60664-1 Table F.1: voltage to earth V up to -> kV for categories I, II, III, IV.
_IMPULSES: Final = (
    (50, ("0.33", "0.5", "0.8", "1.5")),
    (100, ("0.5", "0.8", "1.5", "2.5")),
    (150, ("0.8", "1.5", "2.5", "4")),
    (300, ("1.5", "2.5", "4", "6")),
    (600, ("2.5", "4", "6", "8")),
    (1000, ("4", "6", "8", "12")),
)

# IEC 60664-1 Table F.5: working voltage V up to -> mm for material groups I, II, III.
_CREEPAGES: Final[Mapping[int, Sequence[tuple[int, tuple[str, str, str]]]]] = {
    2: (
        (125, ("0.75", "1.05", "1.5")),
        (160, ("0.8", "1.1", "1.6")),
        (200, ("1.0", "1.4", "2.0")),
        (250, ("1.25", "1.8", "2.5")),
        (320, ("1.6", "2.2", "3.2")),
        (400, ("2.0", "2.8", "4.0")),
        (500, ("2.5", "3.6", "5.0")),
        (630, ("3.2", "4.5", "6.3")),
        (800, ("4.0", "5.6", "8.0")),
        (1000, ("5.0", "7.1", "10")),
    ),
    3: (
        (125, ("1.9", "2.1", "2.4")),
        (160, ("2.0", "2.2", "2.5")),
        (200, ("2.5", "2.8", "3.2")),
        (250, ("3.2", "3.6", "4.0")),
        (320, ("4.0", "4.5", "5.0")),
        (400, ("5.0", "5.6", "6.3")),
        (500, ("6.3", "7.1", "8.0")),
        (630, ("8.0", "9.0", "10")),
        (800, ("10", "11", "12.5")),
        (1000, ("12.5", "14", "16")),
    ),
}
_GROUP_COLUMNS: Final = tuple(MaterialGroup)


def clearance_mm(uimp_kv: Decimal, altitude_m: int = 0) -> Decimal:
    """Return the least distance through air for a rated impulse voltage, widened above 2000 m."""
    return _next_listed(_CLEARANCES, uimp_kv) * _next_listed(_ALTITUDE_FACTORS, altitude_m)


def rated_impulse_kv(voltage_to_earth_v: int, category: OvervoltageCategory) -> Decimal:
    """Return Uimp in kV: 4 for a 380/220 V sub-board (category III), 6 at the origin of supply (IV)."""
    return Decimal(_next_listed(_IMPULSES, voltage_to_earth_v)[category - 1])


def creepage_mm(
    voltage_v: int,
    pollution_degree: int,
    material_group: MaterialGroup,
    *,
    clearance_mm: Decimal = Decimal(0),
) -> Decimal:
    """Return the least distance along insulation; it is never less than the clearance between the same parts.

    Pollution degree 2 is a clean indoor room, 3 an industrial or damp one.
    """
    row = _next_listed(_CREEPAGES[pollution_degree], voltage_v)
    return max(Decimal(row[_GROUP_COLUMNS.index(material_group)]), clearance_mm)


def _next_listed(table: Sequence[tuple[Decimal | int, Row]], value: Decimal | int) -> Row:
    """Return the entry of the lowest listed value that is at least ``value``."""
    for listed, row in table:
        if value <= listed:
            return row
    raise ValueError(f"the table ends at {table[-1][0]}, below {value}")
