"""Everything of a workbook that names rows, brought to where the rows have gone.

Cells and formulas are the smaller part: merged cells, formats and validations, links, comments, pictures, charts, tables, page breaks and defined
names all name rows too. What names none is not touched.
"""

import re
from copy import deepcopy
from typing import Final
from xml.sax.saxutils import escape, unescape

from lxml import etree

from kis.estimator.documents.template.book import MAIN, WORKBOOK, Book, SheetPart, local, main
from kis.estimator.documents.template.cells import part_shared_formulas, split_place
from kis.estimator.documents.template.places import RowPlan, Spot
from kis.estimator.documents.template.references import Plans, parse_formula
from kis.estimator.documents.template.rows import Adjust, repeat_rows

_ANCHORS: Final = frozenset({"twoCellAnchor", "oneCellAnchor", "anchor"})
_RULES: Final = frozenset({"conditionalFormatting", "dataValidation"})
_RELATED: Final = (
    "drawing",
    "comments",
    "threadedComment",
    "table",
    "pivotTable",
    "vmlDrawing",
    "ctrlProp",
)
"""Parts of a sheet that name its rows."""
_BEFORE_CALCULATION: Final = frozenset(
    {
        "fileVersion",
        "fileSharing",
        "workbookPr",
        "workbookProtection",
        "bookViews",
        "sheets",
        "functionGroups",
        "definedNames",
    }
)
_COPIED: Final = frozenset({"mergeCell", "hyperlink"})
"""Elements that stand once for each copy of their rows."""
_RANGE_ATTRIBUTES: Final = ("ref", "activeCell", "topLeftCell", "r")
_FORMULAS: Final = frozenset(
    {"f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"}
)
_AREA: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?\d+(:\$?[A-Za-z]{1,3}\$?\d+)?")
_STORED_CHART_VALUES: Final = ("numCache", "strCache", "multiLvlStrCache")
_VML_ANCHOR: Final = re.compile(rb"(<(?:\w+:)?Anchor>)([^<]*)(</(?:\w+:)?Anchor>)")
_VML_ROW: Final = re.compile(rb"(<(?:\w+:)?Row>)\s*(\d+)\s*(</(?:\w+:)?Row>)")
_VML_LINK: Final = re.compile(rb"(<(?:\w+:)?Fmla(?:Link|Range)>)([^<]*)(</(?:\w+:)?Fmla(?:Link|Range)>)")


def move_rows(book: Book, plans: Plans) -> None:
    """Repeat and move the rows of all sheets by ``plans``, and everything that names them."""
    for sheet in book.sheets:
        _move_sheet(book, sheet, plans)
    for name in book.defined_names:
        if name.text:
            name.text = _adjusted(name.text, book.home_of(name), None, plans, widen=True)
    for part in book.package.names:
        if re.fullmatch(r"xl/(charts|chartEx)/[^/]+\.xml", part):
            _move_chart(book.package.tree(part), plans)
        elif re.fullmatch(r"xl/pivotCache/pivotCacheDefinition\d+\.xml", part):
            _move_pivot_source(book.package.tree(part), plans)
    _calculate_on_load(book)


def _adjusted(text: str, home: str, spot: Spot | None, plans: Plans, *, widen: bool = False) -> str:
    parsed = parse_formula(text)
    return text if parsed is None else parsed.text(home, spot, plans, widen=widen)


def _move_sheet(book: Book, sheet: SheetPart, plans: Plans) -> None:
    tree, plan = book.package.tree(sheet.part), plans[sheet.name.lower()]

    def adjust(text: str, spot: Spot | None) -> str:
        return _adjusted(text, sheet.name, spot, plans)

    part_shared_formulas(tree)
    repeat_rows(tree, plan, adjust)
    for child in list(tree):
        if local(child) != "sheetData":
            _move_elements(child, plan, adjust)
    for part in dict.fromkeys(book.related(sheet.part, *_RELATED)):
        if part.endswith(".vml"):
            book.package.replace(part, _moved_vml(book.package.content(part), plan, adjust))
        else:
            _move_elements(book.package.tree(part), plan, adjust)


