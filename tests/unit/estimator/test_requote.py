"""Quoting again: every changed line is named with its cause, and the changes add up."""

from decimal import Decimal
from typing import Any

import pytest

from kis.catalog import load_catalog
from kis.estimator import Cause, Comparison, compare, in_make, parse_request
from kis.platform.errors import NotFound


def line(kind: str, spec: str, quantity: str, price: str) -> dict[str, Any]:
    amount = str(Decimal(quantity) * Decimal(price))
    return {
        "kind": kind,
        "item": kind.upper(),
        "spec": spec,
        "quantity": quantity,
        "unit_price": price,
        "amount": amount,
    }


def result(
    lines: list[dict[str, Any]], *, quantity: int = 1, name: str = "P", currency: str = "KRW"
) -> dict[str, Any]:
    subtotal = sum(Decimal(item["amount"]) for item in lines) * quantity
    totals = dict.fromkeys(("margin", "discount", "vat"), "0")
    totals |= dict.fromkeys(("subtotal", "net", "total"), str(subtotal))
    return {
        "currency": currency,
        "panels": [{"name": name, "quantity": quantity, "lines": lines}],
        "totals": totals,
    }


def causes(comparison: Comparison) -> list[tuple[str, Cause, Decimal]]:
    return [(change.kind, change.cause, change.change) for change in comparison.lines]


class TestCompare:
    def test_an_equal_result_has_no_change(self) -> None:
        one = result([line("branch", "SIE-32", "10", "7900")])

        assert compare(one, one).lines == ()

    def test_a_dearer_unit_price_counts_with_the_quantity_of_the_panel(self) -> None:
        before = result([line("branch", "SIE-32", "10", "7900")], quantity=3)
        after = result([line("branch", "SIE-32", "10", "8900")], quantity=3)

        # 10 pieces × 1,000 won × 3 panels
        assert causes(compare(before, after)) == [("branch", Cause.PRICE, Decimal(30000))]

    @pytest.mark.parametrize(
        ("quantity", "price", "cause"),
        [
            ("12", "7900", Cause.QUANTITY),
            ("12", "8000", Cause.PRICE_AND_QUANTITY),
            ("10", "7000", Cause.PRICE),
        ],
    )
    def test_the_cause_is_what_differs(self, quantity: str, price: str, cause: Cause) -> None:
        before = result([line("branch", "SIE-32", "10", "7900")])
        after = result([line("branch", "SIE-32", quantity, price)])

        assert [change.cause for change in compare(before, after).lines] == [cause]

    def test_another_model_replaces_the_one_that_went(self) -> None:
        before = result([line("main", "SBE-104", "1", "40200"), line("branch", "SIE-32", "10", "7900")])
        after = result([line("main", "ABN-104", "1", "46800"), line("branch", "SIE-32", "10", "7900")])

        assert causes(compare(before, after)) == [("main", Cause.REPLACED, Decimal(6600))]

    def test_a_replacement_at_the_same_price_is_still_told(self) -> None:
        before, after = result([line("main", "A", "1", "5")]), result([line("main", "B", "1", "5")])

        assert causes(compare(before, after)) == [("main", Cause.REPLACED, Decimal(0))]

    def test_lines_that_appear_and_vanish_are_told(self) -> None:
        before = result([line("base", "H 200", "1", "32000")])
        after = result([line("pole_mount", "", "1", "20000")])

        assert causes(compare(before, after)) == [
            ("base", Cause.REMOVED, Decimal(-32000)),
            ("pole_mount", Cause.ADDED, Decimal(20000)),
        ]

    def test_the_changes_add_up_to_the_change_of_the_subtotal(self) -> None:
        before = result(
            [line("main", "A", "1", "100"), line("branch", "B", "4", "25"), line("cover", "C", "1", "9")]
        )
        after = result(
            [line("main", "D", "1", "130"), line("branch", "B", "6", "20"), line("base", "E", "1", "7")]
        )
        comparison = compare(before, after)

        first, last = comparison.totals["subtotal"]
        assert sum(change.change for change in comparison.lines) == last - first == Decimal(48)

    def test_other_panels_are_refused(self) -> None:
        with pytest.raises(NotFound):
            compare(result([]), result([], name="Q"))

    def test_another_currency_is_refused(self) -> None:
        with pytest.raises(NotFound):
            compare(result([]), result([], currency="USD"))


class TestInMake:
    def test_makes_and_models_give_way_to_kind_and_poles(self) -> None:
        parsed = parse_request(
            {
                "customer": {"name": "한빛전설"},
                "project": "시험",
                "panels": [
                    {
                        "name": "P",
                        "make": "Sangdo",
                        "mains": [{"poles": 4, "rating_a": 100}],
                        "branches": [
                            {"model": "SBC-52", "rating_a": 40},
                            {"kind": "ELB", "poles": 2, "rating_a": 20, "make": "Sangdo"},
                        ],
                    }
                ],
            }
        )
        panel = in_make(parsed, "LS ELECTRIC", load_catalog()).request.panels[0]

        assert panel.make == "LS ELECTRIC"
        # SBC-52 is a compact 2-pole MCCB of Sangdo
        assert [(line.kind, line.poles, line.make, line.model) for line in panel.branches] == [
            ("MCCB", 2, None, None),
            ("ELB", 2, None, None),
        ]
