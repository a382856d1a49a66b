"""The judges of finished documents: lint by the rules of documents, and the policy of the cover.

They read the files a customer gets, not the data that made them. A damaged or hostile file gives a finding, never an error. Each file is judged by itself,
so the files of a quotation can be handed out to several processes.
"""

from collections.abc import Iterable, Sequence

from kis.estimator.documents.lint.cover import judged_cover, unreadable_cover
from kis.estimator.documents.lint.model import (
    COVERED,
    DocumentFile,
    ExpectedElements,
    FileFindings,
    LintContext,
    LintFinding,
)
from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.estimator.documents.lint.reading.opening import opened
from kis.estimator.documents.lint.registry import RULES, Rule, judged, unreadable

__all__ = [
    "RULES",
    "DocumentFile",
    "ExpectedElements",
    "FileFindings",
    "LintContext",
    "LintFinding",
    "Rule",
    "cover_findings",
    "findings_of_all",
    "judge_file",
    "lint_documents",
]


def judge_file(file: DocumentFile, context: LintContext) -> FileFindings:
    """Return what is wrong with the cover of ``file``, and what the rules of documents find in it, in the order of the list of rules.

    The file is read once for both. What is found does not depend on which files were judged before or by which process.
    """
    try:
        view = opened(file)
    except Unreadable as error:
        return FileFindings(tuple(unreadable_cover(file, error)), (unreadable(file, error),))
    return FileFindings(tuple(judged_cover(view, file, context)), tuple(judged(view, file, context)))


def findings_of_all(found: Iterable[FileFindings]) -> FileFindings:
    """Return the findings of several files as one, in their order."""
    each = tuple(found)
    return FileFindings(
        tuple(finding for file in each for finding in file.cover),
        tuple(finding for file in each for finding in file.lint),
    )


def lint_documents(files: Sequence[DocumentFile], context: LintContext) -> tuple[LintFinding, ...]:
    """Return what the rules of documents find in ``files``, file by file in their order, rule by rule in that of the list of rules."""
    return tuple(finding for file in files for finding in judge_file(file, context).lint)


def cover_findings(files: Sequence[DocumentFile], context: LintContext) -> tuple[LintFinding, ...]:
    """Return what the covers of ``files`` lack or say wrongly: the first page of a PDF, the first visible sheet of a workbook."""
    return tuple(finding for file in files if file.kind in COVERED for finding in _of_cover(file, context))


def _of_cover(file: DocumentFile, context: LintContext) -> tuple[LintFinding, ...]:
    try:
        view = opened(file, most_pages=1)
    except Unreadable as error:
        return tuple(unreadable_cover(file, error))
    return tuple(judged_cover(view, file, context))
