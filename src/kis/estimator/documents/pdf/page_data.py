"""A quotation as the pages need it: texts alone, in the order in which they are shown.

Typst gets this as a data file and sets every text as text, so nothing a customer wrote can be a command.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil
from typing import Any, Final

from kis.estimator.documents.content import GateRow, PanelContent, PanelDrawing, PricedRow, QuotationContent
from kis.estimator.documents.pdf.figures import (
    money,
    quantity,
    sum_with_sign,
    written_date,
)
from kis.estimator.documents.pdf.qr import qr_text
from kis.estimator.documents.pdf.thermal_chart import chart_description
from kis.platform.messages import Locale, Message, area

PAGE_MARK: Final = "%page%"
PAGES_MARK: Final = "%pages%"
PART_MARK: Final = "%part%"
"""Stand in words of head and foot where Typst puts what it alone knows."""
NOTHING: Final = "–"
_SUPPLIER_LINES: Final = (
    ("business_type", "business_item"),
    ("address",),
    ("phone", "fax"),
    ("contact",),
    ("email",),
    ("website",),
)
"""What stands in one line of the supplier's block, where it is short enough."""
_HALF_LINE: Final = 17
"""Latin letters that half a line of the supplier's block holds; a Hangul syllable is as wide as two."""
_FOOT_MM: Final = 118.0
"""Room for the confidentiality beside number and document, less what a line leaves free at its end."""
_FOOT_COLUMN_MM: Final = 1.3
"""Half a Hangul syllable at 7 points, a Latin letter on average."""
_VERDICTS: Final = ("pass", "remark", "fail", "not_checked")
_FIGURE_MM: Final = 1.7
"""A bold figure at 8 points is 0.6 of its size wide at most."""
_CELL_INSET_MM: Final = 3.4
_LEAST_PRICE_MM: Final = 19.0
_LEAST_AMOUNT_MM: Final = 22.0


def page_data(content: QuotationContent) -> dict[str, Any]:
    """Return everything the pages say, but for the names of pictures and fonts."""
    locale, brand = content.locale, content.brand.file
    supplier = brand.supplier.name.text(locale)
    return {
        "locale": locale,
        "title": _say(locale, "title", number=content.number or content.document_id, project=content.project),
        "author": supplier,
        "subject": _say(locale, "subject"),
        "keywords": [word for word in (content.number, content.project, content.document_id) if word],
        "colours": brand.colours.model_dump(),
        "words": {label: _say(locale, f"label.{label}") for label in area("pdf")["label"]},
        "widths": _widths(content),
        "marks": {"page": PAGE_MARK, "pages": PAGES_MARK, "part": PART_MARK},
        "foot": _foot(content),
        "cover": _cover(content),
        "panels": [_panel(content, number, panel) for number, panel in enumerate(content.panels, start=1)],
        "drawings": [
            {
                "title": _drawing_title(panel, drawing),
                "number": _say(locale, "drawing_number", number=drawing.number) if drawing.number else "",
                "width": drawing.sheet.print_width_mm,
                "height": drawing.sheet.print_height_mm,
                "description": drawing.sheet.description,
            }
            for panel in content.panels
            for drawing in panel.drawings
        ],
        "gates": _gates(content),
        "thermal": {
            "method": _say(locale, "thermal.method"),
            "panels": [
                {
                    "name": panel.name,
                    "description": chart_description(panel.name, panel.thermal, locale),
                    "facts": _pairs(panel.thermal.facts),
                    "remarks": list(panel.thermal.remarks),
                }
                for panel in content.panels
                if panel.thermal is not None
            ],
        },
        "versions": _versions(content),
        "notes": list(content.notes),
    }


def _drawing_title(panel: PanelContent, drawing: PanelDrawing) -> str:
    return drawing.title if panel.name in drawing.title else f"{panel.name} {drawing.title}"


def _widths(content: QuotationContent) -> dict[str, float]:
    """Return the widths of the columns of prices and amounts, the same in every list, wide enough for the longest figure."""
    rows = [row for panel in content.panels for row in panel.rows] + list(content.extra)
    prices = [row.unit_price for row in rows] + [panel.unit_subtotal for panel in content.panels]
    totals = content.totals
    amounts = [totals.subtotal, totals.margin, -totals.discount, totals.net, totals.vat, totals.total]
    amounts += [row.amount for row in rows] + [panel.subtotal for panel in content.panels]
    return {
        "unit_price": _width(prices, content.digits, _LEAST_PRICE_MM),
        "amount": _width(amounts, content.digits, _LEAST_AMOUNT_MM),
    }


