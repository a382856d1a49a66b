"""The real workbook and PDF of the hand-written quotation: nothing to find, and what is found once something is changed."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.lint import (
    DocumentFile,
    ExpectedElements,
    LintContext,
    cover_findings,
    lint_documents,
)
from kis.estimator.documents.pdf import quotation_pdf
from kis.estimator.documents.workbook import quotation_workbook
from kis.platform.messages import Locale
from tests.factories.contents import Currency, content

CASES: tuple[tuple[Locale, Currency], ...] = (("ko", "KRW"), ("en", "USD"))


@cache
def files_of(locale: Locale, currency: Currency) -> tuple[DocumentFile, ...]:
    """Return the finished documents of the hand-written quotation, made once."""
    return written(content(locale, currency))


def written(quotation: QuotationContent) -> tuple[DocumentFile, ...]:
    return (
        DocumentFile("quotation_xlsx", "documents/quotation.xlsx", quotation_workbook(quotation)),
        DocumentFile("quotation_pdf", "documents/quotation.pdf", quotation_pdf(quotation)),
    )


def context_of(quotation: QuotationContent) -> LintContext:
    brand = quotation.brand.file
    supplier, locale = brand.supplier, quotation.locale
    assert supplier.representative is not None
    assert supplier.address is not None
    quoted = {quotation.customer.company, quotation.project, supplier.name.text(locale)}
    quoted |= {row.spec for panel in quotation.panels for row in panel.rows}
    return LintContext(
        locale=locale,
        currency=quotation.currency,
        digits=quotation.digits,
        policy=brand.policy,
        quoted_texts=frozenset(text for text in quoted if text),
        expected=ExpectedElements(
            number=quotation.number,
            quotation_date=quotation.quotation_date,
            valid_until=quotation.valid_until,
            customer=quotation.customer.company,
            supplier_name=supplier.name.text(locale),
            registration_number=supplier.registration_number or "",
            representative=supplier.representative.text(locale),
            address=supplier.address.text(locale),
            delivery=quotation.terms.delivery,
            payment=quotation.terms.payment,
            vat=quotation.terms.vat,
            total=quotation.totals.total,
            headline=quotation.headline,
            seal=True,
            warnings=quotation.warnings,
        ),
    )


class TestRealDocuments:
    @pytest.mark.parametrize(("locale", "currency"), CASES)
    def test_have_no_errors(self, locale: Locale, currency: Currency) -> None:
        findings = lint_documents(files_of(locale, currency), context_of(content(locale, currency)))
        assert [finding for finding in findings if finding.severity == "error"] == []

    @pytest.mark.parametrize(("locale", "currency"), CASES)
    def test_have_a_whole_cover(self, locale: Locale, currency: Currency) -> None:
        assert cover_findings(files_of(locale, currency), context_of(content(locale, currency))) == ()

    def test_of_the_other_language_are_found(self) -> None:
        findings = lint_documents(files_of("ko", "KRW"), context_of(content("en", "KRW")))
        assert {finding.file for finding in findings if finding.rule == "hangul_in_english"} == {
            "documents/quotation.xlsx",
            "documents/quotation.pdf",
        }


class TestChangedQuotations:
    """Each cover says something else than the quotation it is judged by."""

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            (lambda made: replace(made, number="HB-2026-0043-R0"), "cover.number"),
            (lambda made: replace(made, quotation_date=made.valid_until), "cover.date"),
            (lambda made: replace(made, warnings=made.warnings[:1]), "cover.warning"),
            (lambda made: replace(made, terms=replace(made.terms, delivery="발주 후 9주")), "cover.delivery"),
            (lambda made: replace(made, terms=replace(made.terms, vat="included")), "cover.vat"),
            (lambda made: replace(made, amount_in_words="일금 이백만원정"), "cover.amount_in_words"),
        ],
    )
    def test_are_found_in_the_pdf(
        self, change: Callable[[QuotationContent], QuotationContent], rule: str
    ) -> None:
        quotation = content("ko", "KRW")
        _, pdf = written(change(quotation))
        assert rule in {finding.rule for finding in cover_findings([pdf], context_of(quotation))}


class TestSealOfAWorkbook:
    def test_is_missing_where_only_the_logo_is_left_of_it(self) -> None:
        workbook, _ = files_of("ko", "KRW")
        unmarked = rewritten(
            workbook.data, lambda _, part: part.replace(b"(&#51064;)", b"").replace("(인)".encode(), b"")
        )
        judged = [DocumentFile("quotation_xlsx", workbook.path, unmarked)]
        found = cover_findings(judged, context_of(content("ko", "KRW")))
        assert [finding.rule for finding in found] == ["cover.seal"]


def rewritten(workbook: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, change(entry.filename, old.read(entry)))
    assert output.getvalue() != workbook
    return output.getvalue()
