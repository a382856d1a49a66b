"""The documents of an estimate, and the gates they are judged by once they are finished.

The documents are written first and then opened again: a gate speaks of the finished file, not of the data that made it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kis.estimator.findings import Gate, Verdict
from kis.estimator.pricing.line import Line
from kis.estimator.service import Estimate, ExtraAmount, PanelEstimate
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.estimator.documents import LinesDocument, PanelLines, PricedRow

WORKBOOK_PATH: Final = "documents/priced-lines.xlsx"
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VIEW_PATH: Final = "visual.svg"
SVG_TYPE: Final = "image/svg+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finished file, under its path inside the pack."""

    kind: str
    path: str
    media_type: str
    data: bytes


def documents_of(estimate: Estimate) -> tuple[Document, ...]:
    """Return the front view of every designed panel, all of them on one sheet, and the workbook of the priced lines."""
    return (*_drawings(estimate), _workbook(estimate))


def format_gates(estimate: Estimate, documents: tuple[Document, ...]) -> Iterator[Gate]:
    """Open the finished workbook and judge what became of its formulas and names."""
    from kis.estimator.documents import expected_format, measure_format

    workbook = next(document for document in documents if document.path == WORKBOOK_PATH)
    measure = measure_format(workbook.data, expected_format(_lines_document(estimate)))
    counts = (
        ("format.formula_loss", measure.formula_loss, measure.formulas_expected),
        ("format.named_range_damage", measure.named_range_damage, measure.named_ranges_expected),
    )
    for gate, lost, expected in counts:
        yield Gate(
            id=gate,
            measured=lost,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.FAIL if lost else Verdict.PASS,
            explanation=Message(f"issuing.{gate}", {"lost": lost, "expected": expected}),
            rule=f"gates.{gate}",
            inputs={"expected": expected},
        )


def _drawings(estimate: Estimate) -> Iterator[Document]:
    from kis.estimator.documents import Heading, combined_sheet, layout_sheet, svg

    sheets = []
    for panel in estimate.panels:
        if panel.state.design is None:
            continue
        heading = Heading(
            project=estimate.request.project,
            panel=panel.state.job.panel.name,
            quotation_date=estimate.quotation_date,
            locale=estimate.locale,
        )
        sheets.append((panel.state.job.index + 1, layout_sheet(panel.state.design, heading)))
    if not sheets:
        return
    whole = (
        sheets[0][1] if len(sheets) == 1 else combined_sheet([sheet for _, sheet in sheets], estimate.locale)
    )
    yield Document(kind="view", path=VIEW_PATH, media_type=SVG_TYPE, data=svg(whole).encode())
    for number, sheet in sheets if len(sheets) > 1 else ():
        path = f"documents/layout-{number:03d}.svg"
        yield Document(kind="layout", path=path, media_type=SVG_TYPE, data=svg(sheet).encode())


def _workbook(estimate: Estimate) -> Document:
    from kis.estimator.documents import priced_lines_workbook

    data = priced_lines_workbook(_lines_document(estimate))
    return Document(kind="priced_lines", path=WORKBOOK_PATH, media_type=WORKBOOK_TYPE, data=data)


def _lines_document(estimate: Estimate) -> "LinesDocument":
    from kis.estimator.documents import LinesDocument

    request, book, rules = estimate.request, estimate.library.price_book, estimate.library.rules
    return LinesDocument(
        project=request.project,
        customer=request.customer.company or request.customer.name,
        quotation_date=estimate.quotation_date,
        locale=estimate.locale,
        currency=estimate.totals.currency,
        digits=estimate.till.digits,
        price_book=book.title[estimate.locale],
        illustrative=book.illustrative,
        panels=tuple(_panel_lines(estimate, panel) for panel in estimate.panels),
        extra=tuple(_extra_row(line) for line in estimate.extra),
        margin_percent=request.margin_percent,
        discount_percent=request.discount_percent,
        vat_percent=Decimal(rules.pricing.vat_percent.value),
    )


def _panel_lines(estimate: Estimate, panel: PanelEstimate) -> "PanelLines":
    from kis.estimator.documents import PanelLines

    request = panel.state.job.panel
    return PanelLines(
        name=request.name, quantity=request.quantity, rows=tuple(_row(estimate, line) for line in panel.lines)
    )


def _row(estimate: Estimate, line: Line) -> "PricedRow":
    from kis.estimator.documents import PricedRow

    remark = "" if line.priced else Message("issuing.unpriced").text(estimate.locale)
    return PricedRow(
        item=line.item.text(estimate.locale),
        spec=line.spec,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        remark=remark,
    )


def _extra_row(line: ExtraAmount) -> "PricedRow":
    from kis.estimator.documents import PricedRow

    return PricedRow(
        item=line.item, spec=line.spec, unit=line.unit, quantity=line.quantity, unit_price=line.unit_price
    )
