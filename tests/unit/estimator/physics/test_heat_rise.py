"""Heat rise after IEC TR 60890: worked panels, every clamp, and the profile of the air.

Losses are 1.5 × (branches + main) as the worked panels define them, with the stand-in losses per pole: 2.2 W
at 20 A, 8.8 W at 100 A; the main always carries at most 0.8 of its rating.
"""

import pytest

from kis.estimator.physics import heat_rise
from kis.estimator.physics.heat_rise import Cooling, HeatRise, Mounting


def box(
    width_mm: int,
    height_mm: int,
    depth_mm: int,
    mounting: Mounting = Mounting.WALL,
    *,
    neighbours: int = 0,
    partitions: int = 0,
    vent_inlet_cm2: int = 0,
) -> Cooling:
    return Cooling(
        width_mm=width_mm,
        height_mm=height_mm,
        depth_mm=depth_mm,
        mounting=mounting,
        neighbours=neighbours,
        partitions=partitions,
        vent_inlet_cm2=vent_inlet_cm2,
    )


def rise_of(
    mid_k: float, top_k: float, effective_surface_m2: float, *, within_curves: bool = True
) -> HeatRise:
    return HeatRise(
        effective_surface_m2=effective_surface_m2,
        k=1.0,
        c=1.0,
        d=1.0,
        x=0.804,
        mid_k=mid_k,
        top_k=top_k,
        within_curves=within_curves,
    )


class TestWorkedPanels:
    @pytest.mark.parametrize(
        ("width_mm", "height_mm", "depth_mm", "loss_w", "mid_k", "top_k"),
        [
            # 100 A + 10 ELB 20 A at 0.6: 1.5 · (10·2·2.2·0.36 + 3·8.8·0.48²) = 1.5 · (15.84 + 6.08256)
            pytest.param(500, 700, 150, 32.88384, 12.42, 15.23, id="100A-10"),
            # 12 ELB: 1.5 · (19.008 + 6.08256)
            pytest.param(500, 800, 150, 37.63584, 12.70, 15.71, id="100A-12"),
            # 20 ELB: 84 A held at 80 A, 1.5 · (20·2·2.2·0.36·(20/21)² + 3·8.8·0.64): 1.5 · (28.7347 + 16.896)
            pytest.param(500, 900, 150, 68.446, 19.02, 23.67, id="100A-20"),
            pytest.param(700, 1200, 150, 54.91, 9.77, 15.28, id="100A-28"),
            pytest.param(700, 1300, 200, 97.04, 13.57, 20.75, id="225A-18"),
            pytest.param(900, 1600, 250, 88.84, 8.81, 13.11, id="400A"),
            pytest.param(1250, 1750, 250, 248.9, 15.39, 22.19, id="800A"),
            pytest.param(600, 1200, 150, 75.21, 13.86, 21.96, id="100A-meters"),
            # main only 225 A: 1.5 · 3 · 18.75 · 0.64
            pytest.param(500, 600, 200, 54.0, 18.65, 22.58, id="225A-main-only"),
            pytest.param(700, 1300, 200, 69.71, 10.40, 15.91, id="100A-example"),
            pytest.param(600, 800, 150, 69.38, 18.73, 22.88, id="100A-10kA"),
        ],
    )
    def test_on_a_wall(
        self, width_mm: int, height_mm: int, depth_mm: int, loss_w: float, mid_k: float, top_k: float
    ) -> None:
        rise = heat_rise.temperature_rise(box(width_mm, height_mm, depth_mm), loss_w)
        assert (rise.mid_k, rise.top_k) == (mid_k, top_k)

    def test_with_contactors(self) -> None:
        # 6 MCCB 3P30 and 6 ELB 2P20 at 0.6, held at 80 A by 80/132: (26.1144 + 9.504) · 0.36731 = 13.083 W;
        # main 16.896 W; 1.5 · 29.979 + 6 contactors · 4 + 2 timers · 2 = 72.97 W. To one decimal: 10.2/15.9.
        rise = heat_rise.temperature_rise(box(700, 1400, 200), 72.97)
        assert (rise.mid_k, rise.top_k) == (10.23, 15.85)

    def test_recessed(self) -> None:
        # Ae = .5·.15·.7 + .5·.8·.9 + 2·.8·.15·.5 + .5·.8·.5 = .0525 + .36 + .12 + .2 = .7325.
        rise = heat_rise.temperature_rise(box(500, 800, 150, Mounting.RECESSED), 36.40)
        assert rise == HeatRise(
            effective_surface_m2=0.7325,
            k=0.7874,
            c=1.237,
            d=1.0,
            x=0.804,
            mid_k=14.17,
            top_k=17.53,
            within_curves=True,
        )

    @pytest.mark.parametrize(
        ("size", "loss_w", "surface_m2", "k", "c", "mid_k", "top_k"),
        [
            # Known to one decimal: 16.7/20.2, 19.4/28.1, 22.2/31.7, 30.9/45.7 (31.748, 45.749).
            ((600, 700, 200), 60, 1.008, 0.622, 1.207, 16.74, 20.21),
            ((700, 1000, 200), 120, 1.536, 0.412, 1.452, 19.36, 28.11),
            ((800, 1200, 250), 200, 2.164, 0.314, 1.428, 22.23, 31.75),
            ((900, 1800, 300), 500, 3.618, 0.209, 1.482, 30.86, 45.75),
        ],
    )
    def test_regression_examples(
        self,
        size: tuple[int, int, int],
        loss_w: float,
        surface_m2: float,
        k: float,
        c: float,
        mid_k: float,
        top_k: float,
    ) -> None:
        rise = heat_rise.temperature_rise(box(*size), loss_w)
        assert rise.effective_surface_m2 == surface_m2
        assert rise.k == pytest.approx(k, abs=0.0005)
        assert rise.c == pytest.approx(c, abs=0.00051)
        assert (rise.mid_k, rise.top_k) == (mid_k, top_k)


