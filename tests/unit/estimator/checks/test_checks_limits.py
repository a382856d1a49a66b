"""Cases at the very edge of single checks, that no panel drawn for another purpose touches."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from kis.estimator.checks.bodies import outline
from kis.estimator.checks.check import found
from kis.estimator.checks.circuits import phase_sums
from kis.estimator.checks.insulation import creepage, crossings
from kis.estimator.checks.rows import order, row_sums
from kis.estimator.checks.unbalance import unbalance
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import PartKind
from kis.estimator.physics.unbalance import Unbalance
from kis.platform.messages import Message
from tests.factories.drawings import (
    bent,
    breaker,
    context,
    device,
    drawing,
    findings,
    lighting,
    problem,
    reported,
    rules_with,
    without,
)


class TestOutline:
    def test_a_stranger_hides_nobody_behind_it(self) -> None:
        # B001 belongs to no circuit; B002 after it is a millimetre short all the same.
        panel = bent("B002", bent("B001", device="X"), x1=489)
        assert [item.subjects for item in findings(outline, context(panel))] == [("B002",)]


class TestCrossings:
    @pytest.mark.parametrize(("z0", "count"), [(81, 0), (80, 1)])
    def test_at_the_creepage_distance_are_far_enough(self, z0: int, count: int) -> None:
        # 500 V of insulation want 8 mm; the bars end at z 73.
        panel = drawing()
        parts = tuple(
            replace(item, z0=z0, z1=z0 + 3) if item.kind is PartKind.CROSS_BAR else item
            for item in panel.parts
        )
        examined = context(replace(panel, parts=parts), rules=rules_with("critic", insulation_voltage=500))
        assert [item.limit for item in findings(crossings, examined)] == [Decimal(8)] * count


class TestDistances:
    @pytest.mark.parametrize(("x0", "figures"), [(278, []), (277, [Decimal("7.00")])])
    def test_of_exactly_the_creepage_are_enough(self, x0: int, figures: list[Decimal]) -> None:
        # 500 V of insulation want 8 mm; bar R ends at x 270.
        rules = rules_with("critic", insulation_voltage=500)
        found_ones = findings(creepage, context(bent("barS", x0=x0), rules=rules))
        assert [item.figure for item in found_ones] == figures


class TestPhaseSums:
    def test_name_every_line_of_a_circuit(self) -> None:
        # B001 is drawn on R, S and T and was reported on R and S; loads and counts are left as reported.
        lines = {**reported().lines, "B001": ("R", "S")}
        labels = [
            item
            for item in findings(phase_sums, context(reported=(reported(lines=lines),)))
            if item.message.key == "critic.phase_sums.label"
        ]
        assert [(item.figure, item.limit, item.subjects) for item in labels] == [("RST", "RS", ("B001",))]


class TestOrder:
    def test_relaxed_names_every_row_that_came_too_late(self) -> None:
        # 20, 30 and 40 A from the top: each but the first should have come before the one above it.
        devices = tuple(
            lighting(f"B00{number}", rating_a=rating)
            for number, rating in zip((1, 3, 4), (20, 30, 40), strict=True)
        )
        panel = bent("B004", without("B002"), row=2, y0=118, y1=151)
        relaxed = replace(panel, relaxations=("layout.order",))
        (finding,) = findings(order, context(relaxed, problem=problem(devices=devices)))
        assert (finding.where, finding.figure) == ("C1·2, C1·3", 2)


class TestFound:
    def test_shows_its_sentence_all_it_was_given(self) -> None:
        finding = found(
            "overlap.empty",
            Severity.WARNING,
            "layout.body_gap",
            figure=1,
            limit=2,
            unit="mm",
            where="C1",
            subjects=("a", "b"),
            more=3,
        )
        values = {"figure": 1, "limit": 2, "unit": "mm", "where": "C1", "subjects": "a, b", "more": 3}
        assert finding == Finding(
            code="critic.overlap",
            severity=Severity.WARNING,
            message=Message("critic.overlap.empty", values),
            rule="layout.body_gap",
            figure=1,
            limit=2,
            unit="mm",
            where="C1",
            subjects=("a", "b"),
        )


class TestRowSums:
    def test_rows_of_one_height_stand_in_the_order_of_their_numbers(self) -> None:
        # Both rows end at y 270, 75 above the top of the second (195), which stays the second.
        panel = bent("B004", bent("B003", y0=237, y1=270), y0=237, y1=270)
        assert [(item.where, item.figure) for item in findings(row_sums, context(panel))] == [
            ("C1·2", 75),
            ("C1·2", 75),
        ]

    def test_a_row_of_strangers_has_no_height(self) -> None:
        # The second row (40 mm) holds nothing of the request: 75 mm are left of the 115 stated.
        panel = bent("B004", bent("B003", device="X"), device="Y")
        sums = [
            item
            for item in findings(row_sums, context(panel))
            if item.message.key == "critic.row_sums.column"
        ]
        assert [(item.figure, item.limit) for item in sums] == [(75, 115)]

    def test_a_quarter_more_is_whole_millimetres(self) -> None:
        # Two 4-pole ones of 90 mm: 90 + 22, the half is dropped.
        four = breaker(poles=4, width_mm=90)
        devices = (device("B001", breaker=four), device("B002", breaker=four))
        panel = without("B003", "B004")
        column = replace(panel.columns[0], rows=1, rows_sum_mm=112)
        zones = (replace(panel.zones[0], c_mm=112),)
        stated = replace(panel, columns=(column,), zones=zones)
        assert findings(row_sums, context(stated, problem=problem(devices=devices))) == []


class TestHeat:
    def test_prints_factor_and_exponent_as_the_report_states_them(self) -> None:
        heat = context().heat
        assert (str(heat.partition_factor), str(heat.exponent)) == ("1.00", "0.804")


class TestUnbalance:
    def test_says_nothing_of_rates_that_have_no_meaning(self) -> None:
        examined = context()
        (own,) = examined.unbalance
        bare = Unbalance(imbalance=Fraction(1, 4), korean_percent=None, nema_percent=None, count_difference=1)
        (finding,) = unbalance(replace(examined, unbalance=(replace(own, figures=bare),)))
        assert finding.figure == Decimal("0.25")
        assert finding.message.values["korean_percent"] is None
        assert finding.message.values["nema_percent"] is None
