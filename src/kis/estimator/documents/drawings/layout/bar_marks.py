"""Letters and bolts of the bars: every bar says its line, and every cross-bar shows where it is screwed on."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.device_label import SMALLEST_MM
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Circle, Layer, Shape, Style, Text, centred_text
from kis.estimator.documents.drawings.text_fit import text_width
from kis.estimator.layout.drawing import Part, PartKind

_BOLT_MM: Final = 0.55
_BADGE_MM: Final = (1.25, 2.4)
_TERMINAL_LETTER_MM: Final = 2.0


def bolts(facts: PanelFacts, cross_bars: tuple[Part, ...], scale: float) -> Iterator[Shape]:
    """Yield a bolt where each cross-bar meets the vertical bar of its line."""
    centres = {
        (bar.column, bar.phase): (bar.x0 + bar.x1) / 2 for bar in facts.design.drawing.of(PartKind.BUSBAR)
    }
    for part in cross_bars:
        x = centres.get((part.column, part.phase))
        if x is not None:
            radius = min(_BOLT_MM * scale, 0.3 * part.height_mm)
            yield Circle(
                layer=Layer.CROSS_BAR, x=x, y=(part.y0 + part.y1) / 2, radius=radius, style=palette.BOLT
            )


def bar_letters(facts: PanelFacts, scale: float) -> Iterator[Shape]:
    """Yield the letter of every vertical bar above its first row, and of every header bar between two columns."""
    drawing = facts.design.drawing
    tops = {column.index: column.rows_top_y for column in drawing.columns}
    for part in drawing.of(PartKind.BUSBAR):
        neighbours = [other for other in drawing.of(PartKind.BUSBAR) if other.column == part.column]
        foot = tops.get(part.column, part.y1)
        radius = _badge_radius(neighbours, part.phase, part.y1 - foot, scale)
        yield from _badge(part.phase, (part.x0 + part.x1) / 2, (foot + part.y1) / 2, radius)
    for part in drawing.of(PartKind.HEADER_BAR):
        radius = min(max(_BADGE_MM[0] * scale, 0.5 * part.height_mm), _BADGE_MM[1] * scale)
        columns = [column for column in drawing.columns if column.group == part.group]
        for left, right in pairwise(columns):
            yield from _badge(
                part.phase, (left.corridor[1] + right.corridor[0]) / 2, (part.y0 + part.y1) / 2, radius
            )


def _badge_radius(bars: list[Part], letter: str, free_mm: float, scale: float) -> float:
    """Return the radius of the letters' discs: as large as the pitch of the bars and the ``free_mm`` between main and first row allow, but never too small to read."""
    centres = sorted((bar.x0 + bar.x1) / 2 for bar in bars)
    pitch = min(
        (right - left for left, right in pairwise(centres)),
        default=_BADGE_MM[1] * 2 * scale,
    )
    least = max(_BADGE_MM[0], SMALLEST_MM * text_width(letter, 1.0, bold=True) / 1.7)
    return max(least * scale, min(0.42 * pitch, 0.46 * free_mm, _BADGE_MM[1] * scale))


def _badge(letter: str, x: float, y: float, radius: float) -> Iterator[Shape]:
    colour = palette.colour_of(letter)
    yield Circle(
        layer=Layer.PHASE_MARK,
        x=x,
        y=y,
        radius=radius,
        style=Style(stroke=palette.PAPER, weight_mm=palette.THIN_MM, fill=colour.fill),
    )
    size = min(1.5 * radius, 1.7 * radius / text_width(letter, 1.0, bold=True))
    box = (x - radius, y - radius, x + radius, y + radius)
    yield centred_text(Layer.PHASE_MARK, letter, box, size, colour.letter, bold=True)


def terminal_letters(facts: PanelFacts, part: Part, scale: float) -> Iterator[Shape]:
    """Yield letter and name of an earth or neutral bar: the letter on the bar, the name on it or, where it is too thin, above it."""
    name = facts.say(f"part.{part.kind.value}")
    radius = max(_BADGE_MM[0] * scale, min(0.5 * part.height_mm, _BADGE_MM[1] * scale))
    x, y = part.x0 + 1.6 * radius, (part.y0 + part.y1) / 2
    yield from _badge(part.phase, x, y, radius)
    size = _TERMINAL_LETTER_MM * scale
    left = x + 1.6 * radius
    if text_width(name, size) > part.x1 - left:
        return
    box = (left, part.y1, part.x1, part.y1 + 1.3 * size)
    yield Text(
        layer=Layer.LABEL,
        x=left,
        y=part.y1 + 0.3 * size,
        content=name,
        size_mm=size,
        colour=palette.INK,
        box=box,
    )
