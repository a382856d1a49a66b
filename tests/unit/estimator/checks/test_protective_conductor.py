"""The protective conductor by the section of the main bar (IEC 61439-1 Table 5)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kis.estimator.checks.protective_conductor import protective_conductor
from kis.estimator.findings import Severity
from tests.factories.drawings import context, drawing, findings, gist, main_device, one, problem

RECOMMENDATION = Severity.RECOMMENDATION


class TestProtectiveConductor:
    def test_is_half_of_the_drawn_bar(self) -> None:
        # 3T×15: 44.5 mm²
        finding = one(protective_conductor, context())
        assert gist(finding) == ("critic.protective_conductor", RECOMMENDATION, Decimal("22.25"), None)
        assert (finding.where, finding.unit, finding.rule) == ("M1", "mm²", "critic.protective_conductor")
        assert "3T×15" in finding.message.text("en")
        assert "44.5 mm²" in finding.message.text("en")

    @pytest.mark.parametrize(
        ("rating_a", "section", "figure"),
        [(100, "3T×15", "22.25"), (250, "5T×20", "49.55"), (400, "6T×30", "90"), (800, "8T×40", "160")],
    )
    def test_without_bars_follows_the_ladder(self, rating_a: int, section: str, figure: str) -> None:
        own = problem(mains=(main_device(rating_a=rating_a),))
        finding = one(protective_conductor, context(drawing(parts=()), problem=own))
        assert str(finding.figure) == figure
        assert section in finding.message.text("en")

    def test_above_four_hundred_is_unverified(self) -> None:
        examined = context()
        thick = replace(examined.busbars[0], section="10T×50", section_mm2=Decimal(499))
        finding = one(protective_conductor, replace(examined, busbars=(thick,)))
        assert gist(finding) == ("critic.protective_conductor.unverified", RECOMMENDATION, 200, None)
        assert "10T×50" in finding.message.text("en")

    def test_follows_the_bar_that_carries_the_whole_main(self) -> None:
        examined = context()
        header = replace(examined.busbars[0], section="6T×30", section_mm2=Decimal(180))
        assert one(protective_conductor, replace(examined, busbars=(header, *examined.busbars))).figure == 90

    def test_each_main_has_its_own(self) -> None:
        own = problem(mains=(main_device(), main_device(1, rating_a=250)))
        found = findings(protective_conductor, context(problem=own))
        assert [(item.where, str(item.figure)) for item in found] == [("M1", "22.25"), ("M2", "49.55")]
