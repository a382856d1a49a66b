"""The box of a panel as its outline shows it: what it is fixed with, its door leaves, where cables enter.

The front view's coordinates: the lower left corner of the box is (0, 0). Across the depth, ``v`` counts from the front face to the back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, product
from typing import Final

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.outline import habits
from kis.estimator.documents.drawings.sheet import Box
from kis.estimator.layout.drawing import DOOR_PARTS
from kis.estimator.request import Feed, Mounting

_JOINT_MARGINS_MM: Final = (30, 15, 8)
"""What a joint between two leaves keeps from an instrument, the first that can be kept. Shop habit, unverified."""


class Fixing(StrEnum):
    """What holds a box."""

    LUGS = "lugs"
    FLANGE = "flange"
    BASE = "base"
    POLE = "pole"


_FIXINGS: Final = {
    Mounting.RECESSED: Fixing.FLANGE,
    Mounting.INDOOR_STANDING: Fixing.BASE,
    Mounting.OUTDOOR_STANDING: Fixing.BASE,
    Mounting.POLE: Fixing.POLE,
}
_ROOFED: Final = frozenset({Mounting.OUTDOOR_SURFACE, Mounting.OUTDOOR_STANDING, Mounting.POLE})
_CLOSED_ABOVE: Final = _ROOFED | {Mounting.FRP}
"""Outdoors no cable enters from above: water would follow it (shop habit, unverified)."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the door. Of a pair, the right one closes last and carries the handle; the left one is bolted inside."""

    box: Box
    hinged_left: bool
    has_handle: bool

    @property
    def width_mm(self) -> float:
        """Return its width."""
        return self.box[2] - self.box[0]

    @property
    def height_mm(self) -> float:
        """Return its height."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineBox:
    """Everything about a box that its outline shows. ``base_mm`` is the height of the plinth under it, 0 where there is none."""

    width_mm: int
    height_mm: int
    depth_mm: int
    fixing: Fixing
    base_mm: int
    has_roof: bool
    is_screwed: bool
    """Has a cover screwed at its corners (hi-box) instead of a hinged door."""
    leaves: tuple[Leaf, ...]
    enters_above: bool
    feed_moved: bool
    """Fed from above, but all cables enter from below."""
    crosses_instrument: bool
    """A joint between two leaves runs through an instrument, because there is no free place for it."""

    @property
    def beyond_mm(self) -> tuple[float, float, float, float]:
        """Return how far the front view reaches beyond the box: left, below, right, above."""
        flange = habits.FLANGE_MM if self.fixing is Fixing.FLANGE else 0
        side = max(flange, habits.ROOF_SIDE_MM if self.has_roof else 0)
        lug = self.lug_reach_mm if self.fixing is Fixing.LUGS else 0
        above = max(flange, lug, habits.ROOF_HEIGHT_MM if self.has_roof else 0)
        return (side, max(flange, lug, self.base_mm), side, above)

    @property
    def in_front_mm(self) -> float:
        """Return how far something reaches out of the front face."""
        handle = habits.HANDLE_REACH_MM if any(leaf.has_handle for leaf in self.leaves) else 0
        return max(handle, habits.ROOF_FRONT_MM if self.has_roof else 0)

    @property
    def behind_mm(self) -> float:
        """Return how far something reaches beyond the back, the hinted pole not counted."""
        return habits.POLE_BRACKET_MM[0] if self.fixing is Fixing.POLE else 0

    @property
    def lug_reach_mm(self) -> float:
        """Return how far a lug reaches beyond the box: where there is a roof, past it."""
        return habits.LUG_REACH_MM + (habits.ROOF_HEIGHT_MM if self.has_roof else 0)

    @property
    def lug_hole_mm(self) -> float:
        """Return how far beyond the box the hole of a lug is."""
        return self.lug_reach_mm - habits.LUG_REACH_MM / 2

    @property
    def lug_centres(self) -> tuple[float, float]:
        """Return the x of the lugs."""
        inset = habits.LUG_INSET_MM if self.width_mm >= 4 * habits.LUG_INSET_MM else self.width_mm / 4
        return (inset, self.width_mm - inset)

    @property
    def bracket_centres(self) -> tuple[float, float]:
        """Return the y of the brackets on a pole."""
        inset = min(habits.POLE_BRACKET_INSET_MM, self.height_mm / 4)
        return (inset, self.height_mm - inset)

    @property
    def brackets(self) -> tuple[Box, ...]:
        """Return the brackets on a pole as they lie hidden behind the front, as wide as two thirds of the box."""
        if self.fixing is not Fixing.POLE:
            return ()
        half, (x0, x1) = habits.POLE_BRACKET_MM[1] / 2, (self.width_mm / 6, self.width_mm * 5 / 6)
        return tuple((x0, y - half, x1, y + half) for y in self.bracket_centres)

    @property
    def opening_mm(self) -> tuple[int, int]:
        """Return the clear width and height of the box's front opening."""
        return (self.width_mm - 2 * habits.OPENING_LIP_MM, self.height_mm - 2 * habits.OPENING_LIP_MM)

    @property
    def gland_openings(self) -> tuple[Box, ...]:
        """Return the openings of a face that cables enter, as x0, v0, x1, v1: as few equal ones as the largest plate admits."""
        inset = next(
            (inset for least, inset in habits.PLATE_FROM_SIDE_MM if self.width_mm >= least),
            self.width_mm // 4,
        )
        free = self.width_mm - 2 * inset
        widest, deepest = habits.LARGEST_OPENING_MM
        count = -(-free // widest)
        width = (free - habits.OPENING_GAP_MM * (count - 1)) // count // 10 * 10
        left = (self.width_mm - count * width - (count - 1) * habits.OPENING_GAP_MM) / 2
        face = min(habits.PLATE_FROM_FACE_MM, self.depth_mm // 4)
        depth = min(self.depth_mm - 2 * face, deepest)
        back = self.depth_mm - face
        starts = [left + number * (width + habits.OPENING_GAP_MM) for number in range(count)]
        return tuple((start, back - depth, start + width, back) for start in starts)


def outline_box(design: PanelDesign, base_mm: int = habits.BASE_HEIGHT_MM) -> OutlineBox:
    """Return the box of ``design`` as its outline shows it; a standing one gets a plinth of ``base_mm``."""
    enclosure, request = design.enclosure, design.problem.request
    mounting = request.mounting
    fixing = _FIXINGS.get(mounting, Fixing.LUGS)
    from_above = request.feed is Feed.TOP
    screwed = mounting is Mounting.HI_BOX
    parts = [(float(part.x0), float(part.x1)) for part in design.drawing.of(*DOOR_PARTS)]
    leaves = _leaves(enclosure.width_mm, enclosure.height_mm, parts, screwed=screwed)
    joints = [(left.box[2] + right.box[0]) / 2 for left, right in pairwise(leaves)]
    return OutlineBox(
        width_mm=enclosure.width_mm,
        height_mm=enclosure.height_mm,
        depth_mm=enclosure.depth_mm,
        fixing=fixing,
        base_mm=base_mm if fixing is Fixing.BASE else 0,
        has_roof=mounting in _ROOFED,
        is_screwed=screwed,
        leaves=leaves,
        crosses_instrument=not all(_is_clear(parts, joint, _JOINT_MARGINS_MM[-1]) for joint in joints),
        enters_above=from_above and mounting not in _CLOSED_ABOVE,
        feed_moved=from_above and mounting in _CLOSED_ABOVE,
    )


def _leaves(
    width: int, height: int, parts: Sequence[tuple[float, float]], *, screwed: bool
) -> tuple[Leaf, ...]:
    """Return the leaves from the left: pairs that open from their middle, and a single one at the right end of an odd number."""
    count = 1 if screwed else -(-width // habits.LARGEST_LEAF_MM)
    half, low, high = habits.LEAF_GAP_MM / 2, habits.REVEAL_MM, height - habits.REVEAL_MM
    first, last = habits.REVEAL_MM - half, width - habits.REVEAL_MM + half
    even = [round(first + (last - first) * number / count) for number in range(1, count)]
    stops = [first, *(_clear_of(parts, joint) for joint in even), last]
    leaves = []
    for number, (left, right) in enumerate(pairwise(stops)):
        is_single = number == count - 1 and count % 2 == 1
        leaves.append(
            Leaf(
                box=(left + half, low, right - half, high),
                hinged_left=number % 2 == 0 and (count == 1 or not is_single),
                has_handle=not screwed and (number % 2 == 1 or is_single),
            )
        )
    return tuple(leaves)


def _clear_of(parts: Sequence[tuple[float, float]], joint: float) -> float:
    """Return ``joint`` moved as little as need be so that no door part stands near it; where there is no such place it stays."""
    offsets = sorted(range(-150, 160, 10), key=lambda value: (abs(value), value))
    for margin, offset in product(_JOINT_MARGINS_MM, offsets):
        if _is_clear(parts, joint + offset, margin):
            return joint + offset
    return joint


def _is_clear(parts: Sequence[tuple[float, float]], joint: float, margin: float) -> bool:
    return all(joint + margin <= x0 or x1 <= joint - margin for x0, x1 in parts)
