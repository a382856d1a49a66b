"""What the door carries keeps clear of its instruments, and the cut-outs are those of the standards."""

import pytest

from kis.estimator.documents.drawings.door_labels import door_labels
from kis.estimator.documents.drawings.outline.box import outline_box
from kis.estimator.documents.drawings.outline.door import Door, cut_outs, door_of
from kis.estimator.documents.drawings.panel_facts import facts_of
from kis.estimator.documents.drawings.sheet import Box
from tests.factories.outlines import Instrument, boxed, buttons


def door(width_mm: int, height_mm: int, *instruments: Instrument) -> Door:
    design = boxed(width_mm, height_mm, 200, instruments=instruments)
    return door_of(facts_of(design, "ko"), outline_box(design), 10.0)


def touches(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class TestDoor:
    def test_hangs_on_hinges_at_a_sixth_of_its_height(self) -> None:
        # Leaf of 780 from y 10: middles at 10 + 130 and 10 + 650, 60 high, half of their 14 on the leaf's edge at x 10.
        assert door(600, 800).hinges == ((3, 110, 17, 170), (3, 630, 17, 690))

    @pytest.mark.parametrize(("height_mm", "hinges"), [(1200, 2), (1250, 3), (1800, 3), (1850, 4), (2200, 4)])
    def test_hangs_on_more_hinges_the_higher_it_is(self, height_mm: int, hinges: int) -> None:
        assert len(door(600, height_mm).hinges) == hinges

    def test_hangs_on_both_sides_where_it_has_two_leaves(self) -> None:
        found = door(1400, 800)
        assert {(x0 + x1) / 2 for x0, _, x1, _ in found.hinges} == {10, 1390}
        # The right leaf begins at 702; its handle's middle is 40 from there.
        assert [(x0 + x1) / 2 for x0, _, x1, _ in found.handles] == [742]

    def test_has_its_handle_at_mid_height_opposite_the_hinges(self) -> None:
        assert door(600, 800).handles == ((536, 345, 564, 455),)

    def test_has_a_small_handle_where_it_is_low(self) -> None:
        ((x0, y0, x1, y1),) = door(400, 500).handles
        assert (x1 - x0, y1 - y0) == (24, 60)

    def test_moves_its_handle_away_from_an_instrument(self) -> None:
        # A meter at the handle's place, y 352…448, with 15 mm around it.
        found = door(600, 800, ("va_meter", 490, 352, 96))
        (handle,) = found.handles
        assert not touches(handle, (475, 337, 601, 463))
        assert (handle[0] + handle[2]) / 2 == 550

    def test_carries_name_plate_and_sign_in_its_middle(self) -> None:
        found = door(600, 800)
        # Leaf 10…590 × 10…790: name plate 90 × 45, 60 below the top; sign with 80 mm sides (leaf of 350 to 600 mm).
        assert [*(found.nameplate or ())] == [255, 707.5, 345, 752.5]
        assert found.sign is not None
        assert found.sign[2] - found.sign[0] == 80

    @pytest.mark.parametrize(
        "instruments", [buttons(9, y=700, most=9), (("va_meter", 250, 650, 96),), buttons(40, y=750, most=9)]
    )
    def test_keeps_name_plate_and_sign_off_instruments(self, instruments: tuple[Instrument, ...]) -> None:
        found = door(600, 800, *instruments)
        assert found.nameplate is not None
        assert found.sign is not None
        own = (found.nameplate, found.sign, *found.handles)
        for _, x, y, side in instruments:
            assert not any(touches(box, (x, y, x + side, y + side)) for box in own)
        assert not touches(found.nameplate, found.sign)

    def test_keeps_name_plate_and_sign_off_the_tags_of_a_small_print(self) -> None:
        # At 1 : 50 a tag of 1.8 mm is 90 mm high and several times as wide as its button.
        design = boxed(
            900, 1800, 200, instruments=(("push_button", 439, 1500, 22), ("push_button", 439, 1600, 22))
        )
        facts = facts_of(design, "ko")
        found = door_of(facts, outline_box(design), 50.0)
        assert found.nameplate is not None
        assert found.sign is not None
        for tag in door_labels(facts, 50.0):
            assert not touches(found.nameplate, tag.extent)
            assert not touches(found.sign, tag.extent)

    def test_goes_without_what_it_has_no_room_for(self) -> None:
        # 50 mm from button to button leave 28 mm between them: too little for a plate of 60 × 30.
        places = ((x, y) for x in range(20, 280, 50) for y in range(20, 380, 50))
        found = door(300, 400, *(("push_button", x, y, 22) for x, y in places))
        assert found.nameplate is None
        assert found.sign is None


class TestCutOuts:
    def test_stand_in_reading_order(self) -> None:
        design = boxed(700, 1000, 200, instruments=(*buttons(4, y=300, most=2), ("va_meter", 300, 800, 96)))
        found = [(hole.x, hole.y) for hole in cut_outs(facts_of(design, "ko"))]
        assert found == [(348, 848), (71, 311), (124, 311), (71, 221), (124, 221)]

    @pytest.mark.parametrize(
        ("kind", "side", "size"),
        [
            ("push_button", 22, "φ22.3"),
            ("push_button", 30, ""),
            ("va_meter", 48, "45×45"),
            ("va_meter", 72, "68×68"),
            ("va_meter", 96, "92×92"),
            ("va_meter", 144, "138×138"),
            ("va_meter", 110, ""),
            ("selector_switch", 48, ""),
        ],
    )
    def test_have_the_size_of_a_standard_or_none(self, kind: str, side: int, size: str) -> None:
        design = boxed(700, 1000, 200, instruments=((kind, 300, 500, side),))
        (hole,) = cut_outs(facts_of(design, "ko"))
        assert hole.size == size
