"""A filled file against its template: what should be there, and is not.

The rows of the template are repeated as often as the filled file shows it (``align``), which gives the file that ought to be; then the two are
compared part by part, cell by cell. Only what the template asks for may differ.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from kis.estimator.documents.template.align import infer_plans
from kis.estimator.documents.template.book import WORKBOOK, Book, SheetPart, attributes, local, main
from kis.estimator.documents.template.cells import (
    cell_index,
    cell_text,
    formula,
    part_shared_formulas,
    rows,
)
from kis.estimator.documents.template.fields import placeholders
from kis.estimator.documents.template.fill import named_fields
from kis.estimator.documents.template.move import move_rows
from kis.estimator.documents.template.package import Package, open_package, parse_xml, refusing_damage
from kis.estimator.documents.template.report import LossKind, TemplateLoss, TemplateMeasure

_LISTS: Final = frozenset(
    {
        "sheets",
        "mergeCells",
        "dataValidations",
        "hyperlinks",
        "rowBreaks",
        "colBreaks",
        "cols",
        "tableParts",
        "cellXfs",
        "commentList",
        "headerFooter",
        "extLst",
        "ext",
        "conditionalFormattings",
        "controls",
    }
)
"""Elements that are compared child by child, so that a loss names the one that is lost."""
_ELEMENT_KINDS: Final[dict[str, LossKind]] = {
    "conditionalFormatting": "conditionalFormatting",
    "dataValidation": "dataValidation",
    "mergeCell": "mergeCell",
    "hyperlink": "hyperlink",
    "oddHeader": "header",
    "oddFooter": "header",
    "evenHeader": "header",
    "evenFooter": "header",
    "firstHeader": "header",
    "firstFooter": "header",
    "pageSetup": "print",
    "pageMargins": "print",
    "printOptions": "print",
    "brk": "print",
    "sheet": "sheet",
    "comment": "comment",
    "twoCellAnchor": "drawing",
    "oneCellAnchor": "drawing",
    "absoluteAnchor": "drawing",
}
_PART_KINDS: Final[tuple[tuple[str, LossKind], ...]] = (
    ("xl/media/", "image"),
    ("xl/charts/", "chart"),
    ("xl/drawings/", "drawing"),
    ("xl/comments", "comment"),
    ("xl/threadedComments/", "comment"),
    ("xl/tables/", "table"),
    ("xl/worksheets/sheet", "sheet"),
)
_TEXT_BEARERS: Final = frozenset({"p", "si", "is", "text", *(f"{a}{b}" for a in ("odd", "even", "first") for b in ("Header", "Footer"))})  # fmt: skip
_LABELS: Final = ("ref", "sqref", "name", "id", "Target", "PartName", "Extension", "min")
_ROW_LOOKS: Final = (
    "ht",
    "customHeight",
    "hidden",
    "s",
    "customFormat",
    "outlineLevel",
    "collapsed",
    "thickTop",
    "thickBot",
)
_SHOWN: Final = 160
_SKIPPED_IN_SHEET: Final = frozenset({"sheetData", "dimension"})
_SKIPPED_IN_WORKBOOK: Final = frozenset({"definedNames", "calcPr"})


def compare_packages(template: bytes, filled: bytes) -> TemplateMeasure:
    """Return what the filled file has lost."""
    package = open_package(template)
    theirs = open_package(filled, "filled")
    with refusing_damage("filled"):
        return _measured(package, Book(package), Book(theirs))


def _measured(package: Package, ours: Book, theirs: Book) -> TemplateMeasure:
    raw = {name: package.content(name) for name in package.names}
    move_rows(ours, infer_plans(ours, theirs))
    sheets = [_SheetPair(ours, theirs, sheet) for sheet in ours.sheets]
    losses = [loss for pair in sheets for loss in pair.losses()]
    names = list(_name_losses(ours, theirs))
    losses += names
    losses += _part_losses(ours, theirs, raw)
    return TemplateMeasure(
        formulas_expected=sum(pair.formulas for pair in sheets),
        formula_loss=sum(1 for loss in losses if loss.kind == "formula"),
        named_ranges_expected=sum(1 for _name in ours.defined_names),
        named_range_damage=len(names),
        parts_expected=len(package.names),
        losses=tuple(losses),
    )


class _SheetPair:
    """A sheet as it ought to be and as it is."""

    def __init__(self, ours: Book, theirs: Book, sheet: SheetPart) -> None:
        self._ours, self._theirs, self._sheet = ours, theirs, sheet
        self._tree = ours.package.tree(sheet.part)
        found = next((each for each in theirs.sheets if each.name == sheet.name), None)
        self._found = None if found is None else theirs.package.tree(found.part)
        self._filled = {place for _n, _f, named, place in named_fields(ours) if named.part == sheet.part}
        self._cells = cell_index(self._tree)
        self.formulas = sum(1 for cell in self._cells.values() if formula(cell) is not None)

    def losses(self) -> Iterator[TemplateLoss]:
        """Yield what the sheet lacks, from its cells outwards."""
        if self._found is None:
            for place, cell in self._cells.items():
                if (wanted := formula(cell)) is not None:
                    yield TemplateLoss("formula", self._where(place), f"={wanted.text or ''}", "")
            yield TemplateLoss("sheet", self._sheet.name, self._sheet.name, "")
            return
        part_shared_formulas(self._found)
        found = cell_index(self._found)
        for place, cell in self._cells.items():
            yield from self._cell_losses(place, cell, found.get(place))
        yield from self._row_losses(self._found)
        yield from element_losses(self._tree, self._found, self._sheet.name, skipped=_SKIPPED_IN_SHEET)

    def _where(self, place: str) -> str:
        return f"{self._sheet.name}!{place}"

    def _cell_losses(
        self, place: str, cell: etree._Element, found: etree._Element | None
    ) -> Iterator[TemplateLoss]:
        where, wanted = self._where(place), formula(cell)
        if wanted is not None:
            there = None if found is None else formula(found)
            expected, actual = _formula_text(wanted), "" if there is None else _formula_text(there)
            if expected != actual:
                yield TemplateLoss("formula", where, expected, actual)
        elif place not in self._filled and not placeholders(cell_text(cell, self._ours)):
            expected = _content(cell, self._ours)
            actual = "" if found is None else _content(found, self._theirs)
            if expected != actual:
                yield TemplateLoss("cell", where, expected, actual)
        style, actual_style = cell.get("s", "0"), "" if found is None else found.get("s", "0")
        if style != actual_style and not self._is_quoted_twin(style, actual_style):
            yield TemplateLoss("format", where, style, actual_style)

    def _is_quoted_twin(self, style: str, found: str) -> bool:
        """Tell whether the cell only learnt that it holds text: a customer's words that begin like a formula."""
        ours, theirs = self._ours.cell_style(int(style)), self._theirs.cell_style(int(found or 0))
        if ours is None or theirs is None or not found:
            return False
        without = [{**attributes(each), "quotePrefix": ""} for each in (ours, theirs)]
        return without[0] == without[1] and len(ours) == len(theirs)

    def _row_losses(self, found: etree._Element) -> Iterator[TemplateLoss]:
        there = {row.get("r"): row for row in rows(found)}
        for row in rows(self._tree):
            number = str(row.get("r"))
            other = there.get(number)
            if other is not None and self._has_grown(row, other):
                continue
            expected, actual = _looks(row), "" if other is None else _looks(other)
            if other is None or expected != actual:
                yield TemplateLoss("row", f"{self._sheet.name}!{number}:{number}", expected, actual)

    def _has_grown(self, row: etree._Element, found: etree._Element) -> bool:
        """Tell whether a row only became higher, for a text that was put into it."""
        asks = any(placeholders(cell_text(cell, self._ours)) for cell in row.iterchildren(main("c")))
        without = [{**attributes(each), "ht": "", "customHeight": "", "spans": ""} for each in (row, found)]
        return asks and without[0] == without[1] and float(found.get("ht", 0)) >= float(row.get("ht", 0))


