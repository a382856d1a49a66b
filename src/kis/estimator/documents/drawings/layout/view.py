"""The layout sheet (배치도) of a panel: an A3 print with the front view to scale, its dimensions, circuits, phases and title block.

The scale is the largest of the usual ones at which the view fits beside its tables; many circuits take up to three narrow tables.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from itertools import product
from math import isqrt
from typing import Final

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.cut_out import CutOut, cover_cut_outs
from kis.estimator.documents.drawings.directory import (
    HEADING_MM,
    LEAST_ROW_MM,
    MOST_TABLES,
    TABLE_GAP_MM,
    circuit_rows,
    circuit_tables,
    phase_tables,
    phase_tables_height,
    tables_width_mm,
)
from kis.estimator.documents.drawings.layout.chains import chains, room_below_mm, room_left_mm, room_right_mm
from kis.estimator.documents.drawings.layout.cover_view import (
    cover_numbers,
    cover_outlines,
    cover_places,
)
from kis.estimator.documents.drawings.layout.front_view import front_view
from kis.estimator.documents.drawings.panel_facts import Circuit, PanelFacts, decimals, facts_of
from kis.estimator.documents.drawings.paper import SCALES, Paper, laid_around
from kis.estimator.documents.drawings.place_tables import (
    PlaceList,
    mounted_places,
    place_tables,
)
from kis.estimator.documents.drawings.sheet import Box, Layer, Line, Rectangle, Shape, Sheet, Text, placed
from kis.estimator.documents.drawings.text_fit import fitted
from kis.estimator.documents.drawings.title_block import (
    NOTE_PITCH_MM,
    Heading,
    note_lines,
    notes,
    revision_table,
    title_block,
)
from kis.platform.messages import Locale, Message

PAPER: Final = Paper.A3
_INSET_MM: Final = 4.0
"""From the frame to what stands inside it."""
_TITLE_WIDTH_MM: Final = tables_width_mm(1)
_TITLE_HEIGHT_MM: Final = 40.0
_REVISIONS_MM: Final = 13.0
_STACK_MM: Final = _TITLE_HEIGHT_MM + _REVISIONS_MM
"""Title block with the revision table on top of it."""
_VIEW_HEADING_MM: Final = 12.0
_ROOMY_ROW_MM: Final = 3.3
"""Rows of a circuit table need not be higher; more tables side by side would only be narrower."""
_SIDE_MM: Final = 60.0
"""Width of the heading and notes where they stand left of the view instead of above and below it."""

SMALLEST_GOOD_SCALE: Final = Fraction(10)
"""Down to 1 : 10 a small breaker (70 × 33 mm) still shows its number and its phase letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How the print is divided: the strip of tables on the right, and the view beside it."""

    tables: int
    merged: bool
    rows: tuple[Circuit, ...]
    places: tuple[PlaceList, ...]
    """What is listed with its place, from below: the openings of the cover and, where there is room, what is mounted beside the breakers."""
    foot_mm: float
    """What stands below the circuit tables: title block, revisions, phases, tables of places."""
    row_mm: float
    scale: Fraction
    strip: Box
    view: Box
    """Free for the box and its chains."""
    text_x: float
    notes: tuple[str, ...]
    beside: bool
    """Heading and notes stand beside the view: a tall box prints larger so."""

    @property
    def preference(self) -> tuple[object, ...]:
        """Return the key of the best plan: readable scale, every circuit in a row of its own, all places, large, roomy rows, few tables."""
        return (
            max(self.scale, SMALLEST_GOOD_SCALE),
            self.merged,
            -len(self.places),
            self.scale,
            -min(self.row_mm, _ROOMY_ROW_MM),
            self.tables,
            self.beside,
        )


def layout_sheet(design: PanelDesign, heading: Heading) -> Sheet:
    """Return the layout drawing of ``design`` for an A3 print."""
    facts = facts_of(design, heading.locale)
    cut_outs = cover_cut_outs(design.drawing)
    plan = min(_plans(facts, _place_lists(facts, cut_outs)), key=lambda item: item.preference)
    scale = float(plan.scale)
    front = tuple(front_view(facts, scale))
    numbers = cover_numbers(cut_outs, front, (0, 0, design.drawing.width_mm, design.drawing.height_mm), scale)
    view = (*front, *cover_outlines(cut_outs), *numbers, *chains(facts, scale))
    return laid_around(
        tuple(_furniture(facts, heading, plan)),
        view,
        PAPER,
        _box_corner(facts, plan),
        plan.scale,
        title=facts.say("sheet.title", panel=heading.panel),
        description=_description(facts, heading, plan.scale),
        heading=heading,
    )


def combined_sheet(sheets: Sequence[Sheet], locale: Locale) -> Sheet:
    """Return several sheets as one, at print size, in rows as even as can be; one sheet alone stays as it is."""
    if len(sheets) == 1:
        return sheets[0]
    columns = max(1, isqrt(max(0, len(sheets) - 1)) + 1)
    rows = -(-len(sheets) // columns)
    shapes: list[Shape] = []
    for number, sheet in enumerate(sheets):
        row, column = divmod(number, columns)
        factor = 1 / float(sheet.scale)
        dx, dy = (
            column * PAPER.width_mm - sheet.x0 * factor,
            (rows - 1 - row) * PAPER.height_mm - sheet.y0 * factor,
        )
        shapes += placed(sheet.shapes, factor, dx, dy)
    titles = ", ".join(sheet.title for sheet in sheets)
    return Sheet(
        title=Message("documents.sheet.combined", {"count": len(sheets)}).text(locale),
        description=titles,
        locale=locale,
        x0=0,
        y0=0,
        x1=columns * PAPER.width_mm,
        y1=rows * PAPER.height_mm,
        scale=Fraction(1),
        shapes=tuple(shapes),
    )


def _place_lists(facts: PanelFacts, cut_outs: tuple[CutOut, ...]) -> tuple[PlaceList, ...]:
    """Return the lists of places that have an entry."""
    lists = (cover_places(cut_outs), mounted_places(facts))
    return tuple(listed for listed in lists if listed.places)


def _plans(facts: PanelFacts, places: tuple[PlaceList, ...]) -> Iterator[_Plan]:
    """Yield every way to divide the print that holds all circuits; merged rows without what is mounted are always among them."""
    covers = tuple(listed for listed in places if listed.key == "cover")
    notes_in = cache(partial(note_lines, facts))
    for merged in (False, True):
        rows = circuit_rows(facts, merged=merged)
        for listed, tables, beside in product(
            dict.fromkeys((places, covers)), range(1, MOST_TABLES + 1), (False, True)
        ):
            plan = _plan(facts, rows, listed, tables, notes_in, merged=merged, beside=beside)
            if plan.row_mm >= LEAST_ROW_MM or (merged and tables == MOST_TABLES and listed == covers):
                yield plan


def _inside() -> Box:
    """Return what of the print lies inside the frame and its inset."""
    x0, y0, x1, y1 = PAPER.frame
    return (x0 + _INSET_MM, y0 + _INSET_MM, x1 - _INSET_MM, y1 - _INSET_MM)


def _plan(
    facts: PanelFacts,
    rows: tuple[Circuit, ...],
    places: tuple[PlaceList, ...],
    tables: int,
    notes_in: Callable[[float], tuple[str, ...]],
    *,
    merged: bool,
    beside: bool,
) -> _Plan:
    width = tables_width_mm(tables)
    left, low, right, high = _inside()
    strip = (right - width, low, right, high)
    edge = strip[0] - 2 * _INSET_MM
    lines = notes_in(_SIDE_MM if beside else edge - left)
    view = (
        (left + _SIDE_MM, low, edge, high)
        if beside
        else (left, low + len(lines) * NOTE_PITCH_MM, edge, high - _VIEW_HEADING_MM)
    )
    foot_mm = _foot_mm(facts, tables) + sum(_places_mm(listed, tables) for listed in places)
    tables_mm = high - low - foot_mm - HEADING_MM - TABLE_GAP_MM
    each = -(-len(rows) // tables)
    return _Plan(
        tables=tables,
        merged=merged,
        rows=rows,
        places=places,
        foot_mm=foot_mm,
        row_mm=tables_mm / (each + 1),
        scale=_scale(facts, view),
        strip=strip,
        view=view,
        text_x=left,
        notes=lines,
        beside=beside,
    )


def _places_mm(listed: PlaceList, tables: int) -> float:
    """Return the height of a list of places with the gap below it."""
    return TABLE_GAP_MM + listed.height_mm(_side_by_side(tables))


def _side_by_side(tables: int) -> int:
    """Return how many tables of places stand side by side in a strip of so many circuit tables."""
    return 2 if tables == 1 else 3


def _foot_mm(facts: PanelFacts, tables: int) -> float:
    """Return what title block, revisions and phase tables take at the foot of the strip."""
    phases = phase_tables_height(facts, side_by_side=tables == 1)
    return _STACK_MM + TABLE_GAP_MM + phases if _phases_above_title(facts, tables) else max(_STACK_MM, phases)


def _phases_above_title(facts: PanelFacts, tables: int) -> bool:
    """Tell whether the phase tables stand above the title block: in a narrow strip, and where a row per main needs its width."""
    return tables == 1 or len(facts.design.phases) > 1


def _scale(facts: PanelFacts, view: Box) -> Fraction:
    """Return the largest usual scale at which the box and its chains fit into ``view``."""
    drawing = facts.design.drawing
    width = view[2] - view[0] - room_left_mm(drawing) - room_right_mm(facts.design)
    height = view[3] - view[1] - room_below_mm()
    return next(
        (
            scale
            for scale in SCALES
            if drawing.width_mm <= width * scale and drawing.height_mm <= height * scale
        ),
        SCALES[-1],
    )


def _box_corner(facts: PanelFacts, plan: _Plan) -> tuple[float, float]:
    """Return where on the print the box's lower left corner stands: view and chains together in the middle of what is free."""
    drawing, scale = facts.design.drawing, float(plan.scale)
    x0, y0, x1, y1 = plan.view
    left, below = room_left_mm(drawing), room_below_mm()
    width = drawing.width_mm / scale + left + room_right_mm(facts.design)
    height = drawing.height_mm / scale + below
    return x0 + (x1 - x0 - width) / 2 + left, y0 + (y1 - y0 - height) / 2 + below


