"""HTML documents: headings, paragraphs, lists and tables; what only leads around a site is left out."""

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kis.assistant.reading.language import language_of
from kis.assistant.reading.pdf import LONGEST_TITLE, PARSER_VERSION, bounded
from kis.assistant.things import DocumentState, ReadDocument, Unit, UnitKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HTML: Final = "text/html"
MOST_BYTES: Final = 20_000_000
_LEFT_OUT: Final = [
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "button",
    "select",
    "input",
    "textarea",
    "iframe",
    "svg",
    "canvas",
    "object",
    "embed",
    "video",
    "audio",
    "dialog",
    "head",
]
_BOILERPLATE: Final = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|cookies?|consent|banner|sidebar|footer|header|share|social|ads?|advert|"
    r"newsletter|subscribe|related|pagination|skip-link)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog"})
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "ul",
        "body",
        "html",
    ]
)
_SPACE: Final = re.compile(r"\s+")
_LINKED: Final = 0.7
"""A list whose text is linked so far is a menu."""


def read_html(content: bytes) -> ReadDocument:
    """Read an HTML document; it has one page without places."""
    sha256 = hashlib.sha256(content).hexdigest()
    root = _root(content[:MOST_BYTES])
    if root is None:
        state = DocumentState.DAMAGED if content.strip() else DocumentState.EMPTY
        return ReadDocument(sha256=sha256, parser_version=PARSER_VERSION, state=state, media_type=HTML)
    named = _clean(root.findtext(".//title") or "")
    _strip(root)
    units = tuple(bounded(_units(_main(root))))
    headings = (unit.text for unit in units if unit.kind is UnitKind.HEADING)
    return ReadDocument(
        sha256=sha256,
        parser_version=PARSER_VERSION,
        state=DocumentState.READY if units else DocumentState.EMPTY,
        media_type=HTML,
        title=(named or next(headings, ""))[:LONGEST_TITLE],
        language=language_of(unit.text for unit in units),
        pages=1,
        units=units,
    )


def _root(content: bytes) -> "HtmlElement | None":
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    encoding = "utf-8" if _is_utf8(content) else None
    parser = HTMLParser(
        encoding=encoding, remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        return document_fromstring(content, parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _strip(root: "HtmlElement") -> None:
    """Take out what is no part of the document."""
    for element in list(root.iter()):
        if element.getparent() is not None and _is_left_out(element):
            element.drop_tree()


def _is_left_out(element: "HtmlElement") -> bool:
    tag = element.tag
    if not isinstance(tag, str):
        return True
    if tag in {"html", "body", "main", "article"}:
        return False
    is_header = tag == "header" and next(element.iterancestors("article", "main"), None) is not None
    if tag in _LEFT_OUT and not is_header:
        return True
    if (
        element.get("role") in _ROLES
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    ):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (tag in {"div", "section", "ul"} and _BOILERPLATE.search(names) is not None) or _is_menu(element)


def _is_menu(element: "HtmlElement") -> bool:
    if element.tag not in {"ul", "ol"}:
        return False
    links = element.findall(".//a")
    length = len(_clean(element.text_content()))
    return len(links) > 2 and sum(len(_clean(link.text_content())) for link in links) > _LINKED * length


def _main(root: "HtmlElement") -> "HtmlElement":
    """Return what holds the document, where the page says so."""
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found: list[HtmlElement] = root.findall(path)
        if len(found) == 1 and len(_clean(found[0].text_content())) > 200:
            return found[0]
    return root


def _units(root: "HtmlElement") -> Iterator[Unit]:
    """Yield the units in the order of the text, walked without recursion: pages may be nested as deep as they like."""
    waiting: list[HtmlElement | str | None] = [root]  # None: a block ends
    loose: list[str] = []

    while waiting:
        one = waiting.pop()
        if one is None:
            yield from _paragraph(loose)
            continue
        if isinstance(one, str):
            loose.append(one)
            continue
        is_block = one.tag in _BLOCKS
        if is_block:
            yield from _paragraph(loose)
        unit = _whole(one)
        if unit is not None:
            if unit.text:
                yield unit
            continue
        inner: list[HtmlElement | str] = [one.text or "", *_with_tails(one)]
        if one.tag == "br":
            inner = [" "]
        waiting += [*([None] if is_block else []), *reversed(inner)]
    yield from _paragraph(loose)


def _with_tails(element: "HtmlElement") -> Iterator["HtmlElement | str"]:
    for child in element:
        yield child
        yield child.tail or ""


def _paragraph(loose: list[str]) -> Iterator[Unit]:
    text = _clean("".join(loose))
    loose.clear()
    if text:
        yield Unit(kind=UnitKind.PARAGRAPH, text=text, page=1)


def _whole(element: "HtmlElement") -> Unit | None:
    """Return a heading, list or table as one unit; None for what is looked into."""
    tag = str(element.tag)
    if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        return Unit(kind=UnitKind.HEADING, text=_clean(element.text_content()), page=1, level=int(tag[1]))
    if tag in {"ul", "ol"} and element.find(".//table") is None:
        return Unit(kind=UnitKind.LIST, text="\n".join(_items(element)), page=1)
    if tag == "table" and element.find(".//table") is None:
        return _table(element)
    return None


def _items(element: "HtmlElement") -> Iterator[str]:
    for number, item in enumerate(element.iter("li"), 1):
        own = [item.text or "", *(_own(part) for part in _with_tails(item))]
        text = _clean(" ".join(own))
        if text:
            yield f"{number}. {text}" if element.tag == "ol" else f"• {text}"


def _own(part: "HtmlElement | str") -> str:
    if isinstance(part, str):
        return part
    return "" if part.tag in {"ul", "ol"} else str(part.text_content())


def _table(element: "HtmlElement") -> Unit:
    rows = [
        [_clean(cell.text_content()) for cell in row.iterchildren("td", "th")] for row in element.iter("tr")
    ]
    text = "\n".join(" | ".join(row) for row in rows if any(row))
    return Unit(kind=UnitKind.TABLE, text=text, page=1)


def _clean(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