def element_losses(
    ours: etree._Element, theirs: etree._Element, where: str, *, skipped: frozenset[str] = frozenset()
) -> Iterator[TemplateLoss]:
    """Yield the elements of ``ours`` that ``theirs`` lacks or has otherwise; texts that ask for something may differ."""
    left = list(_units(theirs, skipped))
    missing: list[etree._Element] = []
    for unit in _units(ours, skipped):
        same = next((each for each in left if equal(unit, each)), None)
        if same is None:
            missing.append(unit)
        else:
            left.remove(same)
    for unit in missing:
        label = _label(unit)
        instead = next((each for each in left if each.tag == unit.tag and _label(each) == label), None)
        if instead is None:
            instead = next((each for each in left if each.tag == unit.tag), None)
        if instead is not None:
            left.remove(instead)
        kind = _ELEMENT_KINDS.get(local(unit), "element")
        yield TemplateLoss(kind, _named(where, unit, label), _brief(unit), _brief(instead))


def equal(ours: etree._Element, theirs: etree._Element, *, any_text: bool = False) -> bool:
    """Tell whether two elements say the same, but for texts that ask for something."""
    if ours.tag != theirs.tag or (attributes(ours) != attributes(theirs) and not any_text):
        return False
    if local(ours) in _TEXT_BEARERS and placeholders("".join(map(str, ours.itertext()))):
        any_text = True
    mine, other = list(ours), list(theirs)
    if len(mine) != len(other):
        return False
    if not any_text and (ours.text or "").strip() != (theirs.text or "").strip():
        return False
    return all(equal(a, b, any_text=any_text) for a, b in zip(mine, other, strict=True))


