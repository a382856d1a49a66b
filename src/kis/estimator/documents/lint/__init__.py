"""The judges of finished documents: lint by the rules of documents, and the policy of the cover.

They read the files a customer gets, not the data that made them. A damaged or hostile file gives a finding, never an error.
"""

from collections.abc import Sequence

from kis.estimator.documents.lint.cover import judged_cover
from kis.estimator.documents.lint.model import (
    DocumentFile,
    ExpectedElements,
    LintContext,
    LintFinding,
)
from kis.estimator.documents.lint.reading.texts import quoted_in_order
from kis.estimator.documents.lint.registry import RULES, Rule, judged

__all__ = [
    "RULES",
    "DocumentFile",
    "ExpectedElements",
    "LintContext",
    "LintFinding",
    "Rule",
    "cover_findings",
    "lint_documents",
]


def lint_documents(files: Sequence[DocumentFile], context: LintContext) -> tuple[LintFinding, ...]:
    """Return what the rules of documents find in ``files``, file by file in their order, rule by rule in that of the list of rules."""
    quoted = quoted_in_order(context.quoted_texts)
    return tuple(finding for file in files for finding in judged(file, context, quoted))


def cover_findings(files: Sequence[DocumentFile], context: LintContext) -> tuple[LintFinding, ...]:
    """Return what the covers of ``files`` lack or say wrongly: the first page of a PDF, the first visible sheet of a workbook."""
    return tuple(finding for file in files for finding in judged_cover(file, context))
