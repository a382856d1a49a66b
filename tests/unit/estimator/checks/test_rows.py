"""Order, facing outlines, sums of rows and free spaces of the hand-drawn panel."""

from dataclasses import replace
from typing import Any

import pytest

from kis.catalog import Grade
from kis.estimator.checks.rows import free_spaces, order, row_sums, same_outline
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import Column, Drawing, Part, PartKind, Zones
from kis.estimator.problem import Device
from tests.factories.drawings import (
    added,
    bent,
    breaker,
    context,
    device,
    drawing,
    findings,
    gist,
    lighting,
    main_breaker,
    main_device,
    moved,
    one,
    part,
    problem,
    rules_with,
    small,
    spare_way,
    without,
)

VIOLATION = Severity.VIOLATION
INFORMATION = Severity.INFORMATION


def with_devices(*devices: Device, **changes: Any) -> Any:
    return context(problem=problem(devices=devices), **changes)


def fifty(name: str, rating_a: int, poles: int = 3, frame_af: int = 50) -> Device:
    return device(name, breaker=breaker(poles=poles, frame_af=frame_af), rating_a=rating_a)


class TestOrder:
    def test_is_kept_in_the_hand_drawn_panel(self) -> None:
        assert findings(order) == []

    @pytest.mark.parametrize(
        ("upper", "lower", "kept"),
        [
            (fifty("B001", 30), fifty("B003", 30), True),
            (fifty("B001", 30), fifty("B003", 40), False),
            (fifty("B001", 40), fifty("B003", 30), True),
            (fifty("B001", 20, frame_af=100), fifty("B003", 50), True),
            (fifty("B001", 50), fifty("B003", 20, frame_af=100), False),
            (fifty("B001", 20, poles=4), fifty("B003", 100, frame_af=250), True),
            (fifty("B001", 100, frame_af=250), fifty("B003", 20, poles=4), False),
        ],
    )
    def test_is_poles_frame_rating(self, upper: Device, lower: Device, kept: bool) -> None:
        others = (replace(upper, id="B002"), replace(lower, id="B004"))
        found = findings(order, with_devices(upper, lower, *others))
        assert [gist(item) for item in found] == ([] if kept else [("critic.order", VIOLATION, None, None)])
        assert [(item.where, item.rule, item.message.values["earlier"]) for item in found] == (
            [] if kept else [("C1·2", "layout.order", "C1·1")]
        )

    def test_follows_the_rulebook(self) -> None:
        rules = rules_with("layout", order=("rating_a",))
        examined = with_devices(fifty("B001", 20, poles=4), fifty("B003", 30), rules=rules)
        assert len(findings(order, examined)) == 1

    def test_the_leading_circuit_of_a_row_decides(self) -> None:
        # row 1: 50 A and a leftover of 20 A; row 2: 40 A and 30 A
        devices = (fifty("B001", 20), fifty("B002", 50), fifty("B003", 40), fifty("B004", 30))
        assert findings(order, with_devices(*devices)) == []
        devices = (fifty("B001", 20), fifty("B002", 30), fifty("B003", 20), fifty("B004", 40))
        assert len(findings(order, with_devices(*devices))) == 1

    def test_empty_ways_have_no_rank(self) -> None:
        panel = bent(
            "B001", bent("B002", kind=PartKind.SPARE_WAY, device="E02"), kind=PartKind.SPARE_WAY, device="E01"
        )
        assert findings(order, context(panel)) == []

    def test_a_spare_way_under_a_known_id_has_no_rank(self) -> None:
        devices = (lighting("B001"), lighting("B002"), device("B003"), device("B004"))
        panel = bent("B001", bent("B002", kind=PartKind.SPARE_WAY), kind=PartKind.SPARE_WAY)
        assert findings(order, context(panel, problem=problem(devices=devices))) == []

    def test_a_relaxation_is_information(self) -> None:
        examined = with_devices(
            fifty("B001", 30), fifty("B003", 40), drawing=drawing(relaxations=("layout.order",))
        )
        finding = one(order, examined)
        assert gist(finding) == ("critic.order.relaxed", INFORMATION, 1, 0)
        assert (finding.where, finding.rule) == ("C1·2", "layout.order")

    def test_a_relaxation_without_need_is_silent(self) -> None:
        assert findings(order, context(drawing(relaxations=("layout.order",)))) == []

    def test_another_relaxation_excuses_nothing(self) -> None:
        examined = with_devices(
            fifty("B001", 30), fifty("B003", 40), drawing=drawing(relaxations=("layout.pairing",))
        )
        assert one(order, examined).severity is VIOLATION

    def test_goes_on_in_the_next_column(self) -> None:
        # row 2 stands in a column of its own, right of the first; listed before it
        panel = second_column(drawing(), centre_x=900)
        devices = (fifty("B001", 30), fifty("B002", 30), fifty("B003", 40), fifty("B004", 40))
        finding = one(order, context(panel, problem=problem(devices=devices)))
        assert (finding.where, finding.message.values["earlier"]) == ("C2·2", "C1·1")
        left_of_it = second_column(drawing(), centre_x=100)
        assert findings(order, context(left_of_it, problem=problem(devices=devices))) == []

    def test_starts_anew_at_each_main(self) -> None:
        panel = second_column(drawing(), centre_x=900, group=1)
        devices = (
            fifty("B001", 30),
            fifty("B002", 30),
            replace(fifty("B003", 40), main=1),
            replace(fifty("B004", 40), main=1),
        )
        mains = (main_device(), main_device(1))
        assert findings(order, context(panel, problem=problem(devices=devices, mains=mains))) == []

    def test_rows_count_from_the_top_as_drawn(self) -> None:
        # row 2 is drawn above row 1
        panel = moved("B003", dy=200, base=moved("B004", dy=200))
        assert [item.where for item in findings(order, context(panel))] == ["C1·1"]

    @pytest.mark.parametrize(
        ("ratings", "broken"),
        [
            ((40, 30, 30, 20), []),
            ((30, 40, 30, 20), ["b"]),
            ((40, 30, 20, 30), ["d"]),
            ((40, 20, 30, 20), ["c"]),
        ],
    )
    def test_reads_rails_like_a_page(self, ratings: tuple[int, ...], broken: list[str]) -> None:
        places = {"a": (100, 300), "b": (136, 300), "c": (100, 150), "d": (136, 150)}
        parts = [
            part(
                name,
                PartKind.BREAKER,
                (x, x + 36),
                (y, y + 81),
                (30, 106),
                device=name,
                phase="R",
                column=0,
                row=0,
                side="D",
            )
            for name, (x, y) in reversed(places.items())
        ]
        devices = [fifty(name, rating, poles=2) for name, rating in zip(places, ratings, strict=True)]
        examined = context(
            drawing(parts=tuple(parts), columns=(), lanes=(), style="din_rail"),
            problem=problem(devices=tuple(devices)),
        )
        assert [item.where for item in findings(order, examined)] == broken

    def test_rails_of_other_mains_are_read_apart(self) -> None:
        parts = [
            part(
                name,
                PartKind.BREAKER,
                (x, x + 36),
                (300, 381),
                (30, 106),
                device=name,
                phase="R",
                group=group,
            )
            for name, x, group in (("a", 100, 0), ("b", 136, 1))
        ]
        devices = (fifty("a", 20, poles=2), replace(fifty("b", 30, poles=2), main=1))
        panel = drawing(parts=tuple(parts), columns=(), lanes=(), style="din_rail")
        examined = context(panel, problem=problem(devices=devices, mains=(main_device(), main_device(1))))
        assert findings(order, examined) == []


