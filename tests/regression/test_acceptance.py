"""What the engine was accepted by: four panels whose balance can be checked on paper."""

from fractions import Fraction
from itertools import product

import pytest

from kis.estimator.physics.unbalance import all_figures
from tests.factories.panels import (
    designed,
    elb,
    findings,
    gate,
    mccb,
    panel,
    quoted,
    shown,
    together,
    verdicts,
)

pytestmark = pytest.mark.regression

TWELVE = panel(elb(2, 20, 12))
ONE = panel(elb(2, 20, 1))
ELEVEN = panel(elb(2, 20, 10), elb(2, 50, 1))


def least_difference(loads: list[int], phases: int = 3) -> int:
    """Try every assignment; the first load may stay where it is, for the phases are alike."""
    best = sum(loads)
    for rest in product(range(phases), repeat=len(loads) - 1):
        sums = [0] * phases
        for load, phase in zip(loads, (0, *rest), strict=True):
            sums[phase] += load
        best = min(best, max(sums) - min(sums))
    return best


class TestImbalance:
    def test_of_100_98_102_is_0_0392(self) -> None:
        figures = all_figures((100, 98, 102), (1, 1, 1))
        # 4 ÷ 102; 4 ÷ 100; 2 ÷ 100.
        assert figures.imbalance == Fraction(4, 102)
        assert round(float(figures.imbalance), 4) == 0.0392
        assert together(figures.korean_percent, figures.nema_percent) == (4, 2)


class TestTwelveEqualCircuits:
    def test_balance_exactly(self) -> None:
        phases = shown(TWELVE)["phases"]
        assert [phases[name] for name in ("phase_r", "phase_s", "phase_t")] == [80, 80, 80]
        assert phases["counts"] == [4, 4, 4]
        assert phases["imbalance"] == 0
        assert phases["proven_optimal"] is True

    def test_pass_without_a_remark(self) -> None:
        assert gate(TWELVE, "breaker.imbalance").verdict == "pass"


class TestOneCircuit:
    def test_fails_with_its_proof_and_a_remedy(self) -> None:
        found = gate(ONE, "breaker.imbalance")
        assert (found.measured, found.verdict) == (1, "fail")
        told = found.explanation.text("en")
        assert "proven" in told
        assert "Adding 2 circuit(s) of 20 A would pass." in told
        assert quoted(ONE).verdict == "fail"

    def test_shows_all_four_figures(self) -> None:
        phases = shown(ONE)["phases"]
        figures = [
            phases[name] for name in ("imbalance", "korean_percent", "nema_percent", "count_difference")
        ]
        # 20 ÷ 20; 60 ÷ 20; (20 − 6⅔) ÷ 6⅔; 1 − 0.
        assert figures == [1, 300, 200, 1]

    def test_is_designed_and_priced_all_the_same(self) -> None:
        assert quoted(ONE).totals.total > 0
        assert not findings(ONE, "critic.overlap")

    def test_remedy_holds(self) -> None:
        assert "fail" not in verdicts(panel(elb(2, 20, 3))).values()
        assert verdicts(panel(elb(2, 20, 2)))["breaker.imbalance"] == "fail"


class TestTenSmallCircuitsAndOneLarge:
    def test_reach_what_brute_force_reaches(self) -> None:
        (group,) = designed(ELEVEN).phases
        assert together(*(load / 220 for load in group.loads_va)) == (90, 80, 80)
        assert max(group.loads_va) - min(group.loads_va) == 220 * least_difference([50] + [20] * 10)

    def test_pass_with_the_remark(self) -> None:
        found = gate(ELEVEN, "breaker.imbalance")
        assert (found.measured, found.verdict) == (Fraction(1, 9), "remark")
        told = found.explanation.text("en")
        assert "Best possible 0.1111, proven (" in told
        assert "250 A in steps of 10 A is not divisible by 3" in told


@pytest.mark.parametrize(
    "ratings",
    [
        [20, 30, 30, 40, 50],
        [15, 15, 20, 20, 30, 50],
        [20, 20, 20, 30, 30, 40, 50],
        [20, 30, 40, 40, 50, 50, 50, 60],
        [20, 20, 30, 30, 30, 50, 50, 60, 75],
    ],
)
def test_other_mixtures_reach_what_brute_force_reaches(ratings: list[int]) -> None:
    wanted = panel(*(mccb(2, rating) for rating in ratings), make="LS ELECTRIC")
    (group,) = designed(wanted).phases
    assert max(group.loads_va) - min(group.loads_va) == 220 * least_difference(ratings)
    assert group.proven_optimal
