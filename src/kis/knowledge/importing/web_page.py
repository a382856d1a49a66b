"""HTML to Markdown: cleaned first, so that what is left of a page is its text, never its programs."""

import base64
import binascii
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from kis.knowledge.importing.links import attachment_link
from kis.knowledge.importing.markdown import category_of, language_of, named
from kis.knowledge.importing.things import (
    LANGUAGES,
    SHARED_FIELDS,
    TEXT_FIELDS,
    ReadFile,
    ReadText,
    read_text,
    slug_of,
)
from kis.knowledge.importing.uploads import image_type
from kis.platform.errors import Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from lxml.html import HtmlElement

META: Final = "kis-"
"""How the names of a page's ``meta`` begin that tell what its article is."""
MOST_PICTURE_BYTES: Final = 20 * 2**20

_TAGS: Final = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "dl", "dt", "dd", "strong", "b", "em", "i", "s", "del", "sub", "sup", "a", "img"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "section"),
}
_WITHOUT_CONTENT: Final = {
    "script",
    "style",
    "nav",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "form",
    "head",
}
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "code": {"class"},
    "th": {"colspan"},
    "td": {"colspan"},
}
_SCHEMES: Final = {"http", "https", "mailto", "data"}
_STANDARD: Final = {"description": "summary", "keywords": "tags"}


def read_html(path: str, text: str, *, otherwise: str = "") -> ReadText:
    """Return the text of a page, or what is wrong with it. Pictures within it become files of the article. ``otherwise``: its language where it does not say it."""
    from lxml import etree, html

    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        page = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, RecursionError):
        return ReadText(name=path, problems=(Problem(path, Message("knowledge_files.page.broken")),))
    fields = _meta(page)
    file = named(path)
    files: dict[str, ReadFile] = {}
    content = _content(page)
    _take_pictures(content, files)
    body = markdown_of(html.tostring(content, encoding="unicode"))
    declared = (page.get("lang") or "")[:2].lower()
    said = declared if declared in LANGUAGES else otherwise
    language = file.language or said or language_of(body)
    fields.setdefault("title", _title(page) or file.stem)
    fields.setdefault("slug", slug_of(file.stem))
    if file.folder:
        fields.setdefault("category", category_of(file.folder))
    texts = {name: fields[name] for name in TEXT_FIELDS if name in fields}
    shared = {name: fields[name] for name in SHARED_FIELDS if name in fields}
    return read_text(path, {language: {**texts, "body": body}}, shared, files=tuple(files.values()))


def markdown_of(html: str) -> str:
    """Return HTML as Markdown, whatever is no text left out."""
    import nh3
    from markdownify import MarkdownConverter

    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_WITHOUT_CONTENT,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES - {"data"},
        link_rel=None,
    )
    converter: Any = MarkdownConverter(
        heading_style="ATX",
        bullets="-",
        keep_inline_images_in=["td", "th", "a", "p", "figure", "li", "div", "h1", "h2", "h3"],
        code_language_callback=_code_language,
        table_infer_header=True,
    )
    lines = [line.rstrip() for line in str(converter.convert(clean)).split("\n")]
    return _without_runs("\n".join(lines)).strip("\n")


def _code_language(element: Any) -> str:
    code = element.find("code")
    for name in (code.get("class") or []) if code is not None else []:
        if str(name).startswith("language-"):
            return str(name).removeprefix("language-")
    return ""


def _without_runs(text: str) -> str:
    """Return ``text`` with no more than one empty line between two others."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _meta(page: "HtmlElement") -> dict[str, object]:
    found: dict[str, object] = {}
    for element in page.iter("meta"):
        name, content = (element.get("name") or "").strip().lower(), (element.get("content") or "").strip()
        if not content:
            continue
        own = name.removeprefix(META)
        if name.startswith(META) and own in (*TEXT_FIELDS, *SHARED_FIELDS):
            found[own] = content
        elif name in _STANDARD:
            found.setdefault(_STANDARD[name], content)
    return found


def _title(page: "HtmlElement") -> str:
    for tag in ("title", "h1"):
        element = next(page.iter(tag), None)
        if element is not None and (text := " ".join(element.text_content().split())):
            return text
    return ""


def _content(page: "HtmlElement") -> "HtmlElement":
    """Return the part of a page that is its text: the main part where it says which, else all but what stands around."""
    for tag in ("main", "article", "body"):
        element = next(page.iter(tag), None)
        if element is not None:
            break
    else:
        element = page
    if element.tag == "body":
        for around in list(element):
            if around.tag in ("header", "footer", "nav", "aside"):
                around.drop_tree()
    return element


def _take_pictures(content: "HtmlElement", files: dict[str, ReadFile]) -> None:
    """Make files of the pictures that stand in the page itself."""
    for element in list(content.iter("img")):
        source = element.get("src") or ""
        if not source.startswith("data:"):
            continue
        data = _embedded(source)
        media_type = image_type(data) if data else None
        if data is None or media_type is None:
            element.drop_tree()
            continue
        ending = media_type.partition("/")[2]
        name = slug_of(element.get("alt") or "")[:60] or f"picture-{len(files) + 1}"
        file = ReadFile(name=f"{name}.{ending}", media_type=media_type, data=data)
        files.setdefault(file.sha256, file)
        element.set("src", attachment_link(file.sha256))


def _embedded(source: str) -> bytes | None:
    head, _, data = source.partition(",")
    if not head.endswith(";base64") or len(data) > MOST_PICTURE_BYTES * 4 // 3:
        return None
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None


def picture_of(path: str, files: Mapping[str, bytes]) -> ReadFile | None:
    """Return the picture at ``path`` of an upload as a file, None where there is none that is taken."""
    data = files.get(path)
    media_type = image_type(data) if data is not None and len(data) <= MOST_PICTURE_BYTES else None
    if data is None or media_type is None:
        return None
    return ReadFile(name=PurePosixPath(path).name, media_type=media_type, data=data)
