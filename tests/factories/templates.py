"""Small templates written by hand, part by part, so that a test sees every byte it speaks of; and quotations of any number of lines."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Final

from kis.estimator.documents.content import PricedRow, QuotationContent
from kis.estimator.documents.template.book import Book
from kis.estimator.documents.template.package import open_package
from kis.estimator.issuing.template_values import template_values
from tests.factories import contents

SAMPLES: Final = Path(__file__).parents[2] / "examples" / "templates"
SAMPLE_NAMES: Final = ("one-page.xlsx", "by-panel.xlsx", "with-delivery-note.xlsx")

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_STYLES: Final = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;년&quot;\\ m"/>'
    '<numFmt numFmtId="165" formatCode="#,##0&quot;day&quot;"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="164"/><xf numFmtId="165"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""Cell styles: 0 plain, 1 a built-in date, 2 a Korean date, 3 a number whose format only looks like a date's."""


def sheet(cells: Mapping[str, str | int], after: str = "", styles: Mapping[str, int] | None = None) -> str:
    """Return a worksheet: texts that begin with ``=`` are formulas (with an old result), ``after`` stands behind the cells."""
    by_row: dict[int, list[str]] = {}
    for place, value in cells.items():
        row = int("".join(filter(str.isdigit, place)))
        style = f' s="{styles[place]}"' if styles and place in styles else ""
        by_row.setdefault(row, []).append(_cell(place, value, style))
    rows = "".join(f'<row r="{row}">{"".join(own)}</row>' for row, own in sorted(by_row.items()))
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{_RELATIONS}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def workbook(
    sheets: Mapping[str, str],
    names: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return an .xlsx of these worksheets, defined names, and further parts."""
    numbered = list(enumerate(sheets, start=1))
    sheet_list = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in numbered
    )
    defined = "".join(
        f'<definedName name="{name}">{escape(text, quote=False)}</definedName>'
        for name, text in (names or {}).items()
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at, _name in numbered
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_SHEET_TYPE}"/>'
        for at, _name in numbered
    )
    all_parts: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK_TYPE}"/>{overrides}</Types>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheet_list}</sheets>'
            f"<definedNames>{defined}</definedNames></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            f'<Relationship Id="rIdS" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{at}.xml": sheets[name] for at, name in numbered},
        **(parts or {}),
    }
    return archive(all_parts)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of these parts."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as made:
        for name, content in parts.items():
            made.writestr(zipfile.ZipInfo(name), content)
    return output.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of an .xlsx."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {entry.filename: opened.read(entry) for entry in opened.infolist()}


def changed(data: bytes, part: str, change: Callable[[bytes], bytes] | None) -> bytes:
    """Return the .xlsx with one part changed, or without it. The change must change something."""
    parts = parts_of(data)
    before = parts.pop(part)
    if change is not None:
        after = change(before)
        assert after != before, f"{part} was to be changed"
        parts = {name: after if name == part else content for name, content in parts_of(data).items()}
    return archive(parts)


def opened(data: bytes) -> Book:
    """Return an .xlsx as the templates' own code reads it."""
    return Book(open_package(data))


def line(number: int, quantity: str = "2", price: str = "1250") -> PricedRow:
    """Return a line; its amount is quantity × price, rounded half up by hand-sized figures."""
    return contents.row(f"차단기 {number}", f"ABN-{number}", "EA", quantity, price)


def quotation(*line_counts: int, quantities: Sequence[int] = (), extra: bool = False) -> QuotationContent:
    """Return a quotation with one panel for each of ``line_counts``."""
    base = contents.content()
    model = base.panels[0]
    panels = []
    for at, count in enumerate(line_counts):
        rows = tuple(line(n, "2.05" if n % 5 == 0 else "2", str(1000 + 37 * n)) for n in range(1, count + 1))
        each = sum((row.amount for row in rows), Decimal(0))
        sets = quantities[at] if at < len(quantities) else 1
        panels.append(
            replace(
                model, name=f"LP-{at + 1}", quantity=sets, rows=rows, unit_subtotal=each, subtotal=each * sets
            )
        )
    made = contents.with_panels(replace(base, extra=base.extra if extra else ()), panels)
    return replace(made, template_values=template_values(made))


def _cell(place: str, value: str | int, style: str) -> str:
    if isinstance(value, int):
        return f'<c r="{place}"{style}><v>{value}</v></c>'
    if value.startswith("="):
        return f'<c r="{place}"{style}><f>{escape(value[1:], quote=False)}</f><v>999</v></c>'
    return f'<c r="{place}"{style} t="inlineStr"><is><t>{escape(value, quote=False)}</t></is></c>'
