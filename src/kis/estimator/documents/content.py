"""What the documents of a quotation say: finished words, Decimals and drawings, the same for the workbook, the templates and the PDF.

Everything here is already in the language of the quotation. Nothing is computed by a document but the live formulas of a workbook, whose values
must come out as the totals given here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from kis.estimator.documents.brand import Brand
from kis.estimator.documents.drawings.sheet import Sheet
from kis.estimator.documents.drawings.svg import svg
from kis.estimator.pricing.totals import Totals
from kis.platform.messages import Locale

DrawingKind = Literal["outline", "layout", "single_line", "schedule"]
Vat = Literal["separate", "included"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedRow:
    """One line: 품명, 규격, 단위, 수량, 단가, 금액. ``remark`` says what a reader must know of it; ``kind`` is the line's kind in the result."""

    item: str
    spec: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    remark: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """One gate as a reader sees it; ``panel`` is empty for gates of the whole quotation. Figures are written out, with their unit."""

    panel: str
    id: str
    title: str
    measured: str
    limit: str
    verdict: Literal["pass", "remark", "fail", "not_checked"]
    verdict_text: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalContent:
    """Temperature rise inside a closed box over its height (IEC TR 60890): (height above the bottom in mm, air temperature in °C), ascending.

    ``limit_c`` is the highest temperature the weakest device admits, None where nothing is known; ``facts`` are (label, value) pairs to be shown
    beside the chart; ``remarks`` whole sentences.
    """

    points: tuple[tuple[float, float], ...]
    ambient_c: float
    limit_c: float | None
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PanelDrawing:
    """One sheet of a panel's set. ``number`` is the drawing number, ``name`` the file name without its ending (``panel-001-layout``)."""

    kind: DrawingKind
    number: str
    name: str
    title: str
    sheet: Sheet

    @cached_property
    def svg(self) -> str:
        """Return the sheet as SVG; both the file and the page of the PDF are made of it."""
        return svg(self.sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelContent:
    """One panel, made ``quantity`` times. ``specification`` is the summary's 규격; ``facts`` are (label, value) pairs of what was designed.

    ``unit_subtotal`` is the price of one; ``remarks`` are findings a customer or workshop must know. An infeasible panel has no rows and says why there.
    """

    name: str
    quantity: int
    specification: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[PricedRow, ...]
    unit_subtotal: Decimal
    subtotal: Decimal
    gates: tuple[GateRow, ...]
    remarks: tuple[str, ...]
    thermal: ThermalContent | None
    drawings: tuple[PanelDrawing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who the quotation is for; empty strings where nothing was given."""

    name: str
    company: str
    contact: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The conditions in words; empty where neither brand nor request says (the cover gate then finds it)."""

    delivery: str
    payment: str
    vat: Vat
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationContent:
    """A whole quotation, ready to be written.

    ``number`` is organisation-year-running-revision (``HB-2026-0042-R0``), empty where none was given. ``document_id`` names this document,
    ``engineering_sha256`` the engineering result it was made from. ``amount_in_words`` and ``headline`` are the sum the customer reads first: the net
    amount where VAT is separate, the total where it is included. ``sources`` are (label, value) pairs: price book, rulebook, catalogue, engine.
    ``warnings`` must stand on the first page of every document (illustrative prices, illustrative supplier, a quotation in review).
    """

    locale: Locale
    currency: Literal["KRW", "USD"]
    digits: int
    number: str
    document_id: str
    engineering_sha256: str
    quotation_date: date
    valid_until: date
    validity_days: int
    project: str
    brand: Brand
    customer: Party
    terms: Terms
    panels: tuple[PanelContent, ...]
    extra: tuple[PricedRow, ...]
    totals: Totals
    margin_percent: Decimal
    discount_percent: Decimal
    vat_percent: Decimal
    headline: Decimal
    amount_in_words: str
    gates: tuple[GateRow, ...]
    sources: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    illustrative: bool
    price_book: str
    template_values: Mapping[str, str | Decimal | date]
    """Everything a company's own template can ask for, by dotted name (docs/reference/templates.md)."""
