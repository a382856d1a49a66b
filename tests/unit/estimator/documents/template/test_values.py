from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.estimator.documents.template.rows import amounts_of
from kis.estimator.documents.template.values import flat_lines, panel_groups, times
from tests.factories import contents
from tests.factories.templates import line, opened, quotation, sheet, workbook

LINE = {"B5": "{{line.item}}", "E5": "{{line.quantity}}"}


class TestGroups:
    def test_end_with_what_belongs_to_no_panel(self) -> None:
        groups = panel_groups(quotation(2, extra=True))
        assert [group.fields["panel.name"] for group in groups] == ["LP-1", "기타"]
        assert groups[1].fields["panel.subtotal"] == Decimal(150_000 + 225_002)
        assert [each["line.number"] for each in groups[1].lines] == [Decimal(1), Decimal(2)]


class TestFlatLines:
    def test_count_every_panel_made(self) -> None:
        lines = flat_lines(quotation(1, 1, quantities=(3, 1)))
        assert [(each["line.number"], each["panel.name"], each["line.quantity"]) for each in lines] == [
            (Decimal(1), "LP-1", Decimal(6)),
            (Decimal(2), "LP-2", Decimal(2)),
        ]


class TestTimes:
    def test_multiplies_quantity_and_amount(self) -> None:
        made = times(line(1, "2", "1250"), 3, "rounded", 0)
        assert (made.unit, made.quantity, made.amount) == ("EA", Decimal(6), Decimal(7500))

    def test_keeps_the_amount_where_a_broken_quantity_would_round_otherwise(self) -> None:
        # 2.05 · 20 030 = 41 061.5 → 41 062; three of them 123 186, but 6.15 · 20 030 = 123 184.5
        made = times(contents.row("BUS-BAR", "3T×15", "kg", "2.05", "20030"), 3, "written", 0)
        assert (made.unit, made.quantity) == ("2.05 kg", Decimal(3))
        assert (made.unit_price, made.amount) == (Decimal(41062), Decimal(123186))

    def test_minds_what_binary_numbers_make_of_a_half(self) -> None:
        # 2.05 · 1 290 = 2 644.5 → 2 645; in binary 2 644.499 999 999 999 5
        row = contents.row("BUS-BAR", "", "kg", "2.05", "1290")
        assert float(row.quantity) * float(row.unit_price) < 2644.5
        assert times(row, 1, "written", 0) == row
        made = times(row, 1, "rounded", 0)
        assert (made.unit, made.quantity, made.unit_price) == ("2.05 kg", Decimal(1), Decimal(2645))

    def test_leaves_no_fraction_to_a_formula_that_does_not_round(self) -> None:
        # 3.27 · 1 010 = 3 302.7 → 3 303
        row = contents.row("BUS-BAR", "", "kg", "3.27", "1010")
        assert times(row, 1, "rounded", 0) == row
        assert times(row, 1, "plain", 0).unit_price == Decimal(3303)

    @given(
        st.decimals("0.01", "50", places=2),
        st.integers(1, 300_000),
        st.integers(1, 5),
        st.sampled_from(["rounded", "plain"]),
    )
    def test_always_comes_out(self, quantity: Decimal, price: int, sets: int, way: str) -> None:
        row = contents.row("BUS-BAR", "", "kg", str(quantity), str(price))
        made = times(row, sets, "rounded" if way == "rounded" else "plain", 0)
        computed = float(made.quantity) * float(made.unit_price)
        assert made.amount == row.amount * sets
        if way == "rounded":
            assert int(computed + 0.5) == made.amount
        else:
            assert computed == pytest.approx(float(made.amount), abs=1e-6)


class TestAmounts:
    @pytest.mark.parametrize(
        ("formula", "expected"),
        [
            ("{{line.amount}}", "written"),
            ("=ROUND(E5*F5,0)", "rounded"),
            ("=E5*F5", "plain"),
            ("=INT(E5*F5)", "plain"),
            ("=SUM(E5)", "written"),
        ],
    )
    def test_are_told_by_the_formula_of_the_line(self, formula: str, expected: str) -> None:
        book = opened(workbook({"견적": sheet({**LINE, "G5": formula, "G6": "=E5*1.1"})}))
        assert amounts_of(book) == expected
