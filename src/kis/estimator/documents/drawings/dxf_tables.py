"""The tables of a DXF file: line types, layers, text and dimension styles, and a record for every block.

A CAD program expects more than a drawing uses (a view, the styles named Standard); the tests compare the list with a library's own.
"""

from collections.abc import Iterator
from typing import Final

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dxf_model import (
    APPLICATION,
    BOLD_STYLE,
    CAPITAL,
    TEXT_STYLE,
    Model,
)
from kis.estimator.documents.drawings.dxf_tags import Tag, record
from kis.estimator.documents.drawings.sheet import Sheet

MODEL_SPACE: Final = "20"
PAPER_SPACE: Final = "21"
MODEL_LAYOUT: Final = "22"
PAPER_LAYOUT: Final = "23"
PLOT_STYLE: Final = "24"
LAST_OWN_HANDLE: Final = 0xFF
"""Handles up to here belong to the tables and objects every file has."""

_TEXT_STYLE_HANDLE: Final = "18"
_TABLES: Final = {
    name: f"{number:X}"
    for number, name in enumerate(
        ("VPORT", "LTYPE", "LAYER", "STYLE", "VIEW", "UCS", "APPID", "DIMSTYLE", "BLOCK_RECORD"), start=1
    )
}
_HANGUL_SANS: Final = (129 << 8) + 34
_BOLD: Final = 0x2000000
"""Character set, pitch and family, and the mark of a bold face, as AutoCAD keeps a TrueType font (extended data, group code 1071)."""


def tables(sheet: Sheet, model: Model) -> Iterator[str]:
    """Yield all tables. Layers come last to be known and stand third: they are listed by name."""
    yield _table("VPORT", [_view(sheet)])
    yield _table("LTYPE", list(_line_types(model)))
    yield _table("LAYER", list(_layers(model)))
    yield _table("STYLE", list(_text_styles()))
    yield _table("VIEW", [])
    yield _table("UCS", [])
    yield _table(
        "APPID", [_entry("APPID", handle, name) for handle, name in (("1A", "ACAD"), ("1B", APPLICATION))]
    )
    yield _table("DIMSTYLE", list(_dimension_styles(model)))
    yield _table("BLOCK_RECORD", list(block_records(model)))


def block_records(model: Model) -> Iterator[str]:
    """Yield a record for each block."""
    spaces = (("*Model_Space", MODEL_SPACE, MODEL_LAYOUT), ("*Paper_Space", PAPER_SPACE, PAPER_LAYOUT))
    own = ((block.name, block.handle, "0") for block in model.blocks.values())
    for name, handle, layout in (*spaces, *own):
        yield _entry("BLOCK_RECORD", handle, name, (340, layout), (70, 4), (280, 1), (281, 0), flags=False)


def _table(name: str, entries: list[str]) -> str:
    more: tuple[Tag, ...] = ((100, "AcDbDimStyleTable"),) if name == "DIMSTYLE" else ()
    head = record(
        "TABLE",
        (2, name),
        (5, _TABLES[name]),
        (330, "0"),
        (100, "AcDbSymbolTable"),
        (70, len(entries)),
        *more,
    )
    return "".join((head, *entries, "  0\nENDTAB\n"))


_KINDS: Final = {
    "VPORT": "AcDbViewportTableRecord",
    "LTYPE": "AcDbLinetypeTableRecord",
    "LAYER": "AcDbLayerTableRecord",
    "STYLE": "AcDbTextStyleTableRecord",
    "APPID": "AcDbRegAppTableRecord",
    "DIMSTYLE": "AcDbDimStyleTableRecord",
    "BLOCK_RECORD": "AcDbBlockTableRecord",
}


def _entry(table: str, handle: str, name: str, *tags: Tag, flags: bool = True) -> str:
    return record(
        table,
        (105 if table == "DIMSTYLE" else 5, handle),
        (330, _TABLES[table]),
        (100, "AcDbSymbolTableRecord"),
        (100, _KINDS[table]),
        (2, name),
        *(((70, 0),) if flags else ()),
        *tags,
    )


