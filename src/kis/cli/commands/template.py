"""``kis template``: look at a company's own quotation template before a quotation depends on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kis.cli.declare import argument, group, json_option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.lint_report import LintRow, report
from kis.cli.output import console, print_json, say, table
from kis.cli.session import current_session
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.estimator import TemplateReport

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@group("template", help_key="template.cli.help")
def template() -> None:
    """Hold the commands over templates."""


@template.command("check", help_key="template.cli.check.help")
@argument("file", type=FILE, help_key="template.cli.check.file")
@json_option
def check(*, file: Path, as_json: bool) -> int:
    """Tell what would be filled, what repeats, and what is wrong."""
    from kis.estimator import check_template

    found = check_template(file.read_bytes())
    if as_json:
        print_json(_shape(file, found))
        return DONE if found.usable else GATE_FAILS
    _show(found)
    rows = [LintRow(each.severity, each.where, each.message) for each in found.findings]
    return report(str(file), rows, everything=True, as_json=False)


def _shape(file: Path, found: "TemplateReport") -> dict[str, Any]:
    text = current_session().text
    return {
        "path": str(file),
        "usable": found.usable,
        "fields": [{"where": each.where, "field": each.field, "asks": each.asks} for each in found.fields],
        "repeats": [
            {"where": each.where, "per": each.per, "line_rows": each.line_rows} for each in found.repeats
        ],
        "formulas": [
            {"where": each.where, "formula": each.formula, "with_three_lines": each.with_three_lines}
            for each in found.formulas
        ],
        "formula_count": found.formula_count,
        "name_count": found.name_count,
        "findings": [
            {"severity": each.severity, "where": each.where, "message": text(each.message)}
            for each in found.findings
        ],
    }


def _show(found: "TemplateReport") -> None:
    text = current_session().text
    fields = table(*_columns("where", "field", "asks"), title=Message("template.cli.fields"))
    for each in found.fields:
        fields.add_row(each.where, each.field, text(Message(f"template.cli.asks.{each.asks}")))
    repeats = table(*_columns("where", "per", "line_rows"), title=Message("template.cli.repeats"))
    for repeat in found.repeats:
        repeats.add_row(repeat.where, text(Message(f"template.cli.per.{repeat.per}")), repeat.line_rows)
    formulas = table(*_columns("where", "formula", "three"), title=Message("template.cli.formulas"))
    for formula in found.formulas:
        formulas.add_row(formula.where, formula.formula, formula.with_three_lines)
    for shown in (fields, repeats, formulas):
        if shown.row_count:
            console().print(shown)
    if found.formula_count or found.name_count:
        say(Message("template.cli.counts", {"formulas": found.formula_count, "names": found.name_count}))


def _columns(*names: str) -> list[Message]:
    return [Message(f"template.cli.column.{name}") for name in names]