class TestEffectiveSurface:
    # 1.0 × 2.0 × 0.5 m: top .5, front and rear 2 each, a side 1 each.
    @pytest.mark.parametrize(
        ("mounting", "neighbours", "expected_m2"),
        [
            (Mounting.WALL, 0, 5.3),  # .5·1.4 + 2·.9 + 2·1·.9 + 2·.5 = .7 + 1.8 + 1.8 + 1.0
            (Mounting.WALL, 1, 4.9),  # one side .5 instead of .9
            (Mounting.WALL, 2, 4.5),
            (Mounting.RECESSED, 0, 4.15),  # .5·.7 + 2·.9 + 2·1·.5 + 2·.5 = .35 + 1.8 + 1.0 + 1.0
            (Mounting.RECESSED, 1, 4.15),
            (Mounting.RECESSED, 2, 4.15),
            (Mounting.FREE_STANDING, 0, 6.1),  # .7 + 1.8 + 1.8 + 1.8
            (Mounting.FREE_STANDING, 1, 5.7),
            (Mounting.FREE_STANDING, 2, 5.3),
        ],
    )
    def test_sums_the_surfaces(self, mounting: Mounting, neighbours: int, expected_m2: float) -> None:
        cooling = box(1000, 2000, 500, mounting, neighbours=neighbours)
        assert heat_rise.effective_surface_m2(cooling) == expected_m2


