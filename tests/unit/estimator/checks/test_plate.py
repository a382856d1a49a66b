"""The box, its plate and its door."""

import pytest

from kis.estimator.checks.plate import box, door_clearance, door_part_gap, inside_plate, least_door_clearance
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import PartKind
from tests.factories.drawings import (
    added,
    bent,
    context,
    drawing,
    enclosure,
    findings,
    gist,
    moved,
    one,
    part,
    problem,
    request,
    rules_with,
)

VIOLATION = Severity.VIOLATION


class TestBox:
    def test_is_the_chosen_one(self) -> None:
        assert findings(box) == []

    @pytest.mark.parametrize("change", [{"width_mm": 601}, {"height_mm": 599}, {"depth_mm": 151}], ids=str)
    def test_another_size_is_refused(self, change: dict[str, int]) -> None:
        finding = one(box, context(enclosure=enclosure(**change)))
        wanted = {"width_mm": 600, "height_mm": 600, "depth_mm": 150, **change}
        assert gist(finding) == (
            "critic.box.differs",
            VIOLATION,
            "600×600×150",
            "×".join(map(str, wanted.values())),
        )
        assert (finding.code, finding.rule) == ("critic.box", "enclosure.custom_step")

    @pytest.mark.parametrize(
        ("name", "limit", "size", "rule"),
        [
            ("W", "width_mm", 600, "width_limit"),
            ("H", "height_mm", 600, "height_limit"),
            ("D", "depth_mm", 150, "custom_depth_limit"),
        ],
    )
    def test_keeps_to_what_the_customer_allows(self, name: str, limit: str, size: int, rule: str) -> None:
        assert findings(box, context(problem=problem(request=request(limits={limit: size})))) == []
        finding = one(box, context(problem=problem(request=request(limits={limit: size - 1}))))
        assert gist(finding) == ("critic.box.too_large", VIOLATION, size, size - 1)
        assert (finding.where, finding.rule, finding.unit) == (name, f"enclosure.{rule}", "mm")

    @pytest.mark.parametrize(("rule", "name"), [("width_limit", "W"), ("height_limit", "H")])
    def test_keeps_to_what_the_shop_builds(self, rule: str, name: str) -> None:
        assert findings(box, context(rules=rules_with("enclosure", **{rule: 600}))) == []
        assert one(box, context(rules=rules_with("enclosure", **{rule: 599}))).where == name
        wider = problem(request=request(limits={"width_mm": 2000, "height_mm": 2000}))
        assert one(box, context(problem=wider, rules=rules_with("enclosure", **{rule: 599}))).limit == 599


class TestInsidePlate:
    def test_holds_in_the_hand_drawn_panel(self) -> None:
        assert findings(inside_plate) == []

    @pytest.mark.parametrize(
        ("x", "y", "count"),
        [
            ((50, 60), (50, 60), 0),
            ((49, 60), (50, 60), 1),
            ((50, 60), (49, 60), 1),
            ((540, 550), (540, 550), 0),
            ((540, 551), (540, 550), 1),
            ((540, 550), (540, 551), 1),
        ],
    )
    def test_a_part_ends_at_the_edge(self, x: tuple[int, int], y: tuple[int, int], count: int) -> None:
        found = findings(inside_plate, context(added(part("x", PartKind.DUCT, x, y, (30, 70)))))
        assert [gist(item) for item in found] == [("critic.inside_plate", VIOLATION, 1, 0)] * count
        assert [(item.rule, item.subjects) for item in found] == [("enclosure.plate_margin", ("x",))] * count

    def test_a_ready_made_box_has_a_smaller_margin(self) -> None:
        panel = added(part("x", PartKind.DUCT, (25, 60), (50, 60), (30, 70)))
        assert findings(inside_plate, context(panel, enclosure=enclosure(series="HB"))) == []
        assert one(inside_plate, context(panel)).figure == 25

    def test_a_door_part_may_use_the_whole_door(self) -> None:
        inside = part("b", PartKind.PUSH_BUTTON, (0, 22), (578, 600), (77, 148))
        low = part("c", PartKind.PUSH_BUTTON, (578, 600), (0, 22), (77, 148))
        assert findings(inside_plate, context(added(inside, low))) == []
        outside = part("b", PartKind.PUSH_BUTTON, (-1, 21), (578, 600), (77, 148))
        finding = one(inside_plate, context(added(outside)))
        assert gist(finding) == ("critic.inside_plate.door", VIOLATION, 1, 0)

    def test_nothing_stands_behind_the_face(self) -> None:
        finding = one(inside_plate, context(bent("main1", z0=29)))
        assert gist(finding) == ("critic.inside_plate.behind", VIOLATION, 29, 30)
        assert (finding.rule, finding.subjects, finding.unit) == ("enclosure.plate_face", ("main1",), "mm")

    def test_a_rail_is_sunk_into_the_plate(self) -> None:
        rail = part("rail", PartKind.RAIL, (90, 300), (440, 475), (22, 30))
        assert findings(inside_plate, context(added(rail))) == []


