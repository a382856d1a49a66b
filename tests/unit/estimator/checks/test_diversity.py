"""Circuits against the 100 A main: 17,600 VA = 80 A on the heaviest phase by ratings, four circuits (RDF 0.8)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.diversity import branch_load, diversity
from kis.estimator.findings import Severity
from kis.estimator.problem import Device
from tests.factories.drawings import context, device, findings, gist, lighting, main_device, one, problem

VIOLATION, WARNING = Severity.VIOLATION, Severity.WARNING


def panel(*devices: Device, rating_a: int = 100) -> CheckContext:
    return context(problem=problem(mains=(main_device(rating_a=rating_a),), devices=devices))


class TestDiversity:
    @pytest.mark.parametrize(("rating_a", "count"), [(64, 0), (63, 1)])
    def test_on_ratings_is_a_warning(self, rating_a: int, count: int) -> None:
        # (30 + 30 + 20) · 0.8 = 64 A
        own = problem(mains=(main_device(rating_a=rating_a),))
        found = findings(diversity, context(problem=own))
        assert [gist(item) for item in found] == [("critic.diversity", WARNING, Decimal("64.0"), 63)] * count
        assert [(item.where, item.unit, item.rule) for item in found] == [
            ("M1", "A", "critic.diversity")
        ] * count
        assert all("0.8 (4 circuits)" in item.message.text("en") for item in found)

    @pytest.mark.parametrize(("given_va", "count"), [(22000, 0), (22001, 1)])
    def test_on_given_loads_is_a_violation(self, given_va: int, count: int) -> None:
        # 22,000 VA ÷ 220 V = 100 A on R
        found = findings(diversity, panel(lighting("B003", given_va=Fraction(given_va))))
        assert [gist(item) for item in found] == [
            ("critic.diversity.given", VIOLATION, Decimal("100.0"), 100)
        ] * count
        assert [(item.code, item.where, item.rule) for item in found] == [
            ("critic.diversity", "M1", "critic.diversity")
        ] * count

    def test_on_given_loads_takes_them_in_full(self) -> None:
        # 15,400 VA = 70 A given, 0.9 · 30 A by rating beside it: 97 A on R, then 0.9 · 40 = 106 A
        given = lighting("B003", given_va=Fraction(15400))
        assert findings(diversity, panel(given, device("B001"))) == []
        finding = one(diversity, panel(given, device("B001", rating_a=40)))
        assert gist(finding) == ("critic.diversity", WARNING, Decimal("106.0"), 100)

    def test_a_violation_is_not_repeated_as_a_warning(self) -> None:
        devices = (lighting("B003", given_va=Fraction(30000)), device("B001", rating_a=100))
        assert [item.severity for item in findings(diversity, panel(*devices))] == [VIOLATION]

    def test_each_main_answers_for_its_own(self) -> None:
        mains = (main_device(), main_device(1))
        own = problem(mains=mains, devices=(lighting("B003", main=1, given_va=Fraction(30000)),))
        assert [item.where for item in findings(diversity, context(problem=own))] == ["M2"]

    def test_nothing_connected_exceeds_nothing(self) -> None:
        assert findings(diversity, panel()) == []


class TestBranchLoad:
    def test_is_within_in_the_hand_drawn_panel(self) -> None:
        assert findings(branch_load) == []

    @pytest.mark.parametrize(("given_va", "count"), [(4400, 0), (4401, 1)])
    def test_must_not_exceed_its_breaker(self, given_va: int, count: int) -> None:
        # 20 A · 220 V
        found = findings(branch_load, panel(lighting("B003", given_va=Fraction(given_va))))
        assert [gist(item) for item in found] == [
            ("critic.branch_load", VIOLATION, Decimal("20.0"), 20)
        ] * count
        assert [(item.subjects, item.unit, item.rule) for item in found] == [
            (("B003",), "A", "critic.diversity")
        ] * count
        assert all("SIE-32" in item.message.text("en") for item in found)

    def test_of_three_phases_is_a_third_on_each(self) -> None:
        assert findings(branch_load, panel(device("B001", given_va=Fraction(19800)))) == []
        assert one(branch_load, panel(device("B001", given_va=Fraction(20460)))).figure == Decimal("31.0")
