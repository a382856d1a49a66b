"""A quotation's content written by hand, in Korean or English, in won or dollars: every figure of it can be worked out on paper.

Three panels: LP-3F, made three times; MCC-1 with a line that has no price; LP-B1, which is infeasible and has no lines. Two extra lines, one of them
a half that binary arithmetic misses. 12.5 % margin, 3.33 % discount, 10 % VAT.

| | KRW | USD |
| --- | --- | --- |
| LP-3F each | 98,000 + 62,400 + 10 · 9,800 + 2.05 · 20,030 (41,061.5 → 41,062) + 50,000 = 349,462 | 72.50 + 46.20 + 72.50 + 2.05 · 14.90 (30.545 → 30.55) + 37.00 = 258.75 |
| LP-3F × 3 | 1,048,386 | 776.25 |
| MCC-1 | 120,000 + 185,000 + 4 · 31,500 = 431,000 | 88.90 + 137.05 + 4 · 23.35 = 319.35 |
| extra | 150,000 + 1.5 · 150,001 (225,001.5 → 225,002) | 111.10 + 1.5 · 111.11 (166.665 → 166.67) |
| subtotal | 1,854,388 | 1,373.37 |
| margin | 231,798.5 → 231,799 | 171.67125 → 171.67 |
| discount | 3.33 % of 2,086,187 = 69,470.03 → 69,470 | 3.33 % of 1,545.04 = 51.449832 → 51.45 |
| net | 2,016,717 | 1,493.59 |
| VAT | 201,671.7 → 201,672 | 149.359 → 149.36 |
| total | 2,218,389 | 1,642.95 |
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Final, Literal

from kis.estimator.documents.brand import Brand, load_brand
from kis.estimator.documents.content import (
    DrawingKind,
    GateRow,
    PanelContent,
    PanelDrawing,
    Party,
    PricedRow,
    QuotationContent,
    Terms,
    ThermalContent,
)
from kis.estimator.documents.drawings.sheet import Layer, Rectangle, Sheet, Style, centred_text
from kis.estimator.pricing.totals import Totals
from kis.platform.messages import Locale

Currency = Literal["KRW", "USD"]

MARGIN_PERCENT: Final = Decimal("12.5")
DISCOUNT_PERCENT: Final = Decimal("3.33")
VAT_PERCENT: Final = Decimal(10)
DIGITS: Final[Mapping[Currency, int]] = {"KRW": 0, "USD": 2}
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

_PRICES: Final[Mapping[Currency, tuple[str, ...]]] = {
    "KRW": ("98000", "62400", "9800", "20030", "50000", "120000", "185000", "31500", "150000", "150001"),
    "USD": ("72.50", "46.20", "7.25", "14.90", "37.00", "88.90", "137.05", "23.35", "111.10", "111.11"),
}


@cache
def _brand() -> Brand:
    return load_brand()


def rounded(amount: Decimal, currency: Currency) -> Decimal:
    """Round half up to the currency's digits."""
    return amount.quantize(Decimal(1).scaleb(-DIGITS[currency]), rounding=ROUND_HALF_UP)


def row(
    item: str,
    spec: str,
    unit: str,
    quantity: str,
    unit_price: str,
    currency: Currency = "KRW",
    *,
    remark: str = "",
    kind: str = "",
) -> PricedRow:
    """Return a line whose amount is its quantity × price, rounded once."""
    return PricedRow(
        item=item,
        spec=spec,
        unit=unit,
        quantity=Decimal(quantity),
        unit_price=Decimal(unit_price),
        amount=rounded(Decimal(quantity) * Decimal(unit_price), currency),
        remark=remark,
        kind=kind,
    )


def content(locale: Locale = "ko", currency: Currency = "KRW") -> QuotationContent:
    """Return the quotation described above."""
    korean = locale == "ko"
    prices = _PRICES[currency]
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
                "계약금 30 %, 납품 후 30일 이내 70 %"
                if korean
                else "30 % with the order, 70 % within 30 days of delivery"
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


