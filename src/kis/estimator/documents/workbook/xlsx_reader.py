"""What a finished .xlsx file holds: formulas, names and pictures, read from the parts of its package.

Read without openpyxl on purpose: the program that wrote a file is no witness of what is in it, and it would not show the pictures.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from kis.evidence import sha256_hex

if TYPE_CHECKING:
    from lxml.etree import _Element

Place = tuple[str, str]
"""Sheet and cell."""

_SPREADSHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAIN: Final = f"{{{_SPREADSHEET}}}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ANCHORED: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WORKBOOK: Final = "xl/workbook.xml"
_SHARED: Final = "xl/sharedStrings.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFormat:
    """Everything found: formulas (with their equals sign), other cells' contents as stored, names with their references, digests of pictures."""

    formulas: dict[Place, str]
    constants: dict[Place, str]
    names: dict[str, str]
    pictures: dict[Place, str]


def read_format(data: bytes) -> FoundFormat:
    """Return what the .xlsx file ``data`` holds."""
    formulas: dict[Place, str] = {}
    constants: dict[Place, str] = {}
    pictures: dict[Place, str] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = _Package(archive)
        workbook = package.tree(_WORKBOOK)
        words = package.shared_words()
        for title, part in package.sheets(workbook):
            for cell in package.tree(part).iter(f"{_MAIN}c"):
                place = (title, cell.get("r", ""))
                formula = cell.findtext(f"{_MAIN}f")
                content = _constant(cell, words)
                if formula is not None:
                    formulas[place] = f"={formula}"
                elif content:
                    constants[place] = content
            pictures.update({(title, place): digest for place, digest in package.pictures(part)})
        names = {
            name.get("name", ""): name.text or ""
            for name in workbook.iter(f"{_MAIN}definedName")
            if name.get("localSheetId") is None
        }
    return FoundFormat(formulas=formulas, constants=constants, names=names, pictures=pictures)


class _Package:
    """The parts of the archive, and how they refer to each other."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = frozenset(archive.namelist())
        self._parser = etree.XMLParser(resolve_entities=False, no_network=True)

    def tree(self, part: str) -> "_Element":
        return etree.fromstring(self._archive.read(part), self._parser)

    def shared_words(self) -> tuple[str, ...]:
        """Return the texts that cells refer to by number."""
        if _SHARED not in self._parts:
            return ()
        return tuple(_words(item) for item in self.tree(_SHARED).iter(f"{_MAIN}si"))

    def sheets(self, workbook: "_Element") -> Iterator[tuple[str, str]]:
        """Yield the title and the part of every sheet."""
        targets = self._targets(_WORKBOOK)
        for sheet in workbook.iter(f"{_MAIN}sheet"):
            part = targets.get(sheet.get(f"{_RELATION}id", ""), "")
            if part in self._parts:
                yield sheet.get("name", ""), part

    def pictures(self, sheet: str) -> Iterator[tuple[str, str]]:
        """Yield the cell and the digest of every picture on a sheet."""
        for drawing in self._targets(sheet).values():
            if "/drawings/" not in drawing or drawing not in self._parts:
                continue
            media = self._targets(drawing)
            for anchor in self.tree(drawing):
                start = anchor.find(f"{_ANCHORED}from")
                blip = anchor.find(f".//{_DRAWN}blip")
                part = "" if blip is None else media.get(blip.get(f"{_RELATION}embed", ""), "")
                if start is not None and part in self._parts:
                    column = int(start.findtext(f"{_ANCHORED}col", "0"))
                    row = int(start.findtext(f"{_ANCHORED}row", "0"))
                    yield f"{_letters(column)}{row + 1}", sha256_hex(self._archive.read(part))

    def _targets(self, part: str) -> dict[str, str]:
        """Return the parts that ``part`` refers to, by relationship id."""
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        if relations not in self._parts:
            return {}
        return {
            relation.get("Id", ""): posixpath.normpath(
                posixpath.join("/", folder, relation.get("Target", ""))
            ).lstrip("/")
            for relation in self.tree(relations).iter(f"{_PACKAGE}Relationship")
        }


def _constant(cell: "_Element", shared: tuple[str, ...]) -> str:
    """Return what a cell without a formula holds; empty where it holds nothing."""
    inline, stored = cell.find(f"{_MAIN}is"), cell.findtext(f"{_MAIN}v", "")
    if inline is not None:
        return _words(inline)
    if cell.get("t") == "s" and stored.isdecimal() and int(stored) < len(shared):
        return shared[int(stored)]
    return stored


def _words(item: "_Element") -> str:
    """Return a text whatever runs it is divided into."""
    return "".join(run.text or "" for run in item.iter(f"{_MAIN}t"))


def _letters(column: int) -> str:
    """Return the letters of the column with that index from 0: 0 is A, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
