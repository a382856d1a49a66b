"""A company's own template, filled with a quotation."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from lxml import etree

from kis.estimator.documents.content import PanelContent, PricedRow, QuotationContent
from kis.estimator.documents.template.book import Book, SheetPart, main
from kis.estimator.documents.template.cells import (
    cell_at,
    cell_index,
    cell_text,
    cells,
    formula,
    put_runs,
    put_text,
    put_value,
    text_holder,
    texts,
    write_text,
)
from kis.estimator.documents.template.fields import (
    RANGE_NAMES,
    Value,
    legal,
    only_placeholder,
    placeholders,
    shown,
    substituted,
)
from kis.estimator.documents.template.move import move_rows
from kis.estimator.documents.template.package import open_package
from kis.estimator.documents.template.places import RowPlan, Spot
from kis.estimator.documents.template.references import parse_formula
from kis.estimator.documents.template.rows import plans_for
from kis.platform.messages import Message

HEADER_TEXTS: Final = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_FONT_SIZE_AT_END: Final = re.compile(r"&\d+$")
TEXT_PARTS: Final = re.compile(r"xl/(drawings|charts)/[^/]+\.xml")
"""Parts whose paragraphs can ask for something: shapes and titles of charts."""
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"


@dataclass(frozen=True, slots=True)
class Group:
    """A panel as the rows of a template show it: its own fields, and those of each of its lines."""

    fields: Mapping[str, Value]
    lines: tuple[Mapping[str, Value], ...]


def fill_book(book: Book, content: QuotationContent) -> None:
    """Fill ``book`` in place."""
    groups, flat = panel_groups(content), flat_lines(content)
    plans = plans_for(book, [len(group.lines) for group in groups])
    move_rows(book, plans)
    values = all_values(content)
    filler = _Filler(values, groups, flat)
    for sheet in book.sheets:
        _fill_sheet(book, sheet, plans[sheet.name.lower()], filler)
    _fill_names(book, values)
    for part in book.package.names:
        if TEXT_PARTS.fullmatch(part):
            fill_paragraphs(book.package.tree(part), lambda name: shown(filler.value(name, None)))


def fill_package(template: bytes, content: QuotationContent) -> bytes:
    """Return the filled file."""
    book = Book(open_package(template))
    fill_book(book, content)
    return book.package.to_bytes()


def all_values(content: QuotationContent) -> dict[str, Value]:
    """Return the values of everything that is there once; sentences of a list stand one to a line."""
    return {
        "quotation.warnings": "\n".join(content.warnings),
        "quotation.conditions": "\n".join(content.terms.conditions),
        "quotation.notes": "\n".join(content.notes),
        **content.template_values,
    }


def panel_groups(content: QuotationContent) -> list[Group]:
    """Return the panels with the lines of one each; what belongs to no panel is a last group of its own."""
    return [
        Group(fields, tuple(_line_fields(at, row) for at, row in enumerate(rows, 1)))
        for fields, rows, _sets in _sources(content)
    ]


def flat_lines(content: QuotationContent) -> list[Mapping[str, Value]]:
    """Return the lines of all panels one after another, each for as many panels as there are, with the fields of its panel."""
    half = Decimal(5).scaleb(-1 - content.digits)
    rows = [(fields, times(row, sets, half)) for fields, rows, sets in _sources(content) for row in rows]
    return [{**fields, **_line_fields(at, row)} for at, (fields, row) in enumerate(rows, 1)]


def times(row: PricedRow, sets: int, half: Decimal = Decimal("0.5")) -> PricedRow:
    """Return a line for several equal panels.

    Quantity times price, rounded, must give the amount, as a template's own formula will compute it. Where a broken quantity (a bar's kg) would not
    (``half`` a unit of money off or more), one panel's share becomes the unit: 2 × ``3.27 kg``.
    """
    if sets == 1:
        return row
    quantity, amount = row.quantity * sets, row.amount * sets
    if abs(quantity * row.unit_price - amount) < half:
        return replace(row, quantity=quantity, amount=amount)
    share = f"{shown(row.quantity)} {row.unit}"
    return replace(row, unit=share, quantity=Decimal(sets), unit_price=row.amount, amount=amount)


def fill_paragraphs(root: etree._Element, value_of: Callable[[str], str]) -> None:
    """Fill the placeholders in the texts of shapes and charts; each run keeps its format."""
    for paragraph in root.iter(f"{{{DRAWING}}}p"):
        runs = list(paragraph.iter(f"{{{DRAWING}}}t"))
        old = [each.text or "" for each in runs]
        if not placeholders("".join(old)):
            continue
        for element, text in zip(runs, substituted(old, value_of), strict=True):
            element.text = legal(text)


def fill_header(text: str, value_of: Callable[[str], str]) -> str:
    """Return a header or footer filled; ``&`` begins its codes and is doubled, and a figure after a font size is kept apart from it."""

    def doubled(name: str) -> str:
        return value_of(name).replace("&", "&&")

    pieces = re.split(r"(\{\{[^{}]*\}\})", text)
    result = ""
    for piece in pieces:
        new = "".join(substituted([piece], doubled))
        if new != piece and new[:1].isdigit() and _FONT_SIZE_AT_END.search(result):
            result += " "
        result += new
    return legal(result)


class _Filler:
    """The values of a quotation, by the place that asks for them."""

    def __init__(
        self,
        values: Mapping[str, Value],
        groups: Sequence[Group],
        flat: Sequence[Mapping[str, Value]],
    ) -> None:
        self._values = values
        self._groups = groups
        self._flat = flat

    def value(self, name: str, spot: Spot | None) -> Value:
        """Return what ``name`` stands for at ``spot``; an empty text where there is nothing to say."""
        return self._fields(spot).get(name, "")

    def _fields(self, spot: Spot | None) -> Mapping[str, Value]:
        if spot is None:
            return self._values
        if spot.repetition.block.kind == "line":
            return {**self._values, **_at(self._flat, spot.line or 0)}
        if spot.group >= len(self._groups):
            return self._values
        group = self._groups[spot.group]
        line = {} if spot.line is None else _at(group.lines, spot.line)
        return {**self._values, **group.fields, **line}


def _fill_sheet(book: Book, sheet: SheetPart, plan: RowPlan, filler: _Filler) -> None:
    tree = book.package.tree(sheet.part)
    spots = {row: spot for each in plan.repetitions for row, _source, spot in each.spots()}
    for cell in cells(tree):
        text = cell_text(cell, book)
        if placeholders(text):
            row = int("".join(filter(str.isdigit, str(cell.get("r")))))
            _fill_cell(cell, text, book, filler, spots.get(row))
    for name in HEADER_TEXTS:
        for element in tree.iter(main(name)):
            if placeholders(element.text or ""):
                element.text = fill_header(element.text or "", lambda field: shown(filler.value(field, None)))
    for part in book.related(sheet.part, "comments"):
        _fill_comments(book.package.tree(part), filler)


def _fill_cell(cell: etree._Element, text: str, book: Book, filler: _Filler, spot: Spot | None) -> None:
    whole = only_placeholder(text)
    if whole is not None:
        put_value(cell, filler.value(whole, spot), book)
        return

    def words(name: str) -> str:
        return shown(filler.value(name, spot))

    holder = text_holder(cell, book)
    if holder is None:
        put_text(cell, "".join(substituted([text], words)), book)
    else:
        put_runs(cell, holder, substituted([each.text or "" for each in texts(holder)], words), book)


def _fill_comments(root: etree._Element, filler: _Filler) -> None:
    for comment in root.iter(main("text")):
        runs = texts(comment)
        old = [each.text or "" for each in runs]
        if placeholders("".join(old)):
            new = substituted(old, lambda name: shown(filler.value(name, None)))
            for element, text in zip(runs, new, strict=True):
                write_text(element, legal(text))


def named_fields(book: Book) -> Iterator[tuple[str, str, SheetPart, str]]:
    """Yield (name, field, sheet, place) of each defined name that is called like a field and leads to a cell of its own."""
    sheets = {sheet.name.lower(): sheet for sheet in book.sheets}
    for name in book.defined_names:
        field = RANGE_NAMES.get(str(name.get("name")).lower())
        parsed = parse_formula(name.text or "")
        references = [] if parsed is None else list(parsed.references)
        if field is None or parsed is None or len(references) != 1 or len(parsed.pieces) != 1:
            continue
        sheet = sheets.get((references[0].sheet or book.home_of(name)).lower())
        if sheet is not None and references[0].start.column:
            column = references[0].start.column.lstrip("$").upper()
            yield str(name.get("name")), field, sheet, f"{column}{references[0].start.row}"


def _fill_names(book: Book, values: Mapping[str, Value]) -> None:
    for _name, field, sheet, place in list(named_fields(book)):
        tree = book.package.tree(sheet.part)
        known = cell_index(tree).get(place)
        if known is not None and formula(known) is not None:
            continue  # the company computes it
        put_value(cell_at(tree, place) if known is None else known, values.get(field, ""), book)


def _sources(
    content: QuotationContent,
) -> list[tuple[Mapping[str, Value], tuple[PricedRow, ...], int]]:
    """Return (fields, lines of one, how many) of each panel, and of what belongs to none."""
    sources: list[tuple[Mapping[str, Value], tuple[PricedRow, ...], int]] = [
        (_panel_fields(number, panel), panel.rows, panel.quantity)
        for number, panel in enumerate(content.panels, 1)
    ]
    if content.extra:
        total = sum((row.amount for row in content.extra), Decimal(0))
        fields: dict[str, Value] = {
            "panel.number": Decimal(len(sources) + 1),
            "panel.name": Message("template.extra").text(content.locale),
            "panel.quantity": Decimal(1),
            "panel.unit_subtotal": total,
            "panel.subtotal": total,
        }
        sources.append((fields, content.extra, 1))
    return sources


def _panel_fields(number: int, panel: PanelContent) -> dict[str, Value]:
    return {
        "panel.number": Decimal(number),
        "panel.name": panel.name,
        "panel.quantity": Decimal(panel.quantity),
        "panel.specification": panel.specification,
        "panel.unit_subtotal": panel.unit_subtotal,
        "panel.subtotal": panel.subtotal,
        "panel.remarks": "\n".join(panel.remarks),
    }


def _line_fields(number: int, row: PricedRow) -> dict[str, Value]:
    return {
        "line.number": Decimal(number),
        "line.item": row.item,
        "line.spec": row.spec,
        "line.unit": row.unit,
        "line.quantity": row.quantity,
        "line.unit_price": row.unit_price,
        "line.amount": row.amount,
        "line.remark": row.remark,
    }


def _at(lines: Sequence[Mapping[str, Value]], position: int) -> Mapping[str, Value]:
    return lines[position] if position < len(lines) else {}
