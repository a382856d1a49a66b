"""Measures of a box that nobody has published: shop habits, unverified.

A maker's sheet, a standard or a rule stands behind none of them unless its line says so. They let a box be drawn whole; the drawing shows every one
of them in brackets (an auxiliary dimension, ISO 129-1) or marked as typical, and its notes say that they are to be agreed.
"""

from typing import Final

LARGEST_LEAF_MM: Final = 900
"""A door wider than this is divided into leaves of equal width. Shop habit, unverified."""
REVEAL_MM: Final = 10
"""What of the box shows around the door. Shop habit, unverified."""
LEAF_GAP_MM: Final = 4
"""Between two leaves. Shop habit, unverified."""
DOOR_EDGE_MM: Final = 20
"""How deep the folded edge of the door is; it is part of the depth D. Shop habit, unverified."""
OPENING_LIP_MM: Final = 30
"""How far the box reaches inwards around its opening. Shop habit, unverified."""

HINGE_MM: Final = (14, 60)
"""Width and height of a hinge. Shop habit, unverified."""
HINGES_BY_HEIGHT_MM: Final = ((1200, 2), (1800, 3))
"""A leaf up to that high hangs on so many hinges; a higher one on 4. Shop habit, unverified."""
HANDLE_MM: Final = (28, 110)
SMALL_HANDLE_MM: Final = (24, 60)
HANDLE_REACH_MM: Final = 25
HANDLE_EDGE_MM: Final = 40
SMALL_LEAF_HEIGHT_MM: Final = 500
"""Handle with lock: its front on leaves from that height and on smaller ones, how far it stands out, and its middle from the edge of the leaf.
Shop habit, unverified."""

NAMEPLATE_SIZES_MM: Final = ((600, (120, 60)), (350, (90, 45)), (0, (60, 30)))
"""From that width of the leaf, the name plate is so large. Shop habit, unverified."""
NAMEPLATE_DROP_MM: Final = 60
"""From the top of the leaf to the middle of the name plate. Shop habit, unverified."""
SIGN_SIZES_MM: Final = ((600, 100), (350, 80), (0, 50))
"""From that width of the leaf, the side of the warning sign is so long. Shop habit, unverified."""

LUG_WIDTH_MM: Final = 40
LUG_REACH_MM: Final = 25
LUG_THICKNESS_MM: Final = 3
LUG_HOLE_MM: Final = 10
LUG_INSET_MM: Final = 50
"""Wall-mounting lugs above and below the box; the middle of each is ``LUG_INSET_MM`` from its side (a quarter of the width in narrow boxes), its
hole half the lug's reach from the box. Shop habit, unverified."""

FLANGE_MM: Final = 25
FLANGE_THICKNESS_MM: Final = 2
"""How far the frame of a recessed box covers the wall around it. Shop habit, unverified."""

BASE_HEIGHT_MM: Final = 200
"""Plinth of a standing box: earlier shop system's rule files (costing rules v1.0.0), the rulebook's ``enclosure.base_height``."""
BASE_CHANNEL_MM: Final = 30
ANCHOR_HOLE_MM: Final = 14
ANCHOR_SIDE_MM: Final = 50
ANCHOR_DEPTH_MM: Final = 15
"""Channel of the plinth, its anchor holes and how far they are from the sides, and from front and back. Shop habit, unverified."""

ROOF_HEIGHT_MM: Final = 20
ROOF_FRONT_MM: Final = 30
ROOF_SIDE_MM: Final = 10
ROOF_EDGE_MM: Final = 8
"""Rain roof of an outdoor box: its height behind, how far it hangs over in front and at the sides, its height in front. Shop habit, unverified."""

POLE_BRACKET_MM: Final = (50, 50)
"""Depth and height of a bracket that is banded to a pole. Shop habit, unverified."""
POLE_BRACKET_INSET_MM: Final = 100
"""From top and bottom of the box to the middle of a bracket (a quarter of the height in low boxes). Shop habit, unverified."""
POLE_RADIUS_MM: Final = 125
"""A pole only hinted at; the real one is measured at the site."""
POLE_ARC_MM: Final = 63
"""How much of the pole's round is shown behind the bracket: R·(1 − cos 60°)."""

PLATE_FROM_SIDE_MM: Final = ((400, 100), (200, 50))
"""From that width on, the gland openings begin so far from the sides of the box; a quarter of the width in narrower ones. Shop habit, unverified."""
PLATE_FROM_FACE_MM: Final = 35
LARGEST_OPENING_MM: Final = (600, 200)
OPENING_GAP_MM: Final = 60
PLATE_RIM_MM: Final = 15
PLATE_SCREW_MM: Final = 5
"""Gland openings: from front and back, the largest of one plate (width, depth), between two of them; the plate's rim around its opening and its screws.
Shop habit, unverified."""