def _width(figures: Sequence[Decimal], digits: int, least_mm: float) -> float:
    longest = max((len(money(figure, digits)) for figure in figures), default=0)
    return max(least_mm, round(longest * _FIGURE_MM + _CELL_INSET_MM, 2))


def _foot(content: QuotationContent) -> dict[str, Any]:
    locale = content.locale
    confidentiality = content.brand.file.texts.confidentiality.text(locale)
    return {
        "confidentiality": confidentiality,
        "lines": ceil(_columns(confidentiality) * _FOOT_COLUMN_MM / _FOOT_MM),
        "document": _say(locale, "document", document=content.document_id),
        "page": _say(locale, "page", page=PAGE_MARK, pages=PAGES_MARK),
        "continued": _say(locale, "continued", part=PART_MARK),
        "running": _say(locale, "running", number=content.number),
    }


def _cover(content: QuotationContent) -> dict[str, Any]:
    locale, brand, terms = content.locale, content.brand.file, content.terms
    return {
        "addressee": _addressee(content),
        "facts": _labelled(
            content,
            ("attention", content.customer.contact or (content.customer.company and content.customer.name)),
            (
                "contact_data",
                " · ".join(part for part in (content.customer.phone, content.customer.email) if part),
            ),
            ("project", content.project),
            ("number", content.number),
            ("date", written_date(content.quotation_date, locale)),
            ("validity", _validity(content)),
        ),
        "supplier": _supplier(content),
        "greeting": brand.texts.greeting.text(locale),
        "headline": sum_with_sign(content.headline, content),
        "in_words": content.amount_in_words,
        "headline_vat": _say(locale, f"headline.{terms.vat}"),
        "excluded": _excluded(content),
        "warnings": list(content.warnings),
        "rows": [
            _panel_row(content, panel, str(number)) for number, panel in enumerate(content.panels, start=1)
        ]
        + [
            _row(content, row, str(number))
            for number, row in enumerate(content.extra, start=len(content.panels) + 1)
        ],
        "totals": list(_totals(content)),
        "terms": _labelled(
            content,
            ("delivery", terms.delivery),
            ("payment", terms.payment),
            ("vat", _say(locale, f"vat.{terms.vat}")),
            ("validity", _validity(content)),
            (
                "bank_account",
                brand.supplier.bank_account.text(locale) if brand.supplier.bank_account else "",
            ),
            ("prices", content.price_book),
        ),
        "conditions": list(terms.conditions),
        "can_be_ordered": _can_be_ordered(content),
    }


def _can_be_ordered(content: QuotationContent) -> bool:
    """Tell whether a customer is asked to sign: not while a gate fails."""
    gates = [*content.gates, *(gate for panel in content.panels for gate in panel.gates)]
    return not any(gate.verdict == "fail" for gate in gates)


def _addressee(content: QuotationContent) -> str:
    """Return who the quotation is for; Korean says 귀중 to a company and 귀하 to a person. Who has a contact person is no person."""
    customer = content.customer
    name = customer.company or customer.name
    form = "company" if customer.company or customer.contact else "person"
    return _say(content.locale, f"addressee.{form}", name=name) if name else ""


def _supplier(content: QuotationContent) -> dict[str, Any]:
    locale, supplier = content.locale, content.brand.file.supplier

    def words(name: str) -> str:
        value = getattr(supplier, name)
        return "" if value is None else value if isinstance(value, str) else value.text(locale)

    return {
        "name": supplier.name.text(locale),
        "registration_number": words("registration_number"),
        "representative": words("representative"),
        "facts": [
            line
            for group in _SUPPLIER_LINES
            for line in _lines(_labelled(content, *((name, words(name)) for name in group)))
        ],
    }


