"""Corridors hold bars, lanes hold wires. Corridor x 250…350, rows y 155…270, lanes x 50…110 and 490…550."""

from dataclasses import replace
from typing import Any

import pytest

from kis.catalog import Grade
from kis.estimator.checks.corridors import corridor_gap, corridors, lanes
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import Column, Drawing, PartKind
from tests.factories.drawings import (
    added,
    bent,
    breaker,
    context,
    device,
    drawing,
    enclosure,
    findings,
    gist,
    lighting,
    one,
    part,
    problem,
    small,
    without,
)

VIOLATION = Severity.VIOLATION
BAR_KINDS = (PartKind.BUSBAR, PartKind.CROSS_BAR, PartKind.HEADER_BAR)


class TestCorridors:
    def test_hold_bars_in_the_hand_drawn_panel(self) -> None:
        assert findings(corridors) == []

    @pytest.mark.parametrize(
        ("x", "y", "figure"),
        [
            ((200, 250), (180, 200), None),
            ((200, 251), (180, 200), 1),
            ((350, 380), (180, 200), None),
            ((348, 380), (180, 200), 2),
            ((300, 310), (270, 290), None),
            ((300, 310), (269, 290), 50),  # 310 − 250 against 350 − 300: 50 to the nearer edge
            ((300, 310), (140, 155), None),
            ((300, 310), (140, 156), 50),
        ],
    )
    def test_are_entered_from_their_first_millimetre(
        self, x: tuple[int, int], y: tuple[int, int], figure: int | None
    ) -> None:
        found = findings(corridors, context(added(part("x", PartKind.METER, x, y, (30, 60)))))
        assert [gist(item) for item in found] == (
            [("critic.corridors", VIOLATION, figure, 0)] if figure else []
        )
        assert [(item.where, item.subjects, item.rule) for item in found] == (
            [("C1", ("x",), "layout.device_to_corridor")] if figure else []
        )

    @pytest.mark.parametrize("kind", [*BAR_KINDS, PartKind.PUSH_BUTTON, PartKind.DOOR_METER])
    def test_let_bars_and_door_parts_in(self, kind: PartKind) -> None:
        assert findings(corridors, context(added(part("x", kind, (300, 302), (180, 200), (100, 110))))) == []

    @pytest.mark.parametrize(
        ("bar", "change", "beyond"),
        [
            ("barR", {"x0": 250}, 0),
            ("barR", {"x0": 249}, 1),
            ("barN", {"x1": 350}, 0),
            ("barN", {"x1": 352}, 2),
        ],
    )
    def test_hold_all_their_bars(self, bar: str, change: dict[str, int], beyond: int) -> None:
        found = findings(corridors, context(bent(bar, **change)))
        assert [gist(item) for item in found] == (
            [("critic.corridors.bar", VIOLATION, beyond, 0)] if beyond else []
        )
        assert [(item.where, item.subjects) for item in found] == ([("C1", (bar,))] if beyond else [])


class TestCorridorGap:
    @pytest.mark.parametrize(("dx", "gap"), [(0, None), (1, 9), (10, 0), (11, None)])
    def test_is_ten_millimetres_on_the_left(self, dx: int, gap: int | None) -> None:
        # B003 ends at x 240; inside the corridor it is the corridor's matter
        found = findings(corridor_gap, context(bent("B003", x0=170 + dx, x1=240 + dx)))
        assert [gist(item) for item in found] == (
            [] if gap is None else [("critic.corridor_gap", VIOLATION, gap, 10)]
        )
        assert [(item.where, item.subjects, item.rule) for item in found] == (
            [] if gap is None else [("C1L2", ("B003",), "layout.device_to_corridor")]
        )

    def test_is_ten_millimetres_on_the_right(self) -> None:
        assert one(corridor_gap, context(bent("B004", x0=359, x1=429))).figure == 9

    def test_is_kept_by_empty_ways_too(self) -> None:
        assert one(corridor_gap, context(bent("B004", x0=359, x1=429, kind=PartKind.SPARE_WAY))).figure == 9

    @pytest.mark.parametrize(
        ("y0", "y1", "count"), [(270, 303, 0), (269, 302, 1), (122, 155, 0), (123, 156, 1)]
    )
    def test_is_kept_along_the_rows(self, y0: int, y1: int, count: int) -> None:
        assert len(findings(corridor_gap, context(bent("B004", x0=355, x1=425, y0=y0, y1=y1)))) == count

    def test_asks_branches_alone(self) -> None:
        meter = part("m", PartKind.METER, (355, 400), (160, 190), (30, 60))
        assert findings(corridor_gap, context(added(meter))) == []