def second_column(panel: Drawing, centre_x: int, group: int = 0) -> Drawing:
    """Put row 2 of the panel into a column of its own."""
    column = Column(
        index=1, group=group, centre_x=centre_x, corridor=(850, 950), rows=1, rows_top_y=195, rows_sum_mm=40
    )
    parts = tuple(replace(item, column=1) if item.id in ("B003", "B004") else item for item in panel.parts)
    return replace(panel, columns=(column, *panel.columns), parts=parts)


class TestSameOutline:
    def test_is_kept_in_the_hand_drawn_panel(self) -> None:
        assert findings(same_outline) == []

    def test_a_lower_breaker_may_not_face_a_higher_one(self) -> None:
        compact = device("B002", breaker=breaker(height_mm=96))
        finding = one(same_outline, with_devices(device("B001"), compact, lighting("B003"), lighting("B004")))
        assert gist(finding) == ("critic.same_outline", VIOLATION, 34, 0)
        assert (finding.where, finding.rule, finding.subjects) == ("C1·1", "layout.pairing", ("B001", "B002"))

    def test_holds_for_empty_ways(self) -> None:
        panel = bent("B004", kind=PartKind.SPARE_WAY, device="E01")
        ways = (spare_way(breaker=small(height_mm=71)),)
        assert one(same_outline, context(panel, problem=problem(spare_ways=ways))).figure == 1

    def test_a_relaxation_is_information(self) -> None:
        compact = device("B002", breaker=breaker(height_mm=96))
        devices = (device("B001"), compact, lighting("B003"), lighting("B004"))
        relaxed = drawing(relaxations=("layout.pairing",))
        finding = one(same_outline, with_devices(*devices, drawing=relaxed))
        assert gist(finding) == ("critic.same_outline.relaxed", INFORMATION, 34, 0)
        other = drawing(relaxations=("layout.order",))
        assert one(same_outline, with_devices(*devices, drawing=other)).severity is VIOLATION

    def test_leaves_strangers_to_the_check_of_circuits(self) -> None:
        assert findings(same_outline, context(bent("B002", device="X"))) == []


