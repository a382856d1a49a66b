"""Word documents to Markdown: headings, lists, tables, bold and italic, links, and pictures as files of the article."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from kis.knowledge.importing.links import attachment_link
from kis.knowledge.importing.markdown import category_of, language_of, named
from kis.knowledge.importing.things import LANGUAGES, ReadFile, ReadText, read_text, slug_of
from kis.knowledge.importing.uploads import image_type
from kis.knowledge.importing.web_page import MOST_PICTURE_BYTES
from kis.platform.errors import Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.hyperlink import Hyperlink
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

DEEPEST: Final = 8
"""Of lists and of tables within tables."""

_HEADING: Final = re.compile(r"^(?:heading|제목)\s*(?P<level>[1-9])$", re.IGNORECASE)
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|])")
_LINE_START: Final = re.compile(r"^(\s*)(#{1,6}\s|[-+]\s|\d+[.)]\s|>|=+$|-+$|~~~)")
_SAFE_LINK: Final = ("http://", "https://", "mailto:")
_MONOSPACED: Final = ("courier", "consolas", "mono", "d2coding")


def read_docx(path: str, data: bytes, *, otherwise: str = "") -> ReadText:
    """Return the text of a Word document, or what is wrong with it. ``otherwise``: its language where it does not say it."""
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        reading = _Reading(document)
        body = reading.body()
    except Exception:  # noqa: BLE001 - a damaged part shows as anything from KeyError to an error of the XML library
        return ReadText(name=path, problems=(Problem(path, Message("knowledge_files.page.broken")),))
    facts = document.core_properties
    file = named(path)
    declared = (facts.language or "")[:2].lower()
    fields: dict[str, object] = {
        "title": (facts.title or reading.title or file.stem).strip(),
        "summary": (facts.subject or "").strip(),
        "tags": facts.keywords or "",
        "body": body,
    }
    shared: dict[str, object] = {"slug": facts.identifier or slug_of(file.stem)}
    if category := slug_of(facts.category or "") or category_of(file.folder):
        shared["category"] = category
    said = declared if declared in LANGUAGES else otherwise
    language = file.language or said or language_of(body)
    return read_text(path, {language: fields}, shared, files=tuple(reading.files.values()))


class _Reading:
    """One document on its way to Markdown."""

    def __init__(self, document: "Document") -> None:
        self._document = document
        self._formats = _number_formats(document)
        self.files: dict[str, ReadFile] = {}
        self.title = ""

    def body(self) -> str:
        blocks: list[str] = []
        was_list = False
        for block, is_item in self._blocks(self._document.iter_inner_content(), 0):
            if not block.strip():
                continue
            if is_item and was_list and _goes_on(blocks[-1], block):
                blocks[-1] += f"\n{block}"
            else:
                blocks.append(block)
            was_list = is_item
        return "\n\n".join(blocks)

    def _blocks(self, content: "Iterable[Paragraph | Table]", depth: int) -> Iterator[tuple[str, bool]]:
        from docx.table import Table

        for one in content:
            if isinstance(one, Table):
                yield self._table(one, depth), False
            else:
                yield self._paragraph(one)

    def _paragraph(self, paragraph: "Paragraph") -> tuple[str, bool]:
        text = self._inline(paragraph).strip()
        level = _heading_level(paragraph)
        if level is not None:
            plain = text.replace("**", "")
            if not self.title and plain:
                self.title = paragraph.text.strip()
            return (f"{'#' * level} {plain}" if plain else ""), False
        item = self._item(paragraph)
        if item is not None and text:
            depth, marker = item
            return f"{' ' * len(marker) * depth}{marker} {text}".replace(
                "\n", f"\n{' ' * 4 * (depth + 1)}"
            ), True
        if _is_code(paragraph):
            return f"```\n{paragraph.text}\n```", False
        style = (paragraph.style.name or "") if paragraph.style is not None else ""
        if "quote" in style.lower() and text:
            return "\n".join(f"> {line}" for line in text.split("\n")), False
        return "\n".join(_LINE_START.sub(r"\1\\\2", line) for line in text.split("\n")), False

    def _inline(self, paragraph: "Paragraph") -> str:
        from docx.text.run import Run

        pieces: list[tuple[str, str]] = []
        for one in paragraph.iter_inner_content():
            mark, text = self._run(one) if isinstance(one, Run) else ("", self._link(one))
            if pieces and mark and pieces[-1][0] == mark:
                pieces[-1] = (mark, pieces[-1][1] + text)
            elif text:
                pieces.append((mark, text))
        return "".join(_marked(text, mark) for mark, text in pieces)

    def _run(self, run: "Run") -> tuple[str, str]:
        pictures = "".join(self._pictures(run))
        if pictures:
            return "", _SPECIAL.sub(r"\\\1", run.text) + pictures
        font = (run.font.name or "").lower()
        if run.text.strip() and any(name in font for name in _MONOSPACED):
            return "`", run.text.replace("`", "'")
        mark = ("**" if run.bold else "") + ("*" if run.italic else "")
        return mark, _SPECIAL.sub(r"\\\1", run.text)

    def _link(self, link: "Hyperlink") -> str:
        text = _SPECIAL.sub(r"\\\1", link.text)
        address = link.url or ""
        is_relative = (
            address
            and "://" not in address
            and not address.lower().startswith(("javascript:", "file:", "data:"))
        )
        if not address.lower().startswith(_SAFE_LINK) and not is_relative:
            return text
        return f"[{text}]({address.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"

    def _pictures(self, run: "Run") -> Iterator[str]:
        for blip in run._r.xpath(".//a:blip[@r:embed]"):  # noqa: SLF001 - the library has no other way to pictures
            relation = blip.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed")
            part: Any = run.part.related_parts.get(relation)
            data = getattr(part, "blob", b"")
            media_type = image_type(data)
            if media_type is None or len(data) > MOST_PICTURE_BYTES:
                continue
            named_at = run._r.xpath(".//wp:docPr/@descr")  # noqa: SLF001
            alt = str(named_at[0]) if named_at else ""
            stem = slug_of(alt)[:60] or f"picture-{len(self.files) + 1}"
            file = ReadFile(name=f"{stem}.{media_type.partition('/')[2]}", media_type=media_type, data=data)
            self.files.setdefault(file.sha256, file)
            yield f"![{_SPECIAL.sub(' ', alt).strip()}]({attachment_link(file.sha256)})"

    def _item(self, paragraph: "Paragraph") -> tuple[int, str] | None:
        """Return the depth and the marker of an item of a list, None for what is none."""
        properties = paragraph._p.pPr  # noqa: SLF001 - numbering has no face in the library
        numbered: Any = properties.numPr if properties is not None else None
        style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
        if numbered is not None and numbered.numId is not None and numbered.numId.val:
            depth = int(numbered.ilvl.val) if numbered.ilvl is not None else 0
            kind = self._formats.get((int(numbered.numId.val), depth), "bullet")
            return min(depth, DEEPEST), "-" if kind in ("bullet", "none") else "1."
        if style.startswith("list bullet"):
            return _style_depth(style), "-"
        return (_style_depth(style), "1.") if style.startswith("list number") else None

    def _table(self, table: "Table", depth: int) -> str:
        rows = []
        for row in table.rows:
            seen: list[Any] = []
            cells = []
            for cell in row.cells:  # a merged cell comes once for each column it takes
                is_repeated = any(cell._tc is one for one in seen)  # noqa: SLF001
                seen.append(cell._tc)  # noqa: SLF001
                cells.append("" if is_repeated else self._cell(cell, depth))
            rows.append(cells)
        if not rows:
            return ""
        width = max(map(len, rows))
        rows[0] = [cell.replace("**", "") for cell in rows[0]]  # a head is bold anyway
        lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
        return "\n".join([lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]])

    def _cell(self, cell: Any, depth: int) -> str:
        if depth >= DEEPEST:
            return ""
        texts = (block for block, _ in self._blocks(cell.iter_inner_content(), depth + 1))
        return " ".join(" ".join(texts).split()).removeprefix("#").strip()


def _goes_on(list_so_far: str, item: str) -> bool:
    """Tell whether an item belongs to the list before it: one below it does, and one of the same kind."""
    last = [line for line in list_so_far.split("\n") if not line.startswith(" ")][-1:]
    return item.startswith(" ") or not last or last[0][:1].isdigit() == item[:1].isdigit()


def _is_code(paragraph: "Paragraph") -> bool:
    """Tell whether a whole paragraph is in letters of one width."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    fonts = [(run.font.name or "").lower() for run in runs]
    return bool(fonts) and all(any(name in font for name in _MONOSPACED) for font in fonts)