def lighting_panel(locale: Locale = "ko", currency: Currency = "KRW") -> PanelContent:
    """Return LP-3F, three of it."""
    korean, prices = locale == "ko", _PRICES[currency]
    rows = (
        row("외함 (STEEL)" if korean else "Enclosure (steel)", "HDS 60 80 15", "EA", "1", prices[0], currency, kind="enclosure"),
        row("배선용차단기 MCCB" if korean else "MCCB", "ABN-104 4P 100/100A 37kA", "EA", "1", prices[1], currency, kind="main"),
        row("누전차단기 ELB" if korean else "Earth-leakage breaker (ELB)", "SIE-32 2P 32/20A 30mA", "EA", "10", prices[2], currency, kind="branch"),
        row("BUS-BAR" if korean else "Branch busbar", "3T×15", "kg", "2.05", prices[3], currency, kind="busbar"),
        row("ASSEMBLY CHARGE" if korean else "Assembly charge", "", "식" if korean else "lot", "1", prices[4], currency, kind="assembly"),
    )  # fmt: skip
    return _panel(
        "LP-3F",
        3,
        rows,
        locale,
        specification="옥내노출 STEEL 600×800×150" if korean else "Indoor, surface, steel 600×800×150",
        gates=(
            GateRow(
                panel="LP-3F",
                id="enclosure.fit_score",
                title="외함 적합도" if korean else "Enclosure fit",
                measured="0.94",
                limit="≥ 0.90",
                verdict="pass",
                verdict_text="합격" if korean else "pass",
                explanation=(
                    "외함 600×800×150이 모든 기기를 담습니다."
                    if korean
                    else "The box 600×800×150 holds every device."
                ),
            ),
            GateRow(
                panel="LP-3F",
                id="breaker.imbalance",
                title="상 불평형" if korean else "Phase unbalance",
                measured="4.2 %",
                limit="≤ 3.0 %",
                verdict="remark",
                verdict_text="조건부" if korean else "remark",
                explanation=(
                    "회로 수로는 더 고르게 나눌 수 없음을 확인했습니다(설비불평형률 30 % 이하)."
                    if korean
                    else "No more even distribution of these circuits exists (Korean unbalance rate within 30 %)."
                ),
            ),
        ),
        remarks=(),
        thermal=ThermalContent(
            points=((0.0, 35.0), (400.0, 48.5), (800.0, 53.2)),
            ambient_c=35.0,
            limit_c=60.0,
            facts=(
                ("손실" if korean else "Heat loss", "86 W"),
                ("유효 냉각 면적" if korean else "Effective cooling surface", "1.24 m²"),
            ),
            remarks=(
                "차단기 손실은 다른 제조사의 공표값을 썼습니다."
                if korean
                else "Breaker losses are another maker's published figures.",
            ),
        ),
    )


def motor_panel(locale: Locale = "ko", currency: Currency = "KRW") -> PanelContent:
    """Return MCC-1, whose last line has no price."""
    korean, prices = locale == "ko", _PRICES[currency]
    rows = (
        row("외함 (STEEL)" if korean else "Enclosure (steel)", "HDS 70 100 20", "EA", "1", prices[5], currency, kind="enclosure"),
        row("배선용차단기 MCCB" if korean else "MCCB", "SBS-203 3P 225/200A", "EA", "1", prices[6], currency, kind="main"),
        row("전자접촉기 MC" if korean else "Magnetic contactor", "MC-22", "EA", "4", prices[7], currency, kind="accessory"),
        row("서지보호기 SPD" if korean else "Surge protective device (SPD)", "3P+N 40kA", "EA", "1", "0", currency,
            remark="단가 없음" if korean else "no price", kind="accessory"),
    )  # fmt: skip
    return _panel(
        "MCC-1",
        1,
        rows,
        locale,
        specification="옥내자립 STEEL 700×1000×200"
        if korean
        else "Indoor, floor-standing, steel 700×1000×200",
        gates=(),
        remarks=("SPD 단가는 별도로 확인합니다." if korean else "The price of the SPD is to be confirmed.",),
        thermal=None,
    )