class TestLanes:
    def test_are_there_in_the_hand_drawn_panel(self) -> None:
        assert findings(lanes) == []

    @pytest.mark.parametrize(("index", "change", "where"), [(0, {"x0": 51}, "C1L"), (1, {"x1": 549}, "C1R")])
    def test_are_sixty_wide_beside_fifty_af(self, index: int, change: dict[str, int], where: str) -> None:
        finding = one(lanes, context(with_lane(index, **change)))
        assert gist(finding) == ("critic.lanes.narrow", VIOLATION, 59, 60)
        assert (finding.code, finding.where, finding.rule, finding.unit) == (
            "critic.lanes",
            where,
            "enclosure.lanes",
            "mm",
        )

    @pytest.mark.parametrize(("frame_af", "required"), [(125, 60), (250, 100), (400, 150), (800, 150)])
    def test_grow_with_the_largest_frame_of_their_side(self, frame_af: int, required: int) -> None:
        devices = (
            device("B001", breaker=breaker(frame_af=frame_af)),
            device("B002"),
            lighting("B003"),
            lighting("B004"),
        )
        found = findings(lanes, context(problem=problem(devices=devices)))
        assert [(item.where, item.figure, item.limit) for item in found] == (
            [("C1L", 60, required)] if required > 60 else []
        )

    @pytest.mark.parametrize(("width", "count"), [(40, 0), (39, 1)])
    def test_are_forty_wide_beside_small_breakers(self, width: int, count: int) -> None:
        devices = (device("B001"), lighting("B002"), lighting("B003"), lighting("B004"))
        panel = with_lane(1, x1=490 + width)
        assert len(findings(lanes, context(panel, problem=problem(devices=devices)))) == count

    def test_a_compact_breaker_counts_by_its_frame(self) -> None:
        compact = breaker(grade=Grade.COMPACT, frame_af=50, poles=2)
        devices = (device("B001"), device("B002", breaker=compact), lighting("B003"), lighting("B004"))
        panel = with_lane(1, x1=549)
        assert one(lanes, context(panel, problem=problem(devices=devices))).limit == 60

    @pytest.mark.parametrize(("width", "count"), [(40, 0), (39, 1)])
    def test_an_empty_side_keeps_the_small_lane(self, width: int, count: int) -> None:
        panel = without("B002", "B004", base=with_lane(1, x1=490 + width))
        assert [(item.figure, item.limit) for item in findings(lanes, context(panel))] == [
            (width, 40)
        ] * count

    def test_a_way_nobody_knows_asks_for_no_lane(self) -> None:
        panel = bent("B002", with_lane(1, x1=530), device="X")
        assert findings(lanes, context(panel)) == []

    @pytest.mark.parametrize(
        "change",
        [
            {"column": 1},
            {"side": "R"},
            {"y0": 156},
            {"y1": 269},
            {"x0": 191, "x1": 251},  # not left of the corridor
        ],
        ids=str,
    )
    def test_a_lane_elsewhere_is_none(self, change: dict[str, Any]) -> None:
        panel = with_lane(0, **change)
        narrow = [
            item for item in findings(lanes, context(panel)) if item.message.key == "critic.lanes.narrow"
        ]
        assert [(item.where, item.figure, item.limit) for item in narrow] == [("C1L", 0, 60)]

    def test_a_lane_right_of_the_corridor_begins_at_its_edge(self) -> None:
        devices = (device("B001"), lighting("B003"))
        bare = without("B002", "B004", "B004.S", "B004.N", "B002.R", "B002.S", "B002.T")
        at_edge = replace(bare, lanes=(bare.lanes[0], replace(bare.lanes[1], x0=350, x1=390)))
        assert findings(lanes, context(at_edge, problem=problem(devices=devices))) == []
        inside = replace(bare, lanes=(bare.lanes[0], replace(bare.lanes[1], x0=349, x1=389)))
        keys = {
            item.message.key for item in findings(lanes, context(inside, problem=problem(devices=devices)))
        }
        assert "critic.lanes.narrow" in keys

    def test_a_lane_left_of_the_corridor_ends_at_its_edge(self) -> None:
        bare = without("B001", "B003", "B003.R", "B003.N", "B001.R", "B001.S", "B001.T")
        at_edge = replace(bare, lanes=(replace(bare.lanes[0], x0=210, x1=250), bare.lanes[1]))
        assert findings(lanes, context(at_edge)) == []

    @pytest.mark.parametrize(
        ("index", "change", "beyond"),
        [(0, {"x0": 50}, 0), (0, {"x0": 49}, 1), (1, {"x1": 550}, 0), (1, {"x1": 553}, 3)],
    )
    def test_lie_on_the_plate(self, index: int, change: dict[str, int], beyond: int) -> None:
        found = findings(lanes, context(with_lane(index, **change)))
        assert [gist(item) for item in found] == (
            [("critic.lanes.off_plate", VIOLATION, beyond, 0)] if beyond else []
        )
        assert [item.where for item in found] == ([("C1L", "C1R")[index]] if beyond else [])

    def test_of_a_ready_made_box_may_lie_nearer_the_edge(self) -> None:
        assert findings(lanes, context(with_lane(0, x0=25), enclosure=enclosure(series="HB"))) == []

    @pytest.mark.parametrize(("x0", "x1", "figure"), [(110, 150, None), (109, 150, 1), (60, 70, 20)])
    def test_nothing_enters_but_wires(self, x0: int, x1: int, figure: int | None) -> None:
        duct = part("x", PartKind.DUCT, (x0, x1), (200, 220), (30, 70))
        found = findings(lanes, context(added(duct)))
        assert [gist(item) for item in found] == (
            [("critic.lanes.entered", VIOLATION, figure, 0)] if figure else []
        )
        assert [(item.where, item.subjects) for item in found] == ([("C1L", ("x",))] if figure else [])

    def test_a_door_part_is_in_front_of_the_wires(self) -> None:
        button = part("b", PartKind.PUSH_BUTTON, (60, 82), (200, 222), (77, 148))
        assert findings(lanes, context(added(button))) == []

    def test_two_lanes_share_no_space(self) -> None:
        panel = drawing()
        # a second column whose left lane begins in the first one's right lane
        beside = replace(panel.lanes[0], x0=545, x1=605, column=1)
        panel = replace(panel, width_mm=1000, lanes=(*panel.lanes, beside))
        finding = one(lanes, context(panel))
        assert gist(finding) == ("critic.lanes.shared", VIOLATION, 5, 0)
        assert finding.where == "C1R, C2L"
        apart = replace(panel, lanes=(*panel.lanes[:2], replace(beside, x0=550, x1=610)))
        assert findings(lanes, context(apart)) == []

    def test_each_column_asks_for_its_own(self) -> None:
        panel = drawing()
        second = Column(
            index=1, group=0, centre_x=700, corridor=(650, 750), rows=0, rows_top_y=270, rows_sum_mm=115
        )
        found = findings(lanes, context(replace(panel, columns=(*panel.columns, second))))
        assert [(item.where, item.limit) for item in found] == [("C2L", 40), ("C2R", 40)]


def with_lane(index: int, **change: Any) -> Drawing:
    panel = drawing()
    changed = tuple(
        replace(lane, **change) if number == index else lane for number, lane in enumerate(panel.lanes)
    )
    return replace(panel, lanes=changed)


def test_small_breakers_need_the_small_lane() -> None:
    """A side of small breakers alone: frame 30 would ask for 60 by the steps."""
    devices = (device("B001", breaker=small()), device("B002"), lighting("B003"), lighting("B004"))
    panel = with_lane(0, x0=70)
    assert findings(lanes, context(panel, problem=problem(devices=devices))) == []
