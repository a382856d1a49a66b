"""Judging the finished documents: format, cover and lint, each by opening the files again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast, get_args

from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.lint import (
    RULES,
    DocumentFile,
    ExpectedElements,
    FileFindings,
    LintContext,
    LintFinding,
    findings_of_all,
    judge_file,
)
from kis.estimator.documents.lint.model import COVERED, WORKBOOKS, DocumentKind
from kis.estimator.findings import Gate
from kis.estimator.issuing.documents import Document
from kis.estimator.service import Estimate, PanelEstimate
from kis.estimator.stages.format import FormatReport, format_gates, measure, not_measured
from kis.estimator.stages.lint import cover_gate, lint_gate
from kis.platform.messages import LOCALES
from kis.platform.spread import Spread, here


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was found in the finished files; ``format`` is None where no workbook was written."""

    format: FormatReport | None
    cover: tuple[LintFinding, ...]
    lint: tuple[LintFinding, ...]
    gates: tuple[Gate, ...]


class Judging:
    """The judging of a quotation's documents: begun with the object, which may leave it to other processes, and done when its judgement is asked for."""

    def __init__(
        self,
        estimate: Estimate,
        content: QuotationContent,
        documents: Sequence[Document],
        spread: Spread = here,
    ) -> None:
        self._content = content
        self._files = [
            DocumentFile(cast("DocumentKind", document.kind), document.path, document.data)
            for document in documents
            if document.kind in get_args(DocumentKind)
        ]
        # The PDF takes longest and goes first; what is told keeps the order of the documents.
        self._order = sorted(
            range(len(self._files)), key=lambda index: self._files[index].kind != "quotation_pdf"
        )
        work = partial(_judged, _context(estimate, content))
        self._found = spread(work, [self._files[index] for index in self._order])

    def judgement(self) -> Judgement:
        """Return what was found in the finished files, and the gates drawn from it."""
        workbook = next((file.data for file in self._files if file.kind in WORKBOOKS), None)
        report = None if workbook is None else measure(self._content, workbook)
        found = dict(zip(self._order, self._found, strict=True))
        cover, lint = findings_of_all(found[index] for index in range(len(self._files)))
        covers = sum(file.kind in COVERED for file in self._files)
        gates = (
            *(not_measured() if report is None else format_gates(report)),
            cover_gate(cover, illustrative=self._content.brand.file.illustrative, covers=covers),
            lint_gate(lint, files=len(self._files), rules=len(RULES)),
        )
        return Judgement(format=report, cover=cover, lint=lint, gates=gates)


def _judged(context: LintContext, file: DocumentFile) -> FileFindings:
    return judge_file(file, context)


def _context(estimate: Estimate, content: QuotationContent) -> LintContext:
    supplier, locale = content.brand.file.supplier, content.locale
    return LintContext(
        locale=locale,
        currency=content.currency,
        digits=content.digits,
        policy=content.brand.file.policy,
        quoted_texts=frozenset(text for text in _quoted(estimate, content) if text),
        expected=ExpectedElements(
            number=content.number,
            quotation_date=content.quotation_date,
            valid_until=content.valid_until,
            customer=content.customer.company or content.customer.name,
            supplier_name=supplier.name.text(locale),
            registration_number=supplier.registration_number or "",
            representative=supplier.representative.text(locale) if supplier.representative else "",
            address=supplier.address.text(locale) if supplier.address else "",
            delivery=content.terms.delivery,
            payment=content.terms.payment,
            vat=content.terms.vat,
            total=content.totals.total,
            headline=content.headline,
            seal=content.brand.file.seal is not None,
            warnings=content.warnings,
        ),
    )


def _quoted(estimate: Estimate, content: QuotationContent) -> Iterator[str]:
    """Yield names and words that are not KIS's own: the customer's, the brand's, makers' and models'."""
    request, brand, library = estimate.request, content.brand.file, estimate.library
    customer, terms = request.customer, request.terms
    yield from (customer.name, customer.company or "", customer.contact or "", customer.email or "")
    yield from (request.project, terms.delivery or "", terms.payment or "")
    for panel in request.panels:
        yield from (panel.name, panel.make or "", panel.notes or "", panel.enclosure_series or "")
        yield from (text for main in panel.mains for text in (main.name, main.model or "", main.cable or ""))
        for branch in panel.branches:
            yield from (branch.load or "", branch.model or "", branch.cable or "", branch.make or "")
        yield from (item.model or "" for item in panel.accessories)
    yield from (text for line in estimate.extra for text in (line.item, line.spec, line.unit))
    yield from (line.spec for panel in estimate.panels for line in panel.lines if line.kind != "accessory")
    yield from {breaker.make: "" for breaker in library.catalog.breakers}
    yield from (table for panel in estimate.panels for table in _loss_tables(panel))
    yield from (library.price_book.id, library.price_book.title[content.locale], library.rules.id)
    for name in (
        "name",
        "representative",
        "address",
        "contact",
        "business_type",
        "business_item",
        "bank_account",
    ):
        words = getattr(brand.supplier, name)
        yield from (words.text(locale) for locale in LOCALES if words is not None)
    yield from (brand.supplier.email or "", brand.supplier.website or "", content.number)
    own = (brand.texts.greeting, brand.texts.confidentiality, brand.terms.delivery, brand.terms.payment)
    yield from (words.text(content.locale) for words in (*own, *brand.conditions) if words is not None)


def _loss_tables(panel: PanelEstimate) -> tuple[str, ...]:
    """Return the makers' loss tables that stood in, which are named after their products."""
    return () if panel.state.criticism is None else panel.state.criticism.heat.stand_ins
