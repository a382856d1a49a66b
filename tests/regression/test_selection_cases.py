"""Which breaker a line of the request becomes, by the makers' lists; and what is said where there is none."""

from decimal import Decimal
from typing import Any

import pytest

from kis.catalog import BreakerKind, Grade
from kis.estimator.stages.choice import Wanted, choose, nearest
from tests.factories.panels import (
    GOLDEN,
    LS,
    SANGDO,
    Block,
    accessory,
    catalog,
    elb,
    estimated,
    findings,
    gate,
    lines,
    mccb,
    models,
    panel,
    quoted,
    rulebook,
    shown,
    verdicts,
)

pytestmark = pytest.mark.regression


def wanted(make: str, kind: str, poles: int, rating_a: int, **more: Any) -> Wanted:
    return Wanted(
        kind=BreakerKind(kind),
        poles=poles,
        rating_a=rating_a,
        make=make,
        panel_grade=Grade.ECONOMY,
        sensitivity_ma=30,
        **more,
    )


CHOICES: list[tuple[str, str, int, int, dict[str, Any], str]] = [
    # ELB 4P 50AF exists at LS in the standard series alone; the MCCB has an economy one.
    (LS, "ELB", 4, 30, {}, "EBS-54"),
    (LS, "MCCB", 4, 50, {}, "ABN-54"),
    # Economy before the smaller frame: not ABS-104.
    (LS, "MCCB", 4, 125, {}, "ABN-204"),
    # ABN-204 ends at 225 A.
    (LS, "MCCB", 4, 250, {}, "ABS-204"),
    (LS, "MCCB", 4, 225, {}, "ABN-204"),
    # 2P to 30 A small, 40 and 50 A compact, above that by grade.
    (LS, "ELB", 2, 15, {}, "32GRHS"),
    (LS, "ELB", 2, 30, {}, "32GRHS"),
    (LS, "MCCB", 2, 30, {}, "BS32"),
    (LS, "ELB", 2, 40, {}, "EBS52FB"),
    (LS, "MCCB", 2, 50, {}, "ABS52FB"),
    (LS, "MCCB", 2, 60, {}, "ABN-62"),
    (LS, "ELB", 2, 75, {}, "EBN-102"),
    # 50AF or compact asked for: compact even at 20 A.
    (LS, "ELB", 2, 20, {"frame_af": 50}, "EBS52FB"),
    (LS, "ELB", 2, 20, {"asked_grade": Grade.COMPACT}, "EBS52FB"),
    # The grade asked for goes before economy.
    (LS, "MCCB", 4, 50, {"asked_grade": Grade.STANDARD}, "ABS-54"),
    (LS, "MCCB", 3, 100, {"asked_grade": Grade.STANDARD}, "ABS-103"),
    (LS, "MCCB", 3, 100, {}, "ABN-103"),
    # 225 as the trade writes the 250AF; 630 the 600AF.
    (LS, "MCCB", 3, 150, {"frame_af": 225}, "ABN-203"),
    (LS, "MCCB", 3, 600, {"frame_af": 630}, "ABN-603"),
    # 3P 40 A: economy (not compact) first.
    (LS, "MCCB", 3, 40, {}, "ABN-53"),
    (SANGDO, "MCCB", 2, 20, {}, "SIB-32"),
    (SANGDO, "ELB", 2, 50, {}, "SEC-52"),
    # Sangdo lists no economy breaker of 50AF; SBS-103 would do 30 A too, the smaller frame wins.
    (SANGDO, "MCCB", 3, 30, {}, "SBS-53"),
    (SANGDO, "ELB", 4, 30, {}, "SES-54"),
    (SANGDO, "MCCB", 3, 60, {}, "SBE-103"),
    (SANGDO, "MCCB", 4, 125, {}, "SBS-104"),
    (SANGDO, "MCCB", 3, 300, {}, "SBS-403"),
    # With 10 kA small (2.5) and compact (5) drop out.
    (LS, "ELB", 2, 20, {"breaking_ka": Decimal(10), "voltage": 220}, "EBN-52"),
    # 20 kA at 380 V: ABN-104 holds 18 at 460 V, ABS-104 37.
    (LS, "MCCB", 4, 100, {"breaking_ka": Decimal(20), "voltage": 380}, "ABS-104"),
    # 14 kA at 460 V count at 220 V.
    (LS, "MCCB", 2, 20, {"breaking_ka": Decimal(14), "voltage": 220}, "ABN-52"),
    # A figure without its voltage is kept, to be looked at.
    (SANGDO, "ELB", 2, 20, {"breaking_ka": Decimal(10), "voltage": 220}, "SES-52"),
    # 2.5 kA at 220 V hold 2 kA at 220 V and say nothing at 380 V.
    (LS, "MCCB", 2, 20, {"breaking_ka": Decimal(2), "voltage": 220}, "BS32"),
    (LS, "MCCB", 2, 20, {"breaking_ka": Decimal(2), "voltage": 380}, "ABN-52"),
]


