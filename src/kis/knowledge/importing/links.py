"""Links and pictures in Markdown: found outside of code, and written anew.

Inside the knowledge base a link to an article is ``/knowledge/<slug>`` (``?lang=en`` where it names a language other than its own text's) and a
picture is ``/knowledge/files/<sha256>``, whatever the files they came in were called.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote, unquote, urlsplit

ARTICLE: Final = "/knowledge/"
ATTACHMENT: Final = "/knowledge/files/"

_FENCE: Final = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_CODE_OR_LINK: Final = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<before>(?P<picture>!?)\[(?P<label>(?:[^\[\]\\]|\\.|\[[^\]]*\])*)\]\()"
    r"(?P<target><[^<>\n]*>|[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)"
    r"(?P<after>(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\))"
)
_DEFINITION: Final = re.compile(r"^(?P<before> {0,3}\[[^\]]+\]:\s*)(?P<target><[^<>\n]*>|\S+)(?P<after>.*)$")


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to."""

    text: str
    is_picture: bool = False

    @property
    def is_relative(self) -> bool:
        """Tell whether it names a file beside the text."""
        parts = urlsplit(self.text)
        return bool(parts.path) and not parts.scheme and not parts.netloc and not parts.path.startswith("/")

    @property
    def fragment(self) -> str:
        """Return ``#heading``, or nothing."""
        fragment = urlsplit(self.text).fragment
        return f"#{fragment}" if fragment else ""

    @property
    def path(self) -> str:
        """Return the path it names, as file systems write it."""
        return unquote(urlsplit(self.text).path)


Rewrite = Callable[[Target], str | None]
"""Gives the target to write instead, or None to leave it."""


def rewritten(body: str, rewrite: Rewrite) -> str:
    """Return ``body`` with its targets changed by ``rewrite``; code stays as it is."""
    lines = body.split("\n")
    for number, is_code in _lines(lines):
        if not is_code:
            lines[number] = _line(lines[number], rewrite)
    return "\n".join(lines)


def targets(body: str) -> list[Target]:
    """Return all that a body links to and shows."""
    found: list[Target] = []

    def take(target: Target) -> None:
        found.append(target)

    rewritten(body, take)
    return found


def joined(folder: str, path: str) -> str | None:
    """Return the path that ``path`` names from within ``folder``; None where it leads out of the upload."""
    parts = [part for part in PurePosixPath(folder).parts if part != "."]
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def article_link(slug: str, *, language: str = "", own: str = "", fragment: str = "") -> str:
    """Return the link to an article, from a text in the language ``own``."""
    other = f"?lang={language}" if language and language != own else ""
    return f"{ARTICLE}{quote(slug)}{other}{fragment}"


def linked_article(target: str) -> tuple[str, str, str] | None:
    """Return slug, language and ``#fragment`` of a link to an article, None for any other."""
    if not target.startswith(ARTICLE) or target.startswith(ATTACHMENT):
        return None
    parts = urlsplit(target.removeprefix(ARTICLE))
    language = parts.query.removeprefix("lang=") if parts.query.startswith("lang=") else ""
    return unquote(parts.path), language, f"#{parts.fragment}" if parts.fragment else ""


def attachment_link(sha256: str) -> str:
    """Return the target by which a text shows an attachment of its article."""
    return f"{ATTACHMENT}{sha256}"


def linked_attachment(target: str) -> str | None:
    """Return the digest that a link to an attachment names, None for any other."""
    return target.removeprefix(ATTACHMENT) if target.startswith(ATTACHMENT) else None


def _lines(lines: list[str]) -> Iterator[tuple[int, bool]]:
    """Yield each line's number and whether it is code."""
    fence = ""
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if fence:
            yield number, True
            if found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif found:
            fence = found[1]
            yield number, True
        else:
            yield number, False


def _line(line: str, rewrite: Rewrite) -> str:
    definition = _DEFINITION.match(line)
    if definition:
        target, before, after = definition["target"], definition["before"], definition["after"]
        return f"{before}{_changed(target, rewrite, is_picture=False)}{after}"

    def replaced(found: re.Match[str]) -> str:
        if found["code"] is not None:
            return found[0]
        label = found["label"]
        before = found["before"]
        if not found["picture"] and "![" in label:  # a picture that is a link
            before = f"[{_line(label, rewrite)}]("
        target = _changed(found["target"], rewrite, is_picture=bool(found["picture"]))
        return f"{before}{target}{found['after']}"

    return _CODE_OR_LINK.sub(replaced, line)


def _changed(written: str, rewrite: Rewrite, *, is_picture: bool) -> str:
    plain = written[1:-1] if written.startswith("<") and written.endswith(">") else written
    new = rewrite(Target(plain, is_picture))
    if new is None:
        return written
    return f"<{new}>" if any(letter in new for letter in " ()<>") else new
