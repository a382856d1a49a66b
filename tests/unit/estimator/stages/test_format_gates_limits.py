"""The gates of the finished workbook: formulas and names are counted in the file itself, and each loss is told."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from kis.estimator.findings import Gate, Verdict
from kis.estimator.issuing import WORKBOOK_PATH, Document, documents_of, format_gates
from kis.estimator.service import Estimate
from kis.platform.messages import Message
from tests.factories.panels import panel, quoted

FORMULAS = 17
"""Eight lines and their sum; the panel's price from there, its amount, the subtotal, margin, discount, net, VAT and total."""
NAMES = 9
"""Subtotal, margin, discount, net, VAT, total; the percentages of margin, discount and VAT."""


@cache
def finished() -> tuple[Estimate, tuple[Document, ...]]:
    """Return a panel of a main alone with its documents."""
    estimate = quoted(panel())
    return estimate, documents_of(estimate)


def judged(change: Callable[[bytes], bytes]) -> list[Gate]:
    """Return the gates over a workbook every part of which went through ``change``."""
    estimate, documents = finished()
    return list(
        format_gates(
            estimate,
            tuple(
                replace(document, data=rewritten(document.data, change))
                if document.path == WORKBOOK_PATH
                else document
                for document in documents
            ),
        )
    )


def rewritten(workbook: bytes, change: Callable[[bytes], bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, change(old.read(entry)))
    return output.getvalue()


def gate(name: str, lost: int, expected: int) -> Gate:
    return Gate(
        id=f"format.{name}",
        measured=lost,
        operator="=",
        limit=0,
        unit="",
        verdict=Verdict.FAIL if lost else Verdict.PASS,
        explanation=Message(f"issuing.format.{name}", {"lost": lost, "expected": expected}),
        rule=f"gates.format.{name}",
        inputs={"expected": expected},
    )


class TestFormat:
    def test_of_a_whole_workbook_passes(self) -> None:
        assert judged(lambda content: content) == [
            gate("formula_loss", 0, FORMULAS),
            gate("named_range_damage", 0, NAMES),
        ]

    def test_counts_a_formula_that_became_a_number(self) -> None:
        assert judged(lambda content: content.replace(b"<f>Net+Vat</f>", b"")) == [
            gate("formula_loss", 1, FORMULAS),
            gate("named_range_damage", 0, NAMES),
        ]

    def test_counts_a_name_that_points_elsewhere(self) -> None:
        assert judged(lambda content: content.replace(b"$G$12</definedName>", b"$G$6</definedName>")) == [
            gate("formula_loss", 0, FORMULAS),
            gate("named_range_damage", 1, NAMES),
        ]
