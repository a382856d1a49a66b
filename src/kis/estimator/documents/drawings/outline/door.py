"""What the door carries: hinges, handle, name plate, warning sign; and the cut-outs of its instruments.

Instruments stand where the layout puts them. Everything else gives way to them and to their tags.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeVar

from kis.estimator.documents.drawings.door_labels import door_labels
from kis.estimator.documents.drawings.outline import habits
from kis.estimator.documents.drawings.outline.box import Leaf, OutlineBox
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Box, Text
from kis.estimator.documents.drawings.word_block import overlap
from kis.estimator.layout.drawing import DOOR_PARTS, Part

PUSH_BUTTON_HOLE_MM: Final = 22.3
"""Mounting hole of size D22 (IEC 60947-5-1: 22.3 mm, +0.4 mm)."""
METER_CUT_OUTS_MM: Final = {48: 45, 72: 68, 96: 92, 144: 138}
"""Cut-out of a panel meter by the side of its square bezel (IEC 61554, formerly DIN 43700)."""

SIGN_HEIGHT: Final = 3**0.5 / 2
"""Height of the sign's triangle in sides."""

_Size = TypeVar("_Size")

_PART_MARGIN_MM: Final = 15
"""What an instrument keeps free around it."""
_STEP_MM: Final = 15
_LEAF_MARGIN_MM: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOut:
    """A hole in the door for an instrument: round with a ``diameter_mm``, else ``width_mm`` × ``height_mm``."""

    part: Part
    x: float
    y: float
    diameter_mm: float = 0.0
    width_mm: float = 0.0
    height_mm: float = 0.0

    @property
    def size(self) -> str:
        """Return its size as a shop writes it: ``φ22.3``, ``92×92``; empty where only the maker's sheet tells it."""
        if self.diameter_mm:
            return f"φ{self.diameter_mm:g}"
        return f"{self.width_mm:g}×{self.height_mm:g}" if self.width_mm else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Everything on the door but its instruments, of which there are the ``tags``.

    ``nameplate`` and ``sign`` are None where the door has no room left for them.
    """

    tags: tuple[Text, ...]
    hinges: tuple[Box, ...]
    handles: tuple[Box, ...]
    screws: tuple[tuple[float, float], ...]
    nameplate: Box | None
    sign: Box | None


def door_of(facts: PanelFacts, box: OutlineBox, scale: float) -> Door:
    """Return what the door carries; the tags of its instruments are as large as a print at 1 : ``scale`` needs them."""
    taken = [_kept_free(part) for part in facts.design.drawing.of(*DOOR_PARTS)]
    tags = door_labels(facts, scale)
    taken += [tag.extent for tag in tags]
    hinges = () if box.is_screwed else tuple(hinge for leaf in box.leaves for hinge in _hinges(leaf))
    handles = tuple(_handle(leaf, taken) for leaf in box.leaves if leaf.has_handle)
    taken += [*hinges, *handles]
    nameplate = _clear_of_brackets(box, _nameplate, taken)
    sign = _clear_of_brackets(box, _sign, [*taken, nameplate] if nameplate else taken)
    screws = tuple(_corner_screws(box.leaves[0])) if box.is_screwed else ()
    return Door(tags=tags, hinges=hinges, handles=handles, screws=screws, nameplate=nameplate, sign=sign)


def cut_outs(facts: PanelFacts) -> tuple[CutOut, ...]:
    """Return the cut-outs of all door instruments, from the top and from the left."""
    parts = sorted(facts.design.drawing.of(*DOOR_PARTS), key=lambda part: (-part.y0 - part.y1, part.x0))
    return tuple(_cut_out(facts, part) for part in parts)


def _cut_out(facts: PanelFacts, part: Part) -> CutOut:
    x, y = (part.x0 + part.x1) / 2, (part.y0 + part.y1) / 2
    kind = facts.accessories[part.device].kind
    if kind == "push_button" and part.width_mm == part.height_mm == 22:
        return CutOut(part=part, x=x, y=y, diameter_mm=PUSH_BUTTON_HOLE_MM)
    side = METER_CUT_OUTS_MM.get(part.width_mm, 0)
    if kind == "va_meter" and part.width_mm == part.height_mm and side:
        return CutOut(part=part, x=x, y=y, width_mm=side, height_mm=side)
    return CutOut(part=part, x=x, y=y)


def _kept_free(part: Part) -> Box:
    margin = _PART_MARGIN_MM
    return (part.x0 - margin, part.y0 - margin, part.x1 + margin, part.y1 + margin)


def _hinges(leaf: Leaf) -> Iterator[Box]:
    """Yield the hinges of a leaf, half on it and half on the box, evenly from a sixth of its height."""
    x0, y0, x1, _ = leaf.box
    width, height = habits.HINGE_MM
    count = next((count for most, count in habits.HINGES_BY_HEIGHT_MM if leaf.height_mm <= most), 4)
    x = (x0 if leaf.hinged_left else x1) - width / 2
    for number in range(count):
        middle = y0 + leaf.height_mm * (1 + 4 * number / (count - 1)) / 6
        yield (x, middle - height / 2, x + width, middle + height / 2)


def _handle(leaf: Leaf, taken: Sequence[Box]) -> Box:
    """Return the handle at the middle of the leaf's height, or as near to it as instruments allow."""
    width, height = (
        habits.HANDLE_MM if leaf.height_mm >= habits.SMALL_LEAF_HEIGHT_MM else habits.SMALL_HANDLE_MM
    )
    x0, y0, x1, y1 = leaf.box
    x = x1 - habits.HANDLE_EDGE_MM if leaf.hinged_left else x0 + habits.HANDLE_EDGE_MM
    middle = (y0 + y1) / 2
    preferred = (x - width / 2, middle - height / 2, x + width / 2, middle + height / 2)
    upright = (x - width / 2 - 1, y0, x + width / 2 + 1, y1)
    return _free_place(preferred, upright, taken) or preferred