def _lines(facts: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Return the facts of a group in one line, one below the other where one is too long for half a line."""
    if not facts or all(_columns(fact["value"]) <= _HALF_LINE for fact in facts):
        return [facts] if facts else []
    return [[fact] for fact in facts]


def _columns(words: str) -> int:
    return sum(1 if ord(letter) < ord("ᄀ") else 2 for letter in words)


def _excluded(content: QuotationContent) -> str:
    """Return how many panels the sum leaves out because they could not be designed."""
    count = sum(panel.quantity for panel in content.panels if not panel.rows)
    return _say(content.locale, "excluded", count=count) if count else ""


def _validity(content: QuotationContent) -> str:
    until = written_date(content.valid_until, content.locale)
    return _say(content.locale, "validity", days=content.validity_days, until=until)


def _panel_row(content: QuotationContent, panel: PanelContent, number: str) -> dict[str, str]:
    locale = content.locale
    priced = bool(panel.rows)
    return {
        "row": number,
        "item": panel.name,
        "spec": panel.specification,
        "unit": _say(locale, "label.panel_unit"),
        "quantity": str(panel.quantity),
        "unit_price": money(panel.unit_subtotal, content.digits) if priced else NOTHING,
        "amount": money(panel.subtotal, content.digits) if priced else NOTHING,
        "remark": "" if priced else _say(locale, "label.infeasible"),
    }


def _row(content: QuotationContent, row: PricedRow, number: str) -> dict[str, str]:
    return {
        "row": number,
        "item": row.item,
        "spec": row.spec,
        "unit": row.unit,
        "quantity": quantity(row.quantity),
        "unit_price": money(row.unit_price, content.digits),
        "amount": money(row.amount, content.digits),
        "remark": row.remark,
    }


def _totals(content: QuotationContent) -> Iterator[dict[str, Any]]:
    """Yield the sums under the summary; margin and discount only where there are some."""
    totals = content.totals
    headline = "net" if content.terms.vat == "separate" else "total"
    changed = totals.margin != 0 or totals.discount != 0
    rows: tuple[tuple[str, Decimal, Decimal, bool], ...] = (
        ("subtotal", totals.subtotal, Decimal(0), changed),
        ("margin", totals.margin, content.margin_percent, totals.margin != 0),
        ("discount", -totals.discount, content.discount_percent, totals.discount != 0),
        ("net", totals.net, Decimal(0), True),
        ("vat", totals.vat, content.vat_percent, True),
        ("total", totals.total, Decimal(0), True),
    )
    for name, amount, percent, shown in rows:
        if shown:
            label = _say(content.locale, f"totals.{name}", percent=quantity(percent))
            yield {
                "label": label,
                "amount": money(amount, content.digits),
                "strong": name == "total",
                "marked": name == headline,
            }


def _panel(content: QuotationContent, number: int, panel: PanelContent) -> dict[str, Any]:
    locale = content.locale
    each, whole = (money(amount, content.digits) for amount in (panel.unit_subtotal, panel.subtotal))
    sums = [
        {
            "label": _say(locale, "totals.panel_each" if panel.quantity > 1 else "totals.panel"),
            "amount": each,
            "strong": panel.quantity == 1,
            "marked": False,
        }
    ]
    if panel.quantity > 1:
        label = _say(locale, "totals.panel_all", quantity=panel.quantity)
        sums.append({"label": label, "amount": whole, "strong": True, "marked": False})
    reasons = [] if panel.rows else [gate.explanation for gate in panel.gates if gate.verdict == "fail"]
    return {
        "heading": _say(locale, "panel_heading", number=number, name=panel.name),
        "quantity": _say(locale, "panel_quantity", quantity=panel.quantity),
        "facts": _pairs(panel.facts),
        "rows": [_row(content, row, str(place)) for place, row in enumerate(panel.rows, start=1)],
        "sums": sums if panel.rows else [],
        "remarks": [remark for remark in panel.remarks if remark not in reasons],
        "reasons": reasons,
    }


def _gates(content: QuotationContent) -> dict[str, Any]:
    groups = [(_say(content.locale, "label.gates_of_quotation"), content.gates)]
    groups += [(panel.name, panel.gates) for panel in content.panels]
    every = sorted(
        (gate for _, gates in groups for gate in gates), key=lambda gate: _VERDICTS.index(gate.verdict)
    )
    counts = Counter(gate.verdict_text for gate in every)
    return {
        "summary": ", ".join(
            _say(content.locale, "gates_count", verdict=verdict, count=count)
            for verdict, count in counts.items()
        ),
        "groups": [
            {"name": name, "rows": [_gate(gate) for gate in gates]} for name, gates in groups if gates
        ],
    }


def _gate(gate: GateRow) -> dict[str, str]:
    return {
        "title": gate.title,
        "measured": gate.measured,
        "limit": gate.limit,
        "verdict": gate.verdict,
        "verdict_text": gate.verdict_text,
        "explanation": gate.explanation,
    }


def _versions(content: QuotationContent) -> dict[str, Any]:
    text = qr_text(content.document_id, content.engineering_sha256)
    return {
        "sources": _pairs(content.sources),
        "document_id": content.document_id,
        "digest": content.engineering_sha256,
        "qr_alt": _say(content.locale, "picture.qr", text=text),
        "qr_hint": _say(content.locale, "qr_hint"),
    }


def _labelled(content: QuotationContent, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """Return the pairs that have a value, with their labels in the document's language."""
    return [
        {"label": _say(content.locale, f"label.{name}"), "value": value} for name, value in pairs if value
    ]


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs]


def _say(locale: Locale, key: str, **values: object) -> str:
    return Message(f"pdf.{key}", values).text(locale)
