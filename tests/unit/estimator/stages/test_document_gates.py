"""The gates over what finished documents say: errors fail, warnings do not, and nothing to read is not judged."""

from kis.estimator.documents.lint import LintFinding
from kis.estimator.documents.lint.model import Severity
from kis.estimator.findings import Verdict
from kis.estimator.stages.lint import cover_gate, lint_gate
from kis.platform.messages import Message


def finding(severity: Severity = "error", where: str = "p.1") -> LintFinding:
    message = Message("issuing.verdict.fail")
    return LintFinding(rule="small_text", severity=severity, file="a.pdf", where=where, message=message)


class TestLintGate:
    def test_an_error_fails_and_is_named(self) -> None:
        gate = lint_gate([finding(where="p.7"), finding("warning")], files=3, rules=50)
        assert (gate.measured, gate.verdict) == (1, Verdict.FAIL)
        assert "a.pdf p.7" in gate.explanation.text("ko")

    def test_warnings_alone_pass_and_are_counted(self) -> None:
        gate = lint_gate([finding("warning"), finding("warning")], files=3, rules=50)
        assert (gate.measured, gate.verdict, gate.inputs["warnings"]) == (0, Verdict.PASS, 2)


class TestCoverGate:
    def test_an_error_fails(self) -> None:
        gate = cover_gate([finding()], illustrative=False, covers=2)
        assert (gate.measured, gate.verdict) == (1, Verdict.FAIL)

    def test_a_whole_cover_passes_and_tells_of_an_example_company(self) -> None:
        own, example = (cover_gate([], illustrative=given, covers=1) for given in (False, True))
        assert own.verdict is example.verdict is Verdict.PASS
        assert own.explanation != example.explanation

    def test_without_a_cover_nothing_is_judged(self) -> None:
        gate = cover_gate([], illustrative=False, covers=0)
        assert (gate.measured, gate.verdict) == (None, Verdict.NOT_CHECKED)
