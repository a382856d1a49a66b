"""Stages cover and lint: what the finished documents say and look like, read from the files themselves."""

from collections.abc import Sequence
from typing import Final

from kis.estimator.documents.lint import LintFinding
from kis.estimator.findings import Gate, Verdict
from kis.platform.messages import Message

MOST_REASONS: Final = 4


def cover_gate(findings: Sequence[LintFinding], *, illustrative: bool, covers: int) -> Gate:
    """Judge the cover; where an example company stands in place of the supplier, a passing gate says so."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if not covers:
        verdict, text = Verdict.NOT_CHECKED, Message("issuing.judged.no_cover")
    elif errors:
        verdict, text = Verdict.FAIL, _reasons("cover_fail", errors)
    elif illustrative:
        verdict, text = Verdict.PASS, Message("issuing.judged.cover_illustrative")
    else:
        verdict, text = Verdict.PASS, Message("issuing.judged.cover_pass")
    return Gate(
        id="cover.violations",
        measured=len(errors) if covers else None,
        operator="=",
        limit=0,
        unit="",
        verdict=verdict,
        explanation=text,
        rule="gates.cover.violations",
        inputs={"illustrative": illustrative, "covers": covers},
    )


def lint_gate(findings: Sequence[LintFinding], *, files: int, rules: int) -> Gate:
    """Judge all documents by the rules of good typesetting: errors block, warnings are shown."""
    errors = [finding for finding in findings if finding.severity == "error"]
    counted = {"files": files, "rules": rules, "warnings": len(findings) - len(errors)}
    return Gate(
        id="lint.errors",
        measured=len(errors),
        operator="=",
        limit=0,
        unit="",
        verdict=Verdict.FAIL if errors else Verdict.PASS,
        explanation=_reasons("lint_fail", errors) if errors else Message("issuing.judged.lint_pass", counted),
        rule="gates.lint.errors",
        inputs=counted,
    )


def _reasons(key: str, errors: Sequence[LintFinding]) -> Message:
    told = tuple(
        Message(
            "issuing.judged.finding", {"file": error.file, "where": error.where, "message": error.message}
        )
        for error in errors[:MOST_REASONS]
    )
    if len(errors) > MOST_REASONS:
        told = (*told, Message("issuing.format.more", {"count": len(errors) - MOST_REASONS}))
    return Message(f"issuing.judged.{key}", {"count": len(errors), "reasons": told})
