"""The objects of a DXF file: the dictionaries a CAD program looks into first, and a layout that prints the sheet at its scale."""

from collections.abc import Iterator
from typing import Final

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dxf_tables import (
    MODEL_LAYOUT,
    MODEL_SPACE,
    PAPER_LAYOUT,
    PAPER_SPACE,
    PLOT_STYLE,
)
from kis.estimator.documents.drawings.dxf_tags import Tag, position, record
from kis.estimator.documents.drawings.sheet import Sheet

_ROOT: Final = "30"
_LAYOUTS: Final = "31"
_LINE_STYLES: Final = "32"
_LINE_STYLE: Final = "33"
_PLOT_STYLES: Final = "34"
_EMPTY: Final = {"ACAD_COLOR": "35", "ACAD_GROUP": "36", "ACAD_PLOTSETTINGS": "37", "ACAD_SCALELIST": "38"}
_PAPER_VIEW: Final = "40"
_SHEET_VIEW: Final = "41"

_PAPERS: Final = {(420, 297): "A3", (297, 420): "A3", (297, 210): "A4", (210, 297): "A4"}


def layout_name(sheet: Sheet) -> str:
    """Return the name of the layout: that of its paper."""
    return _PAPERS.get((round(sheet.print_width_mm), round(sheet.print_height_mm)), "SHEET")


def viewports(sheet: Sheet) -> Iterator[str]:
    """Yield the layout's own view and, filling the paper, the window onto the drawing: scale is its height on paper to that in the model."""
    width, height = sheet.print_width_mm, sheet.print_height_mm
    middle = (width / 2, height / 2)
    yield _viewport(_PAPER_VIEW, 1, (1.1 * width, 1.1 * height), middle, (middle, 1.1 * height))
    centre = ((sheet.x0 + sheet.x1) / 2, (sheet.y0 + sheet.y1) / 2)
    yield _viewport(_SHEET_VIEW, 2, (width, height), middle, (centre, float(sheet.y1 - sheet.y0)))


def _viewport(
    handle: str,
    number: int,
    size: tuple[float, float],
    middle: tuple[float, float],
    seen: tuple[tuple[float, float], float],
) -> str:
    (x, y), height = seen
    view: tuple[Tag, ...] = ((12, float(x)), (22, float(y)), (13, 0.0), (23, 0.0))
    grid: tuple[Tag, ...] = ((14, 10.0), (24, 10.0), (15, 10.0), (25, 10.0))
    looks: tuple[Tag, ...] = (*position(0, 0, 16)[:2], (36, 1.0), *position(0, 0, 17))
    lens: tuple[Tag, ...] = ((42, 50.0), (43, 0.0), (44, 0.0), (45, height), (50, 0.0), (51, 0.0), (72, 100))
    locked = 0x4000
    axes: tuple[Tag, ...] = (*position(0, 0, 110), *position(1, 0, 111), *position(0, 1, 112))
    return record(
        "VIEWPORT",
        (5, handle),
        (330, PAPER_SPACE),
        (100, "AcDbEntity"),
        (67, 1),
        (8, look.VIEWPORT),
        (100, "AcDbViewport"),
        *position(*middle),
        (40, size[0]),
        (41, size[1]),
        (68, number),
        (69, number),
        *view,
        *grid,
        *looks,
        *lens,
        (90, locked if number > 1 else 0),
        (1, ""),
        (281, 0),
        (71, 0),
        (74, 0),
        *axes,
        (79, 0),
        (146, 0.0),
    )


