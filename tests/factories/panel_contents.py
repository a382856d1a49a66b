"""The panels of the hand-written quotation: LP-3F, MCC-1 and the infeasible LP-B1, with their lines, gates and drawings."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Literal

from kis.estimator.documents.content import (
    DrawingKind,
    GateRow,
    PanelContent,
    PanelDrawing,
    PricedRow,
    ThermalContent,
)
from kis.estimator.documents.drawings.sheet import Layer, Rectangle, Sheet, Style, centred_text
from kis.platform.messages import Locale

Currency = Literal["KRW", "USD"]

DIGITS: Final[Mapping[Currency, int]] = {"KRW": 0, "USD": 2}
PRICES: Final[Mapping[Currency, tuple[str, ...]]] = {
    "KRW": ("98000", "62400", "9800", "20030", "50000", "120000", "185000", "31500", "150000", "150001"),
    "USD": ("72.50", "46.20", "7.25", "14.90", "37.00", "88.90", "137.05", "23.35", "111.10", "111.11"),
}


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


def lighting_panel(locale: Locale = "ko", currency: Currency = "KRW") -> PanelContent:
    """Return LP-3F, three of it."""
    korean, prices = locale == "ko", PRICES[currency]
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
                measured="4.2%",
                limit="≤ 3.0%",
                verdict="remark",
                verdict_text="조건부" if korean else "remark",
                explanation=(
                    "회로 수로는 더 고르게 나눌 수 없음을 확인했습니다(설비불평형률 30% 이하)."
                    if korean
                    else "No more even distribution of these circuits exists (Korean unbalance rate within 30%)."
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
    korean, prices = locale == "ko", PRICES[currency]
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
