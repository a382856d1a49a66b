"""What must hold for every panel, not only for the worked ones."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kis.estimator.physics import busbar, diversity, heat_rise, insulation, protective_conductor, unbalance
from kis.estimator.physics.heat_rise import Cooling, Mounting
from kis.estimator.physics.insulation import MaterialGroup, OvervoltageCategory

loads = st.integers(0, 500_000)
three_loads = st.tuples(loads, loads, loads)
coolings = st.builds(
    Cooling,
    width_mm=st.integers(200, 2500),
    height_mm=st.integers(200, 2300),
    depth_mm=st.integers(80, 900),
    mounting=st.sampled_from(Mounting),
    neighbours=st.integers(0, 2),
    partitions=st.integers(0, 3),
    vent_inlet_cm2=st.sampled_from([0, 0, 50, 400]),
)
losses_w = st.integers(0, 3000)
bars = st.sampled_from(busbar.BARS)

quick = settings(deadline=None, max_examples=60)


class TestUnbalance:
    @quick
    @given(three_loads)
    def test_korean_figure_lies_between_one_and_two_times_nema(self, phases: tuple[int, int, int]) -> None:
        # max − min is at least the largest deviation from the mean and at most twice it (three phases).
        korean = unbalance.korean_unbalance_percent(phases, 3)
        nema = unbalance.nema_percent(phases)
        assert (korean is None) == (nema is None)
        if korean is not None and nema is not None:
            assert nema <= korean <= 2 * nema

    @quick
    @given(three_loads, st.integers(1, 100))
    def test_integer_gate_agrees_with_the_exact_percentage(
        self, phases: tuple[int, int, int], limit: int
    ) -> None:
        korean = unbalance.korean_unbalance_percent(phases, 3)
        assert unbalance.korean_within(phases, limit) == (korean is None or korean <= limit)

    @quick
    @given(three_loads, st.permutations([0, 1, 2]), st.integers(1, 50))
    def test_figures_ignore_the_order_of_phases_and_the_unit(
        self, phases: tuple[int, int, int], order: list[int], scale: int
    ) -> None:
        turned = [phases[index] * scale for index in order]
        assert unbalance.all_figures(turned, [1, 2, 3]) == unbalance.all_figures(phases, [1, 2, 3])

    @quick
    @given(three_loads, loads)
    def test_neutral_current_is_what_is_left_after_an_equal_share(
        self, phases: tuple[int, int, int], share: int
    ) -> None:
        a, b, c = phases
        assert unbalance.neutral_current_a(a + share, b + share, c + share) == unbalance.neutral_current_a(
            a, b, c
        )
        assert unbalance.neutral_current_a(a, b, c) <= max(phases) - min(phases) + 0.005

    @quick
    @given(three_loads)
    def test_imbalance_is_a_share(self, phases: tuple[int, int, int]) -> None:
        assert 0 <= unbalance.imbalance(phases) <= 1


class TestHeatRise:
    @quick
    @given(coolings, losses_w, losses_w)
    def test_more_loss_is_never_cooler(self, cooling: Cooling, first_w: int, second_w: int) -> None:
        low = heat_rise.temperature_rise(cooling, min(first_w, second_w))
        high = heat_rise.temperature_rise(cooling, max(first_w, second_w))
        assert low.mid_k <= high.mid_k
        assert low.top_k <= high.top_k

    @quick
    @given(coolings, losses_w)
    def test_the_top_is_never_cooler_than_the_middle(self, cooling: Cooling, loss_w: int) -> None:
        rise = heat_rise.temperature_rise(cooling, loss_w)
        assert 0 <= rise.mid_k <= rise.top_k

    @quick
    @given(coolings, losses_w, st.integers(0, 2300), st.integers(0, 2300))
    def test_air_never_cools_on_its_way_up(
        self, cooling: Cooling, loss_w: int, first_mm: int, second_mm: int
    ) -> None:
        rise = heat_rise.temperature_rise(cooling, loss_w)
        height_mm = cooling.height_mm
        lower, upper = sorted((min(first_mm, height_mm), min(second_mm, height_mm)))
        below = heat_rise.air_rise_at(rise, height_mm, lower)
        above = heat_rise.air_rise_at(rise, height_mm, upper)
        assert 0 <= below <= above <= rise.top_k

    @quick
    @given(coolings, losses_w)
    def test_profile_passes_through_middle_and_top(self, cooling: Cooling, loss_w: int) -> None:
        rise = heat_rise.temperature_rise(cooling, loss_w)
        assert heat_rise.air_rise_at(rise, cooling.height_mm, cooling.height_mm / 2) == rise.mid_k
        assert heat_rise.air_rise_at(rise, cooling.height_mm, cooling.height_mm) == rise.top_k

    @quick
    @given(coolings)
    def test_effective_surface_orders_the_mountings(self, cooling: Cooling) -> None:
        surfaces = [
            heat_rise.effective_surface_m2(
                Cooling(
                    width_mm=cooling.width_mm,
                    height_mm=cooling.height_mm,
                    depth_mm=cooling.depth_mm,
                    mounting=mounting,
                )
            )
            for mounting in (Mounting.RECESSED, Mounting.WALL, Mounting.FREE_STANDING)
        ]
        assert surfaces == sorted(surfaces)
        assert len(set(surfaces)) == 3

    @quick
    @given(st.floats(0, 150), st.floats(0, 50))
    def test_permitted_load_factor_falls_with_the_air(self, air_c: float, warmer_k: float) -> None:
        cool = heat_rise.permitted_load_factor(air_c, 0.005, 40)
        warm = heat_rise.permitted_load_factor(air_c + warmer_k, 0.005, 40)
        assert warm <= cool <= 1


class TestBusbar:
    @quick
    @given(bars, st.floats(-20, 100), st.floats(0, 40))
    def test_hotter_air_never_carries_more(self, bar: busbar.Bar, air_c: float, warmer_k: float) -> None:
        assert 0 <= busbar.ampacity_at(bar, air_c + warmer_k) <= busbar.ampacity_at(bar, air_c)

    @quick
    @given(bars, st.integers(0, 60), st.integers(65, 105), st.integers(0, 20))
    def test_a_hotter_bar_never_carries_less(
        self, bar: busbar.Bar, air_c: int, limit_c: int, more_k: int
    ) -> None:
        assert busbar.ampacity_at(bar, air_c, limit_c) <= busbar.ampacity_at(bar, air_c, limit_c + more_k)

    @quick
    @given(st.integers(1, 2800), st.integers(10, 210))
    def test_the_proposed_bar_passes_and_none_smaller_does(self, current_a: int, max_width_mm: int) -> None:
        proposed = busbar.smallest_passing(current_a, max_width_mm)
        passing = [
            bar
            for bar in busbar.BARS
            if bar.verified and bar.ampacity_a >= current_a and bar.width_mm <= max_width_mm
        ]
        assert (proposed is None) == (not passing)
        if proposed is not None:
            assert proposed in passing
            assert proposed.section_mm2 == min(bar.section_mm2 for bar in passing)

    @quick
    @given(bars, st.integers(1, 3000), st.integers(1, 3000))
    def test_mass_adds_up_over_pieces(self, bar: busbar.Bar, first_mm: int, second_mm: int) -> None:
        def piece(length_mm: int) -> Decimal:
            return busbar.mass_kg(bar.width_mm, bar.thickness_mm, length_mm)

        assert piece(first_mm) + piece(second_mm) == piece(first_mm + second_mm)
        assert piece(first_mm) > 0


class TestTables:
    @quick
    @given(st.integers(1, 1000), st.integers(1, 1000), st.sampled_from(MaterialGroup))
    def test_creepage_grows_with_voltage_and_pollution(
        self, first_v: int, second_v: int, group: MaterialGroup
    ) -> None:
        lower_v, higher_v = sorted((first_v, second_v))
        for degree in (2, 3):
            lower = insulation.creepage_mm(lower_v, degree, group)
            assert lower <= insulation.creepage_mm(higher_v, degree, group)
        assert insulation.creepage_mm(lower_v, 2, group) < insulation.creepage_mm(lower_v, 3, group)

    @quick
    @given(st.integers(1, 1000))
    def test_impulse_and_clearance_grow_towards_the_origin(self, voltage_v: int) -> None:
        impulses = [insulation.rated_impulse_kv(voltage_v, category) for category in OvervoltageCategory]
        clearances = [insulation.clearance_mm(impulse) for impulse in impulses]
        assert impulses == sorted(impulses)
        assert clearances == sorted(clearances)

    @quick
    @given(st.integers(1, 2000), st.integers(1, 2000))
    def test_earth_conductor_grows_with_the_phase_and_never_exceeds_it(self, first: int, second: int) -> None:
        smaller, larger = sorted((Decimal(first), Decimal(second)))
        small = protective_conductor.minimum_section_mm2(smaller).section_mm2
        large = protective_conductor.minimum_section_mm2(larger).section_mm2
        assert small <= large
        assert large <= larger

    @quick
    @given(st.integers(0, 300))
    def test_diversity_falls_with_every_circuit(self, circuits: int) -> None:
        for table in (diversity.IEC_61439_2, diversity.IEC_61439_3):
            factor = diversity.rated_diversity_factor(circuits, table)
            assert Fraction(1, 2) <= diversity.rated_diversity_factor(circuits + 1, table) <= factor <= 1