class TestDoorClearance:
    @pytest.mark.parametrize(("z1", "count"), [(118, 0), (119, 1)])
    def test_is_thirty_millimetres(self, z1: int, count: int) -> None:
        # door inside at 148
        found = findings(door_clearance, context(bent("main1", z1=z1)))
        assert [gist(item) for item in found] == [("critic.door_clearance", VIOLATION, 29, 30)] * count
        assert [(item.subjects, item.rule) for item in found] == [
            (("main1",), "enclosure.door_clearance")
        ] * count

    def test_neither_asks_door_parts_nor_unknown_depths(self) -> None:
        button = part("b", PartKind.PUSH_BUTTON, (400, 422), (340, 362), (77, 148))
        meter = part("m", PartKind.METER, (450, 480), (340, 362), (30, None))
        assert findings(door_clearance, context(added(button, meter))) == []


class TestDoorPartGap:
    @pytest.mark.parametrize(("z0", "count"), [(122, 0), (121, 1), (112, 1), (111, 0)])
    def test_is_ten_millimetres_to_the_part_behind(self, z0: int, count: int) -> None:
        # the main reaches z 112; deeper than that is an overlap
        button = part("b", PartKind.PUSH_BUTTON, (300, 322), (340, 362), (z0, 148))
        found = findings(door_part_gap, context(added(button)))
        assert [gist(item) for item in found] == [("critic.door_part_gap", VIOLATION, z0 - 112, 10)] * count
        assert [(item.subjects, item.rule) for item in found] == [
            (("b", "main1"), "enclosure.door_part_gap")
        ] * count

    def test_beside_the_part_there_is_no_gap_to_keep(self) -> None:
        button = part("b", PartKind.PUSH_BUTTON, (350, 372), (340, 362), (113, 148))
        assert findings(door_part_gap, context(added(button))) == []

    def test_an_unknown_depth_is_named_elsewhere(self) -> None:
        meter = part("m", PartKind.METER, (400, 440), (340, 380), (30, None))
        button = part("b", PartKind.PUSH_BUTTON, (410, 432), (345, 367), (120, 148))
        assert findings(door_part_gap, context(added(meter, button))) == []


class TestLeastDoorClearance:
    def test_is_that_of_the_foremost_part(self) -> None:
        assert least_door_clearance(context()) == (36, "B001")
        assert least_door_clearance(context(bent("main1", z1=113))) == (35, "main1")

    def test_knows_of_none_where_no_depth_is_known(self) -> None:
        assert least_door_clearance(context(drawing(parts=()))) is None
        button = part("b", PartKind.PUSH_BUTTON, (410, 432), (345, 367), (77, 148))
        meter = part("m", PartKind.METER, (300, 340), (340, 380), (30, None))
        assert least_door_clearance(context(drawing(parts=(button, meter)))) is None


def test_moving_the_panel_up_by_its_margin_leaves_the_plate() -> None:
    """The main ends at y 430, the plate at 550."""
    assert findings(inside_plate, context(moved("main1", dy=120))) == []
    assert one(inside_plate, context(moved("main1", dy=121))).subjects == ("main1",)
