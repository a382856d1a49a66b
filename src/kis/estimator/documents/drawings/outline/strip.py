"""Beside the views: how the box is made, the list of its items, the cut-outs of its door, the name plate, the sign of the projection."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.outline import habits
from kis.estimator.documents.drawings.outline.box import OutlineBox
from kis.estimator.documents.drawings.outline.door import CutOut
from kis.estimator.documents.drawings.outline.ink import say
from kis.estimator.documents.drawings.outline.items import Item
from kis.estimator.documents.drawings.outline.nameplate import nameplate_detail
from kis.estimator.documents.drawings.panel_facts import UNVERIFIED_MARK, PanelFacts
from kis.estimator.documents.drawings.sheet import Anchor, Box, Circle, Layer, Line, Polyline, Shape
from kis.estimator.documents.drawings.table import Cell, TableColumn, table, word
from kis.estimator.documents.drawings.text_fit import wrapped
from kis.estimator.documents.drawings.title_block import Heading
from kis.estimator.request import Feed, Mounting

STRIP_MM: Final = 108.0
_LETTER_MM: Final = 2.3
_ROWS_MM: Final = (4.5, 4.2, 3.9, 3.6, 3.3, 3.0, 2.8)
_GAP_MM: Final = 3.5
_PLATE_MM: Final = (92.0, 56.0)
_CAPTION_MM: Final = 5.0
_SYMBOL_MM: Final = 9.0
_LABEL_MM: Final = 26.0
_HOLE_COLUMNS_MM: Final = (24.0, 12.0, 20.0)
"""Tag, Y and size of a cut-out; its X has the rest."""

_REMARKED: Final = {
    "edge": habits.DOOR_EDGE_MM,
    "lug": habits.LUG_HOLE_MM,
    "anchor": habits.ANCHOR_HOLE_MM,
    "flange": habits.FLANGE_MM,
}
"""Shop habits that the remarks of items name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StripContent:
    """What the strip tells. ``sheet_mm`` is the thickness of the sheet, None where nobody has said it."""

    facts: PanelFacts
    heading: Heading
    box: OutlineBox
    items: tuple[Item, ...]
    holes: tuple[CutOut, ...]
    sheet_mm: Decimal | None


_Rows = list[list[Cell]]


def strip(content: StripContent, box: Box) -> Iterator[Shape]:
    """Yield the strip in print millimetres, from the top of ``box`` downwards, the name plate at its foot."""
    tables = list(_tables(content, box[2] - box[0]))
    x0, y0, _, top = box
    foot = y0 + _PLATE_MM[1] + _CAPTION_MM + _GAP_MM
    free = top - foot - _GAP_MM * len(tables)
    lines = sum(len(rows) + 1 for _, rows in tables)
    row_mm = next((row for row in _ROWS_MM if row * lines <= free), _ROWS_MM[-1])
    for columns, rows in tables:
        shown = _cut(content.facts, rows, int((top - foot) / row_mm) - 1)
        yield from table(columns, shown, x0, top, row_mm, min(_LETTER_MM, 0.62 * row_mm))
        top -= row_mm * (len(shown) + 1) + _GAP_MM
    plate = (x0, y0, x0 + _PLATE_MM[0], y0 + _PLATE_MM[1])
    yield from nameplate_detail(content.facts, content.heading, plate)
    caption = (x0, plate[3], x0 + _PLATE_MM[0], plate[3] + _CAPTION_MM)
    yield from word(say(content.facts, "plate.caption"), caption, 2.6, bold=True)
    yield from _projection_sign(plate[2] + 3.0, y0)


def specification(content: StripContent) -> tuple[tuple[str, str], ...]:
    """Return how the box is made, as (label, value)."""
    facts, box = content.facts, content.box
    enclosure, request = facts.design.enclosure, facts.design.problem.request
    depth = f"{box.depth_mm}" + ("" if enclosure.depth_verified else UNVERIFIED_MARK)
    protection = say(facts, "value.no_ip") if enclosure.ip is None else f"IP{enclosure.ip}"
    doors = len(box.leaves)
    hung = "screwed" if box.is_screwed else "one" if doors == 1 else "several"
    entry = "both" if box.enters_above else "below"
    values = {
        "mounting": say(facts, f"mounting.{request.mounting.value}"),
        "size": f"{box.width_mm} × {box.height_mm} × {depth}",
        "material": _material(content),
        "finish": say(facts, "value.to_agree"),
        "protection": protection
        + (2 * UNVERIFIED_MARK if enclosure.ip is not None and not enclosure.ip_verified else ""),
        "door": say(facts, f"value.door_{hung}", count=doors),
        "opening": say(facts, "value.opening", width=box.opening_mm[0], height=box.opening_mm[1]),
        "entry": say(facts, f"value.entry_{entry}"),
        "feed": say(facts, "value.feed_top" if request.feed is Feed.TOP else "value.feed_bottom"),
        "quantity": say(facts, "value.quantity", count=request.quantity),
        "weight": say(facts, "value.weight"),
    }
    return tuple((say(facts, f"spec.{key}"), value) for key, value in values.items())


