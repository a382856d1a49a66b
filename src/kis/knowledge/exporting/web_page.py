"""An article as a page of its own: nothing is fetched from elsewhere, its pictures are in it."""

import base64
import re
from html import escape
from typing import Final

from kis.knowledge.exporting.plain import outward_link
from kis.knowledge.exporting.things import Item, Neighbours
from kis.knowledge.importing.links import ARTICLE, ATTACHMENT
from kis.knowledge.importing.web_page import META
from kis.knowledge.markdown import rendered
from kis.search import Language

_STYLE: Final = (
    "body{font:16px/1.7 'Malgun Gothic','Apple SD Gothic Neo','Noto Sans KR',sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c2430;word-break:keep-all}h1,h2,h3{line-height:1.3}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #c9d2dd;padding:.35rem .6rem;vertical-align:top}th{background:#f2f5f9;text-align:left}"
    "code,pre{font-family:Consolas,monospace;background:#f2f5f9}pre{padding:.8rem;overflow:auto}code{padding:.1rem .25rem}"
    "img{max-width:100%}blockquote{margin-left:0;padding-left:1rem;border-left:3px solid #c9d2dd}a{color:#0b5cad}"
    "@media print{body{max-width:none;margin:0}}"
)
_TARGET: Final = re.compile(r'(?P<name>href|src)="(?P<target>[^"]*)"')


def html_page(item: Item, language: Language, neighbours: Neighbours) -> bytes:
    """Return the page of an article in a language."""
    words = item.texts[language].words
    folder = item.category or ""

    def replaced(found: re.Match[str]) -> str:
        target = found["target"]
        if target.startswith(ATTACHMENT):
            picture = item.pictures.get(target.removeprefix(ATTACHMENT))
            if picture is None:
                return f'{found["name"]}=""'
            data = base64.b64encode(picture.data).decode()
            return f'{found["name"]}="data:{picture.media_type};base64,{data}"'
        if target.startswith(ARTICLE):
            path = outward_link(target.replace("&amp;", "&"), language, folder, neighbours, "html")
            return found[0] if path is None else f'{found["name"]}="{escape(path)}"'
        return found[0]

    page = rendered(words.body)
    content = _TARGET.sub(replaced, page.html)
    has_title = bool(page.headings) and page.headings[0].level == 1
    title = "" if has_title else f"<h1>{escape(words.title)}</h1>\n"
    return (
        f'<!DOCTYPE html>\n<html lang="{language.value}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(words.title)}</title>\n'
        f"{_meta(item, language)}<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{title}{content}</main>\n</body>\n</html>\n"
    ).encode()


def _meta(item: Item, language: Language) -> str:
    words = item.texts[language].words
    facts: dict[str, str] = {"description": words.seo_description or words.summary}
    for name, value in item.shared.items():
        if name != "metadata":
            facts[f"{META}{name}"] = "; ".join(value) if isinstance(value, list) else str(value)
    facts |= {
        f"{META}summary": words.summary,
        f"{META}tags": "; ".join(words.tags) + (";" if len(words.tags) == 1 else ""),
        f"{META}seo_title": words.seo_title,
        f"{META}seo_description": words.seo_description,
    }
    return "".join(
        f'<meta name="{escape(name)}" content="{escape(value)}">\n'
        for name, value in facts.items()
        if value.strip(";")
    )
