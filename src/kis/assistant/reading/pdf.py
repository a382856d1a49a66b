"""PDF documents: read in ranges of pages, which several processes may share, and joined to one document."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kis.assistant.reading.blocks import Block
from kis.assistant.reading.joining import Joiner
from kis.assistant.reading.language import language_of
from kis.assistant.reading.layout import blocks_of, merged_lists, without_running_lines
from kis.assistant.reading.lines import Page, page_of
from kis.assistant.reading.tables import with_headers
from kis.assistant.things import DocumentState, ReadDocument, Unit, UnitKind
from kis.platform.pdfium import PDFIUM

PARSER_VERSION: Final = "4"
"""Changes whenever the same bytes are read into other units."""
PDF: Final = "application/pdf"
MOST_PAGES: Final = 20_000
MOST_UNITS: Final = 200_000
MOST_CHARACTERS: Final = 20_000_000
LONGEST_HEADING: Final = 150
LONGEST_TITLE: Final = 300
_LARGER: Final = 1.12
"""How much higher than the body's the letters of a heading are, at least."""
_DEEPEST: Final = 6
_NUMBERED: Final = re.compile(
    r"(?P<number>(?:[A-Z](?=\.)|[B-HJ-Z](?!\s+[a-z])|\d{1,2})(?:\.\d{1,2}){0,4})\.?\s+\S|제\s?\d+\s?(?P<korean>[장편절])"
)
"""What a heading begins with that tells its level; "A" and "I" are words where no dot follows, and so is a letter before a small one: "A Simple Example"."""
_TOLD_SHARE: Final = 0.5
"""So many of the headings of one height have numbers, and they tell the level of those that have none."""
_LABEL: Final = re.compile(
    r"(?:note|tip|hint|warning|caution|important|danger|attention|notice|참고|주의|경고|알림|중요|위험|유의|팁)\s*[:!]?",
    re.IGNORECASE,
)
"""What stands over a remark in a box, in letters like those of a heading."""
_FEWEST_LABELS: Final = 2
"""Remarks recur; what stands once in a manual is the heading of a chapter."""
_LABELLING: Final = (UnitKind.HEADING, UnitKind.PARAGRAPH)
_SENTENCE_END: Final = (".", ",", ";", ":", "다.", "。")


@dataclass(frozen=True, slots=True)
class PagesRead:
    """A range of a document's pages, read."""

    state: DocumentState
    count: int = 0
    """Pages of the whole document."""
    title: str = ""
    pages: tuple[Page, ...] = ()
    blocks: tuple[tuple[Block, ...], ...] = ()
    """Of each page."""


def read_pages(content: bytes, first: int = 1, last: int | None = None) -> PagesRead:
    """Read the pages ``first`` to ``last``, both with it, counted from 1."""
    import pypdfium2  # type: ignore[import-untyped]  # comes without types

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            return PagesRead(_state_of(error))
        try:
            count = len(document)
            title = _title_of(document)
            end = min(count if last is None else last, count, MOST_PAGES)
            pages = tuple(page_of(document, number) for number in range(max(first, 1), end + 1))
        finally:
            document.close()
    blocks = tuple(
        tuple(blocks_of(page, lines)) for page, lines in zip(pages, without_running_lines(pages), strict=True)
    )
    return PagesRead(DocumentState.READY, count, title, pages, blocks)


def _title_of(document: Any) -> str:
    """Return the title that a document bears; none where that is no text."""
    try:
        return str(document.get_metadata_value("Title") or "")[:LONGEST_TITLE].strip()
    except UnicodeDecodeError:
        return ""


def _state_of(error: Any) -> DocumentState:
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # comes without types

    locked = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
    return DocumentState.ENCRYPTED if getattr(error, "err_code", None) in locked else DocumentState.DAMAGED


def joined(content: bytes, parts: Sequence[PagesRead]) -> ReadDocument:
    """Return the document that ``parts`` are of, in the order of their pages."""
    sha256 = hashlib.sha256(content).hexdigest()
    wrong = next((part.state for part in parts if part.state is not DocumentState.READY), None)
    if wrong or not parts:
        state = wrong or DocumentState.EMPTY
        return ReadDocument(sha256=sha256, parser_version=PARSER_VERSION, state=state, media_type=PDF)
    pages = [page for part in parts for page in part.pages]
    blocks = list(with_headers(block for part in parts for page in part.blocks for block in page))
    units = tuple(bounded(_with_labels(list(_units(blocks, {page.number: page for page in pages})))))
    return ReadDocument(
        sha256=sha256,
        parser_version=PARSER_VERSION,
        state=_state(pages, units),
        media_type=PDF,
        title=parts[0].title or _title(units),
        language=language_of(unit.text for unit in units),
        pages=len(pages),
        page_sizes=tuple((round(page.width, 2), round(page.height, 2)) for page in pages),
        units=units,
    )


def bounded(units: Iterator[Unit]) -> Iterator[Unit]:
    """Yield as much as is kept of a document."""
    characters = 0
    for number, unit in enumerate(units):
        characters += len(unit.text)
        if number >= MOST_UNITS or characters > MOST_CHARACTERS:
            return
        yield unit


