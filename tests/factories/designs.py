"""Whole designs around hand-made drawings, for what is written from them: sheets, pictures, tables.

``design()`` is the hand-drawn panel of ``drawings``; ``every_kind()`` a drawing that holds one part of every kind, and ``board()`` one of any
number of small circuits in facing pairs, several columns where wanted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.title_block import Heading
from kis.estimator.layout.accessories import AccessoryPlan
from kis.estimator.layout.drawing import Column, Drawing, Part, PartKind, Zones
from kis.estimator.layout.plans import Arrangement, ColumnPlan, GroupPlan
from kis.estimator.layout.ways import Row, Way
from kis.estimator.problem import Device
from kis.estimator.rulebook.schema import BarStep
from kis.platform.messages import Locale
from tests.factories import drawings

BAR = BarStep(up_to=Fraction(100), width_mm=15, thickness_mm=3, pitch_mm=25)
NO_ACCESSORIES = AccessoryPlan(left_bay=None, right_bay=None, bands=(), meter_rows=(), door=(), height_mm=0)


def heading(locale: Locale = "ko", **changes: Any) -> Heading:
    own = Heading(project="사무동 신축", panel="LP-3F", quotation_date=date(2026, 11, 20), locale=locale)
    return replace(own, **changes)


def design(**changes: Any) -> PanelDesign:
    """Return the hand-drawn panel: main of 100 A, two 3P 30 A above two small 2P 20 A."""
    problem = changes.pop("problem", drawings.problem())
    pairs = _pairs(problem.devices)
    own = PanelDesign(
        problem=problem,
        enclosure=drawings.enclosure(),
        arrangement=arrangement((pairs,)),
        phases=(drawings.reported(),),
        drawing=drawings.drawing(),
    )
    return replace(own, **changes)


def arrangement(columns: Sequence[Sequence[Row]]) -> Arrangement:
    """Return an arrangement of these rows; only its rows are ever read here."""
    zones = Zones(a_mm=300, b_mm=30, c_mm=115, e_mm=0, d_mm=150)
    plans = tuple(
        ColumnPlan(
            rows=tuple(rows),
            left_reach_mm=130,
            right_reach_mm=130,
            left_lane_mm=60,
            right_lane_mm=60,
            corridor_mm=100,
            bar_pitch=Fraction(25),
            bar=BAR,
            device_gap_mm=10,
        )
        for rows in columns
    )
    group = GroupPlan(main=drawings.main_device(), columns=plans, bar=BAR, zones=zones, width_mm=500)
    return Arrangement(
        groups=(group,),
        accessories=NO_ACCESSORIES,
        width_geometry_mm=600,
        width_mm=600,
        height_mm=595,
        depth_geometry_mm=144,
        depth_mm=144,
        depth_verified=True,
    )


def every_kind() -> PanelDesign:
    """Return a design whose drawing holds every kind of part, a spare way, unverified outlines and two door parts."""
    meter = drawings.accessory("meter_1ph1", "meter_1ph", width_mm=130, height_mm=80, depth_mm=None)
    items = (
        drawings.accessory("magnetic_contactor1", "magnetic_contactor"),
        drawings.accessory("timer_24h1", "timer_24h", width_mm=65, height_mm=100),
        meter,
        drawings.accessory("spd1", "spd", width_mm=72, height_mm=90),
        drawings.accessory("push_button1", "push_button", width_mm=22, height_mm=22),
        drawings.accessory("va_meter1", "va_meter", width_mm=96, height_mm=96),
    )
    own = (
        ("magnetic_contactor1", PartKind.CONTACTOR, (150, 195), (-150, -76)),
        ("timer_24h1", PartKind.TIMER, (203, 268), (-176, -76)),
        ("meter_1ph1", PartKind.METER, (300, 430), (-156, -76)),
        ("spd1", PartKind.SPD, (80, 152), (320, 410)),
        ("push_button1", PartKind.PUSH_BUTTON, (161, 183), (-112, -90)),
        ("va_meter1", PartKind.DOOR_METER, (60, 156), (440, 536)),
    )
    more = (
        *(
            drawings.part(
                name,
                kind,
                x,
                y,
                (77, 148) if kind is PartKind.PUSH_BUTTON else (30, None),
                device=name,
                verified=kind is not PartKind.METER,
            )
            for name, kind, x, y in own
        ),
        drawings.part("duct", PartKind.DUCT, (60, 540), (-40, 0), (30, 70)),
        drawings.part("holder", PartKind.FUSE_HOLDER, (105, 135), (-136, -76), (30, None)),
        drawings.part("block", PartKind.TERMINAL_BLOCK, (440, 520), (-126, -76), (30, None)),
        drawings.part("rail", PartKind.RAIL, (300, 520), (-230, -195), (30, 38)),
        drawings.part("header", PartKind.HEADER_BAR, (250, 350), (275, 290), (70, 73), phase="R"),
        drawings.part("E01", PartKind.SPARE_WAY, (170, 240), (118, 151), (30, 92), device="E01", side="L"),
    )
    panel = drawings.drawing()
    taller = replace(
        panel,
        height_mm=900,
        plate=(50, 50, 550, 850),
        parts=tuple(replace(part, y0=part.y0 + 300, y1=part.y1 + 300) for part in (*panel.parts, *more)),
        lanes=tuple(replace(lane, y0=lane.y0 + 300, y1=lane.y1 + 300) for lane in panel.lanes),
        columns=tuple(replace(column, rows_top_y=column.rows_top_y + 300) for column in panel.columns),
        zones=(Zones(a_mm=300, b_mm=30, c_mm=115, e_mm=280, d_mm=150),),
    )
    problem = drawings.problem(accessories=items, spare_ways=(drawings.spare_way(),))
    return design(problem=problem, drawing=taller)


def board(circuits: int, columns: int = 1, load: str = "전등", surplus_mm: int = 0) -> PanelDesign:
    """Return a board of small 2P circuits on R, S, T in turn, in ``columns`` columns of facing pairs 40 mm apart.

    The box is ``surplus_mm`` taller than it need be.
    """
    devices = tuple(drawings.lighting(f"B{number:03d}", load=load) for number in range(1, circuits + 1))
    lines = {device.id: ("RST"[index % 3],) for index, device in enumerate(devices)}
    each = -(-circuits // columns)
    rows = -(-each // 2)
    width, height = columns * 350 + 100, 600 + 40 * rows + surplus_mm
    parts = [
        drawings.part(
            "main1", PartKind.MAIN, (200, 300), (height - 300, height - 170), (30, 112), device="M1"
        )
    ]
    parts += [_seated(device, number, each, height - 330, lines) for number, device in enumerate(devices)]
    frames = tuple(
        Column(
            index=index,
            group=0,
            centre_x=250 + 350 * index,
            corridor=(200 + 350 * index, 300 + 350 * index),
            rows=rows,
            rows_top_y=height - 330,
            rows_sum_mm=40 * rows,
        )
        for index in range(columns)
    )
    per_column = [devices[index * each : (index + 1) * each] for index in range(columns)]
    loads = tuple(
        Fraction(4400) * sum(line == (phase,) for line in lines.values())
        for phase in drawings.FOUR_WIRE.phases
    )
    counts = tuple(int(load / 4400) for load in loads)
    zones = (Zones(a_mm=300, b_mm=30, c_mm=40 * rows, e_mm=0, d_mm=150),)
    return design(
        problem=drawings.problem(devices=devices),
        enclosure=drawings.enclosure(width_mm=width, height_mm=height),
        arrangement=arrangement([_pairs(seated) for seated in per_column]),
        phases=(drawings.reported(lines=lines, loads_va=loads, counts=counts),),
        drawing=Drawing(
            width_mm=width,
            height_mm=height,
            depth_mm=150,
            plate=(50, 50, width - 50, height - 50),
            parts=tuple(parts),
            lanes=(),
            columns=frames,
            zones=zones,
            style="plate",
        ),
    )


def _seated(device: Device, number: int, each: int, top: int, lines: Mapping[str, tuple[str, ...]]) -> Part:
    column, place = divmod(number, each)
    row, right = divmod(place, 2)
    x0 = (310 if right else 120) + 350 * column
    y1 = top - 40 * row - 3
    return drawings.part(
        device.id,
        PartKind.BREAKER,
        (x0, x0 + 70),
        (y1 - 33, y1),
        (30, 92),
        phase=lines[device.id][0],
        poles=(lines[device.id][0], "N"),
        device=device.id,
        column=column,
        row=row,
        side="R" if right else "L",
    )


def _pairs(devices: Sequence[Device]) -> tuple[Row, ...]:
    """Return the circuits as facing pairs; a row is as high as its breaker is wide, 40 for a small one."""
    pairs = [devices[index : index + 2] for index in range(0, len(devices), 2)]
    return tuple(
        Row(
            left=Way(pair[0]),
            right=Way(pair[1]) if len(pair) > 1 else None,
            pitch_mm=max(40, pair[0].breaker.width_mm),
        )
        for pair in pairs
    )
