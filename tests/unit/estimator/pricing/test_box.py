"""The lines that depend on the box, each by hand: custom boxes, copper, coating, cover, base, sundries, work."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from kis.estimator.layout.drawing import Zones
from kis.estimator.layout.groups import bar_step
from kis.estimator.layout.plans import GroupPlan
from kis.estimator.layout.rails import Rail
from kis.estimator.pricing.box import PricedBox, box_lines, copper_kg, enclosure_line
from kis.estimator.pricing.line import Line, LineMaker
from kis.estimator.pricing.money import open_till
from kis.estimator.problem import MainDevice, PanelProblem
from kis.estimator.request import EstimateRequest
from kis.estimator.rulebook.schema import BarStep
from tests.factories.circuits import circuits, fitted, incoming, problem_of
from tests.factories.panels import panel, price_book, request, rulebook, together


def maker() -> LineMaker:
    wanted = EstimateRequest.model_validate(request(panel()))
    return LineMaker(open_till(wanted, price_book("KRW"), rulebook()))


def box(
    width_mm: int, height_mm: int, depth_mm: int = 150, model: str | None = None, series: str = "HDS"
) -> PricedBox:
    return PricedBox(
        series=series,
        model=model,
        material="steel",
        width_mm=width_mm,
        height_mm=height_mm,
        depth_mm=depth_mm,
    )


def group(main: MainDevice, width_mm: int = 340, bar: BarStep | None = None) -> GroupPlan:
    """Return a main with one empty rail, which is enough to have bars."""
    return GroupPlan(
        main=main,
        columns=(),
        bar=bar or bar_step(main.rating_a, rulebook()),
        zones=Zones(a_mm=0, b_mm=0, c_mm=0, e_mm=0, d_mm=0),
        width_mm=width_mm,
        rails=(Rail(()),),
    )


def made(
    problem: PanelProblem, of: PricedBox, groups: tuple[GroupPlan, ...] | None = None
) -> dict[str, Line]:
    """Return the lines by kind."""
    plans = groups or tuple(group(main) for main in problem.mains)
    return {line.kind: line for line in box_lines(problem, plans, of, maker(), rulebook())}


class TestEnclosure:
    def test_of_a_series_has_its_list_price(self) -> None:
        line = enclosure_line(box(500, 700, model="HDS 50 70 15"), maker(), rulebook())
        assert together(line.spec, line.amount) == ("HDS 50 70 15 500×700×150", 81_500)

    @pytest.mark.parametrize(
        ("of", "won"),
        [
            # W·H ÷ 90,000 · rate of the next depth · 1.3.
            (box(300, 300), 36_270),
            # 735,000 ÷ 90,000 · 27,900 · 1.3
            (box(700, 1050), 296_205),
            # 160 deep takes the rate of 200.
            (box(300, 300, 160), 38_870),
            (box(300, 300, 200), 38_870),
            # Outdoor 37,400 at 200.
            (box(600, 900, 200, series="HT"), 291_720),
        ],
    )
    def test_made_to_measure_costs_by_the_square(self, of: PricedBox, won: int) -> None:
        line = enclosure_line(of, maker(), rulebook())
        assert line.amount == won
        assert line.because[0].rule == "pricing.custom_surcharge"

    def test_without_a_price_is_a_line_of_nothing_that_says_so(self) -> None:
        line = enclosure_line(box(500, 700, model="XY 50 70"), maker(), rulebook())
        assert together(line.amount, line.priced) == (0, False)


class TestCopper:
    @pytest.mark.parametrize(
        ("of", "factor", "kg"),
        [
            (box(500, 700), "0.000007", "2.45"),
            # 1.575 and 2.025: half up.
            (box(500, 700), "0.0000045", "1.58"),
            (box(500, 900), "0.0000045", "2.03"),
            (box(700, 1850), "0.000007", "9.07"),
            (box(900, 1600), "0.000013", "18.72"),
        ],
    )
    def test_is_the_front_times_a_factor(self, of: PricedBox, factor: str, kg: str) -> None:
        assert copper_kg(of, Fraction(1), Decimal(factor), Fraction(1), 2) == Decimal(kg)

    def test_grows_with_the_section(self) -> None:
        # 2,187,500 · 15 · 10⁻⁶ · 500 ÷ 320
        assert copper_kg(box(1250, 1750), Fraction(1), Decimal("0.000015"), Fraction(500, 320), 2) == Decimal(
            "51.27"
        )

    @pytest.mark.parametrize(
        ("model", "rating_a", "main_bar", "branch_kg"),
        # Factors 7 and 4.5 to 250 A, 13 and 7 to 400, 15 and 9 to 800, on 1,000,000 mm².
        [
            ("SBE-104", 100, ("3T×15", "7.00"), "4.50"),
            ("SBS-204", 250, ("5T×20", "7.00"), "4.50"),
            ("SBS-404", 300, ("6T×30", "13.00"), "7.00"),
            ("SBS-404", 400, ("6T×30", "13.00"), "7.00"),
            ("SBS-604", 500, ("8T×40", "15.00"), "9.00"),
        ],
    )
    def test_follows_the_main(
        self, model: str, rating_a: int, main_bar: tuple[str, str], branch_kg: str
    ) -> None:
        main = incoming(model, rating_a)
        lines = made(problem_of(*circuits("SIE-32", 20, 2), main=main), box(1000, 1000))
        assert (lines["main_busbar"].spec, str(lines["main_busbar"].quantity)) == main_bar
        assert (lines["branch_busbar"].spec, str(lines["branch_busbar"].quantity)) == ("3T×15", branch_kg)

    def test_of_branches_is_as_thick_as_the_largest(self) -> None:
        devices = [*circuits("SIE-32", 20, 2), *circuits("SBS-204", 150, 1, first=3)]
        lines = made(problem_of(*devices, main=incoming("SBS-404", 400)), box(900, 1400))
        assert lines["branch_busbar"].spec == "5T×20"

    def test_of_two_mains_is_shared_by_their_widths(self) -> None:
        first, second = incoming(), incoming("SBS-204", 225, "M2")
        problem = replace(problem_of(*circuits("SIE-32", 20, 2)), mains=(first, second))
        lines = [
            line
            for line in box_lines(
                problem, (group(first, 300), group(second, 700)), box(1000, 1000), maker(), rulebook()
            )
            if line.kind == "main_busbar"
        ]
        assert [str(line.quantity) for line in lines] == ["2.10", "4.90"]


class TestCoating:
    @pytest.mark.parametrize(
        ("model", "rating_a", "won"), [("SBS-204", 225, 5_000), ("SBS-404", 400, 10_000)]
    )
    def test_has_two_prices(self, model: str, rating_a: int, won: int) -> None:
        problem = problem_of(*circuits("SIE-32", 20, 2), main=incoming(model, rating_a))
        assert made(problem, box(600, 700))["coating"].amount == won


class TestCover:
    @pytest.mark.parametrize(
        ("width_mm", "height_mm", "won"),
        # W·H ÷ 90,000 · 3,200, at least 12,000 (to 337,500 mm²).
        [(450, 750, 12_000), (500, 700, 12_444), (600, 600, 12_800), (300, 400, 12_000), (700, 1200, 29_867)],
    )
    def test_costs_by_the_square(self, width_mm: int, height_mm: int, won: int) -> None:
        assert made(problem_of(*circuits("SIE-32", 20, 2)), box(width_mm, height_mm))["cover"].amount == won


class TestBaseAndBracket:
    def test_base_costs_by_the_square(self) -> None:
        # 420,000 ÷ 90,000 · 32,000 = 149,333.3
        lines = made(problem_of(*circuits("SIE-32", 20, 2), mounting="indoor_standing"), box(600, 700))
        assert together(lines["base"].amount, lines["base"].spec) == (149_333, "H 200")

    def test_bracket_comes_with_a_pole(self) -> None:
        lines = made(problem_of(*circuits("SIE-32", 20, 2), mounting="pole"), box(600, 700))
        assert lines["pole_mount"].amount == 20_000
        assert "base" not in lines

    def test_others_bring_neither(self) -> None:
        lines = made(problem_of(*circuits("SIE-32", 20, 2)), box(600, 700))
        assert not {"base", "pole_mount"} & lines.keys()


class TestSundries:
    @pytest.mark.parametrize(
        ("width_mm", "height_mm", "accessories", "won"),
        [
            (600, 700, 0, 7_000),
            # Below the base nothing is taken off, not even from the other dimension.
            (500, 500, 0, 7_000),
            (500, 800, 0, 8_000),
            # Every started 100 mm counts.
            (601, 701, 0, 9_000),
            (700, 800, 0, 9_000),
            (650, 850, 0, 10_000),
            (600, 700, 1, 19_000),
            (600, 1000, 2, 34_000),
            # 43,000 → 42,000.
            (600, 700, 3, 42_000),
            (600, 700, 9, 42_000),
            # 7,000 + 14 · 1,000 + 15 · 1,000.
            (2000, 2200, 0, 36_000),
        ],
    )
    def test_follow_size_and_accessories(
        self, width_mm: int, height_mm: int, accessories: int, won: int
    ) -> None:
        problem = problem_of(*circuits("SIE-32", 20, 2), accessories=tuple(fitted("timer_24h", accessories)))
        assert made(problem, box(width_mm, height_mm))["sundries"].amount == won


class TestAssembly:
    @pytest.mark.parametrize(
        ("model", "rating_a", "height_mm", "won"),
        [
            ("SBE-104", 100, 600, 50_000),
            ("SBE-104", 100, 700, 50_000),
            ("SBE-104", 100, 701, 65_000),
            ("SBE-104", 100, 800, 65_000),
            # 125AF counts with the 250AF: base 60,000 at 800.
            ("SBS-104", 125, 800, 60_000),
            ("SBS-204", 225, 1300, 135_000),
            ("SBS-404", 400, 1200, 130_000),
            ("SBS-404", 400, 1600, 210_000),
            ("SBS-804", 800, 1600, 250_000),
            ("SBS-804", 800, 1750, 330_000),
        ],
    )
    def test_follows_frame_and_height(self, model: str, rating_a: int, height_mm: int, won: int) -> None:
        problem = problem_of(*circuits("SBS-53", 30, 2), main=incoming(model, rating_a))
        assert made(problem, box(600, height_mm))["assembly"].amount == won

    @pytest.mark.parametrize(
        ("small", "width_mm", "height_mm", "won"),
        [
            (13, 600, 700, 50_000),
            (14, 600, 700, 60_000),
            # Too narrow, too low.
            (14, 500, 700, 50_000),
            (14, 600, 650, 50_000),
            (30, 700, 800, 75_000),
        ],
    )
    def test_bonus_for_many_small_breakers(self, small: int, width_mm: int, height_mm: int, won: int) -> None:
        assert (
            made(problem_of(*circuits("SIE-32", 20, small)), box(width_mm, height_mm))["assembly"].amount
            == won
        )

    def test_bonus_is_15_000_from_400af(self) -> None:
        problem = problem_of(*circuits("SIE-32", 20, 14), main=incoming("SBS-404", 400))
        assert made(problem, box(800, 1200))["assembly"].amount == 145_000

    def test_every_contactor_counts(self) -> None:
        problem = problem_of(
            *circuits("SBS-53", 30, 2), accessories=tuple(fitted("magnetic_contactor", 3, "MC-22"))
        )
        assert made(problem, box(600, 700))["assembly"].amount == 110_000

    @pytest.mark.parametrize(
        ("model", "rating_a", "won"),
        [
            ("SBE-104", 100, 15_000),
            ("SBS-204", 225, 20_000),
            ("SBS-404", 400, 70_000),
            ("SBS-804", 800, 100_000),
        ],
    )
    def test_of_a_main_alone_is_flat(self, model: str, rating_a: int, won: int) -> None:
        main = incoming(model, rating_a)
        assert made(problem_of(main=main), box(600, 2000))["assembly"].amount == won


def test_main_alone_has_neither_copper_nor_coating() -> None:
    kinds = made(problem_of(), box(500, 600)).keys()
    assert kinds == {"enclosure", "cover", "sundries", "assembly"}
