"""What the checks get to see of the hand-drawn panel."""

from dataclasses import replace

from kis.estimator.checks.context import Area, CheckContext, rows_area
from kis.estimator.layout.drawing import Column, PartKind
from tests.factories.drawings import (
    FOUR_WIRE,
    added,
    context,
    drawing,
    enclosure,
    figures,
    part,
    problem,
    spare_way,
)


class TestContext:
    def test_knows_network_plate_and_door(self) -> None:
        examined = context()
        assert examined.network == FOUR_WIRE
        assert examined.plate == Area(50, 50, 550, 550)
        assert (examined.margin_mm, examined.door_inside_mm) == (50, 148)
        assert not examined.on_rails
        assert context(drawing(style="din_rail")).on_rails

    def test_of_a_ready_made_box_has_a_larger_plate(self) -> None:
        examined: CheckContext = context(enclosure=enclosure(series="HB"))
        assert examined.plate == Area(25, 25, 575, 575)

    def test_an_unknown_depth_ends_at_the_door_clearance_or_in_the_door(self) -> None:
        examined = context()
        meter = part("m", PartKind.METER, (0, 9), (0, 9), (30, None))
        assert examined.front_mm(meter) == 118
        assert examined.front_mm(replace(meter, z1=50)) == 50
        assert examined.front_mm(replace(meter, kind=PartKind.DOOR_METER)) == 148
        assert examined.front_mm(replace(meter, kind=PartKind.PUSH_BUTTON)) == 148

    def test_sorts_parts_for_its_checks(self) -> None:
        button = part("b", PartKind.PUSH_BUTTON, (400, 422), (340, 362), (77, 148), device="push_button1")
        examined = context(added(button))
        assert examined.door_parts == (button,)
        assert button not in examined.inner_parts
        assert len(examined.inner_parts) == len(drawing().parts)
        assert [bar.phase for bar in examined.busbars_of(0)] == ["R", "S", "T", "N"]
        assert examined.busbars_of(1) == ()
        assert [way.id for way in examined.ways_of(0)] == ["B001", "B002", "B003", "B004"]
        assert examined.ways_of(1) == ()
        assert {name: len(parts) for name, parts in examined.drawn.items()} == {
            "M1": 1,
            "B001": 1,
            "B002": 1,
            "B003": 1,
            "B004": 1,
            "push_button1": 1,
        }

    def test_sorts_bars_from_the_left_whatever_order_they_are_drawn_in(self) -> None:
        panel = drawing()
        turned = context(replace(panel, parts=tuple(reversed(panel.parts))))
        assert [bar.phase for bar in turned.busbars_of(0)] == ["R", "S", "T", "N"]

    def test_knows_the_breakers_of_mains_circuits_and_empty_ways(self) -> None:
        examined = context(problem=problem(spare_ways=(spare_way(),)))
        assert {name: breaker.model for name, breaker in examined.breakers.items()} == {
            "M1": "SBE-104",
            "B001": "SBS-53",
            "B002": "SBS-53",
            "B003": "SIE-32",
            "B004": "SIE-32",
            "E01": "SIE-32",
        }

    def test_reads_the_labels(self) -> None:
        assert context().lines == {
            "B001": ("R", "S", "T"),
            "B002": ("R", "S", "T"),
            "B003": ("R",),
            "B004": ("S",),
        }

    def test_takes_the_columns_of_a_main_from_the_left(self) -> None:
        own = Column(
            index=1, group=0, centre_x=100, corridor=(50, 150), rows=0, rows_top_y=270, rows_sum_mm=0
        )
        other = replace(own, index=2, group=1)
        examined = context(drawing(columns=(*drawing().columns, own, other)))
        assert [column.index for column in examined.columns_of(0)] == [1, 0]
        assert [column.index for column in examined.columns_of(1)] == [2]

    def test_holds_bars_against_the_air_at_the_top(self) -> None:
        (report,) = context().busbars
        assert figures(report.air_c, report.current_a, report.section) == (
            context().heat.top_air_c,
            64,
            "3T×15",
        )

    def test_the_corridor_of_a_column_reaches_over_its_rows(self) -> None:
        assert rows_area(drawing().columns[0]) == Area(250, 155, 350, 270)
