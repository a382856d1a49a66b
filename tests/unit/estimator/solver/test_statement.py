"""What is said about a result, word for word, and that every reason has its words in both languages."""

from fractions import Fraction
from typing import get_args

import pytest

from kis.estimator.solver import balance
from kis.estimator.solver.instance import scaled
from kis.estimator.solver.statement import STATUS_OF, Outcome, Proof, number, of_counts, of_loads, of_seats
from tests.unit.estimator.solver.panels import amperes, panel, volt_amperes

PROBLEM = panel(amperes("2P50", 50, 1), amperes("2P20", 20, 10))


class TestReasons:
    def test_an_indivisible_total_is_told_in_amperes(self) -> None:
        loads, counts, seats = balance(PROBLEM).objectives
        assert loads.reason.text("en") == (
            "difference 2,200 VA (10 A); total 250 A in steps of 10 A is not divisible by 3, so no less is possible"
        )
        assert loads.reason.text("ko") == (
            "상간 부하 차 2,200 VA (10 A). 부하 합계 250 A(10 A 단위)로는 3상 균등 배분이 불가능하여 이보다 줄일 수 없습니다."
        )
        assert counts.reason.text("en") == "difference 1; 11 circuits do not divide evenly by 3"
        assert seats.reason.text("en").startswith(
            "1 of 11 seats off the cycle; every arrangement with fewer was tried"
        )

    def test_loads_given_in_va_stay_in_va(self) -> None:
        solution = balance(panel(volt_amperes("x", 1500, 4), seated=False))
        assert solution.objectives[0].reason.text("en") == (
            "difference 1,500 VA (6.82 A); total 6,000 VA in steps of 1,500 VA is not divisible by 3, so no less is possible"
        )

    def test_the_bound_of_cp_sat_is_named(self) -> None:
        said = of_loads(PROBLEM, scaled(PROBLEM), Outcome(3, 3, "cp_sat")).reason
        assert said.text("en") == "difference 6,600 VA (30 A); CP-SAT optimal, bound 6,600 VA"

    @pytest.mark.parametrize("proof", get_args(Proof))
    def test_every_proof_has_its_words(self, proof: Proof) -> None:
        outcomes = [of_loads(PROBLEM, scaled(PROBLEM), Outcome(3, 2, proof))]
        if proof != "largest":
            outcomes.append(of_counts(PROBLEM, scaled(PROBLEM), Outcome(3, 2, proof)))
        if proof not in {"largest", "divided", "settled"}:
            outcomes.append(of_seats(PROBLEM, Outcome(3, 2, proof)))
        for objective in outcomes:
            assert objective.status == STATUS_OF[proof]
            assert not objective.proven
            assert "{" not in objective.reason.text("ko") + objective.reason.text("en")

    def test_zero_needs_no_other_reason(self) -> None:
        said = of_loads(PROBLEM, scaled(PROBLEM), Outcome(0, 0, "cp_sat"))
        assert said.status == "bound"
        assert said.proven
        assert said.reason.text("en") == "difference 0 VA (0 A): the phases are equal, so no less is possible"


class TestNumber:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (Fraction(2200), "2,200"),
            (Fraction(300, 220), "1.36"),  # 1.3636…
            (Fraction(1, 8), "0.13"),  # 0.125, half up
            (Fraction(201, 2), "100.5"),
            (Fraction(1, 1000), "0"),
            (Fraction(1234567, 10), "123,456.7"),
            (Fraction(29999, 100), "299.99"),
            (Fraction(199999, 1000), "200"),
        ],
    )
    def test_two_decimals_half_up_where_not_whole(self, value: Fraction, shown: str) -> None:
        assert number(value) == shown
