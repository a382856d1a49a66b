"""The upper part of the cover: title, addressee and supplier, the sum in words and figures, and the terms."""

from collections.abc import Iterator
from typing import Final

from kis.estimator.documents.workbook.cover_draft import FACT_HEIGHT_PT, CoverDraft
from kis.estimator.documents.workbook.draft import Content
from kis.estimator.documents.workbook.money import bracketed_format
from kis.estimator.documents.workbook.pictures import picture
from kis.estimator.documents.workbook.plan import CellStyle
from kis.estimator.documents.workbook.table_rows import Say, label_width

_SEAL_PX: Final = (52, 52)
_SEAL_HEIGHT_PT: Final = 42.0
"""Room for the seal, whether it is a picture or stamped on the print."""
_LOGO_PX: Final = (190, 50)

Fact = tuple[str, str, Content, str]
"""The label's key, the name of the cell, what stands in it, and its number format."""


def label_widths(say: Say) -> tuple[float, float]:
    """Return the widths of the label columns of the left and the right block."""
    left = (
        "number", "date", "to", "attention", "phone", "email", "project", "headline", "delivery", "payment", "bank",
    )  # fmt: skip
    right = ("registration", "company", "representative", "address", "business", "telephone", "contact")
    return label_width(say, (f"cover.{label}" for label in left)), label_width(
        say, (f"cover.{label}" for label in right)
    )


def write_title(cover: CoverDraft) -> None:
    """Write the title, and under it what nobody may overlook."""
    sheet = cover.sheet
    sheet.put("AH", CellStyle.TITLE, cover.say("title"))
    sheet.set_height(48)
    sheet.add_picture(picture(cover.content.brand.logo, f"A{sheet.row}", _LOGO_PX))
    sheet.next_row()
    for warning in cover.content.warnings:
        sheet.put("AH", CellStyle.WARNING, warning)
        sheet.next_row()
    sheet.leave_space()


def write_parties(cover: CoverDraft) -> None:
    """Write the quotation and its addressee on the left, the supplier on the right."""
    sheet = cover.sheet
    left, right = tuple(_addressee(cover)), tuple(_supplier(cover))
    upright = CellStyle.STACKED_LABEL if cover.content.locale == "ko" else CellStyle.UPRIGHT_LABEL
    sheet.put("D", upright, cover.say("cover.supplier"), rows=len(right))
    for mine, theirs in zip(left, right, strict=True):
        _write_fact(cover, "A", "BC", mine)
        has_seal = theirs[0] == "representative"
        _write_fact(cover, "E", "FG" if has_seal else "FH", theirs)
        if has_seal:
            cover.name("Seal", sheet.put("H", CellStyle.SEAL, cover.say("cover.seal")))
            sheet.add_picture(picture(cover.content.brand.seal, f"H{sheet.row}", _SEAL_PX, sheet.widths[-1]))
            sheet.set_height(_SEAL_HEIGHT_PT)
        sheet.set_height(FACT_HEIGHT_PT)
        sheet.next_row()


def write_sum_and_terms(cover: CoverDraft) -> None:
    """Write the greeting, the sum the customer reads first, and the terms."""
    content, sheet = cover.content, cover.sheet
    sheet.put("AH", CellStyle.GREETING, content.brand.file.texts.greeting.text(content.locale))
    sheet.set_height(28)
    sheet.next_row()
    _write_headline(cover)
    until = cover.say("cover.until_format", days=content.validity_days)
    percent = f"{format(content.vat_percent.normalize(), 'f')}%"
    vat = f"{_vat_words(cover)} ({percent})"
    for mine, theirs in (
        (
            ("delivery", "Delivery", content.terms.delivery, ""),
            ("validity", "ValidUntil", content.valid_until, until),
        ),
        (("payment", "Payment", content.terms.payment, ""), ("vat_terms", "VatTerms", vat, "")),
    ):
        _write_fact(cover, "A", "BC", mine)
        _write_fact(cover, "DE", "FH", theirs)
        sheet.set_height(FACT_HEIGHT_PT)
        sheet.next_row()
    account = content.brand.file.supplier.bank_account
    if account is not None:
        _write_fact(cover, "A", "BH", ("bank", "BankAccount", account.text(content.locale), ""))
        sheet.set_height(FACT_HEIGHT_PT)
        sheet.next_row()


