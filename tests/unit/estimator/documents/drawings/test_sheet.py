"""Primitives, their extents, and how they are moved."""

from fractions import Fraction

import pytest

from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.sheet import (
    Anchor,
    Arc,
    Axis,
    Box,
    Circle,
    Dimension,
    Layer,
    Line,
    Polyline,
    Rectangle,
    Sheet,
    Style,
    Text,
    centred_text,
    placed,
)

THIN = Style(stroke="#000000", weight_mm=0.13)


def chain(
    stops: tuple[float, ...], labels: tuple[str, ...], axis: Axis = Axis.X, line: float = -7.0
) -> Dimension:
    return Dimension(
        layer=Layer.DIMENSION,
        axis=axis,
        stops=stops,
        labels=labels,
        line=line,
        origin=0,
        size_mm=2.0,
        style=THIN,
        colour="#000000",
    )


def touches(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def text(**changes: object) -> Text:
    own = {"layer": Layer.LABEL, "x": 10.0, "y": 20.0, "content": "전등", "size_mm": 2.0, "colour": "#000000"}
    return Text(**{**own, **changes})  # type: ignore[arg-type]  # a table of fields


class TestTextExtent:
    def test_reaches_from_descent_to_ascent(self) -> None:
        # Two letters of 2 mm; 0.2 of the size below the baseline, 0.8 above.
        assert text().extent == pytest.approx((10.0, 19.6, 14.0, 21.6))

    def test_lies_on_both_sides_of_a_middle_anchor(self) -> None:
        assert text(anchor=Anchor.MIDDLE).extent == pytest.approx((8.0, 19.6, 12.0, 21.6))

    def test_ends_at_an_end_anchor(self) -> None:
        assert text(anchor=Anchor.END).extent == pytest.approx((6.0, 19.6, 10.0, 21.6))

    def test_stands_left_of_its_baseline_when_rotated(self) -> None:
        assert text(rotated=True).extent == pytest.approx((8.4, 20.0, 10.4, 24.0))

    @pytest.mark.parametrize("rotated", [False, True])
    def test_is_in_the_middle_when_centred(self, rotated: bool) -> None:
        x0, y0, x1, y1 = centred_text(
            Layer.LABEL, "전등", (0, 0, 30, 10), 2.0, "#000000", rotated=rotated
        ).extent
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((15.0, 5.0))


class TestPlaced:
    def test_enlarges_and_moves_every_primitive(self) -> None:
        shapes = (
            Rectangle(layer=Layer.BOX, x0=1, y0=2, x1=3, y1=4, style=THIN),
            Line(layer=Layer.BOX, x0=1, y0=2, x1=3, y1=4, style=THIN),
            Polyline(layer=Layer.BOX, points=((1, 2), (3, 4)), style=THIN),
            Circle(layer=Layer.BOX, x=1, y=2, radius=3, style=THIN),
            Arc(layer=Layer.SYMBOL, x=1, y=2, radius=3, start_deg=10, end_deg=80, style=THIN),
            text(box=(0, 0, 20, 30)),
        )
        rectangle, line, polyline, circle, arc, words = placed(shapes, 2, 100, 200)
        assert isinstance(rectangle, Rectangle)
        assert (rectangle.x0, rectangle.y0, rectangle.x1, rectangle.y1) == (102, 204, 106, 208)
        assert isinstance(line, Line)
        assert (line.x0, line.y0, line.x1, line.y1) == (102, 204, 106, 208)
        assert isinstance(polyline, Polyline)
        assert list(polyline.points) == [(102, 204), (106, 208)]
        assert isinstance(circle, Circle)
        assert (circle.x, circle.y, circle.radius) == (102, 204, 6)
        assert isinstance(arc, Arc)
        assert (arc.x, arc.y, arc.radius, arc.start_deg, arc.end_deg) == (102, 204, 6, 10, 80)
        assert isinstance(words, Text)
        assert (words.x, words.y, words.size_mm, words.box) == (120, 240, 4.0, (100, 200, 140, 260))

    def test_moves_a_chain_along_and_across(self) -> None:
        level, upright = placed((chain((0, 5), ("5",)), chain((0, 5), ("5",), Axis.Y)), 2, 100, 200)
        assert isinstance(level, Dimension)
        assert (level.stops, level.line, level.origin, level.size_mm) == ((100, 110), 186, 200, 4.0)
        assert isinstance(upright, Dimension)
        assert (upright.stops, upright.line, upright.origin) == ((200, 210), 86, 100)


class TestArc:
    def test_turns_counter_clockwise(self) -> None:
        arc = Arc(layer=Layer.SYMBOL, x=10, y=20, radius=5, start_deg=0, end_deg=90, style=THIN)
        assert arc.point(arc.start_deg) == pytest.approx((15, 20))
        assert arc.point(arc.end_deg) == pytest.approx((10, 25))

    @pytest.mark.parametrize(("start", "end", "turn"), [(0, 90, 90), (90, 30, 300), (-90, 90, 180)])
    def test_spans_less_than_a_full_turn(self, start: float, end: float, turn: float) -> None:
        arc = Arc(layer=Layer.SYMBOL, x=0, y=0, radius=5, start_deg=start, end_deg=end, style=THIN)
        assert arc.turn_deg == turn


class TestDimension:
    def test_draws_an_extension_line_and_a_tick_at_every_stop(self) -> None:
        lines = [piece for piece in pieces(chain((0, 50, 80), ("50", "30"))) if isinstance(piece, Line)]
        # The dimension line, then an extension and a tick for each of three stops.
        assert len(lines) == 7
        assert (lines[0].x0, lines[0].y0, lines[0].x1, lines[0].y1) == (0, -7, 80, -7)

    def test_writes_each_label_over_its_gap(self) -> None:
        labels = [piece for piece in pieces(chain((0, 50, 80), ("50", "30"))) if isinstance(piece, Text)]
        assert [(label.content, label.x) for label in labels] == [("50", 25), ("30", 65)]

    def test_moves_a_label_out_where_its_gap_is_too_narrow(self) -> None:
        wide, narrow = [
            piece for piece in pieces(chain((0, 50, 51), ("50", "1000"))) if isinstance(piece, Text)
        ]
        assert narrow.y < wide.y < 0

    def test_lets_no_two_labels_touch(self) -> None:
        # Each label takes about 5 mm, each gap 3 mm: neighbours stand on different levels.
        labels = [
            piece
            for piece in pieces(chain((0, 3, 6, 9), ("1111", "1112", "1113")))
            if isinstance(piece, Text)
        ]
        boxes = [label.extent for label in labels]
        assert len(boxes) == 3
        assert not any(touches(one, other) for number, one in enumerate(boxes) for other in boxes[:number])

    def test_draws_nothing_without_a_gap(self) -> None:
        assert list(pieces(chain((5,), ()))) == []


class TestSheet:
    def test_prints_at_its_scale(self) -> None:
        sheet = Sheet(
            title="",
            description="",
            locale="ko",
            x0=-50,
            y0=-20,
            x1=1000,
            y1=722.5,
            scale=Fraction(5, 2),
            shapes=(),
        )
        assert (sheet.print_width_mm, sheet.print_height_mm) == (420, 297)
