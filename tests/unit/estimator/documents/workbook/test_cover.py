"""The cover: who quotes what to whom, for how much and on which terms; live formulas and names."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from kis.estimator.documents.workbook import expected_format, measure_format, quotation_workbook
from tests.factories.contents import (
    TOTALS,
    content,
    retotalled,
)
from tests.unit.estimator.documents.workbook.opening import (
    COVER,
    filled,
    named,
    named_cell,
    opened,
    standard,
    words,
)


class TestCover:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("QuotationNumber", "HB-2026-0042-R0"),
            ("Customer", "한빛전설㈜ 귀중"),
            ("Attention", "설비팀 김현수 과장"),
            ("Project", "한빛물류센터 사무동 신축공사"),
            ("RegistrationNumber", "000-00-00000"),
            ("Supplier", "예시전기제작소(주)"),
            ("Representative", "홍길동"),
            ("Seal", "(인)"),
            ("Address", "경기도 예시시 견본로 12"),
            ("Business", "제조업 / 배전반·분전반"),
            ("Telephone", "031-000-0000 / 031-000-0001"),
            ("Delivery", "발주 승인 후 3주"),
            ("Payment", "계약금 30%, 납품 후 30일 이내 70%"),
            ("VatTerms", "부가가치세 별도 (10%)"),
        ],
    )
    def test_names_what_a_quotation_must_say(self, name: str, shown: str) -> None:
        assert named(standard(), name) == shown

    def test_greets_a_person_as_a_person(self) -> None:
        quotation = content()
        workbook = opened(replace(quotation, customer=replace(quotation.customer, company="", contact="")))
        assert named(workbook, "Customer") == "김현수 귀하"

    @pytest.mark.parametrize(
        ("name", "contact", "attention"),
        [("김현수", "", "김현수"), ("한빛전설", "", None), ("김현수", "박 대리", "박 대리")],
    )
    def test_asks_for_the_contact_or_whoever_is_not_the_company(
        self, name: str, contact: str, attention: str | None
    ) -> None:
        quotation = content()
        customer = replace(quotation.customer, name=name, contact=contact)
        workbook = opened(replace(quotation, customer=customer))
        assert ("Attention" in workbook.defined_names) == (attention is not None)
        assert attention is None or named(workbook, "Attention") == attention

    def test_says_dates_as_dates(self) -> None:
        workbook = standard()
        day, until = named_cell(workbook, "QuotationDate"), named_cell(workbook, "ValidUntil")
        assert (day.value, day.number_format) == (datetime(2026, 11, 20), 'yyyy"년" m"월" d"일"')  # noqa: DTZ001 - a spreadsheet's days have no zone
        assert (until.value, until.number_format) == (
            datetime(2026, 12, 20),  # noqa: DTZ001 - as above
            'yyyy"년" m"월" d"일까지 (30일)"',
        )

    def test_leaves_a_missing_fact_empty_and_unnamed(self) -> None:
        quotation = content()
        workbook = opened(
            replace(quotation, number="", terms=replace(quotation.terms, delivery="", payment=""))
        )
        assert {"QuotationNumber", "Delivery", "Payment"}.isdisjoint(workbook.defined_names)
        assert "납    기" in words(workbook[COVER])

    def test_spells_won_from_the_figures_themselves(self) -> None:
        spelt, figures = (named_cell(standard(), name) for name in ("AmountInWords", "Headline"))
        assert (spelt.value, spelt.number_format) == ("=Net", '[DBNum4][$-412]"일금 "General"원정"')
        assert (figures.value, figures.number_format) == ("=Net", '"(₩"#,##0")"')

    def test_takes_the_given_words_where_a_cell_cannot_spell(self) -> None:
        for locale, currency in (("ko", "USD"), ("en", "KRW"), ("en", "USD")):
            quotation = content(locale, currency)  # type: ignore[arg-type]  # a plain str
            assert named(opened(quotation), "AmountInWords") == quotation.amount_in_words

    def test_leads_with_the_total_where_vat_is_included(self) -> None:
        quotation = content()
        workbook = opened(replace(quotation, terms=replace(quotation.terms, vat="included")))
        assert (named(workbook, "AmountInWords"), named(workbook, "Headline")) == (
            "=TotalPrice",
            "=TotalPrice",
        )
        assert named(workbook, "VatTerms") == "부가가치세 포함 (10%)"

    def test_lists_panels_then_extra_lines(self) -> None:
        sheet = standard()[COVER]
        head = next(cell.row for cell in filled(sheet) if cell.value == "품명")
        rows = [
            [sheet.cell(row=head + number, column=column).value for column in (1, 2, 4, 5, 8)]
            for number in range(1, 6)
        ]
        assert rows == [
            [1, "LP-3F", "면", 3, None],
            [2, "MCC-1", "면", 1, "내역서 참조"],
            [3, "LP-B1", "면", 2, "설계 불가"],
            [4, "운반비", "식", 1, None],
            [5, "현장 조정비", "일", 1.5, None],
        ]

    def test_takes_each_panel_from_its_own_sheet(self) -> None:
        workbook = standard()
        row_number = named_cell(workbook, "Panel001Quantity").row
        sheet = workbook[COVER]
        assert sheet.cell(row=row_number, column=6).value == "=Panel001Subtotal"
        assert named(workbook, "Panel001Total") == f"=ROUND(ROUND(E{row_number}*F{row_number},6),0)"
        assert named(workbook, "Panel001Subtotal").startswith("=SUM(G")

    @pytest.mark.parametrize("currency", ["KRW", "USD"])
    def test_ends_in_the_totals_worked_out_by_hand(self, currency: Any) -> None:
        workbook, values = standard("ko", currency), standard("ko", currency, values=True)
        totals = TOTALS[currency]
        for name, amount in (
            ("Subtotal", totals.subtotal),
            ("Margin", totals.margin),
            ("Discount", totals.discount),
            ("Net", totals.net),
            ("Vat", totals.vat),
            ("TotalPrice", totals.total),
        ):
            assert named(workbook, name).startswith("=")
            assert Decimal(str(named(values, name))) == amount

    def test_shows_amounts_in_the_form_of_their_currency(self) -> None:
        won, dollars = standard(), standard("ko", "USD")
        forms = [
            [named_cell(workbook, name).number_format for name in ("Subtotal", "Discount", "TotalPrice")]
            for workbook in (won, dollars)
        ]
        assert forms == [
            ["#,##0_-", "-#,##0_-;#,##0_-;#,##0_-", '"₩"#,##0_-'],
            ["#,##0.00_-", "-#,##0.00_-;#,##0.00_-;#,##0.00_-", '"US$"#,##0.00_-'],
        ]

    def test_names_its_percentages_so_that_they_can_be_changed(self) -> None:
        workbook = standard()
        percentages = [named_cell(workbook, f"{name}Percent") for name in ("Margin", "Discount", "Vat")]
        assert [cell.value for cell in percentages] == [12.5, 3.33, 10]
        assert [cell.number_format for cell in percentages] == [
            '#,##0.0"%"_-',
            '#,##0.00"%"_-',
            '#,##0"%"_-',
        ]
        assert named(workbook, "Vat") == "=ROUND(ROUND(Net*VatPercent/100,6),0)"

    def test_hides_a_margin_and_discount_of_nothing(self) -> None:
        nothing = replace(content(), margin_percent=Decimal(0), discount_percent=Decimal(0))
        workbook = opened(retotalled(nothing))
        hidden = {
            name
            for name in ("Subtotal", "Margin", "Discount", "Net", "Vat", "TotalPrice")
            if workbook[COVER].row_dimensions[named_cell(workbook, name).row].hidden
        }
        assert hidden == {"Margin", "Discount"}

    def test_holds_without_any_line(self) -> None:
        empty = retotalled(replace(content(), panels=(), extra=()))
        assert named(opened(empty, values=True), "TotalPrice") == 0
        assert measure_format(quotation_workbook(empty), expected_format(empty)).losses == ()

    def test_says_the_conditions_and_whose_prices(self) -> None:
        said = words(standard()[COVER])
        assert "1. 운반비, 현장 설치 및 결선 작업은 별도입니다." in said
        assert "단가 기준: 예시 단가표 2026-11" in said
