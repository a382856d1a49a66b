"""The gates of the phases at their limits, whole."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.design import GroupPhases, Objective
from kis.estimator.findings import Figure, Gate, Verdict
from kis.estimator.problem import Device, Network, PanelProblem, Position
from kis.estimator.rulebook import Rulebook
from kis.estimator.stages.breaker import phase_gates, position_gates
from kis.platform.messages import Message
from tests.factories import drawings
from tests.factories.designs import arrangement

REASON = Message("solver.phase_difference.even", {"value": "0 VA"})
OTHER_REASON = Message("solver.count_difference.even", {"value": "0"})
MOVE = Message("breaker.remedy_move")
SPLIT = Message("breaker.remedy_split")


def objective(reason: Message = REASON) -> Objective:
    return Objective(
        name="phase_difference",
        value=Fraction(0),
        bound=Fraction(0),
        unit="VA",
        proven=True,
        status="bound",
        reason=reason,
    )


def phases(*loads_va: int, proven: bool = True, **changes: Any) -> GroupPhases:
    """Return phases that carry these loads; the first objective is the one whose reason is told."""
    return drawings.reported(
        loads_va=tuple(Fraction(load) for load in loads_va),
        objectives=(objective(), objective(OTHER_REASON)),
        proven_optimal=proven,
        bound_va=Fraction(7),
        **changes,
    )


def single(name: str, rating_a: int, **changes: Any) -> Device:
    """Return a circuit on one phase that loads it with 220 V × its rating."""
    own = {"rating_a": rating_a, "phase_load_va": Fraction(220 * rating_a)}
    return drawings.lighting(name, **{**own, **changes})


def triple(name: str, rating_a: int, **changes: Any) -> Device:
    return drawings.device(name, rating_a=rating_a, phase_load_va=Fraction(220 * rating_a), **changes)


def panel(*devices: Device, receiving: bool = False, network: Network = drawings.FOUR_WIRE) -> PanelProblem:
    return drawings.problem(
        devices=devices, request=drawings.request(receiving_point=receiving), network=network
    )


def added(count: int, amperes: int) -> Message:
    return Message("breaker.remedy_add", {"count": count, "amperes": amperes})


STRICT = drawings.rules_with("phases", accept_proven_optimum=False)
"""A shop that wants the limit without exception."""


def gates(problem: PanelProblem, *groups: GroupPhases, rules: Rulebook | None = None) -> tuple[Gate, Gate]:
    imbalance, korean = phase_gates(problem, groups, rules or drawings.rulebook())
    return imbalance, korean


def inputs(*loads_va: int, proven: bool = True) -> dict[str, Figure]:
    loads = {f"load_{number}_va": load for number, load in enumerate(loads_va, 1)}
    return {**loads, "bound_va": 7, "proven_optimal": proven}


class TestImbalance:
    def test_at_the_limit_passes(self) -> None:
        # (10000 − 9700) ÷ 10000 is 3/100 exactly.
        found, _ = gates(panel(), phases(10000, 10000, 9700, proven=False))
        assert found == Gate(
            id="breaker.imbalance",
            measured=Fraction(3, 100),
            operator="<=",
            limit=Fraction(3, 100),
            unit="",
            verdict=Verdict.PASS,
            explanation=Message("breaker.within", {"best": "0.0300", "limit": "0.03", "main": "M1"}),
            rule="phases.imbalance_limit",
            inputs=inputs(10000, 10000, 9700, proven=False),
        )

    def test_above_it_is_best_possible_when_proven(self) -> None:
        found, _ = gates(panel(), phases(10000, 10000, 9699))
        assert found == Gate(
            id="breaker.imbalance",
            measured=Fraction(301, 10000),
            operator="<=",
            limit=Fraction(3, 100),
            unit="",
            verdict=Verdict.REMARK,
            explanation=Message(
                "breaker.best_possible", {"best": "0.0301", "limit": "0.03", "main": "M1", "reason": REASON}
            ),
            rule="phases.accept_proven_optimum",
            inputs=inputs(10000, 10000, 9699),
        )

    def test_above_it_fails_when_nobody_proved_it(self) -> None:
        found, _ = gates(panel(), phases(10000, 10000, 9699, proven=False))
        told = {"best": "0.0301", "limit": "0.03", "main": "M1", "reason": REASON, "remedy": MOVE}
        assert (found.verdict, found.rule) == (Verdict.FAIL, "phases.imbalance_limit")
        assert found.explanation == Message("breaker.unproven", told)
        assert found.inputs == inputs(10000, 10000, 9699, proven=False)

    def test_above_it_fails_where_the_shop_makes_no_exception(self) -> None:
        found, _ = gates(panel(), phases(10000, 10000, 9699), rules=STRICT)
        told = {"best": "0.0301", "limit": "0.03", "main": "M1", "reason": REASON, "remedy": MOVE}
        assert (found.verdict, found.rule) == (Verdict.FAIL, "phases.imbalance_limit")
        assert found.explanation == Message("breaker.unbalanced", told)

    @pytest.mark.parametrize(
        ("loads_va", "receiving", "verdict"),
        [
            # 4/3/3: 300 · 1 ÷ 10 is 30 % exactly, which holds; 4001 leaves 300 · 1001 ÷ 10001 = 30.03 %.
            ((4000, 3000, 3000), True, Verdict.REMARK),
            ((4001, 3000, 3000), True, Verdict.FAIL),
            ((4001, 3000, 3000), False, Verdict.REMARK),
        ],
    )
    def test_is_accepted_only_while_the_korean_limit_holds(
        self, loads_va: tuple[int, ...], receiving: bool, verdict: Verdict
    ) -> None:
        found, _ = gates(panel(receiving=receiving), phases(*loads_va))
        assert found.verdict is verdict

    def test_is_accepted_where_there_is_no_korean_limit(self) -> None:
        rules = drawings.rules_with("phases", korean_limit_percent={})
        found, korean = gates(panel(receiving=True), phases(4001, 3000, 3000), rules=rules)
        assert found.verdict is Verdict.REMARK
        assert (korean.id, korean.verdict) == ("breaker.korean_unbalance", Verdict.NOT_CHECKED)


class TestKorean:
    def test_at_the_limit_passes(self) -> None:
        _, found = gates(panel(receiving=True), phases(4000, 3000, 3000))
        assert found == Gate(
            id="breaker.korean_unbalance",
            measured=Fraction(30),
            operator="<=",
            limit=30,
            unit="%",
            verdict=Verdict.PASS,
            explanation=Message("breaker.korean_within", {"percent": "30.00", "limit": 30}),
            rule="phases.korean_limit_percent",
            inputs=inputs(4000, 3000, 3000),
        )

    def test_above_it_is_a_remark_away_from_the_receiving_point(self) -> None:
        # 300 · 1001 ÷ 10001 = 30.0270 %
        _, found = gates(panel(), phases(4001, 3000, 3000))
        assert (found.verdict, found.measured) == (Verdict.REMARK, Fraction(300300, 10001))
        assert found.explanation == Message("breaker.korean_not_receiving", {"percent": "30.03", "limit": 30})

    def test_above_it_fails_at_the_receiving_point(self) -> None:
        _, found = gates(panel(receiving=True), phases(4001, 3000, 3000))
        assert found.verdict is Verdict.FAIL
        assert found.explanation == Message(
            "breaker.korean_over", {"percent": "30.03", "limit": 30, "remedy": MOVE}
        )
        assert found.inputs == inputs(4001, 3000, 3000)

    def test_of_single_phase_three_wires_is_40_percent(self) -> None:
        # Two lines: 200 · 2 ÷ 10 = 40 %.
        _, found = gates(panel(receiving=True, network=drawings.SPLIT_PHASE), phases(6000, 4000))
        assert (found.measured, found.limit, found.verdict) == (40, 40, Verdict.PASS)

    def test_has_no_meaning_without_load(self) -> None:
        imbalance, korean = gates(panel(receiving=True), phases(0, 0, 0))
        assert (imbalance.measured, imbalance.verdict) == (0, Verdict.PASS)
        assert (korean.measured, korean.verdict) == (None, Verdict.NOT_CHECKED)


class TestMains:
    def test_with_nothing_to_balance_are_not_judged(self) -> None:
        told = Message("breaker.not_applicable")
        common: dict[str, Any] = {
            "measured": None,
            "operator": "<=",
            "unit": "",
            "verdict": Verdict.NOT_CHECKED,
            "explanation": told,
            "rule": "phases.imbalance_limit",
        }
        assert gates(panel(), phases(1, 0, 0, applicable=False)) == (
            Gate(id="breaker.imbalance", limit=Fraction(3, 100), **common),
            Gate(id="breaker.korean_unbalance", limit=None, **common),
        )

    def test_are_judged_by_the_worst(self) -> None:
        problem = drawings.problem(mains=(drawings.main_device(0), drawings.main_device(1)), devices=())
        # The second is the worse one; that with nothing to balance does not count.
        found, korean = gates(
            problem,
            phases(10000, 9900, 9900),
            phases(10000, 9800, 9800, main=1),
            phases(10000, 0, 0, main=0, applicable=False),
        )
        assert found.measured == Fraction(2, 100)
        assert found.explanation.values["main"] == "M2"
        assert korean.inputs == inputs(10000, 9800, 9800)

    def test_equally_bad_ones_are_judged_by_the_first(self) -> None:
        problem = drawings.problem(mains=(drawings.main_device(0), drawings.main_device(1)), devices=())
        found, _ = gates(problem, phases(2000, 2000, 1960, main=1), phases(1000, 1000, 980))
        assert found.explanation.values["main"] == "M1"


R, S = (0,), (1,)

REMEDIES: dict[str, tuple[Sequence[Device], Message]] = {
    # One 20 A circuit: two more make R = S = T; one leaves 300 · 4400 ÷ 8800 = 150 %.
    "one circuit": ([single("B1", 20)], added(2, 20)),
    "two circuits": ([single("B1", 20), single("B2", 20)], added(1, 20)),
    # 20, 20, 30 A: with 20 A more 8800/6600/4400 VA are 66.7 %, with two 8800/8800/6600 are 27.3 %.
    "the commonest": ([single("B1", 20), single("B2", 20), single("B3", 30)], added(2, 20)),
    # 20 and 30 A are equally common: the larger. 30 A ×5 and 20 A: 13200/13200/11000 VA, 17.6 %; ×4 still 64.3 %.
    "the larger of equals": ([single("B1", 20), single("B2", 30)], added(4, 30)),
    "in any order": ([single("B1", 30), single("B2", 20)], added(4, 30)),
    # 3 × 20 A fixed on R and one free: S and T want three each, so five more; four leave 13200/13200/8800, 37.5 %.
    "around fixed ones": (
        [single("B1", 20), *(single(f"F{n}", 20, fixed=R) for n in range(3))],
        added(5, 20),
    ),
    # 4 fixed: 17600/13200/13200 with five more, 300 · 4400 ÷ 44000 = 30 % exactly.
    "at the limit": ([single("B1", 20), *(single(f"F{n}", 20, fixed=R) for n in range(4))], added(5, 20)),
    # 5 fixed, two free: six more would make 22000/17600/17600, 23.1 %; more than five are not tried, and five leave 13200.
    "beyond help": (
        [*(single(f"B{n}", 20) for n in range(2)), *(single(f"F{n}", 20, fixed=R) for n in range(5))],
        SPLIT,
    ),
    # The same three fixed above 11000 VA of a three-phase circuit on each phase: three more make 24200/19800/19800, 20.7 %;
    # two 24200/19800/15400, 44.4 %.
    "above three-phase load": (
        [single("B1", 20), *(single(f"F{n}", 20, fixed=R) for n in range(3)), triple("P1", 50)],
        added(3, 20),
    ),
    # Fixed on R and S: one more free circuit beside the first makes 8800/8800/8800.
    "fixed on two": (
        [single("B1", 20), *(single(f"F{n}", 20, fixed=(n % 2,)) for n in range(4))],
        added(1, 20),
    ),
    # Only three-phase, fixed and idle circuits: nothing to add.
    "no free circuit": ([triple("P1", 50), single("F1", 20, fixed=R), single("I1", 0)], MOVE),
    # Idle circuits are common but load nothing: 20 A is what may be added.
    "idle ones": ([single("I1", 0), single("I2", 0), single("B1", 20)], added(2, 20)),
    # 4500 VA at 220 V are 20.45 A, told as 20.
    "whole amperes": ([single("B1", 20, phase_load_va=Fraction(4500))], added(2, 20)),
}


class TestRemedy:
    @pytest.mark.parametrize(("devices", "remedy"), REMEDIES.values(), ids=REMEDIES)
    def test_says_how_many_more_circuits_would_pass(self, devices: Sequence[Device], remedy: Message) -> None:
        # What is reported is always above both limits; the remedy is found from the circuits themselves.
        imbalance, korean = gates(panel(*devices, receiving=True), phases(3, 0, 0))
        assert imbalance.explanation.values["remedy"] == remedy
        assert korean.explanation.values["remedy"] == remedy

    def test_of_circuits_between_lines_adds_such(self) -> None:
        # One on R and S; with one on S–T and one on T–R every phase has two. One-line circuits would need only one.
        between = single("B1", 20, connected=2, circuit_voltage=380)
        imbalance, _ = gates(panel(between, receiving=True, network=drawings.THREE_WIRE), phases(3, 0, 0))
        assert imbalance.explanation.values["remedy"] == added(2, 20)

    def test_of_split_phase_adds_the_other_line(self) -> None:
        # 20 A at 110 V on L1: one more on L2 is even.
        own = single("B1", 20, phase_load_va=Fraction(2200), circuit_voltage=110)
        imbalance, _ = gates(panel(own, receiving=True, network=drawings.SPLIT_PHASE), phases(3, 0))
        assert imbalance.explanation.values["remedy"] == added(1, 20)

    def test_away_from_the_receiving_point_trusts_a_proven_optimum(self) -> None:
        # One more circuit: 4400/4400/0 is the best there is, and proven.
        imbalance, _ = gates(panel(single("B1", 20)), phases(3, 0, 0, proven=False))
        assert imbalance.explanation.values["remedy"] == added(1, 20)

    def test_without_exceptions_reaches_the_limit_itself(self) -> None:
        imbalance, _ = gates(panel(single("B1", 20)), phases(3, 0, 0), rules=STRICT)
        assert imbalance.explanation.values["remedy"] == added(2, 20)

    def test_without_exceptions_may_end_at_the_limit(self) -> None:
        # Two of 4850 VA on T against 10000 on R and S: 300 ÷ 10000 is 3/100 exactly.
        devices = [
            single("B1", 22, phase_load_va=Fraction(4850)),
            single("F1", 45, phase_load_va=Fraction(10000), fixed=R),
            single("F2", 45, phase_load_va=Fraction(10000), fixed=S),
        ]
        imbalance, _ = gates(panel(*devices), phases(3, 0, 0), rules=STRICT)
        assert imbalance.explanation.values["remedy"] == added(1, 22)

    def test_without_exceptions_counts_every_fraction_of_a_va(self) -> None:
        # 2 × 4849.99 VA on T are 300.02 short of 10000: above the limit. Four more make 14849.99/14849.99/14549.97, 2.02 %.
        devices = [
            single("B1", 22, phase_load_va=Fraction("4849.99")),
            single("F1", 45, phase_load_va=Fraction(10000), fixed=R),
            single("F2", 45, phase_load_va=Fraction(10000), fixed=S),
        ]
        imbalance, _ = gates(panel(*devices), phases(3, 0, 0), rules=STRICT)
        assert imbalance.explanation.values["remedy"] == added(4, 22)

    def test_looks_at_the_circuits_of_its_own_main(self) -> None:
        devices = (single("B1", 20), *(single(f"B{n}", 30, main=1) for n in range(2, 6)))
        problem = replace(
            panel(*devices, receiving=True), mains=(drawings.main_device(0), drawings.main_device(1))
        )
        first, _ = gates(problem, phases(3, 0, 0))
        second, _ = gates(problem, phases(3, 0, 0, main=1))
        assert first.explanation.values["remedy"] == added(2, 20)
        # Four of 30 A: two more make two on each phase; one leaves 13200/13200/6600, 60 %.
        assert second.explanation.values["remedy"] == added(2, 30)


class TestPlaces:
    HERE = Position(side="L", row=1)

    def found(self, unmet: tuple[str, ...], style: str = "plate", places: int = 2) -> tuple[Gate, ...]:
        devices = tuple(
            single(f"B{number}", 20, position=self.HERE if number <= places else None)
            for number in range(1, 4)
        )
        problem = drawings.problem(devices=devices, request=drawings.request(style=style))
        plan = arrangement(((),))
        group = replace(plan.groups[0], unmet_positions=unmet)
        return position_gates(problem, replace(plan, groups=(group,)))

    def test_that_nobody_fixed_are_not_judged(self) -> None:
        assert self.found((), places=0) == ()

    def test_that_are_kept_pass(self) -> None:
        assert self.found(()) == (
            Gate(
                id="breaker.positions",
                measured=0,
                operator="=",
                limit=0,
                unit="",
                verdict=Verdict.PASS,
                explanation=Message("breaker.positions_kept", {"asked": 2, "unmet": 0}),
                rule="gates.breaker.positions",
            ),
        )

    def test_that_are_not_kept_fail(self) -> None:
        (gate,) = self.found(("B2",))
        assert (gate.measured, gate.verdict) == (1, Verdict.FAIL)
        assert gate.explanation == Message("breaker.positions_unmet", {"asked": 2, "unmet": 1})

    def test_on_rails_are_never_kept(self) -> None:
        (gate,) = self.found((), style="din_rail")
        assert (gate.measured, gate.verdict) == (2, Verdict.FAIL)
