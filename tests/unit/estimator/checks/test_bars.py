"""Bars and cross-bars of the hand-drawn panel: bars at x 255, 280, 305, 330, each 15 wide."""

from dataclasses import replace
from typing import Any

import pytest

from kis.estimator.checks.bars import bar_gap, bars, cross_bars
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import Column, Drawing, Part, PartKind
from tests.factories.drawings import (
    BAR_CENTRE,
    added,
    bent,
    context,
    cross_bar,
    drawing,
    findings,
    gist,
    main_device,
    one,
    part,
    problem,
    without,
)

VIOLATION = Severity.VIOLATION


def header(name: str, y: tuple[int, int], group: int = 0) -> Part:
    return part(f"header{name}", PartKind.HEADER_BAR, (200, 400), y, (70, 73), phase=name, group=group)


def two_columns() -> Drawing:
    """Return the panel with a second column of four bars further right."""
    panel = drawing()
    second = Column(
        index=1, group=0, centre_x=900, corridor=(850, 950), rows=0, rows_top_y=270, rows_sum_mm=115
    )
    more = tuple(
        replace(item, id=f"second{item.phase}", x0=item.x0 + 600, x1=item.x1 + 600, column=1)
        for item in panel.of(PartKind.BUSBAR)
    )
    return replace(panel, columns=(*panel.columns, second), parts=(*panel.parts, *more))


class TestBars:
    def test_are_those_of_the_network(self) -> None:
        assert findings(bars) == []

    def test_a_missing_bar_is_seen(self) -> None:
        finding = one(bars, context(without("barT")))
        assert gist(finding) == ("critic.bars", VIOLATION, "R S N", "R S T N")
        assert (finding.where, finding.rule) == ("C1", "layout.bar_ladder")

    def test_none_at_all_is_seen(self) -> None:
        assert one(bars, context(without("barR", "barS", "barT", "barN"))).figure == "0"

    def test_they_stand_in_the_order_of_the_network(self) -> None:
        swapped = bent("barR", bent("barS", phase="R"), phase="S")
        assert one(bars, context(swapped)).figure == "S R T N"

    def test_columns_are_joined_by_headers(self) -> None:
        finding = one(bars, context(two_columns()))
        assert gist(finding) == ("critic.bars", VIOLATION, "0", "R S T N")
        assert finding.where == "M1"
        headers = [header(name, (280 + 4 * number, 282 + 4 * number)) for number, name in enumerate("NTSR")]
        assert findings(bars, context(added(*headers, base=two_columns()))) == []

    def test_headers_of_another_main_do_not_count(self) -> None:
        headers = [
            header(name, (280 + 4 * number, 282 + 4 * number), group=1) for number, name in enumerate("NTSR")
        ]
        panel = added(*headers, base=two_columns())
        two_mains = problem(mains=(main_device(), main_device(1)))
        found = findings(bars, context(panel, problem=two_mains))
        assert [(item.where, item.figure, item.limit) for item in found] == [
            ("M1", "0", "R S T N"),
            ("M2", "N T S R", "0"),
        ]

    def test_a_single_column_needs_none(self) -> None:
        assert one(bars, context(added(header("R", (280, 285))))).limit == "0"


class TestBarGap:
    def test_is_ten_millimetres_in_the_hand_drawn_panel(self) -> None:
        assert findings(bar_gap) == []

    @pytest.mark.parametrize(("x0", "gap"), [(278, None), (277, 7)])
    def test_must_be_eight(self, x0: int, gap: int | None) -> None:
        # the bar R ends at x 270
        found = findings(bar_gap, context(bent("barS", x0=x0)))
        assert [gist(item) for item in found] == ([("critic.bar_gap", VIOLATION, gap, 8)] if gap else [])
        assert [(item.subjects, item.rule, item.unit) for item in found] == (
            [(("barR", "barS"), "layout.bar_gap", "mm")] if gap else []
        )

    @pytest.mark.parametrize(("y0", "gap"), [(308, None), (307, 7)])
    def test_holds_between_header_bars(self, y0: int, gap: int | None) -> None:
        panel = added(header("R", (y0, 320)), header("S", (290, 300)))
        found = findings(bar_gap, context(panel))
        assert [(item.figure, item.subjects) for item in found] == (
            [(gap, ("headerS", "headerR"))] if gap else []
        )

    def test_other_mains_have_headers_of_their_own(self) -> None:
        panel = added(header("R", (290, 300)), header("S", (301, 310), group=1))
        assert findings(bar_gap, context(panel, problem=problem(mains=(main_device(), main_device(1))))) == []

    def test_every_column_is_looked_at(self) -> None:
        panel = bent("barS", bent("secondS", two_columns(), x0=877), x0=277)
        assert [item.subjects for item in findings(bar_gap, context(panel))] == [
            ("barR", "barS"),
            ("secondR", "secondS"),
        ]

    def test_bars_of_other_columns_are_no_neighbours(self) -> None:
        assert findings(bar_gap, context(two_columns())) == []


