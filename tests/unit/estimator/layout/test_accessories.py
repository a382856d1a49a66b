"""Where accessories go at a given width: beside the main, into bands, into rows of meters, into the door."""

import pytest

from kis.estimator.layout.accessories import AccessoryPlan, band_capacity_mm, plan_accessories
from kis.estimator.problem import FittedAccessory
from tests.factories.circuits import fitted
from tests.factories.panels import rulebook

WIDE_BAY = 200
NARROW_BAY = 160


def planned(
    *pieces: list[FittedAccessory], width_mm: int = 700, bay_width_mm: int = WIDE_BAY
) -> AccessoryPlan:
    plan = plan_accessories([item for items in pieces for item in items], width_mm, bay_width_mm, rulebook())
    assert plan is not None
    return plan


def contactors(count: int, model: str = "MC-22") -> list[FittedAccessory]:
    return fitted("magnetic_contactor", count, model)


class TestBandCapacity:
    @pytest.mark.parametrize(
        ("width_mm", "small", "large"),
        # W − 290, a contactor takes its width and 8.
        [(600, 5, 4), (700, 7, 5), (800, 9, 6), (900, 11, 7)],
    )
    def test_is_the_shops_contactors_a_row(self, width_mm: int, small: int, large: int) -> None:
        assert band_capacity_mm(width_mm, rulebook()) == width_mm - 290
        assert len(planned(contactors(small), width_mm=width_mm).bands) == 1
        assert len(planned(contactors(small + 1), width_mm=width_mm).bands) == 2
        assert len(planned(contactors(large, "MC-40"), width_mm=width_mm).bands) == 1
        assert len(planned(contactors(large + 1, "MC-40"), width_mm=width_mm).bands) == 2

    @pytest.mark.parametrize(("model", "count"), [("MC-22", 7), ("MC-40", 5), ("MC-65", 4), ("MC-100", 4)])
    def test_of_700(self, model: str, count: int) -> None:
        # 410 ÷ 53, 77, 87, 102.
        assert len(planned(contactors(count, model)).bands) == 1
        assert len(planned(contactors(count + 1, model)).bands) == 2

    def test_is_used_to_the_last_millimetre(self) -> None:
        # 396 − 290 = 2 · 53.
        assert len(planned(contactors(2), width_mm=396).bands) == 1
        assert len(planned(contactors(2), width_mm=395).bands) == 2

    def test_refuses_a_part_wider_than_the_band(self) -> None:
        # 340 − 290 = 50, an MC-22 takes 53.
        assert plan_accessories(contactors(2), 340, NARROW_BAY, rulebook()) is None


class TestBands:
    @pytest.mark.parametrize(
        ("model", "height_mm"), [("MC-22", 254), ("MC-40", 263), ("MC-65", 286), ("MC-100", 320)]
    )
    def test_are_180_and_their_tallest_part(self, model: str, height_mm: int) -> None:
        plan = planned(contactors(2, model))
        assert [band.height_mm for band in plan.bands] == [height_mm]
        assert plan.height_mm == height_mm

    def test_are_filled_tallest_first(self) -> None:
        # At 600: two timers (73 each, 100 high) and three MC-22 in the first, three in the second.
        plan = planned(contactors(6), fitted("timer_24h", 2), width_mm=600)
        assert [[item.kind for item in band.parts] for band in plan.bands] == [
            ["timer_24h", "timer_24h", *["magnetic_contactor"] * 3],
            ["magnetic_contactor"] * 3,
        ]
        assert plan.height_mm == 280 + 254

    def test_of_800_hold_all_of_them(self) -> None:
        assert planned(contactors(6), fitted("timer_24h", 2), width_mm=800).height_mm == 280


class TestBesideTheMain:
    def test_stands_one_small_contactor_alone(self) -> None:
        plan = planned(contactors(1))
        assert plan.left_bay is not None
        assert (plan.bands, plan.height_mm) == ((), 0)

    @pytest.mark.parametrize(
        "pieces", [[contactors(2)], [contactors(1, "MC-40")], [contactors(1), fitted("timer_24h")]]
    )
    def test_does_not_stand_a_second_part_or_a_large_one(self, pieces: list[list[FittedAccessory]]) -> None:
        plan = planned(*pieces)
        assert plan.left_bay is None
        assert len(plan.bands) == 1

    def test_stand_the_spd_and_a_contactor(self) -> None:
        plan = planned(contactors(1), fitted("spd"))
        assert [item.kind for item in (plan.left_bay, plan.right_bay) if item] == [
            "spd",
            "magnetic_contactor",
        ]
        assert plan.height_mm == 0

    @pytest.mark.parametrize(
        ("meters", "bay_mm", "height_mm"), [(1, 170, 0), (2, 170, 0), (2, 169, 200), (3, 170, 200)]
    )
    def test_stand_two_meters_where_the_bay_is_170_wide(
        self, meters: int, bay_mm: int, height_mm: int
    ) -> None:
        assert planned(fitted("meter_1ph", meters), bay_width_mm=bay_mm).height_mm == height_mm


class TestMeterRows:
    @pytest.mark.parametrize(
        ("width_mm", "rows"),
        # Cells of 150 on a plate of W − 100, at most three: six meters.
        [(350, [1, 1, 1, 1, 1, 1]), (400, [2, 2, 2]), (550, [3, 3]), (900, [3, 3])],
    )
    def test_hold_as_many_as_the_plate(self, width_mm: int, rows: list[int]) -> None:
        plan = planned(fitted("meter_3ph", 6), width_mm=width_mm)
        assert [len(row) for row in plan.meter_rows] == rows
        assert plan.height_mm == 200 * len(rows)

    def test_stand_below_the_bands(self) -> None:
        assert planned(contactors(2), fitted("meter_1ph", 3)).height_mm == 254 + 200


def test_door_parts_take_no_height() -> None:
    plan = planned(fitted("push_button", 2), fitted("va_meter"))
    assert [item.kind for item in plan.door] == ["push_button", "push_button", "va_meter"]
    assert plan.height_mm == 0
