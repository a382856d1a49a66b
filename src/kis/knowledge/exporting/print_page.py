"""An article in print: its blocks as data, set by Typst in this process with the letters that come with KIS. The same article is the same bytes."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

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
from kis.knowledge.exporting.things import Item, Picture
from kis.knowledge.importing.links import linked_attachment
from kis.search import Language

if TYPE_CHECKING:
    import typst

FAMILIES: Final = ("NanumBarunGothic", "DejaVu Sans Mono")
CODE_FAMILIES: Final = ("DejaVu Sans Mono", "NanumBarunGothic")
_SET: Final = frozenset({"image/png", "image/jpeg", "image/gif"})
_LINKS: Final = ("http://", "https://", "mailto:")

log = structlog.get_logger(__name__)


def pdf_file(item: Item, language: Language) -> bytes:
    """Return the PDF of an article in a language. A picture that cannot be set is its description."""
    import typst

    drawn = {f"{sha256}.svg": _drawing(picture) for sha256, picture in item.pictures.items()}
    used = {name: drawing for name, drawing in drawn.items() if drawing is not None}
    try:
        return _set(item, language, used)
    except typst.TypstError as error:
        if not used:
            raise
        log.info("knowledge.picture_not_set", slug=item.slug, error=error.message)
        return _set(item, language, {})


def _set(item: Item, language: Language, pictures: Mapping[str, bytes]) -> bytes:
    import typst

    words = item.texts[language].words
    blocks: Sequence[Block] = blocks_of(words.body)
    if not blocks or not isinstance(blocks[0], Heading) or blocks[0].level != 1:
        blocks = (Heading(1, (Span(text=words.title),)), *blocks)
    day = item.saved_at
    data = {
        "title": words.title,
        "author": "KIS",
        "tags": list(words.tags),
        "language": language.value,
        "date": [day.year, day.month, day.day],
        "families": FAMILIES,
        "code_families": CODE_FAMILIES,
        "footer": f"{words.title} · {day:%Y-%m-%d}",
        "blocks": [_block(block, pictures) for block in blocks],
    }
    source: Any = {
        "main.typ": _page(),
        "data.json": json.dumps(data, ensure_ascii=False, sort_keys=True).encode(),
        **pictures,
    }
    compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
    made = compiler.compile(input=source, format="pdf", timestamp=day.replace(microsecond=0))
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _block(block: Block, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    told: dict[str, Any]
    match block:
        case Heading(level, spans):
            told = {"kind": "heading", "level": level, "spans": _spans(spans, pictures)}
        case Paragraph(spans):
            told = {"kind": "paragraph", "spans": _spans(spans, pictures)}
        case Listing(is_numbered, start, items):
            inner = [[_block(one, pictures) for one in item] for item in items]
            told = {"kind": "list", "numbered": is_numbered, "start": start, "items": inner}
        case Grid(rows):
            columns = max(map(len, rows), default=1)
            filled = [[*row, *[()] * (columns - len(row))] for row in rows]
            cells = [[_spans(cell, pictures) for cell in row] for row in filled]
            told = {"kind": "grid", "columns": columns, "rows": cells}
        case Code(text):
            told = {"kind": "code", "text": text}
        case Quote(blocks):
            told = {"kind": "quote", "blocks": [_block(one, pictures) for one in blocks]}
        case Rule():
            told = {"kind": "rule"}
    return told


def _spans(spans: Spans, pictures: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [asdict(_settable(span)) | {"image": _image(span, pictures)} for span in spans]


def _settable(span: Span) -> Span:
    """Return a span without a link that leads nowhere from paper."""
    return span if span.link.startswith(_LINKS) else replace(span, link="")


def _image(span: Span, pictures: Mapping[str, bytes]) -> str | None:
    sha256 = linked_attachment(span.image)
    return next((name for name in pictures if sha256 and name.startswith(sha256)), None)


def _drawing(picture: Picture) -> bytes | None:
    """Return a picture within an SVG that shows nothing else, for Typst reads only text from memory; None where its size is not to be found."""
    from docx.image.exceptions import (
        InvalidImageStreamError,
        UnexpectedEndOfFileError,
        UnrecognizedImageError,
    )
    from docx.image.image import Image

    if picture.media_type not in _SET:
        return None
    try:
        known = Image.from_blob(picture.data)
    except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, KeyError, ValueError):
        return None
    size = f'width="{known.px_width}" height="{known.px_height}"'
    data = base64.b64encode(picture.data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} '
        f'viewBox="0 0 {known.px_width} {known.px_height}">'
        f'<image {size} xlink:href="data:{picture.media_type};base64,{data}"/></svg>'
    ).encode()


@cache
def _page() -> bytes:
    return files(__package__).joinpath("article.typ").read_bytes()


@cache
def _fonts() -> "typst.Fonts":
    import typst

    folder = Path(str(files("kis.estimator").joinpath("documents", "fonts")))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])
