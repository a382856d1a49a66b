"""A finished workbook as its reader sees it: sheets of cells with what they show and how, names, print settings.

The parts of the package are read as they are (ECMA-376 part 1): a library would repair or drop what is to be judged.
"""

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Final

from kis.estimator.documents.lint.reading.cell_look import MAIN as _MAIN
from kis.estimator.documents.lint.reading.cell_look import CellLook, read_looks
from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.estimator.documents.lint.reading.number_format import day_of, says_words, shown
from kis.estimator.documents.lint.reading.texts import Texts, texts_of
from kis.estimator.documents.lint.reading.xml import read_xml
from kis.platform.messages import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST_UNPACKED_BYTES: Final = 128 * 2**20
MOST_PARTS: Final = 5000
MOST_SHEETS: Final = 1000

_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    ArithmeticError,  # numbers beyond all bounds
    EOFError,
    LookupError,  # parts, strings and looks that are referred to and missing
    OSError,
    RuntimeError,  # an encrypted package, or a compression nobody knows
    ValueError,
)
"""What reading a damaged package can raise."""

_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CODE: Final = re.compile(r"""&&|&"[^"]*"|&\d+|&K[0-9A-Fa-f]{6}|&[A-Za-z]""")
"""Codes of headers and footers (ECMA-376 part 1, 18.3.1.46)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell that holds something: words, a number, an error (``#REF!``), or a formula with the value it last gave."""

    column: int
    row: int
    text: str
    number: float | None
    error: str
    formula: str | None
    look: CellLook

    @property
    def place(self) -> str:
        """Return the cell's address, ``G7``."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def day(self) -> date | None:
        """Return the day it shows, None where it shows something else."""
        return None if self.number is None else day_of(self.number, self.look.number_format)

    @property
    def said(self) -> str:
        """Return its words: its text, or its number where the format adds words to it."""
        if self.number is None or not (says_words(self.look.number_format) or self.day):
            return self.text
        return shown(self.number, self.look.number_format)


@dataclass(frozen=True, kw_only=True)
class SheetView:
    """A sheet. ``widths`` are those of the columns that have one of their own, in letters; ``breaks`` the rows after which a page ends."""

    title: str
    visible: bool
    cells: tuple[Cell, ...]
    merged: tuple[str, ...]
    widths: Mapping[int, float]
    default_width: float
    heights: Mapping[int, float]
    """Heights of the rows that have a fixed one, in points; the others grow with their texts."""
    print_area: str
    print_titles: str
    pictures: int
    header_footer: str
    """As the file has it, with its codes: ``&P`` is the page, ``&N`` the pages."""

    @property
    def header_footer_words(self) -> str:
        """Return the words of header and footer without the codes."""
        return _CODE.sub(_said_by, self.header_footer).strip()

    @cached_property
    def at(self) -> Mapping[str, Cell]:
        """Return the cells by their address."""
        return {cell.place: cell for cell in self.cells}

    @cached_property
    def rows(self) -> Mapping[int, tuple[Cell, ...]]:
        """Return the cells by row, from left to right."""
        found: dict[int, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.row, []).append(cell)
        return {row: tuple(cells) for row, cells in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookView:
    """A whole workbook. ``names`` are its defined names with their references; ``external`` the parts that reach out of it."""

    sheets: tuple[SheetView, ...]
    names: Mapping[str, str]
    external: tuple[str, ...]
    title: str

    @property
    def visible_sheets(self) -> tuple[SheetView, ...]:
        """Return the sheets a reader sees."""
        return tuple(sheet for sheet in self.sheets if sheet.visible)

    def texts(self) -> Texts:
        """Return the words of every visible sheet, with their cells; names of sheets and header and footer among them."""
        return texts_of(self._pieces())

    def _pieces(self) -> Iterator[tuple[str, str]]:
        for sheet in self.visible_sheets:
            yield sheet.title, sheet.title
            if sheet.header_footer:
                yield sheet.title, sheet.header_footer_words
            for cell in sheet.cells:
                if said := cell.said:
                    yield f"{sheet.title}!{cell.place}", said


def read_xlsx(data: bytes) -> WorkbookView:
    """Return the view of a workbook. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if (
                len(entries) > MOST_PARTS
                or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED_BYTES
            ):
                raise Unreadable(Message("lint.reading.large"))
            return _Reader(archive).view()
    except _DAMAGE as error:
        raise Unreadable(Message("lint.reading.no_workbook")) from error


