"""A company's own template, filled with a quotation."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.template.book import Book, SheetPart, main
from kis.estimator.documents.template.calculate import store_results
from kis.estimator.documents.template.cells import (
    cell_at,
    cell_index,
    cell_text,
    cells,
    formula,
    put_runs,
    put_text,
    put_value,
    split_place,
    text_holder,
    texts,
    write_text,
)
from kis.estimator.documents.template.fields import (
    RANGE_NAMES,
    legal,
    only_placeholder,
    placeholders,
    shown,
    substituted,
)
from kis.estimator.documents.template.heights import grow_rows
from kis.estimator.documents.template.move import move_rows
from kis.estimator.documents.template.package import open_package, refusing_damage
from kis.estimator.documents.template.places import RowPlan, Spot
from kis.estimator.documents.template.references import parse_formula
from kis.estimator.documents.template.rows import amounts_of, plans_for
from kis.estimator.documents.template.values import Values

HEADER_TEXTS: Final = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_FONT_SIZE_AT_END: Final = re.compile(r"&\d+$")
TEXT_PARTS: Final = re.compile(r"xl/(drawings|charts)/[^/]+\.xml")
"""Parts whose paragraphs can ask for something: shapes and titles of charts."""
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"


def fill_book(book: Book, content: QuotationContent) -> None:
    """Fill ``book`` in place."""
    values = Values(content, amounts_of(book))
    plans = plans_for(book, values.lines_per_panel)
    move_rows(book, plans)
    for sheet in book.sheets:
        _fill_sheet(book, sheet, plans[sheet.name.lower()], values)
    _fill_names(book, values)
    for part in book.package.names:
        if TEXT_PARTS.fullmatch(part):
            fill_paragraphs(book.package.tree(part), lambda name: shown(values.at(name, None)))
    store_results(book)


def fill_package(template: bytes, content: QuotationContent) -> bytes:
    """Return the filled file."""
    with refusing_damage("template"):
        book = Book(open_package(template))
        fill_book(book, content)
        return book.package.to_bytes()


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


def _fill_sheet(book: Book, sheet: SheetPart, plan: RowPlan, values: Values) -> None:
    tree = book.package.tree(sheet.part)
    spots = {row: spot for each in plan.repetitions for row, _source, spot in each.spots()}
    filled: dict[str, str] = {}
    for cell in cells(tree):
        text = cell_text(cell, book)
        if placeholders(text):
            place = str(cell.get("r"))
            _fill_cell(cell, text, book, values, spots.get(split_place(place)[1]))
            filled[place] = cell_text(cell, book)
    grow_rows(book, tree, filled)
    for name in HEADER_TEXTS:
        for element in tree.iter(main(name)):
            if placeholders(element.text or ""):
                element.text = fill_header(element.text or "", lambda field: shown(values.at(field, None)))
    for part in book.related(sheet.part, "comments"):
        _fill_comments(book.package.tree(part), values)


def _fill_cell(cell: etree._Element, text: str, book: Book, values: Values, spot: Spot | None) -> None:
    whole = only_placeholder(text)
    if whole is not None:
        put_value(cell, values.at(whole, spot), book)
        return

    def words(name: str) -> str:
        return shown(values.at(name, spot))

    holder = text_holder(cell, book)
    if holder is None:
        put_text(cell, "".join(substituted([text], words)), book)
    else:
        put_runs(cell, holder, substituted([each.text or "" for each in texts(holder)], words), book)


def _fill_comments(root: etree._Element, values: Values) -> None:
    for comment in root.iter(main("text")):
        runs = texts(comment)
        old = [each.text or "" for each in runs]
        if placeholders("".join(old)):
            new = substituted(old, lambda name: shown(values.at(name, None)))
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


def _fill_names(book: Book, values: Values) -> None:
    for _name, field, sheet, place in list(named_fields(book)):
        tree = book.package.tree(sheet.part)
        known = cell_index(tree).get(place)
        if known is not None and formula(known) is not None:
            continue  # the company computes it
        put_value(cell_at(tree, place) if known is None else known, values.at(field, None), book)
