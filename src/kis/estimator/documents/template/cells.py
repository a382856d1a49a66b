"""Cells of a worksheet: what they say, and how a value is put into one without touching its format."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree
from openpyxl.formula.translate import Translator

from kis.estimator.documents.template.book import SPACE, Book, local, main
from kis.estimator.documents.template.fields import Value, escaped, legal, looks_like_formula
from kis.estimator.documents.template.places import MAX_ROW, column_letters, column_number

_PLACE: Final = re.compile(r"\$?([A-Za-z]+)\$?(\d+)")
_EPOCH: Final = date(1899, 12, 30)
_MAC_EPOCH: Final = date(1904, 1, 1)


def split_place(place: str) -> tuple[str, int]:
    """Return column letters and row of a cell's place (``$G$12`` or ``G12``)."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise ValueError(f"no place of a cell: {place!r}")
    return found[1].upper(), int(found[2])


def rows(sheet: etree._Element) -> list[etree._Element]:
    """Return the rows of a worksheet, each with its number written out (a writer may leave it to be counted)."""
    data = sheet.find(main("sheetData"))
    found = [] if data is None else data.findall(main("row"))
    number = 0
    for row in found:
        number = int(row.get("r", number + 1))
        if not 1 <= number <= MAX_ROW:
            raise ValueError(f"no row of a sheet: {number}")
        if row.get("r") is None:
            row.set("r", str(number))
        _number_cells(row, number)
    return found


def cells(sheet: etree._Element) -> Iterator[etree._Element]:
    """Yield every cell of a worksheet by rows."""
    for row in rows(sheet):
        yield from row.iterchildren(main("c"))


def cell_index(sheet: etree._Element) -> dict[str, etree._Element]:
    """Return all cells by place."""
    return {str(cell.get("r")): cell for cell in cells(sheet)}


def formula(cell: etree._Element) -> etree._Element | None:
    """Return the element of the cell's formula."""
    return cell.find(main("f"))


def text_holder(cell: etree._Element, book: Book) -> etree._Element | None:
    """Return the element with the cell's text (a shared string or its own), None where it holds no text or a formula."""
    kind = cell.get("t")
    if formula(cell) is not None:
        return None
    if kind == "s":
        index = int(cell.findtext(main("v"), "-1"))
        return book.strings[index] if 0 <= index < len(book.strings) else None
    if kind == "inlineStr":
        return cell.find(main("is"))
    return None


def texts(holder: etree._Element) -> list[etree._Element]:
    """Return the elements of a string's runs; readings (phonetic runs) are none."""
    return [
        each
        for each in holder.iter(main("t"))
        if (parent := each.getparent()) is None or local(parent) != "rPh"
    ]


def cell_text(cell: etree._Element, book: Book) -> str:
    """Return the cell's text; empty where it holds none."""
    if cell.get("t") == "str" and formula(cell) is None:
        return cell.findtext(main("v"), "")
    holder = text_holder(cell, book)
    return "" if holder is None else "".join(each.text or "" for each in texts(holder))


def put_value(cell: etree._Element, value: Value, book: Book) -> None:
    """Write a value: numbers and dates as numbers in the cell's own format, words as words that never become a formula."""
    if isinstance(value, Decimal):
        _put_number(cell, f"{value:f}")
    elif isinstance(value, date) and book.shows_date(int(cell.get("s", 0))):
        epoch = _MAC_EPOCH if book.counts_from_1904 else _EPOCH
        _put_number(cell, str((value - epoch).days))
    else:
        put_text(cell, value.isoformat() if isinstance(value, date) else value, book)


def put_text(cell: etree._Element, value: str, book: Book) -> None:
    """Write words into a cell."""
    clear(cell)
    text = legal(value)
    if not text:
        return
    cell.set("t", "inlineStr")
    holder = etree.SubElement(cell, main("is"))
    write_text(etree.SubElement(holder, main("t")), text)
    _guard(cell, text, book)


def put_runs(cell: etree._Element, holder: etree._Element, runs: list[str], book: Book) -> None:
    """Write a text in its runs, each in the format it has in the template."""
    own = deepcopy(holder)
    own.tag = main("is")
    own.tail = None
    for element, text in zip(texts(own), runs, strict=True):
        write_text(element, legal(text))
    for reading in [each for each in own if local(each) in {"rPh", "phoneticPr"}]:
        own.remove(reading)
    clear(cell)
    cell.set("t", "inlineStr")
    cell.append(own)
    _guard(cell, "".join(runs), book)


def clear(cell: etree._Element) -> None:
    """Take the content out of a cell; its format stays."""
    for child in list(cell):
        if local(child) in {"v", "f", "is"}:
            cell.remove(child)
    cell.attrib.pop("t", "")


def forget_value(cell: etree._Element) -> None:
    """Take the stored result from beside a formula: it was computed from other values."""
    stored = cell.find(main("v"))
    if stored is not None:
        cell.remove(stored)
    cell.attrib.pop("t", "")


def write_text(element: etree._Element, text: str) -> None:
    """Put text into a ``t`` element; blanks at its ends and line breaks are kept."""
    element.text = escaped(text)
    if text != text.strip() or "\n" in text or "  " in text:
        element.set(SPACE, "preserve")


def part_shared_formulas(sheet: etree._Element) -> None:
    """Write every shared formula out, so that each can follow its own rows."""
    masters: dict[str, tuple[str, str]] = {}
    for cell in cells(sheet):
        found = formula(cell)
        if found is None or found.get("t") != "shared":
            continue
        group, place = str(found.get("si")), str(cell.get("r"))
        if found.text:
            masters[group] = (found.text, place)
        elif group in masters:
            text, origin = masters[group]
            found.text = str(Translator(f"={text}", origin=origin).translate_formula(place))[1:]
        for name in ("t", "si", "ref"):
            found.attrib.pop(name, "")


def cell_at(sheet: etree._Element, place: str) -> etree._Element:
    """Return the cell at a place, made where it is missing."""
    letters, number = split_place(place)
    data = sheet.find(main("sheetData"))
    if data is None:
        raise ValueError("a worksheet without sheetData")
    row = next((each for each in rows(sheet) if each.get("r") == str(number)), None)
    if row is None:
        row = etree.Element(main("row"), r=str(number))
        data.insert(sum(int(each.get("r", 0)) < number for each in data), row)
    wanted = column_number(letters)
    before = 0
    for cell in row.iterchildren(main("c")):
        column = column_number(split_place(str(cell.get("r")))[0])
        if column == wanted:
            return cell
        before += column < wanted
    made = etree.Element(main("c"), r=f"{letters}{number}")
    row.insert(before, made)
    return made


def _put_number(cell: etree._Element, number: str) -> None:
    clear(cell)
    etree.SubElement(cell, main("v")).text = number


def _guard(cell: etree._Element, text: str, book: Book) -> None:
    if looks_like_formula(text):
        cell.set("s", str(book.quoted(int(cell.get("s", 0)))))


def _number_cells(row: etree._Element, number: int) -> None:
    column = 0
    for cell in row.iterchildren(main("c")):
        place = cell.get("r")
        column = column_number(split_place(place)[0]) if place else column + 1
        if not place:
            cell.set("r", f"{column_letters(column)}{number}")