class TestRowSums:
    def test_add_up_in_the_hand_drawn_panel(self) -> None:
        assert findings(row_sums) == []

    @pytest.mark.parametrize(("dy", "figure"), [(0, None), (1, 1), (-1, 1)])
    def test_a_device_keeps_to_its_row(self, dy: int, figure: int | None) -> None:
        # B001 fills its row of 75 mm exactly
        found = findings(row_sums, context(moved("B001", dy=dy)))
        assert [gist(item) for item in found] == (
            [("critic.row_sums.outside", VIOLATION, figure, 0)] if figure else []
        )
        assert [(item.where, item.subjects, item.rule) for item in found] == (
            [("C1·1", ("B001",), "layout.small_row_pitch")] if figure else []
        )

    @pytest.mark.parametrize(("dy", "count"), [(4, 0), (5, 1), (-3, 0), (-4, 1)])
    def test_a_small_device_may_lie_anywhere_in_its_forty(self, dy: int, count: int) -> None:
        # y 158…191 in a row of 155…195
        assert len(findings(row_sums, context(moved("B003", dy=dy)))) == count

    def test_of_a_column_are_what_it_states(self) -> None:
        panel = drawing()
        column = replace(panel.columns[0], rows_sum_mm=116)
        zones = (replace(panel.zones[0], c_mm=116),)
        finding = one(row_sums, context(replace(panel, columns=(column,), zones=zones)))
        assert gist(finding) == ("critic.row_sums.column", VIOLATION, 115, 116)
        assert (finding.where, finding.rule, finding.unit) == ("C1", "layout.small_row_pitch", "mm")

    def test_count_the_rows(self) -> None:
        panel = drawing()
        column = replace(panel.columns[0], rows=3)
        finding = one(row_sums, context(replace(panel, columns=(column,))))
        assert (finding.message.values["rows"], finding.message.values["stated"]) == (2, 3)

    @pytest.mark.parametrize(
        ("left", "right", "pitch"),
        [
            (breaker(poles=4, width_mm=100), breaker(poles=4, width_mm=100), 125),
            (breaker(poles=4, width_mm=100), breaker(poles=4, width_mm=140), 175),
            (breaker(poles=4, width_mm=100), breaker(poles=3), 100),
            (breaker(poles=3), breaker(poles=3, width_mm=105), 105),
            (small(), breaker(poles=2, width_mm=50), 50),
            (small(), small(), 40),
            (breaker(poles=2, width_mm=33, grade=Grade.ECONOMY), breaker(poles=2, width_mm=33), 33),
        ],
    )
    def test_take_the_pitch_of_the_larger(self, left: Any, right: Any, pitch: int) -> None:
        devices = (device("B001", breaker=left), device("B002", breaker=right))
        panel = without("B003", "B004")
        column = replace(panel.columns[0], rows=1, rows_sum_mm=1)
        found = findings(
            row_sums, context(replace(panel, columns=(column,)), problem=problem(devices=devices))
        )
        assert [item.figure for item in found if item.message.key.endswith("column")] == [pitch]

    def test_one_four_pole_breaker_alone_takes_its_width(self) -> None:
        devices = (device("B001", breaker=breaker(poles=4, width_mm=100)),)
        panel = without("B002", "B003", "B004")
        column = replace(panel.columns[0], rows=1, rows_sum_mm=1)
        found = findings(
            row_sums, context(replace(panel, columns=(column,)), problem=problem(devices=devices))
        )
        assert [item.figure for item in found if item.message.key.endswith("column")] == [100]

    def test_empty_ways_take_their_place(self) -> None:
        panel = bent(
            "B003", bent("B004", kind=PartKind.SPARE_WAY, device="E01"), kind=PartKind.SPARE_WAY, device="E02"
        )
        ways = (spare_way("E01"), spare_way("E02"))
        assert findings(row_sums, context(panel, problem=problem(spare_ways=ways))) == []

    def test_c_is_the_tallest_column(self) -> None:
        panel = drawing(zones=(Zones(a_mm=300, b_mm=30, c_mm=114, e_mm=0, d_mm=150),))
        finding = one(row_sums, context(panel))
        assert gist(finding) == ("critic.row_sums.zone", VIOLATION, 115, 114)
        assert (finding.where, finding.rule) == ("M1", "layout.small_row_pitch")

    @pytest.mark.parametrize(("e_mm", "count"), [(5, 0), (6, 1)])
    def test_the_zones_fit_the_box(self, e_mm: int, count: int) -> None:
        # 300 + 30 + 115 + 150 = 595 of 600
        panel = drawing(zones=(Zones(a_mm=300, b_mm=30, c_mm=115, e_mm=e_mm, d_mm=150),))
        found = findings(row_sums, context(panel))
        assert [gist(item) for item in found] == [("critic.row_sums.height", VIOLATION, 601, 600)] * count
        assert [(item.where, item.rule) for item in found] == [("M1", "enclosure.height_limit")] * count

    def test_a_main_without_zones_states_nothing(self) -> None:
        assert one(row_sums, context(drawing(zones=()))).limit == 0

    def test_each_main_has_its_own_zones(self) -> None:
        zones = (*drawing().zones, Zones(a_mm=300, b_mm=0, c_mm=7, e_mm=0, d_mm=150))
        finding = one(
            row_sums, context(drawing(zones=zones), problem=problem(mains=(main_device(), main_device(1))))
        )
        assert (finding.where, finding.figure, finding.limit) == ("M2", 0, 7)


