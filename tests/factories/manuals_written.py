"""Manuals written to measure the assistant with, and the questions and claims that belong to them.

The texts stand in ``tests/data/assistant/manuals`` in a small markup of one block a line: ``#`` to ``###`` headings (``|1`` behind a chapter's name
sets it in one column), ``- `` items, ``1. `` steps, ``W: ``, ``C: `` and ``N: `` for a warning, a caution and a note, ``T: `` the caption of a table whose
rows follow as ``| a | b |``, ``F: caption: part; part`` a drawing, anything else a paragraph. Typst sets them: the same text is the same PDF each time.

A question names its anchors: what stands word for word on the pages that answer it. Where they land is found by reading the finished PDF.

There are four materials of the same shape: the first, ``DATA``, the second, ``BLIND``, and the third, ``BLIND_2``, whose single cases were read when rules were
made, and the fourth, ``BLIND_3``, whose were not.

``python -m tests.factories.manuals_written FOLDER`` writes what ``kis assistant evaluate-pages`` takes: for each manual NAME.pdf and NAME.jsonl.
With ``blind`` behind the folder it writes the second material, with ``blind_2`` the third and with ``blind_3`` the fourth.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import yaml

DATA = Path(__file__).parent.parent / "data" / "assistant"
BLIND = DATA / "blind"
BLIND_2 = DATA / "blind_2"
BLIND_3 = DATA / "blind_3"
_FONTS = Path(__file__).parent.parent.parent / "src" / "kis" / "estimator" / "documents" / "fonts"
_CALLOUTS = {"W": "warning", "C": "caution", "N": "note"}
_HEADING = re.compile(r"(#{1,3}) (.*?)(?: \|(\d))?")
_STEP = re.compile(r"\d+\. (.*)")
_NARROWEST, _WIDEST = 5, 26
_PADDING = 3
"""Widths of a column in letters, between which it gets its share of the page."""

Block = dict[str, Any]
"""A block of a manual as the template takes it: its ``kind`` and what belongs to that."""

Kind = Literal["fact", "procedure", "table", "limit", "error", "why", "comparison", "keywords"]
Change = Literal[
    "number", "unit", "negation", "model", "page", "comparison", "none", "paraphrase", "cut", "joined"
]


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading of a manual, up to the next."""

    titles: tuple[str, ...]
    """The headings it stands under, the outermost first and its own last."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenQuestion:
    """A question about a manual, and the pages that answer it: none where the manual does not."""

    qid: str
    manual: str
    language: Literal["ko", "en"]
    question: str
    kind: Kind
    answerable: bool
    answer: str
    anchors: tuple[str, ...]
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence said of a passage, and whether the passage bears it."""

    cid: str
    language: Literal["ko", "en"]
    passage: str
    page: int
    """Where the passage stands."""
    sentence: str
    is_true: bool
    change: Change
    """What was done to a true sentence to make it false, or how a true one was worded."""
    manual: str = ""
    """The manual of the passage; the first material does not say."""


def manual_names(material: Path = DATA) -> tuple[str, ...]:
    return tuple(_manuals(material))


def manual_language(name: str) -> str:
    return str(_manual(name)["language"])


@cache
def manual_pdf(name: str) -> bytes:
    """Set a manual: once without its index, to see where the index's words stand, and once with it."""
    body = _set(name, ())
    return _set(name, tuple(_index(_manual(name)["index"], _texts(body))))


@cache
def manual_pages(name: str) -> tuple[str, ...]:
    """Return the text of each page as PDFium reads it."""
    return _texts(manual_pdf(name))


@cache
def manual_sections(name: str) -> tuple[Section, ...]:
    """Take a manual's source apart at its headings."""
    titles: list[str] = []
    sections: list[Section] = []
    for line in _lines(name):
        if heading := _HEADING.fullmatch(line):
            titles = [*titles[: len(heading[1]) - 1], heading[2]]
            sections.append(Section(tuple(titles), ""))
        else:
            sections[-1] = Section(sections[-1].titles, f"{sections[-1].text}{line}\n")
    return tuple(sections)


def pages_holding(name: str, anchor: str) -> tuple[int, ...]:
    """Return the pages that ``anchor`` stands on, spaces and ends of lines aside. A row of a table is written ``a | b``."""
    wanted = squashed(anchor)
    return tuple(number for number, text in enumerate(manual_pages(name), 1) if wanted in squashed(text))


def sections_holding(name: str, anchor: str) -> tuple[Section, ...]:
    """Return the sections whose source holds ``anchor``."""
    return tuple(section for section in manual_sections(name) if squashed(anchor) in squashed(section.text))


def squashed(text: str) -> str:
    """Return ``text`` without spaces, ends of lines, borders of tables, and hyphens, which PDFium reads as U+FFFE at the end of a line."""
    return re.sub(r"[\s|\ufffe-]+", "", text)


