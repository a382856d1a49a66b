"""Markdown as readers see it and as the search reads it.

Tags within a Markdown text are words, never markup; what is rendered is cleaned all the same, so that no rule of a parser is all that stands between
a writer and a reader's browser. Headings get anchors made of their words, Hangul kept: ``#차단기-선정``; pages may hold other ids, so each anchor
begins with ``section-``.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ANCHOR_PREFIX: Final = "section-"
LONGEST_ANCHOR: Final = 80
_TAGS: Final = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "strong", "em", "s", "a", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_HEADINGS: Final = tuple(f"h{level}" for level in range(1, 7))
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "code": {"class"},
    **{heading: {"id"} for heading in _HEADINGS},
}
_ALIGNED: Final = {
    tag: {"style": {"text-align:left", "text-align:center", "text-align:right"}} for tag in ("th", "td")
}
_SCHEMES: Final = {"http", "https", "mailto"}
_APART: Final = re.compile(r"[^\w]+")
_ENDS_LINE: Final = frozenset(
    {
        "paragraph_close",
        "heading_close",
        "tr_close",
        "list_item_close",
        "blockquote_close",
        "fence",
        "code_block",
    }
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page and where a link leads to it."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered text: HTML that may stand in any page, and its headings in order."""

    html: str
    headings: tuple[Heading, ...]


def rendered(markdown: str) -> Page:
    """Return a Markdown text as safe HTML."""
    import nh3

    parser = _parser()
    tokens = parser.parse(markdown)
    headings = tuple(_anchored(tokens))
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values=_ALIGNED,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return Page(clean, headings)


async def rendered_page(markdown: str) -> Page:
    """Return the same as :func:`rendered`, worked out beside the loop: a long text takes a while."""
    return await asyncio.to_thread(rendered, markdown)


def plain_text(markdown: str) -> str:
    """Return the words of a Markdown text, a line for each paragraph, heading, item, row and line of code."""
    words = "".join(_plain(_parser().parse(markdown)))
    lines = (" ".join(line.split()) for line in words.splitlines())
    return "\n".join(line for line in lines if line)


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading that is the first of its words."""
    words = _APART.sub("-", heading.casefold()).strip("-_")[:LONGEST_ANCHOR].strip("-_")
    return f"{ANCHOR_PREFIX}{words or 'part'}"


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _anchored(tokens: "Sequence[Token]") -> Iterator[Heading]:
    taken: set[str] = set()
    for token, content in pairwise(tokens):
        if token.type != "heading_open":
            continue
        text = " ".join("".join(_plain(content.children or ())).split())
        first = anchor = anchor_of(text)
        count = 1
        while anchor in taken:
            count += 1
            anchor = f"{first}-{count}"
        taken.add(anchor)
        token.attrSet("id", anchor)
        yield Heading(int(token.tag[1:]), anchor, text)


def _plain(tokens: "Sequence[Token]") -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _plain(token.children or ())
        elif token.type in {"text", "code_inline", "fence", "code_block"} or token.type == "image":
            yield token.content
        elif token.type in {"softbreak", "td_close", "th_close"}:
            yield " "
        elif token.type == "hardbreak":
            yield "\n"
        if token.type in _ENDS_LINE:
            yield "\n"
