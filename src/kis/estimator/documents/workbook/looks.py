"""How the cells of each style look, in the colours and letters of a brand. Each look becomes a named style of the workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from kis.estimator.documents.brand.schema import Colours
from kis.estimator.documents.workbook.plan import CellStyle

_WARNING: Final = "#b3261e"
_PASSED: Final = "#1e6b3a"
_REMARKED: Final = "#8a5a00"
"""Signal colours mean the same in every house; only the brand's own inks are its own."""

_UPWARDS: Final = 90
_STACKED: Final = 255
"""Text rotations of OOXML: degrees, or letter below letter (ECMA-376 part 1, 18.8.1)."""

Ink = Literal["primary", "ink", "muted", "warning", "passed", "remarked"]
Edge = Literal["none", "cell", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    size: float = 10
    bold: bool = False
    ink: Ink = "ink"
    filled: bool = False
    across: Literal["left", "center", "right"] = "left"
    indent: int = 0
    wraps: bool = True
    shrinks: bool = False
    turn: int = 0
    edge: Edge = "none"


_LABEL: Final = _Look(bold=True, filled=True, across="center", edge="cell")
_NUMBER: Final = _Look(across="right", wraps=False, edge="cell")
_LOOKS: Final[Mapping[CellStyle, _Look]] = {
    CellStyle.TITLE: _Look(size=24, bold=True, ink="primary", across="center", wraps=False),
    CellStyle.WARNING: _Look(bold=True, ink="warning"),
    CellStyle.NOTE: _Look(size=9, ink="muted"),
    CellStyle.UNIT_NOTE: _Look(size=9, ink="muted", across="right", wraps=False),
    CellStyle.GREETING: _Look(size=11),
    CellStyle.SECTION: _Look(size=11, bold=True, ink="primary"),
    CellStyle.PARAGRAPH: _Look(indent=1),
    CellStyle.LABEL: _LABEL,
    CellStyle.UPRIGHT_LABEL: _Look(bold=True, filled=True, across="center", edge="cell", turn=_UPWARDS),
    CellStyle.STACKED_LABEL: _Look(
        bold=True, filled=True, across="center", edge="cell", turn=_STACKED, wraps=False
    ),
    CellStyle.VALUE: _Look(indent=1, edge="cell"),
    CellStyle.SEAL: _Look(across="center", edge="cell", ink="muted"),
    CellStyle.HEADLINE_LABEL: _Look(size=11, bold=True, filled=True, across="center", edge="total"),
    CellStyle.HEADLINE: _Look(
        size=13, bold=True, ink="primary", across="left", indent=1, wraps=False, shrinks=True, edge="total"
    ),
    CellStyle.HEADLINE_WORDS: _Look(size=11, bold=True, ink="primary", indent=1, edge="total"),
    CellStyle.HEAD: _LABEL,
    CellStyle.CENTRED: _Look(across="center", edge="cell"),
    CellStyle.TEXT: _Look(indent=1, edge="cell"),
    CellStyle.NUMBER: _NUMBER,
    CellStyle.SUM_LABEL: _Look(bold=True, filled=True, across="center", edge="cell"),
    CellStyle.SUM: _Look(bold=True, filled=True, across="right", wraps=False, edge="cell"),
    CellStyle.TOTAL_LABEL: _Look(
        size=11, bold=True, ink="primary", filled=True, across="center", edge="total"
    ),
    CellStyle.TOTAL: _Look(
        size=11, bold=True, ink="primary", filled=True, across="right", wraps=False, edge="total"
    ),
    CellStyle.PASSED: _Look(bold=True, ink="passed", across="center", edge="cell"),
    CellStyle.REMARKED: _Look(bold=True, ink="remarked", across="center", edge="cell"),
    CellStyle.FAILED: _Look(bold=True, ink="warning", across="center", edge="cell"),
    CellStyle.NOT_CHECKED: _Look(ink="muted", across="center", edge="cell"),
}


def named_style(name: str, style: CellStyle, number_format: str, colours: Colours, font: str) -> NamedStyle:
    """Return the named style of cells that look so and show numbers so."""
    look = _LOOKS[style]
    inks: Mapping[Ink, str] = {
        "primary": colours.primary,
        "ink": colours.ink,
        "muted": colours.muted,
        "warning": _WARNING,
        "passed": _PASSED,
        "remarked": _REMARKED,
    }
    return NamedStyle(
        name=name,
        font=Font(name=font, size=look.size, bold=look.bold, color=_argb(inks[look.ink])),
        fill=PatternFill("solid", fgColor=_argb(colours.fill)) if look.filled else PatternFill(),
        border=_border(look.edge, colours),
        alignment=Alignment(
            horizontal=look.across,
            vertical="center",
            indent=look.indent,
            wrap_text=look.wraps,
            shrink_to_fit=look.shrinks,
            text_rotation=look.turn,
        ),
        number_format=number_format,
    )


def _border(edge: Edge, colours: Colours) -> Border:
    if edge == "none":
        return Border()
    thin = Side(style="thin", color=_argb(colours.rule))
    heavy = Side(style="medium", color=_argb(colours.primary)) if edge == "total" else thin
    return Border(left=thin, right=thin, top=heavy, bottom=heavy)


def _argb(colour: str) -> str:
    return "FF" + colour.removeprefix("#").upper()
