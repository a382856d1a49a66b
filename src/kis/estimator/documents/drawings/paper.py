"""Paper, frame and title block: how a view becomes a sheet that can be printed, filed and signed.

The frame leaves 20 mm at the left for binding and 10 mm elsewhere. At its foot stand, from the left, the notes, the revision table and the
title block; the view has the rest. A view keeps its own millimetres: the paper is enlarged by the scale and laid around it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Box, Layer, Line, Rectangle, Shape, Sheet, placed
from kis.estimator.documents.drawings.table import SMALLEST_MM
from kis.estimator.documents.drawings.text_fit import ELLIPSIS, wrapped
from kis.estimator.documents.drawings.title_block import (
    NOTE_LETTER_MM,
    NOTE_PITCH_MM,
    REVISION_ROWS,
    Heading,
    mark_notes,
    notes,
    revision_table,
    title_block,
)

BINDING_MM: Final = 20.0
MARGIN_MM: Final = 10.0
"""Paper left free at the binding edge and at the others."""

SCALES: Final = tuple(
    Fraction(scale)
    for scale in ("1", "2", "2.5", "3", "4", "5", "6", "8", "10", "12", "15", "20", "25", "30", "40", "50")
)
"""The usual scales, largest first."""

_TITLE_WIDTH_MM: Final = 180.0
"""As wide as ISO 7200 lays a title block out: the frame of an upright A4."""
_FOOT_MM: Final = 40.0
_REVISION_WIDTH_MM: Final = 100.0
_NOTES_MM: Final = 19.0
"""Height of a row of notes and revisions where they find no room beside the title block."""
_GAP_MM: Final = 3.0


class Paper(StrEnum):
    """A size of paper as it lies on the desk: A4 upright or on its side, A3 on its side."""

    A4 = "A4"
    A4_LANDSCAPE = "A4 L"
    A3 = "A3"

    @property
    def width_mm(self) -> float:
        """Return the width of the paper."""
        return _SIZES_MM[self][0]

    @property
    def height_mm(self) -> float:
        """Return the height of the paper."""
        return _SIZES_MM[self][1]

    @property
    def size(self) -> str:
        """Return the size as a print shop calls it."""
        return self.value[:2]

    @property
    def frame(self) -> Box:
        """Return the frame."""
        return (BINDING_MM, MARGIN_MM, self.width_mm - MARGIN_MM, self.height_mm - MARGIN_MM)


_SIZES_MM: Final = {Paper.A4: (210.0, 297.0), Paper.A4_LANDSCAPE: (297.0, 210.0), Paper.A3: (420.0, 297.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is drawn, in millimetres of its own, chains and labels included in ``box``.

    ``scale`` None: not to scale; the shapes are print millimetres and stand where :func:`drawing_area` says. ``notes`` are numbered and
    written at the foot of the sheet, behind them what explains the marks of the title block.
    """

    shapes: tuple[Shape, ...]
    box: Box
    scale: Fraction | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Foot:
    """Where everything at the foot of a paper stands, and how high the foot is."""

    title: Box
    revisions: Box
    revision_rows: int
    notes: Box
    top: float


def drawing_area(paper: Paper) -> Box:
    """Return where on the paper a view may stand, in print millimetres: inside the frame, clear of all at its foot."""
    x0, _, x1, y1 = paper.frame
    return (x0 + _GAP_MM, _foot(paper).top + _GAP_MM, x1 - _GAP_MM, y1 - _GAP_MM)


def fitting_scale(
    width_mm: float,
    height_mm: float,
    paper: Paper,
    *,
    print_width_mm: float = 0.0,
    print_height_mm: float = 0.0,
) -> Fraction:
    """Return the largest usual scale at which so many true millimetres, and beside them ``print_…_mm`` of chains, fit on the paper."""
    x0, y0, x1, y1 = drawing_area(paper)
    width, height = x1 - x0 - print_width_mm, y1 - y0 - print_height_mm
    fits = (scale for scale in SCALES if width_mm <= width * scale and height_mm <= height * scale)
    return next(fits, SCALES[-1])


