"""The estimator: from a request to a checked, priced panel, with everything that proves it.

``estimate(load_request(path))`` is the whole use; the result carries verdict, gates, panels and totals.
"""

from kis.estimator.designing import HELPERS_LOAD
from kis.estimator.documents.brand import Brand, BrandGap, brand_gaps, load_brand, new_brand
from kis.estimator.documents.template import TemplateReport, check_template
from kis.estimator.explain import Explanation, Reason, explain, explanations
from kis.estimator.findings import Acceptance, Because, Finding, Gate, Severity, Verdict
from kis.estimator.intake import ParsedRequest, load_request, parse_content, parse_request
from kis.estimator.issuing.issue import ALL_FORMS, DocumentForm, EarlierIssue, Issue, forms_of
from kis.estimator.library import Library, library_from_bytes, open_library, wanted_currency
from kis.estimator.numbering import NumberRegister, QuotationNumber
from kis.estimator.output import output_of
from kis.estimator.pack_checks import check_pack
from kis.estimator.packing import Product, produce, stage_records
from kis.estimator.rebuild import Rebuilt, rebuild_documents
from kis.estimator.replay import Replay, issued_before, read_record, recorded_library, replay
from kis.estimator.request import AccessoryKind, EstimateRequest, Exchange
from kis.estimator.requote import Cause, Comparison, LineChange, compare, in_make
from kis.estimator.rulebook import LintFinding as RulebookFinding
from kis.estimator.rulebook import (
    Rulebook,
    RuleChange,
    diff_rulebooks,
    export_rulebook,
    import_rulebook,
    lint_rulebook,
    load_rulebook,
    rule_value,
    rulebook_bytes,
    rulebook_from_bytes,
    rules,
    shipped_rulebooks,
)
from kis.estimator.rulebook import written as written_value
from kis.estimator.service import Estimate, PanelEstimate, dated, estimate
from kis.estimator.stages.choice import Wanted as WantedBreaker
from kis.estimator.stages.choice import choose as choose_breaker
from kis.platform.spread import Spread, here

__all__ = [
    "ALL_FORMS",
    "HELPERS_LOAD",
    "Acceptance",
    "AccessoryKind",
    "Because",
    "Brand",
    "BrandGap",
    "Cause",
    "Comparison",
    "DocumentForm",
    "EarlierIssue",
    "Estimate",
    "EstimateRequest",
    "Exchange",
    "Explanation",
    "Finding",
    "Gate",
    "Issue",
    "Library",
    "LineChange",
    "NumberRegister",
    "PanelEstimate",
    "ParsedRequest",
    "Product",
    "QuotationNumber",
    "Reason",
    "Rebuilt",
    "Replay",
    "RuleChange",
    "Rulebook",
    "RulebookFinding",
    "Severity",
    "Spread",
    "TemplateReport",
    "Verdict",
    "WantedBreaker",
    "brand_gaps",
    "check_pack",
    "check_template",
    "choose_breaker",
    "compare",
    "dated",
    "diff_rulebooks",
    "estimate",
    "explain",
    "explanations",
    "export_rulebook",
    "forms_of",
    "here",
    "import_rulebook",
    "in_make",
    "issued_before",
    "library_from_bytes",
    "lint_rulebook",
    "load_brand",
    "load_request",
    "load_rulebook",
    "new_brand",
    "open_library",
    "output_of",
    "parse_content",
    "parse_request",
    "produce",
    "read_record",
    "rebuild_documents",
    "recorded_library",
    "replay",
    "rule_value",
    "rulebook_bytes",
    "rulebook_from_bytes",
    "rules",
    "shipped_rulebooks",
    "stage_records",
    "wanted_currency",
    "written_value",
]
