"""Least section of the protective conductor (PE) by the section of the phase conductor."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

IEC_61439_1_TABLE_5: Final = "IEC 61439-1 Table 5; KEC 142.3.2 up to 35 mm²"


@dataclass(frozen=True, slots=True)
class ProtectiveSection:
    """A least PE section; unverified where the row of the table is known from memory alone."""

    section_mm2: Decimal
    verified: bool
    source: str = IEC_61439_1_TABLE_5


def minimum_section_mm2(phase_section_mm2: Decimal) -> ProtectiveSection:
    """Return the least section of a copper PE that belongs to copper phases of ``phase_section_mm2``.

    S up to 16 mm²: S; up to 35: 16; up to 400: S/2; up to 800: 200; above: S/4. The last two are unverified.
    """
    if phase_section_mm2 <= 16:
        return ProtectiveSection(phase_section_mm2, verified=True)
    if phase_section_mm2 <= 35:
        return ProtectiveSection(Decimal(16), verified=True)
    if phase_section_mm2 <= 400:
        return ProtectiveSection(phase_section_mm2 / 2, verified=True)
    if phase_section_mm2 <= 800:
        return ProtectiveSection(Decimal(200), verified=False)
    return ProtectiveSection(phase_section_mm2 / 4, verified=False)
