"""The ``din_rail`` style: modular devices upright on rails, row below row, in the order poles, frame, ampere (rules ``layout.rail_*``)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kis.estimator.layout.drawing import Part, PartKind
from kis.estimator.layout.poles import poles_from_top
from kis.estimator.layout.ways import Way
from kis.estimator.problem import Device, PanelProblem
from kis.estimator.rulebook import Rulebook

RAIL_HEIGHT_MM: Final = 35
RAIL_DEPTH_MM: Final = 8
"""Top-hat rail TH 35-7.5 of IEC 60715, its 7.5 mm rounded up."""


@dataclass(frozen=True, slots=True)
class Rail:
    """One rail with its devices from the left."""

    ways: tuple[Way, ...]


def rails_of(
    problem: PanelProblem, main: int, width_mm: int, margin_mm: int, rules: Rulebook
) -> tuple[Rail, ...] | None:
    """Fill rails in order for a box ``width_mm`` wide; None when one device alone is too wide."""
    ways = [Way(device) for device in problem.devices_of(main)] + [
        Way(spare) for spare in problem.spare_ways if spare.main == main
    ]
    room = rail_length_mm(width_mm, margin_mm, rules)
    rails: list[list[Way]] = []
    used = room + 1
    for way in ways:
        width = way.breaker.width_mm
        if width > room:
            return None
        if used + width > room:
            rails.append([])
            used = 0
        rails[-1].append(way)
        used += width
    return tuple(Rail(tuple(rail)) for rail in rails)


def rail_length_mm(width_mm: int, margin_mm: int, rules: Rulebook) -> int:
    """Return the usable length of a rail: the plate between its ducts, at most the shop's number of modules."""
    layout = rules.layout
    side = margin_mm + layout.duct_inset.value + layout.duct_width.value + layout.device_to_corridor.value
    return min(width_mm - 2 * side, layout.rail_row_modules.value * layout.rail_module.value)


def least_rail_width_mm(problem: PanelProblem, margin_mm: int, rules: Rulebook) -> int:
    """Return the least box width that takes the widest device."""
    widest = max((device.breaker.width_mm for device in problem.devices), default=0)
    layout = rules.layout
    return widest + 2 * (
        margin_mm + layout.duct_inset.value + layout.duct_width.value + layout.device_to_corridor.value
    )


def draw_rails(
    problem: PanelProblem,
    rails: Sequence[Rail],
    group: int,
    top_y: int,
    width_mm: int,
    margin_mm: int,
    lines: Mapping[str, tuple[str, ...]],
    rules: Rulebook,
) -> Iterator[Part]:
    """Yield rails, side ducts and devices; ``top_y`` is the top of the first rail's strip."""
    layout, face = rules.layout, rules.enclosure.plate_face.value
    pitch, room = layout.rail_pitch.value, rail_length_mm(width_mm, margin_mm, rules)
    x0 = (width_mm - room) // 2
    foot = top_y - pitch * len(rails)
    edge = margin_mm + layout.duct_inset.value
    for name, left in (("left", edge), ("right", width_mm - edge - layout.duct_width.value)):
        yield Part(
            id=f"rails{group + 1}.duct.{name}",
            kind=PartKind.DUCT,
            label="PVC",
            x0=left,
            x1=left + layout.duct_width.value,
            y0=foot,
            y1=top_y,
            z0=face,
            z1=face + layout.duct_width.value,
            group=group,
        )
    for number, rail in enumerate(rails):
        middle = top_y - pitch * number - pitch // 2
        yield Part(
            id=f"rail{group + 1}.{number + 1}",
            kind=PartKind.RAIL,
            label="TH 35",
            x0=x0,
            x1=x0 + room,
            y0=middle - RAIL_HEIGHT_MM // 2,
            y1=middle - RAIL_HEIGHT_MM // 2 + RAIL_HEIGHT_MM,
            z0=face,
            z1=face + RAIL_DEPTH_MM,
            group=group,
            row=number,
        )
        yield from _devices(problem, rail, number, group, x0, middle, lines, rules)


def _devices(
    problem: PanelProblem,
    rail: Rail,
    number: int,
    group: int,
    x: int,
    middle: int,
    lines: Mapping[str, tuple[str, ...]],
    rules: Rulebook,
) -> Iterator[Part]:
    face = rules.enclosure.plate_face.value + RAIL_DEPTH_MM
    for seat, way in enumerate(rail.ways):
        breaker = way.breaker
        device = way.occupant if isinstance(way.occupant, Device) else None
        connected = lines.get(way.occupant.id, ())
        y0 = middle - breaker.height_mm // 2
        yield Part(
            id=f"D{number + 1}-{seat + 1}.{way.occupant.id}",
            kind=PartKind.BREAKER if device is not None else PartKind.SPARE_WAY,
            label=breaker.model,
            x0=x,
            x1=x + breaker.width_mm,
            y0=y0,
            y1=y0 + breaker.height_mm,
            z0=face,
            z1=face + breaker.front_mm,
            phase="".join(connected),
            poles=poles_from_top(breaker.poles, connected, problem.network, shifted_up=False),
            device=way.occupant.id,
            group=group,
            column=seat,
            row=number,
            side="D",
            outline_height_mm=breaker.height_mm,
            verified=False,
        )
        x += breaker.width_mm