def _nameplate(leaf: Leaf) -> Box:
    """Return the name plate near the top of a leaf, in its middle."""
    width, height = _by_width(habits.NAMEPLATE_SIZES_MM, leaf)
    x, y = (leaf.box[0] + leaf.box[2]) / 2, leaf.box[3] - habits.NAMEPLATE_DROP_MM
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _sign(leaf: Leaf) -> Box:
    """Return the box around the triangle of the warning sign, above the middle of a leaf."""
    side = _by_width(habits.SIGN_SIZES_MM, leaf)
    height = side * SIGN_HEIGHT
    x, y = (leaf.box[0] + leaf.box[2]) / 2, leaf.box[1] + 0.68 * leaf.height_mm
    return (x - side / 2, y - height / 2, x + side / 2, y + height / 2)


def _clear_of_brackets(box: OutlineBox, own: Callable[[Leaf], Box], taken: Sequence[Box]) -> Box | None:
    """Return the first free place that no hidden line of a bracket crosses, or where there is none, any free place."""
    return _placed(box.leaves, own, [*taken, *box.brackets]) or _placed(box.leaves, own, taken)


def _placed(leaves: Sequence[Leaf], own: Callable[[Leaf], Box], taken: Sequence[Box]) -> Box | None:
    """Return the first free place near where it belongs, trying the leaves from the left."""
    for leaf in leaves:
        x0, y0, x1, y1 = leaf.box
        within = (x0 + _LEAF_MARGIN_MM, y0 + _LEAF_MARGIN_MM, x1 - _LEAF_MARGIN_MM, y1 - _LEAF_MARGIN_MM)
        place = _free_place(own(leaf), within, taken)
        if place is not None:
            return place
    return None


def _free_place(preferred: Box, within: Box, taken: Sequence[Box]) -> Box | None:
    """Return the box moved as little as need be to touch nothing, up and down before sideways; None where nothing is free."""
    x0, y0, x1, y1 = preferred
    across = _steps(x0 - within[0], within[2] - x1)
    upwards = _steps(y0 - within[1], within[3] - y1)
    for dx, dy in sorted(product(across, upwards), key=lambda step: (abs(step[1]) + 2 * abs(step[0]), step)):
        moved = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)
        if not any(overlap(moved, other) for other in taken):
            return moved
    return None


def _steps(backwards: float, forwards: float) -> list[float]:
    """Return the steps from a place to both ends of its room, none where it does not fit."""
    first, last = -int(backwards // _STEP_MM), int(forwards // _STEP_MM)
    return (
        [float(number * _STEP_MM) for number in range(first, last + 1)]
        if min(backwards, forwards) >= 0
        else []
    )


def _corner_screws(leaf: Leaf) -> Iterator[tuple[float, float]]:
    """Yield the screws of a cover without hinges."""
    x0, y0, x1, y1 = leaf.box
    inset = habits.REVEAL_MM + _LEAF_MARGIN_MM / 2
    for x in (x0 + inset, x1 - inset):
        for y in (y0 + inset, y1 - inset):
            yield (x, y)


def _by_width(sizes: Sequence[tuple[int, _Size]], leaf: Leaf) -> _Size:
    """Return the size for a leaf of that width."""
    return next(size for least, size in sizes if leaf.width_mm >= least)
