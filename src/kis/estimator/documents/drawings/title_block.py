"""The title block of a drawing, its revision table and the notes beside them, in print millimetres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.cut_out import CLEARANCE_MM, LEAST_WEB_MM
from kis.estimator.documents.drawings.panel_facts import UNVERIFIED_MARK, PanelFacts, decimals
from kis.estimator.documents.drawings.sheet import Anchor, Box, Layer, Line, Rectangle, Shape, Text
from kis.estimator.documents.drawings.table import PADDING_MM, SMALLEST_MM, Cell, TableColumn, table, word
from kis.estimator.documents.drawings.text_fit import text_width, wrapped
from kis.estimator.layout.drawing import DOOR_PARTS, PartKind
from kis.platform.messages import Locale, Message

NOTE_LETTER_MM: Final = 2.1
NOTE_PITCH_MM: Final = 3.2
_ONE_LINE_MM: Final = 2.4
_TWO_LINES_MM: Final = 2.0
_MOST_LINES: Final = 2
"""Letters of a title block's cell: in one line down to the first, in two lines the second."""
_PANEL_SHARES: Final = ((0.4, 0.32, 0.28), (0.5, 0.24, 0.26), (0.6, 0.16, 0.24))
"""How panel, drawing and number divide their row, the usual way first: a long name takes room from the others, so that it and the quantity behind it stay whole."""
REVISION_ROWS: Final = 3
"""Rows of the revision table, filled or not."""

_RELAXED: Final = {"layout.order": "relaxed_order", "layout.pairing": "relaxed_pairing"}
"""What a drawing says of a rule of the shop that gave way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One change of a drawing after its first issue: its ``mark`` (A, B …), what changed and who answers for it."""

    mark: str
    date: date
    description: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a sheet says besides the panel itself.

    ``title`` is the drawing's name (배치도), empty for the sheet maker's own; ``number`` the drawing's number; ``sheet`` its place in the
    set (``1 / 4``). Empty fields stay empty cells.
    """

    project: str
    panel: str
    quotation_date: date
    locale: Locale
    title: str = ""
    number: str = ""
    sheet: str = ""
    customer: str = ""
    supplier: str = ""
    drawn: str = ""
    checked: str = ""
    approved: str = ""
    revisions: tuple[Revision, ...] = ()

    def say(self, key: str, **values: object) -> str:
        """Return a text of the documents in the sheet's language."""
        return Message(f"documents.{key}", values).text(self.locale)


def title_block(
    heading: Heading,
    box: Box,
    *,
    scale: Fraction | None,
    paper: str,
    title: str,
    facts: PanelFacts | None = None,
) -> Iterator[Shape]:
    """Yield the title block; with ``facts`` it has a row about the supply and the box. Without ``scale`` the sheet is not to scale."""
    x0, y0, x1, y1 = box
    name = _panel(heading, facts)
    panel, drawing, number_share = _panel_shares(name, x1 - x0)
    rows = [
        (("project", heading.project, 0.62), ("customer", heading.customer, 0.38)),
        (
            ("panel", name, panel),
            ("drawing", heading.title or title, drawing),
            ("number", heading.number, number_share),
        ),
        *([] if facts is None else [_box_row(facts)]),
        (
            ("supplier", heading.supplier, 0.38),
            ("scale", _scale(heading, scale, paper), 0.22),
            ("unit", "mm", 0.15),
            ("date", heading.quotation_date.isoformat(), 0.25),
        ),
        (
            ("drawn", heading.drawn, 0.27),
            ("checked", heading.checked, 0.27),
            ("approved", heading.approved, 0.27),
            ("sheet", heading.sheet, 0.19),
        ),
    ]
    height = (y1 - y0) / len(rows)
    for number, row in enumerate(rows):
        top, left = y1 - number * height, x0
        for key, content, share in row:
            right = left + share * (x1 - x0)
            cell = (left, top - height, right, top)
            yield from _title_cell(heading.say(f"title.{key}"), content, cell, large=number < 2)
            if right < x1 - 0.01:
                yield _rule(right, top - height, right, top)
            left = right
        if number:
            yield _rule(x0, top, x1, top)
    yield Rectangle(layer=Layer.TITLE_BLOCK, x0=x0, y0=y0, x1=x1, y1=y1, style=palette.STRONG_RULE)


def revision_table(heading: Heading, box: Box, *, rows: int = REVISION_ROWS) -> Iterator[Shape]:
    """Yield the revision table: the newest ``rows`` revisions under each other, empty rows for those to come."""
    x0, y0, x1, y1 = box
    newest = heading.revisions[-rows:]
    lines = [(item.mark, item.date.isoformat(), item.description, item.by) for item in newest]
    lines += [("", "", "", "")] * (rows - len(lines))
    fixed = {"mark": 10.0, "revised": 18.0, "by": 17.0}
    columns = [
        TableColumn(
            title=heading.say(f"revision.{name}"),
            width_mm=fixed.get(name, x1 - x0 - sum(fixed.values())),
            anchor=Anchor.START if name == "change" else Anchor.MIDDLE,
        )
        for name in ("mark", "revised", "change", "by")
    ]
    cells = [[Cell(content=word, bold=column == 0) for column, word in enumerate(line)] for line in lines]
    yield from table(columns, cells, x0, y1, (y1 - y0) / (rows + 1), NOTE_LETTER_MM)


