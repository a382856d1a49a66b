"""The outline sheet (외형도) of a panel: front, right side, bottom and top in third-angle projection, to scale on A3.

A workshop makes the box by it, and a customer approves it. Sizes are those of the quoted box and of the instruments on its door. Whatever nobody has published is drawn by shop habit
(:mod:`outline_habits`), shown in brackets and named in the notes as still to be agreed.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.outline import habits
from kis.estimator.documents.drawings.outline.box import Fixing, OutlineBox, outline_box
from kis.estimator.documents.drawings.outline.chains import chains
from kis.estimator.documents.drawings.outline.door import CutOut, Door, cut_outs, door_of
from kis.estimator.documents.drawings.outline.faces import bottom_shapes, top_shapes
from kis.estimator.documents.drawings.outline.front import front_shapes
from kis.estimator.documents.drawings.outline.ink import say
from kis.estimator.documents.drawings.outline.items import balloons, items
from kis.estimator.documents.drawings.outline.projection import Projection
from kis.estimator.documents.drawings.outline.side import side_shapes
from kis.estimator.documents.drawings.outline.strip import STRIP_MM, StripContent, strip
from kis.estimator.documents.drawings.panel_facts import PanelFacts, decimals, facts_of
from kis.estimator.documents.drawings.paper import SCALES, Paper, View, drawing_area, on_paper
from kis.estimator.documents.drawings.sheet import Anchor, Box, Layer, Shape, Sheet, Text, placed
from kis.estimator.documents.drawings.title_block import Heading

_GAP_MM: Final = 5.0
"""Between the views and the strip beside them."""
_CAPTION_MM: Final = 3.2


def outline_sheet(
    design: PanelDesign,
    heading: Heading,
    *,
    sheet_mm: Decimal | None = None,
    base_mm: int = habits.BASE_HEIGHT_MM,
) -> Sheet:
    """Return the outline drawing of ``design`` for an A3 print.

    ``sheet_mm`` is the thickness of the box's sheet as the catalogue has it for the series, None where it has none; ``base_mm`` the height of a
    plinth (the rulebook's ``enclosure.base_height``).
    """
    facts = facts_of(design, heading.locale)
    box = outline_box(design, base_mm)
    holes = cut_outs(facts)
    x0, y0, x1, y1 = drawing_area(Paper.A3)
    free = (x1 - x0 - STRIP_MM - _GAP_MM, y1 - y0)
    scale = _scale(box, free)
    place = Projection(box=box, scale=float(scale))
    door = door_of(facts, box, place.scale)
    room = _room(place, free)
    views = tuple(_views(facts, place, door, holes))
    numbered = items(place, door)
    beside = StripContent(
        facts=facts, heading=heading, box=box, items=numbered, holes=holes, sheet_mm=sheet_mm
    )
    strip_box = (free[0] + _GAP_MM, 0.0, x1 - x0, y1 - y0)
    view = View(
        shapes=(
            *views,
            *balloons(numbered, views, room, place.scale),
            *placed(strip(beside, strip_box), place.scale, room[0], room[1]),
        ),
        box=(room[0], room[1], room[0] + (x1 - x0) * place.scale, room[3]),
        scale=scale,
        notes=_notes(beside),
    )
    return on_paper(
        view,
        replace(heading, title=heading.title or say(facts, "title")),
        Paper.A3,
        title=say(facts, "sheet_title", panel=heading.panel),
        description=_description(facts, heading, scale),
        facts=facts,
    )


def _scale(box: OutlineBox, free: tuple[float, float]) -> Fraction:
    """Return the largest usual scale at which all views and their chains fit."""
    for scale in SCALES:
        x0, y0, x1, y1 = Projection(box=box, scale=float(scale)).extent
        if x1 - x0 <= free[0] * scale and y1 - y0 <= free[1] * scale:
            return scale
    return SCALES[-1]


def _room(place: Projection, free: tuple[float, float]) -> Box:
    """Return the room left of the strip, in the sheet's millimetres, with the views in its middle."""
    x0, y0, x1, y1 = place.extent
    spare_x, spare_y = free[0] * place.scale - (x1 - x0), free[1] * place.scale - (y1 - y0)
    return (x0 - spare_x / 2, y0 - spare_y / 2, x1 + spare_x / 2, y1 + spare_y / 2)


def _views(facts: PanelFacts, place: Projection, door: Door, holes: tuple[CutOut, ...]) -> Iterator[Shape]:
    box = place.box
    yield from front_shapes(facts, box, door, holes, place.scale)
    yield from side_shapes(facts, place, door)
    yield from bottom_shapes(facts, place, door)
    if box.enters_above:
        yield from top_shapes(facts, place, door)
    yield from chains(place)
    yield from _captions(facts, place)


def _captions(facts: PanelFacts, place: Projection) -> Iterator[Text]:
    """Yield the names of the views: of front and side above them, of bottom and top at their right."""
    box, scale = place.box, place.scale
    above = box.height_mm + box.beyond_mm[3] + 3 * scale
    right = box.width_mm + box.beyond_mm[2] + (14 if box.fixing is Fixing.BASE else 5) * scale
    yield _caption(say(facts, "view.front"), place.extent[0], above, Anchor.START, scale)
    yield _caption(say(facts, "view.side"), place.side_x + box.depth_mm / 2, above, Anchor.MIDDLE, scale)
    low = place.bottom_y - box.depth_mm
    yield _caption(say(facts, "view.bottom"), right, low, Anchor.START, scale)
    if box.enters_above:
        yield _caption(say(facts, "view.top"), right, place.top_y + box.depth_mm / 2, Anchor.START, scale)


def _caption(content: str, x: float, y: float, anchor: Anchor, scale: float) -> Text:
    return Text(
        layer=Layer.LABEL,
        x=x,
        y=y,
        content=content,
        size_mm=_CAPTION_MM * scale,
        colour=palette.INK,
        anchor=anchor,
        bold=True,
    )


def _notes(content: StripContent) -> tuple[str, ...]:
    """Return the notes this box needs; the paper explains the marks of its title block."""
    facts, box, holes = content.facts, content.box, content.holes
    needed = {
        "units": True,
        "typical": True,
        "leaves": len(box.leaves) > 1,
        "crossed": box.crosses_instrument,
        "feed_moved": box.feed_moved,
        "cut_out": bool(holes),
        "unverified": any(not hole.part.verified for hole in holes),
        "agree": content.sheet_mm is not None,
        "agree_sheet": content.sheet_mm is None,
        "plate": True,
    }
    return tuple(
        say(facts, f"note.{key}", leaf=habits.LARGEST_LEAF_MM)
        for key, is_needed in needed.items()
        if is_needed
    )


def _description(facts: PanelFacts, heading: Heading, scale: Fraction) -> str:
    """Return the sheet in words."""
    enclosure, request = facts.design.enclosure, facts.design.problem.request
    return say(
        facts,
        "description",
        panel=heading.panel,
        mounting=say(facts, f"mounting.{request.mounting.value}"),
        width=enclosure.width_mm,
        height=enclosure.height_mm,
        depth=enclosure.depth_mm,
        scale=decimals(scale, 1),
    )
