"""The bill of small panels: equal items merged, what comes along with what, and the order of the trade."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kis.estimator import estimate, open_library
from tests.factories.panels import (
    LS,
    accessory,
    amount,
    contactors,
    elb,
    estimated,
    line,
    lines,
    main,
    mccb,
    panel,
    quantity,
    request,
)


class TestBreakers:
    def test_of_one_model_and_rating_are_one_line(self) -> None:
        wanted = panel(elb(2, 20, 3, load="전등"), elb(2, 20, 2, load="전열"), elb(2, 30, 1))
        assert [(item.spec, int(item.quantity)) for item in lines(wanted, "branch")] == [
            ("SIE-32 2P 30AF/30AT 30mA", 1),
            ("SIE-32 2P 30AF/20AT 30mA", 5),
        ]

    def test_that_serve_an_spd_stand_apart(self) -> None:
        wanted = panel(mccb(4, 40, 2), elb(2, 20, 3), make=LS, accessories=[accessory("spd")])
        names = [(item.item.text("ko"), item.spec, int(item.quantity)) for item in lines(wanted, "branch")]
        assert [spec for _, spec, _ in names].count("ABN-54 4P 50AF/40AT") == 2
        assert sorted(count for _, spec, count in names if spec == "ABN-54 4P 50AF/40AT") == [1, 2]

    def test_of_two_equal_mains_are_one_line_of_two(self) -> None:
        wanted = panel(
            elb(2, 20, 6, main="A"), elb(2, 20, 6, main="B"), mains=[main(100, name="A"), main(100, name="B")]
        )
        assert [(item.spec, int(item.quantity)) for item in lines(wanted, "main")] == [
            ("SBE-104 4P 100AF/100AT", 2)
        ]

    def test_are_named_in_both_languages(self) -> None:
        (item,) = lines(panel(elb(2, 20, 6)), "branch")
        assert item.item.text("ko") != item.item.text("en")


class TestAccessories:
    @pytest.mark.parametrize(("count", "once", "each"), [(1, 1, 2), (2, 1, 4), (6, 1, 12)])
    def test_contactors_bring_their_bundle(self, count: int, once: int, each: int) -> None:
        # Fuse holder and wire set once a panel, two blocks and two ducts each.
        found = {
            item.item.key.rpartition(".")[2]: int(item.quantity)
            for item in lines(panel(elb(2, 20, 6), accessories=[contactors(count)]), "accessory")
        }
        assert found == {
            "magnetic_contactor": count,
            "fuse_holder": once,
            "wire_set": once,
            "terminal_block": each,
            "pvc_duct": each,
        }

    @pytest.mark.parametrize(
        ("piece", "sets"),
        [
            (accessory("spd"), 1),
            (accessory("meter_1ph", 3), 3),
            (accessory("timer_sunset", 2), 2),
            (accessory("timer_24h", 2), 0),
            (accessory("va_meter"), 0),
        ],
    )
    def test_bring_small_wire_sets(self, piece: dict[str, object], sets: int) -> None:
        found = [
            int(item.quantity)
            for item in lines(panel(elb(2, 20, 6), accessories=[piece]), "accessory")
            if item.item.key == "lines.wire_set_small"
        ]
        assert found == ([sets] if sets else [])

    def test_v_a_meter_brings_transformers_and_switch(self) -> None:
        found = {
            item.item.key.rpartition(".")[2]: (int(item.quantity), int(item.amount))
            for item in lines(panel(elb(2, 20, 6), accessories=[accessory("va_meter")]), "accessory")
        }
        assert found == {"va_meter": (1, 26_000), "ct": (3, 28_500), "selector_switch": (1, 12_500)}


class TestTerminals:
    def test_count_the_breakers_of_spd_and_reserve_and_not_the_empty_ways(self) -> None:
        # Nine, one 예비 and the SPD's: eleven; the twelfth brings the second terminal.
        eleven = panel(
            elb(2, 20, 9), elb(2, 20, 1, load="예비"), make=LS, accessories=[accessory("spd")], spare_ways=5
        )
        assert (quantity(eleven, "earth_terminal"), quantity(eleven, "card_holder")) == (
            Decimal(1),
            Decimal(11),
        )
        twelve = {**eleven, "branches": [*eleven["branches"], elb(2, 20, 1)]}
        assert quantity(twelve, "earth_terminal") == 2

    def test_of_neutral_need_a_neutral(self) -> None:
        assert quantity(panel(elb(2, 20, 6)), "neutral_terminal") == 1
        three_wires = panel(mccb(3, 30, 4), make=LS, supply="3P3W-380", mains=[main(100, 3)])
        assert quantity(three_wires, "neutral_terminal") == 0

    def test_of_small_breakers_are_supported(self) -> None:
        # Five of SIE-32, two of SIB-32; SBC-52 and SBS-53 stand on their own.
        wanted = panel(elb(2, 20, 5), mccb(2, 30, 2), mccb(2, 50, 3), mccb(3, 30, 2))
        assert quantity(wanted, "elb_support") == 7


class TestOrder:
    def test_is_that_of_the_trade(self) -> None:
        wanted = panel(elb(2, 20, 6), mounting="indoor_standing", accessories=[contactors(1)])
        kinds = list(dict.fromkeys(item.kind for item in estimated(wanted).lines))
        assert kinds == [
            "enclosure", "main", "branch", "accessory", "earth_terminal", "neutral_terminal", "card_holder", "name_plate",
            "main_busbar", "branch_busbar", "coating", "cover", "insulator", "elb_support", "base", "sundries", "assembly",
        ]  # fmt: skip


class TestUnpricedParts:
    def test_are_lines_of_nothing_that_stop_the_quotation(self) -> None:
        library = open_library()
        prices = {key: price for key, price in library.price_book.prices.items() if key != "item:copper_kg"}
        poorer = replace(library, price_book=replace(library.price_book, prices=prices))
        found = estimate(request(panel(elb(2, 20, 6))), library=poorer)
        # MAIN BUS-BAR and BUS-BAR.
        unpriced = [item for item in found.panels[0].lines if not item.priced]
        assert [(item.kind, int(item.amount)) for item in unpriced] == [
            ("main_busbar", 0),
            ("branch_busbar", 0),
        ]
        (stop,) = [item for item in found.gates if item.id == "pricing.prices"]
        assert (stop.measured, stop.limit, stop.verdict) == (2, 0, "fail")


def test_amounts_are_quantity_times_price() -> None:
    wanted = panel(elb(2, 20, 10))
    assert line(wanted, "card_holder").unit_price == 800
    assert amount(wanted, "card_holder") == 8_000
