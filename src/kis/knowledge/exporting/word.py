"""An article as a Word document. The same article is the same bytes on every machine and day."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kis.knowledge.exporting.blocks import (
    Block,
    Code,
    Grid,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Span,
    Spans,
    blocks_of,
)
from kis.knowledge.exporting.things import Item
from kis.knowledge.exporting.word_look import count_by, counted, dress, dress_code, dress_table, widths_mm
from kis.knowledge.importing.links import linked_attachment
from kis.platform.spreadsheet import with_fixed_dates
from kis.search import Language

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run

CODE_FONT: Final = "Consolas"
WIDEST_PICTURE_CM: Final = 15.0
DEEPEST: Final = 3
"""Word's own list styles go so deep."""
_LINKS: Final = ("http://", "https://", "mailto:")
_HYPERLINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def docx_file(item: Item, language: Language) -> bytes:
    """Return the document of an article in a language."""
    import docx

    document = docx.Document()
    dress(document, item.texts[language].words.title, f"{item.saved_at:%Y-%m-%d}")
    _describe(document, item, language)
    writing = _Writing(document, item)
    blocks = blocks_of(item.texts[language].words.body)
    if not blocks or not isinstance(blocks[0], Heading) or blocks[0].level != 1:
        writing.write([Heading(1, (Span(text=item.texts[language].words.title),))], 0)
    writing.write(blocks, 0)
    output = io.BytesIO()
    document.save(output)
    return with_fixed_dates(output.getvalue(), f"{item.saved_at:%Y-%m-%dT%H:%M:%SZ}")


def _describe(document: "Document", item: Item, language: Language) -> None:
    words = item.texts[language].words
    facts = document.core_properties
    facts.title, facts.subject = words.title[:255], words.summary[:255]
    facts.keywords = ("; ".join(words.tags) + (";" if len(words.tags) == 1 else ""))[:255]
    facts.category, facts.identifier, facts.language = item.category or "", item.slug, language.value
    facts.author, facts.last_modified_by, facts.comments = "KIS", "KIS", ""
    facts.created = facts.modified = item.saved_at.replace(tzinfo=None, microsecond=0)
    facts.revision = 1


class _Writing:
    """One document on its way."""

    def __init__(self, document: "Document", item: Item) -> None:
        self._document = document
        self._item = item
        self._is_after_table = False

    def write(self, blocks: Sequence[Block], depth: int, style: str | None = None) -> None:
        for block in blocks:
            match block:
                case Heading(level, spans):
                    self._fill(self._paragraph(f"Heading {min(level, 6)}"), spans)
                case Paragraph(spans):
                    self._fill(self._paragraph(style), spans)
                case Listing():
                    self._list(block, depth)
                case Grid(rows):
                    self._grid(rows)
                case Code(text):
                    paragraph = self._paragraph("No Spacing")
                    paragraph.add_run(text).font.name = CODE_FONT
                    dress_code(paragraph)
                case Quote(inner):
                    self.write(inner, depth, "Quote")
                case Rule():
                    self._paragraph().add_run("─" * 30)

    def _paragraph(self, style: str | None = None) -> "WordParagraph":
        """Return a new paragraph, with room above where a table stands there: tables have none below them."""
        from docx.shared import Pt

        paragraph = self._document.add_paragraph(style=style)
        if self._is_after_table and not (style or "").startswith("Heading"):
            paragraph.paragraph_format.space_before = Pt(8)
        self._is_after_table = False
        return paragraph

    def _list(self, listing: Listing, depth: int) -> None:
        name = "List Number" if listing.is_numbered else "List Bullet"
        style = name if depth == 0 else f"{name} {min(depth + 1, DEEPEST)}"
        number = counted(self._document, style, listing.start) if listing.is_numbered else None
        for item in listing.items:
            rest = item
            if item and isinstance(item[0], Paragraph):
                paragraph, rest = self._paragraph(style), item[1:]
                self._fill(paragraph, item[0].spans)
                if number is not None:
                    count_by(paragraph, number)
            self.write(rest, depth + 1, "List Continue" if depth == 0 else None)

    def _grid(self, rows: Sequence[Sequence[Spans]]) -> None:
        if not rows:
            return
        table = self._document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
        for place, row in enumerate(rows):
            cells = table.rows[place].cells
            for cell, spans in zip(cells, row, strict=False):
                self._fill(cell.paragraphs[0], spans, is_head=place == 0)
        dress_table(table, widths_mm(rows))
        self._is_after_table = True

    def _fill(self, paragraph: "WordParagraph", spans: Spans, *, is_head: bool = False) -> None:
        for span in spans:
            if span.image:
                self._show(paragraph, span)
            elif span.link.startswith(_LINKS):
                self._link(paragraph, span)
            else:
                _dress(paragraph.add_run(_plain(span.text)), span, is_head=is_head)

    def _show(self, paragraph: "WordParagraph", span: Span) -> None:
        from docx.image.exceptions import UnrecognizedImageError
        from docx.shared import Cm

        picture = self._item.pictures.get(linked_attachment(span.image) or "")
        run = paragraph.add_run()
        if picture is not None:
            try:
                shape = run.add_picture(io.BytesIO(picture.data))
            except (UnrecognizedImageError, ValueError, KeyError, ZeroDivisionError):
                run.add_text(_plain(span.text))
                return
            widest = Cm(WIDEST_PICTURE_CM)
            if shape.width > widest:
                shape.height = int(shape.height * widest / shape.width)  # type: ignore[assignment]  # the library takes plain numbers
                shape.width = widest
            shape._inline.docPr.set("descr", _plain(span.text))  # noqa: SLF001 - the library has no face for it
            return
        run.add_text(_plain(span.text))

    def _link(self, paragraph: "WordParagraph", span: Span) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        relation = paragraph.part.relate_to(span.link, _HYPERLINK, is_external=True)
        link: Any = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        run = paragraph.add_run(_plain(span.text))
        _dress(run, span, is_head=False)
        run.font.underline = True
        paragraph._p.append(link)  # noqa: SLF001 - links have no face in the library
        link.append(run._r)  # noqa: SLF001


def _dress(run: "Run", span: Span, *, is_head: bool) -> None:
    if span.bold or is_head:
        run.bold = True
    if span.italic:
        run.italic = True
    if span.strike:
        run.font.strike = True
    if span.code:
        run.font.name = CODE_FONT


def _plain(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return "".join(
        letter for letter in text if letter in "\t\n" or (ord(letter) >= 32 and letter not in "\ufffe\uffff")
    )
