"""The shipped prices are made up; these are the relations that make them usable for trying KIS."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from kis.catalog import (
    Breaker,
    BreakerKind,
    Catalog,
    Grade,
    PriceBook,
    breaker_keys,
    enclosure_key,
    shipped_price_books,
)

PYEONG_MM2 = 90_000
CUSTOM_SURCHARGE = Fraction(13, 10)
"""What the rules add to a custom box; the relations between custom and standard boxes hold with it."""

BOOKS = {book.currency: book for book in shipped_price_books()}
GRADES_CHEAPEST_FIRST = (Grade.SMALL, Grade.COMPACT, Grade.ECONOMY, Grade.STANDARD)


@pytest.fixture(params=sorted(BOOKS))
def book(request: pytest.FixtureRequest) -> PriceBook:
    return BOOKS[request.param]


def _price(book: PriceBook, breaker: Breaker) -> Decimal:
    found = book.find_first(breaker_keys(breaker))
    assert found is not None, breaker.model
    return found.unit_price


def _standard(book: PriceBook, model: str) -> Decimal:
    return book.prices[f"enclosure:{model}"].unit_price


def _custom(book: PriceBook, series: str, width_mm: int, height_mm: int, depth_mm: int) -> Fraction:
    rate = book.find_custom_rate(series, depth_mm)
    assert rate is not None
    return Fraction(rate.unit_price) * width_mm * height_mm / PYEONG_MM2 * CUSTOM_SURCHARGE


def _rising(
    catalog: Catalog, book: PriceBook, same: Callable[[Breaker], object], by: Callable[[Breaker], int]
) -> int:
    """Assert that within rows of the same kind the price rises; return how many steps were compared."""
    families: dict[object, list[Breaker]] = {}
    for row in catalog.breakers:
        families.setdefault(same(row), []).append(row)
    steps = 0
    for rows in families.values():
        for low, high in pairwise(sorted(rows, key=by)):
            if by(low) < by(high):
                assert _price(book, low) < _price(book, high), (low.model, high.model)
                steps += 1
    return steps


class TestBreakerPrices:
    def test_rise_with_the_frame(self, shipped: Catalog, book: PriceBook) -> None:
        steps = _rising(
            shipped,
            book,
            lambda row: (row.make, row.kind, row.grade, row.poles, row.sensitivity_ma),
            lambda row: row.frame_af,
        )
        assert steps > 40

    def test_rise_with_the_poles(self, shipped: Catalog, book: PriceBook) -> None:
        steps = _rising(
            shipped,
            book,
            lambda row: (row.make, row.kind, row.grade, row.frame_af, row.sensitivity_ma),
            lambda row: row.poles,
        )
        assert steps > 40

    def test_rise_with_the_grade(self, shipped: Catalog, book: PriceBook) -> None:
        graded = [row for row in shipped.breakers if row.grade is not Grade.MODULAR]
        steps = 0
        for low in graded:
            for high in graded:
                alike = (low.make, low.kind, low.poles, low.frame_af) == (
                    high.make,
                    high.kind,
                    high.poles,
                    high.frame_af,
                )
                if alike and GRADES_CHEAPEST_FIRST.index(low.grade) < GRADES_CHEAPEST_FIRST.index(high.grade):
                    assert _price(book, low) < _price(book, high), (low.model, high.model)
                    steps += 1
        assert steps > 20

    def test_are_higher_for_earth_leakage(self, shipped: Catalog, book: PriceBook) -> None:
        same = {
            (row.make, row.grade, row.frame_af, row.poles): _price(book, row)
            for row in shipped.breakers
            if row.kind is BreakerKind.MCCB
        }
        pairs = 0
        for row in shipped.breakers:
            plain = same.get((row.make, row.grade, row.frame_af, row.poles))
            if row.kind is BreakerKind.ELB and plain is not None:
                assert _price(book, row) > plain, row.model
                pairs += 1
        assert pairs > 30

    def test_are_higher_for_high_sensitivity(self, book: PriceBook) -> None:
        for model in ("32GRHS", "SIE-32"):
            high, usual = (book.prices[f"breaker:{model}/{milliamperes}mA"] for milliamperes in (15, 30))
            assert high.unit_price > usual.unit_price


class TestBoxPrices:
    def test_rise_with_the_front_within_series_and_depth(self, shipped: Catalog, book: PriceBook) -> None:
        families: dict[tuple[str, int], dict[int, Decimal]] = {}
        for box in shipped.enclosures:
            family = families.setdefault((box.series, box.depth_mm), {})
            family[box.width_mm * box.height_mm] = book.prices[enclosure_key(box)].unit_price
        for prices in families.values():
            assert [prices[area] for area in sorted(prices)] == sorted(set(prices.values()))

    def test_rise_with_the_depth_of_one_front(self, shipped: Catalog, book: PriceBook) -> None:
        families: dict[tuple[str, int, int], list[tuple[int, Decimal]]] = {}
        for box in shipped.enclosures:
            price = book.prices[enclosure_key(box)].unit_price
            families.setdefault((box.series, box.width_mm, box.height_mm), []).append((box.depth_mm, price))
        for family in families.values():
            for (_, shallow), (_, deep) in pairwise(sorted(family)):
                assert shallow < deep

    def test_standard_boxes_cost_about_what_the_trade_says_per_pyeong(self, shipped: Catalog) -> None:
        book = BOOKS["KRW"]
        for box in shipped.enclosures:
            if box.series == "HDS":
                per_pyeong = _standard(book, box.model) * PYEONG_MM2 / (box.width_mm * box.height_mm)
                assert 20_500 <= per_pyeong <= (23_500 if box.depth_mm <= 200 else 28_500), box.model

    @pytest.mark.parametrize(
        ("model", "plain", "share"),
        [
            ("HB6010015", "HDS 60 100 15", Decimal("0.5")),
            ("HS 60 100 15", "HDS 60 100 15", Decimal("0.9")),
            ("HT 70 120 20", "HDS 70 120 20", Decimal("1.25")),
            ("SHDS 60 100 15", "HDS 60 100 15", Decimal("2.2")),
            ("SS 60 100", "HS 60 100 15", Decimal("2.2")),
            ("SC 70 120 20", "HT 70 120 20", Decimal("2.2")),
        ],
    )
    def test_series_keep_their_distance(
        self, book: PriceBook, model: str, plain: str, share: Decimal
    ) -> None:
        assert abs(_standard(book, model) / _standard(book, plain) - share) < Decimal("0.02")


class TestCustomBoxPrices:
    def test_are_almost_twice_a_standard_box_of_the_same_front(
        self, shipped: Catalog, book: PriceBook
    ) -> None:
        for box in shipped.enclosures:
            if box.series != "HB":  # ready-made sizes only
                custom = _custom(book, box.series, box.width_mm, box.height_mm, box.depth_mm)
                ratio = custom / Fraction(_standard(book, box.model))
                assert Fraction(16, 10) <= ratio <= Fraction(19, 10), box.model

    def test_700_by_1050_costs_52_percent_more_than_700_by_1200_standard(self, book: PriceBook) -> None:
        # KRW: 0.735 m² / 0.09 = 8.1667 평 × 27,900 × 1.3 = 296,205; HDS 70 120 15 is 195,000; ratio 1.519
        ratio = _custom(book, "HDS", 700, 1050, 150) / Fraction(_standard(book, "HDS 70 120 15"))
        assert round(float(ratio), 2) == 1.52

    @pytest.mark.parametrize(
        ("size", "standard", "least_difference"),
        [
            # 14 평 × 31,900 × 1.3 = 580,580 against 16 평 × 24,000 = 384,000
            ((900, 1400, 250), "HDS 90 160 25", 120_000),
            # 8.333 평 × 29,900 × 1.3 = 323,917 against 227,500; the smaller front saves about 60,000 elsewhere
            ((600, 1250, 200), "HDS 70 130 20", 80_000),
            # 9.333 평 × 29,900 × 1.3 = 362,787 against 245,000
            ((600, 1400, 200), "HDS 70 140 20", 80_000),
        ],
    )
    def test_cost_clearly_more_than_the_standard_box_that_also_holds_the_panel(
        self, size: tuple[int, int, int], standard: str, least_difference: int
    ) -> None:
        book = BOOKS["KRW"]
        assert _custom(book, "HDS", *size) - Fraction(_standard(book, standard)) >= least_difference

    def test_are_given_for_every_50_mm_of_depth_up_to_600(self, book: PriceBook) -> None:
        for series in ("HDS", "HS", "HT", "SHDS", "SS", "SC"):
            rates = [book.prices[f"custom:{series}/{depth}"].unit_price for depth in range(150, 601, 50)]
            assert rates == sorted(set(rates))
            assert book.find_custom_rate(series, 601) is None

    def test_are_not_given_for_ready_made_boxes(self, book: PriceBook) -> None:
        assert book.find_custom_rate("HB", 150) is None


class TestShopItemPrices:
    def test_are_the_usual_ones_of_the_trade(self) -> None:
        won = {
            key: int(price.unit_price)
            for key, price in BOOKS["KRW"].prices.items()
            if key.startswith("item:")
        }
        assert won == {
            "item:earth_terminal/250": 4500,
            "item:earth_terminal/400": 12000,
            "item:earth_terminal/800": 18000,
            "item:neutral_terminal": 3000,
            "item:card_holder": 800,
            "item:name_plate": 4000,
            "item:coating/250": 5000,
            "item:coating/800": 10000,
            "item:insulator/250": 1100,
            "item:insulator/800": 4400,
            "item:elb_support": 500,
            "item:fuse_holder": 3900,
            "item:terminal_block": 3900,
            "item:pvc_duct": 3300,
            "item:pole_mount": 20000,
            "item:wire_set": 25000,
            "item:wire_set_small": 15000,
            "item:copper_kg": 20000,
        }

    def test_contactors_cost_more_the_larger_they_are(self, shipped: Catalog, book: PriceBook) -> None:
        rows = [row for row in shipped.accessories if row.kind == "magnetic_contactor"]
        prices = [book.prices[f"accessory:magnetic_contactor/{row.model}"].unit_price for row in rows]
        assert len(prices) == 4
        assert prices == sorted(set(prices))
