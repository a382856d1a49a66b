"""The page of the documentation is what the rules say now."""

from kis.estimator.documents.lint import RULES
from kis.estimator.documents.lint.rules_page import rules_page
from tools.repository import ROOT

PAGE = ROOT / "docs" / "reference" / "document-rules.md"


class TestRulesPage:
    def test_is_the_committed_one(self) -> None:
        assert PAGE.read_text(encoding="utf-8") == rules_page()

    def test_names_every_rule_once(self) -> None:
        page = rules_page()
        assert [rule.id for rule in RULES if page.count(f"| `{rule.id}` |") != 1] == []