@pytest.mark.parametrize(("make", "kind", "poles", "rating_a", "more", "model"), CHOICES)
def test_choice(make: str, kind: str, poles: int, rating_a: int, more: dict[str, Any], model: str) -> None:
    found = choose(wanted(make, kind, poles, rating_a, **more), catalog(), rulebook())
    assert found is not None
    assert found.model == model


MISSING: list[tuple[str, str, int, int, list[tuple[str, int, int]]]] = [
    # Model, poles and rating of what there is: next rating up, then next poles up.
    (SANGDO, "ELB", 2, 15, [("SIE-32", 2, 20)]),
    (SANGDO, "MCCB", 3, 250, [("SBS-403", 3, 300), ("SBS-204", 4, 250)]),
    (LS, "ELB", 2, 60, [("EBN-102", 2, 75), ("EBN-63", 3, 60)]),
    # No one-pole breaker in moulded case.
    (SANGDO, "MCCB", 1, 20, [("SIB-32", 2, 20)]),
    (LS, "MCCB", 1, 20, [("BS32", 2, 20)]),
    # Nothing above 800 A.
    (LS, "MCCB", 4, 1000, []),
]


@pytest.mark.parametrize(("make", "kind", "poles", "rating_a", "others"), MISSING)
def test_nearest_is_named_where_there_is_none(
    make: str, kind: str, poles: int, rating_a: int, others: list[tuple[str, int, int]]
) -> None:
    asked = wanted(make, kind, poles, rating_a)
    assert choose(asked, catalog(), rulebook()) is None
    found = [
        (item.breaker.model, item.breaker.poles, item.rating_a)
        for item in nearest(asked, catalog(), rulebook())
    ]
    assert found == others


class TestMissingBreaker:
    REQUEST = panel(elb(2, 20, 9), elb(2, 15, 2))

    def test_stops_the_panel_and_tells_the_nearest(self) -> None:
        assert verdicts(self.REQUEST) == {"selection.catalog": "fail"}
        found = gate(self.REQUEST, "selection.catalog")
        assert (found.measured, found.limit) == (2, 0)
        assert "SIE-32 2P 20 A" in found.explanation.text("en")

    def test_leaves_no_design_and_no_price(self) -> None:
        answer = shown(self.REQUEST)
        assert (answer["designed"], answer["enclosure"], answer["lines"]) == (False, None, [])
        assert quoted(self.REQUEST).totals.total == 0
        assert quoted(self.REQUEST).verdict == "fail"


class TestNamedModel:
    def test_is_taken_as_it_is(self) -> None:
        assert models(panel({"model": "SBC-52", "rating_a": 20, "quantity": 3})) == {"SBC-52": 3}

    def test_is_read_however_it_is_written(self) -> None:
        assert models(panel({"model": "abn 53", "rating_a": 30, "quantity": 3}, make=LS)) == {"ABN-53": 3}

    @pytest.mark.parametrize(
        ("branch", "field", "asked", "had"),
        [
            ({"model": "SBE-104", "kind": "ELB", "rating_a": 100}, "kind", "ELB", "MCCB"),
            ({"model": "SBE-104", "poles": 3, "rating_a": 100}, "poles", "3", "4"),
            ({"model": "SBE-104", "make": LS, "rating_a": 100}, "make", LS, SANGDO),
            ({"model": "SBE-104", "rating_a": 30}, "rating_a", "30", "60/75/100"),
        ],
    )
    def test_that_contradicts_its_line_is_refused(
        self, branch: Block, field: str, asked: str, had: str
    ) -> None:
        wanted_panel = panel(branch)
        assert verdicts(wanted_panel)["selection.catalog"] == "fail"
        (found,) = findings(wanted_panel, "selection.model_contradicts")
        assert found.where == f"panels[0].branches[0].{field}"
        told = found.message.text("en")
        assert asked in told
        assert had in told

    def test_that_does_not_exist_is_decoded(self) -> None:
        # A: MCCB, L: current limiting, 20: 250AF, 4 poles: a name of LS that the list does not hold.
        (found,) = findings(panel({"model": "ABL-204", "rating_a": 200}, make=LS), "selection.unknown_model")
        assert "4P 250AF" in found.message.text("en")
        (strange,) = findings(panel({"model": "XYZ-9", "rating_a": 20}), "selection.unknown_model")
        assert "no known rule" in strange.message.text("en")