def _furniture(facts: PanelFacts, heading: Heading, plan: _Plan) -> Iterator[Shape]:
    """Yield everything but the view, in print millimetres."""
    frame = PAPER.frame
    yield Rectangle(
        layer=Layer.FRAME, x0=frame[0], y0=frame[1], x1=frame[2], y1=frame[3], style=palette.FRAME
    )
    x0, y0, x1, y1 = plan.strip
    yield Line(
        layer=Layer.FRAME,
        x0=x0 - _INSET_MM,
        y0=frame[1],
        x1=x0 - _INSET_MM,
        y1=frame[3],
        style=palette.STRONG_RULE,
    )
    yield from _view_heading(facts, heading, plan)
    yield from notes(plan.notes, plan.text_x, y0 + len(plan.notes) * NOTE_PITCH_MM)
    title = (x1 - _TITLE_WIDTH_MM, y0, x1, y0 + _TITLE_HEIGHT_MM)
    yield from title_block(
        heading, title, scale=plan.scale, paper=PAPER.size, title=facts.say("title.layout"), facts=facts
    )
    yield from revision_table(heading, (title[0], title[3], x1, title[3] + _REVISIONS_MM))
    yield from phase_tables(facts, _phase_box(facts, plan), side_by_side=plan.tables == 1)
    top = y0 + plan.foot_mm
    for listed in reversed(plan.places):
        yield from place_tables(facts, listed, (x0, y0, x1, top), _side_by_side(plan.tables))
        top -= _places_mm(listed, plan.tables)
    if plan.rows:
        yield from circuit_tables(
            facts, plan.rows, (x0, y0 + plan.foot_mm + TABLE_GAP_MM, x1, y1), plan.tables
        )