def _write_fact(cover: CoverDraft, label_columns: str, columns: str, fact: Fact) -> None:
    label, name, words, number_format = fact
    cover.sheet.put(label_columns, CellStyle.LABEL, cover.say(f"cover.{label}"))
    cell = cover.sheet.put(columns, CellStyle.VALUE, words, number_format=number_format or "General")
    cover.name(name, cell)


def _write_headline(cover: CoverDraft) -> None:
    """Write the sum in words and in figures. Korean won are spelt by the cell itself, so that the words follow the figures."""
    content, sheet = cover.content, cover.sheet
    source = "Net" if content.terms.vat == "separate" else "TotalPrice"
    sheet.put("A", CellStyle.HEADLINE_LABEL, cover.say("cover.headline"))
    if content.locale == "ko" and content.currency == "KRW":
        words = sheet.put(
            "BE",
            CellStyle.HEADLINE,
            content.headline,
            formula=source,
            number_format=cover.say("words_format"),
        )
    else:
        words = sheet.put("BE", CellStyle.HEADLINE_WORDS, content.amount_in_words)
    cover.name("AmountInWords", words)
    figures = bracketed_format(content.currency, content.digits)
    cover.name(
        "Headline",
        sheet.put("FG", CellStyle.HEADLINE, content.headline, formula=source, number_format=figures),
    )
    sheet.put("H", CellStyle.HEADLINE_LABEL, _vat_words(cover))
    sheet.set_height(36)
    sheet.next_row()


def _vat_words(cover: CoverDraft) -> str:
    return cover.say(f"cover.vat_{cover.content.terms.vat}")


def _addressee(cover: CoverDraft) -> Iterator[Fact]:
    content, customer = cover.content, cover.content.customer
    whom = customer.company or customer.name
    # A company is addressed as 귀중; so is a name beside which a person to speak to is named.
    form = "to_company" if customer.company or customer.contact else "to_person"
    attention = customer.contact or ("" if customer.name in whom else customer.name)
    yield "number", "QuotationNumber", content.number, ""
    yield "date", "QuotationDate", content.quotation_date, cover.say("cover.date_format")
    yield "to", "Customer", cover.say(f"cover.{form}", name=whom) if whom else "", ""
    yield "attention", "Attention", attention, ""
    yield "phone", "CustomerPhone", customer.phone, ""
    yield "email", "CustomerEmail", customer.email, ""
    yield "project", "Project", content.project, ""


def _supplier(cover: CoverDraft) -> Iterator[Fact]:
    supplier, locale = cover.content.brand.file.supplier, cover.content.locale
    words = {
        field: "" if value is None else value.text(locale)
        for field, value in (
            ("representative", supplier.representative),
            ("address", supplier.address),
            ("type", supplier.business_type),
            ("item", supplier.business_item),
            ("contact", supplier.contact),
        )
    }
    yield "registration", "RegistrationNumber", supplier.registration_number or "", ""
    yield "company", "Supplier", supplier.name.text(locale), ""
    yield "representative", "Representative", words["representative"], ""
    yield "address", "Address", words["address"], ""
    yield "business", "Business", _joined(words["type"], words["item"]), ""
    yield "telephone", "Telephone", _joined(supplier.phone or "", supplier.fax or ""), ""
    yield "contact", "Contact", _joined(words["contact"], supplier.email or ""), ""


def _joined(*parts: str) -> str:
    return " / ".join(part for part in parts if part)
