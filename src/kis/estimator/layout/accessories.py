"""Where accessories go: beside the main, in duct-framed bands, in rows of meters, on the door (rules enclosure.band_space … enclosure.bay_meters)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kis.estimator.problem import FittedAccessory
from kis.estimator.rulebook import Rulebook

METER_KINDS: Final = frozenset({"meter_1ph", "meter_3ph", "meter_ct"})
BAND_KINDS: Final = frozenset({"magnetic_contactor", "timer_24h", "timer_sunset"})
DOOR_KINDS: Final = frozenset({"push_button", "va_meter", "selector_switch"})


@dataclass(frozen=True, slots=True)
class Band:
    """One duct frame with the parts in it, tallest first. ``height_mm`` includes ducts and wiring space."""

    parts: tuple[FittedAccessory, ...]
    height_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessoryPlan:
    """The accessories of a panel at one width: ``left_bay``/``right_bay`` beside the main, bands, meter rows, door parts."""

    left_bay: FittedAccessory | None
    right_bay: FittedAccessory | None
    bands: tuple[Band, ...]
    meter_rows: tuple[tuple[FittedAccessory, ...], ...]
    door: tuple[FittedAccessory, ...]
    height_mm: int
    """E of the height sum."""


def plan_accessories(
    accessories: Sequence[FittedAccessory], width_mm: int, bay_width_mm: int, rules: Rulebook
) -> AccessoryPlan | None:
    """Place ``accessories`` in a box ``width_mm`` wide whose bay beside the main is ``bay_width_mm``; None when a part is wider than a band."""
    spds = [item for item in accessories if item.kind == "spd"]
    meters = [item for item in accessories if item.kind in METER_KINDS]
    banded = [item for item in accessories if item.kind in BAND_KINDS]
    bays: list[FittedAccessory] = spds[:1]
    if (
        len(banded) == 1
        and banded[0].is_small_contactor
        and bay_width_mm >= (banded[0].part.width_mm or 0)
        and len(bays) < 2
    ):
        bays, banded = [*bays, banded[0]], []
    if (
        meters
        and len(meters) <= rules.enclosure.bay_meters.value - len(bays)
        and bay_width_mm >= rules.enclosure.bay_least_width.value
    ):
        bays, meters = [*bays, *meters], []
    bands = _fill_bands(banded, width_mm, rules)
    if bands is None:
        return None
    per_row = min(
        rules.enclosure.meter_columns.value,
        (width_mm - 2 * rules.enclosure.plate_margin.value) // rules.enclosure.meter_cell.value,
    )
    if meters and per_row < 1:
        return None
    rows = tuple(tuple(meters[i : i + per_row]) for i in range(0, len(meters), per_row)) if meters else ()
    return AccessoryPlan(
        left_bay=bays[0] if bays else None,
        right_bay=bays[1] if len(bays) > 1 else None,
        bands=bands,
        meter_rows=rows,
        door=tuple(item for item in accessories if item.kind in DOOR_KINDS),
        height_mm=sum(band.height_mm for band in bands) + len(rows) * rules.enclosure.meter_row.value,
    )


def band_capacity_mm(width_mm: int, rules: Rulebook) -> int:
    """Return the width a band offers to its parts, each counted with one gap: (W − 290) of engine rule 16."""
    layout = rules.layout
    return (
        width_mm
        - 2 * (rules.enclosure.plate_margin.value + layout.band_side_inset.value)
        - layout.fuse_holder_width.value
    )


def _fill_bands(parts: Sequence[FittedAccessory], width_mm: int, rules: Rulebook) -> tuple[Band, ...] | None:
    """Fill bands from the left, tallest part first; None when one part alone is too wide."""
    gap, capacity = rules.layout.band_part_gap.value, band_capacity_mm(width_mm, rules)
    bands: list[list[FittedAccessory]] = []
    used = capacity + 1
    for part in sorted(
        parts, key=lambda item: (-(item.part.height_mm or 0), -(item.part.width_mm or 0), item.id)
    ):
        taken = (part.part.width_mm or 0) + gap
        if taken > capacity:
            return None
        if used + taken > capacity:
            bands.append([])
            used = 0
        bands[-1].append(part)
        used += taken
    return tuple(
        Band(tuple(band), rules.enclosure.band_space.value + max(item.part.height_mm or 0 for item in band))
        for band in bands
    )