def on_paper(
    view: View,
    heading: Heading,
    paper: Paper,
    *,
    title: str,
    description: str,
    facts: PanelFacts | None = None,
) -> Sheet:
    """Return ``view`` in the middle of its paper; with ``facts`` the title block tells supply and box too."""
    furniture = tuple(_furniture(view, heading, paper, facts, title))
    scale = Fraction(1) if view.scale is None else view.scale
    x, y = (0.0, 0.0) if view.scale is None else _origin(view.box, drawing_area(paper), float(scale))
    return laid_around(
        furniture, view.shapes, paper, (x, y), scale, title=title, description=description, heading=heading
    )


def laid_around(
    furniture: Sequence[Shape],
    view: Sequence[Shape],
    paper: Paper,
    origin: tuple[float, float],
    scale: Fraction,
    *,
    title: str,
    description: str,
    heading: Heading,
) -> Sheet:
    """Return a sheet in true millimetres: ``furniture`` in print millimetres, the view's (0, 0) at ``origin`` of the paper."""
    factor = float(scale)
    dx, dy = -origin[0] * factor, -origin[1] * factor
    return Sheet(
        title=title,
        description=description,
        locale=heading.locale,
        x0=dx,
        y0=dy,
        x1=dx + paper.width_mm * factor,
        y1=dy + paper.height_mm * factor,
        scale=scale,
        shapes=(*placed(furniture, factor, dx, dy), *view),
    )


def _origin(box: Box, area: Box, scale: float) -> tuple[float, float]:
    """Return where on the paper (0, 0) of a view stands whose ``box`` lies in the middle of ``area``."""
    x = (area[0] + area[2]) / 2 - (box[0] + box[2]) / 2 / scale
    y = (area[1] + area[3]) / 2 - (box[1] + box[3]) / 2 / scale
    return x, y


def _furniture(
    view: View, heading: Heading, paper: Paper, facts: PanelFacts | None, title: str
) -> Iterator[Shape]:
    """Yield frame, notes, revisions and title block in print millimetres."""
    foot = _foot(paper)
    x0, y0, x1, y1 = paper.frame
    yield Line(layer=Layer.FRAME, x0=x0, y0=foot.top, x1=x1, y1=foot.top, style=palette.STRONG_RULE)
    sentences = [*view.notes, *(() if facts is None else mark_notes(facts))]
    yield from _notes(list(dict.fromkeys(sentences)), foot.notes)
    yield from revision_table(heading, foot.revisions, rows=foot.revision_rows)
    yield from title_block(heading, foot.title, scale=view.scale, paper=paper.size, title=title, facts=facts)
    yield Rectangle(layer=Layer.FRAME, x0=x0, y0=y0, x1=x1, y1=y1, style=palette.FRAME)


def _notes(sentences: Sequence[str], box: Box) -> Iterator[Shape]:
    """Yield numbered notes, smaller where they are many; what finds no room even so is cut off visibly."""
    width, height = box[2] - box[0], box[3] - box[1]
    for letter, pitch in ((NOTE_LETTER_MM, NOTE_PITCH_MM), (SMALLEST_MM, 2.5)):
        lines = [
            line
            for number, sentence in enumerate(sentences, start=1)
            for line in wrapped(f"{number}. {sentence}", width, letter)
        ]
        most = int(height / pitch)
        if len(lines) <= most:
            break
    else:
        lines = [*lines[: most - 1], ELLIPSIS]
    yield from notes(lines, box[0], box[3], letter_mm=letter, pitch_mm=pitch)


def _foot(paper: Paper) -> _Foot:
    x0, y0, x1, _ = paper.frame
    top = y0 + _FOOT_MM
    title = (x1 - _TITLE_WIDTH_MM, y0, x1, top)
    if paper is Paper.A3:
        revisions = (title[0] - _REVISION_WIDTH_MM, y0, title[0], top)
        room = (x0 + _GAP_MM, y0 + 1, revisions[0] - _GAP_MM, top - 1)
        return _Foot(title, revisions, 2 * REVISION_ROWS, room, top)
    if paper is Paper.A4_LANDSCAPE:
        middle = y0 + _NOTES_MM
        room = (x0 + _GAP_MM, middle + 1, title[0] - _GAP_MM, top - 1)
        return _Foot(title, (x0, y0, title[0], middle), REVISION_ROWS, room, top)
    upper = top + _NOTES_MM
    revisions = (x1 - _REVISION_WIDTH_MM, top, x1, upper)
    room = (x0 + _GAP_MM, top + 1, revisions[0] - _GAP_MM, upper - 1)
    return _Foot(title, revisions, REVISION_ROWS, room, upper)
