"""Currents and loads of circuits and mains, by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kis.estimator.checks.loads import (
    current_a,
    diversity_factor,
    expected_lines,
    heating_currents,
    lines_of,
    load_va,
    main_loads,
    phase_sums,
)
from kis.estimator.problem import Device, Network
from tests.factories.drawings import (
    FOUR_WIRE,
    ONE_PHASE,
    SPLIT_PHASE,
    THREE_WIRE,
    breaker,
    device,
    figures,
    lighting,
    main_device,
    problem,
    rulebook,
    rules_with,
    small,
)

RULES = rulebook()
BETWEEN_LINES = lighting(circuit_voltage=380, connected=2)


class TestLinesOf:
    @pytest.mark.parametrize(
        ("label", "network", "lines"),
        [
            ("R", FOUR_WIRE, ("R",)),
            ("RST", FOUR_WIRE, ("R", "S", "T")),
            ("TR", FOUR_WIRE, ("T", "R")),
            ("L1L2", SPLIT_PHASE, ("L1", "L2")),
            ("L", ONE_PHASE, ("L",)),
            ("", FOUR_WIRE, ()),
            ("RX", FOUR_WIRE, ()),
            ("N", FOUR_WIRE, ()),
            ("L1R", SPLIT_PHASE, ()),
        ],
    )
    def test_reads_a_label_or_nothing(self, label: str, network: Network, lines: tuple[str, ...]) -> None:
        assert lines_of(label, network) == lines


class TestExpectedLines:
    @pytest.mark.parametrize(
        ("circuit", "network", "lines"),
        [
            (device(), FOUR_WIRE, 3),
            (device(breaker=breaker(poles=4)), FOUR_WIRE, 3),
            (device(), SPLIT_PHASE, 2),
            (lighting(), FOUR_WIRE, 1),
            (BETWEEN_LINES, FOUR_WIRE, 2),
            (lighting(circuit_voltage=380), THREE_WIRE, 2),
            (lighting(circuit_voltage=220), SPLIT_PHASE, 2),
            (lighting(circuit_voltage=110), SPLIT_PHASE, 1),
            (lighting(), ONE_PHASE, 1),
            (device(), ONE_PHASE, 1),
            (lighting(breaker=small(poles=1), circuit_voltage=380), FOUR_WIRE, 1),
        ],
    )
    def test_follows_poles_voltage_and_network(self, circuit: Device, network: Network, lines: int) -> None:
        assert expected_lines(circuit, network) == lines


class TestCurrentA:
    @pytest.mark.parametrize(
        ("circuit", "network", "amperes"),
        [
            # without VA: 30 A × 0.6
            (device(), FOUR_WIRE, Fraction(18)),
            # 9600 VA over three phases: 3200 VA ÷ 220 V
            (device(given_va=Fraction(9600)), FOUR_WIRE, Fraction(3200, 220)),
            (device(given_va=Fraction(9600)), THREE_WIRE, Fraction(3200, 220)),
            # 3800 VA between two lines: 10 A
            (replace(BETWEEN_LINES, given_va=Fraction(3800)), FOUR_WIRE, Fraction(10)),
            (lighting(circuit_voltage=220, given_va=Fraction(2200)), SPLIT_PHASE, Fraction(10)),
            (lighting(circuit_voltage=110, given_va=Fraction(2200)), SPLIT_PHASE, Fraction(20)),
            (lighting(given_va=Fraction(2200)), FOUR_WIRE, Fraction(10)),
            # a spare breaker and that of an SPD carry nothing, a spare with a load does
            (lighting(is_spare=True), FOUR_WIRE, Fraction(0)),
            (lighting(is_spd=True), FOUR_WIRE, Fraction(0)),
            (lighting(is_spare=True, given_va=Fraction(220)), FOUR_WIRE, Fraction(1)),
            (lighting(given_va=Fraction(0)), FOUR_WIRE, Fraction(0)),
        ],
    )
    def test_is_the_given_load_or_a_share_of_the_rating(
        self, circuit: Device, network: Network, amperes: Fraction
    ) -> None:
        assert current_a(circuit, network, Fraction(6, 10)) == amperes


class TestLoadVa:
    def test_is_the_full_rating_at_the_phase_voltage(self) -> None:
        assert load_va(device(), FOUR_WIRE) == 6600  # 30 × 220, on every phase
        assert load_va(lighting(), FOUR_WIRE) == 4400
        assert load_va(lighting(circuit_voltage=110), SPLIT_PHASE) == 2200

    def test_between_lines_is_the_current_at_the_phase_voltage(self) -> None:
        assert load_va(replace(BETWEEN_LINES, given_va=Fraction(3800)), FOUR_WIRE) == 2200


class TestPhaseSums:
    def test_adds_each_circuit_to_the_phases_of_its_label(self) -> None:
        circuits = [device("a"), lighting("b"), BETWEEN_LINES, lighting("unlabelled")]
        lines = {"a": ("R", "S", "T"), "b": ("S",), "B003": ("S", "T")}
        sums = phase_sums(circuits, lines, FOUR_WIRE, lambda circuit: Fraction(circuit.rating_a))
        assert figures(*sums) == (30, 30 + 20 + 20, 30 + 20)


class TestDiversityFactor:
    @pytest.mark.parametrize(
        ("circuits", "tenths"),
        [(0, 10), (1, 10), (2, 9), (3, 9), (4, 8), (5, 8), (6, 7), (9, 7), (10, 6), (200, 6)],
    )
    def test_is_table_101(self, circuits: int, tenths: int) -> None:
        assert diversity_factor(circuits, RULES) == Fraction(tenths, 10)

    def test_follows_the_table_the_rulebook_names(self) -> None:
        rules = rules_with("critic", diversity_table="IEC 61439-3, from memory")
        assert diversity_factor(10, rules) == Fraction(5, 10)


class TestMainLoads:
    def test_of_ten_small_circuits(self) -> None:
        # 4/3/3 circuits of 20 A at 0.6: the heaviest phase carries 48 A, below 80 A
        circuits = tuple(lighting(f"B{number}") for number in range(10))
        lines = {circuit.id: ("RST"[number % 3],) for number, circuit in enumerate(circuits)}
        (load,) = main_loads(problem(devices=circuits), lines, RULES)
        assert (load.circuits, load.diversity_factor) == (10, Fraction(6, 10))
        assert figures(load.heaviest_a, load.limit_a, load.scale, load.current_a) == (48, 80, 1, 48)
        assert (load.index, load.main.id) == (0, "M1")

    def test_holds_the_main_at_its_limit(self) -> None:
        # 20 circuits of 20 A, 7/7/6: 84 A held at 80 A
        circuits = tuple(lighting(f"B{number:02}") for number in range(20))
        lines = {circuit.id: ("RST"[number % 3],) for number, circuit in enumerate(circuits)}
        panel = problem(devices=circuits)
        loads = main_loads(panel, lines, RULES)
        assert figures(loads[0].heaviest_a, loads[0].scale, loads[0].current_a) == (84, Fraction(20, 21), 80)
        currents = heating_currents(panel, loads, RULES)
        assert currents["B00"] == 12 * Fraction(20, 21)
        assert currents["M1"] == 80

    def test_exactly_at_the_limit_scales_nothing(self) -> None:
        # four 3P 25 A at 0.8: 4 · 20 A = 80 A on 100 A
        circuits = tuple(device(f"B{number}", rating_a=25) for number in range(4))
        lines = {circuit.id: ("R", "S", "T") for circuit in circuits}
        (load,) = main_loads(problem(devices=circuits), lines, RULES)
        assert figures(load.heaviest_a, load.scale) == (80, 1)

    def test_few_circuits_carry_no_more_than_the_limit_share(self) -> None:
        # one circuit: RDF 1, but no more than 0.8 of its rating
        circuits = (device("B1", rating_a=50),)
        panel = problem(devices=circuits)
        loads = main_loads(panel, {"B1": ("R", "S", "T")}, RULES)
        assert loads[0].diversity_factor == 1
        assert loads[0].current_a == 40
        assert heating_currents(panel, loads, RULES)["B1"] == 40

    def test_alone_a_main_carries_its_limit(self) -> None:
        (load,) = main_loads(problem(devices=()), {}, RULES)
        assert figures(load.circuits, load.heaviest_a, load.current_a) == (0, 0, 80)

    def test_of_idle_circuits_is_nothing(self) -> None:
        (load,) = main_loads(problem(devices=(lighting("B1", is_spare=True),)), {"B1": ("R",)}, RULES)
        assert figures(load.scale, load.current_a) == (1, 0)

    def test_each_main_counts_its_own_circuits(self) -> None:
        circuits = (device("A"), *(device(f"B{number}", main=1) for number in range(6)))
        lines = {circuit.id: ("R", "S", "T") for circuit in circuits}
        panel = problem(mains=(main_device(), main_device(1, rating_a=60)), devices=circuits)
        first, second = main_loads(panel, lines, RULES)
        assert figures(first.circuits, first.current_a) == (1, 24)
        # 6 × 30 A × 0.7 = 126 A, held at 48 A
        assert figures(second.circuits, second.heaviest_a, second.current_a) == (6, 126, 48)
        currents = heating_currents(panel, (first, second), RULES)
        assert figures(currents["A"], currents["B0"]) == (24, 8)
        assert figures(currents["M1"], currents["M2"]) == (24, 48)
