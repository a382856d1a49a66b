"""The priced lines as a plain workbook: a summary, and one sheet per panel, in which every amount is a live formula.

The same document always gives the same bytes, and finished bytes are measured by opening them again.
"""

from dataclasses import dataclass

from kis.estimator.documents.workbook.lines_document import LinesDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFormat:
    """What a finished workbook must still hold: formulas by sheet and cell, and the cell each name stands for."""

    formulas: dict[tuple[str, str], str]
    names: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatMeasure:
    """What was counted in the finished bytes. A formula is lost when it is missing or altered; a name is damaged when it points elsewhere or to nothing."""

    formulas_expected: int
    formulas_found: int
    formula_loss: int
    named_ranges_expected: int
    named_range_damage: int


def priced_lines_workbook(document: LinesDocument) -> bytes:
    """Return the workbook of ``document`` as the bytes of an .xlsx file."""
    from kis.estimator.documents.workbook.workbook_file import write_workbook
    from kis.estimator.documents.workbook.workbook_plan import plan_workbook

    return write_workbook(plan_workbook(document))


def expected_format(document: LinesDocument) -> ExpectedFormat:
    """Return every formula and name the workbook of ``document`` must hold."""
    from kis.estimator.documents.workbook.workbook_plan import plan_workbook

    plan = plan_workbook(document)
    return ExpectedFormat(
        formulas={
            (sheet.title, cell.place): f"={cell.formula}"
            for sheet in plan.sheets
            for cell in sheet.cells
            if cell.formula
        },
        names={name.name: name.reference for name in plan.names},
    )


def measure_format(workbook: bytes, expected: ExpectedFormat) -> FormatMeasure:
    """Open a finished workbook again and count which formulas and names survived."""
    from kis.estimator.documents.workbook.workbook_file import read_formulas, read_names

    formulas, names = read_formulas(workbook), read_names(workbook)
    kept = sum(formulas.get(place) == formula for place, formula in expected.formulas.items())
    intact = sum(names.get(name) == reference for name, reference in expected.names.items())
    return FormatMeasure(
        formulas_expected=len(expected.formulas),
        formulas_found=len(formulas),
        formula_loss=len(expected.formulas) - kept,
        named_ranges_expected=len(expected.names),
        named_range_damage=len(expected.names) - intact,
    )