@cache
def written_questions(material: Path = DATA) -> tuple[WrittenQuestion, ...]:
    return tuple(
        WrittenQuestion(**{**row, "anchors": tuple(row["anchors"]), "pages": tuple(row["pages"])})
        for row in _rows(material / "questions.jsonl")
    )


@cache
def claims(material: Path = DATA) -> tuple[Claim, ...]:
    return tuple(Claim(**row) for row in _rows(material / "verification.jsonl"))


def write_out(folder: Path, material: Path = DATA) -> None:
    """Write each manual and its questions to ``folder``, as files of one name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in manual_names(material):
        (folder / f"{name}.pdf").write_bytes(manual_pdf(name))
        asked = (asdict(question) for question in written_questions(material) if question.manual == name)
        lines = "".join(f"{json.dumps(question, ensure_ascii=False)}\n" for question in asked)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")


def _manuals(material: Path) -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = yaml.safe_load((material / "manuals.yaml").read_text(encoding="utf-8"))
    return read


def _manual(name: str) -> dict[str, Any]:
    return _manuals(_material(name))[name]


def _material(name: str) -> Path:
    """Return the material that a manual belongs to: no name is in two."""
    return next((material for material in (BLIND, BLIND_2, BLIND_3) if name in _manuals(material)), DATA)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _lines(name: str) -> Iterator[str]:
    for path in sorted((_material(name) / "manuals" / name).glob("*.txt")):
        yield from filter(None, path.read_text(encoding="utf-8").splitlines())


def _set(name: str, index: tuple[dict[str, Any], ...]) -> bytes:
    import typst

    manual = _manual(name)
    book = {
        **{
            key: manual[key] for key in ("title", "subtitle", "maker", "edition", "language", "words", "look")
        },
        "running": manual["title"],
        "foot": f"{manual['maker']} · {manual['edition']}",
        "chapters": list(_chapters(name, manual["look"]["columns"])),
        "index": list(index),
    }
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_FONTS)])
    compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
    source: Any = {
        "main.typ": (DATA / "manual.typ").read_bytes(),
        "manual.json": json.dumps(book, ensure_ascii=False).encode(),
    }
    pdf = compiler.compile(input=source, format="pdf")
    assert isinstance(pdf, bytes)
    return pdf


def _chapters(name: str, columns: int) -> Iterator[dict[str, Any]]:
    chapter: dict[str, Any] = {}
    for line in _lines(name):
        heading = _HEADING.fullmatch(line)
        if heading and heading[1] == "#":
            if chapter:
                yield _with_widths(chapter)
            chapter = {"columns": int(heading[3] or columns), "blocks": []}
        _add(chapter["blocks"], line)
    yield _with_widths(chapter)


def _add(blocks: list[Block], line: str) -> None:
    """Add the block that ``line`` is, or the item or row that it adds to the last one."""
    mark, _, rest = line.partition(": ")
    if heading := _HEADING.fullmatch(line):
        blocks.append({"kind": "heading", "level": len(heading[1]), "text": heading[2]})
    elif line.startswith("- "):
        _add_item(blocks, "list", line[2:])
    elif step := _STEP.fullmatch(line):
        _add_item(blocks, "steps", step[1])
    elif mark in _CALLOUTS:
        blocks.append({"kind": _CALLOUTS[mark], "text": rest})
    elif mark == "T":
        blocks.append({"kind": "table", "caption": rest, "header": [], "rows": []})
    elif mark == "F":
        caption, _, parts = rest.rpartition(": ")
        blocks.append({"kind": "figure", "caption": caption, "parts": parts.split("; ")})
    elif line.startswith("|"):
        _add_row(blocks[-1], [cell.strip() for cell in line.strip("|").split("|")])
    else:
        blocks.append({"kind": "text", "text": line})


def _add_item(blocks: list[Block], kind: str, text: str) -> None:
    if blocks[-1]["kind"] != kind:
        blocks.append({"kind": kind, "items": []})
    blocks[-1]["items"].append(text)


def _add_row(table: Block, cells: list[str]) -> None:
    if table["header"]:
        table["rows"].append(cells)
    else:
        table["header"] = cells


def _with_widths(chapter: dict[str, Any]) -> dict[str, Any]:
    for block in chapter["blocks"]:
        if block["kind"] == "table":
            rows = [block["header"], *block["rows"]]
            block["widths"] = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return chapter


def _width(cell: str) -> int:
    return min(max(sum(2 if letter > "\u1100" else 1 for letter in cell), _NARROWEST), _WIDEST) + _PADDING


def _texts(pdf: bytes) -> tuple[str, ...]:
    document = pypdfium2.PdfDocument(pdf)
    return tuple(page.get_textpage().get_text_range() for page in document)


def _index(terms: list[str], texts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for term in terms:
        wanted = squashed(term).lower()
        pages = [number for number, text in enumerate(texts, 1) if wanted in squashed(text).lower()]
        yield {"term": term, "pages": pages}


if __name__ == "__main__":
    write_out(Path(sys.argv[1]), DATA.joinpath(*sys.argv[2:3]))
