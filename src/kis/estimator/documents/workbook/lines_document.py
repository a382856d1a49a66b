"""What a workbook of priced lines is made from: words already in the reader's language, and Decimals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kis.platform.messages import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedRow:
    """One line: 품명, 규격, 단위, 수량, 단가; 금액 is made of them in the workbook. ``remark`` says what a reader must know of it."""

    item: str
    spec: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLines:
    """The lines of one panel, made ``quantity`` times."""

    name: str
    quantity: int
    rows: tuple[PricedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesDocument:
    """A quotation's lines. ``digits`` are the decimals of its currency; percentages as a customer reads them (10 is 10 %).

    ``price_book`` names the prices on every sheet; ``illustrative`` prints that they are no real prices.
    """

    project: str
    customer: str
    quotation_date: date
    locale: Locale
    currency: str
    digits: int
    price_book: str
    illustrative: bool
    panels: tuple[PanelLines, ...]
    extra: tuple[PricedRow, ...]
    margin_percent: Decimal
    discount_percent: Decimal
    vat_percent: Decimal