def objects(sheet: Sheet) -> Iterator[str]:
    """Yield the root dictionary and everything it leads to."""
    roots = {
        **_EMPTY,
        "ACAD_LAYOUT": _LAYOUTS,
        "ACAD_MLINESTYLE": _LINE_STYLES,
        "ACAD_PLOTSTYLENAME": _PLOT_STYLES,
    }
    yield _dictionary(_ROOT, "0", roots)
    for handle in _EMPTY.values():
        yield _dictionary(handle, _ROOT, {})
    yield _dictionary(_LAYOUTS, _ROOT, {"Model": MODEL_LAYOUT, layout_name(sheet): PAPER_LAYOUT})
    yield _dictionary(_LINE_STYLES, _ROOT, {"Standard": _LINE_STYLE})
    yield record(
        "ACDBDICTIONARYWDFLT",
        (5, _PLOT_STYLES),
        (330, _ROOT),
        (100, "AcDbDictionary"),
        (281, 1),
        (3, "Normal"),
        (350, PLOT_STYLE),
        (100, "AcDbDictionaryWithDefault"),
        (340, PLOT_STYLE),
    )
    yield record("ACDBPLACEHOLDER", (5, PLOT_STYLE), (330, _PLOT_STYLES))
    yield _layout(sheet, "Model", MODEL_LAYOUT, paper=False)
    yield _layout(sheet, layout_name(sheet), PAPER_LAYOUT, paper=True)
    yield _line_style()


def _dictionary(handle: str, owner: str, entries: dict[str, str]) -> str:
    listed = [tag for name in sorted(entries) for tag in ((3, name), (350, entries[name]))]
    return record("DICTIONARY", (5, handle), (330, owner), (100, "AcDbDictionary"), (281, 1), *listed)


def _layout(sheet: Sheet, name: str, handle: str, *, paper: bool) -> str:
    width, height = sheet.print_width_mm, sheet.print_height_mm
    known = layout_name(sheet)
    paper_size = f"ISO_full_bleed_{known}_({width:.2f}_x_{height:.2f}_MM)" if known != "SHEET" else ""
    x0, y0, x1, y1 = (0.0, 0.0, width, height) if paper else (sheet.x0, sheet.y0, sheet.x1, sheet.y1)
    margins: tuple[Tag, ...] = tuple((code, 0.0) for code in (40, 41, 42, 43))
    offsets: tuple[Tag, ...] = tuple((code, 0.0) for code in (46, 47, 48, 49, 140, 141))
    ratio: tuple[Tag, ...] = ((142, 1.0), (143, 1.0 if paper else float(sheet.scale)))
    flags = 32 + 128 + 512 if paper else 1024 + 32 + 128 + 512
    settings: tuple[Tag, ...] = ((70, flags), (72, 1), (73, 0), (74, 5 if paper else 1), (7, ""), (75, 16))
    shade: tuple[Tag, ...] = ((76, 0), (77, 2), (78, 300), (147, 1.0), (148, 0.0), (149, 0.0))
    limits: tuple[Tag, ...] = ((10, float(x0)), (20, float(y0)), (11, float(x1)), (21, float(y1)))
    view: tuple[Tag, ...] = ((331, _PAPER_VIEW),) if paper else ()
    return record(
        "LAYOUT",
        (5, handle),
        (330, _LAYOUTS),
        (100, "AcDbPlotSettings"),
        (1, ""),
        (2, "DWG To PDF.pc3"),
        (4, paper_size),
        (6, ""),
        *margins,
        (44, width),
        (45, height),
        *offsets,
        *ratio,
        *settings,
        *shade,
        (100, "AcDbLayout"),
        (1, name),
        (70, 1),
        (71, int(paper)),
        *limits,
        *position(0, 0, 12),
        *position(x0, y0, 14),
        *position(x1, y1, 15),
        (146, 0.0),
        *position(0, 0, 13),
        *position(1, 0, 16),
        *position(0, 1, 17),
        (76, 1),
        (330, PAPER_SPACE if paper else MODEL_SPACE),
        *view,
    )


def _line_style() -> str:
    sides = [tag for offset in (0.5, -0.5) for tag in ((49, offset), (62, 256), (6, "BYLAYER"))]
    return record(
        "MLINESTYLE",
        (5, _LINE_STYLE),
        (330, _LINE_STYLES),
        (100, "AcDbMlineStyle"),
        (2, "Standard"),
        (70, 0),
        (3, ""),
        (62, 256),
        (51, 90.0),
        (52, 90.0),
        (71, 2),
        *sides,
    )
