"""Tables of places on a sheet: name, lower left corner and size of each thing, in as many tables side by side as the strip has room for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.drawings.directory import HEADING_MM, TABLE_GAP_MM, table_heading
from kis.estimator.documents.drawings.panel_facts import PanelFacts, part_tag
from kis.estimator.documents.drawings.sheet import Anchor, Box, Shape
from kis.estimator.documents.drawings.table import Cell, TableColumn, table
from kis.estimator.documents.drawings.word_block import star_of
from kis.estimator.layout.drawing import Part, PartKind

_ROW_MM: Final = 3.2
_LETTER_MM: Final = 2.0
_NAME_MM: Final = 11.0
_MOUNTED: Final = (
    PartKind.SPD,
    PartKind.METER,
    PartKind.CONTACTOR,
    PartKind.TIMER,
    PartKind.FUSE_HOLDER,
    PartKind.TERMINAL_BLOCK,
    PartKind.EARTH_BAR,
    PartKind.NEUTRAL_BAR,
)
"""What stands on the plate beside the breakers, whose places the chains and the openings of the cover give."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named rectangle: x0, y0, x1, y1 from the lower left corner of the box."""

    name: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class PlaceList:
    """Places under the heading ``table.<key>``, which says that they are ``count``; ``table.<key>_name`` stands over their names."""

    key: str
    count: int
    places: tuple[Place, ...]

    def height_mm(self, side_by_side: int) -> float:
        """Return the print height of its heading and tables."""
        return HEADING_MM + (-(-len(self.places) // side_by_side) + 1) * _ROW_MM


def mounted_places(facts: PanelFacts) -> PlaceList:
    """Return where accessories and terminal bars are screwed to the plate: kind by kind, each from the top and from the left."""
    parts = sorted(
        facts.design.drawing.of(*_MOUNTED), key=lambda part: (_MOUNTED.index(part.kind), -part.y1, part.x0)
    )
    places = (Place(_name(facts, part), (part.x0, part.y0, part.x1, part.y1)) for part in parts)
    return PlaceList("mounted", len(parts), tuple(places))


def place_tables(facts: PanelFacts, listed: PlaceList, box: Box, side_by_side: int) -> Iterator[Shape]:
    """Yield heading and tables from the upper left corner of ``box``."""
    x0, _, x1, y1 = box
    yield from table_heading(facts.say(f"table.{listed.key}", count=listed.count), x0, y1)
    width = (x1 - x0 - (side_by_side - 1) * TABLE_GAP_MM) / side_by_side
    columns = [
        TableColumn(title=facts.say(f"table.{listed.key}_name"), width_mm=_NAME_MM, anchor=Anchor.MIDDLE),
        *(
            TableColumn(title=title, width_mm=(width - _NAME_MM) / 4, anchor=Anchor.END)
            for title in ("X", "Y", "W", "H")
        ),
    ]
    rows = [_row(place) for place in listed.places]
    height = -(-len(rows) // side_by_side)
    for number in range(side_by_side):
        part = rows[number * height : (number + 1) * height]
        if part:
            x = x0 + number * (width + TABLE_GAP_MM)
            yield from table(columns, part, x, y1 - HEADING_MM, _ROW_MM, _LETTER_MM)


def _row(place: Place) -> tuple[Cell, ...]:
    x0, y0, x1, y1 = place.box
    figures = (x0, y0, x1 - x0, y1 - y0)
    return (Cell(content=place.name, bold=True), *(Cell(content=f"{figure:,}") for figure in figures))


def _name(facts: PanelFacts, part: Part) -> str:
    """Return the tag of an accessory, or the letter that a terminal bar carries in the view, with its mark where nobody has verified its outline."""
    item = facts.accessories.get(part.device)
    return (part_tag(part.kind) or part.phase if item is None else facts.accessory_tag(item)) + star_of(part)
