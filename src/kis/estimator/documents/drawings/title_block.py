"""The title block of a drawing and the notes under it, in print millimetres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.panel_facts import UNVERIFIED_MARK, PanelFacts, decimals
from kis.estimator.documents.drawings.sheet import Box, Layer, Line, Rectangle, Shape, Text
from kis.estimator.documents.drawings.table import SMALLEST_MM, word
from kis.estimator.documents.drawings.text_fit import wrapped
from kis.estimator.layout.drawing import DOOR_PARTS, PartKind
from kis.platform.messages import Locale

NOTE_LETTER_MM: Final = 2.1
NOTE_PITCH_MM: Final = 3.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a sheet says besides the panel itself."""

    project: str
    panel: str
    quotation_date: date
    locale: Locale


def title_block(facts: PanelFacts, heading: Heading, scale: Fraction, box: Box) -> Iterator[Shape]:
    """Yield the title block: project, panel, box, supply, scale, date."""
    x0, y0, x1, y1 = box
    enclosure, problem = facts.design.enclosure, facts.design.problem
    quantity = problem.request.quantity
    panel = (
        heading.panel
        if quantity == 1
        else facts.say("title.panel_quantity", panel=heading.panel, quantity=quantity)
    )
    size = f"{enclosure.width_mm} × {enclosure.height_mm} × {enclosure.depth_mm}" + (
        "" if enclosure.depth_verified else UNVERIFIED_MARK
    )
    model = facts.say("title.custom", series=enclosure.series) if enclosure.custom else enclosure.model
    rows = (
        (("project", heading.project, 1.0),),
        (
            ("panel", panel, 0.62),
            ("supply", facts.say(f"supply.{problem.network.supply.name.lower()}"), 0.38),
        ),
        (
            ("enclosure", model, 0.38),
            ("size", size, 0.36),
            ("material", f"{facts.say(f'material.{enclosure.material}')} · {_ip(facts)}", 0.26),
        ),
        (
            ("drawing", facts.say("title.layout"), 0.38),
            ("scale", facts.say("title.scale_value", scale=decimals(scale, 1)), 0.2),
            ("date", heading.quotation_date.isoformat(), 0.22),
            ("unit", "mm", 0.2),
        ),
    )
    height = (y1 - y0) / len(rows)
    for number, row in enumerate(rows):
        top, left = y1 - number * height, x0
        for key, content, share in row:
            right = left + share * (x1 - x0)
            yield from _title_cell(
                facts.say(f"title.{key}"), content, (left, top - height, right, top), large=number < 2
            )
            if right < x1 - 0.01:
                yield Line(
                    layer=Layer.TITLE_BLOCK, x0=right, y0=top - height, x1=right, y1=top, style=palette.RULE
                )
            left = right
        if number:
            yield Line(layer=Layer.TITLE_BLOCK, x0=x0, y0=top, x1=x1, y1=top, style=palette.RULE)
    yield Rectangle(layer=Layer.TITLE_BLOCK, x0=x0, y0=y0, x1=x1, y1=y1, style=palette.STRONG_RULE)


def note_lines(facts: PanelFacts, width_mm: float) -> tuple[str, ...]:
    """Return the notes under the view, wrapped to its width."""
    return tuple(
        line
        for number, note in enumerate(_notes(facts), start=1)
        for line in wrapped(f"{number}. {note}", width_mm, NOTE_LETTER_MM)
    )


def notes(lines: Sequence[str], x: float, top: float) -> Iterator[Text]:
    """Yield the notes from their upper left corner."""
    for number, line in enumerate(lines):
        yield Text(
            layer=Layer.TITLE_BLOCK,
            x=x,
            y=top - (number + 0.75) * NOTE_PITCH_MM,
            content=line,
            size_mm=NOTE_LETTER_MM,
            colour=palette.MUTED,
        )


def _title_cell(label: str, content: str, box: Box, *, large: bool) -> Iterator[Shape]:
    x0, y0, x1, y1 = box
    yield from word(label, (x0, y1 - 3.4, x1, y1), SMALLEST_MM, palette.MUTED)
    yield from word(content, (x0, y0, x1, y1 - 3.0), 4.0 if large else 2.8, bold=large)


def _notes(facts: PanelFacts) -> Iterator[str]:
    """Yield the notes that this panel needs."""
    drawing, enclosure = facts.design.drawing, facts.design.enclosure
    yield facts.say("note.datum")
    inside = [part.z1 for part in drawing.parts if part.z1 is not None and part.kind not in DOOR_PARTS]
    if inside:
        deepest = max(inside)
        yield facts.say(
            "note.depth", depth=drawing.depth_mm, deepest=deepest, left=drawing.depth_mm - deepest
        )
    bars = list(
        dict.fromkeys(
            f"{part.label}" for part in drawing.of(PartKind.HEADER_BAR, PartKind.BUSBAR) if part.label
        )
    )
    if bars:
        yield facts.say("note.busbar", bars=", ".join(bars))
    if drawing.of(PartKind.SPARE_WAY):
        yield facts.say("note.spare", count=len(drawing.of(PartKind.SPARE_WAY)))
    if drawing.of(*DOOR_PARTS):
        yield facts.say("note.door")
    if any(not part.verified for part in drawing.parts):
        yield facts.say("note.unverified")
    if not enclosure.ip_verified and enclosure.ip is not None:
        yield facts.say("note.ip")


def _ip(facts: PanelFacts) -> str:
    enclosure = facts.design.enclosure
    if enclosure.ip is None:
        return facts.say("title.no_ip")
    return f"IP{enclosure.ip}" + ("" if enclosure.ip_verified else 2 * UNVERIFIED_MARK)
