"""Openings of the P-COVER."""

import pytest

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.cut_out import CutOut, cover_cut_outs
from kis.estimator.layout.drawing import LIVE_BARS, Drawing, Part, PartKind
from tests.factories import designs, drawings


def panel(*bodies: tuple[int, int, int, int], kind: PartKind = PartKind.BREAKER) -> Drawing:
    """Return a drawing of bodies alone, each as (x0, y0, x1, y1)."""
    parts: tuple[Part, ...] = tuple(
        drawings.part(f"B{number}", kind, (x0, x1), (y0, y1), (30, 90))
        for number, (x0, y0, x1, y1) in enumerate(bodies, start=1)
    )
    return drawings.drawing(parts=parts, columns=(), lanes=())


def only(drawing: Drawing) -> CutOut:
    (found,) = cover_cut_outs(drawing)
    return found


class TestOneDevice:
    def test_has_an_opening_2_mm_larger_on_every_side(self) -> None:
        opening = only(panel((100, 200, 170, 233)))
        assert opening.outline == ((98, 198), (172, 198), (172, 235), (98, 235))
        assert opening.rectangles == ((98, 198, 172, 235),)
        assert opening.is_rectangle

    @pytest.mark.parametrize("kind", sorted(set(PartKind) - {PartKind.MAIN, PartKind.BREAKER}))
    def test_of_any_other_kind_stays_covered(self, kind: PartKind) -> None:
        assert cover_cut_outs(panel((100, 200, 170, 233), kind=kind)) == ()

    def test_that_is_a_main_reaches_through(self) -> None:
        assert only(panel((0, 0, 10, 10), kind=PartKind.MAIN)).parts == ("B1",)


class TestNeighbours:
    def test_share_an_opening_where_the_web_would_be_narrower_than_10_mm(self) -> None:
        # 13 mm between the bodies, 2 mm taken from each side: 9 mm of cover.
        opening = only(panel((100, 246, 170, 279), (100, 200, 170, 233)))
        assert opening.rectangles == ((98, 198, 172, 281),)
        assert opening.parts == ("B1", "B2")

    def test_keep_their_own_where_10_mm_stay(self) -> None:
        upper, lower = cover_cut_outs(panel((100, 247, 170, 280), (100, 200, 170, 233)))
        assert (upper.number, upper.parts, lower.number, lower.parts) == (1, ("B1",), 2, ("B2",))

    def test_beside_each_other_on_a_rail_share_one(self) -> None:
        opening = only(panel((0, 0, 36, 81), (36, 0, 72, 81), (72, 0, 108, 81)))
        assert opening.rectangles == ((-2, -2, 110, 83),)

    def test_a_little_apart_on_a_rail_share_one_too(self) -> None:
        # 13 mm apart: 9 mm of cover; at 14 mm they stay two.
        assert only(panel((0, 0, 36, 81), (49, 0, 85, 81))).rectangles == ((-2, -2, 87, 83),)
        assert len(cover_cut_outs(panel((0, 0, 36, 81), (50, 0, 86, 81)))) == 2

    def test_that_only_meet_at_a_corner_keep_their_own(self) -> None:
        assert len(cover_cut_outs(panel((0, 0, 10, 10), (20, 20, 30, 30)))) == 2

    def test_of_different_length_make_one_stepped_opening(self) -> None:
        # 130 mm above 70 mm, both ending at x 240: the step lies where the longer one's clearance ends, at 193.
        opening = only(panel((110, 195, 240, 270), (170, 158, 240, 191)))
        assert opening.outline == ((168, 156), (242, 156), (242, 272), (108, 272), (108, 193), (168, 193))
        assert opening.rectangles == ((108, 193, 242, 272), (168, 156, 242, 193))
        assert opening.box == (108, 156, 242, 272)
        assert not opening.is_rectangle

    def test_around_an_island_make_one_opening_without_it(self) -> None:
        ring = ((0, 0, 100, 10), (0, 90, 100, 100), (0, 14, 10, 86), (90, 14, 100, 86))
        assert only(panel(*ring)).outline == ((-2, -2), (102, -2), (102, 102), (-2, 102))


class TestPanel:
    def test_has_an_opening_for_the_main_and_one_for_each_side_of_a_column(self) -> None:
        # B001 above B003 on the left, B002 above B004 on the right, 4 mm apart; the corridor keeps them apart.
        found = cover_cut_outs(drawings.drawing())
        assert [opening.parts for opening in found] == [("main1",), ("B001", "B003"), ("B002", "B004")]
        assert found[0].rectangles == ((248, 298, 352, 432),)

    @pytest.mark.parametrize("board", [designs.board(120, columns=3), designs.every_kind()])
    def test_covers_each_breaker_by_one_opening_and_no_vertical_bar(self, board: PanelDesign) -> None:
        found = cover_cut_outs(board.drawing)
        through = [name for opening in found for name in opening.parts]
        assert sorted(through) == sorted(
            part.id for part in board.drawing.of(PartKind.MAIN, PartKind.BREAKER)
        )
        bars = board.drawing.of(*(LIVE_BARS - {PartKind.CROSS_BAR}))
        bared = [
            bar.id
            for opening in found
            for x0, y0, x1, y1 in opening.rectangles
            for bar in bars
            if bar.x0 < x1 and x0 < bar.x1 and bar.y0 < y1 and y0 < bar.y1
        ]
        # The vertical bars begin at the main's lower edge, 2 mm inside its opening.
        assert set(bared) <= {"barR", "barS", "barT", "barN"}

    def test_numbers_downwards_and_to_the_right(self) -> None:
        found = cover_cut_outs(designs.board(120, columns=3).drawing)
        corners = [(-opening.box[3], opening.box[0]) for opening in found]
        assert [opening.number for opening in found] == list(range(1, 8))
        assert corners == sorted(corners)
