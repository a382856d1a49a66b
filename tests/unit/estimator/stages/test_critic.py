"""The critic as a whole: which checks run, what its gates say, and real designs of the pipeline bent until it notices."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from time import perf_counter
from typing import Any

import pytest

from kis.estimator.checks import CHECKS, BarVerdict, Check, CheckContext, Topic
from kis.estimator.design import PanelDesign
from kis.estimator.findings import Finding, Gate, Severity, Verdict
from kis.estimator.intake import parse_request
from kis.estimator.layout.drawing import Drawing, Part, PartKind
from kis.estimator.rulebook import rule_ids
from kis.estimator.service import estimate
from kis.estimator.stages.critic import Criticism, criticise, judge
from kis.platform.messages import area
from tests.factories.drawings import added, bent, catalog, context, drawing, figures, part, rulebook, without


def gates(criticism: Criticism) -> dict[str, Gate]:
    return {gate.id: gate for gate in criticism.gates}


def keys(criticism: Criticism) -> list[str]:
    return [finding.message.key for finding in criticism.violations]


class TestChecks:
    def test_have_ids_of_their_own_and_a_name_in_both_languages(self) -> None:
        names = [check.id for check in CHECKS]
        assert len(set(names)) == len(names)
        assert names == list(area("critic")["names"])

    def test_findings_carry_the_code_of_their_check(self) -> None:
        examined = context()
        found = {check.code: [finding.code for finding in check.evaluate(examined)] for check in CHECKS}
        assert all(code == own for own, codes in found.items() for code in codes)
        assert Check(id="x", topic=Topic.ORDER, evaluate=lambda _: ()).code == "critic.x"

    def test_rest_on_rules_of_the_rulebook(self) -> None:
        known = set(rule_ids(rulebook()))
        assert {finding.rule for finding in judge(context()).findings} <= known

    def test_cover_every_topic_of_the_gates(self) -> None:
        by_topic = {topic: [check.id for check in CHECKS if check.topic is topic] for topic in Topic}
        assert by_topic[Topic.THERMAL][:3] == ["load_factor", "air_temperature", "busbar"]
        assert {"overlap", "clearance", "creepage", "lanes", "bar_gap", "door_clearance"} <= set(
            by_topic[Topic.CLEARANCE]
        )
        assert by_topic[Topic.ORDER] == ["order", "same_outline", "row_sums"]

    def test_that_need_columns_do_not_run_on_rails(self) -> None:
        left_out = [check.id for check in CHECKS if not check.on_rails]
        assert left_out == [
            "corridors",
            "corridor_gap",
            "lanes",
            "bars",
            "cross_bars",
            "same_outline",
            "row_sums",
            "free_spaces",
        ]


class TestJudge:
    def test_passes_the_hand_drawn_panel(self) -> None:
        criticism = judge(context())
        assert criticism.violations == ()
        assert {name: (gate.measured, gate.verdict) for name, gate in gates(criticism).items()} == {
            "breaker.clearance": (0, Verdict.PASS),
            "breaker.thermal": (0, Verdict.PASS),
            "critic.violations": (0, Verdict.PASS),
            "enclosure.door_clearance": (36, Verdict.PASS),
        }
        assert (criticism.heat.loss_w, len(criticism.busbars), len(criticism.unbalance)) == (
            Decimal("47.88"),
            1,
            1,
        )

    def test_says_what_a_passing_gate_measured(self) -> None:
        for gate in judge(context()).gates:
            assert gate.explanation.text("ko")
            assert gate.explanation.text("en")
        passed = gates(judge(context()))
        assert passed["breaker.clearance"].rule == "layout.body_gap"
        assert passed["breaker.thermal"].rule == "critic.temperature_rise"
        assert passed["critic.violations"].rule == "gates.critic.violations"
        assert passed["critic.violations"].inputs == {}
        assert (passed["critic.violations"].operator, passed["critic.violations"].limit) == ("=", 0)

    def test_counts_clearances(self) -> None:
        # 7 mm between R and S: the bar gap of 8 mm is broken, clearance and creepage hold
        broken = gates(judge(context(bent("barS", x0=277))))
        gate = broken["breaker.clearance"]
        assert (gate.measured, gate.verdict, gate.rule) == (1, Verdict.FAIL, "layout.bar_gap")
        assert gate.inputs == {"critic.bar_gap": 1}
        assert (
            gate.explanation.text("en")
            == "1 violation(s) of layout gaps, clearances and creepages: gaps between bars 1."
        )
        assert gate.explanation.text("ko").endswith("부스바 간격 1건.")
        assert broken["breaker.thermal"].measured == 0
        assert (broken["critic.violations"].measured, broken["critic.violations"].verdict) == (
            1,
            Verdict.FAIL,
        )

    def test_counts_each_check(self) -> None:
        # 5 mm: gap, clearance and creepage
        gate = gates(judge(context(bent("barS", x0=275))))["breaker.clearance"]
        assert gate.inputs == {"critic.bar_gap": 1, "critic.clearance": 1, "critic.creepage": 1}
        assert gate.measured == 3

    def test_counts_heat(self) -> None:
        examined = context()
        hot = replace(examined.heat.devices[0], air_c=Decimal("70.01"))
        bent_heat = replace(examined, heat=replace(examined.heat, devices=(hot, hot)))
        broken = gates(judge(bent_heat))
        assert (broken["breaker.thermal"].measured, broken["breaker.thermal"].verdict) == (2, Verdict.FAIL)
        assert "inside air 2" in broken["breaker.thermal"].explanation.text("en")
        assert broken["breaker.clearance"].measured == 0
        assert broken["critic.violations"].measured == 2

    def test_counts_everything_else_as_violations_only(self) -> None:
        broken = gates(judge(context(without("main1"))))
        assert (broken["breaker.clearance"].measured, broken["breaker.thermal"].measured) == (0, 0)
        assert broken["critic.violations"].inputs == {"critic.circuits": 1}

    def test_findings_stand_in_the_order_of_the_checks(self) -> None:
        order = [check.code for check in CHECKS]
        codes = [finding.code for finding in judge(context(bent("barS", x0=275))).findings]
        assert codes == sorted(codes, key=order.index)

    @pytest.mark.parametrize(
        ("z1", "measured", "verdict"), [(118, 30, Verdict.PASS), (119, 29, Verdict.FAIL)]
    )
    def test_gates_the_clearance_to_the_door(self, z1: int, measured: int, verdict: Verdict) -> None:
        gate = gates(judge(context(bent("main1", z1=z1))))["enclosure.door_clearance"]
        assert (gate.measured, gate.limit, gate.operator, gate.unit, gate.verdict) == (
            measured,
            30,
            ">=",
            "mm",
            verdict,
        )
        assert (gate.rule, gate.inputs["part"], gate.inputs["depth_mm"]) == (
            "enclosure.door_clearance",
            "main1",
            150,
        )
        assert f"{measured} mm" in gate.explanation.text("en")
        assert gate.explanation.text("ko")

    def test_says_how_many_depths_are_unknown(self) -> None:
        timer = part("t", PartKind.TIMER, (400, 465), (320, 420), (30, None))
        gate = gates(judge(context(added(timer))))["enclosure.door_clearance"]
        assert (gate.verdict, gate.inputs["unknown_depths"]) == (Verdict.PASS, 1)
        assert "1 part(s) of unknown depth" in gate.explanation.text("en")
        assert "unknown" not in gates(judge(context()))["enclosure.door_clearance"].explanation.text("en")

    def test_without_a_known_depth_nothing_is_judged(self) -> None:
        gate = gates(judge(context(drawing(parts=()))))["enclosure.door_clearance"]
        assert (gate.measured, gate.verdict) == (None, Verdict.NOT_CHECKED)
        assert gate.explanation.text("ko")
        assert gate.explanation.text("en")

    def test_names_the_checks_that_do_not_apply_on_rails(self) -> None:
        findings = judge(context(drawing(style="din_rail"))).findings
        assert findings[-1].code == "critic.not_applicable"
        assert (findings[-1].severity, findings[-1].figure, findings[-1].rule) == (
            Severity.INFORMATION,
            8,
            "layout.rail_pitch",
        )
        assert "cross-bars" in findings[-1].message.text("en")
        assert not [
            item for item in findings if item.code in ("critic.lanes", "critic.cross_bars", "critic.row_sums")
        ]
        assert all(finding.code != "critic.not_applicable" for finding in judge(context()).findings)


def mccb(poles: int, rating_a: int, quantity: int, **more: Any) -> dict[str, Any]:
    return {"kind": "MCCB", "poles": poles, "rating_a": rating_a, "quantity": quantity, **more}


def elb(poles: int, rating_a: int, quantity: int, **more: Any) -> dict[str, Any]:
    return {**mccb(poles, rating_a, quantity, **more), "kind": "ELB"}


MAIN = {"kind": "MCCB", "poles": 4, "rating_a": 100}
CONTACTORS = [
    {"kind": "magnetic_contactor", "model": "MC-22", "quantity": 6},
    {"kind": "timer_24h", "quantity": 2},
]
PANELS: dict[str, dict[str, Any]] = {
    "lighting": {"mains": [MAIN], "branches": [elb(2, 20, 10)]},
    "mixed": {
        "mains": [{**MAIN, "rating_a": 225}],
        "branches": [mccb(4, 50, 4), elb(4, 30, 4), elb(2, 20, 10)],
    },
    "large": {
        "mains": [{**MAIN, "rating_a": 400}],
        "branches": [mccb(4, 225, 2), mccb(4, 150, 2), mccb(3, 100, 4)],
    },
    "motors": {
        "mains": [MAIN],
        "branches": [mccb(3, 30, 6), elb(2, 20, 6)],
        "accessories": [*CONTACTORS, {"kind": "push_button"}],
    },
    "meters": {
        "mains": [MAIN],
        "branches": [elb(2, 50, 6), elb(2, 20, 2)],
        "accessories": [{"kind": "meter_1ph", "quantity": 6}],
    },
    "spares": {
        "mains": [MAIN],
        "branches": [elb(2, 20, 9), elb(4, 30, 2)],
        "accessories": [{"kind": "spd"}],
        "spare_ways": 3,
    },
    "main only": {"mains": [{**MAIN, "rating_a": 225}]},
    "recessed": {"mains": [MAIN], "branches": [mccb(2, 20, 7, load_va=2200)], "mounting": "recessed"},
    "outdoor": {"mains": [MAIN], "branches": [elb(2, 20, 12)], "mounting": "outdoor_surface"},
    "standing": {"mains": [MAIN], "branches": [elb(2, 20, 12)], "mounting": "indoor_standing"},
    "columns": {
        "mains": [{**MAIN, "rating_a": 400}],
        "branches": [elb(2, 20, 90), elb(2, 30, 20), mccb(4, 50, 10)],
    },
    "two mains": {
        "mains": [{**MAIN, "name": "A"}, {**MAIN, "rating_a": 225, "name": "B"}],
        "branches": [elb(2, 20, 10, main="A"), mccb(4, 50, 4, main="B"), elb(2, 20, 3, main="B")],
    },
    "one phase": {
        "mains": [{**MAIN, "poles": 2, "rating_a": 50}],
        "branches": [elb(2, 20, 5)],
        "supply": "1P2W-220",
    },
    "split phase": {
        "mains": [{**MAIN, "poles": 3, "rating_a": 50}],
        "branches": [elb(2, 20, 5), elb(2, 20, 2, voltage=110)],
        "supply": "1P3W-220/110",
    },
    "three wires": {
        "mains": [{**MAIN, "poles": 3}],
        "branches": [mccb(3, 50, 2), elb(2, 20, 6)],
        "supply": "3P3W-380",
    },
    "between lines": {"mains": [MAIN], "branches": [mccb(2, 20, 6, voltage=380), elb(2, 20, 7)]},
    "fixed": {
        "mains": [MAIN],
        "branches": [elb(2, 20, 8), elb(2, 30, 1, phase="T"), elb(2, 20, 1, position="R3")],
    },
    "rails": {
        "mains": [{**MAIN, "rating_a": 50}],
        "branches": [mccb(2, 20, 15), mccb(4, 32, 2)],
        "style": "din_rail",
    },
}


@cache
def design(name: str) -> PanelDesign:
    request = {
        "customer": {"name": "한빛전설"},
        "project": "시험",
        "panels": [{"name": name, "make": "LS ELECTRIC", **PANELS[name]}],
    }
    found = estimate(parse_request(request, "request")).panels[0].state.design
    assert found is not None
    return found


def criticism_of(name: str, **change: Any) -> Criticism:
    return criticise(replace(design(name), **change), rulebook(), catalog())


class TestRealDesigns:
    @pytest.mark.parametrize("name", list(PANELS))
    def test_pass(self, name: str) -> None:
        criticism = criticism_of(name)
        assert [finding.message.text("en") for finding in criticism.violations] == []
        assert all(gate.verdict is Verdict.PASS for gate in criticism.gates)

    @pytest.mark.parametrize("name", list(PANELS))
    def test_speak_both_languages_and_name_rules_that_exist(self, name: str) -> None:
        known = set(rule_ids(rulebook()))
        for finding in criticism_of(name).findings:
            assert finding.message.text("ko")
            assert finding.message.text("en")
            assert finding.rule in known

    @pytest.mark.parametrize("name", ["lighting", "mixed", "motors", "columns"])
    def test_are_judged_alike_in_any_order_of_their_parts(self, name: str) -> None:
        own = design(name).drawing
        turned = criticism_of(name, drawing=replace(own, parts=tuple(reversed(own.parts))))
        straight = criticism_of(name)
        assert turned.gates == straight.gates
        assert turned.heat.loss_w == straight.heat.loss_w

    def test_of_800_amperes_are_refused_for_their_bars(self) -> None:
        asked = {"mains": [{**MAIN, "rating_a": 800}], "branches": [mccb(4, 400, 2), mccb(4, 250, 4)]}
        request = {
            "customer": {"name": "a"},
            "project": "b",
            "panels": [{"name": "P", "make": "Sangdo", **asked}],
        }
        found = estimate(parse_request(request, "request")).panels[0].state.criticism
        assert found is not None
        assert keys(found) == ["critic.busbar.refused"]
        (report,) = found.busbars
        assert figures(report.verdict, report.hot_ampacity_a, report.current_a) == (
            BarVerdict.REFUSED,
            Decimal("580.6"),
            640,
        )
        assert report.passing == "10T×50"
        assert gates(found)["breaker.thermal"].verdict is Verdict.FAIL


def first(panel: Drawing, kind: PartKind, side: str = "") -> Part:
    return next(item for item in panel.of(kind) if side in ("", item.side))


def shifted(kind: PartKind, side: str = "", **by: int) -> Callable[[Drawing], Drawing]:
    """Return what moves the first part of a kind by so many millimetres."""

    def bend(panel: Drawing) -> Drawing:
        own = first(panel, kind, side)
        dx, dy, dz = by.get("dx", 0), by.get("dy", 0), by.get("dz", 0)
        changes = {
            "x0": own.x0 + dx,
            "x1": own.x1 + dx,
            "y0": own.y0 + dy,
            "y1": own.y1 + dy,
            "z1": (own.z1 or 0) + dz,
        }
        return bent(own.id, panel, **changes)

    return bend


def relabelled(panel: Drawing) -> Drawing:
    own = next(item for item in panel.of(PartKind.BREAKER) if len(item.phase) == 1)
    other = "RST"["RST".index(own.phase) - 1]
    return bent(own.id, panel, phase=other)


def dropped(panel: Drawing) -> Drawing:
    return without(first(panel, PartKind.BREAKER).id, base=panel)


class TestBentDesigns:
    """One fault put into a good drawing, and the check that has to see it."""

    @pytest.mark.parametrize(
        ("bend", "code"),
        [
            pytest.param(
                shifted(PartKind.BREAKER, "L", dx=1), "critic.corridor_gap", id="device nearer the bars"
            ),
            pytest.param(shifted(PartKind.BREAKER, "L", dx=-1), "critic.lanes", id="device into its lane"),
            pytest.param(
                shifted(PartKind.BREAKER, "R", dy=-60), "critic.overlap", id="device on its neighbour"
            ),
            pytest.param(
                shifted(PartKind.BREAKER, "R", dy=60), "critic.row_sums", id="device out of its row"
            ),
            pytest.param(shifted(PartKind.MAIN, dz=1), "critic.outline", id="main deeper than it is"),
            pytest.param(shifted(PartKind.MAIN, dz=7), "critic.door_clearance", id="main too near the door"),
            pytest.param(shifted(PartKind.MAIN, dy=1), "critic.free_spaces", id="main too high"),
            pytest.param(shifted(PartKind.BUSBAR, dx=3), "critic.bar_gap", id="bar nearer the next"),
            pytest.param(shifted(PartKind.BUSBAR, dx=5), "critic.clearance", id="bars too near for 6 kV"),
            pytest.param(shifted(PartKind.CROSS_BAR, dy=-2), "critic.creepage", id="cross-bars too near"),
            pytest.param(
                shifted(PartKind.CROSS_BAR, dx=-40), "critic.cross_bars", id="cross-bar that ends in the air"
            ),
            pytest.param(
                shifted(PartKind.EARTH_BAR, dx=-21), "critic.inside_plate", id="earth bar off the plate"
            ),
            pytest.param(relabelled, "critic.phase_sums", id="another label"),
            pytest.param(dropped, "critic.circuits", id="circuit forgotten"),
        ],
    )
    def test_are_seen(self, bend: Callable[[Drawing], Drawing], code: str) -> None:
        broken = criticism_of("lighting", drawing=bend(design("lighting").drawing))
        assert code in [finding.code for finding in broken.violations]
        assert gates(broken)["critic.violations"].verdict is Verdict.FAIL

    def test_another_box_is_seen(self) -> None:
        broken = criticism_of("lighting", enclosure=replace(design("lighting").enclosure, depth_mm=200))
        assert keys(broken) == ["critic.box.differs"]

    def test_other_phase_sums_are_seen(self) -> None:
        (group,) = design("lighting").phases
        claimed = replace(group, loads_va=tuple(load + 1 for load in group.loads_va))
        assert keys(criticism_of("lighting", phases=(claimed,))) == ["critic.phase_sums"]


class TestEffort:
    def test_two_hundred_circuits_are_checked_in_a_moment(self) -> None:
        """The promise is 60 ms; several times that here, for a shared machine."""
        request = {
            "customer": {"name": "a"},
            "project": "b",
            "panels": [
                {
                    "name": "P",
                    "make": "Sangdo",
                    "mains": [{**MAIN, "rating_a": 400}],
                    "branches": [elb(2, 20, 150), elb(2, 30, 40), mccb(4, 50, 10)],
                }
            ],
        }
        found = estimate(parse_request(request, "request")).panels[0].state.design
        assert found is not None
        spent = []
        for _ in range(3):
            started = perf_counter()
            criticism = criticise(found, rulebook(), catalog())
            spent.append(perf_counter() - started)
        assert criticism.violations == ()
        assert min(spent) < 0.25


def test_a_check_sees_the_context_and_nothing_else() -> None:
    """A check of one's own needs no more than a function."""

    def always(examined: CheckContext) -> list[Finding]:
        return [finding for check in CHECKS[:1] for finding in check.evaluate(examined)]

    assert list(Check(id="own", topic=Topic.SAFETY, evaluate=always).evaluate(context())) == []
