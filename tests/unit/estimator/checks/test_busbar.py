"""Findings on bars, from reports set by hand and from the hand-drawn panel."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from kis.estimator.checks.busbar import busbar
from kis.estimator.checks.conductors import HEADER_COLUMN, BarVerdict, BusbarReport
from kis.estimator.checks.context import CheckContext
from kis.estimator.findings import Severity
from tests.factories.drawings import context, findings, gist, main_device, one, problem

OWN: dict[str, Any] = {
    "main": 0,
    "column": 0,
    "section": "8T×40",
    "section_mm2": Decimal(320),
    "ampacity_a": 628,
    "verified": True,
    "needed_a": Decimal("800.0"),
    "air_c": Decimal("57.19"),
    "hot_ampacity_a": Decimal("580.6"),
    "current_a": Decimal("640.0"),
    "verdict": BarVerdict.REFUSED,
    "passing": "10T×50",
}


def with_reports(*reports: dict[str, Any]) -> CheckContext:
    examined = context(problem=problem(mains=(main_device(), main_device(1))))
    return replace(examined, busbars=tuple(BusbarReport(**{**OWN, **report}) for report in reports))


class TestBusbar:
    def test_passes_in_the_hand_drawn_panel(self) -> None:
        # 3T×15 carries 162 A, the main is of 100 A
        assert findings(busbar) == []

    def test_a_refusal_names_the_bar_that_passes(self) -> None:
        finding = one(busbar, with_reports({}))
        assert gist(finding) == (
            "critic.busbar.refused",
            Severity.VIOLATION,
            Decimal("580.6"),
            Decimal("640.0"),
        )
        assert (finding.code, finding.rule, finding.unit, finding.where) == (
            "critic.busbar",
            "critic.bar_limit",
            "A",
            "M1 C1",
        )
        text = finding.message.text("en")
        assert text.endswith("10T×50 would pass.")
        for shown in ("8T×40", "57.19 °C", "628 A", "800.0 A"):
            assert shown in text

    def test_a_refusal_without_remedy_says_so(self) -> None:
        assert "split the panel" in one(busbar, with_reports({"passing": None})).message.text("en")

    def test_a_warning_names_it_too(self) -> None:
        finding = one(busbar, with_reports({"verdict": BarVerdict.WARN, "current_a": Decimal("500.0")}))
        assert gist(finding) == ("critic.busbar.warn", Severity.WARNING, 628, Decimal("800.0"))
        assert (finding.rule, finding.unit, finding.where) == ("critic.bar_limit", "A", "M1 C1")
        text = finding.message.text("en")
        for shown in ("8T×40", "580.6 A", "500.0 A", "57.19 °C", "10T×50 would pass."):
            assert shown in text

    def test_a_pass_is_silent(self) -> None:
        assert findings(busbar, with_reports({"verdict": BarVerdict.PASS, "passing": None})) == []

    def test_an_interpolated_figure_is_marked(self) -> None:
        finding = one(busbar, with_reports({"verdict": BarVerdict.PASS, "passing": None, "verified": False}))
        assert gist(finding) == ("critic.busbar.interpolated", Severity.INFORMATION, 628, None)
        assert (finding.rule, finding.unit, finding.where) == ("layout.bar_ladder", "A", "M1 C1")
        assert "8T×40" in finding.message.text("en")

    def test_an_unknown_bar_is_a_violation_of_its_own(self) -> None:
        unknown = {"ampacity_a": None, "hot_ampacity_a": None, "verified": False, "section": "7T×33"}
        finding = one(busbar, with_reports(unknown))
        assert gist(finding) == ("critic.busbar.unknown", Severity.VIOLATION, None, Decimal("640.0"))
        assert "7T×33 of M1 C1" in finding.message.text("en")

    def test_mains_and_headers_are_told_apart(self) -> None:
        found = findings(busbar, with_reports({"main": 1, "column": 2}, {"column": HEADER_COLUMN}))
        assert [item.where for item in found] == ["M2 C3", "M1"]
