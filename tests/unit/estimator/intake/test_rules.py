"""What the rules let pass; what they refuse is in tests/regression/test_bad_input.py."""

from typing import Any

import pytest

from kis.estimator.intake.drafts import draft_of
from kis.estimator.intake.rules import faults_between
from kis.estimator.request import EstimateRequest

ELB = {"kind": "ELB", "poles": 2, "rating_a": 20}


def request(*branches: dict[str, Any], **panel: Any) -> dict[str, Any]:
    main_poles = 2 if panel.get("supply") == "1P2W-220" else 3
    whole = {
        "name": "LP-1",
        "mains": [{"poles": main_poles, "rating_a": 100}],
        "branches": list(branches),
        **panel,
    }
    return {"customer": {"name": "한빛"}, "project": "사무동", "panels": [whole]}


def faults(given: dict[str, Any]) -> list[tuple[str | int, ...]]:
    return [fault.location for fault in faults_between(EstimateRequest.model_validate(given))]


class TestBranches:
    @pytest.mark.parametrize(
        ("supply", "branch"),
        [
            ("3P4W-380/220", {"poles": 1, "phase": "T"}),
            ("3P4W-380/220", {"poles": 2, "phase": "S", "voltage": 220}),
            ("3P4W-380/220", {"poles": 2, "phase": "TR", "voltage": 380}),
            ("3P4W-380/220", {"poles": 4}),
            ("3P3W-380", {"poles": 2, "phase": "RS"}),
            ("3P3W-380", {"poles": 2, "voltage": 380}),
            ("3P3W-380", {"poles": 3}),
            ("1P3W-220/110", {"poles": 2, "phase": "L1", "voltage": 110}),
            ("1P3W-220/110", {"poles": 1, "phase": "L2"}),
            ("1P3W-220/110", {"poles": 2, "voltage": 220}),
            ("1P2W-220", {"poles": 2, "voltage": 220}),
        ],
    )
    def test_circuits_the_supply_can_feed(self, supply: str, branch: dict[str, Any]) -> None:
        assert faults(request({**ELB, **branch}, supply=supply)) == []

    def test_model_stands_for_kind_and_poles(self) -> None:
        assert (
            faults(
                request(
                    {"model": "SBC-52", "rating_a": 40, "phase": "S"},
                    mains=[{"model": "SBE-104", "rating_a": 100}],
                )
            )
            == []
        )

    def test_frame_may_equal_the_rating(self) -> None:
        assert faults(request({**ELB, "frame_af": 20})) == []

    def test_leakage_breaker_and_named_model_may_be_sensitive(self) -> None:
        assert (
            faults(
                request(
                    {**ELB, "sensitivity_ma": 15}, {"model": "32GRHS", "rating_a": 20, "sensitivity_ma": 30}
                )
            )
            == []
        )

    def test_surge_breaker_may_say_that_it_has_no_load(self) -> None:
        assert faults(request({"kind": "MCCB", "poles": 4, "rating_a": 40, "spd": True, "load_va": 0})) == []


class TestPanels:
    def test_four_hundred_branches_are_not_too_many(self) -> None:
        assert faults(request({**ELB, "quantity": 400})) == []
        assert faults(request({**ELB, "quantity": 400}, ELB)) == [("panels", 0, "branches")]

    def test_same_place_behind_another_main_is_another_place(self) -> None:
        mains = [{"poles": 4, "rating_a": 100}, {"poles": 4, "rating_a": 100}]
        first, second = ({**ELB, "position": "L1", "main": name} for name in ("M1", "M2"))
        assert faults(request(first, second, mains=mains)) == []
        assert faults(request(first, first, mains=mains)) == [("panels", 0, "branches", 1, "position")]

    def test_spare_ways_follow_a_small_branch_or_a_model_that_may_be_one(self) -> None:
        assert faults(request(ELB, spare_ways=2)) == []
        assert faults(request({"model": "SIE-32", "rating_a": 20}, spare_ways=2)) == []
        assert faults(request(spare_ways=2)) == [("panels", 0, "spare_ways")]
        assert faults(request({**ELB, "poles": 3}, spare_ways=0)) == []

    def test_box_with_a_main_only_is_sound(self) -> None:
        assert faults(request()) == []


class TestRequest:
    def test_dollars_have_cents(self) -> None:
        line = {"item": "freight", "unit": "lot", "quantity": 1, "price": 10.5}
        assert faults({**request(ELB), "currency": "USD", "extra_lines": [line]}) == []
        assert faults({**request(ELB), "extra_lines": [line]}) == [("extra_lines", 0, "unit_price")]


class TestDrafts:
    """Rules asked of a request that could not be read whole."""

    def drafted(self, given: Any) -> list[tuple[str | int, ...]]:
        return [fault.location for fault in faults_between(draft_of(given))]

    def test_readable_fields_are_still_held_to_the_rules(self) -> None:
        given = request({**ELB, "rating_a": "x", "main": "M9"}, {"poles": "x"})
        assert self.drafted(given) == [
            ("panels", 0, "branches", 0, "main"),
            ("panels", 0, "branches", 1, "kind"),
        ]

    @pytest.mark.parametrize(
        "panel",
        [
            {
                "supply": "x",
                "branches": [{**ELB, "phase": "L1", "voltage": 110}],
            },  # which lines there are is unknown
            {"mains": "x", "branches": [{**ELB, "main": "M9"}]},  # as are the mains
            {"mains": [{"name": True, "poles": 3, "rating_a": 100}], "branches": [{**ELB, "main": "M9"}]},
            {"branches": "x", "spare_ways": 2},
            {"branches": [{**ELB, "voltage": "x", "phase": "RS"}]},
            {"branches": [{**ELB, "quantity": "x", "position": "L1"}]},
            {"mains": [5]},
        ],
    )
    def test_rule_that_needs_an_unreadable_field_says_nothing(self, panel: dict[str, Any]) -> None:
        assert self.drafted(request(**{"branches": [ELB], **panel})) == []

    def test_twice_used_names_show_among_unreadable_ones(self) -> None:
        given = request(ELB)
        given["panels"] += [{"name": 5.5}, {"name": "LP-1"}, "x"]
        assert self.drafted(given) == [("panels", 2, "name")]

    def test_nothing_readable_breaks_no_rule(self) -> None:
        assert (
            self.drafted("x")
            == self.drafted({"panels": "x"})
            == self.drafted({"panels": [[]], "extra_lines": [3]})
            == []
        )
