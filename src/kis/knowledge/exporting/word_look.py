"""How an article looks in Word: A4, one family of letters for Korean and Latin, calm tables, code on grey, the page number below.

The library's own template is made for other papers and letters, and most of its bytes are styles nobody uses.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kis.knowledge.exporting.blocks import Span, Spans

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph

FAMILY: Final = "맑은 고딕"
INK: Final = "1C2430"
PALE_INK: Final = "5B6675"
LINE: Final = "C9D2DD"
PALE: Final = "F2F5F9"
TEXT_POINTS: Final = 10
SMALL_POINTS: Final = 8
CODE_POINTS: Final = 8.5
HEADING_POINTS: Final = (17.0, 13.0, 11.0, 10.5, 10.0, 10.0)
MARGIN_MM: Final = 22
TEXT_WIDTH_MM: Final = 210 - 2 * MARGIN_MM
LETTER_MM: Final = 1.95
"""Of a Latin letter in a table, bold; a Korean one is two of them wide."""
CODE_LETTER_MM: Final = 2.2
CELL_PADDING_MM: Final = 4.5
NARROWEST_MM: Final = 12.0

_KEPT_TABLES: Final = ("Normal Table", "Table Grid")
_LEFT_OUT: Final = ("/stylesWithEffects", "/thumbnail", "/customXml")
_AFTER_MARGINS: Final = ("w:tblLook", "w:tblCaption", "w:tblDescription", "w:tblPrChange")
_AFTER_BORDERS: Final = ("w:shd", "w:tblLayout", "w:tblCellMar", *_AFTER_MARGINS)
"""What stands behind them by the schema: Word opens no document whose parts are in another order."""
_FIRST_WIDE: Final = 0x1100
"""From here on letters are Korean, Chinese or Japanese, near enough for the width of a column."""
_THEMES: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def dress(document: "Document", title: str, day: str) -> None:
    """Give an empty document its page, its letters and its footer."""
    _drop_what_is_not_used(document)
    _set_page(document)
    _set_letters(document)
    _write_footer(document, f"{title} · {day}")


def dress_table(table: "Table", widths_mm: Sequence[float]) -> None:
    """Give a filled table its lines, the ground of its head, and columns as wide as their words."""
    from docx.shared import Mm

    table.autofit = False
    properties: Any = table._tbl.tblPr  # noqa: SLF001 - the library has no face for lines and margins
    borders = _made("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_made(f"w:{side}", val="single", sz="4", space="0", color=LINE))
    properties.insert_element_before(borders, *_AFTER_BORDERS)
    margins = _made("w:tblCellMar")
    for side, twips in (("top", "50"), ("left", "100"), ("bottom", "50"), ("right", "100")):
        margins.append(_made(f"w:{side}", w=twips, type="dxa"))
    properties.insert_element_before(margins, *_AFTER_MARGINS)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for place, row in enumerate(table.rows):
        facts: Any = row._tr.get_or_add_trPr()  # noqa: SLF001 - as above
        facts.append(_made("w:cantSplit"))
        if place == 0:
            facts.append(_made("w:tblHeader"))
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)
            for paragraph in cell.paragraphs:
                _close(paragraph)
            if place == 0:
                ground = _made("w:shd", val="clear", color="auto", fill=PALE)
                cell._tc.get_or_add_tcPr().append(ground)  # noqa: SLF001 - as above


def dress_code(paragraph: "Paragraph") -> None:
    """Put lines of code on grey."""
    from docx.shared import Pt

    properties: Any = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - the library has no face for the ground of a paragraph
    properties.append(_made("w:shd", val="clear", color="auto", fill=PALE))
    paragraph.paragraph_format.space_before = Pt(2)
    paragraph.paragraph_format.space_after = Pt(8)
    for run in paragraph.runs:
        run.font.size = Pt(CODE_POINTS)


def counted(document: "Document", style: str, start: int) -> int:
    """Return a new way of counting for a list of ``style``, from ``start``: without one of its own a list goes on where the last one ended."""
    properties: Any = document.styles[style].element.pPr
    numbering: Any = document.part.numbering_part.element
    known = numbering.num_having_numId(properties.numPr.numId.val)
    made = numbering.add_num(known.abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(made.numId)


def count_by(paragraph: "Paragraph", number: int) -> None:
    """Let a paragraph of a list be counted by ``number``."""
    properties: Any = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - the library has no face for it
    counting = properties.get_or_add_numPr()
    counting.get_or_add_ilvl().val = 0
    counting.get_or_add_numId().val = number


def widths_mm(rows: Sequence[Sequence[Spans]]) -> list[float]:
    """Return how wide each column of a table is: as its longest line where there is room, else the long ones share what the short ones leave."""
    columns = max(map(len, rows))
    wanted = [NARROWEST_MM] * columns
    for row in rows:
        for place, spans in enumerate(row):
            wanted[place] = max(wanted[place], sum(map(_width_mm, spans)) + CELL_PADDING_MM)
    room, long = float(TEXT_WIDTH_MM), list(range(columns))
    if sum(wanted) <= room:
        return wanted
    while short := [place for place in long if wanted[place] <= room / len(long)]:
        room -= sum(wanted[place] for place in short)
        long = [place for place in long if place not in short]
    share = sum(wanted[place] ** 0.5 for place in long)
    for place in long:
        wanted[place] = room * wanted[place] ** 0.5 / share
    return wanted


def _width_mm(span: Span) -> float:
    letters = sum(2 if ord(letter) >= _FIRST_WIDE else 1 for letter in span.text)
    return letters * (CODE_LETTER_MM if span.code else LETTER_MM)


def _drop_what_is_not_used(document: "Document") -> None:
    styles: Any = document.styles
    for style in list(styles.element.style_lst):
        if style.get(_name("w:type")) == "table" and style.name_val not in _KEPT_TABLES:
            styles.element.remove(style)
    for relations in (document.part.rels, document.part.package.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(_LEFT_OUT)]:
            relations.pop(key)


def _set_page(document: "Document") -> None:
    from docx.shared import Mm

    (section,) = document.sections
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = Mm(MARGIN_MM)
    section.bottom_margin = Mm(20)
    section.footer_distance = Mm(11)


def _set_letters(document: "Document") -> None:
    from docx.shared import Pt, RGBColor

    normal: Any = document.styles["Normal"]
    _set_family(normal)
    normal.font.size = Pt(TEXT_POINTS)
    normal.font.color.rgb = RGBColor.from_string(INK)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.3
    for level, points in enumerate(HEADING_POINTS, start=1):
        heading: Any = document.styles[f"Heading {level}"]
        _set_family(heading)
        heading.font.size = Pt(points)
        heading.font.bold, heading.font.italic = True, False
        heading.font.color.rgb = RGBColor.from_string(INK)
        heading.paragraph_format.space_before = Pt(0 if level == 1 else 14)
        heading.paragraph_format.space_after = Pt(5)
    quote: Any = document.styles["Quote"]
    quote.font.italic = False
    quote.font.color.rgb = RGBColor.from_string(PALE_INK)
    quote.paragraph_format.left_indent = Pt(14)
    spaced: Any = document.styles["List Continue"]
    spaced.paragraph_format.space_after = Pt(6)


def _set_family(style: "ParagraphStyle") -> None:
    """Use one family for letters of every script; what a theme would put in its place is taken away."""
    fonts: Any = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in _THEMES:
        fonts.attrib.pop(_name(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(_name(f"w:{script}"), FAMILY)


def _write_footer(document: "Document", words: str) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm, Pt, RGBColor

    (section,) = document.sections
    (paragraph,) = section.footer.paragraphs
    style: Any = paragraph.style
    style.font.size = Pt(SMALL_POINTS)
    style.font.color.rgb = RGBColor.from_string(PALE_INK)
    style.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{words}\t")
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _add_field(paragraph, "NUMPAGES")


def _add_field(paragraph: "Paragraph", name: str) -> None:
    field = _made("w:fldSimple", instr=name)
    run: Any = paragraph.add_run("1")._r  # noqa: SLF001 - the library has no face for fields
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - as above


def _close(paragraph: "Paragraph") -> None:
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.15


def _made(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    element: Any = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(_name(f"w:{name}"), value)
    return element


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return qn(tag)