def _phase_box(facts: PanelFacts, plan: _Plan) -> Box:
    x0, y0, x1, _ = plan.strip
    height = phase_tables_height(facts, side_by_side=plan.tables == 1)
    if _phases_above_title(facts, plan.tables):
        low = y0 + _STACK_MM + TABLE_GAP_MM
        return (x1 - _TITLE_WIDTH_MM, low, x1, low + height)
    return (x0, y0, x1 - _TITLE_WIDTH_MM - TABLE_GAP_MM, y0 + _foot_mm(facts, plan.tables))


def _view_heading(facts: PanelFacts, heading: Heading, plan: _Plan) -> Iterator[Text]:
    """Yield the panel's name and what is drawn, in the width of the view's side."""
    width = (_SIDE_MM if plan.beside else plan.view[2] - plan.text_x) - _INSET_MM
    for content, size, drop, colour in (
        (facts.say("sheet.title", panel=heading.panel), 5.0, 5.0, palette.INK),
        (facts.say("sheet.subtitle", scale=decimals(plan.scale, 1)), 2.6, 9.6, palette.MUTED),
    ):
        bold = colour == palette.INK
        text, fitting = fitted(content, width, (size, 0.8 * size, 0.7 * size), bold=bold)
        y = plan.strip[3] - drop
        yield Text(
            layer=Layer.TITLE_BLOCK,
            x=plan.text_x,
            y=y,
            content=text,
            size_mm=fitting,
            colour=colour,
            bold=bold,
        )


def _description(facts: PanelFacts, heading: Heading, scale: Fraction) -> str:
    """Return the sheet in words."""
    design = facts.design
    enclosure, network = design.enclosure, design.problem.network
    mains = ", ".join(f"{main.name} {main.breaker.model} {main.rating_a}A" for main in design.problem.mains)
    phases = "; ".join(
        ", ".join(
            f"{name} {decimals(facts.phase_current(load), 1)} A"
            for name, load in zip(network.phases, group.loads_va, strict=True)
        )
        for group in design.phases
    )
    return facts.say(
        "sheet.description",
        panel=heading.panel,
        width=enclosure.width_mm,
        height=enclosure.height_mm,
        depth=enclosure.depth_mm,
        mains=mains,
        circuits=len(facts.devices),
        phases=phases,
        scale=decimals(scale, 1),
    )
