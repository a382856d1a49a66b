"""Overlapping texts are found as if every two were compared."""

from itertools import combinations, product

from kis.estimator.documents.lint.rules.boxes import Box, overlapping


def grid(step: float) -> list[Box]:
    """Return 12 × 12 boxes of 10 × 3 at ``step`` from each other, and one that stands upright across all rows."""
    boxes = [
        (x * step, y * step / 2, x * step + 10, y * step / 2 + 3) for x, y in product(range(12), range(12))
    ]
    return [*boxes, (57.0, -5.0, 60.0, 200.0)]


def share(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class TestOverlapping:
    def test_finds_every_pair_that_shares_an_area_once(self) -> None:
        for step in (4.0, 9.0, 11.0):
            boxes = grid(step)
            expected = {
                frozenset(pair)
                for pair in combinations(range(len(boxes)), 2)
                if share(boxes[pair[0]], boxes[pair[1]])
            }
            found = [frozenset(pair) for pair in overlapping(boxes)]
            assert expected
            assert len(found) == len(set(found))
            assert set(found) == expected

    def test_finds_none_where_boxes_only_touch(self) -> None:
        assert list(overlapping([(0, 0, 10, 3), (10, 0, 20, 3), (0, 3, 10, 6)])) == []

    def test_passes_over_boxes_without_bounds(self) -> None:
        endless = float("inf")
        boxes: list[Box] = [(0, 0, 10, 3), (5, 1, endless, 4), (0, float("nan"), 1, 1), (9, 2, 12, 4)]
        assert list(overlapping(boxes)) == [(0, 3)]

    def test_of_nothing_finds_nothing(self) -> None:
        assert list(overlapping([])) == []
