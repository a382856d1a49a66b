"""The finished drawing: what it says to those who cannot see it, and whether its texts can be read."""

from collections.abc import Iterator
from typing import Final

from kis.estimator.documents.lint.model import Found, LintContext
from kis.estimator.documents.lint.reading.svg import SvgView
from kis.estimator.documents.lint.rules.boxes import inside, overlapping, shrunk

_PT_PER_MM: Final = 72 / 25.4
SMALLEST_LETTER_MM: Final = 1.8
"""The least height of technical lettering (ISO 3098-1)."""
_ROUNDING_MM: Final = 0.02
_HAIR_MM: Final = 0.3
"""What a line weight or rounding may reach over the edge of the sheet."""
_LONG_SIDE, _SHORT_SIDE = 0.08, 0.22
"""Boxes of texts are the most room over all fonts of the family; real letters take at least so much less at each end."""


def drawing_description(drawing: SvgView, context: LintContext) -> Iterator[Found]:
    """Find a drawing without title, description or language for those who cannot see it."""
    if not drawing.title.strip():
        yield Found("title", "–")
    if not drawing.description.strip():
        yield Found("desc", "–")
    if drawing.language != context.locale:
        yield Found("lang", drawing.language or "–")


def drawing_stands_alone(drawing: SvgView, _context: LintContext) -> Iterator[Found]:
    """Find elements that run a program or fetch something."""
    for element in drawing.reaching_out:
        yield Found("svg", element)


def outside_sheet(drawing: SvgView, _context: LintContext) -> Iterator[Found]:
    """Find texts and shapes that leave the sheet."""
    hair, sheet = _HAIR_MM / drawing.mm_per_unit, drawing.sheet
    for text in drawing.drawn:
        if not inside(text.box, sheet, hair) and not inside(
            shrunk(text.box, _LONG_SIDE, _SHORT_SIDE), sheet, hair
        ):
            yield Found(text.place, text.content)
    for shape in drawing.shapes:
        if not inside(shape.box, sheet, hair):
            yield Found(shape.place, " ".join(f"{side:.1f}" for side in shape.box))


def drawing_text_overlap(drawing: SvgView, _context: LintContext) -> Iterator[Found]:
    """Find texts drawn over each other."""
    boxes = [shrunk(text.box, _LONG_SIDE, _SHORT_SIDE) for text in drawing.drawn]
    for one, other in overlapping(boxes):
        first, second = drawing.drawn[one], drawing.drawn[other]
        yield Found(first.place, f"{first.content} | {second.content}")


def small_lettering(drawing: SvgView, _context: LintContext) -> Iterator[Found]:
    """Find letters too small to be read on the print."""
    mm_per_unit = drawing.mm_per_unit
    for text in drawing.drawn:
        height = text.size * mm_per_unit
        if height < SMALLEST_LETTER_MM - _ROUNDING_MM:
            yield Found(text.place, f"{text.content} ({height:.2f} mm)")
