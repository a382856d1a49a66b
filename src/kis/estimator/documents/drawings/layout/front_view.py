"""The panel from the front, door removed, at true size: every part of the drawing as its own rectangle, and what is written on it.

Painted from the back to the front: box, plate, wiring lanes, ducts, bars, cross-bars, devices, accessories, and what the door carries.
"""

from collections.abc import Callable, Iterator
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.door_labels import door_labels
from kis.estimator.documents.drawings.layout.bar_marks import bar_letters, bolts, terminal_letters
from kis.estimator.documents.drawings.layout.part_words import (
    accessory_label,
    branch_labels,
    duct_label,
    incoming,
    main_label,
    spare_label,
)
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Layer, Rectangle, Shape, Style
from kis.estimator.layout.drawing import LIVE_BARS, Part, PartKind

_LAYERS: Final = {
    PartKind.MAIN: Layer.MAIN,
    PartKind.BREAKER: Layer.BRANCH,
    PartKind.SPARE_WAY: Layer.SPARE_WAY,
    PartKind.BUSBAR: Layer.BUSBAR,
    PartKind.HEADER_BAR: Layer.BUSBAR,
    PartKind.CROSS_BAR: Layer.CROSS_BAR,
    PartKind.EARTH_BAR: Layer.TERMINAL_BAR,
    PartKind.NEUTRAL_BAR: Layer.TERMINAL_BAR,
    PartKind.DUCT: Layer.DUCT,
    PartKind.RAIL: Layer.RAIL,
    PartKind.PUSH_BUTTON: Layer.DOOR,
    PartKind.DOOR_METER: Layer.DOOR,
}
_PAINTED: Final = (
    (PartKind.DUCT, PartKind.RAIL),
    (PartKind.BUSBAR,),
    (PartKind.HEADER_BAR,),
    (PartKind.CROSS_BAR,),
    (PartKind.EARTH_BAR, PartKind.NEUTRAL_BAR),
    (PartKind.MAIN,),
    (PartKind.SPARE_WAY,),
    (PartKind.BREAKER,),
    (
        PartKind.FUSE_HOLDER,
        PartKind.TERMINAL_BLOCK,
        PartKind.CONTACTOR,
        PartKind.TIMER,
        PartKind.METER,
        PartKind.SPD,
    ),
    (PartKind.PUSH_BUTTON, PartKind.DOOR_METER),
)
"""Kinds from the back to the front."""

_BARS: Final = LIVE_BARS | {PartKind.NEUTRAL_BAR}
_STYLES: Final = {
    PartKind.MAIN: palette.MAIN,
    PartKind.SPARE_WAY: palette.SPARE_WAY,
    PartKind.EARTH_BAR: palette.EARTH_BAR,
    PartKind.DUCT: palette.DUCT,
    PartKind.RAIL: palette.RAIL,
    PartKind.PUSH_BUTTON: palette.DOOR,
    PartKind.DOOR_METER: palette.DOOR,
}

_Writer = Callable[[PanelFacts, Part, float], Iterator[Shape]]
_WRITERS: Final[dict[PartKind, _Writer]] = {
    PartKind.DUCT: duct_label,
    PartKind.EARTH_BAR: terminal_letters,
    PartKind.NEUTRAL_BAR: terminal_letters,
    PartKind.MAIN: main_label,
    PartKind.SPARE_WAY: spare_label,
    PartKind.FUSE_HOLDER: accessory_label,
    PartKind.TERMINAL_BLOCK: accessory_label,
    PartKind.CONTACTOR: accessory_label,
    PartKind.TIMER: accessory_label,
    PartKind.METER: accessory_label,
    PartKind.SPD: accessory_label,
}
"""What is written on each single part; breakers and door parts are written on together, bars get letters and bolts."""


def front_view(facts: PanelFacts, scale: float) -> Iterator[Shape]:
    """Yield the view of a panel for a print at 1 : ``scale``; the box's lower left corner is (0, 0)."""
    drawing = facts.design.drawing
    x0, y0, x1, y1 = drawing.plate
    yield Rectangle(
        layer=Layer.BOX,
        x0=0,
        y0=0,
        x1=drawing.width_mm,
        y1=drawing.height_mm,
        style=palette.BOX,
        hint=facts.say("part.box"),
    )
    yield Rectangle(
        layer=Layer.PLATE, x0=x0, y0=y0, x1=x1, y1=y1, style=palette.PLATE, hint=facts.say("part.plate")
    )
    for lane in drawing.lanes:
        yield Rectangle(
            layer=Layer.LANE,
            x0=lane.x0,
            y0=lane.y0,
            x1=lane.x1,
            y1=lane.y1,
            style=palette.LANE,
            hint=facts.say("part.lane"),
        )
    yield from incoming(facts, scale)
    for kinds in _PAINTED:
        parts = drawing.of(*kinds)
        yield from (_rectangle(facts, part) for part in parts)
        for part in parts:
            writer = _WRITERS.get(part.kind)
            if writer is not None:
                yield from writer(facts, part, scale)
        if PartKind.PUSH_BUTTON in kinds:
            yield from door_labels(facts, scale)
        if PartKind.BREAKER in kinds:
            yield from branch_labels(facts, parts, scale)
        if PartKind.CROSS_BAR in kinds:
            yield from bolts(facts, parts, scale)
            yield from bar_letters(facts, scale)


def _rectangle(facts: PanelFacts, part: Part) -> Rectangle:
    return Rectangle(
        layer=_LAYERS.get(part.kind, Layer.ACCESSORY),
        x0=part.x0,
        y0=part.y0,
        x1=part.x1,
        y1=part.y1,
        style=_style(part),
        part=part.id,
        hint=facts.hint(part),
        attributes=facts.attributes(part),
    )


def _style(part: Part) -> Style:
    """Return how a part is drawn: circuits and bars in the colour of their line, everything else by its kind."""
    if part.kind is PartKind.BREAKER:
        return palette.device_style(palette.colour_of(part.phase).tint)
    if part.kind in _BARS:
        return palette.bar_style(part.phase)
    known = _STYLES.get(part.kind)
    return known or palette.device_style(palette.ACCESSORY_FILLS.get(part.kind.value, palette.SEVERAL.tint))