class TestFreeSpaces:
    def test_are_free_in_the_hand_drawn_panel(self) -> None:
        assert findings(free_spaces) == []

    @pytest.mark.parametrize(
        ("frame_af", "least"),
        [(60, 130), (100, 170), (125, 170), (250, 200), (400, 400), (600, 500), (800, 600)],
    )
    def test_above_a_main_by_its_frame(self, frame_af: int, least: int) -> None:
        main = main_device(breaker=main_breaker(frame_af=frame_af))
        # drawn 170 mm below the top
        found = findings(free_spaces, context(problem=problem(mains=(main,))))
        expected = [("critic.free_spaces.wiring_above_main", VIOLATION, 170, least)] if least > 170 else []
        assert [gist(item) for item in found] == expected
        assert [(item.where, item.rule, item.unit) for item in found] == (
            [("M1", "enclosure.wiring_above_main", "mm")] if least > 170 else []
        )

    def test_above_a_main_to_the_millimetre(self) -> None:
        assert one(free_spaces, context(bent("main1", y1=431))).figure == 169

    @pytest.mark.parametrize(("y0", "count"), [(300, 0), (299, 1)])
    def test_between_a_main_and_its_rows(self, y0: int, count: int) -> None:
        found = findings(free_spaces, context(bent("main1", y0=y0)))
        assert [gist(item) for item in found] == [("critic.free_spaces.bar_space", VIOLATION, 29, 30)] * count
        assert [item.rule for item in found] == ["enclosure.bar_space"] * count

    @pytest.mark.parametrize(("y0", "count"), [(150, 0), (149, 1)])
    @pytest.mark.parametrize("kind", [PartKind.METER, PartKind.DUCT, PartKind.SPARE_WAY])
    def test_at_the_bottom(self, kind: PartKind, y0: int, count: int) -> None:
        low = part("x", kind, (400, 420), (y0, 180), (30, 60))
        found = findings(free_spaces, context(added(low)))
        assert [gist(item) for item in found] == [
            ("critic.free_spaces.bottom_space", VIOLATION, 149, 150)
        ] * count
        assert [item.rule for item in found] == ["enclosure.bottom_space"] * count

    def test_at_the_bottom_by_the_rating_of_the_main(self) -> None:
        # 155 mm are free below the rows' foot, 158 below the lowest device
        found = findings(free_spaces, context(problem=problem(mains=(main_device(rating_a=300),))))
        assert [(item.figure, item.limit) for item in found] == [(158, 200)]

    def test_terminal_bars_and_door_parts_stand_in_it(self) -> None:
        button = part("b", PartKind.PUSH_BUTTON, (400, 422), (100, 122), (77, 148))
        assert findings(free_spaces, context(added(button))) == []

    def test_of_an_empty_box_are_free(self) -> None:
        assert findings(free_spaces, context(drawing(parts=()))) == []

    def test_a_main_keeps_them_to_its_own_columns(self) -> None:
        mains = (main_device(), main_device(1))
        second: Part = replace(
            drawing().parts[0], id="main2", device="M2", y0=280, y1=410, x0=500, x1=540, group=1
        )
        found = findings(free_spaces, context(added(second), problem=problem(mains=mains)))
        assert found == []