def _move_elements(element: etree._Element, plan: RowPlan, adjust: Adjust) -> None:
    """Move what ``element`` and all within it say of rows."""
    name = local(element)
    if name in _ANCHORS:
        _move_anchor(element, plan)
    if element.get("textlink"):
        _adjust_attribute(element, "textlink", adjust)
    if _is_spreadsheet(element):
        if name in _COPIED:
            _copy_range(element, plan, adjust)
            return
        if name in _RULES:
            _move_rule(element, plan, adjust)
            return
        _move_attributes(element, name, plan, adjust)
        if name in _FORMULAS and element.text:
            element.text = adjust(element.text, None)
        elif name == "sqref" and element.text:
            element.text = moved_areas(element.text, plan)
    for child in list(element):
        _move_elements(child, plan, adjust)


def _is_spreadsheet(element: etree._Element) -> bool:
    """Tell whether an element belongs to the sheet's own language; a shape's guide may be called ``x2`` and is no cell."""
    tag = element.tag
    return isinstance(tag, str) and tag.startswith((f"{{{MAIN}}}", "{http://schemas.microsoft.com/office/"))


def _move_rule(rule: etree._Element, plan: RowPlan, adjust: Adjust) -> None:
    """Move a conditional format or a validation: its formulas are written for the first cell of its range."""
    inside = next((each for each in rule.iter() if local(each) == "sqref"), None)
    areas = rule.get("sqref") or (inside.text if inside is not None else "") or ""
    first = areas.split()[0] if areas.split() else ""
    spot = None
    if _AREA.fullmatch(first):
        spot = plan.places(split_place(first.partition(":")[0])[1])[0][1]
    for each in rule.iter():
        if local(each) in _FORMULAS and each.text:
            each.text = adjust(each.text, spot)
    if inside is not None:
        inside.text = moved_areas(areas, plan)
    else:
        rule.set("sqref", moved_areas(areas, plan))


def _move_attributes(element: etree._Element, name: str, plan: RowPlan, adjust: Adjust) -> None:
    for attribute in _RANGE_ATTRIBUTES:
        area = element.get(attribute)
        if area is not None and _AREA.fullmatch(area):
            element.set(attribute, _moved_range(area, plan))
    areas = element.get("sqref")
    if areas is not None:
        element.set("sqref", moved_areas(areas, plan))
    parent = element.getparent()
    if name == "brk" and parent is not None and local(parent) == "rowBreaks":
        element.set("id", str(plan.last(int(element.get("id", 0)))))
    for attribute in ("fmlaLink", "fmlaRange"):
        if element.get(attribute):
            _adjust_attribute(element, attribute, adjust)


def _adjust_attribute(element: etree._Element, attribute: str, adjust: Adjust) -> None:
    text = str(element.get(attribute))
    sign = "=" if text.startswith("=") else ""
    element.set(attribute, sign + adjust(text.removeprefix("="), None))


def moved_areas(areas: str, plan: RowPlan) -> str:
    """Return a list of ranges (``G10:G12 H10``) where they come to stand; a range of repeated rows takes in their copies."""
    moved = []
    for area in areas.split():
        if not _AREA.fullmatch(area):
            moved.append(area)
            continue
        start, _, end = area.partition(":")
        letters, first = split_place(start)
        last_letters, last = split_place(end or start)
        for top, bottom in plan.spans(first, last):
            single = not end and top == bottom
            moved.append(f"{letters}{top}" if single else f"{letters}{top}:{last_letters}{bottom}")
    return " ".join(moved)


def _moved_range(area: str, plan: RowPlan) -> str:
    start, _, end = area.partition(":")
    letters, row = split_place(start)
    if not end:
        return f"{letters}{plan.first(row)}"
    last_letters, last = split_place(end)
    return f"{letters}{plan.first(row)}:{last_letters}{plan.last(last)}"


