from dataclasses import replace
from datetime import date
from decimal import Decimal

from kis.catalog import Catalog, Change, ChangeKind, PriceBook, diff_catalogs, diff_price_books


def _lines(changes: tuple[Change, ...]) -> list[str]:
    return [change.message().text("en") for change in changes]


class TestDiffCatalogs:
    def test_of_equal_catalogues_is_empty(self, small_catalog: Catalog) -> None:
        assert diff_catalogs(small_catalog, replace(small_catalog, digest="other")) == ()

    def test_names_rows_added_removed_and_changed(self, small_catalog: Catalog) -> None:
        two, three, *small = small_catalog.breakers
        contactor, spd = small_catalog.accessories
        new = replace(
            small_catalog,
            version="2027.01",
            breakers=(
                replace(two, width_mm=52, ratings_a=(20,), icu_at_v=None),
                *small,
                replace(three, model="ABN-54"),
            ),
            accessories=(contactor, replace(spd, width_mm=90)),
        )
        assert _lines(diff_catalogs(small_catalog, new)) == [
            "catalog catalog: version 2026.11 → 2027.01",
            "breakers ABN-52: width_mm 50 → 52",
            "breakers ABN-52: ratings_a 20/30/40/50 → 20",
            "breakers ABN-52: icu_at_v 460 → ",
            "breakers ABN-53: removed",
            "breakers ABN-54: added",
            "accessories spd/SPD: width_mm  → 90",
        ]

    def test_tells_the_sensitivities_of_a_model_apart(self, small_catalog: Catalog) -> None:
        *rest, last = small_catalog.breakers
        changes = diff_catalogs(
            small_catalog, replace(small_catalog, breakers=(*rest, replace(last, front_mm=63)))
        )
        assert _lines(changes) == ["breakers 32GRHS/30mA: front_mm 62 → 63"]

    def test_loses_no_row_of_a_faulty_catalogue(self, small_catalog: Catalog) -> None:
        doubled = replace(small_catalog, enclosures=(*small_catalog.enclosures, small_catalog.enclosures[0]))
        assert _lines(diff_catalogs(small_catalog, doubled)) == ["enclosures HDS 50 70 15#2: added"]


class TestDiffPriceBooks:
    def test_of_equal_books_is_empty(self, small_book: PriceBook) -> None:
        assert diff_price_books(small_book, replace(small_book, digest="other")) == ()

    def test_gives_price_changes_with_percent(self, small_book: PriceBook) -> None:
        prices = dict(small_book.prices)
        breaker = prices.pop("breaker:ABN-52")
        copper, box = prices["item:copper_kg"], prices["enclosure:HDS 50 70 15"]
        prices["item:copper_kg"] = replace(copper, unit_price=Decimal(31500), source="list of 2026-03")
        prices["enclosure:HDS 50 70 15"] = replace(box, unit_price=Decimal(80000))
        prices["breaker:ABN-53"] = replace(breaker, key="breaker:ABN-53", unit_price=Decimal(24000))
        new = replace(small_book, valid_to=None, valid_from=date(2027, 1, 1), prices=prices)
        changes = diff_price_books(small_book, new)
        # 80,000 / 81,500 = 0.98160 → −1.8 %; 31,500 / 20,000 = 1.575 → +57.5 %
        assert _lines(changes) == [
            "book small-2026: valid_from 2026-11-01 → 2027-01-01",
            "book small-2026: valid_to 2026-12-31 → ",
            "prices breaker:ABN-52: removed",
            "prices enclosure:HDS 50 70 15: unit_price 81500 → 80000 (-1.8%)",
            "prices item:copper_kg: unit_price 20000 → 31500 (+57.5%)",
            "prices item:copper_kg: source illustrative, 2026-11-01 → list of 2026-03",
            "prices breaker:ABN-53: added",
        ]
        assert (changes[2].kind, changes[2].old, changes[6].new) == (ChangeKind.REMOVED, "18000", "24000")

    def test_gives_no_percent_across_currencies(self, small_book: PriceBook) -> None:
        price = replace(small_book.prices["item:copper_kg"], unit_price=Decimal("14.40"))
        dollars = replace(small_book, currency="USD", prices={**small_book.prices, "item:copper_kg": price})
        assert _lines(diff_price_books(small_book, dollars)) == [
            "book small-2026: currency KRW → USD",
            "prices item:copper_kg: unit_price 20000 → 14.40",
        ]

    def test_names_a_changed_title(self, small_book: PriceBook) -> None:
        renamed = replace(small_book, title={"ko": "단가표", "en": small_book.title["en"]})
        assert _lines(diff_price_books(small_book, renamed)) == [
            "book small-2026: title.ko 예시 단가표 → 단가표"
        ]
