"""Losses, air and load factors of the hand-drawn panel and of single breakers."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest

from kis.catalog import Breaker, Grade
from kis.estimator.checks.thermal import HeatReport, cooling_of, heat_of_breaker, pole_heat
from kis.estimator.layout.drawing import PartKind
from kis.estimator.physics.heat_rise import Mounting
from tests.factories.drawings import (
    added,
    bent,
    breaker,
    catalog,
    context,
    drawing,
    figures,
    lighting,
    main_device,
    part,
    problem,
    request,
    rulebook,
    rules_with,
    small,
    without,
)


def report(**changes: Any) -> HeatReport:
    return context(**changes).heat


class TestPoleHeat:
    @pytest.mark.parametrize(
        ("device", "rating_a", "family", "watts"),
        [
            (small(), 20, "iC60N", "2.2"),
            (small(), 15, "iC60N", "2.1"),  # the next rating listed is 16 A
            (small(grade=Grade.COMPACT, frame_af=50), 50, "iC60N", "4"),
            (small(grade=Grade.MODULAR, frame_af=63), 63, "iC60N", "5.6"),
            (breaker(frame_af=100), 75, "NSX100 TMD", "8.77"),
            (breaker(frame_af=100), 100, "NSX100 TMD", "8.8"),
            (breaker(frame_af=125), 100, "NSX160 TMD", "7.7"),
            (breaker(frame_af=250), 225, "NSX250 TMD", "18.75"),
            # 19.2 · (300 ÷ 400)², 39.7 · (500 ÷ 630)²
            (breaker(frame_af=400), 300, "NSX Micrologic", "10.8"),
            (breaker(frame_af=400), 400, "NSX Micrologic", "19.2"),
            (breaker(frame_af=600), 630, "NSX Micrologic", "39.7"),
        ],
    )
    def test_is_the_listed_loss_of_the_family(
        self, device: Breaker, rating_a: int, family: str, watts: str
    ) -> None:
        heat = pole_heat(device, rating_a, catalog(), rulebook())
        assert (heat.family, heat.loss_w, heat.stand_in) == (family, Fraction(watts), True)

    def test_of_800_a_is_scaled_from_630_a(self) -> None:
        heat = pole_heat(breaker(frame_af=800), 800, catalog(), rulebook())
        assert heat.loss_w == Fraction("39.7") * Fraction(800, 630) ** 2

    def test_above_the_table_is_scaled_from_its_end(self) -> None:
        heat = pole_heat(small(grade=Grade.MODULAR), 126, catalog(), rulebook())
        assert heat.loss_w == Fraction("5.6") * 4

    def test_of_a_frame_beyond_all_families_is_the_last_one(self) -> None:
        heat = pole_heat(breaker(frame_af=1000), 630, catalog(), rulebook())
        assert (heat.family, heat.loss_w) == ("NSX Micrologic", Fraction("39.7"))

    def test_without_a_table_is_unknown(self) -> None:
        bare = replace(catalog(), losses=MappingProxyType({}))
        heat = pole_heat(small(), 20, bare, rulebook())
        assert (heat.loss_w, heat.family, heat.stand_in) == (None, "iC60N", False)

    def test_a_figure_of_the_maker_is_no_stand_in(self) -> None:
        own = tuple(replace(loss, stand_in=False) for loss in catalog().losses["iC60N"])
        heat = pole_heat(small(), 20, replace(catalog(), losses={"iC60N": own}), rulebook())
        assert not heat.stand_in


class TestHeatOfBreaker:
    @pytest.mark.parametrize(("poles", "watts"), [(1, 2), (2, 4), (3, 6), (4, 6)])
    def test_a_neutral_pole_gives_no_heat(self, poles: int, watts: int) -> None:
        assert heat_of_breaker(breaker(poles=poles), 20, Fraction(20), Fraction(2)) == watts

    def test_goes_with_the_square_of_the_current(self) -> None:
        # 2 · 2.2 · 0.6²
        assert heat_of_breaker(small(), 20, Fraction(12), Fraction("2.2")) == Fraction("1.584")


class TestHeatReport:
    def test_of_the_hand_drawn_panel(self) -> None:
        # four circuits, RDF 0.8: main (30 + 30 + 20) · 0.8 = 64 A
        # branches 2·3·4.03·0.64 + 2·2·2.2·0.64 = 15.4752 + 5.632 = 21.1072; main 3·8.8·0.64² = 10.81344
        # 1.5 · 31.92064 = 47.88096
        heat = report()
        assert heat.devices_w == Decimal("21.11")
        assert heat.mains_w == Decimal("10.81")
        assert heat.wiring_w == Decimal("15.96")
        assert heat.accessories_w == 0
        assert heat.loss_w == Decimal("47.88")
        assert (heat.stand_ins, heat.unknown) == (("NSX100 TMD", "iC60N"), ())
        assert heat.ambient_c == 35
        assert heat.mounting == "wall"

    def test_rises_as_iec_60890_says(self) -> None:
        # Ae = 0.6·0.15·1.4 + 0.6·0.6·1.4 + 2·0.6·0.15·0.9 = 0.126 + 0.504 + 0.162 = 0.792 m²
        # k = 0.626·0.792^−0.737 = 0.7434, g = 1: c = 0.324055·(1 − e^−1.49691) + 0.93643 = 1.18796
        # 47.88096^0.804 = 22.4313: mid 16.67 (16.6745…), top 19.81
        heat = report()
        assert heat.effective_surface_m2 == Decimal("0.7920")
        assert heat.enclosure_constant == Decimal("0.7434")
        assert heat.distribution_factor == Decimal("1.1880")
        assert (heat.partition_factor, heat.exponent) == (Decimal("1.00"), Decimal("0.804"))
        assert (heat.mid_k, heat.top_k) == (Decimal("16.67"), Decimal("19.81"))
        assert (heat.mid_air_c, heat.top_air_c) == (Decimal("51.67"), Decimal("54.81"))
        assert heat.within_curves

    def test_tells_each_device_its_air_and_what_it_may_carry(self) -> None:
        # main at y 365 of 600: share (0.60833 − 0.5) ÷ 0.25 = 0.43333: 16.67 + 0.43333·3.14 = 18.03 K → 53.03 °C
        # permitted 1 − 0.005·13.03 = 0.93485, row 1 at y 232.5: share −0.45: 15.257 → 50.26 °C → 0.9487
        heat = report()
        main, first, second, third, fourth = heat.devices
        assert (main.id, main.model, main.place, main.rating_a) == ("M1", "SBE-104", "", 100)
        assert (main.current_a, main.load_factor, main.loss_w) == (
            Decimal("64.0"),
            Decimal("0.6400"),
            Decimal("10.81"),
        )
        assert main.air_c == Decimal("53.03")
        assert main.permitted_load_factor == Decimal("0.9348")
        assert (first.id, first.place, first.air_c) == ("B001", "C1L1", Decimal("50.26"))
        assert first.permitted_load_factor == Decimal("0.9487")
        assert (first.current_a, first.load_factor, first.loss_w) == (
            Decimal("24.0"),
            Decimal("0.8000"),
            Decimal("7.74"),
        )
        assert (second.id, third.id, fourth.id) == ("B002", "B003", "B004")
        assert fourth.place == "C1R2"
        assert fourth.rating_a == 20

    def test_starts_from_the_ambient_asked_for(self) -> None:
        heat = report(problem=problem(request=request(ambient_c=40)))
        assert (heat.ambient_c, heat.mid_air_c, heat.top_air_c) == (40, Decimal("56.67"), Decimal("59.81"))
        assert heat.devices[0].air_c == Decimal("58.03")

    def test_a_circuit_that_is_not_drawn_has_no_air(self) -> None:
        (lost,) = [item for item in report(drawing=without("B003")).devices if item.id == "B003"]
        assert (lost.air_c, lost.permitted_load_factor, lost.place) == (None, None, "")

    def test_sums_the_rows_with_their_share_of_the_wiring(self) -> None:
        # row 1: 1.5 · 2 · 3 · 4.03 · 0.64 = 23.2128; row 2: 1.5 · 2 · 2 · 2.2 · 0.64 = 8.448
        rows = [(row.main, row.column, row.row, row.loss_w) for row in report().rows]
        assert rows == [(0, 0, 0, Decimal("23.21")), (0, 0, 1, Decimal("8.45"))]

    def test_sums_rails_over_all_their_seats(self) -> None:
        seats = bent("B001", bent("B002", drawing(style="din_rail"), column=1), column=0)
        rows = [(row.main, row.column, row.row, row.loss_w) for row in report(drawing=seats).rows]
        assert rows == [(0, -1, 0, Decimal("23.21")), (0, -1, 1, Decimal("8.45"))]

    def test_a_foreign_body_adds_no_heat_to_its_row(self) -> None:
        stranger = part("X", PartKind.BREAKER, (400, 410), (300, 310), (30, 40), device="X", column=0, row=7)
        assert report(drawing=added(stranger)).rows[-1].loss_w == 0

    def test_counts_contactors_timers_and_meters(self) -> None:
        # 2 contactors · 4 W + timer 2 W + meter 2 W; a door meter and push buttons lose nothing that counts
        kinds = [
            PartKind.CONTACTOR,
            PartKind.CONTACTOR,
            PartKind.TIMER,
            PartKind.METER,
            PartKind.DOOR_METER,
            PartKind.PUSH_BUTTON,
        ]
        extra = [part(f"a{number}", kind, (0, 9), (0, 9), (30, 40)) for number, kind in enumerate(kinds)]
        heat = report(drawing=added(*extra))
        assert heat.accessories_w == 12
        assert heat.loss_w == Decimal("59.88")

    def test_takes_the_factor_of_the_rulebook(self) -> None:
        heat = report(rules=rules_with("critic", wiring_loss_factor=Fraction(2)))
        assert (heat.wiring_w, heat.loss_w) == (Decimal("31.92"), Decimal("63.84"))

    def test_tells_how_the_current_of_each_main_came_about(self) -> None:
        (main,) = report().mains
        assert (main.id, main.circuits, main.diversity_factor) == ("M1", 4, Decimal("0.8000"))
        assert figures(main.heaviest_a, main.limit_a, main.scale, main.current_a) == (64, 80, 1, 64)
        (held,) = report(problem=problem(mains=(main_device(rating_a=75),))).mains
        assert figures(held.heaviest_a, held.limit_a, held.current_a) == (64, 60, 60)
        assert held.scale == Decimal("0.9375")

    def test_adds_up_several_mains(self) -> None:
        # a second main without circuits carries 0.8 of 100 A: 3·8.8·0.64 = 16.896 W beside the 10.81 of the first
        heat = report(problem=problem(mains=(main_device(), main_device(1))))
        assert heat.mains_w == Decimal("27.71")

    def test_names_what_has_no_table(self) -> None:
        losses = {name: rows for name, rows in catalog().losses.items() if name != "iC60N"}
        heat = report(catalog=replace(catalog(), losses=losses))
        assert (heat.unknown, heat.stand_ins) == (("SIE-32",), ("NSX100 TMD",))
        assert heat.devices_w == Decimal("15.48")

    def test_an_idle_panel_stays_at_room_temperature(self) -> None:
        heat = report(problem=problem(devices=(lighting("B003", is_spare=True),)))
        assert figures(heat.loss_w, heat.mid_k, heat.top_k) == (0, 0, 0)


class TestCoolingOf:
    @pytest.mark.parametrize(
        ("mounting", "taken_as"),
        [
            ("indoor_surface", Mounting.WALL),
            ("outdoor_surface", Mounting.WALL),
            ("recessed", Mounting.RECESSED),
            ("indoor_standing", Mounting.WALL),
            ("outdoor_standing", Mounting.WALL),
            ("pole", Mounting.WALL),
        ],
    )
    def test_takes_all_but_recessed_boxes_as_wall_mounted(self, mounting: str, taken_as: Mounting) -> None:
        cooling = cooling_of(problem(request=request(mounting=mounting)), drawing())
        assert cooling.mounting is taken_as
        assert (cooling.width_mm, cooling.height_mm, cooling.depth_mm) == (600, 600, 150)
        assert (cooling.neighbours, cooling.partitions, cooling.vent_inlet_cm2) == (0, 0, 0)
