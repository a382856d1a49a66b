from collections.abc import Mapping

import pytest

from kis.estimator.documents.template import TemplateField, TemplateRepeat, TemplateReport, check_template
from tests.factories.templates import SAMPLE_NAMES, SAMPLES, sheet, workbook

LINE = {"B5": "{{line.item}}", "E5": "{{line.quantity}}", "G5": "=ROUND(E5*F5,0)"}


def report(cells: Mapping[str, str | int], names: Mapping[str, str] | None = None) -> TemplateReport:
    return check_template(workbook({"견적서": sheet(cells)}, names))


def findings(found: TemplateReport) -> set[tuple[str, str, str]]:
    return {
        (each.severity, each.where, each.message.key.rpartition(".")[2])
        for each in found.findings
        if not each.message.key.startswith("template.missing")
    }


class TestFields:
    def test_are_told_with_their_place(self) -> None:
        found = report(
            {"A1": "{{customer.name}} 귀하", "C3": 0, "C4": "=1"},
            {"TotalPrice": "견적서!$C$3", "Vat": "견적서!$C$4", "기타": "견적서!$A$1"},
        )
        assert found.fields == (
            TemplateField("견적서!A1", "customer.name", "cell"),
            TemplateField("TotalPrice = 견적서!C3", "totals.total", "name"),
        )

    def test_unknown_ones_come_with_the_nearest(self) -> None:
        found = report({"A1": "{{custmer.name}}", "A2": "{{qqqqqqq}}"})
        assert not found.usable
        assert findings(found) == {
            ("error", "견적서!A1", "unknown_near"),
            ("error", "견적서!A2", "unknown"),
        }
        assert "customer.name" in found.findings[0].message.text("en")

    def test_missing_ones_are_named(self) -> None:
        missing = [each.message for each in report({"A1": "빈 양식"}).findings]
        assert [message.key for message in missing] == ["template.missing_field"] * 5 + [
            "template.missing_lines"
        ]
        assert "totals.total" in missing[3].text("ko")
        assert "{{line.item}}" in missing[5].text("ko")

    def test_a_total_that_the_company_computes_is_not_missing(self) -> None:
        found = report({"C4": "=SUM(G5)"}, {"TotalPrice": "견적서!$C$4"})
        assert all("totals.total" not in each.message.text("en") for each in found.findings)


class TestRows:
    def test_that_repeat_are_told(self) -> None:
        found = report({**LINE, "A8": "{{panel.name}}", "B9": "{{line.item}}", "A10": "{{panel.row}}"})
        assert found.repeats == (
            TemplateRepeat("견적서!5:5", "line", "5:5"),
            TemplateRepeat("견적서!8:10", "panel", "9:9"),
        )

    def test_formulas_over_them_are_shown_as_they_will_be(self) -> None:
        found = report({**LINE, "G6": "=SUM(G5)", "G7": "=G6*0.1"})
        assert [(each.where, each.formula, each.with_three_lines) for each in found.formulas] == [
            ("견적서!G6", "=SUM(G5)", "=SUM(G5:G7)")
        ]
        assert found.formula_count == 3

    def test_lines_in_two_places_of_a_panel_are_an_error(self) -> None:
        found = report({"B4": "{{line.item}}", "A5": "{{panel.name}}", "B6": "{{line.spec}}"})
        assert ("error", "견적서!6", "torn") in findings(found)


class TestWarnings:
    @pytest.mark.parametrize(
        ("cells", "expected"),
        [
            ({"G5": "=E5*F5"}, ("warning", "견적서!G5", "no_rounding")),
            ({"G6": "=G5*1.1"}, ("warning", "견적서!G6", "first_only")),
            ({"G6": "=SUM(가:나!G5)"}, ("warning", "견적서!G6", "several_sheets")),
            ({"G6": "=#REF!+1"}, ("warning", "견적서!G6", "broken_formula")),
            ({"G6": "=A1#"}, ("error", "견적서!G6", "unreadable_formula")),
        ],
    )
    def test_name_the_formula(self, cells: dict[str, str], expected: tuple[str, str, str]) -> None:
        assert expected in findings(report({**LINE, **cells}))

    def test_name_a_broken_name(self) -> None:
        assert ("warning", "단가", "broken_name") in findings(report(LINE, {"단가": "#REF!"}))

    def test_say_that_sheets_are_not_repeated(self) -> None:
        found = check_template(workbook({"{{panel.name}}": sheet(LINE)}))
        assert ("error", "{{panel.name}}", "sheet_name") in findings(found)


@pytest.mark.parametrize("name", SAMPLE_NAMES)
class TestSamples:
    def test_have_nothing_to_mend(self, name: str) -> None:
        found = check_template((SAMPLES / name).read_bytes())
        assert found.usable
        assert found.findings == ()
        assert {"cell", "header", "shape"} <= {each.asks for each in found.fields}
