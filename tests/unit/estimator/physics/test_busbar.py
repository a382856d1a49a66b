"""Busbars: the whole table, the change of air temperature, and what is proposed instead."""

from decimal import Decimal

import pytest

from kis.estimator.physics import busbar
from kis.estimator.physics.busbar import Bar


def bar(width_mm: int, thickness_mm: int) -> Bar:
    found = busbar.find_bar(width_mm, thickness_mm)
    assert found is not None
    return found


class TestFindBar:
    @pytest.mark.parametrize(
        ("size", "section_mm2", "ampacity_a"),
        [
            ((12, 2), "23.5", 108),
            ((15, 2), "29.5", 128),
            ((20, 2), "39.5", 162),
            ((15, 3), "44.5", 162),
            ((20, 3), "59.5", 204),
            ((20, 5), "99.1", 274),
            ((25, 3), "74.5", 245),
            ((25, 5), "124", 327),
            ((30, 3), "89.5", 285),
            ((30, 5), "149", 379),
            ((30, 10), "299", 573),
            ((40, 3), "119", 366),
            ((40, 5), "199", 482),
            ((40, 10), "399", 715),
            ((50, 5), "249", 583),
            ((50, 10), "499", 852),
            ((60, 5), "299", 688),
            ((60, 10), "599", 985),
            ((80, 5), "399", 885),
            ((80, 10), "799", 1240),
            ((100, 5), "499", 1080),
            ((100, 10), "999", 1490),
            ((120, 10), "1200", 1740),
            ((160, 10), "1600", 2220),
            ((200, 10), "2000", 2690),
        ],
    )
    def test_gives_the_table_rows(self, size: tuple[int, int], section_mm2: str, ampacity_a: int) -> None:
        assert busbar.find_bar(*size) == Bar(
            width_mm=size[0],
            thickness_mm=size[1],
            section_mm2=Decimal(section_mm2),
            ampacity_a=ampacity_a,
            verified=True,
            source="DIN 43671, two makers' tables",
        )

    @pytest.mark.parametrize(
        ("size", "section_mm2", "ampacity_a"),
        [
            ((30, 6), 180, 421),
            ((40, 6), 240, 535),
            ((40, 8), 320, 628),
            ((50, 8), 400, 756),
            ((60, 8), 480, 880),
        ],
    )
    def test_marks_the_interpolated_sizes(
        self, size: tuple[int, int], section_mm2: int, ampacity_a: int
    ) -> None:
        assert busbar.find_bar(*size) == Bar(
            width_mm=size[0],
            thickness_mm=size[1],
            section_mm2=Decimal(section_mm2),
            ampacity_a=ampacity_a,
            verified=False,
            source="interpolated: 5.92 · area^0.5 · perimeter^0.39, fitted to DIN 43671",
        )

    def test_interpolated_sizes_follow_the_stated_fit(self) -> None:
        interpolated = [known for known in busbar.BARS if not known.verified]
        assert len(interpolated) == 5
        for known in interpolated:
            area = known.width_mm * known.thickness_mm
            perimeter = 2 * (known.width_mm + known.thickness_mm)
            assert known.ampacity_a == pytest.approx(5.92 * area**0.5 * perimeter**0.39, abs=1.2)

    @pytest.mark.parametrize("size", [(15, 20), (3, 15), (15, 5), (999, 3), (30, 7)])
    def test_knows_nothing_about_other_sizes(self, size: tuple[int, int]) -> None:
        assert busbar.find_bar(*size) is None

    def test_lists_no_size_twice(self) -> None:
        sizes = [(known.width_mm, known.thickness_mm) for known in busbar.BARS]
        assert len(set(sizes)) == len(sizes) == 30