def _view(sheet: Sheet) -> str:
    """Return what is on the screen when the file is opened: the whole sheet."""
    width, height = float(sheet.x1 - sheet.x0), float(sheet.y1 - sheet.y0)
    corners: tuple[Tag, ...] = ((10, 0.0), (20, 0.0), (11, 1.0), (21, 1.0))
    centre: tuple[Tag, ...] = ((12, sheet.x0 + width / 2), (22, sheet.y0 + height / 2))
    grids: tuple[Tag, ...] = tuple(
        (code, value)
        for code, value in zip((13, 23, 14, 24, 15, 25), (0.0, 0.0, 10.0, 10.0, 10.0, 10.0), strict=True)
    )
    looks: tuple[Tag, ...] = ((16, 0.0), (26, 0.0), (36, 1.0), (17, 0.0), (27, 0.0), (37, 0.0))
    lens: tuple[Tag, ...] = ((40, 1.05 * height), (41, width / height), (42, 50.0), (43, 0.0), (44, 0.0))
    modes: tuple[Tag, ...] = ((50, 0.0), (51, 0.0), (71, 0), (72, 1000), (73, 1), (74, 3))
    grid: tuple[Tag, ...] = ((75, 0), (76, 0), (77, 0), (78, 0), (281, 0), (65, 0), (146, 0.0))
    return _entry("VPORT", "10", "*Active", *corners, *centre, *grids, *looks, *lens, *modes, *grid)


def _line_types(model: Model) -> Iterator[str]:
    for handle, name in (("11", "ByBlock"), ("12", "ByLayer"), ("13", "Continuous")):
        yield _entry("LTYPE", handle, name, (3, ""), (72, 65), (73, 0), (40, 0.0))
    for dashes in model.line_types:
        pattern = [
            tag
            for number, dash in enumerate(dashes)
            for tag in ((49, -dash if number % 2 else dash), (74, 0))
        ]
        words = "__ " * 3
        total = (72, 65), (73, len(dashes)), (40, float(sum(dashes)))
        yield _entry(
            "LTYPE", model.handle(), look.line_type_name(dashes), (3, words.strip()), *total, *pattern
        )


def _layers(model: Model) -> Iterator[str]:
    yield _layer("14", "0", look.LayerLook(look.INK, 0.25))
    yield _layer("15", "Defpoints", look.LayerLook(look.INK, 0.25), printed=False)
    yield _layer("16", look.VIEWPORT, look.LayerLook(look.GREY, 0.13), printed=False)
    for name in sorted(model.layers - {"0"}):
        area = name == look.AREAS
        yield _layer(model.handle(), name, look.look_of(name), shown=not area, printed=not area)


def _layer(handle: str, name: str, seen: look.LayerLook, *, printed: bool = True, shown: bool = True) -> str:
    return _entry(
        "LAYER",
        handle,
        name,
        (62, seen.aci if shown else -seen.aci),
        *(((420, int(seen.colour[1:], 16)),) if seen.colour else ()),
        (6, "Continuous"),
        *(() if printed else ((290, 0),)),
        (370, look.weight(seen.weight_mm)),
        (390, PLOT_STYLE),
    )


def _text_styles() -> Iterator[str]:
    """Yield the styles. Malgun Gothic has come with every Windows since Vista; a program without it takes its own Korean font."""
    for handle, name, font, face in (
        ("17", "Standard", "malgun.ttf", _HANGUL_SANS),
        (_TEXT_STYLE_HANDLE, TEXT_STYLE, "malgun.ttf", _HANGUL_SANS),
        ("19", BOLD_STYLE, "malgunbd.ttf", _HANGUL_SANS + _BOLD),
    ):
        sizes = (40, 0.0), (41, 1.0), (50, 0.0), (71, 0), (42, 2.5)
        files = (3, font), (4, ""), (1001, "ACAD"), (1000, "Malgun Gothic"), (1071, face)
        yield _entry("STYLE", handle, name, *sizes, *files)


def _dimension_styles(model: Model) -> Iterator[str]:
    yield _dimension_style("1C", "Standard", 2.5, 1.0)
    for size, name in model.dimension_sizes.items():
        yield _dimension_style(model.handle(), name, size, model.scale)


def _dimension_style(handle: str, name: str, size_mm: float, scale: float) -> str:
    """Return a style whose measures are print millimetres, in the proportions in which the sheet draws a chain, times its scale."""
    lengths = {
        40: scale,
        41: size_mm,
        42: 0.6 * size_mm,  # extension lines begin so far from the thing measured
        43: 7.0,
        44: 0.6 * size_mm,  # and end so far beyond the dimension line
        140: CAPITAL * size_mm,
        141: 0.0,
        142: 0.35 * size_mm,  # oblique ticks
        144: 1.0,
        147: 0.32 * size_mm,  # from the line to the letters
    }
    switches = {73: 0, 74: 0, 77: 1, 78: 8, 271: 1, 277: 2, 278: ord(".")}
    return _entry(
        "DIMSTYLE",
        handle,
        name,
        *sorted(lengths.items()),
        *sorted(switches.items()),
        (340, _TEXT_STYLE_HANDLE),
        (371, look.weight(0.13)),
        (372, look.weight(0.13)),
    )
