"""Overlaps, outlines and gaps of bodies in the hand-drawn panel."""

from dataclasses import replace
from typing import Any

import pytest

from kis.estimator.checks.bodies import body_gap, outline, overlap
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import Drawing, PartKind
from tests.factories.drawings import (
    added,
    bent,
    context,
    drawing,
    findings,
    gist,
    main_device,
    moved,
    one,
    part,
    problem,
    spare_way,
)

VIOLATION = Severity.VIOLATION


class TestOverlap:
    def test_finds_none_in_the_hand_drawn_panel(self) -> None:
        assert findings(overlap) == []

    def test_touching_is_fine(self) -> None:
        # B003 stands at y 158…191, B001 at y 195…270
        assert findings(overlap, context(moved("B003", dy=4))) == []

    def test_one_millimetre_is_too_much(self) -> None:
        finding = one(overlap, context(moved("B003", dy=5)))
        assert gist(finding) == ("critic.overlap", VIOLATION, 1, 0)
        assert (finding.code, finding.rule, finding.unit) == ("critic.overlap", "layout.body_gap", "mm")
        assert finding.subjects == ("B003", "B001")

    def test_tells_the_lesser_way_out(self) -> None:
        # into the main's upper right corner: 30 mm from the right, 5 mm from above; and the other way round
        corner = part("x", PartKind.METER, (320, 380), (425, 470), (30, 60))
        assert one(overlap, context(added(corner))).figure == 5
        assert one(overlap, context(added(replace(corner, x0=347)))).figure == 3

    def test_parts_behind_each_other_do_not_overlap(self) -> None:
        # the main stands at z 30…112
        before = part("x", PartKind.METER, (300, 320), (320, 340), (112, 118))
        assert findings(overlap, context(added(before))) == []
        assert len(findings(overlap, context(added(replace(before, z0=111))))) == 1
        behind = replace(before, z0=20, z1=30)
        assert findings(overlap, context(added(behind))) == []
        assert len(findings(overlap, context(added(replace(behind, z1=31))))) == 1

    @pytest.mark.parametrize(("z0", "count"), [(118, 0), (117, 1)])
    def test_an_unknown_depth_reaches_to_the_door_clearance(self, z0: int, count: int) -> None:
        # 150 − 2 − 30 = 118
        meter = part("m", PartKind.METER, (400, 440), (340, 380), (30, None))
        button = part("b", PartKind.PUSH_BUTTON, (410, 420), (350, 360), (z0, 148))
        assert len(findings(overlap, context(added(meter, button)))) == count

    def test_an_unknown_depth_in_the_door_reaches_to_its_inside(self) -> None:
        panel = part("m", PartKind.DOOR_METER, (400, 440), (340, 380), (140, None))
        other = part("n", PartKind.DOOR_METER, (430, 470), (340, 380), (147, 148))
        assert len(findings(overlap, context(added(panel, other)))) == 1

    def test_a_rail_carries_its_devices(self) -> None:
        rail = part("rail", PartKind.RAIL, (100, 500), (200, 235), (22, 40))
        assert findings(overlap, context(added(rail, base=drawing(parts=(drawing().parts[0],))))) == []
        on_rail = drawing(parts=tuple(item for item in drawing().parts if item.id in ("B001", "B002")))
        assert findings(overlap, context(added(rail, base=on_rail))) == []

    def test_a_rail_in_a_duct_overlaps(self) -> None:
        rail = part("rail", PartKind.RAIL, (100, 500), (200, 235), (22, 40))
        duct = part("duct", PartKind.DUCT, (60, 110), (180, 260), (30, 70))
        empty = drawing(parts=())
        assert one(overlap, context(added(rail, duct, base=empty))).figure == 10

    @pytest.mark.parametrize(
        "change", [{"x1": 250}, {"x1": 249}, {"y1": 300}, {"y1": 299}, {"z1": 29}], ids=str
    )
    def test_an_empty_part_is_refused(self, change: dict[str, int]) -> None:
        finding = findings(overlap, context(bent("main1", **change)))[0]
        assert gist(finding) == ("critic.overlap.empty", VIOLATION, None, None)
        assert (finding.code, finding.subjects) == ("critic.overlap", ("main1",))

    @pytest.mark.parametrize("change", [{"x1": 251}, {"y1": 301}, {"z1": 30}], ids=str)
    def test_a_thin_part_is_a_part(self, change: dict[str, int]) -> None:
        assert [
            item
            for item in findings(overlap, context(bent("main1", **change)))
            if item.message.key.endswith("empty")
        ] == []


