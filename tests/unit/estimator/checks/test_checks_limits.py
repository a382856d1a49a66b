"""Cases at the very edge of single checks, that no panel drawn for another purpose touches."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from kis.estimator.checks.bodies import outline
from kis.estimator.checks.insulation import crossings
from kis.estimator.checks.rows import row_sums
from kis.estimator.checks.unbalance import unbalance
from kis.estimator.layout.drawing import PartKind
from kis.estimator.physics.unbalance import Unbalance
from tests.factories.drawings import (
    bent,
    breaker,
    context,
    device,
    drawing,
    findings,
    problem,
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


class TestRowSums:
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


class TestUnbalance:
    def test_says_nothing_of_rates_that_have_no_meaning(self) -> None:
        examined = context()
        (own,) = examined.unbalance
        bare = Unbalance(imbalance=Fraction(1, 4), korean_percent=None, nema_percent=None, count_difference=1)
        (finding,) = unbalance(replace(examined, unbalance=(replace(own, figures=bare),)))
        assert finding.figure == Decimal("0.25")
        assert finding.message.values["korean_percent"] is None
        assert finding.message.values["nema_percent"] is None
