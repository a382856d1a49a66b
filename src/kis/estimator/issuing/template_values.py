"""Everything a company's own template can ask for, by dotted name (docs/reference/templates.md)."""

from datetime import date
from decimal import Decimal
from typing import Final

from kis.estimator.documents.content import QuotationContent
from kis.platform.messages import Message

_SOURCES: Final = ("price_book", "rulebook", "catalog", "engine")
"""The names of ``content.sources``, in their order."""


def template_values(content: QuotationContent) -> dict[str, str | Decimal | date]:
    """Return the values by name; what is not known is an empty text."""
    return {
        **_quotation(content),
        **_supplier(content),
        "customer.name": content.customer.name,
        "customer.company": content.customer.company,
        "customer.contact": content.customer.contact,
        "customer.phone": content.customer.phone,
        "customer.email": content.customer.email,
        "terms.delivery": content.terms.delivery,
        "terms.payment": content.terms.payment,
        "terms.vat": Message(f"issuing.vat.{content.terms.vat}").text(content.locale),
        "totals.subtotal": content.totals.subtotal,
        "totals.margin": content.totals.margin,
        "totals.discount": content.totals.discount,
        "totals.net": content.totals.net,
        "totals.vat": content.totals.vat,
        "totals.total": content.totals.total,
        "currency": content.currency,
        "document.id": content.document_id,
        "document.digest": content.engineering_sha256,
        **{f"sources.{name}": text for name, (_, text) in zip(_SOURCES, content.sources, strict=True)},
    }


def _quotation(content: QuotationContent) -> dict[str, str | Decimal | date]:
    return {
        "quotation.number": content.number,
        "quotation.date": content.quotation_date,
        "quotation.valid_until": content.valid_until,
        "quotation.validity_days": Decimal(content.validity_days),
        "quotation.project": content.project,
        "quotation.headline": content.headline,
        "quotation.in_words": content.amount_in_words,
    }


def _supplier(content: QuotationContent) -> dict[str, str]:
    supplier, locale = content.brand.file.supplier, content.locale
    words = {
        "name": supplier.name,
        "representative": supplier.representative,
        "address": supplier.address,
        "contact": supplier.contact,
        "business_type": supplier.business_type,
        "business_item": supplier.business_item,
        "bank_account": supplier.bank_account,
    }
    plain = {
        "registration_number": supplier.registration_number,
        "phone": supplier.phone,
        "fax": supplier.fax,
        "email": supplier.email,
        "website": supplier.website,
    }
    return {
        **{f"supplier.{name}": "" if word is None else word.text(locale) for name, word in words.items()},
        **{f"supplier.{name}": text or "" for name, text in plain.items()},
    }
