"""The options of every command that issues a quotation: whose brand, which number, which documents."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kis.cli.declare import option
from kis.platform.settings import home

if TYPE_CHECKING:
    from kis.estimator import EarlierIssue, Issue

BRAND_FOLDER: Final = "brand"
"""Below the installation's folder: the brand that is used unless another is named."""
ALL_DOCUMENTS: Final = "xlsx,pdf,svg,dxf"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueOptions:
    """What was chosen on the command line."""

    brand: Path | None
    number: str | None
    documents: str

    def issue(self, on: date, *, revises: str = "", earlier: "tuple[EarlierIssue, ...]" = ()) -> "Issue":
        """Return how a quotation of the day ``on`` is issued: under the number asked for, else the next revision of ``revises``, else the next number."""
        from kis.estimator import Issue, NumberRegister, QuotationNumber, forms_of, load_brand

        forms = forms_of(self.documents.split(","))
        brand = load_brand(self.brand or own_brand())
        register = NumberRegister(home())
        if self.number is not None:
            number = QuotationNumber.read(self.number)
            register.keep(number)
        elif revises:
            number = register.next_revision(QuotationNumber.read(revises))
        else:
            number = register.next_number(brand.file.numbering.organisation, on.year)
        return Issue(number=str(number), brand=brand, forms=forms, earlier=earlier)


def own_brand() -> Path | None:
    """Return the installation's own brand, None where the illustrative one is still used."""
    folder = home() / BRAND_FOLDER
    return folder if folder.is_dir() else None


def issue_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Declare the options and hand them over together, as ``issuing``."""

    @functools.wraps(command)
    def with_options(
        *arguments: Any, brand: Path | None, number: str | None, documents: str, **others: Any
    ) -> Any:
        issuing = IssueOptions(brand=brand, number=number, documents=documents)
        return command(*arguments, issuing=issuing, **others)

    declared: Callable[..., Any] = with_options
    for declare in reversed(
        (
            option("--brand", help_key="quote.option.brand", type=click.Path(path_type=Path)),
            option("--number", help_key="quote.option.number"),
            option(
                "--documents", help_key="quote.option.documents", default=ALL_DOCUMENTS, show_default=True
            ),
        )
    ):
        declared = declare(declared)
    return declared