class TestOutline:
    def test_is_that_of_the_catalogue_in_the_hand_drawn_panel(self) -> None:
        assert findings(outline) == []

    @pytest.mark.parametrize(
        "change", [{"x0": 109}, {"x0": 111}, {"y1": 269}, {"z1": 111}, {"z1": 113}], ids=str
    )
    def test_one_millimetre_off_is_refused(self, change: dict[str, int]) -> None:
        finding = one(outline, context(bent("B001", **change)))
        width, height, front = 130, 75, 82
        width += 110 - change.get("x0", 110)
        height -= 270 - change.get("y1", 270)
        front += change.get("z1", 112) - 112
        assert gist(finding) == ("critic.outline", VIOLATION, f"{width}×{height}×{front}", "130×75×82")
        assert (finding.where, finding.subjects, finding.rule) == ("C1L1", ("B001",), "layout.pairing")
        assert "SBS-53" in finding.message.text("en")

    def test_a_main_stands_upright(self) -> None:
        # 100 × 130 as drawn; lying it would be 130 × 100
        lying = bent("main1", x0=235, x1=365, y0=330, y1=430)
        assert one(outline, context(lying)).figure == "130×100×82"

    def test_on_a_rail_everything_stands_upright(self) -> None:
        rail = drawing(style="din_rail")
        assert [item.subjects for item in findings(outline, context(rail))] == [
            ("B001",),
            ("B002",),
            ("B003",),
            ("B004",),
        ]

    def test_holds_for_empty_ways(self) -> None:
        way = part("E", PartKind.SPARE_WAY, (360, 431), (100, 133), (30, 92), device="E01")
        examined = context(added(way), problem=problem(spare_ways=(spare_way(),)))
        assert one(outline, examined).figure == "71×33×62"

    def test_leaves_strangers_to_the_check_of_circuits(self) -> None:
        stranger = part("x", PartKind.BREAKER, (360, 431), (100, 133), (30, 92), device="X")
        assert findings(outline, context(added(stranger))) == []