def _heading_level(paragraph: "Paragraph") -> int | None:
    style = paragraph.style
    if style is None:
        return None
    found = _HEADING.match((style.name or "").strip())
    if found:
        return min(int(found["level"]), 6)
    return 1 if (style.name or "").strip().lower() == "title" else None


def _style_depth(style: str) -> int:
    last = style.rpartition(" ")[2]
    return int(last) - 1 if last.isdecimal() and 1 < int(last) <= DEEPEST else 0


def _marked(text: str, mark: str) -> str:
    """Return text between marks, blanks left outside: Markdown knows no mark beside a blank."""
    if not mark or not text.strip():
        return text
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    return f"{before}{mark}{text.strip()}{mark[::-1]}{after}"


def _number_formats(document: "Document") -> dict[tuple[int, int], str]:
    """Return by list and depth how its items are numbered."""
    try:
        numbering: Any = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    levels: dict[tuple[str, int], str] = {}
    for abstract in numbering.findall(_w("abstractNum")):
        name = abstract.get(_w("abstractNumId"))
        for level in abstract.findall(_w("lvl")):
            kind = level.find(_w("numFmt"))
            levels[name, int(level.get(_w("ilvl")))] = "" if kind is None else kind.get(_w("val"))
    found: dict[tuple[int, int], str] = {}
    for one in numbering.findall(_w("num")):
        abstract_name = one.find(_w("abstractNumId")).get(_w("val"))
        for (name, depth), kind in levels.items():
            if name == abstract_name:
                found[int(one.get(_w("numId"))), depth] = kind
    return found


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