def mark_notes(facts: PanelFacts) -> Iterator[str]:
    """Yield what the asterisks in the title block's row about the box mean."""
    enclosure = facts.design.enclosure
    if not enclosure.depth_verified:
        yield facts.say("note.box_depth")
    if not enclosure.ip_verified and enclosure.ip is not None:
        yield facts.say("note.ip")


def note_lines(facts: PanelFacts, width_mm: float) -> tuple[str, ...]:
    """Return the notes under the view, wrapped to its width."""
    return tuple(
        line
        for number, note in enumerate(_notes(facts), start=1)
        for line in wrapped(f"{number}. {note}", width_mm, NOTE_LETTER_MM)
    )


def notes(
    lines: Sequence[str],
    x: float,
    top: float,
    *,
    letter_mm: float = NOTE_LETTER_MM,
    pitch_mm: float = NOTE_PITCH_MM,
) -> Iterator[Text]:
    """Yield the notes from their upper left corner."""
    for number, line in enumerate(lines):
        yield Text(
            layer=Layer.TITLE_BLOCK,
            x=x,
            y=top - (number + 0.75) * pitch_mm,
            content=line,
            size_mm=letter_mm,
            colour=palette.MUTED,
        )


def _title_cell(label: str, content: str, box: Box, *, large: bool) -> Iterator[Shape]:
    """Yield a cell of the title block; what is too long for one line of a good size takes two smaller ones."""
    x0, y0, x1, y1 = box
    yield from word(label, (x0, y1 - 3.4, x1, y1), SMALLEST_MM, palette.MUTED)
    top, width = y1 - 3.0, x1 - x0 - 2 * PADDING_MM
    if text_width(content, _ONE_LINE_MM, bold=large) <= width:
        yield from word(content, (x0, y0, x1, top), 4.0 if large else 2.8, bold=large)
        return
    first, *more = _small_lines(content, width, bold=large)
    if not more:
        yield from word(content, (x0, y0, x1, top), _TWO_LINES_MM, bold=large)
        return
    middle = (y0 + top) / 2
    for line, low, high in ((first, middle, top), (content.removeprefix(first).strip(), y0, middle)):
        yield from word(line, (x0, low, x1, high), _TWO_LINES_MM, bold=large)


def _notes(facts: PanelFacts) -> Iterator[str]:
    """Yield the notes that this panel needs."""
    drawing = facts.design.drawing
    yield facts.say("note.datum")
    if drawing.zones:
        yield facts.say(_zone_note(facts))
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
    if drawing.of(PartKind.MAIN, PartKind.BREAKER):
        yield facts.say("note.cover", clearance=CLEARANCE_MM, web=LEAST_WEB_MM)
    for rule in drawing.relaxations:
        yield facts.say(f"note.{_RELAXED.get(rule, 'relaxed')}", rule=rule)
    if any(not part.verified for part in drawing.parts):
        yield facts.say("note.unverified")
    yield from mark_notes(facts)


def _zone_note(facts: PanelFacts) -> str:
    """Return what explains the letters of the heights: with or without accessories between rows and bottom, and what the box has too much."""
    drawing = facts.design.drawing
    has_accessories = any(zones.e_mm for zones in drawing.zones)
    return "note.zones_accessories" if has_accessories else "note.zones"


def _panel_shares(name: str, width_mm: float) -> tuple[float, float, float]:
    """Return the first shares that hold the panel's name in two lines, the last where none do."""
    for shares in _PANEL_SHARES:
        if len(_small_lines(name, shares[0] * width_mm - 2 * PADDING_MM, bold=True)) <= _MOST_LINES:
            return shares
    return _PANEL_SHARES[-1]


def _small_lines(content: str, width_mm: float, *, bold: bool) -> tuple[str, ...]:
    """Return ``content`` in lines of the smaller letters of a cell."""
    return wrapped(content, width_mm * text_width("0", 1) / text_width("0", 1, bold=bold), _TWO_LINES_MM)


def _panel(heading: Heading, facts: PanelFacts | None) -> str:
    """Return the panel's name and, where more than one is made, how many."""
    quantity = 1 if facts is None else facts.design.problem.request.quantity
    if quantity == 1:
        return heading.panel
    return heading.say("title.panel_quantity", panel=heading.panel, quantity=quantity)


def _box_row(facts: PanelFacts) -> tuple[tuple[str, str, float], ...]:
    enclosure, network = facts.design.enclosure, facts.design.problem.network
    size = f"{enclosure.width_mm} × {enclosure.height_mm} × {enclosure.depth_mm}"
    model = facts.say("title.custom", series=enclosure.series) if enclosure.custom else enclosure.model
    return (
        ("supply", facts.say(f"supply.{network.supply.name.lower()}"), 0.23),
        ("enclosure", model, 0.28),
        ("size", size if enclosure.depth_verified else size + UNVERIFIED_MARK, 0.26),
        ("material", f"{facts.material} · {_ip(facts)}", 0.23),
    )


def _scale(heading: Heading, scale: Fraction | None, paper: str) -> str:
    if scale is None:
        return heading.say("title.not_to_scale", paper=paper)
    return heading.say("title.scale_value", scale=decimals(scale, 1), paper=paper)


def _rule(x0: float, y0: float, x1: float, y1: float) -> Line:
    return Line(layer=Layer.TITLE_BLOCK, x0=x0, y0=y0, x1=x1, y1=y1, style=palette.RULE)


def _ip(facts: PanelFacts) -> str:
    enclosure = facts.design.enclosure
    if enclosure.ip is None:
        return facts.say("title.no_ip")
    return f"IP{enclosure.ip}" + ("" if enclosure.ip_verified else 2 * UNVERIFIED_MARK)