def _state(pages: Sequence[Page], units: Sequence[Unit]) -> DocumentState:
    """A scanned document may have a cover or a stamp in letters: it is one where hardly a page can be read."""
    pictures = sum(page.has_pictures for page in pages)
    if pictures and sum(bool(page.lines) for page in pages) <= 0.1 * len(pages):
        return DocumentState.SCANNED
    return DocumentState.READY if units else DocumentState.EMPTY


def _units(blocks: Sequence[Block], pages: Mapping[int, Page]) -> Iterator[Unit]:
    joiner = Joiner.of(
        [line for block in blocks for line in block.lines if not block.rows],
        (cell for block in blocks for row in block.rows for cell in row if cell),
    )
    body = _body_height(blocks)
    levels = _levels(blocks, body)
    for some in merged_lists(blocks):
        block = some[0]
        boxes = tuple(pages[one.page].box(line) for one in some for line in one.lines)
        if block.rows:
            text = "\n".join(" | ".join(map(joiner.joined, row)) for row in block.rows)
            yield Unit(kind=UnitKind.TABLE, text=text, page=block.page, boxes=boxes)
        elif len(some) > 1 or (block.kind is UnitKind.LIST and not _is_heading(block, body)):
            text = "\n".join(joiner.joined(one.lines) for one in some)
            yield Unit(kind=UnitKind.LIST, text=text, page=block.page, boxes=boxes)
        elif _is_heading(block, body):
            text = joiner.joined(block.lines)
            level = _numbered_level(text) or levels.get(_rounded(block.height), _DEEPEST)
            yield Unit(kind=UnitKind.HEADING, text=text, page=block.page, boxes=boxes, level=level)
        else:
            code = "\n".join(joiner.settled(line.text) for line in block.lines) if block.is_code else ""
            text = code or joiner.joined(block.lines)
            yield Unit(kind=UnitKind.PARAGRAPH, text=text, page=block.page, boxes=boxes)


def _with_labels(units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield units; "Note" over a remark is no heading, under which all that follows would stand, but goes before the remark."""
    counted = Counter(unit.text.lower() for unit in units if _LABEL.fullmatch(unit.text))
    label: Unit | None = None
    for unit in units:
        given = unit
        if label and unit.kind is UnitKind.PARAGRAPH and unit.page == label.page and "\n" not in unit.text:
            lead = label.text if label.text.endswith((":", "!")) else f"{label.text}:"
            given = replace(unit, text=f"{lead} {unit.text}", boxes=(*label.boxes, *unit.boxes))
        elif label:
            yield replace(label, kind=UnitKind.PARAGRAPH, level=0)
        label = None
        if given.kind in _LABELLING and counted[given.text.lower()] >= _FEWEST_LABELS:
            label = given
        else:
            yield given
    if label:
        yield replace(label, kind=UnitKind.PARAGRAPH, level=0)


def _rounded(height: float) -> float:
    return round(height * 2) / 2


def _body_height(blocks: Sequence[Block]) -> float:
    counted: Counter[float] = Counter()
    for block in blocks:
        for line in block.lines:
            counted[_rounded(line.height)] += len(line.text)
    return counted.most_common(1)[0][0] if counted else 0.0


def _is_heading(block: Block, body: float) -> bool:
    length = sum(len(line.text) for line in block.lines)
    if block.rows or not 1 < length <= LONGEST_HEADING or not any(c.isalpha() for c in block.lines[0].text):
        return False
    if block.height >= _LARGER * body:
        return True
    return block.is_bold and not block.is_code and not block.lines[-1].text.endswith(_SENTENCE_END)


def _numbered_level(text: str) -> int:
    """Return the level that a heading's own number tells; 0 where it has none."""
    found = _NUMBERED.match(text)
    if found is None:
        return 0
    if found["korean"]:
        return 2 if found["korean"] == "절" else 1
    return min(found["number"].count(".") + 1, _DEEPEST)


def _levels(blocks: Sequence[Block], body: float) -> dict[float, int]:
    """Return the level of each height of headings: that of the numbered ones, where most of this height are, else by size."""
    headings = [block for block in blocks if _is_heading(block, body)]
    found: dict[float, Counter[int]] = {}
    for block in headings:
        found.setdefault(_rounded(block.height), Counter())[_numbered_level(block.lines[0].text)] += 1
    told = {
        height: Counter({level: times for level, times in counted.items() if level}).most_common(1)[0][0]
        for height, counted in found.items()
        if counted[0] <= (1 - _TOLD_SHARE) * counted.total()
    }
    levels: dict[float, int] = {}
    for place, height in enumerate(sorted(found, reverse=True), 1):
        below = min((level for other, level in told.items() if other < height), default=_DEEPEST + 1)
        levels[height] = told.get(height) or max(min(place, below - 1), 1)
    return levels


def _title(units: Sequence[Unit]) -> str:
    return next((unit.text for unit in units if unit.kind is UnitKind.HEADING), "")[:LONGEST_TITLE]
