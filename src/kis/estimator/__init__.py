"""The estimator: from a request to a checked, priced panel, with everything that proves it.

``estimate(load_request(path))`` is the whole use; the result carries verdict, gates, panels and totals.
"""

from kis.estimator.explain import Explanation, Reason, explain, explanations
from kis.estimator.findings import Because, Finding, Gate, Severity, Verdict
from kis.estimator.intake import ParsedRequest, load_request, parse_request
from kis.estimator.library import Library, open_library
from kis.estimator.output import output_of
from kis.estimator.pack_checks import check_pack
from kis.estimator.packing import Product, produce
from kis.estimator.replay import Replay, read_record, recorded_library, replay
from kis.estimator.request import EstimateRequest
from kis.estimator.requote import Cause, Comparison, LineChange, compare, in_make
from kis.estimator.rulebook import (
    Rulebook,
    diff_rulebooks,
    export_rulebook,
    import_rulebook,
    lint_rulebook,
    load_rulebook,
    rule_value,
    rules,
    shipped_rulebooks,
)
from kis.estimator.service import Estimate, PanelEstimate, dated, estimate

__all__ = [
    "Because",
    "Cause",
    "Comparison",
    "Estimate",
    "EstimateRequest",
    "Explanation",
    "Finding",
    "Gate",
    "Library",
    "LineChange",
    "PanelEstimate",
    "ParsedRequest",
    "Product",
    "Reason",
    "Replay",
    "Rulebook",
    "Severity",
    "Verdict",
    "check_pack",
    "compare",
    "dated",
    "diff_rulebooks",
    "estimate",
    "explain",
    "explanations",
    "export_rulebook",
    "import_rulebook",
    "in_make",
    "lint_rulebook",
    "load_request",
    "load_rulebook",
    "open_library",
    "output_of",
    "parse_request",
    "produce",
    "read_record",
    "recorded_library",
    "replay",
    "rule_value",
    "rules",
    "shipped_rulebooks",
]
