"""Articles as CSV, JSON and Markdown: what an import reads back without a difference."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

import orjson
import yaml

from kis.knowledge.exporting.things import Branch, Item, Neighbours, path_of, up_from
from kis.knowledge.importing.links import Target, linked_article, linked_attachment, rewritten
from kis.knowledge.importing.tables import guarded
from kis.knowledge.importing.things import SHARED_FIELDS, TEXT_FIELDS, slug_of
from kis.knowledge.texts import Words
from kis.search import Language

FILES: Final = "files"
"""The folder of pictures."""
_COLUMNS: Final = (*SHARED_FIELDS, "language", *TEXT_FIELDS)


def csv_heading() -> bytes:
    """Return the first line, with the mark by which spreadsheets know UTF-8."""
    return "\ufeff".encode() + _line(_COLUMNS)


def csv_lines(item: Item) -> bytes:
    """Return a line for each language. Nothing in them computes."""
    lines = []
    for language, text in sorted(item.texts.items()):
        values = {**item.shared, "language": language.value, **_fields(text.words), "body": text.words.body}
        lines.append(_line([guarded(_cell(values.get(name))) for name in _COLUMNS]))
    return b"".join(lines)


def json_heading(branches: Sequence[Branch]) -> bytes:
    """Return the categories and how the list of articles begins."""
    told = [{"slug": branch.slug, **_branch(branch)} for branch in branches]
    return b'{"categories":' + orjson.dumps(told) + b',\n"articles":[\n'


def json_object(item: Item, *, is_first: bool) -> bytes:
    """Return an article as an element of the list."""
    texts = {
        language.value: {**_fields(text.words), "body": text.words.body}
        for language, text in sorted(item.texts.items())
    }
    body = orjson.dumps({**item.shared, "texts": texts}, option=orjson.OPT_NON_STR_KEYS)
    return body if is_first else b",\n" + body


def json_end() -> bytes:
    """Return how the file ends."""
    return b"\n]}\n"


def category_file(branch: Branch) -> bytes:
    """Return a ``_category.yaml``."""
    return _yaml(_branch(branch))


def markdown_file(item: Item, language: Language, neighbours: Neighbours) -> bytes:
    """Return a Markdown file with its head; links lead to the files beside it."""
    words = item.texts[language].words
    head = {**item.shared, **_fields(words)}
    head.pop("category", None)  # its folder says that
    ordered = {name: head[name] for name in (*TEXT_FIELDS, *SHARED_FIELDS) if name in head}
    body = rewritten(words.body, _outward(item, language, neighbours, "md"))
    return b"---\n" + _yaml(ordered) + b"---\n\n" + body.encode() + b"\n"


def picture_name(sha256: str, name: str) -> str:
    """Return the name of a picture's file: no two of them are the same."""
    path = PurePosixPath(name)
    return f"{sha256[:12]}-{slug_of(path.stem) or 'picture'}{path.suffix.lower()}"


def outward_link(
    target: str, language: Language, folder: str, neighbours: Neighbours, ending: str
) -> str | None:
    """Return the relative path to an article that is handed out too, None for any other link."""
    linked = linked_article(target)
    if linked is None:
        return None
    slug, other, fragment = linked
    wanted = Language(other) if other in {one.value for one in Language} else language
    path = neighbours.file(slug, wanted, ending)
    if path is None:
        return None
    own, _, name = path.rpartition("/")
    return f"{name}{fragment}" if own == folder else f"{up_from(folder)}{path}{fragment}"


def _outward(item: Item, language: Language, neighbours: Neighbours, ending: str) -> Any:
    folder = item.category or ""

    def rewrite(target: Target) -> str | None:
        sha256 = linked_attachment(target.text)
        if sha256 is not None:
            picture = item.pictures.get(sha256)
            return (
                None if picture is None else f"{up_from(folder)}{FILES}/{picture_name(sha256, picture.name)}"
            )
        return outward_link(target.text, language, folder, neighbours, ending)

    return rewrite


def markdown_path(item: Item, language: Language) -> str:
    """Return where a Markdown file lies."""
    return path_of(item.category or "", item.slug, language, "md")


def _fields(words: Words) -> dict[str, Any]:
    """Return what a text says besides its body, what is empty left out."""
    given = {
        "title": words.title,
        "summary": words.summary,
        "tags": list(words.tags),
        "seo_title": words.seo_title,
        "seo_description": words.seo_description,
    }
    return {name: value for name, value in given.items() if value}


def _branch(branch: Branch) -> dict[str, Any]:
    given = {
        "name": {"ko": branch.name_ko, "en": branch.name_en},
        "icon": branch.icon,
        "order": branch.position,
        "parent": branch.parent,
    }
    return {name: value for name, value in given.items() if value not in ("", None)}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(value) + (";" if any("," in one for one in value) and len(value) == 1 else "")
    if isinstance(value, Mapping):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return str(value)


def _line(values: Sequence[str]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(values)
    return buffer.getvalue().encode()


def _yaml(value: Mapping[str, Any]) -> bytes:
    dumped = yaml.safe_dump(dict(value), allow_unicode=True, sort_keys=False, width=10_000)
    return str(dumped).encode()
