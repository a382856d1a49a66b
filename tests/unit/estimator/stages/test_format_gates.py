"""The gates of a finished workbook: counts of what is lost, and where."""

from kis.estimator.findings import Verdict
from kis.estimator.stages.format import FormatReport, Loss, format_gates, not_measured


def report(*losses: Loss, parts: int = 0) -> FormatReport:
    return FormatReport(formulas_expected=17, names_expected=9, parts_expected=parts, losses=losses)


class TestFormatGates:
    def test_nothing_lost_passes(self) -> None:
        gates = list(format_gates(report()))
        assert [(gate.id, gate.measured, gate.verdict) for gate in gates] == [
            ("format.formula_loss", 0, Verdict.PASS),
            ("format.named_range_damage", 0, Verdict.PASS),
        ]
        assert gates[0].inputs == {"expected": 17}

    def test_a_lost_formula_fails_its_gate_alone_and_names_the_cell(self) -> None:
        formula, name = format_gates(report(Loss(kind="formula", where="견적서!G12")))
        assert (formula.measured, formula.verdict) == (1, Verdict.FAIL)
        assert "견적서!G12" in formula.explanation.text("ko")
        assert name.verdict is Verdict.PASS

    def test_a_damaged_name_is_named(self) -> None:
        _, name = format_gates(report(Loss(kind="name", where="TotalPrice")))
        assert name.verdict is Verdict.FAIL
        assert name.explanation.text("en") == (
            "Of 9 names in the finished workbook, 1 are damaged. Where: TotalPrice."
        )

    def test_parts_are_judged_only_where_a_template_was_filled(self) -> None:
        assert len(list(format_gates(report()))) == 2
        *_, part = format_gates(report(Loss(kind="part", where="xl/media/image1.png"), parts=4))
        assert (part.id, part.measured, part.verdict) == ("format.part_loss", 1, Verdict.FAIL)
        assert "xl/media/image1.png" in part.explanation.text("ko")

    def test_many_places_are_counted_after_the_fifth(self) -> None:
        formula, _ = format_gates(report(*(Loss(kind="formula", where=f"A{row}") for row in range(1, 8))))
        assert formula.explanation.text("en").endswith("Where: A1, A2, A3, A4, A5, 2 more.")

    def test_without_a_workbook_nothing_is_judged(self) -> None:
        gates = list(not_measured())
        assert [gate.verdict for gate in gates] == [Verdict.NOT_CHECKED, Verdict.NOT_CHECKED]
        assert all(gate.measured is None for gate in gates)
