"""Breaking capacity: a kA counts at its own voltage and below."""

from decimal import Decimal
from typing import Any

import pytest

from kis.estimator.checks.breaking_capacity import breaking_capacity
from kis.estimator.checks.context import CheckContext
from kis.estimator.findings import Finding, Severity
from tests.factories.drawings import (
    breaker,
    context,
    device,
    findings,
    gist,
    lighting,
    main_breaker,
    main_device,
    one,
    problem,
    small,
)

WARNING, VIOLATION = Severity.WARNING, Severity.VIOLATION
STRONG = main_breaker(icu_ka=Decimal(50), icu_at_v=460)


def panel(*devices: Any, wanted: str = "10", main: Any = STRONG) -> CheckContext:
    asked = problem(mains=(main_device(breaker=main),), devices=devices, short_circuit_ka=Decimal(wanted))
    return context(problem=asked)


def of_branch(**change: Any) -> list[Finding]:
    return findings(breaking_capacity, panel(device("B001", breaker=breaker(**change))))


class TestBreakingCapacity:
    def test_is_not_judged_unless_asked(self) -> None:
        finding = one(breaking_capacity, context())
        assert gist(finding) == ("critic.breaking_capacity.not_asked", Severity.INFORMATION, None, None)
        assert (finding.code, finding.rule) == ("critic.breaking_capacity", "selection.breaking_capacity")

    @pytest.mark.parametrize(("icu", "count"), [("10", 0), ("9.9", 1), ("14", 0)])
    def test_reaches_what_is_wanted(self, icu: str, count: int) -> None:
        found = of_branch(icu_ka=Decimal(icu))
        expected = ("critic.breaking_capacity.too_low", VIOLATION, Decimal(icu), Decimal(10))
        assert [gist(item) for item in found] == [expected] * count
        assert [(item.subjects, item.unit, item.rule) for item in found] == [
            (("B001",), "kA", "selection.breaking_capacity")
        ] * count

    @pytest.mark.parametrize(("volts", "count"), [(380, 0), (379, 1), (460, 0)])
    def test_counts_at_its_voltage_and_below(self, volts: int, count: int) -> None:
        # the circuit is at 380 V
        found = of_branch(icu_at_v=volts)
        expected = ("critic.breaking_capacity.lower_voltage", VIOLATION, Decimal(14), Decimal(10))
        assert [gist(item) for item in found] == [expected] * count
        assert all(
            "379 V" in item.message.text("en") and "380 V" in item.message.text("en") for item in found
        )

    def test_of_a_single_phase_circuit_counts_at_its_own_voltage(self) -> None:
        at_220 = small(icu_ka=Decimal(10), icu_at_v=220)
        assert findings(breaking_capacity, panel(lighting("B003", breaker=at_220))) == []

    def test_without_a_voltage_is_unverified(self) -> None:
        (finding,) = of_branch(icu_at_v=None)
        assert gist(finding) == ("critic.breaking_capacity.no_voltage", WARNING, Decimal(14), Decimal(10))

    def test_too_low_is_too_low_at_any_voltage(self) -> None:
        (finding,) = of_branch(icu_at_v=None, icu_ka=Decimal(5))
        assert finding.message.key == "critic.breaking_capacity.too_low"

    def test_undeclared_does_not_pass(self) -> None:
        (finding,) = of_branch(icu_ka=None)
        assert gist(finding) == ("critic.breaking_capacity.undeclared", VIOLATION, None, Decimal(10))

    @pytest.mark.parametrize(("source", "count"), [("unverified", 1), ("assumed", 1), ("maker-catalogue", 0)])
    def test_from_no_sheet_is_unverified(self, source: str, count: int) -> None:
        found = of_branch(icu_source=source)
        assert [gist(item) for item in found] == [
            ("critic.breaking_capacity.unverified", WARNING, Decimal(14), Decimal(10))
        ] * count

    def test_holds_for_the_main_at_the_line_voltage(self) -> None:
        weak = main_breaker(icu_ka=Decimal(14), icu_at_v=220)
        finding = one(breaking_capacity, panel(main=weak))
        assert (finding.message.key, finding.subjects) == ("critic.breaking_capacity.lower_voltage", ("M1",))

    def test_equal_breakers_are_named_together(self) -> None:
        weak = breaker(icu_ka=Decimal(5))
        found = findings(
            breaking_capacity,
            panel(device("B001", breaker=weak), lighting("B002", breaker=weak), device("B003", breaker=weak)),
        )
        assert [item.subjects for item in found] == [("B001", "B003"), ("B002",)]
        assert "SBS-53" in found[0].message.text("en")
