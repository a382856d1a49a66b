"""What a check of a template, or a comparison of a filled one, has found. Light: nothing here reads a file."""

from dataclasses import dataclass
from typing import Literal

from kis.platform.messages import Message

Asks = Literal["cell", "name", "header", "shape", "comment"]
LossKind = Literal[
    "formula",
    "name",
    "cell",
    "format",
    "row",
    "sheet",
    "image",
    "drawing",
    "chart",
    "comment",
    "table",
    "part",
    "conditionalFormatting",
    "dataValidation",
    "mergeCell",
    "hyperlink",
    "header",
    "print",
    "element",
]


@dataclass(frozen=True, slots=True)
class TemplateField:
    """A place that would be filled: where (``견적서!C4``, a name, a part), with which field, and by what it asks for it."""

    where: str
    field: str
    asks: Asks


@dataclass(frozen=True, slots=True)
class TemplateRepeat:
    """Rows that repeat: where (``견적서!10:12``), for what, and which of them are there once a line."""

    where: str
    per: Literal["line", "panel"]
    line_rows: str


@dataclass(frozen=True, slots=True)
class TemplateFormula:
    """A formula that takes in the repeated rows: as it is, and as it would read with three lines, or three panels of three lines."""

    where: str
    formula: str
    with_three_lines: str


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """Something to mend. An ``error`` keeps the template from being filled."""

    severity: Literal["error", "warning"]
    where: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateReport:
    """What ``fill_template`` would do with a template, and what stands in its way."""

    fields: tuple[TemplateField, ...] = ()
    repeats: tuple[TemplateRepeat, ...] = ()
    formulas: tuple[TemplateFormula, ...] = ()
    formula_count: int = 0
    name_count: int = 0
    findings: tuple[TemplateFinding, ...] = ()

    @property
    def usable(self) -> bool:
        """Tell whether the template can be filled."""
        return all(finding.severity != "error" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class TemplateLoss:
    """One thing of the template that the filled file does not have as it should; ``found`` is empty where it is gone."""

    kind: LossKind
    where: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMeasure:
    """A filled file against its template: how many formulas, names and parts of the package there should be, how many are lost or broken, and everything that is."""

    formulas_expected: int
    formula_loss: int
    named_ranges_expected: int
    named_range_damage: int
    parts_expected: int
    losses: tuple[TemplateLoss, ...]
