"""The parts of a workbook and how they hang together: sheets, relations, defined names, shared strings, styles."""

import posixpath
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from lxml import etree

from kis.estimator.documents.template.package import Package

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
WORKBOOK: Final = "xl/workbook.xml"
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in number formats that show a date (ECMA-376 18.8.30, with those of Korean, Chinese and Japanese)."""
_NOT_LETTERS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def main(name: str) -> str:
    """Return ``name`` in the namespace of spreadsheets."""
    return f"{{{MAIN}}}{name}"


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attributes(element: etree._Element) -> dict[str, str]:
    """Return an element's attributes as they are written."""
    return {str(name): str(value) for name, value in element.attrib.items()}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, and the part that holds it."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: kind (last word of the relation's type), and the other part's name."""

    id: str
    kind: str
    target: str


class Book:
    """A workbook's package with its structure."""

    def __init__(self, package: Package) -> None:
        self.package = package
        targets = {relation.id: relation for relation in self.relations(WORKBOOK)}
        self.sheets: tuple[SheetPart, ...] = tuple(
            SheetPart(str(sheet.get("name")), targets[rid].target)
            for sheet in package.tree(WORKBOOK).iter(main("sheet"))
            if (rid := str(sheet.get(f"{{{OFFICE_RELATIONS}}}id"))) in targets
            and targets[rid].kind == "worksheet"
            and targets[rid].target in package
        )
        self.sheet_order: tuple[str, ...] = tuple(
            str(sheet.get("name")) for sheet in package.tree(WORKBOOK).iter(main("sheet"))
        )
        self.strings = self._strings()
        self._styles = next((each.target for each in self.relations(WORKBOOK) if each.kind == "styles"), "")
        self._quoted: dict[int, int] = {}

    def relations(self, part: str) -> Iterator[Relation]:
        """Yield what ``part`` refers to inside the package."""
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels"
        if path not in self.package:
            return
        for relation in self.package.tree(path):
            if relation.get("TargetMode") == "External" or not isinstance(relation.tag, str):
                continue
            target = str(relation.get("Target"))
            whole = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            kind = str(relation.get("Type")).rpartition("/")[2]
            yield Relation(str(relation.get("Id")), kind, whole)

    def related(self, part: str, *kinds: str) -> Iterator[str]:
        """Yield the parts of some kinds that ``part`` refers to, if they are there."""
        for relation in self.relations(part):
            if relation.kind in kinds and relation.target in self.package:
                yield relation.target

    @property
    def defined_names(self) -> Iterator[etree._Element]:
        """Yield the elements of all defined names."""
        return self.package.tree(WORKBOOK).iter(main("definedName"))

    @property
    def counts_from_1904(self) -> bool:
        """Tell whether dates are counted from 1904, as old Macintosh files do."""
        properties = self.package.tree(WORKBOOK).find(main("workbookPr"))
        return properties is not None and properties.get("date1904") in {"1", "true"}

    def home_of(self, name: etree._Element) -> str:
        """Return the sheet a defined name belongs to; empty where it belongs to the workbook."""
        index = name.get("localSheetId")
        return "" if index is None else self.sheet_order[int(index)]

    def shows_date(self, style: int) -> bool:
        """Tell whether a cell of this style shows a number as a date."""
        styles = self._cell_styles()
        if styles is None or style >= len(styles):
            return False
        number = int(styles[style].get("numFmtId", 0))
        if number in _DATE_FORMATS:
            return True
        for known in self.package.tree(self._styles).iter(main("numFmt")):
            if int(known.get("numFmtId", -1)) == number:
                return bool(re.search("[ymd]", _NOT_LETTERS.sub("", str(known.get("formatCode"))).lower()))
        return False

    def cell_style(self, style: int) -> etree._Element | None:
        """Return the format of a style, if there is one."""
        styles = self._cell_styles()
        return None if styles is None or style >= len(styles) else styles[style]

    def wraps(self, style: int) -> bool:
        """Tell whether a cell of this style breaks its text into lines."""
        found = self.cell_style(style)
        alignment = None if found is None else found.find(main("alignment"))
        return alignment is not None and alignment.get("wrapText") in {"1", "true"}

    def font_size(self, style: int, otherwise: float) -> float:
        """Return the size of a cell's letters in points."""
        found = self.cell_style(style)
        fonts = None if found is None else self.package.tree(self._styles).find(main("fonts"))
        if found is None or fonts is None:
            return otherwise
        index = int(found.get("fontId", 0))
        size = fonts[index].find(main("sz")) if index < len(fonts) else None
        return otherwise if size is None else float(size.get("val", otherwise))

    def quoted(self, style: int) -> int:
        """Return a style like ``style`` that also says: this is text, however it begins."""
        styles = self._cell_styles()
        if styles is None or style >= len(styles):
            return style
        if styles[style].get("quotePrefix") in {"1", "true"}:
            return style
        if style not in self._quoted:
            twin = deepcopy(styles[style])
            twin.set("quotePrefix", "1")
            styles.append(twin)
            styles.set("count", str(len(styles)))
            self._quoted[style] = len(styles) - 1
        return self._quoted[style]

    def _cell_styles(self) -> etree._Element | None:
        if self._styles not in self.package:
            return None
        return self.package.tree(self._styles).find(main("cellXfs"))

    def _strings(self) -> list[etree._Element]:
        part = next(self.related(WORKBOOK, "sharedStrings"), None)
        return [] if part is None else self.package.tree(part).findall(main("si"))
