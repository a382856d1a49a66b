"""How the cells of a workbook show what they hold: its styles (ECMA-376 part 1, 18.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
"""The namespace of sheets and styles."""

_BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 37: "#,##0;(#,##0)",
    38: "#,##0;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 49: "@",
}  # fmt: skip
"""Number formats every program knows by number (ECMA-376 part 1, 18.8.30)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLook:
    """How a cell shows what it holds. An empty ``horizontal`` is the program's own: numbers right, words left."""

    number_format: str = "General"
    horizontal: str = ""
    indent: int = 0
    size_pt: float = 11.0
    wraps: bool = False
    fits_itself: bool = False
    """Shrinks to its cell, or is turned: never too wide."""


def read_looks(root: "_Element") -> tuple[CellLook, ...]:
    """Return the looks that cells refer to by number; one at least."""
    formats = dict(_BUILT_IN)
    formats |= {
        int(entry.get("numFmtId", "0")): entry.get("formatCode", "")
        for entry in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")
    }
    sizes = [_size(font) for font in root.iterfind(f"{MAIN}fonts/{MAIN}font")]
    looks = tuple(_look(entry, formats, sizes) for entry in root.iterfind(f"{MAIN}cellXfs/{MAIN}xf"))
    return looks or (CellLook(),)


def _size(font: "_Element") -> float:
    size = font.find(f"{MAIN}sz")
    return 11.0 if size is None else float(size.get("val", "11"))


def _look(entry: "_Element", formats: Mapping[int, str], sizes: list[float]) -> CellLook:
    alignment = entry.find(f"{MAIN}alignment")
    font = int(entry.get("fontId", "0"))
    return CellLook(
        number_format=formats.get(int(entry.get("numFmtId", "0")), "General"),
        horizontal="" if alignment is None else alignment.get("horizontal", ""),
        indent=0 if alignment is None else int(alignment.get("indent", "0")),
        size_pt=sizes[font] if font < len(sizes) else 11.0,
        wraps=alignment is not None and alignment.get("wrapText") in ("1", "true"),
        fits_itself=alignment is not None
        and (alignment.get("shrinkToFit") in ("1", "true") or alignment.get("textRotation", "0") != "0"),
    )
