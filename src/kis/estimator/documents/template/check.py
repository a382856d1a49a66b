"""What a template would be filled with, and what is wrong with it, before any quotation depends on it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.template.book import WORKBOOK, Book, SheetPart, main
from kis.estimator.documents.template.cells import (
    cell_index,
    cell_text,
    cells,
    formula,
    part_shared_formulas,
    split_place,
    texts,
)
from kis.estimator.documents.template.fields import FIELDS, nearest, placeholders
from kis.estimator.documents.template.fill import DRAWING, HEADER_TEXTS, TEXT_PARTS, named_fields
from kis.estimator.documents.template.package import open_package, refusing_damage
from kis.estimator.documents.template.places import Block, RowPlan, plan_rows
from kis.estimator.documents.template.references import Reference, parse_formula
from kis.estimator.documents.template.report import (
    Asks,
    TemplateField,
    TemplateFinding,
    TemplateFormula,
    TemplateRepeat,
    TemplateReport,
)
from kis.estimator.documents.template.rows import LINE, PANEL, counted, find_blocks, is_rounded, multiplies
from kis.platform.errors import BadInput
from kis.platform.messages import Message

_RECOMMENDED: Final = (
    ("quotation.number",),
    ("quotation.date",),
    ("customer.name", "customer.company"),
    ("totals.total", "totals.net"),
    ("quotation.warnings",),
)
"""What a customer looks for first; of each group one is enough."""
_THREE: Final = (3, 3, 3)


@dataclass(frozen=True, slots=True)
class _Read:
    """A template as far as a check needs it."""

    book: Book
    blocks: Mapping[str, list[Block]]
    plans: Mapping[str, RowPlan]


def check_package(template: bytes) -> TemplateReport:
    """Return the report on a template; what cannot even be opened is a report of errors."""
    try:
        with refusing_damage("template"):
            return check_book(Book(open_package(template)))
    except BadInput as refused:
        findings = [TemplateFinding("error", each.path, each.message) for each in refused.problems]
        return TemplateReport(findings=tuple(findings))


def check_book(book: Book) -> TemplateReport:
    """Return the report on an opened template."""
    blocks: dict[str, list[Block]] = {}
    findings: list[TemplateFinding] = []
    for sheet in book.sheets:
        found, torn = find_blocks(book, sheet.name, book.package.tree(sheet.part))
        blocks[sheet.name.lower()] = found
        findings += [_error(f"{each.sheet}!{each.row}", "torn") for each in torn]
        part_shared_formulas(book.package.tree(sheet.part))
    plans = {
        key: plan_rows(found[0].sheet if found else key, [(block, _example(block)) for block in found])
        for key, found in blocks.items()
    }
    read = _Read(book, blocks, plans)
    fields = list(_fields(book))
    formulas = [formula for sheet in book.sheets for formula in _spanning(read, sheet)]
    findings += [
        *_unknown(fields),
        *_stray(fields),
        *_missing(book, fields, blocks),
        *_formula_findings(read),
        *_name_findings(book),
        *_sheet_findings(book),
    ]
    return TemplateReport(
        fields=tuple(fields),
        repeats=tuple(_repeat(block) for found in blocks.values() for block in found),
        formulas=tuple(formulas),
        formula_count=sum(1 for sheet in book.sheets for _cell in _formulas(book, sheet)),
        name_count=sum(1 for _name in book.defined_names),
        findings=tuple(findings),
    )


def _fields(book: Book) -> Iterator[TemplateField]:
    """Yield every place that asks for something."""
    for sheet in book.sheets:
        yield from _sheet_fields(book, sheet)
    for part in book.package.names:
        if TEXT_PARTS.fullmatch(part):
            for paragraph in book.package.tree(part).iter(f"{{{DRAWING}}}p"):
                text = "".join(each.text or "" for each in paragraph.iter(f"{{{DRAWING}}}t"))
                yield from _asked(text, part, "shape")
    for name, field, sheet, place in named_fields(book):
        known = cell_index(book.package.tree(sheet.part)).get(place)
        if known is None or formula(known) is None:
            yield TemplateField(f"{name} = {sheet.name}!{place}", field, "name")


def _sheet_fields(book: Book, sheet: SheetPart) -> Iterator[TemplateField]:
    tree = book.package.tree(sheet.part)
    for cell in cells(tree):
        yield from _asked(cell_text(cell, book), f"{sheet.name}!{cell.get('r')}", "cell")
    for name in HEADER_TEXTS:
        for element in tree.iter(main(name)):
            yield from _asked(element.text or "", f"{sheet.name}: {name}", "header")
    for part in book.related(sheet.part, "comments"):
        for comment in book.package.tree(part).iter(main("comment")):
            text = "".join(each.text or "" for each in texts(comment))
            yield from _asked(text, f"{sheet.name}!{comment.get('ref')}", "comment")


def _asked(text: str, where: str, asks: Asks) -> Iterator[TemplateField]:
    for name in placeholders(text):
        yield TemplateField(where, name, asks)


def _unknown(fields: list[TemplateField]) -> Iterator[TemplateFinding]:
    for each in fields:
        if each.field in FIELDS:
            continue
        near = nearest(each.field)
        key = "unknown_near" if near else "unknown"
        yield _error(each.where, key, name=each.field, near=", ".join(near))


def _stray(fields: list[TemplateField]) -> Iterator[TemplateFinding]:
    """Name lines and panels asked for where nothing repeats: in headers, shapes and comments."""
    for each in fields:
        if each.field.startswith((LINE, PANEL)) and each.asks != "cell":
            yield _error(each.where, "no_row", name=each.field)


def _missing(
    book: Book, fields: list[TemplateField], blocks: Mapping[str, list[Block]]
) -> Iterator[TemplateFinding]:
    asked = {each.field for each in fields} | {field for _name, field, _sheet, _place in named_fields(book)}
    for group in _RECOMMENDED:
        if not asked & set(group):
            yield TemplateFinding(
                "warning", "", Message("template.missing_field", {"fields": " / ".join(group)})
            )
    if not any(blocks.values()):
        yield TemplateFinding("warning", "", Message("template.missing_lines"))


def _formulas(book: Book, sheet: SheetPart) -> Iterator[tuple[str, int, str]]:
    """Yield (place, row, formula) of a sheet."""
    for cell in cells(book.package.tree(sheet.part)):
        found = formula(cell)
        if found is not None:
            place = str(cell.get("r"))
            yield place, split_place(place)[1], found.text or ""


def _spanning(read: _Read, sheet: SheetPart) -> Iterator[TemplateFormula]:
    """Yield the formulas outside repeated rows that take them in."""
    plan = read.plans[sheet.name.lower()]
    for place, row, text in _formulas(read.book, sheet):
        parsed = parse_formula(text)
        if parsed is None or plan.at(row) is not None:
            continue
        if any(_takes_in(read, sheet, each) for each in parsed.references):
            grown = parsed.text(sheet.name, None, read.plans)
            yield TemplateFormula(f"{sheet.name}!{place}", f"={text}", f"={grown}")


def _takes_in(read: _Read, sheet: SheetPart, reference: Reference) -> bool:
    start, end = reference.start.row, (reference.end or reference.start).row
    found = read.blocks.get((reference.sheet or sheet.name).lower(), [])
    return any(start <= block.last and end >= block.first for block in found)


def _formula_findings(read: _Read) -> Iterator[TemplateFinding]:
    for sheet in read.book.sheets:
        plan = read.plans[sheet.name.lower()]
        for place, row, text in _formulas(read.book, sheet):
            where = f"{sheet.name}!{place}"
            parsed = parse_formula(text)
            if parsed is None:
                if text:
                    yield _error(where, "unreadable_formula", formula=text)
                continue
            if "#REF!" in text:
                yield _warning(where, "broken_formula", formula=text)
            repeated = plan.at(row)
            inside = repeated is not None
            if (
                repeated is not None
                and repeated.block.is_line(row)
                and multiplies(text)
                and not is_rounded(text)
            ):
                yield _warning(where, "no_rounding", formula=text)
            for each in parsed.references:
                single = each.end is None and not each.whole_argument
                if not inside and single and _takes_in(read, sheet, each):
                    yield _warning(where, "first_only", formula=text)
            yield from _several_sheets(read, where, text)


def _several_sheets(read: _Read, where: str, text: str) -> Iterator[TemplateFinding]:
    """Name references over several sheets, which do not follow rows (they do not in a spreadsheet either)."""
    if re.search(r"'[^'!]+:[^'!]+'!|[^\s'!(),:+*/-]+:[^\s'!(),:+*/-]+!", text) and any(read.blocks.values()):
        yield _warning(where, "several_sheets", formula=text)


def _name_findings(book: Book) -> Iterator[TemplateFinding]:
    for name in book.defined_names:
        if "#REF!" in (name.text or ""):
            yield _warning(str(name.get("name")), "broken_name", reference=name.text)


def _sheet_findings(book: Book) -> Iterator[TemplateFinding]:
    for sheet in book.package.tree(WORKBOOK).iter(main("sheet")):
        if placeholders(str(sheet.get("name"))):
            yield _error(str(sheet.get("name")), "sheet_name")


def _example(block: Block) -> tuple[int, ...]:
    """Return how a block would be there in the report's example: three lines, or three panels of three lines."""
    return (3,) if block.kind == "line" else counted(block, _THREE)


def _repeat(block: Block) -> TemplateRepeat:
    lines = "" if block.lines is None else f"{block.lines[0]}:{block.lines[1]}"
    return TemplateRepeat(f"{block.sheet}!{block.first}:{block.last}", block.kind, lines)


def _error(where: str, key: str, **values: object) -> TemplateFinding:
    return TemplateFinding("error", where, Message(f"template.error.{key}", values))


def _warning(where: str, key: str, **values: object) -> TemplateFinding:
    return TemplateFinding("warning", where, Message(f"template.warning.{key}", values))