def _copy_range(element: etree._Element, plan: RowPlan, adjust: Adjust) -> None:
    start, _, end = str(element.get("ref")).partition(":")
    letters, row = split_place(start)
    last_letters, last = split_place(end or start)
    if element.get("location"):
        _adjust_attribute(element, "location", adjust)
    parent = element.getparent()
    assert parent is not None  # it stands in a list
    position = parent.index(element)
    for offset, (top, bottom) in enumerate(plan.copies(row, last)):
        copy = element if offset == 0 else deepcopy(element)
        copy.set("ref", f"{letters}{top}:{last_letters}{bottom}" if end else f"{letters}{top}")
        if offset:
            parent.insert(position + offset, copy)
    if parent.get("count") is not None:
        parent.set("count", str(len(parent)))


def _move_anchor(anchor: etree._Element, plan: RowPlan) -> None:
    """Move a picture, shape or chart. One that grows with its cells is stretched by rows inserted within it; any other keeps its size."""
    if anchor.get("editAs") == "absolute":
        return
    ends = {local(each): each for each in anchor if local(each) in {"from", "to"}}
    rows = {name: next((child for child in end if local(child) == "row"), None) for name, end in ends.items()}
    start, stop = rows.get("from"), rows.get("to")
    if start is None:
        return
    before = int(start.text or 0)
    start.text = str(plan.first(before + 1) - 1)
    if stop is None:
        return
    grows = local(anchor) == "twoCellAnchor" and anchor.get("editAs", "twoCell") == "twoCell"
    end = int(stop.text or 0)
    stop.text = str(plan.first(end + 1) - 1 if grows else end + int(start.text) - before)


def _move_chart(chart: etree._Element, plans: Plans) -> None:
    """Let a chart follow its cells; what it remembers of their values goes, they are other ones now."""
    for element in list(chart.iter()):
        if local(element) == "f" and element.text:
            element.text = _adjusted(element.text, "", None, plans, widen=True)
        elif local(element) in _STORED_CHART_VALUES:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)


def _move_pivot_source(definition: etree._Element, plans: Plans) -> None:
    for source in definition.iter(main("worksheetSource")):
        plan = plans.get(str(source.get("sheet", "")).lower())
        if plan is not None and _AREA.fullmatch(str(source.get("ref", ""))):
            source.set("ref", _moved_range(str(source.get("ref")), plan))


def _moved_vml(content: bytes, plan: RowPlan, adjust: Adjust) -> bytes:
    """Move the boxes of notes and old form controls. VML need not be well-formed XML, so only the numbers in it are replaced."""

    def anchor(found: re.Match[bytes]) -> bytes:
        numbers = [int(each) for each in found[2].split(b",")]
        if len(numbers) != 8:  # left, offset, top, offset, right, offset, bottom, offset
            return found[0]
        added = plan.first(numbers[2] + 1) - 1 - numbers[2]
        numbers[2], numbers[6] = numbers[2] + added, numbers[6] + added
        return found[1] + ", ".join(map(str, numbers)).encode() + found[3]

    def row(found: re.Match[bytes]) -> bytes:
        return found[1] + str(plan.first(int(found[2]) + 1) - 1).encode() + found[3]

    def link(found: re.Match[bytes]) -> bytes:
        return found[1] + escape(adjust(unescape(found[2].decode()), None)).encode() + found[3]

    if plan.is_still:
        return content
    return _VML_LINK.sub(link, _VML_ROW.sub(row, _VML_ANCHOR.sub(anchor, content)))


def _calculate_on_load(book: Book) -> None:
    """Tell programs to calculate everything anew, and forget the order in which the template's cells were calculated."""
    package, workbook = book.package, book.package.tree(WORKBOOK)
    properties = workbook.find(main("calcPr"))
    if properties is None:
        properties = etree.Element(main("calcPr"))
        position = max(
            (place for place, child in enumerate(workbook) if local(child) in _BEFORE_CALCULATION), default=-1
        )
        workbook.insert(position + 1, properties)
    properties.set("fullCalcOnLoad", "1")
    for relation in list(book.relations(WORKBOOK)):
        if relation.kind != "calcChain":
            continue
        package.drop(relation.target)
        _remove(package.tree("xl/_rels/workbook.xml.rels"), "Id", relation.id)
        _remove(package.tree("[Content_Types].xml"), "PartName", f"/{relation.target}")


def _remove(root: etree._Element, attribute: str, value: str) -> None:
    for child in list(root):
        if child.get(attribute) == value:
            root.remove(child)
