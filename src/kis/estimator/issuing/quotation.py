"""An estimate and how it is issued, as the content of its documents."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from kis import __version__
from kis.estimator.documents.amount_words import amount_in_words
from kis.estimator.documents.brand import Brand
from kis.estimator.documents.content import (
    PanelDrawing,
    Party,
    PricedRow,
    QuotationContent,
    Terms,
)
from kis.estimator.issuing.gate_rows import gate_row
from kis.estimator.issuing.issue import Issue
from kis.estimator.issuing.panel_content import panel_content
from kis.estimator.issuing.template_values import template_values
from kis.estimator.service import Estimate, ExtraAmount
from kis.evidence import sha256_hex
from kis.platform.messages import Message

DOCUMENT_ID_LETTERS: Final = 12


def quotation_content(
    estimate: Estimate, issue: Issue, engineering_sha256: str, drawings: Sequence[tuple[PanelDrawing, ...]]
) -> QuotationContent:
    """Return what the documents say; ``drawings`` holds the sheets of each panel, in the order of the panels."""
    request, totals, locale = estimate.request, estimate.totals, estimate.locale
    terms = _terms(estimate, issue.brand)
    headline = totals.net if terms.vat == "separate" else totals.total
    book = estimate.library.price_book
    content = QuotationContent(
        locale=locale,
        currency=request.currency,
        digits=estimate.till.digits,
        number=issue.number,
        document_id=document_id(issue.number, engineering_sha256),
        engineering_sha256=engineering_sha256,
        quotation_date=estimate.quotation_date,
        valid_until=estimate.valid_until,
        validity_days=request.validity_days,
        project=request.project,
        brand=issue.brand,
        customer=Party(
            name=request.customer.name,
            company=request.customer.company or "",
            contact=request.customer.contact or "",
            phone=request.customer.phone or "",
            email=request.customer.email or "",
        ),
        terms=terms,
        panels=tuple(
            panel_content(panel, sheets, locale)
            for panel, sheets in zip(estimate.panels, drawings, strict=True)
        ),
        extra=tuple(_extra_row(line) for line in estimate.extra),
        totals=totals,
        margin_percent=request.margin_percent,
        discount_percent=request.discount_percent,
        vat_percent=Decimal(estimate.library.rules.pricing.vat_percent.value),
        headline=headline,
        amount_in_words=amount_in_words(headline, request.currency, locale),
        gates=tuple(gate_row("", gate, locale) for gate in estimate.gates),
        sources=tuple(_sources(estimate)),
        warnings=tuple(_warnings(estimate, issue.brand)),
        notes=(),
        illustrative=book.illustrative,
        price_book=book.title[locale],
        template_values={},
    )
    return replace(content, template_values=template_values(content))


def document_id(number: str, engineering_sha256: str) -> str:
    """Return the id printed on every page: it follows from the quotation number and the engineering result, so a rebuilt document keeps it."""
    return "D-" + sha256_hex(f"{number}\n{engineering_sha256}".encode())[:DOCUMENT_ID_LETTERS].upper()


def _terms(estimate: Estimate, brand: Brand) -> Terms:
    """Return the request's terms, those of the brand where it names none."""
    asked, own, locale = estimate.request.terms, brand.file.terms, estimate.locale
    return Terms(
        delivery=asked.delivery or (own.delivery.text(locale) if own.delivery else ""),
        payment=asked.payment or (own.payment.text(locale) if own.payment else ""),
        vat=asked.vat or own.vat,
        conditions=tuple(condition.text(locale) for condition in brand.file.conditions),
    )


def _extra_row(line: ExtraAmount) -> PricedRow:
    return PricedRow(
        item=line.item,
        spec=line.spec,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        kind="extra",
    )


def _sources(estimate: Estimate) -> Iterator[tuple[str, str]]:
    library, locale = estimate.library, estimate.locale
    book, rules = library.price_book, library.rules
    yield _say(estimate, "source.price_book"), f"{book.title[locale]} ({book.id} {book.version})"
    yield _say(estimate, "source.rulebook"), f"{rules.id} {rules.version}"
    yield _say(estimate, "source.catalog"), library.catalog.version
    yield _say(estimate, "source.engine"), f"KIS {__version__}"


def _warnings(estimate: Estimate, brand: Brand) -> Iterator[str]:
    if estimate.verdict == "fail":
        yield _say(estimate, "warning.review")
    if estimate.library.price_book.illustrative:
        yield _say(estimate, "warning.prices")
    if brand.file.illustrative:
        yield _say(estimate, "warning.supplier")


def _say(estimate: Estimate, key: str) -> str:
    return Message(f"issuing.{key}").text(estimate.locale)
