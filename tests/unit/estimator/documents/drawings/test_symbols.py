"""Symbols after IEC 60617: their parts, their place on the conductor, and their mirror images."""

from collections.abc import Callable, Iterator

import pytest

from kis.estimator.documents.drawings import symbols
from kis.estimator.documents.drawings.sheet import Arc, Circle, Line, Polyline, Rectangle, Shape, Text
from kis.estimator.documents.drawings.symbols import Direction, Run

Symbol = Callable[[Run, float], Iterator[Shape]]
RIGHT = Run(10.0, 20.0, Direction.RIGHT)
LEFT = Run(10.0, 20.0, Direction.LEFT)
DOWN = Run(10.0, 20.0, Direction.DOWN)
SWITCHES: tuple[Symbol, ...] = (
    symbols.circuit_breaker,
    symbols.residual_breaker,
    symbols.contactor,
    symbols.push_button,
    symbols.fuse,
)


def points(shapes: Iterator[Shape]) -> list[tuple[float, float]]:
    """Return the outermost points of shapes without words."""
    found: list[tuple[float, float]] = []
    for shape in shapes:
        if isinstance(shape, Line | Rectangle):
            found += [(shape.x0, shape.y0), (shape.x1, shape.y1)]
        elif isinstance(shape, Polyline):
            found += shape.points
        elif isinstance(shape, Circle | Arc):
            reach = shape.radius
            found += [(shape.x - reach, shape.y - reach), (shape.x + reach, shape.y + reach)]
        else:
            assert isinstance(shape, Text)
    return found


class TestRun:
    def test_counts_along_the_current_and_to_its_left_hand(self) -> None:
        assert RIGHT.at(3, 1) == (13, 21)
        assert LEFT.at(3, 1) == (7, 21), "upwards on either side: a mirror image"
        assert DOWN.at(3, 1) == (9, 17)

    @pytest.mark.parametrize(
        ("run", "box"), [(RIGHT, (12, 19, 15, 21)), (LEFT, (5, 19, 8, 21)), (DOWN, (9, 15, 11, 18))]
    )
    def test_a_box_is_upright_in_every_direction(
        self, run: Run, box: tuple[float, float, float, float]
    ) -> None:
        assert run.box((2, 5), (-1, 1)) == box

    def test_an_arc_keeps_its_side_of_the_conductor(self) -> None:
        # Half-circle below a run to the right (180° to 360°): below a run to the left too; on the right hand of a run down.
        assert RIGHT.degrees(180, 360) == (180, 360)
        assert LEFT.degrees(180, 360) == (180, 0)
        assert DOWN.degrees(180, 360) == (270, 90)


class TestConductorStrokes:
    @pytest.mark.parametrize("count", [1, 2, 3, 4])
    def test_one_oblique_stroke_for_each_conductor(self, count: int) -> None:
        strokes = [shape for shape in symbols.conductor_strokes(DOWN, 2.0, count) if isinstance(shape, Line)]
        assert len(strokes) == count
        assert len({stroke.y0 for stroke in strokes}) == count
        assert all(stroke.x0 != stroke.x1 and stroke.y0 != stroke.y1 for stroke in strokes)


class TestSwitches:
    @pytest.mark.parametrize("symbol", SWITCHES)
    def test_stand_on_their_conductor_within_their_length(self, symbol: Symbol) -> None:
        found = points(symbol(RIGHT, 0.0))
        length = symbols.RESIDUAL_MM if symbol is symbols.residual_breaker else symbols.SWITCH_MM
        assert min(x for x, _ in found) == pytest.approx(10.0)
        assert max(x for x, _ in found) == pytest.approx(10.0 + length)
        # Rows of a diagram are at least 6.4 mm high; a button's head is in no row.
        assert max(abs(y - 20.0) for _, y in found) < (3.7 if symbol is symbols.push_button else 3.2)

    @pytest.mark.parametrize("symbol", SWITCHES)
    def test_are_mirrored_on_the_left(self, symbol: Symbol) -> None:
        mirrored = sorted((20.0 - x, y) for x, y in points(symbol(RIGHT, 2.0)))
        found = sorted(points(symbol(LEFT, 2.0)))
        # Circles give their corners either way round, so only the extent is compared for them.
        assert found[0][0] == pytest.approx(mirrored[0][0])
        assert found[-1][0] == pytest.approx(mirrored[-1][0])
        assert max(y for _, y in found) == pytest.approx(max(y for _, y in mirrored))

    def test_a_breaker_has_a_cross_where_a_contactor_has_a_half_circle(self) -> None:
        breaker, contactor = list(symbols.circuit_breaker(RIGHT, 0.0)), list(symbols.contactor(RIGHT, 0.0))
        shared = [shape for shape in breaker if shape in contactor]
        cross = [shape for shape in breaker if shape not in contactor]
        assert len(shared) == 3, "two ends and the blade"
        assert len(cross) == 2
        middles = {
            ((shape.x0 + shape.x1) / 2, (shape.y0 + shape.y1) / 2)
            for shape in cross
            if isinstance(shape, Line)
        }
        assert middles == {(13.0, 20.0)}, "both strokes cross on the fixed contact"
        (half,) = [shape for shape in contactor if isinstance(shape, Arc)]
        assert half.turn_deg == 180
        assert half.x - half.radius == 13.0, "the half-circle touches the fixed contact"

    def test_a_residual_breaker_is_a_breaker_with_a_ring_linked_to_its_blade_and_a_test_button(self) -> None:
        shapes = list(symbols.residual_breaker(RIGHT, 0.0))
        assert all(shape in shapes for shape in symbols.circuit_breaker(RIGHT, 0.0))
        (ring,) = [shape for shape in shapes if isinstance(shape, Circle)]
        (link,) = [shape for shape in shapes if isinstance(shape, Polyline)]
        assert (ring.x, ring.y) == (10 + symbols.SWITCH_MM + symbols.RING_MM, 20)
        assert link.style.dash_mm, "a mechanical link is dashed"
        assert link.points[0] == (ring.x, ring.y + ring.radius)
        # The blade runs from its hinge (19, 20) to (13, 22.7): at the height 22.3 of the link it stands at 19 − 6 · 2.3/2.7.
        assert link.points[-1] == pytest.approx((19 - 6 * 2.3 / 2.7, 22.3))


class TestInstruments:
    def test_carry_their_letters(self) -> None:
        for shapes, letters in (
            (symbols.instrument(0, 0, "V/A"), "V/A"),
            (symbols.energy_meter(0, 0), "kWh"),
        ):
            (text,) = [shape for shape in shapes if isinstance(shape, Text)]
            assert text.content == letters
            assert text.size_mm >= 1.8
            x0, _, x1, _ = text.extent
            assert -symbols.INSTRUMENT_MM < x0 < x1 < symbols.INSTRUMENT_MM

    def test_an_arrester_points_to_the_earth(self) -> None:
        (arrow,) = [shape for shape in symbols.surge_arrester(RIGHT, 0.0) if isinstance(shape, Polyline)]
        assert max(arrow.points) == (14.5, 20.0)

    def test_the_earth_grows_narrower(self) -> None:
        strokes = [shape for shape in symbols.earth(DOWN, 0.0) if isinstance(shape, Line)]
        widths = [abs(stroke.x1 - stroke.x0) for stroke in strokes]
        assert widths == sorted(widths, reverse=True)
        assert len(set(widths)) == 3
