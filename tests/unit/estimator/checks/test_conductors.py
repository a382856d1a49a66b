"""Bars against their current: 3T×15 162 A, 5T×20 274 A, 6T×30 421 A, 8T×40 628 A (DIN 43671; the last two interpolated)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.checks.conductors import (
    HEADER_COLUMN,
    BarVerdict,
    BusbarReport,
    busbar_reports,
    ladder_step,
    section_mm2,
    section_text,
)
from kis.estimator.checks.loads import MainLoad
from kis.estimator.layout.drawing import Drawing, Part, PartKind
from tests.factories.drawings import (
    device,
    drawing,
    figures,
    lighting,
    main_device,
    part,
    problem,
    rulebook,
    rules_with,
)

RULES = rulebook()


def bar(width_mm: int, thickness_mm: int, column: int = 0, group: int = 0, name: str = "R") -> Part:
    z = (70, 70 + thickness_mm)
    return part(
        f"bar{column}{group}{name}",
        PartKind.BUSBAR,
        (0, width_mm),
        (0, 400),
        z,
        phase=name,
        column=column,
        group=group,
    )


def header(width_mm: int, thickness_mm: int) -> Part:
    return part(
        "header", PartKind.HEADER_BAR, (0, 900), (400, 400 + width_mm), (70, 70 + thickness_mm), phase="R"
    )


def load(rating_a: int, current_a: int | Fraction, index: int = 0) -> MainLoad:
    return MainLoad(
        index=index,
        main=main_device(index, rating_a=rating_a),
        circuits=1,
        diversity_factor=Fraction(1),
        heaviest_a=Fraction(current_a),
        limit_a=Fraction(rating_a) * Fraction(4, 5),
        scale=Fraction(1),
        current_a=Fraction(current_a),
    )


def reports(
    parts: tuple[Part, ...], *mains: MainLoad, top_air_c: str = "55", **own: Any
) -> tuple[BusbarReport, ...]:
    sheet: Drawing = drawing(parts=parts)
    rules = own.pop("rules", RULES)
    return busbar_reports(
        own.get("problem", problem(devices=())),
        sheet,
        mains,
        own.get("currents", {}),
        own.get("lines", {}),
        Decimal(top_air_c),
        rules,
    )


def only(parts: tuple[Part, ...], main: MainLoad, **own: Any) -> BusbarReport:
    (report,) = reports(parts, main, **own)
    return report


class TestVerdict:
    @pytest.mark.parametrize(
        ("size", "rating_a", "verdict"),
        [
            ((15, 3), 162, BarVerdict.PASS),
            ((15, 3), 163, BarVerdict.WARN),
            ((20, 5), 250, BarVerdict.PASS),
            ((30, 6), 400, BarVerdict.PASS),
            ((40, 8), 600, BarVerdict.PASS),
            ((40, 8), 628, BarVerdict.PASS),
            ((40, 8), 629, BarVerdict.WARN),
        ],
    )
    def test_passes_up_to_its_table_current(
        self, size: tuple[int, int], rating_a: int, verdict: BarVerdict
    ) -> None:
        assert only((bar(*size),), load(rating_a, 10)).verdict is verdict

    @pytest.mark.parametrize(
        ("air", "carries", "verdict"), [("58", "570.2", BarVerdict.WARN), ("59", "557.2", BarVerdict.REFUSED)]
    )
    def test_of_seven_hundred_amperes_depends_on_the_air(
        self, air: str, carries: str, verdict: BarVerdict
    ) -> None:
        # 628 · ((85 − air) ÷ 30)^0.61 · √(299.5 ÷ 319.5) against 0.8 · 700 = 560 A
        report = only((bar(40, 8),), load(700, 560), top_air_c=air)
        assert (report.hot_ampacity_a, report.verdict) == (Decimal(carries), verdict)

    def test_of_eight_hundred_amperes_is_a_refusal(self) -> None:
        report = only((bar(40, 8),), load(800, 640), top_air_c="57.19")
        assert report.verdict is BarVerdict.REFUSED
        assert report.hot_ampacity_a == Decimal("580.6")
        assert figures(report.ampacity_a, report.needed_a, report.current_a) == (628, 800, 640)
        assert report.passing == "10T×50"
        assert report.air_c == Decimal("57.19")

    def test_of_eight_hundred_amperes_with_small_loads_is_a_warning(self) -> None:
        assert only((bar(40, 8),), load(800, 500), top_air_c="57.19").verdict is BarVerdict.WARN

    @pytest.mark.parametrize(
        ("current", "verdict"), [("580.6", BarVerdict.WARN), ("580.7", BarVerdict.REFUSED)]
    )
    def test_warns_up_to_exactly_what_the_hot_bar_carries(self, current: str, verdict: BarVerdict) -> None:
        assert only((bar(40, 8),), load(800, Fraction(current)), top_air_c="57.19").verdict is verdict

    def test_follows_the_bar_limit_of_the_rulebook(self) -> None:
        # at 65 °C and 35 °C air the table value itself
        report = only((bar(40, 8),), load(800, 628), top_air_c="35", rules=rules_with("critic", bar_limit=65))
        assert (report.hot_ampacity_a, report.verdict) == (Decimal("628.0"), BarVerdict.WARN)

    def test_of_an_unknown_bar_is_a_refusal(self) -> None:
        report = only((bar(33, 7),), load(100, 80))
        assert (report.verdict, report.ampacity_a, report.hot_ampacity_a) == (BarVerdict.REFUSED, None, None)
        assert figures(report.verified, report.section, report.section_mm2) == (False, "7T×33", 231)
        assert report.passing == "2T×12"  # 108 A, the least copper that carries 100 A

    def test_says_whether_the_figure_is_a_table_value(self) -> None:
        assert only((bar(20, 5),), load(250, 200)).verified
        assert not only((bar(30, 6),), load(400, 320)).verified

    def test_needs_no_other_bar_where_it_passes(self) -> None:
        report = only((bar(15, 3),), load(100, 80))
        assert (report.passing, report.section, report.section_mm2) == (None, "3T×15", Decimal("44.5"))
        assert (report.main, report.column) == (0, 0)


class TestPassing:
    @pytest.mark.parametrize(
        ("rating_a", "passing"),
        [
            # pitch 70 leaves 62 mm: 10T×50 (852 A) up to 852 A, 10T×60 (985 A) above; 10T×80 would be 18 mm too wide
            (800, "10T×50"),
            (852, "10T×50"),
            (853, "10T×60"),
            (985, "10T×60"),
            (986, None),
            # pitch 46 leaves 38: 10T×30 (573 A)
            (400, "10T×30"),
            # pitch 35 leaves 27: 5T×20 (274 A)
            (250, "5T×20"),
        ],
    )
    def test_is_the_smallest_listed_bar_at_the_ladders_pitch(
        self, rating_a: int, passing: str | None
    ) -> None:
        assert only((bar(12, 2),), load(rating_a, 10)).passing == passing

    @pytest.mark.parametrize(("gap", "passing"), [(20, "10T×50"), (21, None)])
    def test_leaves_the_bar_gap_free(self, gap: int, passing: str | None) -> None:
        assert only((bar(40, 8),), load(800, 640), rules=rules_with("layout", bar_gap=gap)).passing == passing

    def test_is_named_beside_a_warning_too(self) -> None:
        assert only((bar(40, 8),), load(800, 500)).passing == "10T×50"


class TestDemand:
    def test_the_thinnest_bar_counts(self) -> None:
        report = only((bar(20, 5), bar(15, 3, name="S"), bar(20, 3, name="T")), load(100, 80))
        assert report.section == "3T×15"

    @pytest.mark.parametrize("other", [(12, 10), (40, 2)])
    def test_the_thinnest_is_that_of_least_section(self, other: tuple[int, int]) -> None:
        # 45 mm² against 120 and 80
        assert only((bar(*other), bar(15, 3, name="S")), load(100, 80)).section == "3T×15"

    def test_columns_without_a_header_carry_the_whole_rating(self) -> None:
        first, second = reports((bar(20, 5), bar(20, 5, column=1)), load(250, 200))
        assert figures(first.needed_a, second.needed_a) == (250, 250)
        assert (first.column, second.column) == (0, 1)
        assert second.current_a == 200

    def test_a_header_carries_the_rating_and_columns_their_share(self) -> None:
        circuits = (device("a"), lighting("b"), lighting("c"))
        seats = (
            part("a", PartKind.BREAKER, (0, 9), (0, 9), (30, 40), device="a", column=0),
            part("b", PartKind.BREAKER, (0, 9), (9, 18), (30, 40), device="b", column=1),
            part("c", PartKind.BREAKER, (0, 9), (18, 27), (30, 40), device="c", column=1),
        )
        own: dict[str, Any] = {
            "problem": problem(devices=circuits),
            "currents": {"a": Fraction(100), "b": Fraction(12), "c": Fraction(12)},
            "lines": {"a": ("R", "S", "T"), "b": ("S",), "c": ("T",)},
        }
        parts = (header(30, 6), bar(20, 5), bar(15, 3, column=1), *seats)
        whole, first, second = reports(parts, load(400, 112), **own)
        assert figures(whole.column, whole.section, whole.needed_a, whole.current_a) == (
            HEADER_COLUMN,
            "6T×30",
            400,
            112,
        )
        # half of 400 A, which is more than the 100 A drawn
        assert figures(first.column, first.section, first.needed_a, first.current_a) == (0, "5T×20", 200, 100)
        # the heaviest phase of b and c
        assert figures(second.column, second.section, second.needed_a, second.current_a) == (
            1,
            "3T×15",
            200,
            12,
        )
        assert second.verdict is BarVerdict.WARN
        # by the ladder for 200 A: pitch 35, at most 27 wide
        assert second.passing == "3T×20"

    def test_a_column_that_draws_more_than_its_share_must_carry_it(self) -> None:
        own: dict[str, Any] = {
            "problem": problem(devices=(device("a"),)),
            "currents": {"a": Fraction(300)},
            "lines": {"a": ("R", "S", "T")},
        }
        seat = part("a", PartKind.BREAKER, (0, 9), (0, 9), (30, 40), device="a", column=0)
        _, first, second = reports(
            (header(30, 6), bar(20, 5), bar(20, 5, column=1), seat), load(400, 300), **own
        )
        assert figures(first.needed_a, first.current_a) == (300, 300)
        assert figures(second.needed_a, second.current_a) == (200, 0)

    def test_circuits_of_another_main_weigh_nothing(self) -> None:
        own: dict[str, Any] = {
            "problem": problem(mains=(main_device(), main_device(1)), devices=(device("a", main=1),)),
            "currents": {"a": Fraction(300)},
            "lines": {"a": ("R", "S", "T")},
        }
        seat = part("a", PartKind.BREAKER, (0, 9), (0, 9), (30, 40), device="a", column=0)
        _, first, _ = reports((header(30, 6), bar(20, 5), bar(20, 5, column=1), seat), load(400, 300), **own)
        assert first.current_a == 0

    def test_each_main_has_bars_of_its_own(self) -> None:
        first, second = reports((bar(15, 3), bar(20, 5, column=1, group=1)), load(100, 80), load(250, 200, 1))
        assert figures(first.main, first.section, first.needed_a) == (0, "3T×15", 100)
        assert figures(second.main, second.section, second.needed_a) == (1, "5T×20", 250)

    def test_without_bars_there_is_no_report(self) -> None:
        assert reports((), load(100, 80)) == ()

    def test_a_bar_of_unknown_thickness_is_unknown(self) -> None:
        assert only((replace(bar(15, 3), z1=None),), load(100, 80)).section == "0T×15"


class TestSections:
    def test_are_written_thickness_first(self) -> None:
        assert section_text(15, 3) == "3T×15"

    def test_are_the_listed_ones(self) -> None:
        assert section_mm2(15, 3) == Decimal("44.5")
        assert section_mm2(17, 3) == 51

    @pytest.mark.parametrize(
        ("current", "width"),
        [(100, 15), (Fraction(201, 2), 20), (250, 20), (251, 30), (400, 30), (401, 40), (2000, 40)],
    )
    def test_of_the_shop_follow_the_current(self, current: Fraction | int, width: int) -> None:
        assert ladder_step(current, RULES).width_mm == width