class TestBodyGap:
    def test_is_kept_in_the_hand_drawn_panel(self) -> None:
        assert findings(body_gap) == []

    def test_bodies_of_one_column_may_touch(self) -> None:
        assert findings(body_gap, context(moved("B003", dy=4))) == []

    @pytest.mark.parametrize(("gap", "count"), [(5, 0), (4, 1), (0, 1)])
    def test_a_duct_keeps_five_millimetres_to_a_device(self, gap: int, count: int) -> None:
        duct = part("duct", PartKind.DUCT, (60, 540), (100, 158 - gap), (30, 70))
        found = findings(body_gap, context(added(duct, base=moved("B004", dy=100))))
        assert [(item.figure, item.limit, item.rule) for item in found] == [
            (gap, 5, "layout.body_gap")
        ] * count
        assert [item.subjects for item in found] == [("duct", "B003")] * count

    @pytest.mark.parametrize(("dx", "dy", "count"), [(3, 4, 0), (4, 3, 0), (3, 3, 1), (2, 4, 1)])
    def test_a_diagonal_gap_counts_in_a_straight_line(self, dx: int, dy: int, count: int) -> None:
        # from the corner of the main at (350, 430)
        meter = part("m", PartKind.METER, (350 + dx, 400 + dx), (430 + dy, 470), (30, 60))
        found = findings(body_gap, context(added(meter)))
        assert len(found) == count
        if count:
            assert str(found[0].figure) == {3: "4.2", 2: "4.4"}[dx]  # √18, √20

    def test_other_columns_keep_their_distance(self) -> None:
        # B004 moved into a column of its own, beside B003
        panel = bent("B004", x0=244, x1=314, column=1)
        assert one(body_gap, context(panel)).figure == 4
        assert findings(body_gap, context(bent("B004", x0=245, x1=315, column=1))) == []

    def test_bodies_without_a_column_are_no_neighbours(self) -> None:
        one_meter = part("m", PartKind.METER, (400, 420), (440, 460), (30, 60))
        other = part("n", PartKind.METER, (424, 444), (440, 460), (30, 60))
        assert one(body_gap, context(added(one_meter, other))).figure == 4

    @pytest.mark.parametrize(
        "kind", [PartKind.BUSBAR, PartKind.HEADER_BAR, PartKind.EARTH_BAR, PartKind.NEUTRAL_BAR]
    )
    def test_devices_keep_off_bars(self, kind: PartKind) -> None:
        bar = part("bar", kind, (400, 500), (340, 350), (70, 73), phase="R")
        meter = part("m", PartKind.METER, (400, 420), (354, 400), (30, 60))
        assert one(body_gap, context(added(bar, meter))).subjects == ("bar", "m")

    def test_a_main_touches_its_own_bars_only(self) -> None:
        foreign = bent("barR", group=1)
        assert one(body_gap, context(foreign)).subjects == ("barR", "main1")
        header = part("h", PartKind.HEADER_BAR, (250, 350), (430, 440), (70, 73), phase="R")
        assert findings(body_gap, context(added(header))) == []

    def test_a_main_keeps_off_terminal_bars_and_ducts(self) -> None:
        for kind in (PartKind.NEUTRAL_BAR, PartKind.EARTH_BAR, PartKind.DUCT):
            near = part("x", kind, (354, 400), (300, 310), (30, 40))
            assert one(body_gap, context(added(near))).figure == 4

    def test_a_device_of_the_main_keeps_off_its_bars(self) -> None:
        near = part("x", PartKind.METER, (349, 360), (280, 296), (30, 40))
        assert [item.subjects for item in findings(body_gap, context(added(near)))] == [
            ("barN", "x"),
            ("x", "main1"),
        ]

    def test_ducts_and_bars_touch_each_other_freely(self) -> None:
        left = part("left", PartKind.DUCT, (60, 100), (100, 140), (30, 70))
        top = part("top", PartKind.DUCT, (60, 140), (140, 148), (30, 70))
        bar = part("bar", PartKind.EARTH_BAR, (140, 200), (140, 148), (30, 70))
        assert findings(body_gap, context(added(left, top, bar))) == []

    def test_does_not_repeat_an_overlap(self) -> None:
        inside = part("x", PartKind.METER, (200, 280), (360, 370), (30, 60))
        assert findings(body_gap, context(added(inside))) == []

    def test_knows_nothing_of_doors_and_cross_bars(self) -> None:
        button = part("b", PartKind.PUSH_BUTTON, (352, 374), (360, 382), (77, 148))
        assert findings(body_gap, context(added(button))) == []

    @pytest.mark.parametrize(("rails", "count"), [(1, 0), (2, 1)])
    def test_devices_on_one_rail_may_touch(self, rails: int, count: int) -> None:
        assert len(findings(body_gap, context(on_rails(rails)))) == count

    def test_a_seat_number_is_no_column_on_rails(self) -> None:
        # both the first on their rails, 4 mm above each other
        panel = on_rails(2)
        stacked = bent("b", panel, x0=100, x1=136, y0=285, y1=366, column=0)
        assert one(body_gap, context(stacked)).figure == 4

    def test_a_main_on_the_rail_touches_its_neighbours(self) -> None:
        panel = bent("a", on_rails(1), kind=PartKind.MAIN)
        assert findings(body_gap, context(panel, problem=problem(mains=(main_device(),)))) == []


def on_rails(rails: int) -> Drawing:
    """Two touching devices, on one rail or each on its own."""
    own: dict[str, Any] = {"column": 0}
    first = part("a", PartKind.BREAKER, (100, 136), (200, 281), (30, 106), **own)
    second = part("b", PartKind.BREAKER, (136, 172), (200, 281), (30, 106), column=1)
    whole = part("rail", PartKind.RAIL, (90, 300), (223, 258), (22, 30))
    halves = (replace(whole, x1=136), replace(whole, id="rail2", x0=136))
    return drawing(parts=(first, second, *((whole,) if rails == 1 else halves)), style="din_rail")
