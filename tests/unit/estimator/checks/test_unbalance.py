"""Findings on unbalance; the hand-drawn panel carries 80/80/60 A."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.unbalance import korean_limit, unbalance
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import PartKind
from tests.factories.drawings import (
    FOUR_WIRE,
    ONE_PHASE,
    SPLIT_PHASE,
    context,
    drawing,
    findings,
    gist,
    lighting,
    main_device,
    one,
    part,
    problem,
    request,
)

INFORMATION, WARNING = Severity.INFORMATION, Severity.WARNING


def panel(loads: dict[str, int], network: Any = FOUR_WIRE, **asked: Any) -> CheckContext:
    """Return a panel with one circuit of so many VA on each phase."""
    volts = network.phase_voltage
    devices = tuple(
        lighting(phase, given_va=Fraction(va), circuit_voltage=volts) for phase, va in loads.items()
    )
    parts = tuple(
        part(phase, PartKind.BREAKER, (0, 9), (0, 9), (30, 40), device=phase, phase=phase) for phase in loads
    )
    own = problem(network=network, devices=devices, request=request(**asked))
    return context(drawing(parts=parts), problem=own)


class TestUnbalance:
    def test_tells_all_four_figures(self) -> None:
        # (80 − 60) ÷ 80; 20 ÷ (220 ÷ 3) = 27.27 %; mean 73.33, deviation 13.33: 18.18 %; counts 1/1/0; neutral 20 A
        finding = one(unbalance, context())
        assert gist(finding) == ("critic.unbalance", INFORMATION, Decimal("0.2500"), Decimal("0.03"))
        assert (finding.where, finding.rule) == ("M1", "phases.imbalance_limit")
        text = finding.message.text("en")
        for shown in ("0.2500", "limit 0.03", "27.27%", "18.18%", "circuit counts 1;", "20.00 A"):
            assert shown in text

    def test_of_nothing_does_not_apply(self) -> None:
        finding = one(unbalance, panel({}))
        assert gist(finding) == ("critic.unbalance.not_applicable", INFORMATION, None, None)
        assert (finding.where, finding.rule) == ("M1", "phases.imbalance_limit")
        assert one(unbalance, panel({"L": 2200}, ONE_PHASE)).message.key == "critic.unbalance.not_applicable"

    def test_goes_on_after_a_main_without_load(self) -> None:
        own = problem(
            mains=(main_device(1), main_device()), devices=tuple(lighting(f"B00{n}", main=1) for n in (3, 4))
        )
        assert [item.message.key for item in findings(unbalance, context(problem=own))] == [
            "critic.unbalance.not_applicable",
            "critic.unbalance",
        ]

    def test_where_there_is_no_neutral_its_current_is_a_dash(self) -> None:
        from tests.factories.drawings import THREE_WIRE

        assert "neutral current – A" in one(unbalance, panel({"R": 2200}, THREE_WIRE)).message.text("en")


class TestKoreanLimit:
    @pytest.mark.parametrize(
        ("loads", "percent"),
        [
            ((4000, 3000, 3000), None),  # 1000 ÷ (10,000 ÷ 3) = 30%, exactly the limit
            ((4001, 3000, 3000), "30.03"),
            ((4000, 3000, 2999), "30.03"),
        ],
    )
    def test_is_thirty_percent_on_three_phases(
        self, loads: tuple[int, int, int], percent: str | None
    ) -> None:
        found = findings(korean_limit, panel(dict(zip("RST", loads, strict=True))))
        expected = [("critic.korean_limit", WARNING, Decimal(percent), 30)] if percent else []
        assert [gist(item) for item in found] == expected
        assert [(item.where, item.rule, item.unit) for item in found] == (
            [("M1", "phases.korean_limit_percent", "%")] if percent else []
        )

    @pytest.mark.parametrize(("load", "count"), [(1500, 0), (1501, 1)])
    def test_is_forty_percent_on_a_split_phase(self, load: int, count: int) -> None:
        # (1500 − 1000) ÷ (2500 ÷ 2) = 40 %
        assert len(findings(korean_limit, panel({"L1": load, "L2": 1000}, SPLIT_PHASE))) == count

    def test_away_from_the_receiving_point_says_so(self) -> None:
        finding = one(korean_limit, panel({"R": 2200}, receiving_point=False))
        assert gist(finding) == ("critic.korean_limit.elsewhere", WARNING, Decimal("300.00"), 30)
        assert finding.code == "critic.korean_limit"

    def test_of_one_phase_or_no_load_is_none(self) -> None:
        assert findings(korean_limit, panel({"L": 2200}, ONE_PHASE)) == []
        assert findings(korean_limit, panel({})) == []
