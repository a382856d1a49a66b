"""Terms of a quotation: margin, discount, VAT, extra lines, currencies; every won and cent worked out by hand from the bill of G1 (384,644 won)."""

from decimal import Decimal
from typing import Any

import pytest

from kis.estimator import Estimate, Gate, estimate
from kis.platform.errors import BadInput
from tests.factories.panels import (
    GOLDEN,
    amount,
    contactors,
    elb,
    line,
    lines,
    mccb,
    panel,
    quantity,
    quoted,
    request,
    together,
)

pytestmark = pytest.mark.regression


def g1(**terms: Any) -> Estimate:
    return quoted(GOLDEN["G1"], **terms)


def discount_gate(percent: float) -> Gate:
    (found,) = [item for item in g1(discount_percent=percent).gates if item.id == "pricing.discount"]
    return found


class TestTotals:
    def test_margin_and_discount_are_rounded_half_up_each(self) -> None:
        totals = g1(margin_percent=12.5, discount_percent=10).totals
        # 384,644 · .125 = 48,080.5 → 48,081; (384,644 + 48,081) · .1 = 43,272.5 → 43,273.
        assert together(totals.margin, totals.discount) == (48_081, 43_273)
        # 432,725 − 43,273; 38,945.2.
        assert together(totals.net, totals.vat, totals.total) == (389_452, 38_945, 428_397)

    def test_without_terms_net_is_the_subtotal(self) -> None:
        totals = g1().totals
        assert together(totals.margin, totals.discount, totals.net) == (0, 0, totals.subtotal)

    def test_extra_lines_are_added_and_rounded(self) -> None:
        extra = [
            # 2.5 · 333 = 832.5 → 833
            {"item": "운반비", "unit": "회", "quantity": 2.5, "unit_price": 333},
            {"item": "시험비", "spec": "내전압", "unit": "식", "quantity": 1, "price": 50_000},
        ]
        with_extra = g1(extra_lines=extra)
        assert [item.amount for item in with_extra.extra] == [833, 50_000]
        assert with_extra.totals.subtotal == 384_644 + 50_833
        # 43,547.7 → 43,548
        assert with_extra.totals.vat == 43_548


class TestDiscount:
    @pytest.mark.parametrize(
        ("percent", "verdict"), [(0, "pass"), (10, "pass"), (10.5, "fail"), (20, "fail")]
    )
    def test_over_ten_percent_needs_approval(self, percent: float, verdict: str) -> None:
        found = discount_gate(percent)
        assert (found.limit, found.measured, found.verdict) == (10, Decimal(str(percent)), verdict)

    def test_over_twenty_percent_is_refused(self) -> None:
        with pytest.raises(BadInput) as refused:
            estimate(request(GOLDEN["G1"], discount_percent=20.01))
        assert [problem.path for problem in refused.value.problems] == ["discount_percent"]


class TestDollars:
    def test_come_from_a_price_book_in_dollars(self) -> None:
        # Box 58.50; main 29.00; ten ELB 57.00; E.T 3.25; N.T 2.15; cards 6.00; plate 2.90; copper 35.28 + 22.752 → 22.75; coating 3.60;
        # insulators 3.20; supports 3.50; in won at 1,389: cover 12,444.44 → 8.96, sundries 7,000 → 5.04, work 50,000 → 36.00.
        totals = g1(currency="USD").totals
        assert (totals.currency, totals.subtotal) == ("USD", Decimal("277.13"))
        # 27.713 → 27.71
        assert (totals.vat, totals.total) == (Decimal("27.71"), Decimal("304.84"))

    def test_or_from_the_won_book_at_the_rate_of_the_request(self) -> None:
        # At 1,400 a dollar, unit prices to the cent: 58.21 + 28.71 + 10 · 5.64 + 3.21 + 2.14 + 10 · .57 + 2.86 + 2.45 · 14.29 → 35.01
        # + 1.58 · 14.29 → 22.58 + 3.57 + 8.89 + 4 · .79 + 10 · .36 + 5.00 + 35.71.
        priced = g1(currency="USD", exchange={"krw_per_usd": 1400, "date": "2026-11-20"})
        assert priced.library.price_book.currency == "KRW"
        assert priced.totals.subtotal == Decimal("274.75")
        # 27.475 → 27.48
        assert (priced.totals.vat, priced.totals.total) == (Decimal("27.48"), Decimal("302.23"))


class TestSundries:
    @pytest.mark.parametrize(
        ("more", "won"),
        [
            # 500×700: nothing above the base.
            ({}, 7_000),
            # One and two accessories, 600×1000 (H 170 + 130 + 30 + 200 + 254 + 150 = 934): 7,000 + 3,000 + 24,000.
            ({"accessories": [contactors(2)]}, 34_000),
            # Three: 46,000, at most 42,000.
            ({"accessories": [contactors(3)]}, 42_000),
        ],
    )
    def test_grow_with_box_and_accessories_to_their_cap(self, more: dict[str, Any], won: int) -> None:
        assert amount({**GOLDEN["G1"], **more}, "sundries") == won


class TestAssembly:
    def test_bonus_begins_at_fourteen_small_breakers_in_a_box_of_600(self) -> None:
        # Two 3P and 13 or 14 small: C 75 + 7 · 40 = 355, H 835 in HDS 60 90 15: 50,000 + 2 · 15,000, and the bonus of 10,000.
        assert amount(panel(mccb(3, 30, 2), elb(2, 20, 13)), "assembly") == 80_000
        assert amount(panel(mccb(3, 30, 2), elb(2, 20, 14)), "assembly") == 90_000

    @pytest.mark.parametrize(
        ("rating_a", "won"), [(100, 15_000), (225, 20_000), (400, 70_000), (800, 100_000)]
    )
    def test_of_a_main_alone_is_flat(self, rating_a: int, won: int) -> None:
        assert amount(panel(rating_a=rating_a), "assembly") == won


class TestEarthTerminals:
    @pytest.mark.parametrize(("branches", "terminals"), [(1, 1), (11, 1), (12, 2), (23, 2), (24, 3), (36, 4)])
    def test_are_one_and_one_for_every_twelve(self, branches: int, terminals: int) -> None:
        assert quantity(panel(elb(2, 20, branches)), "earth_terminal") == terminals


class TestReasons:
    def test_stand_behind_every_line(self) -> None:
        for name, wanted in GOLDEN.items():
            for item in quoted(wanted).panels[0].lines:
                assert item.because, (name, item.kind)
                assert item.priced, (name, item.spec)

    def test_of_copper_tell_rule_and_inputs(self) -> None:
        shape, price = line(GOLDEN["G1"], "main_busbar").because
        assert shape.rule == "pricing.main_bar_copper"
        assert (shape.inputs["width_mm"], shape.inputs["height_mm"], shape.inputs["main_at"]) == (
            500,
            700,
            100,
        )
        assert (price.rule, price.inputs["key"], price.inputs["price"]) == (
            "price_book",
            "item:copper_kg",
            20_000,
        )

    def test_of_a_custom_box_tell_square_and_surcharge(self) -> None:
        (box,) = lines(GOLDEN["G7"], "enclosure")
        assert box.because[0].rule == "pricing.custom_surcharge"
        assert box.because[0].inputs["surcharge"] == Decimal("1.3")
