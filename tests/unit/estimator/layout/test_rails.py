"""Modular devices on rails: how many stand on one, in which order, and where they are drawn."""

import pytest

from kis.estimator.layout.drawing import PartKind
from kis.estimator.layout.rails import draw_rails, least_rail_width_mm, rail_length_mm, rails_of
from kis.estimator.problem import Device, PanelProblem
from tests.factories.circuits import circuit, circuits, empty_way, incoming, problem_of
from tests.factories.panels import rulebook

MARGIN = 50


def modular(*devices: Device) -> PanelProblem:
    return problem_of(*devices, main=incoming("ABN-54", 50), style="din_rail")


class TestRailLength:
    @pytest.mark.parametrize(
        ("width_mm", "length_mm"),
        # W − 2 · (50 + 10 + 40 + 10), at most 24 modules of 18.
        [(400, 180), (500, 280), (650, 430), (652, 432), (653, 432), (900, 432)],
    )
    def test_is_the_plate_between_the_ducts(self, width_mm: int, length_mm: int) -> None:
        assert rail_length_mm(width_mm, MARGIN, rulebook()) == length_mm

    def test_of_a_ready_made_box_is_50_longer(self) -> None:
        assert rail_length_mm(500, 25, rulebook()) == 330

    def test_needs_the_widest_device(self) -> None:
        # BKN 4P: 72 + 220.
        assert least_rail_width_mm(modular(circuit("a", "BKN 4P", 32)), MARGIN, rulebook()) == 292


class TestRails:
    def test_are_filled_in_order(self) -> None:
        # 180 mm: three 3P (162), then ten 1P (180).
        panel = modular(*circuits("BKN 3P", 32, 3), *circuits("BKN 1P", 16, 12, first=4))
        rails = rails_of(panel, 0, 400, MARGIN, rulebook())
        assert rails is not None
        assert [[way.breaker.model for way in rail.ways] for rail in rails] == [
            ["BKN 3P"] * 3 + ["BKN 1P"],
            ["BKN 1P"] * 10,
            ["BKN 1P"],
        ]

    def test_hold_empty_ways_at_the_end(self) -> None:
        panel = problem_of(
            *circuits("BKN 1P", 16, 2),
            main=incoming("ABN-54", 50),
            style="din_rail",
            spare_ways=(empty_way("E1", "BKN 1P"),),
        )
        rails = rails_of(panel, 0, 400, MARGIN, rulebook())
        assert rails is not None
        assert [way.occupant.id for way in rails[0].ways] == ["B001", "B002", "E1"]

    def test_too_short_for_a_device_are_none(self) -> None:
        # 290 − 220 = 70 < 72.
        assert rails_of(modular(circuit("a", "BKN 4P", 32)), 0, 290, MARGIN, rulebook()) is None

    def test_hold_the_circuits_of_their_own_main(self) -> None:
        panel = modular(circuit("mine", "BKN 1P", 16), circuit("other", "BKN 1P", 16, main=1))
        rails = rails_of(panel, 0, 400, MARGIN, rulebook())
        assert rails is not None
        assert [way.occupant.id for rail in rails for way in rail.ways] == ["mine"]


class TestDrawing:
    def test_stands_devices_upright_on_the_middle_of_their_strip(self) -> None:
        panel = modular(*circuits("BKN 1P", 16, 12))
        rails = rails_of(panel, 0, 400, MARGIN, rulebook())
        assert rails is not None
        parts = list(draw_rails(panel, rails, 0, 1000, 400, MARGIN, {"B001": ("S",)}, rulebook()))
        first = next(part for part in parts if part.device == "B001")
        # Rail 180 long from 110; strip 1000 … 850, middle 925; 81 high: 885 … 966.
        assert (first.x0, first.x1, first.y0, first.y1) == (110, 128, 885, 966)
        # Before the plate at 30 the rail of 8, before that 76.
        assert (first.z0, first.z1) == (38, 114)
        assert (first.phase, first.poles, first.place) == ("S", ("S",), "1-1")
        eleventh = next(part for part in parts if part.device == "B011")
        assert (eleventh.place, eleventh.x0, eleventh.y1) == ("2-1", 110, 816)

    def test_frames_the_rails_with_ducts(self) -> None:
        panel = modular(*circuits("BKN 1P", 16, 3))
        rails = rails_of(panel, 0, 400, MARGIN, rulebook())
        assert rails is not None
        ducts = [
            part
            for part in draw_rails(panel, rails, 0, 1000, 400, MARGIN, {}, rulebook())
            if part.kind is PartKind.DUCT
        ]
        assert [(part.x0, part.x1) for part in ducts] == [(60, 100), (300, 340)]
        assert {(part.y0, part.y1) for part in ducts} == {(850, 1000)}
