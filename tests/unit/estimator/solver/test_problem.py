"""What may be asked: choices, facing circuits, and problems that contradict themselves."""

from fractions import Fraction

import pytest

from kis.estimator.solver import FixedLoad, InvalidPhaseProblem, PhaseProblem, Seat, choice_index, choices
from kis.estimator.solver.problem import is_uncrossed
from tests.unit.estimator.solver.panels import amperes, bound_to, in_pairs, panel, volt_amperes


class TestChoices:
    def test_phases_and_pairs(self) -> None:
        assert choices(1, 3) == ((0,), (1,), (2,))
        assert choices(2, 3) == ((0, 1), (1, 2), (2, 0))
        assert choices(1, 2) == ((0,), (1,))
        assert choices(2, 2) == ((0, 1),)

    def test_a_pair_is_the_same_named_from_either_end(self) -> None:
        assert choice_index((2, 0), 3) == choice_index((0, 2), 3) == 2

    @pytest.mark.parametrize("connection", [(3,), (0, 0), (1, 3)])
    def test_unknown_connections_are_refused(self, connection: tuple[int, ...]) -> None:
        with pytest.raises(InvalidPhaseProblem):
            choice_index(connection, 3)


class TestIsUncrossed:
    @pytest.mark.parametrize("left", range(3))
    @pytest.mark.parametrize("right", range(3))
    def test_single_circuits_stand_in_the_order_of_the_bars(self, left: int, right: int) -> None:
        assert is_uncrossed((left,), (right,), 3) == (left <= right)

    def test_pairs_stand_in_the_order_rs_rt_st(self) -> None:
        # Poles from the left: RS (0, 1), TR (0, 2), ST (1, 2); each must not lie right of the facing one.
        order = [(0, 1), (2, 0), (1, 2)]
        for left in range(3):
            for right in range(3):
                assert is_uncrossed(order[left], order[right], 3) == (left <= right)

    def test_a_pair_goes_left_of_a_single_circuit_with_neutral(self) -> None:
        # Single: line and N, the last bar; its second pole lies right of any line.
        assert is_uncrossed((1, 2), (1,), 3)
        assert not is_uncrossed((1, 2), (0,), 3)
        assert not is_uncrossed((0,), (0, 1), 3)

    def test_single_phase_three_wire_has_its_neutral_in_the_middle(self) -> None:
        # L1 N L2: a circuit from L1 to L2 stands between those of L1 and of L2.
        assert is_uncrossed((0,), (0, 1), 2)
        assert is_uncrossed((0, 1), (1,), 2)
        assert not is_uncrossed((1,), (0, 1), 2)
        assert not is_uncrossed((1,), (0,), 2)


GROUP = amperes("x", 20, 2)
SEATS = in_pairs("xx")


class TestInvalidProblems:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ({"phases": 1, "groups": ()}, "There must be 2 or 3 phases"),
            ({"phases": 3, "groups": (), "base_va": (Fraction(0),)}, "one base load for each"),
            ({"phases": 3, "groups": (GROUP, GROUP)}, "same key"),
            ({"phases": 3, "groups": (volt_amperes("n", -1),)}, "n: circuits take"),
            ({"phases": 3, "groups": (volt_amperes("n", 1, -1),)}, "n: circuits take"),
            ({"phases": 3, "groups": (volt_amperes("n", 1, 1, lines=3),)}, "n: circuits take"),
            ({"phases": 3, "groups": (GROUP,), "fixed": (bound_to("x", (0, 1), 1),)}, "x: circuits take"),
            ({"phases": 2, "groups": (), "fixed": (bound_to("f", (2,), 1),)}, "no such connection"),
            ({"phases": 3, "groups": (GROUP,), "seats": SEATS[:1]}, "do not match: x"),
            ({"phases": 3, "groups": (), "seats": SEATS}, "do not match: x"),
            ({"phases": 3, "groups": (GROUP,), "seats": (SEATS[0], SEATS[0])}, "same place"),
            (
                {"phases": 3, "groups": (), "seats": (Seat(index=0, row=0, side=2, column=0, key="x"),)},
                "neither left nor right",
            ),
        ],
    )
    def test_contradictions_are_refused_with_a_reason(self, arguments: dict[str, object], said: str) -> None:
        with pytest.raises(InvalidPhaseProblem) as refused:
            PhaseProblem(**arguments)  # type: ignore[arg-type]  # the table mixes fields
        assert said.lower() in refused.value.text("en").lower()
        assert refused.value.text("ko")

    def test_a_seat_fixed_to_a_phase_no_circuit_has(self) -> None:
        seat = Seat(index=7, row=0, side=0, column=0, key="f", fixed_phase=0)
        with pytest.raises(InvalidPhaseProblem, match=r"Seat 7 \(f\)"):
            panel(seats=(seat,), fixed=(bound_to("f", (1,), 1),))

    def test_a_fixed_seat_of_a_key_with_two_phases_must_name_one(self) -> None:
        seat = Seat(index=0, row=0, side=0, column=0, key="f", fixed=True)
        with pytest.raises(InvalidPhaseProblem):
            panel(seats=(seat,), fixed=(bound_to("f", (1,), 1), bound_to("f", (2,), 1)))

    def test_more_fixed_seats_than_circuits(self) -> None:
        seats = tuple(Seat(index=row, row=row, side=0, column=0, key="f", fixed=True) for row in range(2))
        with pytest.raises(InvalidPhaseProblem):
            panel(seats=seats, fixed=(bound_to("f", (1,), 1),))


class TestSharedKeys:
    def test_free_and_fixed_circuits_may_have_one_key(self) -> None:
        seats = (
            Seat(index=0, row=0, side=0, column=0, key="x"),
            Seat(index=1, row=0, side=1, column=0, key="x", fixed=True),
        )
        problem = PhaseProblem(
            phases=3,
            groups=(amperes("x", 20, 1),),
            fixed=(FixedLoad(key="x", phases=(2,), load_va=Fraction(4400), quantity=1),),
            seats=seats,
        )
        assert problem.fixed_choice(seats[0]) is None
        assert problem.fixed_choice(seats[1]) == 2
