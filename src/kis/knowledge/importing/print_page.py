"""PDF to Markdown: its text, with headings guessed by the size of their letters; what repeats on every page is dropped."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kis.knowledge.importing.markdown import category_of, language_of, named
from kis.knowledge.importing.things import ReadText, read_text, slug_of
from kis.platform.errors import Problem
from kis.platform.messages import Message

MOST_PAGES: Final = 1000
MOST_LETTERS: Final = 2_000_000
HEADING_RATIO: Final = 1.15
"""How much larger than the text a heading's letters are at least."""
MOST_HEADING_LETTERS: Final = 150
MOST_LEVELS: Final = 3
MARGIN: Final = 0.12
"""Of a page's height, above and below: where headers and footers stand."""
PARAGRAPH_GAP: Final = 1.9
"""Line to line, in heights of letters: more divides paragraphs."""

_PAGE_NUMBER: Final = re.compile(
    r"^(?:[-–—\s]*(?:page|p\.|쪽|페이지)?\s*\d{1,4}\s*(?:(?:/|of|중)\s*\d{1,4})?\s*(?:쪽|페이지)?[-–—\s]*)$",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"^[•‣▪◦·●○■□]\s*")
_DASH_ITEM: Final = re.compile(r"^[-–]\s+")
_NUMBERED: Final = re.compile(r"^(\d{1,3})[.)]\s+")
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|])")
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its words, the height of its letters, and where it stands."""

    text: str
    size: float
    top: float
    page: int
    height: float
    """Of the page."""

    @property
    def is_in_margin(self) -> bool:
        """Tell whether it stands where headers and footers do."""
        return self.top > self.height * (1 - MARGIN) or self.top < self.height * MARGIN


def read_pdf(path: str, data: bytes, *, otherwise: str = "") -> ReadText:
    """Return the text of a PDF, or what is wrong with it. ``otherwise``: its language where its name does not say it."""
    import pypdfium2  # type: ignore[import-untyped]  # comes without types

    try:
        with pypdfium2.PdfDocument(data) as document:
            if len(document) > MOST_PAGES:
                return _wrong(path, "pages", most=MOST_PAGES)
            title = str(document.get_metadata_value("Title") or "").strip()
            lines = list(_lines(document))
    except pypdfium2.PdfiumError:
        return _wrong(path, "broken")
    lines = without_repeated(lines)
    if not lines:
        return _wrong(path, "no_text")
    body = markdown_of(lines)
    file = named(path)
    first = next((line.removeprefix("# ") for line in body.split("\n") if line.startswith("# ")), "")
    shared: dict[str, object] = {"slug": slug_of(file.stem)}
    if file.folder:
        shared["category"] = category_of(file.folder)
    fields = {"title": (title or _SPECIAL.sub(r"\1", first) or file.stem)[:200], "body": body}
    return read_text(path, {file.language or otherwise or language_of(body): fields}, shared)


def without_repeated(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without page numbers and what stands in the margin of most pages, its numbers aside."""
    pages = len({line.page for line in lines})
    margins = Counter(
        {(_DIGITS.sub("#", line.text), line.page): 1 for line in lines if line.is_in_margin}.keys()
    )
    on_pages = Counter(text for text, _ in margins)
    least = max(2, (pages + 1) // 2)
    return [
        line
        for line in lines
        if not (
            line.is_in_margin
            and (_PAGE_NUMBER.match(line.text) or on_pages[_DIGITS.sub("#", line.text)] >= least)
        )
    ]


def markdown_of(lines: Sequence[Line]) -> str:
    """Return lines as Markdown: headings by their size, paragraphs by the space between lines."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    usual = sizes.most_common(1)[0][0]
    larger = sorted({line.size for line in lines if _is_heading(line, usual)}, reverse=True)
    levels = {size: min(place, MOST_LEVELS) for place, size in enumerate(larger, start=1)}
    blocks: list[str] = []
    before: Line | None = None
    for line in lines:
        level = levels.get(line.size) if _is_heading(line, usual) else None
        _add(blocks, line, before, level)
        before = line
    return "\n\n".join(blocks)


def _add(blocks: list[str], line: Line, before: Line | None, level: int | None) -> None:
    text = _SPECIAL.sub(r"\\\1", line.text)
    item = _ITEM.sub("- ", text, count=1) if _ITEM.match(text) else _DASH_ITEM.sub("- ", text, count=1)
    is_item = item.startswith("- ") or _NUMBERED.match(text) is not None
    goes_on = before is not None and before.size == line.size and _is_near(before, line)
    if level is not None:
        mark = "#" * level + " "
        if blocks and goes_on and blocks[-1].startswith(mark):
            blocks[-1] += f" {text}"
        else:
            blocks.append(mark + text)
    elif is_item:
        last = blocks[-1].rpartition("\n")[2] if blocks else ""
        if last.startswith("- ") or _NUMBERED.match(last):
            blocks[-1] += f"\n{item}"
        else:
            blocks.append(item)
    elif blocks and goes_on and not blocks[-1].startswith("#"):
        blocks[-1] = _joined(blocks[-1], text)
    else:
        blocks.append(f"\\{text}" if text.startswith(("#", "+ ")) else text)


def _joined(block: str, text: str) -> str:
    """Return a paragraph and its next line; a word that was divided is one again."""
    if len(block) > 1 and block.endswith("-") and block[-2].isalpha() and text[:1].islower():
        return block[:-1] + text
    return f"{block} {text}"


def _is_near(before: Line, line: Line) -> bool:
    return before.page == line.page and 0 <= before.top - line.top <= PARAGRAPH_GAP * line.size


def _is_heading(line: Line, usual: float) -> bool:
    return line.size >= usual * HEADING_RATIO and len(line.text) <= MOST_HEADING_LETTERS


def _lines(document: Any) -> Iterator[Line]:
    letters = 0
    for number in range(len(document)):
        page = document[number]
        try:
            words = page.get_textpage()
            try:
                letters += words.count_chars()
                if letters > MOST_LETTERS:
                    return
                yield from _page_lines(words, number, page.get_height())
            finally:
                words.close()
        finally:
            page.close()


def _page_lines(words: Any, number: int, height: float) -> Iterator[Line]:
    text: list[str] = []
    sizes: Counter[float] = Counter()
    top = 0.0

    def line() -> Line | None:
        joined = " ".join("".join(text).split())
        return Line(joined, sizes.most_common(1)[0][0], top, number, height) if joined and sizes else None

    for letter, size, at in _letters(words):
        if letter in "\r\n":
            if made := line():
                yield made
            text.clear()
            sizes.clear()
            top = 0.0
            continue
        text.append(letter)
        if not letter.isspace() and size > 0:
            sizes[size] += 1
            top = max(top, at)
    if made := line():
        yield made


def _letters(words: Any) -> Iterator[tuple[str, float, float]]:
    """Yield each letter of a page with its height (to half a point) and how high it stands."""
    from pypdfium2 import raw  # as above

    box = raw.FS_RECTF()
    for index in range(words.count_chars()):
        code = raw.FPDFText_GetUnicode(words, index)
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
            continue
        letter = "-" if code == 2 else chr(code)  # 2: a hyphen at the end of a line
        found = raw.FPDFText_GetLooseCharBox(words, index, ctypes.byref(box))
        size = round((box.top - box.bottom) * 2) / 2 if found else 0.0
        yield letter, size, box.top if found else 0.0


def _wrong(path: str, why: str, **values: object) -> ReadText:
    return ReadText(name=path, problems=(Problem(path, Message(f"knowledge_files.page.{why}", values)),))
