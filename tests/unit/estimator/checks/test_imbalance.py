"""Loads, counts and neutral current by the drawn labels."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from kis.estimator.checks.imbalance import MainUnbalance, unbalances
from kis.estimator.problem import Device, Network
from tests.factories.drawings import (
    FOUR_WIRE,
    ONE_PHASE,
    SPLIT_PHASE,
    THREE_WIRE,
    device,
    figures,
    lighting,
    main_device,
    problem,
)


def of(network: Network, *circuits: tuple[Device, str], **own: Any) -> MainUnbalance:
    lines = {circuit.id: tuple(label.split()) for circuit, label in circuits}
    panel = problem(network=network, devices=tuple(circuit for circuit, _ in circuits), **own)
    return unbalances(panel, lines)[0]


def lamps(count: int, phase: str, first: int = 0, **change: Any) -> list[tuple[Device, str]]:
    return [(lighting(f"{phase}{first + number}", **change), phase) for number in range(count)]


class TestUnbalances:
    def test_of_ten_equal_circuits(self) -> None:
        # 80/60/60 A: 0.25, 30 %, 20 %, 1; neutral √(80² + 60² + 60² − 80·60 − 60·60 − 60·80) = 20 A
        drawn = of(FOUR_WIRE, *lamps(4, "R"), *lamps(3, "S"), *lamps(3, "T"))
        assert figures(*drawn.loads_va) == (17600, 13200, 13200)
        assert figures(*drawn.counts) == (4, 3, 3)
        assert drawn.figures is not None
        assert figures(drawn.figures.imbalance, drawn.figures.korean_percent) == (Fraction(1, 4), 30)
        assert figures(drawn.figures.nema_percent, drawn.figures.count_difference) == (20, 1)
        assert drawn.neutral_a == Decimal("20.00")

    def test_circuits_on_every_phase_are_not_counted(self) -> None:
        drawn = of(FOUR_WIRE, (device("a"), "R S T"), *lamps(1, "S"))
        assert figures(drawn.loads_va, drawn.counts) == ((6600, 11000, 6600), (0, 1, 0))

    def test_circuits_between_lines_count_on_both(self) -> None:
        pair = lighting("p", circuit_voltage=380, connected=2, given_va=Fraction(3800))
        drawn = of(THREE_WIRE, (pair, "T R"))
        assert figures(drawn.loads_va, drawn.counts) == ((2200, 0, 2200), (1, 0, 1))
        assert drawn.neutral_a is None

    def test_of_a_split_phase_panel_has_the_difference_in_its_neutral(self) -> None:
        # 110 V: 20 A on each of three circuits, two left and one right
        drawn = of(SPLIT_PHASE, *lamps(2, "L1", circuit_voltage=110), *lamps(1, "L2", circuit_voltage=110))
        assert figures(*drawn.loads_va) == (4400, 2200)
        assert drawn.figures is not None
        assert drawn.figures.korean_percent == Fraction(200, 3)
        assert drawn.neutral_a == Decimal("20.00")
        other = of(SPLIT_PHASE, *lamps(1, "L1", circuit_voltage=110), *lamps(2, "L2", circuit_voltage=110))
        assert other.neutral_a == Decimal("20.00")

    def test_of_one_phase_there_is_nothing_to_balance(self) -> None:
        drawn = of(ONE_PHASE, *lamps(2, "L"))
        assert figures(drawn.figures, drawn.neutral_a, drawn.loads_va, drawn.counts) == (
            None,
            None,
            (8800,),
            (0,),
        )

    def test_of_idle_circuits_there_is_nothing_to_balance(self) -> None:
        drawn = of(FOUR_WIRE, *lamps(1, "R", is_spare=True))
        assert (drawn.figures, drawn.neutral_a, drawn.counts) == (None, None, (1, 0, 0))

    def test_each_main_is_balanced_for_itself(self) -> None:
        mains = (main_device(), main_device(1))
        circuits = (lighting("a"), lighting("b", main=1))
        drawn = unbalances(problem(mains=mains, devices=circuits), {"a": ("R",), "b": ("T",)})
        assert [figures(item.main, item.loads_va) for item in drawn] == [(0, (4400, 0, 0)), (1, (0, 0, 4400))]

    def test_a_circuit_without_a_label_weighs_nothing(self) -> None:
        panel = problem(devices=(lighting("a"), lighting("b")))
        (drawn,) = unbalances(panel, {"a": ("S",)})
        assert figures(drawn.loads_va, drawn.counts) == ((0, 4400, 0), (0, 1, 0))
