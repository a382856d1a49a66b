"""A Markdown text as the blocks that Word and print are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words that look alike. ``image`` is the target of a picture, whose words are ``text``."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str = ""
    image: str = ""


Spans: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a new line in its words is a new line."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    is_numbered: bool
    start: int
    items: "tuple[tuple[Block, ...], ...]"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first row is its head."""

    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody else says."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block: TypeAlias = Heading | Paragraph | Listing | Grid | Code | Quote | Rule


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """Return the blocks of a text."""
    from markdown_it.tree import SyntaxTreeNode

    return tuple(_blocks(SyntaxTreeNode(_parser().parse(markdown))))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _blocks(parent: "SyntaxTreeNode") -> Iterator[Block]:
    for node in parent.children:
        match node.type:
            case "heading":
                yield Heading(int(node.tag[1:]), _inline(node))
            case "paragraph":
                yield Paragraph(_inline(node))
            case "bullet_list" | "ordered_list":
                start = node.attrs.get("start", 1)
                items = tuple(tuple(_blocks(item)) for item in node.children)
                yield Listing(node.type == "ordered_list", int(start), items)
            case "table":
                rows = (row for part in node.children for row in part.children)
                yield Grid(tuple(tuple(_inline(cell) for cell in row.children) for row in rows))
            case "fence" | "code_block":
                yield Code(node.content.rstrip("\n"))
            case "blockquote":
                yield Quote(tuple(_blocks(node)))
            case "hr":
                yield Rule()
            case _:
                yield Paragraph((Span(text=node.content),))


def _inline(node: "SyntaxTreeNode") -> Spans:
    return tuple(span for child in node.children for span in _spans(child, Span(text="")))


def _spans(node: "SyntaxTreeNode", look: Span) -> Iterator[Span]:
    def looking(text: str, **changes: bool | str) -> Span:
        facts = {
            "bold": look.bold,
            "italic": look.italic,
            "strike": look.strike,
            "code": look.code,
            "link": look.link,
        }
        return Span(text=text, **{**facts, **changes})  # type: ignore[arg-type]  # names and types are those of the fields

    match node.type:
        case "text":
            yield looking(node.content)
        case "code_inline":
            yield looking(node.content, code=True)
        case "softbreak":
            yield looking(" ")
        case "hardbreak":
            yield looking("\n")
        case "image":
            yield looking(node.content, image=str(node.attrs.get("src", "")))
        case kind:
            changed = {
                "strong": looking("", bold=True),
                "em": looking("", italic=True),
                "s": looking("", strike=True),
                "link": looking("", link=str(node.attrs.get("href", ""))),
            }.get(kind, look)
            for child in node.children:
                yield from _spans(child, changed)