class TestCurveNumber:
    @pytest.mark.parametrize(
        ("mounting", "curves"),
        [
            (Mounting.FREE_STANDING, [1, 2, 3]),
            (Mounting.WALL, [3, 4, 5]),
            (Mounting.RECESSED, [4, 4, 4]),
        ],
    )
    def test_follows_mounting_and_neighbours(self, mounting: Mounting, curves: list[int]) -> None:
        numbers = [
            heat_rise.curve_number(box(700, 1200, 200, mounting, neighbours=neighbours))
            for neighbours in (0, 1, 2)
        ]
        assert numbers == curves

    @pytest.mark.parametrize(
        ("mounting", "neighbours", "c"),
        # 1.0 × 1.0 × 0.4 m: f = 1 / 0.4 = 2.5; −0.0017 · 6.25 + 0.055 · 2.5 = 0.126875, plus the offset.
        [
            (Mounting.FREE_STANDING, 0, 1.3089),  # 1.182
            (Mounting.FREE_STANDING, 1, 1.2909),  # 1.164
            (Mounting.FREE_STANDING, 2, 1.2729),  # 1.146
            (Mounting.WALL, 0, 1.2729),
            (Mounting.WALL, 1, 1.2519),  # 1.125
            (Mounting.WALL, 2, 1.2139),  # 1.087
            (Mounting.RECESSED, 0, 1.2519),
        ],
    )
    def test_sets_the_distribution_factor(self, mounting: Mounting, neighbours: int, c: float) -> None:
        rise = heat_rise.temperature_rise(box(1000, 1000, 400, mounting, neighbours=neighbours), 100)
        assert rise.c == c


class TestSmallBox:
    def test_reaches_up_to_one_and_a_quarter_square_metres(self) -> None:
        # .5 × 1.0 × .22: .11·1.4 + .5·.9 + 2·.22·.9 + .5·.5 = .154 + .45 + .396 + .25 = 1.25 exactly.
        # k = .626 · 1.25^−.737 = .5311; g = 2: c = .324055 · (1 − e^−3.37961) + .93643 = 1.2494.
        # k · 100^.804 = .53107 · 40.551 = 21.54; ·1.2494 = 26.91.
        rise = heat_rise.temperature_rise(box(500, 1000, 220), 100)
        assert rise == HeatRise(
            effective_surface_m2=1.25,
            k=0.5311,
            c=1.2494,
            d=1.0,
            x=0.804,
            mid_k=21.54,
            top_k=26.91,
            within_curves=True,
        )

    def test_ends_just_above(self) -> None:
        # One millimetre higher: Ae 1.251096, k = .58 · 1.251096^−.795 = .4854 and c by f = 1.001^1.35 / .11.
        rise = heat_rise.temperature_rise(box(500, 1001, 220), 100)
        assert rise.effective_surface_m2 == 1.251096
        assert (rise.k, rise.c) == (0.4854, 1.5058)

    def test_takes_the_straight_piece_of_c_when_squat(self) -> None:
        # g = .4: 1 + .19354 · .4 = 1.0774.
        assert heat_rise.temperature_rise(box(1000, 400, 200), 100).c == 1.0774

    def test_straight_and_bent_piece_of_c_meet(self) -> None:
        # g = .8: 1 + .19354 · .8 = 1.1548. g = .9: .324055 · (1 − e^(−1.69443 + .38579)) + .93643 = 1.1729.
        assert heat_rise.temperature_rise(box(500, 400, 100), 100).c == 1.1548
        assert heat_rise.temperature_rise(box(500, 450, 100), 100).c == 1.1729

    def test_holds_k_at_four_below_eight_hundredths(self) -> None:
        # .4 × .05 × .08: .0448 + .018 + .0072 + .01 = .08 exactly, k = .626 · .08^−.737 = 4.0271.
        at_the_edge = heat_rise.temperature_rise(box(400, 50, 80), 10)
        below = heat_rise.temperature_rise(box(400, 50, 79), 10)
        assert (at_the_edge.effective_surface_m2, at_the_edge.k, at_the_edge.within_curves) == (
            0.08,
            4.0271,
            True,
        )
        assert (below.k, below.within_curves) == (4.0, False)

    def test_clamps_the_slenderness_at_three(self) -> None:
        # c(3) = .324055 · (1 − e^(−5.6481 + .38579)) + .93643 = 1.2588, and the same for anything slimmer.
        at_the_edge = heat_rise.temperature_rise(box(200, 600, 150), 20)
        beyond = heat_rise.temperature_rise(box(100, 600, 150), 20)
        assert (at_the_edge.c, at_the_edge.within_curves) == (1.2588, True)
        assert (beyond.c, beyond.within_curves) == (1.2588, False)

    def test_takes_no_notice_of_openings(self) -> None:
        closed = heat_rise.temperature_rise(box(500, 1000, 220, partitions=2), 100)
        open_below = heat_rise.temperature_rise(box(500, 1000, 220, partitions=2, vent_inlet_cm2=300), 100)
        assert open_below == closed
        # Two partitions of a closed box: 21.5355 · 1.15 = 24.77.
        assert (closed.d, closed.mid_k) == (1.15, 24.77)


