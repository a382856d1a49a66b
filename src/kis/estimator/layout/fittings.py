"""Accessories in the drawing: bays beside the main, duct-framed bands, meter rows, door parts (engine geometry 15–17).

A part whose outline nobody has published is drawn at the size the rulebook assumes and is marked unverified.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from kis.estimator.layout.accessories import Band
from kis.estimator.layout.drawing import Part, PartKind
from kis.estimator.layout.plans import Arrangement
from kis.estimator.problem import FittedAccessory
from kis.estimator.rulebook import Rulebook

PART_KINDS: Final = {
    "magnetic_contactor": PartKind.CONTACTOR,
    "timer_24h": PartKind.TIMER,
    "timer_sunset": PartKind.TIMER,
    "meter_1ph": PartKind.METER,
    "meter_3ph": PartKind.METER,
    "meter_ct": PartKind.METER,
    "spd": PartKind.SPD,
    "push_button": PartKind.PUSH_BUTTON,
    "va_meter": PartKind.DOOR_METER,
}


def fittings(
    arrangement: Arrangement,
    drawn: Sequence[Part],
    width_mm: int,
    depth_mm: int,
    lowest_row_y: int,
    margin_mm: int,
    rules: Rulebook,
) -> Iterator[Part]:
    """Yield the accessories of ``arrangement``; bands begin at ``lowest_row_y``, the foot of the lowest row."""
    plan = arrangement.accessories
    main = next(part for part in drawn if part.kind is PartKind.MAIN)
    middle_y = (main.y0 + main.y1) // 2
    bay_edge = margin_mm + rules.layout.bay_inset.value
    to_main = rules.layout.bay_to_main.value
    behind: list[Part] = []
    if plan.left_bay is not None:
        behind.append(_centred(plan.left_bay, (bay_edge + main.x0 - to_main) // 2, middle_y, rules))
    if plan.right_bay is not None:
        behind.append(
            _centred(plan.right_bay, (main.x1 + to_main + width_mm - bay_edge) // 2, middle_y, rules)
        )
    top = lowest_row_y
    bodies = [part.y0 for part in drawn if part.kind in (PartKind.MAIN, PartKind.BREAKER, PartKind.SPARE_WAY)]
    duct_top = min(top, min(bodies) - rules.layout.body_gap.value)
    for number, band in enumerate(plan.bands):
        behind += _band(band, number, top, duct_top if number == 0 else top, width_mm, margin_mm, rules)
        top -= band.height_mm
    for row in plan.meter_rows:
        behind += _meter_row(row, top, width_mm, rules)
        top -= rules.enclosure.meter_row.value
    yield from behind
    yield from _door(plan.door, behind, main, depth_mm, margin_mm, rules)


def outline(item: FittedAccessory, rules: Rulebook) -> tuple[int, int, bool]:
    """Return width, height and whether both were read off a sheet; the assumed outline stands in where nothing is known."""
    assumed_width, assumed_height = rules.layout.spd_outline.value
    part = item.part
    known = part.width_mm is not None and part.height_mm is not None
    return part.width_mm or assumed_width, part.height_mm or assumed_height, known


def _centred(item: FittedAccessory, x: int, y: int, rules: Rulebook) -> Part:
    width, height, known = outline(item, rules)
    face = rules.enclosure.plate_face.value
    x0, y0 = x - width // 2, y - height // 2
    depth = item.part.depth_mm
    return Part(
        id=item.id,
        kind=PART_KINDS[item.kind],
        label=item.model,
        x0=x0,
        x1=x0 + width,
        y0=y0,
        y1=y0 + height,
        z0=face,
        z1=face + depth if depth is not None else None,
        device=item.id,
        verified=known and depth is not None,
    )


def _band(
    band: Band, number: int, top: int, duct_top: int, width_mm: int, margin_mm: int, rules: Rulebook
) -> Iterator[Part]:
    """Yield the duct frame, the fuse holder (first band only) and the parts, tops in one line.

    ``duct_top`` lies below ``top`` as far as the last row's bodies need to keep their gap; the wiring space above the parts gives those millimetres.
    """
    layout, face = rules.layout, rules.enclosure.plate_face.value
    duct, left, right = (
        layout.duct_width.value,
        margin_mm + layout.duct_inset.value,
        width_mm - margin_mm - layout.duct_inset.value,
    )
    bottom = top - band.height_mm
    frame = (
        ("top", left, right, duct_top - duct, duct_top),
        ("bottom", left, right, bottom, bottom + duct),
        ("left", left, left + duct, bottom + duct, duct_top - duct),
        ("right", right - duct, right, bottom + duct, duct_top - duct),
    )
    for name, x0, x1, y0, y1 in frame:
        yield Part(
            id=f"band{number + 1}.duct.{name}",
            kind=PartKind.DUCT,
            label="PVC",
            x0=x0,
            x1=x1,
            y0=y0,
            y1=y1,
            z0=face,
            z1=face + duct,
        )
    x = margin_mm + layout.band_side_inset.value
    parts_top = top - layout.band_top_offset.value
    if number == 0:
        holder = layout.fuse_holder_width.value
        tallest = band.height_mm - rules.enclosure.band_space.value
        yield Part(
            id="fuse_holder",
            kind=PartKind.FUSE_HOLDER,
            label="FUSE",
            x0=x,
            x1=x + holder,
            y0=parts_top - min(tallest, 2 * holder),
            y1=parts_top,
            z0=face,
            z1=None,
            verified=False,
        )
    x += layout.fuse_holder_width.value
    for item in band.parts:
        x += layout.band_part_gap.value
        width, height, _ = outline(item, rules)
        yield _centred(item, x + width // 2, parts_top - height + height // 2, rules)
        x += width


def _meter_row(row: Sequence[FittedAccessory], top: int, width_mm: int, rules: Rulebook) -> Iterator[Part]:
    cell, height = rules.enclosure.meter_cell.value, rules.enclosure.meter_row.value
    x = (width_mm - cell * len(row)) // 2 + cell // 2
    for item in row:
        yield _centred(item, x, top - height // 2, rules)
        x += cell


def _door(
    items: Sequence[FittedAccessory],
    behind: Sequence[Part],
    main: Part,
    depth_mm: int,
    margin_mm: int,
    rules: Rulebook,
) -> Iterator[Part]:
    """Yield what is mounted in the door: push buttons in front of the contactors, meters above the main."""
    inside = depth_mm - rules.enclosure.door_sheet.value
    buttons = [item for item in items if item.kind == "push_button"]
    served = [part for part in behind if part.kind is PartKind.CONTACTOR] or [main]
    for number, item in enumerate(buttons):
        place = served[number * len(served) // len(buttons)]
        yield _on_door(item, (place.x0 + place.x1) // 2, (place.y0 + place.y1) // 2, inside, rules)
    panel_meters = [item for item in items if item.kind != "push_button"]
    x = margin_mm + rules.layout.bay_inset.value
    for item in panel_meters:
        width, height, _ = outline(item, rules)
        yield _on_door(
            item, x + width // 2, main.y1 + height // 2 + rules.layout.bay_inset.value, inside, rules
        )
        x += width + rules.layout.bay_inset.value


def _on_door(item: FittedAccessory, x: int, y: int, inside_mm: int, rules: Rulebook) -> Part:
    width, height, known = outline(item, rules)
    depth = item.part.depth_mm
    x0, y0 = x - width // 2, y - height // 2
    return Part(
        id=item.id,
        kind=PART_KINDS[item.kind],
        label=item.model,
        x0=x0,
        x1=x0 + width,
        y0=y0,
        y1=y0 + height,
        z0=inside_mm - (depth or 0),
        z1=inside_mm,
        device=item.id,
        verified=known and depth is not None,
    )
