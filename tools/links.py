"""Links between the pages of the documentation: the file must exist, and so must the heading after the ``#``."""

import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tools.repository import shown


def broken_links(pages: Iterable[Path]) -> list[str]:
    """Return ``file:line: target is ...`` for each link inside the repository that leads nowhere."""
    problems = []
    for page in pages:
        for line, target in _links(page):
            reason = _why_broken(page, target)
            if reason:
                problems.append(f"{shown(page)}:{line}: {target} {reason}")
    return problems


def anchors(page: Path) -> set[str]:
    """Return the anchors that a code host makes of the page's headings."""
    tokens = _tokens(page)
    made: set[str] = set()
    for opening, content in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        words = re.sub(r"[^\w\- ]", "", _plain(content).lower()).replace(" ", "-")
        slug, count = words, 0
        while slug in made:
            count += 1
            slug = f"{words}-{count}"
        made.add(slug)
    return made


def _links(page: Path) -> Iterable[tuple[int, str]]:
    for block in _tokens(page):
        for token in block.children or ():
            target = token.attrGet("href") or token.attrGet("src")
            if isinstance(target, str):
                yield (block.map[0] + 1 if block.map else 1), target


def _why_broken(page: Path, target: str) -> str | None:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None  # elsewhere on the network; nothing here may depend on reaching it
    name, _, anchor = unquote(target).partition("#")
    aim = (page.parent / name).resolve() if name else page
    if not aim.exists():
        return "does not exist"
    if anchor and aim.suffix == ".md" and anchor not in anchors(aim):
        return f"has no heading #{anchor}"
    return None


def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in {"text", "code_inline"})
