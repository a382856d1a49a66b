"""Fixed places in small panels: who moves, which rule gives way, and what cannot be kept."""

import pytest

from kis.estimator.layout.positions import ORDER_RELAXED, Seating, keep_positions
from kis.estimator.layout.ways import cut_into_columns, rows_of
from kis.estimator.problem import Device, Position
from tests.factories.circuits import FOUR_WIRES, circuit
from tests.factories.panels import rulebook


def at(name: str, model: str, rating_a: int, place: str | None = None, column: int = 1) -> Device:
    """Return a circuit, bound to a place such as ``R3`` where one is named."""
    position = None if place is None else Position(side=place[0], row=int(place[1:]), column=column)
    return circuit(name, model, rating_a, position=position)


def small(count: int, first: int = 1) -> list[Device]:
    return [at(f"s{number}", "SIE-32", 20) for number in range(first, first + count)]


def seated(devices: list[Device], columns: int = 1) -> Seating:
    rows = rows_of(devices, (), FOUR_WIRES, rulebook())
    return keep_positions(cut_into_columns(rows, columns))


def grid(seating: Seating) -> list[list[tuple[str, str]]]:
    """Return the ids left and right, row by row, of every column; ``-`` for an empty seat."""
    return [
        [
            (row.left.occupant.id if row.left else "-", row.right.occupant.id if row.right else "-")
            for row in column
        ]
        for column in seating.columns
    ]


class TestWithoutFixedPlaces:
    def test_nothing_moves(self) -> None:
        seating = seated(small(5))
        assert grid(seating) == [[("s1", "s2"), ("s3", "s4"), ("s5", "-")]]
        assert (seating.relaxations, seating.unmet) == ((), ())


class TestEqualCircuits:
    def test_change_places_without_relaxing_anything(self) -> None:
        seating = seated([*small(3), at("here", "SIE-32", 20, "L1")])
        # By name "here" stands first already; s4 asked for L1 changes with it.
        assert grid(seating)[0][0][0] == "here"
        assert (seating.relaxations, seating.unmet) == ((), ())

    def test_move_to_the_other_side(self) -> None:
        seating = seated([*small(3), at("t", "SIE-32", 20, "R1")])
        assert grid(seating) == [[("s1", "t"), ("s3", "s2")]]
        assert seating.relaxations == ()


class TestUnequalCircuits:
    def test_of_one_shape_change_places_and_relax_the_order(self) -> None:
        seating = seated([*small(4), at("30", "SIE-32", 30, "R2")])
        assert grid(seating)[0][1][1] == "30"
        assert seating.relaxations == (ORDER_RELAXED,)
        assert seating.unmet == ()

    def test_move_with_their_row(self) -> None:
        # The 3P alone in row 1 goes down to row 3; the small ones move up.
        seating = seated([at("3P", "SBS-53", 30, "L3"), *small(4)])
        assert grid(seating) == [[("s1", "s2"), ("s3", "s4"), ("3P", "-")]]
        assert seating.relaxations == (ORDER_RELAXED,)

    def test_alone_in_their_row_change_sides_for_nothing(self) -> None:
        seating = seated([at("3P", "SBS-53", 30, "R1"), *small(4)])
        assert grid(seating) == [[("-", "3P"), ("s1", "s2"), ("s3", "s4")]]
        assert (seating.relaxations, seating.unmet) == ((), ())


class TestPlacesThatCannotBeKept:
    @pytest.mark.parametrize("place", ["L4", "R9", "L99"])
    def test_because_there_is_no_such_row(self, place: str) -> None:
        seating = seated([*small(5), at("far", "SIE-32", 30, place)])
        assert seating.unmet == ("far",)
        assert {name for row in grid(seating)[0] for name in row} == {*(f"s{n}" for n in range(1, 6)), "far"}

    def test_because_there_is_no_such_column(self) -> None:
        assert seated([*small(5), at("far", "SIE-32", 30, "L1", column=2)]).unmet == ("far",)

    def test_because_the_outlines_differ(self) -> None:
        seating = seated([at("3P", "SBS-53", 30, "L1"), at("s", "SIE-32", 20, "R1"), *small(3)])
        assert len(seating.unmet) == 1

    def test_is_told_for_each(self) -> None:
        devices = [*small(4), at("a", "SIE-32", 20, "L8"), at("b", "SIE-32", 20, "L9")]
        assert sorted(seated(devices).unmet) == ["a", "b"]


class TestSeveralColumns:
    def test_move_between_them(self) -> None:
        # Eight small ones in two columns of two rows; the 30 A stands first and is wanted in the second column.
        seating = seated([*small(7), at("30", "SIE-32", 30, "R2", column=2)], columns=2)
        assert grid(seating)[1][1][1] == "30"
        assert seating.unmet == ()


class TestManyFixedPlaces:
    def test_are_all_kept(self) -> None:
        devices = [
            at("a", "SIE-32", 20, "R3"),
            at("b", "SIE-32", 20, "L1"),
            at("c", "SIE-32", 30, "L3"),
            at("d", "SIE-32", 30, "R1"),
            *small(2),
        ]
        seating = seated(devices)
        assert grid(seating)[0][0] == ("b", "d")
        assert grid(seating)[0][2] == ("c", "a")
        assert seating.unmet == ()
