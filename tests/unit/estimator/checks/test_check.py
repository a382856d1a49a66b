"""A finding made from its sentence and figures."""

from kis.estimator.checks.check import found
from kis.estimator.findings import Severity


class TestFound:
    def test_needs_no_more_than_a_sentence_a_weight_and_a_rule(self) -> None:
        finding = found("solar", Severity.WARNING, "critic.temperature_rise")
        assert (finding.code, finding.message.key) == ("critic.solar", "critic.solar")
        assert (finding.figure, finding.limit, finding.unit, finding.where, finding.subjects) == (
            None,
            None,
            "",
            "",
            (),
        )

    def test_takes_its_code_from_the_check_and_its_sentence_from_the_variant(self) -> None:
        finding = found(
            "lanes.narrow", Severity.VIOLATION, "enclosure.lanes", figure=39, limit=40, unit="mm", where="C1L"
        )
        assert (finding.code, finding.message.key) == ("critic.lanes", "critic.lanes.narrow")
        assert finding.message.text("en") == "The wiring lane C1L is too narrow: 39 mm, at least 40 mm."

    def test_lists_its_subjects_with_commas(self) -> None:
        finding = found(
            "overlap", Severity.VIOLATION, "layout.body_gap", figure=1, unit="mm", subjects=("a", "b")
        )
        assert finding.message.text("en") == "Parts overlap (a, b) by 1 mm."
        assert finding.subjects == ("a", "b")