def infeasible_panel(locale: Locale = "ko", currency: Currency = "KRW") -> PanelContent:
    """Return LP-B1: no box holds it, so it has no lines and no price."""
    korean = locale == "ko"
    panel = _panel(
        "LP-B1",
        2,
        (),
        locale,
        specification="설계 불가" if korean else "No feasible design",
        gates=(
            GateRow(
                panel="LP-B1",
                id="critic.violations",
                title="설계 위반" if korean else "Design violations",
                measured="1",
                limit="= 0",
                verdict="fail",
                verdict_text="불합격" if korean else "fail",
                explanation=(
                    "지정한 외함 높이 600 mm에 40회로가 들어가지 않습니다. 높이를 1,200 mm 이상으로 하십시오."
                    if korean
                    else "The box of 600 mm does not hold 40 circuits. Choose a height of 1,200 mm or more."
                ),
            ),
        ),
        remarks=(
            "지정한 외함에 회로가 모두 들어가지 않아 금액에 넣지 않았습니다."
            if korean
            else "Not priced: the given box does not hold all circuits.",
        ),
        thermal=None,
    )
    return replace(panel, drawings=(), subtotal=rounded(Decimal(0), currency))


def drawing(kind: DrawingKind, panel: str, locale: Locale = "ko") -> PanelDrawing:
    """Return a sheet with one box of 600 × 800 mm in it, at 1:5 on A3."""
    style = Style(stroke="#15181b", weight_mm=0.35)
    title = f"{panel} {_DRAWING_TITLES[kind][locale]}"
    sheet = Sheet(
        title=title,
        description=title,
        locale=locale,
        x0=-750.0,
        y0=-342.5,
        x1=1350.0,
        y1=1142.5,
        scale=Fraction(5),
        shapes=(
            Rectangle(layer=Layer.BOX, x0=0.0, y0=0.0, x1=600.0, y1=800.0, style=style, part="box"),
            centred_text(Layer.LABEL, title, (0.0, 350.0, 600.0, 450.0), 25.0, "#15181b"),
        ),
    )
    return PanelDrawing(
        kind=kind,
        number=f"HB-2026-0042-{panel}-{kind}",
        name=f"panel-{panel}-{kind}",
        title=title,
        sheet=sheet,
    )


_DRAWING_TITLES: Final[Mapping[DrawingKind, Mapping[Locale, str]]] = {
    "outline": {"ko": "외형도", "en": "outline"},
    "layout": {"ko": "배치도", "en": "layout"},
    "single_line": {"ko": "단선결선도", "en": "single-line diagram"},
    "schedule": {"ko": "회로표", "en": "circuit schedule"},
}


def _panel(
    name: str,
    quantity: int,
    rows: tuple[PricedRow, ...],
    locale: Locale,
    *,
    specification: str,
    gates: tuple[GateRow, ...],
    remarks: tuple[str, ...],
    thermal: ThermalContent | None,
) -> PanelContent:
    each = sum((line.amount for line in rows), Decimal(0))
    korean = locale == "ko"
    return PanelContent(
        name=name,
        quantity=quantity,
        specification=specification,
        facts=(
            ("전원" if korean else "Supply", "3φ4W 380/220 V"),
            ("주차단기" if korean else "Main", "MCCB 4P 100/100A"),
            ("분기" if korean else "Branches", "10"),
        ),
        rows=rows,
        unit_subtotal=each,
        subtotal=each * quantity,
        gates=gates,
        remarks=remarks,
        thermal=thermal,
        drawings=tuple(drawing(kind, name, locale) for kind in _DRAWING_TITLES),
    )


def _quotation_gates(locale: Locale) -> tuple[GateRow, ...]:
    korean = locale == "ko"
    return (
        GateRow(
            panel="",
            id="selection.discount",
            title="할인율" if korean else "Discount",
            measured="3.33 %",
            limit="≤ 10 %",
            verdict="pass",
            verdict_text="합격" if korean else "pass",
            explanation=(
                "할인율 3.33 %는 승인 없이 가능한 10 % 이하입니다."
                if korean
                else "The discount of 3.33 % needs no approval (up to 10 %)."
            ),
        ),
    )
