"""The box behind an outline: how its door is divided, where cables enter it."""

from itertools import pairwise

import pytest

from kis.estimator.documents.drawings.outline.box import Fixing, OutlineBox, outline_box
from tests.factories.outlines import boxed, buttons


def box(
    width_mm: int = 600, height_mm: int = 800, depth_mm: int = 150, mounting: str = "indoor_surface"
) -> OutlineBox:
    return outline_box(boxed(width_mm, height_mm, depth_mm, mounting))


class TestLeaves:
    @pytest.mark.parametrize(
        ("width_mm", "leaves"), [(200, 1), (900, 1), (950, 2), (1800, 2), (1850, 3), (2700, 3), (2750, 4)]
    )
    def test_are_none_wider_than_900_mm_of_the_box(self, width_mm: int, leaves: int) -> None:
        assert len(box(width_mm).leaves) == leaves

    def test_cover_the_box_but_for_its_edge(self) -> None:
        (leaf,) = box().leaves
        assert leaf.box == (10, 10, 590, 790)

    def test_are_of_one_width_with_a_gap_between_them(self) -> None:
        # 1400 − 2 · 10 for the edges − 4 for the gap, halved.
        left, right = box(1400).leaves
        assert (left.width_mm, right.width_mm) == (688, 688)
        assert right.box[0] - left.box[2] == 4

    @pytest.mark.parametrize(
        ("width_mm", "left", "handles"),
        [
            (600, [True], [True]),
            (1400, [True, False], [False, True]),
            (2000, [True, False, False], [False, True, True]),
            (2800, [True, False, True, False], [False, True, False, True]),
        ],
    )
    def test_open_in_pairs_from_their_middle(
        self, width_mm: int, left: list[bool], handles: list[bool]
    ) -> None:
        leaves = box(width_mm).leaves
        assert [leaf.hinged_left for leaf in leaves] == left
        assert [leaf.has_handle for leaf in leaves] == handles

    def test_meet_beside_an_instrument(self) -> None:
        # A meter of 96 mm in the very middle of 1000: the joint moves 80 mm to the left, the first step that is 30 clear of 452.
        design = boxed(1000, 1600, 200, instruments=(("va_meter", 452, 1200, 96),))
        left, right = outline_box(design).leaves
        assert (left.box[2], right.box[0]) == (418, 422)

    def test_meet_between_buttons_that_stand_close(self) -> None:
        # Buttons every 53 mm leave 31 mm between them: 15 on both sides is all a joint gets.
        design = boxed(1000, 1600, 200, instruments=buttons(17))
        left, right = outline_box(design).leaves
        joint = (left.box[2] + right.box[0]) / 2
        edges = [(60 + 53 * number, 82 + 53 * number) for number in range(17)]
        assert all(joint + 8 <= x0 or x1 <= joint - 8 for x0, x1 in edges)
        assert not outline_box(design).crosses_instrument

    def test_say_so_where_an_instrument_is_in_the_way(self) -> None:
        design = boxed(1000, 1600, 200, instruments=(("va_meter", 300, 1200, 400),))
        assert outline_box(design).crosses_instrument

    def test_are_one_cover_on_a_hi_box(self) -> None:
        (cover,) = box(1000, mounting="hi_box").leaves
        assert not cover.has_handle


class TestGlandOpenings:
    @pytest.mark.parametrize(
        ("width_mm", "depth_mm", "openings"),
        [
            # 100 from the sides, 35 from front and back.
            (600, 150, [(100, 35, 500, 115)]),
            # Narrow: 50 from the sides; very narrow: a quarter.
            (300, 150, [(50, 35, 250, 115)]),
            (160, 100, [(40, 25, 120, 75)]),
            # Deep: 200 at most, at the back.
            (600, 400, [(100, 165, 500, 365)]),
            # Wide: 1200 between the sides makes two of 570 with 60 between them.
            (1400, 250, [(100, 35, 670, 215), (730, 35, 1300, 215)]),
        ],
    )
    def test_are_as_few_and_as_large_as_the_largest_plate_admits(
        self, width_mm: int, depth_mm: int, openings: list[tuple[int, int, int, int]]
    ) -> None:
        assert list(box(width_mm, depth_mm=depth_mm).gland_openings) == openings

    @pytest.mark.parametrize("width_mm", range(200, 3000, 50))
    def test_lie_within_the_box_with_bars_between_them(self, width_mm: int) -> None:
        openings = box(width_mm, depth_mm=200).gland_openings
        assert openings[0][0] >= 40
        assert openings[-1][2] <= width_mm - 40
        assert all(right[0] - left[2] == 60 for left, right in pairwise(openings))
        assert {right - left for left, _, right, _ in openings} <= set(range(10, 601, 10))


class TestEntry:
    @pytest.mark.parametrize(
        ("mounting", "feed", "above", "moved"),
        [
            ("indoor_surface", "top", True, False),
            ("indoor_surface", "bottom", False, False),
            ("recessed", "top", True, False),
            ("indoor_standing", "top", True, False),
            ("outdoor_surface", "top", False, True),
            ("outdoor_surface", "bottom", False, False),
            ("outdoor_standing", "top", False, True),
            ("pole", "top", False, True),
            ("frp", "top", False, True),
            ("hi_box", "top", True, False),
        ],
    )
    def test_is_from_above_where_fed_from_above_indoors(
        self, mounting: str, feed: str, *, above: bool, moved: bool
    ) -> None:
        found = outline_box(boxed(600, 800, 200, mounting, feed=feed))
        assert (found.enters_above, found.feed_moved) == (above, moved)


class TestFixing:
    @pytest.mark.parametrize(
        ("mounting", "fixing", "base_mm", "roofed"),
        [
            ("indoor_surface", Fixing.LUGS, 0, False),
            ("outdoor_surface", Fixing.LUGS, 0, True),
            ("recessed", Fixing.FLANGE, 0, False),
            ("indoor_standing", Fixing.BASE, 200, False),
            ("outdoor_standing", Fixing.BASE, 200, True),
            ("pole", Fixing.POLE, 0, True),
            ("frp", Fixing.LUGS, 0, False),
            ("hi_box", Fixing.LUGS, 0, False),
        ],
    )
    def test_follows_the_mounting(self, mounting: str, fixing: Fixing, base_mm: int, *, roofed: bool) -> None:
        found = box(mounting=mounting)
        assert (found.fixing, found.base_mm, found.has_roof) == (fixing, base_mm, roofed)

    def test_draws_lugs_and_brackets_of_small_boxes_together(self) -> None:
        # A quarter of the width, where 50 from each side would leave less between the lugs than beside them.
        assert box(160).lug_centres == (40, 120)
        assert box(200).lug_centres == (50, 150)
        assert box(600).lug_centres == (50, 550)
        assert box(300, 300, mounting="pole").bracket_centres == (75, 225)