class TestAmpacityAt:
    @pytest.mark.parametrize(
        ("size", "expected_a"),
        # At 55 °C air the drive is the table's 30 K, so only the hotter copper counts:
        # √((234.5 + 65) / (234.5 + 85)) = √(299.5 / 319.5) = 0.96820. Whole amperes: 157, 265, 408, 608.
        [((15, 3), 156.8), ((20, 5), 265.3), ((30, 6), 407.6), ((40, 8), 608.0)],
    )
    def test_at_55_degrees_only_the_resistance_counts(self, size: tuple[int, int], expected_a: float) -> None:
        assert busbar.ampacity_at(bar(*size), 55) == expected_a

    def test_gives_the_table_back_at_its_own_temperatures(self) -> None:
        assert busbar.ampacity_at(bar(20, 5), 35, bar_limit_c=65) == 274.0

    @pytest.mark.parametrize(
        ("air_c", "bar_c", "printed_k2"),
        [(35, 70, 1.10), (35, 75, 1.15), (35, 85, 1.30), (40, 65, 0.90), (40, 70, 1.00), (40, 85, 1.25)],
    )
    def test_meets_the_printed_factors_within_2_1_percent(
        self, air_c: int, bar_c: int, printed_k2: float
    ) -> None:
        largest = bar(200, 10)
        k2 = busbar.ampacity_at(largest, air_c, bar_limit_c=bar_c) / largest.ampacity_a
        assert k2 == pytest.approx(printed_k2, rel=0.021)

    def test_of_an_800_a_panel_at_57_degrees(self) -> None:
        # 628 · (27.81 / 30)^0.61 · 0.96820 = 628 · 0.95481 · 0.96820 = 580.6: less than 0.8 · 800 A.
        assert busbar.ampacity_at(bar(40, 8), 57.19) == 580.6

    def test_of_a_700_a_panel_holds_560_a_up_to_58_degrees(self) -> None:
        # 628 · (27/30)^0.61 · 0.96820 = 570.2; one kelvin more, (26/30)^0.61: 557.2.
        assert busbar.ampacity_at(bar(40, 8), 58) == 570.2
        assert busbar.ampacity_at(bar(40, 8), 59) == 557.2

    def test_is_nothing_in_air_as_hot_as_the_bar_may_be(self) -> None:
        assert busbar.ampacity_at(bar(20, 5), 85) == 0.0
        assert busbar.ampacity_at(bar(20, 5), 120) == 0.0

    def test_just_below_the_limit_carries_a_little(self) -> None:
        # 274 · (0.3 / 30)^0.61 · 0.96820 = 274 · 0.06026 · 0.96820 = 16.0.
        assert busbar.ampacity_at(bar(20, 5), 84.7) == 16.0


class TestSmallestPassing:
    def test_for_800_a_between_bars_70_apart_is_50_by_10(self) -> None:
        # Width ≤ 70 − 8. 60×8 (880 A, 480 mm²) would be smaller than 50×10 (499 mm²) but is interpolated.
        assert busbar.smallest_passing(800, 62) == bar(50, 10)

    def test_may_be_wider_and_thinner_when_there_is_room(self) -> None:
        # 80×5: 885 A with 399 mm².
        assert busbar.smallest_passing(800, 80) == bar(80, 5)

    def test_accepts_exactly_the_ampacity_and_the_width(self) -> None:
        assert busbar.smallest_passing(274, 20) == bar(20, 5)

    def test_passes_over_a_bar_one_ampere_short(self) -> None:
        # 275 A: 20×5 (274) no longer, 30×3 (285, 89.5 mm²) is the least copper.
        assert busbar.smallest_passing(275, 30) == bar(30, 3)

    def test_passes_over_a_bar_one_millimetre_too_wide(self) -> None:
        # 275 A within 29 mm: 25×5 (327).
        assert busbar.smallest_passing(275, 29) == bar(25, 5)

    def test_prefers_the_narrower_of_equal_sections(self) -> None:
        # 700 A: 40×10 (715) and 80×5 (885) both have 399 mm².
        assert busbar.smallest_passing(700, 80) == bar(40, 10)

    def test_takes_the_least_copper_not_the_first_row(self) -> None:
        # 240 A: 20×5 (99.1 mm²) stands before 25×3 (74.5 mm²) in the table.
        assert busbar.smallest_passing(240, 25) == bar(25, 3)

    def test_is_nothing_when_no_bar_carries_it(self) -> None:
        assert busbar.smallest_passing(2690, 200) == bar(200, 10)
        assert busbar.smallest_passing(2691, 200) is None
        assert busbar.smallest_passing(1, 11) is None


class TestMass:
    def test_is_volume_times_8_9(self) -> None:
        # 15 · 3 · 1000 mm³ = 45 cm³ · 8.9 g = 400.5 g.
        assert busbar.mass_kg(15, 3, 1000) == Decimal("0.4005")

    @pytest.mark.parametrize(
        ("size", "kg_per_metre"),
        # The printed kg/m to two decimals.
        [((12, 2), "0.21"), ((20, 5), "0.89"), ((30, 10), "2.67"), ((50, 5), "2.22"), ((200, 10), "17.80")],
    )
    def test_agrees_with_the_printed_metre_weights(self, size: tuple[int, int], kg_per_metre: str) -> None:
        assert busbar.mass_kg(*size, 1000).quantize(Decimal("0.01")) == Decimal(kg_per_metre)
