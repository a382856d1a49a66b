"""Which bar each pole goes to, and where the cross-bars of a hand-drawn row lie."""

from dataclasses import replace
from fractions import Fraction

import pytest

from kis.estimator.layout.cross_bars import bar_centre, cross_bars
from kis.estimator.layout.drawing import Column, Part, PartKind
from kis.estimator.layout.groups import bar_step
from kis.estimator.layout.plans import ColumnPlan
from kis.estimator.layout.poles import poles_from_top
from kis.estimator.problem import Network
from kis.estimator.request import Supply
from tests.factories.circuits import FOUR_WIRES
from tests.factories.panels import rulebook

THREE_WIRES = replace(FOUR_WIRES, supply=Supply.THREE_PHASE_THREE_WIRE, bars=("R", "S", "T"))
SPLIT_PHASE = Network(
    supply=Supply.SINGLE_PHASE_THREE_WIRE,
    phases=("L1", "L2"),
    bars=("L1", "N", "L2"),
    phase_voltage=110,
    line_voltage=220,
)

# A 500 wide box: centre 250, four bars 25 apart, the corridor 200 … 300.
COLUMN = Column(index=0, group=0, centre_x=250, corridor=(200, 300), rows=1, rows_top_y=300, rows_sum_mm=40)


def plan(pitch: int = 25) -> ColumnPlan:
    return ColumnPlan(
        rows=(),
        left_reach_mm=70,
        right_reach_mm=70,
        left_lane_mm=40,
        right_lane_mm=40,
        corridor_mm=4 * pitch,
        bar_pitch=Fraction(pitch),
        bar=bar_step(100, rulebook()),
        device_gap_mm=10,
    )


def device(side: str, poles: tuple[str, ...], y0: int, y1: int, reach: int = 70) -> Part:
    x0, x1 = (190 - reach, 190) if side == "L" else (310, 310 + reach)
    return Part(
        id=f"{side}1.B1",
        kind=PartKind.BREAKER,
        label="",
        x0=x0,
        x1=x1,
        y0=y0,
        y1=y1,
        z0=30,
        z1=92,
        phase="".join(poles),
        poles=poles,
        device="B1",
        column=0,
        row=0,
        side=side,
    )


class TestPoles:
    @pytest.mark.parametrize(
        ("poles", "lines", "network", "expected"),
        [
            (2, ("S",), FOUR_WIRES, ("S", "N")),
            (1, ("S",), FOUR_WIRES, ("S",)),
            (2, ("R", "T"), FOUR_WIRES, ("R", "T")),
            (3, ("R", "S", "T"), FOUR_WIRES, ("R", "S", "T")),
            (4, ("R", "S", "T"), FOUR_WIRES, ("R", "S", "T", "N")),
            (2, ("S", "T"), THREE_WIRES, ("S", "T")),
            # In the order of the bars L1 N L2.
            (2, ("L2",), SPLIT_PHASE, ("N", "L2")),
            (2, ("L1", "L2"), SPLIT_PHASE, ("L1", "L2")),
            # An empty way goes nowhere.
            (2, (), FOUR_WIRES, ()),
        ],
    )
    def test_from_the_top(
        self, poles: int, lines: tuple[str, ...], network: Network, expected: tuple[str, ...]
    ) -> None:
        assert poles_from_top(poles, lines, network, shifted_up=False) == expected

    def test_of_the_upper_one_of_two_4_pole_breakers_begin_with_n(self) -> None:
        # Together N-R-S-T-N over five pitches.
        assert poles_from_top(4, ("R", "S", "T"), FOUR_WIRES, shifted_up=True) == ("N", "R", "S", "T")


class TestBarCentre:
    @pytest.mark.parametrize(
        ("bars", "pitch", "centres"),
        # centre + (j − (n − 1) ÷ 2) · q
        [
            (4, 25, [213, 238, 263, 288]),
            (4, 35, [198, 233, 268, 303]),
            (3, 25, [225, 250, 275]),
            (2, 25, [238, 263]),
            (4, 30, [205, 235, 265, 295]),
        ],
    )
    def test_of_every_bar(self, bars: int, pitch: int, centres: list[int]) -> None:
        found = [bar_centre(COLUMN, number, bars, Fraction(pitch)) for number in range(bars)]
        # Half a millimetre goes up.
        assert found == centres


class TestCrossBars:
    def test_of_a_small_breaker_are_12_wide_and_20_apart(self) -> None:
        # A row of 40, the body of 33 from 263 to 296: levels 289.5 and 269.5.
        found = list(
            cross_bars(
                device("L", ("S", "N"), 263, 296), Fraction(20), COLUMN, plan(), FOUR_WIRES.bars, rulebook()
            )
        )
        assert [(bar.phase, bar.y1 - bar.y0) for bar in found] == [("S", 12), ("N", 12)]
        assert found[0].y0 - found[1].y0 == 20
        # From the device's end to the centre of the bar.
        assert [(bar.x0, bar.x1) for bar in found] == [(190, 238), (190, 288)]

    def test_of_others_are_15_wide_at_the_pole_pitch(self) -> None:
        # 3P, 75 wide: levels 25 apart from the middle 262.5.
        found = list(
            cross_bars(
                device("R", ("R", "S", "T"), 225, 300, 130),
                Fraction(25),
                COLUMN,
                plan(),
                FOUR_WIRES.bars,
                rulebook(),
            )
        )
        assert [(bar.y0, bar.y1) for bar in found] == [(280, 295), (255, 270), (230, 245)]
        assert [(bar.x0, bar.x1) for bar in found] == [(213, 310), (238, 310), (263, 310)]

    def test_lie_in_front_of_the_bars(self) -> None:
        # Bars 70 … 73 (3T); the cross-bar stands clear of them.
        (bar, _) = cross_bars(
            device("L", ("R", "N"), 263, 296), Fraction(20), COLUMN, plan(), FOUR_WIRES.bars, rulebook()
        )
        assert bar.z0 >= 73
        assert bar.z1 == bar.z0 + 3

    def test_of_facing_circuits_end_where_the_other_begins(self) -> None:
        left, right = device("L", ("R", "N"), 263, 296), device("R", ("S", "N"), 263, 296)
        one = list(cross_bars(left, Fraction(20), COLUMN, plan(), FOUR_WIRES.bars, rulebook()))
        other = list(cross_bars(right, Fraction(20), COLUMN, plan(), FOUR_WIRES.bars, rulebook()))
        # Same levels; R ends at 213 before S begins at 238, both N meet at 288.
        assert [bar.y0 for bar in one] == [bar.y0 for bar in other]
        assert [(bar.x1, facing.x0) for bar, facing in zip(one, other, strict=True)] == [
            (213, 238),
            (288, 288),
        ]
