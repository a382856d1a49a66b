"""Markdown with a head of YAML between two lines of three hyphens, as folders of articles hold it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Final

import yaml

from kis.knowledge.categories import LONGEST_ICON, LONGEST_NAME
from kis.knowledge.importing.things import (
    SHARED_FIELDS,
    TEXT_FIELDS,
    ReadCategory,
    ReadText,
    read_text,
    slug_of,
)
from kis.platform.errors import Problem
from kis.platform.messages import Message

CATEGORY_FILE: Final = "_category.yaml"
LONGEST_HEAD: Final = 20_000

_HEAD: Final = re.compile(r"\A---[ \t]*\r?\n(?P<head>.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_NAME: Final = re.compile(r"^(?P<stem>.+?)(?:\.(?P<language>ko|en))?\.[^.]+$", re.IGNORECASE)
_HANGUL: Final = re.compile(r"[가-힣]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_HEADING: Final = re.compile(r"\A\s*#[ \t]+(?P<title>[^\n]+?)[ \t]*#*[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class FileName:
    """What the path of a file says: the folder, the slug and the language of its text."""

    folder: str
    stem: str
    language: str


@lru_cache(maxsize=100_000)
def named(path: str) -> FileName:
    """Return what ``path`` says."""
    pure = PurePosixPath(path)
    found = _NAME.match(pure.name)
    stem = found["stem"] if found else pure.name
    language = (found["language"] or "").lower() if found else ""
    return FileName("" if str(pure.parent) == "." else str(pure.parent), stem, language)


def language_of(text: str) -> str:
    """Return the language a text seems to be in: Korean writes far fewer letters for as much."""
    return "ko" if len(_HANGUL.findall(text)) * 4 >= len(_LATIN.findall(text)) else "en"


def category_of(folder: str) -> str:
    """Return the slug of the category a folder stands for, empty for the top."""
    return slug_of(PurePosixPath(folder).name) if folder else ""


def read_markdown(path: str, text: str, *, otherwise: str = "") -> ReadText:
    """Return the text of a Markdown file, or what is wrong with it. ``otherwise`` is the language of one that does not say its own."""
    text = text.replace("\r\n", "\n").replace("\x00", "")
    found = _HEAD.match(text)
    body = text[found.end() :] if found else text
    fields: dict[str, Any] = {}
    where: dict[str, str] = {}
    problems: list[Problem] = []
    if found:
        fields, where, problems = _head(path, found["head"])
    file = named(path)
    language = str(fields.pop("language", "") or file.language or otherwise or language_of(body))
    if language not in ("ko", "en"):
        problems.append(Problem(f"{path}{where.get('language', '')} language", _no_language()))
    title = _HEADING.match(body)
    fields.setdefault("title", title["title"] if title else file.stem)
    fields.setdefault("slug", slug_of(file.stem))
    if file.folder:
        fields.setdefault("category", category_of(file.folder))
    known = {name: fields.pop(name) for name in (*TEXT_FIELDS, *SHARED_FIELDS) if name in fields}
    problems += [
        Problem(
            f"{path}{where.get(name, '')} {name}",
            Message("knowledge_files.field.unknown", {"fields": _known()}),
        )
        for name in fields
    ]
    texts = {name: known[name] for name in TEXT_FIELDS if known.get(name) is not None}
    texts["body"] = body.strip("\n")
    shared = {name: known[name] for name in SHARED_FIELDS if known.get(name) is not None}
    return read_text(path, {language: texts}, shared, where=where, problems=problems)


def read_category(path: str, text: str) -> ReadCategory | Problem:
    """Return the category that a ``_category.yaml`` describes, or what is wrong with it."""
    folder = named(path).folder
    fields, where, problems = _head(path, text)
    if problems:
        return problems[0]
    names = fields.get("name")
    given = names if isinstance(names, dict) else {"ko": names, "en": names}
    ko, en = (str(given.get(language) or "").strip()[:LONGEST_NAME] for language in ("ko", "en"))
    slug = slug_of(str(fields.get("slug") or category_of(folder)))
    position = fields.get("order", fields.get("position"))
    if not slug or not ko or not en:
        return Problem(f"{path}{where.get('name', '')} name", Message("knowledge_files.category.name"))
    if position is not None and (not isinstance(position, int) or abs(position) > 1_000_000):
        return Problem(f"{path}{where.get('order', '')} order", Message("knowledge_files.category.order"))
    parent = fields.get("parent") or category_of(str(PurePosixPath(folder).parent).removeprefix("."))
    return ReadCategory(
        name=path,
        slug=slug,
        name_ko=ko,
        name_en=en,
        icon=str(fields.get("icon") or "")[:LONGEST_ICON],
        position=position,
        parent=slug_of(str(parent)) or None,
    )


def _head(path: str, head: str) -> tuple[dict[str, Any], dict[str, str], list[Problem]]:
    """Return the fields of a head, the lines they stand in (counted from the file's first), and what is wrong."""
    first = 1 if path.endswith(CATEGORY_FILE) else 2
    if len(head) > LONGEST_HEAD:
        return {}, {}, [Problem(path, Message("knowledge_files.head.long", {"most": LONGEST_HEAD}))]
    try:
        node, loaded = _parsed(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + first}" if mark is not None else ""
        return {}, {}, [Problem(f"{path}{line}", Message("knowledge_files.head.broken"))]
    except (ValueError, OverflowError, RecursionError):
        return {}, {}, [Problem(path, Message("knowledge_files.head.broken"))]
    if not isinstance(loaded, dict) or not isinstance(node, yaml.MappingNode | None):
        return {}, {}, [Problem(path, Message("knowledge_files.head.broken"))]
    lines = (
        {} if node is None else {str(key.value): f":{key.start_mark.line + first}" for key, _ in node.value}
    )
    return {str(name): value for name, value in loaded.items()}, lines, []


def _parsed(head: str) -> tuple[yaml.Node | None, Any]:
    """Return the head as nodes, which know their lines, and as values. Aliases are refused: a head has no use for what can be made to grow."""
    safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if "*" in head and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(head, Loader=safe)):
        raise yaml.YAMLError("an alias")
    loader = safe(head)
    try:
        node = loader.get_single_node()
        return node, {} if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _known() -> str:
    return ", ".join((*(name for name in TEXT_FIELDS if name != "body"), *SHARED_FIELDS, "language"))


def _no_language() -> Message:
    return Message("knowledge_files.field.language")
