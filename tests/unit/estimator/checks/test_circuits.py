"""Circuits as drawn against circuits as asked for, labels against sums. The panel carries 17,600 / 17,600 / 13,200 VA."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.checks.circuits import circuits, fixed, phase_sums
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import Column, PartKind
from kis.estimator.problem import Position
from tests.factories.drawings import (
    THREE_WIRE,
    accessory,
    added,
    bent,
    breaker,
    context,
    device,
    drawing,
    findings,
    gist,
    lighting,
    main_device,
    one,
    part,
    problem,
    reported,
    spare_way,
    without,
)

VIOLATION = Severity.VIOLATION
RULE = "phases.load_basis"
CIRCUITS = (device("B001"), device("B002"), lighting("B003"), lighting("B004"))


def changed(name: str, **change: Any) -> Any:
    """Return the problem with one circuit changed."""
    return problem(devices=tuple(replace(item, **change) if item.id == name else item for item in CIRCUITS))


class TestCount:
    def test_is_one_in_the_hand_drawn_panel(self) -> None:
        assert findings(circuits) == []

    @pytest.mark.parametrize("name", ["M1", "B001", "B004"])
    def test_what_is_missing_is_named(self, name: str) -> None:
        panel = without(next(item.id for item in drawing().parts if item.device == name))
        finding = one(circuits, context(panel))
        assert gist(finding) == ("critic.circuits.count", VIOLATION, 0, 1)
        assert (finding.code, finding.subjects, finding.rule) == ("critic.circuits", (name,), RULE)

    def test_what_is_drawn_twice_is_named(self) -> None:
        twin = replace(next(item for item in drawing().parts if item.id == "B003"), id="twin")
        finding = one(circuits, context(added(twin)))
        assert (finding.figure, finding.limit, finding.subjects) == (2, 1, ("B003",))

    def test_what_nobody_asked_for_is_named(self) -> None:
        stranger = part("x", PartKind.BREAKER, (400, 410), (320, 330), (30, 60), device="X")
        finding = one(circuits, context(added(stranger)))
        assert (finding.figure, finding.limit, finding.subjects) == (1, 0, ("X",))

    def test_empty_ways_and_accessories_are_counted(self) -> None:
        asked = problem(spare_ways=(spare_way(),), accessories=(accessory("timer1", "timer_24h"),))
        found = findings(circuits, context(problem=asked))
        assert [(item.figure, item.limit, item.subjects) for item in found] == [
            (0, 1, ("E01",)),
            (0, 1, ("timer1",)),
        ]

    def test_ducts_and_bars_stand_for_nothing(self) -> None:
        duct = part("duct", PartKind.DUCT, (60, 540), (100, 140), (30, 70))
        assert findings(circuits, context(added(duct))) == []


class TestKind:
    @pytest.mark.parametrize(
        ("asked", "kind"),
        [
            ("magnetic_contactor", PartKind.CONTACTOR),
            ("timer_24h", PartKind.TIMER),
            ("timer_sunset", PartKind.TIMER),
            ("meter_1ph", PartKind.METER),
            ("meter_3ph", PartKind.METER),
            ("meter_ct", PartKind.METER),
            ("spd", PartKind.SPD),
            ("push_button", PartKind.PUSH_BUTTON),
            ("va_meter", PartKind.DOOR_METER),
        ],
    )
    def test_of_an_accessory_is_its_own(self, asked: str, kind: PartKind) -> None:
        panel = problem(accessories=(accessory("a", asked),))
        right = part("a", kind, (400, 410), (320, 330), (30, 60), device="a")
        assert findings(circuits, context(added(right), problem=panel)) == []
        finding = one(circuits, context(added(replace(right, kind=PartKind.TERMINAL_BLOCK)), problem=panel))
        assert gist(finding) == ("critic.circuits.kind", VIOLATION, None, None)
        assert "terminal_block" in finding.message.text("en")

    def test_of_a_circuit_is_a_breaker(self) -> None:
        found = findings(circuits, context(bent("B003", kind=PartKind.SPARE_WAY)))
        assert found[0].message.key == "critic.circuits.kind"
        assert found[0].subjects == ("B003",)

    def test_of_a_main_is_a_main_and_of_an_empty_way_an_empty_way(self) -> None:
        assert one(circuits, context(bent("main1", kind=PartKind.METER))).subjects == ("M1",)
        way = part("e", PartKind.BREAKER, (400, 470), (320, 353), (30, 92), device="E01")
        assert one(circuits, context(added(way), problem=problem(spare_ways=(spare_way(),)))).subjects == (
            "E01",
        )


class TestLabels:
    @pytest.mark.parametrize(
        ("name", "label", "poles", "lines"),
        [
            ("B003", "", (), 1),
            ("B003", "X", (), 1),
            ("B003", "RS", ("R", "S", "N"), 1),
            ("B001", "RS", ("R", "S"), 3),
            ("B001", "RRS", ("R", "R", "S"), 3),
        ],
    )
    def test_name_as_many_phases_as_the_circuit_loads(
        self, name: str, label: str, poles: tuple[str, ...], lines: int
    ) -> None:
        found = findings(circuits, context(bent(name, phase=label, poles=poles)))
        wrong = [item for item in found if item.message.key == "critic.circuits.lines"]
        assert [gist(item) for item in wrong] == [("critic.circuits.lines", VIOLATION, label or "–", lines)]
        assert wrong[0].subjects == (name,)
        assert wrong[0].where in ("C1L1", "C1L2")

    @pytest.mark.parametrize(
        ("name", "poles", "fits"),
        [
            ("B003", ("R", "N"), True),
            ("B003", ("N", "R"), True),
            ("B003", ("R",), False),
            ("B003", ("S", "N"), False),
            ("B003", (), False),
            ("B001", ("T", "S", "R"), True),
            ("B001", ("R", "S", "T", "N"), False),
            ("B001", ("R", "S", "N"), False),
        ],
    )
    def test_fit_the_poles(self, name: str, poles: tuple[str, ...], fits: bool) -> None:
        found = findings(circuits, context(bent(name, poles=poles)))
        label = {"B003": "R", "B001": "RST"}[name]
        expected = [] if fits else [("critic.circuits.poles", VIOLATION, "-".join(poles) or "–", label)]
        assert [gist(item) for item in found] == expected
        assert [(item.subjects, item.where) for item in found] == (
            [] if fits else [((name,), {"B003": "C1L2", "B001": "C1L1"}[name])]
        )

    def test_a_fourth_pole_is_for_the_neutral(self) -> None:
        four = changed("B001", breaker=breaker(poles=4))
        assert one(circuits, context(problem=four)).message.key == "critic.circuits.poles"
        assert findings(circuits, context(bent("B001", poles=("N", "R", "S", "T")), problem=four)) == []

    def test_where_there_is_no_neutral_no_pole_is_for_it(self) -> None:
        pair = changed("B003", circuit_voltage=380)
        panel = bent("B003", bent("B004", phase="ST", poles=("S", "T")), phase="RS", poles=("R", "S"))
        circuit_pair = replace(
            pair, network=THREE_WIRE, devices=(*pair.devices[:3], lighting("B004", circuit_voltage=380))
        )
        assert findings(circuits, context(panel, problem=circuit_pair)) == []

    def test_a_pair_between_lines_needs_no_neutral_either(self) -> None:
        panel = bent("B003", phase="RS", poles=("R", "S"))
        assert findings(circuits, context(panel, problem=changed("B003", circuit_voltage=380))) == []

    @pytest.mark.parametrize(("poles", "count"), [((), 0), (("R",), 1), (("R", "N"), 0)])
    def test_on_rails_poles_may_go_unlabelled(self, poles: tuple[str, ...], count: int) -> None:
        panel = bent("B003", drawing(style="din_rail"), poles=poles)
        assert len(findings(circuits, context(panel))) == count

    def test_on_rails_phases_may_not(self) -> None:
        panel = bent("B003", drawing(style="din_rail"), phase="", poles=())
        assert one(circuits, context(panel)).message.key == "critic.circuits.lines"

    def test_of_a_duplicate_are_both_read(self) -> None:
        twin = replace(next(item for item in drawing().parts if item.id == "B003"), id="twin", poles=())
        keys = [item.message.key for item in findings(circuits, context(added(twin)))]
        assert keys == ["critic.circuits.count", "critic.circuits.poles"]


class TestOwnMain:
    def test_a_circuit_sits_at_the_bars_of_its_main(self) -> None:
        panel = problem(
            mains=(main_device(), main_device(1)), devices=(*CIRCUITS[:3], replace(CIRCUITS[3], main=1))
        )
        second = replace(drawing().parts[0], id="main2", device="M2")
        finding = one(circuits, context(added(second), problem=panel))
        assert gist(finding) == ("critic.circuits.main", VIOLATION, None, None)
        assert (finding.subjects, finding.where) == (("B004",), "C1R2")
        assert "M2" in finding.message.text("en")
        other = Column(
            index=1, group=1, centre_x=900, corridor=(850, 950), rows=1, rows_top_y=195, rows_sum_mm=40
        )
        moved_there = bent("B004", added(second, base=drawing(columns=(*drawing().columns, other))), column=1)
        assert findings(circuits, context(moved_there, problem=panel)) == []

    @pytest.mark.parametrize(("group", "count"), [(0, 0), (1, 1)])
    def test_without_columns_its_group_tells(self, group: int, count: int) -> None:
        panel = bent("B003", drawing(columns=()), group=group)
        assert len(findings(circuits, context(panel))) == count


class TestPhaseSums:
    def test_agree_in_the_hand_drawn_panel(self) -> None:
        assert findings(phase_sums) == []

    @pytest.mark.parametrize(
        ("loads", "text"),
        [
            ((17600, 17600, 13201), "17600 / 17600 / 13201"),
            ((17600, 13200, 17600), "17600 / 13200 / 17600"),
            ((), ""),
        ],
    )
    def test_loads_must_agree_to_the_last_volt_ampere(self, loads: tuple[int, ...], text: str) -> None:
        group = reported(loads_va=tuple(map(Fraction, loads)))
        finding = one(phase_sums, context(reported=(group,)))
        assert gist(finding) == ("critic.phase_sums", VIOLATION, "17600 / 17600 / 13200", text)
        assert (finding.where, finding.unit, finding.rule) == ("M1", "VA", RULE)

    def test_a_third_of_a_volt_ampere_is_shown_rounded(self) -> None:
        group = reported(loads_va=(Fraction(52801, 3), Fraction(17600), Fraction(13200)))
        assert one(phase_sums, context(reported=(group,))).limit == "17600.3 / 17600 / 13200"

    @pytest.mark.parametrize(
        ("counts", "agree"), [((1, 1, 0), True), ((3, 3, 2), True), ((1, 0, 1), False), ((2, 1, 0), False)]
    )
    def test_counts_must_agree_but_for_circuits_on_all_phases(
        self, counts: tuple[int, ...], agree: bool
    ) -> None:
        found = findings(phase_sums, context(reported=(reported(counts=counts),)))
        text = " / ".join(map(str, counts))
        assert [gist(item) for item in found] == (
            [] if agree else [("critic.phase_sums.counts", VIOLATION, "1 / 1 / 0", text)]
        )
        assert [item.where for item in found] == ([] if agree else ["M1"])

    def test_a_moved_label_is_seen_in_sum_count_and_name(self) -> None:
        found = findings(phase_sums, context(bent("B003", phase="T", poles=("T", "N"))))
        assert [item.message.key for item in found] == [
            "critic.phase_sums",
            "critic.phase_sums.counts",
            "critic.phase_sums.label",
        ]
        assert gist(found[2]) == ("critic.phase_sums.label", VIOLATION, "T", "R")
        assert (found[2].subjects, found[2].rule) == (("B003",), RULE)

    def test_an_exchange_of_equal_circuits_is_seen_by_name(self) -> None:
        panel = bent("B003", bent("B004", phase="R"), phase="S")
        assert [item.subjects for item in findings(phase_sums, context(panel))] == [("B003",), ("B004",)]

    def test_a_circuit_without_a_label_is_seen(self) -> None:
        found = findings(phase_sums, context(without("B003")))
        assert gist(found[-1]) == ("critic.phase_sums.label", VIOLATION, "–", "R")

    def test_a_circuit_reported_nowhere_is_seen(self) -> None:
        group = reported(lines={**reported().lines, "B003": ()})
        assert gist(one(phase_sums, context(reported=(group,)))) == (
            "critic.phase_sums.label",
            VIOLATION,
            "R",
            "–",
        )

    def test_the_order_of_lines_is_no_difference(self) -> None:
        group = reported(lines={**reported().lines, "B001": ("T", "S", "R")})
        assert findings(phase_sums, context(reported=(group,))) == []

    def test_every_main_is_reported(self) -> None:
        finding = one(phase_sums, context(problem=problem(mains=(main_device(), main_device(1)))))
        assert gist(finding) == ("critic.phase_sums.none", VIOLATION, None, None)
        assert finding.where == "M2"

    def test_mains_are_told_apart_by_their_number(self) -> None:
        idle = reported(main=1, applicable=False, loads_va=(Fraction(0),) * 3, counts=(0, 0, 0), lines={})
        two = problem(mains=(main_device(), main_device(1)))
        assert findings(phase_sums, context(problem=two, reported=(idle, reported()))) == []

    def test_where_nothing_applies_nothing_need_be_reported(self) -> None:
        nothing = reported(applicable=False, loads_va=(), counts=(), lines={})
        assert findings(phase_sums, context(reported=(nothing,))) == []
        claimed = reported(applicable=False, loads_va=(Fraction(1),) * 3)
        assert one(phase_sums, context(reported=(claimed,))).message.key == "critic.phase_sums"


class TestFixed:
    def test_nothing_fixed_is_kept(self) -> None:
        assert findings(fixed) == []

    @pytest.mark.parametrize(("index", "wanted"), [(0, None), (1, "S"), (2, "T")])
    def test_a_fixed_phase_is_kept(self, index: int, wanted: str | None) -> None:
        # B003 is drawn on R
        found = findings(fixed, context(problem=changed("B003", fixed=(index,))))
        assert [gist(item) for item in found] == (
            [("critic.fixed.phase", VIOLATION, "R", wanted)] if wanted else []
        )
        assert [(item.subjects, item.rule) for item in found] == (
            [(("B003",), "phases.turn_labels")] if wanted else []
        )

    def test_a_fixed_pair_is_kept_either_way_round(self) -> None:
        panel = bent("B003", phase="TR", poles=("T", "R"))
        assert (
            findings(fixed, context(panel, problem=changed("B003", fixed=(0, 2), circuit_voltage=380))) == []
        )
        finding = one(fixed, context(panel, problem=changed("B003", fixed=(0, 1), circuit_voltage=380)))
        assert (finding.figure, finding.limit) == ("TR", "RS")

    def test_a_fixed_circuit_that_is_not_drawn_is_not_kept(self) -> None:
        assert one(fixed, context(without("B003"), problem=changed("B003", fixed=(0,)))).figure == "–"

    @pytest.mark.parametrize(
        ("position", "wanted"),
        [
            (Position(side="L", row=2), None),
            (Position(side="R", row=2), "C1R2"),
            (Position(side="L", row=1), "C1L1"),
            (Position(side="L", row=2, column=2), "C2L2"),
        ],
    )
    def test_a_fixed_place_is_kept(self, position: Position, wanted: str | None) -> None:
        found = findings(fixed, context(problem=changed("B003", position=position)))
        assert [gist(item) for item in found] == (
            [("critic.fixed.place", VIOLATION, "C1L2", wanted)] if wanted else []
        )
        assert [(item.subjects, item.rule) for item in found] == (
            [(("B003",), "layout.order")] if wanted else []
        )

    def test_columns_of_a_place_count_within_its_main(self) -> None:
        own = Column(
            index=4, group=0, centre_x=900, corridor=(850, 950), rows=1, rows_top_y=195, rows_sum_mm=40
        )
        panel = bent("B003", drawing(columns=(own, *drawing().columns)), column=4)
        asked = changed("B003", position=Position(side="L", row=2, column=2))
        assert findings(fixed, context(panel, problem=asked)) == []
        finding = one(fixed, context(bent("B003", column=9), problem=asked))
        assert finding.figure == "C0L2"

    def test_of_a_circuit_that_is_not_drawn_is_the_matter_of_another_check(self) -> None:
        asked = changed("B003", position=Position(side="R", row=9))
        assert findings(fixed, context(without("B003"), problem=asked)) == []

    def test_rails_have_no_such_places(self) -> None:
        asked = changed("B003", position=Position(side="R", row=9))
        assert findings(fixed, context(drawing(style="din_rail"), problem=asked)) == []
