"""The reference page: complete, well formed, and the same as the committed one."""

from pathlib import Path

from kis.estimator.rulebook import Rulebook, reference_page, rule_ids

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "reference" / "rulebook.md"
REFRESH = (
    "PYTHONPATH=src python -c 'from pathlib import Path; from kis.estimator.rulebook import load_rulebook, reference_page; "
    'Path("docs/reference/rulebook.md").write_text(reference_page(load_rulebook()), encoding="utf-8")\''
)


class TestReferencePage:
    def test_the_committed_page_is_that_of_the_rulebook(self, rulebook: Rulebook) -> None:
        assert PAGE.read_text(encoding="utf-8") == reference_page(rulebook), f"refresh it with: {REFRESH}"

    def test_every_rule_and_gate_has_a_row(self, rulebook: Rulebook) -> None:
        rows = [
            line.split(" | ")[0].removeprefix("| ")
            for line in reference_page(rulebook).splitlines()
            if line.startswith("| `")
        ]

        statuses = ["`verified`", "`shop_rule`", "`disputed`", "`unverified`"]
        assert rows == [*statuses, *(f"`{rule_id}`" for rule_id in (*rule_ids(rulebook), *rulebook.gates))]

    def test_every_row_of_a_table_has_as_many_cells_as_its_head(self, rulebook: Rulebook) -> None:
        widths: list[set[int]] = []
        previous = ""
        for line in reference_page(rulebook).splitlines():
            if line.startswith("|"):
                if not previous.startswith("|"):
                    widths.append(set())
                widths[-1].add(line.replace("\\|", "").count("|"))
            previous = line

        assert widths == [{5}, *[{8}] * 6, {6}]

    def test_a_row_holds_value_texts_source_status_and_the_other_side(self, rulebook: Rulebook) -> None:
        row = next(
            line
            for line in reference_page(rulebook).splitlines()
            if line.startswith("| `enclosure.height_limit`")
        )

        assert row == (
            "| `enclosure.height_limit` | 2200 mm | 외함 높이의 한계이다. 넘으면 분기열을 늘린다. "
            "| The greatest height of a box; above it the branches are split into more columns. "
            "| tallest box of the earlier shop system's enclosure catalogue | `disputed` "
            "| 2000 — size grid of the later revision of the earlier shop system (2026-03)"
            "<br>이유: 규격표에 2200 mm 외함이 있다.<br>Reason: The size list holds boxes of 2200 mm. |"
        )

    def test_a_gate_says_what_it_compares_with(self, rulebook: Rulebook) -> None:
        rows = {
            line.split(" | ")[0].removeprefix("| "): line.split(" | ")[1]
            for line in reference_page(rulebook).splitlines()
            if line.startswith("| `")
        }

        assert rows["`breaker.imbalance`"] == "&lt;= 0.03 ratio<br>`phases.imbalance_limit`"
        assert rows["`critic.violations`"] == "= 0 count"
        assert rows["`selection.breaking_capacity`"] == ">= 요청값 / as asked kA"

    def test_nothing_in_a_text_breaks_its_cell(self, rulebook: Rulebook) -> None:
        rule = rulebook.enclosure.height_limit.model_copy(update={"source": "a | b <i> *c*\nd"})
        enclosure = rulebook.enclosure.model_copy(update={"height_limit": rule})

        page = reference_page(rulebook.model_copy(update={"enclosure": enclosure}))

        assert "| a \\| b &lt;i> \\*c\\*<br>d |" in page