class TestCrossBars:
    def test_reach_their_bars_in_the_hand_drawn_panel(self) -> None:
        assert findings(cross_bars) == []

    @pytest.mark.parametrize(
        ("name", "change", "reaches"),
        [
            ("B003.R", {"x1": 255}, True),
            ("B003.R", {"x1": 254}, False),
            ("B003.R", {"x1": 270}, True),
            ("B003.R", {"x1": 271}, False),
            ("B004.S", {"x0": 295}, True),
            ("B004.S", {"x0": 296}, False),
            ("B004.S", {"x0": 280}, True),
            ("B004.S", {"x0": 279}, False),
            ("B004.S", {"y0": 155}, True),
            ("B004.S", {"y0": 154}, False),
            ("B001.R", {"y1": 300}, True),
            ("B001.R", {"y1": 301}, False),
            ("B003.R", {"phase": "S"}, False),
            ("B003.R", {"column": 1}, False),
        ],
    )
    def test_end_on_the_bar_they_are_named_for(
        self, name: str, change: dict[str, Any], reaches: bool
    ) -> None:
        missed = [
            item
            for item in findings(cross_bars, context(bent(name, **change)))
            if item.message.key.endswith("misses")
        ]
        assert [(item.code, item.subjects, item.rule, item.severity) for item in missed] == (
            [] if reaches else [("critic.cross_bars", (name,), "layout.bar_ladder", VIOLATION)]
        )

    def test_a_missed_bar_is_named(self) -> None:
        finding = findings(cross_bars, context(bent("B003.R", x1=254)))[0]
        assert finding.message.text("en").endswith("the bar R.")
        assert finding.where == "C1L2"

    def test_one_for_each_pole(self) -> None:
        finding = one(cross_bars, context(without("B001.S")))
        assert gist(finding) == ("critic.cross_bars.poles", VIOLATION, "R-T", "R-S-T")
        assert (finding.where, finding.subjects, finding.rule) == ("C1L1", ("B001",), "layout.bar_ladder")

    def test_from_the_top_in_the_order_of_the_poles(self) -> None:
        swapped = bent("B003.R", bent("B003.N", y0=178, y1=190), y0=158, y1=170)
        # N lies right of the S that faces it then
        poles, crossed = findings(cross_bars, context(swapped))
        assert (poles.figure, crossed.message.key) == ("N-R", "critic.cross_bars.crossed")

    @pytest.mark.parametrize(
        ("name", "change"), [("B003.R", {"x0": 241}), ("B003.R", {"x0": 239}), ("B004.S", {"x1": 361})]
    )
    def test_begin_at_their_device(self, name: str, change: dict[str, int]) -> None:
        assert one(cross_bars, context(bent(name, **change))).message.key == "critic.cross_bars.poles"

    def test_of_a_device_that_is_not_there_are_stray(self) -> None:
        finding = one(cross_bars, context(without("B003")))
        assert gist(finding) == ("critic.cross_bars.stray", VIOLATION, None, None)
        assert (finding.subjects, finding.rule) == (("B003",), "layout.bar_ladder")

    def test_a_device_without_poles_needs_none(self) -> None:
        panel = without("B003.R", "B003.N", base=bent("B003", poles=()))
        assert findings(cross_bars, context(panel)) == []

    def test_facing_ones_do_not_cross(self) -> None:
        # left to S, right to R, at one level
        left, right = (
            cross_bar("B003", "L", 1, "S", 240, (178, 190)),
            cross_bar("B004", "R", 1, "R", 360, (178, 190)),
        )
        panel = bent("B003", bent("B004", poles=("R", "N")), poles=("S", "N"))
        panel = added(left, right, base=without("B003.R", "B004.S", base=panel))
        finding = one(cross_bars, context(panel))
        assert gist(finding) == ("critic.cross_bars.crossed", VIOLATION, "S", "R")
        assert (finding.where, finding.subjects) == ("C1L2, C1R2", ("B003.S", "B004.R"))
        assert finding.rule == "phases.facing_pair_shares_phase"

    def test_one_bar_may_serve_both_sides(self) -> None:
        right = cross_bar("B004", "R", 1, "R", 360, (178, 190))
        panel = added(right, base=without("B004.S", base=bent("B004", poles=("R", "N"))))
        assert findings(cross_bars, context(panel)) == []

    @pytest.mark.parametrize(("y", "count"), [((191, 195), 0), ((190, 195), 0), ((189, 195), 1)])
    def test_other_levels_do_not_cross(self, y: tuple[int, int], count: int) -> None:
        # left to T at y 178…190, right to S; the right one lies higher
        left = cross_bar("B003", "L", 1, "T", 240, (178, 190))
        right = replace(cross_bar("B004", "R", 1, "S", 360, y), id="B004.S")
        panel = added(left, right, base=without("B003.R", "B004.S", base=bent("B003", poles=("T", "N"))))
        crossed = [
            item for item in findings(cross_bars, context(panel)) if item.message.key.endswith("crossed")
        ]
        assert len(crossed) == count

    def test_rows_do_not_cross_each_other(self) -> None:
        # the T of row 1 and the R of row 2 at one level belong to different rows
        panel = bent("B001.T", bent("B004.S", row=2, y0=200, y1=215, phase="R", x0=262), y0=200, y1=215)
        crossed = [
            item for item in findings(cross_bars, context(panel)) if item.message.key.endswith("crossed")
        ]
        assert crossed == []

    def test_columns_do_not_cross_each_other(self) -> None:
        panel = two_columns()
        other = replace(cross_bar("X", "R", 1, "R", 960, (178, 190)), column=1, x0=BAR_CENTRE["R"] + 600)
        panel = bent("B003.R", added(other, base=panel), phase="S")
        crossed = [
            item for item in findings(cross_bars, context(panel)) if item.message.key.endswith("crossed")
        ]
        assert crossed == []

    def test_an_unknown_bar_crosses_nothing(self) -> None:
        found = findings(cross_bars, context(bent("B003.R", phase="X")))
        assert "critic.cross_bars.crossed" not in [item.message.key for item in found]
