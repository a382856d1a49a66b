"""Boxes of every mounting and size around the hand-drawn panel, with as many door instruments as wanted, for outline drawings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.title_block import Heading
from kis.estimator.layout.drawing import Part, PartKind
from kis.platform.messages import Locale
from tests.factories import designs, drawings

Instrument = tuple[str, int, int, int]
"""Kind of accessory, x and y of its lower left corner, length of its side."""

_PARTS = {"push_button": PartKind.PUSH_BUTTON}


def heading(locale: Locale = "ko", **changes: Any) -> Heading:
    """Return a heading without a Korean word in an English sheet."""
    korean = locale == "ko"
    own = {
        "project": "사무동 신축" if korean else "Office building",
        "supplier": "예시전기제작소(주)" if korean else "Example Switchgear Works Co.",
    }
    return designs.heading(locale, **{**own, **changes})


def boxed(
    width_mm: int,
    height_mm: int,
    depth_mm: int,
    mounting: str = "indoor_surface",
    *,
    instruments: Sequence[Instrument] = (),
    feed: str = "top",
    **enclosure: Any,
) -> PanelDesign:
    """Return the hand-drawn panel in another box; only its door parts count for an outline."""
    base = designs.design()
    names = [f"{kind}{number}" for number, (kind, *_) in enumerate(instruments, start=1)]
    items = tuple(
        drawings.accessory(name, kind, width_mm=side, height_mm=side)
        for name, (kind, _, _, side) in zip(names, instruments, strict=True)
    )
    parts = tuple(_part(name, item) for name, item in zip(names, instruments, strict=True))
    size: dict[str, Any] = {"width_mm": width_mm, "height_mm": height_mm, "depth_mm": depth_mm}
    request = drawings.request(mounting=mounting, feed=feed)
    return replace(
        base,
        problem=drawings.problem(request=request, accessories=items),
        enclosure=drawings.enclosure(**size, **enclosure),
        drawing=replace(base.drawing, parts=(*base.drawing.parts, *parts), **size),
    )


def buttons(count: int, x: int = 60, y: int = 300, pitch: int = 53, most: int = 99) -> tuple[Instrument, ...]:
    """Return push buttons in rows of ``most``, 90 mm apart, from the upper left one."""
    return tuple(
        ("push_button", x + pitch * (number % most), y - 90 * (number // most), 22) for number in range(count)
    )


def _part(name: str, instrument: Instrument) -> Part:
    kind, x, y, side = instrument
    return drawings.part(
        name, _PARTS.get(kind, PartKind.DOOR_METER), (x, x + side), (y, y + side), (77, 148), device=name
    )
