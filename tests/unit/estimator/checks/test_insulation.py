"""Clearance 5.5 mm and creepage 6.3 mm between bars of different phases: 6 kV, pollution degree 3, group III, 400 V."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kis.estimator.checks.insulation import clearance, clearance_mm, creepage, creepage_mm, crossings
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import PartKind
from tests.factories.drawings import (
    added,
    bent,
    context,
    drawing,
    findings,
    gist,
    one,
    part,
    rulebook,
    rules_with,
    without,
)

VIOLATION = Severity.VIOLATION
CLEARANCE, CREEPAGE = Decimal("5.5"), Decimal("6.3")


class TestLimits:
    def test_are_those_of_the_shipped_rulebook(self) -> None:
        assert clearance_mm(rulebook()) == CLEARANCE
        assert creepage_mm(rulebook()) == CREEPAGE

    def test_follow_the_rulebook(self) -> None:
        assert clearance_mm(rules_with("critic", rated_impulse_kv=4)) == 3
        rules = rules_with("critic", pollution_degree=2, material_group="I", insulation_voltage=250)
        assert creepage_mm(rules) == CLEARANCE  # 1.25 mm, but never below the clearance
        assert creepage_mm(rules_with("critic", insulation_voltage=630)) == 10


class TestDistances:
    def test_are_kept_in_the_hand_drawn_panel(self) -> None:
        assert findings(clearance) == []
        assert findings(creepage) == []

    @pytest.mark.parametrize(("gap", "clear", "creep"), [(7, 0, 0), (6, 0, 1), (5, 1, 1)])
    def test_between_vertical_bars(self, gap: int, clear: int, creep: int) -> None:
        # the bar S ends at x 295
        examined = context(bent("barT", x0=295 + gap, x1=320))
        for check, limit, count, rule in (
            (clearance, CLEARANCE, clear, "critic.rated_impulse_kv"),
            (creepage, CREEPAGE, creep, "critic.pollution_degree"),
        ):
            found = findings(check, examined)
            assert [gist(item) for item in found] == [
                (f"critic.{check.__name__}", VIOLATION, gap, limit)
            ] * count
            assert [(item.subjects, item.rule, item.unit) for item in found] == [
                (("barS", "barT"), rule, "mm")
            ] * count

    @pytest.mark.parametrize(("gap", "count"), [(7, 0), (6, 1)])
    def test_between_header_bars(self, gap: int, count: int) -> None:
        bars = [
            part("r", PartKind.HEADER_BAR, (200, 400), (280, 285), (70, 73), phase="R"),
            part("s", PartKind.HEADER_BAR, (200, 400), (285 + gap, 299), (70, 73), phase="S"),
        ]
        assert len(findings(creepage, context(added(*bars)))) == count

    @pytest.mark.parametrize(("y1", "count"), [(171, 0), (172, 1)])
    def test_between_cross_bars(self, y1: int, count: int) -> None:
        # B003.R begins at y 178, and so does the B004.S that faces it
        found = findings(creepage, context(bent("B003.N", y1=y1)))
        expected = [(6, "C1L2, C1L2", ("B003.N", "B003.R")), (6, "C1L2, C1R2", ("B003.N", "B004.S"))]
        assert [(item.figure, item.where, item.subjects) for item in found] == expected[: 2 * count]

    @pytest.mark.parametrize(("x0", "count"), [(297, 0), (296, 1)])
    def test_between_the_terminal_bars(self, x0: int, count: int) -> None:
        # the earth bar ends at x 290
        assert len(findings(creepage, context(bent("neutral_bar", x0=x0)))) == count

    def test_bars_of_one_phase_need_none(self) -> None:
        assert findings(creepage, context(bent("barT", x0=296, x1=320, phase="S"))) == []

    def test_layers_are_not_compared(self) -> None:
        # a header bar may sit on the bars it feeds
        header = part("h", PartKind.HEADER_BAR, (200, 400), (300, 315), (70, 73), phase="N")
        assert findings(creepage, context(added(header))) == []

    @pytest.mark.parametrize(("dx", "dy", "count"), [(4, 5, 0), (4, 4, 1), (6, 1, 1), (6, 2, 0)])
    def test_a_diagonal_counts_in_a_straight_line(self, dx: int, dy: int, count: int) -> None:
        # √41 = 6.40, √32 = 5.66, √37 = 6.08, √40 = 6.32 against 6.3; earth bar ends at (290, 90)
        panel = bent("neutral_bar", x0=290 + dx, y0=90 + dy, y1=120)
        found = findings(creepage, context(panel))
        assert len(found) == count
        if count:
            assert str(found[0].figure) == {4: "5.6", 6: "6.0"}[dx]

    def test_the_phases_are_named(self) -> None:
        finding = one(clearance, context(bent("barT", x0=300, x1=320)))
        assert "S-T" in finding.message.text("en")
        assert finding.where == ""


class TestCrossings:
    def test_are_a_recommendation(self) -> None:
        # row 1: S and T from the left pass 1 + 2 bars, R S T from the right 3 + 2 + 1; row 2: N from the left 3, S from the right 2
        finding = one(crossings, context())
        assert gist(finding) == ("critic.crossings", Severity.RECOMMENDATION, 0, CREEPAGE)
        assert finding.message.values["count"] == 14
        assert (finding.rule, finding.unit) == ("critic.pollution_degree", "mm")

    @pytest.mark.parametrize(("z0", "count"), [(80, 0), (79, 1)])
    def test_far_in_front_they_need_nothing(self, z0: int, count: int) -> None:
        panel = drawing()
        parts = tuple(
            replace(item, z0=z0, z1=z0 + 3) if item.kind is PartKind.CROSS_BAR else item
            for item in panel.parts
        )
        found = findings(crossings, context(replace(panel, parts=parts)))
        assert [item.figure for item in found] == [6] * count

    @pytest.mark.parametrize(("x1", "count"), [(280, 0), (281, 1)])
    def test_begin_where_a_bar_is_covered(self, x1: int, count: int) -> None:
        # one cross-bar left, to the bar R
        lone = bent("B003.R", x1=x1)
        panel = replace(
            lone,
            parts=tuple(
                item for item in lone.parts if item.kind is not PartKind.CROSS_BAR or item.id == "B003.R"
            ),
        )
        assert sum(item.message.values["count"] == 1 for item in findings(crossings, context(panel))) == count

    @pytest.mark.parametrize(("y0", "count"), [(190, 0), (189, 1)])
    def test_need_a_bar_at_their_height(self, y0: int, count: int) -> None:
        lone = bent("barS", y0=y0)
        keep = ("B004.S", "barS", "barT")
        panel = replace(lone, parts=tuple(item for item in lone.parts if item.id in keep))
        panel = bent("B004.S", bent("barT", panel, phase="S"), x0=262)
        renamed = bent("barS", panel, phase="R")
        assert len(findings(crossings, context(renamed))) == count

    def test_other_columns_are_not_passed(self) -> None:
        panel = bent("B003.N", column=1)
        assert one(crossings, context(panel)).message.values["count"] == 11

    def test_without_cross_bars_there_are_none(self) -> None:
        names = [item.id for item in drawing().of(PartKind.CROSS_BAR)]
        assert findings(crossings, context(without(*names))) == []
