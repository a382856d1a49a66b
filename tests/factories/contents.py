"""A quotation's content written by hand, in Korean or English, in won or dollars: every figure of it can be worked out on paper.

Three panels: LP-3F, made three times; MCC-1 with a line that has no price; LP-B1, which is infeasible and has no lines. Two extra lines, one of them
a half that binary arithmetic misses. 12.5% margin, 3.33% discount, 10% VAT.

| | KRW | USD |
| --- | --- | --- |
| LP-3F each | 98,000 + 62,400 + 10 · 9,800 + 2.05 · 20,030 (41,061.5 → 41,062) + 50,000 = 349,462 | 72.50 + 46.20 + 72.50 + 2.05 · 14.90 (30.545 → 30.55) + 37.00 = 258.75 |
| LP-3F × 3 | 1,048,386 | 776.25 |
| MCC-1 | 120,000 + 185,000 + 4 · 31,500 = 431,000 | 88.90 + 137.05 + 4 · 23.35 = 319.35 |
| extra | 150,000 + 1.5 · 150,001 (225,001.5 → 225,002) | 111.10 + 1.5 · 111.11 (166.665 → 166.67) |
| subtotal | 1,854,388 | 1,373.37 |
| margin | 231,798.5 → 231,799 | 171.67125 → 171.67 |
| discount | 3.33% of 2,086,187 = 69,470.03 → 69,470 | 3.33% of 1,545.04 = 51.449832 → 51.45 |
| net | 2,016,717 | 1,493.59 |
| VAT | 201,671.7 → 201,672 | 149.359 → 149.36 |
| total | 2,218,389 | 1,642.95 |
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from kis.estimator.documents.brand import Brand, load_brand
from kis.estimator.documents.content import (
    GateRow,
    PanelContent,
    Party,
    QuotationContent,
    Terms,
)
from kis.estimator.pricing.totals import Totals
from kis.platform.messages import Locale
from tests.factories.panel_contents import (
    DIGITS,
    PRICES,
    Currency,
    drawing,
    infeasible_panel,
    lighting_panel,
    motor_panel,
    rounded,
    row,
)

__all__ = [
    "DISCOUNT_PERCENT",
    "IN_WORDS",
    "MARGIN_PERCENT",
    "TOTALS",
    "VAT_PERCENT",
    "Currency",
    "content",
    "drawing",
    "infeasible_panel",
    "lighting_panel",
    "many_panels",
    "motor_panel",
    "retotalled",
    "rounded",
    "row",
    "template_values",
    "with_panels",
]

MARGIN_PERCENT: Final = Decimal("12.5")
DISCOUNT_PERCENT: Final = Decimal("3.33")
VAT_PERCENT: Final = Decimal(10)
TOTALS: Final[Mapping[Currency, Totals]] = {
    "KRW": Totals(
        subtotal=Decimal(1_854_388),
        margin=Decimal(231_799),
        discount=Decimal(69_470),
        net=Decimal(2_016_717),
        vat=Decimal(201_672),
        total=Decimal(2_218_389),
        currency="KRW",
    ),
    "USD": Totals(
        subtotal=Decimal("1373.37"),
        margin=Decimal("171.67"),
        discount=Decimal("51.45"),
        net=Decimal("1493.59"),
        vat=Decimal("149.36"),
        total=Decimal("1642.95"),
        currency="USD",
    ),
}
"""Worked out by hand above."""
IN_WORDS: Final[Mapping[tuple[Locale, Currency], str]] = {
    ("ko", "KRW"): "일금 이백일만육천칠백일십칠원정",
    ("ko", "USD"): "일금 미화 일천사백구십삼달러 오십구센트정",
    ("en", "KRW"): "Two million sixteen thousand seven hundred seventeen won only",
    ("en", "USD"): "One thousand four hundred ninety-three US dollars and 59/100 only",
}
"""The whole line as it stands on the cover: the net amount, VAT being separate."""


@cache
def _brand() -> Brand:
    return load_brand()


def content(locale: Locale = "ko", currency: Currency = "KRW") -> QuotationContent:
    """Return the quotation described above."""
    korean = locale == "ko"
    prices = PRICES[currency]
    extra = (
        row(
            "운반비" if korean else "Freight", "서울 → 인천" if korean else "Seoul → Incheon",
            "식" if korean else "lot", "1", prices[8], currency, kind="extra",
        ),
        row(
            "현장 조정비" if korean else "Site adjustment", "", "일" if korean else "day",
            "1.5", prices[9], currency, kind="extra",
        ),
    )  # fmt: skip
    empty = QuotationContent(
        locale=locale,
        currency=currency,
        digits=DIGITS[currency],
        number="HB-2026-0042-R0",
        document_id="0f3b9c52-7d1e-5a64-9b38-2c1d4e5f6a7b",
        engineering_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        quotation_date=date(2026, 11, 20),
        valid_until=date(2026, 12, 20),
        validity_days=30,
        project="한빛물류센터 사무동 신축공사" if korean else "Hanbit logistics centre, office building",
        brand=_brand(),
        customer=Party(
            name="김현수" if korean else "Kim Hyun-su",
            company="한빛전설㈜" if korean else "Hanbit Electric Co.",
            contact="설비팀 김현수 과장" if korean else "Kim Hyun-su, building services",
            phone="02-555-0110",
            email="buyer@example.com",
        ),
        terms=Terms(
            delivery="발주 승인 후 3주" if korean else "3 weeks after approval of the order",
            payment=(
                "계약금 30%, 납품 후 30일 이내 70%"
                if korean
                else "30% with the order, 70% within 30 days of delivery"
            ),
            vat="separate",
            conditions=(
                (
                    "운반비, 현장 설치 및 결선 작업은 별도입니다.",
                    "승인도 확정 후의 사양 변경은 별도로 정산합니다.",
                )
                if korean
                else (
                    "Freight, installation and site wiring are not included.",
                    "Changes after approval of the drawings are charged separately.",
                )
            ),
        ),
        panels=(),
        extra=extra,
        totals=TOTALS[currency],
        margin_percent=MARGIN_PERCENT,
        discount_percent=DISCOUNT_PERCENT,
        vat_percent=VAT_PERCENT,
        headline=Decimal(0),
        amount_in_words=IN_WORDS[locale, currency],
        gates=_quotation_gates(locale),
        sources=(
            (
                ("부품 목록", "2026.11"),
                ("단가표", "예시 단가표 2026-11"),
                ("규칙집", "2026.11"),
                ("견적 엔진", "KIS 0.1.0"),
            )
            if korean
            else (
                ("Parts catalogue", "2026.11"),
                ("Price book", "Example price book 2026-11"),
                ("Rulebook", "2026.11"),
                ("Engine", "KIS 0.1.0"),
            )
        ),
        warnings=(
            (
                "예시 단가로 계산한 견적입니다. 실제 견적에 쓸 수 없습니다.",
                "예시 회사의 견적서입니다.",
                "검토 중인 견적입니다. 불합격 판정이 1건 있습니다.",
            )
            if korean
            else (
                "Made with illustrative prices: not for real quotations.",
                "The supplier is an example.",
                "This quotation is in review: one gate fails.",
            )
        ),
        notes=(
            ("차단기 외형은 제조사 자료로 확인한 뒤 제작합니다.",)
            if korean
            else ("Breaker outlines are verified against the makers' sheets before making.",)
        ),
        illustrative=True,
        price_book="예시 단가표 2026-11" if korean else "Example price book 2026-11",
        template_values={},
    )
    return with_panels(
        empty,
        (lighting_panel(locale, currency), motor_panel(locale, currency), infeasible_panel(locale, currency)),
    )


def many_panels(count: int, locale: Locale = "ko", currency: Currency = "KRW") -> QuotationContent:
    """Return the quotation with ``count`` panels, LP-1 … : the lighting panel, once each."""
    panels = tuple(
        replace(panel, name=f"LP-{number}", quantity=1, subtotal=panel.unit_subtotal)
        for number, panel in enumerate([lighting_panel(locale, currency)] * count, start=1)
    )
    return with_panels(content(locale, currency), panels)


def with_panels(quotation: QuotationContent, panels: Sequence[PanelContent]) -> QuotationContent:
    """Return ``quotation`` with other panels, its totals worked out anew. The amount in words stays: it is right for the three panels only."""
    return retotalled(replace(quotation, panels=tuple(panels)))


def retotalled(quotation: QuotationContent) -> QuotationContent:
    """Return ``quotation`` with the totals that its panels, extra lines and percentages give."""
    currency = quotation.currency
    subtotal = sum((panel.subtotal for panel in quotation.panels), Decimal(0))
    subtotal += sum((line.amount for line in quotation.extra), Decimal(0))
    margin = rounded(subtotal * quotation.margin_percent / 100, currency)
    discount = rounded((subtotal + margin) * quotation.discount_percent / 100, currency)
    net = subtotal + margin - discount
    vat = rounded(net * quotation.vat_percent / 100, currency)
    totals = Totals(
        subtotal=subtotal,
        margin=margin,
        discount=discount,
        net=net,
        vat=vat,
        total=net + vat,
        currency=currency,
    )
    changed = replace(
        quotation, totals=totals, headline=net if quotation.terms.vat == "separate" else totals.total
    )
    return replace(changed, template_values=template_values(changed))


def template_values(quotation: QuotationContent) -> dict[str, str | Decimal | date]:
    """Return what a company's template may ask for, by dotted name."""
    totals = quotation.totals
    return {
        "customer.name": quotation.customer.name,
        "customer.company": quotation.customer.company,
        "customer.contact": quotation.customer.contact,
        "customer.phone": quotation.customer.phone,
        "customer.email": quotation.customer.email,
        "quotation.number": quotation.number,
        "quotation.date": quotation.quotation_date,
        "quotation.valid_until": quotation.valid_until,
        "quotation.project": quotation.project,
        "quotation.amount_in_words": quotation.amount_in_words,
        "terms.delivery": quotation.terms.delivery,
        "terms.payment": quotation.terms.payment,
        "totals.subtotal": totals.subtotal,
        "totals.margin": totals.margin,
        "totals.discount": totals.discount,
        "totals.net": totals.net,
        "totals.vat": totals.vat,
        "totals.total": totals.total,
    }


def _quotation_gates(locale: Locale) -> tuple[GateRow, ...]:
    korean = locale == "ko"
    return (
        GateRow(
            panel="",
            id="selection.discount",
            title="할인율" if korean else "Discount",
            measured="3.33%",
            limit="≤ 10%",
            verdict="pass",
            verdict_text="합격" if korean else "pass",
            explanation=(
                "할인율 3.33%는 승인 없이 가능한 10% 이하입니다."
                if korean
                else "The discount of 3.33% needs no approval (up to 10%)."
            ),
        ),
    )
