"""The name plate of an assembly: what IEC 61439-1, 6.1, asks for and the ratings a Korean plate adds.

Only what the design knows is filled in. Serial number, date of manufacture, the part of the standard and the system of earthing are the maker's to
declare once the panel is built: their fields stay open.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.outline.ink import PLATE, say
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Anchor, Box, Circle, Layer, Line, Rectangle, Shape
from kis.estimator.documents.drawings.table import PADDING_MM, SMALLEST_MM, word
from kis.estimator.documents.drawings.text_fit import text_width, wrapped
from kis.estimator.documents.drawings.title_block import Heading
from kis.estimator.problem import MainDevice

FREQUENCY_HZ: Final = 60
"""Of the public supply in Korea (Enforcement Rule of the Electric Utility Act, Article 18, table 3), to which every supply of a request belongs."""
ROWS: Final = 10
_MOST_NAMED: Final = 3
_LABEL_SHARE: Final = 0.36
_HEAD_ROWS: Final = 1.4
_SCREW_MM: Final = 1.1
_LINE_LETTER_MM: Final = 2.6
_LINES_LETTER_MM: Final = 1.9
"""Letters of a field in one line, and in the two that a long name takes."""
_BOLD_SHARE: Final = text_width("0", 1, bold=True) / text_width("0", 1)


def nameplate_rows(facts: PanelFacts, heading: Heading) -> tuple[tuple[str, str], ...]:
    """Return the fields of the plate as (label, value); an open field has an empty value."""
    design = facts.design
    enclosure, problem = design.enclosure, design.problem
    protection = "" if enclosure.ip is None else f"IP{enclosure.ip}"
    values = {
        "maker": heading.supplier,
        "name": heading.panel,
        "type": "",
        "standard": say(facts, "plate.standard_value"),
        "made": "",
        "voltage": facts.say(f"supply.{problem.network.supply.name.lower()}"),
        "current": _currents(problem.mains),
        "frequency": f"{FREQUENCY_HZ} Hz",
        "protection": protection + ("**" if protection and not enclosure.ip_verified else ""),
        "earthing": "",
    }
    return tuple((say(facts, f"plate.{key}"), value) for key, value in values.items())


def _currents(mains: Sequence[MainDevice]) -> str:
    """Return the ratings of the mains: by their names, or where they are many how many there are of each."""
    if len(mains) == 1:
        return f"{mains[0].rating_a} A"
    if len(mains) <= _MOST_NAMED:
        return ", ".join(f"{main.name} {main.rating_a} A" for main in mains)
    counts = Counter(main.rating_a for main in mains)
    return ", ".join(f"{count} × {rating} A" for rating, count in counts.items())


def nameplate_detail(facts: PanelFacts, heading: Heading, box: Box) -> Iterator[Shape]:
    """Yield the plate in ``box``, in print millimetres, not to scale."""
    x0, y0, x1, y1 = box
    yield Rectangle(layer=Layer.NAMEPLATE, x0=x0, y0=y0, x1=x1, y1=y1, style=PLATE)
    row = (y1 - y0 - 2) / (ROWS + _HEAD_ROWS)
    top, left, right = y1 - 1 - _HEAD_ROWS * row, x0 + 1, x1 - 1
    title = say(facts, "plate.title")
    head = (left, top, right, y1 - 1)
    yield from word(title, head, 3.4, anchor=Anchor.MIDDLE, bold=True, layer=Layer.NAMEPLATE)
    for x in (x0 + 3, x1 - 3):
        yield Circle(layer=Layer.NAMEPLATE, x=x, y=(top + y1 - 1) / 2, radius=_SCREW_MM, style=palette.BOLT)
    split = left + _LABEL_SHARE * (right - left)
    for label, value in nameplate_rows(facts, heading):
        yield Line(layer=Layer.NAMEPLATE, x0=left, y0=top, x1=right, y1=top, style=palette.RULE)
        bottom = top - row
        yield from word(label, (left, bottom, split, top), 2.3, palette.MUTED, layer=Layer.NAMEPLATE)
        field = (split, bottom, right, top)
        if value:
            yield from _declared(value, field)
        else:
            open_field = say(facts, "plate.open")
            yield from word(
                open_field, field, SMALLEST_MM, palette.MUTED, anchor=Anchor.END, layer=Layer.NAMEPLATE
            )
        top = bottom
    low = top
    yield Line(layer=Layer.NAMEPLATE, x0=split, y0=low, x1=split, y1=low + ROWS * row, style=palette.RULE)


def _declared(value: str, field: Box) -> Iterator[Shape]:
    """Yield the value of a field; one that is too long for a line takes two smaller ones."""
    x0, y0, x1, y1 = field
    width = x1 - x0 - 2 * PADDING_MM
    first, *more = wrapped(value, width / _BOLD_SHARE, _LINES_LETTER_MM)
    if not more:
        yield from word(value, field, _LINE_LETTER_MM, bold=True, layer=Layer.NAMEPLATE)
        return
    middle = (y0 + y1) / 2
    for line, low, high in ((first, middle, y1), (value.removeprefix(first).strip(), y0, middle)):
        yield from word(line, (x0, low, x1, high), _LINES_LETTER_MM, bold=True, layer=Layer.NAMEPLATE)
