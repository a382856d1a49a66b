"""A company's own template: an .xlsx with ``{{names}}`` and named ranges, filled by editing its parts (docs/reference/templates.md).

The functions load what they need when they are called: this package costs nothing where no template is used.
"""

from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.template.report import (
    TemplateField,
    TemplateFinding,
    TemplateFormula,
    TemplateLoss,
    TemplateMeasure,
    TemplateRepeat,
    TemplateReport,
)
from kis.platform.errors import BadInput, Problem

__all__ = [
    "TemplateField",
    "TemplateFinding",
    "TemplateFormula",
    "TemplateLoss",
    "TemplateMeasure",
    "TemplateRepeat",
    "TemplateReport",
    "check_template",
    "compare_template",
    "fill_template",
]


def fill_template(template: bytes, content: QuotationContent) -> bytes:
    """Return ``template`` filled with ``content``; the same input always gives the same bytes.

    Raises BadInput where ``check_template`` finds an error, naming each.
    """
    from kis.estimator.documents.template.fill import fill_package

    errors = [each for each in check_template(template).findings if each.severity == "error"]
    if errors:
        raise BadInput("template", [Problem(each.where, each.message) for each in errors])
    return fill_package(template, content)


def check_template(template: bytes) -> TemplateReport:
    """Return what would be filled, what would repeat, and what is wrong or missing. Never raises for what is in the file."""
    from kis.estimator.documents.template.check import check_package

    return check_package(template)


def compare_template(template: bytes, filled: bytes) -> TemplateMeasure:
    """Measure what ``filled`` has lost of ``template``, by reading both. Raises BadInput where either is no .xlsx."""
    from kis.estimator.documents.template.compare import compare_packages

    return compare_packages(template, filled)
