"""Phase unbalance: expectations worked by hand, in exact fractions."""

from fractions import Fraction

import pytest

from kis.estimator.physics import unbalance


class TestImbalance:
    def test_is_the_difference_over_the_largest(self) -> None:
        # (102 − 98) / 102 = 4/102, the earlier shop system's own example (0.0392).
        assert unbalance.imbalance([100, 98, 102]) == Fraction(4, 102)

    def test_takes_fractions(self) -> None:
        # 12000 VA · 0.8 / 3 = 3200; (9600 − 3200) / 9600 = 2/3 with exact parts.
        assert unbalance.imbalance([Fraction(9600), Fraction(9600, 3), Fraction(9600)]) == Fraction(2, 3)

    def test_of_nothing_loaded_is_zero(self) -> None:
        assert unbalance.imbalance([0, 0, 0]) == 0

    def test_is_one_when_a_phase_carries_nothing(self) -> None:
        assert unbalance.imbalance([1, 0, 0]) == 1

    def test_is_an_exact_fraction_even_of_whole_numbers(self) -> None:
        # 720/800 style figures must compare equal: (800 − 720) / 800 = 1/10, which no float is.
        result = unbalance.imbalance([800, 720, 800])
        assert result == Fraction(1, 10)
        assert isinstance(result, Fraction)


class TestKoreanUnbalancePercent:
    @pytest.mark.parametrize(
        ("loads", "expected"),
        [
            ([80, 60, 60], Fraction(30)),  # 20 / (200/3) = 0.30
            ([140, 140, 120], Fraction(15)),  # 20 / (400/3) = 0.15
            ([200, 180, 180], Fraction(6000, 560)),  # 20 / (560/3) = 10.714 %
            ([100, 98, 102], Fraction(4)),  # 4 / 100
            ([40, 20, 20], Fraction(75)),  # 20 / (80/3)
            ([4400, 0, 0], Fraction(300)),  # one circuit alone
            ([9900, 9700, 9600], Fraction(90000, 29200)),  # 300 / (29200/3) = 3.082 %
        ],
    )
    def test_of_three_phases_takes_a_third_of_the_total(self, loads: list[int], expected: Fraction) -> None:
        assert unbalance.korean_unbalance_percent(loads, 3) == expected

    def test_of_a_split_phase_divides_by_half_of_the_total(self) -> None:
        # 30 / (170/2) = 35.294 % = 600/17.
        assert unbalance.korean_unbalance_percent([100, 70], 2) == Fraction(600, 17)

    def test_of_fractions_stays_exact(self) -> None:
        # (1/3 − 1/6) / ((1/3 + 1/3 + 1/6)/3) = (1/6) / (5/18) = 3/5.
        loads = [Fraction(1, 3), Fraction(1, 3), Fraction(1, 6)]
        assert unbalance.korean_unbalance_percent(loads, 3) == 60

    def test_has_no_meaning_without_load(self) -> None:
        assert unbalance.korean_unbalance_percent([0, 0, 0], 3) is None


class TestKoreanWithin:
    def test_passes_exactly_at_thirty_percent(self) -> None:
        # Ten equal circuits, 4/3/3: 300 · 1 ≤ 30 · 10.
        assert unbalance.korean_within([4, 3, 3], 30)

    def test_fails_one_volt_ampere_above(self) -> None:
        # 300 · (4001 − 3000) = 300300 > 30 · 10001 = 300030.
        assert not unbalance.korean_within([4001, 3000, 3000], 30)

    def test_passes_exactly_at_forty_percent_of_a_split_phase(self) -> None:
        # 200 · (60 − 40) = 4000 ≤ 40 · 100.
        assert unbalance.korean_within([60, 40], 40)

    def test_fails_a_split_phase_just_above(self) -> None:
        # 200 · (61 − 40) = 4200 > 40 · 101 = 4040.
        assert not unbalance.korean_within([61, 40], 40)

    @pytest.mark.parametrize(
        ("circuits", "within"),
        # n equal circuits dealt as evenly as possible: 300/n % unless 3 divides n.
        [
            *((circuits, False) for circuits in (1, 2, 4, 5, 7, 8)),
            *((circuits, True) for circuits in (3, 6, 9, 10, 11, 12, 13, 14)),
        ],
    )
    def test_equal_circuits_pass_by_threes_and_from_ten_on(self, circuits: int, within: bool) -> None:
        loads = [4400 * ((circuits + phase) // 3) for phase in range(3)]
        assert unbalance.korean_within(loads, 30) is within

    def test_nothing_loaded_is_within(self) -> None:
        assert unbalance.korean_within([0, 0, 0], 30)


class TestNemaPercent:
    @pytest.mark.parametrize(
        ("loads", "expected"),
        [
            ([80, 60, 60], Fraction(20)),  # mean 200/3; (80 − 66.67) / 66.67
            ([140, 140, 120], Fraction(10)),  # mean 400/3; the low phase is the farthest: 13.33 / 133.33
            ([100, 98, 102], Fraction(2)),
            ([4400, 0, 0], Fraction(200)),
            ([100, 70], Fraction(1500, 85)),  # mean 85, deviation 15
        ],
    )
    def test_is_the_largest_deviation_from_the_mean(self, loads: list[int], expected: Fraction) -> None:
        assert unbalance.nema_percent(loads) == expected

    def test_has_no_meaning_without_load(self) -> None:
        assert unbalance.nema_percent([0, 0, 0]) is None


class TestNeutralCurrent:
    @pytest.mark.parametrize(
        ("currents", "expected"),
        [
            ((80, 60, 60), 20.0),  # 13600 − 13200 = 400
            ((60, 80, 60), 20.0),
            ((60, 60, 80), 20.0),
            ((100, 100, 100), 0.0),
            ((10, 0, 0), 10.0),
            ((0, 10, 0), 10.0),
            ((0, 0, 10), 10.0),
            ((3, 2, 0), 2.65),  # 9 + 4 − 6 = 7; √7 = 2.6458
            ((0, 3, 2), 2.65),
            ((2, 0, 3), 2.65),
            ((Fraction(1, 2), 0, 0), 0.5),
        ],
    )
    def test_is_the_vector_sum_to_two_decimals(
        self, currents: tuple[unbalance.Load, unbalance.Load, unbalance.Load], expected: float
    ) -> None:
        assert unbalance.neutral_current_a(*currents) == expected


class TestAllFigures:
    def test_of_ten_equal_circuits(self) -> None:
        # 4/3/3 circuits of 20 A · 220 V: 17600/13200/13200 VA.
        figures = unbalance.all_figures([17600, 13200, 13200], [4, 3, 3])
        assert figures == unbalance.Unbalance(
            imbalance=Fraction(1, 4),
            korean_percent=Fraction(30),
            nema_percent=Fraction(20),
            count_difference=1,
        )

    def test_of_a_split_phase_uses_half_of_the_total(self) -> None:
        figures = unbalance.all_figures([100, 70], [3, 1])
        assert figures.korean_percent == Fraction(600, 17)
        assert figures.nema_percent == Fraction(1500, 85)
        assert figures.count_difference == 2

    def test_of_one_phase_has_nothing_to_compare(self) -> None:
        figures = unbalance.all_figures([100], [5])
        assert figures == unbalance.Unbalance(
            imbalance=Fraction(0), korean_percent=None, nema_percent=None, count_difference=0
        )

    def test_without_load_or_circuits_says_so(self) -> None:
        figures = unbalance.all_figures([0, 0, 0], [])
        assert figures == unbalance.Unbalance(
            imbalance=Fraction(0), korean_percent=None, nema_percent=None, count_difference=None
        )