def column_letters(column: int) -> str:
    """Return the letters of a column, 1 is ``A``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_position(place: str) -> tuple[int, int]:
    """Return column and row of an address; dollar signs do not count. Raises ValueError."""
    bare = place.replace("$", "").upper()
    letters = bare.rstrip("0123456789")
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(place)
        column = column * 26 + ord(letter) - 64
    return column, int(bare[len(letters) :])


class _Reader:
    """Reads the parts of one open package."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = set(archive.namelist())
        self._workbook = self._main_part()
        self._shared = self._shared_strings()
        self._looks = self._cell_looks()

    def view(self) -> WorkbookView:
        root = self._xml(self._workbook)
        links = self._links(self._workbook)
        listed = list(root.iterfind(f"{_MAIN}sheets/{_MAIN}sheet"))
        if not 0 < len(listed) <= MOST_SHEETS:
            raise Unreadable(Message("lint.reading.large"))
        names, areas, titles = self._names(root)
        sheets = tuple(
            self._sheet(entry, links[entry.get(_LINK, "")], areas.get(index, ""), titles.get(index, ""))
            for index, entry in enumerate(listed)
        )
        return WorkbookView(sheets=sheets, names=names, external=tuple(self._external()), title=self._title())

    def _xml(self, part: str) -> "_Element":
        return read_xml(self._archive.read(part))

    def _main_part(self) -> str:
        for target in self._typed_links("").values():
            kind, part = target
            if kind.endswith("/officeDocument"):
                return part
        raise ValueError("no workbook")

    def _typed_links(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to: id → (kind, part). A part without references has no such list."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        if listing not in self._parts:
            return {}
        return {
            link.get("Id", ""): (link.get("Type", ""), _joined(folder, link.get("Target", "")))
            for link in self._xml(listing)
            if link.get("TargetMode") != "External"
        }

    def _links(self, part: str) -> dict[str, str]:
        return {key: target for key, (_, target) in self._typed_links(part).items()}

    def _shared_strings(self) -> list[str]:
        part = self._linked("/sharedStrings")
        return [] if part is None else [_words(entry) for entry in self._xml(part).iterfind(f"{_MAIN}si")]

    def _linked(self, kind: str) -> str | None:
        found = (part for named, part in self._typed_links(self._workbook).values() if named.endswith(kind))
        return next((part for part in found if part in self._parts), None)

    def _cell_looks(self) -> tuple[CellLook, ...]:
        part = self._linked("/styles")
        return (CellLook(),) if part is None else read_looks(self._xml(part))

    def _names(self, root: "_Element") -> tuple[dict[str, str], dict[int, str], dict[int, str]]:
        """Return the workbook's names, and each sheet's print area and print titles by its index."""
        names: dict[str, str] = {}
        areas: dict[int, str] = {}
        titles: dict[int, str] = {}
        for entry in root.iterfind(f"{_MAIN}definedNames/{_MAIN}definedName"):
            name, reference = entry.get("name", ""), (entry.text or "").strip()
            sheet = int(entry.get("localSheetId", "-1"))
            if name == "_xlnm.Print_Area":
                areas[sheet] = reference
            elif name == "_xlnm.Print_Titles":
                titles[sheet] = reference
            elif not name.startswith("_xlnm."):
                names[name] = reference
        return names, areas, titles

    def _sheet(self, entry: "_Element", part: str, area: str, titles: str) -> SheetView:
        root = self._xml(part)
        layout = root.find(f"{_MAIN}sheetFormatPr")
        kinds = [kind for kind, _ in self._typed_links(part).values()]
        return SheetView(
            title=entry.get("name", ""),
            visible=entry.get("state", "visible") == "visible",
            cells=tuple(self._cells(root)),
            merged=tuple(
                cell.get("ref", "") for cell in root.iterfind(f"{_MAIN}mergeCells/{_MAIN}mergeCell")
            ),
            widths=_widths(root),
            heights=_heights(root),
            default_width=8.43 if layout is None else float(layout.get("defaultColWidth", "8.43")),
            print_area=area,
            print_titles=titles,
            pictures=sum(self._pictures(part)) if any(kind.endswith("/drawing") for kind in kinds) else 0,
            header_footer=_header_footer(root),
        )

    def _pictures(self, part: str) -> Iterator[int]:
        for kind, target in self._typed_links(part).values():
            if kind.endswith("/drawing") and target in self._parts:
                yield sum(named.endswith("/image") for named, _ in self._typed_links(target).values())

    def _cells(self, root: "_Element") -> Iterator[Cell]:
        row_tag, cell_tag = f"{_MAIN}row", f"{_MAIN}c"
        data = root.find(f"{_MAIN}sheetData")
        row = 0
        for line in () if data is None else data.iterchildren(row_tag):
            row = int(line.get("r", row + 1))
            column = 0
            for entry in line.iterchildren(cell_tag):
                place = entry.get("r")
                column = column + 1 if place is None else cell_position(place)[0]
                cell = self._cell(entry, column, row)
                if cell is not None:
                    yield cell

    def _cell(self, entry: "_Element", column: int, row: int) -> Cell | None:
        """Return a cell; None where it is only painted."""
        value, formula, words = None, None, ""
        for child in entry:
            if child.tag == f"{_MAIN}v":
                value = child.text
            elif child.tag == f"{_MAIN}f":
                formula = child.text or ""
            elif child.tag == f"{_MAIN}is":
                words = _words(child)
        if value is None and formula is None and not words:
            return None
        kind = entry.get("t", "n")
        if kind == "s" and value is not None:
            words = self._shared[int(value)]
        elif kind == "str":
            words = value or ""
        return Cell(
            column=column,
            row=row,
            text=words,
            number=_finite(value) if kind == "n" and value else None,
            error=value or "" if kind == "e" else "",
            formula=formula,
            look=self._looks[int(entry.get("s", "0"))],
        )

    def _external(self) -> Iterator[str]:
        for part in sorted(self._parts):
            if (
                part.startswith("xl/externalLinks/") and part.endswith(".xml")
            ) or part == "xl/connections.xml":
                yield part

    def _title(self) -> str:
        for kind, part in self._typed_links("").values():
            if kind.endswith("/core-properties") and part in self._parts:
                return self._xml(part).findtext("{http://purl.org/dc/elements/1.1/}title") or ""
        return ""


def _said_by(code: re.Match[str]) -> str:
    """Return what a code of a header stands for among its words: ``&&`` is an ampersand, the three places are lines, pages are figures."""
    return {"&&": "&", "&L": "\n", "&C": "\n", "&R": "\n", "&P": "1", "&N": "1"}.get(code[0], "")


def _finite(number: str) -> float:
    value = float(number)
    if not isfinite(value):
        raise ValueError(number)
    return value


def _joined(folder: str, target: str) -> str:
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _words(entry: "_Element") -> str:
    """Return the words of a string item; those of phonetic hints are none of them."""
    hints = {id(text) for hint in entry.iterfind(f"{_MAIN}rPh") for text in hint.iterfind(f"{_MAIN}t")}
    return "".join(text.text or "" for text in entry.iter(f"{_MAIN}t") if id(text) not in hints)


def _widths(root: "_Element") -> dict[int, float]:
    widths: dict[int, float] = {}
    for entry in root.iterfind(f"{_MAIN}cols/{_MAIN}col"):
        first, last = int(entry.get("min", "1")), int(entry.get("max", "1"))
        width = 0.0 if entry.get("hidden") in ("1", "true") else float(entry.get("width", "8.43"))
        widths |= dict.fromkeys(range(first, min(last, 16_384) + 1), width)
    return widths


def _heights(root: "_Element") -> dict[int, float]:
    data = root.find(f"{_MAIN}sheetData")
    if data is None:
        return {}
    return {
        int(row.get("r", "0")): float(row.get("ht", "15"))
        for row in data.iterchildren(f"{_MAIN}row")
        if row.get("customHeight") in ("1", "true")
    }


def _header_footer(root: "_Element") -> str:
    found = root.find(f"{_MAIN}headerFooter")
    return "" if found is None else "\n".join(part.text for part in found if part.text)