class TestClosedBox:
    def test_clamps_a_surface_beyond_twelve_square_metres(self) -> None:
        # k(12) = .58 · 12^−.795 = .0804, although Ae = 6.3 + 11.88 + 5.94 = 24.12 m².
        rise = heat_rise.temperature_rise(box(3000, 2200, 1500, Mounting.FREE_STANDING), 100)
        assert (rise.effective_surface_m2, rise.k, rise.within_curves) == (24.12, 0.0804, False)

    def test_clamps_a_flat_box(self) -> None:
        # f = 1 / 4.5 = .22 < .3: c = −.0017 · .09 + .0165 + 1.146 = 1.1623. Ae = 13.2: k is clamped too.
        rise = heat_rise.temperature_rise(box(3000, 1000, 1500), 100)
        assert (rise.c, rise.within_curves) == (1.1623, False)

    def test_clamps_a_flat_box_of_ordinary_surface(self) -> None:
        # .5 m high, 2.0 × 1.0 m: Ae = 2.8 + .9 + .9 + .5 = 5.1, on the curve; f = .5^1.35 / 2 = .196: same c.
        rise = heat_rise.temperature_rise(box(2000, 500, 1000), 100)
        assert (rise.effective_surface_m2, rise.c, rise.within_curves) == (5.1, 1.1623, False)

    def test_clamps_a_slim_tower(self) -> None:
        # .1 × 1.0 × .625: f = 1 / .0625 = 16 exactly: c = −.4352 + .88 + 1.146 = 1.5908; .624 deep: f > 16.
        at_the_edge = heat_rise.temperature_rise(box(100, 1000, 625), 100)
        beyond = heat_rise.temperature_rise(box(100, 1000, 624), 100)
        assert (at_the_edge.c, at_the_edge.within_curves) == (1.5908, True)
        assert (beyond.c, beyond.within_curves) == (1.5908, False)

    def test_stays_clamped_far_beyond(self) -> None:
        # f = 2.2^1.35 / .08 = 36 would give c = −2.2 + 1.98 + 1.146 = .92 unclamped.
        assert heat_rise.temperature_rise(box(200, 2200, 400), 100).c == 1.5908

    @pytest.mark.parametrize(
        ("partitions", "d", "mid_k", "top_k"),
        # k = .58 · 3.08^−.795 = .23716; · 100^.804 (40.551) = 9.617; top · 1.308875.
        [(0, 1.0, 9.62, 12.59), (1, 1.05, 10.1, 13.22), (2, 1.15, 11.06, 14.48), (3, 1.3, 12.5, 16.36)],
    )
    def test_partitions_raise_the_rise(self, partitions: int, d: float, mid_k: float, top_k: float) -> None:
        cooling = box(1000, 1000, 400, Mounting.FREE_STANDING, partitions=partitions)
        rise = heat_rise.temperature_rise(cooling, 100)
        assert (rise.d, rise.mid_k, rise.top_k) == (d, mid_k, top_k)

    def test_without_loss_stays_at_the_room(self) -> None:
        rise = heat_rise.temperature_rise(box(700, 1200, 150), 0)
        assert (rise.mid_k, rise.top_k) == (0.0, 0.0)

    def test_refuses_a_negative_loss(self) -> None:
        with pytest.raises(ValueError, match=r"^(math domain error|expected a nonnegative input.*)$"):
            heat_rise.temperature_rise(box(700, 1200, 150), -1)


