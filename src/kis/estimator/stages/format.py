"""Stage format: whether the finished workbook still holds every formula, name and part it must hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.content import QuotationContent
from kis.estimator.findings import Gate, Verdict
from kis.platform.messages import Message

MOST_PLACES: Final = 5
"""A reader mends a few places; the rest are counted."""


_KINDS: Final = {"formula": "formula", "name": "name"}
"""Any other loss is that of a part: a picture, a chart, a setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something a finished workbook has lost: a formula, a name, or another part, and where."""

    kind: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatReport:
    """What was counted in the finished file; ``parts_expected`` is 0 where the file holds neither pictures nor anything of a template."""

    formulas_expected: int
    names_expected: int
    parts_expected: int
    losses: tuple[Loss, ...]

    def lost(self, kind: str) -> tuple[Loss, ...]:
        """Return the losses of one kind."""
        return tuple(loss for loss in self.losses if loss.kind == kind)


def measure(content: QuotationContent, workbook: bytes) -> FormatReport:
    """Open the finished workbook and compare it with what it was made from: the company's template, else the plan of the workbook."""
    template = content.brand.template
    if template is not None:
        return _against_template(template, workbook)
    from kis.estimator.documents.workbook import expected_format, measure_format

    found = measure_format(workbook, expected_format(content))
    return FormatReport(
        formulas_expected=found.formulas_expected,
        names_expected=found.named_ranges_expected,
        parts_expected=found.pictures_expected,
        losses=tuple(Loss(kind=_KINDS.get(loss.kind, "part"), where=loss.where) for loss in found.losses),
    )


def format_gates(report: FormatReport) -> Iterator[Gate]:
    """Yield the gates: formulas, names, and other parts where there are any: pictures, or what a template holds."""
    yield _gate("formula_loss", report.formulas_expected, report.lost("formula"))
    yield _gate("named_range_damage", report.names_expected, report.lost("name"))
    if report.parts_expected:
        yield _gate("part_loss", report.parts_expected, report.lost("part"))


def not_measured() -> Iterator[Gate]:
    """Yield the gates of a quotation without a workbook: there is nothing to lose."""
    for name in ("formula_loss", "named_range_damage"):
        yield Gate(
            id=f"format.{name}",
            measured=None,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.NOT_CHECKED,
            explanation=Message("issuing.format.no_workbook"),
            rule=f"gates.format.{name}",
        )


def _against_template(template: bytes, workbook: bytes) -> FormatReport:
    from kis.estimator.documents.template import compare_template

    found = compare_template(template, workbook)
    return FormatReport(
        formulas_expected=found.formulas_expected,
        names_expected=found.named_ranges_expected,
        parts_expected=found.parts_expected,
        losses=tuple(Loss(kind=_KINDS.get(loss.kind, "part"), where=loss.where) for loss in found.losses),
    )


def _gate(name: str, expected: int, losses: Sequence[Loss]) -> Gate:
    places = [loss.where for loss in losses[:MOST_PLACES]]
    told: tuple[object, ...] = tuple(places)
    if len(losses) > MOST_PLACES:
        told = (*places, Message("issuing.format.more", {"count": len(losses) - MOST_PLACES}))
    where = Message("issuing.format.where", {"places": told}) if losses else ""
    return Gate(
        id=f"format.{name}",
        measured=len(losses),
        operator="=",
        limit=0,
        unit="",
        verdict=Verdict.FAIL if losses else Verdict.PASS,
        explanation=Message(
            f"issuing.format.{name}", {"lost": len(losses), "expected": expected, "where": where}
        ),
        rule=f"gates.format.{name}",
        inputs={"expected": expected},
    )