def _units(root: etree._Element, skipped: frozenset[str]) -> Iterator[etree._Element]:
    for child in root:
        if not isinstance(child.tag, str) or local(child) in skipped:
            continue
        if local(child) in _LISTS:
            yield from _units(child, frozenset())
        else:
            yield child


def _label(unit: etree._Element) -> str:
    """Return what a person knows an element by: its range or its name."""
    for each in unit.iter():
        if local(each) == "cNvPr":
            return str(each.get("name", ""))
    for name in _LABELS:
        if unit.get(name):
            return str(unit.get(name))
    inside = next((each.text for each in unit.iter() if local(each) == "sqref"), None)
    return inside or ""


def _named(where: str, unit: etree._Element, label: str) -> str:
    cell = local(unit) in {"conditionalFormatting", "dataValidation", "mergeCell", "hyperlink"}
    return f"{where}!{label}" if cell else f"{where}: {label or local(unit)}"


def _brief(unit: etree._Element | None) -> str:
    if unit is None:
        return ""
    text = re.sub(r"\sxmlns(:\w+)?=\"[^\"]*\"", "", etree.tostring(unit, encoding="unicode", with_tail=False))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _formula_text(element: etree._Element) -> str:
    kind = element.get("t")
    text = f"={element.text or ''}"
    return f"{{{text}}} {element.get('ref', '')}" if kind in {"array", "dataTable"} else text


def _content(cell: etree._Element, book: Book) -> str:
    found = formula(cell)
    if found is not None:
        return _formula_text(found)
    return cell_text(cell, book) or cell.findtext(main("v"), "")


def _looks(row: etree._Element) -> str:
    return " ".join(f"{name}={row.get(name)}" for name in _ROW_LOOKS if row.get(name) is not None)


def _name_losses(ours: Book, theirs: Book) -> Iterator[TemplateLoss]:
    found = {
        (str(name.get("name")).lower(), theirs.home_of(name).lower()): name for name in theirs.defined_names
    }
    for name in ours.defined_names:
        home = ours.home_of(name)
        other = found.get((str(name.get("name")).lower(), home.lower()))
        where = f"{home}!{name.get('name')}" if home else str(name.get("name"))
        expected = _name_text(name)
        actual = "" if other is None else _name_text(other)
        if expected != actual:
            yield TemplateLoss("name", where, expected, actual)


def _name_text(name: etree._Element) -> str:
    hidden = " (hidden)" if name.get("hidden") in {"1", "true"} else ""
    return f"{name.text or ''}{hidden}"


def _part_losses(ours: Book, theirs: Book, raw: dict[str, bytes]) -> Iterator[TemplateLoss]:
    sheets = {sheet.part for sheet in ours.sheets}
    for part in ours.package.names:
        kind = _part_kind(part)
        if part not in theirs.package:
            yield TemplateLoss(kind, part, f"{len(raw[part])} B", "")
        elif part not in sheets:
            yield from _changed_part(ours.package, theirs.package, part, kind)


def _part_kind(part: str) -> LossKind:
    return next((kind for start, kind in _PART_KINDS if part.startswith(start)), "part")


def _changed_part(ours: Package, theirs: Package, part: str, kind: LossKind) -> Iterator[TemplateLoss]:
    expected, actual = ours.written(part), theirs.content(part)
    if expected == actual:
        return
    if not part.lower().endswith((".xml", ".rels")):
        yield TemplateLoss(kind, part, f"{len(expected)} B", f"{len(actual)} B")
        return
    skipped = _SKIPPED_IN_WORKBOOK if part == WORKBOOK else frozenset()
    wanted, there = parse_xml(expected, part), parse_xml(actual, part)
    for loss in element_losses(wanted, there, part, skipped=skipped):
        yield TemplateLoss(
            kind if loss.kind == "element" else loss.kind, loss.where, loss.expected, loss.found
        )
    if attributes(wanted) != attributes(there):
        yield TemplateLoss(kind, part, _brief(wanted), _brief(there))