class TestVentilatedBox:
    # 1.0 × 1.0 × 0.4 m free-standing: Ae 3.08 snaps to 3; f = 2.5, half-way, takes the lower, 2.
    @pytest.mark.parametrize(
        ("inlet_cm2", "k", "c", "within"),
        # k = (.0283 ln3 − .1039) ln S − (.1952 ln3 − .7656) = −.072809 ln S + .551150;
        # c = .842 · S^(.00204 − .027 + .14931 = .12435).
        [
            (9, 0.3835, 1.1211, False),
            (10, 0.3835, 1.1211, True),  # ln 10 = 2.302585; 10^.12435 = 1.3315
            (300, 0.1359, 1.7114, True),  # ln 300 = 5.703782; 300^.12435 = 2.0326
            (1000, 0.0482, 1.9878, True),  # ln 1000 = 6.907755; 1000^.12435 = 2.3608
            (1001, 0.0482, 1.9878, False),
        ],
    )
    def test_depends_on_the_inlet_within_its_range(
        self, inlet_cm2: int, k: float, c: float, within: bool
    ) -> None:
        cooling = box(1000, 1000, 400, Mounting.FREE_STANDING, vent_inlet_cm2=inlet_cm2)
        rise = heat_rise.temperature_rise(cooling, 100)
        assert (rise.k, rise.c, rise.x, rise.within_curves) == (k, c, 0.715, within)

    @pytest.mark.parametrize(
        ("partitions", "d", "mid_k", "top_k"),
        # .13586 · 100^.715 (26.915) = 3.657; top · 1.7114.
        [(0, 1.0, 3.66, 6.26), (1, 1.05, 3.84, 6.57), (2, 1.1, 4.02, 6.88), (3, 1.15, 4.21, 7.2)],
    )
    def test_partitions_count_less_than_in_a_closed_box(
        self, partitions: int, d: float, mid_k: float, top_k: float
    ) -> None:
        cooling = box(1000, 1000, 400, Mounting.FREE_STANDING, partitions=partitions, vent_inlet_cm2=300)
        rise = heat_rise.temperature_rise(cooling, 100)
        assert (rise.d, rise.mid_k, rise.top_k) == (d, mid_k, top_k)

    def test_the_smallest_opening_counts(self) -> None:
        cooling = box(1000, 1000, 400, Mounting.FREE_STANDING, vent_inlet_cm2=1)
        assert heat_rise.temperature_rise(cooling, 100).x == 0.715

    def test_snaps_to_the_nearest_curve_not_the_next(self) -> None:
        # .9 m wide, 1.0 high, .4 deep: Ae = .504 + 1.62 + .72 = 2.844 → 3; f = 1/.36 = 2.778 → 3:
        # c = .918 · 300^(.00459 − .0405 + .14931 = .1134) = .918 · 1.9093 = 1.7529.
        cooling = box(900, 1000, 400, Mounting.FREE_STANDING, vent_inlet_cm2=300)
        rise = heat_rise.temperature_rise(cooling, 100)
        assert (rise.k, rise.c) == (0.1359, 1.7529)

    @pytest.mark.parametrize(
        ("size", "within"),
        [
            ((500, 1000, 200), True),  # f = 1 / .1 = 10 exactly, Ae = .14 + .9 + .36 = 1.4
            ((500, 1000, 199), False),  # f = 10.05
            ((1200, 1000, 500), True),  # f = 1.667
            ((1400, 1000, 500), False),  # f = 1.429
            ((2000, 2300, 800), True),  # f = 3.079 / 1.6 = 1.92; Ae = 2.24 + 8.28 + 3.312 = 13.832
            ((2100, 2300, 800), False),  # f = 3.079 / 1.68 = 1.83; Ae = 2.352 + 8.694 + 3.312 = 14.358
        ],
    )
    def test_tells_where_the_curves_end(self, size: tuple[int, int, int], within: bool) -> None:
        cooling = box(*size, Mounting.FREE_STANDING, vent_inlet_cm2=300)
        assert heat_rise.temperature_rise(cooling, 100).within_curves is within


