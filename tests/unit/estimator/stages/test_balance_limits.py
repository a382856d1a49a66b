"""What the stage asks of the solver and what it takes from it: phases, counts, seats and rows turned over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.design import GroupPhases, Objective
from kis.estimator.layout.plans import Arrangement, GroupPlan
from kis.estimator.layout.rails import Rail
from kis.estimator.layout.ways import Row, Way
from kis.estimator.problem import Device, Network, PanelProblem, Position
from kis.estimator.rulebook import Rulebook
from kis.estimator.stages.breaker import balance_panel
from tests.factories import drawings
from tests.factories.designs import arrangement


def single(name: str, rating_a: int, **changes: Any) -> Device:
    """Return a circuit on one phase that loads it with 220 V × its rating."""
    own = {"rating_a": rating_a, "phase_load_va": Fraction(220 * rating_a)}
    return drawings.lighting(name, **{**own, **changes})


def triple(name: str, rating_a: int, **changes: Any) -> Device:
    return drawings.device(name, rating_a=rating_a, phase_load_va=Fraction(220 * rating_a), **changes)


def panel(*devices: Device, network: Network = drawings.FOUR_WIRE) -> PanelProblem:
    return drawings.problem(devices=devices, network=network)


def row(*ways: Device | None) -> Row:
    left, right = (Way(way) if way is not None else None for way in (*ways, None)[:2])
    return Row(left=left, right=right, pitch_mm=40)


def balanced(
    problem: PanelProblem, *columns: Sequence[Row], rules: Rulebook | None = None
) -> tuple[GroupPhases, Arrangement]:
    (found,), seated = balance_panel(problem, arrangement(columns), rules or drawings.rulebook())
    return found, seated


def on(lines: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: "".join(of) for name, of in lines.items()}


class TestBalance:
    def test_of_equal_circuits_is_even(self) -> None:
        devices = [single(f"B{number}", 20) for number in range(1, 7)]
        rows = [row(*devices[start : start + 2]) for start in (0, 2, 4)]
        found, seated = balanced(panel(*devices), rows)
        assert found.main == 0
        assert found.applicable
        assert drawings.figures(*found.loads_va) == (8800, 8800, 8800)
        assert found.counts == (2, 2, 2)
        assert found.proven_optimal
        assert found.heuristic_only is False
        assert found.bound_va == 0
        assert found.crossed_rows == ()
        assert sorted(on(found.lines).values()) == ["R", "R", "S", "S", "T", "T"]
        assert seated.groups[0].columns[0].rows == tuple(rows)

    def test_tells_each_objective_as_the_solver_does(self) -> None:
        # 20 and 30 A on three phases: one phase is empty and another has 6600 VA; the counts differ by one.
        devices = [single("B1", 20), single("B2", 30)]
        found, _ = balanced(panel(*devices), [row(*devices)])
        loads, counts, _ = found.objectives
        assert loads == Objective(
            name="phase_difference",
            value=Fraction(6600),
            bound=Fraction(6600),
            unit="VA",
            proven=True,
            status="enumerated",
            reason=loads.reason,
        )
        assert loads.reason.key == "solver.phase_difference.enumerated"
        assert loads.reason.values["value"] == "6,600 VA (30 A)"
        assert (counts.value, counts.unit, counts.status) == (Fraction(1), "circuits", "bound")
        assert found.bound_va == 6600

    def test_tells_differences_in_amperes_of_the_phase_voltage(self) -> None:
        # 3300 and 2200 VA on two lines at 110 V: 1100 VA are 10 A.
        devices = [
            single(f"B{number}", rating, phase_load_va=Fraction(110 * rating), circuit_voltage=110)
            for number, rating in ((1, 30), (2, 20))
        ]
        found, _ = balanced(panel(*devices, network=drawings.SPLIT_PHASE), [row(*devices)])
        assert found.objectives[0].reason.values["value"] == "1,100 VA (10 A)"

    def test_without_load_there_is_nothing_to_judge(self) -> None:
        found, _ = balanced(panel(single("B1", 0)), [row(single("B1", 0))])
        assert not found.applicable
        assert drawings.figures(*found.loads_va) == (0, 0, 0)

    def test_of_one_phase_takes_everything_as_it_is(self) -> None:
        devices = [single("B1", 20), single("B2", 30)]
        found, seated = balanced(panel(*devices, network=drawings.ONE_PHASE), [row(*devices)])
        assert found == GroupPhases(
            main=0,
            applicable=False,
            loads_va=(Fraction(11000),),
            counts=(2,),
            lines={"B1": ("L",), "B2": ("L",)},
            objectives=(),
            proven_optimal=True,
            bound_va=Fraction(0),
            heuristic_only=False,
            crossed_rows=(),
        )
        assert seated.groups[0].columns[0].rows == (row(*devices),)

    def test_of_a_main_without_circuits_is_nothing(self) -> None:
        found, _ = balanced(panel(), [])
        assert not found.applicable
        assert drawings.figures(*found.loads_va) == (0, 0, 0)
        assert found.counts == (0, 0, 0)
        assert found.lines == {}

    def test_three_phase_circuits_load_every_phase_and_are_not_counted(self) -> None:
        devices = [triple("P1", 50), single("B1", 20)]
        found, _ = balanced(panel(*devices), [row(devices[0]), row(devices[1])])
        assert sorted(found.loads_va) == [11000, 11000, 15400]
        assert sorted(found.counts) == [0, 0, 1]
        assert found.lines["P1"] == ("R", "S", "T")
        assert len(found.lines["B1"]) == 1

    def test_keeps_fixed_phases(self) -> None:
        devices = [
            single("F1", 20, fixed=(2,)),
            single("F2", 20, fixed=(0,)),
            single("F3", 20, fixed=(2,)),
            single("B1", 20),
        ]
        found, _ = balanced(panel(*devices), [row(devices[0]), row(*devices[1:3]), row(devices[3])])
        # T has 8800 by order, R 4400; the free one goes to S.
        assert on(found.lines) == {"F1": "T", "F2": "R", "F3": "T", "B1": "S"}
        assert drawings.figures(*found.loads_va) == (4400, 4400, 8800)
        assert found.counts == (1, 1, 2)

    @pytest.mark.parametrize(
        ("fixed", "lines"), [((0, 1), "RS"), ((1, 2), "ST"), ((0, 2), "RT"), ((2, 0), "RT"), ((2, 1), "ST")]
    )
    def test_keeps_fixed_pairs(self, fixed: tuple[int, int], lines: str) -> None:
        own = single("B1", 20, connected=2, fixed=fixed, circuit_voltage=380)
        found, _ = balanced(panel(own, network=drawings.THREE_WIRE), [row(own)])
        assert on(found.lines) == {"B1": lines}
        assert list(found.loads_va) == [4400 * (name in lines) for name in "RST"]

    def test_spreads_circuits_between_lines(self) -> None:
        devices = [single(f"B{number}", 20, connected=2, circuit_voltage=380) for number in range(1, 4)]
        found, _ = balanced(
            panel(*devices, network=drawings.THREE_WIRE), [row(*devices[:2]), row(devices[2])]
        )
        assert sorted(on(found.lines).values()) == ["RS", "RT", "ST"]
        assert drawings.figures(*found.loads_va) == (8800, 8800, 8800)

    def test_leaves_empty_ways_out(self) -> None:
        device, spare = single("B1", 20), Way(drawings.spare_way())
        found, _ = balanced(panel(device), [Row(left=spare, right=Way(device), pitch_mm=40), row(None, None)])
        assert sum(found.counts) == 1
        assert list(found.lines) == ["B1"]

    def test_seats_a_rail_from_the_left(self) -> None:
        devices = [single(f"B{number}", 20) for number in range(1, 4)]
        rail = Rail((Way(triple("P1", 30)), *map(Way, devices), Way(drawings.spare_way())))
        plan = arrangement(((),))
        group: GroupPlan = replace(plan.groups[0], columns=(), rails=(rail,))
        (found,), _ = balance_panel(
            panel(triple("P1", 30), *devices), replace(plan, groups=(group,)), drawings.rulebook()
        )
        assert on(found.lines) == {"P1": "RST", "B1": "R", "B2": "S", "B3": "T"}

    def test_turns_the_labels_with_the_place_of_the_panel(self) -> None:
        # One circuit: on R in the first panel, S in the second, T in the third, R again in the fourth; always R where the shop does not turn.
        device = single("B1", 20)
        rules = drawings.rules_with("phases", turn_labels=False)
        problems = [replace(panel(device), index=index) for index in range(4)]
        assert [on(balanced(each, [row(device)])[0].lines)["B1"] for each in problems] == ["R", "S", "T", "R"]
        assert [on(balanced(each, [row(device)], rules=rules)[0].lines)["B1"] for each in problems] == [
            "R"
        ] * 4

    def test_facing_circuits_share_a_phase_where_the_shop_wants_it(self) -> None:
        # Two circuits are most even on two phases; on through-bars that both sides share they stay on one.
        devices = [single("B1", 20), single("B2", 20)]
        rules = drawings.rules_with("phases", facing_pair_shares_phase=True)
        free, _ = balanced(panel(*devices), [row(*devices)])
        bound, _ = balanced(panel(*devices), [row(*devices)], rules=rules)
        assert (sorted(free.counts), free.crossed_rows) == ([0, 1, 1], ())
        assert (sorted(bound.counts), bound.crossed_rows) == ([0, 0, 2], ())

    def test_turns_a_row_over_rather_than_cross_its_bars(self) -> None:
        # T on the left and R on the right cross; the row is turned over, unless a place is fixed.
        devices = [single("B1", 20, fixed=(2,)), single("B2", 20, fixed=(0,))]
        found, seated = balanced(panel(*devices), [row(*devices)])
        assert seated.groups[0].columns[0].rows == (row(devices[1], devices[0]),)
        assert found.crossed_rows == ()
        assert on(found.lines) == {"B1": "T", "B2": "R"}
        kept = [replace(devices[0], position=Position(side="L", row=1)), devices[1]]
        found, seated = balanced(panel(*kept), [row(*kept)])
        assert seated.groups[0].columns[0].rows == (row(*kept),)
        assert found.crossed_rows == ((0, 0),)

    def test_turns_other_rows_over_than_those_with_a_fixed_place(self) -> None:
        # The first row crosses; the second holds the circuit with a place and does not.
        crossing = [single("B1", 20, fixed=(2,)), single("B2", 20, fixed=(0,))]
        kept = [
            single("B3", 20, fixed=(0,), position=Position(side="L", row=2)),
            single("B4", 20, fixed=(2,)),
        ]
        found, seated = balanced(panel(*crossing, *kept), [row(*crossing), row(*kept)])
        assert seated.groups[0].columns[0].rows == (row(*reversed(crossing)), row(*kept))
        assert found.crossed_rows == ()

    def test_leaves_every_row_where_one_with_a_fixed_place_would_turn(self) -> None:
        crossing = [single("B1", 20, fixed=(2,)), single("B2", 20, fixed=(0,))]
        held = [
            single("B3", 20, fixed=(2,)),
            single("B4", 20, fixed=(0,), position=Position(side="R", row=2)),
        ]
        found, seated = balanced(panel(*crossing, *held), [row(*crossing), row(*held)])
        assert seated.groups[0].columns[0].rows == (row(*crossing), row(*held))
        assert found.crossed_rows == ((0, 0), (0, 1))

    def test_counts_columns_over_all_mains(self) -> None:
        # Columns 0 and 1, 2, and 3; the crossed row of the third main is turned over there and nowhere else.
        first = [single(f"A{number}", 20) for number in range(1, 5)]
        second = [single("B1", 20, main=1), single("B2", 20, main=1)]
        third = [single("C1", 20, fixed=(2,), main=2), single("C2", 20, fixed=(0,), main=2)]
        problem = replace(
            panel(*first, *second, *third), mains=tuple(drawings.main_device(index) for index in range(3))
        )
        plans = [
            arrangement(columns)
            for columns in (([row(*first[:2])], [row(*first[2:])]), ([row(*second)],), ([row(*third)],))
        ]
        plan = replace(plans[0], groups=tuple(group for each in plans for group in each.groups))
        found, seated = balance_panel(problem, plan, drawings.rulebook())
        assert [each.main for each in found] == [0, 1, 2]
        assert sorted(found[0].lines) == ["A1", "A2", "A3", "A4"]
        assert on(found[2].lines) == {"C1": "T", "C2": "R"}
        assert seated.groups[1].columns[0].rows == (row(*second),)
        assert seated.groups[2].columns[0].rows == (row(*reversed(third)),)
