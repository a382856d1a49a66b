"""What the judges of finished documents are given and what they say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from kis.estimator.documents.brand.schema import Policy
from kis.platform.messages import Locale, Message

DocumentKind = Literal["quotation_xlsx", "template_xlsx", "quotation_pdf", "drawing_svg", "drawing_dxf"]
Severity = Literal["error", "warning"]

WORKBOOKS: Final = frozenset({"quotation_xlsx", "template_xlsx"})

COVERED: Final = WORKBOOKS | {"quotation_pdf"}
"""Kinds of documents that have a cover."""


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A finished file under its path inside the pack. ``template_xlsx`` is a company's own workbook, filled."""

    kind: DocumentKind
    path: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedElements:
    """What the cover must say, as the quotation's data have it; empty texts are elements nobody gave.

    ``total`` is what the customer pays with VAT, ``headline`` the sum written in words (without VAT where it is ``separate``). ``warnings`` must
    stand on the cover word for word.
    """

    number: str
    quotation_date: date
    valid_until: date
    customer: str
    supplier_name: str
    registration_number: str
    representative: str
    address: str
    delivery: str
    payment: str
    vat: Literal["separate", "included"]
    total: Decimal
    headline: Decimal
    seal: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LintContext:
    """What a file is judged by. ``digits`` are the decimals of the currency.

    ``quoted_texts`` are names and words that KIS does not choose: customers, projects, panels, loads, makers, models, the brand's own. They may be in
    the other language and say what they like.
    """

    locale: Locale
    currency: str
    digits: int
    policy: Policy
    quoted_texts: frozenset[str]
    expected: ExpectedElements


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One fault of a file. ``where`` reads in both languages: ``Summary!G7``, ``p.3``, ``text 12``."""

    rule: str
    severity: Severity
    file: str
    where: str
    message: Message


class FileFindings(NamedTuple):
    """What was found in a file or in several: by the policy of the cover, and by the rules of documents."""

    cover: tuple[LintFinding, ...]
    lint: tuple[LintFinding, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A fault as a rule reports it: where in the file, and the offending piece of it."""

    where: str
    found: str


Judge = Callable[[object, LintContext], Iterable[Found]]
