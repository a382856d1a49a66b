"""The rulebook: every rule and constant the estimator decides by, versioned, with its source and how sure it is."""

from kis.estimator.rulebook.diff import ChangeKind, FieldChange, RuleChange, diff_rulebooks
from kis.estimator.rulebook.lint import LintFinding, LintSeverity, lint_rulebook
from kis.estimator.rulebook.loader import (
    export_rulebook,
    import_rulebook,
    load_rulebook,
    rulebook_bytes,
    rulebook_from_bytes,
    shipped_rulebooks,
)
from kis.estimator.rulebook.lookup import rule, rule_ids, rules
from kis.estimator.rulebook.reference import reference_page
from kis.estimator.rulebook.schema import (
    BarStep,
    Bilingual,
    GateText,
    LossFamily,
    Rule,
    Rulebook,
    SeriesChoice,
    Steps,
)
from kis.estimator.rulebook.values import rule_value, written

__all__ = [
    "BarStep",
    "Bilingual",
    "ChangeKind",
    "FieldChange",
    "GateText",
    "LintFinding",
    "LintSeverity",
    "LossFamily",
    "Rule",
    "RuleChange",
    "Rulebook",
    "SeriesChoice",
    "Steps",
    "diff_rulebooks",
    "export_rulebook",
    "import_rulebook",
    "lint_rulebook",
    "load_rulebook",
    "reference_page",
    "rule",
    "rule_ids",
    "rule_value",
    "rulebook_bytes",
    "rulebook_from_bytes",
    "rules",
    "shipped_rulebooks",
    "written",
]