class TestCooling:
    @pytest.mark.parametrize("neighbours", [-1, 3])
    def test_refuses_other_than_two_neighbours(self, neighbours: int) -> None:
        with pytest.raises(ValueError, match=f"^a box has 0, 1 or 2 neighbours, not {neighbours}$"):
            box(700, 1200, 150, neighbours=neighbours)

    @pytest.mark.parametrize("partitions", [-1, 4])
    def test_refuses_more_than_three_partitions(self, partitions: int) -> None:
        message = f"^the calculation holds for 0 to 3 partitions, not {partitions}$"
        with pytest.raises(ValueError, match=message):
            box(700, 1200, 150, partitions=partitions)

    def test_is_a_closed_separate_box_unless_said(self) -> None:
        plain = Cooling(width_mm=700, height_mm=1200, depth_mm=150, mounting=Mounting.WALL)
        assert (plain.neighbours, plain.partitions, plain.vent_inlet_cm2) == (0, 0, 0)


class TestAirRiseAt:
    @pytest.mark.parametrize(
        ("y_mm", "expected_k"),
        # Large box 1000 high, 10 K at 500 and 16 K at 1000: 0.012 K per mm; 4 K at the floor.
        [(0, 4.0), (250, 7.0), (500, 10.0), (750, 13.0), (900, 14.8), (1000, 16.0), (1050, 16.6)],
    )
    def test_of_a_large_box_is_one_straight_line(self, y_mm: int, expected_k: float) -> None:
        assert heat_rise.air_rise_at(rise_of(10.0, 16.0, 1.26), 1000, y_mm) == expected_k

    @pytest.mark.parametrize(
        ("y_mm", "expected_k"),
        # Small box 1000 high, 10 K at 500 and 12 K from 750 up: 0.008 K per mm below; 6 K at the floor.
        [(0, 6.0), (250, 8.0), (500, 10.0), (625, 11.0), (750, 12.0), (751, 12.0), (1000, 12.0)],
    )
    def test_of_a_small_box_is_level_from_three_quarters(self, y_mm: int, expected_k: float) -> None:
        assert heat_rise.air_rise_at(rise_of(10.0, 12.0, 1.25), 1000, y_mm) == expected_k

    def test_is_never_below_the_room(self) -> None:
        # Ventilated, c = 2.2: 10 − 12 · (500 − y)/500 crosses zero at y = 83.3.
        steep = rise_of(10.0, 22.0, 3.0)
        assert heat_rise.air_rise_at(steep, 1000, 0) == 0.0
        assert heat_rise.air_rise_at(steep, 1000, 83) == 0.0
        assert heat_rise.air_rise_at(steep, 1000, 84) == 0.02

    def test_at_the_main_of_a_full_panel(self) -> None:
        # 500×900×150, 68.446 W: 19.02 + (23.67 − 19.02) · (665/900 − .5)/.25 = 19.02 + 4.65 · .95556 = 23.46.
        rise = heat_rise.temperature_rise(box(500, 900, 150), 68.446)
        assert heat_rise.air_rise_at(rise, 900, 665) == 23.46

    def test_uses_the_rounded_rises(self) -> None:
        # (10.01 + 10.02) / 2 = 10.015 is a tie in print; at a quarter above the middle 10.0125 → 10.01.
        assert heat_rise.air_rise_at(rise_of(10.01, 10.02, 2.0), 1000, 625) == 10.01


class TestPermittedLoadFactor:
    def test_falls_half_a_percent_per_kelvin(self) -> None:
        # 1 − .005 · (58.46 − 40) = .9077.
        assert heat_rise.permitted_load_factor(58.46, 0.005, 40) == 0.9077

    def test_is_one_up_to_the_reference(self) -> None:
        assert heat_rise.permitted_load_factor(40, 0.005, 40) == 1.0
        assert heat_rise.permitted_load_factor(20, 0.005, 40) == 1.0

    def test_falls_right_above_the_reference(self) -> None:
        assert heat_rise.permitted_load_factor(40.1, 0.005, 40) == 0.9995

    def test_follows_another_slope_and_reference(self) -> None:
        # 1 − .01 · (50 − 35) = .85.
        assert heat_rise.permitted_load_factor(50, 0.01, 35) == 0.85