def _material(content: StripContent) -> str:
    """Return material and thickness of the sheet; a moulded box has neither of the series'."""
    facts, design = content.facts, content.facts.design
    if design.problem.request.mounting in {Mounting.FRP, Mounting.HI_BOX}:
        return say(facts, f"material.{design.problem.request.mounting.value}")
    name = say(facts, f"material.{design.enclosure.material.lower()}")
    if content.sheet_mm is None:
        return say(facts, "value.sheet_open", material=name)
    return say(facts, "value.sheet", material=name, thickness=content.sheet_mm)


def _tables(content: StripContent, width: float) -> Iterator[tuple[list[TableColumn], _Rows]]:
    facts = content.facts
    rest = width - _LABEL_MM
    yield (
        [
            TableColumn(title=say(facts, "head.specification"), width_mm=_LABEL_MM),
            TableColumn(title=say(facts, "head.value"), width_mm=rest),
        ],
        [[Cell(content=label, bold=True), Cell(content=value)] for label, value in specification(content)],
    )
    yield (
        [
            TableColumn(title=say(facts, "head.number"), width_mm=10, anchor=Anchor.MIDDLE),
            TableColumn(title=say(facts, "head.item"), width_mm=42),
            TableColumn(title=say(facts, "head.remark"), width_mm=width - 52),
        ],
        [
            [
                Cell(content=str(number), bold=True),
                Cell(content=say(facts, f"item.{item.key}")),
                Cell(content=say(facts, f"remark.{item.key}", **_REMARKED)),
            ]
            for number, item in enumerate(content.items, start=1)
        ],
    )
    if content.holes:
        yield _cut_out_table(facts, content.holes, width)


def _cut_out_table(
    facts: PanelFacts, holes: Sequence[CutOut], width: float
) -> tuple[list[TableColumn], _Rows]:
    """Return the cut-outs, those of one height and size in one row."""
    tag_mm, y_mm, size_mm = _HOLE_COLUMNS_MM
    x_mm = width - tag_mm - y_mm - size_mm
    columns = [
        TableColumn(title=say(facts, "head.cut_out"), width_mm=tag_mm),
        TableColumn(title="X", width_mm=x_mm),
        TableColumn(title="Y", width_mm=y_mm, anchor=Anchor.END),
        TableColumn(title=say(facts, "head.hole"), width_mm=size_mm, anchor=Anchor.MIDDLE),
    ]
    rows: _Rows = []
    for (y, size), group in groupby(holes, key=lambda hole: (hole.y, hole.size)):
        alike = list(group)
        tag = _joined([facts.accessory_tag(facts.accessories[hole.part.device]) for hole in alike])
        lines = wrapped(", ".join(f"{hole.x:g}" for hole in alike), x_mm - 2, _LETTER_MM)
        for number, line in enumerate(lines):
            first = (Cell(content=tag, bold=True), f"{y:g}", size or say(facts, "value.by_maker"))
            shown = first if number == 0 else (Cell(content=""), "", "")
            rows.append([shown[0], Cell(content=line), Cell(content=shown[1]), Cell(content=shown[2])])
    return columns, rows


def _joined(tags: Sequence[str]) -> str:
    """Return the first and last of tags that follow each other, ``PB1–3``; any others one by one."""
    letters = tags[0].rstrip("0123456789")
    numbers = [tag.removeprefix(letters) for tag in tags]
    if len(tags) > 1 and all(number.isdecimal() for number in numbers):
        first = int(numbers[0])
        if [int(number) for number in numbers] == list(range(first, first + len(tags))):
            return f"{tags[0]}–{numbers[-1]}"
    return ", ".join(tags)


def _cut(facts: PanelFacts, rows: _Rows, most: int) -> _Rows:
    """Return as many rows as there is room for; the last one then says how many are missing."""
    if len(rows) <= most:
        return rows
    kept = rows[: max(0, most - 1)]
    missing = Cell(content=say(facts, "value.more", count=len(rows) - len(kept)))
    return [*kept, [missing if number == 1 else Cell(content="") for number in range(len(rows[0]))]]


def _projection_sign(x: float, y: float) -> Iterator[Shape]:
    """Yield the sign of third-angle projection (ISO 5456-2): a cone seen from its small end at the left, from the side at the right."""
    middle, large, small = y + _SYMBOL_MM / 2, 2.6, 1.3
    centre, end = x + large + 0.6, x + 2 * large + 2.4
    for radius in (large, small):
        yield Circle(layer=Layer.TITLE_BLOCK, x=centre, y=middle, radius=radius, style=palette.STRONG_RULE)
    corners = (
        (end, middle - small),
        (end + 5, middle - large),
        (end + 5, middle + large),
        (end, middle + small),
    )
    yield Polyline(layer=Layer.TITLE_BLOCK, points=corners, style=palette.STRONG_RULE, closed=True)
    yield Line(layer=Layer.TITLE_BLOCK, x0=x, y0=middle, x1=end + 6, y1=middle, style=palette.RULE)
