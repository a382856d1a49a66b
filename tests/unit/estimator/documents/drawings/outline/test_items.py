"""Item numbers stand near their things, clear of words, edges and each other."""

from math import hypot

from kis.estimator.documents.drawings.outline.ink import LEADER
from kis.estimator.documents.drawings.outline.items import Item, balloons
from kis.estimator.documents.drawings.sheet import Box, Circle, Layer, Line, Rectangle, Shape, Style, Text

FIELD: Box = (-100.0, -100.0, 100.0, 100.0)
RADIUS = 2.3


def drawn(*items: Item, among: tuple[Shape, ...] = (), within: Box = FIELD) -> list[Shape]:
    return list(balloons(items, among, within, 1.0))


def rings(shapes: list[Shape]) -> list[Circle]:
    return [shape for shape in shapes if isinstance(shape, Circle) and shape.radius == RADIUS]


def leaders(shapes: list[Shape]) -> list[Line]:
    return [shape for shape in shapes if isinstance(shape, Line)]


def word(x: float, y: float, content: str = "단자대 명판") -> Text:
    return Text(layer=Layer.LABEL, x=x, y=y, content=content, size_mm=3, colour="#000000")


class TestBalloons:
    def test_lead_from_the_ring_to_the_thing(self) -> None:
        shapes = drawn(Item("door", 10, 20))
        (ring,), (leader,) = rings(shapes), leaders(shapes)
        assert (leader.x0, leader.y0, leader.style) == (10, 20, LEADER)
        assert abs(hypot(leader.x1 - ring.x, leader.y1 - ring.y) - RADIUS) < 1e-9
        assert abs(hypot(ring.x - 10, ring.y - 20) - 6) < 1e-6

    def test_of_things_at_one_place_stand_apart(self) -> None:
        found = rings(drawn(*(Item("door", 0, 0) for _ in range(12))))
        assert len(found) == 12
        for number, one in enumerate(found):
            for other in found[number + 1 :]:
                assert max(abs(one.x - other.x), abs(one.y - other.y)) >= 2 * RADIUS

    def test_keep_off_words(self) -> None:
        label = word(2, 2)
        (ring,) = rings(drawn(Item("door", 0, 0), among=(label,)))
        x0, y0, x1, y1 = label.extent
        assert (
            ring.x + RADIUS <= x0 or ring.x - RADIUS >= x1 or ring.y + RADIUS <= y0 or ring.y - RADIUS >= y1
        )

    def test_lead_over_no_word(self) -> None:
        # Words all around the thing but for a gap straight below it: the leader leaves through the gap.
        places = ((-15, 3.5), (-15, 7), (2, -1), (2, 1), (-17.5, -1), (-17.5, 1))
        wall = tuple(word(x, y) for x, y in places)
        shapes = drawn(Item("door", 0, 0), among=wall)
        (leader,) = leaders(shapes)
        for share in range(1, 20):
            x, y = (
                leader.x0 + share / 20 * (leader.x1 - leader.x0),
                leader.y0 + share / 20 * (leader.y1 - leader.y0),
            )
            assert not any(
                box[0] < x < box[2] and box[1] < y < box[3] for box in (text.extent for text in wall)
            )

    def test_lead_over_no_other_ring(self) -> None:
        shapes = drawn(*(Item("door", 0, 0) for _ in range(12)))
        found = rings(shapes)
        for leader, own in zip(leaders(shapes), found, strict=True):
            for share in range(1, 10):
                x = leader.x0 + share / 10 * (leader.x1 - leader.x0)
                y = leader.y0 + share / 10 * (leader.y1 - leader.y0)
                assert all(ring is own or hypot(x - ring.x, y - ring.y) >= RADIUS for ring in found)

    def test_may_stand_in_a_large_area_but_not_on_its_edge(self) -> None:
        area = Rectangle(layer=Layer.DOOR, x0=-8, y0=-40, x1=40, y1=40, style=Style(stroke="#000000"))
        (ring,) = rings(drawn(Item("door", -7, 0), among=(area,)))
        assert abs(ring.x + 8) >= RADIUS

    def test_stay_inside_their_field(self) -> None:
        (ring,) = rings(drawn(Item("door", 99, 99), within=FIELD))
        assert ring.x + RADIUS <= 100
        assert ring.y + RADIUS <= 100

    def test_are_left_out_where_there_is_no_room(self) -> None:
        assert drawn(Item("door", 0, 0), within=(-3, -3, 3, 3)) == []