class TestBreakingCapacity:
    def test_is_not_judged_but_warned_about_where_none_is_asked_for(self) -> None:
        assert verdicts(GOLDEN["G2"]) == {"selection.breaking_capacity": "not_checked"}
        (warning,) = findings(GOLDEN["G2"], "selection.no_breaking_capacity_wanted")
        assert warning.severity == "warning"

    def test_passes_with_the_least_of_all_breakers(self) -> None:
        # G17: EBN-52 and ABN-52 hold 14 kA at 460 V, ABN-104 18.
        found = gate(GOLDEN["G17"], "selection.breaking_capacity")
        assert (found.measured, found.limit, found.unit, found.verdict) == (14, 10, "kA", "pass")

    def test_without_its_voltage_is_unverified_and_goes_to_review(self) -> None:
        found = gate(panel(elb(2, 20, 12), short_circuit_ka=10), "selection.breaking_capacity")
        assert (found.measured, found.verdict) == (14, "fail")
        assert "SES-52" in found.explanation.text("en")
        assert "without its voltage" in found.explanation.text("en")

    def test_of_a_named_breaker_may_be_short(self) -> None:
        short = panel({"model": "EBS52FB", "rating_a": 20}, elb(2, 30, 11), make=LS, short_circuit_ka=10)
        found = gate(short, "selection.breaking_capacity")
        assert (found.measured, found.limit, found.verdict) == (5, 10, "fail")
        assert "EBS52FB" in found.explanation.text("en")

    def test_beyond_every_breaker_leaves_none(self) -> None:
        found = gate(panel(elb(2, 20, 3), make=LS, short_circuit_ka=100), "selection.catalog")
        # The main and three branches.
        assert (found.measured, found.verdict) == (4, "fail")


class TestMakes:
    def test_mixed_need_an_exception(self) -> None:
        mixed = panel(elb(2, 20, 6, make=LS))
        found = gate(mixed, "selection.makes")
        assert (found.measured, found.limit, found.verdict) == (2, 1, "fail")
        assert set(found.inputs.values()) == {SANGDO, LS}
        assert estimated(mixed).is_designed, "a mixed panel is designed; a person decides"

    def test_of_one_name_pass(self) -> None:
        assert gate(GOLDEN["G1"], "selection.makes").verdict == "pass"

    def test_not_named_are_assumed_with_a_warning(self) -> None:
        (warning,) = findings(panel(elb(2, 20, 6), make=None), "selection.make_assumed")
        assert warning.severity == "warning"


class TestSpd:
    def test_brings_a_breaker_with_the_poles_of_the_supply(self) -> None:
        with_spd = panel(elb(2, 20, 12), make=LS, accessories=[accessory("spd")])
        assert models(with_spd) == {"ABN-54": 1, "32GRHS": 12}
        row = next(item for item in shown(with_spd)["branches"] if item["spd"])
        assert (row["rating_a"], row["poles"], row["phase_load_va"]) == (40, 4, 0)

    def test_on_one_phase_takes_two_poles(self) -> None:
        single = panel(
            elb(2, 20, 4),
            make=LS,
            supply="1P2W-220",
            mains=[{"kind": "MCCB", "poles": 2, "rating_a": 50}],
            accessories=[accessory("spd")],
        )
        assert models(single) == {"ABS52FB": 1, "32GRHS": 4}


class TestSensitivity:
    def test_of_wet_rooms_is_15_ma_and_has_its_own_price(self) -> None:
        wet = panel(elb(2, 20, 2, sensitivity_ma=15), elb(2, 20, 10))
        branch = {item.spec: int(item.unit_price) for item in lines(wet, "branch")}
        assert branch == {"SIE-32 2P 30AF/20AT 15mA": 10_300, "SIE-32 2P 30AF/20AT 30mA": 7_900}

    def test_of_other_breakers_is_30_ma(self) -> None:
        missing = panel(elb(2, 40, 2, sensitivity_ma=15))
        assert gate(missing, "selection.catalog").verdict == "fail"


class TestRails:
    def test_take_modular_devices_whose_capacity_nobody_declares(self) -> None:
        on_rails = panel(
            mccb(1, 16, 9), elb(2, 20, 6), mccb(3, 32, 2), make=LS, style="din_rail", rating_a=50
        )
        assert models(on_rails) == {"BKN 3P": 2, "RKN-b 2P": 6, "BKN 1P": 9}
        assert {row["icu_ka"] for row in shown(on_rails)["branches"]} == {None}
        asked = gate({**on_rails, "short_circuit_ka": 6}, "selection.catalog")
        assert asked.verdict == "fail"
