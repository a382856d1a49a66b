"""Rectangles: distance, overlap and the sweep that finds close ones."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.estimator.checks.rectangles import apart_x, apart_y, close_pairs, covers, gap_squared
from kis.estimator.layout.drawing import Part, PartKind
from tests.factories.drawings import part

UNIT = part("a", PartKind.METER, (10, 20), (10, 30), (0, 1))


def box(x: tuple[int, int], y: tuple[int, int], name: str = "b") -> Part:
    return part(name, PartKind.METER, x, y, (0, 1))


class TestDistances:
    @pytest.mark.parametrize(
        ("x", "y", "dx", "dy"),
        [
            ((20, 30), (10, 30), 0, -20),  # touches on the right
            ((23, 30), (34, 40), 3, 4),  # diagonal, 3 and 4 apart
            ((0, 7), (0, 6), 3, 4),
            ((15, 40), (0, 15), -5, -5),
        ],
    )
    def test_are_the_free_space_both_ways(
        self, x: tuple[int, int], y: tuple[int, int], dx: int, dy: int
    ) -> None:
        other = box(x, y)
        assert (apart_x(UNIT, other), apart_y(UNIT, other)) == (dx, dy)
        assert (apart_x(other, UNIT), apart_y(other, UNIT)) == (dx, dy)

    @pytest.mark.parametrize(
        ("x", "y", "squared"),
        [
            ((20, 30), (30, 40), 0),
            ((21, 30), (20, 25), 1),
            ((0, 8), (0, 40), 4),
            ((23, 30), (34, 40), 25),
            ((12, 14), (12, 14), 0),
        ],
    )
    def test_squared_distance_is_exact(self, x: tuple[int, int], y: tuple[int, int], squared: int) -> None:
        assert gap_squared(UNIT, box(x, y)) == squared


class TestCovers:
    @pytest.mark.parametrize(
        ("x", "y", "shared"),
        [
            ((19, 30), (29, 40), True),
            ((20, 30), (29, 40), False),
            ((19, 30), (30, 40), False),
            ((20, 30), (30, 40), False),
        ],
    )
    def test_touching_is_no_overlap(self, x: tuple[int, int], y: tuple[int, int], shared: bool) -> None:
        assert covers(UNIT, box(x, y)) is shared


rectangles = st.tuples(st.integers(0, 60), st.integers(1, 25), st.integers(0, 60), st.integers(1, 25))


class TestClosePairs:
    @given(st.lists(rectangles, max_size=14), st.integers(0, 9))
    def test_finds_exactly_the_pairs_that_trying_all_finds(
        self, sizes: list[tuple[int, int, int, int]], reach: int
    ) -> None:
        parts = [box((x, x + w), (y, y + h), f"p{number}") for number, (x, w, y, h) in enumerate(sizes)]
        expected = {
            frozenset((one.id, other.id))
            for one, other in combinations(parts, 2)
            if apart_x(one, other) < reach and apart_y(one, other) < reach
        }
        found = [frozenset((one.id, other.id)) for one, other in close_pairs(parts, reach)]
        assert set(found) == expected
        assert len(found) == len(expected)

    def test_starts_from_the_lowest_whatever_order_it_is_given(self) -> None:
        low, middle, high = box((0, 9), (0, 9), "z"), box((0, 9), (5, 14), "y"), box((0, 9), (10, 19), "x")
        expected = [("z", "y"), ("y", "x")]
        for order in ([low, middle, high], [high, low, middle]):
            assert [(one.id, other.id) for one, other in close_pairs(order, 0)] == expected

    def test_of_equal_heights_the_left_one_comes_first(self) -> None:
        parts = [box((5, 20), (0, 9), "a"), box((0, 9), (0, 9), "b")]
        assert [(one.id, other.id) for one, other in close_pairs(parts, 0)] == [("b", "a")]

    def test_of_equal_corners_the_id_decides(self) -> None:
        parts = [box((0, 9), (0, 9), "b"), box((0, 9), (0, 9), "a")]
        assert [(one.id, other.id) for one, other in close_pairs(parts, 0)] == [("a", "b")]
