"""The quotation as a workbook in which every amount is a live formula, and what is measured in the finished file.

The same content always gives the same bytes. A finished file is judged by opening it again: every formula, name and picture that was planned must
still be there, and each loss is told by its cell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kis.estimator.documents.content import QuotationContent

Place = tuple[str, str]
"""Sheet and cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFormat:
    """What a finished workbook must still hold: formulas and pictures (their SHA-256) by sheet and cell, and the cell each name stands for."""

    formulas: dict[Place, str]
    names: dict[str, str]
    pictures: dict[Place, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatLoss:
    """One thing that is not as it was written. ``where`` is ``견적서!G12``, or the name; ``found`` is empty where nothing is left."""

    kind: Literal["formula", "name", "picture"]
    where: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatMeasure:
    """What was counted in the finished bytes, and each loss by its place.

    A formula is lost when it is missing or altered; a name is damaged when it is missing, points elsewhere or to an empty cell.
    """

    formulas_expected: int
    formulas_found: int
    formula_loss: int
    named_ranges_expected: int
    named_range_damage: int
    pictures_expected: int
    picture_loss: int
    losses: tuple[FormatLoss, ...]


def quotation_workbook(content: QuotationContent) -> bytes:
    """Return the workbook of ``content`` as the bytes of an .xlsx file."""
    from kis.estimator.documents.workbook.quotation_plan import plan_workbook
    from kis.estimator.documents.workbook.xlsx_writer import write_workbook

    return write_workbook(plan_workbook(content))


def expected_format(content: QuotationContent) -> ExpectedFormat:
    """Return every formula, name and picture the workbook of ``content`` must hold."""
    from kis.estimator.documents.workbook.quotation_plan import plan_workbook
    from kis.evidence import sha256_hex

    plan = plan_workbook(content)
    return ExpectedFormat(
        formulas={
            (sheet.title, cell.place): f"={cell.formula}"
            for sheet in plan.sheets
            for cell in sheet.cells
            if cell.formula
        },
        names={name.name: name.reference for name in plan.names},
        pictures={
            (sheet.title, picture.place): sha256_hex(picture.data)
            for sheet in plan.sheets
            for picture in sheet.pictures
        },
    )


def measure_format(data: bytes, expected: ExpectedFormat) -> FormatMeasure:
    """Open a finished workbook again and count which formulas, names and pictures survived."""
    from kis.estimator.documents.workbook.xlsx_reader import read_format

    found = read_format(data)
    contents = found.constants | found.formulas
    losses = (
        *_losses("formula", expected.formulas, contents),
        *_name_losses(expected.names, found.names, contents),
        *_losses("picture", expected.pictures, found.pictures),
    )
    counted = [loss.kind for loss in losses]
    return FormatMeasure(
        formulas_expected=len(expected.formulas),
        formulas_found=len(found.formulas),
        formula_loss=counted.count("formula"),
        named_ranges_expected=len(expected.names),
        named_range_damage=counted.count("name"),
        pictures_expected=len(expected.pictures),
        picture_loss=counted.count("picture"),
        losses=losses,
    )


def _losses(
    kind: Literal["formula", "picture"], expected: dict[Place, str], found: dict[Place, str]
) -> Iterator[FormatLoss]:
    for place, wanted in expected.items():
        if found.get(place) != wanted:
            yield FormatLoss(kind=kind, where="!".join(place), expected=wanted, found=found.get(place, ""))


def _name_losses(
    expected: dict[str, str], found: dict[str, str], contents: dict[Place, str]
) -> Iterator[FormatLoss]:
    for name, reference in expected.items():
        if found.get(name) != reference:
            yield FormatLoss(kind="name", where=name, expected=reference, found=found.get(name, ""))
        elif _place(reference) not in contents:
            yield FormatLoss(kind="name", where=name, expected=reference, found="")


def _place(reference: str) -> Place:
    """Return sheet and cell of an absolute reference: ``'총괄'!$G$12``."""
    title, _, cell = reference.rpartition("!")
    return title.removeprefix("'").removesuffix("'").replace("''", "'"), cell.replace("$", "")
