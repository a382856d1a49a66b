from dataclasses import replace
from decimal import Decimal

import pytest

from kis.catalog import Catalog, PriceBook, accessory_keys, breaker_keys, enclosure_key


@pytest.fixture
def stepped(small_book: PriceBook) -> PriceBook:
    copper = small_book.prices["item:copper_kg"]
    steps = {
        "item:coating/800": 10000,
        "item:coating/250": 5000,
        "item:coating": 1,
        "item:coating/x": 2,
        "custom:HDS/200": 3,
    }
    return replace(
        small_book,
        prices={key: replace(copper, key=key, unit_price=Decimal(won)) for key, won in steps.items()},
    )


class TestFindStep:
    @pytest.mark.parametrize(
        ("size", "key"), [(50, "item:coating/250"), (250, "item:coating/250"), (251, "item:coating/800")]
    )
    def test_takes_the_smallest_step_that_reaches(self, stepped: PriceBook, size: int, key: str) -> None:
        found = stepped.find_step("item:coating", size)
        assert found is not None
        assert found.key == key

    def test_finds_nothing_above_the_last_step_or_under_another_name(self, stepped: PriceBook) -> None:
        assert stepped.find_step("item:coating", 801) is None
        assert stepped.find_step("item:coat", 100) is None

    def test_custom_rates_are_steps_of_depth(self, stepped: PriceBook) -> None:
        rate = stepped.find_custom_rate("HDS", 180)
        assert rate is not None
        assert rate.unit_price == 3
        assert stepped.find_custom_rate("HS", 180) is None


class TestFindFirst:
    def test_prefers_the_price_of_the_sensitivity(
        self, small_catalog: Catalog, small_book: PriceBook
    ) -> None:
        high = small_catalog.breakers[2]
        plain = replace(small_book.prices["breaker:ABN-52"], key="breaker:32GRHS")
        book = replace(small_book, prices={"breaker:32GRHS": plain})
        assert book.find_first(breaker_keys(high)) is plain
        own = replace(plain, key="breaker:32GRHS/15mA")
        both = replace(book, prices={"breaker:32GRHS": plain, own.key: own})
        assert both.find_first(breaker_keys(high)) is own
        assert both.find_first(breaker_keys(small_catalog.breakers[3])) is plain

    def test_finds_nothing_when_no_key_is_held(self, small_book: PriceBook) -> None:
        assert small_book.find_first(("breaker:none", "item:none")) is None
        assert small_book.find("breaker:none") is None


class TestKeys:
    def test_name_every_part_in_the_order_of_looking_up(self, small_catalog: Catalog) -> None:
        assert breaker_keys(small_catalog.breakers[0]) == ("breaker:ABN-52",)
        assert breaker_keys(small_catalog.breakers[2]) == ("breaker:32GRHS/15mA", "breaker:32GRHS")
        assert enclosure_key(small_catalog.enclosures[0]) == "enclosure:HDS 50 70 15"
        assert accessory_keys(small_catalog.accessories[0]) == (
            "accessory:magnetic_contactor/MC-9..22",
            "accessory:magnetic_contactor",
            "item:magnetic_contactor",
        )
